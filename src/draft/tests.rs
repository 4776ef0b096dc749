//! Tables over whole drafts.

mod questions;

use super::*;
use crate::catalog::Catalog;
use crate::mail::{Address, Kind, Mentions, Question, StateWords, Subject};

pub(super) fn kit() -> Kit {
    match Kit::load(Desk::default(), &[], Catalog::shipped().unwrap()) {
        Ok(kit) => kit,
        Err(problems) => panic!("{}", problems.iter().map(|p| p.to_string()).collect::<Vec<_>>().join("\n")),
    }
}

pub(super) fn mail(name: &str, base: &str, text: &str) -> Mail {
    Mail {
        message_id: Some("1@customer.example".into()),
        in_reply_to: vec![],
        references: vec![],
        date_at: Some(1_603_347_012_000),
        from: Some(Address { name: (!name.is_empty()).then(|| name.to_owned()), address: "liu@customer.example".into() }),
        reply_to: vec![],
        to: vec![],
        cc: vec![],
        subject: Subject { text: base.into(), base: base.into(), ..Subject::default() },
        text: text.into(),
        segments: vec![],
        reply_text: text.into(),
        signature: None,
        attachments: vec![],
        kind: Kind::Message,
        kind_reason: String::new(),
        bounce: None,
        mentions: Mentions::default(),
        reply_mentions: Mentions::default(),
        questions: vec![],
        language: Language::Zh,
        protection: None,
        log_lines: Vec::new(),
        state_words: StateWords::default(),
        defects: vec![],
    }
}

fn question(number: &str, text: &str) -> Question {
    Question { number: (!number.is_empty()).then(|| number.to_owned()), text: text.into(), at: 0 }
}

/// A request in the shape of the usual one.
pub(super) fn request() -> Mail {
    let text = "您好！\n\n安装了360推送的补丁后需要回滚，想了解的是\n1. 这几个补丁在其他客户有没有出现过\n2. 可能的原因是什么\n3. 如果再出现这个问题，请提供一个排查解决的方法。\n谢谢！\nkb4577668 kb4579976\n\n系统版本：V2020-L（17763.1397），补丁由360天擎推送。";
    let mut m = mail("王女士", "更新补丁时出现回滚现象", text);
    m.questions = vec![
        question("1", "这几个补丁在其他客户有没有出现过"),
        question("2", "可能的原因是什么"),
        question("3", "如果再出现这个问题，请提供一个排查解决的方法。"),
    ];
    m.mentions = Mentions {
        kb: vec!["KB4577668".into(), "KB4579976".into()],
        error_codes: vec![],
        builds: vec!["17763.1397".into()],
        products: vec!["V2020-L".into(), "360天擎".into()],
    };
    m
}

pub(super) fn case() -> CaseView {
    CaseView {
        number: "CAS-00001-A1B2C3".into(),
        title: "更新补丁时出现回滚现象".into(),
        token: Some("CMIT:0000001".into()),
        customer: None,
    }
}

pub(super) fn draft(kit: &Kit, mail: &Mail, stage: Stage, language: Language) -> Composed {
    let r = Request {
        stage,
        language,
        mail,
        case: case(),
        sent_initial: None,
        reminder_no: 1,
        survey_url: Some("https://survey.example/s/1"),
        rule_articles: &[],
        engineer: None,
        received_at: 1_603_347_012_000,
    };
    compose(kit, &r)
}

#[test]
fn usual_request() {
    let composed = draft(&kit(), &request(), Stage::InitialResponse, Language::Zh);
    println!("{}\n\n{}\n{:#?}", composed.subject, composed.body, composed.reasons);
    assert_eq!(composed.findings, []);
    let slugs: Vec<_> = composed.answers.iter().map(|a| a.article.as_deref().unwrap_or("-")).collect();
    assert_eq!(slugs, ["updates-released", "rollback-causes", "rollback-investigate"]);
}

const HOSTILE: &str = "{{x}} {{#each y}} <script>alert(1)</script> {{{z}}} \\{{w}} 【】 ${a} \u{202e}逆\u{0}\r\n.\r\nBcc: x@y.example";

fn hostile() -> Mail {
    let mut m = mail(HOSTILE, HOSTILE, HOSTILE);
    m.subject.text = HOSTILE.into();
    m.questions = vec![question(HOSTILE, HOSTILE), question("1", "{{> parts/zh/footer}}？")];
    m.mentions = Mentions {
        kb: vec![HOSTILE.into(), "KB".into(), String::new()],
        error_codes: vec![HOSTILE.into()],
        builds: vec![HOSTILE.into(), "99999999999.1".into()],
        products: vec![HOSTILE.into()],
    };
    m
}

