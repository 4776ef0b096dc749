//! Drafts: proposed → approved | discarded | superseded. At most one proposed draft a case.

use super::{Result, Tx};
use crate::case::{CaseId, DraftId, Language, MessageKey, Millis, Stage, text_enum};

text_enum! { DraftStatus { Proposed = "proposed", Approved = "approved", Discarded = "discarded", Superseded = "superseded" } }

#[derive(Debug, Clone)]
pub struct NewDraft {
    pub case: CaseId,
    /// The mail it answers.
    pub reply_to: Option<MessageKey>,
    pub stage: Stage,
    pub language: Language,
    /// Addresses as `Name <a@b>` text, comma separated.
    pub to: String,
    pub cc: String,
    pub subject: String,
    pub body: String,
    pub token: Option<String>,
    /// JSON of `Vec<draft::Answer>`, `Vec<draft::Finding>`, `Vec<triage::Reason>`.
    pub answers: String,
    pub findings: String,
    pub why: String,
    pub created_at: Millis,
}
#[derive(Debug, Clone, PartialEq)]
pub struct DraftRow {
    pub id: DraftId,
    pub case: CaseId,
    pub case_number: String,
    pub case_title: String,
    pub customer: String,
    pub reply_to: Option<MessageKey>,
    pub stage: Stage,
    pub language: Language,
    pub status: DraftStatus,
    /// Counts edits; every change names the version it was made on.
    pub version: i64,
    pub to: String,
    pub cc: String,
    pub subject: String,
    pub body: String,
    pub proposed_subject: String,
    pub proposed_body: String,
    pub token: Option<String>,
    pub answers: String,
    pub findings: String,
    pub why: String,
    pub created_at: Millis,
    pub updated_at: Millis,
    /// The case's last inbound mail when the draft was composed or last looked over; approval requires it to be still the last.
    pub seen_inbound: Option<MessageKey>,
    pub edited_by: Option<String>,
}

/// Supersedes the case's proposed draft, if there is one, and inserts. `seen_inbound` = the case's last inbound mail.
pub async fn insert(_tx: &mut Tx, _new: &NewDraft) -> Result<DraftId> {
    todo!()
}
pub async fn find(_tx: &mut Tx, _id: DraftId) -> Result<Option<DraftRow>> {
    todo!()
}
pub async fn proposed_of_case(_tx: &mut Tx, _case: CaseId) -> Result<Option<DraftRow>> {
    todo!()
}
/// All drafts of a case, oldest first.
pub async fn list_of_case(_tx: &mut Tx, _case: CaseId) -> Result<Vec<DraftRow>> {
    todo!()
}
/// Body of the newest approved draft of that stage.
pub async fn approved_body(_tx: &mut Tx, _case: CaseId, _stage: Stage) -> Result<Option<String>> {
    todo!()
}
/// The queue: proposed drafts, oldest first, after `after` when given: pages.
pub async fn list_proposed(_tx: &mut Tx, _after: Option<DraftId>, _limit: i64) -> Result<Vec<DraftRow>> {
    todo!()
}
pub async fn count_proposed(_tx: &mut Tx) -> Result<i64> {
    todo!()
}
/// Guarded by `version`; returns the new version. Sets seen_inbound to the case's present last inbound mail.
#[allow(clippy::too_many_arguments)]
pub async fn edit(
    _tx: &mut Tx,
    _id: DraftId,
    _version: i64,
    _subject: &str,
    _body: &str,
    _to: &str,
    _cc: &str,
    _findings: &str,
    _by: &str,
    _now: Millis,
) -> Result<i64> {
    todo!()
}
/// proposed → approved, guarded by version and by seen_inbound = the case's last inbound mail (else Conflict("the case's last mail")).
pub async fn approve(_tx: &mut Tx, _id: DraftId, _version: i64, _by: &str, _now: Millis) -> Result<()> {
    todo!()
}
pub async fn discard(_tx: &mut Tx, _id: DraftId, _version: i64, _by: &str, _now: Millis) -> Result<()> {
    todo!()
}
/// approved → proposed again, after a permanent failure of its sending.
pub async fn send_back(_tx: &mut Tx, _id: DraftId, _reason: &str, _now: Millis) -> Result<()> {
    todo!()
}
