//! Error codes of Windows in every spelling, to `0x` and eight capitals: `0X800f0922`, `800f0922`, `-2146498270`, `2148469026`, `WU_E_NOT_APPLICABLE`.
//!
//! A number is believed by its form (HRESULT and NTSTATUS families), by the table of known codes, or by the words before it: 错误, 代码, error …
//! Of the extended codes of setup (`0xC1900101 - 0x30018`) both are listed. Not codes: zero, addresses, parameters of a stop code, flags, pieces of
//! GUIDs, telephone numbers.

use super::{OTHER_NUMBERS, last_of, line_before};
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::LazyLock;

const TABLE: &str = include_str!("../../../config/data/wu_errors.csv");

fn rows() -> impl Iterator<Item = (u32, &'static str)> {
    TABLE.lines().skip(1).filter_map(|line| {
        let (code, rest) = line.split_once(',')?;
        Some((u32::from_str_radix(code.strip_prefix("0x")?, 16).ok()?, rest.split(',').next()?))
    })
}

/// Codes of the shipped table.
static KNOWN: LazyLock<HashSet<u32>> = LazyLock::new(|| rows().map(|(code, _)| code).collect());
/// Symbols of the shipped table.
static SYMBOLS: LazyLock<HashMap<&'static str, u32>> = LazyLock::new(|| {
    rows().filter(|(_, name)| !name.is_empty()).fold(HashMap::new(), |mut map, (code, name)| {
        map.entry(name).or_insert(code);
        map
    })
});

/// The code of a symbol of the table: `CBS_E_INSTALLERS_FAILED`.
pub fn of_symbol(symbol: &str) -> Option<u32> {
    SYMBOLS.get(symbol).copied()
}

/// Collects the codes of one text; the words come in order.
pub struct Reader {
    found: Vec<(usize, u32)>,
    /// Words before this place are parameters of a stop code.
    skip_until: usize,
}

impl Reader {
    pub fn new() -> Reader {
        Reader { found: Vec::new(), skip_until: 0 }
    }

    /// One word of letters and digits.
    pub fn see(&mut self, text: &str, word: Range<usize>) {
        let bytes = &text.as_bytes()[word.clone()];
        if bytes.len() < 2 || word.start < self.skip_until || self.found.len() >= 1000 {
            return;
        }
        let code = match bytes {
            [b'0', b'x' | b'X', ..] => self.hex(text, word.clone(), 2),
            _ if bytes.len() == 10 && bytes.iter().all(u8::is_ascii_digit) => decimal(text, word.clone()),
            [b'8' | b'c' | b'C', ..] if bytes.len() <= 9 => bare(text, word.clone()),
            [b'e' | b'E' | b'c' | b'C' | b'h' | b'H' | b'o' | b'O', ..] if bytes.len() >= 10 => {
                glued(text, word.clone()).and_then(|skip| self.hex(text, word.clone(), skip))
            }
            _ => None,
        };
        if let Some(code) = code.filter(|code| *code != 0) {
            self.found.push((word.start, code));
            self.skip_until = parameters_end(text, word.end, code).unwrap_or(0);
        }
    }

    /// Digits after `0x`, which ends `skip` bytes into the word.
    fn hex(&self, text: &str, word: Range<usize>, skip: usize) -> Option<u32> {
        let digits = without_suffix(&text[word.start + skip..word.end]);
        let before = &text[..word.start];
        if let Some(rest) = split_hex(text, word.end, digits) {
            return u32::from_str_radix(&format!("{digits}{rest}"), 16).ok().filter(|v| is_family(*v));
        }
        let value = u64::from_str_radix(digits, 16).ok().filter(|_| digits.len() <= 16)?;
        let value = if digits.len() == 16 && value >> 32 == 0xFFFF_FFFF {
            value as u32
        } else {
            u32::try_from(value).ok().filter(|_| digits.len() <= 8)?
        };
        if is_address(before, &text[word.end..]) {
            return None;
        }
        let is_code = match digits.len() {
            16 => is_family(value),
            8 => matches!(value >> 28, 0x8 | 0xC) || value <= 0xFFFF || KNOWN.contains(&value) || is_called(before, CALLS),
            3..=7 => KNOWN.contains(&value) || self.is_extension(text, word.start) || is_called(before, CALLS) || is_called(before, SHOWN),
            _ => is_called(before, CALLS),
        };
        is_code.then_some(value)
    }

