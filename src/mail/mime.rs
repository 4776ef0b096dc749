//! The parts of a message (RFC 2046): which are read, which are attachments, which report a delivery.
//!
//! Takes mailparse's tree of the guarded bytes. Text is decoded by our own transfer and charset code; attachments are only
//! measured, but for `winmail.dat`, opaque signatures and text files. Embedded messages are read to three levels, for
//! bounces and for mails forwarded as attachment.

mod alternative;
mod attach;
mod body;
mod embedded;

use super::part::Part;
use super::transfer::Encoding;
use super::{Attachment, Defect, Mark, Protection, enriched, guard, header, html, invite, protection, tnef};
pub use body::unix_lines;
use mailparse::ParsedMail;
use std::cell::OnceCell;

/// Text read of one mail, decoded bytes.
const MAX_TEXT: usize = 2 * 1024 * 1024;
const MAX_ATTACHMENTS: usize = 1000;

/// What the parts say together.
#[derive(Debug, Default)]
pub struct Content {
    pub text: String,
    /// What markup says of ranges of `text`.
    pub marks: Vec<Mark>,
    pub attachments: Vec<Attachment>,
    /// Decoded `message/delivery-status` or `message/disposition-notification`, with its content type.
    pub report: Option<(String, String)>,
    /// Header block of the embedded or returned message.
    pub returned: Option<Returned>,
    /// `METHOD` of a calendar part, upper case: `REQUEST`, `REPLY`, `CANCEL`, `COUNTER`, … (RFC 5546 §1.4).
    pub calendar: Option<String>,
    /// Cryptographic envelope of the mail.
    pub protection: Option<Protection>,
    /// Name and decoded text of text attachments (`.log`, `.txt`, `.csv`, text types): the first 256 kB of the first 10.
    pub text_attachments: Vec<(String, String)>,
    pub defects: Vec<Defect>,
    /// Embedded messages seen so far.
    pub messages: usize,
    /// Messages attached to this one: header lines as a forward shows them, and text.
    pub forwarded: Vec<(String, String)>,
    /// Readable text of a calendar part, for mails that hold nothing else.
    pub invitation: String,
    /// Content-IDs that the HTML shows.
    pub shown: Vec<String>,
    /// Places in `attachments` and their Content-IDs.
    pub ids: Vec<(usize, String)>,
    /// The plain text of an alternative is enough: HTML need not be read.
    pub skips_html: bool,
}

/// What is known of a returned or forwarded message.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Returned {
    pub message_id: Option<String>,
    pub subject: String,
    pub from: String,
}

/// Where the walk stands.
#[derive(Clone, Copy)]
struct Place<'a> {
    /// The message or embedded message that the part belongs to.
    root: &'a ParsedMail<'a>,
    /// Whether that message holds text without a name: then text with one is an attachment. Found out when it is asked.
    has_text: &'a OnceCell<bool>,
    /// Levels of embedded messages.
    level: usize,
    /// Whether the part belongs to a page (multipart/related), as its pictures do.
    is_related: bool,
    /// Whether messages are parts of a digest: its content, not attachments (RFC 2046 §5.1.5).
    is_digest: bool,
}

impl<'a> Place<'a> {
    fn new(root: &'a ParsedMail<'a>, has_text: &'a OnceCell<bool>, level: usize) -> Place<'a> {
        Place { root, has_text, level, is_related: false, is_digest: false }
    }

    fn has_text(&self) -> bool {
        *self.has_text.get_or_init(|| has_nameless_text(self.root))
    }
}

impl Content {
    pub fn defect(&mut self, name: &str, text: String) {
        if self.defects.len() < 50 && !self.defects.iter().any(|d| d.name == name && d.text == text) {
            self.defects.push(Defect { name: name.into(), text });
        }
    }

    fn append(&mut self, text: &str, marks: &[Mark]) {
        if text.trim().is_empty() {
            return;
        }
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
        let at = self.text.len();
        self.marks.extend(marks.iter().map(|m| Mark { start: at + m.start, end: at + m.end, kind: m.kind }));
        self.text.push_str(text);
    }

