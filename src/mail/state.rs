//! Words that tell the state of the matter: resolved or not, thanks only, urgent, complaint, may be archived.
//!
//! The words are found in one pass (`words`) and judged in their clause: 还没有解决 is not resolved, 没有再出现 is, 如果解决了, 是否解决 and
//! 希望解决 say nothing. `outcome` judges whether it works, `pressing` urgency and complaint, `closing` whether the case may be closed,
//! `thanks` whether the mail says nothing else. Works on the reply text only.

mod closing;
mod outcome;
mod pressing;
mod thanks;
mod words;

use super::vocabulary::Hit;
use super::{StateWords, prose};
use words::{WORDS, Word};

/// Bytes of a text that are looked at.
const MAX_BYTES: usize = 20_000;

/// A piece of a sentence between commas, with the words found in it.
struct Clause<'a> {
    text: &'a str,
    /// Places relative to `text`.
    hits: Vec<Hit<Word>>,
    /// Counts sentences.
    sentence: usize,
    /// Ends in a question mark, or is part of an English question.
    asked: bool,
    /// Begins with but.
    contrary: bool,
}

impl Clause<'_> {
    fn has(&self, class: Word) -> bool {
        self.hits.iter().any(|h| h.class == class)
    }

    /// A word of the class before byte `at`.
    fn has_before(&self, class: Word, at: usize) -> bool {
        self.hits.iter().any(|h| h.class == class && h.start < at)
    }

    fn word(&self, hit: &Hit<Word>) -> &str {
        &self.text[hit.start..hit.end]
    }

    /// Negations that reach to the word at `at`: at most 8 Chinese characters or a few words before it.
    fn negations(&self, at: usize) -> usize {
        let near = |h: &&Hit<Word>| matches!(h.class, Word::Not | Word::Cannot) && h.end <= at && at - h.end <= 27;
        self.hits.iter().filter(near).count()
    }
}

/// State words of the reply text.
/// `lines`: its prose.
pub fn state_words(reply_text: &str, lines: &prose::Lines<'_>) -> StateWords {
    let text = super::header::floor(reply_text, MAX_BYTES);
    let clauses = clauses(text, lines);
    let (resolved, not_resolved) = outcome::outcome(&clauses);
    let mut words = StateWords {
        resolved,
        not_resolved,
        thanks_only: false,
        urgent: pressing::is_urgent(&clauses),
        complaint: pressing::is_complaint(&clauses),
        may_archive: closing::may_archive(&clauses),
    };
    words.thanks_only = words == StateWords::default() && thanks::is_thanks_only(text);
    words
}

/// Builds clauses from the words and marks of the prose lines; those without a word are left out.
struct Cutter<'a> {
    text: &'a str,
    out: Vec<Clause<'a>>,
    hits: Vec<Hit<Word>>,
    start: usize,
    sentence: usize,
    /// Clauses of this sentence begin here in `out`.
    first: usize,
    sentence_start: usize,
    contrary: bool,
}

impl<'a> Cutter<'a> {
    fn cut(&mut self, end: usize) {
        let text = &self.text[self.start.min(end)..end];
        if !self.hits.is_empty() {
            let start = self.start;
            let hits = self.hits.drain(..).map(|h| Hit { start: h.start - start, end: h.end - start, class: h.class }).collect();
            self.out.push(Clause { text, hits, sentence: self.sentence, asked: false, contrary: self.contrary });
        }
        self.contrary = false;
    }

    fn stop(&mut self, end: usize, is_asked: bool, next: usize) {
        let last_start = self.start;
        self.cut(end);
        if is_asked {
            let whole = opens_question(&self.text[self.sentence_start.min(end)..end]);
            let first = if whole { self.first } else { self.out.len().saturating_sub(1).max(self.first) };
            let base = self.text.as_ptr() as usize;
            for clause in &mut self.out[first..] {
                clause.asked = whole || clause.text.as_ptr() as usize - base >= last_start;
            }
        }
        self.sentence += 1;
        self.first = self.out.len();
        (self.start, self.sentence_start) = (next, next);
    }
}

/// `Has it been fixed, and when?` asks in every clause.
fn opens_question(sentence: &str) -> bool {
    const OPENERS: [&str; 22] = [
        "is", "are", "was", "were", "has", "have", "did", "does", "do", "can", "could", "will", "would", "should", "when", "how", "why",
        "what", "which", "where", "who", "may",
    ];
    let first = sentence.trim_start().split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or("");
    OPENERS.iter().any(|w| w.eq_ignore_ascii_case(first))
}

fn clauses<'a>(text: &'a str, lines: &prose::Lines<'a>) -> Vec<Clause<'a>> {
    let mut cutter =
        Cutter { text, out: Vec::new(), hits: Vec::new(), start: 0, sentence: 0, first: 0, sentence_start: 0, contrary: false };
    let mut end_before = 0;
    for (at, line) in prose::lines_of(text, lines) {
        if at > 0 && !(at == end_before + 1 && is_wrapped(text, at)) {
            cutter.stop(end_before, false, at);
        }
        for hit in WORDS.hits(line) {
            let hit = Hit { start: at + hit.start, end: at + hit.end, class: hit.class };
            let is_followed_by_blank = text[hit.end..].chars().next().is_none_or(|c| c.is_whitespace() || !c.is_ascii());
            match hit.class {
                Word::Pause => {
                    cutter.cut(hit.start);
                    cutter.start = hit.end;
                }
                Word::But => {
                    cutter.cut(hit.start);
                    cutter.start = hit.end;
                    cutter.contrary = true;
                }
                Word::Stop => cutter.stop(hit.start, false, hit.end),
                Word::Asked if is_followed_by_blank => cutter.stop(hit.start, true, hit.end),
                Word::Dot if is_followed_by_blank => cutter.stop(hit.start, false, hit.end),
                Word::Dot | Word::Asked | Word::Idiom => {}
                _ => cutter.hits.push(hit),
            }
        }
        end_before = at + line.len();
    }
    cutter.stop(end_before, false, end_before);
    cutter.out
}

/// Whether the line that begins at `at` goes on with the sentence of the line above.
fn is_wrapped(text: &str, at: usize) -> bool {
    let above = text[..at - 1].trim_end();
    let width = above.len() - above.rfind('\n').map_or(0, |n| n + 1);
    let ends = above.ends_with(['。', '？', '?', '！', '!', '.', '；', ';', ':', '：']);
    above.ends_with(['，', ',', '、']) || !ends && width >= 60 && !text[at..].starts_with(['\n', ' ', '-', '*'])
}

#[cfg(test)]
mod tests;
