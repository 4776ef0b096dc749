//! Messages: mails in and out as stored, their raw bytes (a table of their own, lz4), the per-mailbox ledger of sightings.
//!
//! Life of an inbound message: `received` → `filed` | `ignored` (with a reason) | `quarantined` (with a reason; a person
//! then files, releases for another try, or ignores it). Same bytes twice is one message with two sightings (unique SHA-256).

mod raw;

use super::sql::{execute, fetch_all, fetch_one, fetch_optional, from_row, sql};
use super::value::{MAX_KEY, MAX_TEXT, fit, fit_address, json_list};
use super::{Result, Tx, guard};
use crate::case::{CaseId, MailboxId, MessageKey, Millis};
use crate::case::{Language, text_enum};
use crate::mail::Kind;
pub use raw::{StoredMail, count_stored, expire_raw, hash, insert_raw, list_received, list_stored, raw};

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
    /// Why the stored bytes cannot be had (`raw` is empty then): one damaged row must not stop the others.
    pub damage: Option<String>,
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
    /// Text the mail adds, for the case page; its first 500 characters in `list_by_state`.
    pub reply_text: String,
    pub attachments: i64,
    /// JSON: the decision's reasons (`Vec<triage::Reason>`), candidates for a person.
    pub why: Option<String>,
    pub mailbox: Option<String>,
}
from_row!(MessageRow { key = "id", direction, state, reason, case = "case_id", kind, message_id, from_name, from_address, subject, received_at, size, reply_text, attachments, why, mailbox });

macro_rules! messages {
    ($text:literal, $rest:literal) => {
        concat!(
            "SELECT m.id, m.direction, m.state, m.reason, m.case_id, m.kind, m.message_id, m.from_name, m.from_address, m.subject, m.received_at,
                m.size, ",
            $text,
            " AS reply_text, m.attachments, m.why, b.name AS mailbox FROM messages m LEFT JOIN mailboxes b ON b.id = m.mailbox_id ",
            $rest
        )
    };
}
/// The columns of `Parsed`, from $6 on.
macro_rules! parsed {
    () => {
        "kind = $6, message_id = $7, from_name = $8, from_address = $9, subject = $10, base_subject = $11, date_at = $12, language = $13,
            reply_text = $14, attachments = $15, defects = $16"
    };
}
macro_rules! decide {
    ($columns:expr) => {
        concat!("UPDATE messages SET state = $2, reason = $3, why = $4", $columns, " WHERE id = $1 AND state = $5 AND direction = 'in'")
    };
}
sql! { LOCAL;
    KNOWN = "SELECT remote_id FROM sightings WHERE mailbox_id = $1 AND remote_id IN (SELECT value FROM json_each($2))";
    FILE = decide!(concat!(", ", parsed!(), ", case_id = $17"));
    DECIDE_PARSED = decide!(concat!(", ", parsed!()));
    DECIDE = decide!("");
    SET_LAST_INBOUND = "UPDATE cases SET last_inbound_key = $2 WHERE id = $1";
    RELEASE = "UPDATE messages SET state = 'received', reason = NULL, why = NULL WHERE id = $1 AND state = 'quarantined'
        AND EXISTS (SELECT 1 FROM raw_messages r WHERE r.message_key = messages.id)";
    INSERT_OUT = "INSERT INTO messages (direction, state, case_id, received_at, seen_at, size, kind, message_id, from_name, from_address, subject,
        base_subject, date_at, language, reply_text, attachments, defects)
        VALUES ('out', 'sent', $1, $2, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) RETURNING id";
    FIND = messages!("m.reply_text", "WHERE m.id = $1");
    LIST_OF_CASE = messages!("m.reply_text", "WHERE m.case_id = $1 ORDER BY m.id DESC LIMIT $2");
    LIST_BY_STATE = messages!("substr(m.reply_text, 1, 500)", "WHERE m.state = $1 AND m.direction = 'in' AND m.id < $2 ORDER BY m.id DESC LIMIT $3");
    COUNT = "SELECT count(*) FROM messages WHERE state = $1";
    LAST_INBOUND = "SELECT id FROM messages WHERE case_id = $1 AND direction = 'in' AND kind = 'message' ORDER BY id DESC LIMIT 1";
    FIRST_INBOUND = "SELECT id FROM messages WHERE case_id = $1 AND direction = 'in' ORDER BY CASE WHEN kind = 'message' THEN 0 ELSE 1 END, id LIMIT 1";
    SENT_TEXT = "SELECT reply_text FROM messages WHERE message_id IN (SELECT value FROM json_each($1)) AND direction = 'out' ORDER BY id DESC LIMIT 1";
    MESSAGE_IDS = "SELECT message_id FROM messages WHERE case_id = $1 AND message_id IS NOT NULL ORDER BY id DESC LIMIT 200";
}
pub(super) const ALL: &[&[&str]] = &[LOCAL, raw::ALL];
pub(super) use raw::{Late as LateRaw, POSTGRES, SQLITE, Settled, flush};

