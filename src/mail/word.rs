//! Encoded words (RFC 2047) as they occur: wherever they stand, lower case, without padding or blanks between, split inside
//! a character or inside a base64 group, with a language (RFC 2231 §5), never closed.
//!
//! Neighbours of one charset are joined as bytes before their charset is decoded. Seen in practice (Foxmail 7): one
//! character split over two words. What is no encoded word stays as it is.

use super::{charset, header, transfer};
use std::borrow::Cow;

/// Longest word read, bytes; a header arrives cut to this by the guard.
const MAX_WORD: usize = 16 * 1024;

struct Word<'a> {
    charset: &'a str,
    body: &'a str,
    is_base64: bool,
    len: usize,
}

/// One encoded word at the start of `text`, which begins with `=?`. A missing `?=` is forgiven up to the next blank.
fn word(text: &str) -> Option<Word<'_>> {
    let window = header::floor(text, MAX_WORD);
    let charset_end = header::floor(&window[2..], 80).find('?')? + 2;
    let charset = &window[2..charset_end];
    if charset.contains(|c: char| c.is_whitespace() || c == '=') {
        return None;
    }
    let mode = window.as_bytes().get(charset_end + 1)?.to_ascii_lowercase();
    if window.as_bytes().get(charset_end + 2) != Some(&b'?') || !matches!(mode, b'b' | b'q') {
        return None;
    }
    let start = charset_end + 3;
    let is_base64 = mode == b'b';
    let (end, len) = match end_of(&window[start..], is_base64) {
        Some(n) => (start + n, start + n + 2),
        None => {
            let n = window[start..].find([' ', '\t', '\r', '\n', '"', '<']).unwrap_or(window.len() - start);
            (start + n, start + n)
        }
    };
    let body = &window[start..end];
    // Seen in practice: `B` that holds quoted-printable.
    let is_escaped = body.len() >= 3 && body.len().is_multiple_of(3) && body.as_bytes().chunks(3).all(|c| c[0] == b'=');
    Some(Word { charset, body, is_base64: is_base64 && !is_escaped, len })
}

/// Where `?=` closes the word. Seen in practice: a bare `?` before an escape (`ok?=20yes?=`) closes nothing.
fn end_of(body: &str, is_base64: bool) -> Option<usize> {
    let bytes = body.as_bytes();
    let mut at = memchr::memchr_iter(b'?', bytes).find(|at| bytes.get(at + 1) == Some(&b'='))?;
    if is_base64 {
        return Some(at);
    }
    loop {
        let after = &body.as_bytes()[at + 2..];
        let is_escape = after.len() >= 2 && after[..2].iter().all(|b| b.is_ascii_digit() || (b'A'..=b'F').contains(b));
        let token = after.iter().take(500).position(|b| b.is_ascii_whitespace()).unwrap_or(after.len().min(500));
        match memchr::memmem::find(&after[..token], b"?=") {
            Some(n) if is_escape && memchr::memmem::find(&after[..n], b"=?").is_none() => at += 2 + n,
            _ => return Some(at),
        }
    }
}

/// Words of one charset in a row, not yet decoded.
struct Run<'a> {
    charset: &'a str,
    words: Vec<Word<'a>>,
}

impl Run<'_> {
    /// Each word decoded by itself; where that leaves broken characters, base64 as if it went on from word to word.
    fn decode(self, out: &mut String) {
        let text = |goes_on| charset::decode(&self.bytes(goes_on), Some(self.charset));
        let alone = text(false);
        let is_open = |w: &Word<'_>| w.is_base64 && !w.body.ends_with('=') && !w.body.len().is_multiple_of(4);
        // One character of base64 is less than a byte.
        let is_odd = self.words.iter().any(|w| w.is_base64 && w.body.len() % 4 == 1);
        let is_broken = is_odd || alone.assumed.is_some() || alone.text.contains('\u{fffd}');
        if self.words.len() > 1 && is_broken && self.words.iter().any(is_open) {
            let joined = text(true);
            if joined.assumed.is_none() && !joined.text.contains('\u{fffd}') {
                return out.push_str(&joined.text);
            }
        }
        out.push_str(&alone.text);
    }

    fn bytes(&self, goes_on: bool) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut open: Vec<u8> = Vec::new();
        for word in &self.words {
            if !word.is_base64 {
                bytes.extend(transfer::base64(&std::mem::take(&mut open)));
                let body: Vec<u8> = word.body.bytes().filter(|b| !matches!(b, b'\r' | b'\n')).collect();
                bytes.extend(transfer::q_word(&body));
                continue;
            }
            open.extend(word.body.bytes().filter(|b| !b.is_ascii_whitespace()));
            let whole = if goes_on && !open.ends_with(b"=") { open.len() / 4 * 4 } else { open.len() };
            let rest = open.split_off(whole);
            bytes.extend(transfer::base64(&std::mem::replace(&mut open, rest)));
        }
        bytes.extend(transfer::base64(&open));
        bytes
    }
}

