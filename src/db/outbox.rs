//! Outbox: approved mails waiting for SMTP, and each attempt with its outcome.
//!
//! `due` → (claim) `claimed` → (before the bytes are handed over) `sending` → `sent` | `due` (temporary) | `failed` | `unknown`.
//! After a crash `claimed` is due again (nothing was handed over), `sending` becomes `unknown` (never blindly repeated).

use super::{Result, Tx};
use crate::case::{CaseId, DraftId, MessageKey, Millis, OutboxId, text_enum};

text_enum! { OutboxStatus { Due = "due", Claimed = "claimed", Sending = "sending", Sent = "sent", Failed = "failed", Unknown = "unknown" } }

#[derive(Debug, Clone)]
pub struct NewOutbox {
    pub case: CaseId,
    /// None: an automatic mail (survey).
    pub draft: Option<DraftId>,
    pub message: MessageKey,
    pub message_id: String,
    pub stage: crate::case::Stage,
    pub envelope_from: String,
    /// Addresses, comma separated.
    pub recipients: String,
    pub due_at: Millis,
}
#[derive(Debug, Clone, PartialEq)]
pub struct OutboxRow {
    pub id: OutboxId,
    pub case: CaseId,
    pub case_number: String,
    pub draft: Option<DraftId>,
    pub message: MessageKey,
    pub message_id: String,
    pub stage: crate::case::Stage,
    pub envelope_from: String,
    pub recipients: String,
    pub status: OutboxStatus,
    pub attempts: i64,
    pub next_attempt_at: Millis,
    pub last_reply: Option<String>,
    pub created_at: Millis,
    pub sent_at: Option<Millis>,
}

pub async fn insert(_tx: &mut Tx, _new: &NewOutbox) -> Result<OutboxId> {
    todo!()
}
/// Claims one due row, or None.
pub async fn claim_due(_tx: &mut Tx, _now: Millis) -> Result<Option<OutboxRow>> {
    todo!()
}
/// claimed → sending: from here on the outcome may be unknown.
pub async fn mark_sending(_tx: &mut Tx, _id: OutboxId, _now: Millis) -> Result<()> {
    todo!()
}
/// claimed/sending → sent | due at `next_attempt_at` | failed | unknown, and the attempt row.
pub async fn mark_outcome(
    _tx: &mut Tx,
    _id: OutboxId,
    _to: OutboxStatus,
    _next_attempt_at: Option<Millis>,
    _reply: &str,
    _now: Millis,
) -> Result<()> {
    todo!()
}
/// At start: claimed → due; sending → unknown. Returns the rows that became unknown.
pub async fn recover(_tx: &mut Tx, _now: Millis) -> Result<Vec<OutboxRow>> {
    todo!()
}
/// unknown → sent or due, by a person or by finding the mail in the Sent mailbox.
pub async fn settle_unknown(_tx: &mut Tx, _id: OutboxId, _to: OutboxStatus, _reply: &str, _now: Millis) -> Result<()> {
    todo!()
}
pub async fn find(_tx: &mut Tx, _id: OutboxId) -> Result<Option<OutboxRow>> {
    todo!()
}
/// Rows in these statuses, oldest first.
pub async fn list(_tx: &mut Tx, _status: OutboxStatus, _limit: i64) -> Result<Vec<OutboxRow>> {
    todo!()
}
pub async fn list_of_case(_tx: &mut Tx, _case: CaseId) -> Result<Vec<OutboxRow>> {
    todo!()
}
/// When the next due row is due; None: nothing waits.
pub async fn next_due_at(_tx: &mut Tx) -> Result<Option<Millis>> {
    todo!()
}
