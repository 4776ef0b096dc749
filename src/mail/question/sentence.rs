//! Questions outside of lists: single asking sentences.
//!
//! The asking words are found first; only the sentence around each is looked at. A sentence goes over wrapped lines. What is too
//! short to stand alone (可以吗？ Could you help?) is shown with the sentence before it, and only when nothing else is asked.

use super::super::prose;
use super::super::vocabulary::Hit;
use super::item::{self, is_wrapped};
use super::words::{self, Asking, WORDS, Word};

/// Bytes that a sentence is looked for in, each way.
const REACH: usize = 1_200;
/// Candidates of one text; more is a dump.
const MAX_SENTENCES: usize = 300;

/// A sentence that asks: its bytes, how it asks, its text.
#[derive(Debug, Clone)]
pub struct Asked {
    pub start: usize,
    pub end: usize,
    pub asking: Asking,
    pub text: String,
}

/// The asking sentences of a text, in order.
pub fn sentences(text: &str, lines: &prose::Lines<'_>) -> Vec<Asked> {
    let mut out: Vec<Asked> = Vec::new();
    let mut done = 0;
    for (at, line) in prose::lines_of(text, lines) {
        for hit in WORDS.hits(line) {
            let hit = Hit { start: at + hit.start, end: at + hit.end, class: hit.class };
            if hit.start < done || matches!(hit.class, Word::Idiom | Word::Plan | Word::Tell | Word::Look) {
                continue;
            }
            let (start, end) = around(text, hit.start, done);
            done = end.max(hit.end);
            out.extend(asked(text, start, end));
        }
        if out.len() >= MAX_SENTENCES {
            break;
        }
    }
    out
}

fn asked(text: &str, start: usize, end: usize) -> Option<Asked> {
    let raw = &text[start..end];
    let body = raw.trim_start_matches([' ', '\t', '\u{3000}', '\u{a0}', '-', '•', '·', '●', '*', '\n', '>', '"', '~']);
    let body = without_greeting(body);
    let start = end - body.len();
    let line = item::line_of(body);
    // `Could you please answer:` leads to what is asked below.
    let leads = line.ends_with([':', '：']) && !line.contains("是否") && !line.contains("有没有");
    if line.is_empty() || leads || announces(&line) {
        return None;
    }
    let asking = words::asking(&line);
    (asking != Asking::No).then_some(Asked { start, end, asking, text: line })
}

/// `有几个问题想请教`: says that questions follow.
fn announces(line: &str) -> bool {
    let has = |words: &[&str]| words.iter().any(|w| line.contains(w));
    let is_chinese = has(&["问题", "疑问", "問題"])
        && has(&["几个", "两个", "三个", "以下", "如下", "幾個", "几点", "下面", "一些"])
        && line.chars().count() < 30;
    let lower = line.to_ascii_lowercase();
    let is_english =
        ["few questions", "some questions", "following questions", "questions below", "questions:", "couple of questions", "two questions"]
            .iter()
            .any(|w| lower.contains(w));
    is_chinese && !has(&["怎么", "如何", "原因", "为什么", "能否解决"]) || is_english && line.len() < 120
}

/// The sentence around a byte, not before `floor`.
fn around(text: &str, at: usize, floor: usize) -> (usize, usize) {
    let low = text.floor_char_boundary(at.saturating_sub(REACH)).max(floor.min(at));
    let start = text[low..at].char_indices().rev().find(|(n, c)| ends(text, low + n, *c)).map_or(low, |(n, c)| low + n + c.len_utf8());
    let high = text.floor_char_boundary((at + REACH).min(text.len()));
    let found = text[at..high].char_indices().find(|(n, c)| ends(text, at + n, *c));
    let mut end = found.map_or(high, |(n, c)| at + n + c.len_utf8());
    if found.is_some_and(|(_, c)| c == '\n') {
        end -= 1;
    } else {
        // ？？？ and ?! end once, with the closing quotation mark.
        end += text[end..].len() - text[end..].trim_start_matches(['？', '?', '！', '!', '”', '）', ')']).len();
    }
    (start, end.min(text.len()))
}

/// Whether the character at `at` ends a sentence.
fn ends(text: &str, at: usize, c: char) -> bool {
    let rest = &text[at + c.len_utf8()..];
    let next = rest.chars().next();
    match c {
        '。' | '！' | '；' => !matches!(next, Some('”' | '」' | '》')),
        '？' => !matches!(next, Some('”' | '」' | '》')) || rest.chars().nth(1).is_none_or(|n| matches!(n, '\n' | '。')),
        '?' | '!' | ';' => next.is_none_or(|n| n.is_whitespace() || !n.is_ascii() && !matches!(n, '”' | '」')),
        '.' => next.is_none_or(char::is_whitespace) && !is_abbreviation(&text[..at], rest),
        '\n' => {
            let above = text[..at].rfind('\n').map_or(&text[..at], |n| &text[n + 1..at]);
            let above = super::super::header::floor(above, 2_000);
            !is_wrapped(above, rest.split('\n').next().unwrap_or(""))
        }
        _ => false,
    }
}

