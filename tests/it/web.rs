//! The review pages over a real socket: login, forged forms, roles, escaping, both languages, the survey's two steps, and that no
//! typed word is lost.

use crate::desk::{Desk, Engine, mail_text};
use casemate::case::{EngineerId, Role, Stage, Status};
use casemate::db;
use casemate::review::{self, Edit};
use casemate::web;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const REQUEST: &[u8] = include_bytes!("../reference/request.eml");
const NUMBER: &str = "CAS-03160-B3H1K7";
const PASSWORD: &str = "correct horse battery";

struct Reply {
    status: u16,
    headers: String,
    body: String,
}

impl Reply {
    fn header(&self, name: &str) -> Option<&str> {
        let is_it = |line: &&str| line.split_once(':').is_some_and(|(key, _)| key.eq_ignore_ascii_case(name));
        self.headers.lines().find(is_it).and_then(|line| line.split_once(':')).map(|(_, value)| value.trim())
    }
    /// Value of the first input of that name.
    fn field(&self, name: &str) -> &str {
        let at = self.body.find(&format!("name=\"{name}\" value=\"")).unwrap_or_else(|| panic!("no field {name} in {}", self.body));
        let rest = &self.body[at..];
        rest.split_once("value=\"").unwrap().1.split('"').next().unwrap()
    }
    fn cookie(&self) -> String {
        self.header("set-cookie").unwrap().split(';').next().unwrap().to_string()
    }
    /// What a person reads: without markup of the form around it.
    fn says(&self, text: &str) -> bool {
        self.body.contains(text)
    }
}

/// The pages of a desk on a port of their own, with an administrator `wei`, a lead `zhang` and an engineer `li`.
struct Site {
    desk: Desk,
    address: std::net::SocketAddr,
}

impl Site {
    async fn new() -> Site {
        let desk = Desk::new(Engine::Sqlite).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let mut tx = desk.app.db.begin().await.unwrap();
        for (login, name, role) in [("wei", "王伟", Role::Admin), ("zhang", "张敏", Role::Lead), ("li", "李<i>娜", Role::Engineer)] {
            db::engineer::insert(&mut tx, login, name, None, role, desk.now()).await.unwrap();
        }
        tx.commit().await.unwrap();
        tokio::spawn(web::serve(desk.app.clone(), listener));
        Site { desk, address }
    }

    /// One request on a connection of its own; `headers` are further lines.
    async fn send(&self, method: &str, path: &str, headers: &str, body: &str) -> Reply {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: desk.test\r\nConnection: close\r\nContent-Length: {}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\n{headers}\r\n{body}",
            body.len()
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).await.unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let (headers, body) = text.split_once("\r\n\r\n").unwrap();
        let status = headers.split(' ').nth(1).unwrap().parse().unwrap();
        Reply { status, headers: headers.to_string(), body: body.to_string() }
    }

    async fn get(&self, path: &str, headers: &str) -> Reply {
        self.send("GET", path, headers, "").await
    }

    async fn post(&self, path: &str, headers: &str, fields: &[(&str, &str)]) -> Reply {
        let body: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
        self.send("POST", path, &format!("Sec-Fetch-Site: same-origin\r\n{headers}"), &body.join("&")).await
    }

    async fn login(&self, login: &str) -> Visitor<'_> {
        let link = review::login_link(&self.desk.app, login).await.unwrap();
        let reply = self.post(&link, "", &[]).await;
        assert_eq!(reply.status, 303, "{}", reply.body);
        let headers = format!("Cookie: {}\r\n", reply.cookie());
        let csrf = self.get("/", &headers).await.field("csrf").to_string();
        Visitor { site: self, headers, csrf }
    }

    async fn id_of(&self, login: &str) -> EngineerId {
        let mut tx = self.desk.app.db.read().await.unwrap();
        db::engineer::find_by_login(&mut tx, login).await.unwrap().unwrap().id
    }
}

/// A logged-in engineer.
struct Visitor<'a> {
    site: &'a Site,
    headers: String,
    csrf: String,
}

impl Visitor<'_> {
    async fn get(&self, path: &str) -> Reply {
        self.site.get(path, &self.headers).await
    }
    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let mut all = vec![("csrf", self.csrf.as_str())];
        all.extend(fields);
        self.site.post(path, &self.headers, &all).await
    }
}

