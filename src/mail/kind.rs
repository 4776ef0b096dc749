//! Which kind of mail it is (RFC 3834, 3464, 8098, 2919): our own loop, bounce, receipt, auto_reply, list, else a message.
//!
//! Decided once, in this order, with the header or phrase that decided. Seen in practice (QQ, NetEase): vacation mails
//! carry no header that says so; their texts are matched word for word.

use super::mime::Content;
use super::{Bounce, Kind, Settings, bounce, header, subject};
use mailparse::MailHeader;
use regex::Regex;
use std::sync::LazyLock;

/// More `Received` headers than this is a loop.
const MAX_HOPS: usize = 25;

fn regex(text: &str) -> Regex {
    Regex::new(text).expect("constant")
}

static AUTO_SUBJECT: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)^\W*(?:(?:假期|休假)?(?:自动回复|自动答复|自動回覆|自動回復)(?:\W|$)|auto(?:matic)?[ -]?(?:reply|response)|out of (?:the )?office|ooo\b|vacation (?:reply|response|notice)|外出(?:中|[:：]|$)|不在办公室(?:\W|$)|我在休假)",
    )
});
static AUTO_TEXT: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)这是来自.{1,12}的(?:假期)?自动回复邮件|(?:此|本)邮件(?:为|是|由)(?:系统)?自动(?:回复|发送|发出|生成)|我最近正在休假中，?无法亲自回复您的邮件|我将在假期结束后，?尽快给您回复|^\W*(?:您好[，,！!。]?\s*)?(?:我正在|我目前|本人正在|本人目前)?(?:休假|出差|外出|度假)(?:中|期间)?[，,].{0,40}(?:请联系|无法及时|将在|回来后)|您的邮件我?已经?收到了?[，,。！!]\s*我?(?:会|将)尽快(?:给您)?(?:回复|处理|答复)|^\W*您好[，,！!。]?\s*(?:我?已经?)收到您的(?:邮件|来信)[，,。！!]\s*(?:我?(?:会|将)尽快[^。！!\n]{0,20}[。！!]?)?\s*$|^\W*邮件已收到，将尽快(?:处理|回复)|i am (?:currently )?out of (?:the )?office|i am (?:currently )?on (?:vacation|leave|holiday)|this is an automat(?:ic|ed) (?:reply|response)",
    )
});
static RECEIPT_SUBJECT: LazyLock<Regex> = LazyLock::new(|| regex(r"(?i)^\s*(?:已读|已讀|read|回执|读取回执|not read|未读)\s*[:：]"));