/// `Parsed` as it is stored: bounded, without NUL, addresses comparable.
struct Fitted<'a> {
    message_id: Option<std::borrow::Cow<'a, str>>,
    from_name: Option<std::borrow::Cow<'a, str>>,
    from_address: Option<String>,
    subject: std::borrow::Cow<'a, str>,
    base_subject: std::borrow::Cow<'a, str>,
    reply_text: std::borrow::Cow<'a, str>,
}
fn fitted(parsed: &Parsed) -> Fitted<'_> {
    Fitted {
        message_id: parsed.message_id.as_deref().map(|id| fit(id, MAX_KEY)),
        from_name: parsed.from_name.as_deref().map(|name| fit(name, MAX_KEY)),
        from_address: parsed.from_address.as_deref().map(fit_address),
        subject: fit(&parsed.subject, 4 * MAX_KEY),
        base_subject: fit(&parsed.base_subject, MAX_KEY),
        reply_text: fit(&parsed.reply_text, MAX_TEXT),
    }
}
/// Runs a text with the given arguments, the columns of `Parsed`, and what comes after them.
macro_rules! with_parsed {
    ($run:ident, [$($before:tt)*], $parsed:expr, [$($after:expr),*]) => {{
        let (parsed, f) = ($parsed, fitted($parsed));
        $run!(
            $($before)*, parsed.kind, f.message_id.as_deref(), f.from_name.as_deref(), f.from_address.as_deref(),
            f.subject.as_ref(), f.base_subject.as_ref(), parsed.date_at, parsed.language, f.reply_text.as_ref(), parsed.attachments,
            parsed.defects $(, $after)*
        )
    }};
}

