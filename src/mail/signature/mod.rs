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

/// A phone's footer behind the last sentence, on its line: only the footer is cut.
pub fn split_footer_line(segments: &mut Vec<Segment>) {
    let mut buffer = String::new();
    let Some(at) = segments.iter().rposition(|s| s.kind == SegmentKind::New) else { return };
    let text = &segments[at].text;
    let from = text.rfind('\n').map_or(0, |n| n + 1);
    let Some(cut) = footer::behind_sentence(&text[from..], &mut buffer) else { return };
    let tail = text[from + cut..].trim().to_string();
    let above = text[..from + cut].trim_end().len();
    segments[at].text.truncate(above);
    segments.insert(at + 1, Segment { kind: SegmentKind::Signature, text: tail, answers: None });
}

use super::phrase::{self, is_rule};
use super::{Address, Segment, SegmentKind};

/// Refines `new` and `forwarded` lines in place.
pub fn mark(lines: &[&str], kinds: &mut [SegmentKind], from: Option<&Address>) {
    let mut buffer = String::new();
    let mut at = 0;
    let (mut is_first, mut has_text) = (true, false);
    while at < kinds.len() {
        let kind = kinds[at];
        let end = at + kinds[at..].iter().take_while(|k| **k == kind).count();
        if matches!(kind, SegmentKind::New | SegmentKind::Forwarded) {
            let top = at + lines[at..end].iter().take_while(|l| l.trim().is_empty()).count();
            if is_first && kind == SegmentKind::New && top < end {
                banner::mark(&lines[top..end], &mut kinds[top..end], &mut buffer);
                is_first = false;
            }
            let below = kinds.get(end).copied();
            mark_tail(&lines[at..end], &mut kinds[at..end], Around { below, has_text, from }, &mut buffer);
            has_text |= lines[at..end].iter().zip(&kinds[at..end]).any(|(l, k)| *k == kind && !l.trim().is_empty());
        }
        at = end;
    }
}

/// What is known around a run of lines.
#[derive(Debug, Clone, Copy)]
struct Around<'a> {
    /// What follows the run.
    below: Option<SegmentKind>,
    /// Words of the sender stand above the run.
    has_text: bool,
    from: Option<&'a Address>,
}

/// Marks disclaimer and signature at the end of a run of lines.
fn mark_tail(lines: &[&str], kinds: &mut [SegmentKind], around: Around<'_>, buffer: &mut String) {
    let used = |end: usize| lines[..end].iter().rposition(|l| !l.trim().is_empty()).map_or(0, |n| n + 1);
    let mut end = disclaimer::start(lines, buffer);
    if end < lines.len() {
        kinds[end..].fill(SegmentKind::Disclaimer);
    }
    // A rule left alone above a quote belongs to it.
    let last = used(end);
    if let Some(kind) = around.below.filter(|k| *k == SegmentKind::Quote)
        && last > 0
        && end == lines.len()
        && lines[last - 1].trim().len() >= 5
        && is_rule(lines[last - 1])
    {
        kinds[last - 1..].fill(kind);
        end = last - 1;
    }
    // The closing of what is forwarded is part of it.
    if kinds.first() == Some(&SegmentKind::Forwarded) {
        return;
    }
    if let Some(at) = postscript(&lines[..end]) {
        end = at;
    }
    for _ in 0..6 {
        let last = used(end);
        let start = signature_start(&lines[..last], around, buffer);
        if start >= last || kinds[start..last].contains(&SegmentKind::Banner) {
            break;
        }
        kinds[start..last].fill(SegmentKind::Signature);
        end = start;
    }
}

/// The line of a postscript below a blank line: the signature stands above it.
fn postscript(lines: &[&str]) -> Option<usize> {
    let from = lines.len().saturating_sub(8).max(1);
    (from..lines.len()).find(|at| {
        let line = lines[*at].trim_start();
        let begins = ["PS:", "PS.", "P.S", "PS ", "Ps:", "ps:", "p.s.", "PS：", "附：", "又：", "另：", "补充：", "补充:"]
            .iter()
            .any(|p| line.starts_with(p));
        begins && lines[at - 1].trim().is_empty()
    })
}

