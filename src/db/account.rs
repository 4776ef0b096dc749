//! Mail accounting: the books balance (promise 5). Sightings = distinct messages + duplicates; messages = filed + ignored
//! (by reason) + quarantined + received (not yet decided).

use super::{Result, Tx};
use serde::Serialize;

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Account {
    /// Per mailbox: (name, sightings).
    pub mailboxes: Vec<(String, i64)>,
    pub sightings: i64,
    pub duplicates: i64,
    pub messages: i64,
    pub received: i64,
    pub filed: i64,
    pub ignored: i64,
    pub quarantined: i64,
    /// (reason, count), largest first.
    pub ignored_reasons: Vec<(String, i64)>,
    pub quarantine_reasons: Vec<(String, i64)>,
    /// Outbox by status.
    pub outbox: Vec<(String, i64)>,
    pub balances: bool,
}
pub async fn load(_tx: &mut Tx) -> Result<Account> {
    todo!()
}
