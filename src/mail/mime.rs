//! The parts of a message (RFC 2046): which are read, which are attachments, which report a delivery.
//!
//! Takes mailparse's tree of the guarded bytes. Text is decoded by our own transfer and charset code; attachments are only
//! measured. Embedded messages are read to three levels, for bounces and for mails forwarded as attachment.

use super::header::{self, Parameters};
use super::{Attachment, Defect, Mark, Protection, attachment, charset, flowed, guard, html, transfer};
use mailparse::ParsedMail;
use std::borrow::Cow;

/// Levels of message/rfc822 that are read.
const MAX_EMBEDDED: usize = 3;
/// Embedded messages that are read in all.
const MAX_MESSAGES: usize = 10;
/// Text read of one mail, decoded bytes.
const MAX_TEXT: usize = 2 * 1024 * 1024;

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
}

/// What is known of a returned or forwarded message.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Returned {
    pub message_id: Option<String>,
    pub subject: String,
    pub from: String,
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
}

/// Reads the whole tree.
pub fn content(mail: &ParsedMail<'_>) -> Content {
    let mut out = Content::default();
    walk(mail, 0, &mut out);
    out
}

/// Body bytes of a part as they stand in the mail, still transfer-encoded.
fn body<'a>(part: &ParsedMail<'a>) -> &'a [u8] {
    let raw = part.raw_bytes;
    let mut at = 0;
    while at < raw.len() {
        match raw[at..] {
            [b'\n', ..] => return &raw[at + 1..],
            [b'\r', b'\n', ..] => return &raw[at + 2..],
            _ => at = raw[at..].iter().position(|b| *b == b'\n').map_or(raw.len(), |n| at + n + 1),
        }
    }
    &[]
}

fn transfer_encoding(part: &ParsedMail<'_>) -> String {
    header::first(&part.headers, "Content-Transfer-Encoding")
        .map(|v| header::parameters(v).value.trim_matches('"').to_string())
        .unwrap_or_default()
}

fn content_type(part: &ParsedMail<'_>) -> Parameters {
    header::first(&part.headers, "Content-Type").map(header::parameters).unwrap_or_default()
}

fn walk(part: &ParsedMail<'_>, level: usize, out: &mut Content) {
    let kind = part.ctype.mimetype.as_str();
    if kind.starts_with("multipart/") && !part.subparts.is_empty() {
        if kind == "multipart/alternative" {
            return alternative(part, level, out);
        }
        for child in &part.subparts {
            walk(child, level, out);
        }
        return;
    }
    let typed = content_type(part);
    let shape = attachment::shape(part, &typed);
    let is_body = shape.is_body || (shape.may_be_body && out.text.is_empty());
    match kind {
        "message/delivery-status" | "message/disposition-notification" | "message/global-delivery-status" if out.report.is_none() => {
            out.report = Some((kind.to_string(), decoded(part, &typed, out).0));
        }
        "text/rfc822-headers" | "message/rfc822-headers" => note_returned(body(part), out),
        "message/rfc822" | "message/global" => embedded(part, &typed, level, out),
        "text/html" if is_body => {
            let (text, _) = decoded(part, &typed, out);
            let plain = html::to_text(&text);
            out.append(&plain.text, &plain.marks);
        }
        _ if is_body && is_readable(kind) => {
            if kind.starts_with("multipart/") {
                out.defect("multipart_without_parts", "a multipart without parts, read as text".into());
            }
            let (text, _) = decoded(part, &typed, out);
            if looks_html(&text, kind) {
                let plain = html::to_text(&text);
                out.append(&plain.text, &plain.marks);
            } else {
                let text = unflow(&text, &typed);
                out.append(&text, &[]);
            }
        }
        _ => attach(part, &typed, out),
    }
}

/// Types shown as text; other text types (calendar, rtf, amp) are attachments.
fn is_readable(kind: &str) -> bool {
    matches!(kind, "" | "text" | "text/plain" | "text/markdown" | "text/enriched") || kind.starts_with("multipart/")
}

