//! Reading a vote out of a mail reply.
//!
//! Strict on purpose: a segment of the first line must be a score or a known phrase and nothing else. Whatever contradicts itself, asks,
//! counts (`1. …`) or measures (`5分钟`) is no vote; the mail is then an ordinary reply, which nobody loses.

use unicode_normalization::UnicodeNormalization;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vote {
    /// 1 (very dissatisfied) to 5 (very satisfied).
    pub score: u8,
    /// What was written beside the score, at most 2,000 characters.
    pub comment: Option<String>,
}

/// A longer first line is prose, not a vote.
const LONGEST_LINE: usize = 200;
const LONGEST_COMMENT: usize = 2_000;

/// The phrases of each score, in lower case and NFKC.
const PHRASES: &[(u8, &[&str])] = &[
    (
        5,
        &["非常满意", "很满意", "十分满意", "特别满意", "相当满意", "很好", "非常好", "very satisfied", "extremely satisfied", "excellent"],
    ),
    (4, &["满意", "比较满意", "挺满意", "satisfied", "somewhat satisfied"]),
    (3, &["一般", "一般般", "中等", "neutral", "average", "neither satisfied nor dissatisfied"]),
    (
        2,
        &[
            "不满意",
            "不太满意",
            "不够满意",
            "不是很满意",
            "不怎么满意",
            "不是满意",
            "dissatisfied",
            "unsatisfied",
            "not satisfied",
            "not very satisfied",
        ],
    ),
    (
        1,
        &[
            "非常不满意",
            "很不满意",
            "十分不满意",
            "特别不满意",
            "极不满意",
            "极其不满意",
            "很差",
            "非常差",
            "very dissatisfied",
            "extremely dissatisfied",
            "very unsatisfied",
            "not at all satisfied",
            "not satisfied at all",
        ],
    ),
];
/// Words before the score that change nothing, longest first.
const BEFORE: &[&str] = &[
    "对本次服务",
    "对此次服务",
    "对这次服务",
    "本次服务",
    "此次服务",
    "服务满意度",
    "满意度",
    "我的评分是",
    "我的评价是",
    "我选择",
    "我选",
    "评分",
    "评价",
    "打分",
    "总体",
    "整体",
    "我们",
    "我",
    "感觉",
    "觉得",
    "表示",
    "服务",
    "是",
    "i am",
    "i'm",
    "we are",
    "we're",
    "overall",
    "my rating is",
    "my score is",
    "rating",
    "score",
];
/// Segments that say nothing about the score.
const COURTESY: &[&str] = &[
    "您好",
    "你好",
    "谢谢",
    "多谢",
    "感谢",
    "谢谢您",
    "谢谢你",
    "辛苦了",
    "hello",
    "hi",
    "dear",
    "thanks",
    "thank you",
    "thank you very much",
    "dear all",
    "各位好",
];

/// The vote that a reply casts with its first line (after a line that only greets), or None when it does not say one plainly.
/// `reply_text` is what the mail adds, without quote and signature.
pub fn vote(reply_text: &str) -> Option<Vote> {
    let (line, rest) = first_line(reply_text);
    if line.chars().nth(LONGEST_LINE).is_some() || line.contains(['?', '？']) {
        return None;
    }
    let mut scores: Vec<(u8, bool)> = Vec::new();
    let mut comments: Vec<String> = Vec::new();
    for segment in segments(line) {
        let plain = plain(&segment);
        match read_score(&plain) {
            Some(found) => scores.push(found),
            None if is_courtesy(&plain) => {}
            None => comments.push(segment.trim().to_owned()),
        }
    }
    let score = agree(&scores)?;
    if comments.iter().any(|comment| contradicts(score, comment)) {
        return None;
    }
    let mut comment = comments.join("，");
    if !rest.trim().is_empty() {
        comment.push_str(if comment.is_empty() { "" } else { "\n" });
        comment.push_str(rest.trim());
    }
    let comment: String = comment.chars().take(LONGEST_COMMENT).collect();
    Some(Vote { score, comment: (!comment.is_empty()).then_some(comment) })
}

