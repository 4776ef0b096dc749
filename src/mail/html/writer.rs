//! The text as it grows: lines, blanks, quote prefixes, cells; one String for all.
//!
//! Line ends are owed until text comes, so that nested blocks end one line together. Empty lines inside a quote keep its prefix.

use super::marks::Marks;
use crate::mail::{SegmentKind, entity};

/// White space owed before the next text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Blank {
    None,
    Space,
    /// It held a line end, which between two Chinese characters is none at all.
    Newline,
}

pub struct Writer {
    pub out: String,
    pub marks: Marks,
    /// Depth of blockquotes.
    pub quote: usize,
    /// Depth of preformatted elements.
    pub pre: usize,
    /// White space from Word that stands for one blank.
    pub filler: bool,
    /// The next text is a list marker of a symbol font.
    pub bullet: bool,
    /// Where the text of the table row begins; None: it has none yet.
    pub row: Option<usize>,
    /// Where the current line begins.
    line: usize,
    /// Line ends since the last text.
    ends: usize,
    breaks: usize,
    /// The smallest depth since the breaks were owed.
    break_quote: usize,
    blank: Blank,
    /// A cell follows another one on the same line.
    bar: bool,
    /// Empty cells between the two.
    empty_cells: usize,
    /// The cell is a gap of the layout.
    is_gap: bool,
    /// The length of the text right after a list marker or a cell's beginning: no break there.
    fresh: usize,
    /// The line holds hard blanks alone.
    hollow: bool,
    /// Where a horizontal rule begins and ends.
    rule: (usize, usize),
}

pub const RULE: &str = "________________________________";

impl Writer {
    pub fn new(capacity: usize) -> Writer {
        Writer {
            out: String::with_capacity(capacity),
            marks: Marks::default(),
            quote: 0,
            pre: 0,
            filler: false,
            bullet: false,
            row: None,
            line: 0,
            ends: 0,
            breaks: 0,
            break_quote: 0,
            blank: Blank::None,
            bar: false,
            empty_cells: 0,
            is_gap: false,
            fresh: usize::MAX,
            hollow: false,
            rule: (usize::MAX, usize::MAX),
        }
    }

    /// Owes `breaks` line ends: 1 begins a line, 2 leaves one empty.
    pub fn block(&mut self, breaks: usize) {
        if self.out.is_empty() || self.bar || self.out.len() == self.fresh {
            return;
        }
        if self.breaks == 0 {
            self.break_quote = self.quote;
        }
        if std::mem::take(&mut self.hollow) {
            // A paragraph of a hard blank is one empty line, however many stand together.
            self.out.truncate(self.line);
            self.breaks = usize::from(self.ends < 2);
        } else {
            self.breaks = self.breaks.max(breaks.saturating_sub(self.ends));
        }
        self.blank = Blank::None;
    }

    /// An item or a list begins or ends: on a line of its own, paragraphs in it leave none empty.
    pub fn item(&mut self) {
        self.fresh = usize::MAX;
        self.block(1);
        self.breaks = self.breaks.min(1);
    }

    pub fn line_break(&mut self) {
        if self.out.is_empty() || self.bar || self.out.len() == self.fresh {
            return;
        }
        self.flush_breaks();
        self.newline(self.quote);
        self.blank = Blank::None;
    }

    pub fn set_quote(&mut self, depth: usize) {
        self.block(1);
        self.break_quote = self.break_quote.min(depth);
        self.quote = depth;
    }

    /// The marker of a list item.
    pub fn marker(&mut self, indent: usize, marker: &str) {
        self.settle(true);
        for _ in 0..indent {
            self.out.push_str("  ");
        }
        self.out.push_str(marker);
        self.fresh = self.out.len();
    }

    /// A cell begins: on the line of the one before it where that is one line. Empty cells keep their place, gaps do not.
    pub fn cell(&mut self, is_gap: bool) {
        let was_gap = std::mem::replace(&mut self.is_gap, is_gap);
        match self.row {
            Some(row) if row >= self.line => {
                self.empty_cells = if self.bar { self.empty_cells + usize::from(!was_gap) } else { 0 };
                self.bar = true;
                self.breaks = 0;
                self.blank = Blank::None;
            }
            Some(_) => self.block(1),
            None if self.breaks > 0 || self.at_line_start() => self.fresh = self.out.len(),
            None => self.block(1),
        }
    }

    pub fn row(&mut self) {
        self.bar = false;
        self.fresh = usize::MAX;
        self.block(1);
        self.row = None;
    }

    /// The space below paragraphs in a cell stays in it.
    pub fn end_row(&mut self) {
        self.row();
        self.breaks = self.breaks.min(1);
    }

    pub fn horizontal_rule(&mut self) {
        self.block(1);
        self.settle(true);
        let start = self.line;
        self.out.push_str(RULE);
        self.rule = (start, self.out.len());
        self.block(1);
    }

