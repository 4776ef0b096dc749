//! The reader alone: `mail::parse` (parse and classification) of ordinary mail next to mailparse on the same bytes, and mails built to be slow.
//!
//! `cargo bench --bench reader`. One thread. Ordinary mail is the threading test's seeded mix of clients, padded to 12 KB with a log
//! excerpt and a base64 attachment; then the same mails without padding, whose every byte is headers and text.

// A benchmark reads the clock.
#![allow(clippy::disallowed_methods)]

#[path = "../tests/it/generator/mod.rs"]
mod generator;

use casemate::mail::{Settings, parse};
use generator::Next;
use std::hint::black_box;
use std::time::{Duration, Instant};

const MAILS: usize = 1_000;
const SEED: u64 = 20_260_723;
/// The best of so many rounds counts: other work on the machine only ever adds.
const ROUNDS: usize = 7;

fn main() {
    println!("{:<30}{:>9}{:>12}{:>12}{:>12}{:>9}", "ordinary mail", "KB", "parse", "MB/s", "mailparse", "ratio");
    for (name, size) in [("12 KB, padded with log and file", 12_000), ("as written", 0)] {
        ordinary(name, &mails(size));
    }
    println!("\n{:<30}{:>9}{:>12}{:>12}{:>12}{:>9}", "built to be slow", "KB", "parse", "MB/s", "memory", "of size");
    for (name, raw) in bombs() {
        bomb(name, &raw);
    }
}

fn mails(size: usize) -> Vec<Vec<u8>> {
    let mut threads = generator::sized_threads(SEED, MAILS, size);
    let mut out = Vec::new();
    while out.len() < MAILS {
        match threads.next(&|_| None) {
            Some(Next::Mail(mail)) => out.push(mail.raw),
            Some(_) => {}
            None => break,
        }
    }
    out
}

fn settings() -> Settings {
    Settings { own_addresses: vec!["support@desk.example".into()], ..Settings::default() }
}

fn ordinary(name: &str, mails: &[Vec<u8>]) {
    let settings = settings();
    let bytes: usize = mails.iter().map(Vec::len).sum();
    let ours = best(|| mails.iter().for_each(|raw| drop(black_box(parse(raw, &settings)))));
    let decoded = best(|| mails.iter().for_each(|raw| decode_all(raw)));
    let rate = |took: Duration| bytes as f64 / took.as_secs_f64() / 1e6;
    println!(
        "{name:<30}{:>9.1}{:>9.1} us{:>12.0}{:>12.0}{:>9.2}",
        bytes as f64 / 1e3 / mails.len() as f64,
        ours.as_secs_f64() * 1e6 / mails.len() as f64,
        rate(ours),
        rate(decoded),
        rate(ours) / rate(decoded)
    );
}

fn best(mut run: impl FnMut()) -> Duration {
    let timed = (0..ROUNDS).map(|_| {
        let start = Instant::now();
        run();
        start.elapsed()
    });
    timed.min().unwrap_or_default()
}

/// mailparse alone, every header and part decoded: the least that a mail reader does.
fn decode_all(raw: &[u8]) {
    fn walk(part: &mailparse::ParsedMail<'_>) {
        for header in &part.headers {
            black_box(header.get_value());
        }
        if part.subparts.is_empty() {
            let _ = black_box(part.get_body_raw());
        }
        part.subparts.iter().for_each(walk);
    }
    if let Ok(parsed) = mailparse::parse_mail(raw) {
        walk(&parsed);
    }
}

fn bomb(name: &str, raw: &[u8]) {
    reset_peak();
    let before = status_kb("VmRSS:");
    let start = Instant::now();
    let mail = black_box(parse(raw, &settings()));
    let took = start.elapsed();
    let more = status_kb("VmHWM:").saturating_sub(before) as f64 * 1024.0;
    drop(mail);
    println!(
        "{name:<30}{:>9.0}{:>9.0} ms{:>12.0}{:>9.1} MB{:>8.1}x",
        raw.len() as f64 / 1e3,
        took.as_secs_f64() * 1e3,
        raw.len() as f64 / took.as_secs_f64() / 1e6,
        more / 1e6,
        more / raw.len() as f64
    );
}

const HEAD: &str = "From: a@b.example\r\nDate: Thu, 22 Oct 2020 14:10:12 +0800\r\nMessage-ID: <x@b.example>\r\n";

fn bombs() -> Vec<(&'static str, Vec<u8>)> {
    let mixed = format!("{HEAD}Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n");
    let plain = |body: String| format!("{HEAD}Subject: x\r\n\r\n{body}").into_bytes();
    let html = |body: String| format!("{HEAD}Subject: x\r\nContent-Type: text/html\r\n\r\n{body}").into_bytes();
    let mut nested = HEAD.to_string();
    for level in 0..1_000 {
        nested.push_str(&format!("Content-Type: multipart/mixed; boundary=b{level}\r\n\r\n--b{level}\r\n"));
    }
    let line = format!("{}\r\n", "QUJD".repeat(19));
    let file = "--b\r\nContent-Type: application/zip; name=log.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n";
    let text = "--b\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n";
    vec![
        ("50 MB, one attachment", format!("{mixed}{file}{}--b--\r\n", line.repeat(50_000_000 / line.len())).into_bytes()),
        ("50 MB, one base64 text", format!("{mixed}{text}{}--b--\r\n", line.repeat(50_000_000 / line.len())).into_bytes()),
        ("50 MB of plain text", plain("补丁 KB4577668 安装失败 0x800F0922，请问如何处理？\r\n".repeat(50_000_000 / 62))),
        ("50 MB of HTML", html("<div style='x'><p class=MsoNormal>补丁&nbsp;失败<o:p></o:p></p></div>\r\n".repeat(50_000_000 / 77))),
        ("10,000 parts", format!("{mixed}{}", "--b\r\nContent-Type: text/plain\r\n\r\nx\r\n".repeat(10_000)).into_bytes()),
        ("1,000 levels", nested.into_bytes()),
        ("1 MB of header", format!("{HEAD}Subject: {}\r\n\r\nx", "=?utf-8?B?5paw?= ".repeat(60_000)).into_bytes()),
        ("100,000 header lines", format!("{HEAD}{}\r\nx", "X-A: b\r\n".repeat(100_000)).into_bytes()),
        ("100,000 quote lines", plain("> 补丁 KB4577668 安装失败\r\n".repeat(100_000))),
        ("100,000 label lines", plain("发件人: x <a@b.example>\r\n".repeat(100_000))),
        ("100,000 blockquotes", html("<blockquote>x".repeat(100_000))),
        ("1,000,000 of <", html("<".repeat(1_000_000))),
        ("1,000,000 of =?", format!("{HEAD}Subject: {}\r\n\r\nx", "=?".repeat(500_000)).into_bytes()),
    ]
}

/// Starts the high-water mark of resident memory anew (Linux; elsewhere it stays that of the process).
fn reset_peak() {
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}

/// A line of /proc/self/status in kB; 0 where there is no /proc.
fn status_kb(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|l| l.starts_with(name)).unwrap_or("");
    line.split_whitespace().nth(1).and_then(|n| n.parse().ok()).unwrap_or(0)
}