    /// Behind a setup code and a hyphen: `0xC1900101 - 0x30018`.
    fn is_extension(&self, text: &str, start: usize) -> bool {
        let Some((at, 0xC190_0000..=0xC190_FFFF)) = self.found.last() else { return false };
        let gap = text[*at..start].trim_start_matches(|c: char| c.is_ascii_alphanumeric());
        gap.len() <= 6 && gap.chars().all(|c| matches!(c, ' ' | '-' | '–' | '—' | '/' | ',' | '，' | '、'))
    }

    /// With the symbols of the text, canonical, in order.
    pub fn finish(mut self, text: &str) -> Vec<String> {
        self.found.extend(symbols(text));
        self.found.sort_by_key(|(at, _)| *at);
        let mut codes: Vec<String> = Vec::new();
        let mut last = None;
        for (_, code) in self.found {
            if last != Some(code) {
                codes.push(format!("0x{code:08X}"));
            }
            last = Some(code);
        }
        codes
    }
}

/// `0x80070005L`, `800F0922h`.
fn without_suffix(digits: &str) -> &str {
    digits.strip_suffix("UL").unwrap_or(digits).trim_end_matches(['L', 'l', 'h', 'H', 'u'])
}

/// `0x8024_4018`: the second half.
fn split_hex<'a>(text: &'a str, end: usize, digits: &str) -> Option<&'a str> {
    let rest = text[end..].strip_prefix('_').filter(|_| digits.len() == 4)?;
    let count = rest.bytes().take_while(u8::is_ascii_hexdigit).count();
    (count == 4 && !rest[4..].starts_with(|c: char| c.is_ascii_alphanumeric())).then(|| &rest[..4])
}

/// `Error0x80070005`, `ox80070005`: how many bytes stand before the digits.
fn glued(text: &str, word: Range<usize>) -> Option<usize> {
    let lower = text[word.clone()].to_ascii_lowercase();
    if lower.starts_with("ox8") && lower.len() == 10 {
        return Some(2);
    }
    let name =
        ["error", "code", "err", "errorcode", "hr", "hresult"].iter().filter(|name| lower.starts_with(**name)).map(|n| n.len()).max()?;
    let rest = &lower[name..];
    match rest.strip_prefix("0x") {
        Some(_) => Some(name + 2),
        None if rest.len() == 8 && u32::from_str_radix(rest, 16).is_ok_and(is_family) => Some(name),
        None => None,
    }
}

/// Eight digits without `0x`.
fn bare(text: &str, word: Range<usize>) -> Option<u32> {
    let digits = without_suffix(&text[word.clone()]);
    let value = u32::from_str_radix(digits, 16).ok().filter(|v| digits.len() == 8 && is_family(*v))?;
    let (before, after) = (&text[..word.start], &text[word.end..]);
    let touches = |c: char| matches!(c, '-' | '.' | '_' | '/' | '+' | '@' | '=' | '%');
    let joined = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let is_piece = after.starts_with(touches) && joined(after.chars().nth(1))
        || before.ends_with(['-', '.', '+'])
            && joined(before.chars().rev().nth(1))
            && !before.to_ascii_lowercase().ends_with("windowsupdate-");
    let has_letter = digits.bytes().any(|b| b.is_ascii_alphabetic());
    let called =
        || is_called(before, CALLS) || ["0x", "0X", "0×", "0х", "0Х", "0*", "O×"].iter().any(|sign| before.trim_end().ends_with(sign));
    if is_piece || is_other(before) {
        return None;
    }
    (has_letter || KNOWN.contains(&value) || called()).then_some(value)
}

/// `-2146498270` and `2148469026`.
fn decimal(text: &str, word: Range<usize>) -> Option<u32> {
    let number: i64 = text[word.clone()].parse().ok()?;
    let before = &text[..word.start];
    let minus = before.strip_suffix(['-', '−', '–']).filter(|rest| !rest.ends_with(|c: char| c.is_ascii_alphanumeric()));
    let (value, before) = match minus {
        Some(rest) => (u32::try_from((1i64 << 32) - number).ok()?, rest),
        None => (u32::try_from(number).ok()?, before),
    };
    let is_code = value >> 31 == 1 && is_family(value) && (minus.is_some() || KNOWN.contains(&value) || is_called(before, CALLS));
    (is_code && !is_other(before)).then_some(value)
}

/// The upper half of codes that updates, setup, licensing and the kernel use (facilities of `winerror.h`).
fn is_family(code: u32) -> bool {
    matches!(
        code >> 16,
        0x8000 | 0x8002..=0x8004 | 0x8007..=0x800B | 0x800F..=0x8010 | 0x8018..=0x8019 | 0x8020 | 0x8024 | 0x8028 | 0x802A | 0x8030..=0x8031 | 0x803F | 0x8080 | 0x8086 | 0x8096
            | 0x80C8 | 0x80D0 | 0x80EF | 0x80F0 | 0x8103 | 0x8200 | 0xC000..=0xC004 | 0xC00D | 0xC022 | 0xC0A0 | 0xC190
    )
}

