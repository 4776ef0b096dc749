//! Tables of placements, contradictions, automatic mail, stages and rules.

use super::*;
use crate::mail::{Address, Attachment, Bounce, Mentions, StateWords, Subject};

const NOW: Millis = 1_700_000_000_000;

fn mail(from: &str, base: &str) -> Mail {
    Mail {
        message_id: Some("m@customer.example".into()),
        in_reply_to: vec![],
        references: vec![],
        date_at: None,
        from: (!from.is_empty()).then(|| Address { name: None, address: from.into() }),
        reply_to: vec![],
        to: vec![Address { name: None, address: "support@desk.example".into() }],
        cc: vec![],
        subject: Subject { text: base.into(), base: base.into(), ..Subject::default() },
        text: "文字".into(),
        segments: vec![],
        reply_text: "文字".into(),
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

fn reply(from: &str, base: &str) -> Mail {
    let mut m = mail(from, base);
    m.subject.is_reply = true;
    m
}

fn numbered(mut m: Mail, numbers: &[&str]) -> Mail {
    m.subject.case_numbers = numbers.iter().map(|n| n.to_string()).collect();
    m
}

/// Case `id`, numbered `CAS-0000<id>-A1A1A1`, titled 更新失败<id>, of `liu@bank<id>.example`.
fn case(id: i64) -> CaseFacts {
    CaseFacts {
        id: CaseId(id),
        number: format!("CAS-0000{id}-A1A1A1"),
        status: Status::InProgress,
        title: format!("更新失败{id}"),
        addresses: vec![format!("liu@bank{id}.example")],
        updated_at: NOW - 3 * 86_400_000,
        merged_into: None,
    }
}

fn with(mut c: CaseFacts, status: Status) -> CaseFacts {
    c.status = status;
    c
}

fn reference(c: CaseFacts) -> (String, CaseFacts) {
    ("old@desk.example".into(), c)
}

fn settings() -> Settings {
    Settings { own_addresses: vec!["support@desk.example".into()], ..Settings::default() }
}

fn decided(m: &Mail, facts: &Facts) -> Decision {
    decide(m, facts, &Rules::default(), &settings(), NOW)
}

/// `existing 1 number`, `new CAS-…`, `new`, `ignored`, `person 1,2`.
fn short(p: &Placement) -> String {
    match p {
        Placement::Existing { case, how, .. } => format!("existing {case} {how}"),
        Placement::New { number: Some(n) } => format!("new {n}"),
        Placement::New { number: None } => "new".into(),
        Placement::Ignored { .. } => "ignored".into(),
        Placement::Person { candidates, .. } => {
            format!("person {}", candidates.iter().map(|c| c.to_string()).collect::<Vec<_>>().join(","))
        }
    }
}

fn names(d: &Decision) -> Vec<&str> {
    d.reasons.iter().map(|r| r.name.as_str()).collect()
}

#[track_caller]
fn check(what: &str, m: Mail, facts: Facts, wanted: &str, reason: &str) -> Decision {
    let d = decided(&m, &facts);
    assert_eq!(short(&d.placement), wanted, "{what}: {:?}", d.reasons);
    assert!(names(&d).contains(&reason), "{what}: wanted {reason} in {:?}", names(&d));
    d
}

const ONE: &str = "CAS-00001-A1A1A1";
const TWO: &str = "CAS-00002-A1A1A1";

#[test]
fn by_number() {
    let known = |c: CaseFacts| Facts { by_number: vec![c], ..Facts::default() };
    let m = |from| numbered(mail(from, "补充日志"), &[ONE]);
    check("unknown number", m("a@b.example"), Facts::default(), &format!("new {ONE}"), "case.number.unknown");
    check("own address", m("LIU@bank1.example"), known(case(1)), "existing 1 number", "case.number.believed");
    check("same domain", m("wang@bank1.example"), known(case(1)), "existing 1 number", "case.number.believed");
    check("stranger", m("x@other.example"), known(case(1)), "person 1", "case.number.disbelieved");
    check("subdomain is not the domain", m("x@evil-bank1.example"), known(case(1)), "person 1", "case.number.disbelieved");
    let shared = CaseFacts { addresses: vec!["liu@QQ.com".into()], ..case(1) };
    check("freemail domain proves nothing", m("other@qq.com"), known(shared.clone()), "person 1", "case.number.disbelieved");
    check("freemail address does", m("liu@qq.com"), known(shared), "existing 1 number", "case.number.believed");
    let facts = Facts { by_number: vec![case(1)], by_reference: vec![reference(case(1))], ..Facts::default() };
    check("stranger who answers a mail of the case", m("x@other.example"), facts, "existing 1 number", "case.number.believed");
    let merged = CaseFacts { merged_into: Some(CaseId(2)), status: Status::Merged, ..case(1) };
    check("merged", m("liu@bank1.example"), known(merged), "existing 2 number", "case.merged");
    let d = check("archived", m("liu@bank1.example"), known(with(case(1), Status::Archived)), "existing 1 number", "case.over");
    assert_eq!(d.trigger, Some(Trigger::CustomerReplied));
}

#[test]
fn several_numbers() {
    let m = |from| numbered(mail(from, "两个案例"), &[ONE, TWO]);
    let both = CaseFacts { addresses: vec!["liu@bank1.example".into()], ..case(2) };
    let facts = Facts { by_number: vec![case(1), both.clone()], ..Facts::default() };
    check("both believed", m("liu@bank1.example"), facts.clone(), "person 1,2", "case.number.several");
    let facts = Facts { by_reference: vec![reference(both.clone())], ..facts };
    check("both believed, one answered", m("liu@bank1.example"), facts, "existing 2 number", "case.number.believed");
    let facts = Facts { by_number: vec![case(2), case(1)], ..Facts::default() };
    check("one believed", m("liu@bank1.example"), facts, "existing 1 number", "case.number.believed");
    let merged = CaseFacts { merged_into: Some(CaseId(1)), ..both };
    let facts = Facts { by_number: vec![case(1), merged], ..Facts::default() };
    check("both are one since merging", m("liu@bank1.example"), facts, "existing 1 number", "case.number.believed");
}

#[test]
fn contradictions() {
    let facts = || Facts { by_number: vec![case(1)], by_reference: vec![reference(case(2))], ..Facts::default() };
    let m = |from| numbered(reply(from, "更新失败1"), &[ONE]);
    let d =
        check("number with sender wins over references", m("liu@bank1.example"), facts(), "existing 1 number", "case.number.contradicts");
    assert!(d.reasons.iter().any(|r| r.text.contains(TWO)), "the reason names the other case");
    check("number without sender, references elsewhere", m("liu@bank2.example"), facts(), "person 1,2", "case.number.disbelieved");
    let facts = Facts { by_reference: vec![reference(case(1))], ..Facts::default() };
    let d = numbered(reply("liu@bank1.example", "更新失败1"), &[TWO]);
    check("another, unknown number in an answer to an old mail", d, facts, &format!("new {TWO}"), "case.number.unknown");
    let mut m = reply("liu@bank1.example", "更新失败1");
    m.text = format!("与 {TWO} 相同吗");
    let facts = Facts { by_reference: vec![reference(case(1))], ..Facts::default() };
    check("a number in the body never counts", m, facts, "existing 1 reference", "case.reference");
}

#[test]
fn by_reference() {
    let facts = || Facts { by_reference: vec![reference(case(1)), reference(case(2))], ..Facts::default() };
    check("nearest wins", reply("liu@bank1.example", "更新失败1"), facts(), "existing 1 reference", "case.reference.runner_up");
    check("edited subject with prefix", reply("liu@bank1.example", "日志"), facts(), "existing 1 reference", "case.reference");
    check("prefix lost, subject kept", mail("liu@bank1.example", "更新 失败1"), facts(), "existing 1 reference", "case.reference");
    check(
        "prefix lost, subject extended",
        mail("liu@bank1.example", "更新失败1，补充日志"),
        facts(),
        "existing 1 reference",
        "case.reference",
    );
    check("colleague", reply("new@elsewhere.example", "更新失败1"), facts(), "existing 1 reference", "case.reference");
    check("new matter in an answer", mail("liu@bank1.example", "打印机无法使用"), facts(), "new", "case.reference.new_matter");
    let merged = CaseFacts { merged_into: Some(CaseId(2)), ..case(1) };
    let facts = Facts { by_reference: vec![reference(merged)], ..Facts::default() };
    check("merged", reply("liu@bank1.example", "更新失败1"), facts, "existing 2 reference", "case.merged");
}

#[test]
fn by_token() {
    let m = |from: &str, base: &str| {
        let mut m = reply(from, base);
        m.subject.tracking_token = Some("CMIT:0001617".into());
        m
    };
    let facts = |cases: Vec<CaseFacts>| Facts { by_token: cases, ..Facts::default() };
    check("with sender", m("wang@bank1.example", "x"), facts(vec![case(1)]), "existing 1 token", "case.token");
    check("never alone", m("x@other.example", "x"), facts(vec![case(1)]), "new", "case.token.disbelieved");
    let twin = CaseFacts { addresses: case(1).addresses, ..case(2) };
    check("repeated, told apart by sender", m("liu@bank1.example", "x"), facts(vec![case(2), case(1)]), "existing 1 token", "case.token");
    check(
        "repeated, told apart by subject",
        m("liu@bank1.example", "更新失败2"),
        facts(vec![case(1), twin.clone()]),
        "existing 2 token",
        "case.token",
    );
    let colleague = CaseFacts { addresses: vec!["wang@bank1.example".into()], ..case(2) };
    let both = facts(vec![colleague, case(1)]);
    check("repeated, told apart by address", m("liu@bank1.example", "x"), both.clone(), "existing 1 token", "case.token");
    check("repeated, a third colleague", m("zhao@bank1.example", "x"), both, "person 2,1", "case.token.several");
    check("repeated", m("liu@bank1.example", "其他主题"), facts(vec![case(1), twin]), "person 1,2", "case.token.several");
}

#[test]
fn by_subject() {
    let facts = |cases: Vec<CaseFacts>| Facts { by_subject: cases, ..Facts::default() };
    let over = || with(case(2), Status::Archived);
    check("open case", mail("liu@bank1.example", "更新失败"), facts(vec![case(1)]), "existing 1 subject", "case.subject");
    check(
        "open before over",
        mail("liu@bank1.example", "更新失败"),
        facts(vec![over(), case(1)]),
        "existing 1 subject",
        "case.subject.runner_up",
    );
    check("over, not a reply", mail("liu@bank1.example", "更新失败"), facts(vec![over()]), "new", "case.subject.over");
    check("over, a reply", reply("liu@bank1.example", "更新失败"), facts(vec![over()]), "existing 2 subject", "case.subject");
    check("too short", reply("liu@bank1.example", "求助"), facts(vec![case(1)]), "new", "case.subject.short");
    check("nothing", mail("liu@bank1.example", "更新失败"), facts(vec![]), "new", "case.new");
    check("no sender", mail("", "更新失败"), Facts::default(), "person ", "sender.missing");
}

#[test]
fn automatic_mail() {
    let auto = |kind, from: &str| {
        let mut m = reply(from, "更新失败1");
        (m.kind, m.kind_reason) = (kind, "Auto-Submitted".into());
        m
    };
    let known = || Facts { by_reference: vec![reference(case(1))], ..Facts::default() };
    for kind in [Kind::AutoReply, Kind::Receipt, Kind::List] {
        let d = check("known", auto(kind, "liu@bank1.example"), known(), "existing 1 reference", "automatic.filed");
        assert_eq!((d.trigger, d.stage), (None, None));
        let d = check("unknown", auto(kind, "liu@bank1.example"), Facts::default(), "ignored", "automatic.ignored");
        assert_eq!((d.trigger, d.stage), (None, None));
        let by_subject = Facts { by_subject: vec![case(1)], ..Facts::default() };
        check("subject is not enough", auto(kind, "liu@bank1.example"), by_subject, "ignored", "automatic.ignored");
        let by_number = Facts { by_number: vec![case(1)], ..Facts::default() };
        check("number", numbered(auto(kind, "liu@bank1.example"), &[ONE]), by_number.clone(), "existing 1 number", "automatic.filed");
        check("number of a stranger", numbered(auto(kind, "x@y.example"), &[ONE]), by_number, "ignored", "automatic.ignored");
    }
    check("loop", auto(Kind::Loop, "support@desk.example"), known(), "ignored", "loop.ignored");
    let own = check("own address", mail("Support@Desk.example", "更新失败1"), known(), "ignored", "loop.ignored");
    assert_eq!(own.kind, Kind::Loop);
}

#[test]
fn bounces() {
    let bounce = |original: Option<&str>, recipient: &str| {
        let mut m = mail("postmaster@qq.com", "系统退信");
        m.kind = Kind::Bounce;
        m.bounce = Some(Bounce {
            action: "failed".into(),
            original_message_id: original.map(str::to_owned),
            recipient: Some(recipient.into()),
            ..Bounce::default()
        });
        m
    };
    let facts = Facts { by_reference: vec![("near".into(), case(2)), ("sent@desk.example".into(), case(1))], ..Facts::default() };
    let d = check("original", bounce(Some("sent@desk.example"), ""), facts, "existing 1 reference", "bounce.filed");
    assert_eq!((d.trigger, d.stage), (None, None));
    let by_number = Facts { by_number: vec![case(1)], ..Facts::default() };
    check(
        "number and recipient",
        numbered(bounce(None, "liu@bank1.example"), &[ONE]),
        by_number.clone(),
        "existing 1 number",
        "bounce.filed",
    );
    check("number alone", numbered(bounce(None, "x@y.example"), &[ONE]), by_number, "ignored", "automatic.ignored");
    check("unknown", bounce(Some("?"), ""), Facts::default(), "ignored", "automatic.ignored");
}

#[test]
fn stages() {
    let facts = Facts { by_reference: vec![reference(case(1))], ..Facts::default() };
    let table: &[(&str, StateWords, Option<Stage>)] = &[
        ("plain", StateWords::default(), Some(Stage::Progress)),
        ("thanks", StateWords { thanks_only: true, ..StateWords::default() }, None),
        ("resolved", StateWords { resolved: true, ..StateWords::default() }, None),
        ("may archive", StateWords { may_archive: true, ..StateWords::default() }, None),
        ("resolved and not", StateWords { resolved: true, not_resolved: true, ..StateWords::default() }, Some(Stage::Progress)),
    ];
    for (what, words, stage) in table {
        let m = Mail { state_words: *words, ..reply("liu@bank1.example", "更新失败1") };
        let d = decided(&m, &facts);
        assert_eq!(d.stage, *stage, "{what}");
        assert_eq!(d.trigger, Some(Trigger::CustomerReplied), "{what}");
        assert!(stage.is_some() || names(&d).iter().any(|n| n.starts_with("draft.none")), "{what}");
    }
    let new = decided(
        &Mail { state_words: StateWords { thanks_only: true, ..StateWords::default() }, ..mail("a@b.example", "新问题") },
        &Facts::default(),
    );
    assert_eq!((new.stage, new.trigger), (Some(Stage::InitialResponse), None));
}

fn ruled(toml: &str, m: &Mail) -> Decision {
    let rules = Rules::parse(toml, "rules.toml").unwrap();
    decide(m, &Facts::default(), &rules, &settings(), NOW)
}

#[test]
fn each_condition_holds_and_does_not() {
    let mut m = mail("Liu@Bank1.example", "KB4577668 安装失败");
    m.reply_text = "重启后回滚，错误0x800F0922".into();
    m.mentions = Mentions {
        kb: vec!["KB4577668".into()],
        error_codes: vec!["0x800F0922".into()],
        builds: vec!["17763.1397".into()],
        products: vec!["V2020-L".into()],
    };
    m.state_words.urgent = true;
    m.attachments = vec![Attachment { name: None, content_type: "text/plain".into(), size: 1, inline: false }];
    let table = [
        ("subject = 'kb\\d+ ?安装'", "subject = '^安装'"),
        ("text = '重启.+回滚'", "text = 'KB4577668'"),
        ("text = '\\b0x800f0922'", "text = '\\b800f0922'"),
        ("words_any = ['蓝屏', '回滚']", "words_any = ['蓝屏']"),
        ("words_all = ['kb4577668', '回滚']", "words_all = ['蓝屏', '回滚']"),
        ("sender = '@bank1.example'", "sender = '@1.example'"),
        ("sender = ['liu@BANK1.example']", "sender = 'iu@bank1.example'"),
        ("to = 'support@desk.example'", "to = 'other@desk.example'"),
        ("kind = 'message'", "kind = ['list', 'bounce']"),
        ("kb = ['KB4577668']", "kb = 'KB4577669'"),
        ("error_code = '0x800f0922'", "error_code = '0x80070005'"),
        ("build = '17763'", "build = '1776'"),
        ("build = '17763.1397'", "build = '17763.139'"),
        ("product = 'v2020-l'", "product = 'V2022-L'"),
        ("language = 'zh'", "language = 'en'"),
        ("state = ['complaint', 'urgent']", "state = 'complaint'"),
        ("has_attachment = true", "has_attachment = false"),
    ];
    for (holds, fails) in table {
        let toml = |condition| format!("[[rule]]\nname = 'r'\nwhen.{condition}\nset.category = 'c'\n");
        assert_eq!(ruled(&toml(holds), &m).category.as_deref(), Some("c"), "{holds}");
        assert_eq!(ruled(&toml(fails), &m).rule, None, "{fails}");
    }
    assert_eq!(ruled("[[rule]]\nname = 'r'\nwhen = { kind = 'message', words_any = '蓝屏' }", &m).rule, None, "all conditions must hold");
}

#[test]
fn first_match_wins_and_effects_apply() {
    let toml = "
[[rule]]
name = 'first'
when.words_any = '更新'
set = { category = 'c', priority = 'urgent', owner = 'wang', language = 'en', articles = ['install-ssu'], draft = false }
[[rule]]
name = 'second'
set.priority = 'low'
";
    let d = ruled(toml, &mail("a@b.example", "更新失败"));
    assert_eq!(d.rule.as_deref(), Some("first"));
    assert_eq!((d.priority, d.owner.as_deref(), d.language, d.stage), (Priority::Urgent, Some("wang"), Language::En, None));
    assert_eq!(d.articles, ["install-ssu"]);
    assert!(names(&d).contains(&"rule.runner_up") && names(&d).contains(&"draft.none.rule"));
    assert_eq!(ruled(toml, &mail("a@b.example", "打印")).priority, Priority::Low);
}

#[test]
fn ignoring_never_drops_a_mail_of_a_case() {
    let rules = Rules::parse("[[rule]]\nname = 'r'\nset.ignore = 'newsletter'", "f").unwrap();
    let new = decide(&mail("a@b.example", "优惠活动"), &Facts::default(), &rules, &settings(), NOW);
    assert_eq!(new.placement, Placement::Ignored { reason: "newsletter".into() });
    let facts = Facts { by_reference: vec![reference(case(1))], ..Facts::default() };
    let kept = decide(&reply("liu@bank1.example", "更新失败1"), &facts, &rules, &settings(), NOW);
    assert_eq!(short(&kept.placement), "existing 1 reference");
    assert!(names(&kept).contains(&"rule.ignore.kept"));
}

#[test]
fn problems_of_rules_are_found_at_once_with_their_lines() {
    let toml = "colour = 1
[[rule]]
name = 'a'
when.subjct = 'x'
when.subject = '('
when.kind = ['mail']
when.kb = 'KB12'
when.error_code = '800'
when.build = 'x'
when.sender = 'nobody'
when.state = 'sad'
when.has_attachment = 'yes'
when.words_any = []
set.priority = 'huge'
set.colour = 'red'
set.language = 'fr'
[[rule]]
name = 'a'
[[rule]]
when.words_any = 7
";
    let problems = Rules::parse(toml, "rules.toml").unwrap_err();
    let found: Vec<(usize, &str)> = problems.iter().map(|p| (p.line, p.key.as_str())).collect();
    let wanted = [
        (1, "colour"),
        (4, "subjct"),
        (5, "subject"),
        (6, "kind"),
        (7, "kb"),
        (8, "error_code"),
        (9, "build"),
        (10, "sender"),
        (11, "state"),
        (12, "has_attachment"),
        (13, "words_any"),
        (14, "priority"),
        (15, "colour"),
        (16, "language"),
    ];
    assert!(wanted.iter().all(|w| found.contains(w)), "{problems:#?}");
    let texts: Vec<String> = problems.iter().map(Problem::to_string).collect();
    let all = texts.join("\n");
    assert!(all.contains("rules.toml:17: rule: a second rule named \"a\""), "{all}");
    assert!(all.contains("rules.toml:17: rule: rule \"a\" has no condition"), "{all}");
    assert!(all.contains("name: a rule needs a name"), "{all}");
    assert!(all.contains("unknown Priority \"huge\", expected one of: low, normal, high, urgent"), "{all}");
    let broken = Rules::parse("[[rule]]\nname = \n", "rules.toml").unwrap_err();
    assert_eq!((broken.len(), broken[0].line), (1, 2));
}

#[test]
fn shipped_rules_are_sound() {
    let rules = Rules::parse(DEFAULT_RULES, "rules.toml").unwrap();
    assert!(rules.rules.len() >= 8);
    let table = [
        ("更新补丁时出现回滚现象", Some("rollback")),
        ("打印机无法使用", Some("printing")),
        ("系统激活失败", Some("activation")),
        ("更新后蓝屏", Some("blue-screen")),
        ("大面积更新失败", Some("outage")),
        ("补丁推送后开机黑屏", Some("blue-screen")),
        ("Update keeps rolling back", Some("rollback")),
        ("激活服务器地址", Some("activation")),
        ("年度服务报价", Some("sales")),
        ("把日志打印出来的更新", Some("update")),
        ("KB4577668 安装失败", Some("update-failure")),
        ("你好", None),
    ];
    for (subject, category) in table {
        let d = decide(&mail("a@b.example", subject), &Facts::default(), &rules, &settings(), NOW);
        assert_eq!(d.category.as_deref(), category, "{subject}");
        assert_eq!(d.articles.is_empty(), subject != "系统激活失败", "{subject}: the state of activation is checked first");
    }
}

#[test]
fn same_input_same_decision_and_language_of_reasons() {
    let facts = Facts { by_number: vec![case(1)], by_reference: vec![reference(case(2))], ..Facts::default() };
    let m = numbered(reply("liu@bank1.example", "更新失败1"), &[ONE]);
    assert_eq!(decided(&m, &facts), decided(&m, &facts));
    let english = Settings { desk_language: Language::En, ..settings() };
    let d = decide(&m, &facts, &Rules::default(), &english, NOW);
    let of_ours = |r: &&Reason| !r.name.starts_with("kind");
    assert!(d.reasons.iter().filter(of_ours).all(|r| r.text.is_ascii()), "{:?}", d.reasons);
}
