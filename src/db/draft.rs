//! Drafts: proposed → approved | discarded | superseded. At most one proposed draft a case.

use super::sql::{execute, fetch_all, fetch_one, fetch_optional, from_row, sql};
use super::value::{MAX_TEXT, fit};
use super::{Error, Result, Tx, exists, guard};
use crate::case::{CaseId, DraftId, Language, MessageKey, Millis, Stage, text_enum};
use crate::draft::{Finding, Level};

text_enum! { DraftStatus { Proposed = "proposed", Approved = "approved", Discarded = "discarded", Superseded = "superseded" } }

#[derive(Debug, Clone)]
pub struct NewDraft {
    pub case: CaseId,
    /// The mail it answers.
    pub reply_to: Option<MessageKey>,
    pub stage: Stage,
    pub language: Language,
    /// Addresses as `Name <a@b>` text, comma separated.
    pub to: String,
    pub cc: String,
    pub subject: String,
    pub body: String,
    pub token: Option<String>,
    /// JSON of `Vec<draft::Answer>`, `Vec<draft::Finding>`, `Vec<triage::Reason>`.
    pub answers: String,
    pub findings: String,
    pub why: String,
    pub created_at: Millis,
}
#[derive(Debug, Clone, PartialEq)]
pub struct DraftRow {
    pub id: DraftId,
    pub case: CaseId,
    pub case_number: String,
    pub case_title: String,
    /// Name, or address when there is no name.
    pub customer: String,
    pub reply_to: Option<MessageKey>,
    pub stage: Stage,
    pub language: Language,
    pub status: DraftStatus,
    /// Counts edits; every change names the version it was made on.
    pub version: i64,
    pub to: String,
    pub cc: String,
    pub subject: String,
    pub body: String,
    pub proposed_subject: String,
    pub proposed_body: String,
    pub token: Option<String>,
    pub answers: String,
    pub findings: String,
    pub why: String,
    pub created_at: Millis,
    pub updated_at: Millis,
    /// The case's last inbound mail when the draft was composed or last looked over; approval requires it to be still the last.
    pub seen_inbound: Option<MessageKey>,
    pub edited_by: Option<String>,
}
from_row!(DraftRow { id, case = "case_id", case_number, case_title, customer, reply_to, stage, language, status, version, to = "to_addresses", cc = "cc_addresses", subject, body, proposed_subject, proposed_body, token, answers, findings, why, created_at, updated_at, seen_inbound, edited_by });

