//! Attachments: name (RFC 2183, RFC 2231 and what clients write instead), type, whether shown in the text.

use super::Attachment;
use super::header::{self, Parameters};
use mailparse::ParsedMail;

/// How a part wants to be shown.
pub struct Shape {
    /// No attachment disposition and no file name: part of the text.
    pub is_body: bool,
    /// Named but not attached: the text when there is no other.
    pub may_be_body: bool,
}

pub fn shape(part: &ParsedMail<'_>, typed: &Parameters) -> Shape {
    let disposition = disposition(part);
    let named = name(&disposition, typed).is_some();
    let is_attached = disposition.value == "attachment";
    Shape { is_body: !is_attached && !named, may_be_body: !is_attached }
}

fn disposition(part: &ParsedMail<'_>) -> Parameters {
    header::first(&part.headers, "Content-Disposition").map(header::parameters).unwrap_or_default()
}

/// File name without directories; None when the sender gave none.
fn name(disposition: &Parameters, typed: &Parameters) -> Option<String> {
    let name = disposition.get("filename").or_else(|| typed.get("name"))?;
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name).trim();
    (!name.is_empty()).then(|| header::floor(name, 500).to_string())
}

pub fn attachment(part: &ParsedMail<'_>, typed: &Parameters, size: usize) -> Attachment {
    let disposition = disposition(part);
    let has_id = header::first(&part.headers, "Content-ID").is_some();
    let content_type = if part.ctype.mimetype.is_empty() { "application/octet-stream".into() } else { part.ctype.mimetype.clone() };
    let inline = disposition.value == "inline" || (has_id && disposition.value != "attachment");
    Attachment { name: name(&disposition, typed), content_type, size, inline }
}
