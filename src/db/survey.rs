//! Surveys: scheduled → sent → answered | expired; cancelled when the case reopens before sending.

use super::{Result, Tx};
use crate::case::{CaseId, Millis, SurveyId, text_enum};

text_enum! { SurveyStatus { Scheduled = "scheduled", Sent = "sent", Answered = "answered", Cancelled = "cancelled", Expired = "expired" } }

#[derive(Debug, Clone, PartialEq)]
pub struct SurveyRow {
    pub id: SurveyId,
    pub case: CaseId,
    pub case_number: String,
    pub case_title: String,
    pub status: SurveyStatus,
    pub due_at: Millis,
    pub sent_at: Option<Millis>,
    pub expires_at: Option<Millis>,
    pub score: Option<i64>,
    pub comment: Option<String>,
    pub answered_at: Option<Millis>,
    /// `page` or `mail`.
    pub via: Option<String>,
}
pub async fn schedule(_tx: &mut Tx, _case: CaseId, _due_at: Millis) -> Result<SurveyId> {
    todo!()
}
pub async fn cancel_of_case(_tx: &mut Tx, _case: CaseId) -> Result<()> {
    todo!()
}
pub async fn list_due(_tx: &mut Tx, _now: Millis, _limit: i64) -> Result<Vec<SurveyRow>> {
    todo!()
}
/// scheduled → sent, with the hash of the one-time token in the link.
pub async fn mark_sent(_tx: &mut Tx, _id: SurveyId, _token_hash: &str, _sent_at: Millis, _expires_at: Millis) -> Result<()> {
    todo!()
}
pub async fn find_by_token(_tx: &mut Tx, _token_hash: &str) -> Result<Option<SurveyRow>> {
    todo!()
}
/// Newest survey of the case in status sent (for votes by mail).
pub async fn open_of_case(_tx: &mut Tx, _case: CaseId) -> Result<Option<SurveyRow>> {
    todo!()
}
/// sent → answered; Conflict when it is not open any more: a token works once.
pub async fn answer(_tx: &mut Tx, _id: SurveyId, _score: i64, _comment: Option<&str>, _via: &str, _now: Millis) -> Result<()> {
    todo!()
}
pub async fn list_of_case(_tx: &mut Tx, _case: CaseId) -> Result<Vec<SurveyRow>> {
    todo!()
}
pub async fn expire(_tx: &mut Tx, _now: Millis) -> Result<u64> {
    todo!()
}
