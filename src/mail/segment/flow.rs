//! Which lines are quoted, forwarded, new: one walk from the top.
//!
//! A header block or separator quotes to the end (top posting) unless `>` lines follow it; an attribution with `>` lines quotes
//! only those lines, so that text below them is new (bottom posting) and text between them too (interleaved). An attribution
//! without `>` lines quotes to the end, unless nothing stands above it and marked lines come later. In a forward the block is
//! content; what that content quotes is not. Markup, where there is some, says where a quote begins and ends.

use crate::mail::quote::{self, Space, Start, prefix};
use crate::mail::{Mark, SegmentKind};

struct Walk<'a> {
    lines: &'a [&'a str],
    kinds: Vec<SegmentKind>,
    /// What a plain line is from here on.
    rest: SegmentKind,
    /// `>` lines are what a forward carries (Apple Mail).
    marked_forward: bool,
    /// A forward was opened already.
    has_forward: bool,
    /// Something new stands above.
    has_new: bool,
    /// The last head was an attribution: older quote marks may follow.
    attributed: bool,
    forwards: bool,
    /// Markup's range up to this line is read as text: answers stand between its marked lines.
    read_until: usize,
    /// Initials of the quote marks seen (`JD>`).
    initials: &'a str,
    /// A quote was opened above.
    has_quote: bool,
    /// Markup says where the quote is: a mark outside of it was typed.
    is_told: bool,
    space: Space,
}

/// One kind for each line.
pub fn classify(lines: &[&str], marks: &[Mark], forwards: bool) -> Vec<SegmentKind> {
    let mut walk = Walk {
        lines,
        kinds: vec![SegmentKind::New; lines.len()],
        rest: SegmentKind::New,
        marked_forward: false,
        has_forward: false,
        has_new: false,
        attributed: false,
        forwards,
        read_until: 0,
        initials: "",
        has_quote: false,
        is_told: marks.iter().any(|m| m.kind == SegmentKind::Quote),
        space: Space::default(),
    };
    let (mut at, mut offset, mut marks) = (0, 0, marks);
    while at < lines.len() {
        while marks.first().is_some_and(|m| m.end <= offset) {
            marks = &marks[1..];
        }
        if marks.is_empty() && walk.read_until <= at {
            at += walk.line(at, None);
            continue;
        }
        // A mark may begin with the blanks before the line's first word.
        let line_end = offset + lines[at].len();
        let text_at = line_end - lines[at].trim_start().len();
        let mark = marks.first().filter(|m| m.start <= text_at && text_at < m.end && !lines[at].trim().is_empty());
        let step = walk.line(at, mark.map(|m| (m.kind, lines_until(lines, at, offset, m.end))));
        offset += lines[at..at + step].iter().map(|l| l.len() + 1).sum::<usize>();
        at += step;
    }
    mend_wrapped(lines, &mut walk.kinds);
    tagged(lines, &mut walk.kinds);
    walk.kinds
}

/// Answers in an unmarked quote that begin with a tag the new text announces (`以[宋]开头`, `marked [JD]`).
fn tagged(lines: &[&str], kinds: &mut [SegmentKind]) {
    let Some(end) = kinds.iter().position(|k| *k == SegmentKind::Quote) else { return };
    let tags: Vec<&str> =
        lines[..end].iter().zip(&kinds[..end]).filter(|(_, k)| **k == SegmentKind::New).take(40).filter_map(|(l, _)| tag(l)).collect();
    if tags.is_empty() {
        return;
    }
    for (line, kind) in lines.iter().zip(kinds.iter_mut()).skip(end) {
        if *kind == SegmentKind::Quote && tags.iter().any(|t| line.trim_start().starts_with(t)) {
            *kind = SegmentKind::New;
        }
    }
}

/// A short word in brackets inside a sentence.
fn tag(line: &str) -> Option<&str> {
    let (open, close) = [('[', ']'), ('【', '】')].into_iter().find(|(open, _)| line.contains(*open))?;
    let from = line.find(open)?;
    let to = from + line[from..].find(close)? + close.len_utf8();
    let inside = &line[from + open.len_utf8()..to - close.len_utf8()];
    (from > 0 && (1..=8).contains(&inside.chars().count()) && inside.chars().all(char::is_alphabetic)).then_some(&line[from..to])
}

/// Lines from `at` that begin before byte `end`.
fn lines_until(lines: &[&str], at: usize, mut offset: usize, end: usize) -> usize {
    let mut n = at;
    while n < lines.len() && offset < end {
        offset += lines[n].len() + 1;
        n += 1;
    }
    n - at
}

