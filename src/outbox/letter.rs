//! From a [`Letter`] to the bytes of a mail, with lettre's builder.

use super::{BuildError, Letter};
use crate::mail::Address;
use lettre::Message;
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue, MIME_VERSION_1_0, Subject};
use lettre::message::{Mailbox, MessageBuilder};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, SystemTime};

/// Characters of a subject; a longer one loses its middle, so that a tracking token at its end stays. A line holds 998 (RFC 5322 §2.1.1).
const LONGEST_SUBJECT: usize = 240;
const SUBJECT_TAIL: usize = 60;
const LONGEST_NAME: usize = 100;
const LONGEST_ID: usize = 250;
const MOST_RECIPIENTS: usize = 100;
/// References kept besides the first one, which names the thread.
const LAST_REFERENCES: usize = 20;
/// 9999-12-31T23:59:59Z
const LAST_SECOND: u64 = 253_402_300_799;

/// The bytes to store and send: CRLF line ends, CRLF at the end, `text/plain; charset=utf-8`.
pub fn build(letter: &Letter) -> Result<Vec<u8>, BuildError> {
    // Seen in practice (lettre 0.11): a display name with a line end makes the builder panic. Such names are cleaned; this is the net.
    let bytes =
        catch_unwind(AssertUnwindSafe(|| compose(letter))).unwrap_or_else(|_| Err(BuildError::Broken("the builder gave up".to_owned())))?;
    check(&bytes)?;
    Ok(bytes)
}

fn compose(letter: &Letter) -> Result<Vec<u8>, BuildError> {
    let mut builder = recipients(letter)?;
    if !is_id(&letter.message_id) || letter.message_id.matches('@').count() != 1 {
        return Err(BuildError::MessageId { most: LONGEST_ID });
    }
    builder = builder.message_id(Some(format!("<{}>", letter.message_id)));
    if let Some(parent) = letter.in_reply_to.as_deref().filter(|id| is_id(id)) {
        builder = builder.in_reply_to(format!("<{parent}>"));
    }
    if let Some(references) = references(&letter.references) {
        builder = builder.references(references);
    }
    let date = Duration::from_secs(u64::try_from(letter.date_at / 1000).unwrap_or(0).min(LAST_SECOND));
    builder = builder.date(SystemTime::UNIX_EPOCH + date).header(Subject::from(subject(&letter.subject)));
    builder = raw(builder, "X-Casemate-Loop", &letter.from.address);
    if let Some(number) = &letter.case_number {
        builder = raw(builder, "X-Casemate-Case", number);
    }
    if letter.automatic {
        builder = raw(builder, "Auto-Submitted", "auto-generated");
        builder = raw(builder, "X-Auto-Response-Suppress", "OOF, AutoReply");
    }
    let body = body(&letter.body);
    builder = builder.header(MIME_VERSION_1_0).header(ContentType::TEXT_PLAIN);
    // A line that starts with "From " is changed by mbox stores; base64 hides it.
    if !body.is_ascii() || body.lines().any(|line| line.starts_with("From ")) {
        builder = builder.header(ContentTransferEncoding::Base64);
    }
    let message = builder.body(body).map_err(|e| BuildError::Broken(e.to_string()))?;
    let mut bytes = message.formatted();
    if !bytes.ends_with(b"\r\n") {
        bytes.extend_from_slice(b"\r\n");
    }
    Ok(bytes)
}

fn recipients(letter: &Letter) -> Result<MessageBuilder, BuildError> {
    let count = letter.to.len() + letter.cc.len();
    if count == 0 {
        return Err(BuildError::NoRecipient);
    }
    if count > MOST_RECIPIENTS {
        return Err(BuildError::TooManyRecipients { most: MOST_RECIPIENTS });
    }
    let mut builder = Message::builder().from(mailbox("From", 0, &letter.from)?);
    if let Some(reply_to) = &letter.reply_to {
        builder = builder.reply_to(mailbox("Reply-To", 0, reply_to)?);
    }
    for (index, address) in letter.to.iter().enumerate() {
        builder = builder.to(mailbox("To", index, address)?);
    }
    for (index, address) in letter.cc.iter().enumerate() {
        builder = builder.cc(mailbox("Cc", index, address)?);
    }
    Ok(builder)
}

