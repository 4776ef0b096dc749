//! IMAP against Dovecot, and against scripted servers that misbehave.

use crate::fake::{Act, Fake, say};
use crate::servers::{Dovecot, dovecot::CHINESE, mail};
use casemate::dial;
use casemate::imap::{Account, Error, Fetched, Raw, Session, Tls, Wake, check, open};
use casemate::secret::Secret;
use std::time::{Duration, Instant};

const MAX: u64 = 50 << 20;

fn account(dovecot: &Dovecot, tls: Tls) -> Account {
    Account {
        host: "localhost".into(),
        port: if tls == Tls::Implicit { dovecot.tls_port } else { dovecot.port },
        tls,
        user: dovecot.user.into(),
        password: Secret::new(dovecot.password),
        mailbox: "INBOX".into(),
        ca_file: Some(dovecot.ca_file.clone()),
        allow_plain: false,
        timeout: Duration::from_secs(20),
    }
}

fn bytes(fetched: &Fetched) -> &[u8] {
    match fetched {
        Fetched::Mail { raw: Raw::Bytes(bytes), .. } => bytes,
        other => panic!("no bytes for UID {}", other.uid()),
    }
}

// --- Dovecot

#[tokio::test]
#[ignore = "needs Dovecot"]
async fn logs_in_by_each_kind_of_tls() {
    let dovecot = Dovecot::start();
    for tls in [Tls::Implicit, Tls::StartTls, Tls::Plain] {
        let session = open(&account(&dovecot, tls), true).await.unwrap();
        assert!(session.uid_validity() > 0 && session.can_idle(), "{tls}");
        session.logout().await;
    }
    check(&account(&dovecot, Tls::Implicit)).await.unwrap();
}

#[tokio::test]
#[ignore = "needs Dovecot"]
async fn a_wrong_setting_is_named() {
    let dovecot = Dovecot::start();
    let good = account(&dovecot, Tls::Implicit);

    let error = check(&Account { password: Secret::new("wrong"), ..good.clone() }).await.unwrap_err();
    assert!(matches!(error, Error::Login { .. }) && error.needs_person(), "{error:?}");
    assert_eq!(
        error.to_string(),
        format!("localhost:{} refuses the login of this user: [AUTHENTICATIONFAILED] Authentication failed.", good.port)
    );

    let error = check(&Account { mailbox: "没有".into(), ..good.clone() }).await.unwrap_err();
    assert!(matches!(&error, Error::MailboxMissing { mailbox, .. } if mailbox == "没有"), "{error:?}");

    let error = check(&Account { ca_file: None, ..good.clone() }).await.unwrap_err();
    assert!(error.to_string().ends_with("signed by an unknown authority (ca_file can name it)"), "{error}");

    let error = check(&Account { ca_file: Some("/nowhere.pem".into()), ..good.clone() }).await.unwrap_err();
    assert!(error.to_string().starts_with("CA file /nowhere.pem: "), "{error}");

    let error = check(&Account { host: "127.0.0.2".into(), ..account(&dovecot, Tls::Plain) }).await.unwrap_err();
    assert!(matches!(error, Error::Dial(dial::Error::Unreachable { .. })) && !error.needs_person(), "{error:?}");

    let error = check(&Account { port: dovecot.port, timeout: Duration::from_millis(300), ..good.clone() }).await.unwrap_err();
    assert!(error.to_string().ends_with("the server does not speak TLS on this port"), "{error}");
}

#[tokio::test]
#[ignore = "needs Dovecot"]
async fn an_expired_certificate_is_named() {
    let dovecot = Dovecot::start_expired();
    for tls in [Tls::Implicit, Tls::StartTls] {
        let error = check(&account(&dovecot, tls)).await.unwrap_err();
        assert!(error.to_string().ends_with("the certificate has expired") && error.needs_person(), "{error}");
    }
}