impl Walk<'_> {
    /// Classifies the line at `at` and those that go with it; how many they are. `mark`: kind and number of lines of the markup's range.
    fn line(&mut self, at: usize, mark: Option<(SegmentKind, usize)>) -> usize {
        let line = self.lines[at];
        if line.trim().is_empty() {
            self.kinds[at] = if at > 0 { self.kinds[at - 1] } else { self.rest };
            return 1;
        }
        match mark {
            Some((SegmentKind::Quote, len)) if self.rest != SegmentKind::Forwarded && at >= self.read_until => {
                return self.marked_range(at, len.max(1));
            }
            Some((kind, len)) if kind != SegmentKind::Quote => return self.fill(at, len.max(1), kind),
            _ => {}
        }
        if line.starts_with(">>> ") && quote::is_closed_head(line) {
            return self.open(Start::Original(1), at, self.lines.len() - at);
        }
        if prefix::is_marked(line) {
            return self.marked_run(at);
        }
        let old = prefix::old_marks(self.lines, at, self.attributed, &mut self.initials);
        if old > 0 {
            return self.fill(at, old, SegmentKind::Quote);
        }
        if let Some(start) = quote::start(self.lines, at, &mut self.space) {
            return self.open(start, at, self.lines.len() - at);
        }
        self.has_new = true;
        self.attributed = false;
        self.kinds[at] = self.rest;
        1
    }

    fn fill(&mut self, at: usize, len: usize, kind: SegmentKind) -> usize {
        let end = (at + len).min(self.lines.len());
        self.kinds[at..end].fill(kind);
        end - at
    }

    /// What markup calls a quote: a forward's content when it begins like one.
    fn marked_range(&mut self, at: usize, len: usize) -> usize {
        let start = (at..at + len.min(6)).find_map(|n| quote::start(self.lines, n, &mut self.space).map(|s| (n, s)));
        match start {
            Some((n, start @ Start::Forwarded(_))) => {
                self.fill(at, n - at, SegmentKind::Quote);
                n - at + self.open(start, n, len)
            }
            Some((n, start)) if self.forwards && !self.has_forward => {
                self.fill(at, n - at, SegmentKind::Quote);
                n - at + self.open(start, n, len)
            }
            Some((n, start)) if self.is_marked_at(n + start.head()) && n == at => {
                // Gmail keeps answers typed into the quote inside its element.
                self.read_until = at + len;
                self.open(start, at, len)
            }
            None if self.forwards && !self.has_forward => {
                self.has_forward = true;
                self.fill(at, len, SegmentKind::Forwarded)
            }
            _ => self.fill(at, len, SegmentKind::Quote),
        }
    }

    fn marked_run(&mut self, at: usize) -> usize {
        let lines = self.lines;
        let len = lines[at..].iter().take_while(|l| prefix::is_marked(l)).count();
        let run = &lines[at..at + len];
        if len <= 4 && self.rest == SegmentKind::New && self.has_new && !self.attributed {
            let pasted = !self.has_quote && prefix::is_prompt(run);
            if pasted || self.is_typed(at, len) {
                return self.fill(at, len, SegmentKind::New);
            }
        }
        self.has_quote = true;
        self.fill(at, len, if self.marked_forward { SegmentKind::Forwarded } else { SegmentKind::Quote })
    }

    /// A marked line that belongs to the words around it: below a prompt, or announced by a colon and followed at once by more.
    fn is_typed(&self, at: usize, len: usize) -> bool {
        let above = self.lines[..at].last().map_or("", |l| l.trim());
        if self.is_told && !self.has_quote && !above.is_empty() && !prefix::is_marked(above) {
            return true;
        }
        if ["PS ", "C:\\", "D:\\", "$ ", "# "].iter().any(|prompt| above.starts_with(prompt)) {
            return true;
        }
        let announced = self.lines[..at]
            .iter()
            .rev()
            .find(|l| !l.trim().is_empty())
            .is_some_and(|l| l.trim_end().ends_with([':', '：']) && !prefix::is_marked(l));
        let below = self.lines.get(at + len).map_or("", |l| l.trim());
        let (_, text) = prefix::unmark(self.lines[at]);
        // `> 90% of our bugs`: more than, when nothing else in the mail is marked.
        if len == 1 && !self.has_quote && is_more_than(text) && self.lines.iter().filter(|l| prefix::is_marked(l)).count() == 1 {
            return true;
        }
        len == 1
            && announced
            && !below.is_empty()
            && text.len() < 60
            && text.is_ascii()
            && !text.ends_with(['?', '.', ':'])
            && text.starts_with(|c: char| c.is_lowercase())
    }

    /// A quote begins at `at`, whose head is known; `len`: lines to the end of the text or of the markup's range.
    fn open(&mut self, start: Start, at: usize, len: usize) -> usize {
        let head = start.head().min(len);
        self.has_quote |= !matches!(start, Start::ReplyAbove(_));
        let is_marked_below = self.is_marked_at(at + head);
        match start {
            Start::Forwarded(_) => self.open_forward(at, head),
            Start::Original(_) if self.forwards && !self.has_forward => self.open_forward(at, head),
            Start::End(_) => {
                self.rest = SegmentKind::New;
                self.marked_forward = false;
                self.fill(at, head, SegmentKind::Quote)
            }
            Start::ReplyAbove(_) if !self.has_new => self.fill(at, head, SegmentKind::Banner),
            Start::Original(_) | Start::Attribution(_) if is_marked_below || self.is_interleaved(start, at + head) => {
                self.attributed = true;
                self.fill(at, head, SegmentKind::Quote)
            }
            Start::Attribution(_) if prefix::old_marks(self.lines, self.skip_blank(at + head), true, &mut self.initials) > 0 => {
                self.attributed = true;
                self.fill(at, head, SegmentKind::Quote)
            }
            Start::Attribution(_) if self.skip_blank(at + head) == self.lines.len() => self.fill(at, head, SegmentKind::Quote),
            _ => self.fill(at, len, SegmentKind::Quote),
        }
    }

    fn open_forward(&mut self, at: usize, head: usize) -> usize {
        self.has_forward = true;
        self.rest = SegmentKind::Forwarded;
        self.marked_forward = self.is_marked_at(at + head) || prefix::is_marked(self.lines[at + head - 1]);
        self.fill(at, head, SegmentKind::Quote)
    }

    fn skip_blank(&self, at: usize) -> usize {
        at + self.lines[at.min(self.lines.len())..].iter().take_while(|l| l.trim().is_empty()).count()
    }

    fn is_marked_at(&self, at: usize) -> bool {
        self.lines.get(self.skip_blank(at)).is_some_and(|l| prefix::is_marked(l))
    }

    /// An attribution at the top, then words, then marked lines: the words are the answer's greeting.
    fn is_interleaved(&self, start: Start, from: usize) -> bool {
        if self.has_new || !matches!(start, Start::Attribution(_)) {
            return false;
        }
        let below = &self.lines[from.min(self.lines.len())..];
        below.iter().take(30).any(|l| prefix::is_marked(l))
    }
}

