//! What of a case is due next, and how that stands, for badges of lists and the head of a case.

use super::time::Times;
use crate::case::{Millis, Status};
use crate::db::case::CaseRow;
use serde_json::{Value, json};

/// Two hours before a due time it is shown as near.
const NEAR: Millis = 2 * 3600 * 1000;

/// `{clock, state, at}` of the target that needs a look first; null when nothing is due.
pub(super) fn next(case: &CaseRow, times: &Times<'_>) -> Value {
    let open = !matches!(case.status, Status::Archived | Status::Cancelled | Status::Merged);
    let first = case.first_response_due_at.filter(|_| case.first_responded_at.is_none()).map(|at| ("first_response", at));
    let update = case.next_update_due_at.map(|at| ("next_update", at));
    let resolve = case.resolve_due_at.filter(|_| case.resolved_at.is_none()).map(|at| ("resolve", at));
    let next = [first, update, resolve].into_iter().flatten().min_by_key(|(_, at)| *at);
    match next.filter(|_| open) {
        Some((clock, at)) => json!({ "clock": clock, "state": state(case.status, at, times.now), "at": times.at(at) }),
        None => Value::Null,
    }
}

fn state(status: Status, due_at: Millis, now: Millis) -> &'static str {
    match () {
        () if status == Status::WaitingCustomer => "paused",
        () if now > due_at => "breached",
        () if now > due_at - NEAR => "warning",
        () => "ok",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states() {
        assert_eq!(state(Status::New, 10, 11), "breached");
        assert_eq!(state(Status::New, NEAR + 10, 11), "warning");
        assert_eq!(state(Status::New, NEAR + 10, 9), "ok");
        assert_eq!(state(Status::WaitingCustomer, 10, 11), "paused");
    }
}
