//! What the tree says beside its text: calendar method, protection, text files, pictures, limits.

use super::*;
use crate::mail::guard::guard;

fn read(raw: &str) -> Content {
    let (bytes, _) = guard(raw.as_bytes(), usize::MAX);
    content(&mailparse::parse_mail(&bytes).unwrap())
}

fn mixed(parts: &[&str]) -> String {
    let parts: String = parts.iter().map(|part| format!("--b\n{part}\n")).collect();
    format!("Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n{parts}--b--\n")
}

#[test]
fn text_files_are_kept() {
    let got = read(&mixed(&[
        "\nsee files",
        "Content-Type: application/octet-stream; name=cbs.log\nContent-Transfer-Encoding: base64\n\n//5hAGIA",
        "Content-Type: text/plain; charset=utf-8\nContent-Disposition: attachment; filename=说明.TXT\n\n补丁",
        "Content-Type: application/zip; name=x.zip\n\nPK",
        "Content-Type: text/html; name=page.html\nContent-Disposition: attachment\n\n<p>x</p>",
    ]));
    assert_eq!(got.text.trim(), "see files");
    assert_eq!(got.text_attachments, [("cbs.log".to_string(), "ab".to_string()), ("说明.TXT".into(), "补丁".into())]);
    assert_eq!(got.attachments.len(), 4);
}

#[test]
fn calendar_methods() {
    let ics = "BEGIN:VCALENDAR\nMETHOD:CANCEL\nBEGIN:VEVENT\nSUMMARY:补丁会\nEND:VEVENT\nEND:VCALENDAR";
    for (part, method, text) in [
        (format!("Content-Type: text/calendar; charset=utf-8; method=request\n\n{ics}"), Some("CANCEL"), "补丁会"),
        ("Content-Type: text/calendar; method=reply\n\nBEGIN:VCALENDAR".to_string(), Some("REPLY"), ""),
        ("Content-Type: text/calendar; name=a.ics\n\nBEGIN:VCALENDAR".to_string(), None, ""),
    ] {
        let got = read(&mixed(&[&part]));
        assert_eq!((got.calendar.as_deref(), got.text.as_str()), (method, text), "{part}");
    }
    assert_eq!(read(&mixed(&["\nhello", &format!("Content-Type: text/calendar\n\n{ics}")])).text.trim(), "hello");
}

#[test]
fn envelopes() {
    for (kind, want) in [
        ("multipart/signed; protocol=\"application/pgp-signature\"", Some(Protection::PgpSigned)),
        ("multipart/signed; protocol=\"application/pkcs7-signature\"", Some(Protection::SmimeSigned)),
        ("multipart/encrypted; protocol=\"application/pgp-encrypted\"", Some(Protection::PgpEncrypted)),
        ("multipart/mixed", None),
    ] {
        let got = read(&format!(
            "Content-Type: {kind}; boundary=b\n\n--b\n\nhello\n--b\nContent-Type: application/pgp-signature; name=signature.asc\n\nx\n--b--\n"
        ));
        assert_eq!(got.protection, want, "{kind}");
        assert!(got.attachments.iter().all(|a| a.inline), "{kind}");
    }
}

#[test]
fn beyond_the_limits_text_is_kept() {
    let many = mixed(&["\npart"; 6_000]);
    assert_eq!(read(&many).text.matches("part").count(), 6_000);
    let mut deep = String::new();
    for level in 0..200 {
        deep.push_str(&format!("Content-Type: multipart/mixed; boundary=b{level}\n\n--b{level}\n"));
    }
    deep.push_str("\ndeepest\n");
    for level in (0..200).rev() {
        deep.push_str(&format!("--b{level}--\n--b{}\n\nafter {level}\n", level.max(1) - 1));
    }
    let got = read(&deep);
    assert!(got.text.contains("deepest") && got.text.contains("after 199") && got.text.contains("after 30\n"), "{}", got.text);
}

#[test]
fn a_multipart_that_was_encoded_whole() {
    // The two parts, in base64.
    let got = read(
        "Content-Type: multipart/mixed; boundary=b\nContent-Transfer-Encoding: base64\n\nLS1iCgpoZWxsbwotLWIKQ29udGVudC1UeXBlOiBhcHBsaWNhdGlvbi96aXA7IG5hbWU9YS56\naXAKCngKLS1iLS0K\n",
    );
    assert_eq!((got.text.trim(), got.attachments.len()), ("hello", 1));
}
