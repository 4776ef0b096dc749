//! The text of one part: transfer encoding and charset undone, LF line ends; files, armour and soft line breaks taken out.

use super::{Content, MAX_TEXT, attach};
use crate::mail::part::Part;
use crate::mail::transfer::{self, Encoding};
use crate::mail::{Protection, charset, flowed, header, protection, uuencode};
use std::borrow::Cow;

/// Decoded text, LF line ends; at most what is left of the room of the mail.
pub fn text(part: &Part<'_>, out: &mut Content) -> String {
    let raw = room(part, out);
    let (bytes, footer) = undone(part, raw, out);
    let mut label = part.typed.get("charset").filter(|l| !l.is_empty()).map(Cow::Borrowed);
    if part.kind == "text/html" && label.as_deref().is_none_or(says_nothing) {
        label = meta_charset(&bytes).map(Cow::Owned).or(label);
    }
    let read = charset::decode(&bytes, label.as_deref());
    if let Some(assumed) = read.assumed {
        out.defect("charset", assumed);
    }
    let mut text = unix_lines(read.text);
    if !footer.is_empty() {
        out.defect("base64_footer", "text after the end of a base64 body".into());
        text.push('\n');
        text.push_str(&unix_lines(charset::decode(footer, None).text));
    }
    text
}

/// The encoded bytes that may be read.
fn room<'a>(part: &Part<'a>, out: &mut Content) -> &'a [u8] {
    let raw = part.body();
    let room = MAX_TEXT.saturating_sub(out.text.len());
    let factor = match part.encoding {
        Encoding::Base64 | Encoding::Uuencode => 2,
        Encoding::QuotedPrintable => 3,
        _ => 1,
    };
    if raw.len() <= room.saturating_mul(factor) {
        return raw;
    }
    out.defect("text_too_long", format!("more than {MAX_TEXT} bytes of text, the rest was left out"));
    &raw[..room * factor]
}

/// Bytes without their transfer encoding, and plain text that follows base64.
fn undone<'a>(part: &Part<'a>, raw: &'a [u8], out: &mut Content) -> (Cow<'a, [u8]>, &'a [u8]) {
    match part.encoding {
        Encoding::Base64 if !transfer::looks_base64(raw) => {
            out.defect("transfer_encoding", "base64 announced, plain text found".into());
            (Cow::Borrowed(raw), &[])
        }
        Encoding::Base64 => {
            let (bytes, footer) = transfer::base64_with_footer(raw);
            if raw.len() == part.body().len() && !transfer::is_whole_base64(&raw[..raw.len() - footer.len()]) {
                out.defect("base64_cut", "a base64 body ends in the middle or lacks its padding".into());
            }
            (Cow::Owned(bytes), footer)
        }
        Encoding::Unknown => {
            let name = header::text(&part.parsed.headers, "Content-Transfer-Encoding").unwrap_or_default();
            out.defect("transfer_encoding", format!("unknown transfer encoding \"{}\", read as it is", header::floor(&name, 40)));
            (Cow::Borrowed(raw), &[])
        }
        encoding => (transfer::decode(raw, encoding), &[]),
    }
}

/// Plain text into the content: soft line breaks joined, files inside it listed, armour taken off.
pub fn append_plain(text: &str, part: &Part<'_>, level: usize, out: &mut Content) {
    let mut text = Cow::Borrowed(text);
    if let Some((found, plain)) = protection::unarmour(&text) {
        if level == 0 {
            out.protection = out.protection.or(Some(found));
        }
        if let (Protection::PgpSigned, Some(plain)) = (found, plain) {
            text = Cow::Owned(plain);
        }
    }
    if part.typed.get("format").is_some_and(|f| f.eq_ignore_ascii_case("flowed")) {
        text = Cow::Owned(flowed::unflow(&text, part.typed.get("delsp").is_some_and(|d| d.eq_ignore_ascii_case("yes"))));
    }
    let (text, files) = uuencode::extract(&text);
    for file in files {
        attach::add_named(file.name, file.size, out);
    }
    out.append(&text, &[]);
}

