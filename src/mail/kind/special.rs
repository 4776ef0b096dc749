//! Loops, reports that are no bounces (RFC 5965, 8098), meetings (RFC 5546), receipts in words.

use super::super::{Kind, Mail, Settings};
use super::phrase::Class;
use super::sender::Sender;
use super::signs::Signs;
use super::{Case, person};

/// More `Received` headers than this is a loop.
const MAX_HOPS: usize = 25;
/// Letters under which a text beside an invitation is no message of its own.
const SHORT: usize = 200;

/// Why the mail is ours coming back.
pub fn loop_reason(mail: &Mail, signs: &Signs<'_>, settings: &Settings) -> Option<String> {
    if signs.own_loop {
        return Some("header X-Casemate-Loop".into());
    }
    let is_own = |address: &str| !address.is_empty() && settings.own_addresses.iter().any(|own| own.eq_ignore_ascii_case(address));
    if mail.from.as_ref().is_some_and(|from| is_own(&from.address)) {
        return Some("From is our own address".into());
    }
    // Seen in practice (Google Groups, DMARC): the forwarder writes itself into From and keeps the sender aside.
    if !signs.original_from.is_empty() && super::super::address::addresses(signs.original_from).iter().any(|a| is_own(&a.address)) {
        return Some("X-Original-From is our own address".into());
    }
    if mail.message_id.as_deref().is_some_and(is_own_id) && !super::super::subject::is_outermost_forward(&mail.subject.text) {
        return Some("Message-ID is one of ours".into());
    }
    (signs.hops > MAX_HOPS).then(|| format!("{} Received headers", signs.hops))
}

/// The shape of the ids the outbox makes: `casemate.` and 32 hexadecimal digits.
fn is_own_id(id: &str) -> bool {
    let local = id.split('@').next().unwrap_or("");
    local.strip_prefix("casemate.").is_some_and(|digits| digits.len() == 32 && digits.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// Whether sender, subject, headers or the first words leave room for automatic mail, so that more is read.
pub fn may_be_automatic(case: &Case<'_>) -> bool {
    let signs = case.signs;
    case.sender != Sender::Person
        || !signs.submitted.is_empty()
        || !signs.precedence.is_empty()
        || signs.is_null_sender()
        || signs.list.is_some()
        || signs.agent.is_some()
        || signs.machine.is_some()
        || signs.content_type.to_ascii_lowercase().starts_with(b"multipart/report")
        || case.content.report.is_some()
        || case.words.may_bounce()
        || [Class::Auto, Class::Receipt, Class::Meeting].iter().any(|c| case.words.subject.has(*c))
        || [Class::Auto, Class::Away, Class::AckStrong, Class::Ack, Class::Challenge].iter().any(|c| case.words.hits.has(*c))
}

/// Reports that are no bounces: abuse (RFC 5965), disposition (RFC 8098).
pub fn report(case: &Case<'_>) -> Option<(Kind, String)> {
    let typed = case.signs.content_type();
    let has_part = |kind: &str| case.content.attachments.iter().any(|a| a.content_type == kind);
    if typed.contains("feedback-report") || has_part("message/feedback-report") {
        return Some((Kind::List, "report-type feedback-report".into()));
    }
    let is_disposition = case.content.report.as_ref().is_some_and(|(kind, _)| kind == "message/disposition-notification");
    (typed.contains("disposition-notification") || is_disposition || has_part("message/disposition-notification"))
        .then(|| (Kind::Receipt, "report-type disposition-notification".to_string()))
}

/// Mail whose content is a meeting; a message with an `.ics` beside its text is none.
pub fn calendar(case: &Case<'_>) -> Option<(Kind, String)> {
    let typed = case.signs.content_type();
    let attached = || case.content.attachments.iter().any(|a| a.content_type == "text/calendar" || a.content_type == "application/ics");
    let class = String::from_utf8_lossy(case.signs.content_class).to_ascii_lowercase();
    let has_class = class.contains("calendarmessage");
    let method = case.content.calendar.as_deref().or_else(|| method_of(&typed));
    if typed.starts_with("text/calendar") || has_class || ((method.is_some() || attached()) && typed.starts_with("multipart/alternative")) {
        let named = method.map_or(String::new(), |m| format!(" {m}"));
        return Some((Kind::Calendar, format!("calendar part{named}")));
    }
    let sign = method.is_some() || attached();
    if !sign {
        return None;
    }
    let letters = case.content.text.chars().filter(|c| c.is_alphanumeric()).take(SHORT).count();
    if let Some((prefix, _)) = case.words.subject.get(Class::Meeting).filter(|_| !case.words.asks()) {
        return Some((Kind::Calendar, format!("calendar part, subject \"{prefix}\"")));
    }
    (method.is_some() && letters < 20).then(|| (Kind::Calendar, format!("calendar part {}", method.unwrap_or_default())))
}

fn method_of(typed: &str) -> Option<&str> {
    let rest = typed.strip_prefix("text/calendar")?.split_once("method=")?.1;
    Some(rest.trim_matches('"').split([';', '"', ' ']).next().unwrap_or(rest))
}

/// Receipts told in words: the subject's prefix, and a short text or header that bears it out.
pub fn receipt(case: &Case<'_>) -> Option<(Kind, String)> {
    let (prefix, _) = case.words.subject.get(Class::Receipt)?;
    let is_short = case.content.text.len() < 1500;
    let automatic = !case.signs.submitted.is_empty() || case.signs.agent.is_some() || case.signs.is_null_sender();
    let told = case.words.hits.has(Class::Receipt) || case.content.text.trim().is_empty();
    let is_person = case.words.asks() || (person::answers(case.mail) && case.words.quotes());
    (is_short && (told || automatic) && !is_person).then(|| (Kind::Receipt, format!("subject \"{prefix}\"")))
}
