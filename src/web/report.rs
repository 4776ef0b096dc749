//! `/report`: the open cases, counted by status, owner, age and target, with the rows behind the numbers. The arithmetic is
//! [`crate::report`]'s, the same that the command line prints.

use super::session::Signed;
use super::{Answer, Error, Pages, Shared, due, page};
use crate::case::Millis;
use crate::db;
use crate::report::{self, OpenReport, Row};
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use serde::Serialize;
use serde_json::{Value, json};

/// Cases read at most; a desk with more open ones sees the oldest.
const CASES: i64 = 10_000;
/// Rows shown on the page; the CSV has all.
const ROWS: usize = 500;
/// Survey answers of this period count.
const PERIOD: Millis = 90 * 86_400_000;

/// The report, and how many surveys were sent in its period.
async fn load(pages: &Pages) -> Result<(OpenReport, i64), Error> {
    let now = pages.app.now();
    let mut tx = pages.app.db.read().await?;
    let cases = db::report::open_cases(&mut tx, CASES).await?;
    let (scores, sent) = db::report::survey_scores(&mut tx, now - PERIOD).await?;
    let cases: Vec<_> = cases.iter().map(due::open_case).collect();
    let scores: Vec<u8> = scores.iter().filter_map(|score| u8::try_from(*score).ok()).collect();
    Ok((report::open(&cases, &scores, now, &pages.app.calendar, &pages.app.targets), sent))
}

pub(super) async fn show(State(pages): State<Shared>, signed: Signed) -> Answer {
    let (report, sent) = load(&pages).await?;
    let times = pages.times(&signed.reader);
    let rows: Vec<Value> = report.rows.iter().take(ROWS).map(|row| view(row, &times)).collect();
    let satisfaction = &report.satisfaction;
    let percent = |value: Option<f64>, digits: usize| value.map(|value| format!("{value:.digits$}"));
    let content = json!({
        "generated": report.generated,
        "total": report.total,
        "by_status": bars(&report.by_status, report.total),
        "by_owner": bars(&report.by_owner, report.total),
        "by_priority": bars(&report.by_priority, report.total),
        "by_age": bars(&report.by_age, report.total),
        "by_sla": bars(&report.by_sla, report.total),
        "satisfaction": {
            "n": satisfaction.n, "sent": sent, "satisfied": satisfaction.satisfied,
            "csat": percent(satisfaction.csat, 0), "mean": percent(satisfaction.mean, 1),
            "least": crate::survey::LEAST_ANSWERS, "days": PERIOD / 86_400_000,
        },
        "missing_years": report.missing_years,
        "rows": rows,
        "hidden": report.rows.len().saturating_sub(ROWS),
    });
    page::render(&pages, &signed.reader, "report", "report.title", content)
}

/// Word, count and the count in hundredths of all, for a bar.
fn bars<T: Serialize>(counts: &[(T, usize)], total: usize) -> Vec<Value> {
    counts.iter().map(|(word, n)| json!({ "word": word, "n": n, "of": total.max(1) })).collect()
}

fn view(row: &Row, times: &super::time::Times<'_>) -> Value {
    let case = &row.case;
    json!({
        "number": case.number, "title": case.title, "status": case.status, "owner": case.owner, "priority": case.priority,
        "customer": case.customer, "age_days": row.age_days, "sla": row.sla, "due": due::view(row, times),
    })
}

pub(super) async fn csv(State(pages): State<Shared>, _signed: Signed) -> Answer {
    let (report, _) = load(&pages).await?;
    // The mark tells spreadsheets that this is UTF-8.
    let text = format!("\u{feff}{}", report::render_csv(&report));
    let headers =
        [(header::CONTENT_TYPE, "text/csv; charset=utf-8"), (header::CONTENT_DISPOSITION, "attachment; filename=\"open-cases.csv\"")];
    Ok((headers, text).into_response())
}