#[test]
fn hostile_text_is_only_data_in_every_stage_and_language() {
    let kit = kit();
    for (stage, language) in Stage::ALL.iter().flat_map(|s| Language::ALL.iter().map(move |l| (*s, *l))) {
        let case = CaseView {
            number: "CAS-00001-A1B2C3".into(),
            title: HOSTILE.into(),
            token: Some(HOSTILE.into()),
            customer: Some(HOSTILE.into()),
        };
        let articles = [HOSTILE.to_owned(), "dism-sfc".to_owned()];
        let m = hostile();
        let r = Request {
            stage,
            language,
            mail: &m,
            case,
            sent_initial: Some(HOSTILE),
            reminder_no: u32::MAX,
            survey_url: Some(HOSTILE),
            rule_articles: &articles,
            engineer: Some(HOSTILE),
            received_at: i64::MAX,
        };
        let composed = compose(&kit, &r);
        assert!(!composed.subject.chars().any(char::is_control), "{stage} {language}: {:?}", composed.subject);
        assert!(!composed.body.chars().any(|c| c.is_control() && c != '\n'), "{stage} {language}: {:?}", composed.body);
        assert!(!composed.findings.iter().any(|f| f.name == "template.failed"), "{stage} {language}: {:?}", composed.findings);
        if stage == Stage::InitialResponse {
            assert!(composed.body.contains("{{x}} {{#each y}} <script>alert(1)</script>"), "kept as written: {}", composed.body);
        }
        assert_eq!(compose(&kit, &r), composed, "the same draft again");
    }
}

#[test]
fn every_stage_in_every_language_of_the_usual_request_is_clean() {
    let kit = kit();
    for (stage, language) in Stage::ALL.iter().flat_map(|s| Language::ALL.iter().map(move |l| (*s, *l))) {
        let composed = draft(&kit, &request(), stage, language);
        let bad: Vec<_> = composed.findings.iter().filter(|f| f.level == Level::Error).collect();
        assert!(bad.is_empty(), "{stage} {language}: {bad:?}\n{}", composed.body);
        assert!(composed.subject.contains("CAS-00001-A1B2C3") && composed.subject.ends_with("CMIT:0000001"), "{}", composed.subject);
        assert!(composed.body.contains("400-818-0055"), "{stage} {language}");
    }
}

#[test]
fn empty_mail_gives_a_draft_with_an_open_place() {
    let composed = draft(&kit(), &mail("", "", ""), Stage::InitialResponse, Language::Zh);
    assert!(composed.body.starts_with("您好!\n"), "{}", composed.body);
    assert!(composed.findings.iter().any(|f| f.name == "question.open" && f.level == Level::Error), "{:?}", composed.findings);
}

#[test]
fn open_question_is_visible_and_blocks() {
    let mut m = request();
    m.questions.push(question("4", "下周三能否安排工程师到现场"));
    let composed = draft(&kit(), &m, Stage::InitialResponse, Language::Zh);
    assert!(composed.body.contains("4. 下周三能否安排工程师到现场？\n【待填写：请回答此问题】"), "{}", composed.body);
    assert_eq!(composed.answers[3].article, None);
    let open: Vec<_> = composed.findings.iter().filter(|f| f.name == "question.open").collect();
    assert_eq!((open.len(), open[0].level), (1, Level::Error));
}

#[test]
fn the_same_article_is_not_repeated() {
    let mut m = request();
    m.questions.push(question("4", "请提供解决方法"));
    let composed = draft(&kit(), &m, Stage::InitialResponse, Language::Zh);
    assert!(composed.body.contains("4. 请提供解决方法。\n请参见第 3 点的说明。"), "{}", composed.body);
    assert_eq!(composed.body.matches("找到并停止Windows update").count(), 1);
    for (numbers, wanted) in
        [(["", ""], "请参见上文的说明。"), (["一", "二"], "请参见第一点的说明。"), (["①", "②"], "② 怎么卸载？\n请参见第①点的说明。")]
    {
        m.questions = vec![question(numbers[0], "如何卸载这个补丁"), question(numbers[1], "怎么卸载")];
        let composed = draft(&kit(), &m, Stage::InitialResponse, Language::Zh);
        assert!(composed.body.contains(wanted), "{}", composed.body);
    }
}

