//! What goes wrong in production: one mail, row or case that fails for ever must not block the others, and what a person did must not be
//! lost to what happens meanwhile.

use crate::desk::{Desk, Engine, START, mail_text};
use crate::on_both_engines;
use casemate::app::{App, MailboxSettings, Source};
use casemate::case::{Stage, Status};
use casemate::daemon::{Step, fetch, triage};
use casemate::db::outbox::OutboxStatus;
use casemate::imap::{self, Session};
use casemate::review::{self, Edit};
use casemate::secret::Secret;
use casemate::{db, dial};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

const REQUEST: &[u8] = include_bytes!("../reference/request.eml");
const NUMBER: &str = "CAS-03160-B3H1K7";
const HOUR: Duration = Duration::from_secs(3600);
const CUSTOMER: &str = "刘先生 <liu@xingye.example>";

on_both_engines!(
    a_vote_that_comes_too_late_is_a_mail,
    damaged_bytes_stop_nothing,
    an_outgoing_mail_without_its_bytes_stops_nothing,
    a_new_mail_brings_back_what_waits_for_the_relay,
    a_reopened_case_keeps_its_closure_back,
    a_closure_approved_after_a_new_mail_archives,
    a_failure_does_not_supersede_an_edited_draft,
    one_survey_does_not_block_the_others,
    a_merged_case_gets_no_survey,
    reminders_count_business_time_and_take_no_for_an_answer,
    a_bounce_is_an_event_and_reopens_nothing,
    a_priority_moves_every_clock_and_keeps_what_was_granted,
    raw_mail_expires_by_the_hour,
);

async fn execute(app: &App, text: &'static str) -> u64 {
    match &app.db {
        db::Db::Sqlite { writer, .. } => sqlx::query(text).execute(writer).await.unwrap().rows_affected(),
        db::Db::Postgres(pool) => sqlx::query(text).execute(pool).await.unwrap().rows_affected(),
    }
}

async fn outbox(desk: &Desk, status: OutboxStatus) -> Vec<db::outbox::OutboxRow> {
    let mut tx = desk.app.db.read().await.unwrap();
    db::outbox::list(&mut tx, status, 100).await.unwrap()
}

/// A desk with the reference request answered.
async fn answered(engine: Engine) -> Desk {
    let desk = Desk::new(engine).await;
    desk.drop_mail("request.eml", REQUEST);
    desk.take_in().await;
    desk.send(Stage::InitialResponse).await;
    desk
}

/// … and archived, the survey scheduled.
async fn archived(engine: Engine) -> Desk {
    let desk = answered(engine).await;
    review::close(&desk.app, desk.case(NUMBER).await.id, "wei").await.unwrap();
    desk.send(Stage::Closure).await;
    assert_eq!(desk.case(NUMBER).await.status, Status::Archived);
    desk
}

/// Approves the waiting draft without delivering it.
async fn approve(desk: &Desk) {
    let draft = desk.draft().await;
    review::approve(&desk.app, draft.id, draft.version, Some("test"), "wei").await.unwrap();
}

async fn a_vote_that_comes_too_late_is_a_mail(engine: Engine) {
    let desk = archived(engine).await;
    desk.pass(25 * HOUR);
    desk.sweep().await;
    let survey = desk.sent().pop().unwrap().2;
    // Before the sweep has called the survey expired.
    desk.pass(40 * 24 * HOUR);
    let reply = format!("In-Reply-To: <{}>", survey.message_id.unwrap());
    desk.drop_mail("vote.eml", &mail_text(CUSTOMER, &format!("回复：{}", survey.subject.text), "非常满意", &reply));
    desk.take_in().await;
    let account = desk.account().await;
    assert_eq!((account.filed, account.received), (2, 0));
}

