//! The main job, end to end, through the public steps of the flows: a mail arrives, an engineer sends the answer, closes the case, the
//! customer rates it. On both engines.

use crate::desk::{Desk, Engine, mail_text};
use crate::on_both_engines;
use casemate::case::{Stage, Status};
use casemate::review::{self, Edit, Verdict};
use std::time::Duration;

const REQUEST: &[u8] = include_bytes!("../reference/request.eml");
const NUMBER: &str = "CAS-03160-B3H1K7";
const HOUR: Duration = Duration::from_secs(3600);

on_both_engines!(
    from_request_to_rating,
    an_edit_and_a_new_mail_are_not_lost,
    automatic_mail_changes_nothing,
    a_silent_customer_is_reminded,
    a_number_without_evidence_goes_to_a_person,
    the_same_bytes_twice_are_one_mail,
    a_vote_by_mail_does_not_reopen,
    answers_typed_between_our_lines_are_read,
);

async fn from_request_to_rating(engine: Engine) {
    let desk = Desk::new(engine).await;
    desk.drop_mail("request.eml", REQUEST);
    desk.take_in().await;

    let draft = desk.draft().await;
    assert_eq!(draft.stage, Stage::InitialResponse);
    assert_eq!(draft.case_number, NUMBER);
    assert!(draft.subject.starts_with("回复: [案例号: CAS-03160-B3H1K7 ] % "), "{}", draft.subject);
    assert!(draft.subject.contains(" % 初次响应 CMIT:"), "{}", draft.subject);
    assert_eq!(desk.case(NUMBER).await.status, Status::New);

    let outbox = review::approve(&desk.app, draft.id, draft.version, None, "wei").await.unwrap();
    assert!(review::approve(&desk.app, draft.id, draft.version, None, "wei").await.is_err(), "approved twice: {outbox}");
    assert!(desk.sent().is_empty(), "nothing leaves before the flow delivers");
    desk.deliver().await;

    let sent = desk.sent();
    assert_eq!(sent.len(), 1);
    let answer = &sent[0].2;
    assert_eq!(answer.in_reply_to, ["20201022141012481530@xingye.example"]);
    assert_eq!(answer.references, ["20201022141012481530@xingye.example"]);
    assert_eq!(answer.subject.text, draft.subject);
    assert_eq!(answer.text.trim(), draft.body.trim(), "what was approved is what was sent");
    assert_eq!(answer.to[0].address, "liu@xingye.example");
    let case = desk.case(NUMBER).await;
    assert_eq!(case.status, Status::WaitingCustomer);
    assert_eq!(case.first_responded_at, Some(desk.now()));

    desk.pass(HOUR);
    let ours = answer.message_id.clone().unwrap();
    let thanks = mail_text(
        "刘先生 <liu@xingye.example>",
        &format!("答复: {}", draft.subject),
        "问题已解决，谢谢，可以归档了。",
        &format!("In-Reply-To: <{ours}>"),
    );
    desk.drop_mail("thanks.eml", &thanks);
    desk.take_in().await;
    assert_eq!(desk.cases().await.len(), 1, "the reply found its case");
    assert_eq!(desk.case(NUMBER).await.status, Status::InProgress);

    let closure = review::close(&desk.app, case.id, "wei").await.unwrap();
    assert_eq!(desk.case(NUMBER).await.status, Status::Resolved);
    assert_eq!(desk.draft().await.id, closure);
    desk.send(Stage::Closure).await;
    assert_eq!(desk.case(NUMBER).await.status, Status::Archived);
    let sent = desk.sent();
    assert!(sent[1].2.text.contains("案例总结"), "{}", sent[1].2.text);
    assert!(sent[1].2.references.contains(&ours), "the closure stands in the thread");

    desk.sweep().await;
    assert_eq!(desk.sent().len(), 2, "the survey waits for its time");
    desk.pass(25 * HOUR);
    desk.sweep().await;
    let sent = desk.sent();
    assert_eq!(sent.len(), 3);
    let survey = &sent[2].2;
    let at = survey.text.find("/survey/").expect("the survey mail has a link");
    let token: String = survey.text[at + 8..].chars().take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect();
    review::rate(&desk.app, &token, 5, Some("很好")).await.unwrap();
    assert!(review::rate(&desk.app, &token, 1, None).await.is_err(), "a link works once");

    let case = desk.case(NUMBER).await;
    let events = desk.events(&case).await;
    for kind in
        ["created", "mail_received", "draft_proposed", "draft_approved", "mail_sent", "closure_started", "survey_sent", "survey_answered"]
    {
        assert!(events.iter().any(|event| event == kind), "{kind} is missing in {events:?}");
    }
    let account = desk.account().await;
    assert_eq!((account.filed, account.ignored, account.quarantined), (2, 0, 0));

    desk.pass(HOUR);
    desk.drop_mail("again.eml", &mail_text("刘先生 <liu@xingye.example>", &format!("Re: {}", draft.subject), "又出现了同样的问题。", ""));
    desk.take_in().await;
    assert_eq!(desk.case(NUMBER).await.status, Status::Reopened, "a customer's reply reopens");
}

