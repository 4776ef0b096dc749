//! Mailboxes: name, cursor `(UIDVALIDITY, UID)`, how fetching goes.

use super::sql::{execute, fetch_all, fetch_one, from_row, sql};
use super::value::{MAX_KEY, fit};
use super::{Result, Tx, exists};
use crate::case::{MailboxId, Millis};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailbox {
    pub id: MailboxId,
    pub name: String,
    pub uid_validity: Option<i64>,
    pub last_uid: i64,
    /// `connecting`, `watching`, `polling`, `failed`.
    pub state: String,
    pub error: Option<String>,
    pub changed_at: Millis,
    /// Last time the server answered.
    pub seen_at: Option<Millis>,
}
from_row!(Mailbox { id, name, uid_validity, last_uid, state, error, changed_at, seen_at });

macro_rules! columns {
    () => {
        "id, name, uid_validity, last_uid, state, error, changed_at, seen_at"
    };
}
sql! { ALL;
    ENSURE = concat!("INSERT INTO mailboxes (name, changed_at) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET name = excluded.name RETURNING ", columns!());
    SAVE_CURSOR = "UPDATE mailboxes SET uid_validity = $2, last_uid = $3 WHERE id = $1";
    SAVE_STATE = "UPDATE mailboxes SET state = $2, error = $3, seen_at = CASE WHEN $4 THEN $5 ELSE seen_at END,
        changed_at = CASE WHEN state <> $2 OR error IS DISTINCT FROM $3 THEN $5 ELSE changed_at END WHERE id = $1";
    LIST = concat!("SELECT ", columns!(), " FROM mailboxes ORDER BY name");
}

/// The mailbox of that configured name, created when new.
pub async fn ensure(tx: &mut Tx, name: &str, now: Millis) -> Result<Mailbox> {
    fetch_one!(Mailbox, tx, ENSURE, name, now)
}
/// Moves the cursor; part of the transaction that stores the raw bytes.
pub async fn save_cursor(tx: &mut Tx, id: MailboxId, uid_validity: i64, last_uid: i64) -> Result<()> {
    exists(execute!(tx, SAVE_CURSOR, id, uid_validity, last_uid)?, "the mailbox")
}
/// `watching` and `polling` mean that the server just answered: they move `seen_at`; `changed_at` moves with state or error.
pub async fn save_state(tx: &mut Tx, id: MailboxId, state: &str, error: Option<&str>, now: Millis) -> Result<()> {
    let answered = matches!(state, "watching" | "polling");
    let error = error.map(|error| fit(error, MAX_KEY));
    exists(execute!(tx, SAVE_STATE, id, state, error.as_deref(), answered, now)?, "the mailbox")
}
pub async fn list(tx: &mut Tx) -> Result<Vec<Mailbox>> {
    fetch_all!(Mailbox, tx, LIST)
}
