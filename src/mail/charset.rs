//! Bytes to text when labels lie (WHATWG Encoding through encoding_rs, guesses through chardetng).
//!
//! The bytes win over the label when they contradict it: a byte order mark, valid multi-byte UTF-8 under a legacy label,
//! GB18030 under a Latin one, Big5 under `gb2312`. What was assumed is said, so that it can become a defect. Surprising:
//! `gb2312` never means GB 2312; senders put GBK and four-byte GB18030 under it, so every label of the family is GB18030.

mod evidence;
mod label;
mod seven;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, EUC_JP, EUC_KR, Encoding, GB18030, ISO_2022_JP, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use label::Charset;
use std::borrow::Cow;

/// The encodings that overlap; told apart by how they read.
const EAST_ASIAN: [&Encoding; 5] = [GB18030, BIG5, SHIFT_JIS, EUC_KR, EUC_JP];

/// Text, and in words what was assumed when the label was missing, unknown or contradicted.
#[derive(Debug, PartialEq)]
pub struct Decoded {
    pub text: String,
    pub assumed: Option<String>,
}

impl Decoded {
    fn plain(text: String) -> Decoded {
        Decoded { text, assumed: None }
    }
}

/// Decodes `bytes` under `label`; total.
pub fn decode(bytes: &[u8], label: Option<&str>) -> Decoded {
    if let Some(text) = told_utf8(bytes, label) {
        return Decoded::plain(text.to_string());
    }
    let label = label.map(label::trimmed).filter(|l| !l.is_empty());
    let charset = label.as_deref().and_then(label::find);
    if let Some(decoded) = by_mark(bytes, charset) {
        return decoded;
    }
    if bytes.is_ascii() {
        return ascii(bytes, label.as_deref(), charset);
    }
    match charset {
        Some(Charset::Utf16) => Decoded::plain(utf16(bytes, label.as_deref())),
        Some(Charset::Dos(upper)) if std::str::from_utf8(bytes).is_err() => Decoded::plain(label::decode_dos(bytes, upper)),
        Some(Charset::Known(e)) if e == ISO_2022_JP && memchr::memchr(0x1B, bytes).is_some() => {
            plain_or_bad(ISO_2022_JP, &seven::without_idle_escapes(bytes))
        }
        None => eight_bit(bytes, label.as_deref(), None),
        Some(Charset::Known(known)) if known == ISO_2022_JP => eight_bit(bytes, label.as_deref(), None),
        Some(Charset::Known(known)) => eight_bit(bytes, label.as_deref(), Some(known)),
        Some(Charset::Shifted(known)) => eight_bit(bytes, label.as_deref(), Some(known)),
        Some(Charset::Hz) => eight_bit(bytes, label.as_deref(), Some(GB18030)),
        Some(_) => eight_bit(bytes, label.as_deref(), None),
    }
}

/// The usual case: `utf-8`, and the bytes are, without a mark or a shift.
fn told_utf8<'a>(bytes: &'a [u8], label: Option<&str>) -> Option<&'a str> {
    let is_told = label.is_some_and(|l| l.eq_ignore_ascii_case("utf-8"));
    let is_odd = |bytes: &[u8]| bytes.starts_with(b"\xEF\xBB\xBF") || memchr::memchr2(0, 0x1B, bytes).is_some();
    if is_told && !is_odd(bytes) { std::str::from_utf8(bytes).ok() } else { None }
}

/// A byte order mark decides; so do NUL bytes in every other place.
fn by_mark(bytes: &[u8], charset: Option<Charset>) -> Option<Decoded> {
    let is_utf16 = charset == Some(Charset::Utf16);
    let (encoding, skip) = match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] if std::str::from_utf8(rest).is_ok() => (UTF_8, 3),
        [0xFF, 0xFE, ..] => (UTF_16LE, 2),
        [0xFE, 0xFF, ..] => (UTF_16BE, 2),
        _ if !is_utf16 => (if evidence::utf16_without_mark(bytes)? { UTF_16BE } else { UTF_16LE }, 0),
        _ => return None,
    };
    let (text, bad) = with(encoding, &bytes[skip..]);
    if bad && skip == 2 && !is_utf16 {
        return None;
    }
    let agrees = if encoding == UTF_8 { charset == Some(Charset::Known(UTF_8)) } else { is_utf16 };
    Some(Decoded { text, assumed: (!agrees).then(|| format!("the bytes are {}, whatever the label says", encoding.name())) })
}

