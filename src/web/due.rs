//! What of a case is due next, and how that stands: the same arithmetic as the report's, for badges and the head of a case.

use super::time::Times;
use crate::app::App;
use crate::db::case::CaseRow;
use crate::report::{self, OpenCase};
use serde_json::{Value, json};

/// What the report needs to know of a stored case. The last mail to the customer is not in the row: the first one stands for it.
pub(super) fn open_case(case: &CaseRow) -> OpenCase {
    OpenCase {
        id: case.id,
        number: case.number.clone(),
        title: case.title.clone(),
        status: case.status,
        owner: case.owner_name.clone(),
        priority: case.priority,
        customer: case.customer_name.clone().unwrap_or_else(|| case.customer_address.clone()),
        language: case.language,
        created_at: case.created_at,
        updated_at: case.updated_at,
        first_response_due_at: case.first_response_due_at,
        first_responded_at: case.first_responded_at,
        next_update_due_at: case.next_update_due_at,
        last_sent_at: case.first_responded_at,
        resolve_due_at: case.resolve_due_at,
        resolved_at: case.resolved_at,
    }
}

/// `{state, clock, at}`: the worst state of the case's targets and the next of them; null for a finished case or one without targets.
pub(super) fn next(app: &App, case: &CaseRow, times: &Times<'_>) -> Value {
    let report = report::open(&[open_case(case)], &[], times.now, &app.calendar, &app.targets);
    match report.rows.first() {
        Some(row) if row.sla != crate::sla::State::None => {
            json!({ "state": row.sla, "clock": row.due_clock, "at": times.maybe(row.due_at) })
        }
        _ => Value::Null,
    }
}