/// Which of these remote ids are known in the mailbox.
pub async fn known(tx: &mut Tx, mailbox: MailboxId, remote_ids: &[String]) -> Result<std::collections::HashSet<String>> {
    let mut known = std::collections::HashSet::new();
    for part in remote_ids.chunks(1000) {
        known.extend(fetch_all!((String,), tx, KNOWN, mailbox, json_list(part))?.into_iter().map(|(id,)| id));
    }
    Ok(known)
}
/// `received` (or `quarantined`, when a person files it) → `filed` in a case. A mail of kind `message` becomes the case's last inbound
/// mail, which every draft must have seen to be approved.
pub async fn file(tx: &mut Tx, key: MessageKey, from: State, case: CaseId, parsed: &Parsed, why: &str) -> Result<()> {
    let (reason, why) = (None::<&str>, fit(why, MAX_TEXT));
    let rows = with_parsed!(execute, [tx, FILE, key, State::Filed, reason, why.as_ref(), from], parsed, [case])?;
    guard(rows, "the mail")?;
    if parsed.kind == Some(Kind::Message) {
        execute!(tx, SET_LAST_INBOUND, case, key)?;
    }
    Ok(())
}
/// `received`/`quarantined` → `ignored`. `parsed` None leaves what is known of the mail.
pub async fn ignore(tx: &mut Tx, key: MessageKey, from: State, reason: &str, parsed: Option<&Parsed>, why: &str) -> Result<()> {
    set_aside(tx, key, from, State::Ignored, reason, parsed, why).await
}
/// `received` → `quarantined`. `parsed` when the mail could be read (a person decides), None when not.
pub async fn quarantine(tx: &mut Tx, key: MessageKey, reason: &str, parsed: Option<&Parsed>, why: &str) -> Result<()> {
    set_aside(tx, key, State::Received, State::Quarantined, reason, parsed, why).await
}
async fn set_aside(tx: &mut Tx, key: MessageKey, from: State, to: State, reason: &str, parsed: Option<&Parsed>, why: &str) -> Result<()> {
    let (reason, why) = (fit(reason, MAX_KEY), fit(why, MAX_TEXT));
    let rows = match parsed {
        Some(parsed) => with_parsed!(execute, [tx, DECIDE_PARSED, key, to, reason.as_ref(), why.as_ref(), from], parsed, [])?,
        None => execute!(tx, DECIDE, key, to, reason.as_ref(), why.as_ref(), from)?,
    };
    guard(rows, "the mail")
}
/// `quarantined` → `received`: triage tries again. Conflict also when its bytes were not kept: there is nothing to try.
pub async fn release(tx: &mut Tx, key: MessageKey) -> Result<()> {
    flush(tx).await?;
    guard(execute!(tx, RELEASE, key)?, "the mail")
}
/// An approved mail of ours, with its final bytes; state `sent` means "ours", whatever the outbox says.
pub async fn insert_out(tx: &mut Tx, case: CaseId, parsed: &Parsed, raw: &[u8], at: Millis) -> Result<MessageKey> {
    let size = i64::try_from(raw.len()).unwrap_or(i64::MAX);
    let (key,) = with_parsed!(fetch_one, [(MessageKey,), tx, INSERT_OUT, case, at, size], parsed, [])?;
    raw::store(tx, key, raw).await?;
    Ok(key)
}
pub async fn find(tx: &mut Tx, key: MessageKey) -> Result<Option<MessageRow>> {
    fetch_optional!(MessageRow, tx, FIND, key)
}
/// All mails of a case, oldest first, at most `limit` newest.
pub async fn list_of_case(tx: &mut Tx, case: CaseId, limit: i64) -> Result<Vec<MessageRow>> {
    let mut rows = fetch_all!(MessageRow, tx, LIST_OF_CASE, case, limit)?;
    rows.reverse();
    Ok(rows)
}
/// Inbound mails in that state, newest first, before `before` (key) when given: pages.
pub async fn list_by_state(tx: &mut Tx, state: State, before: Option<MessageKey>, limit: i64) -> Result<Vec<MessageRow>> {
    fetch_all!(MessageRow, tx, LIST_BY_STATE, state, before.unwrap_or(MessageKey(i64::MAX)), limit)
}
/// Mails in that state. Cheap for the states that mails do not stay in; `account` counts everything.
pub async fn count(tx: &mut Tx, state: State) -> Result<i64> {
    fetch_one!((i64,), tx, COUNT, state).map(|(count,)| count)
}
/// Newest inbound mail of kind `message` of the case, by arrival.
pub async fn last_inbound(tx: &mut Tx, case: CaseId) -> Result<Option<MessageKey>> {
    Ok(fetch_optional!((MessageKey,), tx, LAST_INBOUND, case)?.map(|(key,)| key))
}
/// First inbound mail of the case: the request. An automatic mail only when there is no other.
pub async fn first_inbound(tx: &mut Tx, case: CaseId) -> Result<Option<MessageKey>> {
    Ok(fetch_optional!((MessageKey,), tx, FIRST_INBOUND, case)?.map(|(key,)| key))
}
/// Text of the newest mail of ours among these Message-IDs: what a reply may quote. Ids beyond the tenth are not looked at.
pub async fn sent_text(tx: &mut Tx, message_ids: &[&str]) -> Result<Option<String>> {
    if message_ids.is_empty() {
        return Ok(None);
    }
    let stored: Vec<_> = message_ids.iter().take(10).map(|id| fit(id, MAX_KEY)).collect();
    Ok(fetch_optional!((String,), tx, SENT_TEXT, json_list(&stored))?.map(|(text,)| text))
}
/// Message-IDs of the case, oldest first, for References; the newest 200.
pub async fn message_ids(tx: &mut Tx, case: CaseId) -> Result<Vec<String>> {
    let mut ids: Vec<String> = fetch_all!((String,), tx, MESSAGE_IDS, case)?.into_iter().map(|(id,)| id).collect();
    ids.reverse();
    Ok(ids)
}
