//! The golden corpus: `tests/corpus/NNN-name/{mail.eml, expected.json, readme}`; `CASEMATE_BLESS=1` rewrites the expectations.
//!
//! Every mail is read with LF and with CRLF line ends and must say the same. No case found is a failure.

use casemate::mail::{Settings, inspect_json, parse};
use serde_json::Value;
use std::path::{Path, PathBuf};

fn cases() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let mut found: Vec<PathBuf> = std::fs::read_dir(root).expect("tests/corpus").map(|e| e.expect("entry").path()).collect();
    found.retain(|p| p.join("mail.eml").is_file());
    found.sort();
    found
}

/// Settings of every case: one desk, so that loops show.
fn settings() -> Settings {
    Settings { own_addresses: vec!["support@desk.example".into()], ..Settings::default() }
}

fn lf(raw: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len());
    for (at, byte) in raw.iter().enumerate() {
        if !(*byte == b'\r' && raw.get(at + 1) == Some(&b'\n')) {
            out.push(*byte);
        }
    }
    out
}

fn crlf(raw: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len() * 2);
    for byte in lf(raw) {
        if byte == b'\n' {
            out.push(b'\r');
        }
        out.push(byte);
    }
    out
}

/// Sizes of 8-bit attachments count their line ends; everything else must be equal.
fn without_sizes(mut value: Value) -> Value {
    for attachment in value["attachments"].as_array_mut().into_iter().flatten() {
        attachment["size"] = Value::Null;
    }
    value
}

#[test]
fn golden() {
    let cases = cases();
    assert!(cases.len() >= 40, "{} cases found", cases.len());
    let bless = std::env::var_os("CASEMATE_BLESS").is_some();
    let mut wrong = Vec::new();
    for case in &cases {
        let name = case.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let raw = std::fs::read(case.join("mail.eml")).expect("mail.eml");
        assert!(case.join("readme").is_file(), "{name}: no readme");
        let got = inspect_json(&parse(&lf(&raw), &settings()));
        let windows = inspect_json(&parse(&crlf(&raw), &settings()));
        if without_sizes(got.clone()) != without_sizes(windows.clone()) {
            wrong.push(format!("{name}: LF and CRLF differ\n{got:#}\n{windows:#}"));
        }
        let path = case.join("expected.json");
        if bless {
            std::fs::write(&path, format!("{got:#}\n")).expect("expected.json");
            continue;
        }
        let want: Value = serde_json::from_slice(&std::fs::read(&path).expect("expected.json")).expect("JSON");
        for (key, value) in want.as_object().expect("object") {
            if got[key] != *value {
                wrong.push(format!("{name}: {key}\n  want {value}\n  got  {}", got[key]));
            }
        }
        if want.as_object().map(|o| o.len()) != got.as_object().map(|o| o.len()) {
            wrong.push(format!("{name}: the fields differ"));
        }
    }
    assert!(wrong.is_empty(), "{}\nIf right: CASEMATE_BLESS=1 cargo test --test it corpus, and read the difference.", wrong.join("\n"));
}
