//! Lines that begin a quoted or forwarded mail, for every client of the field (Outlook, QQ, NetEase, Coremail, Foxmail, Gmail,
//! Thunderbird, iOS, Aliyun, Notes) in Chinese and English.
//!
//! Three shapes: a separator line, a wrapped attribution that ends in 写道/wrote, and a block of two or more header labels.
//! A single label in prose (`主题：`) is none.

use regex::Regex;
use std::sync::LazyLock;

/// How a quote begins, and how many lines belong to its head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// `-----原始邮件-----` or a bare block of labels.
    Original(usize),
    /// `在 … 写道：`
    Attribution(usize),
    /// `---------- Forwarded message ---------`
    Forwarded(usize),
}

fn regex(text: &str) -> Regex {
    Regex::new(text).expect("constant")
}

static SEPARATOR: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)^[-—_=*\s]*[-—_=*]{2,}\s*(?:original(?:\s+(?:message|email|mail))?|原始邮件|原始郵件|邮件原件|郵件原件|原邮件|原郵件|原始訊息|原始消息|回复的原邮件|回覆的原郵件|回复的邮件|replied message|reply message|ursprüngliche nachricht|message d'origine)\s*[-—_=*]{2,}[-—_=*\s]*$",
    )
});
static FORWARDED: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)^[-—_=*\s]*(?:[-—_=*]{2,}\s*(?:forwarded (?:message|mail|email)|forwarded by .+|转发的?原?邮件(?:信息)?|轉寄的?郵件|轉寄郵件|转发邮件信息|转发人.+)\s*[-—_=*]{2,}|begin forwarded message[:：]|开始转发的邮件[:：]|開始轉寄郵件[:：])[-—_=*\s]*$",
    )
});
static LABEL: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)^[\s|*_]*(?:(发\s*件\s*人|寄\s*件\s*[者人]|發\s*件\s*人|from|von|差出人)|(发送时间|发送日期|日\s*期|时\s*间|寄件日期|傳送時間|发件时间|收\s*件\s*[人者]|抄\s*送|副\s*本|密送|主\s*题|主\s*旨|主\s*題|标\s*题|回复至|重要性|附件|sent|date|to|cc|bcc|subject|reply-to|importance|attachments?|gesendet|an|betreff|送信日時|宛先|件名))[\s*_]*(?:([:：])|\||\s|$)",
    )
});
static ATTRIBUTION_END: LazyLock<Regex> =
    LazyLock::new(|| regex(r"(?i)(?:写道|寫道|写到|寫到|的邮件|wrote|writes|schrieb|a écrit)\s*[:：]?\s*$"));
static ATTRIBUTION: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)^[*_\s]*(?:在|于|於|on|at|am|le)?\s?.*(?:\d{1,4}\s?[年/.\-]\s?\d{1,2}|\d{1,2}:\d{2}|\d{1,2},? \d{4}|[^\s@]@[^\s@]).*(?:写道|寫道|写到|寫到|wrote|writes|schrieb|a écrit)\s*[:：]\s*$",
    )
});

/// Which lines can matter at all; computed once for a text so that most texts skip the expensive tests.
#[derive(Debug, Clone, Copy)]
pub struct Hints {
    attribution: bool,
    labels: bool,
}

pub fn hints(text: &str) -> Hints {
    let has = |words: &[&str]| words.iter().any(|w| text.contains(w));
    Hints {
        attribution: has(&["写道", "寫道", "写到", "寫到", "wrote", "writes", "schrieb", "écrit"]),
        labels: has(&["件人", "件者", "件 人", "From", "from", "FROM", "差出人", "Von", "件　人"]),
    }
}

/// What begins at line `at`, if anything.
pub fn start(lines: &[&str], at: usize, hints: Hints) -> Option<Start> {
    let line = lines[at].trim();
    if line.is_empty() || line.len() > 2000 {
        return None;
    }
    let first = line.chars().next()?;
    if matches!(first, '-' | '—' | '_' | '=' | '*' | 'b' | 'B' | '开' | '開')
        && let Some(found) = separator(lines, at, line, hints)
    {
        return Some(found);
    }
    if hints.labels
        && let Some(len) = labels(lines, at, false)
    {
        return Some(Start::Original(len));
    }
    if hints.attribution { attribution(lines, at).map(Start::Attribution) } else { None }
}

