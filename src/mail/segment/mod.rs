//! The readable text cut into segments: new, quote, signature, disclaimer, banner, forwarded. Nothing is thrown away: joined,
//! the segments are the text but for blank lines.
//!
//! `flow` says of each line whether it is quoted, forwarded or new; `signature` refines what is new. Answers typed between `>`
//! lines are new. What a forward carries is `forwarded` and counts as content.

mod flow;

use super::quote::prefix;
use super::signature;
use super::{Address, Mark, Segment, SegmentKind};

/// `segments_from` without a sender.
#[cfg(test)]
pub fn segments(text: &str, marks: &[Mark], forwards: bool) -> Vec<Segment> {
    segments_from(text, marks, forwards, None)
}

/// Cuts `text`. `marks` is what markup says; `forwards` that the subject begins with a forward prefix; `from` is the sender, whose
/// name at the end is a signature.
pub fn segments_from(text: &str, marks: &[Mark], forwards: bool, from: Option<&Address>) -> Vec<Segment> {
    let lines: Vec<&str> = text.split('\n').collect();
    let mut kinds = flow::classify(&lines, marks, forwards);
    signature::mark(&lines, &mut kinds, from);
    keep_something(&lines, &mut kinds);
    let mut out = join(text, &lines, &kinds);
    signature::split_banner_line(&mut out);
    out
}

/// One segment for each run of lines of a kind; runs of blank lines alone vanish.
pub fn join(text: &str, lines: &[&str], kinds: &[SegmentKind]) -> Vec<Segment> {
    let mut out: Vec<Segment> = Vec::new();
    let (mut at, mut offset) = (0, 0);
    while at < lines.len() {
        let kind = kinds[at];
        let from = offset;
        while at < lines.len() && kinds[at] == kind {
            offset += lines[at].len() + 1;
            at += 1;
        }
        let piece = text[from..(offset - 1).min(text.len())].trim_matches('\n').trim_end();
        if !piece.trim().is_empty() {
            out.push(Segment { kind, text: piece.to_string(), answers: None });
        }
    }
    out
}

/// A mail that would have no words of its own but a name or a telephone number above the quote consists of these.
fn keep_something(lines: &[&str], kinds: &mut [SegmentKind]) {
    let has = |kinds: &[SegmentKind], kind| lines.iter().zip(kinds).any(|(l, k)| *k == kind && !l.trim().is_empty());
    if has(kinds, SegmentKind::New) || has(kinds, SegmentKind::Forwarded) {
        return;
    }
    let Some(from) = kinds.iter().position(|k| *k == SegmentKind::Signature) else { return };
    let end = from + kinds[from..].iter().take_while(|k| **k == SegmentKind::Signature).count();
    if signature::is_content(&lines[from..end]) {
        kinds[from..end].fill(SegmentKind::New);
    }
}

/// What this mail adds: new and forwarded segments joined; answers typed inside a quote lose its mark.
pub fn reply_text(segments: &[Segment]) -> String {
    let mut out = String::new();
    for segment in segments.iter().filter(|s| matches!(s.kind, SegmentKind::New | SegmentKind::Forwarded)) {
        if !out.is_empty() {
            out.push_str("\n\n");
        }
        let text = segment.text.trim();
        let inside = segment.answers.is_some() || segment.kind == SegmentKind::Forwarded;
        if inside && text.lines().all(|l| l.trim().is_empty() || prefix::is_marked(l)) {
            let bare: Vec<&str> = text.lines().map(prefix::unmark_once).collect();
            out.push_str(bare.join("\n").trim());
        } else {
            out.push_str(text);
        }
    }
    out
}

/// The first signature, without the line `-- ` that separates it (RFC 3676 §4.3).
pub fn first_signature(segments: &[Segment]) -> Option<String> {
    let text = segments.iter().find(|s| s.kind == SegmentKind::Signature)?.text.trim();
    let below = text.split_once('\n').filter(|(first, _)| first.trim_end() == "--").map(|(_, rest)| rest.trim());
    Some(below.unwrap_or(text).to_string())
}

#[cfg(test)]
mod tests;
