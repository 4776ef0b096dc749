//! What engineers change in drafts before they approve them: sentence by sentence, by the article or template it stood in.
//!
//! Pure. A draft is added at a time, so that memory grows with the different changes (bounded), not with the drafts. A sentence of an answer is
//! known by its place below the heading of its question; what a template says of itself is known from its preview and counts as the template's,
//! wherever it stands. A run of removed and added sentences is paired in order: the first removed one was changed into the first added one.

mod render;

use crate::case::{Language, Stage, text_enum};
use crate::diff::{self, Mark};
use crate::draft::Answer;
pub use render::{render_csv, render_json, render_table};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

text_enum! { Kind { Removed = "removed", Added = "added", Changed = "changed" } }

/// Different changes that are told apart; further ones only count for their place.
const MAX_CHANGES: usize = 50_000;
/// Characters of a question by whose end its heading is known.
const TAIL: usize = 24;

/// One approved draft.
#[derive(Debug, Clone, Copy)]
pub struct Approved<'a> {
    pub stage: Stage,
    pub language: Language,
    pub answers: &'a [Answer],
    /// As composed.
    pub proposed: &'a str,
    /// As approved.
    pub sent: &'a str,
    /// What the stage's template says of itself: its preview.
    pub preview: &'a str,
}

/// What happened to the sentences of one article or template.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Place {
    /// `article rollback-causes`, `template initial_response/zh`.
    pub place: String,
    /// Drafts that it was part of, and those in which it was changed.
    pub drafts: usize,
    pub edited: usize,
    pub removed: usize,
    pub added: usize,
    pub changed: usize,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    pub place: String,
    pub kind: Kind,
    pub before: Option<String>,
    pub after: Option<String>,
    pub count: usize,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EditsReport {
    pub drafts: usize,
    /// Sent as they were proposed.
    pub unchanged: usize,
    /// Most often edited first.
    pub places: Vec<Place>,
    /// Most frequent first.
    pub changes: Vec<Change>,
    /// Changes beyond the ones listed.
    pub more: usize,
}

type Key = (String, Kind, Option<String>, Option<String>);

/// Counts drafts as they come.
#[derive(Debug, Default)]
pub struct Edits {
    drafts: usize,
    unchanged: usize,
    places: BTreeMap<String, Place>,
    changes: BTreeMap<Key, usize>,
}

impl Edits {
    pub fn add(&mut self, draft: &Approved<'_>) {
        self.drafts += 1;
        let placed = placed(draft);
        let here: BTreeSet<&str> = placed.iter().map(|(place, _)| place.as_str()).collect();
        for place in here {
            self.place(place).drafts += 1;
        }
        let before: Vec<&str> = placed.iter().map(|(_, sentence)| *sentence).collect();
        let after = sentences(draft.sent);
        if before == after {
            self.unchanged += 1;
            return;
        }
        let mut edited: BTreeSet<String> = BTreeSet::new();
        for (at, kind, old, new) in changes(&before, &after) {
            let place = placed.get(at).or_else(|| placed.last()).map_or_else(|| template(draft), |(place, _)| place.clone());
            let counted = self.place(&place);
            *match kind {
                Kind::Removed => &mut counted.removed,
                Kind::Added => &mut counted.added,
                Kind::Changed => &mut counted.changed,
            } += 1;
            counted.edited += usize::from(edited.insert(place.clone()));
            let key = (place, kind, old.map(str::to_owned), new.map(str::to_owned));
            let is_full = self.changes.len() >= MAX_CHANGES;
            if let Some(count) = self.changes.get_mut(&key) {
                *count += 1;
            } else if !is_full {
                self.changes.insert(key, 1);
            }
        }
    }

    fn place(&mut self, name: &str) -> &mut Place {
        self.places.entry(name.to_owned()).or_insert_with(|| Place { place: name.to_owned(), ..Place::default() })
    }

    /// The `top` changes, and every place that was edited.
    pub fn finish(self, top: usize) -> EditsReport {
        let mut places: Vec<Place> = self.places.into_values().filter(|place| place.edited > 0).collect();
        places.sort_by_key(|place| std::cmp::Reverse(place.edited));
        let change = |((place, kind, before, after), count)| Change { place, kind, before, after, count };
        let mut changes: Vec<Change> = self.changes.into_iter().map(change).collect();
        changes.sort_by_key(|change| std::cmp::Reverse(change.count));
        let more = changes.len().saturating_sub(top);
        changes.truncate(top);
        EditsReport { drafts: self.drafts, unchanged: self.unchanged, places, changes, more }
    }
}

