//! Which mail of ours came back: its Message-ID (RFC 5322 §3.6.4) from the returned part, the pasted headers, or the bounce's own.

use super::super::header;
use super::super::kind::Case;
use regex::Regex;
use std::sync::LazyLock;

/// Bytes of text searched for a pasted header.
const REACH: usize = 200_000;

/// `Message-ID: <…>` of pasted headers: folded, quoted, in a table of QQ or NetEase; `Original-Message-ID` first.
static PASTED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)message-?id\s*(?:[:：=|]|&lt;)?[\s|>]*<\s*([^<>\s@]+@[^<>\s]+|[^<>\s@]{8}[^<>\s@]*)\s*>").expect("constant")
});
static BARE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?im)^[>\s]*(?:x-)?(?:original-)?message-?id\s*[:：]\s*([^<>\s@]+@[^<>\s]+)\s*$").expect("constant"));

/// The id, without brackets; never that of the bounce itself.
pub fn message_id(case: &Case<'_>) -> Option<String> {
    let own = case.mail.message_id.as_deref();
    let other = |id: &String| own != Some(id.as_str());
    let returned = case.content.returned.as_ref().and_then(|r| r.message_id.clone()).filter(other);
    returned
        .or_else(|| header::message_ids(case.signs.original_id).into_iter().next().filter(other))
        .or_else(|| case.content.report.as_ref().and_then(|(_, report)| pasted(report).filter(other)))
        .or_else(|| pasted(&case.content.text).filter(other))
        .or_else(|| of_own_domain(case).filter(other))
        // Exchange and Gmail answer the mail that failed.
        .or_else(|| case.mail.in_reply_to.first().cloned())
        .or_else(|| case.mail.references.last().cloned())
}

/// `<…@our.domain>` that is none of our addresses. Seen in practice (Orange): the id stands behind words of its own.
fn of_own_domain(case: &Case<'_>) -> Option<String> {
    let text = header::floor(&case.content.text, REACH);
    let is_ours = |token: &&str| {
        case.settings.own_addresses.iter().any(|own| {
            let domain = own.rsplit_once('@').map(|(_, d)| d);
            token.rsplit_once('@').map(|(_, d)| d) == domain && !token.eq_ignore_ascii_case(own)
        })
    };
    let tokens = text.split('<').skip(1).take(1000).filter_map(|rest| rest.split_once('>').map(|(token, _)| token));
    tokens
        .filter(|t| t.len() > 12 && t.bytes().any(|b| b.is_ascii_digit()) && !t.contains(char::is_whitespace))
        .find(is_ours)
        .map(str::to_string)
}

fn pasted(text: &str) -> Option<String> {
    let text = header::floor(text, REACH);
    PASTED.captures(text).or_else(|| BARE.captures(text)).map(|hit| hit[1].to_string())
}
