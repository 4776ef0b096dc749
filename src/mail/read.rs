//! From raw bytes to [`Mail`]: guard, structure, headers, parts, segments, meaning; each step a room-mate's function.

use super::mime::Content;
use super::{Defect, Kind, Mail, Mark, Mentions, Segment, SegmentKind, Settings, StateWords, Subject};
use super::{address, guard, header, kind, language, log, mention, mime, prose, question, segment, state, subject};
use crate::case::Language;
use mailparse::{MailHeader, ParsedMail};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Largest mail read when the settings name none.
const MAX_BYTES: usize = 64 * 1024 * 1024;

/// Reads one message. Total: never fails, never panics.
pub fn parse(raw: &[u8], settings: &Settings) -> Mail {
    // The parser is someone else's code and mail is hostile: a panic costs this mail its structure, not the daemon.
    catch_unwind(AssertUnwindSafe(|| read(raw, settings))).unwrap_or_else(|_| {
        let mut mail = empty();
        mail.defects.push(Defect { name: "panic".into(), text: "the parser gave up, the mail is shown as text".into() });
        mail.text = mime::unix_lines(String::from_utf8_lossy(&raw[..raw.len().min(100_000)]).into_owned());
        mail.reply_text = mail.text.clone();
        mail
    })
}

fn empty() -> Mail {
    Mail {
        message_id: None,
        in_reply_to: Vec::new(),
        references: Vec::new(),
        date_at: None,
        from: None,
        reply_to: Vec::new(),
        to: Vec::new(),
        cc: Vec::new(),
        subject: Subject::default(),
        text: String::new(),
        segments: Vec::new(),
        reply_text: String::new(),
        signature: None,
        attachments: Vec::new(),
        kind: Kind::Message,
        kind_reason: String::new(),
        bounce: None,
        protection: None,
        log_lines: Vec::new(),
        mentions: Mentions::default(),
        reply_mentions: Mentions::default(),
        questions: Vec::new(),
        language: Language::En,
        state_words: StateWords::default(),
        defects: Vec::new(),
    }
}

fn read(raw: &[u8], settings: &Settings) -> Mail {
    let mut mail = empty();
    let max = if settings.max_bytes == 0 { MAX_BYTES } else { settings.max_bytes };
    let unix = bare_cr_lines(&raw[..raw.len().min(max)]);
    let (bytes, defects) = guard::guard(unix.as_deref().unwrap_or(raw), max);
    mail.defects = defects;
    match mailparse::parse_mail(&bytes) {
        Ok(parsed) => understand(&parsed, settings, &mut mail),
        Err(error) => {
            mail.defects.push(Defect { name: "structure".into(), text: format!("read as plain text: {error}") });
            if let Ok((headers, body)) = mailparse::parse_headers(&bytes) {
                read_headers(&headers, settings, &mut mail);
                mail.text =
                    mime::unix_lines(String::from_utf8_lossy(&bytes[body.min(bytes.len())..bytes.len().min(body + 100_000)]).into_owned());
                let content = Content { text: mail.text.clone(), ..Content::default() };
                (mail.kind, mail.kind_reason, mail.bounce) = kind::kind(&headers, &mail, &content, settings);
                understand_text(&[], &[], &mut mail);
            }
        }
    }
    mail
}

/// Seen in practice (old Mac mailers): lines that end in CR alone, no LF anywhere.
fn bare_cr_lines(raw: &[u8]) -> Option<Vec<u8>> {
    let head = &raw[..raw.len().min(64 * 1024)];
    if head.contains(&b'\n') || !head.contains(&b'\r') {
        return None;
    }
    Some(raw.iter().map(|b| if *b == b'\r' { b'\n' } else { *b }).collect())
}

fn understand(parsed: &ParsedMail<'_>, settings: &Settings, mail: &mut Mail) {
    read_headers(&parsed.headers, settings, mail);
    let mut content: Content = mime::content(parsed);
    (mail.kind, mail.kind_reason, mail.bounce) = kind::kind(&parsed.headers, mail, &content, settings);
    mail.text = tidy_end(std::mem::take(&mut content.text));
    mail.log_lines = log::log_lines(&mail.text, &content.text_attachments);
    mail.attachments = content.attachments;
    mail.protection = content.protection;
    for defect in content.defects {
        if !mail.defects.contains(&defect) {
            mail.defects.push(defect);
        }
    }
    understand_text(&content.marks, &content.forwarded, mail);
}