/// Each change with the sentence of the proposal that it belongs to: the changed one, or the one before an added one.
fn changes<'a>(before: &[&'a str], after: &[&'a str]) -> Vec<(usize, Kind, Option<&'a str>, Option<&'a str>)> {
    let steps = diff::align(before, after);
    let mut found = Vec::new();
    let mut at = 0;
    for run in steps.chunk_by(|a, b| (a.0 == Mark::Same) == (b.0 == Mark::Same)) {
        if run[0].0 == Mark::Same {
            at += run.len();
            continue;
        }
        let of = |mark: Mark| run.iter().filter(move |step| step.0 == mark).map(|step| step.1);
        let (mut removed, mut added) = (of(Mark::Removed), of(Mark::Added));
        loop {
            match (removed.next(), added.next()) {
                (None, None) => break,
                (Some(old), Some(new)) => found.push((at, Kind::Changed, Some(old), Some(new))),
                (Some(old), None) => found.push((at, Kind::Removed, Some(old), None)),
                (None, Some(new)) => {
                    found.push((at.saturating_sub(1), Kind::Added, None, Some(new)));
                    continue;
                }
            }
            at += 1;
        }
    }
    found
}

fn template(draft: &Approved<'_>) -> String {
    format!("template {}/{}", draft.stage, draft.language)
}

/// The sentences of the proposal, each with the article or template it is of.
fn placed<'a>(draft: &Approved<'a>) -> Vec<(String, &'a str)> {
    let fixed: BTreeSet<&str> = sentences(draft.preview).into_iter().collect();
    let template = template(draft);
    let mut open = draft.answers;
    let mut place = template.clone();
    let mut out = Vec::new();
    // An answer to a mail that asks nothing has no heading of its own: it begins with the analysis.
    let has_headings = draft.proposed.lines().any(|line| draft.answers.iter().any(|answer| is_heading(line, answer)));
    for line in draft.proposed.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if let Some(n) = open.iter().position(|answer| is_heading(line, answer)) {
            out.extend(sentences(line).into_iter().map(|sentence| (template.clone(), sentence)));
            place = article(&open[n]).unwrap_or_else(|| template.clone());
            open = &open[n + 1..];
            continue;
        }
        let begins = !has_headings && draft.answers.len() == 1 && is_analysis(line);
        for sentence in sentences(line) {
            if fixed.contains(sentence) || is_rule(sentence) {
                place = template.clone();
            }
            out.push((place.clone(), sentence));
        }
        if begins {
            place = article(&draft.answers[0]).unwrap_or_else(|| template.clone());
        }
    }
    out
}

/// `article a + b`; None: the question is open, and what stands there is the template's placeholder.
fn article(answer: &Answer) -> Option<String> {
    let slugs: Vec<&str> = answer.article.iter().chain(&answer.also).map(String::as_str).collect();
    (!slugs.is_empty()).then(|| format!("article {}", slugs.join(" + ")))
}

/// Whether the line is the heading that repeats this question, whatever its number and closing mark.
fn is_heading(line: &str, answer: &Answer) -> bool {
    let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<Vec<char>>();
    let (line, question) = (letters(line), letters(&answer.question));
    let tail = &question[question.len().saturating_sub(TAIL)..];
    !tail.is_empty() && line.len() <= question.len() + 12 && line.ends_with(tail)
}

/// As the shipped templates call it, and the closure looks for it.
fn is_analysis(line: &str) -> bool {
    matches!(line.trim_end_matches(['：', ':']).trim_end(), "案例分析" | "Analysis")
}

fn is_rule(line: &str) -> bool {
    line.len() >= 5 && line.bytes().all(|b| b == b'-')
}

/// The sentences of a text: never over a line end; a full stop ends one only after a word and before a blank (not `1. ` or `10.0`).
pub fn sentences(text: &str) -> Vec<&str> {
    text.lines().flat_map(of_line).collect()
}

fn of_line(line: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut start = 0;
    let mut before = [' '; 2];
    let mut chars = line.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, c)| *c);
        let ends = match c {
            '。' | '！' | '？' | '；' => !matches!(next, Some('。' | '！' | '？' | '”' | '’' | '）')),
            '!' | '?' | ';' => next.is_some_and(char::is_whitespace),
            '.' => before.iter().all(|c| c.is_alphabetic() || *c == ')') && next.is_some_and(char::is_whitespace),
            _ => false,
        };
        if ends {
            out.push(&line[start..at + c.len_utf8()]);
            start = at + c.len_utf8();
        }
        before = [before[1], c];
    }
    out.push(&line[start..]);
    out.into_iter().map(str::trim).filter(|sentence| !sentence.is_empty()).collect()
}

#[cfg(test)]
mod tests;
