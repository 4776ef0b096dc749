//! The JSON of `casemate inspect`: an interface others rely on, so it is written out field by field.

use super::Mail;
use jiff::Timestamp;
use serde_json::{Value, json};

/// The JSON object `casemate inspect` prints for one file, without `file`.
pub fn inspect_json(mail: &Mail) -> Value {
    let date = mail.date_at.and_then(|at| Timestamp::from_millisecond(at).ok()).map(|at| at.to_string());
    json!({
        "message_id": mail.message_id,
        "date": date,
        "from": mail.from,
        "to": mail.to,
        "cc": mail.cc,
        "subject": mail.subject.text,
        "base_subject": mail.subject.base,
        "stage": mail.subject.stage,
        "case_number": mail.subject.case_numbers.first(),
        "case_numbers": mail.subject.case_numbers,
        "tracking_token": mail.subject.tracking_token,
        "text": mail.text,
        "segments": mail.segments,
        "reply_text": mail.reply_text,
        "signature": mail.signature,
        "attachments": mail.attachments,
        "kind": mail.kind,
        "kind_reason": mail.kind_reason,
        "bounce": mail.bounce,
        "protection": mail.protection,
        "log_lines": mail.log_lines,
        "kb": mail.mentions.kb,
        "error_codes": mail.mentions.error_codes,
        "builds": mail.mentions.builds,
        "products": mail.mentions.products,
        "questions": mail.questions,
        "language": mail.language,
        "state_words": mail.state_words,
        "defects": mail.defects,
    })
}
