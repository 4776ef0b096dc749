//! Whole mails, short: header lines, text, what they are.

use crate::mail::{Mail, Settings, parse};

/// A mail of header lines and a text, read by a desk whose address is support@desk.example.
pub fn read(head: &str, text: &str) -> Mail {
    let charset = if head.contains("Content-Type:") { "" } else { "Content-Type: text/plain; charset=utf-8\n" };
    let to = if head.contains("\nTo:") { "" } else { "To: support@desk.example\n" };
    let raw = format!("Date: Thu, 22 Oct 2020 14:10:12 +0800\n{to}MIME-Version: 1.0\n{charset}{}\n\n{text}", head.trim_end());
    let settings = Settings { own_addresses: vec!["support@desk.example".into()], ..Settings::default() };
    parse(raw.as_bytes(), &settings)
}

/// Cases separated by `=== kind`: header lines, a blank line, the text.
fn check(cases: &str) -> usize {
    let mut wrong = Vec::new();
    let mut count = 0;
    for case in cases.split("\n=== ").skip(1) {
        let (want, rest) = case.split_once('\n').unwrap_or((case, ""));
        let (head, text) = rest.split_once("\n\n").unwrap_or((rest, ""));
        let mail = read(head, text);
        count += 1;
        if mail.kind.to_string() != want.trim() {
            wrong.push(format!("want {want}, got {} ({})\n{rest}", mail.kind, mail.kind_reason));
        }
    }
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
    count
}

#[test]
fn automatic_replies() {
    assert!(check(include_str!("../../../tests/kind/auto_replies.txt")) >= 60);
}

#[test]
fn messages_stay_messages() {
    assert!(check(include_str!("../../../tests/kind/messages.txt")) >= 60);
}

#[test]
fn lists_receipts_meetings_loops() {
    assert!(check(include_str!("../../../tests/kind/others.txt")) >= 30);
}

#[test]
fn odd_ones() {
    assert!(check(include_str!("../../../tests/kind/odd.txt")) >= 30);
}

#[test]
fn messages_that_sound_automatic() {
    assert!(check(include_str!("../../../tests/kind/sounding.txt")) >= 9);
}

#[test]
fn notices_of_leaving_and_closing() {
    assert!(check(include_str!("../../../tests/kind/notices.txt")) >= 7);
}
