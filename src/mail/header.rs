//! Header values: unfolding, raw 8-bit, encoded words (RFC 2047), parameters (RFC 2231), ids and dates (RFC 5322 §3.3, §3.6.4).
//!
//! mailparse's own decoding is quadratic and splits characters, so this works on its raw values. Bounded: a header arrives
//! cut to 16 kB by the guard. Seen in practice (Foxmail 7): one character split over two words; joined before decoding.

use super::charset;
use super::transfer;
use crate::case::Millis;
use jiff::Timestamp;
use jiff::civil::DateTime;
use mailparse::MailHeader;
use regex::Regex;
use std::borrow::Cow;
use std::sync::LazyLock;

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
        Ok(text) if text.is_ascii() || !charset::is_short_gbk(raw, text) => Cow::Borrowed(text),
        _ => Cow::Owned(charset::guess(raw).0),
    }
}

/// Line breaks and tabs become one blank, other control characters go, ends are trimmed.
pub fn clean(text: &str) -> String {
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

struct Word<'a> {
    charset: &'a str,
    bytes: Vec<u8>,
    len: usize,
}

/// One encoded word at the start of `text`, which begins with `=?`. A missing `?=` is forgiven up to the next blank.
fn word(text: &str) -> Option<Word<'_>> {
    let window = floor(text, 4096);
    let charset_end = window[2..].find('?').filter(|n| (1..=60).contains(n))? + 2;
    let charset = &window[2..charset_end];
    if charset.contains(|c: char| c.is_whitespace() || c == '=') {
        return None;
    }
    let mode = window.as_bytes().get(charset_end + 1)?.to_ascii_lowercase();
    if window.as_bytes().get(charset_end + 2) != Some(&b'?') || !matches!(mode, b'b' | b'q') {
        return None;
    }
    let start = charset_end + 3;
    let (end, len) = match window[start..].find("?=") {
        Some(n) => (start + n, start + n + 2),
        None => {
            let n = window[start..].find([' ', '\t', '\r', '\n', '"', '<']).unwrap_or(window.len() - start);
            (start + n, start + n)
        }
    };
    let body = &window.as_bytes()[start..end];
    let bytes = if mode == b'b' { transfer::base64(body) } else { transfer::q_word(&unfold_q(body)) };
    Some(Word { charset, bytes, len })
}

fn unfold_q(body: &[u8]) -> Vec<u8> {
    body.iter().copied().filter(|b| !matches!(b, b'\r' | b'\n')).collect()
}

/// The longest prefix of at most `max` bytes that ends on a character.
pub fn floor(text: &str, max: usize) -> &str {
    if text.len() <= max {
        return text;
    }
    &text[..text.floor_char_boundary(max)]
}

/// Decodes every encoded word, wherever it stands (inside quotes, without blanks between, lower case).
pub fn decode_words(text: &str) -> Cow<'_, str> {
    let Some(first) = text.find("=?") else { return Cow::Borrowed(text) };
    let mut out = String::with_capacity(text.len());
    let mut pending: Option<(&str, Vec<u8>)> = None;
    let (mut plain_from, mut at) = (0, first);
    loop {
        let Some(found) = word(&text[at..]) else {
            match text[at + 2..].find("=?") {
                Some(n) => at += n + 2,
                None => break,
            }
            continue;
        };
        let between = &text[plain_from..at];
        let adjoining = pending.is_some() && between.trim().is_empty();
        match &mut pending {
            Some((charset, bytes)) if adjoining && charset.eq_ignore_ascii_case(found.charset) => bytes.extend_from_slice(&found.bytes),
            _ => {
                flush(&mut out, pending.take());
                if !adjoining {
                    out.push_str(between);
                }
                pending = Some((found.charset, found.bytes));
            }
        }
        at += found.len;
        plain_from = at;
        match text[at..].find("=?") {
            Some(n) => at += n,
            None => break,
        }
    }
    flush(&mut out, pending);
    out.push_str(&text[plain_from..]);
    Cow::Owned(out)
}

