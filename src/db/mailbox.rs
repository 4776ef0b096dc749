//! Mailboxes: name, cursor `(UIDVALIDITY, UID)`, how fetching goes.

use super::{Result, Tx};
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

/// The mailbox of that configured name, created when new.
pub async fn ensure(_tx: &mut Tx, _name: &str, _now: Millis) -> Result<Mailbox> {
    todo!()
}
/// Moves the cursor; part of the transaction that stores the raw bytes.
pub async fn save_cursor(_tx: &mut Tx, _id: MailboxId, _uid_validity: i64, _last_uid: i64) -> Result<()> {
    todo!()
}
pub async fn save_state(_tx: &mut Tx, _id: MailboxId, _state: &str, _error: Option<&str>, _now: Millis) -> Result<()> {
    todo!()
}
pub async fn list(_tx: &mut Tx) -> Result<Vec<Mailbox>> {
    todo!()
}
