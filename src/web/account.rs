//! `/account`: mail accounting. Every mail seen is filed, ignored with a reason, or quarantined; the page shows the sum.

use super::session::Signed;
use super::{Answer, Shared, page};
use crate::db;
use axum::extract::State;
use serde_json::{Value, json};

pub(super) async fn show(State(pages): State<Shared>, signed: Signed) -> Answer {
    let mut tx = pages.app.db.read().await?;
    let account = db::account::load(&mut tx).await?;
    let mailboxes = db::mailbox::list(&mut tx).await?;
    drop(tx);
    let times = pages.times(&signed.reader);
    let pairs = |list: &[(String, i64)]| list.iter().map(|(name, count)| json!({ "name": name, "count": count })).collect::<Vec<Value>>();
    let sightings = |name: &str| account.mailboxes.iter().find(|(known, _)| known == name).map_or(0, |(_, count)| *count);
    let boxes: Vec<Value> = mailboxes
        .iter()
        .map(|mailbox| {
            json!({
                "name": mailbox.name, "state": mailbox.state, "error": mailbox.error, "last_uid": mailbox.last_uid,
                "sightings": sightings(&mailbox.name), "seen": times.maybe(mailbox.seen_at), "is_failed": mailbox.state == "failed",
            })
        })
        .collect();
    let content = json!({
        "mailboxes": boxes,
        "sightings": account.sightings, "duplicates": account.duplicates, "messages": account.messages,
        "received": account.received, "filed": account.filed, "ignored": account.ignored, "quarantined": account.quarantined,
        "ignored_reasons": pairs(&account.ignored_reasons),
        "quarantine_reasons": pairs(&account.quarantine_reasons),
        "outbox": pairs(&account.outbox),
        "balances": account.balances,
    });
    page::render(&pages, &signed.reader, "account", "account.title", content)
}
