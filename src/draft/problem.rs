//! What the customer says, made ready to be repeated: the problem without greeting, courtesy and environment lines, the
//! form of address, the heading of a question.
//!
//! Pure text work, bounded: customers write anything. Nothing is guessed: without an honorific in the name there is none in
//! the address.

use crate::case::Language;
use crate::mail::{Mail, Question};
use regex::{Regex, RegexSet};
use std::sync::LazyLock;

/// Characters of a problem that a draft repeats.
const MAX_PROBLEM: usize = 4000;
/// Characters of a title.
const MAX_TITLE: usize = 200;
/// Characters of a question that a heading repeats.
const MAX_HEADING: usize = 500;

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a constant pattern")
}

static GREETING: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)^(?:(?:尊敬的|亲爱的|各位)[^，,。]{0,20}|\p{Han}{0,4}(?:先生|女士|老师|经理|主任|工程师|工|总|技术支持|同事|领导)[，,：:]|(?:[^\s，,。]{1,12}[，,]\s*)?[^\s，,。]{0,12}?(?:您好|你好|老师好|早上好|上午好|下午好|晚上好)|(?:hi|hello|dear|good (?:morning|afternoon|day))\b[^,.!:\n]{0,40})[\s，,！!。.:：~]*$",
    )
});
static OPENING: LazyLock<Regex> =
    LazyLock::new(|| regex(r"(?i)^(?:[^\s，,。]{1,8}[，,]\s*)?[^\s，,。]{0,8}?(?:您好|你好|hi|hello)[，,！!。:：\s]+"));
static COURTESY: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)^(?:(?:非常|十分|万分|先)?(?:感谢|谢谢|多谢)(?:您|你|了|支持|您的支持|各位)?|辛苦了|麻烦(?:您|你)?了|拜托了?|祝好|祝您?工作(?:顺利|愉快)|顺祝商祺|此致|敬礼|此致敬礼|盼复|thanks(?: a lot| in advance)?|thank you(?: very much| in advance)?|many thanks|(?:best |kind |warm )?regards|sincerely|cheers)[\s，,！!。.~]*$",
    )
});
static ENVIRONMENT: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)^(?:系统版本|操作系统(?:版本)?|系统环境|运行环境|环境(?:信息|说明)?|版本(?:号|信息)?|产品版本|机器型号|电脑型号|os(?: version)?|version|environment|system)\s*[:：]",
    )
});
/// Lines that only say how to reach the sender.
static CONTACT: LazyLock<Regex> =
    LazyLock::new(|| regex(r"(?i)^(?:联系人|联系(?:电话|方式)|电话|手机|座机|传真|邮箱|微信|contact|phone|tel|mobile|e-?mail)\s*[:：]"));
/// Names that are no person's: units, companies, functions.
static UNIT: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)(?:公司|集团|银行|支行|分行|总行|中心|大学|学院|学校|中学|小学|医院|法院|检察院|政府|委员会|管理局|事务所|研究所|研究院|[^\s](?:信息|技术|科技|管理|运维|网络|办公|财务|综合|安全)(?:处|科|部|室|组|局)|办公室|服务台|技术支持|系统?管理员|管理员|运维|客服|网管)$|\b(?:ltd|inc|llc|gmbh|corp|co|limited|company|bank|university|school|dept|department|team|desk|helpdesk|servicedesk|support|office|cent(?:er|re)|admin|administrator|operations|info|noreply|no-reply)\.?$|^it$",
    )
});
static KB: LazyLock<Regex> = LazyLock::new(|| regex(r"(?i)(?-u:\b)kb[\s-]?\d{6,8}(?-u:\b)"));
static HONORIFIC: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"^\p{Han}{1,6}(?:先生|女士|小姐|老师|经理|主任|工程师|工|总|处长|科长|部长|院长|行长|局长|所长|校长|书记|警官|医生)$")
});
static TITLED: LazyLock<Regex> = LazyLock::new(|| regex(r"^(?:Mr|Mrs|Ms|Miss|Dr|Prof)\.?\s+\p{L}[\p{L} .'-]*$"));
/// Characters of a name with a title; counted by hand, because a bounded repeat of all letters is megabytes of automaton.
const MAX_TITLED: usize = 64;
static ASKING: LazyLock<RegexSet> = LazyLock::new(|| {
    RegexSet::new([
        r"[吗呢么]$|什么|怎么|怎样|如何|为何|为什么|有没有|是否|能否|可否|能不能|可不可以|是不是|多少|多久|哪|几[个天次]",
        r"(?i)^(?:what|why|how|when|where|which|who|is|are|was|were|do|does|did|can|could|should|will|would|has|have)\b",
    ])
    .expect("constant patterns")
});

