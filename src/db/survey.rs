//! Surveys: scheduled → sent → answered | expired; cancelled when the case reopens before sending.

use super::sql::{execute, fetch_all, fetch_one, fetch_optional, from_row, sql};
use super::value::{MAX_TEXT, fit};
use super::{Result, Tx, guard};
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
from_row!(SurveyRow { id, case = "case_id", case_number, case_title, status, due_at, sent_at, expires_at, score, comment, answered_at, via });
macro_rules! surveys {
    ($rest:literal) => {
        concat!(
            "SELECT s.id, s.case_id, c.number AS case_number, c.title AS case_title, s.status, s.due_at, s.sent_at, s.expires_at, s.score,
                s.comment, s.answered_at, s.via FROM surveys s JOIN cases c ON c.id = s.case_id ",
            $rest
        )
    };
}
sql! { ALL;
    SCHEDULE = "INSERT INTO surveys (case_id, due_at) VALUES ($1, $2) ON CONFLICT (case_id) WHERE status = 'scheduled'
        DO UPDATE SET due_at = excluded.due_at RETURNING id";
    CANCEL_OF_CASE = "UPDATE surveys SET status = 'cancelled' WHERE case_id = $1 AND status = 'scheduled'";
    LIST_DUE = surveys!("WHERE s.status = 'scheduled' AND s.due_at <= $1 ORDER BY s.due_at, s.id LIMIT $2");
    MARK_SENT = "UPDATE surveys SET status = 'sent', token_hash = $2, sent_at = $3, expires_at = $4 WHERE id = $1 AND status = 'scheduled'";
    FIND_BY_TOKEN = surveys!("WHERE s.token_hash = $1");
    OPEN_OF_CASE = surveys!("WHERE s.case_id = $1 AND s.status = 'sent' ORDER BY s.id DESC LIMIT 1");
    ANSWER = "UPDATE surveys SET status = 'answered', score = $2, comment = $3, via = $4, answered_at = $5
        WHERE id = $1 AND status = 'sent' AND expires_at > $5";
    LIST_OF_CASE = surveys!("WHERE s.case_id = $1 ORDER BY s.id");
    EXPIRE = "UPDATE surveys SET status = 'expired' WHERE status = 'sent' AND expires_at <= $1";
}

/// A case has at most one scheduled survey: a second call moves its due time.
pub async fn schedule(tx: &mut Tx, case: CaseId, due_at: Millis) -> Result<SurveyId> {
    fetch_one!((SurveyId,), tx, SCHEDULE, case, due_at).map(|(id,)| id)
}
/// No error when none is scheduled.
pub async fn cancel_of_case(tx: &mut Tx, case: CaseId) -> Result<()> {
    execute!(tx, CANCEL_OF_CASE, case).map(|_| ())
}
pub async fn list_due(tx: &mut Tx, now: Millis, limit: i64) -> Result<Vec<SurveyRow>> {
    fetch_all!(SurveyRow, tx, LIST_DUE, now, limit)
}
/// scheduled → sent, with the hash of the one-time token in the link.
pub async fn mark_sent(tx: &mut Tx, id: SurveyId, token_hash: &str, sent_at: Millis, expires_at: Millis) -> Result<()> {
    guard(execute!(tx, MARK_SENT, id, token_hash, sent_at, expires_at)?, "the survey")
}
/// In any status: the page says whether it is answered or expired.
pub async fn find_by_token(tx: &mut Tx, token_hash: &str) -> Result<Option<SurveyRow>> {
    fetch_optional!(SurveyRow, tx, FIND_BY_TOKEN, token_hash)
}
/// Newest survey of the case in status sent (for votes by mail).
pub async fn open_of_case(tx: &mut Tx, case: CaseId) -> Result<Option<SurveyRow>> {
    fetch_optional!(SurveyRow, tx, OPEN_OF_CASE, case)
}
/// sent → answered; Conflict when it is not open any more: a token works once. `score` 0 to 10.
pub async fn answer(tx: &mut Tx, id: SurveyId, score: i64, comment: Option<&str>, via: &str, now: Millis) -> Result<()> {
    let comment = comment.map(|comment| fit(comment, MAX_TEXT));
    guard(execute!(tx, ANSWER, id, score, comment.as_deref(), via, now)?, "the survey")
}
pub async fn list_of_case(tx: &mut Tx, case: CaseId) -> Result<Vec<SurveyRow>> {
    fetch_all!(SurveyRow, tx, LIST_OF_CASE, case)
}
/// Open surveys whose time is over. Returns how many.
pub async fn expire(tx: &mut Tx, now: Millis) -> Result<u64> {
    execute!(tx, EXPIRE, now)
}
