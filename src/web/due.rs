//! What of a case is due next, and how that stands: the same arithmetic as the report's, for badges and the head of a case.

use super::time::Times;
use crate::app::App;
use crate::db::case::CaseRow;
use crate::report::{self, OpenCase, Row};
use crate::sla::{self, Clock, State};
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

/// `{state, clock, at, is_late}` of the target due next; `is_late`: another target of the case was missed. Null for a finished case or
/// one without targets.
pub(super) fn next(app: &App, case: &CaseRow, times: &Times<'_>) -> Value {
    let report = report::open(&[open_case(case)], &[], times.now, &app.calendar, &app.targets);
    report.rows.first().map_or(Value::Null, |row| view(row, times))
}

/// The same of a row of a report.
pub(super) fn view(row: &Row, times: &Times<'_>) -> Value {
    let state = match row.due_clock {
        Some(Clock::FirstResponse) => row.first_response,
        Some(Clock::NextUpdate) => row.next_update,
        Some(Clock::Resolve) => row.resolve,
        // Nothing runs: the rest is paused, met or missed.
        None => sla::worst(
            &[row.first_response, row.next_update, row.resolve].map(|state| if state == State::Breached { State::Met } else { state }),
        ),
    };
    if row.sla == State::None {
        return Value::Null;
    }
    let is_late = row.sla == State::Breached && state != State::Breached;
    json!({ "state": state, "clock": row.due_clock, "at": times.maybe(row.due_at), "is_late": is_late })
}
