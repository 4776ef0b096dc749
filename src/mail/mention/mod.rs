//! Facts named in text: KB numbers, error codes, builds, products. Spelling as customers write them, result canonical.
//!
//! Seen in practice: `kb 4577668`, `KB-4577668`, `补丁4577668`, `800f0922`, `-2146498270`, full-width digits, and no blank between a Chinese
//! word and the number, so word boundaries here are ASCII ones. Numbers are read in one pass over the words that hold a digit; each kind says in its
//! own file what it believes. Products are data (`config/data/products.csv`).

mod build;
mod code;
mod kb;
mod product;

use super::subject::narrow;
use super::{Mentions, Segment, SegmentKind};
use std::ops::Range;

/// Facts listed of each kind, at most.
const MOST: usize = 200;

/// Facts of the subject and of all segments, and those of what the mail adds (subject, `new` and `forwarded` segments).
pub fn of_segments(subject: &str, segments: &[Segment]) -> (Mentions, Mentions) {
    let named = mentions(&[subject]);
    let (mut all, mut added) = (named.clone(), named);
    let is_added = |segment: &Segment| matches!(segment.kind, SegmentKind::New | SegmentKind::Forwarded);
    let all_added = segments.iter().all(is_added);
    for segment in segments {
        let found = mentions(&[&segment.text]);
        if !all_added && is_added(segment) {
            merge(&mut added, &found);
        }
        merge(&mut all, &found);
    }
    if all_added {
        added = all.clone();
    }
    (all, added)
}

/// Facts of the given texts, in order.
pub fn mentions(texts: &[&str]) -> Mentions {
    let mut found = Mentions::default();
    for text in texts {
        let text = narrow(text);
        let mut products = product::Reader::new();
        let (kb, error_codes, builds, branches) = numbers(&text, |at| products.see(&text, at));
        let mut products = products.found;
        build::add_products(&branches, &builds, &mut products);
        merge(&mut found, &Mentions { kb, error_codes, builds, products });
    }
    found
}

/// Whether a line names a KB, an error code or a build: then it is content, not the name line of a signature.
pub fn names_fact(line: &str) -> bool {
    line.bytes().any(|b| b.is_ascii_digit()) && {
        let (kb, codes, builds, _) = numbers(&narrow(line), |_| {});
        !kb.is_empty() || !codes.is_empty() || !builds.is_empty()
    }
}

/// The first error code of a line, canonical.
pub fn first_code(line: &str) -> Option<String> {
    let line = narrow(line);
    let (mut codes, mut at) = (code::Reader::new(), 0);
    while let Some(word) = next_number_word(line.as_bytes(), at) {
        at = word.end;
        codes.see(&line, word);
    }
    codes.finish(&line).into_iter().next()
}

fn merge(into: &mut Mentions, found: &Mentions) {
    for (list, more) in [
        (&mut into.kb, &found.kb),
        (&mut into.error_codes, &found.error_codes),
        (&mut into.builds, &found.builds),
        (&mut into.products, &found.products),
    ] {
        for item in more {
            if list.len() < MOST && !list.contains(item) {
                list.push(item.clone());
            }
        }
    }
}

/// KB numbers, error codes, builds, and branches without a revision, of a narrow text. One pass: `name` is asked wherever a name may begin, at each
/// ASCII word and each character of three bytes.
fn numbers(text: &str, mut name: impl FnMut(usize)) -> (Vec<String>, Vec<String>, Vec<String>, Vec<u32>) {
    let (mut kbs, mut codes, mut builds) = (kb::Reader::new(), code::Reader::new(), build::Reader::default());
    let (bytes, mut at) = (text.as_bytes(), 0);
    while let Some(first) = bytes.get(at) {
        match CLASS[usize::from(*first)] {
            0 => at += 1,
            WIDE => {
                name(at);
                at += 3;
            }
            _ => {
                name(at);
                let (mut class, mut end) = (0, at);
                while let Some(more @ (LETTER | DIGIT)) = bytes.get(end).map(|b| CLASS[usize::from(*b)]) {
                    class |= more;
                    end += 1;
                }
                // Most numbers are times and counts.
                if class & DIGIT != 0 && end - at >= 3 {
                    kbs.see(text, at..end);
                    codes.see(text, at..end);
                    builds.see(text, at..end);
                }
                at = end;
            }
        }
    }
    (kbs.found, codes.finish(text), builds.found, builds.branches)
}

const LETTER: u8 = 1;
const DIGIT: u8 = 2;
/// The first byte of a character of three or four bytes; what follows it is no letter.
const WIDE: u8 = 4;

/// What a byte is to the words of a text.
const CLASS: [u8; 256] = {
    let (mut table, mut byte) = ([0; 256], 0);
    while byte < 256 {
        table[byte] = match byte as u8 {
            b'0'..=b'9' => DIGIT,
            b'a'..=b'z' | b'A'..=b'Z' => LETTER,
            0xE0.. => WIDE,
            _ => 0,
        };
        byte += 1;
    }
    table
};

/// The next run of ASCII letters and digits that holds a digit and begins at or after `from`.
fn next_number_word(bytes: &[u8], from: usize) -> Option<Range<usize>> {
    let digit = next_digit(bytes, from)?;
    let start = digit - bytes[from..digit].iter().rev().take_while(|b| b.is_ascii_alphanumeric()).count();
    let end = digit + bytes[digit..].iter().take_while(|b| b.is_ascii_alphanumeric()).count();
    Some(start..end)
}

/// Digits stand close together or not at all: a few bytes one by one, then blocks without a digit are skipped whole (a loop without a branch, so
/// vector code).
fn next_digit(bytes: &[u8], from: usize) -> Option<usize> {
    let near = &bytes[from..bytes.len().min(from + 12)];
    if let Some(n) = near.iter().position(u8::is_ascii_digit) {
        return Some(from + n);
    }
    let mut at = from + near.len();
    for block in bytes[at..].chunks(32) {
        if block.iter().fold(false, |any, b| any | b.is_ascii_digit()) {
            return block.iter().position(u8::is_ascii_digit).map(|n| at + n);
        }
        at += block.len();
    }
    None
}

/// The part of the line before `at`, at most `reach` bytes.
fn line_before(text: &str, at: usize, reach: usize) -> &str {
    let near = &text[text.floor_char_boundary(at.saturating_sub(reach))..at];
    near.rsplit('\n').next().unwrap_or(near)
}

/// The place behind the last of `words` in a lower-case text.
fn last_of(text: &str, words: &[&str]) -> Option<usize> {
    words.iter().filter_map(|word| text.rfind(word).map(|at| at + word.len())).max()
}

/// Words before a number that is a telephone's, an order's, a person's.
const OTHER_NUMBERS: &[&str] = &[
    "电话",
    "電話",
    "手机",
    "座机",
    "热线",
    "传真",
    "tel",
    "phone",
    "mobile",
    "fax",
    "qq",
    "微信",
    "wechat",
    "订单",
    "訂單",
    "单号",
    "工号",
    "学号",
    "流水号",
    "案例号",
    "序列号",
    "serial",
    "资产",
    "邮编",
    "金额",
    "合同",
    "order",
    "invoice",
    "account",
    "账号",
    "帐号",
    "卡号",
    "身份证",
    "分机",
    "内线",
    "门禁",
    "房间",
    "楼",
];

#[cfg(test)]
mod tests;
