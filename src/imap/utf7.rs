//! Mailbox names on the wire: modified UTF-7 (RFC 3501 §5.1.3). Pure.

use base64::{Engine, alphabet::IMAP_MUTF7, engine::GeneralPurpose, engine::general_purpose::NO_PAD};

const BASE64: GeneralPurpose = GeneralPurpose::new(&IMAP_MUTF7, NO_PAD);

/// `客户支持` → `&W6JiN2UvYwE-`; printable ASCII stays, `&` becomes `&-`.
pub(super) fn encode(name: &str) -> String {
    let mut wire = String::with_capacity(name.len());
    let mut run = Vec::new();
    for c in name.chars() {
        if matches!(c, ' '..='~') {
            end_run(&mut run, &mut wire);
            wire.push(c);
            if c == '&' {
                wire.push('-');
            }
        } else {
            let mut units = [0; 2];
            run.extend(c.encode_utf16(&mut units).iter().flat_map(|unit| unit.to_be_bytes()));
        }
    }
    end_run(&mut run, &mut wire);
    wire
}

fn end_run(run: &mut Vec<u8>, wire: &mut String) {
    if !run.is_empty() {
        wire.push('&');
        BASE64.encode_string(&run, wire);
        wire.push('-');
        run.clear();
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn names_as_on_the_wire() {
        for (name, wire) in [
            ("INBOX", "INBOX"),
            ("客户支持", "&W6JiN2UvYwE-"),
            ("Sent & done", "Sent &- done"),
            ("~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"), // RFC 3501 §5.1.3
            ("已发送邮件", "&XfJT0ZABkK5O9g-"),
            ("😀x", "&2D3eAA-x"),
            ("a\tb", "a&AAk-b"),
            ("", ""),
        ] {
            assert_eq!(super::encode(name), wire, "{name}");
        }
    }
}
