//! Rows for reports: open cases and survey answers.

use super::{Result, Tx};
use crate::case::Millis;

/// All open cases, oldest first, bounded by `limit`.
pub async fn open_cases(_tx: &mut Tx, _limit: i64) -> Result<Vec<super::case::CaseRow>> {
    todo!()
}
/// Scores answered since then, and how many surveys were sent since then.
pub async fn survey_scores(_tx: &mut Tx, _since: Millis) -> Result<(Vec<i64>, i64)> {
    todo!()
}