macro_rules! drafts {
    ($rest:literal) => {
        concat!(
            "SELECT d.id, d.case_id, c.number AS case_number, c.title AS case_title, COALESCE(c.customer_name, c.customer_address) AS customer,
                d.reply_to, d.stage, d.language, d.status, d.version, d.to_addresses, d.cc_addresses, d.subject, d.body, d.proposed_subject,
                d.proposed_body, d.token, d.answers, d.findings, d.why, d.created_at, d.updated_at, d.seen_inbound, d.edited_by
                FROM drafts d JOIN cases c ON c.id = d.case_id ",
            $rest
        )
    };
}
sql! { ALL;
    SUPERSEDE = "UPDATE drafts SET status = 'superseded', updated_at = $2 WHERE case_id = $1 AND status = 'proposed'";
    INSERT = "INSERT INTO drafts (case_id, reply_to, stage, language, to_addresses, cc_addresses, subject, proposed_subject, body, proposed_body,
        token, answers, findings, why, created_at, updated_at, seen_inbound)
        SELECT c.id, $2, $3, $4, $5, $6, $7, $7, $8, $8, $9, $10, $11, $12, $13, $13, c.last_inbound_key FROM cases c WHERE c.id = $1 RETURNING id";
    FIND = drafts!("WHERE d.id = $1");
    PROPOSED_OF_CASE = drafts!("WHERE d.case_id = $1 AND d.status = 'proposed'");
    LIST_OF_CASE = drafts!("WHERE d.case_id = $1 ORDER BY d.id");
    APPROVED_BODY = "SELECT body FROM drafts WHERE case_id = $1 AND stage = $2 AND status = 'approved' ORDER BY id DESC LIMIT 1";
    LIST_PROPOSED = drafts!("WHERE d.status = 'proposed' AND d.id > $1 ORDER BY d.id LIMIT $2");
    LIST_APPROVED = drafts!("WHERE d.status = 'approved' AND d.edited_by <> $1 AND d.id < $2 ORDER BY d.id DESC LIMIT $3");
    COUNT_PROPOSED = "SELECT count(*) FROM drafts WHERE status = 'proposed'";
    EDIT = "UPDATE drafts SET subject = $3, body = $4, to_addresses = $5, cc_addresses = $6, findings = $7, edited_by = $8, updated_at = $9,
        version = version + 1, seen_inbound = (SELECT c.last_inbound_key FROM cases c WHERE c.id = drafts.case_id)
        WHERE id = $1 AND version = $2 AND status = 'proposed' RETURNING version";
    // Locks the case's row on PostgreSQL: a mail being filed right now is waited for, then seen by the guard.
    LOCK_CASE = "UPDATE cases SET updated_at = CASE WHEN updated_at < $2 THEN $2 ELSE updated_at END
        WHERE id = (SELECT case_id FROM drafts WHERE id = $1)";
    APPROVE = "UPDATE drafts SET status = 'approved', edited_by = $3, updated_at = $4 WHERE id = $1 AND version = $2 AND status = 'proposed'
        AND seen_inbound IS NOT DISTINCT FROM (SELECT c.last_inbound_key FROM cases c WHERE c.id = drafts.case_id)";
    IS_PROPOSED = "SELECT 1 AS one FROM drafts WHERE id = $1 AND version = $2 AND status = 'proposed'";
    DISCARD = "UPDATE drafts SET status = 'discarded', edited_by = $3, updated_at = $4 WHERE id = $1 AND version = $2 AND status = 'proposed'";
    WARN = "UPDATE drafts SET findings = $2, updated_at = $3 WHERE id = $1 AND status = 'proposed'";
    MARK_SEEN = "UPDATE drafts SET seen_inbound = (SELECT c.last_inbound_key FROM cases c WHERE c.id = drafts.case_id) WHERE id = $1";
    SEND_BACK = "UPDATE drafts SET status = 'proposed', findings = $2, updated_at = $3, version = version + 1 WHERE id = $1 AND status = 'approved'";
}

