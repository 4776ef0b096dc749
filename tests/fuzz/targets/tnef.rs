//! Any bytes as the winmail.dat of a mail.
#![no_main]
use casemate::mail::{Settings, parse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|tnef: &[u8]| {
    let mut raw = b"From: a@b.example\r\nContent-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: binary\r\n\r\n".to_vec();
    raw.extend_from_slice(&[0x78, 0x9f, 0x3e, 0x22]);
    raw.extend_from_slice(tnef);
    let mail = parse(&raw, &Settings::default());
    assert!(!mail.defects.iter().any(|d| d.name == "panic"), "the reader panicked");
    assert!(mail.attachments.len() <= 1001);
});
