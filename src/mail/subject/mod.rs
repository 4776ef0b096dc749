//! The grammar of a subject: prefixes, tags of gateways and of other desks, case numbers, ` % ` stages, tracking token; what is left is the title.
//!
//! Accepted in any order and width: `回复: Re：转发: [外部邮件] [案例号: CAS-03160-B3H1K7 ] % title % 初次响应 CMIT:0001617`.
//! Surprising: Outlook zh-CN stacks `答复: 答复: `, QQ writes the full-width colon, and both may stand inside the brackets' way. A subject may be a
//! megabyte long, so every step is linear in it.

mod number;
mod prefix;
mod stage;
mod tag;
mod token;
mod width;

pub use width::narrow;

use super::{Settings, Subject};
use number::{Found, numbers_at};
use prefix::Prefix;
use std::borrow::Cow;

/// Reads a decoded subject.
pub fn parse(text: &str, settings: &Settings) -> Subject {
    let narrow = narrow(text);
    let mut subject = Subject { text: text.to_string(), ..Subject::default() };
    let found = numbers_at(&narrow, &settings.case_number_patterns);
    subject.case_numbers = distinct(&found);
    let bare = without_numbers(&narrow, &found);
    let bare = tag::without_tags(&bare);
    let rest = strip_prefixes(&bare, &mut subject);
    let (rest, token) = token::take(rest, &settings.token_prefixes);
    let (stage, title) = stage::take(&rest, &settings.stage_words);
    let (title, token) = match token {
        None => token::take(&title, &settings.token_prefixes),
        found => (Cow::Borrowed(title.as_str()), found),
    };
    (subject.stage, subject.tracking_token) = (stage, token);
    subject.base = tidy(&behind_tag(strip_prefixes(&title, &mut subject), &mut subject));
    if subject.base.is_empty() {
        // Nothing but tags: better than no title.
        subject.base =
            tidy(token::take(strip_prefixes(&without_numbers(&narrow, &found), &mut subject), &settings.token_prefixes).0.as_ref());
    }
    subject
}

/// Prefixes behind a list's tag go, the tag stays: `[list] Re: title` answers `[list] title`.
fn behind_tag<'a>(text: &'a str, subject: &mut Subject) -> Cow<'a, str> {
    match list_tag(text).map(|end| (end, strip_prefixes(&text[end..], subject))) {
        Some((end, rest)) if rest.len() < text[end..].trim_start().len() => Cow::Owned(format!("{} {rest}", &text[..end])),
        _ => Cow::Borrowed(text),
    }
}

/// Where a bracket at the start ends.
fn list_tag(text: &str) -> Option<usize> {
    let near = &text[..text.floor_char_boundary(80)];
    near.starts_with(['[', '【']).then(|| near.find([']', '】']))?.map(|at| at + near[at..].chars().next().map_or(1, char::len_utf8))
}

/// Whether the outermost prefix is a forward: the mail hands something on rather than answers.
pub fn is_outermost_forward(text: &str) -> bool {
    let narrow = narrow(text);
    let bare = tag::without_tags(&narrow);
    let mut rest = trim_start(&bare);
    while let Some((Prefix::Tag, end)) = prefix::prefix(rest) {
        rest = trim_start(&rest[end..]);
    }
    let behind = list_tag(rest).map_or(rest, |end| trim_start(&rest[end..]));
    matches!(prefix::prefix(behind), Some((Prefix::Forward, _))) || bracketed_forward(rest).is_some()
}

/// Case numbers in the canonical form, in order, without doubles.
pub fn case_numbers(text: &str) -> Vec<String> {
    distinct(&numbers_at(&narrow(text), &[]))
}

fn distinct(found: &[Found]) -> Vec<String> {
    let mut numbers: Vec<String> = Vec::new();
    for (_, number) in found {
        if numbers.len() < 20 && !numbers.contains(number) {
            numbers.push(number.clone());
        }
    }
    numbers
}

