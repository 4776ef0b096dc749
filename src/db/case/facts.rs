//! What the database knows about one mail, for triage: five questions at most, each one index look-up with a bound, and
//! none without something to ask.
//!
//! The order and belief in the evidence is triage's business. Here: which cases, and who takes part in them.

use crate::case::{CaseId, Millis, Status};
use crate::db::sql::{fetch_all, fetch_optional, from_row, sql};
use crate::db::value::{MAX_ADDRESS, MAX_KEY, fit, fit_address, json_list};
use crate::db::{Result, Tx};
use crate::mail::Mail;
use crate::triage::{CaseFacts, Facts};
use std::borrow::Cow;
use std::collections::HashMap;

/// Message-IDs looked up for one mail, nearest first.
const MAX_REFERENCES: usize = 50;
/// Case numbers looked up for one subject.
const MAX_NUMBERS: usize = 10;
/// Steps from a merged case to the one it ended in.
const MAX_MERGES: usize = 10;

sql! { ALL;
    REFERENCES = "SELECT DISTINCT message_id, case_id FROM messages WHERE message_id IN (SELECT value FROM json_each($1))
        AND message_id IS NOT NULL AND case_id IS NOT NULL LIMIT 100";
    TOKENS = "SELECT case_id FROM case_tokens WHERE token = $1 AND used_at >= $2 ORDER BY used_at DESC LIMIT 5";
    // The bounds inside keep a sender with thousands of mails of the same subject cheap.
    SUBJECTS = "SELECT c.id FROM cases c WHERE c.updated_at >= $3 AND c.id IN (
            SELECT case_id FROM (SELECT case_id FROM case_addresses WHERE address = $1 AND title = $2 ORDER BY case_id DESC LIMIT 50) AS by_title
            UNION SELECT case_id FROM (SELECT case_id FROM messages WHERE from_address = $1 AND base_subject = $2 AND received_at >= $3
                AND case_id IS NOT NULL ORDER BY received_at DESC LIMIT 50) AS by_mail)
        ORDER BY c.updated_at DESC, c.id DESC LIMIT 5";
    CASES = "SELECT id, number, status, title, updated_at, merged_into FROM cases WHERE number IN (SELECT value FROM json_each($1))
        UNION SELECT id, number, status, title, updated_at, merged_into FROM cases WHERE id IN (SELECT CAST(value AS BIGINT) FROM json_each($2))";
    MERGED_INTO = "SELECT merged_into FROM cases WHERE id = $1";
    // At most 100 of a case, the sender of the mail first: whether he belongs to the case must not depend on the bound.
    ADDRESSES = "SELECT case_id, address FROM (SELECT case_id, address,
            row_number() OVER (PARTITION BY case_id ORDER BY CASE WHEN address = $2 THEN 0 ELSE 1 END, address) AS place
            FROM case_addresses WHERE case_id IN (SELECT CAST(value AS BIGINT) FROM json_each($1))) AS numbered
        WHERE place <= 100 ORDER BY case_id, place";
}

struct Found {
    id: CaseId,
    number: String,
    status: Status,
    title: String,
    updated_at: Millis,
    merged_into: Option<CaseId>,
}
from_row!(Found { id, number, status, title, updated_at, merged_into });

/// Facts for one mail. `window`: how far back (ms) tokens and subjects are believed.
pub async fn facts_for(tx: &mut Tx, mail: &Mail, now: Millis, window: Millis) -> Result<Facts> {
    let since = now.saturating_sub(window);
    let sender = mail.from.as_ref().map(|from| fit_address(&from.address)).unwrap_or_default();
    let numbers: Vec<String> = mail.subject.case_numbers.iter().take(MAX_NUMBERS).map(|number| super::fit_number(number)).collect();
    let references = references(mail);
    let by_reference = find_references(tx, &references).await?;
    let by_token = find_tokens(tx, mail, since).await?;
    let by_subject = find_subjects(tx, &sender, &mail.subject.base, since).await?;

    let ids = by_reference.iter().map(|(_, id)| *id).chain(by_token.iter().copied()).chain(by_subject.iter().copied());
    let cases = load(tx, &numbers, ids.collect(), &sender).await?;
    let pick = |ids: Vec<CaseId>| ids.into_iter().filter_map(|id| cases.get(&id).cloned()).collect();
    Ok(Facts {
        by_number: numbers.iter().filter_map(|number| cases.values().find(|case| case.number == *number).cloned()).collect(),
        by_reference: by_reference.into_iter().filter_map(|(name, id)| Some((name, cases.get(&id)?.clone()))).collect(),
        by_token: pick(by_token),
        by_subject: pick(by_subject),
    })
}

