//! Search over mails and titles: bigrams made in Rust, the same text for FTS5 and tsvector; words of two Chinese characters are found.

use super::{Result, Tx};
use crate::case::{CaseId, MessageKey};

/// CJK runs to overlapping pairs, everything else as words; NFKC, lower case. Pure.
pub fn bigrams(_text: &str) -> String {
    todo!()
}
/// Adds a message's searchable text (bounded to 64 kB).
pub async fn index(_tx: &mut Tx, _message: MessageKey, _case: CaseId, _text: &str) -> Result<()> {
    todo!()
}
/// Cases that have a mail with all of the query's words, newest first. Any input is safe.
pub async fn cases(_tx: &mut Tx, _query: &str, _limit: i64) -> Result<Vec<super::case::CaseRow>> {
    todo!()
}
