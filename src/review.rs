//! Review: what a person does to drafts, cases and quarantined mails. The pages and the command line call the same functions.
//!
//! Each function is one writing transaction: load, decide (pure rooms), save guarded, event. Nothing here talks to a mail
//! server: an approval writes an outbox row in the same transaction.

use crate::app::App;
use crate::case::{CaseId, DraftId, EngineerId, MessageKey, OutboxId, Priority, Stage};
use crate::db;
use crate::draft::Finding;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Somebody else was first, or a new customer mail arrived; the text says which.
    #[error("{0}")]
    Conflict(String),
    /// Findings of level error stand in the way and are not waived.
    #[error("{} finding(s) block sending", .0.len())]
    Blocked(Vec<Finding>),
    /// Not possible in this state, or the input is wrong.
    #[error("{0}")]
    Refused(String),
    #[error("{0} does not exist")]
    NotFound(&'static str),
    #[error(transparent)]
    Db(db::Error),
}

/// What a person typed over a draft.
#[derive(Debug, Clone)]
pub struct Edit<'a> {
    pub version: i64,
    pub subject: &'a str,
    pub body: &'a str,
    pub to: &'a str,
    pub cc: &'a str,
}

/// Saves an edit; returns the new version. The findings are computed again on the edited text.
pub async fn edit(_app: &App, _id: DraftId, _edit: &Edit<'_>, _by: &str) -> Result<i64, Error> {
    todo!()
}
/// Approves: fixes the final bytes and Message-ID, writes the outbox row. `waiver`: reason for sending in spite of error findings.
pub async fn approve(_app: &App, _id: DraftId, _version: i64, _waiver: Option<&str>, _by: &str) -> Result<OutboxId, Error> {
    todo!()
}
/// Discards. A discarded closure takes the case back to in_progress.
pub async fn discard(_app: &App, _id: DraftId, _version: i64, _reason: &str, _by: &str) -> Result<(), Error> {
    todo!()
}
/// Composes a new draft of that stage for the case, superseding a proposed one.
pub async fn propose(_app: &App, _case: CaseId, _stage: Stage, _by: &str) -> Result<DraftId, Error> {
    todo!()
}
/// Starts closing: status resolved and a closure draft.
pub async fn close(_app: &App, _case: CaseId, _by: &str) -> Result<DraftId, Error> {
    todo!()
}
pub async fn reopen(_app: &App, _case: CaseId, _reason: &str, _by: &str) -> Result<(), Error> {
    todo!()
}
pub async fn cancel(_app: &App, _case: CaseId, _reason: &str, _by: &str) -> Result<(), Error> {
    todo!()
}
pub async fn merge(_app: &App, _case: CaseId, _into: &str, _by: &str) -> Result<(), Error> {
    todo!()
}
/// Assigns to the engineer of that login; None: nobody.
pub async fn assign(_app: &App, _case: CaseId, _login: Option<&str>, _by: &str) -> Result<(), Error> {
    todo!()
}
pub async fn set_priority(_app: &App, _case: CaseId, _priority: Priority, _by: &str) -> Result<(), Error> {
    todo!()
}
pub async fn note(_app: &App, _case: CaseId, _text: &str, _by: &str) -> Result<(), Error> {
    todo!()
}
/// A person decides about a quarantined mail: into that case, a new case, back to triage, or ignored with a reason.
pub enum Verdict<'a> {
    FileIn(&'a str),
    NewCase,
    Retry,
    Ignore(&'a str),
}
pub async fn settle_quarantined(_app: &App, _key: MessageKey, _verdict: Verdict<'_>, _by: &str) -> Result<(), Error> {
    todo!()
}
/// A person says what became of a mail with unknown outcome: it arrived, or it is to be sent again.
pub async fn settle_unknown(_app: &App, _id: OutboxId, _arrived: bool, _by: &str) -> Result<(), Error> {
    todo!()
}
/// The customer's vote on the rating page: token of the link, score 1 to 5.
pub async fn rate(_app: &App, _token: &str, _score: u8, _comment: Option<&str>) -> Result<(), Error> {
    todo!()
}
/// A one-time login link (path with token) for the engineer, valid for 15 minutes.
pub async fn login_link(_app: &App, _login: &str) -> Result<String, Error> {
    todo!()
}
/// Argon2 hash of a password, on the blocking pool.
pub async fn set_password(_app: &App, _id: EngineerId, _password: &str) -> Result<(), Error> {
    todo!()
}