/// The first line that does more than greet (one greeting line is passed over), and what follows it.
fn first_line(text: &str) -> (&str, &str) {
    let split = |text: &'_ str| -> (usize, usize) {
        let start = text.len() - text.trim_start().len();
        (start, text[start..].find(['\n', '\r']).map_or(text.len(), |end| start + end))
    };
    let (start, end) = split(text);
    let greets = end - start <= LONGEST_LINE && segments(&text[start..end]).iter().all(|segment| is_courtesy(&plain(segment)));
    let text = if greets { &text[end..] } else { text };
    let (start, end) = split(text);
    (&text[start..end], &text[end..])
}

fn is_courtesy(plain: &str) -> bool {
    plain.is_empty() || COURTESY.contains(&plain)
}

/// Cuts at punctuation that ends a thought, and at dashes. Not at `.`, `、` and `)` after a digit: those make numbers and lists.
fn segments(line: &str) -> Vec<String> {
    let line = line.replace(" - ", "，");
    line.split([',', '，', ';', '；', '!', '！', '。', '~', '～', '—', '–']).map(str::to_owned).collect()
}

/// Lower case, NFKC, single spaces, without emphasis around it and words that change nothing.
fn plain(segment: &str) -> String {
    let folded: String = segment.nfkc().flat_map(char::to_lowercase).collect();
    let words: Vec<&str> = folded.split_whitespace().collect();
    let joined = words.join(" ").replace('\u{2019}', "'");
    let mut text = joined.trim_matches(['*', '"', '\'', '“', '”', ' ', '【', '】', '[', ']', ':']);
    text = text.trim_end_matches('.').trim_end();
    while let Some(shorter) = BEFORE.iter().find_map(|word| text.strip_prefix(word)) {
        let next = shorter.trim_start_matches([':', ' ']);
        // "satisfaction" of `满意度` must not leave `满意` behind, and an English word ends at a blank.
        if next.is_empty() || (shorter.starts_with(|c: char| c.is_ascii_alphabetic()) && text.is_ascii()) {
            break;
        }
        text = next;
    }
    text.to_owned()
}

/// A score and whether it was a digit.
fn read_score(plain: &str) -> Option<(u8, bool)> {
    let digits = plain.len() - plain.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    if digits == 1 {
        let unit = plain[1..].trim();
        let known = matches!(unit, "" | "分" | "星" | "颗星" | "/5" | "/ 5" | "star" | "stars" | "point" | "points" | "out of 5");
        let score = plain.as_bytes()[0] - b'0';
        // `5分 非常满意`: the unit, a blank, a phrase.
        let tail = ["分 ", "星 ", " "].iter().find_map(|unit| plain[1..].strip_prefix(unit)).and_then(phrase);
        let fits = known || tail.is_some_and(|tail| tail.abs_diff(score) <= 1);
        return ((1..=5).contains(&score) && fits).then_some((score, true));
    }
    phrase(plain).map(|score| (score, false))
}

fn phrase(plain: &str) -> Option<u8> {
    let plain = plain.trim_end_matches(['了', '的', '啊', '哦']);
    PHRASES.iter().find(|(_, phrases)| phrases.contains(&plain)).map(|(score, _)| *score)
}

/// The one score that all segments mean; a digit is more exact than a phrase beside it.
fn agree(scores: &[(u8, bool)]) -> Option<u8> {
    let (score, _) = scores.iter().find(|(_, digit)| *digit).or(scores.first())?;
    let same = |(other, digit): &(u8, bool)| other == score || (!digit && other.abs_diff(*score) <= 1 && (*other > 3) == (*score > 3));
    scores.iter().all(same).then_some(*score)
}

