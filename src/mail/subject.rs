//! The grammar of a subject: prefixes, gateway tags, case numbers, ` % ` stages, tracking token; what is left is the title.
//!
//! Accepted in any order and width: `回复: Re：转发: [外部邮件] [案例号: CAS-03160-B3H1K7 ] % title % 初次响应 CMIT:0001617`.
//! Surprising: Outlook zh-CN stacks `答复: 答复: `, QQ writes the full-width colon, and both may stand inside the brackets' way.

use super::{Settings, Subject};
use crate::case::Stage;
use regex::Regex;
use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

fn regex(text: &str) -> Regex {
    Regex::new(text).expect("constant")
}

static REPLY: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)^\s*(?:re|回复|答复|回覆|答覆|回應|回应|回信|aw|antw|sv|vs|res|rif|odp|ynt|odg|返信|회신|답장|답신)\s*(?:[\[(（]\s*\d{1,3}\s*[\])）]|\^\d{1,3})?\s*[:：]",
    )
});
static FORWARD: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"(?i)^\s*(?:fwd?|转发|轉寄|轉發|转寄|wg|tr|rv|enc|vl|pd|i̇lt|ilt|転送|전달)\s*(?:[\[(（]\s*\d{1,3}\s*[\])）])?\s*[:：]")
});
static AUTOMATIC: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)^\s*(?:自动回复|自动答复|自動回覆|自動回復|auto(?:matic)?[ -]?(?:reply|response)|out of (?:the )?office|撤回|recall|已接受|已拒绝|已取消|accepted|declined|canceled|已读|已讀|read|未送达|undeliverable)\s*[:：]",
    )
});
static GATEWAY: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)\[\s*(?:external(?:\s+(?:mail|email|sender))?|ext|外部邮件|外部|外來郵件|spam|可疑邮件|垃圾邮件|suspected spam)\s*\]|【\s*(?:外部邮件|外部|可疑邮件|垃圾邮件)\s*】|\*{2,5}\s*spam\s*\*{2,5}|\[\s*(?:警告|注意|提醒)[:：][^\]]*\]|【\s*请?注意[，,:：]?[^】]*】|\[ ?ref:[^\]]+:ref ?\]|<<#[\d-]{3,60}>>|\bSR:\d{6,12}\b",
    )
});
static CASE_BRACKET: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"(?i)[\[【(（]\s*(?:案例号|案例編號|案例编号|工单号|case\s*(?:number|no\.?|id|#)?)\s*[:：#]?\s*[^\]】)）]{0,60}[\]】)）]")
});
static CASE_NUMBER: LazyLock<Regex> =
    LazyLock::new(|| regex(r"(?i)([A-Z]{2,3})\s?[-‐‑–—]?\s?(\d{4,7})\s?[-‐‑–—]?\s?([A-Z]\d[A-Z]\d(?:[A-Z]\d?)?)"));
static BARE_LABEL: LazyLock<Regex> = LazyLock::new(|| regex(r"(?i)(?:案例号|案例编号|工单号|case\s*(?:number|no\.?|id))\s*[:：#]\s*"));
static EMPTY_BRACKET: LazyLock<Regex> = LazyLock::new(|| regex(r"[\[【(（]\s*[\]】)）]"));
static ANY_TOKEN: LazyLock<Regex> = LazyLock::new(|| regex(r"(?:^|[\s%\]】])([A-Za-z]{1,19}:)\s?(\d{3,20})\s*$"));

/// Reads a decoded subject.
pub fn parse(text: &str, settings: &Settings) -> Subject {
    let narrow = narrow(text);
    let mut subject = Subject { text: text.to_string(), ..Subject::default() };
    subject.case_numbers = case_numbers(&narrow);
    let mut rest = strip_tags(&narrow);
    rest = strip_prefixes(rest, &mut subject);
    (rest, subject.tracking_token) = take_token(&rest, settings);
    let title = take_stage(&rest, settings, &mut subject);
    subject.base = tidy(&strip_prefixes(title, &mut subject));
    subject
}

