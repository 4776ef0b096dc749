//! Any bytes as a mail: total, and what it says of itself holds.
#![no_main]
use casemate::mail::{Settings, inspect_json, parse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|raw: &[u8]| {
    let mail = parse(raw, &Settings::default());
    assert!(!mail.defects.iter().any(|d| d.name == "panic"), "the reader panicked");
    assert!(!mail.subject.text.contains(['\r', '\n']) && !mail.text.contains('\r'));
    // Nothing of the text is lost but white space.
    let kept = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count();
    assert_eq!(mail.segments.iter().map(|s| kept(&s.text)).sum::<usize>(), kept(&mail.text));
    for question in &mail.questions {
        assert!(!question.text.is_empty() && mail.reply_text.is_char_boundary(question.at));
    }
    std::hint::black_box(inspect_json(&mail));
});
