//! The reference request, from its raw bytes and the shipped configuration: initial response and closure say what the
//! engineer wrote then: the same sections, order and sentences, white space and the closing courtesy aside.

use casemate::case::{Language, Stage};
use casemate::catalog::Catalog;
use casemate::draft::{CaseView, Composed, Desk, Kit, Request, compose};
use casemate::mail::{self, Mail};
use casemate::triage::{self, Facts, Placement, Rules};

const REQUEST: &[u8] = include_bytes!("../reference/request.eml");
const INITIAL_RESPONSE: &str = include_str!("../reference/initial_response.txt");
const CLOSURE: &str = include_str!("../reference/closure.txt");

fn kit() -> Kit {
    Kit::load(Desk::default(), &[], Catalog::shipped().unwrap()).unwrap()
}

fn request() -> Mail {
    let settings = mail::Settings { own_addresses: vec!["support@desk.example".into()], max_bytes: 1 << 20, ..Default::default() };
    mail::parse(REQUEST, &settings)
}

fn composed(kit: &Kit, mail: &Mail, stage: Stage, sent_initial: Option<&str>) -> Composed {
    let case = CaseView {
        number: mail.subject.case_numbers[0].clone(),
        title: mail.subject.base.clone(),
        token: Some("CMIT:0001617".into()),
        customer: None,
    };
    let request = Request {
        stage,
        language: Language::Zh,
        mail,
        case,
        sent_initial,
        reminder_no: 0,
        survey_url: None,
        rule_articles: &[],
        engineer: None,
        received_at: 1_780_000_000_000,
    };
    compose(kit, &request)
}

/// No white space, no courtesy.
fn normal(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect::<String>().replace("谢谢！", "")
}

fn assert_says(ours: &str, theirs: &str) {
    let (a, b) = (normal(ours), normal(theirs));
    let same = a.chars().zip(b.chars()).take_while(|(x, y)| x == y).count();
    let around = |t: &str| t.chars().skip(same.saturating_sub(20)).take(60).collect::<String>();
    assert!(a == b, "differs at character {same}:\n ours:   {}\n theirs: {}\n{ours}", around(&a), around(&b));
}

#[test]
fn initial_response_says_what_the_engineer_wrote() {
    let (kit, mail) = (kit(), request());
    let draft = composed(&kit, &mail, Stage::InitialResponse, None);
    assert_says(&draft.body, INITIAL_RESPONSE);
    assert_eq!(draft.subject, "回复: [案例号: CAS-03160-B3H1K7 ] % 兴业客户反馈领导更新补丁时出现回滚现象 % 初次响应 CMIT:0001617");
    assert_eq!(draft.findings, []);
}

#[test]
fn closure_says_what_the_engineer_wrote() {
    let (kit, mail) = (kit(), request());
    let initial = composed(&kit, &mail, Stage::InitialResponse, None);
    let draft = composed(&kit, &mail, Stage::Closure, Some(&initial.body));
    assert_says(&draft.body, CLOSURE);
    assert_eq!(draft.findings, []);
    let without = composed(&kit, &mail, Stage::Closure, None);
    assert_says(&without.body, CLOSURE);
}

#[test]
fn the_request_opens_the_case_of_its_subject() {
    let rules = Rules::parse(triage::DEFAULT_RULES, "rules.toml").unwrap();
    let decision = triage::decide(&request(), &Facts::default(), &rules, &triage::Settings::default(), 0);
    assert_eq!(decision.placement, Placement::New { number: Some("CAS-03160-B3H1K7".into()) });
    assert_eq!(decision.stage, Some(Stage::InitialResponse));
    assert_eq!(decision.category.as_deref(), Some("rollback"));
}
