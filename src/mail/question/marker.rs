//! The marks that number a point, in every way that Chinese and English mails write them, at the beginning of a line or inside one.
//!
//! `1.` `1、` `1，` `1:` `1)` `（1）` `①` `⑴` `⒈` `一、` `（一）` `第一，` `问题1：` `Q1:` `a)` `A.` `i)` `1.1`, digits of any width, rows of a
//! table, bullets. A mark alone says little: times, versions, sums and dates look like it; `list` keeps those that count up.

use super::super::prose;

/// How a point is numbered; marks of one list share it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// `问题1：`, `Q1:`
    Named,
    /// `（1）`, `（一）`
    Bracketed,
    /// `1.` and its relatives
    Plain,
    /// `一、`, `一是`
    Chinese,
    /// `第一，`
    Ordinal,
    /// `①`, `⑴`, `⒈`
    Enclosed,
    /// `a)`, `A.`
    Letter,
    /// `i)`, `ii.`
    Roman,
    /// `1.2`
    Sub,
    /// `1 如何…`, a row of a table
    Bare,
    /// `-`, `•`
    Bullet,
}

/// A mark: its bytes in the text, its number as written and as a value.
#[derive(Debug, Clone)]
pub struct Marker {
    pub start: usize,
    pub end: usize,
    pub number: String,
    pub value: u32,
    /// The second number of `1.2`, else 0.
    pub minor: u32,
    pub style: Style,
    /// The sign after the number: lists inside a list often differ in it alone.
    pub sign: char,
    pub opens_line: bool,
    /// Columns before it on its line.
    pub indent: usize,
}

/// Marks a text may have; more is a dump.
const MAX_MARKERS: usize = 2_000;

/// All marks of the prose lines of a text, in order.
pub fn markers(text: &str, lines: &prose::Lines<'_>) -> Vec<Marker> {
    let mut out = Vec::new();
    for (start, line) in prose::lines_of(text, lines) {
        let body = line.trim_start_matches([' ', '\t', '\u{3000}', '\u{a0}', '>', '|', '*']);
        let at = line.len() - body.len();
        let mut from = at;
        let opening = at_start(body, &line[..at]).or_else(|| line[..at].contains('*').then(|| bullet(line)).flatten());
        if let Some(mut marker) = opening {
            let lead = if marker.style == Style::Bullet { line.len() - line.trim_start().len() } else { at };
            from = lead + marker.end;
            marker.indent = prose::width(&line[..lead]);
            (marker.start, marker.end) = (start + lead, start + from);
            out.push(marker);
        }
        within(line, from, start, &mut out);
        if out.len() > MAX_MARKERS {
            break;
        }
    }
    out
}

/// The mark that `rest` begins with; offsets are relative to `rest`.
fn at_start(rest: &str, before: &str) -> Option<Marker> {
    numbered(rest, None)
        .or_else(|| lettered(rest))
        .or_else(|| row(rest, before))
        .or_else(|| bullet(rest))
        .map(|m| Marker { opens_line: true, ..m })
}

/// Marks inside a line, from byte `from` on.
fn within(line: &str, from: usize, start: usize, out: &mut Vec<Marker>) {
    let bytes = line.as_bytes();
    let mut at = from;
    while at < bytes.len() {
        let may = match bytes[at] {
            b'0'..=b'9' | b'(' => true,
            b'Q' | b'q' => true,
            0xE2 => matches!(bytes.get(at + 1), Some(0x91 | 0x92)),
            0xE3 | 0xE6 | 0xE7 | 0xE8 => bytes.get(at..at + 3).is_some_and(|b| b == "第".as_bytes()),
            // 一 to 十, 问, full-width digits and brackets.
            0xE4 | 0xE5 | 0xE9 | 0xEF => true,
            _ => false,
        };
        let found = if may && line.is_char_boundary(at) { numbered(&line[at..], line[..at].chars().next_back()) } else { None };
        match found {
            Some(marker) if fits(&marker, line, at) => {
                let end = at + marker.end;
                out.push(Marker { start: start + at, end: start + end, ..marker });
                at = end;
            }
            _ => at += 1,
        }
    }
}