async fn an_edit_and_a_new_mail_are_not_lost(engine: Engine) {
    let desk = Desk::new(engine).await;
    desk.drop_mail("request.eml", REQUEST);
    desk.take_in().await;
    let draft = desk.draft().await;
    let body = format!("{}\n附注：今天下午回电。", draft.body);
    let edit = Edit { version: draft.version, subject: &draft.subject, body: &body, to: &draft.to, cc: &draft.cc };
    let version = review::edit(&desk.app, draft.id, &edit, "wei").await.unwrap();
    let other = review::edit(&desk.app, draft.id, &Edit { body: "mine", ..edit.clone() }, "ma").await;
    assert!(matches!(other, Err(review::Error::Conflict(_))), "{other:?}");
    assert_eq!(desk.draft().await.body, body, "the first edit stands");

    desk.pass(HOUR);
    desk.drop_mail(
        "more.eml",
        &mail_text("刘先生 <liu@xingye.example>", &format!("Re: {}", draft.subject), "补充：错误代码 0x800F0922。", ""),
    );
    desk.take_in().await;
    let stale = review::approve(&desk.app, draft.id, version, None, "wei").await;
    assert!(matches!(stale, Err(review::Error::Conflict(_))), "a new mail stops the sending: {stale:?}");
    assert_eq!(desk.draft().await.body, body, "and the edit is still there");
    // Looking it over (saving) makes it current again.
    let version = review::edit(&desk.app, draft.id, &Edit { version, ..edit }, "wei").await.unwrap();
    review::approve(&desk.app, draft.id, version, None, "wei").await.unwrap();
    desk.deliver().await;
    assert!(desk.sent()[0].2.text.contains("附注：今天下午回电。"));
}

async fn automatic_mail_changes_nothing(engine: Engine) {
    let desk = Desk::new(engine).await;
    desk.drop_mail("request.eml", REQUEST);
    desk.take_in().await;
    let draft = desk.draft().await;
    desk.send(Stage::InitialResponse).await;
    let case = desk.case(NUMBER).await;
    review::close(&desk.app, case.id, "wei").await.unwrap();
    desk.send(Stage::Closure).await;
    let automatic = [
        ("Auto-Submitted: auto-replied", "自动回复: "),
        ("Auto-Submitted: auto-generated\nList-Id: <news.example>", "Re: "),
        ("X-Casemate-Loop: support@desk.example", "Re: "),
    ];
    for (at, (header, prefix)) in automatic.iter().enumerate() {
        let raw = mail_text("刘先生 <liu@xingye.example>", &format!("{prefix}{}", draft.subject), "我正在休假。", header);
        desk.drop_mail(&format!("auto{at}.eml"), &raw);
    }
    desk.drop_mail("ours.eml", &mail_text("support@desk.example", &draft.subject, "ours coming back", ""));
    desk.take_in().await;
    assert_eq!(desk.case(NUMBER).await.status, Status::Archived);
    assert!(desk.queue().await.is_empty(), "nothing automatic gets an answer");
    assert_eq!(desk.cases().await.len(), 1, "nor a case");
    let account = desk.account().await;
    assert_eq!(account.messages, 5);
}

async fn a_silent_customer_is_reminded(engine: Engine) {
    let desk = Desk::with(engine, "[reminder]\nafter_business_hours = 24\nmax = 2\n").await;
    desk.drop_mail("request.eml", REQUEST);
    desk.take_in().await;
    desk.send(Stage::InitialResponse).await;
    desk.pass(25 * HOUR);
    desk.sweep().await;
    assert!(desk.queue().await.is_empty(), "24 business hours are more than a day");
    for round in 1..=2 {
        desk.pass(7 * 24 * HOUR);
        desk.sweep().await;
        let draft = desk.draft().await;
        assert_eq!(draft.stage, Stage::Reminder, "round {round}");
        desk.sweep().await;
        assert_eq!(desk.queue().await.len(), 1, "one reminder at a time");
        desk.send(Stage::Reminder).await;
    }
    desk.pass(30 * 24 * HOUR);
    desk.sweep().await;
    assert!(desk.queue().await.is_empty(), "no third reminder");
}