/// Whether the words beside a score say the opposite, or name another score.
fn contradicts(score: u8, comment: &str) -> bool {
    let text: String = comment.nfkc().flat_map(char::to_lowercase).collect();
    let unhappy = ["不满", "不太满意", "不够满意", "不是很满意", "没有满意", "dissatisf", "unsatisf", "not satisf", "not very satisf"]
        .iter()
        .any(|word| text.contains(word));
    let happy = !unhappy && (text.contains("满意") || text.contains("satisf"));
    let other_score = text.char_indices().any(|(i, c)| c.is_ascii_digit() && text[i + 1..].trim_start().starts_with(['分', '星']));
    other_score || (unhappy && score > 2) || (happy && score < 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Text, score, comment.
    const VOTES: &[(&str, u8, Option<&str>)] = &[
        ("5", 5, None),
        ("５分", 5, None),
        ("5 分。", 5, None),
        ("4星", 4, None),
        ("3/5", 3, None),
        ("评分：5", 5, None),
        ("满意度：4分", 4, None),
        ("非常满意", 5, None),
        ("您好，非常满意，谢谢！", 5, None),
        ("满意", 4, None),
        ("对本次服务满意。", 4, None),
        ("一般", 3, None),
        ("不满意", 2, None),
        ("不是很满意", 2, None),
        ("非常不满意！", 1, None),
        ("Very satisfied", 5, None),
        ("I am very satisfied. ", 5, None),
        ("I’m not satisfied", 2, None),
        ("Satisfied, thanks", 4, None),
        ("very dissatisfied", 1, None),
        ("5分，非常满意", 5, None),
        ("5分 非常满意", 5, None),
        ("5分，满意", 5, None),
        ("满意，但是回复有点慢", 4, Some("但是回复有点慢")),
        ("4\n\n工程师很耐心。\n", 4, Some("工程师很耐心。")),
        ("\n\n5\n", 5, None),
        ("2，等了三天", 2, Some("等了三天")),
        ("5 - fast and friendly", 5, Some("fast and friendly")),
        ("您好：\n\n5分\n谢谢", 5, Some("谢谢")),
        ("Hi,\n4\n", 4, None),
    ];

    const NO_VOTES: &[&str] = &[
        "您好：\n谢谢！\n5分",
        "4 - 5",
        "您好：",
        "2，总体还算满意",
        "5分，态度4分",
        "5分，什么时候能解决？",
        "1 非常满意",
        "5分 不满意",
        "3分，满意",
        "",
        "谢谢",
        "好的，收到",
        "0",
        "6分",
        "10",
        "4.5分",
        "4-5分",
        "5/10",
        "5分钟之前又出现了",
        "5 computers still fail",
        "1. 这几个补丁有没有问题",
        "1、更新失败",
        "5分还是4分",
        "5分，4分",
        "5，但是我不满意",
        "1，非常满意",
        "满意，不满意",
        "不能说不满意",
        "并非不满意",
        "是否满意？",
        "满意度",
        "谈不上满意",
        "not dissatisfied",
        "not bad",
        "我们还没有解决，谈满意太早\n5",
    ];

    #[test]
    fn votes() {
        for (text, score, comment) in VOTES {
            assert_eq!(vote(text), Some(Vote { score: *score, comment: comment.map(str::to_owned) }), "{text:?}");
        }
    }

    #[test]
    fn no_votes() {
        for text in NO_VOTES {
            assert_eq!(vote(text), None, "{text:?}");
        }
    }

    #[test]
    fn every_label_is_understood() {
        for score in 1..=5 {
            for language in crate::case::Language::ALL {
                let label = super::super::score_label(score, *language);
                assert_eq!(vote(label).map(|vote| vote.score), Some(score), "{label}");
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn total_and_bounded(text in "\\PC{0,300}", tail in "(?s).{0,3000}") {
            if let Some(vote) = vote(&format!("{text}\n{tail}")) {
                assert!((1..=5).contains(&vote.score));
                assert!(vote.comment.is_none_or(|c| c.chars().count() <= LONGEST_COMMENT));
            }
        }
    }
}