async fn damaged_bytes_stop_nothing(engine: Engine) {
    let desk = Desk::new(engine).await;
    let settings = &desk.app.settings.mailboxes[0];
    let Source::Folder(folder) = &settings.source else { panic!() };
    desk.drop_mail("damaged.eml", &mail_text("a@one.example", "第一台电脑更新失败", "您好", ""));
    fetch::folder_step(&desk.app, settings, folder, &mut fetch::Seen::default()).await.unwrap();
    assert_eq!(execute(&desk.app, "UPDATE raw_messages SET size = size + 7").await, 1);
    desk.drop_mail("good.eml", &mail_text("b@two.example", "第二台电脑更新失败", "您好", ""));
    desk.take_in().await;
    assert_eq!(desk.cases().await.len(), 1);
    let waiting = desk.quarantined().await;
    assert!(waiting[0].reason.as_deref().unwrap().contains("damaged"), "{waiting:?}");
}

async fn an_outgoing_mail_without_its_bytes_stops_nothing(engine: Engine) {
    let desk = Desk::new(engine).await;
    desk.drop_mail("a.eml", &mail_text("a@one.example", "第一台电脑更新失败", "您好", ""));
    desk.take_in().await;
    approve(&desk).await;
    let touched = "UPDATE raw_messages SET size = size + 7 WHERE message_key IN (SELECT message_key FROM outbox)";
    assert_eq!(execute(&desk.app, touched).await, 1);
    desk.drop_mail("b.eml", &mail_text("b@two.example", "第二台电脑更新失败", "您好", ""));
    desk.take_in().await;
    approve(&desk).await;
    desk.deliver().await;
    assert_eq!(desk.sent().len(), 1, "the second mail went out");
    assert_eq!(outbox(&desk, OutboxStatus::Failed).await.len(), 1);
    assert_eq!(desk.draft().await.case_title, "第一台电脑更新失败", "the first came back to the engineer");
}

async fn a_new_mail_brings_back_what_waits_for_the_relay(engine: Engine) {
    let desk = answered(engine).await;
    desk.drop_mail("more.eml", &mail_text(CUSTOMER, &format!("回复: [案例号: {NUMBER} ]"), "请问何时修复？", ""));
    desk.take_in().await;
    approve(&desk).await;
    desk.pass(HOUR);
    desk.drop_mail("never_mind.eml", &mail_text(CUSTOMER, &format!("回复: [案例号: {NUMBER} ]"), "请不要再发之前的步骤，情况变了。", ""));
    desk.take_in().await;
    desk.deliver().await;
    assert_eq!(desk.sent().len(), 1, "only the initial response");
    let draft = desk.draft().await;
    assert!(draft.findings.contains("a new mail of the customer"), "{}", draft.findings);
    let edit = Edit { version: draft.version, subject: &draft.subject, body: &draft.body, to: &draft.to, cc: &draft.cc };
    let version = review::edit(&desk.app, draft.id, &edit, "wei").await.unwrap();
    review::approve(&desk.app, draft.id, version, Some("test"), "wei").await.unwrap();
    desk.deliver().await;
    assert_eq!(desk.sent().len(), 2, "looked over, it goes");
}

async fn a_reopened_case_keeps_its_closure_back(engine: Engine) {
    let desk = answered(engine).await;
    let id = desk.case(NUMBER).await.id;
    review::close(&desk.app, id, "wei").await.unwrap();
    approve(&desk).await;
    review::reopen(&desk.app, id, "not yet", "wei").await.unwrap();
    desk.deliver().await;
    assert_eq!(desk.sent().len(), 1, "no closure for a case that is open again");
    assert_eq!(desk.case(NUMBER).await.status, Status::Reopened);
    assert_eq!(desk.draft().await.stage, Stage::Closure);
}

