//! Bounces in words and in reports: action, status, reason, recipient.

use crate::mail::{Bounce, Kind, Mail, Settings, parse};

fn read(raw: &str) -> Mail {
    let settings = Settings { own_addresses: vec!["support@desk.example".into()], ..Settings::default() };
    parse(raw.as_bytes(), &settings)
}

fn shown(bounce: &Bounce) -> String {
    let dash = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".into());
    format!("{} {} {} {}", bounce.action, dash(&bounce.status), bounce.reason, dash(&bounce.recipient))
}

#[test]
fn told_in_words() {
    let (mut wrong, mut count) = (Vec::new(), 0);
    for case in include_str!("../../../tests/kind/bounces.txt").split("\n=== ").skip(1) {
        let (want, raw) = case.split_once('\n').unwrap_or((case, ""));
        let mail = read(&format!("To: support@desk.example\nContent-Type: text/plain; charset=utf-8\n{raw}"));
        let got = mail.bounce.as_ref().map(shown).unwrap_or_default();
        count += 1;
        if mail.kind != Kind::Bounce || got != want.trim() {
            wrong.push(format!("want {want}\n got {got} {} ({})\n{}", mail.kind, mail.kind_reason, mail.subject.text));
        }
    }
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(count >= 60, "{count}");
}

/// A report in a mail of its own, transfer-encoded as told.
fn reported(report: &str, encoding: &str) -> Mail {
    read(&format!(
        "From: MAILER-DAEMON@mx.example\nSubject: report\nTo: support@desk.example\nMIME-Version: 1.0\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: text/plain\n\nsee below\n\
         --b\nContent-Type: message/delivery-status\n{encoding}\n{report}\n--b--\n"
    ))
}

#[test]
fn reports() {
    for (report, want) in [
        // the worst recipient counts, wherever it stands
        (
            "Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; a@b.example\nAction: delivered\nStatus: 2.0.0\n\n\
             Final-Recipient: rfc822;c@d.example\nAction: failed\nStatus: 5.1.1 (unknown)\n\n\
             Final-Recipient: rfc822; e@f.example\nAction: delayed\nStatus: 4.4.1\n",
            "failed 5.1.1 no_such_user c@d.example",
        ),
        // the first of two that failed
        (
            "Final-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.2.2\n\n\
             Final-Recipient: rfc822; c@d.example\nAction: failed\nStatus: 5.1.1\n",
            "failed 5.2.2 mailbox_full a@b.example",
        ),
        // the blank line between recipients lost
        (
            "Final-Recipient: rfc822; a@b.example\nAction: delayed\nStatus: 4.2.2\n\
             Final-Recipient: rfc822; c@d.example\nAction: failed\nStatus: 5.1.1\n",
            "failed 5.1.1 no_such_user c@d.example",
        ),
        // no action: the class of the status
        ("Final-Recipient: rfc822; a@b.example\nStatus: 4.4.7\n", "delayed 4.4.7 expired a@b.example"),
        ("Final-Recipient: rfc822; a@b.example\nStatus: 2.1.5\n", "delivered 2.1.5  a@b.example"),
        ("Final-Recipient: rfc822; a@b.example\nAction: expanded (to a list)\nStatus: 2.0.0\n", "expanded 2.0.0  a@b.example"),
        // a vague status yields to the diagnostic
        (
            "Final-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.0.0\n\
             Diagnostic-Code: smtp;\n 550 5.7.1 message refused:\n listed by a blacklist\n",
            "failed 5.7.1 spam a@b.example",
        ),
        // no status at all: reply code and words
        (
            "Final-Recipient: rfc822; a@b.example\nAction: failed\nDiagnostic-Code: smtp; 552 mailbox full\n",
            "failed 5.2.2 mailbox_full a@b.example",
        ),
        (
            "Original-Recipient: rfc822; o@b.example\nFinal-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.4.6\n",
            "failed 5.4.6 loop a@b.example",
        ),
    ] {
        let mail = reported(report, "");
        assert_eq!(mail.bounce.as_ref().map(shown).as_deref(), Some(want), "{report}");
    }
}

#[test]
fn reports_in_other_clothes() {
    let want = Some("failed 5.1.1 no_such_user a@b.example");
    let report = "Final-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.1.1\n";
    let quoted = reported(&report.replace('-', "=2D"), "Content-Transfer-Encoding: quoted-printable\n");
    assert_eq!(quoted.bounce.as_ref().map(shown).as_deref(), want);
    // the part without a type of its own, in the text
    let pasted = read(&format!("From: postmaster@mx.example\nSubject: Returned mail\n\nReporting-MTA: dns; mx\n\n{report}\n"));
    assert_eq!(pasted.bounce.as_ref().map(shown).as_deref(), want);
    // a person hands a report on
    let passed = read(&format!(
        "From: zhang@bank.example\nSubject: Fwd: report\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\n\
         What is this?\n--b\nContent-Type: message/delivery-status\n\n{report}\n--b--\n"
    ));
    assert_eq!(passed.kind, Kind::Message, "{}", passed.kind_reason);
}

#[test]
fn ids_of_the_mail_that_came_back() {
    let bounced = |text: &str, head: &str| {
        let head = format!("From: MAILER-DAEMON@mx.example\nSubject: failure notice\nMessage-ID: <own@mx.example>\n{head}");
        read(&format!("{head}\n{text}")).bounce.and_then(|b| b.original_message_id).unwrap_or_default()
    };
    for (text, head, want) in [
        ("--- Below this line is a copy\n\nMessage-ID: <o1@desk.example>\n", "", "o1@desk.example"),
        ("Message-Id:\n <o2@desk.example>\n", "", "o2@desk.example"),
        ("| Message-ID | <o3@desk.example> |\n", "", "o3@desk.example"),
        ("> Message-ID: o4@desk.example\n", "", "o4@desk.example"),
        ("no id\n", "In-Reply-To: <o5@desk.example>\n", "o5@desk.example"),
        ("no id\n", "X-Original-Message-ID: <o6@desk.example>\n", "o6@desk.example"),
        ("Votre message <2020-07@desk.example> n'a pas\n", "", "2020-07@desk.example"),
        ("Message-ID: <own@mx.example>\n", "", ""),
    ] {
        assert_eq!(bounced(text, head), want, "{text}");
    }
}