/// Words that call a number a code.
const CALLS: &[&str] = &[
    "错误",
    "錯誤",
    "代码",
    "代碼",
    "报错",
    "报",
    "错误码",
    "故障码",
    "返回值",
    "退出码",
    "失败",
    "异常",
    "蓝屏",
    "停止代码",
    "error",
    "code",
    "err",
    "hresult",
    "hr=",
    "hr =",
    "failed with",
    "failure",
    "status",
    "result",
    "bugcheck",
    "stop",
    "exit",
    "returned",
    "エラー",
    "コード",
    "fehler",
    "erreur",
];
/// Words that show a number which then is one when it has three digits or more.
const SHOWN: &[&str] = &["提示", "显示", "出现", "弹出", "返回", "shows", "getting"];

fn is_called(before: &str, words: &[&str]) -> bool {
    let near = line_before(before, before.len(), 40).to_lowercase();
    last_of(&near, words).is_some_and(|at| last_of(&near, OTHER_NUMBERS).is_none_or(|other| other < at))
}

fn is_other(before: &str) -> bool {
    let near = line_before(before, before.len(), 36).to_lowercase();
    last_of(&near, OTHER_NUMBERS).is_some_and(|other| last_of(&near, CALLS).is_none_or(|call| call < other))
}

/// An address, an offset or flags rather than a code.
fn is_address(before: &str, after: &str) -> bool {
    let near = line_before(before, before.len(), 28).to_lowercase();
    let words = [
        "地址",
        "內存",
        "内存",
        "偏移",
        "句柄",
        "标志",
        "address",
        "memory at",
        "memory",
        "instruction at",
        "offset",
        "handle",
        "flags",
        "flag",
        "mask",
        "pid",
        "tid",
        "thread",
        "@",
        "class",
        "port",
        "session",
        "tick",
        "revision",
        "build",
        "+",
    ];
    let tail = near.trim_end_matches([' ', ':', '：', '=', '"', '“', '\'', '(', '[']);
    let rest = after.trim_start_matches(['"', '”', '\'', ' ', ')']);
    // `report 0x…` is no port.
    let is_letter = |c: char| c.is_ascii_alphabetic();
    let ends_with = |word: &str| tail.strip_suffix(word).is_some_and(|rest| !word.starts_with(is_letter) || !rest.ends_with(is_letter));
    words.into_iter().any(ends_with) && !near.contains("error")
        || ["指令", "处的", "内存", "地址", "referenced memory"].iter().any(|word| rest.starts_with(word))
}

/// Where the parameters of a stop code end: `0x0000007E (0xC0000005, 0x804E518E, …)`.
fn parameters_end(text: &str, end: usize, code: u32) -> Option<usize> {
    if code > 0xFFFF && code >> 16 != 0xC000 {
        return None;
    }
    let rest = &text[end..text.floor_char_boundary(end + 240)];
    let open = rest.find(['(', '（']).filter(|at| *at <= 3 && rest[..*at].trim_matches([' ', ':', '：']).is_empty())?;
    let close = open + rest[open..].find([')', '）']).unwrap_or(rest.len() - open);
    let list = rest[open..close].to_ascii_lowercase();
    (list.matches(',').count() + list.matches('，').count() >= 2).then_some(end + close)
}

/// Symbols of the table in the text: capitals, digits and underlines.
fn symbols(text: &str) -> Vec<(usize, u32)> {
    let bytes = text.as_bytes();
    let is_part = |b: &u8| b.is_ascii_uppercase() || b.is_ascii_digit() || *b == b'_';
    let (mut out, mut from) = (Vec::new(), 0);
    for at in memchr::memchr_iter(b'_', bytes) {
        if at < from || at == 0 || !bytes[at - 1].is_ascii_uppercase() || out.len() >= 1000 {
            continue;
        }
        let start = at - bytes[from..at].iter().rev().take_while(|b| is_part(b)).count();
        let end = at + bytes[at..].iter().take_while(|b| is_part(b)).count();
        from = end;
        let is_free =
            !bytes[..start].last().is_some_and(u8::is_ascii_alphanumeric) && !bytes.get(end).is_some_and(u8::is_ascii_alphanumeric);
        if let Some(code) = of_symbol(&text[start..end]).filter(|_| is_free) {
            out.push((start, code));
        }
    }
    out
}
