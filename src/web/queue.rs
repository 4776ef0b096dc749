//! `/`: the queue of proposed drafts, oldest first, with what a person should know before the first mail of the day.

use super::session::Signed;
use super::time::Times;
use super::{Answer, PAGE_ROWS, Shared, due, login, page};
use crate::app::App;
use crate::case::DraftId;
use crate::db;
use crate::db::draft::DraftRow;
use crate::db::outbox::OutboxStatus;
use crate::draft::{Finding, Level};
use axum::extract::State;
use serde_json::{Value, json};

pub(super) async fn show(State(pages): State<Shared>, signed: Signed) -> Answer {
    let after = login::query_value(&signed.reader.path, "after").parse().ok().map(DraftId);
    let times = pages.times(&signed.reader);
    let mut tx = pages.app.db.read().await?;
    let mut drafts = db::draft::list_proposed(&mut tx, after, PAGE_ROWS + 1).await?;
    let has_more = drafts.len() as i64 > PAGE_ROWS;
    drafts.truncate(PAGE_ROWS as usize);
    let mut rows = Vec::with_capacity(drafts.len());
    for draft in &drafts {
        let case = db::case::find(&mut tx, draft.case).await?;
        rows.push(row(&pages.app, draft, case.as_ref(), &times));
    }
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

/// Warnings of the process, and counts that wait for a person; zero counts stay hidden.
async fn notices(app: &App, tx: &mut db::Tx) -> db::Result<Value> {
    let account = db::account::load(tx).await?;
    let unknown = db::outbox::list(tx, OutboxStatus::Unknown, PAGE_ROWS).await?;
    let failed = db::outbox::list(tx, OutboxStatus::Failed, PAGE_ROWS).await?;
    let mailboxes = db::mailbox::list(tx).await?;
    let down: Vec<_> = mailboxes.iter().filter(|mailbox| mailbox.state == "failed").map(|mailbox| &mailbox.name).collect();
    let numbers = |rows: &[db::outbox::OutboxRow]| rows.iter().map(|row| row.case_number.clone()).collect::<Vec<_>>();
    let mut warnings: Vec<String> = match app.warnings.read() {
        Ok(warnings) => warnings.values().cloned().collect(),
        Err(poisoned) => poisoned.into_inner().values().cloned().collect(),
    };
    warnings.sort();
    let failed_numbers = numbers(&failed);
    Ok(json!({
        "warnings": warnings,
        "quarantined": account.quarantined,
        "unbalanced": !account.balances,
        "unknown": numbers(&unknown),
        "failed": failed_numbers,
        "down": down,
        "waiting": account.received,
    }))
}
