//! Messages inside messages: forwarded and returned ones (message/rfc822), fragments (message/partial), the content of an
//! opaque S/MIME signature. Bounded by levels and by number.

use super::{Content, Place, Returned, attach, walk};
use crate::mail::part::Part;
use crate::mail::protection::{Envelope, envelope as read_envelope};
use crate::mail::transfer::Encoding;
use crate::mail::{Protection, guard, header, transfer};
use std::cell::OnceCell;

/// Levels of message/rfc822 that are read.
const MAX_EMBEDDED: usize = 3;
/// Embedded messages that are read in all.
const MAX_MESSAGES: usize = 10;

/// message/rfc822: its ids for bounces, its text for mails forwarded as attachment.
pub fn message(part: &Part<'_>, place: Place<'_>, out: &mut Content) {
    attach::add(part, false, out);
    let bytes = transfer::decode(part.body(), part.encoding);
    note_returned(&bytes, out);
    out.messages += 1;
    if place.level >= MAX_EMBEDDED || out.messages > MAX_MESSAGES {
        return out.defect("embedded", "embedded messages beyond the limit were not read".into());
    }
    let (bytes, defects) = guard::guard(&bytes, usize::MAX);
    for defect in defects {
        out.defect(&defect.name, defect.text);
    }
    let Ok(inner) = mailparse::parse_mail(&bytes) else { return };
    let mut content = Content { messages: out.messages, ..Content::default() };
    walk(&inner, Place::new(&inner, &OnceCell::new(), place.level + 1), &mut content);
    let field = |name: &str| header::text(&inner.headers, name).unwrap_or_default();
    // What a delivery report returns is our own text, not the reporter's.
    if !content.text.trim().is_empty() && out.report.is_none() {
        if place.is_digest {
            out.append(&content.text, &content.marks);
        } else {
            let head = ["From", "Date", "Subject"].map(|name| format!("\n{name}: {}", field(name))).concat();
            let text = std::mem::take(&mut content.text);
            out.forwarded.push((format!("---------- Forwarded message ----------{head}"), text.trim().to_string()));
        }
    }
    content.report = None;
    (content.returned, content.protection) = (None, None);
    out.absorb(content);
}

/// message/partial (RFC 2046 §5.2.2): the first fragment holds the message's own headers, the others are text.
pub fn fragment(part: &Part<'_>, place: Place<'_>, out: &mut Content) {
    let number = part.typed.get("number").unwrap_or("1");
    out.defect(
        "partial",
        format!("fragment {} of {} of a longer mail", header::floor(number, 10), header::floor(part.typed.get("total").unwrap_or("?"), 10)),
    );
    if number.trim() == "1" {
        inner(part.body(), place, out);
    } else {
        let text = super::body::text(part, out);
        out.append(&text, &[]);
    }
}

/// application/pkcs7-mime (RFC 8551 §3.2): signed content is read, encrypted content is an attachment.
pub fn envelope(part: &Part<'_>, place: Place<'_>, out: &mut Content) {
    attach::add(part, true, out);
    let told = part.typed.get("smime-type").unwrap_or("").to_ascii_lowercase();
    let bytes = transfer::decode(part.body(), part.encoding);
    match read_envelope(&bytes) {
        Envelope::Signed(content) => {
            out.protection = out.protection.or(Some(Protection::SmimeSigned));
            out.messages += 1;
            if out.messages <= MAX_MESSAGES {
                inner(&content, place, out);
            }
        }
        Envelope::Unknown if told.contains("signed") => out.protection = out.protection.or(Some(Protection::SmimeSigned)),
        _ => out.protection = out.protection.or(Some(Protection::SmimeEncrypted)),
    }
}

/// A multipart whose body was transfer-encoded as a whole, which RFC 2045 §6.4 forbids. True: parts were found in it.
pub fn encoded_whole(part: &Part<'_>, place: Place<'_>, out: &mut Content) -> bool {
    let Some(boundary) = part.typed.get("boundary") else { return false };
    if !matches!(part.encoding, Encoding::Base64 | Encoding::QuotedPrintable) || out.messages >= MAX_MESSAGES {
        return false;
    }
    let bytes = transfer::decode(part.body(), part.encoding);
    if memchr::memmem::find(&bytes, format!("--{boundary}").as_bytes()).is_none() {
        return false;
    }
    out.messages += 1;
    out.defect("transfer_encoding", "a multipart encoded as a whole".into());
    let head = format!("Content-Type: {}; boundary=\"{boundary}\"\n\n", part.kind);
    inner(&[head.as_bytes(), &bytes].concat(), place, out);
    true
}

/// An entity that stands in the place of the part that held it.
fn inner(bytes: &[u8], place: Place<'_>, out: &mut Content) {
    if place.level >= MAX_EMBEDDED {
        return;
    }
    let (bytes, _) = guard::guard(bytes, usize::MAX);
    let Ok(inner) = mailparse::parse_mail(&bytes) else { return };
    let mut content = Content { messages: out.messages, ..Content::default() };
    walk(&inner, Place::new(&inner, &OnceCell::new(), place.level + 1), &mut content);
    out.append(&std::mem::take(&mut content.text), &content.marks);
    out.absorb(content);
}

/// Remembers the header block of the first returned message.
pub fn note_returned(bytes: &[u8], out: &mut Content) {
    if out.returned.is_some() {
        return;
    }
    let (bytes, _) = guard::guard(&bytes[..bytes.len().min(256 * 1024)], usize::MAX);
    let Ok((headers, _)) = mailparse::parse_headers(&bytes) else { return };
    out.returned = Some(Returned {
        message_id: header::first(&headers, "Message-ID").and_then(|v| header::message_ids(v).into_iter().next()),
        subject: header::text(&headers, "Subject").unwrap_or_default(),
        from: header::text(&headers, "From").unwrap_or_default(),
    });
}
