//! Values with parameters: `text/plain; charset=…` (RFC 2045 §5.1), continuations and percent encoding (RFC 2231), and what
//! clients write instead: encoded words and raw GBK in names, missing quotes and semicolons, names given twice.

use super::charset;
use super::header::{clean, to_text, unquote};
use super::word::decode_words;

/// Parameters read of one header.
const MAX_PARAMETERS: usize = 200;

/// A value and its parameters; the first of a name counts, the extended form (`name*`) before the plain one.
#[derive(Debug, Default, PartialEq)]
pub struct Parameters {
    /// Lower case, without blanks, quotes and comments.
    pub value: String,
    named: Vec<(String, String)>,
}

impl Parameters {
    pub fn get(&self, name: &str) -> Option<&str> {
        self.named.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// Names, lower case, and values.
    pub fn all(&self) -> &[(String, String)] {
        &self.named
    }
}

/// One segment of an extended parameter (RFC 2231 §3).
struct Segment {
    name: String,
    /// None: the whole value in one (`name*=`).
    order: Option<usize>,
    is_encoded: bool,
    content: String,
}

/// Reads a value with parameters from a raw header.
pub fn parameters(raw: &[u8]) -> Parameters {
    if let Some(plain) = by_the_book(raw) {
        return plain;
    }
    let text = to_text(raw);
    let mut pieces = pieces(&text).into_iter();
    let mut value = pieces.next().unwrap_or_default();
    // A missing semicolon (`text/plain charset=utf-8`) or a value left out (`charset=utf-8`).
    let mut first = None;
    if let Some(equals) = value.find('=') {
        let name_at = value[..equals].trim_end().rfind([' ', '\t', '\r', '\n', ',']).map_or(0, |n| n + 1);
        first = Some(&value[name_at..]);
        value = &value[..name_at];
    }
    let mut plain: Vec<(String, String)> = Vec::new();
    let mut extended: Vec<Segment> = Vec::new();
    for piece in first.into_iter().chain(pieces).take(MAX_PARAMETERS) {
        let Some((name, content)) = piece.split_once('=') else {
            continue;
        };
        let name = name.trim().trim_matches(['"', ',']).to_ascii_lowercase();
        let name = name.rsplit(char::is_whitespace).next().unwrap_or(&name);
        match name.split_once('*') {
            None => plain.push((name.to_string(), plain_value(name, content.trim()))),
            Some((base, index)) => {
                let order = index.trim_end_matches('*').parse().ok();
                let is_encoded = index.is_empty() || index.ends_with('*');
                extended.push(Segment { name: base.trim().to_string(), order, is_encoded, content: unquote(content.trim()) });
            }
        }
    }
    let mut named = extended_values(extended);
    named.extend(plain);
    Parameters { value: bare(value), named }
}

/// The usual header: a token, then names with a token or a plain quoted string each (RFC 2045 §5.1). None: read it with patience.
fn by_the_book(raw: &[u8]) -> Option<Parameters> {
    let token = |bytes: &[u8]| bytes.iter().take_while(|b| b.is_ascii_alphanumeric() || b"-_.+/:@".contains(b)).count();
    let blanks = |bytes: &[u8]| bytes.iter().take_while(|b| matches!(b, b' ' | b'\t' | b'\r' | b'\n')).count();
    let mut rest = raw.trim_ascii_start();
    let mut take = |count: usize| {
        let (head, tail) = rest.split_at(count);
        let tail = &tail[blanks(tail)..];
        rest = tail;
        (std::str::from_utf8(head).unwrap_or_default(), tail)
    };
    let (value, mut after) = take(token(raw.trim_ascii_start()));
    let mut read = Parameters { value: value.to_ascii_lowercase(), named: Vec::new() };
    while let Some((b';', more)) = after.split_first() {
        (_, after) = take(1);
        if after.is_empty() {
            break;
        }
        let (name, equals) = take(token(after));
        if name.is_empty() || equals.first() != Some(&b'=') || more[blanks(more) + name.len()] != b'=' || read.named.len() > 30 {
            return None;
        }
        (_, after) = take(1);
        let content = if after.first() == Some(&b'"') {
            let is_plain = |b: &&u8| matches!(b, b' '..=b'~') && !matches!(b, b'"' | b'\\' | b'%' | b'?');
            let count = after[1..].iter().take_while(is_plain).count();
            take(1);
            let (content, closed) = take(count);
            if closed.first() != Some(&b'"') || content.trim().len() != count {
                return None;
            }
            after = take(1).1;
            content
        } else {
            let (content, more) = take(token(after));
            after = more;
            content
        };
        read.named.push((name.to_ascii_lowercase(), content.to_string()));
    }
    (after.is_empty() && !value.is_empty()).then_some(read)
}

/// The value alone: no comment (RFC 822 §3.4.3), no quotes, no blanks.
fn bare(value: &str) -> String {
    let value = value.split('(').next().unwrap_or(value);
    value.chars().filter(|c| !c.is_whitespace() && !matches!(c, '"' | '\'' | ',' | '<' | '>')).collect::<String>().to_ascii_lowercase()
}

/// Splits at semicolons outside quotes; a piece without `=` belongs to the unquoted name before it (`filename=a;b.txt`).
fn pieces(text: &str) -> Vec<&str> {
    let mut out: Vec<&str> = Vec::new();
    let mut start = 0;
    for piece in split_quoted(text, ';') {
        let at = piece.as_ptr() as usize - text.as_ptr() as usize;
        let joins = out.len() > 1
            && !piece.contains('=')
            && !piece.trim().is_empty()
            && out.last().is_some_and(|last| {
                let last = last.trim().to_ascii_lowercase();
                let is_name = last.starts_with("filename=") || last.starts_with("name=");
                is_name && !last.contains('"')
            });
        if joins {
            out.pop();
            out.push(&text[start..at + piece.len()]);
        } else {
            start = at;
            out.push(piece);
        }
    }
    out
}

fn plain_value(name: &str, content: &str) -> String {
    let is_name = matches!(name, "name" | "filename");
    if !is_name && !content.starts_with('"') {
        // A token ends at a blank or a comment.
        let token = content.split(|c: char| c.is_whitespace() || c == '(').next().unwrap_or(content);
        return clean(&decode_words(token.trim_matches('\'')));
    }
    let text = clean(&decode_words(&unquote(content)));
    if is_name && text.contains('%') {
        // Seen in practice (web mailers): percent encoding without any sign of it.
        let bytes = percent_decode(&text);
        if let Ok(decoded) = String::from_utf8(bytes)
            && !decoded.is_ascii()
        {
            return clean(&decoded);
        }
    }
    text
}

fn extended_values(mut segments: Vec<Segment>) -> Vec<(String, String)> {
    segments.sort_by(|a, b| (&a.name, a.order).cmp(&(&b.name, b.order)));
    let mut named = Vec::new();
    for group in segments.chunk_by(|a, b| a.name == b.name) {
        let whole = group.iter().position(|s| s.order.is_none());
        let text = match whole {
            Some(at) => join(&group[at..=at]),
            None => join(group),
        };
        named.push((group[0].name.clone(), text));
    }
    named
}

fn join(group: &[Segment]) -> String {
    let mut label = None;
    let mut bytes = Vec::new();
    let mut last = None;
    for (at, segment) in group.iter().enumerate() {
        if at > 0 && segment.order == last {
            continue;
        }
        last = segment.order;
        let mut content = segment.content.as_str();
        if at == 0
            && segment.is_encoded
            && let [charset, _, rest] = content.splitn(3, '\'').collect::<Vec<_>>()[..]
        {
            (label, content) = (Some(charset), rest);
        }
        if segment.is_encoded {
            bytes.extend(percent_decode(content));
        } else {
            bytes.extend_from_slice(content.as_bytes());
        }
    }
    let text = charset::decode(&bytes, label.filter(|l| !l.is_empty()).or(Some("utf-8"))).text;
    clean(&decode_words(&text))
}

fn percent_decode(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let digits = text.get(at + 1..at + 3).filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()));
        match (bytes[at], digits.and_then(|d| u8::from_str_radix(d, 16).ok())) {
            (b'%', Some(byte)) => {
                out.push(byte);
                at += 3;
            }
            (byte, _) => {
                out.push(byte);
                at += 1;
            }
        }
    }
    out
}