async fn a_closure_approved_after_a_new_mail_archives(engine: Engine) {
    let desk = answered(engine).await;
    review::close(&desk.app, desk.case(NUMBER).await.id, "wei").await.unwrap();
    let draft = desk.draft().await;
    let body = format!("{}\n多谢配合。", draft.body);
    let edit = Edit { version: draft.version, subject: &draft.subject, body: &body, to: &draft.to, cc: &draft.cc };
    let version = review::edit(&desk.app, draft.id, &edit, "wei").await.unwrap();
    desk.drop_mail("fine.eml", &mail_text(CUSTOMER, &format!("回复: [案例号: {NUMBER} ]"), "可以归档，谢谢。", ""));
    desk.take_in().await;
    assert_eq!(desk.case(NUMBER).await.status, Status::Reopened);
    let version = review::edit(&desk.app, draft.id, &Edit { version, ..edit }, "wei").await.unwrap();
    review::approve(&desk.app, draft.id, version, Some("test"), "wei").await.unwrap();
    desk.deliver().await;
    assert_eq!(desk.case(NUMBER).await.status, Status::Archived, "the engineer closed it knowing the mail");
}

async fn a_failure_does_not_supersede_an_edited_draft(engine: Engine) {
    let desk = Desk::new(engine).await;
    desk.drop_mail("request.eml", REQUEST);
    desk.take_in().await;
    approve(&desk).await;
    let id = desk.case(NUMBER).await.id;
    review::propose(&desk.app, id, Stage::Progress, "wei").await.unwrap();
    let draft = desk.draft().await;
    let edit = Edit { version: draft.version, subject: &draft.subject, body: "an hour's work", to: &draft.to, cc: &draft.cc };
    review::edit(&desk.app, draft.id, &edit, "wei").await.unwrap();
    execute(&desk.app, "DELETE FROM raw_messages WHERE message_key IN (SELECT message_key FROM outbox)").await;
    desk.deliver().await;
    let waiting = desk.draft().await;
    assert_eq!((waiting.id, waiting.body.as_str()), (draft.id, "an hour's work"));
    assert!(waiting.findings.contains("send.failed"), "{}", waiting.findings);
    assert!(desk.events(&desk.case(NUMBER).await).await.iter().any(|event| event == "send_failed"));
}

async fn one_survey_does_not_block_the_others(engine: Engine) {
    let desk = Desk::new(engine).await;
    for n in 1..=2 {
        desk.drop_mail(&format!("{n}.eml"), &mail_text(&format!("c{n}@c{n}.example"), &format!("第{n}台电脑更新失败"), "您好", ""));
    }
    desk.take_in().await;
    for draft in desk.queue().await {
        review::approve(&desk.app, draft.id, draft.version, Some("test"), "wei").await.unwrap();
    }
    desk.deliver().await;
    for case in desk.cases().await {
        review::close(&desk.app, case.id, "wei").await.unwrap();
        desk.send(Stage::Closure).await;
    }
    // The request of the first case cannot be read any more.
    let first = "UPDATE raw_messages SET size = size + 7 WHERE message_key = (SELECT min(id) FROM messages)";
    assert_eq!(execute(&desk.app, first).await, 1);
    desk.pass(25 * HOUR);
    desk.sweep().await;
    assert_eq!(desk.sent().len(), 5, "two answers, two closures, one survey");
    desk.sweep().await;
}

async fn a_merged_case_gets_no_survey(engine: Engine) {
    let desk = archived(engine).await;
    desk.drop_mail("b.eml", &mail_text("b@two.example", "第二台电脑更新失败", "您好", ""));
    desk.take_in().await;
    let other = desk.cases().await.into_iter().find(|case| case.number != NUMBER).unwrap();
    review::merge(&desk.app, desk.case(NUMBER).await.id, &other.number, "wei").await.unwrap();
    let sent = desk.sent().len();
    desk.pass(25 * HOUR);
    desk.sweep().await;
    assert_eq!(desk.sent().len(), sent);
}