/// Only ASCII addresses: others need SMTPUTF8 (RFC 6531), which the relay may not have.
fn mailbox(header: &'static str, index: usize, address: &Address) -> Result<Mailbox, BuildError> {
    let unusable = |reason: String| BuildError::Address { header, position: index + 1, reason };
    if !address.address.is_ascii() {
        return Err(unusable("it has characters outside ASCII".to_owned()));
    }
    let parsed: lettre::Address = address.address.parse().map_err(|e: lettre::address::AddressError| unusable(e.to_string()))?;
    let name = address.name.as_deref().map(one_line).map(|name| name.chars().take(LONGEST_NAME).collect::<String>());
    Ok(Mailbox::new(name.filter(|name| !name.is_empty()), parsed))
}

/// One line: control characters, line and paragraph separators and marks of writing direction become blanks; blanks are single.
/// The start of an encoded word (RFC 2047 §2) in plain text is broken up, else a reader would show other text than was approved.
fn one_line(text: &str) -> String {
    let unwanted = |c: char| c.is_control() || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    text.split(|c: char| c.is_whitespace() || unwanted(c))
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
        .replace("=?", "= ?")
}

fn subject(text: &str) -> String {
    let text = one_line(text);
    let chars: Vec<char> = text.chars().collect();
    if chars.len() <= LONGEST_SUBJECT {
        return text;
    }
    let head = chars[..LONGEST_SUBJECT - SUBJECT_TAIL - 1].iter();
    head.chain(&['…']).chain(&chars[chars.len() - SUBJECT_TAIL..]).collect()
}

/// Printable ASCII without blanks and brackets, neither empty nor too long for a line.
fn is_id(id: &str) -> bool {
    (1..=LONGEST_ID).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_graphic() && b != b'<' && b != b'>')
}

/// The first and the last twenty ids (RFC 5322 §3.6.4 sets no limit, header sizes do).
fn references(ids: &[String]) -> Option<String> {
    let ids: Vec<&String> = ids.iter().filter(|id| is_id(id)).collect();
    let last = ids.len().saturating_sub(LAST_REFERENCES).max(1);
    let kept = ids.iter().take(1).chain(ids.iter().skip(last));
    let text = kept.map(|id| format!("<{id}>")).collect::<Vec<_>>().join(" ");
    (!text.is_empty()).then_some(text)
}

/// LF or CR alone become CRLF; other control characters but TAB, and byte order marks, are left out; ends with a line end.
fn body(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut body = String::with_capacity(text.len() + 64);
    for line in text.trim_end_matches('\n').split('\n') {
        body.extend(line.chars().filter(|c| *c == '\t' || !(c.is_control() || *c == '\u{feff}')));
        body.push_str("\r\n");
    }
    body
}

fn raw(builder: MessageBuilder, name: &'static str, value: &str) -> MessageBuilder {
    builder.raw_header(HeaderValue::new(HeaderName::new_from_ascii_str(name), one_line(value)))
}

/// The invariants of stored mail, whatever the builder did: only CRLF line ends, no line above 998 bytes, ASCII only.
fn check(bytes: &[u8]) -> Result<(), BuildError> {
    let broken = |reason: &str| Err(BuildError::Broken(reason.to_owned()));
    for line in bytes.split_inclusive(|b| *b == b'\n') {
        let Some(line) = line.strip_suffix(b"\r\n") else { return broken("a line does not end in CRLF") };
        if line.contains(&b'\r') {
            return broken("a bare CR");
        }
        if !line.is_ascii() {
            return broken("a character outside ASCII");
        }
        if line.len() > 998 {
            return broken("a line of more than 998 bytes");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
