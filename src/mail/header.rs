//! Header values: found by name, unfolded, raw 8-bit read, cleaned; ids (RFC 5322 §3.6.4). Encoded words, parameters and
//! dates have files of their own (`word`, `parameter`, `date`).
//!
//! mailparse's own decoding is quadratic and splits characters, so this works on its raw values. Bounded: a header arrives
//! cut to 16 kB by the guard.

use super::charset;
pub use super::date::date;
pub use super::parameter::{Parameters, parameters};
pub use super::word::decode_words;
use mailparse::MailHeader;
use std::borrow::Cow;

/// First header of that name (ASCII case aside), raw.
pub fn first<'a>(headers: &'a [MailHeader<'a>], name: &str) -> Option<&'a [u8]> {
    all(headers, name).next()
}

/// All headers of that name, raw, in order.
pub fn all<'a>(headers: &'a [MailHeader<'a>], name: &str) -> impl Iterator<Item = &'a [u8]> {
    headers.iter().filter(move |h| h.get_key_raw().trim_ascii().eq_ignore_ascii_case(name.as_bytes())).map(|h| h.get_value_raw())
}

/// Decoded first header of that name.
pub fn text(headers: &[MailHeader<'_>], name: &str) -> Option<String> {
    first(headers, name).map(decode)
}

/// Raw value to readable text: charset guess for 8-bit, encoded words, unfolded, no control characters.
pub fn decode(raw: &[u8]) -> String {
    clean(&decode_words(&to_text(raw)))
}

/// Raw value to text before encoded words are decoded: strictly valid UTF-8 first, else GB18030 or a guess.
pub fn to_text(raw: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(raw) {
        // Seen in practice (old Japanese mailers): escapes of ISO-2022-JP without an encoded word.
        Ok(text) if memchr::memchr(0x1B, raw).is_some() => Cow::Owned(charset::decode(text.as_bytes(), None).text),
        Ok(text) if text.is_ascii() || !charset::is_short_gbk(raw, text) => Cow::Borrowed(text),
        _ => Cow::Owned(charset::guess(raw).0),
    }
}

/// Line breaks and tabs become one blank, other control characters go, ends are trimmed.
pub fn clean(text: &str) -> String {
    // None of these bytes begins a character that has to go.
    if !text.bytes().any(|b| b < b' ' || matches!(b, 0x7F | 0xC2 | 0xE2 | 0xEF)) {
        return text.trim().to_string();
    }
    let mut out = String::with_capacity(text.len());
    let mut broken = false;
    for c in text.chars() {
        match c {
            '\r' | '\n' | '\t' => broken = true,
            ' ' if broken => {}
            c if c.is_control() || matches!(c, '\u{feff}' | '\u{200b}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') => {}
            c => {
                if broken && !out.ends_with(' ') {
                    out.push(' ');
                }
                broken = false;
                out.push(c);
            }
        }
    }
    out.trim().to_string()
}

/// The longest prefix of at most `max` bytes that ends on a character.
pub fn floor(text: &str, max: usize) -> &str {
    if text.len() <= max {
        return text;
    }
    &text[..text.floor_char_boundary(max)]
}

/// Removes surrounding quotes and their escapes; a backslash before anything else than `"` and `\` is kept (Windows paths).
pub fn unquote(text: &str) -> String {
    let text = text.trim();
    let Some(inner) = text.strip_prefix('"') else { return text.trim_matches('\'').to_string() };
    let inner = inner.strip_suffix('"').unwrap_or(inner);
    inner.replace("\\\"", "\"").replace("\\\\", "\\")
}

/// Ids of a Message-ID, In-Reply-To or References value, without brackets; blanks inside brackets are folding faults; a bare
/// token with `@` is accepted.
pub fn message_ids(raw: &[u8]) -> Vec<String> {
    let text = to_text(raw);
    let mut ids: Vec<String> = Vec::new();
    let mut rest: &str = &text;
    while let Some(open) = rest.find('<').filter(|_| ids.len() < 500) {
        rest = &rest[open + 1..];
        let Some(end) = rest.find(['<', '>']).filter(|end| rest[*end..].starts_with('>')) else { continue };
        let id: String = rest[..end].chars().filter(|c| !c.is_whitespace()).collect();
        if !id.is_empty() && (id.len() == end || id.contains('@')) && !ids.contains(&id) {
            ids.push(id);
        }
        rest = &rest[end + 1..];
    }
    if ids.is_empty() {
        let bare = text.split_whitespace().map(|t| t.trim_matches(|c| matches!(c, '<' | '>' | ',' | ';' | '"')));
        ids.extend(bare.filter(|t| t.len() > 2 && (t.contains('@') || text.trim() == *t)).take(500).map(str::to_string));
    }
    ids
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids() {
        for (raw, want) in [
            ("<a@b> junk <c@d>\r\n <a@b>", vec!["a@b", "c@d"]),
            ("a@b.example", vec!["a@b.example"]),
            ("<a@b><c@d>", vec!["a@b", "c@d"]),
            ("<a-long-one-\r\n folded@b>", vec!["a-long-one-folded@b"]),
            ("<a@b <c@d>", vec!["c@d"]),
            ("<no-at-sign>", vec!["no-at-sign"]),
            ("your mail of today", vec![]),
        ] {
            assert_eq!(message_ids(raw.as_bytes()), want, "{raw}");
        }
    }

    #[test]
    fn cleaned() {
        for (raw, want) in [("a\r\n b", "a b"), ("a\tb", "a b"), (" a\u{200b}b\u{202e} ", "ab"), ("a\0b", "ab")] {
            assert_eq!(clean(raw), want);
        }
    }
}
