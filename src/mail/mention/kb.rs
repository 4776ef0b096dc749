//! Numbers of Microsoft's updates: six or seven digits after `KB`, or seven beside a word for an update, alone or in a list.
//!
//! `KB4577668`, `kb 4577668`, `KB-4577668`, `KB编号：4577668`, `补丁4577668、4579976`, `4577668、4579976这两个补丁`, `…/help/4577668`,
//! `windows10.0-kb4577668-x64_….msu`. Not: `512 KB 4567890`, telephone, order, case and QQ numbers.

use super::{OTHER_NUMBERS, last_of, line_before};
use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

/// Numbers of the shipped catalogue: believed after 安装 and the like even without the word 补丁.
static KNOWN: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    include_str!("../../../config/data/kb.csv").lines().skip(1).filter_map(|line| line.split(',').next()?.strip_prefix("KB")).collect()
});

/// Collects the numbers of one text; the words come in order.
pub struct Reader {
    pub found: Vec<String>,
    /// Where the last number ended: more may follow in a list.
    list_end: Option<usize>,
    /// Numbers that wait for the word 补丁 behind their list, and where the last of them ended.
    waiting: Vec<Range<usize>>,
}

impl Reader {
    pub fn new() -> Reader {
        Reader { found: Vec::new(), list_end: None, waiting: Vec::new() }
    }

    /// One word of letters and digits.
    pub fn see(&mut self, text: &str, word: Range<usize>) {
        let bytes = &text.as_bytes()[word.clone()];
        let next = text.as_bytes().get(word.end);
        if bytes.len() < 6 || next == Some(&b'@') {
            return;
        }
        // `%20`, `%90`: escapes of an address.
        let escape = if text.as_bytes()[..word.start].ends_with(b"%") && bytes.len() > 8 { 2 } else { 0 };
        let bytes = &bytes[escape..];
        let start = word.start + escape;
        if bytes.len() >= 8 && bytes[..2].eq_ignore_ascii_case(b"kb") {
            self.joined(text, start, word.end);
        } else if matches!(bytes.len(), 6 | 7) && bytes.iter().all(u8::is_ascii_digit) {
            self.bare(text, start..word.end);
        }
    }

    /// `KB4577668`, `kb4577668kb4579976`, `KB4577668v2`, `kb4577668x64`.
    fn joined(&mut self, text: &str, start: usize, end: usize) {
        let word = &text[start..end];
        let count = word.bytes().skip(2).take_while(u8::is_ascii_digit).count();
        let rest = word[2 + count..].to_ascii_lowercase();
        let is_suffix = matches!(rest.as_str(), "" | "v2" | "v3" | "v4" | "x64" | "x86" | "msu" | "cab");
        if !matches!(count, 6 | 7) || !(is_suffix || rest.starts_with("kb")) {
            return;
        }
        self.add(text, start + 2..start + 2 + count);
        if rest.starts_with("kb") && rest.len() >= 8 {
            self.joined(text, start + 2 + count, end);
        }
    }

    fn bare(&mut self, text: &str, number: Range<usize>) {
        let digits = &text[number.clone()];
        let before = &text[..number.start];
        let first = digits.as_bytes()[0];
        let is_update = digits.len() == 7 && matches!(first, b'2'..=b'5');
        let is_listed = is_update && matches!(first, b'4' | b'5') && self.list_end.is_some_and(|end| is_list_gap(&text[end..number.start]));
        if self.follows_kb(before) || is_listed || is_update && (follows_update(before) || is_page(before)) {
            self.add(text, number);
            return;
        }
        if !is_update || !matches!(first, b'4' | b'5') {
            return;
        }
        if self.waiting.last().is_some_and(|last| !is_list_gap(&text[last.end..number.start])) {
            self.waiting.clear();
        }
        if self.waiting.is_empty() && is_other_number(before) {
            return;
        }
        if follows_verb(before) && KNOWN.contains(digits) {
            self.add(text, number);
            return;
        }
        let end = number.end;
        self.waiting.push(number);
        if is_followed_by_update(&text[end..]) {
            for waiting in std::mem::take(&mut self.waiting) {
                self.add(text, waiting);
            }
        }
    }

    fn add(&mut self, text: &str, number: Range<usize>) {
        self.list_end = Some(number.end);
        self.waiting.clear();
        if self.found.len() < 1000 {
            self.found.push(format!("KB{}", &text[number]));
        }
    }

    /// `KB `, `KB-`, `KB编号：`, `kbid=`; not the unit in `512 KB `.
    fn follows_kb(&self, before: &str) -> bool {
        let near = &before.as_bytes()[before.len().saturating_sub(24)..];
        if memchr::memchr2(b'b', b'B', near).is_none() {
            return false;
        }
        let head = trim_signs(before, 4);
        let head = ["编号", "号码", "号", "文章", "补丁", "更新", "id", "article", "articles", "number", "numbers", "no", "no."]
            .iter()
            .find_map(|label| ends_with(head, label))
            .map_or(head, |head| trim_signs(head, 2));
        let head = ends_with(head, "%20").unwrap_or(head);
        let Some(rest) = ends_with(head, "kb").or_else(|| ends_with(head, "kbs")) else { return false };
        if rest.ends_with(|c: char| c.is_ascii_alphanumeric()) {
            return false;
        }
        let amount = rest.trim_end_matches(' ');
        let is_unit = amount.ends_with(|c: char| c.is_ascii_digit()) && self.list_end != Some(amount.len());
        !is_unit || head.len() == before.len()
    }
}