/// The text without case numbers, their labels (`案例号:`) and the brackets that held nothing else.
fn without_numbers<'a>(text: &'a str, found: &[Found]) -> Cow<'a, str> {
    if found.is_empty() {
        return Cow::Borrowed(text);
    }
    let is_joint = |c: char| c.is_whitespace() || matches!(c, ',' | '，' | '、' | ';' | '；' | '/' | '&' | '和' | '及');
    let (mut out, mut kept, mut at) = (String::with_capacity(text.len()), 0, 0);
    while at < found.len() {
        let (mut start, mut end) = (found[at].0.start, found[at].0.end);
        at += 1;
        while let Some((next, _)) = found.get(at).filter(|(next, _)| next.start >= end && text[end..next.start].chars().all(is_joint)) {
            end = next.end;
            at += 1;
        }
        start = without_label(&text[..start]).max(kept);
        let (before, after) = (text[kept..start].trim_end(), text[end..].trim_start());
        if let Some(open) = before.strip_suffix(['[', '【', '(', '（']) {
            let closes = after.strip_prefix([']', '】', ')', '）']);
            if closes.is_some() || !after.contains([']', '】', ')', '）']) {
                start = kept + open.len();
                end = text.len() - closes.unwrap_or(after).len();
            }
        }
        out.push_str(&text[kept..start]);
        out.push(' ');
        kept = end;
    }
    out.push_str(&text[kept..]);
    Cow::Owned(out)
}

/// Where the label of a number begins that follows `head`; without one, where `head` ends.
fn without_label(head: &str) -> usize {
    let bare = head.trim_end().trim_end_matches([':', '：', '.']).trim_end();
    let ends_with = |label: &&&str| {
        bare.len().checked_sub(label.len()).is_some_and(|at| bare.is_char_boundary(at) && bare[at..].eq_ignore_ascii_case(label))
    };
    match tag::CASE_LABELS.iter().find(ends_with) {
        Some(label) => bare.len() - label.len(),
        None => head.strip_suffix('#').unwrap_or(head).len(),
    }
}

fn trim_start(text: &str) -> &str {
    text.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '%' | '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{2060}'))
}

/// Behind all prefixes; what they say goes into `subject`.
fn strip_prefixes<'a>(text: &'a str, subject: &mut Subject) -> &'a str {
    let mut rest = trim_start(text);
    loop {
        if let Some((kind, end)) = prefix::prefix(rest) {
            subject.is_reply |= kind == Prefix::Reply;
            subject.is_forward |= kind == Prefix::Forward;
            rest = trim_start(&rest[end..]);
        } else if let Some(inner) = bracketed_forward(rest) {
            subject.is_forward = true;
            rest = trim_start(inner);
        } else {
            break;
        }
    }
    match rest.len().checked_sub("(fwd)".len()).filter(|at| rest.is_char_boundary(*at) && rest[*at..].eq_ignore_ascii_case("(fwd)")) {
        Some(at) => {
            subject.is_forward = true;
            &rest[..at]
        }
        None => rest,
    }
}

/// Netscape's `[Fwd: title]`.
fn bracketed_forward(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('[')?.trim_end().strip_suffix(']')?;
    let (kind, end) = prefix::prefix(inner)?;
    (kind == Prefix::Forward).then(|| &inner[end..])
}

/// One blank between words, no empty fields, no separators where something was taken out.
fn tidy(title: &str) -> String {
    let mut padded = String::with_capacity(title.len() + 2);
    padded.push(' ');
    for word in title.split_whitespace() {
        padded.push_str(word);
        padded.push(' ');
    }
    let joined = if padded.contains(" % ") {
        let fields: Vec<&str> = padded.split(" % ").map(str::trim).filter(|f| !f.is_empty()).collect();
        fields.join(" % ")
    } else {
        padded
    };
    let mut text = joined.trim();
    loop {
        let before = text.len();
        text = without_separators(text).trim_start_matches([':', '：', '|', '｜', ',', '，', '、', ';', '；']);
        text = text.trim_start_matches("- ").trim_start_matches("– ").trim_start_matches("— ");
        text = [" -", " –", " —", " |", " ｜", " _"].iter().find_map(|end| text.strip_suffix(end)).unwrap_or(text);
        if text.len() == before {
            return text.to_string();
        }
    }
}

/// Without the `%` at both ends that separate fields; that of `99%` belongs to the words.
fn without_separators(text: &str) -> &str {
    let mut text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '%').trim_end();
    while let Some(rest) = text.strip_suffix('%').filter(|r| !r.ends_with(|c: char| c.is_ascii_digit())) {
        text = rest.trim_end();
    }
    text
}

#[cfg(test)]
mod tests;