fn encode(text: &str) -> String {
    text.bytes().map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

#[tokio::test]
async fn every_page_needs_a_login() {
    let site = Site::new().await;
    for path in ["/", "/cases", "/case/X", "/report", "/report.csv", "/quarantine", "/account", "/engineers", "/me", "/message/1/raw"] {
        let reply = site.get(path, "").await;
        assert_eq!(reply.status, 303, "{path}");
        assert!(reply.header("location").unwrap().starts_with("/login?next=%2F"), "{path}");
    }
    for path in ["/case/X/note", "/draft/1/approve", "/quarantine/1", "/engineers", "/outbox/1/again"] {
        assert_eq!(site.post(path, "", &[]).await.status, 401, "{path}");
    }
    assert_eq!(site.get("/", "Cookie: sid=nonsense\r\n").await.status, 303);
}

#[tokio::test]
async fn a_password_opens_the_door_and_only_a_right_one() {
    let site = Site::new().await;
    review::set_password(&site.desk.app, site.id_of("li").await, PASSWORD).await.unwrap();
    for (login, password) in [("li", "wrong"), ("nobody", PASSWORD), ("wei", ""), ("li", "")] {
        let reply = site.post("/login", "Accept-Language: en\r\n", &[("login", login), ("password", password)]).await;
        assert_eq!((reply.status, reply.header("set-cookie")), (401, None), "{login}");
        assert!(reply.says("Login or password is wrong."));
    }
    let reply = site.post("/login", "", &[("login", "LI"), ("password", PASSWORD), ("next", "/case/CAS-1?x=1")]).await;
    assert_eq!((reply.status, reply.header("location")), (303, Some("/case/CAS-1?x=1")));
    let cookie = reply.header("set-cookie").unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.starts_with("sid="), "{cookie}");
    let away = site.post("/login", "", &[("login", "li"), ("password", PASSWORD), ("next", "//evil.example")]).await;
    assert_eq!(away.header("location"), Some("/"));
}

#[tokio::test]
async fn too_many_tries_have_to_wait() {
    let site = Site::new().await;
    let mut last = 0;
    for _ in 0..9 {
        last = site.post("/login", "", &[("login", "li"), ("password", "x")]).await.status;
    }
    assert_eq!(last, 429);
    assert_eq!(site.post("/login", "", &[("login", "zhang"), ("password", "x")]).await.status, 401, "others are not held up");
}

#[tokio::test]
async fn a_one_time_link_works_once_and_not_by_opening_it() {
    let site = Site::new().await;
    let link = review::login_link(&site.desk.app, "li").await.unwrap();
    for _ in 0..3 {
        let opened = site.get(&link, "").await;
        assert_eq!((opened.status, opened.header("set-cookie")), (200, None), "a mail scanner opens links");
    }
    assert_eq!(site.post(&link, "", &[]).await.status, 303);
    assert_eq!(site.post(&link, "", &[]).await.status, 410);
    let late = review::login_link(&site.desk.app, "li").await.unwrap();
    site.desk.pass(Duration::from_secs(16 * 60));
    assert_eq!(site.post(&late, "", &[]).await.status, 410);
}

#[tokio::test]
async fn leaving_ends_the_session() {
    let site = Site::new().await;
    let li = site.login("li").await;
    assert_eq!(li.get("/").await.status, 200);
    assert_eq!(li.post("/logout", &[]).await.status, 303);
    assert_eq!(li.get("/").await.status, 303);
}

#[tokio::test]
async fn a_session_slides_and_ends() {
    let site = Site::new().await;
    let li = site.login("li").await;
    let half = Duration::from_millis(site.desk.app.settings.session_ms as u64 / 2);
    for _ in 0..4 {
        site.desk.pass(half + Duration::from_secs(60));
        let reply = li.get("/").await;
        assert_eq!(reply.status, 200, "used often enough");
        assert!(reply.header("set-cookie").is_some(), "the browser's cookie slides too");
    }
    site.desk.pass(half * 2 + Duration::from_secs(60));
    assert_eq!(li.get("/").await.status, 303);
}

#[tokio::test]
async fn forged_forms_are_refused() {
    let site = Site::new().await;
    site.desk.drop_mail("request.eml", REQUEST);
    site.desk.take_in().await;
    let li = site.login("li").await;
    let path = format!("/case/{NUMBER}/note");
    let body = format!("csrf={}&note=x", li.csrf);
    let own = site.desk.app.settings.base_url.clone();
    for (headers, status) in [
        ("Sec-Fetch-Site: cross-site\r\n", 403),
        ("Sec-Fetch-Site: same-site\r\n", 403),
        ("Origin: http://evil.example\r\n", 403),
        ("Origin: null\r\n", 403),
        ("", 403),
        ("Sec-Fetch-Site: same-origin\r\n", 303),
        ("Origin: http://desk.test\r\n", 303),
        (&format!("Origin: {own}\r\n"), 303),
    ] {
        let reply = site.send("POST", &path, &format!("{headers}{}", li.headers), &body).await;
        assert_eq!(reply.status, status, "{headers}");
    }
    for csrf in ["", "wrong"] {
        let reply = site.post(&path, &li.headers, &[("csrf", csrf), ("note", "forged")]).await;
        assert_eq!(reply.status, 403, "{csrf}");
    }
    assert!(!li.get(&format!("/case/{NUMBER}")).await.says("forged"));
    let big = "x".repeat(1_100_000);
    assert_eq!(li.post(&path, &[("note", &big)]).await.status, 413);
}

