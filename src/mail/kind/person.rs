//! A person behind automatic headers: help desks stamp what their people write, lists carry what members answer.
//!
//! The rule: the mail answers one of ours (In-Reply-To or References, a reply prefix, or a case number in the subject), and
//! before the first quote stands new text without any wording of a template (acknowledgement, absence, "do not reply",
//! unsubscribe). Where Exchange's own agents may have written it, the text must also ask, quote ours or name a case.

use super::super::subject::case_numbers;
use super::super::{Mail, Settings};
use super::phrase::Class;
use super::signs::Signs;
use super::words::Words;

/// Letters of new text that a person needs to say something.
const MIN_LETTERS: usize = 4;
/// Letters that no longer pass for a stamp or an empty mail.
const ENOUGH_LETTERS: usize = 12;

/// Whether the mail answers one of ours, as far as the mail itself tells.
pub fn answers(mail: &Mail) -> bool {
    mail.subject.is_reply || !mail.in_reply_to.is_empty() || !mail.references.is_empty() || !mail.subject.case_numbers.is_empty()
}

/// Whether it is written to us: we are named, or it answers an id of our own domain.
pub fn is_to_us(mail: &Mail, settings: &Settings) -> bool {
    let own = |address: &str| settings.own_addresses.iter().any(|o| o.eq_ignore_ascii_case(address));
    let domain = |id: &str| {
        let domain = id.rsplit_once('@').map(|(_, d)| d);
        settings.own_addresses.iter().any(|o| o.rsplit_once('@').map(|(_, d)| d) == domain)
    };
    mail.to.iter().chain(&mail.cc).any(|a| own(&a.address)) || mail.in_reply_to.iter().chain(&mail.references).any(|id| domain(id))
}

/// Why a person wrote what headers call automatic; None: nobody did.
pub fn person(mail: &Mail, words: &Words, signs: &Signs<'_>) -> Option<&'static str> {
    let fresh = words.fresh_text();
    let template = [Class::Auto, Class::Away, Class::Ack, Class::AckStrong, Class::Challenge, Class::Newsletter, Class::BounceTemplate];
    let is_template =
        template.iter().any(|c| words.fresh.has(*c)) || words.subject.has(Class::Auto) || words.subject.has(Class::BounceCertain);
    if !answers(mail) || is_template || signs.campaign.is_some() || signs.auto_reply.is_some() {
        return None;
    }
    // A Chinese character says as much as two letters.
    let weight = |c: char| if c.is_alphanumeric() { 1 + usize::from(c >= '\u{2e80}') } else { 0 };
    let letters: usize = fresh.chars().map(weight).sum();
    let engages = words.asks() || words.quotes() || !case_numbers(fresh).is_empty();
    let by_agent = signs.agent.is_some() || (signs.suppresses() && signs.ticket.is_none());
    let enough =
        if by_agent { engages && letters >= MIN_LETTERS } else { letters >= ENOUGH_LETTERS || (engages && letters >= MIN_LETTERS) };
    enough.then_some("human text that answers ours")
}
