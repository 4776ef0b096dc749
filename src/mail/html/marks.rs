//! Marks while they are made: one open at a time, begun with its first text, so that they neither overlap nor are empty.

use crate::mail::{Mark, SegmentKind};

/// What ends a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// The element at this place of the stack closes.
    Closed(usize),
    /// As before, or the first blockquote in it closes.
    Quoted(usize),
    /// An inline element, told by the reader.
    Told,
    /// The end of the mail.
    End,
}

#[derive(Debug)]
struct Open {
    kind: SegmentKind,
    /// None: no text yet.
    start: Option<usize>,
    until: Until,
    is_loose: bool,
}

#[derive(Debug, Default)]
pub struct Marks {
    open: Option<Open>,
    done: Vec<(Mark, bool)>,
}

/// A signature of more bytes than this is a letter.
const LONGEST_SIGNATURE: usize = 3000;
const LONGEST_LOOSE_SIGNATURE: usize = 900;
const LONGEST_BANNER: usize = 900;

impl Marks {
    /// Whether the next text begins the open mark.
    pub fn is_waiting(&self) -> bool {
        self.open.as_ref().is_some_and(|open| open.start.is_none())
    }

    /// Kind and end of the open mark.
    pub fn open(&self) -> Option<(SegmentKind, Until)> {
        self.open.as_ref().map(|open| (open.kind, open.until))
    }

    /// Opens one at the next text. Inside a quote there is no other mark; a quote ends a signature.
    pub fn begin(&mut self, kind: SegmentKind, until: Until, is_loose: bool, at: usize) {
        match &self.open {
            None => {}
            // A banner around a quote is none.
            Some(open) if open.kind == SegmentKind::Banner => self.open = None,
            Some(open) if open.kind == SegmentKind::Signature && kind == SegmentKind::Quote => self.end(at),
            Some(_) => return,
        }
        self.open = Some(Open { kind, start: None, until, is_loose });
    }

    /// The text that the open mark waited for begins at `at`.
    pub fn start(&mut self, at: usize) {
        let floor = self.done.last().map_or(0, |(mark, _)| mark.end);
        if let Some(open) = &mut self.open {
            open.start.get_or_insert(at.max(floor));
        }
    }

    /// What the open mark ends with, changed.
    pub fn end_with(&mut self, until: Until) {
        if let Some(open) = &mut self.open {
            open.until = until;
        }
    }

    pub fn end(&mut self, at: usize) {
        if let Some(Open { kind, start: Some(start), is_loose, .. }) = self.open.take()
            && start < at
        {
            self.done.push((Mark { start, end: at, kind }, is_loose));
        }
    }

    /// All marks of `text`, without those that cannot be what their names say.
    pub fn finish(mut self, text: &str) -> Vec<Mark> {
        self.end(text.len());
        let mut marks: Vec<Mark> = Vec::with_capacity(self.done.len());
        let mut unmarked_end = 0;
        let mut has_text = false;
        let after_all = self.done.last().map_or(0, |(mark, _)| mark.end);
        let has_text_below = text.get(after_all..).is_some_and(|rest| !rest.trim().is_empty());
        for (mark, is_loose) in self.done {
            has_text |= text.get(unmarked_end..mark.start).is_some_and(|between| !between.trim().is_empty());
            let Some(content) = text.get(mark.start..mark.end) else { continue };
            let keep = match mark.kind {
                SegmentKind::Signature => is_signature(content, is_loose, has_text),
                SegmentKind::Banner => content.len() <= LONGEST_BANNER && (has_text_below || after_all > mark.end),
                _ => !content.trim().is_empty(),
            };
            if !keep {
                continue;
            }
            unmarked_end = mark.end;
            match marks.last_mut() {
                Some(last) if last.kind == mark.kind && text.get(last.end..mark.start).is_some_and(|b| b.trim().is_empty()) => {
                    last.end = mark.end;
                }
                _ => marks.push(mark),
            }
        }
        marks
    }
}

/// Seen in practice (Outlook and Apple Mail on telephones): the whole answer is typed inside the signature's element.
fn is_signature(content: &str, is_loose: bool, has_text_above: bool) -> bool {
    let content = content.trim();
    if content.is_empty() || content.len() > LONGEST_SIGNATURE || !has_text_above && content.len() > 120 {
        return false;
    }
    if !is_loose {
        return true;
    }
    let greets = ["hi ", "hi,", "hello", "dear ", "good morning", "您好", "你好", "各位"]
        .iter()
        .any(|greeting| content.as_bytes().get(..greeting.len()).is_some_and(|b| b.eq_ignore_ascii_case(greeting.as_bytes())));
    content.len() <= LONGEST_LOOSE_SIGNATURE && !greets && !content.lines().any(|line| line.ends_with(['?', '？']))
}
