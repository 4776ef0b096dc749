//! Automatic replies and lists by header; words come where headers are silent.

use super::super::Kind;
use super::super::header;
use super::phrase::Class;
use super::sender::Sender;
use super::{Case, person, wording};

type Verdict = Option<(Kind, String)>;

/// The kind that headers, sender or words of a template tell; a person behind them stays a message, with the reason.
pub fn automatic(case: &Case<'_>) -> Verdict {
    replied(case)
        .or_else(|| campaign(case))
        .or_else(|| wording::certain(case))
        .or_else(|| list(case))
        .or_else(|| generated(case))
        .or_else(|| bulk(case))
        .or_else(|| agent(case))
        .or_else(|| wording::likely(case).map(|why| (Kind::AutoReply, why)))
        .or_else(|| address(case))
}

/// A person wrote it in spite of `sign`.
fn or_person(case: &Case<'_>, sign: &str, automatic: Kind) -> Verdict {
    match person::person(case.mail, case.words, case.signs).filter(|_| person::is_to_us(case.mail, case.settings)) {
        Some(why) => Some((Kind::Message, format!("{sign}, but {why}"))),
        None => Some((automatic, sign.to_string())),
    }
}

/// Headers that mean an automatic reply and nothing else.
fn replied(case: &Case<'_>) -> Verdict {
    let submitted = case.signs.submitted();
    if submitted.starts_with("auto-repl") || submitted.starts_with("auto-respon") || submitted.contains("vacation") {
        return Some((Kind::AutoReply, format!("header Auto-Submitted: {submitted}")));
    }
    if let Some(name) = case.signs.auto_reply {
        return Some((Kind::AutoReply, format!("header {name}")));
    }
    let precedence = case.signs.precedence();
    if matches!(precedence.as_str(), "auto-reply" | "autoreply" | "auto" | "auto-response") {
        return Some((Kind::AutoReply, format!("header Precedence: {precedence}")));
    }
    if let Some(name) = case.signs.challenge {
        return Some((Kind::AutoReply, format!("header {name}, a challenge")));
    }
    let (phrase, _) = case.words.fresh.get(Class::Challenge).filter(|(_, at)| *at < 600)?;
    let by_person = person::answers(case.mail) && case.sender == Sender::Person && case.words.fresh.count(Class::Challenge) < 2;
    if by_person || case.words.asks() {
        return None;
    }
    Some((Kind::AutoReply, format!("text \"{phrase}\", a challenge")))
}

/// Newsletters and campaigns: never a message.
fn campaign(case: &Case<'_>) -> Verdict {
    case.signs.campaign.filter(|_| !is_own_list(case)).map(|name| (Kind::List, format!("header {name}")))
}

/// The list is the desk's own address: customers write through it.
fn is_own_list(case: &Case<'_>) -> bool {
    let post = String::from_utf8_lossy(case.signs.list_post).to_ascii_lowercase();
    let id = String::from_utf8_lossy(case.signs.list_id).to_ascii_lowercase();
    case.settings.own_addresses.iter().any(|own| {
        let own = own.to_ascii_lowercase();
        post.contains(&format!("mailto:{own}")) || id.contains(&format!("<{}>", own.replace('@', ".")))
    })
}

fn list(case: &Case<'_>) -> Verdict {
    let name = case.signs.list.filter(|_| !is_own_list(case))?;
    // Feedback-ID alone is stamped on transactional mail too.
    let is_newsletter = case.words.hits.has(Class::Newsletter) || case.sender != Sender::Person || case.signs.precedence() == "bulk";
    if !is_newsletter {
        return or_person(case, &format!("header {name}"), Kind::List);
    }
    Some((Kind::List, format!("header {name}")))
}

/// `Auto-Submitted: auto-generated`, `auto-notified` and what else was written but `no`.
fn generated(case: &Case<'_>) -> Verdict {
    let submitted = case.signs.submitted();
    if submitted.is_empty() || submitted == "no" {
        return None;
    }
    let sign = format!("header Auto-Submitted: {}", header::floor(&submitted, 40));
    let told = [Class::Away, Class::Ack, Class::AckStrong].iter().any(|c| case.words.fresh.has(*c));
    let is_bulk = matches!(case.signs.precedence().as_str(), "bulk" | "list" | "junk");
    let is_machine = matches!(case.sender, Sender::Machine | Sender::NoReply) || case.signs.machine.is_some();
    let replies = told || (person::answers(case.mail) && !is_bulk && !is_machine);
    let kind = if replies { Kind::AutoReply } else { Kind::List };
    or_person(case, &sign, kind)
}

fn bulk(case: &Case<'_>) -> Verdict {
    let precedence = case.signs.precedence();
    if !matches!(precedence.as_str(), "bulk" | "list" | "junk") || is_own_list(case) {
        return None;
    }
    let sign = format!("header Precedence: {precedence}");
    // Help desks stamp bulk on what their people write; newsletters do not answer.
    or_person(case, &sign, Kind::List)
}

/// Exchange's agents and null senders.
fn agent(case: &Case<'_>) -> Verdict {
    if let Some(name) = case.signs.agent.filter(|_| case.signs.suppresses()) {
        return or_person(case, &format!("headers {name} and X-Auto-Response-Suppress"), Kind::AutoReply);
    }
    if case.signs.is_null_sender() {
        // Some gateways empty the path of what people write; only one who asks or quotes is believed.
        if case.sender == Sender::Person && case.mail.subject.is_reply && (case.words.asks() || case.words.quotes()) {
            return or_person(case, "header Return-Path: <>", Kind::AutoReply);
        }
        return Some((Kind::AutoReply, "header Return-Path: <>".to_string()));
    }
    if let Some(name) = case.signs.machine {
        return or_person(case, &format!("header {name}"), Kind::List);
    }
    let (phrase, _) = case.words.subject.get(Class::Machine).filter(|_| !case.words.asks() && !person::answers(case.mail))?;
    Some((Kind::List, format!("subject \"{phrase}\"")))
}

/// Addresses that nobody reads. A form's mail names the person who filled it in as Reply-To of another domain.
fn address(case: &Case<'_>) -> Verdict {
    let from = case.mail.from.as_ref()?;
    if !matches!(case.sender, Sender::NoReply | Sender::Machine) {
        return None;
    }
    let domain = |address: &str| address.rsplit_once('@').map(|(_, d)| d.to_ascii_lowercase());
    let is_form = case.mail.reply_to.iter().any(|to| domain(&to.address).is_some_and(|d| domain(&from.address) != Some(d)));
    if is_form && case.sender == Sender::NoReply {
        return None;
    }
    let local = from.address.split('@').next().unwrap_or("");
    let sign = format!("sender {local}@");
    if case.mail.reply_to.is_empty() && case.sender == Sender::NoReply {
        return Some((Kind::List, sign));
    }
    or_person(case, &sign, Kind::List)
}