#[tokio::test]
#[ignore = "needs Dovecot"]
async fn a_chinese_mailbox_opens() {
    let dovecot = Dovecot::start();
    let account = Account { mailbox: CHINESE.into(), ..account(&dovecot, Tls::Plain) };
    let mut session = open(&account, false).await.unwrap();
    session.append(CHINESE, &["\\Seen"], &mail(1, 500)).await.unwrap();
    assert_eq!(session.uids_after(0).await.unwrap(), [1]);
}

#[tokio::test]
#[ignore = "needs Dovecot"]
async fn lists_what_is_new_and_changes_nothing() {
    let dovecot = Dovecot::start();
    let raws: Vec<_> = (0..3).map(|number| mail(number, 2000)).collect();
    raws.iter().for_each(|raw| dovecot.deliver(raw));
    let mut session = open(&account(&dovecot, Tls::Plain), true).await.unwrap();
    assert_eq!(session.uids_after(0).await.unwrap(), [1, 2, 3]);
    let before = dovecot.file_names();
    assert_eq!(session.uids_after(2).await.unwrap(), [3]);
    assert_eq!(session.uids_after(3).await.unwrap(), [0; 0], "UID 4:* names the last mail");
    assert_eq!(session.uids_after(u32::MAX).await.unwrap(), [0; 0]);
    let fetched = session.fetch(&[3, 1, 9], MAX).await.unwrap();
    assert!(bytes(&fetched[0]) == raws[2] && bytes(&fetched[1]) == raws[0]);
    assert_eq!(fetched[2], Fetched::Gone { uid: 9 });
    session.logout().await;
    assert_eq!(dovecot.file_names(), before);
    assert!(before.iter().all(|name| !name.contains('S')), "not flagged as seen: {before:?}");
}

