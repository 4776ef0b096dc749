//! Cases: rows, numbers, participants, the facts triage needs.

mod facts;
mod party;

use super::sql::{execute, fetch_all, fetch_one, fetch_optional, from_row, sql};
use super::value::{MAX_ADDRESS, MAX_KEY, fit, fit_address, json_list};
use super::{Error, Result, Tx, exists, guard};
use crate::case::{CaseId, EngineerId, Language, Millis, Priority, Status};
pub use facts::facts_for;
pub use party::{foreign, participants};

#[derive(Debug, Clone)]
pub struct NewCase {
    /// Stored in upper case; unique.
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
    /// Since when the customer's silence is counted for the next reminder: the last mail of ours.
    pub reminded_at: Option<Millis>,
    pub reminders: i64,
    pub reopens: i64,
    pub merged_into: Option<CaseId>,
    pub last_inbound_at: Option<Millis>,
}
from_row!(CaseRow { id, number, title, status, priority, category, owner = "owner_id", owner_name, language, customer_name, customer_address, token, created_at, updated_at, first_response_due_at, first_responded_at, next_update_due_at, resolve_due_at, resolved_at, archived_at, waiting_since_at, reminded_at, reminders, reopens, merged_into, last_inbound_at });
/// Filter of a case list; all given conditions hold. Pages by `(updated_at, id)` descending;
/// a limit of 0 or less means 100.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub status: Option<Status>,
    pub open_only: bool,
    pub owner: Option<EngineerId>,
    pub before: Option<(Millis, CaseId)>,
    pub limit: i64,
}

/// Rows as `CaseRow` reads them.
macro_rules! cases {
    ($rest:expr) => {
        concat!(
            "SELECT c.id, c.number, c.title, c.status, c.priority, c.category, c.owner_id, e.name AS owner_name, c.language, c.customer_name,
                c.customer_address, c.token, c.created_at, c.updated_at, c.first_response_due_at, c.first_responded_at, c.next_update_due_at,
                c.resolve_due_at, c.resolved_at, c.archived_at, c.waiting_since_at, c.reminded_at, c.reminders, c.reopens, c.merged_into, c.last_inbound_at
                FROM cases c LEFT JOIN engineers e ON e.id = c.owner_id ",
            $rest
        )
    };
}
pub(super) use cases;

