//! Rows for reports: open cases and survey answers.

use super::case::{CaseRow, cases};
use super::sql::{fetch_all, fetch_one, sql};
use super::{Result, Tx};
use crate::case::Millis;

/// Answers read for one report at most.
const MAX_SCORES: i64 = 100_000;

sql! { ALL;
    OPEN_CASES = cases!("WHERE c.status IN ('new', 'in_progress', 'waiting_customer', 'resolved', 'reopened') ORDER BY c.created_at, c.id LIMIT $1");
    SCORES = "SELECT score FROM surveys WHERE answered_at >= $1 AND score IS NOT NULL ORDER BY answered_at DESC LIMIT $2";
    COUNT_SENT = "SELECT count(*) FROM surveys WHERE sent_at >= $1";
}

/// All open cases, oldest first, bounded by `limit`. A case that is closing (`resolved`) is still open.
pub async fn open_cases(tx: &mut Tx, limit: i64) -> Result<Vec<CaseRow>> {
    fetch_all!(CaseRow, tx, OPEN_CASES, limit)
}
/// Scores answered since then (newest first, at most 100,000), and how many surveys were sent since then.
pub async fn survey_scores(tx: &mut Tx, since: Millis) -> Result<(Vec<i64>, i64)> {
    let scores = fetch_all!((i64,), tx, SCORES, since, MAX_SCORES)?;
    let (sent,) = fetch_one!((i64,), tx, COUNT_SENT, since)?;
    Ok((scores.into_iter().map(|(score,)| score).collect(), sent))
}