/// Where the first `=?` stands.
fn opener(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'=', bytes).find(|at| bytes.get(at + 1) == Some(&b'?'))
}

/// Decodes every encoded word of a text.
pub fn decode_words(text: &str) -> Cow<'_, str> {
    let Some(first) = opener(text) else { return Cow::Borrowed(text) };
    let mut out = String::with_capacity(text.len());
    let mut run: Option<Run<'_>> = None;
    let (mut plain_from, mut at) = (0, first);
    loop {
        let step = match word(&text[at..]) {
            Some(found) => {
                let between = &text[plain_from..at];
                let adjoins = run.is_some() && between.trim().is_empty();
                let continues = adjoins && run.as_ref().is_some_and(|r| r.charset.eq_ignore_ascii_case(found.charset));
                if !continues {
                    if let Some(done) = run.take() {
                        done.decode(&mut out);
                    }
                    if !adjoins {
                        out.push_str(between);
                    }
                }
                plain_from = at + found.len;
                let len = found.len;
                run.get_or_insert_with(|| Run { charset: found.charset, words: Vec::new() }).words.push(found);
                len
            }
            None => 2,
        };
        match opener(&text[at + step..]) {
            Some(n) => at += step + n,
            None => break,
        }
    }
    if let Some(done) = run {
        done.decode(&mut out);
    }
    out.push_str(&text[plain_from..]);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::header::decode;

    #[test]
    fn encoded_words() {
        for (raw, want) in [
            ("=?gb2312?B?wfXPyMn6?=", "刘先生"),
            ("=?GB2312?b?wfXPyMn6?=", "刘先生"),
            ("=?utf-8?B?5Zue5aSN?= =?utf-8?B?77ya5rWL6K+V?=", "回复：测试"),
            // one character split over two words, a base64 group split over two words
            ("=?utf-8?B?5Zue5Q==?= =?UTF-8?B?pI0=?=", "回复"),
            ("=?utf-8?B?5Zue5?= =?utf-8?B?aSN?=", "回复"),
            ("=?utf-8?Q?=E5=9B=9E=E5?=\r\n =?utf-8?Q?=A4=8D_ok?=", "回复 ok"),
            // missing padding, blanks inside, no blank between, language, inside quotes
            ("=?utf-8?B?5Zue5aSN?==?utf-8?B?5rWL6K+V?=", "回复测试"),
            ("=?utf-8*zh-CN?B?5Zue 5aSN?=", "回复"),
            ("=?utf-8*en?Q?a_b?=", "a b"),
            ("=?iso-8859-1?Q?with blanks inside?=", "with blanks inside"),
            ("\"=?utf-8?B?5Zue5aSN?=\" x", "\"回复\" x"),
            ("Re:=?utf-8?B?5Zue5aSN?=x", "Re:回复x"),
            ("=?cp936?B?wfXPyMn6?=", "刘先生"),
            // a label that lies, one that is empty
            ("=?utf-8?B?wfXPyMn6o6zE+rrD?=", "刘先生，您好"),
            ("=?us-ascii?Q?=E5=9B=9E=E5=A4=8D?=", "回复"),
            ("=??B?5Zue5aSN?=", "回复"),
            ("=?utf-8?B?5Zue5aSNDQogb2s=?=", "回复 ok"),
            ("=?iso-2022-jp?B?GyRCOTk/NxsoQg==?=", "更新"),
            ("a =?utf-8?Q?b?= c", "a b c"),
            ("=?utf-8?Q?really?=20so=3F?=", "really? so?"),
            ("=?broken", "=?broken"),
            ("=?utf-8?B?5Zue5aSN", "回复"),
            ("=?utf-8?Q?a?b?=", "a?b"),
            ("=?=?=?=?", "=?=?=?=?"),
            ("=?utf-8?B?=E5=9B=9E=E5=A4=8D?=", "回复"),
            ("=?iso-2022-jp?B?GyRCOTk/NxsoQg==?= =?iso-2022-jp?B?GyRCOTk/NxsoQg==?=", "更新更新"),
            ("\u{1b}$B99?7\u{1b}(B ok", "更新 ok"),
            ("=?x?=", "=?x?="),
            ("what =?is?this? =?", "what =?is?this? =?"),
        ] {
            assert_eq!(decode(raw.as_bytes()), want, "{raw}");
        }
    }

    #[test]
    fn raw_eight_bit() {
        let raw: Vec<u8> = encoding_rs::GB18030.encode("补丁回滚现象").0.into_owned();
        assert_eq!(decode(&raw), "补丁回滚现象");
        assert_eq!(decode("补丁 =?utf-8?B?5Zue5aSN?=".as_bytes()), "补丁 回复");
        assert_eq!(decode(b"J\xf6rg M\xfcller"), "Jörg Müller");
    }

    #[test]
    fn many_broken_words_are_linear() {
        let raw = "=?".repeat(8_000);
        assert_eq!(decode(raw.as_bytes()), raw);
        let open = "=?utf-8?b?QUJD".repeat(1_200);
        assert!(!decode(open.as_bytes()).is_empty());
    }
}