    /// The last line that is not empty.
    fn last_line(&self) -> &str {
        let text = self.out.trim_end();
        text.rfind('\n').map_or(text, |n| &text[n + 1..])
    }

    fn at_line_start(&self) -> bool {
        self.out.len() == self.line
    }

    fn newline(&mut self, quote: usize) {
        if std::mem::take(&mut self.hollow) {
            self.out.truncate(self.line);
        }
        if self.at_line_start() && quote > 0 {
            push_prefix(&mut self.out, quote);
        }
        self.out.truncate(self.out.trim_end_matches(' ').len().max(self.line));
        self.out.push('\n');
        self.line = self.out.len();
        self.ends += 1;
    }

    fn flush_breaks(&mut self) {
        let depth = self.break_quote.min(self.quote);
        for _ in 0..std::mem::take(&mut self.breaks) {
            self.newline(depth);
        }
    }

    /// Pays all that is owed before text; hard blanks alone begin no mark.
    fn settle(&mut self, is_text: bool) {
        if std::mem::take(&mut self.bar) {
            self.out.truncate(self.out.trim_end_matches(' ').len().max(self.line));
            self.out.push_str(" | ");
            for _ in 0..std::mem::take(&mut self.empty_cells).min(30) {
                self.out.push_str("| ");
            }
            self.blank = Blank::None;
        }
        self.flush_breaks();
        if is_text && self.marks.is_waiting() {
            let (rule, end) = self.rule;
            let below_rule = self.out.get(end..).is_some_and(|between| between.trim_matches(['\n', ' ', '>']).is_empty());
            self.marks.start(if below_rule { rule } else { self.mark_start() });
        }
        if self.at_line_start() && self.quote > 0 {
            push_prefix(&mut self.out, self.quote);
        }
        if self.row.is_none() {
            self.row = Some(self.out.len());
        }
        self.ends = 0;
        self.hollow = false;
    }

    /// Where a mark begins that begins here: a signature with the line `-- ` above it, a blockquote with the line that says
    /// who wrote it (Yandex, Mail.ru, 163: no element holds both).
    fn mark_start(&self) -> usize {
        let above = self.out.trim_end();
        let line = self.last_line();
        let belongs = match self.marks.open() {
            Some((SegmentKind::Signature, _)) => line == "--",
            Some((SegmentKind::Quote, _)) => self.quote > 0 && is_attribution(line),
            _ => false,
        };
        if belongs { above.len() - line.len() } else { self.out.len() }
    }

    fn owes(&self) -> bool {
        self.breaks > 0 || self.hollow || self.bar || self.at_line_start() || self.row.is_none() || self.marks.is_waiting()
    }

    fn push(&mut self, text: &str) {
        let begins = self.at_line_start() || self.breaks > 0;
        if self.owes() {
            self.settle(true);
        }
        if self.blank != Blank::None {
            if !begins && self.out.len() != self.fresh && !self.out.ends_with([' ', '\n']) && !self.joins(text) {
                self.out.push(' ');
            }
            self.blank = Blank::None;
        }
        self.out.push_str(text);
    }

    /// Whether the line end between the last character and `text` is invisible: both are Chinese or Japanese (CSS Text §4.1.3).
    fn joins(&self, text: &str) -> bool {
        self.blank == Blank::Newline
            && text.as_bytes().first().is_some_and(|b| *b >= 0xE3)
            && self.out.as_bytes().last().is_some_and(|b| *b >= 0x80)
            && text.chars().next().is_some_and(is_wide)
            && self.out.chars().next_back().is_some_and(is_wide)
    }

    /// NBSP: keeps a line, but is not kept twice, nor at the beginning of a cell.
    fn hard_blank(&mut self) {
        if self.filler || self.bar || self.out.is_empty() || self.out.len() == self.fresh {
            self.blank = self.blank.max(Blank::Space);
            return;
        }
        let begins = self.at_line_start() || self.breaks > 0;
        let hollow = self.hollow;
        // Line ends paid here count as paid before the blanks.
        let ends = if self.breaks > 0 { self.breaks + self.ends } else { self.ends };
        if self.bar || begins {
            self.settle(false);
        }
        self.blank = Blank::None;
        if begins || hollow {
            (self.hollow, self.ends) = (true, ends);
        }
        if self.hollow && self.out.len() - self.line < 60 || !self.out.ends_with(' ') {
            self.out.push(' ');
        }
    }

    /// Text as it stands, without references and without collapsing.
    pub fn literal(&mut self, text: &str) {
        for (n, line) in text.split('\n').enumerate() {
            if n > 0 {
                self.line_break();
            }
            self.push(line.trim_end_matches('\r'));
        }
    }