/// `No. 5`, `e.g. the`, `Mr. Wei`; an ellipsis before a small letter.
fn is_abbreviation(before: &str, rest: &str) -> bool {
    let before = &before[before.floor_char_boundary(before.len().saturating_sub(8))..];
    let word = before.rsplit([' ', '\n', '(']).next().unwrap_or("").to_ascii_lowercase();
    let is_small = rest.trim_start_matches(' ').starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit());
    matches!(word.as_str(), "mr" | "mrs" | "ms" | "dr" | "e.g" | "i.e" | "vs" | "approx" | "ver" | "v")
        || matches!(word.as_str(), "no" | "etc" | "" | "." | "..") && is_small
        || word.len() == 1 && word.bytes().all(|b| b.is_ascii_digit())
}

/// Without thanks at the end.
pub fn without_courtesy(text: &str) -> &str {
    const WORDS: [&str; 17] = [
        "非常感谢",
        "多谢",
        "谢谢您",
        "谢谢",
        "感谢",
        "謝謝",
        "感謝",
        "辛苦了",
        "盼复",
        "麻烦了",
        "thank you very much",
        "thank you",
        "thanks in advance",
        "many thanks",
        "thanks a lot",
        "thanks",
        "thx",
    ];
    let mut text = text.trim();
    for _ in 0..2 {
        for word in WORDS {
            let bare = text.trim_end_matches(['！', '!', '。', '.', ' ', '~', '～', ',', '，']);
            let Some(at) = bare.len().checked_sub(word.len()).filter(|n| bare.is_char_boundary(*n)) else { continue };
            let is_apart = bare[..at].ends_with(['。', '？', '?', '！', '!', '.', ' ', '，', ',', '；', '）', '~']);
            if bare[at..].eq_ignore_ascii_case(word) && is_apart {
                text = bare[..at].trim_end_matches([' ', '，', ',', '～', '~']);
            }
        }
    }
    without_thanked(text.trim()).trim()
}

/// `谢谢老师`, `Thanks Tom` at the end, after a sign.
fn without_thanked(text: &str) -> &str {
    const SIGNS: [char; 11] = ['。', '？', '?', '！', '!', '，', ',', '.', '；', '~', '）'];
    let bare = text.trim_end_matches(['！', '!', '。', '.', ' ', '~', '～']);
    let Some(at) = bare.rfind(SIGNS) else { return text };
    let tail = bare[at..].trim_start_matches(SIGNS).trim_start();
    let thanks = ["谢谢", "感谢", "多谢", "非常感谢", "謝謝", "感謝", "thanks", "thank you", "many thanks"];
    let is_thanks = thanks.iter().any(|w| tail.get(..w.len()).is_some_and(|h| h.eq_ignore_ascii_case(w)));
    let is_short = tail.chars().count() <= if tail.is_ascii() { 30 } else { 8 };
    if is_thanks && is_short { text[..bare.len() - tail.len()].trim_end_matches([' ', '，', ',', '~']) } else { text }
}

/// `您好，请问…` asks 请问…; `Hi Tom, could you …` asks could you ….
pub fn without_greeting(text: &str) -> &str {
    const MARKS: [char; 9] = ['，', ',', '！', '!', '、', '：', ':', ' ', '\n'];
    let head = &text[..text.char_indices().nth(12).map_or(text.len(), |(at, _)| at)];
    for word in ["您好", "你好", "各位好", "大家好", "老师好", "早上好", "上午好", "下午好", "晚上好"] {
        if let Some(at) = head.find(word) {
            let rest = &text[at + word.len()..];
            let is_greeting = !head[..at].contains(['？', '。', '?']) && rest.starts_with(MARKS);
            if is_greeting {
                return rest.trim_start_matches(MARKS);
            }
        }
    }
    let is_named = ["hi", "hello", "dear", "good morning", "good afternoon", "hey"]
        .iter()
        .any(|w| text.get(..w.len()).is_some_and(|h| h.eq_ignore_ascii_case(w)) && text[w.len()..].starts_with([' ', ',', '!', '\n']));
    if is_named {
        let near = &text[..text.floor_char_boundary(text.len().min(40))];
        if let Some(at) = near.find([',', '!', '，', '\n']) {
            return text[at..].trim_start_matches(MARKS);
        }
    }
    // 刘工，请问…
    match head.split_once(['，', ',']) {
        Some((name, _)) if is_called(name) => text[name.len()..].trim_start_matches(MARKS),
        _ => text,
    }
}

/// `刘工`, `张老师`, `王经理`.
fn is_called(name: &str) -> bool {
    let name = name.trim();
    name.chars().count() <= 5
        && name.chars().all(prose::is_han)
        && ["工", "老师", "经理", "先生", "女士", "工程师", "总", "主任"].iter().any(|t| name.ends_with(t) && name.len() > t.len())
}

/// Where the sentence before `at` begins, when it is one to be shown: not a greeting, not another paragraph.
pub fn before(text: &str, at: usize) -> Option<usize> {
    let above = text[..at].trim_end_matches([' ', '\t', '\u{3000}', '\n']);
    let gap = &text[above.len()..at];
    if above.is_empty() || gap.matches('\n').count() > 1 {
        return None;
    }
    let last = above.char_indices().next_back()?.0;
    let (start, end) = around(text, last, 0);
    let line = without_greeting(text.get(start..end.min(at))?.trim_start());
    let from = end.min(at) - line.len();
    let is_plain = line.trim().chars().filter(|c| c.is_alphanumeric()).count() >= 4 && !item::is_closing(line.trim());
    is_plain.then_some(from)
}
