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
        reply_mentions: Default::default(),
        mentions: Mentions::default(),
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
