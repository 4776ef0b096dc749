//! Triage: from a parsed mail and the facts that the database knows to a decision, a value with its reasons.
//!
//! Pure. `decide` always decides. Correlation order: case number in the subject (believed only with evidence), Message-IDs of
//! In-Reply-To and References, tracking token with sender (time-limited, never alone), sender and base subject.

use crate::case::{CaseId, EngineerId, Language, Millis, Priority, Stage, Status, Trigger, text_enum};
use crate::mail::Kind;
use serde::{Deserialize, Serialize};

text_enum! {
    /// By which evidence a mail found its case.
    How { Number = "number", Reference = "reference", Token = "token", Subject = "subject", New = "new" }
}

/// What the database knows of one case that a mail may belong to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CaseFacts {
    pub id: CaseId,
    pub number: String,
    pub status: Status,
    /// Title: the base subject the case was opened with.
    pub title: String,
    /// Lower-case addresses of the case's outside participants.
    pub addresses: Vec<String>,
    pub updated_at: Millis,
    /// The case this one was merged into, already followed to its end.
    pub merged_into: Option<CaseId>,
}

/// Everything `decide` needs from the database; filled by `db::case::facts_for`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// Cases whose number stands in the subject, in that order.
    pub by_number: Vec<CaseFacts>,
    /// Known Message-IDs of In-Reply-To, References (nearest first) and a bounce's original Message-ID, with their case.
    pub by_reference: Vec<(String, CaseFacts)>,
    /// Cases in which this tracking token was used within the token window.
    pub by_token: Vec<CaseFacts>,
    /// Cases of this sender with the same base subject within the subject window, newest first.
    pub by_subject: Vec<CaseFacts>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "to", rename_all = "snake_case")]
pub enum Placement {
    Existing {
        case: CaseId,
        number: String,
        how: How,
    },
    /// `number` is the one in the subject; None: casemate numbers the case.
    New {
        number: Option<String>,
    },
    /// Kept, not filed in a case.
    Ignored {
        reason: String,
    },
    /// A person decides (shown with the quarantined mails): evidence is missing or contradicts itself.
    Person {
        candidates: Vec<CaseId>,
        reason: String,
    },
}

/// One line of the trace shown under "why".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// Stable name: `case.number.believed`, `rule.matched`, `kind.bounce`.
    pub name: String,
    /// For people, in the language of the desk.
    pub text: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    pub kind: Kind,
    pub placement: Placement,
    /// What the mail does to the case's status; None for automatic mail.
    pub trigger: Option<Trigger>,
    /// The draft to compose, if any.
    pub stage: Option<Stage>,
    /// Name of the rule that matched.
    pub rule: Option<String>,
    pub category: Option<String>,
    pub priority: Priority,
    /// Login of the engineer the rule names.
    pub owner: Option<String>,
    pub language: Language,
    /// Articles the rule asks for, beside those that match the questions.
    pub articles: Vec<String>,
    pub reasons: Vec<Reason>,
}

/// Known engineer, for rules that name an owner.
pub type Owner = (String, EngineerId);

/// (stub) Whether new cases take the number in the subject only, or casemate numbers the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Numbering {
    Subject,
    Casemate,
}
/// (stub)
#[derive(Debug, Clone)]
pub struct Settings {
    pub own_addresses: Vec<String>,
    pub freemail_domains: Vec<String>,
    pub default_language: Language,
    pub desk_language: Language,
    pub numbering: Numbering,
}
/// (stub)
#[derive(Debug, Clone)]
pub struct Rules;