/// Whether a mark found inside a line may be one: not glued to a word, not a time, a version or a sum.
fn fits(marker: &Marker, line: &str, at: usize) -> bool {
    let before = line[..at].chars().next_back();
    let after = line[at + marker.end..].chars().next();
    let last = line[at..at + marker.end].trim_end().chars().next_back();
    let is_part = before.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '/' | '第' | '_' | '+' | '~' | '\\'));
    let parts =
        |c: char| matches!(c, '，' | '。' | '；' | '：' | ':' | ';' | ',' | '.' | '？' | '?' | '！' | '!' | ' ' | '\u{3000}' | '\t');
    match marker.style {
        Style::Plain => {
            let is_number = after.is_some_and(|c| c.is_ascii_digit()) && !line[at..at + marker.end].ends_with([' ', '\t']);
            !is_part && before != Some(':') && !is_number && !matches!(last, Some(':' | '：'))
        }
        Style::Chinese => before.is_some_and(parts),
        Style::Bracketed => !before.is_some_and(|c| c.is_ascii_alphanumeric()) || !marker.number.is_ascii(),
        Style::Named => before.is_some_and(parts),
        Style::Ordinal | Style::Enclosed => !before.is_some_and(|c| c.is_ascii_alphanumeric()),
        _ => false,
    }
}

fn made(style: Style, number: &str, value: u32, end: usize) -> Option<Marker> {
    let number: String = number.chars().map(narrow).collect();
    (value > 0).then_some(Marker { start: 0, end, number, value, minor: 0, style, sign: ' ', opens_line: false, indent: 0 })
}

/// Full-width digits and letters to ASCII.
fn narrow(c: char) -> char {
    if ('！'..='～').contains(&c) { char::from_u32(c as u32 - 0xFEE0).unwrap_or(c) } else { c }
}

fn is_digit(c: char) -> bool {
    narrow(c).is_ascii_digit()
}

/// Value of a Chinese numeral.
fn numeral(c: char) -> Option<u32> {
    const NUMERALS: [char; 10] = ['一', '二', '三', '四', '五', '六', '七', '八', '九', '十'];
    if !prose::is_han(c) {
        return None;
    }
    NUMERALS.iter().position(|n| *n == c).map(|n| n as u32 + 1)
}

/// Digits or Chinese numerals at the beginning: bytes and value; at most two characters (十二 counts, 二十一 too).
fn count(text: &str) -> Option<(usize, u32)> {
    let digits = text.chars().take_while(|c| is_digit(*c)).count();
    if digits > 0 {
        let end = text.char_indices().nth(digits).map_or(text.len(), |(at, _)| at);
        let value: u32 = text[..end].chars().fold(0, |n: u32, c| n.saturating_mul(10).saturating_add(narrow(c).to_digit(10).unwrap_or(0)));
        return (digits <= 2).then_some((end, value));
    }
    let numerals: Vec<u32> = text.chars().map_while(numeral).take(4).collect();
    let value = match numerals[..] {
        [n] => n,
        [10, n] if n < 10 => 10 + n,
        [n, 10] if n < 10 => n * 10,
        [n, 10, m] if n < 10 && m < 10 => n * 10 + m,
        _ => return None,
    };
    Some((numerals.len() * 3, value))
}

fn blanks(text: &str) -> usize {
    text.len() - text.trim_start_matches([' ', '\t', '\u{3000}', '\u{a0}']).len()
}

/// Number and the mark after it. `before` is the character left of it, None at the beginning of a line.
fn numbered(rest: &str, before: Option<char>) -> Option<Marker> {
    let first = rest.chars().next()?;
    match first {
        '(' | '（' => bracketed(rest, first.len_utf8()),
        '①'..='⒛' if !('⒜'..='⒛').contains(&first) || ('⒈'..='⒛').contains(&first) => enclosed(first, rest),
        '第' => ordinal(rest),
        '问' | '問' | '疑' | 'Q' | 'q' => named(rest),
        _ if is_digit(first) => plain(rest, before),
        _ if numeral(first).is_some() => {
            let (end, value) = count(rest)?;
            let mark = rest[end..].chars().next().filter(|c| matches!(c, '、' | '．' | '.' | '：' | '是'))?;
            let end_of_mark = end + mark.len_utf8();
            let marker = made(Style::Chinese, &rest[..end], value, end_of_mark + blanks(&rest[end_of_mark..]))?;
            Some(Marker { sign: if mark == '是' { '是' } else { '、' }, ..marker })
        }
        _ => None,
    }
}

fn enclosed(first: char, rest: &str) -> Option<Marker> {
    let base = match first {
        '①'..='⑳' => '①',
        '⑴'..='⒇' => '⑴',
        _ => '⒈',
    };
    let end = first.len_utf8();
    let tail = rest[end..].trim_start_matches(['、', '.', '．', '：', ':', ' ', '\u{3000}', '\u{a0}']);
    made(Style::Enclosed, &rest[..end], first as u32 - base as u32 + 1, rest.len() - tail.len())
}