/// Seven-bit bytes: the encodings that shift with escapes or signs, else ASCII.
fn ascii(bytes: &[u8], label: Option<&str>, charset: Option<Charset>) -> Decoded {
    let text = || std::str::from_utf8(bytes).unwrap_or_default().to_string();
    match charset {
        Some(Charset::Utf7) => return Decoded::plain(super::utf7::decode(bytes)),
        Some(Charset::Hz) => return Decoded::plain(seven::hz(bytes)),
        Some(Charset::Utf16) if memchr::memchr(0, bytes).is_some() => return Decoded::plain(utf16(bytes, label)),
        _ => {}
    }
    if memchr::memchr(0x1B, bytes).is_some()
        && let Some(encoding) = seven::escapes(bytes)
    {
        let text =
            if encoding == ISO_2022_JP { with(encoding, &seven::without_idle_escapes(bytes)).0 } else { seven::shifted(bytes, encoding) };
        let is_told = matches!(charset, Some(Charset::Shifted(_))) || charset == Some(Charset::Known(ISO_2022_JP));
        return Decoded { text, assumed: (!is_told).then(|| "escape sequences of ISO 2022, read as such".to_string()) };
    }
    if let Some(Charset::Shifted(encoding)) = charset {
        return Decoded::plain(seven::shifted(bytes, encoding));
    }
    let unknown = label.filter(|_| charset.is_none()).map(|l| format!("unknown charset \"{}\", read as ASCII", short(l)));
    Decoded { text: text(), assumed: unknown }
}

/// UTF-16 by label: NULs tell the byte order, else which order reads as language, else the label.
fn utf16(bytes: &[u8], label: Option<&str>) -> String {
    if let Ok(text) = std::str::from_utf8(bytes)
        && memchr::memchr(0, bytes).is_none()
        && text.chars().filter(char::is_ascii).count() * 2 > text.chars().count()
    {
        return text.to_string();
    }
    let big = evidence::utf16_without_mark(bytes).unwrap_or_else(|| {
        let [le, be] = [UTF_16LE, UTF_16BE].map(|e| evidence::fluency(e, bytes, 1).unwrap_or(0));
        if le == be { label.is_some_and(|l| l.ends_with("be") || l == "unicodefffe") } else { be > le }
    });
    with(if big { UTF_16BE } else { UTF_16LE }, bytes).0
}

fn is_ascii_label(label: Option<&str>) -> bool {
    label.is_some_and(|l| matches!(l, "us-ascii" | "ascii" | "7bit" | "ansi_x3.4-1968" | "usascii" | "us"))
}

fn short(label: &str) -> Cow<'_, str> {
    if label.chars().count() <= 40 { Cow::Borrowed(label) } else { Cow::Owned(label.chars().take(40).collect()) }
}

fn with(encoding: &'static Encoding, bytes: &[u8]) -> (String, bool) {
    let (text, bad) = encoding.decode_without_bom_handling(bytes);
    (text.into_owned(), bad)
}

fn plain_or_bad(encoding: &'static Encoding, bytes: &[u8]) -> Decoded {
    let (text, bad) = with(encoding, bytes);
    Decoded { text, assumed: bad.then(|| format!("some bytes are not {}", encoding.name())) }
}

