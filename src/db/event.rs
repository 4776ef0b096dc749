//! Events: the history of a case, append-only: who, when, what, why.

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
pub async fn insert(_tx: &mut Tx, _new: &NewEvent<'_>) -> Result<()> {
    todo!()
}
/// Oldest first, at most the `limit` newest.
pub async fn list_of_case(_tx: &mut Tx, _case: CaseId, _limit: i64) -> Result<Vec<EventRow>> {
    todo!()
}
