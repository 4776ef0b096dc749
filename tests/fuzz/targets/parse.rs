//! Any bytes as a mail: total, and what it says of itself holds.
#![no_main]
use casemate::mail::{Settings, inspect_json, parse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|raw: &[u8]| {
    let mail = parse(raw, &Settings::default());
    assert!(!mail.defects.iter().any(|d| d.name == "panic"), "the reader panicked");
    assert!(!mail.subject.text.contains(['\r', '\n']) && !mail.text.contains('\r'));
    // The segments begin with the whole text; messages attached to it follow.
    let segments: String = mail.segments.iter().map(|s| s.text.as_str()).collect();
    let mut kept = segments.chars().filter(|c| !c.is_whitespace());
    assert!(mail.text.chars().filter(|c| !c.is_whitespace()).all(|c| kept.next() == Some(c)), "the segments are not the text");
    for question in &mail.questions {
        assert!(!question.text.is_empty() && mail.reply_text.is_char_boundary(question.at));
    }
    std::hint::black_box(inspect_json(&mail));
});
