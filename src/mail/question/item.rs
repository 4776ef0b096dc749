//! The points of a list: where each ends, and its text on one line.
//!
//! A point reaches to the next one. The last one has no such end: it reaches to a blank line, a closing (谢谢, 盼复, Regards), a
//! new thought (另外), or a statement below a finished question. Wrapped lines are joined, Chinese without a blank.

use super::super::prose::{is_han, is_machine};
use super::marker::{Marker, Style};
use super::sentence::without_courtesy;
use super::words;

/// Characters of a question.
pub const MAX_CHARS: usize = 400;
/// Bytes that one point is looked for in.
const MAX_BYTES: usize = 4_000;

#[derive(Debug, Clone)]
pub struct Item {
    /// Where its mark and its words begin, where it ends; bytes of the text.
    pub start: usize,
    pub body: usize,
    pub end: usize,
    /// As written, without punctuation; None: a bullet.
    pub number: Option<String>,
    pub text: String,
}

/// The points of a list that reaches to byte `limit` at most.
pub fn items(text: &str, run: &[Marker], limit: usize) -> Vec<Item> {
    let mut out = Vec::with_capacity(run.len());
    for (at, marker) in run.iter().enumerate() {
        let next = run.get(at + 1).map(|n| n.start);
        let end = marker.end + extent(&text[marker.end..next.unwrap_or(limit)], next.is_some());
        let number = Some(&marker.number).filter(|n| !n.is_empty()).cloned();
        let body = &text[marker.end..end];
        let body = if marker.style == Style::Bare { cell(body) } else { body };
        out.push(Item { start: marker.start, body: marker.end, end, number, text: line_of(body) });
    }
    out
}

/// Bytes of `raw` that belong to the point.
fn extent(raw: &str, is_followed: bool) -> usize {
    let raw = super::super::header::floor(raw, MAX_BYTES);
    let mut end = 0;
    let mut asks = false;
    for (count, line) in raw.split('\n').enumerate() {
        let words = line.trim();
        if count > 0 && (words.is_empty() && (!is_followed || asks) || ends_before(words, asks, is_followed, &raw[..end])) {
            break;
        }
        // A table row ends with its line.
        end += line.len() + usize::from(count > 0);
        asks = asks || words::item_asks(words);
    }
    raw[..end].trim_end().len()
}

/// Whether the line below a point is no part of it.
fn ends_before(line: &str, asks: bool, is_followed: bool, before: &str) -> bool {
    if line.is_empty() {
        return false;
    }
    if !is_followed && line.ends_with(['：', ':']) {
        return true;
    }
    if is_closing(line) || is_machine(line) || begins_new_thought(line) || is_answer(line) {
        return true;
    }
    let is_ended = before.trim_end().ends_with(['？', '?', '。', '.', '！', '!']);
    // A name of a machine, then a sentence: the list is over.
    let last = before.trim_end().rsplit('\n').next().unwrap_or("");
    let begins =
        line.starts_with(|c: char| c.is_ascii_uppercase()) || ["请问", "麻烦", "能否", "烦请", "請問"].iter().any(|w| line.starts_with(w));
    if !is_followed && !is_ended && begins && !is_wrapped(last, line) {
        return true;
    }
    !is_followed && is_ended && asks && !words::item_asks(line)
}

const CLOSINGS: [&str; 65] = [
    "谢谢",
    "謝謝",
    "感谢",
    "感謝",
    "多谢",
    "非常感谢",
    "盼复",
    "盼回复",
    "盼覆",
    "祝",
    "顺祝",
    "此致",
    "敬礼",
    "以上",
    "辛苦",
    "请尽快",
    "请予",
    "请逐一",
    "敬请",
    "请回复",
    "请答复",
    "请协助",
    "请帮忙",
    "烦请尽快",
    "麻烦尽快",
    "麻烦您",
    "麻烦了",
    "期待",
    "静候",
    "望",
    "急",
    "附件",
    "附：",
    "附:",
    "日志",
    "系统版本",
    "联系人",
    "联系电话",
    "电话",
    "手机",
    "备注",
    "--",
    "==",
    "__",
    "**",
    "请知悉",
    "拜托",
    "thank",
    "best regards",
    "regards",
    "kind regards",
    "best",
    "cheers",
    "sincerely",
    "looking forward",
    "many thanks",
    "br,",
    "please let me know",
    "please let us know",
    "please advise.",
    "please help",
    "attached",
    "environment",
    "please find",
    "log",
];

/// Thanks, regards, a reminder, contact lines.
pub fn is_closing(line: &str) -> bool {
    CLOSINGS.iter().any(|w| {
        let is_word = || !w.is_ascii() || !line[w.len()..].starts_with(|c: char| c.is_ascii_alphabetic()) || *w == "thank";
        line.get(..w.len()).is_some_and(|head| head.eq_ignore_ascii_case(w)) && is_word()
    }) && !(line.starts_with('急') && line.contains("诊"))
}