/// Seen in practice (mail gateways): HTML under text/plain.
fn looks_html(text: &str, kind: &str) -> bool {
    let head = header::floor(text.trim_start(), 200).to_ascii_lowercase();
    kind != "text/html" && (head.starts_with("<!doctype html") || head.starts_with("<html"))
}

fn unflow<'a>(text: &'a str, typed: &Parameters) -> Cow<'a, str> {
    if typed.get("format").is_some_and(|f| f.eq_ignore_ascii_case("flowed")) {
        return Cow::Owned(flowed::unflow(text, typed.get("delsp").is_some_and(|d| d.eq_ignore_ascii_case("yes"))));
    }
    Cow::Borrowed(text)
}

fn attach(part: &ParsedMail<'_>, typed: &Parameters, out: &mut Content) {
    let size = transfer::decoded_size(body(part), &transfer_encoding(part));
    if out.attachments.len() < 1000 {
        out.attachments.push(attachment::attachment(part, typed, size));
    }
}

/// multipart/alternative: plain text, unless the HTML says much more (RFC 2046 §5.1.4 prefers the last).
fn alternative(part: &ParsedMail<'_>, level: usize, out: &mut Content) {
    let mut choices: Vec<(bool, Content)> = Vec::new();
    for child in &part.subparts {
        let is_plain = child.ctype.mimetype == "text/plain";
        let mut content = Content { messages: out.messages, ..Content::default() };
        let enough = choices.iter().any(|(plain, c)| *plain && c.text.trim().len() >= 200);
        if !(enough && child.ctype.mimetype == "text/html") {
            walk(child, level, &mut content);
        }
        choices.push((is_plain, content));
    }
    let weight = |c: &Content| c.text.chars().filter(|c| c.is_alphanumeric()).take(5000).count();
    let plain = choices.iter().position(|(is_plain, c)| *is_plain && weight(c) > 0);
    let rich = choices.iter().rposition(|(is_plain, c)| !*is_plain && weight(c) > 0);
    let chosen = match (plain, rich) {
        (Some(p), Some(r)) => {
            let (few, many) = (weight(&choices[p].1), weight(&choices[r].1));
            if few < 20 && many > few * 4 + 20 || few * 10 < many { Some(r) } else { Some(p) }
        }
        (p, r) => p.or(r),
    };
    for (at, (_, content)) in choices.into_iter().enumerate() {
        out.messages = out.messages.max(content.messages);
        out.attachments.extend(content.attachments);
        out.report = out.report.take().or(content.report);
        out.returned = out.returned.take().or(content.returned);
        for defect in content.defects {
            out.defect(&defect.name, defect.text);
        }
        if Some(at) == chosen {
            out.append(&content.text, &content.marks);
        }
    }
}

/// Text of a part, LF line ends, and whether it was cut.
fn decoded(part: &ParsedMail<'_>, typed: &Parameters, out: &mut Content) -> (String, bool) {
    let raw = body(part);
    let encoding = transfer_encoding(part);
    let room = MAX_TEXT.saturating_sub(out.text.len());
    let factor = match encoding.as_str() {
        "base64" => 2,
        "quoted-printable" => 3,
        _ => 1,
    };
    let is_cut = raw.len() > room.saturating_mul(factor);
    let raw = if is_cut { &raw[..room * factor] } else { raw };
    if is_cut {
        out.defect("text_too_long", format!("more than {MAX_TEXT} bytes of text, the rest was left out"));
    }
    let (bytes, footer): (Cow<'_, [u8]>, &[u8]) = match encoding.as_str() {
        "base64" if !transfer::looks_base64(raw) => {
            out.defect("transfer_encoding", "base64 announced, plain text found".into());
            (Cow::Borrowed(raw), &[])
        }
        "base64" => {
            let (bytes, footer) = transfer::base64_with_footer(raw);
            if !is_cut && !transfer::is_whole_base64(&raw[..raw.len() - footer.len()]) {
                out.defect("base64_cut", "a base64 body ends in the middle or lacks its padding".into());
            }
            (Cow::Owned(bytes), footer)
        }
        "quoted-printable" => (Cow::Owned(transfer::quoted_printable(raw)), &[]),
        "" | "7bit" | "8bit" | "binary" => (Cow::Borrowed(raw), &[]),
        other => {
            out.defect("transfer_encoding", format!("unknown transfer encoding \"{}\", read as it is", header::floor(other, 40)));
            (Cow::Borrowed(raw), &[])
        }
    };
    let mut label = typed.get("charset").map(str::to_string);
    if label.is_none() && part.ctype.mimetype == "text/html" {
        label = meta_charset(&bytes);
    }
    let read = charset::decode(&bytes, label.as_deref());
    if let Some(assumed) = read.assumed {
        out.defect("charset", assumed);
    }
    let mut text = unix_lines(read.text);
    if !footer.is_empty() {
        out.defect("base64_footer", "text after the end of a base64 body".into());
        text.push('\n');
        text.push_str(&unix_lines(charset::decode(footer, None).text));
    }
    (text, is_cut)
}