#[test]
fn a_mail_without_questions_is_taken_as_one() {
    let kit = kit();
    let told = draft(&kit, &mail("", "打印机", "更新后打印机无法连接"), Stage::InitialResponse, Language::Zh);
    assert_eq!(told.answers[0].article.as_deref(), Some("printing-after-update"));
    assert!(told.body.contains("案例分析：\n安全更新加强了网络打印的验证"), "{}", told.body);
    for (text, article) in
        [("机器重启后提示正在撤销更改", "rollback-investigate"), ("电脑更新失败", "rollback-investigate"), ("还是报错 800f081f", "-")]
    {
        let m = mail("", "", text);
        let answer = draft(&kit, &m, Stage::InitialResponse, Language::Zh).answers.remove(0);
        assert_eq!(answer.article.as_deref().unwrap_or("-"), article, "{text}: {answer:?}");
    }
    let reply = draft(&kit, &mail("", "打印机", "好的，我们先试一下"), Stage::Progress, Language::Zh);
    assert_eq!(reply.answers[0].article, None, "the subject of a reply is answered already");
    let mut settled = mail("", "打印机", "打印机可以用了，请归档");
    settled.state_words.resolved = true;
    assert_eq!(draft(&kit, &settled, Stage::InitialResponse, Language::Zh).answers[0].article, None, "it asks for nothing");
    let unknown = draft(&kit, &mail("", "请联系我", "请联系我，谢谢合作"), Stage::InitialResponse, Language::Zh);
    assert!(unknown.body.contains("【待填写：请补充分析与建议】"), "{}", unknown.body);
}

#[test]
fn updates_are_told_from_the_catalogue() {
    let kit = kit();
    let mut m = request();
    m.mentions.kb.push("KB9999999".into());
    m.mentions.builds = vec!["17763.805".into()];
    let composed = draft(&kit, &m, Stage::InitialResponse, Language::Zh);
    assert!(composed.body.contains("KB9999999在更新目录中没有查到"), "{}", composed.body);
    assert!(composed.body.contains("版本号17763.805为已安装了2019年10月的累计更新"), "the year of another year: {}", composed.body);
    assert!(composed.findings.iter().any(|f| f.name == "kb.unknown" && f.level == Level::Warning));
    m.mentions.kb = vec!["KB4577668".into()];
    m.text = "请看 KB-4577668".into();
    let one = draft(&kit, &m, Stage::InitialResponse, Language::Zh);
    assert!(
        one.body.contains("KB4577668已经发布，您可以在https://support.cmgos.com/v2020lupdatesummary查询、下载V2020-L版本的系统更新包。"),
        "{}",
        one.body
    );
    m.mentions.products.clear();
    m.mentions.builds.clear();
    let plain = draft(&kit, &m, Stage::InitialResponse, Language::Zh);
    assert!(plain.body.contains("KB4577668已经发布，您可以在https://support.cmgos.com查询、下载系统更新包。\n"), "{}", plain.body);
}

#[test]
fn an_older_update_is_superseded_by_the_newest_of_the_day() {
    let kit = kit();
    let mut m = request();
    // KB4570333 is a cumulative update of September 2020; KB4577667 is the newest servicing stack of the day; KB4580390 is a preview.
    m.mentions.kb = ["KB4570333", "KB4577668", "KB4577667", "KB4580390"].map(str::to_owned).to_vec();
    m.questions = vec![question("1", "这些补丁是不是被取代了")];
    let body = draft(&kit, &m, Stage::InitialResponse, Language::Zh).body;
    assert!(body.contains("KB4570333（2020-09-08 发布）已被KB4577668取代。"), "{body}");
    assert_eq!(body.matches("取代。").count(), 1, "the newest, the servicing stack and the preview after it are not: {body}");
}

#[test]
fn without_a_tool_none_is_named() {
    let mut m = request();
    (m.text, m.reply_text) = ("安装补丁后需要回滚".into(), "安装补丁后需要回滚".into());
    m.mentions.products = vec!["V2020-L".into()];
    let composed = draft(&kit(), &m, Stage::InitialResponse, Language::Zh);
    assert!(composed.body.contains("其他三方软件下载更新，请确认该软件将KB下载到本地的缓存位置再进行如下操作。\n"), "{}", composed.body);
    assert!(!composed.body.contains("360"));
}

#[test]
fn closure_repeats_what_was_sent() {
    let kit = kit();
    let m = request();
    let initial = draft(&kit, &m, Stage::InitialResponse, Language::Zh);
    let edited = initial.body.replace("需要具体问题具体分析", "本例为缓存损坏");
    let closing = |sent: Option<&str>, language| {
        let r = Request {
            sent_initial: sent,
            ..Request {
                stage: Stage::Closure,
                language,
                mail: &m,
                case: case(),
                sent_initial: None,
                reminder_no: 0,
                survey_url: None,
                rule_articles: &[],
                engineer: None,
                received_at: 0,
            }
        };
        compose(&kit, &r)
    };
    let closure = closing(Some(&edited), Language::Zh);
    assert!(closure.body.contains("本例为缓存损坏"), "{}", closure.body);
    assert!(!closure.body.contains("\nkb4577668 kb4579976\n"), "the description leaves the bare list out: {}", closure.body);
    assert_eq!(closure.body.matches("服务电话").count(), 1);
    assert_eq!(closure.findings, []);
    let ruled = edited.replace("本例为缓存损坏", "本例如下：\n----------\n缓存损坏\n----------");
    let closure = closing(Some(&ruled), Language::Zh);
    assert!(closure.body.contains("找到并停止Windows update") && closure.body.matches("服务电话").count() == 1, "{}", closure.body);
    let lost = closing(Some("您好，已电话沟通。"), Language::Zh);
    assert!(lost.findings.iter().any(|f| f.name == "closure.analysis" && f.level == Level::Warning));
    assert!(lost.body.contains("需要具体问题具体分析"));
    let english = draft(&kit, &m, Stage::InitialResponse, Language::En);
    assert!(closing(Some(&english.body), Language::En).findings.iter().all(|f| f.name != "closure.analysis"));
}