fn flush(out: &mut String, pending: Option<(&str, Vec<u8>)>) {
    if let Some((charset, bytes)) = pending {
        out.push_str(&charset::decode(&bytes, Some(charset)).text);
    }
}

/// A value with parameters: `text/plain; charset=…` (RFC 2045 §5.1, continuations of RFC 2231 §3 joined and decoded).
#[derive(Debug, Default, PartialEq)]
pub struct Parameters {
    /// Lower case, without blanks.
    pub value: String,
    named: Vec<(String, String)>,
}

impl Parameters {
    pub fn get(&self, name: &str) -> Option<&str> {
        self.named.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }
}

/// Reads a value with parameters from a raw header.
pub fn parameters(raw: &[u8]) -> Parameters {
    let text = to_text(raw);
    let mut pieces = split_quoted(&text, ';').into_iter();
    let value = pieces.next().unwrap_or_default().trim().to_ascii_lowercase();
    let mut plain: Vec<(String, String)> = Vec::new();
    let mut extended: Vec<(String, usize, bool, String)> = Vec::new();
    for piece in pieces.take(200) {
        let Some((name, content)) = piece.split_once('=') else { continue };
        let (name, content) = (name.trim().to_ascii_lowercase(), unquote(content.trim()));
        match name.split_once('*') {
            None => plain.push((name, clean(&decode_words(&content)))),
            Some((base, index)) => {
                let is_encoded = index.is_empty() || index.ends_with('*');
                let order = index.trim_end_matches('*').parse().unwrap_or(0);
                extended.push((base.to_string(), order, is_encoded, content));
            }
        }
    }
    extended.sort_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)));
    let mut named = Vec::new();
    for group in extended.chunk_by(|a, b| a.0 == b.0) {
        named.push((group[0].0.clone(), join_extended(group)));
    }
    named.extend(plain);
    Parameters { value, named }
}

fn join_extended(group: &[(String, usize, bool, String)]) -> String {
    let mut label = None;
    let mut bytes = Vec::new();
    for (at, (_, _, is_encoded, content)) in group.iter().enumerate() {
        let mut content = content.as_str();
        if at == 0
            && *is_encoded
            && let [charset, _, rest] = content.splitn(3, '\'').collect::<Vec<_>>()[..]
        {
            (label, content) = (Some(charset), rest);
        }
        if *is_encoded {
            bytes.extend(percent_decode(content));
        } else {
            bytes.extend_from_slice(content.as_bytes());
        }
    }
    let text = charset::decode(&bytes, label.or(Some("utf-8"))).text;
    clean(&decode_words(&text))
}

fn percent_decode(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let digits = text.get(at + 1..at + 3).and_then(|d| u8::from_str_radix(d, 16).ok());
        match (bytes[at], digits) {
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

/// Splits at `separator` outside quotes.
pub fn split_quoted(text: &str, separator: char) -> Vec<&str> {
    let (mut out, mut start, mut quoted, mut escaped) = (Vec::new(), 0, false, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            c if c == separator && !quoted => {
                out.push(&text[start..at]);
                start = at + c.len_utf8();
            }
            _ => {}
        }
    }
    out.push(&text[start..]);
    out
}

/// Removes surrounding quotes and their escapes; a backslash before anything else than `"` and `\` is kept (Windows paths).
pub fn unquote(text: &str) -> String {
    let text = text.trim();
    let Some(inner) = text.strip_prefix('"') else { return text.trim_matches('\'').to_string() };
    let inner = inner.strip_suffix('"').unwrap_or(inner);
    inner.replace("\\\"", "\"").replace("\\\\", "\\")
}

static MESSAGE_ID: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"<([^<>\s]+)>").expect("constant"));

