//! Any text as a subject: no panic, one line, and a base that holds no number believed.
#![no_main]
use casemate::mail::{Settings, parse_subject};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let subject = parse_subject(text, &Settings::default());
    assert!(!subject.base.contains(['\r', '\n']));
    for number in &subject.case_numbers {
        assert!(number.is_ascii() && !subject.base.contains(number.as_str()), "{number}");
    }
});
