//! Mail accounting: the books balance (promise 5). Sightings = distinct messages + duplicates; messages = filed + ignored
//! (by reason) + quarantined + received (not yet decided).

use super::sql::{fetch_all, fetch_one, sql};
use super::{Result, Tx};
use serde::Serialize;

/// What was counted, each number by itself; `balances` says whether they agree.
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
sql! { ALL;
    MAILBOXES = "SELECT b.name, count(s.remote_id) FROM mailboxes b LEFT JOIN sightings s ON s.mailbox_id = b.id GROUP BY b.name ORDER BY b.name";
    SIGHTINGS = "SELECT count(*), count(CASE WHEN is_duplicate THEN 1 END), count(message_key) FROM sightings";
    STATES = "SELECT state, count(*) FROM messages WHERE state <> 'sent' GROUP BY state";
    REASONS = "SELECT reason, count(*) AS n FROM messages WHERE state = $1 AND state IN ('ignored', 'quarantined') GROUP BY reason ORDER BY n DESC, reason LIMIT 100";
    OUTBOX = "SELECT status, count(*) FROM outbox GROUP BY status ORDER BY status";
}

/// Counts everything; for a page and a command, not for each mail.
pub async fn load(tx: &mut Tx) -> Result<Account> {
    super::message::flush(tx).await?;
    let mailboxes = fetch_all!((String, i64), tx, MAILBOXES)?;
    let (sightings, duplicates, known): (i64, i64, i64) = fetch_one!((i64, i64, i64), tx, SIGHTINGS)?;
    let states = fetch_all!((String, i64), tx, STATES)?;
    let count = |state: &str| states.iter().find(|(name, _)| name == state).map_or(0, |(_, count)| *count);
    let (received, filed, ignored, quarantined) = (count("received"), count("filed"), count("ignored"), count("quarantined"));
    let messages = states.iter().map(|(_, count)| count).sum();
    Ok(Account {
        mailboxes,
        sightings,
        duplicates,
        messages,
        received,
        filed,
        ignored,
        quarantined,
        ignored_reasons: fetch_all!((String, i64), tx, REASONS, "ignored")?,
        quarantine_reasons: fetch_all!((String, i64), tx, REASONS, "quarantined")?,
        outbox: fetch_all!((String, i64), tx, OUTBOX)?,
        balances: sightings == messages + duplicates && sightings == known && messages == received + filed + ignored + quarantined,
    })
}