fn begins_new_thought(line: &str) -> bool {
    [
        "另外",
        "另：",
        "此外",
        "还有",
        "還有",
        "同时",
        "再者",
        "顺便",
        "also,",
        "also ",
        "in addition",
        "additionally",
        "besides",
        "by the way",
        "furthermore",
    ]
    .iter()
    .any(|w| line.get(..w.len()).is_some_and(|head| head.eq_ignore_ascii_case(w)))
}

/// `答：`, `A1:`: an answer typed below a question.
fn is_answer(line: &str) -> bool {
    let line = line.trim_start();
    let rest = line.strip_prefix("答复").or(line.strip_prefix('答')).or(line.strip_prefix("Answer")).or(line.strip_prefix('A'));
    rest.is_some_and(|r| r.trim_start_matches(|c: char| c.is_ascii_digit()).starts_with([':', '：']))
}

/// Whether the writer answers the point himself: it repeats a question of ours.
pub fn is_answered(text: &str, item: &Item) -> bool {
    let below = text[item.end..].trim_start().split('\n').next().unwrap_or("");
    is_answer(below) || ["答：", "答:", "回答："].iter().any(|w| item.text.contains(w))
}

/// The cell of a table row that asks, else the longest.
fn cell(row: &str) -> &str {
    let row = row.split('\n').next().unwrap_or(row);
    let cells = || row.split(['|', '\t']).map(str::trim).filter(|c| !c.is_empty());
    cells().find(|c| words::item_asks(c)).or_else(|| cells().max_by_key(|c| c.len())).unwrap_or(row)
}

/// One line fit to be shown: wraps joined, blanks single, courtesy and list punctuation cut, at most [`MAX_CHARS`].
pub fn line_of(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    for line in raw.split('\n') {
        let mut words = line.split_whitespace().filter(|w| !w.chars().all(|c| c == '|' || c == '>'));
        let Some(first) = words.next() else { continue };
        let is_wide = |c: Option<char>| c.is_some_and(|c| !c.is_ascii());
        let last = out.chars().next_back();
        let is_sign = last.is_some_and(|c| matches!(c, '，' | '。' | '：' | '；' | '？' | '！' | '、' | '）'));
        let joins = is_sign || is_wide(last) && is_wide(first.chars().next()) || out.is_empty();
        if !joins {
            out.push(' ');
        }
        out.push_str(first);
        for word in words {
            out.push(' ');
            out.push_str(word);
        }
    }
    let text = trimmed(without_courtesy(&out));
    shortened(text)
}

fn trimmed(text: &str) -> &str {
    let text = text.trim().trim_start_matches(['*', '：', '、', '，']).trim_start();
    let cut = |t: &str| t.trim_end_matches(['；', ';', '、', '，', ',', '*', ' ', '|', '（', '(']).len();
    let mut end = cut(text);
    for word in [" and", " or", "；以及", "，以及", "，和", " -"] {
        if text[..end].ends_with(word) {
            end = cut(&text[..end - word.len()]);
        }
    }
    &text[..end]
}

/// A long point keeps its last sentences when those ask, else its beginning.
fn shortened(text: &str) -> String {
    let count = text.chars().count();
    if count <= MAX_CHARS {
        return text.to_owned();
    }
    let from = text.char_indices().nth(count - MAX_CHARS).map_or(0, |(at, _)| at);
    let tail = text[from..].find(['。', '！', '？', '；']).map(|n| text[from + n..].trim_start_matches(['。', '！', '？', '；', ' ']));
    let tail = tail.or_else(|| text[from..].find(". ").map(|n| text[from + n + 2..].trim_start()));
    match tail.filter(|t| !t.is_empty() && words::item_asks(t)) {
        Some(tail) => tail.to_owned(),
        None => {
            let head: String = text.chars().take(MAX_CHARS - 1).collect();
            head.trim_end().to_owned() + "…"
        }
    }
}

/// Whether two neighbours of a line break are parts of one sentence.
pub fn is_wrapped(above: &str, below: &str) -> bool {
    let (above, below) = (above.trim_end(), below.trim_start());
    let (Some(last), Some(first)) = (above.chars().next_back(), below.chars().next()) else { return false };
    if matches!(last, '，' | ',' | '、' | '（' | '(') {
        return !is_closing(below);
    }
    let is_ended = matches!(last, '。' | '？' | '?' | '！' | '!' | '.' | '；' | ';' | '：' | ':' | '…' | '~' | '～' | '”');
    if is_ended || matches!(first, '-' | '•' | '*' | '>' | '|' | '#' | '=' | '_') || is_closing(below) {
        return false;
    }
    let width = super::super::prose::width(above);
    let is_latin = last.is_ascii_alphanumeric() && first.is_ascii_lowercase();
    width >= 60 || is_latin && width >= 30 && !is_han(first)
}