static PREFIXES: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"(?i)^(?:(?:re|fwd?|aw|回复|答复|回覆|回信|转发|轉寄|轉發|自动回复|自动答复)\s*(?:\[\d{1,3}\]|\(\d{1,3}\))?\s*[:：]\s*)+")
});

/// Between a person and the unit in a display name.
const PARTS: [char; 10] = ['-', '_', '/', '|', '(', ')', '（', '）', '·', '，'];

/// Text fit for a mail: LF line ends, no other control characters.
pub(super) fn clean(text: &str) -> String {
    let is_hidden =
        |c: char| (c.is_control() && c != '\n' && c != '\t') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    text.replace("\r\n", "\n").chars().filter(|c| !is_hidden(*c)).collect()
}

/// One line, for subjects, names and headings.
pub(super) fn one_line(text: &str, max: usize) -> String {
    let spaced: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    cut(clean(&spaced).split_whitespace().collect::<Vec<_>>().join(" ").as_str(), max)
}

fn cut(text: &str, max: usize) -> String {
    match text.char_indices().nth(max) {
        Some((at, _)) => format!("{}……", text[..at].trim_end()),
        None => text.to_owned(),
    }
}

/// A title without reply and forward prefixes, so that ours is not doubled.
pub(super) fn title(text: &str) -> String {
    let line = one_line(text, MAX_TITLE);
    PREFIXES.find(&line).map_or(line.as_str(), |m| &line[m.end()..]).to_owned()
}

/// The problem as the customer put it, with the lines that only list updates.
pub(super) fn problem(mail: &Mail) -> String {
    let added = if mail.reply_text.trim().is_empty() { &mail.text } else { &mail.reply_text };
    let text = clean(&added.chars().take(4 * MAX_PROBLEM).collect::<String>());
    let mut lines: Vec<&str> = text.lines().map(str::trim).filter(|l| !l.is_empty()).collect();
    while lines.first().is_some_and(|l| GREETING.is_match(l)) {
        lines.remove(0);
    }
    if let Some(first) = lines.first_mut() {
        *first = OPENING.find(first).map_or(*first, |m| &first[m.end()..]);
    }
    let is_signed = lines.iter().any(|l| CONTACT.is_match(l));
    lines.retain(|l| !l.is_empty() && !COURTESY.is_match(l) && !ENVIRONMENT.is_match(l) && !CONTACT.is_match(l));
    lines.truncate(signed_at(&lines, mail.from.as_ref().and_then(|f| f.name.as_deref()).unwrap_or("")));
    if is_signed && lines.len() > 1 {
        lines.pop_if(|l| is_plain(l) && UNIT.is_match(l));
    }
    let told = if lines.is_empty() { one_line(&mail.subject.base, MAX_HEADING) } else { lines.join("\n") };
    cut(&told, MAX_PROBLEM)
}

/// Where the sender's name stands alone near the end, with at most two short lines of unit and function under it; else the end.
fn signed_at(lines: &[&str], display_name: &str) -> usize {
    let name = one_line(display_name, 80);
    let from = lines.len().saturating_sub(3).max(1);
    let signed = (from..lines.len()).find(|n| is_own_name(lines[*n], &name) && lines[n + 1..].iter().all(|l| is_plain(l)));
    signed.unwrap_or(lines.len())
}

/// A short line that is no sentence.
fn is_plain(line: &str) -> bool {
    line.chars().count() <= 30 && !line.contains(['。', '？', '?', '！', '：', ':', '；', '，']) && kb_numbers(line).is_empty()
}

/// The whole name, its surname (刘 of 刘先生), or one of its words (Tom of Tom Brown).
fn is_own_name(line: &str, name: &str) -> bool {
    let is_surname = || {
        let mut chars = line.chars();
        matches!((chars.next(), chars.next()), (Some(c), None) if is_chinese(line) && name.starts_with(c))
    };
    let is_word = || name.split(|c: char| !c.is_alphanumeric()).any(|w| w.chars().count() > 1 && w.eq_ignore_ascii_case(line));
    !line.is_empty() && (line.eq_ignore_ascii_case(name) || is_surname() || is_word())
}

