//! What a bounce says in words: recipient, status and action, from the notice above the returned mail.

use super::super::Bounce;
use super::super::header;
use super::super::kind::{Case, Class};
use super::reason;
use regex::Regex;
use std::sync::LazyLock;

/// Bytes of a notice that are read.
const REACH: usize = 20_000;

fn regex(text: &str) -> Regex {
    Regex::new(text).expect("constant")
}

/// An enhanced status (RFC 3463 §2) beside its reply code, or marked as one: `550 5.1.1`, `550-5.7.1`, `(#5.1.1)`, `Status: 5.2.2`.
static MARKED: LazyLock<Regex> =
    LazyLock::new(|| regex(r"(?:[245]\d\d[ -]|#|[Ss]tatus:? ?|\()#?([245]\.[0-7]\.\d{1,3})(?:[^\d.]|\.?$|\.\s)"));
static STATUS: LazyLock<Regex> = LazyLock::new(|| regex(r"(?:^|[^\d.])([245]\.[0-7]\.\d{1,3})(?:[^\d.]|\.?$|\.\s)"));
static ADDRESS: LazyLock<Regex> = LazyLock::new(|| regex(r"[\p{L}\d._%+=/&'#~!*$-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"));
/// Where an address stands that failed, best first.
static PLACES: LazyLock<[Regex; 4]> = LazyLock::new(|| {
    [
        regex(
            r"(?im)^[\s>|]*(?:x-failed-recipients?|failed recipient|error-for|recipient(?: address)?|undeliverable address|intended recipient|收件人(?:地址|邮箱)?|收件者|无法(?:送达|投递)的?(?:收件人|地址)|宛先|受信者)\s*[:：|]\s*[|\s]*(?:mailto:|<)?([^\s<>|,;]+@[^\s<>|,;]+)",
        ),
        regex(
            r"(?im)(?:rcpt to|failed for|delivered to|deliver to|delivering to|unknown user|user unknown|user not found|无法(?:投递|发送|送达|传递)(?:到|给)?|发往|发送到|传递给)\s*:?\s*'?<?([^\s<>|,;'()]+@[^\s<>|,;'()]+)",
        ),
        regex(r"(?im)^\s*<([^\s<>]+@[^\s<>]+)>[\s:.(]"),
        regex(r"(?im)^\s*(?:[*\-•]\s*)?(?:to:\s*)?<?([^\s<>]+@[^\s<>:]+?)>?[\s:.]*(?:$|on |\(|\.\.\.)"),
    ]
});
/// Lines that begin the returned mail.
static RETURNED: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?im)^[\s>]*(?:return-path:|received: |-{2,}[ ]*(?:below|original|unsent|returned|start of returned|message header|this is a copy|forwarded|enclosed|undelivered message|non-?delivered|message text|the header|原)|(?:included|enclosed) is a copy|original message headers|original message follows|message headers? follows?|the original message follows|original mail as follows|here is your returned mail|-- the header|old message:|original message$|原邮件头|原始邮件头|원본 메시지|元のメッセージ|ursprüngliche nachrichtenkopfzeilen)",
    )
});

/// The notice above the returned mail.
pub fn notice(text: &str) -> String {
    let text = header::floor(text, REACH);
    let end = RETURNED.find_iter(text).map(|m| m.start()).find(|at| *at > 40).unwrap_or(text.len());
    text[..end].to_string()
}

/// First enhanced status of a text; one that stands beside a reply code counts first.
pub fn status(text: &str) -> Option<String> {
    let text = header::floor(text, REACH);
    MARKED.captures(text).or_else(|| STATUS.captures(text)).map(|hit| hit[1].to_string())
}

/// A Status field as some systems write it: `5.1.1.`, `5.0`, `550`.
pub fn plain_status(value: &str) -> Option<String> {
    let first = value.split([' ', ',', '(']).next()?.trim_end_matches('.');
    let class = first.bytes().next().filter(|b| matches!(b, b'2' | b'4' | b'5'))?;
    first.bytes().all(|b| b.is_ascii_digit() || b == b'.').then(|| format!("{}.0.0", class as char))
}

/// First address of a text.
pub fn address(text: &str) -> Option<String> {
    ADDRESS.find(header::floor(text, 2000)).map(|m| m.as_str().trim_start_matches(['\'', '=']).to_string())
}

/// The recipient that failed: of the header, of its usual places, else the first address that is neither ours nor a system's.
pub fn recipient(case: &Case<'_>) -> Option<String> {
    let failed = header::to_text(case.signs.failed_recipients);
    if let Some(named) = address(&failed) {
        return Some(named);
    }
    let whole = header::floor(&case.content.text, REACH);
    // An id looks like an address.
    let notice: String = notice(whole).split_inclusive('\n').filter(|line| !line.to_ascii_lowercase().contains("message-id")).collect();
    let from = case.mail.from.as_ref().map_or("", |f| f.address.as_str());
    let skip = |a: &str| {
        let lower = a.to_ascii_lowercase();
        let own = case.settings.own_addresses.iter().any(|o| o.eq_ignore_ascii_case(a));
        let ours = case.mail.to.iter().any(|to| to.address.eq_ignore_ascii_case(a));
        own || ours || a.eq_ignore_ascii_case(from) || lower.starts_with("postmaster@") || lower.starts_with("mailer-daemon@")
    };
    let usual = PLACES.iter().flat_map(|place| place.captures_iter(&notice)).filter_map(|hit| address(&hit[1])).find(|a| !skip(a));
    usual
        .or_else(|| ADDRESS.find_iter(&notice).map(|m| m.as_str().to_string()).find(|a| !skip(a)))
        .or_else(|| PLACES[0].captures(whole).and_then(|hit| address(&hit[1])).filter(|a| !skip(a)))
}

/// Completes a bounce that is told in words.
pub fn fill(bounce: &mut Bounce, case: &Case<'_>) {
    let notice = notice(&case.content.text);
    bounce.recipient = bounce.recipient.take().or_else(|| recipient(case));
    let status = bounce.status.take().or_else(|| status(&notice));
    if bounce.action.is_empty() {
        let temporary = status.as_deref().is_some_and(|s| s.starts_with('4'));
        let subject = case.words.subject.has(Class::Delayed);
        let told = case.words.hits.has(Class::Delayed);
        let given_up = ["giving up", "given up", "permanent", "fatal errors", "expired"].iter().any(|w| case.words.text.contains(w));
        let delayed = (told && !given_up) || (subject && (told || temporary)) || (subject && case.words.title.contains("delay"));
        let done = case.words.hits.get(Class::Receipt).is_some_and(|(phrase, _)| phrase.contains("success") || phrase.contains("complete"));
        bounce.action = if done && status.is_none() {
            "delivered".into()
        } else if delayed {
            "delayed".into()
        } else {
            "failed".into()
        };
    }
    if bounce.action == "delivered" {
        return;
    }
    if bounce.reason.is_empty() {
        bounce.reason = reason::reason(status.as_deref(), "", &notice, &bounce.action).into();
    }
    bounce.status = status.or_else(|| reason::status(&bounce.reason, &notice, &bounce.action));
}