/// Supersedes the case's proposed draft, if there is one, and inserts. `seen_inbound` = the case's last inbound mail.
pub async fn insert(tx: &mut Tx, new: &NewDraft) -> Result<DraftId> {
    execute!(tx, SUPERSEDE, new.case, new.created_at)?;
    let text = |text| fit(text, MAX_TEXT).into_owned();
    let row = fetch_optional!(
        (DraftId,),
        tx,
        INSERT,
        new.case,
        new.reply_to,
        new.stage,
        new.language,
        text(&new.to),
        text(&new.cc),
        text(&new.subject),
        text(&new.body),
        new.token.as_deref(),
        text(&new.answers),
        text(&new.findings),
        text(&new.why),
        new.created_at
    )?;
    row.map(|(id,)| id).ok_or(Error::NotFound("the case"))
}
pub async fn find(tx: &mut Tx, id: DraftId) -> Result<Option<DraftRow>> {
    fetch_optional!(DraftRow, tx, FIND, id)
}
pub async fn proposed_of_case(tx: &mut Tx, case: CaseId) -> Result<Option<DraftRow>> {
    fetch_optional!(DraftRow, tx, PROPOSED_OF_CASE, case)
}
/// All drafts of a case, oldest first.
pub async fn list_of_case(tx: &mut Tx, case: CaseId) -> Result<Vec<DraftRow>> {
    fetch_all!(DraftRow, tx, LIST_OF_CASE, case)
}
/// Body of the newest approved draft of that stage.
pub async fn approved_body(tx: &mut Tx, case: CaseId, stage: Stage) -> Result<Option<String>> {
    Ok(fetch_optional!((String,), tx, APPROVED_BODY, case, stage)?.map(|(body,)| body))
}
/// The queue: proposed drafts, oldest first, after `after` when given: pages.
pub async fn list_proposed(tx: &mut Tx, after: Option<DraftId>, limit: i64) -> Result<Vec<DraftRow>> {
    fetch_all!(DraftRow, tx, LIST_PROPOSED, after.unwrap_or(DraftId(0)), limit)
}
/// Approved by people (not by `machine`), newest first, before `before` when given: pages.
pub async fn list_approved(tx: &mut Tx, machine: &str, before: Option<DraftId>, limit: i64) -> Result<Vec<DraftRow>> {
    fetch_all!(DraftRow, tx, LIST_APPROVED, machine, before.unwrap_or(DraftId(i64::MAX)), limit)
}
pub async fn count_proposed(tx: &mut Tx) -> Result<i64> {
    fetch_one!((i64,), tx, COUNT_PROPOSED).map(|(count,)| count)
}
/// Guarded by `version`; returns the new version. Sets seen_inbound to the case's present last inbound mail.
#[allow(clippy::too_many_arguments)]
pub async fn edit(
    tx: &mut Tx,
    id: DraftId,
    version: i64,
    subject: &str,
    body: &str,
    to: &str,
    cc: &str,
    findings: &str,
    by: &str,
    now: Millis,
) -> Result<i64> {
    let text = |text| fit(text, MAX_TEXT).into_owned();
    let (subject, body, to, cc) = (text(subject), text(body), text(to), text(cc));
    let row = fetch_optional!((i64,), tx, EDIT, id, version, subject, body, to, cc, text(findings), by, now)?;
    row.map(|(version,)| version).ok_or(Error::Conflict("the draft"))
}
/// proposed → approved, guarded by version and by seen_inbound = the case's last inbound mail (else Conflict("the case's last mail")).
pub async fn approve(tx: &mut Tx, id: DraftId, version: i64, by: &str, now: Millis) -> Result<()> {
    execute!(tx, LOCK_CASE, id, now)?;
    if execute!(tx, APPROVE, id, version, by, now)? == 1 {
        return Ok(());
    }
    let is_proposed = fetch_optional!((i32,), tx, IS_PROPOSED, id, version)?.is_some();
    Err(Error::Conflict(if is_proposed { "the case's last mail" } else { "the draft" }))
}
pub async fn discard(tx: &mut Tx, id: DraftId, version: i64, by: &str, now: Millis) -> Result<()> {
    guard(execute!(tx, DISCARD, id, version, by, now)?, "the draft")
}
/// approved → proposed again, after a permanent failure of its sending. The reason becomes a finding (`send.failed`, a warning) and
/// the version goes up. A draft proposed meanwhile is superseded: the failed mail comes first. But not one that a person has edited:
/// that one stays and gets the finding, and the failed mail is to be seen in the case.
pub async fn send_back(tx: &mut Tx, id: DraftId, reason: &str, now: Millis) -> Result<()> {
    let draft = find(tx, id).await?.ok_or(Error::NotFound("the draft"))?;
    if draft.status != DraftStatus::Approved {
        return Err(Error::Conflict("the draft"));
    }
    match proposed_of_case(tx, draft.case).await? {
        Some(waiting) if waiting.edited_by.is_some() => {
            let findings = with_failure(&waiting, reason);
            guard(execute!(tx, WARN, waiting.id, findings, now)?, "the draft")
        }
        _ => {
            execute!(tx, SUPERSEDE, draft.case, now)?;
            guard(execute!(tx, SEND_BACK, id, with_failure(&draft, reason), now)?, "the draft")
        }
    }
}
/// The draft's findings with that of the failure.
fn with_failure(draft: &DraftRow, reason: &str) -> String {
    let mut findings: Vec<Finding> = serde_json::from_str(&draft.findings).unwrap_or_default();
    findings.retain(|finding| finding.name != "send.failed");
    findings.push(Finding::new("send.failed", Level::Warning, fit(reason, MAX_TEXT).into_owned()));
    serde_json::to_string(&findings).unwrap_or_else(|_| draft.findings.clone())
}
/// A person decided knowing the case as it is now: counts as having seen its last mail.
pub async fn mark_seen(tx: &mut Tx, id: DraftId) -> Result<()> {
    exists(execute!(tx, MARK_SEEN, id)?, "the draft")
}
