//! `mail::parse` is total: arbitrary bytes, mutated mails and the known bombs never panic and stay quick.

use casemate::mail::{Mail, Settings, parse};
use proptest::prelude::*;
use std::time::{Duration, Instant};

/// Debug builds on a busy machine; a release build takes a tenth.
const QUICK: Duration = Duration::from_secs(8);

fn check(mail: &Mail) {
    assert!(!mail.defects.iter().any(|d| d.name == "panic"), "{:?}", mail.subject.text);
    assert!(!mail.subject.text.contains(['\r', '\n']) && !mail.subject.base.contains(['\r', '\n']));
    assert!(mail.questions.iter().all(|q| !q.text.contains('\n') && !q.text.is_empty()));
    assert!(!mail.text.contains('\r'));
    let name = mail.from.iter().filter_map(|a| a.name.as_deref()).collect::<String>();
    assert!(!name.contains(['\r', '\n']));
}

fn sample() -> Vec<Vec<u8>> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let mut paths: Vec<_> = std::fs::read_dir(root).expect("tests/corpus").map(|e| e.expect("entry").path().join("mail.eml")).collect();
    paths.sort();
    paths.iter().filter_map(|p| std::fs::read(p).ok()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes(raw in proptest::collection::vec(any::<u8>(), 0..2000)) {
        check(&parse(&raw, &Settings::default()));
    }

    #[test]
    fn mutated_mails(which in 0usize..1000, cuts in proptest::collection::vec((any::<usize>(), any::<u8>(), 0u8..4), 1..12)) {
        let mails = sample();
        let mut raw = mails[which % mails.len()].clone();
        for (place, byte, action) in cuts {
            let at = place % raw.len().max(1);
            match action {
                0 if at < raw.len() => raw[at] = byte,
                1 => raw.insert(at.min(raw.len()), byte),
                2 => raw.truncate(at.max(1)),
                _ => {
                    let other = &mails[place % mails.len()];
                    raw.splice(at..at, other.iter().copied().take(300));
                }
            }
        }
        check(&parse(&raw, &Settings::default()));
    }
}

#[test]
fn bombs_are_quick_and_named() {
    let head = "From: a@b.example\r\nDate: Thu, 22 Oct 2020 14:10:12 +0800\r\nMessage-ID: <x@b.example>\r\n";
    let html = |body: String| format!("{head}Subject: x\r\nContent-Type: text/html\r\n\r\n{body}");
    let text = |body: String| format!("{head}Subject: x\r\n\r\n{body}");
    let mut nested = head.to_string();
    for level in 0..1_000 {
        nested.push_str(&format!("Content-Type: multipart/mixed; boundary=b{level}\r\n\r\n--b{level}\r\n"));
    }
    let parts = "--b\r\nContent-Type: text/plain\r\n\r\nx\r\n".repeat(10_000);
    let evil_part = format!("--b\r\nContent-Type: text/plain; x={}\r\n\r\nx\r\n", "=?".repeat(8_000));
    let mut rfc822 = head.to_string();
    for _ in 0..2_000 {
        rfc822.push_str("Content-Type: message/rfc822\r\n\r\n");
    }
    let bombs = [
        ("nested", nested, "too_deep"),
        ("parts", format!("{head}Content-Type: multipart/mixed; boundary=b\r\n\r\n{parts}"), "too_many_parts"),
        ("evil parts", format!("{head}Content-Type: multipart/mixed; boundary=b\r\n\r\n{}", evil_part.repeat(60)), "too_many_words"),
        ("header of 1 MB", format!("{head}Subject: {}\r\n\r\nx", "补".repeat(350_000)), "header_too_long"),
        ("headers", format!("{head}{}\r\nx", "X-A: b\r\n".repeat(100_000)), "too_many_headers"),
        ("junk headers", format!("{head}{}X-Last: y\r\n\r\nx", format!("{}\r\n", "junk ".repeat(2_000)).repeat(1_000)), ""),
        ("embedded", rfc822, "embedded"),
        ("text of 10 MB", text("请问如何处理？1. 步骤\n".repeat(400_000)), "text_too_long"),
        ("html depth", html("<div><ul><li>".repeat(100_000)), ""),
        ("html blockquotes", html("<blockquote>x".repeat(20_000)), ""),
        ("html attributes", html("<a style style style ".repeat(50_000)), ""),
        ("labels", text("发件人: x\n".repeat(50_000)), ""),
        ("attributions", text("On 2020-10-10 <a@b.example> x\n".repeat(20_000) + "wrote:"), ""),
        ("digits", text("1".repeat(500_000)), ""),
        ("hex", text("0x8".repeat(200_000)), ""),
        ("markers", text("1. 2. ".repeat(100_000)), ""),
        ("dashes", text("-".repeat(500_000)), ""),
        ("case numbers", format!("{head}Subject: {}\r\n\r\nx", "CAS-0316".repeat(2_000)), ""),
        ("addresses", format!("{head}To: {}\r\n\r\nx", "a@b.example, ".repeat(50_000)), "header_too_long"),
        ("references", format!("{head}References: {}\r\n\r\nx", "<a@b> ".repeat(50_000)), "header_too_long"),
        ("one long word", text("字".repeat(600_000)), ""),
        ("quote marks", text(">".repeat(1_000_000)), ""),
    ];
    for (name, raw, defect) in bombs {
        let start = Instant::now();
        let mail = parse(raw.as_bytes(), &Settings::default());
        let took = start.elapsed();
        check(&mail);
        assert!(took < QUICK, "{name}: {took:?}");
        assert!(defect.is_empty() || mail.defects.iter().any(|d| d.name == defect), "{name}: {:?}", mail.defects);
        if std::env::var_os("CASEMATE_TIMES").is_some() {
            eprintln!("{name:20} {took:?}");
        }
    }
}

#[test]
fn a_mail_of_fifty_megabytes_is_measured_not_decoded() {
    let mut raw = b"From: a@b.example\r\nSubject: big\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nsee file\r\n--b\r\nContent-Type: application/zip; name=big.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n".to_vec();
    let line = [b"A".repeat(76), b"\r\n".to_vec()].concat();
    while raw.len() < 50_000_000 {
        raw.extend_from_slice(&line);
    }
    raw.extend_from_slice(b"--b--\r\n");
    let start = Instant::now();
    let mail = parse(&raw, &Settings::default());
    assert!(start.elapsed() < QUICK, "{:?}", start.elapsed());
    assert_eq!((mail.reply_text.as_str(), mail.attachments.len()), ("see file", 1));
    assert!((36_000_000..37_600_000).contains(&mail.attachments[0].size), "{}", mail.attachments[0].size);
    let small = parse(&raw, &Settings { max_bytes: 1_000_000, ..Settings::default() });
    assert!(small.defects.iter().any(|d| d.name == "too_large") && small.reply_text == "see file");
}
