//! What gateways and other desks' ticket robots put into a subject: `[EXT]`, `***SPAM***`, `{Spam?}`, `[#123]`, `ref:_00D…:ref`.
//!
//! Taken out for the base, kept in the text. What is not known to be such a tag stays: `[V2020-L]`, `[紧急]`, a list's `[name]`.
//! A bracket is a gateway's when it is one of its words or when all its words are of that small language.

use regex::Regex;
use std::borrow::Cow;
use std::sync::LazyLock;

/// Tokens of other vendors that stand without brackets: Salesforce, Dell, Microsoft, ServiceNow, ManageEngine.
static FREE_TOKEN: LazyLock<Regex> = LazyLock::new(|| {
    let text = r"(?i-u)\bref:[!_]?00d[\w!.-]{2,60}:ref\b|<<#[\d-]{3,60}#?>>|\bSR[:#]\s?\d{6,15}\b|\bTrackingID#\s?\d{10,20}\b|\b(?:INC|RITM|REQ|CHG|PRB|SCTASK|TASK|CS)\d{7,10}\b\s?[:\-]?|##[\w-][\w -]{0,30}##|\bthread::[\w-]{5,60}::";
    Regex::new(text).expect("constant")
});

/// Longest tag, bytes.
const REACH: usize = 160;

/// The text without tags; each becomes a blank.
pub fn without_tags(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let opens = |b: &u8| matches!(b, b'[' | b'(' | b'{' | b'<' | b'*' | 0xE3 | 0xEF);
    let inner = if bytes.iter().any(opens) { without_brackets(text) } else { Cow::Borrowed(text) };
    let may_hold = inner.bytes().any(|b| matches!(b, b'#' | b':')) || has_long_number(inner.as_bytes());
    match may_hold.then(|| FREE_TOKEN.replace_all(&inner, " ")) {
        Some(Cow::Owned(clean)) => Cow::Owned(clean),
        _ => inner,
    }
}

fn has_long_number(bytes: &[u8]) -> bool {
    bytes.split(|b| !b.is_ascii_digit()).any(|run| run.len() >= 7)
}

fn without_brackets(text: &str) -> Cow<'_, str> {
    let (mut out, mut kept, mut at) = (String::new(), 0, 0);
    let mut after_jira = false;
    while let Some(open) = text[at..].find(['[', '(', '{', '<', '*', '【', '（']).map(|n| at + n) {
        let Some((content, end)) = group(text, open) else {
            at = open + text[open..].chars().next().map_or(1, char::len_utf8);
            continue;
        };
        let is_key = after_jira && is_issue_key(content);
        if is_key || is_tag(content, &text[open..]) {
            after_jira = content.trim().eq_ignore_ascii_case("jira");
            out.push_str(&text[kept..open]);
            out.push(' ');
            (kept, at) = (end, end);
        } else {
            at = open + text[open..].chars().next().map_or(1, char::len_utf8);
        }
    }
    if kept == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[kept..]);
    Cow::Owned(out)
}

/// The content of the group that opens at `open` and the place after it.
fn group(text: &str, open: usize) -> Option<(&str, usize)> {
    let rest = &text[open..];
    if rest.starts_with('*') {
        let stars = rest.bytes().take_while(|b| *b == b'*').count();
        let inner = &rest[stars..];
        let close = inner[..inner.floor_char_boundary(48)].find('*').filter(|_| stars >= 2)?;
        let more = inner[close..].bytes().take_while(|b| *b == b'*').count();
        return Some((&inner[..close], open + stars + close + more));
    }
    let first = rest.chars().next()?;
    let closes: &[char] = match first {
        '[' | '【' => &[']', '】'],
        '(' | '（' => &[')', '）'],
        '{' => &['}'],
        _ => &['>'],
    };
    let inner = &rest[first.len_utf8()..];
    let inner = inner.strip_prefix(first).filter(|_| first == '<').unwrap_or(inner);
    let skipped = rest.len() - inner.len();
    let close = inner[..inner.floor_char_boundary(REACH)].find(closes)?;
    let last = inner[close..].chars().next()?.len_utf8();
    let twice = if skipped == 2 && inner[close + last..].starts_with('>') { 1 } else { 0 };
    Some((&inner[..close], open + skipped + close + last + twice))
}

fn is_tag(content: &str, group: &str) -> bool {
    let lower = content.trim().to_lowercase();
    let is_round = group.starts_with(['(', '（']);
    let is_square = group.starts_with(['[', '【']);
    if lower.is_empty() || lower.contains("kb") && lower.bytes().any(|b| b.is_ascii_digit()) {
        return false;
    }
    let stars = lower.trim_matches('*').trim();
    is_gateway(stars) || is_square && (is_case_label(&lower) || is_mark(&lower) || is_random_key(content)) || {
        (is_round || is_square) && is_ticket(&lower, is_round)
    }
}