#[tokio::test]
async fn headers_protect_every_answer() {
    let site = Site::new().await;
    let li = site.login("li").await;
    for reply in [li.get("/").await, li.get("/nothing").await, site.get("/login", "").await, site.get("/survey/x", "").await] {
        let policy = reply.header("content-security-policy").unwrap();
        assert_eq!(policy, "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'");
        assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(reply.header("referrer-policy"), Some("same-origin"));
        assert_eq!(reply.header("cache-control"), Some("no-store"));
    }
    let page = li.get("/").await.body;
    let style = page.split('"').find(|part| part.starts_with("/static/style.css?v=")).unwrap();
    let first = site.get(style, "").await;
    assert_eq!((first.status, first.header("content-type")), (200, Some("text/css; charset=utf-8")));
    let tag = first.header("etag").unwrap();
    assert_eq!(site.get(style, &format!("If-None-Match: {tag}\r\n")).await.status, 304);
    assert_eq!(site.get("/static/..%2Fstyle.css", "").await.status, 404);
}

#[tokio::test]
async fn customer_text_is_never_markup() {
    let site = Site::new().await;
    let evil = "<script>alert(1)</script>";
    let mail = mail_text(
        &format!("\"{evil}\" <mallory@customer.example>"),
        &format!("{evil} {{{{csrf}}}} 安装失败"),
        &format!("您好\n{evil}\n</textarea><img src=x onerror=alert(1)>\n1. 为什么{evil}？\n"),
        "",
    );
    site.desk.drop_mail("evil.eml", &mail);
    site.desk.take_in().await;
    let wei = site.login("wei").await;
    let number = site.desk.cases().await[0].number.clone();
    let key = site.desk.message_of_case(&site.desk.cases().await[0]).await[0].0;
    wei.post(&format!("/case/{number}/note"), &[("note", evil)]).await;
    wei.post("/engineers", &[("login", "eve"), ("name", evil), ("role", "engineer")]).await;
    let pages = ["/", "/cases", "/report", "/engineers", "/account"].map(str::to_string);
    for path in pages.into_iter().chain([
        format!("/case/{number}"),
        format!("/message/{key}"),
        format!("/cases?q={}", encode(evil)),
        format!("/{}", encode(evil)),
    ]) {
        let reply = wei.get(&path).await;
        assert!(!reply.says("<script>alert") && !reply.says("<img src=x"), "{path}: {}", reply.body);
        assert!(!reply.says("<i>"), "{path}");
    }
    let case = wei.get(&format!("/case/{number}")).await;
    assert!(case.says("&lt;script&gt;alert(1)&lt;/script&gt;") && case.says("{{csrf}}"), "text is shown as text");
    let raw = wei.get(&format!("/message/{key}/raw")).await;
    assert_eq!(raw.header("content-type"), Some("application/octet-stream"));
    assert!(raw.header("content-disposition").unwrap().starts_with("attachment"));
}

#[tokio::test]
async fn every_page_speaks_both_languages() {
    let site = Site::new().await;
    site.desk.drop_mail("request.eml", REQUEST);
    site.desk.take_in().await;
    site.desk.drop_mail("foreign.eml", &mail_text("陌生人 <x@other.example>", &format!("[案例号: {NUMBER} ] 请看"), "请看", ""));
    site.desk.take_in().await;
    assert_eq!(site.desk.quarantined().await.len(), 1, "the page of quarantined mails has a row");
    let wei = site.login("wei").await;
    let case = format!("/case/{NUMBER}");
    for (path, zh, en) in [
        ("/", "待审草稿", "Drafts to review"),
        ("/cases", "包括已结束", "Include finished"),
        (case.as_str(), "批准并发送", "Approve &amp; send"),
        ("/report", "未结案例报表", "Open cases"),
        ("/quarantine", "归入案例", "File in case"),
        ("/account", "账平", "The books balance"),
        ("/engineers", "一次性链接", "One-time link"),
        ("/me", "设置密码", "Set a password"),
        ("/message/1", "下载原始邮件", "Download raw mail"),
        ("/nothing", "没有这个页面", "There is no such page"),
        ("/survey/none", "感谢您", "Thank you"),
    ] {
        for (language, words) in [("zh", zh), ("en", en)] {
            let reply = site.get(path, &format!("Accept-Language: {language}\r\n{}", wei.headers)).await;
            assert!(reply.says(words), "{path} {language}: {}", reply.body);
            assert!(reply.says(if language == "zh" { "lang=\"zh-CN\"" } else { "<html lang=\"en\"" }), "{path} {language}");
        }
    }
    for (path, zh, en) in [("/login", "登录名", "Password"), ("/login/abc", "一次性登录", "One-time login")] {
        assert!(site.get(path, "").await.says(zh), "Chinese when nothing is asked for");
        assert!(site.get(path, "Accept-Language: en-GB,de;q=0.5\r\n").await.says(en));
    }
    let chosen = wei.post("/language", &[("language", "en"), ("next", &case)]).await;
    assert_eq!((chosen.status, chosen.header("location")), (303, Some(case.as_str())));
    let again = site.get("/", &format!("Accept-Language: zh\r\n{}", wei.headers)).await;
    assert!(again.says("Drafts to review"), "the choice is kept with the engineer");
}

