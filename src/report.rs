//! The report of open cases: counted by status, owner, age and target, with the rows behind the numbers.
//!
//! [`open`] counts, `render_*` writes; pages show the same [`OpenReport`]. Open here means: not archived, cancelled or merged, so a case
//! whose closure is on its way still shows. Ages are calendar days, targets are business time, and the two are never mixed.

use crate::calendar::Calendar;
use crate::case::{CaseId, Language, Millis, Priority, Status, is_finished};
use crate::sla::{self, Clock, State, Targets};
pub use crate::survey::Satisfaction;
use serde::Serialize;

pub mod edits;
mod render;
pub use render::{display_width, render_csv, render_json, render_table};

/// Buckets of age in whole days, with their upper ends.
pub const AGE_BUCKETS: [(&str, i64); 6] = [("0-1", 1), ("2-3", 3), ("4-7", 7), ("8-14", 14), ("15-30", 30), (">30", i64::MAX)];

/// What the report needs to know of a case.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OpenCase {
    pub id: CaseId,
    pub number: String,
    pub title: String,
    pub status: Status,
    pub owner: Option<String>,
    pub priority: Priority,
    pub customer: String,
    pub language: Language,
    pub created_at: Millis,
    pub updated_at: Millis,
    pub first_response_due_at: Option<Millis>,
    pub first_responded_at: Option<Millis>,
    pub next_update_due_at: Option<Millis>,
    /// The last mail to the customer, from which the next update counts.
    pub last_sent_at: Option<Millis>,
    pub resolve_due_at: Option<Millis>,
    /// When the closure was started.
    pub resolved_at: Option<Millis>,
}

/// One case of the report with what was worked out.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row {
    pub case: OpenCase,
    /// Whole calendar days since it came.
    pub age_days: i64,
    pub first_response: State,
    pub next_update: State,
    pub resolve: State,
    /// The worst of the three.
    pub sla: State,
    /// The next target that is neither done nor paused.
    pub due_at: Option<Millis>,
    pub due_clock: Option<Clock>,
    /// The same at the desk: `2026-10-12 15:30`.
    pub due: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OpenReport {
    pub generated_at: Millis,
    /// The same at the desk, with the time zone's name.
    pub generated: String,
    pub total: usize,
    /// Only statuses that occur, in the order of a case's life.
    pub by_status: Vec<(Status, usize)>,
    /// Most cases first; None: nobody.
    pub by_owner: Vec<(Option<String>, usize)>,
    pub by_priority: Vec<(Priority, usize)>,
    /// Every bucket of [`AGE_BUCKETS`], in order.
    pub by_age: Vec<(&'static str, usize)>,
    /// Only states that occur.
    pub by_sla: Vec<(State, usize)>,
    /// Most urgent first: by state, due time, age.
    pub rows: Vec<Row>,
    pub satisfaction: Satisfaction,
    /// Years without holidays in the calendar on which a due time depends: those times may be too early.
    pub missing_years: Vec<i16>,
}

/// Makes the report. Cases that are finished are left out. `scores`: all survey answers of the period.
pub fn open(cases: &[OpenCase], scores: &[u8], now: Millis, calendar: &Calendar, targets: &Targets) -> OpenReport {
    let cases = cases.iter().filter(|case| !is_finished(case.status));
    let mut rows: Vec<Row> = cases.map(|case| row(case, now, calendar, targets)).collect();
    rows.sort_by_cached_key(|row| (sla::rank(row.sla), row.due_at.unwrap_or(Millis::MAX), row.case.created_at, row.case.number.clone()));

    let mut owners: Vec<Option<String>> = rows.iter().map(|row| row.case.owner.clone()).collect();
    owners.sort();
    let mut by_owner: Vec<(Option<String>, usize)> = owners.chunk_by(|a, b| a == b).map(|same| (same[0].clone(), same.len())).collect();
    by_owner.sort_by_key(|(_, n)| std::cmp::Reverse(*n));

    let mut missing_years: Vec<i16> = rows
        .iter()
        .filter_map(|row| Some(calendar.missing_years(row.case.created_at, row.due_at?)))
        .chain([calendar.missing_years(now, now)])
        .flatten()
        .collect();
    missing_years.sort_unstable();
    missing_years.dedup();

    OpenReport {
        generated_at: now,
        generated: format!("{} {}", minute_text(now, calendar), calendar.zone_name()),
        total: rows.len(),
        by_status: count(Status::ALL, &rows, |row| row.case.status),
        by_owner,
        by_priority: count(Priority::ALL, &rows, |row| row.case.priority),
        by_age: AGE_BUCKETS.iter().map(|(name, _)| (*name, rows.iter().filter(|row| age_bucket(row.age_days) == *name).count())).collect(),
        by_sla: count(State::ALL, &rows, |row| row.sla),
        rows,
        satisfaction: crate::survey::satisfaction(scores),
        missing_years,
    }
}

/// The bucket of an age in whole days; the future counts as today.
pub fn age_bucket(days: i64) -> &'static str {
    AGE_BUCKETS.iter().find(|(_, most)| days <= *most).map_or(">30", |(name, _)| name)
}

fn row(case: &OpenCase, now: Millis, calendar: &Calendar, targets: &Targets) -> Row {
    let clocks = [
        (Clock::FirstResponse, case.first_response_due_at, case.first_responded_at, case.created_at),
        // A word is only due while the case is worked on.
        (Clock::NextUpdate, case.next_update_due_at, case.resolved_at, case.last_sent_at.unwrap_or(case.created_at)),
        (Clock::Resolve, case.resolve_due_at, case.resolved_at, case.created_at),
    ];
    let states = clocks.map(|(clock, due_at, done_at, started_at)| {
        let paused = sla::pauses(clock, case.status);
        sla::state(due_at, done_at, started_at, paused, now, targets.warn_percent, calendar)
    });
    let running = |state: State| matches!(state, State::Ok | State::Warning | State::Breached);
    let pending = clocks.iter().zip(states).filter(|((_, _, done_at, _), state)| done_at.is_none() && running(*state));
    let next = pending.filter_map(|((clock, due_at, ..), _)| due_at.map(|at| (at, *clock))).min();
    Row {
        case: case.clone(),
        age_days: (now.saturating_sub(case.created_at) / 86_400_000).max(0),
        first_response: states[0],
        next_update: states[1],
        resolve: states[2],
        sla: sla::worst(&states),
        due_at: next.map(|(at, _)| at),
        due_clock: next.map(|(_, clock)| clock),
        due: next.map(|(at, _)| minute_text(at, calendar)),
    }
}

fn count<T: Copy + PartialEq>(all: &[T], rows: &[Row], of: impl Fn(&Row) -> T) -> Vec<(T, usize)> {
    let counted = all.iter().map(|kind| (*kind, rows.iter().filter(|row| of(row) == *kind).count()));
    counted.filter(|(_, n)| *n > 0).collect()
}

/// `2026-10-12 15:30` at the desk.
fn minute_text(at: Millis, calendar: &Calendar) -> String {
    calendar.local(at).strftime("%Y-%m-%d %H:%M").to_string()
}

#[cfg(test)]
mod tests;