async fn reminders_count_business_time_and_take_no_for_an_answer(engine: Engine) {
    let desk = Desk::with(engine, "[reminder]\nafter_business_hours = 8\nmax = 3\n").await;
    desk.drop_mail("request.eml", REQUEST);
    desk.take_in().await;
    desk.send(Stage::InitialResponse).await; // Thursday 14:30
    desk.pass(26 * HOUR); // Friday 16:30
    desk.sweep().await;
    desk.send(Stage::Reminder).await;
    desk.pass(48 * HOUR); // Sunday
    desk.sweep().await;
    assert!(desk.queue().await.is_empty(), "a weekend is no silence");
    desk.pass(48 * HOUR); // Tuesday 16:30
    desk.sweep().await;
    let draft = desk.draft().await;
    review::discard(&desk.app, draft.id, draft.version, "他在休假", "wei").await.unwrap();
    desk.sweep().await;
    assert!(desk.queue().await.is_empty(), "a discarded reminder is not proposed again at the next look");
}

async fn a_bounce_is_an_event_and_reopens_nothing(engine: Engine) {
    let desk = archived(engine).await;
    let closure = desk.sent().pop().unwrap().2;
    let bounce = format!(
        "From: MAILER-DAEMON@relay.example\r\nTo: support@desk.example\r\nSubject: Undelivered Mail Returned to Sender\r\n\
         Message-ID: <b1@relay.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
         --b\r\nContent-Type: text/plain\r\n\r\nunknown user\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n\
         Reporting-MTA: dns; relay.example\r\n\r\nFinal-Recipient: rfc822; liu@xingye.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n\
         --b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <{}>\r\nSubject: x\r\n\r\nx\r\n--b--\r\n",
        closure.message_id.unwrap()
    );
    desk.drop_mail("bounce.eml", bounce.as_bytes());
    desk.take_in().await;
    let case = desk.case(NUMBER).await;
    assert_eq!(case.status, Status::Archived);
    assert!(desk.events(&case).await.iter().any(|event| event == "bounced"));
    assert!(desk.queue().await.is_empty());
}

async fn a_priority_moves_every_clock_and_keeps_what_was_granted(engine: Engine) {
    use casemate::case::Priority;
    let desk = Desk::new(engine).await;
    desk.drop_mail("request.eml", REQUEST);
    desk.take_in().await;
    let new = desk.case(NUMBER).await;
    review::set_priority(&desk.app, new.id, Priority::Urgent, "wei").await.unwrap();
    let urgent = desk.case(NUMBER).await;
    assert!(urgent.first_response_due_at < new.first_response_due_at, "{urgent:?}");
    assert!(urgent.resolve_due_at < new.resolve_due_at, "{urgent:?}");
    review::set_priority(&desk.app, new.id, new.priority, "wei").await.unwrap();
    desk.send(Stage::InitialResponse).await;
    desk.pass(7 * 24 * HOUR);
    desk.drop_mail("more.eml", &mail_text(CUSTOMER, &format!("回复: [案例号: {NUMBER} ]"), "请问何时修复？", ""));
    desk.take_in().await;
    let resumed = desk.case(NUMBER).await;
    assert!(resumed.resolve_due_at > new.resolve_due_at, "the clock stood still");
    review::set_priority(&desk.app, new.id, new.priority, "wei").await.unwrap();
    assert_eq!(desk.case(NUMBER).await.resolve_due_at, resumed.resolve_due_at, "and is not set back");
}

async fn raw_mail_expires_by_the_hour(engine: Engine) {
    let desk = archived(engine).await;
    desk.sweep().await;
    desk.pass(10 * 366 * 24 * HOUR);
    desk.sweep().await;
    let mut tx = desk.app.db.read().await.unwrap();
    let first = db::message::first_inbound(&mut tx, desk.case(NUMBER).await.id).await.unwrap().unwrap();
    assert_eq!(db::message::raw(&mut tx, first).await.unwrap(), None);
}

// --- a mailbox on a server that misbehaves

/// What the server has and does.
#[derive(Default)]
struct Mailbox {
    validity: u32,
    mails: BTreeMap<u32, Vec<u8>>,
    /// This mail's body is refused (true) or ends the connection (false).
    poison: BTreeMap<u32, bool>,
    /// Every fetch is refused with this code.
    is_ill: bool,
    /// The login is refused.
    is_locked: bool,
    logins: u32,
}