#[tokio::test]
async fn what_does_not_exist_is_not_found() {
    let site = Site::new().await;
    let wei = site.login("wei").await;
    for path in ["/case/CAS-99999-XXXXXX", "/message/999", "/message/x", "/message/999/raw", "/static/x", "/none"] {
        assert_eq!(wei.get(path).await.status, 404, "{path}");
    }
    for path in ["/draft/999/save", "/draft/x/approve", "/case/NONE/note", "/outbox/9/again", "/quarantine/9", "/engineers/none"] {
        let reply = wei.post(path, &[("note", "x"), ("version", "1"), ("verdict", "retry"), ("what", "link")]).await;
        assert_eq!(reply.status, 404, "{path}");
    }
}

#[tokio::test]
async fn roles_limit_what_people_do() {
    let site = Site::new().await;
    site.desk.drop_mail("request.eml", REQUEST);
    site.desk.take_in().await;
    site.desk.drop_mail("foreign.eml", &mail_text("陌生人 <x@other.example>", &format!("[案例号: {NUMBER} ] 请看"), "请看", ""));
    site.desk.take_in().await;
    let (wei, zhang, li) = (site.login("wei").await, site.login("zhang").await, site.login("li").await);
    assert_eq!(li.get("/engineers").await.status, 403);
    assert_eq!(zhang.get("/engineers").await.status, 403);
    assert_eq!(li.post("/engineers", &[("login", "x"), ("role", "admin")]).await.status, 403);
    assert_eq!(zhang.post("/engineers/li", &[("what", "role"), ("role", "admin")]).await.status, 403);
    let raw = format!("/message/{}/raw", site.desk.quarantined().await[0].key);
    assert_eq!((li.get(&raw).await.status, wei.get(&raw).await.status), (403, 200));

    let assign = format!("/case/{NUMBER}/assign");
    assert_eq!(li.post(&assign, &[("owner", "zhang")]).await.status, 403);
    assert_eq!(li.post(&assign, &[("owner", "li")]).await.status, 303);
    assert_eq!(zhang.post(&assign, &[("owner", "wei")]).await.status, 303);
    assert_eq!(site.desk.case(NUMBER).await.owner_name.as_deref(), Some("王伟"));
    let cancel = format!("/case/{NUMBER}/cancel");
    assert_eq!(li.post(&cancel, &[("reason", "x")]).await.status, 403);
    assert_eq!(zhang.post(&cancel, &[]).await.status, 422, "a reason is needed");
    assert_eq!(zhang.post(&cancel, &[("reason", "重复")]).await.status, 303);
    assert_eq!(site.desk.case(NUMBER).await.status, Status::Cancelled);
}

#[tokio::test]
async fn administrators_keep_the_people() {
    let site = Site::new().await;
    let (wei, li) = (site.login("wei").await, site.login("li").await);
    assert_eq!(wei.post("/engineers", &[("login", "Chen"), ("name", "陈晨"), ("role", "engineer")]).await.status, 303);
    let page = wei.post("/engineers/chen", &[("what", "link")]).await;
    let link = page.body.split(['"', ' ']).find(|part| part.contains("/login/")).unwrap();
    let path = &link[link.find("/login/").unwrap()..];
    assert_eq!(site.post(path, "", &[]).await.status, 303, "the link shown works");
    assert_eq!(wei.post("/engineers/wei", &[("what", "inactive")]).await.status, 422, "not oneself");
    assert_eq!(wei.post("/engineers/li", &[("what", "inactive")]).await.status, 303);
    assert_eq!(li.get("/").await.status, 303, "a deactivated engineer's session ends");
    for login in ["", "a b", "a/b"] {
        assert_eq!(wei.post("/engineers", &[("login", login), ("role", "engineer")]).await.status, 422, "{login}");
    }
    assert_eq!(wei.post("/me", &[("password", "short"), ("again", "short")]).await.status, 422);
    assert_eq!(wei.post("/me", &[("password", PASSWORD), ("again", "other than that")]).await.status, 422);
    assert_eq!(wei.post("/me", &[("password", PASSWORD), ("again", PASSWORD)]).await.status, 303);
    assert_eq!(site.post("/login", "", &[("login", "wei"), ("password", PASSWORD)]).await.status, 303);
}