/// Case does not matter to ASCII letters; the part before the ending.
fn ends_with<'a>(text: &'a str, ending: &str) -> Option<&'a str> {
    let at = text.len().checked_sub(ending.len()).filter(|at| text.is_char_boundary(*at))?;
    text[at..].eq_ignore_ascii_case(ending).then(|| &text[..at])
}

/// Without at most `most` blanks and signs at the end.
fn trim_signs(text: &str, most: usize) -> &str {
    let sign = |c: char| {
        c.is_whitespace()
            || matches!(
                c,
                ':' | '：' | '#' | '-' | '_' | '–' | '—' | '/' | '(' | '（' | '[' | '【' | '=' | '"' | '“' | '\'' | '「' | '*' | '.'
            )
    };
    let mut end = text.len();
    for c in text.chars().rev().take(most).take_while(|c| sign(*c)) {
        end -= c.len_utf8();
    }
    &text[..end]
}

const UPDATES: &[&str] = &[
    "补丁",
    "补丁包",
    "补丁程序",
    "更新",
    "更新包",
    "更新程序",
    "修补程序",
    "累积更新",
    "修補程式",
    "補丁",
    "hotfix",
    "hotfixes",
    "patch",
    "patches",
    "update",
    "updates",
    "rollup",
];

/// `补丁4577668`, `补丁编号为：4577668`, `update (4577668)`.
fn follows_update(before: &str) -> bool {
    let mut head = trim_signs(before, 3);
    if is_update_word(head) {
        return true;
    }
    for labels in [&["为", "是", "有", "：", "的", "包括", "了"][..], &["编号", "号码", "号", "id", "number", "no.", "no", "包"][..]]
    {
        let found = labels.iter().find_map(|label| ends_with(head, label));
        head = found.map_or(head, |head| trim_signs(head, 2));
    }
    is_update_word(head)
}

fn is_update_word(head: &str) -> bool {
    let stands = |word: &str, rest: &str| !word.is_ascii() || !rest.ends_with(|c: char| c.is_ascii_alphanumeric());
    UPDATES.iter().any(|word| ends_with(head, word).is_some_and(|rest| stands(word, rest)))
}

/// An address of Microsoft's support pages: `/help/4577668`, the catalogue's `?q=4577668`.
fn is_page(before: &str) -> bool {
    let near = &before[before.floor_char_boundary(before.len().saturating_sub(80))..];
    let address = near.rsplit(char::is_whitespace).next().unwrap_or(near).to_ascii_lowercase();
    address.ends_with("/help/") || address.ends_with("q=") && address.contains("catalog")
}

fn follows_verb(before: &str) -> bool {
    let head = trim_signs(before, 1);
    [
        "安装",
        "卸载",
        "安装了",
        "卸载了",
        "打了",
        "打上",
        "装了",
        "推送",
        "推送了",
        "install",
        "installed",
        "installing",
        "uninstall",
        "uninstalled",
        "remove",
        "removed",
    ]
    .iter()
    .any(|verb| ends_with(head, verb).is_some())
}

/// The words before say that the number is something else.
fn is_other_number(before: &str) -> bool {
    let near = line_before(before, before.len(), 36).to_lowercase();
    last_of(&near, OTHER_NUMBERS).is_some()
}

/// `、`, ` and `, `, `, `和`, `-`, a line end: between two numbers of one list.
fn is_list_gap(gap: &str) -> bool {
    if gap.len() > 16 {
        return false;
    }
    let sign = |c: char| {
        c.is_whitespace()
            || matches!(
                c,
                '、' | ',' | '，' | '/' | ';' | '；' | '&' | '+' | '~' | '～' | '-' | '–' | '—' | '和' | '及' | '与' | '跟' | '到' | '至'
            )
    };
    let words = ["以及", "还有", "and", "or", "to", "或"];
    let bare = words.iter().fold(gap.to_string(), |gap, word| gap.replacen(word, "", 1));
    bare.chars().all(sign) && gap.matches('\n').count() < 2 && !gap.is_empty()
}

/// `补丁`, `号补丁`, `这两个补丁`, `的更新`, ` update`.
fn is_followed_by_update(after: &str) -> bool {
    let mut rest = after.trim_start_matches([' ', '"', '”', ')', '）', '」']);
    for word in ["号", "这", "那", "的", "等", "两", "三", "几", "些", "个", "个", "款", "安全", "累积", "security ", "cumulative "]
    {
        rest = rest.strip_prefix(word).unwrap_or(rest).trim_start_matches(' ');
    }
    after.len() - rest.len() <= 24
        && ["补丁", "更新", "修补程序", "補丁", "update", "patch", "hotfix"].iter().any(|word| rest.starts_with(word))
}
