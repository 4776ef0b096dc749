//! SMTP against Postfix, and against scripted relays that misbehave.

use crate::fake::{Act, Fake, say};
use crate::servers::{Dovecot, Postfix, mail, postfix};
use casemate::dial;
use casemate::secret::Secret;
use casemate::smtp::{Error, Outcome, Relay, Tls, check, open};
use std::time::Duration;

const FROM: &str = "support@desk.example";
const TO: &str = "zhang@customer.example";

fn relay(postfix: &Postfix, tls: Tls) -> Relay {
    let port = if tls == Tls::Implicit { postfix.tls_port } else { postfix.port };
    let ca_file = Some(postfix.ca_file.clone());
    Relay { host: "localhost".into(), ca_file, tls, timeout: Duration::from_secs(20), ..plain(port) }
}

fn plain(port: u16) -> Relay {
    Relay {
        host: "127.0.0.1".into(),
        port,
        tls: Tls::Plain,
        user: None,
        password: None,
        hello: Some("desk.example".into()),
        ca_file: None,
        allow_plain: false,
        timeout: Duration::from_millis(400),
    }
}

async fn send(relay: &Relay, recipients: &[&str], raw: &[u8]) -> Outcome {
    let recipients: Vec<String> = recipients.iter().map(|recipient| recipient.to_string()).collect();
    match open(relay, FROM, &recipients, raw.len()).await {
        Ok(ready) => ready.transmit(raw).await,
        Err(outcome) => outcome,
    }
}

// --- Postfix

#[tokio::test]
#[ignore = "needs Dovecot and Postfix"]
async fn sends_exact_bytes_after_login() {
    let dovecot = Dovecot::start();
    let postfix = Postfix::start_with_login(&dovecot);
    let (user, password) = (Some(dovecot.user.to_owned()), Some(Secret::new(dovecot.password)));
    for tls in [Tls::StartTls, Tls::Implicit, Tls::Plain] {
        let relay = Relay { user: user.clone(), password: password.clone(), ..relay(&postfix, tls) };
        check(&relay).await.unwrap();
        let mut raw = mail(1, 3000);
        raw.extend_from_slice(format!("{tls}: dots\r\n.\r\n..\r\n.x\r\n8 bit: 你好\r\n\r\n\r\n").as_bytes());
        let before = postfix.received().len();
        let outcome = send(&relay, &[TO], &raw).await;
        assert!(matches!(&outcome, Outcome::Sent { reply } if reply.starts_with("250 2.0.0 Ok: queued as")), "{outcome:?}");
        assert!(postfix.wait_received(before + 1).iter().any(|received| received.ends_with(&raw)), "{tls}");
    }

    let wrong = Relay { user: user.clone(), password: Some(Secret::new("wrong")), ..relay(&postfix, Tls::StartTls) };
    let error = check(&wrong).await.unwrap_err();
    assert!(matches!(error, Error::Login { code: Some(535), .. }) && error.needs_person(), "{error:?}");
    let outcome = send(&wrong, &[TO], &mail(1, 100)).await;
    let Outcome::Temporary { code: Some(535), reply } = outcome else { panic!("{outcome:?}") };
    assert!(reply.contains("refuses the login of this user"), "{reply}");

    let anonymous = relay(&postfix, Tls::StartTls);
    assert!(matches!(send(&anonymous, &[TO], &mail(1, 100)).await, Outcome::Permanent { code: Some(554), .. }));
    assert_eq!(postfix.received().len(), 3);
}

#[tokio::test]
#[ignore = "needs Postfix"]
async fn one_refused_recipient_refuses_the_mail_for_all() {
    let postfix = Postfix::start();
    let relay = relay(&postfix, Tls::Plain);
    let outcome = send(&relay, &[TO, postfix::LATER, postfix::REFUSED], &mail(1, 100)).await;
    let Outcome::Permanent { code: Some(550), reply } = outcome else { panic!("{outcome:?}") };
    assert!(reply.contains("refused@customer.example") && reply.contains("no such person"), "{reply}");
    let outcome = send(&relay, &[TO, postfix::LATER], &mail(1, 100)).await;
    let Outcome::Temporary { code: Some(450), reply } = outcome else { panic!("{outcome:?}") };
    assert!(reply.contains("later@customer.example"), "{reply}");
    let outcome = send(&relay, &[TO], &mail(1, postfix::SIZE_LIMIT + 1000)).await;
    let Outcome::Permanent { code: None, reply } = outcome else { panic!("{outcome:?}") };
    assert!(reply.contains("takes mails up to 5000000 bytes"), "{reply}");
    let outcome = send(&relay, &[TO, FROM], &mail(2, 4_000_000)).await;
    assert!(matches!(outcome, Outcome::Sent { .. }), "{outcome:?}");
    assert_eq!(postfix.wait_received(2).len(), 2, "one for each recipient, none of the refused");
}