/// Whether the outermost prefix is a forward: the mail hands something on rather than answers.
pub fn is_outermost_forward(text: &str) -> bool {
    FORWARD.is_match(&strip_tags(&narrow(text)))
}

/// Full-width letters, digits, hyphens and blanks to ASCII; Chinese punctuation stays.
pub fn narrow(text: &str) -> Cow<'_, str> {
    let wide =
        |c: char| matches!(c, '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' | '－' | '\u{3000}' | '\u{a0}' | '％' | '．' | '＿' | '［' | '］');
    if !may_be_wide(text.as_bytes()) || !text.contains(wide) {
        return Cow::Borrowed(text);
    }
    let map = |c: char| match c {
        '\u{3000}' | '\u{a0}' => ' ',
        c if wide(c) => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        c => c,
    };
    Cow::Owned(text.chars().map(map).collect())
}

/// Whether the bytes hold the UTF-8 of a full-width letter, digit, sign or blank; Chinese commas share the lead byte.
fn may_be_wide(bytes: &[u8]) -> bool {
    bytes.iter().enumerate().any(|(at, lead)| match (lead, bytes.get(at + 1), bytes.get(at + 2)) {
        (0xEF, Some(0xBC), Some(last)) => matches!(last, 0x85 | 0x8D | 0x8E | 0x90..=0x99 | 0xA1..=0xBB | 0xBD | 0xBF),
        (0xEF, Some(0xBD), Some(last)) => matches!(last, 0x81..=0x9A),
        (0xE3, Some(0x80), Some(0x80)) | (0xC2, Some(0xA0), _) => true,
        _ => false,
    })
}

fn strip_tags(text: &str) -> String {
    let mut rest = text.to_string();
    if rest.contains(['[', '【', '*', '<', ':']) {
        rest = GATEWAY.replace_all(&rest, " ").into_owned();
    }
    if rest.contains(['[', '【', '(', '（']) {
        rest = CASE_BRACKET.replace_all(&rest, " ").into_owned();
    }
    rest
}

fn strip_prefixes(mut rest: String, subject: &mut Subject) -> String {
    loop {
        let trimmed = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '%').to_string();
        if let Some(found) = REPLY.find(&trimmed) {
            subject.is_reply = true;
            rest = trimmed[found.end()..].to_string();
        } else if let Some(found) = FORWARD.find(&trimmed) {
            subject.is_forward = true;
            rest = trimmed[found.end()..].to_string();
        } else if let Some(found) = AUTOMATIC.find(&trimmed) {
            rest = trimmed[found.end()..].to_string();
        } else {
            return trimmed;
        }
    }
}

/// Case numbers in the canonical form, in order, without doubles.
pub fn case_numbers(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for (_, number) in numbers_at(&narrow(text)) {
        if !found.contains(&number) && found.len() < 20 {
            found.push(number);
        }
    }
    found
}

/// Places and canonical forms of case numbers in a narrow text.
fn numbers_at(text: &str) -> Vec<(Range<usize>, String)> {
    let (mut found, mut at) = (Vec::new(), 0);
    while let Some(hit) = CASE_NUMBER.captures_at(text, at) {
        let whole = hit.get(0).map_or(at..at, |m| m.range());
        let before = text[..whole.start].chars().next_back();
        let after = text[whole.end..].chars().next();
        let is_free = |c: Option<char>| c.is_none_or(|c| !c.is_ascii_alphanumeric());
        // `KB 4577668 …` is an update.
        if is_free(before) && is_free(after) && !hit[1].eq_ignore_ascii_case("kb") {
            at = whole.end;
            found.push((whole, format!("{}-{}-{}", &hit[1], &hit[2], &hit[3]).to_ascii_uppercase()));
        } else {
            at = whole.start + 1;
        }
    }
    found
}

