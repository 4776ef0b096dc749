//! Any bytes as the HTML of a mail.
#![no_main]
use casemate::mail::{Settings, parse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|html: &[u8]| {
    let mut raw = b"From: a@b.example\r\nContent-Type: text/html; charset=utf-8\r\n\r\n".to_vec();
    raw.extend_from_slice(html);
    let mail = parse(&raw, &Settings::default());
    assert!(!mail.defects.iter().any(|d| d.name == "panic"), "the reader panicked");
});