/// LF line ends, no control characters but tab, no NUL.
fn unix_lines(text: String) -> String {
    let bytes = text.as_bytes();
    let plain = !bytes.iter().any(|b| (*b < 0x20 && !matches!(b, b'\n' | b'\t')) || matches!(b, 0x7F | 0xC2));
    if plain && !text.contains('\u{feff}') && !text.contains('\u{200b}') {
        return text;
    }
    let foreign = |c: char| (c.is_control() && !matches!(c, '\n' | '\t')) || matches!(c, '\u{feff}' | '\u{200b}');
    if !text.contains(foreign) {
        return text;
    }
    let text = if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text };
    text.chars().filter(|c| !foreign(*c)).collect()
}

fn meta_charset(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(1024)]).to_ascii_lowercase();
    let at = head.find("charset=")? + 8;
    let value: String =
        head[at..].trim_start_matches(['"', '\'']).chars().take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect();
    (!value.is_empty()).then_some(value)
}

/// message/rfc822: its ids for bounces, its text for mails forwarded as attachment.
fn embedded(part: &ParsedMail<'_>, typed: &Parameters, level: usize, out: &mut Content) {
    attach(part, typed, out);
    let encoding = transfer_encoding(part);
    let bytes: Cow<'_, [u8]> = match encoding.as_str() {
        "base64" => Cow::Owned(transfer::base64(body(part))),
        "quoted-printable" => Cow::Owned(transfer::quoted_printable(body(part))),
        _ => Cow::Borrowed(body(part)),
    };
    note_returned(&bytes, out);
    out.messages += 1;
    if level >= MAX_EMBEDDED || out.messages > MAX_MESSAGES {
        return out.defect("embedded", "embedded messages beyond the limit were not read".into());
    }
    let (bytes, defects) = guard::guard(&bytes, usize::MAX);
    for defect in defects {
        out.defect(&defect.name, defect.text);
    }
    let Ok(inner) = mailparse::parse_mail(&bytes) else { return };
    let mut content = Content { messages: out.messages, ..Content::default() };
    walk(&inner, level + 1, &mut content);
    out.messages = content.messages;
    let field = |name: &str| header::text(&inner.headers, name).unwrap_or_default();
    if let Some(attached) = out.attachments.last_mut().filter(|a| a.name.is_none()) {
        attached.name = Some(format!("{}.eml", field("Subject"))).filter(|n| n.len() > 4);
    }
    let head = format!(
        "---------- Forwarded message ----------\nFrom: {}\nDate: {}\nSubject: {}\n\n",
        field("From"),
        field("Date"),
        field("Subject")
    );
    // What a delivery report returns is our own text, not the reporter's.
    if !content.text.trim().is_empty() && out.report.is_none() {
        out.append(&format!("\n{head}{}", content.text), &[]);
    }
    out.attachments.extend(content.attachments);
    for defect in content.defects {
        out.defect(&defect.name, defect.text);
    }
}

fn note_returned(bytes: &[u8], out: &mut Content) {
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
