//! The boundary that a Content-Type declares (RFC 2046 §5.1.1), and the one that the body shows when they differ.

use super::line;
use crate::mail::parameter::{Parameters, parameters};

/// A multipart as declared.
pub struct Declared {
    pub kind: String,
    /// Empty: none declared.
    pub boundary: String,
    /// The parser reads the header as we do.
    pub is_plain: bool,
    typed: Parameters,
}

/// Reads a Content-Type header, field name included; None: no multipart.
pub fn declared(header: &[u8]) -> Option<Declared> {
    let value = &header[memchr::memchr(b':', header)? + 1..];
    if !contains_multipart(value) {
        return None;
    }
    let typed = parameters(value);
    if !typed.value.starts_with("multipart") {
        return None;
    }
    let boundary = typed.get("boundary").unwrap_or("").trim_end().to_string();
    let shown = format!("{boundary}\"");
    let is_quoted = memchr::memmem::find(value, shown.as_bytes()).is_some();
    let odd = value.iter().any(|b| matches!(b, b'\\' | b'*' | b'(' | b'\'') || *b >= 0x80) || memchr::memmem::find(value, b"=?").is_some();
    let head: Vec<&[u8]> = value.splitn(2, |b| *b == b';').collect();
    let has_semicolon = head.len() == 2 && !head[0].trim_ascii().contains(&b' ') && !head[0].contains(&b'=');
    let is_token = !boundary.contains(|c: char| c.is_whitespace() || c == ';');
    let kind = if typed.value.contains('/') { typed.value.clone() } else { "multipart/mixed".to_string() };
    let is_plain = !odd && has_semicolon && (is_quoted || is_token) && ends_well(value, &boundary) && kind == typed.value;
    Some(Declared { kind, is_plain, typed, boundary })
}

fn contains_multipart(value: &[u8]) -> bool {
    value.windows(9).take(200).any(|w| w.eq_ignore_ascii_case(b"multipart"))
}

/// Whether nothing but a quote, a semicolon or the end of the line follows the boundary in its header.
fn ends_well(value: &[u8], boundary: &str) -> bool {
    !boundary.is_empty()
        && memchr::memmem::rfind(value, boundary.as_bytes())
            .is_some_and(|at| matches!(value.get(at + boundary.len()), None | Some(b'"' | b';' | b'\r' | b'\n')))
}

impl Declared {
    /// The header as the parser reads it without doubt.
    pub fn header(&self, boundary: &str) -> Vec<u8> {
        let mut out = format!("Content-Type: {}; boundary=\"{boundary}\"", self.kind);
        for (name, value) in self.typed.all().iter().filter(|(name, value)| name != "boundary" && !value.contains(['"', '\\'])).take(20) {
            out.push_str(&format!("; {name}=\"{value}\""));
        }
        out.push('\n');
        out.into_bytes()
    }
}

/// Whether a line of `body` begins with the boundary.
pub fn is_used(body: &[u8], boundary: &str) -> bool {
    let line = format!("--{boundary}");
    memchr::memmem::find_iter(body, line.as_bytes()).any(|at| at == 0 || body[at - 1] == b'\n')
}

/// The first boundary line of a body whose multipart declares none that is used: two hyphens, a token, and a Content field
/// on the next line. Looks at the first 64 kB.
pub fn shown(body: &[u8]) -> Option<&str> {
    let body = &body[..body.len().min(64 * 1024)];
    let mut at = 0;
    while at < body.len() {
        let end = line::end(body, at);
        let next = &body[end..line::end(body, end.min(body.len()))];
        let token = body[at..end].strip_prefix(b"--").map(<[u8]>::trim_ascii_end);
        if let Some(token) = token
            && (1..=100).contains(&token.len())
            && line::is_field(next)
            && next.len() > 8
            && next[..8].eq_ignore_ascii_case(b"content-")
            && !token.contains(&b'"')
        {
            return std::str::from_utf8(token).ok();
        }
        at = end;
    }
    None
}

/// The same of a body that stands below a header without Content-Type: the boundary must begin it and come again.
pub fn shown_at_start(body: &[u8]) -> Option<&str> {
    let head = &body[..body.len().min(2048)];
    let first = head.iter().take_while(|b| b.is_ascii_whitespace()).count();
    let preamble = if head[first..].starts_with(b"This is a ") { line::end(head, first) } else { first };
    let start = preamble + head[preamble..].iter().take_while(|b| b.is_ascii_whitespace()).count();
    if !head[start..].starts_with(b"--") {
        return None;
    }
    let token = shown(&head[start..])?;
    (head[start + 2..].starts_with(token.as_bytes()) && is_used(&body[start + 2..], token)).then_some(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations() {
        for (header, boundary, is_plain) in [
            ("Content-Type: multipart/mixed; boundary=abc\r\n", "abc", true),
            ("Content-Type: multipart/mixed;\r\n\tboundary=\"a b'c\"\r\n", "a b'c", false),
            ("Content-Type: multipart/mixed; boundary=\"abc\"; type=\"text/html\"\n", "abc", true),
            ("Content-Type: multipart/mixed boundary=\"abc\"\n", "abc", false),
            ("Content-Type: multipart/mixed; boundary='abc'\n", "abc", false),
            ("Content-Type: multipart/mixed; boundary=\"abc  \"\n", "abc", false),
            ("Content-Type: multipart/mixed; boundary=abc (comment)\n", "abc", false),
            ("Content-Type: multipart/mixed; boundary*=us-ascii''abc\n", "abc", false),
            ("Content-Type: multipart; boundary=abc\n", "abc", false),
            ("Content-Type: multipart/mixed\n", "", false),
        ] {
            let got = declared(header.as_bytes()).expect("multipart");
            assert_eq!((got.boundary.as_str(), got.is_plain), (boundary, is_plain), "{header}");
        }
        assert!(declared(b"Content-Type: text/plain; boundary=x\n").is_none());
    }

    #[test]
    fn boundaries_of_bodies() {
        let body = b"preamble\n-- \nme\n--real\r\nContent-Type: text/plain\r\n\r\nx\n--real--\n";
        assert_eq!(shown(body), Some("real"));
        assert_eq!(shown(b"--no\nhello\n"), None);
        assert!(is_used(body, "real") && !is_used(body, "other"));
        assert_eq!(shown_at_start(&body[9..]), None);
        assert_eq!(shown_at_start(&body[16..]), Some("real"));
    }
}
