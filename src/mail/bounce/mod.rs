//! Bounces: delivery reports (RFC 3464) first, then what mail systems say in words alone.
//!
//! Without a report the sender decides how much the words must say: MAILER-DAEMON needs hardly any, a postmaster or a null
//! sender a whole phrase, a person's address the unmistakable opening of a mail system and no sign of a reply. Delays are
//! bounces with action `delayed`; deliveries reported as done have no reason.
//!
//! `reason` is one word of this list: `no_such_user, mailbox_full, mailbox_inactive, no_such_host, too_large, policy, spam,
//! rejected, expired, relay_denied, auth` (SPF, DKIM, DMARC)`, rate_limited, content, suspended, loop, system, unknown`; empty
//! when nothing failed. Their phrases: `config/data/mail/bounce_reasons.txt`.

mod original;
mod reason;
mod report;
#[cfg(test)]
mod tests;
mod told;

use super::Bounce;
use super::kind::{Case, Class, Sender};

/// The bounce a mail is, with the part, header or phrase that says so.
pub fn bounce(case: &Case<'_>) -> Option<(Bounce, String)> {
    if let Some((kind, text)) = &case.content.report
        && kind != "message/disposition-notification"
        && !hands_on(case)
    {
        let mut bounce = report::of_report(text, case);
        bounce.original_message_id = original::message_id(case);
        return Some((bounce, format!("part {kind}")));
    }
    let why = reason_to_believe(case)?;
    let mut bounce = if report::is_pasted(&case.content.text) { report::of_report(&case.content.text, case) } else { Bounce::default() };
    told::fill(&mut bounce, case);
    bounce.original_message_id = original::message_id(case);
    Some((bounce, why))
}

/// A person forwards or answers a mail that carried a report.
fn hands_on(case: &Case<'_>) -> bool {
    let top = case.signs.content_type().starts_with("multipart/report");
    let passes_on = (case.mail.subject.is_reply || case.mail.subject.is_forward) && !case.words.opens;
    !top && case.sender == Sender::Person && passes_on
}

/// Why a mail without a delivery report is a bounce.
fn reason_to_believe(case: &Case<'_>) -> Option<String> {
    let typed = case.signs.content_type();
    if typed.contains("feedback-report") || typed.contains("disposition-notification") || is_automatic_reply(case) {
        return None;
    }
    let words = case.words;
    let said = Said {
        subject: words.subject.get(Class::BounceCertain).map(|(phrase, _)| phrase),
        template: words.hits.get(Class::BounceTemplate).map(|(phrase, _)| phrase),
        certain: words.hits.get(Class::BounceCertain).map(|(phrase, _)| phrase),
        likely: words.hits.get(Class::BounceLikely).map(|(phrase, _)| phrase),
        is_report: typed.starts_with("multipart/report"),
    };
    let null_and_returned = || {
        let returned = case.signs.is_null_sender() && case.content.returned.is_some() && case.signs.list.is_none();
        returned.then(|| "header Return-Path: <> and a returned mail".to_string())
    };
    by_header(case, &said, &typed).or_else(|| by_words(case, &said)).or_else(null_and_returned)
}

/// The words of a bounce that were found.
struct Said {
    subject: Option<&'static str>,
    template: Option<&'static str>,
    certain: Option<&'static str>,
    likely: Option<&'static str>,
    is_report: bool,
}

fn by_header(case: &Case<'_>, said: &Said, typed: &str) -> Option<String> {
    if !case.signs.failed_recipients.is_empty() {
        return Some("header X-Failed-Recipients".into());
    }
    if let Some(name) = case.signs.bounce.filter(|_| said.subject.or(said.template).or(said.certain).is_some()) {
        return Some(format!("header {name}"));
    }
    (said.is_report && typed.contains("delivery-status") && !hands_on(case)).then(|| "report-type delivery-status".into())
}

fn by_words(case: &Case<'_>, said: &Said) -> Option<String> {
    let (signs, words) = (case.signs, case.words);
    let shown = |phrase: &str| match said.subject {
        Some(title) => format!("From {}, subject \"{title}\"", local(case)),
        None => format!("From {}, text \"{}\"", local(case), phrase.trim()),
    };
    let is_reply = (case.mail.subject.is_reply || case.mail.subject.is_forward) && !words.opens;
    match case.sender {
        Sender::Daemon => said.subject.or(said.template).or(said.certain).or(said.likely).map(shown).or_else(|| literal_daemon(case)),
        _ if is_reply && !signs.is_null_sender() => None,
        Sender::Official | Sender::NoReply | Sender::Machine => official(case, said).map(shown),
        Sender::Person if signs.is_null_sender() || said.is_report => official(case, said).map(shown),
        Sender::Person => of_person(case, said).map(shown),
    }
}

/// A mail system under a name of its own: nobody is asked or answered, and title and text agree about an address that failed,
/// or the text opens as only mail systems write.
fn of_person(case: &Case<'_>, said: &Said) -> Option<&'static str> {
    let words = case.words;
    if words.asks() || words.quotes() || !case.mail.in_reply_to.is_empty() {
        return None;
    }
    let agree = said.subject.filter(|_| said.certain.is_some() && said.likely.is_some() && told::recipient(case).is_some());
    let opening = || words.fresh.before(Class::BounceTemplate, 500).filter(|_| said.subject.is_some() || said.likely.is_some());
    agree.or_else(opening)
}

/// A vacation note in the clothes of a report, or of a postmaster, is none.
fn is_automatic_reply(case: &Case<'_>) -> bool {
    let words = case.words;
    let away = words.subject.has(Class::Auto) || case.signs.auto_reply.is_some() || words.hits.before(Class::Away, 300).is_some();
    away && !words.subject.has(Class::BounceCertain) && !words.hits.has(Class::BounceTemplate) && case.signs.failed_recipients.is_empty()
}

/// What a postmaster's address or a null sender must say: a mail system's own words, or a subject and a text that agree.
fn official(case: &Case<'_>, said: &Said) -> Option<&'static str> {
    let Said { subject, template, certain, likely, is_report } = *said;
    let titled = case.words.subject.has(Class::BounceLikely);
    let null = case.signs.is_null_sender();
    // A postmaster is also a person who asks about bounces.
    if !null && case.words.asks() {
        return template.or(subject.and(certain).filter(|_| case.words.hits.count(Class::BounceCertain) > 2));
    }
    // A title alone convinces where only mail systems write from.
    let stands_alone = null || local(case).to_ascii_lowercase().contains("postmaster") || is_report;
    let coded = likely.is_some_and(|l| l.starts_with([' ', '#', '5']));
    match case.sender {
        Sender::Machine if !null => subject.and(template.or(certain.filter(|_| likely.is_some()))),
        Sender::NoReply if !null => template.or(subject.and(certain)).or(certain.filter(|_| titled && likely.is_some())),
        _ => template
            .or(subject.and(certain.or(likely)))
            .or(subject.filter(|_| stands_alone))
            .or(certain.filter(|_| titled || coded))
            .or(likely.filter(|_| null && (coded || case.content.returned.is_some()))),
    }
}

fn literal_daemon(case: &Case<'_>) -> Option<String> {
    let local = local(case).to_ascii_lowercase();
    (local.contains("mailer-daemon") && case.signs.list.is_none()).then(|| format!("From {local}"))
}

fn local<'a>(case: &Case<'a>) -> &'a str {
    case.mail.from.as_ref().map_or("nobody", |from| from.address.split('@').next().unwrap_or(""))
}
