//! Every finding fires, and does not on the same text put right.

use super::super::tests::{kit, request};
use super::*;
use crate::draft::Kit;

const NUMBER: &str = "CAS-00001-A1B2C3";
const SUBJECT: &str = "回复: [案例号: CAS-00001-A1B2C3 ] % 标题 % 初次响应 CMIT:0000001";

fn facts(mail: Option<&Mail>) -> GateFacts<'_> {
    GateFacts {
        stage: Stage::Progress,
        language: Language::Zh,
        case_number: NUMBER,
        token: Some("CMIT:0000001"),
        mail,
        received_at: 1_603_347_012_000,
        has_attachment: false,
        last_sent: None,
    }
}

fn found(kit: &Kit, subject: &str, body: &str, facts: &GateFacts) -> Vec<(String, Level)> {
    gate(kit, subject, body, facts).into_iter().map(|f| (f.name, f.level)).collect()
}

#[test]
fn findings_of_the_text() {
    let kit = kit();
    let mut mail = request();
    mail.text += "\n我们看到 {{host}} 和 【待填写】，另见 CAS-99999-Z9Y8X7，附件是日志，满意度一般，以及 KB9999999";
    mail.mentions.kb.push("KB9999999".into());
    let table: &[(&str, &str, Option<Level>, &str)] = &[
        ("您好", "body.empty", None, "text"),
        (" \n ", "body.empty", Some(Level::Error), "blank"),
        ("您好 {{customer.name}}", "placeholder", Some(Level::Error), "ours"),
        ("您好 {{host}}", "placeholder", None, "the customer's own"),
        ("您好 { {x} }", "placeholder", None, "no placeholder"),
        ("一【待填写：请回答此问题】二", "question.open", Some(Level::Error), "zh"),
        ("一 [TO BE ANSWERED: x] 二", "question.open", Some(Level::Error), "en"),
        ("一【待填写：未闭合", "question.open", Some(Level::Error), "unclosed"),
        ("客户写道【待填写】", "question.open", None, "the customer's own"),
        ("参见CAS-00002-B1B2C3的结论", "case.number.foreign", Some(Level::Error), "foreign"),
        ("参见CAS-99999-Z9Y8X7", "case.number.foreign", Some(Level::Warning), "quoted from the customer"),
        ("参见cas-00001-a1b2c3", "case.number.foreign", None, "this case"),
        ("请安装KB4599999", "kb.unknown", Some(Level::Error), "ours"),
        ("请安装KB4577668", "kb.superseded", None, "newest then"),
        ("请安装KB4565349", "kb.superseded", Some(Level::Warning), "older"),
        ("请安装KB4565483", "kb.wrong_product", Some(Level::Warning), "of another branch"),
        ("请安装KB4577668", "kb.wrong_product", None, "of this branch"),
        ("请查收附件", "attachment.missing", Some(Level::Warning), "mentioned"),
        ("Please see attached, 谢谢您的配合与支持", "attachment.missing", Some(Level::Warning), "en"),
        ("问题定义: 附件是日志，满意度一般", "attachment.missing", None, "the customer's"),
        ("请把日志作为附件发送", "attachment.missing", None, "asked for"),
        ("请参与满意度调查", "survey.early", Some(Level::Warning), "progress"),
        ("案例归档后您会收到调查问卷", "survey.early", Some(Level::Warning), "progress"),
        ("请稍候", "survey.early", None, "none"),
        ("Dear all, this is English text only", "language.differs", Some(Level::Warning), "en in zh"),
        ("请运行 DISM.exe /Online 命令", "language.differs", None, "commands"),
    ];
    for (body, name, level, what) in table {
        let all = found(&kit, SUBJECT, body, &facts(Some(&mail)));
        let hit = all.iter().find(|f| f.0 == *name && (level.is_none() || Some(f.1) == *level)).map(|f| f.1);
        assert_eq!(hit, *level, "{name} ({what}): {all:?}");
    }
    let all = found(&kit, SUBJECT, "您好", &facts(Some(&mail)));
    assert!(all.contains(&("kb.unknown".into(), Level::Warning)), "the customer's own unknown number is a warning: {all:?}");
}

#[test]
fn findings_of_the_subject() {
    let kit = kit();
    let table = [
        (SUBJECT, vec![]),
        ("", vec!["subject.empty", "case.number.missing", "token.changed"]),
        ("回复: [案例号: cas-00001-a1b2c3 ] % 标题 CMIT:0000001", vec![]),
        ("回复: 标题 CMIT:0000001", vec!["case.number.missing"]),
        ("回复: CAS-00001-A1B2C3 标题 CMIT:0000002", vec!["token.changed"]),
        ("回复: CAS-00001-A1B2C3 标题", vec!["token.changed"]),
        ("CAS-00001-A1B2C3\r\nBcc: x@y.example CMIT:0000001", vec!["subject.control"]),
        ("CAS-00001-A1B2C3 CAS-00002-A1B2C3 CMIT:0000001", vec!["case.number.foreign"]),
    ];
    for (subject, wanted) in table {
        let names: Vec<String> = found(&kit, subject, "您好", &facts(None)).into_iter().map(|f| f.0).collect();
        assert_eq!(names, wanted, "{subject:?}");
    }
    let no_token = GateFacts { token: None, ..facts(None) };
    assert_eq!(found(&kit, "回复: CAS-00001-A1B2C3 标题", "您好", &no_token), []);
    assert_eq!(found(&kit, SUBJECT, "您好", &no_token), [("token.changed".to_owned(), Level::Error)]);
}

#[test]
fn findings_of_stage_and_history() {
    let kit = kit();
    let mail = request();
    let names = |body: &str, f: &GateFacts| found(&kit, SUBJECT, body, f).into_iter().map(|f| f.0).collect::<Vec<_>>();
    let closure = GateFacts { stage: Stage::Closure, ..facts(None) };
    assert!(names("案例归档后您会收到调查问卷", &closure).is_empty());
    let attached = GateFacts { has_attachment: true, ..facts(None) };
    assert!(names("请查收附件", &attached).is_empty());
    let repeated = GateFacts { last_sent: Some("您好，\n请稍候"), ..facts(None) };
    assert_eq!(names("您好， 请稍候", &repeated), ["body.repeated"]);
    assert!(names("您好，请再稍候", &repeated).is_empty());
    let initial = GateFacts { stage: Stage::InitialResponse, ..facts(Some(&mail)) };
    assert_eq!(names("1. 这几个补丁在其他客户，有没有出现过？\n2. 可能的原因是什么？", &initial), ["question.missing"]);
    let english = GateFacts { language: Language::En, ..facts(None) };
    assert_eq!(names("这是中文", &english), ["language.differs"]);
    assert!(names("This is English about 补丁", &english).is_empty());
}