/// Words of gateways in brackets, lower case, as a whole.
#[rustfmt::skip]
const GATEWAY: &[&str] = &[
    "外部邮件", "外部", "外来邮件", "外來郵件", "外部郵件", "外网邮件", "外部发件人", "来自外部", "域外邮件", "可疑邮件", "可疑郵件",
    "垃圾邮件", "垃圾郵件", "疑似垃圾邮件", "疑似垃圾", "疑似钓鱼邮件", "疑似诈骗邮件", "疑似病毒邮件", "广告", "推广", "群发", "病毒邮件",
    "代发", "ext", "extern", "externe", "externo", "esterno", "extérieur", "社外", "外部メール", "ad", "adv", "disarmed", "spam", "bulk",
    "junk",
];

/// Words that make a bracket a gateway's when no others are in it, and those of which one must be there.
#[rustfmt::skip]
const SMALL_TALK: &[&str] = &[
    "external", "ext", "outside", "spam", "phishing", "phish", "suspected", "suspicious", "suspect", "possible", "probable", "probably",
    "likely", "potential", "mail", "email", "e", "sender", "message", "origin", "source", "user", "domain", "caution", "warning", "alert",
    "from", "score", "req", "fraud", "virus", "filename", "marketing", "junk", "bulk", "unverified", "untrusted", "an", "the", "of",
    "organization", "organisation", "originated", "low", "medium", "high", "newsletter", "unsafe", "notice",
];
#[rustfmt::skip]
const KEYWORDS: &[&str] = &[
    "external", "ext", "outside", "spam", "phishing", "phish", "fraud", "virus", "suspicious", "unverified", "untrusted", "unsafe", "junk",
    "bulk", "filename",
];

fn is_gateway(lower: &str) -> bool {
    if GATEWAY.contains(&lower) {
        return true;
    }
    if !lower.is_ascii() {
        return is_chinese_warning(lower);
    }
    let mut words = lower.split(|c: char| !c.is_ascii_alphabetic()).filter(|w| !w.is_empty()).peekable();
    let talks = words.peek().is_some() && words.all(|w| SMALL_TALK.contains(&w));
    let mut words = lower.split(|c: char| !c.is_ascii_alphabetic());
    talks && words.any(|w| KEYWORDS.contains(&w)) || is_english_warning(lower)
}

/// `警告：…`, `请注意，邮件由x代发`, `本邮件来自外部`.
fn is_chinese_warning(text: &str) -> bool {
    let rest =
        ["警告", "注意", "请注意", "提醒", "提示", "安全提醒", "安全提示", "請注意", "警示"].iter().find_map(|w| text.strip_prefix(w));
    let mail = ["邮件", "郵件", "发件人", "寄件者", "发送者", "メール"].iter().any(|w| text.contains(w));
    rest.is_some_and(|rest| rest.starts_with(['：', ':', '，', ',', '!', '！', ' ']))
        || mail
            && ["外部", "外来", "外來", "代发", "代發", "垃圾", "可疑", "钓鱼", "釣魚", "病毒", "欺诈", "诈骗", "仿冒"]
                .iter()
                .any(|w| text.contains(w))
        || text.starts_with('由') && text.ends_with("代发")
}

fn is_english_warning(text: &str) -> bool {
    ["caution:", "warning:", "caution!", "warning!", "attention:"].iter().any(|w| text.starts_with(w))
        && ["external", "outside", "spam", "phish", "sender", "mail", "link", "virus"].iter().any(|w| text.contains(w))
}

/// Marks of encryption and classification, and a robot's name or notice.
fn is_mark(lower: &str) -> bool {
    #[rustfmt::skip]
    const MARKS: &[&str] = &[
        "加密", "加密邮件", "已加密", "不安全", "未加密", "已签名", "签名", "encrypt", "encrypted", "secure", "secured", "signed",
        "unclassified", "official", "jira", "confluence", "servicedesk", "service desk", "request received", "request updated",
        "ticket received", "ticket closed", "ticket updated", "工单已创建", "自动回复", "自动答复", "自動回覆", "auto reply", "automatic reply", "请求已收到", "external sender", "不受信任", "未认证",
        "已扫描", "scanned",
    ];
    MARKS.contains(&lower) || lower.starts_with("sec=")
}

/// Labels of a case number, alone or with what is no number we know.
fn is_case_label(lower: &str) -> bool {
    if matches!(lower, "case" | "案例" | "案件") {
        return true;
    }
    let rest = CASE_LABELS.iter().find_map(|label| lower.strip_prefix(label));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', ':', '：', '#', '＃', '.', '-']) && rest.chars().count() <= 60)
}

/// Longest first.
#[rustfmt::skip]
pub const CASE_LABELS: &[&str] = &[
    "案例编号", "案例編號", "案例号码", "案例号", "案例號", "案件编号", "案件號", "案件号", "工单编号", "工单号", "工單號", "服务单号",
    "事件编号", "case number", "case num", "case no", "case id", "case#", "case #", "case nr", "case:", "case：",
];

