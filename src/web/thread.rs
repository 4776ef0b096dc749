//! The mails of a case as the case page shows them, newest first: what each adds, and what became of ours.

use super::quarantine::kilobytes;
use super::time::Times;
use crate::case::MessageKey;
use crate::db::message::{Direction, MessageRow};
use crate::db::outbox::{OutboxRow, OutboxStatus};
use crate::mail::Kind;
use crate::triage::Reason;
use serde_json::{Value, json};

/// `messages` oldest first, as stored; the result is newest first. The newest of a person of the customer's is open, and the one that the
/// waiting draft answers.
pub(super) fn view(messages: &[MessageRow], outbox: &[OutboxRow], answered: Option<MessageKey>, times: &Times<'_>) -> Vec<Value> {
    let newest = messages.iter().rev().find(|message| is_from_customer(message)).map(|message| message.key);
    let delivery = |message: &MessageRow| outbox.iter().find(|row| row.message == message.key);
    let view = |message: &MessageRow| {
        let mut entry = entry(message, delivery(message), newest == Some(message.key), times);
        entry["is_open"] = json!([newest, answered].contains(&Some(message.key)));
        entry
    };
    messages.iter().rev().map(view).collect()
}

pub(super) fn is_from_customer(message: &MessageRow) -> bool {
    message.direction == Direction::In && message.kind.is_none_or(|kind| kind == Kind::Message)
}

fn entry(message: &MessageRow, delivery: Option<&OutboxRow>, is_newest: bool, times: &Times<'_>) -> Value {
    let why: Vec<Reason> = message.why.as_deref().and_then(|why| serde_json::from_str(why).ok()).unwrap_or_default();
    let first_line: String =
        message.reply_text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("").chars().take(120).collect();
    json!({
        "key": message.key,
        "is_ours": message.direction == Direction::Out,
        "is_newest": is_newest,
        "from": message.from_name.as_deref().or(message.from_address.as_deref()),
        "address": message.from_address,
        "subject": message.subject,
        "received": times.at(message.received_at),
        "size": kilobytes(message.size),
        "kind": message.kind.filter(|kind| *kind != Kind::Message),
        "text": message.reply_text,
        "first_line": first_line,
        "attachments": message.attachments,
        "why": why,
        "delivery": delivery.map(|row| delivered(row, times)),
    })
}

fn delivered(row: &OutboxRow, times: &Times<'_>) -> Value {
    json!({
        "id": row.id,
        "status": row.status,
        "is_unknown": row.status == OutboxStatus::Unknown,
        "is_failed": row.status == OutboxStatus::Failed,
        "recipients": row.recipients,
        "attempts": row.attempts,
        "reply": row.last_reply,
        "sent": times.maybe(row.sent_at),
        "next": times.maybe(Some(row.next_attempt_at).filter(|_| row.status == OutboxStatus::Due && row.attempts > 0)),
    })
}