/// The problem without the lines that only list updates: the closure names the matter, not the list.
pub(super) fn description(problem: &str) -> String {
    let says_more = |l: &&str| !KB.is_match(l) || KB.replace_all(l, "").chars().any(char::is_alphanumeric);
    let lines: Vec<&str> = problem.lines().filter(says_more).collect();
    if lines.is_empty() { problem.to_owned() } else { lines.join("\n") }
}

/// `刘先生`, `Mr. Liu`, a plain name, or nothing, also for a unit, a function or a bare surname: never a guess.
pub(super) fn address_form(display_name: Option<&str>) -> String {
    let name = one_line(display_name.unwrap_or(""), 80);
    let name = name.trim_matches(['"', '\'', '“', '”', ' ']);
    if name.is_empty() || name.contains('@') || name.chars().count() > 40 || !name.chars().any(char::is_alphabetic) {
        return String::new();
    }
    let parts = || name.split(['-', '_', '/', '|', '(', ')', '（', '）', ' ', '·', ',', '，']).map(str::trim);
    if let Some(titled) = parts().find(|p| HONORIFIC.is_match(p)) {
        return titled.to_owned();
    }
    if name.chars().count() <= MAX_TITLED && TITLED.is_match(name) {
        return name.to_owned();
    }
    let plain = name.split(['<', '>', '{', '}']).next().unwrap_or("").trim();
    let (units, persons): (Vec<&str>, Vec<&str>) =
        plain.split(PARTS).map(str::trim).filter(|p| !p.is_empty()).partition(|p| UNIT.is_match(p));
    let called = match (units.is_empty(), &persons[..]) {
        (true, _) => plain,
        (false, [person]) => person,
        (false, _) => "",
    };
    let is_bare = is_chinese(called) && called.chars().count() == 1;
    if is_bare { String::new() } else { called.to_owned() }
}

/// `1. `, `一、`, `Q1. ` or nothing.
pub(super) fn label(number: Option<&str>) -> String {
    match number.map(|n| one_line(n, 12)) {
        None => String::new(),
        Some(n) if n.is_empty() => n,
        Some(n) if n.chars().all(|c| "一二三四五六七八九十百".contains(c)) => format!("{n}、"),
        Some(n) if n.chars().all(|c| ('①'..='⑳').contains(&c)) => format!("{n} "),
        Some(n) => format!("{n}. "),
    }
}

/// The question as a heading: one line, closed with a mark when the customer left it open.
pub(super) fn heading(question: &Question, language: Language) -> String {
    let line = one_line(&question.text, MAX_HEADING);
    let text = OPENING.find(&line).map_or(line.as_str(), |m| &line[m.end()..]).to_owned();
    let text = text.trim_end_matches(['；', ';', '，', ',', ' ']).to_owned();
    if text.ends_with(['？', '?', '。', '.', '！', '!', '：', ':', '…']) {
        return text;
    }
    match (ASKING.is_match(&text), is_chinese(&text) || language == Language::Zh && text.is_empty()) {
        (true, true) => text + "？",
        (true, false) => text + "?",
        (false, true) => text + "。",
        (false, false) => text + ".",
    }
}

fn is_chinese(text: &str) -> bool {
    text.chars().any(|c| ('\u{3400}'..='\u{9fff}').contains(&c))
}

/// How the mail spells a KB number: `kb4577668`; the canonical form when it is not written in one piece.
pub(super) fn as_written(kb: &str, text: &str) -> String {
    let digits = kb.trim_start_matches(|c: char| !c.is_ascii_digit());
    if digits.is_empty() {
        return kb.to_owned();
    }
    let found = text.match_indices(digits).find_map(|(at, _)| {
        let before = text[..at].char_indices().rev().nth(1).map(|(i, _)| &text[i..at])?;
        let ends = !text[at + digits.len()..].starts_with(|c: char| c.is_ascii_digit());
        (before.eq_ignore_ascii_case("kb") && ends).then(|| format!("{before}{digits}"))
    });
    found.unwrap_or_else(|| kb.to_owned())
}

/// Every KB number in a text, canonical, in order, no duplicates.
pub(super) fn kb_numbers(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for m in KB.find_iter(text) {
        let kb = format!("KB{}", m.as_str().trim_start_matches(|c: char| !c.is_ascii_digit()));
        if !found.contains(&kb) {
            found.push(kb);
        }
    }
    found
}

#[cfg(test)]
mod tests;
