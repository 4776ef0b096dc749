//! Events: the history of a case, append-only: who, when, what, why.

use super::sql::{by_engine, execute, fetch_all, from_row, sql};
use super::value::{MAX_TEXT, fit, json_list};
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
    LIST_OF_CASE = "SELECT id, at, actor, kind, detail, message_key, draft_id FROM events WHERE case_id = $1 ORDER BY id DESC LIMIT $2";
}
// One JSON list of rows; only its taking apart differs.
sql! { SQLITE;
    INSERT_SQLITE = "INSERT INTO events (case_id, message_key, draft_id, at, actor, kind, detail)
        SELECT value ->> 'case', value ->> 'message', value ->> 'draft', value ->> 'at', value ->> 'actor', value ->> 'kind', value ->> 'detail'
        FROM json_each($1)";
}
sql! { POSTGRES;
    INSERT_POSTGRES = "INSERT INTO events (case_id, message_key, draft_id, at, actor, kind, detail)
        SELECT e.case, e.message, e.draft, e.at, e.actor, e.kind, e.detail FROM json_to_recordset(CAST($1 AS JSON))
        AS e (\"case\" BIGINT, message BIGINT, draft BIGINT, at BIGINT, actor TEXT, kind TEXT, detail TEXT)";
}

/// An event that is written when its transaction commits.
#[derive(serde::Serialize)]
pub(super) struct Late {
    case: Option<CaseId>,
    message: Option<MessageKey>,
    draft: Option<DraftId>,
    at: Millis,
    actor: String,
    kind: String,
    detail: String,
}

/// Adds a line to the history; written with the commit.
pub async fn insert(tx: &mut Tx, new: &NewEvent<'_>) -> Result<()> {
    let detail = fit(new.detail, MAX_TEXT).into_owned();
    let (actor, kind) = (new.actor.to_owned(), new.kind.to_owned());
    tx.events.push(Late { case: new.case, message: new.message, draft: new.draft, at: new.at, actor, kind, detail });
    Ok(())
}
pub(super) async fn flush(tx: &mut Tx) -> Result<()> {
    if tx.events.is_empty() {
        return Ok(());
    }
    let rows = json_list(&std::mem::take(&mut tx.events));
    let text = by_engine!(tx, INSERT_SQLITE, INSERT_POSTGRES);
    execute!(tx, text, rows).map(|_| ())
}
/// Oldest first, at most the `limit` newest.
pub async fn list_of_case(tx: &mut Tx, case: CaseId, limit: i64) -> Result<Vec<EventRow>> {
    flush(tx).await?;
    let mut rows = fetch_all!(EventRow, tx, LIST_OF_CASE, case, limit)?;
    rows.reverse();
    Ok(rows)
}