/// Ids of a Message-ID, In-Reply-To or References value, without brackets; a bare token with `@` is accepted.
pub fn message_ids(raw: &[u8]) -> Vec<String> {
    let text = to_text(raw);
    let mut ids: Vec<String> = Vec::new();
    for found in MESSAGE_ID.captures_iter(&text).take(500) {
        let id = &found[1];
        if !ids.iter().any(|known| known == id) {
            ids.push(id.to_string());
        }
    }
    if ids.is_empty() {
        let bare = text.split_whitespace().map(|t| t.trim_matches(|c| matches!(c, '<' | '>' | ',' | ';' | '"')));
        ids.extend(bare.filter(|t| t.len() > 2 && (t.contains('@') || text.trim() == *t)).take(500).map(str::to_string));
    }
    ids
}

static LENIENT_DATE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(\d{1,2})[\s-]*(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[\s,-]+(\d{2,4})[\sT]+(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?\s*(.*)")
        .expect("constant")
});
static ISO_DATE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?[\sT]+(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?\s*(.*)").expect("constant")
});

/// `Date:` as milliseconds: strict RFC 2822 first, then the forms seen in the wild. A bare `CST` is China.
pub fn date(raw: &[u8]) -> Option<Millis> {
    let text = decode(floor(&to_text(raw), 200).as_bytes());
    if !text.ends_with("CST") {
        let strict = jiff::fmt::rfc2822::DateTimeParser::new().relaxed_weekday(true);
        if let Ok(at) = strict.parse_timestamp(&text) {
            return Some(at.as_millisecond());
        }
    }
    lenient_date(&text)
}

fn lenient_date(text: &str) -> Option<Millis> {
    let number = |m: Option<regex::Match<'_>>| m.and_then(|m| m.as_str().parse::<i16>().ok());
    let (year, month, day, found) = if let Some(found) = LENIENT_DATE.captures(text) {
        let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
        let month = months.iter().position(|m| found[2].eq_ignore_ascii_case(m))? as i8 + 1;
        let year = number(found.get(3))?;
        let year = if year < 70 {
            year + 2000
        } else if year < 1000 {
            year + 1900
        } else {
            year
        };
        (year, month, found[1].parse().ok()?, found)
    } else {
        let found = ISO_DATE.captures(text)?;
        (number(found.get(1))?, found[2].parse().ok()?, found[3].parse().ok()?, found)
    };
    let second = found.get(6).map_or(Some(0), |m| m.as_str().parse().ok())?;
    let civil = DateTime::new(year, month, day, found[4].parse().ok()?, found[5].parse().ok()?, second, 0).ok()?;
    let offset = offset_seconds(found.get(7).map_or("", |m| m.as_str()));
    let utc = civil.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp();
    Some(Timestamp::from_second(utc.as_second() - i64::from(offset)).ok()?.as_millisecond())
}

