//! Lines that begin a quoted or forwarded mail, for every client of the field (Outlook, QQ, NetEase, Coremail, Foxmail, Gmail,
//! Thunderbird, Apple, phones, Aliyun, Notes, Usenet, help desks) in the languages of domain.md §3.2 and their relatives.
//!
//! Four shapes, each a file: a separator drawn between mails, a block of header labels, an attribution that ends in 写道/wrote,
//! and quote marks at the start of lines. A single label in prose (`主题：`) or a statement (`I wrote:`) is none of them.

mod attribution;
mod block;
mod label;
pub mod prefix;
mod separator;
mod verb;

use super::phrase;
use separator::Separator;

/// How a quote begins, and how many lines belong to its head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// `-----原始邮件-----` or a bare block of labels.
    Original(usize),
    /// `在 … 写道：`
    Attribution(usize),
    /// `---------- Forwarded message ---------`
    Forwarded(usize),
    /// The end of what was forwarded.
    End(usize),
    /// `##- Please type your reply above this line -##`
    ReplyAbove(usize),
}

impl Start {
    /// Lines of the head, at least one.
    pub fn head(self) -> usize {
        match self {
            Start::Original(n) | Start::Attribution(n) | Start::Forwarded(n) | Start::End(n) | Start::ReplyAbove(n) => n.max(1),
        }
    }
}

/// Space for folding lines, kept over a text.
#[derive(Debug, Default)]
pub struct Space {
    folded: String,
    joined: String,
}

/// Longest line that can begin a quote.
const LONGEST: usize = 4_000;

/// What begins at line `at`, if anything.
pub fn start(lines: &[&str], at: usize, space: &mut Space) -> Option<Start> {
    let line = phrase::trim(lines[at]);
    let first = line.chars().next()?;
    if line.len() > LONGEST {
        return None;
    }
    if lines[at].starts_with("        ")
        && let Some(len) = block::columns(lines, at, &mut space.folded)
    {
        return Some(Start::Original(len));
    }
    if may_separate(first)
        && let Some(found) = drawn(lines, at, line, space)
    {
        return Some(found);
    }
    if (has_early_colon(line) || first == '|')
        && let Some(len) = block::labels(lines, at, false, &mut space.folded)
    {
        return Some(Start::Original(len));
    }
    if line.len() < 100
        && (first == '"' || memchr::memchr2(b'@', b'/', line.as_bytes()).is_some())
        && let Some(len) = block::notes(lines, at, &mut space.folded)
    {
        return Some(Start::Original(len));
    }
    attribution::attribution(lines, at, &mut space.joined, &mut space.folded).map(Start::Attribution)
}

/// GroupWise: `>>> Name <a@b> 4/1/2009 4:55 PM >>>`, `>>> On 4/1/2009 at 4:55 PM, Name <a@b> wrote:`.
pub fn is_closed_head(line: &str) -> bool {
    let line = line.trim_end();
    let inner = line.trim_matches(['>', ' ']);
    line.len() < 300
        && !inner.is_empty()
        && inner.bytes().filter(u8::is_ascii_digit).count() >= 5
        && (line.ends_with(" >>>") || line.ends_with(':') && verb::may_end(line) && inner.contains('@'))
}

/// First characters of separator lines: rule characters, brackets, and the words that stand alone.
fn may_separate(first: char) -> bool {
    phrase::is_rule_char(first)
        || matches!(
            first,
            '<' | '['
                | '|'
                | '+'
                | 'B'
                | 'b'
                | 'O'
                | 'o'
                | 'F'
                | 'P'
                | 'p'
                | 'R'
                | 'A'
                | 'D'
                | 'I'
                | 'i'
                | 'M'
                | 'U'
                | 'V'
                | 'W'
                | 'З'
                | 'Н'
                | 'П'
                | 'И'
                | '开'
                | '開'
                | '原'
                | '转'
                | '轉'
                | '请'
                | '以'
                | '邮'
                | '回'
                | '元'
                | '転'
                | '원'
                | '전'
        )
}

fn has_early_colon(line: &str) -> bool {
    let head = &line.as_bytes()[..line.len().min(64)];
    // U+FF1A begins with EF BC.
    memchr::memchr2(b':', 0xef, head).is_some()
}

fn drawn(lines: &[&str], at: usize, line: &str, space: &mut Space) -> Option<Start> {
    let below = skip_blank(lines, at + 1, 2);
    let labelled = |space: &mut Space| block::labels(lines, below, true, &mut space.folded);
    let mut other = Space::default();
    match separator::separator(line, || block::labels(lines, below, false, &mut other.folded).is_some(), &mut space.folded) {
        Some(Separator::Forwarded) => return Some(Start::Forwarded(labelled(space).map_or(1, |n| below - at + n))),
        Some(Separator::Original) => return Some(Start::Original(labelled(space).map_or(1, |n| below - at + n))),
        Some(Separator::End) => return Some(Start::End(1)),
        Some(Separator::ReplyAbove) => return Some(Start::ReplyAbove(1)),
        None => {}
    }
    if !phrase::is_rule(line) && !line.chars().all(|c| matches!(c, '|' | '-' | '>')) || line.len() < 5 {
        return None;
    }
    if let Some(block) = block::labels(lines, below, false, &mut space.folded) {
        return Some(Start::Original(below - at + block));
    }
    // Foxmail text: 14 hyphens, the sender's name, then `>` lines.
    let name = lines.get(at + 1).is_some_and(|l| !l.trim().is_empty() && !prefix::is_marked(l) && phrase::width(l) < 80);
    if name && line.len() >= 8 && attribution::is_quote_below(lines, at + 2) {
        return Some(Start::Attribution(2));
    }
    // A rule right above an attribution is part of its head.
    let (joined, folded) = (&mut space.joined, &mut space.folded);
    let written = lines.get(below).and_then(|_| attribution::attribution(lines, below, joined, folded));
    written.map(|n| Start::Attribution(below - at + n))
}

fn skip_blank(lines: &[&str], from: usize, most: usize) -> usize {
    let blanks = lines.iter().skip(from).take(most).take_while(|l| l.trim().is_empty()).count();
    from + blanks
}

#[cfg(test)]
mod tests;
