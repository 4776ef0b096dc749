//! Drafting: from a parsed mail, its case and the desk's knowledge to a proposed mail, a value with its reasons.
//!
//! Pure. The same input gives the same draft, byte for byte (promise 11). Text of a customer is data, never template.

use crate::case::{Language, Millis, Stage};
use crate::mail::Mail;
use crate::triage::Reason;
use serde::{Deserialize, Serialize};

mod article;
mod compose;
mod context;
mod desk;
mod embedded;
mod finding;
mod gate;
mod kit;
mod problem;
mod source;
mod template;
mod trial;

pub use article::{Article, Example};
pub use compose::{compose, subject_line};
pub use desk::{Desk, Product, Tool};
pub use embedded::TEMPLATES;
pub use finding::{Finding, Level, Part, Place};
pub use gate::{GateFacts, Named, Parties, gate, named};
pub use kit::Kit;
pub use source::sources;
pub use trial::{Trial, try_examples};

/// One question of the customer and the article that answers it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    pub number: Option<String>,
    pub question: String,
    /// None: open, the draft carries a visible place for the engineer.
    pub article: Option<String>,
    /// Further articles, for a question that asks several things.
    #[serde(default)]
    pub also: Vec<String>,
    pub score: f64,
    pub runner_up: Option<(String, f64)>,
}

/// A composed draft before it is stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Composed {
    pub stage: Stage,
    pub language: Language,
    pub subject: String,
    pub body: String,
    pub answers: Vec<Answer>,
    pub findings: Vec<Finding>,
    pub reasons: Vec<Reason>,
}

/// The case as a draft sees it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct CaseView {
    /// `CAS-03160-B3H1K7`
    pub number: String,
    /// The base subject the case was opened with.
    pub title: String,
    /// `CMIT:0001617`, when the desk uses tokens and the case has one.
    pub token: Option<String>,
    /// Display name of the customer as written in From; None: the name in the mail.
    pub customer: Option<String>,
}

/// Everything one draft is made of.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    pub stage: Stage,
    pub language: Language,
    /// The customer's mail: the request for initial response, closure, reminder and survey, the reply for progress.
    pub mail: &'a Mail,
    pub case: CaseView,
    /// Body of the initial response as sent, edits included: the closure repeats its analysis.
    pub sent_initial: Option<&'a str>,
    /// 1 for the first reminder.
    pub reminder_no: u32,
    pub survey_url: Option<&'a str>,
    /// Articles that the matched rule asks for.
    pub rule_articles: &'a [String],
    /// Display name of the engineer.
    pub engineer: Option<&'a str>,
    /// When the mail was received (UTC ms).
    pub received_at: Millis,
}

#[cfg(test)]
mod tests;