#[tokio::test]
async fn a_draft_is_edited_and_approved_on_its_page() {
    let site = Site::new().await;
    site.desk.drop_mail("request.eml", REQUEST);
    site.desk.take_in().await;
    let li = site.login("li").await;
    let page = li.get(&format!("/case/{NUMBER}")).await;
    let draft = site.desk.draft().await;
    assert!(li.get("/").await.says(NUMBER));
    let (version, seen) = (page.field("version").to_string(), page.field("seen").to_string());
    let body = format!("{}\r\n补充一行 <b>", draft.body.replace('\n', "\r\n"));
    let fields = [
        ("version", version.as_str()),
        ("seen", &seen),
        ("subject", &draft.subject),
        ("to", &draft.to),
        ("cc", &draft.cc),
        ("body", &body),
    ];
    let saved = li.post(&format!("/draft/{}/save", draft.id), &fields).await;
    assert_eq!((saved.status, saved.header("location")), (303, Some(format!("/case/{NUMBER}?done=saved").as_str())), "{}", saved.body);
    let stored = site.desk.draft().await;
    assert_eq!(stored.body, format!("{}\n补充一行 <b>", draft.body), "LF line ends");
    assert_eq!(stored.edited_by.as_deref(), Some("li"));

    let version = stored.version.to_string();
    let fields = [("version", version.as_str()), ("seen", &seen), ("subject", &stored.subject), ("to", &stored.to), ("body", &stored.body)];
    let approved = li.post(&format!("/draft/{}/approve", draft.id), &fields).await;
    assert_eq!(approved.status, 303, "{}", approved.body);
    site.desk.deliver().await;
    assert_eq!(site.desk.sent()[0].2.text.trim(), stored.body.trim());
    let page = li.get(&format!("/case/{NUMBER}?done=approved")).await;
    assert!(page.says("已发送") && page.says("已批准"), "{}", page.body);
}

#[tokio::test]
async fn a_conflict_keeps_what_was_typed() {
    let site = Site::new().await;
    site.desk.drop_mail("request.eml", REQUEST);
    site.desk.take_in().await;
    let li = site.login("li").await;
    let draft = site.desk.draft().await;
    let seen = li.get(&format!("/case/{NUMBER}")).await.field("seen").to_string();
    let edit = Edit { version: draft.version, subject: &draft.subject, body: "别人写的", to: &draft.to, cc: "" };
    review::edit(&site.desk.app, draft.id, &edit, "zhang").await.unwrap();

    let version = draft.version.to_string();
    let typed = [("version", version.as_str()), ("seen", &seen), ("subject", "我的主题"), ("to", &draft.to), ("body", "我写的 & 更多")];
    for button in ["save", "approve"] {
        let reply = li.post(&format!("/draft/{}/{button}", draft.id), &typed).await;
        assert_eq!(reply.status, 409, "{button}");
        assert!(reply.says("我写的 &amp; 更多</textarea>"), "{button}: the typed text is in the form");
        assert!(reply.says("我的主题</textarea>"), "{button}");
        assert!(reply.says("别人写的"), "{button}: what changed is shown");
        assert_eq!(site.desk.draft().await.body, "别人写的", "nothing was overwritten");
    }
    let now = site.desk.draft().await.version.to_string();
    let again = [("version", now.as_str()), ("seen", &seen), ("subject", "我的主题"), ("to", &draft.to), ("body", "我写的")];
    assert_eq!(li.post(&format!("/draft/{}/save", draft.id), &again).await.status, 303, "deliberately");

    let version = site.desk.draft().await.version;
    review::discard(&site.desk.app, draft.id, version, "x", "zhang").await.unwrap();
    let late = li.post(&format!("/draft/{}/save", draft.id), &typed).await;
    assert!(late.status == 409 || late.status == 422, "{}", late.status);
    assert!(late.says("我写的 &amp; 更多</textarea>"), "even when the draft is gone");
}

#[tokio::test]
async fn a_mail_that_came_meanwhile_stops_the_approval() {
    let site = Site::new().await;
    site.desk.drop_mail("request.eml", REQUEST);
    site.desk.take_in().await;
    let li = site.login("li").await;
    let draft = site.desk.draft().await;
    let seen = li.get(&format!("/case/{NUMBER}")).await.field("seen").to_string();
    let more = mail_text(
        "刘先生 <liu@xingye.example>",
        &format!("[案例号: {NUMBER} ] 补充"),
        "补充：问题已经变了。",
        "In-Reply-To: <20201022141012481530@xingye.example>",
    );
    site.desk.drop_mail("more.eml", &more);
    site.desk.take_in().await;
    let now = site.desk.queue().await;
    let version = now.iter().find(|row| row.id == draft.id).map_or(draft.version, |row| row.version).to_string();
    let fields = [("version", version.as_str()), ("seen", &seen), ("subject", &draft.subject), ("to", &draft.to), ("body", "我改过的正文")];
    let reply = li.post(&format!("/draft/{}/approve", draft.id), &fields).await;
    assert_eq!(reply.status, 409, "{}", reply.body);
    assert!(reply.says("我改过的正文") && reply.says("问题已经变了"), "the typed text and the new mail are both there");
    site.desk.deliver().await;
    assert!(site.desk.sent().is_empty());
}

