//! Attachments: listed with name, type and size; pictures of a page told apart; text files kept for the reader of log lines.

use super::{Content, MAX_ATTACHMENTS};
use crate::mail::part::Part;
use crate::mail::transfer::{self, Encoding};
use crate::mail::{Attachment, charset, header, tnef};
use mailparse::ParsedMail;

/// Text attachments kept, and the decoded bytes of each.
pub const MAX_TEXTS: usize = 10;
const MAX_TEXT_SIZE: usize = 256 * 1024;
/// Pictures of a page that are looked for.
const MAX_SHOWN: usize = 300;

/// Lists a part; `inline`: it belongs to the text or to an envelope.
pub fn add(part: &Part<'_>, inline: bool, out: &mut Content) {
    if out.attachments.len() >= MAX_ATTACHMENTS {
        return;
    }
    let name = part.name();
    let is_shown_picture = part.disposition.value == "inline" && is_picture(part);
    keep_text(part, name.as_deref(), out);
    if let Some(id) = part.content_id() {
        out.ids.push((out.attachments.len(), id));
    }
    out.attachments.push(Attachment {
        name,
        content_type: if part.kind.starts_with("multipart/") { "application/octet-stream".into() } else { part.kind.clone() },
        size: transfer::decoded_size(part.body(), part.encoding),
        inline: inline || is_shown_picture,
    });
}

/// Lists a file of a `winmail.dat`.
pub fn add_file(file: tnef::File, out: &mut Content) {
    if out.attachments.len() >= MAX_ATTACHMENTS {
        return;
    }
    if let Some(id) = file.content_id {
        out.ids.push((out.attachments.len(), id));
    }
    let content_type = file.kind.unwrap_or_else(|| "application/octet-stream".into());
    out.attachments.push(Attachment { name: file.name, content_type, size: file.size, inline: false });
}

/// Lists a file found inside a text.
pub fn add_named(name: String, size: usize, out: &mut Content) {
    if out.attachments.len() < MAX_ATTACHMENTS {
        let name = name.rsplit(['/', '\\']).next().map(header::clean).filter(|n| !n.is_empty());
        out.attachments.push(Attachment { name, content_type: "application/octet-stream".into(), size, inline: false });
    }
}

pub fn is_picture(part: &Part<'_>) -> bool {
    part.kind.starts_with("image/") || (part.kind == "application/octet-stream" && part.content_id().is_some())
}

pub fn is_tnef(part: &Part<'_>) -> bool {
    matches!(part.kind.as_str(), "application/ms-tnef" | "application/vnd.ms-tnef")
        || (part.kind == "application/octet-stream" && part.name().is_some_and(|n| n.eq_ignore_ascii_case("winmail.dat")))
}

/// Method of a meeting by its message class (MS-OXOCAL §2.2.7).
pub fn meeting(class: &str) -> Option<&'static str> {
    let class = class.to_ascii_lowercase();
    let kind = class.strip_prefix("ipm.schedule.meeting.").or_else(|| class.strip_prefix("ipm.microsoft schedule.mtg"))?;
    Some(match kind {
        k if k.starts_with("resp") => "REPLY",
        k if k.starts_with("cancel") || k.starts_with("cncl") => "CANCEL",
        _ => "REQUEST",
    })
}

/// Decodes a text file for those who read logs; lazily, by name or type.
fn keep_text(part: &Part<'_>, name: Option<&str>, out: &mut Content) {
    if out.text_attachments.len() >= MAX_TEXTS || part.kind == "text/html" {
        return;
    }
    let ends = |n: &str| {
        [".log", ".txt", ".csv"]
            .iter()
            .any(|end| n.len() > end.len() && n.is_char_boundary(n.len() - end.len()) && n[n.len() - end.len()..].eq_ignore_ascii_case(end))
    };
    let is_text = matches!(part.kind.as_str(), "text/plain" | "text/csv" | "text/x-log" | "text/log");
    if !is_text && !name.is_some_and(ends) {
        return;
    }
    let raw = part.body();
    let most = match part.encoding {
        Encoding::Base64 => MAX_TEXT_SIZE / 3 * 4 + MAX_TEXT_SIZE / 30,
        _ => MAX_TEXT_SIZE * 2,
    };
    let bytes = transfer::decode(&raw[..raw.len().min(most)], part.encoding);
    let bytes = &bytes[..bytes.len().min(MAX_TEXT_SIZE)];
    let text = super::body::unix_lines(charset::decode(bytes, part.typed.get("charset")).text);
    out.text_attachments.push((name.unwrap_or_default().to_string(), text));
}

/// Notes the `cid:` links of a page (RFC 2392).
pub fn note_shown(page: &str, shown: &mut Vec<String>) {
    for at in memchr::memmem::find_iter(page.as_bytes(), b"cid:").take(MAX_SHOWN) {
        let rest = header::floor(&page[at + 4..], 250);
        let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '>' | ')' | '<')).unwrap_or(rest.len());
        let id = rest[..end].replace("%40", "@").replace("&amp;", "&");
        if !id.is_empty() && !shown.contains(&id) {
            shown.push(id);
        }
    }
}

/// Whether a part of a message may have a Content-ID; without one a page shows no picture of the mail.
fn names_a_content_id(root: &ParsedMail<'_>) -> bool {
    let after = |at: usize| root.raw_bytes.get(at.saturating_sub(8)..at + 3);
    memchr::memmem::find_iter(root.raw_bytes, b"-I")
        .chain(memchr::memmem::find_iter(root.raw_bytes, b"-i"))
        .any(|at| after(at).is_some_and(|name| name.len() >= 10 && name[name.len() - 10..].eq_ignore_ascii_case(b"content-id")))
}

/// The pictures of a page that need not be read otherwise.
pub fn note_skipped(part: &Part<'_>, root: &ParsedMail<'_>, out: &mut Content) {
    if matches!(part.encoding, Encoding::None | Encoding::QuotedPrintable) && memchr::memmem::find(part.body(), b"cid:").is_none() {
        return;
    }
    if !names_a_content_id(root) {
        return;
    }
    let page = transfer::decode(part.body(), part.encoding);
    if memchr::memmem::find(&page, b"cid:").is_some() {
        note_shown(&String::from_utf8_lossy(&page), &mut out.shown);
    }
}