    /// Text between tags.
    pub fn text(&mut self, text: &str) {
        if self.bullet {
            if !text.trim().is_empty() {
                self.bullet = false;
                self.push("·");
            }
            return;
        }
        if self.pre == 0 {
            if text == "\n" {
                self.blank = Blank::Newline;
                return;
            }
            return self.flow(text);
        }
        for (n, line) in text.split('\n').enumerate() {
            if n > 0 {
                self.line_break();
            }
            self.preformatted(line.trim_end_matches('\r'));
        }
    }

    fn preformatted(&mut self, line: &str) {
        let mut rest = line;
        while let Some(n) = memchr::memchr2(b'&', 0xC2, rest.as_bytes()) {
            if n > 0 {
                self.push(&rest[..n]);
            }
            let used = self.special(&rest[n..]);
            rest = &rest[n + used..];
        }
        if !rest.is_empty() {
            self.push(rest);
        }
    }

    fn flow(&mut self, text: &str) {
        let bytes = text.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            let start = at;
            at += plain_run(&bytes[at..]);
            if at > start {
                self.push(&text[start..at]);
            }
            let Some(&byte) = bytes.get(at) else { break };
            if byte.is_ascii_whitespace() {
                let run = bytes[at..].iter().take_while(|b| b.is_ascii_whitespace()).count();
                let has_end = memchr::memchr(b'\n', &bytes[at..at + run]).is_some();
                self.blank = self.blank.max(if has_end { Blank::Newline } else { Blank::Space });
                at += run;
            } else {
                at += self.special(&text[at..]);
            }
        }
    }

    /// One reference, hard blank or invisible character at the start of `text`: the bytes used.
    fn special(&mut self, text: &str) -> usize {
        if text.starts_with('&') {
            let Some((c, used)) = entity::reference(text) else {
                self.push("&");
                return 1;
            };
            match c {
                ' ' | '\t' | '\n' | '\r' => self.blank = self.blank.max(Blank::Space),
                c => self.character(c),
            }
            return used;
        }
        let c = text.chars().next().unwrap_or(' ');
        self.character(c);
        c.len_utf8()
    }

    fn character(&mut self, c: char) {
        match c {
            '\u{a0}' => self.hard_blank(),
            // Invisible: soft hyphen, zero-width space, joiners of nothing, direction marks, byte order mark.
            '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{34f}' => {}
            '\u{200c}' if !self.out.ends_with(|last: char| ('\u{590}'..'\u{1100}').contains(&last)) => {}
            c => self.push(c.encode_utf8(&mut [0; 4])),
        }
    }
}

/// A line that ends with a colon and names a time of day or an address.
fn is_attribution(line: &str) -> bool {
    let bytes = line.as_bytes();
    let is_time = |w: &[u8]| w[0].is_ascii_digit() && w[1] == b':' && w[2].is_ascii_digit() && w[3].is_ascii_digit();
    line.len() < 400 && line.ends_with([':', '：']) && (line.contains('@') || bytes.windows(4).any(is_time))
}

fn push_prefix(out: &mut String, depth: usize) {
    const DEEPEST: &str = ">>>>>>>>>>>>>>>>>>>>";
    out.push_str(&DEEPEST[..depth.min(DEEPEST.len())]);
    out.push(' ');
}

/// Bytes that may end a run of plain text: references, white space, lead bytes of invisible characters.
const MAY_END: [bool; 256] = {
    let mut table = [false; 256];
    let bytes = b"&\t\n\r\x0C \xC2\xCD\xE2\xEF";
    let mut n = 0;
    while n < bytes.len() {
        table[bytes[n] as usize] = true;
        n += 1;
    }
    table
};

/// Bytes that may be copied as they are: no reference, no white space but single blanks inside, nothing invisible.
fn plain_run(bytes: &[u8]) -> usize {
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        if MAY_END[byte as usize] && ends_run(byte, at, bytes) {
            break;
        }
        at += 1;
    }
    at
}

fn ends_run(byte: u8, at: usize, bytes: &[u8]) -> bool {
    let (next, third) = (bytes.get(at + 1), bytes.get(at + 2));
    match byte {
        b' ' => at == 0 || !next.is_some_and(|next| next.is_ascii_graphic() && *next != b'&'),
        // NBSP and soft hyphen; the grapheme joiner; zero-width characters; the byte order mark.
        0xC2 => matches!(next, Some(0xA0 | 0xAD)),
        0xCD => next == Some(&0x8F),
        0xE2 => matches!((next, third), (Some(0x80), Some(0x8B | 0x8C | 0x8E | 0x8F)) | (Some(0x81), Some(0xA0))),
        0xEF => matches!((next, third), (Some(0xBB), Some(0xBF))),
        _ => true,
    }
}

/// Scripts that write no blanks between words.
fn is_wide(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}' | '\u{20000}'..='\u{3ffff}')
}
