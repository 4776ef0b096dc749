//! The points a customer asks: lists of questions (on lines or run together) and single asking sentences.
//!
//! `marker` finds what numbers a point, `list` decides which lists are questions, `item` cuts their points, `sentence` finds what is
//! asked outside of lists, `words` knows what asks. Works on the reply text only; each question is one line of at most 400
//! characters that can be shown to the customer.

mod item;
mod list;
mod marker;
mod sentence;
mod words;

use super::{Question, prose};
use sentence::Asked;
use words::Asking;

/// Bytes of a text that are looked at.
const MAX_BYTES: usize = 100_000;
const MAX_QUESTIONS: usize = 100;

/// The questions of a text, in order; at most 100. `lines`: its prose.
pub fn questions(text: &str, lines: &prose::Lines<'_>) -> Vec<Question> {
    let text = super::header::floor(text, MAX_BYTES);
    let lists = list::lists(text, marker::markers(text, lines));
    let mut out: Vec<Question> = Vec::new();
    for item in lists.iter().flat_map(|l| &l.taken) {
        out.push(Question { number: item.number.clone(), text: item.text.clone(), at: item.start });
    }
    let mut asked = sentence::sentences(text, lines);
    asked.retain(|a| !lists.iter().any(|l| a.start < l.end && a.end > l.start && (l.is_closed || !words::ends_in_mark(&a.text))));
    add_sentences(text, &asked, &mut out);
    out.sort_by_key(|q| q.at);
    out.truncate(MAX_QUESTIONS);
    out
}

/// Real questions; when there are none, what only begs, joined with what it begs for.
fn add_sentences(text: &str, asked: &[Asked], out: &mut Vec<Question>) {
    let add = |out: &mut Vec<Question>, at: usize, line: String| {
        if !line.is_empty() && !out.iter().any(|q| q.text == line) {
            out.push(Question { number: None, text: line, at });
        }
    };
    for sentence in asked.iter().filter(|a| a.asking == Asking::Yes) {
        add(out, sentence.start, sentence.text.clone());
    }
    if !out.is_empty() {
        return;
    }
    for sentence in asked.iter().filter(|a| a.asking == Asking::Tag) {
        if let Some(from) = sentence::before(text, sentence.start) {
            add(out, from, item::line_of(&text[from..sentence.end]));
        }
    }
    if out.is_empty() {
        for sentence in asked.iter().filter(|a| a.asking == Asking::Weak) {
            add(out, sentence.start, sentence.text.clone());
        }
    }
}

#[cfg(test)]
mod tests;