/// Where the signature at the end of `lines` starts (`lines.len()`: none). The last line is not blank.
fn signature_start(lines: &[&str], around: Around<'_>, buffer: &mut String) -> usize {
    let n = lines.len();
    if n == 0 {
        return 0;
    }
    if let Some(at) = delimiter(lines) {
        return at;
    }
    if let Some(at) = ruled(lines, around, buffer) {
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
    let found = found.into_iter().chain(own_name(lines, around, buffer)).min();
    found.or_else(|| dashed_name(lines, around.from)).or_else(|| lone_name(lines, around.from)).unwrap_or(n)
}

/// `-- ` (RFC 3676 §4.3) or `--` near the end with no long text below.
fn delimiter(lines: &[&str]) -> Option<usize> {
    let from = lines.len().saturating_sub(40);
    (from..lines.len()).find(|at| {
        let line = lines[*at];
        let is_exact = line == "-- " || line == "--\u{a0}";
        if !is_exact && !matches!(line.trim(), "--" | "__" | "—" | "–" | "- -" | "-- --" | "——") {
            return false;
        }
        let below: Vec<&str> = lines[at + 1..].iter().map(|l| l.trim()).filter(|l| !l.is_empty()).collect();
        let sentences = below.iter().filter(|l| l.len() > 100 || l.ends_with(['?', '？', '。'])).count();
        is_exact && below.len() <= 30 || below.len() <= 12 && (sentences == 0 || sentences == 1 && below.len() > 2)
    })
}

/// A rule drawn above names and contact lines (Foxmail, web mailers).
fn ruled(lines: &[&str], around: Around<'_>, buffer: &mut String) -> Option<usize> {
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
    // A name first makes what is below it title and place.
    let headed =
        rest.first().is_some_and(|l| name::is_person(l)) && rest.len() <= 6 && rest.iter().all(|l| is_signature_line(l.trim(), buffer));
    let above = lines[..at].iter().rposition(|l| !l.trim().is_empty());
    // A motto alone below the name and the rule.
    let is_apart = above.is_some_and(|n| n > 0 && at - n <= 2 && lines[n - 1].trim().is_empty() && is_full_name(lines[n], around.from));
    let short = !rest.is_empty() && rest.len() <= 4 && rest.iter().all(|l| l.len() <= 160);
    if is_apart && short && !rest.iter().any(|l| l.trim_end().ends_with([':', '：'])) {
        return Some(at);
    }
    let long = rest.iter().any(|l| l.len() > 160 || l.trim_end().ends_with(['?', '？', ':', '：']));
    (named && !long && (headed || others <= usize::from(rest.len() >= 3)) && (at > 0 || around.has_text)).then_some(at)
}

/// A name of two words, or what the sender calls himself; one word may be a heading.
fn is_full_name(line: &str, from: Option<&Address>) -> bool {
    let line = line.trim();
    from.is_some_and(|from| name::is_senders(line, from))
        || line.contains(' ') && name::is_person(line) && from.is_none_or(|f| f.name.is_none())
}

/// `-Abhishek`, `- John`, `~ Jim`, `/Anders` on the last line.
fn dashed_name(lines: &[&str], from: Option<&Address>) -> Option<usize> {
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
    // `-r`: the first letter of the sender's name.
    let initial = marks == 1
        && name.len() == 1
        && lines[n - 2].trim().is_empty()
        && from.is_some_and(|f| f.name.as_deref().unwrap_or(&f.address).to_lowercase().starts_with(&name.to_lowercase()));
    (is_mark && !is_list && (initial || short && (name::is_person(name) || handle))).then_some(n - 1)
}

/// Whether these lines, the only words of a mail, were meant as its content: not a phone's footer, not below `-- `.
pub fn is_content(lines: &[&str]) -> bool {
    let mut buffer = String::new();
    let mut used = lines.iter().filter(|l| !l.trim().is_empty());
    let Some(first) = used.clone().next() else { return false };
    let is_formal = matches!(closing::closing(first, &mut buffer), Some(closing::Closing::Formal | closing::Closing::FormalNamed));
    !matches!(first.trim(), "--" | "—") && !is_rule(first) && !is_formal && !used.any(|l| footer::is_footer(l, &mut buffer))
}

/// The sender's own name near the end, with nothing but short lines below it.
fn own_name(lines: &[&str], around: Around<'_>, buffer: &mut String) -> Option<usize> {
    let from = around.from?;
    let mut used = 0;
    let mut found = None;
    for at in (usize::from(!around.has_text)..lines.len()).rev() {
        let line = lines[at].trim();
        if line.is_empty() {
            continue;
        }
        used += 1;
        let initial = at > 0 && lines[at - 1].trim().is_empty() && name::is_senders_character(line, from);
        if initial || name::names_sender(line, from) {
            found = Some(at);
        } else if used > 6 || !is_signature_line(line, buffer) {
            break;
        }
    }
    let at = found?;
    let Some(above) = lines[..at].iter().rev().find(|l| !l.trim().is_empty()).map(|l| l.trim()) else {
        return around.has_text.then_some(at);
    };
    let fresh =
        lines[at - 1].trim().is_empty() || !above.ends_with([',', '，', ':', '：', '、']) || closing::closing(above, buffer).is_some();
    // `Have a good weekend,` above the name is said to the reader.
    let fresh =
        fresh || at + 1 == lines.len() && above.ends_with([',', '!']) && above.len() <= 40 && at >= 2 && lines[at - 2].trim().is_empty();
    let apart = at >= 2 && lines[at - 1].trim().is_empty();
    (fresh && (apart || !above.ends_with([':', '：']))).then_some(at)
}

/// A short line that is no sentence: title, company, place, contact.
fn is_signature_line(line: &str, buffer: &mut String) -> bool {
    let sentence = line.ends_with(['。', '？', '?', '！', '!', '；', ';', '：', ':', '.'])
        && !line.ends_with("Inc.")
        && !line.ends_with("Ltd.")
        && !line.ends_with("Co.")
        && !line.ends_with("Corp.")
        && !line.ends_with("e.V.")
        && !line.ends_with("S.A.")
        && !line.ends_with("S.p.A.");
    contact::is_contact(line, buffer)
        || footer::is_footer(line, buffer)
        || phrase::width(line) <= 56
            && !sentence
            && !line.contains(['？', '?', '。', '，', '=', ':', '：'])
            && !super::mention::names_fact(line)
}

/// A capitalised name in a paragraph of its own below a finished sentence, when the mail does not say who its sender is.
fn lone_name(lines: &[&str], from: Option<&Address>) -> Option<usize> {
    let at = lines.len() - 1;
    let last = lines[at].trim();
    let above = lines[..at].iter().rev().find(|l| !l.trim().is_empty())?.trim();
    let kana = above.contains(|c: char| ('\u{3041}'..='\u{30ff}').contains(&c));
    let japanese = name::is_spaced_han(last) || kana && name::is_japanese(last);
    let organisation = last.chars().any(phrase::is_han);
    if from.is_some_and(|f| f.name.is_some()) && !japanese && !organisation || at < 2 || !lines[at - 1].trim().is_empty() {
        return None;
    }
    let fits = japanese && above.ends_with(['。', '！', '.', '!'])
        || last.chars().any(phrase::is_han) && above.ends_with(['。', '！', '!']) && name::is_organisation(last)
        || last.is_ascii()
            && above.ends_with(['.', '!', '?', ')'])
            && last.split(' ').count() <= 2
            && last.len() <= 24
            && name::is_person(last);
    fits.then_some(at)
}

#[cfg(test)]
mod tests;
