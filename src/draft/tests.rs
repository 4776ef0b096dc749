//! Tables over whole drafts.

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

/// Question, words of the mail around it, article ("-": open).
const QUESTIONS: &[(&str, &str, &str)] = &[
    ("这几个补丁在其他客户有没有出现过", "补丁回滚", "updates-released"),
    ("KB4577668是否已经发布", "", "updates-released"),
    ("补丁在哪里下载", "", "updates-released"),
    ("可能的原因是什么", "更新回滚", "rollback-causes"),
    ("为什么会回滚", "", "rollback-causes"),
    ("请提供排查方法", "更新失败", "rollback-investigate"),
    ("这个问题如何解决", "补丁安装失败", "rollback-investigate"),
    ("怎么避免再次发生", "补丁回退", "rollback-investigate"),
    ("需要收集哪些日志", "回滚", "logs-to-collect"),
    ("日志在哪里", "", "logs-to-collect"),
    ("CBS.log 已上传，请查收", "", "-"),
    ("是否需要先安装SSU", "", "install-ssu"),
    ("有没有前置补丁", "", "install-ssu"),
    ("这个补丁是否已包含在当前版本", "", "already-included"),
    ("安装时提示不适用于你的计算机", "", "check-applicability"),
    ("我们是否需要安装这个更新", "", "is-update-needed"),
    ("目前最新的版本是多少", "", "is-update-needed"),
    ("内网机器无法上网，怎么安装补丁", "", "offline-install"),
    ("是否支持离线安装", "", "offline-install"),
    ("如何卸载这个补丁", "", "uninstall-update"),
    ("360天擎推送补丁是否有影响", "", "third-party-patch-tool"),
    ("是否需要运行DISM修复", "", "dism-sfc"),
    ("C盘空间不足怎么办", "", "free-disk-space"),
    ("错误代码0x800F0922是什么意思", "", "error-code"),
    ("系统提示未激活，如何处理", "", "activation-state"),
    ("更新后蓝屏如何处理", "", "blue-screen-after-update"),
    ("蓝屏的原因是什么", "更新后蓝屏", "blue-screen-after-update"),
    ("更新后电脑很慢怎么办", "", "slow-after-update"),
    ("打印机连接不上的原因是什么", "", "printing-after-update"),
    ("代理需要放行哪些网址", "", "network-proxy"),
    ("1809什么时候停止支持", "", "lifecycle-end"),
    ("如何查看系统版本号", "", "check-version"),
    ("如何重置Windows更新组件", "", "reset-wu-components"),
    ("政府版收不到更新", "", "update-client"),
    ("请问怎么处理", "邮箱总是收到退信", "-"),
    ("原因是什么", "邮箱总是收到退信", "-"),
    ("更新失败的原因是什么", "", "update-failure-causes"),
    ("系统更新后无法进入桌面，请问如何恢复", "", "blue-screen-after-update"),
    ("机器蓝屏，代码 0x0000007B，如何处理", "", "blue-screen-after-update"),
    ("贵司的发票什么时候寄出", "", "-"),
    ("系统保留分区只有 100 MB，不知道有没有关系", "", "extend-system-partition"),
    ("下一步怎么办", "重置以后还是不行，代码变成0x80073712", "dism-sfc"),
    ("更新后远程桌面连接不上，如何解决", "", "-"),
    ("systeminfo里看不到KB4577668，是不是没装上", "", "check-version"),
    ("提示0x800F0823，请问缺什么补丁", "", "install-ssu"),
    ("更新报0x800f0982，加过语言包，怎么处理", "", "language-pack-reinstall"),
    ("怎么恢复", "开机黑屏只有鼠标", "blue-screen-after-update"),
    ("补丁重启要求输入BitLocker恢复密钥，怎么办", "", "-"),
    ("电脑时间总是快8个小时，请问如何设置", "", "-"),
    ("这个补丁要不要打", "", "is-update-needed"),
    ("能直接装最新的累积更新吗", "", "is-update-needed"),
    ("补丁安装以后是否需要重启", "", "is-update-needed"),
    ("安装完怎么确认打上了", "", "check-version"),
    ("修复源从哪里获取", "执行DISM报错", "dism-source"),
    ("内网机器，命令应该怎么写", "DISM /RestoreHealth 找不到源文件", "dism-source"),
    ("提示 0x800F081F，内网如何离线安装.NET 3.5", "", "dotnet35-offline"),
    ("日志太大发不出去，怎么发给你们", "", "send-logs"),
    ("请问是不是杀毒软件占用了文件", "更新失败", "third-party-patch-tool"),
    ("有没有不卸载补丁的解决办法", "更新后打印机无法连接", "printing-after-update"),
    ("请尽快给出临时恢复办法", "更新后蓝屏", "blue-screen-after-update"),
    ("要多久才能好", "更新后系统很慢", "slow-after-update"),
    ("下一步怎么办", "重置以后还是报 0x800F0922", "rollback-0x800f0922"),
    ("怎么解决", "安装补丁报错0x80070422", "wu-service-state"),
    ("可能的原因是什么", "补丁安装失败，0x80070643", "repair-dotnet-msi"),
    ("为什么会回滚", "0x80070643", "rollback-causes"),
    ("报错0x80072ee7怎么解决", "另外几台报0x80070422", "network-proxy"),
    ("报错0x80ABCDEF怎么解决", "", "error-code"),
    ("V2022-L支持到哪一年", "", "lifecycle-end"),
    ("WinSxS 可以直接删除吗", "", "free-disk-space"),
    ("卸载火绒以后就正常，是火绒的问题吗", "", "third-party-patch-tool"),
    ("火绒是否有白名单可以加", "补丁卡住", "-"),
    ("提示更新为 Windows 所需，无法卸载", "", "-"),
    ("激活需要连接哪些服务器、开放哪些端口", "无法激活", "-"),
    ("离线环境是否可以激活", "无法激活", "-"),
    ("问题到底什么时候能解决", "更新反复回滚", "-"),
    ("由谁负责跟进", "更新反复回滚", "-"),
    ("年度服务价格是多少", "V2022-L 支持到期", "-"),
    ("Word打开文档就闪退怎么解决", "Office 2019", "-"),
    ("下周三能否安排工程师到现场", "", "-"),
    ("能否提供一份合同扫描件", "", "-"),
    ("Has KB4577668 been released?", "", "updates-released"),
    ("What is the cause of this?", "the update was rolled back", "rollback-causes"),
    ("How can we troubleshoot it?", "the update rolls back", "rollback-investigate"),
    ("Which logs do you need?", "", "logs-to-collect"),
    ("Is there a prerequisite?", "", "install-ssu"),
    ("Is it already included in our build?", "", "already-included"),
    ("Can we install it offline?", "", "offline-install"),
    ("How do we uninstall the update?", "", "uninstall-update"),
    ("What does error code 0x800F0922 mean?", "", "error-code"),
    ("Why does Windows say it is not activated?", "", "activation-state"),
    ("When does support for LTSC 2019 end?", "", "lifecycle-end"),
    ("Could you send us the invoice?", "", "-"),
    ("What is causing this?", "the PCs roll back at 30%", "rollback-causes"),
    ("Is KB4577668 actually meant for our version?", "", "already-included"),
    ("Should we remove 360 before trying again?", "the PCs roll back", "third-party-patch-tool"),
    ("How do we fix this?", "nobody can print since the update", "printing-after-update"),
    ("How can we get them to boot again?", "bluescreen", "blue-screen-after-update"),
    ("Is this expected?", "very slow, CPU is at 100%", "slow-after-update"),
    ("What should we check?", "Windows is not activated", "activation-state"),
    ("How do we send you such large logs?", "", "send-logs"),
    ("How much does an additional licence cost?", "Windows is not activated", "-"),
    ("How do we fix this?", "the coffee machine is broken", "-"),
];

#[test]
fn questions_find_their_article() {
    let kit = kit();
    let mut wrong = Vec::new();
    for (text, around, wanted) in QUESTIONS {
        let mut m = request();
        let whole = format!("{around}\n{text}");
        (m.text, m.reply_text, m.subject.base) = (whole.clone(), whole, String::new());
        m.questions = vec![question("1", text)];
        let raw = format!("Content-Type: text/plain; charset=utf-8\r\n\r\n{}", m.text);
        m.mentions.error_codes = crate::mail::parse(raw.as_bytes(), &crate::mail::Settings::default()).mentions.error_codes;
        let language = if text.is_ascii() { Language::En } else { Language::Zh };
        let answer = draft(&kit, &m, Stage::InitialResponse, language).answers.remove(0);
        if answer.article.as_deref().unwrap_or("-") != *wanted {
            wrong.push(format!("{text}: wanted {wanted}, got {answer:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
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
