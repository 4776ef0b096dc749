//! Events: the history of a case, append-only: who, when, what, why.

use super::sql::{execute, fetch_all, from_row, sql};
use super::value::{MAX_TEXT, fit};
use super::{Result, Tx};
use crate::case::{CaseId, DraftId, MessageKey, Millis};

#[derive(Debug, Clone)]
pub struct NewEvent<'a> {
    pub case: Option<CaseId>,
    pub message: Option<MessageKey>,
    pub draft: Option<DraftId>,
    pub at: Millis,
    /// Login of the engineer, or `casemate`.
    pub actor: &'a str,
    /// Text of `case::EventKind`.
    pub kind: &'a str,
    /// For people.
    pub detail: &'a str,
}
#[derive(Debug, Clone, PartialEq)]
pub struct EventRow {
    pub id: i64,
    pub at: Millis,
    pub actor: String,
    pub kind: String,
    pub detail: String,
    pub message: Option<MessageKey>,
    pub draft: Option<DraftId>,
}
from_row!(EventRow { id, at, actor, kind, detail, message = "message_key", draft = "draft_id" });
sql! { ALL;
    INSERT = "INSERT INTO events (case_id, message_key, draft_id, at, actor, kind, detail) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    LIST_OF_CASE = "SELECT id, at, actor, kind, detail, message_key, draft_id FROM events WHERE case_id = $1 ORDER BY id DESC LIMIT $2";
}

pub async fn insert(tx: &mut Tx, new: &NewEvent<'_>) -> Result<()> {
    let detail = fit(new.detail, MAX_TEXT);
    execute!(tx, INSERT, new.case, new.message, new.draft, new.at, new.actor, new.kind, detail.as_ref()).map(|_| ())
}
/// Oldest first, at most the `limit` newest.
pub async fn list_of_case(tx: &mut Tx, case: CaseId, limit: i64) -> Result<Vec<EventRow>> {
    let mut rows = fetch_all!(EventRow, tx, LIST_OF_CASE, case, limit)?;
    rows.reverse();
    Ok(rows)
}