/// `(1)`, `（一）`, `(a)`, `(ii)`.
fn bracketed(rest: &str, open: usize) -> Option<Marker> {
    let inner = rest[open..].trim_start_matches(' ');
    let skip = rest.len() - inner.len();
    let (length, value, style) = match count(inner) {
        Some((length, value)) => (length, value, Style::Bracketed),
        None => {
            let length = inner.bytes().take_while(u8::is_ascii_alphabetic).count();
            let (value, style) = letter_value(&inner[..length])?;
            (length, value, style)
        }
    };
    let close = inner[length..].trim_start_matches(' ').chars().next().filter(|c| matches!(c, ')' | '）'))?;
    let end = rest.len() - inner[length..].trim_start_matches(' ').len() + close.len_utf8();
    let tail = rest[end..].trim_start_matches(['、', '.', '：', ':', ' ', '\t', '\u{3000}', '\u{a0}']);
    made(style, &rest[skip..skip + length], value, rest.len() - tail.len())
}

/// `第一，`, `第1、`, `第一个问题：`, `第二点，`.
fn ordinal(rest: &str) -> Option<Marker> {
    let body = &rest["第".len()..];
    let (length, value) = count(body)?;
    let unit = ["个问题是", "个问题", "個問題", "个", "個", "点", "點", "、", "，", ",", "：", ":"]
        .iter()
        .find(|u| body[length..].starts_with(**u))?;
    let is_mark = matches!(*unit, "、" | "，" | "," | "：" | ":");
    let end = "第".len() + length + unit.len();
    let tail = rest[end..].trim_start_matches(['、', '，', ',', '：', ':', '是', ' ']);
    if !is_mark && tail.len() == rest[end..].len() && !unit.ends_with('是') {
        return None;
    }
    made(Style::Ordinal, &rest["第".len().."第".len() + length], value, rest.len() - tail.len())
}

/// `问题1：`, `问题一、`, `疑问2：`, `Q1:`, `Question 1.`, `问1：`.
fn named(rest: &str) -> Option<Marker> {
    let starts = |word: &str| rest.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word));
    let word = ["问题", "問題", "疑问", "疑問", "问", "問", "Question", "Q"].into_iter().find(|w| starts(w))?;
    let body = rest[word.len()..].trim_start_matches([' ', '#', '.']);
    let lead = rest.len() - body.len();
    let (length, value) = count(body)?;
    let tail = body[length..].trim_start_matches(' ');
    let mark = tail.chars().next().filter(|c| matches!(c, ':' | '：' | '.' | '、' | '．' | ')' | '）' | '，' | ',' | '-'))?;
    let end = rest.len() - tail.len() + mark.len_utf8();
    let prefix = if word.is_ascii() { "Q" } else { "" };
    made(Style::Named, &format!("{prefix}{}", &rest[lead..lead + length]), value, end + blanks(&rest[end..]))
}

/// `1.`, `1、`, `1，`, `1:`, `1)`, `1.2`, `1).`.
fn plain(rest: &str, before: Option<char>) -> Option<Marker> {
    let (length, value) = count(rest)?;
    let tail = rest[length..].trim_start_matches(' ');
    let gap = rest.len() - length - tail.len();
    let mark =
        tail.chars().next().filter(|c| matches!(c, '.' | '、' | '．' | ')' | '）' | '，' | ',' | ':' | '：' | '。' | '/' | ']' | '】'))?;
    let mut end = length + gap + mark.len_utf8();
    if matches!(mark, '.' | '．') {
        if let Some(sub) = sub(rest, length, value, before) {
            return Some(sub);
        }
        end += rest[end..].chars().next().filter(|c| matches!(c, ')' | '）' | '、')).map_or(0, char::len_utf8);
    }
    let next = rest[end..].chars().next();
    let opens = before.is_none();
    let is_refused = match mark {
        ',' | '，' => next.is_none_or(|c| c.is_ascii_digit() || matches!(c, '，' | ',')),
        '。' | '/' | ']' | '】' => !opens || mark == '/' && !next.is_some_and(prose::is_han),
        ':' | '：' => next.is_some_and(is_digit),
        '.' | '．' => next.is_some_and(is_digit) && !opens,
        _ => next.is_some_and(is_digit) && !opens,
    };
    let is_apart = gap > 0 && (mark == '.' || mark == ',');
    let is_number = mark == '.' && next.is_some_and(is_digit) && is_decimal(&rest[end..]);
    if is_refused || is_apart || is_number {
        return None;
    }
    let marker = made(Style::Plain, &rest[..length], value, end + blanks(&rest[end..]))?;
    Some(Marker { sign: if matches!(mark, ')' | '）') { ')' } else { '.' }, ..marker })
}

