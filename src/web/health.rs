//! For machines, without login: `/healthz` (is the database reachable, how do the mailboxes go) and `/metrics` (Prometheus
//! text format). Neither carries an address, a subject or an error text of a server.

use super::{Pages, Shared};
use crate::db;
use crate::db::outbox::OutboxStatus;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};

/// 200 with the states of mailboxes and relay; 503 when the database does not answer. A failed mailbox does not fail the process.
pub(super) async fn health(State(pages): State<Shared>) -> Response {
    let (status, body) = match states(&pages).await {
        Ok((mailboxes, is_delayed)) => {
            let is_ok = !is_delayed && mailboxes.iter().all(|mailbox| mailbox.state != "failed");
            let states: Vec<_> = mailboxes.iter().map(|m| json!({ "name": m.name, "state": m.state, "seen_at": m.seen_at })).collect();
            let (all, relay) = (if is_ok { "ok" } else { "degraded" }, if is_delayed { "delayed" } else { "ok" });
            (StatusCode::OK, json!({ "status": all, "database": "ok", "mailboxes": states, "relay": relay }))
        }
        Err(error) => {
            tracing::error!(%error, "health: database");
            (StatusCode::SERVICE_UNAVAILABLE, json!({ "status": "failed", "database": "unreachable" }))
        }
    };
    (status, axum::Json(body)).into_response()
}

/// The configured mailboxes, and whether mails wait that the relay did not take.
async fn states(pages: &Pages) -> db::Result<(Vec<db::mailbox::Mailbox>, bool)> {
    let mut tx = pages.app.db.read().await?;
    let mut mailboxes = db::mailbox::list(&mut tx).await?;
    // One that was taken out of the configuration keeps its last state for ever.
    mailboxes.retain(|mailbox| pages.app.settings.mailboxes.iter().any(|configured| configured.name == mailbox.name));
    let due = db::outbox::list(&mut tx, OutboxStatus::Due, 50).await?;
    Ok((mailboxes, due.iter().any(|row| row.attempts > 0)))
}

pub(super) async fn metrics(State(pages): State<Shared>) -> Response {
    let mut out = counters(&pages);
    match gauges(&pages).await {
        Ok(gauges) => out.push_str(&gauges),
        Err(error) => tracing::error!(%error, "metrics: database"),
    }
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], out).into_response()
}

fn counters(pages: &Pages) -> String {
    let metrics = &pages.app.metrics;
    let all: [(&str, &str, &AtomicU64); 7] = [
        ("fetched", "Mails fetched.", &metrics.fetched),
        ("triaged", "Mails decided.", &metrics.triaged),
        ("quarantined", "Mails quarantined.", &metrics.quarantined),
        ("drafted", "Drafts proposed.", &metrics.drafted),
        ("sent", "Mails accepted by the relay.", &metrics.sent),
        ("send_failures", "Attempts to send that failed.", &metrics.send_failures),
        ("fetch_errors", "Errors while fetching.", &metrics.fetch_errors),
    ];
    let mut out = String::new();
    for (name, meaning, value) in all {
        let value = value.load(Ordering::Relaxed);
        let _ =
            write!(out, "# HELP casemate_{name}_total {meaning}\n# TYPE casemate_{name}_total counter\ncasemate_{name}_total {value}\n");
    }
    out
}

async fn gauges(pages: &Pages) -> db::Result<String> {
    let mut tx = pages.app.db.read().await?;
    let queue = db::draft::count_proposed(&mut tx).await?;
    let account = db::account::load(&mut tx).await?;
    let mailboxes = db::mailbox::list(&mut tx).await?;
    let mut out = String::new();
    gauge(&mut out, "queue_drafts", "Drafts waiting for review.", &[(String::new(), queue)]);
    let states =
        [("received", account.received), ("filed", account.filed), ("ignored", account.ignored), ("quarantined", account.quarantined)];
    gauge(&mut out, "messages", "Mails by state.", &states.map(|(state, count)| (label("state", state), count)));
    let outbox: Vec<_> = account.outbox.iter().map(|(status, count)| (label("status", status), *count)).collect();
    gauge(&mut out, "outbox", "Our mails by status.", &outbox);
    let up: Vec<_> = mailboxes.iter().map(|m| (label("mailbox", &m.name), i64::from(is_up(&m.state)))).collect();
    gauge(&mut out, "mailbox_up", "Whether a mailbox is being watched.", &up);
    Ok(out)
}

pub(super) fn is_up(state: &str) -> bool {
    state == "watching" || state == "polling"
}

fn label(name: &str, value: &str) -> String {
    format!("{{{name}=\"{}\"}}", value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}

fn gauge(out: &mut String, name: &str, meaning: &str, values: &[(String, i64)]) {
    let _ = write!(out, "# HELP casemate_{name} {meaning}\n# TYPE casemate_{name} gauge\n");
    for (labels, value) in values {
        let _ = writeln!(out, "casemate_{name}{labels} {value}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_escaped() {
        let mut out = String::new();
        gauge(&mut out, "x", "X.", &[(label("mailbox", "a\"b\\c\nd"), 1)]);
        assert_eq!(out, "# HELP casemate_x X.\n# TYPE casemate_x gauge\ncasemate_x{mailbox=\"a\\\"b\\\\c\\nd\"} 1\n");
    }
}