fn separator(lines: &[&str], at: usize, line: &str, hints: Hints) -> Option<Start> {
    let flat: String = line.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
    if FORWARDED.is_match(&flat) {
        let skip = skip_blank(lines, at + 1, 2);
        return Some(Start::Forwarded(skip - at + labels(lines, skip, true).unwrap_or(0)));
    }
    if SEPARATOR.is_match(&flat) {
        let skip = skip_blank(lines, at + 1, 2);
        let block = labels(lines, skip, true).unwrap_or(0);
        return Some(Start::Original(skip - at + block));
    }
    let is_rule = line.len() >= 8 && line.chars().all(|c| matches!(c, '-' | '_' | '—' | '='));
    if is_rule {
        let skip = skip_blank(lines, at + 1, 2);
        if let Some(block) = hints.labels.then(|| labels(lines, skip, false)).flatten() {
            return Some(Start::Original(skip - at + block));
        }
        // Foxmail text: 14 hyphens, the sender's name, then `>` lines.
        let quoted = |n: usize| lines.get(n).is_some_and(|l| l.starts_with('>'));
        let name = lines.get(at + 1).is_some_and(|l| !l.trim().is_empty() && l.chars().count() < 60);
        if name && (quoted(at + 2) || (lines.get(at + 2).is_some_and(|l| l.trim().is_empty()) && quoted(at + 3))) {
            return Some(Start::Attribution(2));
        }
    }
    None
}

fn skip_blank(lines: &[&str], from: usize, most: usize) -> usize {
    let blanks = lines.iter().skip(from).take(most).take_while(|l| l.trim().is_empty()).count();
    from + blanks
}

/// Length of a block of header labels at `at`: two or more, one of them a sender. After a separator (`marked`) labels may
/// lack the colon (NetEase) and one may do.
fn labels(lines: &[&str], at: usize, marked: bool) -> Option<usize> {
    let (mut count, mut sender, mut end, mut n) = (0usize, false, at, at);
    while n < lines.len() && n < at + 24 {
        let line = lines[n].trim_start_matches('>').trim();
        let hit = if line.len() > 4000 { None } else { LABEL.captures(line) };
        match hit {
            Some(hit) if marked || hit.get(3).is_some() || line.starts_with('|') || table_label(line) => {
                count += 1;
                sender |= hit.get(1).is_some();
                n += 1;
                end = n;
            }
            _ if count == 0 => break,
            // A blank line between labels, or the wrapped rest of a long recipient list.
            _ if line.is_empty() || line == "|" || is_rule_cell(line) => n += 1,
            _ if wrapped(line) && n == end => {
                n += 1;
                end = n;
            }
            _ => break,
        }
    }
    let enough = if marked { count >= 1 } else { count >= 2 && sender };
    enough.then_some(end - at)
}

fn table_label(line: &str) -> bool {
    line.split_once(" | ").is_some_and(|(label, _)| label.chars().count() <= 6)
}

fn is_rule_cell(line: &str) -> bool {
    line.chars().all(|c| matches!(c, '|' | '-' | ' ' | ':'))
}

fn wrapped(line: &str) -> bool {
    line.ends_with(';') || line.ends_with(',') || line.contains("@") && line.ends_with('>')
}

/// Lines of an attribution at `at`, wrapped over up to four lines.
fn attribution(lines: &[&str], at: usize) -> Option<usize> {
    let mut joined = String::new();
    for (n, line) in lines.iter().skip(at).take(4).enumerate() {
        let line = line.trim();
        if line.is_empty() || line.len() > 600 || line.starts_with('>') {
            return None;
        }
        if n > 0 {
            if !plausible_head(&joined) {
                return None;
            }
            joined.push(' ');
        }
        joined.push_str(line);
        if ATTRIBUTION_END.is_match(line) {
            return ATTRIBUTION.is_match(&joined).then_some(n + 1);
        }
        if line.ends_with(['。', '！', '？', '!', '?']) {
            return None;
        }
    }
    None
}

