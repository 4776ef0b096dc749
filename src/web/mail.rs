//! One mail, whole: its readable text with quotes and signature, its attachments' names, what is odd about it; and its raw
//! bytes, as a download that no browser opens.

use super::quarantine::kilobytes;
use super::session::Signed;
use super::{Answer, Error, Pages, Shared, page};
use crate::app::App;
use crate::case::{MessageKey, Role};
use crate::db;
use crate::db::message::{MessageRow, State as MessageState};
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::IntoResponse;
use serde_json::{Value, json};

/// A text longer than this is cut on pages; the raw bytes have it all.
const TEXT_CHARS: usize = 200_000;

pub(super) async fn show(State(pages): State<Shared>, signed: Signed, Path(key): Path<String>) -> Answer {
    let (message, case) = load(&pages, &key).await?;
    let times = pages.times(&signed.reader);
    let content = json!({
        "key": message.key, "subject": message.subject, "from_name": message.from_name, "from_address": message.from_address,
        "received": times.at(message.received_at), "size": kilobytes(message.size), "state": message.state, "kind": message.kind,
        "reason": message.reason, "case_number": case, "message_id": message.message_id, "mailbox": message.mailbox,
        "whole": whole(&pages.app, message.key).await?,
        "may_download": may_download(&message, &signed),
    });
    page::render(&pages, &signed.reader, "message", "message.title", content)
}

async fn load(pages: &Pages, key: &str) -> Result<(MessageRow, Option<String>), Error> {
    let key = key.parse().map(MessageKey).map_err(|_| Error::NotFound)?;
    let mut tx = pages.app.db.read().await?;
    let message = db::message::find(&mut tx, key).await?.ok_or(Error::NotFound)?;
    let case = match message.case {
        Some(case) => db::case::find(&mut tx, case).await?.map(|case| case.number),
        None => None,
    };
    Ok((message, case))
}

/// Bytes of a quarantined mail may be hostile: for administrators.
fn may_download(message: &MessageRow, signed: &Signed) -> bool {
    message.state != MessageState::Quarantined || signed.engineer().role >= Role::Admin
}

pub(super) async fn raw(State(pages): State<Shared>, signed: Signed, Path(key): Path<String>) -> Answer {
    let (message, _) = load(&pages, &key).await?;
    if !may_download(&message, &signed) {
        return Err(Error::Forbidden);
    }
    let mut tx = pages.app.db.read().await?;
    let bytes = db::message::raw(&mut tx, message.key).await?.ok_or(Error::NotFound)?;
    let name = format!("attachment; filename=\"message-{}.eml\"", message.key);
    let headers = [(header::CONTENT_TYPE, "application/octet-stream".to_string()), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, bytes).into_response())
}

/// `{text, attachments, defects}` read again from the raw bytes; null when they expired or cannot be read.
pub(super) async fn whole(app: &App, key: MessageKey) -> Result<Value, Error> {
    let mut tx = app.db.read().await?;
    let raw = match db::message::raw(&mut tx, key).await {
        Ok(Some(raw)) => raw,
        Ok(None) | Err(db::Error::Damaged(_)) => return Ok(Value::Null),
        Err(error) => return Err(error.into()),
    };
    drop(tx);
    let settings = app.settings.mail.clone();
    // A panic in a third-party parser costs this part of the page only.
    let parsed = tokio::task::spawn_blocking(move || crate::mail::parse(&raw, &settings)).await;
    Ok(parsed.map_or(Value::Null, |mail| {
        let text: String = mail.text.chars().take(TEXT_CHARS).collect();
        let attachments: Vec<_> = mail
            .attachments
            .iter()
            .map(|a| json!({ "name": a.name, "content_type": a.content_type, "size": kilobytes(a.size as i64) }))
            .collect();
        json!({ "text": text, "attachments": attachments, "defects": mail.defects })
    }))
}