async fn a_number_without_evidence_goes_to_a_person(engine: Engine) {
    let desk = Desk::new(engine).await;
    desk.drop_mail("request.eml", REQUEST);
    desk.take_in().await;
    let foreign = mail_text("王 <wang@other.example>", "Re: [案例号: CAS-03160-B3H1K7 ] % 我的问题", "请把之前的记录发给我。", "");
    desk.drop_mail("foreign.eml", &foreign);
    desk.take_in().await;
    let waiting = desk.quarantined().await;
    assert_eq!(waiting.len(), 1, "a person decides");
    assert_eq!(desk.cases().await.len(), 1);
    review::settle_quarantined(&desk.app, waiting[0].key, Verdict::NewCase, "wei").await.unwrap();
    assert!(desk.quarantined().await.is_empty());
    let cases = desk.cases().await;
    assert_eq!(cases.len(), 2, "the person made it a case of its own");
    assert!(cases.iter().any(|case| case.customer_address == "wang@other.example" && case.number != NUMBER));
    let again = review::settle_quarantined(&desk.app, waiting[0].key, Verdict::Ignore("x"), "wei").await;
    assert!(matches!(again, Err(review::Error::Conflict(_))), "{again:?}");
}

async fn the_same_bytes_twice_are_one_mail(engine: Engine) {
    let desk = Desk::new(engine).await;
    desk.drop_mail("a.eml", REQUEST);
    desk.drop_mail("b.eml", REQUEST);
    desk.take_in().await;
    let mut other = REQUEST.to_vec();
    other.extend_from_slice(b"\r\n");
    desk.drop_mail("c.eml", &other);
    desk.take_in().await;
    let account = desk.account().await;
    assert_eq!((account.sightings, account.duplicates, account.messages), (3, 1, 2), "same Message-ID, other bytes: another mail");
    assert_eq!(desk.cases().await.len(), 1);
}

async fn a_vote_by_mail_does_not_reopen(engine: Engine) {
    let desk = Desk::new(engine).await;
    desk.drop_mail("request.eml", REQUEST);
    desk.take_in().await;
    desk.send(Stage::InitialResponse).await;
    let case = desk.case(NUMBER).await;
    review::close(&desk.app, case.id, "wei").await.unwrap();
    desk.send(Stage::Closure).await;
    desk.pass(25 * HOUR);
    desk.sweep().await;
    let survey = desk.sent().pop().unwrap().2;
    let vote = mail_text(
        "刘先生 <liu@xingye.example>",
        &format!("回复：{}", survey.subject.text),
        "非常满意\n响应很快。",
        &format!("In-Reply-To: <{}>", survey.message_id.unwrap()),
    );
    desk.drop_mail("vote.eml", &vote);
    desk.take_in().await;
    assert_eq!(desk.case(NUMBER).await.status, Status::Archived);
    assert!(desk.events(&case).await.iter().any(|event| event == "survey_answered"));
    let mut tx = desk.app.db.read().await.unwrap();
    let (scores, sent) = casemate::db::report::survey_scores(&mut tx, 0).await.unwrap();
    assert_eq!((scores, sent), (vec![5], 1));
}

/// Outlook quotes without marks: only our own text tells which lines the customer typed into it.
async fn answers_typed_between_our_lines_are_read(engine: Engine) {
    let desk = Desk::new(engine).await;
    desk.drop_mail("request.eml", REQUEST);
    desk.take_in().await;
    let draft = desk.draft().await;
    review::approve(&desk.app, draft.id, draft.version, None, "wei").await.unwrap();
    desk.deliver().await;
    let answer = desk.sent()[0].2.clone();
    desk.pass(HOUR);
    let (above, below) = answer.text.split_once("\n2. ").expect("the answer repeats the questions");
    let head = "发件人: 技术支持中心 <support@desk.example>\n发送时间: 2020年10月22日 14:30\n收件人: 刘先生\n主题: 回复: x\n\n";
    let text = format!("见下面回复。\n\n{head}{above}\n已在两台电脑上确认，错误代码是 0x80070002。\n2. {below}");
    let ours = answer.message_id.clone().unwrap();
    let reply = mail_text("刘先生 <liu@xingye.example>", &format!("答复: {}", draft.subject), &text, &format!("In-Reply-To: <{ours}>"));
    desk.drop_mail("inline.eml", &reply);
    desk.take_in().await;
    let case = desk.case(NUMBER).await;
    let mut tx = desk.app.db.read().await.unwrap();
    let mails = casemate::db::message::list_of_case(&mut tx, case.id, 10).await.unwrap();
    let reply = &mails.last().expect("the reply").reply_text;
    assert!(reply.starts_with("见下面回复。"), "{reply}");
    assert!(reply.contains("已在两台电脑上确认，错误代码是 0x80070002。"), "{reply}");
    assert!(!reply.contains("案例分析") && !reply.contains("SoftwareDistribution"), "{reply}");
}