fn tidy_end(mut text: String) -> String {
    text.truncate(text.trim_end().len());
    text
}

/// `forwarded`: header lines and texts of messages attached to this one; they follow the text as segments of their own.
fn understand_text(marks: &[Mark], forwarded: &[(String, String)], mail: &mut Mail) {
    let forwards = mail.subject.is_forward && subject::is_outermost_forward(&mail.subject.text);
    mail.segments = segment::segments_from(&mail.text, marks, forwards, mail.from.as_ref());
    let has_words = mail.segments.iter().any(|s| matches!(s.kind, SegmentKind::New | SegmentKind::Forwarded));
    if !has_words && !mail.subject.is_reply {
        // Nothing but a quoted mail under a new subject: it was passed on, and is the content.
        mail.segments = segment::segments_from(&mail.text, marks, true, mail.from.as_ref());
    }
    for (head, text) in forwarded {
        let segment = |kind, text: &String| Segment { kind, text: text.clone(), answers: None };
        mail.segments.extend([segment(SegmentKind::Quote, head), segment(SegmentKind::Forwarded, text)]);
    }
    derive(mail);
}

/// What follows from the segments: the reply and its meaning.
pub fn derive(mail: &mut Mail) {
    mail.reply_text = segment::reply_text(&mail.segments);
    mail.signature = segment::first_signature(&mail.segments);
    (mail.mentions, mail.reply_mentions) = mention::of_segments(&mail.subject.text, &mail.segments);
    let lines: Vec<(usize, &str)> = prose::lines(header::floor(&mail.reply_text, 100_000)).collect();
    mail.questions = question::questions(&mail.reply_text, &lines);
    mail.language = language::language(&mail.reply_text, &lines, &mail.subject.base, &mail.text);
    mail.state_words = state::state_words(&mail.reply_text, &lines);
}

fn read_headers(headers: &[MailHeader<'_>], settings: &Settings, mail: &mut Mail) {
    let ids = |name: &str| header::first(headers, name).map(header::message_ids).unwrap_or_default();
    let addresses = |name: &str| header::all(headers, name).take(20).flat_map(address::addresses).collect::<Vec<_>>();
    mail.message_id = ids("Message-ID").into_iter().next();
    mail.in_reply_to = ids("In-Reply-To");
    mail.references = ids("References");
    mail.reply_to = addresses("Reply-To");
    mail.to = addresses("To");
    mail.cc = addresses("Cc");
    let others = ["Sender", "Resent-From", "Reply-To", "Return-Path"].into_iter().flat_map(&addresses);
    let from = header::first(headers, "From");
    let listed = from.map(address::addresses).unwrap_or_default();
    mail.from = address::sender(from, &listed, others);
    if listed.is_empty() && addresses("From").is_empty() {
        mail.defects.push(Defect { name: "no_from".into(), text: "no readable From".into() });
    }
    match header::first(headers, "Date") {
        Some(raw) => {
            mail.date_at = header::date(raw);
            if mail.date_at.is_none() {
                mail.defects.push(Defect { name: "date".into(), text: "Date could not be read".into() });
            }
        }
        None => mail.defects.push(Defect { name: "no_date".into(), text: "no Date".into() }),
    }
    if mail.message_id.is_none() {
        mail.defects.push(Defect { name: "no_message_id".into(), text: "no readable Message-ID".into() });
    }
    let raw_subject = header::first(headers, "Subject").unwrap_or_default();
    if !raw_subject.is_ascii() {
        mail.defects.push(Defect { name: "raw_header".into(), text: "Subject holds raw 8-bit bytes".into() });
    }
    mail.subject = subject::parse(&header::decode(raw_subject), settings);
    if let Some(number) = mail.subject.case_numbers.iter().find(|n| !mail.subject.text.contains(n.as_str())) {
        mail.defects.push(Defect { name: "case_number".into(), text: format!("a case number written in another way, read as {number}") });
    }
}
