//! Cases: rows, numbers, participants, the facts triage needs.

use super::{Result, Tx};
use crate::case::{CaseId, EngineerId, Language, Millis, Priority, Status};
use crate::mail::Mail;
use crate::triage::Facts;

#[derive(Debug, Clone)]
pub struct NewCase {
    /// None: the next number of casemate's own (`prefix`, `random` suffix) is minted in the same transaction.
    pub number: String,
    pub title: String,
    pub priority: Priority,
    pub category: Option<String>,
    pub owner: Option<EngineerId>,
    pub language: Language,
    pub customer_name: Option<String>,
    pub customer_address: String,
    pub created_at: Millis,
    pub first_response_due_at: Option<Millis>,
    pub next_update_due_at: Option<Millis>,
    pub resolve_due_at: Option<Millis>,
}
#[derive(Debug, Clone, PartialEq)]
pub struct CaseRow {
    pub id: CaseId,
    pub number: String,
    pub title: String,
    pub status: Status,
    pub priority: Priority,
    pub category: Option<String>,
    pub owner: Option<EngineerId>,
    pub owner_name: Option<String>,
    pub language: Language,
    pub customer_name: Option<String>,
    pub customer_address: String,
    /// Tracking token of the case's last outgoing mail.
    pub token: Option<String>,
    pub created_at: Millis,
    pub updated_at: Millis,
    pub first_response_due_at: Option<Millis>,
    pub first_responded_at: Option<Millis>,
    pub next_update_due_at: Option<Millis>,
    pub resolve_due_at: Option<Millis>,
    pub resolved_at: Option<Millis>,
    pub archived_at: Option<Millis>,
    pub waiting_since_at: Option<Millis>,
    pub reminders: i64,
    pub reopens: i64,
    pub merged_into: Option<CaseId>,
    pub last_inbound_at: Option<Millis>,
}
/// Filter of a case list; all given conditions hold. Pages by `(updated_at, id)` descending.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub status: Option<Status>,
    pub open_only: bool,
    pub owner: Option<EngineerId>,
    pub before: Option<(Millis, CaseId)>,
    pub limit: i64,
}

/// Facts for one mail. `window`: how far back (ms) tokens and subjects are believed.
pub async fn facts_for(_tx: &mut Tx, _mail: &Mail, _now: Millis, _window: Millis) -> Result<Facts> {
    todo!()
}
/// Next sequence value by name (`case_number`, `tracking_token`), starting at `start`.
pub async fn next_sequence(_tx: &mut Tx, _name: &str, _start: i64) -> Result<i64> {
    todo!()
}
/// Err(Conflict) when the number exists.
pub async fn insert(_tx: &mut Tx, _new: &NewCase) -> Result<CaseId> {
    todo!()
}
/// Remembers an outside participant (lower case).
pub async fn add_address(_tx: &mut Tx, _case: CaseId, _address: &str) -> Result<()> {
    todo!()
}
pub async fn find(_tx: &mut Tx, _id: CaseId) -> Result<Option<CaseRow>> {
    todo!()
}
pub async fn find_by_number(_tx: &mut Tx, _number: &str) -> Result<Option<CaseRow>> {
    todo!()
}
pub async fn list(_tx: &mut Tx, _filter: &Filter) -> Result<Vec<CaseRow>> {
    todo!()
}
/// Guarded `from` → `to`. Sets resolved_at, archived_at, waiting_since_at (cleared otherwise), reopens as the status says.
pub async fn set_status(_tx: &mut Tx, _id: CaseId, _from: Status, _to: Status, _now: Millis) -> Result<()> {
    todo!()
}
/// A customer's mail came in: updated_at, last_inbound_at, reminders back to 0, and the next-update clock.
pub async fn touch_inbound(_tx: &mut Tx, _id: CaseId, _received_at: Millis, _next_update_due_at: Option<Millis>) -> Result<()> {
    todo!()
}
/// A mail of ours went out: first_responded_at when it was empty, token, next_update_due_at.
pub async fn touch_outbound(
    _tx: &mut Tx,
    _id: CaseId,
    _sent_at: Millis,
    _token: Option<&str>,
    _next_update_due_at: Option<Millis>,
) -> Result<()> {
    todo!()
}
/// Remembers which tracking token a case used (for facts_for).
pub async fn add_token(_tx: &mut Tx, _case: CaseId, _token: &str, _now: Millis) -> Result<()> {
    todo!()
}
pub async fn assign(_tx: &mut Tx, _id: CaseId, _owner: Option<EngineerId>, _now: Millis) -> Result<()> {
    todo!()
}
pub async fn set_priority(_tx: &mut Tx, _id: CaseId, _priority: Priority, _now: Millis) -> Result<()> {
    todo!()
}
pub async fn set_due(_tx: &mut Tx, _id: CaseId, _next_update_due_at: Option<Millis>, _resolve_due_at: Option<Millis>) -> Result<()> {
    todo!()
}
/// Status becomes merged, mails and drafts stay where they are, facts follow `into`.
pub async fn merge(_tx: &mut Tx, _id: CaseId, _from: Status, _into: CaseId, _now: Millis) -> Result<()> {
    todo!()
}
/// Cases in waiting_customer since before `since` with fewer than `max` reminders and no waiting draft: reminders due.
pub async fn list_silent(_tx: &mut Tx, _since: Millis, _max: i64, _limit: i64) -> Result<Vec<CaseRow>> {
    todo!()
}
pub async fn count_reminder(_tx: &mut Tx, _id: CaseId, _now: Millis) -> Result<()> {
    todo!()
}