// --- scripted

const EHLO: &str = "250-relay.example\n250-8BITMIME\n250-AUTH PLAIN LOGIN\n250 SIZE 0\n";

/// The usual course: greeting, then what the relay hears and what it answers. The first `2 * step` acts end where the relay
/// answers step 0 greeting, 1 EHLO, 2 MAIL, 3 RCPT, 4 DATA, 5 the mail.
fn course() -> Vec<Act> {
    let steps = [
        ("EHLO", EHLO),
        ("MAIL FROM:<support@desk.example>", "250 ok\n"),
        ("RCPT TO:<zhang@customer.example>", "250 ok\n"),
        ("DATA", "354 go\n"),
    ];
    let mut acts = vec![say("220 hello\n")];
    acts.extend(steps.into_iter().flat_map(|(hear, text)| [Act::Hear(hear), say(text)]));
    acts.extend([Act::HearMail, say("250 queued as 7\n")]);
    acts
}

fn kind(outcome: &Outcome) -> (&'static str, Option<u16>) {
    match outcome {
        Outcome::Sent { .. } => ("sent", None),
        Outcome::Temporary { code, .. } => ("temporary", *code),
        Outcome::Permanent { code, .. } => ("permanent", *code),
        Outcome::Unknown { .. } => ("unknown", None),
    }
}

#[tokio::test]
async fn a_refusal_at_each_step() {
    for (step, on_4xx, on_5xx) in [
        (0, "temporary", "temporary"), // the relay, not the mail
        (1, "temporary", "temporary"),
        (2, "temporary", "permanent"),
        (3, "temporary", "permanent"),
        (4, "temporary", "permanent"),
        (5, "temporary", "permanent"),
    ] {
        for (code, expected) in [(451, on_4xx), (554, on_5xx)] {
            let mut acts = course();
            acts.truncate(step * 2);
            acts.extend([say(&format!("{code}-first line\n{code} second line\n")), Act::Hear("QUIT"), say("221 bye\n")]);
            let fake = Fake::start(acts).await;
            let outcome = send(&plain(fake.port), &[TO], &mail(1, 300)).await;
            assert_eq!(kind(&outcome), (expected, Some(code)), "step {step}: {outcome:?}");
            assert!(format!("{outcome:?}").contains("first line second line"), "step {step}: {outcome:?}");
        }
    }
}

#[tokio::test]
async fn a_line_that_breaks_is_unknown_only_after_the_mail() {
    for (step, expected) in [(0, "temporary"), (1, "temporary"), (2, "temporary"), (3, "temporary"), (4, "temporary"), (5, "unknown")] {
        for end in [vec![], vec![Act::Hang], vec![say("garbage\n"), Act::Hang], vec![say("2")]] {
            let mut acts = course();
            acts.truncate(step * 2);
            acts.extend(end.clone());
            let fake = Fake::start(acts).await;
            let outcome = send(&plain(fake.port), &[TO], &mail(1, 300)).await;
            assert_eq!(kind(&outcome), (expected, None), "step {step}, {end:?}: {outcome:?}");
        }
    }
}

#[tokio::test]
async fn half_a_mail_is_no_mail() {
    let mut acts = course();
    acts.truncate(9);
    acts.push(Act::HearBytes(1000));
    let fake = Fake::start(acts).await;
    let outcome = send(&plain(fake.port), &[TO], &mail(1, 20_000_000)).await;
    assert_eq!(kind(&outcome), ("temporary", None), "{outcome:?}");
}

#[tokio::test]
async fn a_login_wanted_or_a_relay_closing_is_not_about_the_mail() {
    for (step, answer, code) in [(2, "530 5.7.0 authentication required\n", 530), (3, "421 closing\n", 421), (4, "250 what\n", 250)] {
        let mut acts = course();
        acts.truncate(step * 2);
        acts.push(say(answer));
        let fake = Fake::start(acts).await;
        let outcome = send(&plain(fake.port), &[TO], &mail(1, 300)).await;
        assert_eq!(kind(&outcome), ("temporary", Some(code)), "{outcome:?}");
    }
}