macro_rules! page {
    ($condition:literal) => {
        cases!(concat!("WHERE ", $condition, " (c.updated_at, c.id) < ($1, $2) ORDER BY c.updated_at DESC, c.id DESC LIMIT $3"))
    };
}
macro_rules! later {
    ($placeholder:literal) => {
        concat!("updated_at = CASE WHEN updated_at < ", $placeholder, " THEN ", $placeholder, " ELSE updated_at END")
    };
}
sql! { LOCAL;
    NEXT_SEQUENCE = "INSERT INTO sequences (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET
        value = CASE WHEN sequences.value + 1 < excluded.value THEN excluded.value ELSE sequences.value + 1 END RETURNING value";
    INSERT = "INSERT INTO cases (number, title, priority, category, owner_id, language, customer_name, customer_address, created_at, updated_at,
        first_response_due_at, next_update_due_at, resolve_due_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10, $11, $12)
        ON CONFLICT (number) DO NOTHING RETURNING id";
    ADD_ADDRESSES = "INSERT INTO case_addresses (case_id, address, title) SELECT c.id, j.value, c.title FROM cases c, json_each($2) j
        WHERE c.id = $1 ON CONFLICT (case_id, address) DO NOTHING";
    FIND = cases!("WHERE c.id = $1");
    FIND_ALL = cases!("WHERE c.id IN (SELECT CAST(value AS BIGINT) FROM json_each($1))");
    FIND_BY_NUMBER = cases!("WHERE c.number = $1");
    LIST = page!("");
    LIST_OPEN = page!("c.status IN ('new', 'in_progress', 'waiting_customer', 'resolved', 'reopened') AND ");
    LIST_STATUS = page!("c.status = $4 AND ");
    LIST_OWNER = page!("c.owner_id = $4 AND ");
    LIST_OWNER_OPEN = page!("c.owner_id = $4 AND c.status IN ('new', 'in_progress', 'waiting_customer', 'resolved', 'reopened') AND ");
    LIST_OWNER_STATUS = page!("c.owner_id = $4 AND c.status = $5 AND ");
    SET_STATUS = concat!("UPDATE cases SET status = $3,
        resolved_at = CASE WHEN $3 = 'resolved' THEN CAST($4 AS BIGINT) WHEN $3 = 'archived' THEN COALESCE(resolved_at, $4) END,
        archived_at = CASE WHEN $3 = 'archived' THEN CAST($4 AS BIGINT) END,
        waiting_since_at = CASE WHEN $3 = 'waiting_customer' THEN CAST($4 AS BIGINT) END,
        reminded_at = CASE WHEN $3 = 'waiting_customer' THEN reminded_at END,
        reopens = CASE WHEN $3 = 'reopened' THEN reopens + 1 ELSE reopens END, ", later!("$4"), " WHERE id = $1 AND status = $2");
    TOUCH_INBOUND = concat!("UPDATE cases SET reminders = 0, reminded_at = NULL, next_update_due_at = $3,
        last_inbound_at = CASE WHEN last_inbound_at > $2 THEN last_inbound_at ELSE $2 END, ", later!("$2"), " WHERE id = $1");
    TOUCH_OUTBOUND = concat!("UPDATE cases SET first_responded_at = COALESCE(first_responded_at, $2), token = COALESCE($3, token),
        next_update_due_at = $4, reminded_at = $2, ", later!("$2"), " WHERE id = $1");
    ADD_TOKEN = "INSERT INTO case_tokens (case_id, token, used_at) VALUES ($1, $2, $3) ON CONFLICT (case_id, token) DO UPDATE SET used_at = excluded.used_at";
    ASSIGN = concat!("UPDATE cases SET owner_id = $2, ", later!("$3"), " WHERE id = $1");
    SET_PRIORITY = concat!("UPDATE cases SET priority = $2, ", later!("$3"), " WHERE id = $1");
    SET_FIRST_DUE = "UPDATE cases SET first_response_due_at = $2 WHERE id = $1";
    SET_DUE = "UPDATE cases SET next_update_due_at = $2, resolve_due_at = $3 WHERE id = $1";
    MERGE = concat!("UPDATE cases SET status = 'merged', merged_into = $3, waiting_since_at = NULL, ", later!("$4"),
        " WHERE id = $1 AND status = $2 AND id <> $3 AND EXISTS (SELECT 1 FROM cases other WHERE other.id = $3 AND other.status <> 'merged')");
    MERGE_ADDRESSES = "INSERT INTO case_addresses (case_id, address, title) SELECT other.id, a.address, other.title
        FROM case_addresses a JOIN cases other ON other.id = $2 WHERE a.case_id = $1 ON CONFLICT (case_id, address) DO NOTHING";
    LIST_SILENT = cases!("WHERE c.status = 'waiting_customer' AND c.waiting_since_at < $1 AND COALESCE(c.reminded_at, c.waiting_since_at) < $1
        AND c.reminders < $2 AND NOT EXISTS (SELECT 1 FROM drafts d WHERE d.case_id = c.id AND d.status = 'proposed')
        AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.case_id = c.id AND o.status IN ('due', 'claimed', 'sending', 'unknown'))
        ORDER BY c.waiting_since_at, c.id LIMIT $3");
    COUNT_REMINDER = concat!("UPDATE cases SET reminders = reminders + 1, reminded_at = $2, ", later!("$2"), " WHERE id = $1");
}
pub(super) const ALL: &[&[&str]] = &[LOCAL, facts::ALL, party::ALL];

/// Next sequence value by name (`case_number`, `tracking_token`), starting at `start`.
pub async fn next_sequence(tx: &mut Tx, name: &str, start: i64) -> Result<i64> {
    fetch_one!((i64,), tx, NEXT_SEQUENCE, name, start).map(|(value,)| value)
}
/// A number as stored and compared.
fn fit_number(number: &str) -> String {
    fit(number.trim(), MAX_ADDRESS).to_ascii_uppercase()
}
/// Err(Conflict) when the number exists.
pub async fn insert(tx: &mut Tx, new: &NewCase) -> Result<CaseId> {
    let customer_name = new.customer_name.as_deref().map(|name| fit(name, MAX_KEY));
    let row = fetch_optional!(
        (CaseId,),
        tx,
        INSERT,
        fit_number(&new.number),
        fit(&new.title, MAX_KEY).as_ref(),
        new.priority,
        new.category.as_deref(),
        new.owner,
        new.language,
        customer_name.as_deref(),
        fit(&new.customer_address, MAX_ADDRESS).as_ref(),
        new.created_at,
        new.first_response_due_at,
        new.next_update_due_at,
        new.resolve_due_at
    )?;
    row.map(|(id,)| id).ok_or(Error::Conflict("the case number"))
}
/// Remembers outside participants (lower case). No error when known.
pub async fn add_addresses(tx: &mut Tx, case: CaseId, addresses: &[String]) -> Result<()> {
    let addresses: Vec<_> = addresses.iter().map(|address| fit_address(address)).collect();
    execute!(tx, ADD_ADDRESSES, case, json_list(&addresses)).map(|_| ())
}
pub async fn find(tx: &mut Tx, id: CaseId) -> Result<Option<CaseRow>> {
    fetch_optional!(CaseRow, tx, FIND, id)
}
/// The cases of a page of some list, in no order.
pub async fn find_all(tx: &mut Tx, ids: &[CaseId]) -> Result<Vec<CaseRow>> {
    fetch_all!(CaseRow, tx, FIND_ALL, json_list(ids))
}
/// In upper or lower case.
pub async fn find_by_number(tx: &mut Tx, number: &str) -> Result<Option<CaseRow>> {
    fetch_optional!(CaseRow, tx, FIND_BY_NUMBER, fit_number(number))
}
/// A query text for each combination, so that each uses its index.
pub async fn list(tx: &mut Tx, filter: &Filter) -> Result<Vec<CaseRow>> {
    let (at, id) = filter.before.unwrap_or((Millis::MAX, CaseId(i64::MAX)));
    let limit = if filter.limit > 0 { filter.limit } else { 100 };
    match (filter.owner, filter.status, filter.open_only) {
        (_, Some(Status::Archived | Status::Cancelled | Status::Merged), true) => Ok(Vec::new()),
        (None, None, false) => fetch_all!(CaseRow, tx, LIST, at, id, limit),
        (None, None, true) => fetch_all!(CaseRow, tx, LIST_OPEN, at, id, limit),
        (None, Some(status), _) => fetch_all!(CaseRow, tx, LIST_STATUS, at, id, limit, status),
        (Some(owner), None, false) => fetch_all!(CaseRow, tx, LIST_OWNER, at, id, limit, owner),
        (Some(owner), None, true) => fetch_all!(CaseRow, tx, LIST_OWNER_OPEN, at, id, limit, owner),
        (Some(owner), Some(status), _) => fetch_all!(CaseRow, tx, LIST_OWNER_STATUS, at, id, limit, owner, status),
    }
}
/// Guarded `from` → `to`. Sets resolved_at, archived_at, waiting_since_at (cleared otherwise; archiving keeps resolved_at), reopens as
/// the status says. `merged` goes by [`merge`].
pub async fn set_status(tx: &mut Tx, id: CaseId, from: Status, to: Status, now: Millis) -> Result<()> {
    guard(execute!(tx, SET_STATUS, id, from, to, now)?, "the case")
}
/// A customer's mail came in: updated_at, last_inbound_at, reminders back to 0, and the next-update clock (None: stopped).
pub async fn touch_inbound(tx: &mut Tx, id: CaseId, received_at: Millis, next_update_due_at: Option<Millis>) -> Result<()> {
    exists(execute!(tx, TOUCH_INBOUND, id, received_at, next_update_due_at)?, "the case")
}
/// A mail of ours went out: first_responded_at when it was empty, token (None: kept), next_update_due_at (None: stopped).
pub async fn touch_outbound(
    tx: &mut Tx,
    id: CaseId,
    sent_at: Millis,
    token: Option<&str>,
    next_update_due_at: Option<Millis>,
) -> Result<()> {
    exists(execute!(tx, TOUCH_OUTBOUND, id, sent_at, token, next_update_due_at)?, "the case")
}
/// Remembers which tracking token a case used (for facts_for).
pub async fn add_token(tx: &mut Tx, case: CaseId, token: &str, now: Millis) -> Result<()> {
    execute!(tx, ADD_TOKEN, case, fit(token, MAX_ADDRESS).as_ref(), now).map(|_| ())
}
pub async fn assign(tx: &mut Tx, id: CaseId, owner: Option<EngineerId>, now: Millis) -> Result<()> {
    exists(execute!(tx, ASSIGN, id, owner, now)?, "the case")
}
pub async fn set_priority(tx: &mut Tx, id: CaseId, priority: Priority, now: Millis) -> Result<()> {
    exists(execute!(tx, SET_PRIORITY, id, priority, now)?, "the case")
}
pub async fn set_due(tx: &mut Tx, id: CaseId, next_update_due_at: Option<Millis>, resolve_due_at: Option<Millis>) -> Result<()> {
    exists(execute!(tx, SET_DUE, id, next_update_due_at, resolve_due_at)?, "the case")
}
pub async fn set_first_response_due(tx: &mut Tx, id: CaseId, due_at: Option<Millis>) -> Result<()> {
    exists(execute!(tx, SET_FIRST_DUE, id, due_at)?, "the case")
}
/// Status becomes merged, mails and drafts stay where they are, facts follow `into`, which also gets the participants.
/// Conflict when `into` is itself, unknown or merged already (so that merges make no circle).
pub async fn merge(tx: &mut Tx, id: CaseId, from: Status, into: CaseId, now: Millis) -> Result<()> {
    guard(execute!(tx, MERGE, id, from, into, now)?, "the case")?;
    execute!(tx, MERGE_ADDRESSES, id, into).map(|_| ())
}
/// Cases in waiting_customer since before `since`, not reminded since then, with fewer than `max` reminders, no waiting draft and no
/// mail on its way: reminders due.
pub async fn list_silent(tx: &mut Tx, since: Millis, max: i64, limit: i64) -> Result<Vec<CaseRow>> {
    fetch_all!(CaseRow, tx, LIST_SILENT, since, max, limit)
}
/// One reminder more; its clock starts again.
pub async fn count_reminder(tx: &mut Tx, id: CaseId, now: Millis) -> Result<()> {
    exists(execute!(tx, COUNT_REMINDER, id, now)?, "the case")
}
