//! What is cut, what is mended, and that nothing else is copied.

use super::*;

#[test]
fn a_usual_mail_is_not_copied() {
    let raw = b"Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nhi\r\n--b--\r\n";
    let (bytes, defects) = guard(raw, 1000);
    assert!(matches!(bytes, Cow::Borrowed(_)));
    assert_eq!(defects, vec![]);
}

#[test]
fn faults_are_cut_and_named() {
    let long = format!("Subject: {}\r\n\r\nbody", "a".repeat(1_000_000));
    let many = format!("{}\r\nbody", "X: y\r\n".repeat(3_000));
    let evil = format!("Content-Type: text/plain; x={}\r\n\r\nbody", "=?".repeat(3_000));
    let mut deep = String::new();
    for level in 0..1_000 {
        deep.push_str(&format!("Content-Type: multipart/mixed; boundary=b{level}\r\n\r\n--b{level}\r\n"));
    }
    let parts =
        format!("Content-Type: multipart/mixed; boundary=b\r\n\r\n{}", "--b\r\nContent-Type: text/plain\r\n\r\nx\r\n".repeat(10_000));
    for (raw, name) in [
        (long.as_str(), "header_too_long"),
        (&many, "too_many_headers"),
        (&evil, "too_many_words"),
        (&deep, "too_deep"),
        (&parts, "too_many_parts"),
        ("no header at all\r\n", "no_headers"),
        ("Subject: x\r\nthe blank line is missing\r\n", "no_headers"),
        ("Subject: x\r\njunk line\r\n folded\r\nTo: y\r\n\r\nSubject: a\0", "nul_bytes"),
        (" leading blank: x\r\n\r\nbody", "no_headers"),
        ("Subject: a\0b\r\n\r\n", "nul_bytes"),
    ] {
        let (bytes, defects) = guard(raw.as_bytes(), 100_000_000);
        assert!(defects.iter().any(|d| d.name == name), "{name}: {defects:?}");
        let parsed = mailparse::parse_mail(&bytes);
        assert!(parsed.is_ok(), "{name}: {:?}", parsed.err());
    }
}

#[test]
fn too_large_keeps_the_first_part() {
    let (bytes, defects) = guard(b"Subject: x\n\nbody body", 16);
    assert_eq!((&*bytes, defects[0].name.as_str()), (&b"Subject: x\n\nbody"[..], "too_large"));
}

#[test]
fn boundaries_are_mended() {
    let parts = "--real\r\n\r\na\r\n--real\r\nContent-Type: text/html\r\n\r\nb\r\n--real--\r\n";
    for header in [
        "Content-Type: multipart/mixed; boundary=other\r\n\r\n",
        "Content-Type: multipart/mixed\r\n\r\n",
        "Content-Type: multipart/mixed boundary=real\r\n\r\n",
        "Content-Type: multipart/mixed; boundary='real'\r\n\r\n",
        "Content-Type: multipart/mixed; boundary=\"real  \"\r\n\r\n",
    ] {
        let raw = format!("Subject: x\r\n{header}{parts}");
        let (bytes, _) = guard(raw.as_bytes(), usize::MAX);
        let parsed = mailparse::parse_mail(&bytes).unwrap();
        assert_eq!(parsed.subparts.len(), 2, "{header}");
    }
    let raw = "Subject: x\n\n--real\nContent-Type: text/plain\n\na\n--real--\n";
    let (bytes, defects) = guard(raw.as_bytes(), usize::MAX);
    assert_eq!((mailparse::parse_mail(&bytes).unwrap().subparts.len(), defects[0].name.as_str()), (1, "boundary"));
}