/// The first line of a wrapped attribution: a preposition with a date, or an address.
fn plausible_head(line: &str) -> bool {
    let lower = line.get(..3).unwrap_or("").to_ascii_lowercase();
    let begins = line.starts_with('在') || line.starts_with('于') || lower == "on " || lower == "at " || lower == "am " || lower == "le ";
    (begins && line.bytes().any(|b| b.is_ascii_digit())) || (line.contains('@') && line.contains('<')) || line.contains(" 于20")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at_first(text: &str) -> Option<Start> {
        let lines: Vec<&str> = text.lines().collect();
        start(&lines, 0, hints(text))
    }

    #[test]
    fn clients() {
        for (text, want) in [
            (
                "-----邮件原件-----\n发件人: X [mailto:a@b.example]\n发送时间: 2021年8月6日 15:49\n收件人: Y\n主题: 补丁\n\n旧",
                Some(Start::Original(5)),
            ),
            ("From: X\nSent: 2017年3月1日 17:18\nTo: Y\nSubject: 答复: z\n\nold", Some(Start::Original(4))),
            ("________________________________\n发件人: X\n发送时间: 2020\n收件人: Y\n主题: z\n", Some(Start::Original(5))),
            (
                "------------------ 原始邮件 ------------------\n发件人: \"x\"<a@b.example>;\n发送时间: 2019年7月18日 11:10\n",
                Some(Start::Original(3)),
            ),
            (
                "------------------\u{a0}Original\u{a0}------------------\nFrom:  <a@b.example>\nDate: Sun,Apr 12,2020 7:25 PM\n",
                Some(Start::Original(3)),
            ),
            ("在 2023-05-04 15:39:57，\"Yun Lu\" <a@b.example> 写道：", Some(Start::Attribution(1))),
            ("At 2023-04-29 01:06:03, \"x\" <a@b.example> wrote:", Some(Start::Attribution(1))),
            ("---- 回复的原邮件 ----\n发件人 X<a@b.example>\n日期 2023年5月4日 15:39\n收件人 Y\n主题 z\n", Some(Start::Original(5))),
            ("---- Replied Message ----\n| 发件人 | X |\n| 日期 | 2023 |\n| 主题 | z |\n", Some(Start::Original(4))),
            ("-----原始邮件-----\n发件人:\"N\" <a@b.example>\n发送时间:2021-03-11 19:05:03 (星期四)\n", Some(Start::Original(3))),
            ("--------------\n张三\n> 旧\n", Some(Start::Attribution(2))),
            ("张三 <a@b.example> 于2020年10月12日周一\n下午11:33写道：", Some(Start::Attribution(2))),
            ("在 2023/5/16 9:57, wangwudi 写道:", Some(Start::Attribution(1))),
            ("在 2020年6月29日，下午5:45，Jiang Ying <a@b.example> 写道：", Some(Start::Attribution(1))),
            ("在2025年12月26日星期五 UTC+8 13:31:25<name> 写道：", Some(Start::Attribution(1))),
            ("发件人：X\n日　期：2020年\n收件人：Y\n主　题：z\n", Some(Start::Original(4))),
            ("*发件人:* X\n*发送时间:* 2020\n", Some(Start::Original(2))),
            ("On Mon, Oct 12, 2020 at 11:33 PM Zhang San <\na@b.example> wrote:", Some(Start::Attribution(2))),
            ("---------- 转发的邮件 ---------\n发件人： X\n日期： 2020\n主题： z\n", Some(Start::Forwarded(4))),
            ("---------- Forwarded message ---------\nFrom: X\n\ntext", Some(Start::Forwarded(2))),
            ("Begin forwarded message:\n\nFrom: X\nSubject: y\n", Some(Start::Forwarded(4))),
            ("----- 转发人 张三/部门 时间 2020-10-13 10:11 -----\n", Some(Start::Forwarded(1))),
            ("主题：补丁失败", None),
            ("日期：2020-10-10\n时间：10:00\n", None),
            ("他在邮件里写道：", None),
            ("----------------", None),
            ("From the log: nothing\nsecond line", None),
        ] {
            assert_eq!(at_first(text), want, "{text}");
        }
    }
}
