//! What stands around the words of a mail: banners above, signatures, footers and disclaimers below.
//!
//! Works on runs of new (or forwarded) lines, from their end upward, until nothing more comes off: what machines appended, the
//! line of a phone, `-- ` and what follows, a closing formula with a name, a contact block, `-John`. What would be the whole
//! mail is never taken (`segment::keep_something`).

mod banner;
mod closing;
mod contact;
mod disclaimer;
mod footer;
mod name;

pub use banner::split_line as split_banner_line;

use super::phrase::{self, is_rule};
use super::{Address, Segment, SegmentKind};

/// Refines `new` and `forwarded` lines in place.
pub fn mark(lines: &[&str], kinds: &mut [SegmentKind]) {
    let mut buffer = String::new();
    let mut at = 0;
    let mut is_first = true;
    while at < kinds.len() {
        let kind = kinds[at];
        let end = at + kinds[at..].iter().take_while(|k| **k == kind).count();
        if matches!(kind, SegmentKind::New | SegmentKind::Forwarded) {
            let from = at + lines[at..end].iter().take_while(|l| l.trim().is_empty()).count();
            if is_first && kind == SegmentKind::New && from < end {
                banner::mark(&lines[from..end], &mut kinds[from..end], &mut buffer);
                is_first = false;
            }
            let below = kinds.get(end).copied();
            mark_tail(&lines[at..end], &mut kinds[at..end], below, &mut buffer);
        }
        at = end;
    }
}

/// Marks disclaimer and signature at the end of a run of lines; `below`: what follows the run.
fn mark_tail(lines: &[&str], kinds: &mut [SegmentKind], below: Option<SegmentKind>, buffer: &mut String) {
    let used = |end: usize| lines[..end].iter().rposition(|l| !l.trim().is_empty()).map_or(0, |n| n + 1);
    let mut end = disclaimer::start(lines, buffer);
    if end < lines.len() {
        kinds[end..].fill(SegmentKind::Disclaimer);
    }
    // A rule left alone above a quote belongs to it.
    let last = used(end);
    if let Some(kind) = below.filter(|k| *k == SegmentKind::Quote)
        && last > 0
        && end == lines.len()
        && lines[last - 1].trim().len() >= 5
        && is_rule(lines[last - 1])
    {
        kinds[last - 1..].fill(kind);
        end = last - 1;
    }
    for _ in 0..6 {
        let last = used(end);
        let start = signature_start(&lines[..last], buffer);
        if start >= last || kinds[start..last].contains(&SegmentKind::Banner) {
            break;
        }
        kinds[start..last].fill(SegmentKind::Signature);
        end = start;
    }
}

/// Where the signature at the end of `lines` starts (`lines.len()`: none). The last line is not blank.
fn signature_start(lines: &[&str], buffer: &mut String) -> usize {
    let n = lines.len();
    if n == 0 {
        return 0;
    }
    if let Some(at) = delimiter(lines) {
        return at;
    }
    if let Some(at) = ruled(lines, buffer) {
        return at;
    }
    if footer::is_footer(lines[n - 1], buffer) {
        return n - 1;
    }
    // A footer's link on a line of its own.
    if n >= 2
        && lines[n - 1].trim_start().starts_with(['<', 'h'])
        && lines[n - 1].contains("http")
        && !lines[n - 1].trim().contains(' ')
        && footer::is_footer(lines[n - 2], buffer)
    {
        return n - 2;
    }
    let found = closing::start(lines, buffer).into_iter().chain(contact::start(lines, buffer)).min();
    found.or_else(|| dashed_name(lines)).unwrap_or(n)
}

/// `-- ` (RFC 3676 §4.3) or `--` near the end with no long text below.
fn delimiter(lines: &[&str]) -> Option<usize> {
    let from = lines.len().saturating_sub(40);
    (from..lines.len()).find(|at| {
        let line = lines[*at];
        let is_exact = line == "-- " || line == "--\u{a0}";
        if !is_exact && !matches!(line.trim(), "--" | "—" | "–" | "- -" | "-- --" | "——") {
            return false;
        }
        let below: Vec<&str> = lines[at + 1..].iter().map(|l| l.trim()).filter(|l| !l.is_empty()).collect();
        let sentences = below.iter().filter(|l| l.len() > 100 || l.ends_with(['?', '？', '。'])).count();
        is_exact && below.len() <= 30 || below.len() <= 12 && (sentences == 0 || sentences == 1 && below.len() > 2)
    })
}