/// What follows `1.`: `2.3` and `17763.1397` are versions; `360天擎` is a word.
fn is_decimal(tail: &str) -> bool {
    let after = tail.trim_start_matches(is_digit);
    after.starts_with('.') && after[1..].starts_with(is_digit)
        || !after.starts_with(prose::is_han) && !after.starts_with(|c: char| c.is_ascii_alphabetic())
}

/// `1.2 `, `1.2是否`.
fn sub(rest: &str, length: usize, value: u32, before: Option<char>) -> Option<Marker> {
    let body = rest[length..].strip_prefix(['.', '．'])?;
    let (minor_length, minor) = count(body)?;
    let tail = &body[minor_length..];
    if before.is_some() || minor > 20 || !tail.starts_with([' ', '、', '\t', ')', '）', '：', ':']) && !tail.starts_with(prose::is_han) {
        return None;
    }
    let number = &rest[..rest.len() - tail.len()];
    let tail = tail.trim_start_matches(['、', ')', '）', ' ', '\t', '：', ':']);
    let marker = made(Style::Sub, number, value, rest.len() - tail.len())?;
    Some(Marker { minor, ..marker })
}

fn letter_value(word: &str) -> Option<(u32, Style)> {
    const ROMAN: [&str; 10] = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"];
    let lower = word.to_ascii_lowercase();
    match lower.as_bytes() {
        [b @ b'a'..=b'h'] => Some((u32::from(b - b'a') + 1, Style::Letter)),
        _ => ROMAN.iter().position(|r| *r == lower).map(|at| (at as u32 + 1, Style::Roman)),
    }
}

/// `a)`, `A.`, `b、`, `ii)` at the beginning of a line.
fn lettered(rest: &str) -> Option<Marker> {
    let length = rest.bytes().take_while(u8::is_ascii_alphabetic).take(5).count();
    let (value, style) = letter_value(&rest[..length])?;
    let mark = rest[length..].chars().next().filter(|c| matches!(c, ')' | '）' | '、' | '.' | '．' | ':' | '：'))?;
    let end = length + mark.len_utf8();
    let gap = blanks(&rest[end..]);
    if matches!(mark, '.' | ':') && gap == 0 && !rest[end..].starts_with(prose::is_han) {
        return None;
    }
    made(style, &rest[..length], value, end + gap)
}

/// `1 如何安装`, `1<TAB>如何安装`, `| 1 | 如何安装 |`.
fn row(rest: &str, before: &str) -> Option<Marker> {
    let (length, value) = count(rest).filter(|_| rest.starts_with(is_digit))?;
    let tail = &rest[length..];
    let body = tail.trim_start_matches([' ', '\t', '|', '\u{3000}']);
    let gap = &tail[..tail.len() - body.len()];
    let is_row = gap.contains(['|', '\t']) || before.contains('|');
    let is_point = !gap.is_empty() && !body.is_empty() && !body.starts_with(is_digit);
    (is_row && !gap.is_empty() || is_point).then(|| made(Style::Bare, &rest[..length], value, length + gap.len())).flatten()
}

fn bullet(rest: &str) -> Option<Marker> {
    let rest_trimmed = rest.trim_start();
    let c = rest_trimmed.chars().next()?;
    let end = c.len_utf8();
    let is_sign = matches!(
        c,
        '•' | '·'
            | '●'
            | '○'
            | '■'
            | '□'
            | '◆'
            | '◇'
            | '▪'
            | '▶'
            | '►'
            | '➢'
            | '➤'
            | '→'
            | '★'
            | '※'
            | '\u{f0b7}'
            | '\u{f06c}'
            | '\u{f0d8}'
    );
    let is_plain = matches!(c, '-' | '*' | '+' | '–' | '—' | 'o') && rest_trimmed[end..].starts_with([' ', '\t', '\u{a0}']);
    let is_glued = matches!(c, '-' | '*') && rest_trimmed[end..].starts_with(prose::is_han);
    if !is_sign && !is_plain && !is_glued {
        return None;
    }
    let marker = made(Style::Bullet, "", 1, end + blanks(&rest_trimmed[end..]))?;
    Some(Marker { opens_line: true, sign: c, ..marker })
}
