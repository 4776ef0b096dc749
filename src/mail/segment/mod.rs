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
    signature::split_footer_line(&mut out);
    out
}

/// Nothing but a quote without marks, and a gap in it: what stands below the last gap is the answer (AOL's bottom posting).
fn below_gap(lines: &[&str], kinds: &[SegmentKind]) -> Option<usize> {
    let is_quote = lines.iter().zip(kinds).all(|(l, k)| *k == SegmentKind::Quote || l.trim().is_empty());
    if !is_quote || lines.iter().any(|l| prefix::is_marked(l)) || lines.len() > 400 {
        return None;
    }
    let gap = lines.windows(3).rposition(|w| w[0].trim().is_empty() && w[1].trim().is_empty() && !w[2].trim().is_empty())?;
    let has_words_above = lines[..gap].iter().filter(|l| !l.trim().is_empty()).count() >= 3;
    let writes = lines.iter().take(6).any(|l| l.trim_end().ends_with("writes:"));
    (has_words_above && writes && lines.len() - gap < 40).then_some(gap + 2)
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
    if let Some(from) = below_gap(lines, kinds) {
        kinds[from..].fill(SegmentKind::New);
        return;
    }
    let Some(from) = kinds.iter().position(|k| *k == SegmentKind::Signature) else { return };
    let end = from + kinds[from..].iter().take_while(|k| **k == SegmentKind::Signature).count();
    if signature::is_content(&lines[from..end]) {
        kinds[from..end].fill(SegmentKind::New);
    }
}

/// A line that stands for a picture and says nothing: `[cid:image001.png@01D9]`, `[image: image.png]`.
fn is_placeholder(line: &str) -> bool {
    let line = line.trim();
    let inner = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')).unwrap_or("");
    !inner.contains(['[', ']'])
        && (inner.starts_with("cid:") || inner.starts_with("image: ") || inner == "Image" || inner.starts_with("Image: "))
}

/// What this mail adds: new and forwarded segments joined; answers typed inside a quote lose its mark.
pub fn reply_text(segments: &[Segment]) -> String {
    let mut out = String::new();
    let shown = || segments.iter().filter(|s| matches!(s.kind, SegmentKind::New | SegmentKind::Forwarded));
    let has_words = shown().any(|s| s.text.lines().any(|l| !l.trim().is_empty() && !is_placeholder(l)));
    for segment in shown() {
        if !out.is_empty() {
            out.push_str("\n\n");
        }
        let bare: String;
        let mut text = segment.text.trim();
        if has_words && ["[cid:", "[image: ", "[Image"].iter().any(|sign| text.contains(sign)) {
            bare = text.lines().filter(|l| !is_placeholder(l)).collect::<Vec<_>>().join("\n");
            text = bare.trim();
        }
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
mod classes;
#[cfg(test)]
mod tests;