    /// Takes over everything but the text of another content.
    fn absorb(&mut self, other: Content) {
        let at = self.attachments.len();
        self.messages = self.messages.max(other.messages);
        self.attachments.extend(other.attachments);
        self.ids.extend(other.ids.into_iter().map(|(place, id)| (at + place, id)));
        self.shown.extend(other.shown);
        self.report = self.report.take().or(other.report);
        self.returned = self.returned.take().or(other.returned);
        self.calendar = self.calendar.take().or(other.calendar);
        self.protection = self.protection.or(other.protection);
        self.text_attachments.extend(other.text_attachments);
        self.text_attachments.truncate(attach::MAX_TEXTS);
        self.forwarded.extend(other.forwarded);
        if self.invitation.is_empty() {
            self.invitation = other.invitation;
        }
        for defect in other.defects {
            self.defect(&defect.name, defect.text);
        }
    }

    /// HTML read, its marks kept, the pictures it shows noted.
    fn append_html(&mut self, page: &str) {
        attach::note_shown(page, &mut self.shown);
        let plain = html::to_text(page);
        self.append(&plain.text, &plain.marks);
    }
}

/// Reads the whole tree.
pub fn content(mail: &ParsedMail<'_>) -> Content {
    let mut out = Content::default();
    walk(mail, Place::new(mail, &OnceCell::new(), 0), &mut out);
    for (place, id) in std::mem::take(&mut out.ids) {
        if out.shown.contains(&id) {
            out.attachments[place].inline = true;
        }
    }
    if out.text.trim().is_empty() && !out.forwarded.is_empty() {
        out.text = std::mem::take(&mut out.forwarded).iter().map(|(head, text)| format!("{head}\n\n{text}\n\n")).collect();
        out.marks.clear();
    }
    if out.text.trim().is_empty() && !out.invitation.is_empty() {
        out.text = std::mem::take(&mut out.invitation);
        out.marks.clear();
    }
    if matches!(out.protection, Some(Protection::SmimeEncrypted | Protection::PgpEncrypted)) {
        out.defect("encrypted", "the mail is encrypted, only what lies outside of the envelope could be read".into());
    }
    out
}

fn walk(parsed: &ParsedMail<'_>, place: Place<'_>, out: &mut Content) {
    let part = Part::read(parsed);
    if part.kind.starts_with("multipart/") && !parsed.subparts.is_empty() {
        return multipart(&part, place, out);
    }
    match part.kind.as_str() {
        "message/delivery-status" | "message/disposition-notification" | "message/global-delivery-status" if out.report.is_none() => {
            out.report = Some((part.kind.clone(), body::text(&part, out)));
        }
        "text/rfc822-headers" | "message/rfc822-headers" => embedded::note_returned(part.body(), out),
        "message/rfc822" | "message/global" | "message/news" => embedded::message(&part, place, out),
        "message/partial" => embedded::fragment(&part, place, out),
        "application/pkcs7-mime" | "application/x-pkcs7-mime" => embedded::envelope(&part, place, out),
        "application/x-amp-html" | "text/x-amp-html" | guard::LEVEL => {}
        _ if attach::is_tnef(&part) => winmail(&part, place, out),
        kind if protection::is_signature(kind) => attach::add(&part, true, out),
        "text/calendar" | "application/ics" => calendar(&part, place, out),
        _ if is_body(&part, place, out) => readable(&part, place, out),
        _ => attach::add(&part, place.is_related && attach::is_picture(&part), out),
    }
}

fn multipart(part: &Part<'_>, place: Place<'_>, out: &mut Content) {
    out.protection = out.protection.or_else(|| protection::of_multipart(&part.kind, part.typed.get("protocol")));
    let children = &part.parsed.subparts;
    match part.kind.as_str() {
        "multipart/alternative" => alternative::choose(part.parsed, place, out),
        "multipart/related" => {
            for (at, child) in children.iter().enumerate() {
                walk(child, Place { is_related: place.is_related || at > 0, ..place }, out);
            }
        }
        // Two halves of one Macintosh file: the first is its resources.
        "multipart/appledouble" if children.len() == 2 => walk(&children[1], place, out),
        "multipart/digest" => children.iter().for_each(|child| walk(child, Place { is_digest: true, ..place }, out)),
        "multipart/encrypted" => children.iter().for_each(|child| attach::add(&Part::read(child), true, out)),
        _ => children.iter().for_each(|child| walk(child, place, out)),
    }
}

/// Whether the part is text of the mail: not attached, and not named while another text has no name.
fn is_body(part: &Part<'_>, place: Place<'_>, out: &Content) -> bool {
    let is_rtf = matches!(part.kind.as_str(), "text/rtf" | "application/rtf");
    if !(is_readable(&part.kind) || part.kind == "text/html" || is_rtf) {
        return false;
    }
    let is_whole = std::ptr::eq(part.parsed, place.root);
    if part.is_attached() {
        return is_whole && part.name().is_none();
    }
    match part.name() {
        None => !is_rtf || out.text.is_empty(),
        Some(_) => !is_rtf && out.text.trim().is_empty() && (is_whole || !place.has_text()),
    }
}

fn has_nameless_text(parsed: &ParsedMail<'_>) -> bool {
    if !parsed.subparts.is_empty() {
        return parsed.subparts.iter().any(has_nameless_text);
    }
    let part = Part::read(parsed);
    matches!(part.kind.as_str(), "text/plain" | "text/html")
        && !part.is_attached()
        && part.name().is_none()
        && !part.body().trim_ascii().is_empty()
}

/// Types shown as text (RFC 2046 §4.1.4: unknown text is plain text); tables, cards and styles are attachments.
fn is_readable(kind: &str) -> bool {
    match kind.strip_prefix("text/") {
        Some(sub) => !matches!(
            sub,
            "html"
                | "calendar"
                | "rtf"
                | "css"
                | "csv"
                | "xml"
                | "vcard"
                | "x-vcard"
                | "directory"
                | "javascript"
                | "x-amp-html"
                | "x-watch-html"
        ),
        None => kind.starts_with("multipart/"),
    }
}

fn readable(part: &Part<'_>, place: Place<'_>, out: &mut Content) {
    if part.disposition.get("filename").is_some() {
        attach::add(part, true, out);
    }
    let is_html = part.kind == "text/html";
    if is_html && out.skips_html {
        return attach::note_skipped(part, place.root, out);
    }
    if part.kind.starts_with("multipart/") {
        if embedded::encoded_whole(part, place, out) {
            return;
        }
        out.defect("multipart_without_parts", "a multipart without parts, read as text".into());
    }
    if part.kind.ends_with("/rtf") {
        return append_body(tnef::rtf_body(&super::transfer::decode(part.body(), part.encoding)), out);
    }
    let text = body::text(part, out);
    if is_html || body::looks_html(&text) {
        return out.append_html(&text);
    }
    match part.kind.as_str() {
        "text/enriched" => out.append(&enriched::to_text(&text, false), &[]),
        "text/richtext" => out.append(&enriched::to_text(&text, true), &[]),
        _ => body::append_plain(&text, part, place.level, out),
    }
}

fn append_body(body: tnef::Body, out: &mut Content) {
    match body {
        tnef::Body::Plain(text) => out.append(&body::unix_lines(text), &[]),
        tnef::Body::Html(page) => out.append_html(&body::unix_lines(page)),
    }
}

/// A calendar part is listed as an attachment; its text serves when there is no other.
fn calendar(part: &Part<'_>, place: Place<'_>, out: &mut Content) {
    attach::add(part, !part.is_attached() && part.name().is_none(), out);
    if place.level > 0 || out.calendar.is_some() {
        return;
    }
    let told = part.typed.get("method").map(str::to_ascii_uppercase).filter(|m| !m.is_empty());
    let invite = invite::read(&body::text(part, out));
    // A file about events is no invitation; one with a method is.
    out.calendar = invite.method.or(told);
    out.invitation = header::floor(&invite.text, 20_000).to_string();
}

/// `winmail.dat`: its body and files stand in its place; what cannot be read stays an attachment.
fn winmail(part: &Part<'_>, place: Place<'_>, out: &mut Content) {
    let bytes = match part.encoding {
        Encoding::Base64 => std::borrow::Cow::Owned(super::transfer::base64_with_footer(part.body()).0),
        encoding => super::transfer::decode(part.body(), encoding),
    };
    let Some(found) = tnef::read(&bytes) else {
        out.defect("tnef", "a winmail.dat that could not be read".into());
        return attach::add(part, false, out);
    };
    if found.body.is_none() && found.files.is_empty() {
        return attach::add(part, true, out);
    }
    if place.level == 0 && out.calendar.is_none() {
        out.calendar = attach::meeting(&found.class).map(str::to_string);
    }
    if out.text.trim().is_empty()
        && let Some(body) = found.body
    {
        append_body(body, out);
    }
    for file in found.files {
        attach::add_file(file, out);
    }
}

#[cfg(test)]
mod tests;