/// An IMAP server with one mailbox, enough of RFC 9051 for fetching.
struct Server {
    account: imap::Account,
    mailbox: Arc<Mutex<Mailbox>>,
}

impl Server {
    async fn start(mails: impl IntoIterator<Item = Vec<u8>>) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let mails = (1..).zip(mails).collect();
        let mailbox = Arc::new(Mutex::new(Mailbox { validity: 1, mails, ..Mailbox::default() }));
        let shared = mailbox.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(talk(client, shared.clone()));
            }
        });
        Server { account: account(port), mailbox }
    }

    fn settings(&self) -> MailboxSettings {
        MailboxSettings { name: "imap".into(), source: Source::Imap(self.account.clone()), poll: Duration::from_millis(50) }
    }
}

fn account(port: u16) -> imap::Account {
    imap::Account {
        host: "127.0.0.1".into(),
        port,
        tls: dial::Tls::Plain,
        user: "support".into(),
        password: Secret::new("secret"),
        mailbox: "INBOX".into(),
        ca_file: None,
        allow_plain: false,
        timeout: Duration::from_secs(5),
    }
}

async fn talk(client: TcpStream, mailbox: Arc<Mutex<Mailbox>>) -> std::io::Result<()> {
    let (read, mut write) = client.into_split();
    write.write_all(b"* OK ready\r\n").await?;
    let mut lines = BufReader::new(read).lines();
    while let Some(line) = lines.next_line().await? {
        let (tag, command) = line.split_once(' ').unwrap_or((&line, ""));
        let Some(answer) = answer(tag, command, &mut mailbox.lock().unwrap()) else { return Ok(()) };
        write.write_all(&answer).await?;
    }
    Ok(())
}

fn answer(tag: &str, command: &str, mailbox: &mut Mailbox) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let words: Vec<&str> = command.split(' ').collect();
    match words.as_slice() {
        ["LOGIN", ..] => {
            mailbox.logins += 1;
            if mailbox.is_locked {
                return Some(format!("{tag} NO [AUTHENTICATIONFAILED] wrong\r\n").into_bytes());
            }
        }
        ["EXAMINE", ..] => out.extend(format!("* 0 EXISTS\r\n* OK [UIDVALIDITY {}] valid\r\n", mailbox.validity).bytes()),
        ["CAPABILITY", ..] => out.extend(b"* CAPABILITY IMAP4rev1\r\n"),
        ["UID", "SEARCH", "UID", range] => {
            let first: u32 = range.trim_end_matches(":*").parse().unwrap();
            let found = mailbox.mails.keys().filter(|uid| **uid >= first).map(|uid| format!(" {uid}")).collect::<String>();
            out.extend(format!("* SEARCH{found}\r\n").bytes());
        }
        ["UID", "FETCH", set, ..] => {
            let is_body = command.contains("BODY.PEEK");
            for (uid, raw) in mailbox.mails.iter().filter(|(uid, _)| contains(set, **uid)) {
                match mailbox.poison.get(uid) {
                    Some(false) if is_body => return None,
                    Some(true) if is_body => return Some(format!("{tag} NO [SERVERBUG] internal error\r\n").into_bytes()),
                    _ if mailbox.is_ill => return Some(format!("{tag} NO [UNAVAILABLE] storage is away\r\n").into_bytes()),
                    _ if is_body => {
                        out.extend(format!("* {uid} FETCH (UID {uid} BODY[] {{{}}}\r\n", raw.len()).bytes());
                        out.extend(raw);
                        out.extend(b")\r\n");
                    }
                    _ => {
                        let date = "22-Oct-2020 14:10:12 +0800";
                        out.extend(format!("* {uid} FETCH (UID {uid} INTERNALDATE \"{date}\" RFC822.SIZE {})\r\n", raw.len()).bytes());
                    }
                }
            }
        }
        _ => {}
    }
    out.extend(format!("{tag} OK done\r\n").bytes());
    Some(out)
}

