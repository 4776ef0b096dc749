//! Why it bounced: a word of a fixed list, from the status (RFC 3463 §3) where that is specific, else from the words.

use super::super::kind::{Phrases, fold};
use regex::Regex;
use std::sync::LazyLock;

/// The reasons in order of the phrase file: the first named wins.
static REASONS: LazyLock<(Phrases, Vec<String>)> = LazyLock::new(|| {
    let mut next = 0;
    Phrases::read(include_str!("../../../config/data/mail/bounce_reasons.txt"), move |_| {
        next += 1;
        next - 1
    })
});
/// A reply code (RFC 5321 §4.2.3) without an enhanced one.
static CODE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?:^|[\s:：(（<\[\x22'#])([45])(\d\d)(?:[\s,:;.)\]-]|$)").expect("constant"));

/// The word for a status, the text of its diagnostic and, where that says nothing, the notice.
pub fn reason(status: Option<&str>, diagnostic: &str, notice: &str, action: &str) -> &'static str {
    if let Some(specific) = status.and_then(of_status) {
        return specific;
    }
    let named = named(diagnostic).or_else(|| named(notice));
    named.or_else(|| status.and_then(of_class)).unwrap_or(if action == "delayed" { "expired" } else { "unknown" })
}

fn named(text: &str) -> Option<&'static str> {
    let text = fold(text, 20_000);
    let (phrases, names) = &*REASONS;
    let first = phrases.find(&text, &[0]).map(|(section, _, _)| section).min()?;
    names.get(first).map(String::as_str)
}

/// Detail codes that leave no doubt.
fn of_status(status: &str) -> Option<&'static str> {
    Some(match status.split_once('.')?.1 {
        "1.1" | "1.10" | "1.6" => "no_such_user",
        "1.2" | "4.310" => "no_such_host",
        "2.2" => "mailbox_full",
        "2.3" | "3.4" => "too_large",
        "4.6" => "loop",
        "4.7" => "expired",
        "7.20" | "7.21" | "7.22" | "7.23" | "7.24" | "7.25" | "7.26" | "7.27" => "auth",
        "7.28" => "rate_limited",
        _ => return None,
    })
}

/// Classes and details that words may narrow down.
fn of_class(status: &str) -> Option<&'static str> {
    let mut numbers = status.split('.').skip(1);
    Some(match (numbers.next()?, numbers.next()?) {
        ("1", "7" | "8") => "rejected",
        ("1", "0" | "3" | "4" | "5") => "no_such_user",
        ("2", "1") => "mailbox_inactive",
        ("4", "4" | "3") => "no_such_host",
        ("4", "1" | "2" | "5" | "0") | ("3", _) => "system",
        ("5", "3") => "rate_limited",
        ("6", _) => "content",
        ("7", _) => "policy",
        _ => return None,
    })
}

/// The status that reason and reply code amount to, when none was written.
pub fn status(reason: &str, text: &str, action: &str) -> Option<String> {
    let code = CODE.captures(text);
    let class = match (&code, action) {
        (_, "delayed") => "4".to_string(),
        (Some(_), _) => "5".into(),
        _ if reason != "unknown" => "5".into(),
        _ => return None,
    };
    let detail = match reason {
        "no_such_user" => "1.1",
        "no_such_host" => "1.2",
        "mailbox_full" => "2.2",
        "mailbox_inactive" | "suspended" => "2.1",
        "too_large" => "3.4",
        "expired" => "4.7",
        "loop" => "4.6",
        "spam" | "policy" | "relay_denied" | "auth" | "rejected" => "7.1",
        "content" => "6.0",
        "system" if code.is_none() => return None,
        _ => "0.0",
    };
    Some(format!("{class}.{detail}"))
}
