//! The gate: checks on the text as it would be sent, edits included. Run when a draft is composed, saved and approved, and while
//! it is edited.
//!
//! Pure: findings come in a fixed order, each with its place in the mail where it has one. An error blocks approval unless a
//! person waives it with a reason. What only repeats the customer's own words is a warning at most.
//!
//! | finding | level | when |
//! |---|---|---|
//! | `subject.empty`, `subject.control` | error | no subject; a control character in it |
//! | `case.number.missing`, `token.changed` | error | the subject lost the case number; has another token, or none |
//! | `case.number.foreign` | error; warning: the customer's | the number of another case |
//! | `body.empty` · `body.repeated` | error · warning | nothing to send · the same text as the last mail sent |
//! | `placeholder`, `question.open` | error | `{{…}}`; a place left to the engineer |
//! | `question.missing` | error | a numbered question that the initial response does not repeat |
//! | `kb.unknown` | error; warning: the customer's | not in the catalogue |
//! | `kb.superseded`, `kb.wrong_product` | warning | there is a newer one; for another version than the customer's |
//! | `language.differs` | warning | not the customer's language |
//! | `attachment.missing`, `survey.early` | warning | 见附件 without one; a survey before the closure |
//! | `section.missing`, `hotline.missing` | warning | a heading of the stage's template, the greeting; the desk's hotline |
//! | `private.product_key`, `private.password`, `private.id_number`, `private.phone`, `private.card` | error; warning: the customer's own, or a telephone given as ours | what is not to be repeated in mails |
//! | `name.foreign` | error; warning: in another script than the names known | the greeting names nobody of this case |
//! | `address.foreign` | error | the address of a participant of other cases only |
//! | `domain.foreign` | error; warning: in a link | the mail domain of participants of other cases only |
//! | `recipient.outside` | error; warning: a colleague of a participant | To or Cc name somebody new |

use super::{Finding, Kit, Level, Part, Place};
use crate::case::{Language, Millis, Stage};
use crate::mail::Mail;
use regex::Regex;
use std::ops::Range;

mod form;
mod greeting;
mod knowledge;
mod party;
mod private;
mod subject;
mod text;

pub use party::{Named, named};

/// What the gate knows beside the text.
#[derive(Debug, Clone)]
pub struct GateFacts<'a> {
    pub stage: Stage,
    pub language: Language,
    pub case_number: &'a str,
    /// The token the subject must carry; None: none.
    pub token: Option<&'a str>,
    /// The customer's mail that is answered.
    pub mail: Option<&'a Mail>,
    /// When it was received (UTC ms): what was superseded is judged by that day.
    pub received_at: Millis,
    /// Whether the draft carries an attachment.
    pub has_attachment: bool,
    /// Body of the last mail sent in this case.
    pub last_sent: Option<&'a str>,
    /// Who takes part; None: not known yet, then names, addresses and recipients are not checked.
    pub parties: Option<&'a Parties>,
}

/// Who takes part in this case, whom the text names beside them, and who would get the mail.
#[derive(Debug, Clone, Default)]
pub struct Parties {
    /// Display names of this case's people.
    pub names: Vec<String>,
    /// Their addresses, lower case.
    pub addresses: Vec<String>,
    /// Our own addresses, lower case.
    pub own: Vec<String>,
    /// Domains shared by strangers.
    pub freemail: Vec<String>,
    /// Of the addresses and domains in the text ([`named`]): those of participants of other cases only.
    pub foreign: Vec<String>,
    /// The recipients as typed.
    pub to: String,
    pub cc: String,
}

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a constant pattern")
}

/// Checks a subject and body. The body is text with LF line ends.
pub fn gate(kit: &Kit, subject: &str, body: &str, facts: &GateFacts) -> Vec<Finding> {
    let mut gate = Gate { kit, facts, subject, body, findings: Vec::new() };
    gate.check_subject();
    gate.check_text();
    gate.check_case_numbers();
    gate.check_updates();
    gate.check_questions();
    gate.check_words();
    gate.check_form();
    gate.check_private();
    if let Some(parties) = facts.parties {
        gate.check_greeting(parties);
        gate.check_parties(parties);
    }
    gate.findings
}

struct Gate<'a> {
    kit: &'a Kit,
    facts: &'a GateFacts<'a>,
    subject: &'a str,
    body: &'a str,
    findings: Vec<Finding>,
}

impl<'a> Gate<'a> {
    fn add(&mut self, name: &str, level: Level, at: Option<Place>, zh: String, en: String) {
        let (text, also) = match self.kit.desk.language {
            Language::Zh => (zh, (Language::En, en)),
            Language::En => (en, (Language::Zh, zh)),
        };
        self.findings.push(Finding { name: name.to_owned(), level, text, at, also: Some(also) });
    }

    fn in_body(&self, range: Range<usize>) -> Option<Place> {
        Some(Place::of(Part::Body, self.body, range))
    }

    fn in_subject(&self, range: Range<usize>) -> Option<Place> {
        Some(Place::of(Part::Subject, self.subject, range))
    }

    fn customer_text(&self) -> &'a str {
        self.facts.mail.map_or("", |m| m.text.as_str())
    }

    /// An error, unless the customer wrote the same.
    fn level_of(&self, hit: &str) -> Level {
        if self.customer_text().contains(hit) { Level::Warning } else { Level::Error }
    }
}

#[cfg(test)]
mod tests;