fn contains(set: &str, uid: u32) -> bool {
    set.split(',').any(|part| {
        let (first, last) = part.split_once(':').unwrap_or((part, part));
        (first.parse::<u32>().unwrap()..=last.parse().unwrap()).contains(&uid)
    })
}

fn mails(count: usize) -> Vec<Vec<u8>> {
    (1..=count).map(|n| mail_text(&format!("c{n}@c{n}.example"), &format!("第{n}台电脑更新失败"), "您好", "")).collect()
}

/// Steps as the flow does, reconnecting after each failure, until there is nothing new. Gives the failures.
async fn fetch_all(desk: &Desk, server: &Server, suspect: &mut fetch::Suspect, most: u32) -> u32 {
    let settings = server.settings();
    let mut failures = 0;
    let mut session: Option<Session> = None;
    while failures < most {
        let mut open = match session.take() {
            Some(open) => open,
            None => imap::open(&server.account, true).await.unwrap(),
        };
        match fetch::imap_step(&desk.app, &settings, &mut open, suspect).await {
            Ok(Step::Worked) => session = Some(open),
            Ok(Step::Idle) => break,
            Err(_) => failures += 1,
        }
    }
    while triage::step(&desk.app).await.unwrap() == Step::Worked {}
    failures
}

#[tokio::test]
async fn a_mail_that_breaks_the_fetch_does_not_stop_the_mailbox() {
    for is_refused in [true, false] {
        let (desk, server) = (Desk::new(Engine::Sqlite).await, Server::start(mails(30)).await);
        for uid in [7, 8, 23, 30] {
            server.mailbox.lock().unwrap().poison.insert(uid, is_refused);
        }
        let mut suspect = fetch::Suspect::default();
        let failures = fetch_all(&desk, &server, &mut suspect, 60).await;
        assert_eq!(failures < 60, is_refused, "a refusal comes to an end");
        let account = desk.account().await;
        // The last one has nobody behind it: a refusal is believed after a while, a lost connection never.
        let expected = if is_refused { 4 } else { 3 };
        assert_eq!((account.filed, account.quarantined), (26, expected), "refused: {is_refused}, {failures} failures");
    }
}

#[tokio::test]
async fn a_server_that_is_ill_for_a_while_costs_no_mail() {
    let (desk, server) = (Desk::new(Engine::Sqlite).await, Server::start(mails(12)).await);
    server.mailbox.lock().unwrap().is_ill = true;
    let mut suspect = fetch::Suspect::default();
    assert_eq!(fetch_all(&desk, &server, &mut suspect, 40).await, 40, "no way through");
    assert_eq!(desk.account().await.messages, 0, "and nothing was given up");
    server.mailbox.lock().unwrap().is_ill = false;
    fetch_all(&desk, &server, &mut suspect, 1).await;
    assert_eq!(desk.account().await.filed, 12);
}

#[tokio::test]
async fn a_new_uidvalidity_doubles_nothing() {
    let (desk, server) = (Desk::new(Engine::Sqlite).await, Server::start(mails(5)).await);
    let mut suspect = fetch::Suspect::default();
    fetch_all(&desk, &server, &mut suspect, 1).await;
    {
        let mut mailbox = server.mailbox.lock().unwrap();
        mailbox.validity = 2;
        let mut renumbered: BTreeMap<u32, Vec<u8>> = (1..).zip(mailbox.mails.values().rev().cloned()).collect();
        renumbered.insert(6, mail_text("new@new.example", "第六台电脑更新失败", "您好", ""));
        mailbox.mails = renumbered;
    }
    fetch_all(&desk, &server, &mut suspect, 1).await;
    let account = desk.account().await;
    assert_eq!((account.sightings, account.duplicates, account.messages), (11, 5, 6));
    assert_eq!((desk.cases().await.len(), desk.queue().await.len()), (6, 6));
    fetch_all(&desk, &server, &mut suspect, 1).await;
    assert_eq!(desk.account().await.sightings, 11, "the new cursor holds");
}