/// `[ ref:… :ref ]`, `[#123]`, `[Ticket#2020…]`, `[example.com #123]`, `(Request #123)`, `[GLPI #0001234]`, `[Ticket ID: 123]`, `##123##`.
fn is_ticket(lower: &str, is_round: bool) -> bool {
    if lower.starts_with("ref:") || lower.starts_with("msg-") || lower.starts_with("##") && lower.ends_with("##") {
        return true;
    }
    let robot = |name: &str| {
        const NAMES: &[&str] = &[
            "",
            "request",
            "ticket",
            "case",
            "issue",
            "bug",
            "sr",
            "inc",
            "incident",
            "reg",
            "ticket id",
            "ticket no",
            "request id",
            "ticket number",
            "id",
        ];
        NAMES.contains(&name.trim().trim_end_matches([':', '.']))
    };
    if let Some((name, number)) = lower.rsplit_once('#') {
        let number = number.trim_start_matches([' ', ':', '：']);
        let digits = number.bytes().filter(u8::is_ascii_digit).count();
        let is_number = !number.is_empty()
            && number.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && number.bytes().any(|b| b.is_ascii_digit());
        return is_number && (robot(name) || !is_round && digits >= 2 && name.is_ascii() && name.len() <= 40);
    }
    let start = lower.len() - lower.bytes().rev().take_while(u8::is_ascii_digit).count();
    let name = lower[..start].trim_end_matches([' ', ':', '-']);
    lower.len() - start >= 3 && !name.is_empty() && robot(name)
}

/// Zendesk's `[G7WX-4K2M]`, `[EK7YXO-1G5WZ]`: upper case, letters and digits on both sides of the hyphen.
fn is_random_key(content: &str) -> bool {
    let mixed =
        |part: &str| part.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()) && part.bytes().any(|b| b.is_ascii_uppercase());
    let digit = |part: &str| part.bytes().any(|b| b.is_ascii_digit());
    content.trim().split_once('-').is_some_and(|(left, right)| {
        (4..=6).contains(&left.len()) && (4..=5).contains(&right.len()) && mixed(left) && mixed(right) && (digit(left) || digit(right))
    })
}

/// `ABC-123`.
fn is_issue_key(content: &str) -> bool {
    content.trim().split_once('-').is_some_and(|(project, number)| {
        !number.is_empty()
            && number.bytes().all(|b| b.is_ascii_digit())
            && (2..=10).contains(&project.len())
            && project.bytes().all(|b| b.is_ascii_alphanumeric())
    })
}

#[cfg(test)]
mod tests {
    use super::without_tags;

    #[rustfmt::skip]
    #[test]
    fn tags_go() {
        for tag in [
            "[External Mail]", "[EXT]", "[外部邮件]", "【外部邮件】", "（外部邮件）", "[警告：此邮件来自外部]",
            "【请注意，邮件由zhang@mail.example代发】", "***SPAM***", "*****SPAM*****", "[SPAM]", "[Suspected Spam]", "{Spam?}",
            "{Disarmed}", "[***SPAM*** Score/Req: 07.5/5.0]", "[加密]", "[不安全]", "[Encrypted]", "[SEC=OFFICIAL]",
            "[CAUTION: External Sender]", "[Warning: this mail holds links]", "<EXTERNAL>", "(External)", "[ ref:_00D1x._5001y:ref ]",
            "ref:!00D1x.!5001y:ref", "SR:905248633", "<<#671067-33986132-44103971#>>", "[G7WX-4K2M]", "[EK7YXO-1G5WZ]", "(Request #123)",
            "[#123]", "[Ticket#2020101210000012]", "[JIRA] (ABC-123)", "[example.com #123]", "INC0012345", "RITM0012345:",
            "[GLPI #0001234]", "[#ABC-123-45678]", "TrackingID#2010130040001234", "[REG:120101300400012]", "[Ticket ID: 12345]",
            "[Bug 12345]", "##RE-1234##", "[##1234##]", "[Request received]", "[案例号: 12345]", "[Case #]",
            "【本邮件来自外部邮箱，邮件附件请谨慎打开】", "[ESTERNO]", "【疑似垃圾邮件】", "[PHISHING?]", "thread::AbCdEf123::",
            "<<External>>",
        ] {
            assert_eq!(without_tags(&format!("a {tag} b")).split_whitespace().collect::<String>(), "ab", "{tag}");
        }
    }

    #[rustfmt::skip]
    #[test]
    fn titles_stay() {
        for text in [
            "[V2020-L] 补丁失败", "[紧急] 蓝屏", "[desk-users] printing", "打印()失败", "【注意】请看", "[External monitor] black",
            "print (2) fails", "[KB-4577668] 失败", "(KB #4577668) 失败", "[问题 #1] 失败", "[WIN10-1809] 蓝屏", "a * b * c", "a < b > c",
            "[unclosed", "(版本 #3)", "[初次响应]", "打印机（外部打印机）", "[ABC-123] title", "2 * 3 ** 4", "注意：请看", "[Mail] x",
            "补丁（一）与（二）",
        ] {
            assert_eq!(without_tags(text), text);
        }
    }
}