fn take_token(rest: &str, settings: &Settings) -> (String, Option<String>) {
    let rest = rest.trim_end();
    if settings.token_prefixes.is_empty() {
        let named =
            |hit: &regex::Captures<'_>| ["kb:", "error:", "code:", "event:", "port:", "id:"].iter().any(|w| hit[1].eq_ignore_ascii_case(w));
        if let Some(hit) = ANY_TOKEN.captures(rest).filter(|hit| !named(hit)) {
            let start = hit.get(1).map_or(0, |m| m.start());
            return (rest[..start].to_string(), Some(format!("{}{}", hit[1].to_ascii_uppercase(), &hit[2])));
        }
        return (rest.to_string(), None);
    }
    let digits = rest.len() - rest.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let head = rest[..rest.len() - digits].trim_end();
    for prefix in &settings.token_prefixes {
        let Some(start) = head.len().checked_sub(prefix.len()) else { continue };
        if (3..=20).contains(&digits) && head.is_char_boundary(start) && head[start..].eq_ignore_ascii_case(prefix) {
            return (head[..start].to_string(), Some(format!("{prefix}{}", &rest[rest.len() - digits..])));
        }
    }
    (rest.to_string(), None)
}

/// Words of the stages as the desk writes them in subjects.
const STAGES: &[(&str, Stage)] = &[
    ("初次响应", Stage::InitialResponse),
    ("首次响应", Stage::InitialResponse),
    ("initial response", Stage::InitialResponse),
    ("进展更新", Stage::Progress),
    ("后续跟进", Stage::Progress),
    ("进展", Stage::Progress),
    ("progress update", Stage::Progress),
    ("提醒", Stage::Reminder),
    ("reminder", Stage::Reminder),
    ("问题归档", Stage::Closure),
    ("案例归档", Stage::Closure),
    ("归档", Stage::Closure),
    ("closure", Stage::Closure),
    ("case closure", Stage::Closure),
    ("满意度调查", Stage::Survey),
    ("survey", Stage::Survey),
    ("satisfaction survey", Stage::Survey),
];

fn stage_of(word: &str, settings: &Settings) -> Option<Stage> {
    let word = word.trim().to_lowercase();
    let own = settings.stage_words.iter().find(|(w, _)| w.trim().to_lowercase() == word).map(|(_, s)| *s);
    own.or_else(|| STAGES.iter().find(|(w, _)| *w == word).map(|(_, s)| *s))
}

/// Removes a trailing stage: the last field between ` % `, or the whole field when it is a stage.
fn take_stage(rest: &str, settings: &Settings, subject: &mut Subject) -> String {
    if let Some((head, last)) = rest.rsplit_once('%')
        && let Some(stage) = stage_of(last, settings)
        && !head.trim().is_empty()
    {
        subject.stage = Some(stage);
        return without_separators(head).to_string();
    }
    let padded = format!(" {rest} ");
    let fields: Vec<&str> = padded.split(" % ").map(str::trim).filter(|f| !f.is_empty()).collect();
    fields.join(" % ")
}

fn tidy(title: &str) -> String {
    let mut without_numbers = title.to_string();
    for (place, _) in numbers_at(title).into_iter().rev() {
        without_numbers.replace_range(place, " ");
    }
    if without_numbers.len() != title.len() {
        without_numbers = EMPTY_BRACKET.replace_all(&without_numbers, " ").into_owned();
        without_numbers = BARE_LABEL.replace_all(&without_numbers, " ").into_owned();
    }
    let words: Vec<&str> = without_numbers.split_whitespace().collect();
    without_separators(&words.join(" ")).to_string()
}