/// A rule drawn above names and contact lines (Foxmail, web mailers).
fn ruled(lines: &[&str], buffer: &mut String) -> Option<usize> {
    let tail = lines.len().saturating_sub(14);
    let at = tail + lines[tail..].iter().rposition(|l| is_rule(l))?;
    let rest: Vec<&&str> = lines[at + 1..].iter().filter(|l| !l.trim().is_empty()).collect();
    let fits = |l: &&str, buffer: &mut String| {
        name::is_person(l)
            || name::is_organisation(l)
            || name::is_date(l)
            || contact::is_contact(l, buffer)
            || footer::is_footer(l, buffer)
            || closing::closing(l, buffer).is_some()
    };
    let named = rest.iter().any(|l| name::is_person(l) || contact::is_contact(l, buffer) || footer::is_footer(l, buffer));
    // A motto may stand among them.
    let others = rest.iter().filter(|l| !fits(l, buffer)).count();
    let long = rest.iter().any(|l| l.len() > 160 || l.trim_end().ends_with(['?', '？', ':', '：']));
    (named && !long && others <= usize::from(rest.len() >= 3) && at > 0).then_some(at)
}

/// `-Abhishek`, `- John`, `~ Jim`, `/Anders` on the last line.
fn dashed_name(lines: &[&str]) -> Option<usize> {
    let n = lines.len();
    let line = lines[n - 1].trim();
    let name = line.trim_start_matches(['-', '–', '—', '~', '/', ' ']);
    let marks = line.len() - name.len();
    let above = lines[..n - 1].iter().rev().find(|l| !l.trim().is_empty())?.trim();
    let is_list = above.starts_with(['-', '–', '~', '*', '•']) || above.ends_with([':', '：']);
    let is_mark = marks > 0 && line.starts_with(['-', '–', '—', '~', '/']) && !line.starts_with("---");
    let short = name.split(' ').count() <= 3 && name.len() <= 40;
    let handle = marks <= 3
        && name.len() <= 16
        && name.len() >= 2
        && !name.contains(' ')
        && name.chars().all(char::is_alphabetic)
        && name.is_ascii()
        && lines[n - 2].trim().is_empty();
    (is_mark && !is_list && short && (name::is_person(name) || handle)).then_some(n - 1)
}

/// Whether these lines, the only words of a mail, were meant as its content: not a phone's footer, not below `-- `.
pub fn is_content(lines: &[&str]) -> bool {
    let mut buffer = String::new();
    let mut used = lines.iter().filter(|l| !l.trim().is_empty());
    let Some(first) = used.clone().next() else { return false };
    let is_formal = matches!(closing::closing(first, &mut buffer), Some(closing::Closing::Formal | closing::Closing::FormalNamed));
    !matches!(first.trim(), "--" | "—") && !is_rule(first) && !is_formal && !used.any(|l| footer::is_footer(l, &mut buffer))
}

/// A last line that is the sender's own name is a signature, when there is text before it; thanks with a comma above go with it.
pub fn split_name(segments: &mut Vec<Segment>, from: Option<&Address>) {
    let mut buffer = String::new();
    let mut at = 0;
    while at < segments.len() {
        if segments[at].kind == SegmentKind::New
            && let Some(cut) = name_cut(&segments[at].text, from, &mut buffer)
        {
            let below = segments[at].text.split_off(cut);
            let trimmed = segments[at].text.trim_end().len();
            segments[at].text.truncate(trimmed);
            segments.insert(at + 1, Segment { kind: SegmentKind::Signature, text: below, answers: None });
            at += 1;
        }
        at += 1;
    }
}

/// Where the sender's name on the last line begins.
fn name_cut(text: &str, from: Option<&Address>, buffer: &mut String) -> Option<usize> {
    let at = text.trim_end().rfind('\n')? + 1;
    let (before, last) = (text[..at].trim_end(), text[at..].trim());
    let above = before.rsplit('\n').next().unwrap_or("").trim();
    if before.trim().is_empty() || above.ends_with([':', '：']) || last.is_empty() || last.len() > 80 {
        return None;
    }
    let own = from.is_some_and(|from| name::is_senders(last, from));
    if !own && !is_apart(before, text, at, last, from) {
        return None;
    }
    let polite = matches!(closing::closing(above, buffer), Some(closing::Closing::ThanksComma | closing::Closing::Formal));
    Some(if polite && before.len() > above.len() { before.len() - above.len() } else { at })
}

/// A capitalised name in a paragraph of its own below a finished sentence, when the mail does not say who its sender is.
fn is_apart(before: &str, text: &str, at: usize, last: &str, from: Option<&Address>) -> bool {
    let unnamed = from.is_none_or(|f| f.name.is_none());
    let blank = text[before.len()..at].matches('\n').count() >= 2;
    unnamed
        && blank
        && last.is_ascii()
        && before.ends_with(['.', '!', '?', ')'])
        && last.split(' ').count() <= 2
        && last.len() <= 24
        && name::is_person(last)
}

#[cfg(test)]
mod tests;
