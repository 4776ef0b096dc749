//! Any text as a subject: no panic, one line, numbers in their canonical form.
#![no_main]
use casemate::mail::{Settings, parse_subject};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let subject = parse_subject(text, &Settings::default());
    assert!(!subject.base.contains(['\r', '\n']));
    for number in &subject.case_numbers {
        assert!(number.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-'), "{number}");
    }
});
