//! Bytes to text when labels lie (WHATWG Encoding through encoding_rs, guesses through chardetng).
//!
//! The bytes win over the label when they contradict it: valid multi-byte UTF-8 under a legacy label is UTF-8, invalid UTF-8
//! is GB18030 or a guess. What was assumed is said, so that it can become a defect. Surprising: `gb2312` never means
//! GB 2312; senders put GBK and four-byte GB18030 under it, so every label of the family is read as GB18030.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, GB18030, GBK, ISO_2022_JP, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::borrow::Cow;

/// Text, and in words what was assumed when the label was missing, unknown or contradicted.
#[derive(Debug, PartialEq)]
pub struct Decoded {
    pub text: String,
    pub assumed: Option<String>,
}

/// Encoding for a label as found in mail: quotes, `*lang` (RFC 2231 §5) and vendor names accepted.
pub fn for_label(label: &str) -> Option<&'static Encoding> {
    let label = label.trim_matches(|c: char| c.is_whitespace() || c == '"' || c == '\'');
    let label = label.split('*').next().unwrap_or(label).to_ascii_lowercase();
    let known = match label.as_str() {
        "cp936" | "ms936" | "windows-936" | "x-gbk" | "gb_2312" | "gb_2312-80" | "gb2312-80" | "gb2312_charset" | "gb18030-2005"
        | "euc-cn" | "euccn" | "x-euc-cn" | "chinese" | "hz" | "hz-gb-2312" => GB18030,
        "utf8" | "utf-8-bom" | "utf8mb4" | "unicode-1-1-utf-8" | "cp65001" | "65001" => UTF_8,
        "cp950" | "ms950" | "x-big5" => encoding_rs::BIG5,
        "cp932" | "ms932" => encoding_rs::SHIFT_JIS,
        "cp949" | "ms949" => encoding_rs::EUC_KR,
        "cp1252" | "ansi" | "default" => WINDOWS_1252,
        _ => Encoding::for_label_no_replacement(label.as_bytes())?,
    };
    Some(if known == GBK { GB18030 } else { known })
}

/// Decodes `bytes` under `label`; total.
pub fn decode(bytes: &[u8], label: Option<&str>) -> Decoded {
    let label = label.map(|l| l.trim_matches(|c: char| c.is_whitespace() || c == '"' || c == '\'')).filter(|l| !l.is_empty());
    let encoding = label.and_then(for_label);
    let is_hz = label.is_some_and(|l| l.len() < 12 && l.to_ascii_lowercase().starts_with("hz"));
    if is_hz && bytes.is_ascii() {
        return Decoded { text: decode_hz(bytes), assumed: None };
    }
    let stateful = encoding.is_some_and(|e| e == ISO_2022_JP || e == UTF_16BE || e == UTF_16LE);
    if stateful {
        let (text, bad) = with(encoding.unwrap_or(UTF_8), bytes);
        return Decoded { text, assumed: bad.then(|| "some bytes could not be read".to_string()) };
    }
    if bytes.is_ascii() {
        let text = std::str::from_utf8(bytes).unwrap_or_default().to_string();
        let unknown = label.filter(|_| encoding.is_none() && !is_ascii_label(label)).map(|l| format!("unknown charset \"{}\"", short(l)));
        return Decoded { text, assumed: unknown.map(|u| format!("{u}, read as ASCII")) };
    }
    decode_eight_bit(bytes, label, encoding)
}

fn is_ascii_label(label: Option<&str>) -> bool {
    label.is_some_and(|l| l.eq_ignore_ascii_case("us-ascii") || l.eq_ignore_ascii_case("ascii") || l.eq_ignore_ascii_case("7bit"))
}

fn short(label: &str) -> Cow<'_, str> {
    if label.chars().count() <= 40 { Cow::Borrowed(label) } else { Cow::Owned(label.chars().take(40).collect()) }
}

fn with(encoding: &'static Encoding, bytes: &[u8]) -> (String, bool) {
    let (text, _, bad) = encoding.decode(bytes);
    (text.into_owned(), bad)
}

fn decode_eight_bit(bytes: &[u8], label: Option<&str>, encoding: Option<&'static Encoding>) -> Decoded {
    let told = match (label, encoding) {
        (None, _) => "no charset".to_string(),
        (Some(l), None) => format!("unknown charset \"{}\"", short(l)),
        (Some(l), Some(_)) => format!("charset \"{}\" contradicted by the bytes", short(l)),
    };
    let assumed = |name: &str| Some(format!("{told}, read as {name}"));
    let weak = encoding.is_none_or(|e| e == WINDOWS_1252);
    if let Ok(text) = std::str::from_utf8(bytes) {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        if encoding == Some(UTF_8) {
            return Decoded { text: text.to_string(), assumed: None };
        }
        if (weak && !is_short_gbk(bytes, text)) || is_plausible_cjk(text) {
            return Decoded { text: text.to_string(), assumed: assumed("UTF-8") };
        }
    }
    match encoding {
        Some(e) if e != UTF_8 && !weak => {
            let (text, bad) = with(e, bytes);
            Decoded { text, assumed: bad.then(|| format!("some bytes are not {}", e.name())) }
        }
        _ if encoding == Some(WINDOWS_1252) && !looks_gbk(bytes) => {
            let plain = !is_ascii_label(label);
            Decoded { text: with(WINDOWS_1252, bytes).0, assumed: if plain { None } else { assumed("windows-1252") } }
        }
        _ => {
            let (text, name) = guess(bytes);
            Decoded { text, assumed: assumed(name) }
        }
    }
}