#[test]
fn a_code_that_is_only_quoted_is_not_explained() {
    let kit = kit();
    let mut m = mail("", "报错", "更新报错是什么原因");
    m.mentions.error_codes = vec!["0x800F0922".into()];
    assert!(draft(&kit, &m, Stage::Progress, Language::Zh).body.contains("0x800F0922（CBS_E_INSTALLERS_FAILED）"));
    m.segments = vec![crate::mail::Segment { kind: crate::mail::SegmentKind::Quote, text: "0x800F0922".into(), answers: None }];
    assert!(!draft(&kit, &m, Stage::Progress, Language::Zh).body.contains("0x800F0922"));
}

#[test]
fn the_last_reminder_announces_the_archiving() {
    let (kit, m) = (kit(), request());
    for (number, is_last) in [(0, false), (1, false), (2, true), (7, true)] {
        let r = Request {
            stage: Stage::Reminder,
            language: Language::Zh,
            mail: &m,
            case: case(),
            sent_initial: None,
            reminder_no: number,
            survey_url: None,
            rule_articles: &[],
            engineer: None,
            received_at: 0,
        };
        assert_eq!(compose(&kit, &r).body.contains("我们将暂时归档此案例"), is_last, "{number}");
    }
}

#[test]
fn rule_articles_are_added_once() {
    let kit = kit();
    let (m, articles) = (request(), ["logs-to-collect".to_owned(), "rollback-causes".to_owned(), "nothing".to_owned()]);
    let r = Request {
        stage: Stage::InitialResponse,
        language: Language::Zh,
        mail: &m,
        case: case(),
        sent_initial: None,
        reminder_no: 0,
        survey_url: None,
        rule_articles: &articles,
        engineer: None,
        received_at: 0,
    };
    let composed = compose(&kit, &r);
    assert!(composed.body.contains("请收集以下信息"));
    assert_eq!(composed.body.matches("安装补丁回退的可能原因比较多").count(), 1);
    assert!(composed.findings.iter().any(|f| f.name == "article.missing" && f.text.contains("nothing")));
}

#[test]
fn subjects() {
    let mut desk = Desk::default();
    let kit_of = |desk: &Desk| Kit::load(desk.clone(), &[], Catalog::default()).unwrap();
    let kit = kit_of(&desk);
    assert_eq!(
        subject_line(&kit, Stage::InitialResponse, Language::Zh, &case()),
        "回复: [案例号: CAS-00001-A1B2C3 ] % 更新补丁时出现回滚现象 % 初次响应 CMIT:0000001"
    );
    assert_eq!(
        subject_line(&kit, Stage::Closure, Language::En, &case()),
        "Re: [Case: CAS-00001-A1B2C3 ] % 更新补丁时出现回滚现象 % Closure CMIT:0000001"
    );
    let doubled = CaseView { title: "回复：Re: 答复: 更新失败".into(), token: None, ..case() };
    assert_eq!(subject_line(&kit, Stage::Progress, Language::Zh, &doubled), "回复: [案例号: CAS-00001-A1B2C3 ] % 更新失败 % 进展更新");
    desk.tracking_token = false;
    assert!(subject_line(&kit_of(&desk), Stage::Progress, Language::Zh, &case()).ends_with("% 进展更新"));
}

#[test]
fn a_preview_is_not_recommended() {
    let kit = kit();
    // 2020-10-22, two days after the preview of that month.
    for (build, has_it) in [("17763.1397", false), ("17763.1554", true)] {
        let mut m = request();
        m.mentions.builds = vec![build.into()];
        m.questions = vec![question("1", "我们是否需要安装更新")];
        let body = draft(&kit, &m, Stage::InitialResponse, Language::Zh).body;
        assert!(body.contains("最新的累计更新（预览更新除外）为KB4577668（版本号17763.1518）"), "{body}");
        assert_eq!(body.contains("您的系统已包含该更新"), has_it, "{body}");
    }
}
