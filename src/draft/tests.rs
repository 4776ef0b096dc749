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
        state_words: StateWords::default(),
        defects: vec![],
    }
}

fn question(number: &str, text: &str) -> Question {
    Question { number: (!number.is_empty()).then(|| number.to_owned()), text: text.into() }
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
    ("是否需要先安装SSU", "", "install-ssu"),
    ("有没有前置补丁", "", "install-ssu"),
    ("这个补丁是否已包含在当前版本", "", "already-included"),
    ("安装时提示不适用于你的计算机", "", "already-included"),
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
    ("贵司的发票什么时候寄出", "", "-"),
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
];

#[test]
fn questions_find_their_article() {
    let kit = kit();
    let mut wrong = Vec::new();
    for (text, around, wanted) in QUESTIONS {
        let mut m = request();
        (m.text, m.reply_text, m.subject.base) = (around.to_string(), around.to_string(), String::new());
        m.questions = vec![question("1", text)];
        m.mentions.error_codes = vec!["0x800F0922".into()];
        let language = if text.is_ascii() { Language::En } else { Language::Zh };
        let answer = draft(&kit, &m, Stage::InitialResponse, language).answers.remove(0);
        if answer.article.as_deref().unwrap_or("-") != *wanted {
            wrong.push(format!("{text}: wanted {wanted}, got {answer:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