fn eight_bit(bytes: &[u8], label: Option<&str>, encoding: Option<&'static Encoding>) -> Decoded {
    let told = || match (label, encoding) {
        (None, _) => "no charset".to_string(),
        (Some(l), None) => format!("unknown charset \"{}\"", short(l)),
        (Some(l), Some(_)) => format!("charset \"{}\" contradicted by the bytes", short(l)),
    };
    let assumed = |name: &str| Some(format!("{}, read as {name}", told()));
    if let Ok(text) = std::str::from_utf8(bytes)
        && is_utf8(text, bytes, encoding)
    {
        return Decoded { text: text.to_string(), assumed: if encoding == Some(UTF_8) { None } else { assumed("UTF-8") } };
    }
    match encoding {
        Some(e) if EAST_ASIAN.contains(&e) => east_asian(bytes, e, assumed),
        Some(e) if e == WINDOWS_1252 && !reads_gbk(bytes) => {
            let text = with(WINDOWS_1252, bytes).0;
            Decoded { text, assumed: if is_ascii_label(label) { assumed("windows-1252") } else { None } }
        }
        Some(e) if e != UTF_8 && e != WINDOWS_1252 && evidence::fluency(GB18030, bytes, 8).is_none_or(|f| f < 30) => plain_or_bad(e, bytes),
        _ => {
            let (text, name) = guess(bytes);
            Decoded { text, assumed: assumed(name) }
        }
    }
}

/// Whether valid UTF-8 is meant as such under that label.
fn is_utf8(text: &str, bytes: &[u8], encoding: Option<&'static Encoding>) -> bool {
    match encoding {
        None => !is_short_gbk(bytes, text),
        Some(e) if e == UTF_8 => true,
        Some(e) if e == WINDOWS_1252 => !is_short_gbk(bytes, text),
        Some(e) if EAST_ASIAN.contains(&e) => is_plausible_cjk(text),
        // Two letters and no C1 controls: a single-byte text is that by chance once in thousands.
        Some(_) => text.chars().filter(|c| !c.is_ascii()).take(2).count() == 2 && !text.chars().any(|c| ('\u{80}'..'\u{a0}').contains(&c)),
    }
}

/// A two-byte charset by label, unless the text does not read as language and another one's does.
fn east_asian(bytes: &[u8], told: &'static Encoding, assumed: impl Fn(&str) -> Option<String>) -> Decoded {
    let (text, bad) = with(told, bytes);
    if !bad && evidence::is_fluent(&text) {
        return Decoded::plain(text);
    }
    let own = evidence::fluency_of(&text, 8);
    let doubtful = own.is_some_and(|f| f < 10) || bad && own.is_none_or(|f| f < 40);
    if doubtful
        && let Some((other, fluency)) = most_fluent(bytes, 4)
        && other != told
        && fluency >= 20
        && fluency > own.unwrap_or(0) * 2
    {
        return Decoded { text: with(other, bytes).0, assumed: assumed(shown(other)) };
    }
    if bad && own.is_none() && evidence::is_isolated(bytes) {
        return Decoded { text: with(WINDOWS_1252, bytes).0, assumed: assumed("windows-1252") };
    }
    Decoded { text, assumed: bad.then(|| format!("some bytes are not {}", shown(told))) }
}

fn most_fluent(bytes: &[u8], least: usize) -> Option<(&'static Encoding, usize)> {
    let scored = EAST_ASIAN.into_iter().filter_map(|e| evidence::fluency(e, bytes, least).map(|f| (e, f)));
    // The first of equals: GB18030 before the others.
    scored.fold(None, |best, one| if best.is_some_and(|(_, f)| f >= one.1) { best } else { Some(one) })
}

/// GBK by its pairs, and, where there is enough of it, by its frequent characters.
fn reads_gbk(bytes: &[u8]) -> bool {
    evidence::looks_gbk(bytes) && !with(GB18030, tail_cut(bytes)).1 && evidence::fluency(GB18030, bytes, 20).is_none_or(|f| f >= 8)
}

/// Without a lead byte at the end: a cut says nothing about the charset.
fn tail_cut(bytes: &[u8]) -> &[u8] {
    let high = bytes.iter().rev().take_while(|b| **b >= 0x80).count();
    if high % 2 == 1 { &bytes[..bytes.len() - 1] } else { bytes }
}

