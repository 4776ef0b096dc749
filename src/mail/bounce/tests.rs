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