/// Seconds east of UTC; `CST` and nothing at all are China, where the desk is.
fn offset_seconds(zone: &str) -> i32 {
    let zone = zone.trim().trim_start_matches("GMT").trim_start_matches("UTC");
    let digits: String = zone.chars().skip(1).take_while(|c| c.is_ascii_digit() || *c == ':').filter(char::is_ascii_digit).collect();
    let sign = if zone.starts_with('-') { -1 } else { 1 };
    if zone.starts_with(['+', '-']) && digits.len() == 4 {
        let (hours, minutes) = (digits[..2].parse().unwrap_or(0), digits[2..].parse().unwrap_or(0));
        let (hours, minutes): (i32, i32) = (hours, minutes);
        return if hours < 24 { sign * (hours * 3600 + minutes * 60) } else { 0 };
    }
    if zone.starts_with("CST") || (zone.is_empty() && digits.is_empty()) { 8 * 3600 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encoded_words() {
        for (raw, want) in [
            ("=?gb2312?B?wfXPyMn6?=", "刘先生"),
            ("=?GB2312?b?wfXPyMn6?=", "刘先生"),
            ("=?utf-8?B?5Zue5aSN?= =?utf-8?B?77ya5rWL6K+V?=", "回复：测试"),
            // one character split over two words
            ("=?utf-8?B?5Zue5Q==?= =?UTF-8?B?pI0=?=", "回复"),
            ("=?utf-8?Q?=E5=9B=9E=E5?=\r\n =?utf-8?Q?=A4=8D_ok?=", "回复 ok"),
            // missing padding, blanks inside, no blank between, language, inside quotes
            ("=?utf-8?B?5Zue5aSN?==?utf-8?B?5rWL6K+V?=", "回复测试"),
            ("=?utf-8*zh-CN?B?5Zue 5aSN?=", "回复"),
            ("\"=?utf-8?B?5Zue5aSN?=\" x", "\"回复\" x"),
            ("=?cp936?B?wfXPyMn6?=", "刘先生"),
            ("=?utf-8?B?5Zue5aSNDQogb2s=?=", "回复 ok"),
            ("a =?utf-8?Q?b?= c", "a b c"),
            ("=?broken", "=?broken"),
            ("=?utf-8?B?5Zue5aSN", "回复"),
            ("=?utf-8?Q?a?b?=", "a?b"),
            ("=?=?=?=?", "=?=?=?=?"),
        ] {
            assert_eq!(decode(raw.as_bytes()), want, "{raw}");
        }
        let raw: Vec<u8> = encoding_rs::GB18030.encode("补丁回滚现象").0.into_owned();
        assert_eq!(decode(&raw), "补丁回滚现象");
    }

    #[test]
    fn many_broken_words_are_linear() {
        let raw = "=?".repeat(8_000);
        assert_eq!(decode(raw.as_bytes()), raw);
    }

    #[test]
    fn parameters_of_all_ages() {
        for (raw, name, want) in [
            (&b"text/plain; charset='utf-8'"[..], "charset", "utf-8"),
            (b"a; filename*=gb2312''%B2%B9%B6%A1.log", "filename", "补丁.log"),
            (b"a; filename*0*=utf-8''%E8%A1%A5%E4; filename*1*=%B8%81.log", "filename", "补丁.log"),
            (b"a; filename=\"=?gb2312?B?srm2oQ==?=.log\"", "filename", "补丁.log"),
            (b"a; filename=\"\xb2\xb9\xb6\xa1.log\"", "filename", "补丁.log"),
            (b"a; name=\"a;b.txt\"; x=1", "name", "a;b.txt"),
            (b"multipart/mixed; BOUNDARY=xyz", "boundary", "xyz"),
        ] {
            assert_eq!(parameters(raw).get(name), Some(want));
        }
    }

    #[test]
    fn ids() {
        for (raw, want) in [
            ("<a@b> junk <c@d>\r\n <a@b>", vec!["a@b", "c@d"]),
            ("a@b.example", vec!["a@b.example"]),
            ("<a@b><c@d>", vec!["a@b", "c@d"]),
            ("your mail of today", vec![]),
        ] {
            assert_eq!(message_ids(raw.as_bytes()), want, "{raw}");
        }
    }

    #[test]
    fn dates() {
        let want = 1_603_347_012_000;
        for raw in [
            "Thu, 22 Oct 2020 14:10:12 +0800",
            "Thu, 22 Oct 2020 14:10:12 +0800 (CST)",
            "Thu,22 Oct 2020 14:10:12 +0800",
            "Thu, 22 Oct 2020 14:10:12 CST",
            "22-Oct-2020 14:10:12 +0800",
            "2020-10-22 14:10:12 +0800",
            "2020-10-22T06:10:12Z",
            "Fri, 22 Oct 2020 06:10:12 GMT",
        ] {
            assert_eq!(date(raw.as_bytes()), Some(want), "{raw}");
        }
        for raw in ["", "garbage", "32 Oct 2020 10:00:00 +0800", "29 Feb 2027 10:00:00 +0000"] {
            assert_eq!(date(raw.as_bytes()), None, "{raw}");
        }
    }
}