/// Splits at `separator` outside quotes; a quote that is never closed quotes nothing.
pub fn split_quoted(text: &str, separator: char) -> Vec<&str> {
    let (mut out, mut start, mut quoted, mut escaped) = (Vec::new(), 0, false, false);
    let mut open_at = 0;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => {
                quoted = !quoted;
                open_at = at;
            }
            c if c == separator && !quoted => {
                out.push(&text[start..at]);
                start = at + c.len_utf8();
            }
            _ => {}
        }
    }
    if quoted && text[open_at..].contains(separator) {
        let (head, tail) = text[start..].split_at(open_at + 1 - start);
        let mut rest = tail.split(separator);
        out.push(&text[start..start + head.len() + rest.next().unwrap_or_default().len()]);
        out.extend(rest);
        return out;
    }
    out.push(&text[start..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_of_all_ages() {
        for (raw, name, want) in [
            (&b"text/plain; charset='utf-8'"[..], "charset", "utf-8"),
            (b"text/plain; charset=us-ascii (Plain text)", "charset", "us-ascii"),
            (b"text/plain charset=gb2312", "charset", "gb2312"),
            (b"text/plain; charset=utf-8 format=flowed", "charset", "utf-8"),
            (b"charset=utf-8", "charset", "utf-8"),
            (b"text\xa0plain \xe9; x\xa0charset=gbk", "charset", "gbk"),
            (b"text/plain; charset=gbk; charset=utf-8", "charset", "gbk"),
            (b"text/plain; charset = \"gbk\" ;", "charset", "gbk"),
            (b"a; filename*=gb2312''%B2%B9%B6%A1.log", "filename", "补丁.log"),
            (b"a; filename*=%E8%A1%A5%E4%B8%81.log", "filename", "补丁.log"),
            (b"a; filename*=utf-8'zh-CN'%E8%A1%A5%E4%B8%81.log; filename=\"??.log\"", "filename", "补丁.log"),
            (b"a; filename=\"x.log\"; filename*=\"utf-8''%E8%A1%A5.log\"", "filename", "补.log"),
            (b"a; filename*0*=utf-8''%E8%A1%A5%E4; filename*1*=%B8%81.log", "filename", "补丁.log"),
            (b"a; filename*1=\"b.log\"; filename*0=\"a\"", "filename", "ab.log"),
            (b"a; filename*0=\"=?utf-8?B?6KGl5LiB?=\"; filename*1=\".log\"", "filename", "补丁.log"),
            (b"a; filename=\"=?gb2312?B?srm2oQ==?=.log\"", "filename", "补丁.log"),
            (b"a; filename==?gb2312?B?srm2oQ==?=", "filename", "补丁"),
            (b"a; filename=\"\xb2\xb9\xb6\xa1.log\"", "filename", "补丁.log"),
            (b"a; filename=\xb2\xb9\xb6\xa1.log", "filename", "补丁.log"),
            (b"a; filename=\"%E8%A1%A5%E4%B8%81.log\"", "filename", "补丁.log"),
            (b"a; filename=\"100%25.log\"", "filename", "100%25.log"),
            (b"a; filename=my file, final.txt; size=3", "filename", "my file, final.txt"),
            (b"a; filename=a;b.txt; size=3", "filename", "a;b.txt"),
            (b"a; filename=\"broken.txt; size=3", "filename", "broken.txt"),
            (b"a; filename=\"say \\\"hi\\\".txt\"", "filename", "say \"hi\".txt"),
            (b"a; name=\"a;b.txt\"; x=1", "name", "a;b.txt"),
            (b"multipart/mixed; BOUNDARY=xyz", "boundary", "xyz"),
        ] {
            assert_eq!(parameters(raw).get(name), Some(want), "{}", String::from_utf8_lossy(raw));
        }
    }

    #[test]
    fn values() {
        for (raw, want) in [
            ("Text/Plain; charset=x", "text/plain"),
            ("text/plain (really)", "text/plain"),
            ("\"text/html\"", "text/html"),
            ("text/plain charset=utf-8", "text/plain"),
            ("text / html", "text/html"),
            ("charset=utf-8", ""),
            ("text", "text"),
        ] {
            assert_eq!(parameters(raw.as_bytes()).value, want, "{raw}");
        }
    }
}
