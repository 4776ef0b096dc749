//! Who takes part in a case, and who takes part in other cases only: what the gate asks before a mail leaves.

use crate::case::CaseId;
use crate::db::sql::{fetch_all, sql};
use crate::db::value::json_list;
use crate::db::{Result, Tx};

/// Participants of one case that are read.
const MOST: i64 = 500;

sql! { ALL;
    // Each of a bounded list is two index look-ups; no case is read as a whole.
    FOREIGN = "SELECT j.value AS item FROM json_each($2) j
            WHERE EXISTS (SELECT 1 FROM case_addresses a WHERE a.address = j.value AND a.case_id <> $1)
            AND NOT EXISTS (SELECT 1 FROM case_addresses a WHERE a.address = j.value AND a.case_id = $1)
        UNION SELECT j.value AS item FROM json_each($3) j
            WHERE EXISTS (SELECT 1 FROM case_addresses a WHERE a.domain = j.value AND a.case_id <> $1)
            AND NOT EXISTS (SELECT 1 FROM case_addresses a WHERE a.domain = j.value AND a.case_id = $1)
        ORDER BY item";
    PARTICIPANTS = "SELECT address FROM case_addresses WHERE case_id = $1 ORDER BY address LIMIT $2";
}

/// Of these addresses and domains (lower case): those that belong to participants of other cases, and of this one not.
pub async fn foreign(tx: &mut Tx, case: CaseId, addresses: &[String], domains: &[String]) -> Result<Vec<String>> {
    if addresses.is_empty() && domains.is_empty() {
        return Ok(Vec::new());
    }
    let rows = fetch_all!((String,), tx, FOREIGN, case, json_list(addresses), json_list(domains))?;
    Ok(rows.into_iter().map(|(item,)| item).collect())
}

/// The outside participants of a case, lower case.
pub async fn participants(tx: &mut Tx, case: CaseId) -> Result<Vec<String>> {
    let rows = fetch_all!((String,), tx, PARTICIPANTS, case, MOST)?;
    Ok(rows.into_iter().map(|(address,)| address).collect())
}
