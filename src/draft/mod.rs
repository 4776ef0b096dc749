//! Drafting: from a parsed mail, its case and the desk's knowledge to a proposed mail, a value with its reasons.
//!
//! Pure. The same input gives the same draft, byte for byte (promise 11). Text of a customer is data, never template.

use crate::case::{Language, Stage, text_enum};
use crate::triage::Reason;
use serde::{Deserialize, Serialize};

text_enum! {
    /// How bad a finding is: an error blocks approval unless waived with a reason.
    Level { Error = "error", Warning = "warning" }
}

/// Result of one gate check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Stable name: `question.open`, `kb.unknown`, `placeholder`.
    pub name: String,
    pub level: Level,
    pub text: String,
}

/// One question of the customer and the article that answers it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    pub number: Option<String>,
    pub question: String,
    /// None: open, the draft carries a visible place for the engineer.
    pub article: Option<String>,
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

/// (stub)
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Desk;
/// (stub)
#[derive(Debug)]
pub struct Kit;