#[tokio::test]
async fn findings_block_until_waived() {
    let site = Site::new().await;
    site.desk.drop_mail("request.eml", REQUEST);
    site.desk.take_in().await;
    let li = site.login("li").await;
    let draft = site.desk.draft().await;
    let seen = li.get(&format!("/case/{NUMBER}")).await.field("seen").to_string();
    let version = draft.version.to_string();
    let mut fields =
        vec![("version", version.as_str()), ("seen", &seen), ("subject", &draft.subject), ("to", &draft.to), ("body", "{{name}} 您好")];
    let blocked = li.post(&format!("/draft/{}/approve", draft.id), &fields).await;
    assert_eq!(blocked.status, 422, "a raw placeholder");
    assert!(blocked.says("name=\"waiver\"") && blocked.says("{{name}} 您好</textarea>"), "{}", blocked.body);
    let version = blocked.field("version").to_string();
    fields[0] = ("version", version.as_str());
    fields.push(("waiver", "客户要求原样发送"));
    assert_eq!(li.post(&format!("/draft/{}/approve", draft.id), &fields).await.status, 303);
}

/// The desk with the reference request, and another customer's case beside it.
async fn two_customers() -> (Site, db::draft::DraftRow) {
    let site = Site::new().await;
    let other = mail_text("赵女士 <zhao@bank.example>", "[案例号: CAS-05555-A1B2C3 ] 打印失败", "打印机无法打印，请问是什么原因？", "");
    site.desk.drop_mail("other.eml", &other);
    site.desk.drop_mail("request.eml", REQUEST);
    site.desk.take_in().await;
    let draft = site.desk.queue().await.into_iter().find(|draft| draft.case_number == NUMBER).unwrap();
    (site, draft)
}

#[tokio::test]
async fn a_text_is_checked_while_it_is_typed() {
    let (site, draft) = two_customers().await;
    let li = site.login("li").await;
    let page = li.get(&format!("/case/{NUMBER}")).await;
    let path = format!("/draft/{}/check", draft.id);
    assert!(page.says(&format!("data-check=\"{path}\"")) && page.says("/static/check.js?v="), "{}", page.body);
    let (version, seen) = (draft.version.to_string(), page.field("seen").to_string());
    let body = format!("赵女士，您好！\n{}\n请联系 zhao@bank.example <b>{{{{name}}}}</b>", draft.body);
    let line = body.lines().count();
    let to = format!("{}, new@other.example", draft.to);
    let mut fields =
        vec![("version", version.as_str()), ("seen", &seen), ("subject", &draft.subject), ("to", &to), ("cc", ""), ("body", &body)];
    let reply = li.post(&path, &fields).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    assert!(!reply.says("<html") && !reply.says("<b>"), "a piece of a page, escaped: {}", reply.body);
    for name in ["placeholder", "address.foreign", "name.foreign", "recipient.outside"] {
        assert!(reply.says(&format!("<code>{name}</code>")), "{name}: {}", reply.body);
    }
    assert!(
        reply.says(&format!("data-part=\"body\" data-line=\"{line}\" data-column=\"5\" data-length=\"17\">正文 {line}:5</a>")),
        "{}",
        reply.body
    );
    assert!(reply.says("未替换的占位符") && reply.says("data-part=\"to\""), "{}", reply.body);
    assert!(!reply.says("hotline.missing") && !reply.says("section.missing"), "{}", reply.body);
    let now = site.desk.queue().await.into_iter().find(|row| row.id == draft.id).unwrap();
    assert_eq!((now.version, &now.body), (draft.version, &draft.body), "nothing is stored");

    let mut signed = vec![("csrf", li.csrf.as_str())];
    signed.extend(&fields);
    let english = site.post(&path, &format!("{}Accept-Language: en\r\n", li.headers), &signed).await;
    assert!(english.says("unresolved placeholder") && english.says("Body "), "in the reader's language: {}", english.body);
    fields[5] = ("body", &draft.body);
    fields[3] = ("to", &draft.to);
    let clean = li.post(&path, &fields).await;
    assert_eq!((clean.status, clean.says("<li")), (200, false), "{}", clean.body);
    assert_eq!(site.post(&path, &li.headers, &fields).await.status, 403, "without the form's token");
    assert_eq!(site.post(&path, "", &signed).await.status, 401, "without a login");
    assert_eq!(li.post("/draft/999/check", &fields).await.status, 404);
}

