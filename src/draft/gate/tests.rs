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
        parties: None,
    }
}

/// A whole mail of the stage around a text: greeting, heading, hotline.
fn whole(text: &str) -> String {
    format!("您好！\n\n案例分析：\n{text}\n--------------\n服务电话： 400-818-0055")
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
        let names: Vec<String> = found(&kit, subject, &whole("请稍候"), &facts(None)).into_iter().map(|f| f.0).collect();
        assert_eq!(names, wanted, "{subject:?}");
    }
    let no_token = GateFacts { token: None, ..facts(None) };
    assert_eq!(found(&kit, "回复: CAS-00001-A1B2C3 标题", &whole("请稍候"), &no_token), []);
    assert_eq!(found(&kit, SUBJECT, &whole("请稍候"), &no_token), [("token.changed".to_owned(), Level::Error)]);
}

#[test]
fn findings_of_stage_and_history() {
    let kit = kit();
    let mail = request();
    let names = |body: &str, f: &GateFacts| found(&kit, SUBJECT, body, f).into_iter().map(|f| f.0).collect::<Vec<_>>();
    let closure = GateFacts { stage: Stage::Closure, ..facts(None) };
    let summary = whole("案例归档后您会收到调查问卷").replace("案例分析", "案例总结：\n案例描述：\n案例分析");
    assert!(names(&summary, &closure).is_empty());
    let attached = GateFacts { has_attachment: true, ..facts(None) };
    assert!(names(&whole("请查收附件"), &attached).is_empty());
    let last = whole("请稍候");
    let repeated = GateFacts { last_sent: Some(&last), ..facts(None) };
    assert_eq!(names(&whole("请 稍候\n"), &repeated), ["body.repeated"]);
    assert!(names(&whole("请再稍候"), &repeated).is_empty());
    let initial = GateFacts { stage: Stage::InitialResponse, ..facts(Some(&mail)) };
    let answer =
        whole("1. 这几个补丁在其他客户，有没有出现过？\n2. 可能的原因是什么？").replace("案例分析", "问题定义: x\n问题范围: x\n案例分析");
    assert_eq!(names(&answer, &initial), ["question.missing"]);
    let english = GateFacts { language: Language::En, ..facts(None) };
    let chinese = "Hello,\nAnalysis:\n这是中文，请您稍候，我们正在分析您反馈的问题，稍后回复您\n服务电话：400-818-0055";
    assert_eq!(names(chinese, &english), ["language.differs"]);
    assert!(names("Hello,\nAnalysis:\nThis is English about 补丁\nHotline: 400-818-0055", &english).is_empty());
}

#[test]
fn findings_of_the_form() {
    let kit = kit();
    let names = |body: &str, f: &GateFacts| {
        gate(&kit, SUBJECT, body, f).into_iter().map(|f| (f.name, f.level, f.text)).filter(|f| f.0.contains(".missing")).collect::<Vec<_>>()
    };
    let is = |name: &str, text: &str| (name.to_owned(), Level::Warning, text.to_owned());
    assert_eq!(names(&whole("请稍候"), &facts(None)), []);
    let bare = [
        is("section.missing", "缺少称呼"),
        is("section.missing", "缺少“案例分析”部分"),
        is("hotline.missing", "缺少服务电话 400-818-0055"),
    ];
    assert_eq!(names("请稍候", &facts(None)), bare);
    assert_eq!(names(&whole("x").replace("案例分析：", "【案例分析】"), &facts(None)), [], "as people write headings");
    assert_eq!(names(&whole("x").replace("400-818-0055", "4008180055"), &facts(None)), [], "the hotline without hyphens");
    let english = GateFacts { language: Language::En, stage: Stage::InitialResponse, ..facts(None) };
    assert_eq!(names("Dear Ms Li,\nProblem definition: x\nScope: y\nAnalysis:\nHotline: 400 818 0055", &english), []);
    let lost: Vec<String> = names("Dear Ms Li,\nAnalysis:\nHotline: 400 818 0055", &english).into_iter().map(|f| f.2).collect();
    assert_eq!(lost, ["缺少“Problem definition”部分", "缺少“Scope”部分"]);
}