/// In-Reply-To, References from the nearest, a bounce's original: bounded, without doubles, as (stored, written).
fn references(mail: &Mail) -> Vec<(Cow<'_, str>, &str)> {
    let original = mail.bounce.iter().filter_map(|bounce| bounce.original_message_id.as_ref());
    let mut ids: Vec<(Cow<'_, str>, &str)> = Vec::new();
    for id in original.chain(&mail.in_reply_to).chain(mail.references.iter().rev()) {
        if ids.len() < MAX_REFERENCES && !id.is_empty() && !ids.iter().any(|(_, written)| written == id) {
            ids.push((fit(id, MAX_KEY), id));
        }
    }
    ids
}

async fn find_references(tx: &mut Tx, references: &[(Cow<'_, str>, &str)]) -> Result<Vec<(String, CaseId)>> {
    if references.is_empty() {
        return Ok(Vec::new());
    }
    let stored: Vec<&str> = references.iter().map(|(stored, _)| stored.as_ref()).collect();
    let rows = fetch_all!((String, CaseId), tx, REFERENCES, json_list(&stored))?;
    let mut found: Vec<(usize, CaseId)> =
        rows.iter().filter_map(|(name, case)| Some((references.iter().position(|(stored, _)| stored == name)?, *case))).collect();
    found.sort_unstable();
    Ok(found.into_iter().map(|(place, case)| (references[place].1.to_owned(), case)).collect())
}

async fn find_tokens(tx: &mut Tx, mail: &Mail, since: Millis) -> Result<Vec<CaseId>> {
    let Some(token) = &mail.subject.tracking_token else { return Ok(Vec::new()) };
    let rows = fetch_all!((CaseId,), tx, TOKENS, fit(token, MAX_ADDRESS).as_ref(), since)?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

async fn find_subjects(tx: &mut Tx, sender: &str, base: &str, since: Millis) -> Result<Vec<CaseId>> {
    if sender.is_empty() || base.is_empty() {
        return Ok(Vec::new());
    }
    let rows = fetch_all!((CaseId,), tx, SUBJECTS, sender, fit(base, MAX_KEY).as_ref(), since)?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

async fn load(tx: &mut Tx, numbers: &[String], mut ids: Vec<CaseId>, sender: &str) -> Result<HashMap<CaseId, CaseFacts>> {
    ids.sort_unstable();
    ids.dedup();
    if numbers.is_empty() && ids.is_empty() {
        return Ok(HashMap::new());
    }
    let found = fetch_all!(Found, tx, CASES, json_list(numbers), json_list(&ids))?;
    if found.is_empty() {
        return Ok(HashMap::new());
    }
    let ids: Vec<CaseId> = found.iter().map(|case| case.id).collect();
    let mut addresses: HashMap<CaseId, Vec<String>> = HashMap::new();
    for (case, address) in fetch_all!((CaseId, String), tx, ADDRESSES, json_list(&ids), sender)? {
        addresses.entry(case).or_default().push(address);
    }
    let mut cases = HashMap::with_capacity(found.len());
    for Found { id, number, status, title, updated_at, merged_into } in found {
        let merged_into = follow(tx, merged_into).await?;
        let addresses = addresses.remove(&id).unwrap_or_default();
        cases.insert(id, CaseFacts { id, number, status, title, addresses, updated_at, merged_into });
    }
    Ok(cases)
}

/// To the end of a chain of merges.
async fn follow(tx: &mut Tx, merged_into: Option<CaseId>) -> Result<Option<CaseId>> {
    let Some(mut end) = merged_into else { return Ok(None) };
    for _ in 0..MAX_MERGES {
        match fetch_optional!((Option<CaseId>,), tx, MERGED_INTO, end)? {
            Some((Some(next),)) => end = next,
            _ => break,
        }
    }
    Ok(Some(end))
}