#[tokio::test]
async fn unfit_mails_and_addresses_are_not_sent() {
    let fake = Fake::start(course()).await;
    for raw in [&b"Subject: x\n\nbare\r\n"[..], b"Subject: x\r\n\r\n.\n.\r\n", b"no end"] {
        assert_eq!(kind(&send(&plain(fake.port), &[TO], raw).await), ("permanent", None));
    }
    for recipients in [&["zhang"][..], &["a@b.example>\r\nDATA"], &[TO, ""], &[]] {
        assert_eq!(kind(&send(&plain(fake.port), recipients, &mail(1, 300)).await), ("permanent", None), "{recipients:?}");
    }
    let outcome = send(&plain(fake.port), &["张三@customer.example"], &mail(1, 300)).await;
    assert!(format!("{outcome:?}").contains("SMTPUTF8") && kind(&outcome).0 == "permanent", "{outcome:?}");
    assert!(!fake.heard().contains("Subject"));
}

#[tokio::test]
async fn eight_bit_bytes_go_only_where_they_are_taken() {
    let mut acts = course();
    acts[2] = say("250 old.relay.example\n");
    let fake = Fake::start(acts).await;
    let outcome = send(&plain(fake.port), &[TO], "Subject: x\r\n\r\n你好\r\n".as_bytes()).await;
    assert_eq!(kind(&outcome), ("permanent", None), "{outcome:?}");
    assert!(!fake.heard().contains("BODY="));
}

#[tokio::test]
async fn nothing_is_sent_by_a_ready_relay_that_is_dropped() {
    let fake = Fake::start(course()).await;
    drop(open(&plain(fake.port), FROM, &[TO.to_owned()], 100).await.unwrap());
    let outcome = send(&plain(fake.port), &[TO], b"Subject: second\r\n\r\nx\r\n").await;
    assert_eq!(outcome, Outcome::Sent { reply: "250 queued as 7".into() });
    let heard = fake.heard();
    assert_eq!(heard.matches("DATA").count(), 2);
    assert!(heard.ends_with("DATA\r\nSubject: second\r\n\r\nx\r\n.\r\n"), "{heard}");
}

#[tokio::test]
async fn starttls_takes_nothing_that_was_said_in_clear() {
    let start = |consent: &str| {
        vec![say("220 hello\n"), Act::Hear("EHLO"), say("250-x\n250 STARTTLS\n"), Act::Hear("STARTTLS"), say(consent), Act::Hang]
    };
    let fake = Fake::start(start("220 go\n250-injected\n250 AUTH PLAIN\n235 in\n250 ok\n250 ok\n354 go\n250 queued\n")).await;
    let relay = Relay { tls: Tls::StartTls, ..plain(fake.port) };
    let outcome = send(&relay, &[TO], &mail(1, 300)).await;
    assert!(format!("{outcome:?}").contains("does not speak TLS"), "{outcome:?}");
    let fake = Fake::start(start("454 not now\n")).await;
    let relay = Relay { tls: Tls::StartTls, user: Some("support".into()), password: Some(Secret::new("hunter2")), ..plain(fake.port) };
    assert_eq!(kind(&send(&relay, &[TO], &mail(1, 300)).await), ("temporary", Some(454)));
    assert!(!fake.heard().contains("AUTH"));
}

#[tokio::test]
async fn the_password_is_in_no_message() {
    for answer in ["535 5.7.8 wrong\n", "454 later\n", ""] {
        let fake = Fake::start(vec![say("220 hello\n"), Act::Hear("EHLO"), say(EHLO), Act::Hear("AUTH PLAIN"), say(answer)]).await;
        let relay = Relay { user: Some("support".into()), password: Some(Secret::new("hunter2")), ..plain(fake.port) };
        let error = check(&relay).await.unwrap_err();
        assert!(!format!("{error} {error:?} {relay:?}").contains("hunter2"));
        assert_eq!(error.needs_person(), answer.starts_with("535"), "{error:?}");
    }
    let fake = Fake::start(vec![say("220 hello\n"), Act::Hear("EHLO"), say("250 x\n"), Act::Hear("QUIT")]).await;
    let error = check(&Relay { user: Some("support".into()), ..plain(fake.port) }).await.unwrap_err();
    assert!(error.to_string().ends_with("it offers neither AUTH PLAIN nor LOGIN"), "{error}");
}

#[tokio::test]
async fn an_unreachable_relay_is_temporary() {
    let port = crate::servers::free_port();
    let error = check(&plain(port)).await.unwrap_err();
    assert!(matches!(error, Error::Dial(dial::Error::Unreachable { .. })), "{error:?}");
    assert_eq!(error.to_string(), format!("cannot connect to 127.0.0.1:{port}: connection refused"));
    assert_eq!(kind(&send(&plain(port), &[TO], &mail(1, 300)).await), ("temporary", None));
}