/// Without the `%` at both ends that separate fields; that of `99%` belongs to the words.
fn without_separators(text: &str) -> &str {
    let mut text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '%').trim_end();
    while let Some(rest) = text.strip_suffix('%').filter(|r| !r.ends_with(|c: char| c.is_ascii_digit())) {
        text = rest.trim_end();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_desks_own_subject() {
        let s = parse(
            "回复: [案例号: CAS-03160-B3H1K7 ] % 兴业客户反馈领导更新补丁时出现回滚现象 % 初次响应 CMIT:0001617",
            &Settings::default(),
        );
        assert_eq!(s.base, "兴业客户反馈领导更新补丁时出现回滚现象");
        assert_eq!(s.case_numbers, ["CAS-03160-B3H1K7"]);
        assert_eq!(s.tracking_token.as_deref(), Some("CMIT:0001617"));
        assert_eq!((s.stage, s.is_reply, s.is_forward), (Some(Stage::InitialResponse), true, false));
    }

    #[test]
    fn bases() {
        for (text, base, number, token) in [
            ("答复: 答复: Re: 转发：开机蓝屏", "开机蓝屏", "", ""),
            ("RE[2]: Fw(3)：AW: x", "x", "", ""),
            ("Re:Re:补丁", "补丁", "", ""),
            ("[External Mail] 回复：[外部邮件] 补丁失败", "补丁失败", "", ""),
            ("***SPAM*** Re: 激活", "激活", "", ""),
            ("补丁失败【请注意，邮件由zhang@mail.example代发】", "补丁失败", "", ""),
            ("回复: [案例号: cas-03160-b3h1k7] % 回滚 % 归档", "回滚", "CAS-03160-B3H1K7", ""),
            ("回复：［案例号：ＣＡＳ－０３１６０－Ｂ３Ｈ１Ｋ７］ 回滚", "回滚", "CAS-03160-B3H1K7", ""),
            ("CAS 03160 B3H1K7 还是不行", "还是不行", "CAS-03160-B3H1K7", ""),
            ("CAS-01000-X1X1 printing", "printing", "CAS-01000-X1X1", ""),
            ("案例号: CAS-03160-B3H1K7 蓝屏", "蓝屏", "CAS-03160-B3H1K7", ""),
            ("回复：[案例号：CAS-03160-B3H1K7] %蓝屏% 归档", "蓝屏", "CAS-03160-B3H1K7", ""),
            ("Re: print [ ref:_00D1._5001:ref ]", "print", "", ""),
            ("打印机 CRM:0001617", "打印机", "", "CRM:0001617"),
            ("Re: 100% 失败", "100% 失败", "", ""),
            ("更新卡在 99%", "更新卡在 99%", "", ""),
            ("回复: [案例号: CAS-03160-B3H1K7 ] % 更新卡在 99% % 初次响应", "更新卡在 99%", "CAS-03160-B3H1K7", ""),
            ("自动回复: 补丁", "补丁", "", ""),
            ("R: 盘无法访问", "R: 盘无法访问", "", ""),
            ("补丁 KB:4577668", "补丁 KB:4577668", "", ""),
            ("KB:关于补丁", "KB:关于补丁", "", ""),
            ("XCAS-03160-B3H1K77", "XCAS-03160-B3H1K77", "", ""),
            ("", "", "", ""),
        ] {
            let s = parse(text, &Settings::default());
            let got = (s.base.as_str(), s.case_numbers.first().map_or("", |n| n), s.tracking_token.as_deref().unwrap_or(""));
            assert_eq!(got, (base, number, token), "{text}");
        }
    }

    #[test]
    fn configured_tokens_and_stages() {
        let settings = Settings {
            token_prefixes: vec!["DESK:".into()],
            stage_words: vec![("二次响应".into(), Stage::Progress)],
            ..Settings::default()
        };
        let s = parse("回复: 打印机 % 二次响应 desk: 0012345", &settings);
        assert_eq!((s.base.as_str(), s.tracking_token.as_deref(), s.stage), ("打印机", Some("DESK:0012345"), Some(Stage::Progress)));
        assert_eq!(parse("打印机 CMIT:0001617", &settings).tracking_token, None);
    }
}
