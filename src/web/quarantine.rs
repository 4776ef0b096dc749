//! `/quarantine`: mails that could not be read or decided, each with its reason, until a person settles it.

use super::error::see_other;
use super::login::query_value;
use super::session::{Posted, Signed};
use super::{Answer, Error, PAGE_ROWS, Shared, page};
use crate::case::{MessageKey, Role};
use crate::db;
use crate::db::message::State as MessageState;
use crate::review::{self, Verdict};
use crate::triage::Reason;
use axum::extract::{Path, State};
use serde_json::json;

pub(super) async fn show(State(pages): State<Shared>, signed: Signed) -> Answer {
    let before = query_value(&signed.reader.path, "before").parse().ok().map(MessageKey);
    let mut tx = pages.app.db.read().await?;
    let mut found = db::message::list_by_state(&mut tx, MessageState::Quarantined, before, PAGE_ROWS + 1).await?;
    drop(tx);
    let has_more = found.len() as i64 > PAGE_ROWS;
    found.truncate(PAGE_ROWS as usize);
    let times = pages.times(&signed.reader);
    let rows: Vec<_> = found
        .iter()
        .map(|row| {
            let why: Vec<Reason> = row.why.as_deref().and_then(|why| serde_json::from_str(why).ok()).unwrap_or_default();
            let text: String = row.reply_text.chars().take(400).collect();
            json!({
                "key": row.key, "subject": row.subject, "from_name": row.from_name, "from_address": row.from_address,
                "received": times.at(row.received_at), "size": kilobytes(row.size), "reason": row.reason, "why": why, "text": text,
                "mailbox": row.mailbox,
            })
        })
        .collect();
    let content = json!({
        "rows": rows,
        "next": has_more.then(|| found.last().map(|row| row.key)).flatten(),
        "may_download": signed.engineer().role >= Role::Admin,
    });
    page::render(&pages, &signed.reader, "quarantine", "quarantine.title", content)
}

pub(super) fn kilobytes(bytes: i64) -> String {
    if bytes < 1024 * 1024 { format!("{} kB", (bytes + 1023) / 1024) } else { format!("{:.1} MB", bytes as f64 / (1024.0 * 1024.0)) }
}

pub(super) async fn settle(State(pages): State<Shared>, Path(key): Path<String>, posted: Posted) -> Answer {
    let key = key.parse().map(MessageKey).map_err(|_| Error::NotFound)?;
    let number = posted.fields.line("number").to_uppercase();
    let reason = posted.fields.line("reason");
    let verdict = match posted.fields.line("verdict") {
        "file" => Verdict::FileIn(&number),
        "new" => Verdict::NewCase,
        "retry" => Verdict::Retry,
        "ignore" => Verdict::Ignore(reason),
        _ => return Err(Error::NotFound),
    };
    let missing = match verdict {
        Verdict::FileIn("") => Some("quarantine.number_missing"),
        Verdict::Ignore("") => Some("quarantine.reason_missing"),
        _ => None,
    };
    if let Some(missing) = missing {
        return Err(Error::Refused(page::word(&posted.signed.reader, missing)));
    }
    review::settle_quarantined(&pages.app, key, verdict, posted.signed.login()).await?;
    Ok(see_other("/quarantine?done=settled"))
}