/// Kind, why, and the bounce when it is one.
pub fn kind(headers: &[MailHeader<'_>], from: &str, title: &str, content: &Content, settings: &Settings) -> (Kind, String, Option<Bounce>) {
    if let Some(why) = loop_reason(headers, from, settings) {
        return (Kind::Loop, why, None);
    }
    let kind_of_report = content.report.as_ref().map(|(kind, _)| kind.as_str());
    if let Some((report_type, report)) = &content.report
        && report_type != "message/disposition-notification"
    {
        return (Kind::Bounce, format!("part {report_type}"), Some(bounce::of_report(report, content)));
    }
    let content_type = header::first(headers, "Content-Type").map(header::parameters).unwrap_or_default();
    let is_disposition = content_type.get("report-type").is_some_and(|t| t.eq_ignore_ascii_case("disposition-notification"));
    if is_disposition || kind_of_report.is_some() {
        return (Kind::Receipt, "report-type disposition-notification".into(), None);
    }
    let failed = header::text(headers, "X-Failed-Recipients");
    let is_null_sender = is_null_sender(headers) || failed.is_some();
    if let Some((mut bounce, why)) = bounce::of_text(from, title, content, &settings.own_addresses, is_null_sender) {
        let named = failed.and_then(|f| f.split(',').next().map(|a| a.trim().to_string())).filter(|a| a.contains('@'));
        bounce.recipient = named.or(bounce.recipient);
        return (Kind::Bounce, why, Some(bounce));
    }
    if let Some(why) = receipt_reason(headers, title, content) {
        return (Kind::Receipt, why, None);
    }
    if let Some((kind, why)) = automatic(headers, title, content) {
        return (kind, why, None);
    }
    (Kind::Message, "no sign of automatic mail".into(), None)
}

/// `Return-Path: <>`: no person sends so (RFC 5321 §4.5.5).
fn is_null_sender(headers: &[MailHeader<'_>]) -> bool {
    header::first(headers, "Return-Path").is_some_and(|v| v.trim_ascii() == b"<>")
        || header::first(headers, "X-MS-Exchange-Message-Is-Ndr").is_some()
}

fn loop_reason(headers: &[MailHeader<'_>], from: &str, settings: &Settings) -> Option<String> {
    if header::first(headers, "X-Casemate-Loop").is_some() {
        return Some("header X-Casemate-Loop".into());
    }
    if !from.is_empty() && settings.own_addresses.iter().any(|own| own.eq_ignore_ascii_case(from)) {
        return Some("From is our own address".into());
    }
    let hops = header::all(headers, "Received").count();
    (hops > MAX_HOPS).then(|| format!("{hops} Received headers"))
}

fn receipt_reason(headers: &[MailHeader<'_>], title: &str, content: &Content) -> Option<String> {
    let hit = RECEIPT_SUBJECT.find(title)?;
    let short = content.text.chars().count() < 600;
    let phrase = ["的邮件", "已读", "was read", "阅读", "已显示", "displayed", "已被"].iter().any(|w| content.text.contains(w));
    let automatic =
        header::first(headers, "Auto-Submitted").is_some() || header::first(headers, "X-MS-Exchange-Generated-Message-Source").is_some();
    (short && (phrase || automatic)).then(|| format!("subject \"{}\"", hit.as_str().trim()))
}

fn automatic(headers: &[MailHeader<'_>], title: &str, content: &Content) -> Option<(Kind, String)> {
    let value = |name: &str| header::text(headers, name).map(|v| v.to_ascii_lowercase());
    let submitted = value("Auto-Submitted").unwrap_or_default();
    let precedence = value("Precedence").unwrap_or_default();
    let is_list = header::first(headers, "List-Id").is_some() || header::first(headers, "List-Unsubscribe").is_some();
    if submitted.starts_with("auto-replied") {
        return Some((Kind::AutoReply, "header Auto-Submitted: auto-replied".into()));
    }
    for name in ["X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-Auto-Reply", "X-AutoReply-From", "X-QQ-Auto-Reply"] {
        if value(name).is_some_and(|v| v != "no" && v != "false") {
            return Some((Kind::AutoReply, format!("header {name}")));
        }
    }
    if matches!(precedence.as_str(), "auto_reply" | "auto-reply") {
        return Some((Kind::AutoReply, format!("header Precedence: {precedence}")));
    }
    if is_list {
        return Some((Kind::List, "List-* headers".into()));
    }
    if let Some(why) = auto_words(headers, title, content) {
        return Some((Kind::AutoReply, why));
    }
    if submitted.starts_with("auto-") {
        let is_bulk = matches!(precedence.as_str(), "bulk" | "list" | "junk");
        let kind = if is_bulk { Kind::List } else { Kind::AutoReply };
        return Some((kind, format!("header Auto-Submitted: {}", header::floor(&submitted, 40))));
    }
    if matches!(precedence.as_str(), "bulk" | "list" | "junk") {
        return Some((Kind::List, format!("header Precedence: {precedence}")));
    }
    is_null_sender(headers).then(|| (Kind::AutoReply, "header Return-Path: <>".to_string()))
}

fn auto_words(headers: &[MailHeader<'_>], title: &str, content: &Content) -> Option<String> {
    if let Some(prefix) = subject::automatic_prefix(title) {
        let lower = prefix.to_lowercase();
        let is_reply = ["自动", "自動", "auto", "out of", "撤回", "recall"].iter().any(|w| lower.starts_with(w));
        let is_meeting = ["接受", "拒绝", "取消", "accepted", "declined", "canceled"].iter().any(|w| lower.contains(w));
        if is_reply || is_meeting {
            return Some(format!("subject prefix \"{prefix}\""));
        }
    }
    if let Some(hit) = AUTO_SUBJECT.find(title) {
        return Some(format!("subject \"{}\"", hit.as_str().trim()));
    }
    let text = header::floor(content.text.trim(), 1500);
    let suppressed = header::first(headers, "X-Auto-Response-Suppress").is_some();
    let fresh = text.split("\n>").next().unwrap_or(text);
    if let Some(hit) = AUTO_TEXT.find(fresh)
        && (suppressed || fresh.chars().count() < 400 || hit.start() < 100)
    {
        return Some(format!("text \"{}\"", header::clean(header::floor(hit.as_str(), 90))));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::AUTO_SUBJECT;

    #[test]
    fn subject_of_an_automatic_mail_or_about_one() {
        for (subject, is_automatic) in [
            ("自动回复: 问题", true),
            ("自动回复：问题", true),
            ("自动回复", true),
            ("假期自动回复 【问题】", true),
            ("Automatic reply: x", true),
            ("自动回复功能失效", false),
            ("不在办公室时如何更新", false),
        ] {
            assert_eq!(AUTO_SUBJECT.is_match(subject), is_automatic, "{subject}");
        }
    }
}