/// Seen in practice (mail gateways): HTML under text/plain.
pub fn looks_html(text: &str) -> bool {
    let head = text.trim_start().as_bytes();
    let starts = |word: &[u8]| head.len() >= word.len() && head[..word.len()].eq_ignore_ascii_case(word);
    starts(b"<!doctype html")
        || starts(b"<html")
        || (starts(b"<?xml") && memchr::memmem::find(&head[..head.len().min(300)], b"<html").is_some())
}

/// LF line ends, no control characters but tab, no NUL.
pub fn unix_lines(text: String) -> String {
    let bytes = text.as_bytes();
    // In blocks without an early end, so that the compiler looks at many bytes at once.
    let is_odd = |b: u8| (b < 0x20 && !matches!(b, b'\n' | b'\t' | b'\r')) || matches!(b, 0x7F | 0xC2);
    let is_plain = !bytes.chunks(64).any(|block| block.iter().fold(false, |any, b| any | is_odd(*b)));
    // Searched as bytes: in Chinese text the last byte of these two is everywhere.
    let holds = |mark: &str| memchr::memmem::find(bytes, mark.as_bytes()).is_some();
    if is_plain && !holds("\u{feff}") && !holds("\u{200b}") {
        return if memchr::memchr(b'\r', bytes).is_some() { without_returns(&text) } else { text };
    }
    let foreign = |c: char| (c.is_control() && !matches!(c, '\n' | '\t')) || matches!(c, '\u{feff}' | '\u{200b}');
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find(foreign) {
        out.push_str(&rest[..at]);
        let mut after = rest[at..].chars();
        if after.next() == Some('\r') && !after.as_str().starts_with('\n') {
            out.push('\n');
        }
        rest = after.as_str();
    }
    out.push_str(rest);
    out
}

/// The usual text: carriage returns alone have to go.
fn without_returns(text: &str) -> String {
    let bytes = text.as_bytes();
    let (mut out, mut from) = (String::with_capacity(text.len()), 0);
    for at in memchr::memchr_iter(b'\r', bytes) {
        out.push_str(&text[from..at]);
        if bytes.get(at + 1) != Some(&b'\n') {
            out.push('\n');
        }
        from = at + 1;
    }
    out.push_str(&text[from..]);
    out
}

/// A label that any text may carry.
fn says_nothing(label: &str) -> bool {
    ["us-ascii", "ascii", "unknown-8bit", "x-unknown", "unknown", "default", "7bit", "8bit"]
        .iter()
        .any(|known| label.eq_ignore_ascii_case(known))
}

/// The charset that a page names itself (HTML Living Standard §13.2.3.2).
fn meta_charset(bytes: &[u8]) -> Option<String> {
    let head = &bytes[..bytes.len().min(4096)];
    let at = memchr::memmem::find_iter(head, b"=").find(|at| {
        let before = head[..*at].trim_ascii_end();
        before.len() >= 7 && before[before.len() - 7..].eq_ignore_ascii_case(b"charset")
    })?;
    let value = head[at + 1..].trim_ascii_start();
    let value: String = value
        .iter()
        .skip_while(|b| matches!(b, b'"' | b'\'' | b' '))
        .take_while(|b| b.is_ascii_alphanumeric() || b"-_:".contains(b))
        .take(40)
        .map(|b| char::from(*b))
        .collect();
    (!value.is_empty()).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn charset_of_a_page() {
        for (page, want) in [
            ("<meta charset=gbk>", Some("gbk")),
            ("<META HTTP-EQUIV=\"Content-Type\" CONTENT=\"text/html; CHARSET = 'GB2312'\">", Some("GB2312")),
            ("<?xml version=\"1.0\"?><p>", None),
            ("<p>charset</p>", None),
        ] {
            assert_eq!(meta_charset(page.as_bytes()).as_deref(), want, "{page}");
        }
    }

    #[test]
    fn line_ends() {
        for (text, want) in
            [("a\r\nb\rc\n", "a\nb\nc\n"), ("a\0b\u{feff}c", "abc"), ("a\u{200b}\tb\x7f", "a\tb"), ("补\u{a0}丁", "补\u{a0}丁")]
        {
            assert_eq!(unix_lines(text.into()), want);
        }
    }
}