#[test]
fn findings_of_what_is_private() {
    let kit = kit();
    let mut mail = request();
    mail.text += "\n我的手机 13800138000，密码：Abc12345，密钥 A1B2C-D3E4F-G5H6J-K7L8M-N9P1Q";
    let (error, warning) = (Some(Level::Error), Some(Level::Warning));
    let table: &[(&str, &str, Option<Level>)] = &[
        ("密钥为 W269N-2B3C4-D5F6G-7H8J9-K2L3M，请输入", "product_key", error),
        ("key: w269n-2b3c4-d5f6g-7h8j9-k2l3m", "product_key", error),
        ("A1B2C-D3E4F-G5H6J-K7L8M-N9P1Q", "product_key", warning),
        ("slmgr /ipk XXXXX-XXXXX-XXXXX-XXXXX-XXXXX", "product_key", None),
        ("{1A2B3C4D-1A2B-1A2B-1A2B-1A2B3C4D5E6F}", "product_key", None),
        ("密码：Qwe!2345", "password", error),
        ("登录密码为 admin", "password", error),
        ("Password: letmein", "password", error),
        ("the password is Pa55word.", "password", error),
        ("密码：Abc12345", "password", warning),
        ("Password: your Windows password", "password", None),
        ("密码：请联系管理员", "password", None),
        ("密码：********", "password", None),
        ("忘记密码请重置", "password", None),
        ("The password is required, please enter it", "password", None),
        ("身份证 11010519491231002X", "id_number", error),
        ("身份证 110105194912310021", "id_number", None),
        ("编号 11010519491231002X7", "id_number", None),
        ("请联系王工，13912345678", "phone", error),
        ("请联系 +86 139-1234-5678", "phone", error),
        ("Mr. Wang: 139 1234 5678", "phone", error),
        ("我的电话是 13912345678，欢迎联系", "phone", warning),
        ("You can call me at 13912345678", "phone", warning),
        ("致电 138-0013-8000", "phone", warning),
        ("版本 10.0.13912345678.1", "phone", None),
        ("时间戳 1603347012000，服务电话 400-818-0055", "phone", None),
        ("卡号 6222021234567890128", "card", error),
        ("卡号 6222021234567890129", "card", None),
        ("卡号 4111111111111111", "card", error),
        ("card 4111 1111 1111 1111", "card", error),
        ("卡号 4111111111111112", "card", None),
    ];
    for (text, kind, level) in table {
        let all = gate(&kit, SUBJECT, &whole(text), &facts(Some(&mail)));
        let hit = all.iter().find(|f| f.name == format!("private.{kind}"));
        assert_eq!(hit.map(|f| f.level), *level, "{text}: {all:?}");
        if let Some(hit) = hit {
            assert_eq!(hit.at.map(|at| (at.part, at.line)), Some((Part::Body, 4)), "{text}");
            assert!(hit.text.chars().count() < 20, "the text does not repeat it: {}", hit.text);
        }
    }
    let mut kit = kit;
    kit.desk.signature = vec!["手机 139 1234 5678".into()];
    let signed = found(&kit, SUBJECT, &whole("13912345678"), &facts(None));
    assert_eq!(signed, [], "in our own signature");
}

/// Name, level, excerpt; level, field, column.
type Told = (&'static str, Level, &'static str);
type Where = (Level, Part, usize);

fn parties() -> Parties {
    Parties {
        names: vec!["刘先生".into(), "Anna Li".into()],
        addresses: vec!["liu@xingye.example".into(), "helper@qq.com".into()],
        own: vec!["support@desk.example".into()],
        freemail: vec!["qq.com".into()],
        ..Parties::default()
    }
}

#[test]
fn findings_of_names() {
    let kit = kit();
    let mut mail = request();
    mail.text += "\n陈晓明\n兴业信息部";
    let table: &[(&str, Option<Level>)] = &[
        ("刘先生, 您好!", None),
        ("刘工，您好！", None),
        ("陈经理，您好！", None),
        ("Dear Anna,", None),
        ("Dear Mr. Liu,", None),
        ("各位领导，您好", None),
        ("您好", None),
        ("赵女士，您好！", Some(Level::Error)),
        ("赵晓东，您好！", Some(Level::Error)),
        ("Dear Mr. Smith,", Some(Level::Error)),
    ];
    let known = parties();
    let with = GateFacts { parties: Some(&known), ..facts(Some(&mail)) };
    for (greeting, level) in table {
        let body = whole("请稍候").replace("您好！", greeting);
        let hit = gate(&kit, SUBJECT, &body, &with).into_iter().find(|f| f.name == "name.foreign");
        assert_eq!(hit.as_ref().map(|f| f.level), *level, "{greeting}: {hit:?}");
        assert!(hit.is_none_or(|f| f.at.is_some_and(|at| at.line == 1)), "{greeting}");
    }
    let chinese = Parties { names: vec!["刘先生".into()], ..parties() };
    let with = GateFacts { parties: Some(&chinese), ..facts(Some(&mail)) };
    let body = whole("x").replace("您好！", "Dear Mr. Smith,");
    let hit = gate(&kit, SUBJECT, &body, &with).into_iter().find(|f| f.name == "name.foreign");
    assert_eq!(hit.map(|f| f.level), Some(Level::Warning), "no Latin name is known: it may be his");
}