/// Reads bytes of unknown charset that are not valid UTF-8: damaged UTF-8, GB18030, else chardetng with the hint `cn`.
pub fn guess(bytes: &[u8]) -> (String, &'static str) {
    if let Ok(text) = std::str::from_utf8(bytes)
        && !is_short_gbk(bytes, text)
    {
        return (text.to_string(), "UTF-8");
    }
    if mostly_utf8(bytes) {
        return (String::from_utf8_lossy(bytes).into_owned(), "UTF-8 with damaged characters");
    }
    let (text, bad) = with(GB18030, bytes);
    if !bad && looks_gbk(bytes) {
        return (text, "GB18030");
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let head = &bytes[..bytes.len().min(64 * 1024)];
    detector.feed(head, true);
    let encoding = detector.guess(Some(b"cn"), Utf8Detection::Deny);
    (with(encoding, bytes).0, encoding.name())
}

/// UTF-8 with a few broken places (a cut character) rather than another charset.
fn mostly_utf8(bytes: &[u8]) -> bool {
    // A last character cut in the middle (truncated base64, a size limit) says nothing.
    let bytes = match std::str::from_utf8(bytes) {
        Err(error) if error.error_len().is_none() => &bytes[..error.valid_up_to()],
        _ => bytes,
    };
    let (mut good, mut bad) = (0usize, 0usize);
    for chunk in bytes[..bytes.len().min(256 * 1024)].utf8_chunks() {
        good += chunk.valid().bytes().filter(|b| *b >= 0xE0).count();
        bad += chunk.invalid().len();
    }
    good >= 3 && bad * 8 <= good
}

/// Whether the high bytes pair up as GB 2312 hanzi or punctuation, as prose in GBK does and Latin-1 does not.
fn looks_gbk(bytes: &[u8]) -> bool {
    let (mut pairs, mut other, mut at) = (0usize, 0usize, 0usize);
    let bytes = &bytes[..bytes.len().min(64 * 1024)];
    while at < bytes.len() {
        if bytes[at] < 0x80 {
            at += 1;
            continue;
        }
        let next = bytes.get(at + 1).copied().unwrap_or(0);
        let hanzi = (0xA1..=0xF7).contains(&bytes[at]) && next >= 0xA1;
        if hanzi {
            pairs += 1;
        } else {
            other += 1;
        }
        at += if next >= 0x40 { 2 } else { 1 };
    }
    pairs > 0 && pairs >= other * 2
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
    for c in text.chars().take(4000).filter(|c| !c.is_ascii()) {
        match c as u32 {
            0x2E80..=0x9FFF | 0xFF00..=0xFFEF | 0x20000..=0x3FFFF | 0x2000..=0x206F | 0xAC00..=0xD7AF => cjk += 1,
            0xA0..=0x24FF | 0xFEFF => {}
            _ => return false,
        }
    }
    cjk > 0
}

/// HZ (RFC 1843): `~{` opens two-byte GB 2312 with the high bits off, `~}` closes.
fn decode_hz(bytes: &[u8]) -> String {
    let mut out = Vec::with_capacity(bytes.len());
    let (mut at, mut inside) = (0, false);
    while at < bytes.len() {
        match (bytes[at], bytes.get(at + 1)) {
            (b'~', Some(b'{')) => (inside, at) = (true, at + 2),
            (b'~', Some(b'}')) => (inside, at) = (false, at + 2),
            (b'~', Some(b'~')) => {
                out.push(b'~');
                at += 2;
            }
            (byte, _) => {
                out.push(if inside && byte > 0x20 { byte | 0x80 } else { byte });
                at += 1;
            }
        }
    }
    with(GB18030, &out).0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gbk(text: &str) -> Vec<u8> {
        GB18030.encode(text).0.into_owned()
    }

    #[test]
    fn last_character_cut() {
        let text = "补丁安装失败";
        let whole = text.as_bytes();
        for label in [Some("utf-8"), None] {
            let got = decode(&whole[..whole.len() - 1], label);
            assert!(got.text.starts_with("补丁安装失") && got.assumed.is_some(), "{label:?} {got:?}");
        }
    }

    #[test]
    fn label_and_bytes() {
        for (bytes, label, text, is_assumed) in [
            (gbk("镕喆囍"), Some("gb2312"), "镕喆囍", false),
            (gbk("㛃𬭁你好"), Some("GB_2312-80"), "㛃𬭁你好", false),
            (gbk("补丁回滚"), Some("us-ascii"), "补丁回滚", true),
            (gbk("补丁回滚"), Some("iso-8859-1"), "补丁回滚", true),
            (gbk("补丁配置失败需要回滚"), Some("utf-8"), "补丁配置失败需要回滚", true),
            (gbk("系统"), None, "系统", true),
            ("补丁回滚".as_bytes().to_vec(), Some("gb2312"), "补丁回滚", true),
            ("补丁回滚".as_bytes().to_vec(), Some("'utf-8'"), "补丁回滚", false),
            (gbk("补丁"), Some("cp936*zh-CN"), "补丁", false),
            (b"caf\xe9 au lait".to_vec(), Some("iso-8859-1"), "café au lait", false),
            (b"~{VPND~} ok".to_vec(), Some("hz-gb-2312"), "中文 ok", false),
            (b"plain".to_vec(), Some("x-unknown"), "plain", true),
        ] {
            let got = decode(&bytes, label);
            assert_eq!((got.text.as_str(), got.assumed.is_some()), (text, is_assumed), "{label:?} {:?}", got.assumed);
        }
    }

    #[test]
    fn damaged_utf8_stays_utf8() {
        let mut bytes = "安装了补丁后无法启动，请尽快处理，多谢".as_bytes().to_vec();
        bytes.truncate(bytes.len() - 1);
        assert!(decode(&bytes, Some("utf-8")).text.starts_with("安装了补丁后无法启动，"));
    }
}