#[tokio::test]
async fn a_waiver_needs_a_reason_and_is_an_event() {
    let (site, draft) = two_customers().await;
    let li = site.login("li").await;
    let seen = li.get(&format!("/case/{NUMBER}")).await.field("seen").to_string();
    let body = draft.body.replace("--------------", "也可联系 zhao@bank.example\n--------------");
    let cc = "new@other.example";
    let (app, mut version) = (&site.desk.app, draft.version.to_string());
    for waiver in ["", "   "] {
        let fields = [
            ("version", version.as_str()),
            ("seen", &seen),
            ("subject", &draft.subject),
            ("to", &draft.to),
            ("cc", cc),
            ("body", &body),
            ("waiver", waiver),
        ];
        let blocked = li.post(&format!("/draft/{}/approve", draft.id), &fields).await;
        assert_eq!(blocked.status, 422, "{}", blocked.body);
        assert!(blocked.says("<code>address.foreign</code>") && blocked.says("<code>recipient.outside</code>"), "{}", blocked.body);
        version = blocked.field("version").to_string();
    }
    let number = version.parse().unwrap();
    assert!(matches!(review::approve(app, draft.id, number, None, "li").await, Err(review::Error::Blocked(found)) if found.len() == 2));
    review::approve(app, draft.id, number, Some(" 两家客户同意合并处理 "), "li").await.unwrap();
    let case = site.desk.case(NUMBER).await;
    let mut tx = app.db.read().await.unwrap();
    let events = db::event::list_of_case(&mut tx, case.id, 100).await.unwrap();
    drop(tx);
    let waived: Vec<_> =
        events.iter().filter(|event| event.kind == "waived").map(|event| (event.actor.as_str(), event.detail.as_str())).collect();
    assert_eq!(waived, [("li", "address.foreign, recipient.outside: 两家客户同意合并处理")]);
    site.desk.deliver().await;
    // The closure repeats the analysis as it was sent, and says so; whoever got the first mail is not new any more.
    let closure = review::close(app, case.id, "li").await.unwrap();
    let closure = site.desk.queue().await.into_iter().find(|row| row.id == closure).unwrap();
    assert!(closure.body.contains("zhao@bank.example") && closure.findings.contains("address.foreign"), "{closure:#?}");
    let edit = Edit { version: closure.version, subject: &closure.subject, body: &closure.body, to: &closure.to, cc };
    review::edit(app, closure.id, &edit, "li").await.unwrap();
    let closure = site.desk.queue().await.into_iter().find(|row| row.id == closure.id).unwrap();
    assert!(!closure.findings.contains("recipient.outside"), "{}", closure.findings);
}

#[tokio::test]
async fn quarantined_mail_is_settled_by_a_person() {
    let site = Site::new().await;
    site.desk.drop_mail("request.eml", REQUEST);
    site.desk.take_in().await;
    for n in 0..2 {
        let mail = mail_text("陌生人 <x@other.example>", &format!("[案例号: {NUMBER} ] 请看{n}"), "请看", "");
        site.desk.drop_mail(&format!("foreign{n}.eml"), &mail);
    }
    site.desk.take_in().await;
    let li = site.login("li").await;
    let held = site.desk.quarantined().await;
    assert_eq!(held.len(), 2);
    assert!(li.get("/").await.says("2 封邮件在隔离区"));
    let paths = [0, 1].map(|n: usize| format!("/quarantine/{}", held[n].key));
    assert_eq!(li.post(&paths[0], &[("verdict", "ignore")]).await.status, 422, "a reason is needed");
    assert_eq!(li.post(&paths[0], &[("verdict", "ignore"), ("reason", "广告")]).await.status, 303);
    assert_eq!(li.post(&paths[1], &[("verdict", "file"), ("number", &NUMBER.to_lowercase())]).await.status, 303);
    assert!(site.desk.quarantined().await.is_empty());
    assert_eq!(site.desk.message_of_case(&site.desk.case(NUMBER).await).await.len(), 2);
    site.desk.account().await;
}