#[tokio::test]
#[ignore = "needs Dovecot"]
async fn fetches_a_thousand_mails_one_of_them_huge() {
    let dovecot = Dovecot::start();
    let raws: Vec<_> = (0..1000).map(|number| mail(number, if number == 500 { 30 << 20 } else { 12_000 })).collect();
    raws.iter().for_each(|raw| dovecot.deliver(raw));
    let mut session = open(&account(&dovecot, Tls::Implicit), true).await.unwrap();
    let uids = session.uids_after(0).await.unwrap();
    let begin = Instant::now();
    let fetched = session.fetch(&uids, MAX).await.unwrap();
    eprintln!("1,000 mails in {:?}", begin.elapsed());
    assert_eq!(fetched.len(), 1000);
    for (answer, raw) in fetched.iter().zip(&raws) {
        assert!(bytes(answer) == raw, "UID {}", answer.uid());
    }
    let bounded = session.fetch(&uids[450..550], 20 << 20).await.unwrap();
    let Fetched::Mail { uid: 501, size, raw: Raw::TooLarge, received_at } = &bounded[50] else { panic!("{}", bounded[50].uid()) };
    assert!(*size > 30 << 20 && *received_at > 1_600_000_000_000);
    assert_eq!(bounded.iter().filter(|answer| matches!(answer, Fetched::Mail { raw: Raw::Bytes(_), .. })).count(), 99);
    let some = session.fetch_some(&uids[499..], MAX, 1 << 20).await.unwrap();
    assert_eq!(some.len(), 1, "the next one is over the budget");
    assert_eq!(session.fetch_some(&uids[500..], MAX, 1 << 20).await.unwrap().len(), 1, "over the budget alone");
    assert_eq!(session.fetch_some(&uids[600..], MAX, 1 << 20).await.unwrap().len(), 87);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Dovecot"]
async fn idle_wakes_for_new_mail_only() {
    let dovecot = Dovecot::start();
    dovecot.deliver(&mail(1, 1000));
    let mut session = open(&account(&dovecot, Tls::Implicit), true).await.unwrap();
    assert_eq!(session.uids_after(0).await.unwrap(), [1]);
    let (session, wake) = session.wait(Duration::from_millis(50)).await.unwrap();
    assert_eq!(wake, Wake::Timeout);
    let waiting = tokio::spawn(session.wait(Duration::from_secs(60)));
    dovecot.wait_for_idle();
    dovecot.deliver(&mail(2, 1000));
    let begin = Instant::now();
    let (mut session, wake) = waiting.await.unwrap().unwrap();
    let told = begin.elapsed();
    assert_eq!(wake, Wake::New);
    let uids = session.uids_after(1).await.unwrap();
    let fetched = session.fetch(&uids, MAX).await.unwrap();
    eprintln!("told after {told:?}, fetched {:?} later", begin.elapsed() - told);
    assert!(bytes(&fetched[0]) == mail(2, 1000));
}

#[tokio::test]
#[ignore = "needs Dovecot"]
async fn growth_told_during_another_command_ends_the_wait_at_once() {
    let dovecot = Dovecot::start();
    let mut session = open(&account(&dovecot, Tls::Plain), true).await.unwrap();
    assert_eq!(session.uids_after(0).await.unwrap(), [0; 0]);
    dovecot.deliver(&mail(1, 1000));
    assert!(session.has_message_id("INBOX", "1@customer.example").await.unwrap());
    let (mut session, wake) = session.wait(Duration::from_secs(60)).await.unwrap();
    assert_eq!(wake, Wake::New);
    assert_eq!(session.uids_after(0).await.unwrap(), [1]);
    assert_eq!(session.wait(Duration::from_millis(1)).await.unwrap().1, Wake::Timeout);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Dovecot"]
async fn a_server_killed_while_idle_is_an_error() {
    let dovecot = Dovecot::start();
    let session = open(&account(&dovecot, Tls::Plain), true).await.unwrap();
    let waiting = tokio::spawn(session.wait(Duration::from_secs(60)));
    dovecot.wait_for_idle();
    dovecot.kill_sessions();
    let error = waiting.await.unwrap().unwrap_err();
    assert!(matches!(error, Error::Lost { .. }), "{error:?}");
}

#[tokio::test]
#[ignore = "needs Dovecot"]
async fn appends_to_sent_and_finds_it_again() {
    let dovecot = Dovecot::start();
    let mut session = open(&account(&dovecot, Tls::StartTls), true).await.unwrap();
    let raw = mail(7, 100_000);
    assert!(!session.has_message_id("Sent", "7@customer.example").await.unwrap());
    session.append("Sent", &["\\Seen"], &raw).await.unwrap();
    assert!(session.has_message_id("Sent", "7@customer.example").await.unwrap());
    assert!(!session.has_message_id("INBOX", "7@customer.example").await.unwrap());
    assert!(dovecot.mails("Sent") == [raw.clone()], "exact bytes");
    let error = session.append("没有", &[], &raw).await.unwrap_err();
    assert!(matches!(error, Error::MailboxMissing { .. }), "{error:?}");
    let error = session.has_message_id("没有", "7@customer.example").await.unwrap_err();
    assert!(matches!(error, Error::MailboxMissing { .. }), "{error:?}");
    assert_eq!(session.uids_after(0).await.unwrap(), [0; 0], "the session goes on, in its own mailbox");
}

// --- scripted

/// A server that logs in and opens a mailbox of three mails, then plays the rest.
async fn scripted(capabilities: &str, rest: &[Act]) -> (Fake, Result<Session, Error>) {
    let mut script = vec![
        say("* OK ready\n"),
        Act::Hear("LOGIN"),
        say(&format!("* XWELCOME 客户\n{{tag}} OK [CAPABILITY IMAP4rev1 {capabilities}] in\n")),
        Act::Hear("EXAMINE"),
        say("* FLAGS (\\Seen)\n* 3 EXISTS\n* OK [UIDVALIDITY 77]\n{tag} OK [READ-ONLY]完成\n"),
    ];
    script.extend_from_slice(rest);
    let fake = Fake::start(script).await;
    let session = open(&plain(fake.port), true).await;
    (fake, session)
}

fn plain(port: u16) -> Account {
    Account {
        host: "127.0.0.1".into(),
        port,
        tls: Tls::Plain,
        user: "support".into(),
        password: Secret::new("hunter2"),
        mailbox: "INBOX".into(),
        ca_file: None,
        allow_plain: false,
        timeout: Duration::from_millis(400),
    }
}

const SIZES: &str = "* 1 FETCH (UID 5 INTERNALDATE NIL RFC822.SIZE 14)\n* 2 FETCH (FLAGS (\\Seen))\n\
    * 3 FETCH (UID 7 INTERNALDATE \" 1-Jan-2026 08:00:00 +0800\" RFC822.SIZE 14)\n{tag} OK\n";

#[tokio::test]
async fn a_search_that_breaks_is_never_an_empty_mailbox() {
    for (end, is_lost) in [
        ("", true),                   // between responses
        ("* SEARCH 5 6", true),       // inside one
        ("* SEARCH 5 6 7\n", true),   // before the tagged OK
        ("* BYE going down\n", true), // said goodbye
        ("* SEARCH\n{tag} NO [UNAVAILABLE] later\n", false),
        ("{tag} BAD what\n", false),
        ("* SEARCH\nc99 OK done\n", false), // the answer to something else
    ] {
        let (_fake, session) = scripted("", &[Act::Hear("UID SEARCH UID 1:*"), say(end)]).await;
        let error = session.unwrap().uids_after(0).await.unwrap_err();
        assert_eq!(matches!(error, Error::Lost { .. }), is_lost, "{end:?}: {error:?}");
    }
}

#[tokio::test]
async fn a_refusal_tells_its_code_and_the_session_goes_on() {
    let rest = [
        Act::Hear("UID FETCH"),
        say("* 1 FETCH (UID 5 RFC822.SIZE 14)\n{tag} NO [UNAVAILABLE] store is moving\n"),
        Act::Hear("UID SEARCH"),
        say("* SEARCH 5\n{tag} OK\n"),
    ];
    let (fake, session) = scripted("", &rest).await;
    let mut session = session.unwrap();
    let error = session.fetch(&[5, 7], MAX).await.unwrap_err();
    assert!(matches!(&error, Error::Refused { code: Some(code), .. } if code == "UNAVAILABLE"), "{error:?}");
    assert_eq!(error.to_string(), format!("127.0.0.1:{} refuses (UID FETCH sizes): [UNAVAILABLE] store is moving", fake.port));
    assert_eq!(session.uids_after(4).await.unwrap(), [5]);
}

#[tokio::test]
async fn strange_answers_to_fetch_are_survived() {
    let bodies = "* XUNKNOWN (((\n* 3 FETCH (UID 7 BODY[] {14}\nSubject: b\n\n)\n* 4 EXISTS\n* ESEARCH (TAG \"x\") UID ALL 1\n\
        * 1 FETCH (BODY[] {14}\nSubject: a\n\n UID 5)\n{tag} OK done\n";
    let (_fake, session) = scripted("", &[Act::Hear("INTERNALDATE"), say(SIZES), Act::Hear("BODY.PEEK[]"), say(bodies)]).await;
    let fetched = session.unwrap().fetch(&[5, 6, 7], MAX).await.unwrap();
    assert_eq!((bytes(&fetched[0]), bytes(&fetched[2])), (&b"Subject: a\r\n\r\n"[..], &b"Subject: b\r\n\r\n"[..]));
    assert_eq!(fetched[1], Fetched::Gone { uid: 6 });
    let received_at = |at: usize| if let Fetched::Mail { received_at, .. } = fetched[at] { received_at } else { 0 };
    assert_eq!(received_at(2), 1_767_225_600_000);
    assert!(received_at(0) > received_at(2), "INTERNALDATE NIL: the time of fetching");
}

#[tokio::test]
async fn a_fetch_that_breaks_is_an_error() {
    for (bodies, names) in [
        ("* 1 FETCH (UID 5 BODY[] {14}\nSubj", "lost"),
        ("* 1 FETCH (UID 5 BODY[] {14}\nSubject: a\n\n)\n", "lost"),
        ("* 1 FETCH (UID 5 BODY[] {99999999}\n", "does not keep to IMAP"),
        ("* 1 FETCH UID\n", "does not keep to IMAP"),
    ] {
        let (_fake, session) = scripted("", &[Act::Hear("INTERNALDATE"), say(SIZES), Act::Hear("BODY.PEEK[]"), say(bodies)]).await;
        let error = session.unwrap().fetch(&[5, 7], MAX).await.unwrap_err().to_string();
        assert!(error.contains(names) && error.len() < 200 && !error.contains("Subj"), "{bodies:?}: {error}");
    }
}

#[tokio::test]
async fn a_body_that_does_not_come_is_not_gone_while_its_uid_is_there() {
    let rest = |again: &str| {
        let body = "* 1 FETCH (UID 5 BODY[] {14}\nSubject: a\n\n)\n{tag} OK\n";
        [Act::Hear("INTERNALDATE"), say(SIZES), Act::Hear("BODY.PEEK[]"), say(body), Act::Hear("UID FETCH 7 "), say(again)]
    };
    let (_fake, session) = scripted("", &rest("* 3 FETCH (UID 7 RFC822.SIZE 14)\n{tag} OK\n")).await;
    assert!(matches!(session.unwrap().fetch(&[5, 7], MAX).await, Err(Error::Protocol { .. })));
    let (_fake, session) = scripted("", &rest("{tag} OK\n")).await;
    assert_eq!(session.unwrap().fetch(&[5, 7], MAX).await.unwrap()[1], Fetched::Gone { uid: 7 });
}

#[tokio::test]
async fn a_silent_server_is_a_timeout_and_the_session_is_spent() {
    let (_fake, session) = scripted("", &[Act::Hear("UID SEARCH"), Act::Hang]).await;
    let mut session = session.unwrap();
    assert!(matches!(session.uids_after(0).await, Err(Error::Timeout { step: "UID SEARCH", .. })));
    let error = session.uids_after(0).await.unwrap_err().to_string();
    assert!(error.ends_with("an earlier command was cut off"), "{error}");

    let fake = Fake::start(vec![Act::Hang]).await;
    assert!(matches!(check(&plain(fake.port)).await, Err(Error::Timeout { step: "greeting", .. })));
}

#[tokio::test]
async fn idle_ends_in_the_ways_it_can() {
    let idle = |rest: &[Act]| [&[Act::Hear("IDLE"), say("+ idling\n")], rest].concat();
    let wait = async |acts: Vec<Act>| {
        let (_fake, session) = scripted("IDLE", &acts).await;
        session.unwrap().wait(Duration::from_millis(100)).await.map(|(_, wake)| wake)
    };
    let ended = [Act::Hear("DONE"), say("c3 OK\n")];
    assert_eq!(wait(idle(&[&[say("* 4 EXISTS\n")], &ended[..]].concat())).await.unwrap(), Wake::New);
    assert_eq!(wait(idle(&[&[say("* OK Still here\n* 3 EXISTS\n")], &ended[..]].concat())).await.unwrap(), Wake::Timeout);
    // one went, one came: the number is the same, and there is a new mail
    assert_eq!(wait(idle(&[&[say("* 1 EXPUNGE\n* 3 EXISTS\n")], &ended[..]].concat())).await.unwrap(), Wake::New);
    assert!(matches!(wait(idle(&[])).await, Err(Error::Lost { .. })), "closed");
    assert!(matches!(wait(idle(&[say("* BYE\n")])).await, Err(Error::Lost { .. })));
    assert!(matches!(wait(idle(&[Act::Hear("DONE"), Act::Hang])).await, Err(Error::Timeout { .. })), "half-open");
    assert_eq!(wait(vec![Act::Hear("IDLE"), say("{tag} NO not today\n")]).await.unwrap(), Wake::Timeout);
}

#[tokio::test]
async fn without_idle_it_asks_when_the_time_is_over() {
    for (told, expected) in [("* 4 EXISTS\n", Wake::New), ("", Wake::Timeout)] {
        let (_fake, session) = scripted("", &[Act::Hear("NOOP"), say(&format!("{told}{{tag}} OK\n"))]).await;
        let session = session.unwrap();
        assert!(!session.can_idle());
        assert_eq!(session.wait(Duration::from_millis(1)).await.unwrap().1, expected);
    }
}

#[tokio::test]
async fn append_survives_untagged_lines_and_tells_refusals() {
    let hear = Act::Hear("APPEND \"&XfJT0ZAB-\" (\\Seen) {5}");
    let good = [hear.clone(), say("* 7 EXISTS\n+ go\n"), Act::HearBytes(7), say("{tag} OK [APPENDUID 1 2] done\n")];
    let (fake, session) = scripted("", &good).await;
    session.unwrap().append("已发送", &["\\Seen"], b"a\r\nb\n").await.unwrap();
    assert!(fake.heard().ends_with("a\r\nb\n\r\n"));
    let (_fake, session) = scripted("", &[hear, say("{tag} NO [OVERQUOTA] full\n")]).await;
    let error = session.unwrap().append("已发送", &["\\Seen"], b"12345").await.unwrap_err();
    assert!(matches!(&error, Error::Refused { code: Some(code), .. } if code == "OVERQUOTA"), "{error:?}");
}

#[tokio::test]
async fn id_is_told_after_login_where_it_is_offered() {
    let rest = [Act::Hear("ID (\"name\" \"casemate\""), say("* ID (\"name\" \"x\")\n{tag} OK\n"), Act::Hear("EXAMINE"), say("{tag} OK\n")];
    let script = [
        vec![say("* OK\n"), Act::Hear("LOGIN"), say("{tag} OK\n"), Act::Hear("CAPABILITY"), say("* CAPABILITY IMAP4rev2 ID\n{tag} OK\n")],
        rest.to_vec(),
    ];
    let fake = Fake::start(script.concat()).await;
    let error = check(&plain(fake.port)).await.unwrap_err().to_string();
    assert!(error.ends_with("no UIDVALIDITY"), "an EXAMINE that tells none is no success: {error}");
}

#[tokio::test]
async fn a_busy_server_is_not_a_wrong_password() {
    for (answer, is_login) in [("NO [UNAVAILABLE] later", false), ("NO wrong", true), ("BAD [ALERT] locked", true)] {
        let fake = Fake::start(vec![say("* OK\n"), Act::Hear("LOGIN"), say(&format!("{{tag}} {answer}\n"))]).await;
        let error = check(&plain(fake.port)).await.unwrap_err();
        assert_eq!(matches!(error, Error::Login { .. }), is_login, "{error:?}");
        assert!(!format!("{error} {error:?}").contains("hunter2"));
    }
}

#[tokio::test]
async fn starttls_is_never_done_without() {
    for greeting in ["* PREAUTH hello\n", "* BYE no\n", "+ what\n"] {
        let fake = Fake::start(vec![say(greeting)]).await;
        assert!(check(&Account { tls: Tls::StartTls, ..plain(fake.port) }).await.is_err(), "{greeting}");
    }
    let fake = Fake::start(vec![say("* OK\n"), Act::Hear("STARTTLS"), say("{tag} BAD what\n"), Act::Hear("LOGIN")]).await;
    let error = check(&Account { tls: Tls::StartTls, ..plain(fake.port) }).await.unwrap_err();
    assert!(error.to_string().ends_with("the server does not offer STARTTLS"), "{error}");
    assert!(!fake.heard().contains("LOGIN"));
}
