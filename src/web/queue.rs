//! `/`: the queue of proposed drafts, oldest first, with what a person should know before the first mail of the day.

use super::session::Signed;
use super::time::Times;
use super::{Answer, PAGE_ROWS, Shared, due, login, page};
use crate::app::App;
use crate::case::DraftId;
use crate::db;
use crate::db::draft::DraftRow;
use crate::db::message::State;
use crate::db::outbox::OutboxStatus;
use crate::draft::{Finding, Level};
use axum::extract;
use serde_json::{Value, json};
use std::collections::HashMap;

pub(super) async fn show(extract::State(pages): extract::State<Shared>, signed: Signed) -> Answer {
    let after = login::query_value(&signed.reader.path, "after").parse().ok().map(DraftId);
    let times = pages.times(&signed.reader);
    let mut tx = pages.app.db.read().await?;
    let mut drafts = db::draft::list_proposed(&mut tx, after, PAGE_ROWS + 1).await?;
    let has_more = drafts.len() as i64 > PAGE_ROWS;
    drafts.truncate(PAGE_ROWS as usize);
    let ids: Vec<_> = drafts.iter().map(|draft| draft.case).collect();
    let cases: HashMap<_, _> = db::case::find_all(&mut tx, &ids).await?.into_iter().map(|case| (case.id, case)).collect();
    let rows: Vec<_> = drafts.iter().map(|draft| row(&pages.app, draft, cases.get(&draft.case), &times)).collect();
    let notices = notices(&pages.app, &mut tx).await?;
    let content = json!({
        "rows": rows,
        "count": db::draft::count_proposed(&mut tx).await?,
        "next": has_more.then(|| drafts.last().map(|draft| draft.id)).flatten(),
        "is_first": after.is_none(),
        "notices": notices,
    });
    page::render(&pages, &signed.reader, "queue", "queue.title", content)
}

fn row(app: &App, draft: &DraftRow, case: Option<&db::case::CaseRow>, times: &Times<'_>) -> Value {
    let findings: Vec<Finding> = serde_json::from_str(&draft.findings).unwrap_or_default();
    let errors = findings.iter().filter(|finding| finding.level == Level::Error).count();
    json!({
        "number": draft.case_number,
        "title": draft.case_title,
        "customer": draft.customer,
        "stage": draft.stage,
        "language": draft.language,
        "created": times.at(draft.created_at),
        "errors": errors,
        "warnings": findings.len() - errors,
        "edited_by": draft.edited_by,
        "priority": case.map(|case| case.priority),
        "owner": case.and_then(|case| case.owner_name.as_deref()),
        "due": case.map_or(Value::Null, |case| due::next(app, case, times)),
    })
}

/// How long a failed mail is pointed at, ms.
const RECENT: i64 = 7 * 86_400_000;

/// Warnings of the process, and what waits for a person; nothing here grows with the number of mails.
async fn notices(app: &App, tx: &mut db::Tx) -> db::Result<Value> {
    let unknown = db::outbox::list(tx, OutboxStatus::Unknown, PAGE_ROWS).await?;
    let failed = db::outbox::list_failed(tx, app.now() - RECENT, PAGE_ROWS).await?;
    let due = db::outbox::list(tx, OutboxStatus::Due, PAGE_ROWS).await?;
    let delayed = due.iter().filter(|row| row.attempts > 0).take(5);
    let mailboxes = db::mailbox::list(tx).await?;
    let is_configured = |name: &str| app.settings.mailboxes.iter().any(|mailbox| mailbox.name == name);
    let down = mailboxes.iter().filter(|mailbox| mailbox.state == "failed" && is_configured(&mailbox.name));
    let numbers = |rows: &[db::outbox::OutboxRow]| rows.iter().map(|row| row.case_number.clone()).collect::<Vec<_>>();
    let warnings = match app.warnings.read() {
        Ok(warnings) => warnings.clone(),
        Err(poisoned) => poisoned.into_inner().clone(),
    };
    Ok(json!({
        "calendar": warnings.get("calendar"),
        "knowledge": warnings.get("knowledge"),
        "unbalanced": warnings.contains_key("books"),
        "quarantined": db::message::count(tx, State::Quarantined).await?,
        "unknown": numbers(&unknown),
        "failed": numbers(&failed),
        "delayed": delayed.map(|row| json!({ "number": row.case_number, "reply": row.last_reply })).collect::<Vec<_>>(),
        "down": down.map(|mailbox| json!({ "name": mailbox.name, "error": mailbox.error })).collect::<Vec<_>>(),
        "waiting": db::message::count(tx, State::Received).await?,
    }))
}