#[tokio::test]
async fn a_rewritten_file_is_another_mail() {
    let desk = Desk::new(Engine::Sqlite).await;
    desk.drop_mail("a.eml", &mail_text("a@one.example", "第一台电脑更新失败", "您好", ""));
    desk.take_in().await;
    desk.pass(HOUR);
    desk.drop_mail("a.eml", &mail_text("b@two.example", "第二台电脑更新失败", "您好", ""));
    desk.take_in().await;
    assert_eq!(desk.cases().await.len(), 2);
    assert!(desk.now() > START);
}

#[tokio::test]
async fn automatic_stages_are_those_that_can_be() {
    let text = "[desk]\naddress = \"a@desk.example\"\n[automatic]\nstages = [\"closure\"]\n";
    let problems = casemate::config::parse(text, "casemate.toml", std::path::Path::new("."), &|_| None).err().unwrap();
    assert!(problems.to_string().contains("expected survey or reminder, found \"closure\""), "{problems}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reminder_may_be_automatic() {
    let desk = Desk::with(Engine::Sqlite, "[reminder]\nafter_business_hours = 8\nmax = 1\n[automatic]\nstages = [\"reminder\"]\n").await;
    desk.drop_mail("request.eml", REQUEST);
    desk.take_in().await;
    desk.send(Stage::InitialResponse).await;
    desk.pass(50 * HOUR);
    desk.sweep().await;
    let (_, raw, _) = desk.sent().pop().unwrap();
    assert!(String::from_utf8(raw).unwrap().contains("Auto-Submitted: auto-generated"));
    assert!(desk.queue().await.is_empty());
}

/// The daemon in this process, on a desk whose mailboxes and relay are replaced.
struct Running {
    app: Arc<App>,
    address: std::net::SocketAddr,
    task: tokio::task::JoinHandle<anyhow::Result<()>>,
    desk: Desk,
}

impl Running {
    async fn start(mut desk: Desk, change: impl FnOnce(&mut casemate::app::Settings)) -> Running {
        change(&mut Arc::get_mut(&mut desk.app).unwrap().settings);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (app, address) = (Arc::clone(&desk.app), listener.local_addr().unwrap());
        let lock = app.db.lock().await.unwrap();
        let task = tokio::spawn(casemate::daemon::run_on(Arc::clone(&app), listener, lock));
        Running { app, address, task, desk }
    }

    async fn health(&self) -> String {
        use tokio::io::AsyncReadExt;
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(b"GET /healthz HTTP/1.0\r\nHost: desk.example\r\n\r\n").await.unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).await.unwrap();
        text
    }

    async fn until_health(&self, word: &str) {
        let deadline = std::time::Instant::now() + Duration::from_secs(90);
        while !self.health().await.contains(word) {
            assert!(std::time::Instant::now() < deadline, "waited in vain for {word}: {}", self.health().await);
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Stops it; how long that took.
    async fn stop(self) -> Duration {
        self.stop_keeping().await.1
    }

    /// The same; the desk's directory is kept.
    async fn stop_keeping(self) -> (Desk, Duration) {
        let start = std::time::Instant::now();
        self.app.bells.stop.send_replace(true);
        self.task.await.unwrap().unwrap();
        (self.desk, start.elapsed())
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_login_is_shown_and_mends() {
    let server = Server::start(mails(1)).await;
    server.mailbox.lock().unwrap().is_locked = true;
    let settings = server.settings();
    let running = Running::start(Desk::new(Engine::Sqlite).await, |all| all.mailboxes = vec![settings]).await;
    running.until_health(r#""status":"degraded""#).await;
    server.mailbox.lock().unwrap().is_locked = false;
    running.until_health(r#""state":"polling""#).await;
    assert!(server.mailbox.lock().unwrap().logins < 5, "asked with growing pauses");
    assert!(running.stop().await < Duration::from_secs(3));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_always_breaks_off_is_not_asked_each_second() {
    let server = Server::start(mails(1)).await;
    server.mailbox.lock().unwrap().poison.insert(1, false);
    let settings = server.settings();
    let running = Running::start(Desk::new(Engine::Sqlite).await, |all| all.mailboxes = vec![settings]).await;
    tokio::time::sleep(Duration::from_millis(3_500)).await;
    let logins = server.mailbox.lock().unwrap().logins;
    assert!(logins <= 3, "after 0, 1 and 3 seconds, not {logins} times");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hanging_relay_does_not_hold_the_stop() {
    let relay = crate::fake::Fake::start(vec![crate::fake::Act::Hang]).await;
    let desk = Desk::new(Engine::Sqlite).await;
    desk.drop_mail("request.eml", REQUEST);
    desk.take_in().await;
    approve(&desk).await;
    let port = relay.port;
    let running = Running::start(desk, |all| {
        all.relay = casemate::app::Relay::Smtp(casemate::smtp::Relay {
            host: "127.0.0.1".into(),
            port,
            tls: dial::Tls::Plain,
            user: None,
            password: None,
            hello: None,
            ca_file: None,
            allow_plain: false,
            timeout: Duration::from_secs(60),
        });
    })
    .await;
    let app = Arc::clone(&running.app);
    let claimed = async || {
        let mut tx = app.db.read().await.unwrap();
        !db::outbox::list(&mut tx, OutboxStatus::Claimed, 1).await.unwrap().is_empty()
    };
    while !claimed().await {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let (path, took) = (running.desk.dir.path().join("desk.sqlite"), running.stop_keeping().await);
    assert!(took.1 < Duration::from_secs(8), "{:?}", took.1);
    // The next start takes it up: nothing had been handed over.
    let db = db::Db::open(&format!("sqlite:{}", path.display())).await.unwrap();
    let mut tx = db.begin().await.unwrap();
    assert!(db::outbox::recover(&mut tx, START).await.unwrap().is_empty(), "nothing is unknown");
    assert_eq!(db::outbox::list(&mut tx, OutboxStatus::Due, 10).await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_people_press_approve_at_once() {
    let desk = Desk::new(Engine::Sqlite).await;
    desk.drop_mail("request.eml", REQUEST);
    desk.take_in().await;
    let draft = desk.draft().await;
    let press = |by: &'static str| review::approve(&desk.app, draft.id, draft.version, Some("test"), by);
    let (one, two) = tokio::join!(press("wei"), press("ma"));
    assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
    desk.deliver().await;
    assert_eq!(desk.sent().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_daemon_on_the_same_database_is_refused() {
    let running = Running::start(Desk::new(Engine::Sqlite).await, |_| ()).await;
    running.until_health(r#""status":"ok""#).await;
    let error = running.app.db.lock().await.unwrap_err();
    assert!(error.to_string().contains("another casemate daemon runs on this database"), "{error}");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_outcome_that_cannot_be_recorded_whole_blocks_nobody() {
    let desk = Desk::new(Engine::Sqlite).await;
    for n in 1..=2 {
        desk.drop_mail(&format!("{n}.eml"), &mail_text(&format!("c{n}@c{n}.example"), &format!("第{n}台电脑更新失败"), "您好", ""));
    }
    desk.take_in().await;
    for draft in desk.queue().await {
        review::approve(&desk.app, draft.id, draft.version, Some("test"), "wei").await.unwrap();
    }
    // Stands for a defect: the first case's status refuses to move.
    let trigger = "CREATE TRIGGER defect BEFORE UPDATE OF status ON cases WHEN OLD.id = 1 BEGIN SELECT RAISE(ABORT, 'defect'); END";
    execute(&desk.app, trigger).await;
    desk.deliver().await;
    assert_eq!(desk.sent().len(), 2);
    assert_eq!(outbox(&desk, OutboxStatus::Sent).await.len(), 2, "each is recorded as sent, and no one is sent again");
}