#[tokio::test]
async fn opening_a_survey_records_nothing() {
    let site = Site::new().await;
    site.desk.drop_mail("request.eml", REQUEST);
    site.desk.take_in().await;
    site.desk.send(Stage::InitialResponse).await;
    let case = site.desk.case(NUMBER).await;
    review::close(&site.desk.app, case.id, "wei").await.unwrap();
    site.desk.send(Stage::Closure).await;
    site.desk.pass(Duration::from_secs(25 * 3600));
    site.desk.sweep().await;
    let mail = &site.desk.sent().pop().unwrap().2.text;
    let at = mail.find("/survey/").unwrap();
    let path: String = mail[at..].chars().take_while(|c| c.is_ascii_alphanumeric() || "/-_".contains(*c)).collect();

    let answered = async || {
        let mut tx = site.desk.app.db.read().await.unwrap();
        db::survey::list_of_case(&mut tx, case.id).await.unwrap()[0].score
    };
    for _ in 0..3 {
        let opened = site.get(&path, "Accept-Language: en\r\n").await;
        assert!(opened.status == 200 && opened.says("非常满意"), "in the language of the case: {}", opened.body);
    }
    let chosen = site.post(&path, "", &[("score", "4"), ("comment", "谢谢 <b>")]).await;
    assert!(chosen.says("确认提交") && chosen.says("谢谢 &lt;b&gt;"), "{}", chosen.body);
    for (score, confirm) in [("9", "yes"), ("", "yes"), ("x", "yes"), ("5", "no")] {
        site.post(&path, "", &[("score", score), ("confirm", confirm)]).await;
    }
    assert_eq!(answered().await, None, "only a confirmed score counts");
    let refused = site.send("POST", &path, "Sec-Fetch-Site: cross-site\r\n", "score=1&confirm=yes").await;
    assert_eq!((refused.status, answered().await), (403, None));
    let done = site.post(&path, "", &[("score", "4"), ("comment", "谢谢 <b>"), ("confirm", "yes")]).await;
    assert_eq!((done.status, answered().await), (303, Some(4)));
    site.post(&path, "", &[("score", "1"), ("confirm", "yes")]).await;
    assert_eq!(answered().await, Some(4), "once");
    assert!(site.get(&path, "").await.says("感谢您"));
    let li = site.login("li").await;
    assert!(li.get(&format!("/case/{NUMBER}")).await.says("4/5"));
}

#[tokio::test]
async fn lists_have_pages() {
    let site = Site::new().await;
    for n in 0..60 {
        let mail = mail_text(&format!("u{n}@customer{n}.example"), &format!("问题{n}：安装失败"), "KB4577668 安装失败，怎么办？", "");
        site.desk.drop_mail(&format!("{n:03}.eml"), &mail);
    }
    site.desk.take_in().await;
    let li = site.login("li").await;
    for (list, rows) in [("/", "class=\"num\"><a href=\"/case/"), ("/cases", "class=\"num\"><a href=\"/case/")] {
        let first = li.get(list).await;
        let next = first
            .body
            .split("rel=\"next\" href=\"")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap()
            .replace("&amp;", "&")
            .replace("&#x3D;", "=");
        let second = li.get(&next).await;
        assert_eq!((first.body.matches(rows).count(), second.body.matches(rows).count()), (50, 10), "{list} {next}");
        let on = |page: &Reply| -> std::collections::BTreeSet<String> {
            page.body.split(rows).skip(1).map(|rest| rest.split('"').next().unwrap().to_string()).collect()
        };
        assert_eq!(on(&first).union(&on(&second)).count(), 60, "{list}: every row once");
        assert!(!second.says("rel=\"next\""), "{list}");
    }
    assert!(li.get(&format!("/cases?q={}", encode("问题42"))).await.says("问题42"));
}

#[tokio::test]
async fn machines_are_answered_without_login() {
    let site = Site::new().await;
    site.desk.drop_mail("request.eml", REQUEST);
    site.desk.take_in().await;
    let health = site.get("/healthz", "").await;
    assert_eq!((health.status, health.header("content-type")), (200, Some("application/json")));
    assert!(health.says("\"database\":\"ok\"") && health.says("\"name\":\"support\""), "{}", health.body);
    let metrics = site.get("/metrics", "").await.body;
    for line in [
        "casemate_queue_drafts 1",
        "casemate_messages{state=\"filed\"} 1",
        "casemate_fetched_total ",
        "casemate_mailbox_up{mailbox=\"support\"} ",
    ] {
        assert!(metrics.lines().any(|known| known.starts_with(line)), "{line} in {metrics}");
    }
    assert!(!metrics.contains('@'), "no addresses");
    site.desk.app.db.close().await;
    assert_eq!(site.get("/healthz", "").await.status, 503);
    let broken = site.get("/", "Cookie: sid=x\r\nAccept-Language: en\r\n").await;
    assert_eq!(broken.status, 500);
    assert!(broken.says("An internal error; it is in the log") && !broken.says("pool"), "{}", broken.body);
}

#[tokio::test]
async fn the_report_shows_its_numbers() {
    let site = Site::new().await;
    site.desk.drop_mail("request.eml", REQUEST);
    site.desk.take_in().await;
    let li = site.login("li").await;
    let page = li.get("/report").await;
    assert!(page.says(NUMBER) && page.says("1 个未结案例") && page.says("n &#x3D; 0"), "{}", page.body);
    let csv = li.get("/report.csv").await;
    assert_eq!(csv.header("content-type"), Some("text/csv; charset=utf-8"));
    assert!(csv.body.starts_with('\u{feff}') && csv.says(NUMBER));
}

#[tokio::test]
async fn serving_stops_at_the_bell() {
    let desk = Desk::new(Engine::Sqlite).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let served = tokio::spawn(web::serve(desk.app.clone(), listener));
    let _held = TcpStream::connect(address).await.unwrap();
    desk.app.bells.stop.send(true).unwrap();
    tokio::time::timeout(Duration::from_secs(4), served).await.unwrap().unwrap().unwrap();
}
