//! Outbox: approved mails waiting for SMTP, and each attempt with its outcome.
//!
//! `due` → (claim) `claimed` → (before the bytes are handed over) `sending` → `sent` | `due` (temporary) | `failed` | `unknown`.
//! After a crash `claimed` is due again (nothing was handed over), `sending` becomes `unknown` (never blindly repeated).

use super::sql::{by_engine, execute, fetch_all, fetch_one, fetch_optional, from_row, sql};
use super::value::{MAX_TEXT, fit};
use super::{Error, Result, Tx, guard};
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
from_row!(OutboxRow { id, case = "case_id", case_number, draft = "draft_id", message = "message_key", message_id, stage, envelope_from, recipients, status, attempts, next_attempt_at, last_reply, created_at, sent_at });

macro_rules! rows {
    ($rest:literal) => {
        concat!(
            "SELECT o.id, o.case_id, c.number AS case_number, o.draft_id, o.message_key, o.message_id, o.stage, o.envelope_from, o.recipients,
                o.status, o.attempts, o.next_attempt_at, o.last_reply, o.created_at, o.sent_at FROM outbox o JOIN cases c ON c.id = o.case_id ",
            $rest
        )
    };
}
macro_rules! claim {
    ($lock:literal) => {
        concat!(
            "UPDATE outbox SET status = 'claimed', changed_at = $1 WHERE status = 'due' AND id =
                (SELECT id FROM outbox WHERE status = 'due' AND next_attempt_at <= $1 ORDER BY next_attempt_at, id LIMIT 1",
            $lock,
            ") RETURNING id"
        )
    };
}
sql! { ALL;
    INSERT = "INSERT INTO outbox (case_id, draft_id, message_key, message_id, stage, envelope_from, recipients, next_attempt_at, created_at, changed_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $8) ON CONFLICT DO NOTHING RETURNING id";
    MARK_SENDING = "UPDATE outbox SET status = 'sending', changed_at = $2 WHERE id = $1 AND status = 'claimed'";
    MARK_OUTCOME = "UPDATE outbox SET status = $2, next_attempt_at = COALESCE($3, next_attempt_at), last_reply = $4, changed_at = $5,
        sent_at = CASE WHEN $2 = 'sent' THEN CAST($5 AS BIGINT) END, attempts = attempts + 1 WHERE id = $1 AND status IN ('claimed', 'sending')";
    SETTLE = "UPDATE outbox SET status = $2, last_reply = $3, changed_at = $4, next_attempt_at = $4,
        sent_at = CASE WHEN $2 = 'sent' THEN CAST($4 AS BIGINT) END WHERE id = $1 AND status = 'unknown'";
    INSERT_ATTEMPT = "INSERT INTO attempts (outbox_id, at, outcome, reply) VALUES ($1, $2, $3, $4)";
    RECOVER_CLAIMED = "UPDATE outbox SET status = 'due', changed_at = $1 WHERE status = 'claimed'";
    RECOVER_SENDING = "UPDATE outbox SET status = 'unknown', changed_at = $1, attempts = attempts + 1, last_reply = $2 WHERE status = 'sending' RETURNING id";
    FIND = rows!("WHERE o.id = $1");
    LIST = rows!("WHERE o.status = $1 ORDER BY o.id LIMIT $2");
    LIST_FAILED = rows!("WHERE o.status = 'failed' AND o.changed_at > $1
        AND NOT EXISTS (SELECT 1 FROM outbox later WHERE later.case_id = o.case_id AND later.id > o.id) ORDER BY o.id DESC LIMIT $2");
    LIST_OF_CASE = rows!("WHERE o.case_id = $1 ORDER BY o.id");
    NEWER_MAIL = "SELECT 1 AS one FROM outbox o JOIN drafts d ON d.id = o.draft_id JOIN cases c ON c.id = o.case_id
        WHERE o.id = $1 AND d.seen_inbound IS DISTINCT FROM c.last_inbound_key";
    NEXT_DUE = "SELECT min(next_attempt_at) FROM outbox WHERE status = 'due'";
}
sql! { SQLITE; CLAIM_SQLITE = claim!(""); }
sql! { POSTGRES; CLAIM_POSTGRES = claim!(" FOR UPDATE SKIP LOCKED"); }

/// Err(Conflict) when the draft has a living row, or the message is in the outbox already.
pub async fn insert(tx: &mut Tx, new: &NewOutbox) -> Result<OutboxId> {
    let row = fetch_optional!(
        (OutboxId,),
        tx,
        INSERT,
        new.case,
        new.draft,
        new.message,
        &new.message_id,
        new.stage,
        &new.envelope_from,
        &new.recipients,
        new.due_at
    )?;
    row.map(|(id,)| id).ok_or(Error::Conflict("the draft"))
}
/// Claims one due row, or None. Two connections never claim the same one.
pub async fn claim_due(tx: &mut Tx, now: Millis) -> Result<Option<OutboxRow>> {
    let text = by_engine!(tx, CLAIM_SQLITE, CLAIM_POSTGRES);
    match fetch_optional!((OutboxId,), tx, text, now)? {
        Some((id,)) => find(tx, id).await,
        None => Ok(None),
    }
}
/// claimed → sending: from here on the outcome may be unknown.
pub async fn mark_sending(tx: &mut Tx, id: OutboxId, now: Millis) -> Result<()> {
    guard(execute!(tx, MARK_SENDING, id, now)?, "the outgoing mail")
}
/// claimed/sending → sent | due at `next_attempt_at` | failed | unknown, and the attempt row.
pub async fn mark_outcome(
    tx: &mut Tx,
    id: OutboxId,
    to: OutboxStatus,
    next_attempt_at: Option<Millis>,
    reply: &str,
    now: Millis,
) -> Result<()> {
    let reply = fit(reply, MAX_TEXT);
    let is_outcome = !matches!(to, OutboxStatus::Claimed | OutboxStatus::Sending);
    let rows = if is_outcome { execute!(tx, MARK_OUTCOME, id, to, next_attempt_at, reply.as_ref(), now)? } else { 0 };
    guard(rows, "the outgoing mail")?;
    insert_attempt(tx, id, to, &reply, now).await
}
async fn insert_attempt(tx: &mut Tx, id: OutboxId, outcome: OutboxStatus, reply: &str, now: Millis) -> Result<()> {
    execute!(tx, INSERT_ATTEMPT, id, now, outcome, reply).map(|_| ())
}
/// At start: claimed → due; sending → unknown. Returns the rows that became unknown.
pub async fn recover(tx: &mut Tx, now: Millis) -> Result<Vec<OutboxRow>> {
    const REPLY: &str = "the daemon stopped while this mail was being handed over";
    execute!(tx, RECOVER_CLAIMED, now)?;
    let mut ids = fetch_all!((OutboxId,), tx, RECOVER_SENDING, now, REPLY)?;
    ids.sort_unstable();
    let mut rows = Vec::with_capacity(ids.len());
    for (id,) in ids {
        insert_attempt(tx, id, OutboxStatus::Unknown, REPLY, now).await?;
        rows.extend(find(tx, id).await?);
    }
    Ok(rows)
}
/// unknown → sent or due, by a person or by finding the mail in the Sent mailbox.
pub async fn settle_unknown(tx: &mut Tx, id: OutboxId, to: OutboxStatus, reply: &str, now: Millis) -> Result<()> {
    let reply = fit(reply, MAX_TEXT);
    let is_settled = matches!(to, OutboxStatus::Sent | OutboxStatus::Due);
    let rows = if is_settled { execute!(tx, SETTLE, id, to, reply.as_ref(), now)? } else { 0 };
    guard(rows, "the outgoing mail")?;
    insert_attempt(tx, id, to, &reply, now).await
}
pub async fn find(tx: &mut Tx, id: OutboxId) -> Result<Option<OutboxRow>> {
    fetch_optional!(OutboxRow, tx, FIND, id)
}
/// Rows in this status, oldest first.
pub async fn list(tx: &mut Tx, status: OutboxStatus, limit: i64) -> Result<Vec<OutboxRow>> {
    fetch_all!(OutboxRow, tx, LIST, status, limit)
}
/// Mails that failed for good after `since` and were followed by no other mail of their case, newest first.
pub async fn list_failed(tx: &mut Tx, since: Millis, limit: i64) -> Result<Vec<OutboxRow>> {
    fetch_all!(OutboxRow, tx, LIST_FAILED, since, limit)
}
pub async fn list_of_case(tx: &mut Tx, case: CaseId) -> Result<Vec<OutboxRow>> {
    fetch_all!(OutboxRow, tx, LIST_OF_CASE, case)
}
/// Whether a mail of the customer was filed in the case that the draft's approver cannot have seen.
pub async fn has_newer_mail(tx: &mut Tx, id: OutboxId) -> Result<bool> {
    Ok(fetch_optional!((i32,), tx, NEWER_MAIL, id)?.is_some())
}
/// When the next due row is due; None: nothing waits.
pub async fn next_due_at(tx: &mut Tx) -> Result<Option<Millis>> {
    fetch_one!((Option<Millis>,), tx, NEXT_DUE).map(|(at,)| at)
}