/// `90% of …`, `5 GB …`, `100 台`: a number with what it counts.
fn is_more_than(text: &str) -> bool {
    let digits = text.bytes().take_while(|b| b.is_ascii_digit() || matches!(b, b'.' | b',')).count();
    let rest = text[digits..].trim_start();
    let unit = rest.starts_with(['%', '％', '°', '€', '$']) || rest.starts_with(|c: char| c.is_alphabetic());
    digits > 0 && !text[..digits].ends_with(['.', ',']) && unit
}

/// A quoted line that a careless client wrapped: one short rest without a mark between two marked lines.
fn mend_wrapped(lines: &[&str], kinds: &mut [SegmentKind]) {
    for at in 1..lines.len() {
        if kinds[at] != SegmentKind::New || kinds[at - 1] != SegmentKind::Quote {
            continue;
        }
        let (above, line, below) = (lines[at - 1], lines[at], lines.get(at + 1).copied().unwrap_or(""));
        if prefix::is_snip(line) {
            kinds[at] = SegmentKind::Quote;
            continue;
        }
        // The rest of the last quoted line, with nothing below it.
        let is_tail = prefix::is_marked(above)
            && below.trim().is_empty()
            && above.len() >= 66
            && line.len() <= 24
            && line.ends_with('.')
            && lines[at + 1..].iter().all(|l| l.trim().is_empty());
        if is_tail && line.starts_with(|c: char| c.is_lowercase()) && !above.trim_end().ends_with(['?', '.', '!', ':']) {
            kinds[at] = SegmentKind::Quote;
            continue;
        }
        let is_between = prefix::is_marked(above) && prefix::is_marked(below) && !line.trim().is_empty();
        let is_rest = above.len() >= 60 && line.len() <= 40 && !above.trim_end().ends_with(['?', '？', '.', '。', '!', '！', ':', '：']);
        if is_between && is_rest && line.starts_with(|c: char| c.is_lowercase() || c.is_ascii_digit()) {
            kinds[at] = SegmentKind::Quote;
        }
    }
}