/// Reads bytes of unknown charset: UTF-8, even damaged; Latin with single accents; the East Asian charset that reads best;
/// GB18030 by its pairs; else chardetng, with the hint `cn` where the text is short.
pub fn guess(bytes: &[u8]) -> (String, &'static str) {
    if let Ok(text) = std::str::from_utf8(bytes)
        && !is_short_gbk(bytes, text)
    {
        return (text.to_string(), "UTF-8");
    }
    if mostly_utf8(bytes) {
        return (by_lines(bytes), "UTF-8 with damaged characters");
    }
    if evidence::is_isolated(bytes) {
        return (with(WINDOWS_1252, bytes).0, "windows-1252");
    }
    if let Some((encoding, fluency)) = most_fluent(bytes, 8)
        && fluency >= 20
    {
        return (with(encoding, bytes).0, shown(encoding));
    }
    if reads_gbk(bytes) {
        return (with(GB18030, bytes).0, "GB18030");
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let head = &bytes[..bytes.len().min(64 * 1024)];
    detector.feed(head, true);
    let is_short = head.iter().filter(|b| **b >= 0x80).count() < 16;
    let encoding = detector.guess(is_short.then_some(b"cn"), Utf8Detection::Deny);
    (with(encoding, bytes).0, shown(encoding))
}

/// The name people know.
fn shown(encoding: &'static Encoding) -> &'static str {
    if encoding == GB18030 { "GB18030" } else { encoding.name() }
}

/// UTF-8 with a few broken places (a cut character) rather than another charset.
fn mostly_utf8(bytes: &[u8]) -> bool {
    // A last character cut in the middle (truncated base64, a size limit) says nothing.
    let (bytes, is_cut) = match std::str::from_utf8(bytes) {
        Err(error) if error.error_len().is_none() => (&bytes[..error.valid_up_to()], true),
        _ => (bytes, false),
    };
    let (mut good, mut bad) = (0usize, 0usize);
    for chunk in bytes[..bytes.len().min(256 * 1024)].utf8_chunks() {
        good += chunk.valid().bytes().filter(|b| *b >= 0xC0).count();
        bad += chunk.invalid().len();
    }
    good >= 3 && bad * 8 <= good || is_cut && bad == 0 && good > 0
}

/// Seen in practice (gateways): a footer in another charset below a UTF-8 text; lines are read one by one.
fn by_lines(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    for line in bytes.split_inclusive(|b| *b == b'\n') {
        match std::str::from_utf8(line) {
            Ok(text) => out.push_str(text),
            Err(_) if reads_gbk(line) && evidence::fluency(GB18030, line, 4).is_some_and(|f| f >= 20) => {
                out.push_str(&with(GB18030, line).0)
            }
            Err(_) => out.push_str(&String::from_utf8_lossy(line)),
        }
    }
    out
}

/// A few bytes that are valid UTF-8 by chance: all of them pair up as hanzi, and as UTF-8 they are no Latin letters
/// (GBK 系统 is also UTF-8 for U+03F5 U+0373).
pub fn is_short_gbk(bytes: &[u8], text: &str) -> bool {
    let mut foreign = text.chars().filter(|c| !c.is_ascii());
    text.len() <= 400 && foreign.clone().count() <= 8 && foreign.all(|c| (0x250..0x800).contains(&(c as u32))) && !text.is_ascii() && {
        let high: Vec<u8> = bytes.iter().copied().filter(|b| *b >= 0x80).collect();
        high.chunks(2).all(|pair| pair.len() == 2 && (0xB0..=0xF7).contains(&pair[0]) && pair[1] >= 0xA1)
    }
}

/// Valid UTF-8 that reads as Chinese: guards against short GBK that happens to be valid UTF-8.
fn is_plausible_cjk(text: &str) -> bool {
    let mut cjk = 0;
    for c in text.chars().filter(|c| !c.is_ascii()).take(4000) {
        match c as u32 {
            0x2E80..=0x9FFF | 0xFF00..=0xFFEF | 0x1F000..=0x3FFFF | 0x2000..=0x206F | 0xAC00..=0xD7AF => cjk += 1,
            0xA0..=0x24FF | 0x2500..=0x2BFF | 0xFE0F | 0xFEFF => {}
            _ => return false,
        }
    }
    cjk > 0
}

#[cfg(test)]
mod tests;