#[test]
fn findings_of_other_customers() {
    let kit = kit();
    let mail = request();
    let foreign = ["zhao@bank.example", "bank.example", "zhou@qq.com", "qq.com", "other.example", "xingye.example", "desk.example"];
    let known = Parties { foreign: foreign.map(String::from).to_vec(), ..parties() };
    let with = GateFacts { parties: Some(&known), ..facts(Some(&mail)) };
    let table: &[(&str, &[Told])] = &[
        ("请联系Zhao@Bank.example。", &[("address.foreign", Level::Error, "请联系Zhao@Bank.example。")]),
        ("请联系zhou@qq.com", &[("address.foreign", Level::Error, "请联系zhou@qq.com")]),
        ("域 other.example 也有此问题", &[("domain.foreign", Level::Error, "域 other.example 也有此问题")]),
        ("见 https://www.other.example/a", &[("domain.foreign", Level::Warning, "见 https://www.other.example/a")]),
        ("见 another.example 与 others.example", &[]),
        ("liu@xingye.example，support@desk.example", &[]),
    ];
    for (text, expected) in table {
        let body = whole(text);
        let all = gate(&kit, SUBJECT, &body, &with);
        let hits: Vec<_> =
            all.iter().filter(|f| f.name.ends_with(".foreign")).map(|f| (f.name.as_str(), f.level, f.at.unwrap().excerpt(&body))).collect();
        let hits: Vec<_> = hits.iter().map(|(name, level, shown)| (*name, *level, shown.as_str())).collect();
        assert_eq!(hits, *expected, "{text}");
    }
    let in_subject = found(&kit, &SUBJECT.replace("标题", "other.example"), &whole("x"), &with);
    assert_eq!(in_subject, [("domain.foreign".to_owned(), Level::Error)]);
}

#[test]
fn findings_of_recipients() {
    let kit = kit();
    let mail = request();
    let table: &[(&str, &str, &[Where])] = &[
        ("刘先生 <Liu@xingye.example>, helper@qq.com", "support@desk.example, second@desk.example", &[]),
        ("\"新人\" <new@xingye.example>", "", &[(Level::Warning, Part::To, 7)]),
        ("liu@xingye.example", "new@bank.example", &[(Level::Error, Part::Cc, 1)]),
        ("liu@xingye.example; other@qq.com", "", &[(Level::Error, Part::To, 21)]),
    ];
    for (to, cc, expected) in table {
        let typed = Parties { to: to.to_string(), cc: cc.to_string(), ..parties() };
        let with = GateFacts { parties: Some(&typed), ..facts(Some(&mail)) };
        let all = gate(&kit, SUBJECT, &whole("x"), &with);
        let hits: Vec<_> =
            all.iter().filter(|f| f.name == "recipient.outside").map(|f| (f.level, f.at.unwrap().part, f.at.unwrap().column)).collect();
        assert_eq!(hits, *expected, "{to} {cc}");
    }
}

#[test]
fn places_and_both_languages() {
    let kit = kit();
    let body = whole("第一行 {{name}}\n请安装 kb 4599999");
    let all = gate(&kit, SUBJECT, &body, &facts(None));
    let at = |name: &str| all.iter().find(|f| f.name == name).and_then(|f| f.at).map(|at| (at.part, at.line, at.column, at.length));
    assert_eq!(at("placeholder"), Some((Part::Body, 4, 5, 8)));
    assert_eq!(at("kb.unknown"), Some((Part::Body, 5, 5, 10)));
    let token = gate(&kit, &SUBJECT.replace("0000001", "0000002"), &body, &facts(None));
    let at = token.iter().find(|f| f.name == "token.changed").and_then(|f| f.at).unwrap();
    assert_eq!((at.part, at.length), (Part::Subject, 12));
    assert_eq!(all[0].text_in(Language::En), "unresolved placeholder: {{name}}");
    assert_eq!(all[0].text_in(Language::Zh), "未替换的占位符：{{name}}");
    let mut english = kit;
    english.desk.language = Language::En;
    let other = gate(&english, SUBJECT, &body, &facts(None));
    assert_eq!((other[0].text.as_str(), other[0].text_in(Language::Zh)), ("unresolved placeholder: {{name}}", "未替换的占位符：{{name}}"));
}

#[test]
fn shipped_articles_hold_nothing_private() {
    let kit = kit();
    let articles: Vec<_> = crate::draft::embedded::TEMPLATES.iter().filter(|(path, _)| path.starts_with("articles/")).collect();
    assert!(articles.len() > 40, "{}", articles.len());
    for (path, text) in articles {
        let found = gate(&kit, SUBJECT, text, &facts(None)).into_iter().filter(|f| f.name.starts_with("private.")).collect::<Vec<_>>();
        assert_eq!(found, [], "{path}");
    }
}
