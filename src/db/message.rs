//! Messages: mails in and out as stored, their raw bytes (a table of their own, lz4), the per-mailbox ledger of sightings.
//!
//! Life of an inbound message: `received` → `filed` | `ignored` (with a reason) | `quarantined` (with a reason; a person
//! then files, releases for another try, or ignores it). Same bytes twice is one message with two sightings (unique SHA-256).

use super::{Result, Tx};
use crate::case::{CaseId, MailboxId, MessageKey, Millis};
use crate::case::{Language, text_enum};
use crate::mail::Kind;

text_enum! { Direction { In = "in", Out = "out" } }
text_enum! { State { Received = "received", Filed = "filed", Ignored = "ignored", Quarantined = "quarantined", Sent = "sent" } }

/// A mail as fetched. `remote_id` is unique in its mailbox: `UIDVALIDITY/UID`, or a file's stable name.
#[derive(Debug)]
pub struct NewRaw<'a> {
    pub mailbox: MailboxId,
    pub remote_id: &'a str,
    pub received_at: Millis,
    pub seen_at: Millis,
    pub size: i64,
    /// None: larger than the limit; stored as quarantined at once, with this reason, without bytes.
    pub raw: std::result::Result<&'a [u8], &'a str>,
}
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stored {
    New(MessageKey),
    /// Same bytes are known: only the sighting is new.
    Duplicate(MessageKey),
    /// This very remote_id was seen before.
    Seen,
}
#[derive(Debug, Clone)]
pub struct Received {
    pub key: MessageKey,
    pub mailbox: Option<MailboxId>,
    pub received_at: Millis,
    pub raw: Vec<u8>,
}
/// What triage learned of a message; columns of lists and of threading.
#[derive(Debug, Clone, Default)]
pub struct Parsed {
    pub kind: Option<Kind>,
    pub message_id: Option<String>,
    pub from_name: Option<String>,
    pub from_address: Option<String>,
    pub subject: String,
    pub base_subject: String,
    pub date_at: Option<Millis>,
    pub language: Option<Language>,
    pub reply_text: String,
    pub attachments: i64,
    pub defects: i64,
}
/// A line of a list; never carries raw bytes.
#[derive(Debug, Clone, PartialEq)]
pub struct MessageRow {
    pub key: MessageKey,
    pub direction: Direction,
    pub state: State,
    pub reason: Option<String>,
    pub case: Option<CaseId>,
    pub kind: Option<Kind>,
    pub message_id: Option<String>,
    pub from_name: Option<String>,
    pub from_address: Option<String>,
    pub subject: String,
    pub received_at: Millis,
    pub size: i64,
    /// Text the mail adds, for the case page.
    pub reply_text: String,
    pub attachments: i64,
    /// JSON: the decision's reasons (`Vec<triage::Reason>`), candidates for a person.
    pub why: Option<String>,
    pub mailbox: Option<String>,
}

/// Which of these remote ids are known in the mailbox.
pub async fn known(_tx: &mut Tx, _mailbox: MailboxId, _remote_ids: &[String]) -> Result<std::collections::HashSet<String>> {
    todo!()
}
pub async fn insert_raw(_tx: &mut Tx, _new: &NewRaw<'_>) -> Result<Stored> {
    todo!()
}
/// Oldest first; what triage works on.
pub async fn list_received(_tx: &mut Tx, _limit: i64) -> Result<Vec<Received>> {
    todo!()
}
/// `received` (or `quarantined`, when a person files it) → `filed` in a case.
pub async fn file(_tx: &mut Tx, _key: MessageKey, _from: State, _case: CaseId, _parsed: &Parsed, _why: &str) -> Result<()> {
    todo!()
}
/// `received`/`quarantined` → `ignored`. `case`: known case it concerns (a bounce's), if any.
pub async fn ignore(_tx: &mut Tx, _key: MessageKey, _from: State, _reason: &str, _parsed: Option<&Parsed>, _why: &str) -> Result<()> {
    todo!()
}
/// `received` → `quarantined`. `parsed` when the mail could be read (a person decides), None when not.
pub async fn quarantine(_tx: &mut Tx, _key: MessageKey, _reason: &str, _parsed: Option<&Parsed>, _why: &str) -> Result<()> {
    todo!()
}
/// `quarantined` → `received`: triage tries again.
pub async fn release(_tx: &mut Tx, _key: MessageKey) -> Result<()> {
    todo!()
}
/// An approved mail of ours, with its final bytes; state `sent` means "ours", whatever the outbox says.
pub async fn insert_out(_tx: &mut Tx, _case: CaseId, _parsed: &Parsed, _raw: &[u8], _at: Millis) -> Result<MessageKey> {
    todo!()
}
pub async fn find(_tx: &mut Tx, _key: MessageKey) -> Result<Option<MessageRow>> {
    todo!()
}
/// None: no such message or its bytes expired.
pub async fn raw(_tx: &mut Tx, _key: MessageKey) -> Result<Option<Vec<u8>>> {
    todo!()
}
/// All mails of a case, oldest first, at most `limit` newest.
pub async fn list_of_case(_tx: &mut Tx, _case: CaseId, _limit: i64) -> Result<Vec<MessageRow>> {
    todo!()
}
/// Inbound mails in that state, newest first, before `before` (key) when given: pages.
pub async fn list_by_state(_tx: &mut Tx, _state: State, _before: Option<MessageKey>, _limit: i64) -> Result<Vec<MessageRow>> {
    todo!()
}
/// Newest inbound mail of kind `message` of the case.
pub async fn last_inbound(_tx: &mut Tx, _case: CaseId) -> Result<Option<MessageKey>> {
    todo!()
}
/// First inbound mail of the case: the request.
pub async fn first_inbound(_tx: &mut Tx, _case: CaseId) -> Result<Option<MessageKey>> {
    todo!()
}
/// Message-IDs of the case, oldest first, for References.
pub async fn message_ids(_tx: &mut Tx, _case: CaseId) -> Result<Vec<String>> {
    todo!()
}
/// Deletes raw bytes (not the rows) of mails of cases archived or cancelled before `before`, and of ignored mails received before it. Returns how many.
pub async fn expire_raw(_tx: &mut Tx, _before: Millis, _limit: i64) -> Result<u64> {
    todo!()
}
