//! A reply compared with the mail of ours that it quotes: what the customer typed between our lines is new, and each piece
//! knows the line of ours that it answers.
//!
//! Clients quote without marks (Outlook), wrap lines anew, add `>`, change widths and drop blank lines, so the comparison runs
//! over words, not lines: a line is ours when a run of its words stands in our mail in the same order. Only between our first and
//! our last line can there be answers; what the quote carries below (older mails) stays a quote. Linear in both texts.

use super::quote::{self, prefix};
use super::{Mail, Segment, SegmentKind, phrase, read};
use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

/// Words of a run that is looked up.
const GRAM: usize = 3;
/// Longest text of ours compared, bytes.
const MOST: usize = 1 << 20;

type Hasher = BuildHasherDefault<DefaultHasher>;

/// Our mail as words.
struct Ours<'a> {
    lines: Vec<&'a str>,
    words: Vec<u64>,
    /// Line of each word.
    line_of: Vec<u32>,
    /// First place of each run of `GRAM` words.
    grams: HashMap<u64, u32, Hasher>,
    /// Places of whole lines by the hash of their words, for lines shorter than a run.
    short: HashMap<u64, u32, Hasher>,
}

/// How a line of the reply relates to ours.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Relation {
    Blank,
    /// Ours up to the word at this place.
    Ours(usize),
    /// Ours up to the place, then words of the customer from this byte of the line.
    Answered(usize, usize),
    Other,
}

/// Compares a mail with `ours`, the text of the mail that it answers (as sent), and marks the lines typed between ours as new,
/// with the line they answer. What follows from the reply text is computed anew. A mail that quotes nothing of ours stays as it is.
pub fn against(mail: &mut Mail, ours: &str) {
    let ours = Ours::read(super::header::floor(ours, MOST));
    if ours.words.is_empty() {
        return;
    }
    let lines: Vec<(SegmentKind, &str)> = mail.segments.iter().flat_map(|s| s.text.split('\n').map(|l| (s.kind, l))).collect();
    let relations = relate(&lines, &ours);
    let Some((first, last)) = span(&lines, &relations) else { return };
    let segments = rebuild(&lines, &relations, &ours, first, last);
    mail.segments = segments;
    read::derive(mail);
}

impl<'a> Ours<'a> {
    fn read(text: &'a str) -> Ours<'a> {
        let lines: Vec<&str> = text.lines().collect();
        let (mut words, mut line_of) = (Vec::new(), Vec::new());
        let mut short = HashMap::default();
        for (n, line) in lines.iter().enumerate() {
            let from = words.len();
            each_word(prefix::unmark(line).1, |hash, _| words.push(hash));
            line_of.resize(words.len(), n as u32);
            if words.len() > from {
                short.entry(combined(&words[from..])).or_insert(from as u32);
            }
        }
        let mut grams = HashMap::default();
        for (at, run) in words.windows(GRAM).enumerate() {
            grams.entry(combined(run)).or_insert(at as u32);
        }
        Ours { lines, words, line_of, grams, short }
    }

    /// The line of ours that ends before word `place`.
    fn line_before(&self, place: usize) -> Option<&'a str> {
        let n = *self.line_of.get(place.checked_sub(1)?)? as usize;
        self.lines.get(n).map(|l| l.trim())
    }

    fn ends_line(&self, place: usize) -> bool {
        place > 0 && (place >= self.words.len() || self.line_of[place] != self.line_of[place - 1])
    }

    /// Length of the run of `words` that stands at `place`.
    fn run(&self, place: usize, words: &[u64]) -> usize {
        self.words[place.min(self.words.len())..].iter().zip(words).take_while(|(a, b)| a == b).count()
    }
}

/// Each word of a text with the byte behind it: a Latin word or number, or a single character of other scripts.
fn each_word(text: &str, mut take: impl FnMut(u64, usize)) {
    let hasher = Hasher::default();
    let mut word: Option<usize> = None;
    let fold = |from: usize, to: usize| {
        let plain = text[from..to]
            .chars()
            .map(|c| if ('\u{ff01}'..='\u{ff5e}').contains(&c) { char::from_u32(c as u32 - 0xfee0).unwrap_or(c) } else { c });
        hasher.hash_one(plain.flat_map(char::to_lowercase).collect::<String>())
    };
    for (at, c) in text.char_indices() {
        let is_wide = (c as u32) >= 0x2e80 && !('\u{ff10}'..='\u{ff5a}').contains(&c);
        let is_letter = c.is_alphanumeric();
        if is_letter && !is_wide {
            word.get_or_insert(at);
            continue;
        }
        if let Some(from) = word.take() {
            take(fold(from, at), at);
        }
        if is_letter {
            take(fold(at, at + c.len_utf8()), at + c.len_utf8());
        }
    }
    if let Some(from) = word {
        take(fold(from, text.len()), text.len());
    }
}

fn combined(words: &[u64]) -> u64 {
    words.iter().fold(0xcbf2_9ce4_8422_2325, |all, word| (all ^ word).wrapping_mul(0x0100_0000_01b3).rotate_left(23))
}

fn relate(lines: &[(SegmentKind, &str)], ours: &Ours<'_>) -> Vec<Relation> {
    let (mut words, mut ends) = (Vec::new(), Vec::new());
    let mut cursor = 0;
    lines
        .iter()
        .map(|(kind, line)| {
            words.clear();
            ends.clear();
            let bare = prefix::unmark(line).1;
            let shift = line.len() - bare.len();
            each_word(bare, |hash, end| {
                words.push(hash);
                ends.push(end + shift);
            });
            let relation = if *kind == SegmentKind::Forwarded { Relation::Other } else { relation(&words, &ends, ours, cursor) };
            if let Relation::Ours(place) | Relation::Answered(place, _) = relation {
                cursor = place;
            }
            relation
        })
        .collect()
}

fn relation(words: &[u64], ends: &[usize], ours: &Ours<'_>, cursor: usize) -> Relation {
    if words.is_empty() {
        return Relation::Blank;
    }
    let (mut at, mut covered, mut longest, mut place, mut lead) = (0, 0, 0, cursor, 0);
    while at < words.len() {
        let rest = &words[at..];
        let here = if at == 0 { cursor } else { place };
        let mut run = ours.run(here, rest);
        let mut found = here;
        if run < rest.len().min(GRAM) {
            run = 0;
            let looked = if rest.len() >= GRAM { ours.grams.get(&combined(&rest[..GRAM])) } else { ours.short.get(&combined(rest)) };
            if let Some(from) = looked {
                found = *from as usize;
                run = ours.run(found, rest);
            }
        }
        if run > 0 {
            covered += run;
            longest = longest.max(run);
            place = found + run;
            if at == 0 {
                lead = run;
            }
        }
        at += run.max(1);
    }
    let len = words.len();
    // Our line, and behind it on the same line the answer.
    let begun = if lead > 0 && lead < len { ours_place(words, ours, cursor) } else { None };
    if let Some((place, lead)) = begun
        && lead >= 2
        && lead < len
        && ours.ends_line(place)
        && starts_line(ours, place, lead)
    {
        return Relation::Answered(place, ends[lead - 1]);
    }
    if lead == len || longest * 5 >= len * 4 || len >= 20 && covered * 20 >= len * 17 && longest >= 6 {
        return Relation::Ours(place);
    }
    Relation::Other
}

fn ours_place(words: &[u64], ours: &Ours<'_>, cursor: usize) -> Option<(usize, usize)> {
    let run = ours.run(cursor, words);
    if run >= GRAM.min(words.len()) {
        return Some((cursor + run, run));
    }
    let from = *ours.grams.get(&combined(words.get(..GRAM)?))? as usize;
    let run = ours.run(from, words);
    Some((from + run, run))
}

/// Whether the run of `len` words that ends before `place` is a line of ours from its beginning.
fn starts_line(ours: &Ours<'_>, place: usize, len: usize) -> bool {
    let from = place - len;
    from == 0 || ours.line_of[from - 1] != ours.line_of[place - 1]
}

/// First and last line that can hold answers; None: too little of ours is quoted.
fn span(lines: &[(SegmentKind, &str)], relations: &[Relation]) -> Option<(usize, usize)> {
    let is_ours = |n: &usize| matches!(relations[*n], Relation::Ours(_) | Relation::Answered(..)) && lines[*n].0 != SegmentKind::New;
    let first = (0..lines.len()).find(is_ours)?;
    let last = (0..lines.len()).rev().find(is_ours)?;
    Some((first, last_answer(lines, relations, first, last)))
}

/// Below our last line an answer counts when that line asks, or answers stand above: up to the next quoted mail.
fn last_answer(lines: &[(SegmentKind, &str)], relations: &[Relation], first: usize, last: usize) -> usize {
    let asked = lines[last].1.trim_end().ends_with(['?', '？']);
    let answered = (first..last).any(|n| relations[n] == Relation::Other && lines[n].0 == SegmentKind::Quote && !is_head(lines, n));
    let split = matches!(relations[last], Relation::Answered(..));
    if !asked && !answered || split {
        return last;
    }
    let texts: Vec<&str> = lines.iter().skip(last + 1).take(40).map(|(_, l)| *l).collect();
    let mut space = quote::Space::default();
    let mut end = last;
    for (n, text) in texts.iter().enumerate() {
        let stops = lines[last + 1 + n].0 != SegmentKind::Quote
            || quote::start(&texts, n, &mut space).is_some()
            || phrase::is_rule(text)
            || matches!(text.trim(), "--" | "—");
        if stops {
            break;
        }
        if !text.trim().is_empty() {
            end = last + 1 + n;
        }
    }
    end
}

/// A line of a quoted mail's head, which is nobody's answer.
fn is_head(lines: &[(SegmentKind, &str)], at: usize) -> bool {
    let texts: Vec<&str> = lines[at..].iter().take(8).map(|(_, l)| prefix::unmark(l).1).collect();
    quote::start(&texts, 0, &mut quote::Space::default()).is_some()
}

fn rebuild(lines: &[(SegmentKind, &str)], relations: &[Relation], ours: &Ours<'_>, first: usize, last: usize) -> Vec<Segment> {
    let mut out: Vec<Segment> = Vec::new();
    let mut place: Option<usize> = None;
    let mut head_until = 0;
    for (n, (kind, line)) in lines.iter().enumerate() {
        let inside = (first..=last).contains(&n);
        if let Relation::Answered(at, byte) = relations[n]
            && inside
            && *kind == SegmentKind::Quote
        {
            place = Some(at);
            let byte = byte + punctuation(&line[byte..]);
            push(&mut out, *kind, &line[..byte], None);
            push(&mut out, SegmentKind::New, &line[byte..], ours.line_before(at));
            continue;
        }
        if let Relation::Ours(at) = relations[n]
            && *kind != SegmentKind::New
        {
            place = Some(at);
        }
        if inside && *kind == SegmentKind::Quote && relations[n] == Relation::Other && n >= head_until {
            let texts: Vec<&str> = lines[n..].iter().take(24).map(|(_, l)| prefix::unmark(l).1).collect();
            head_until = quote::start(&texts, 0, &mut quote::Space::default()).map_or(0, |s| n + s.head());
        }
        let typed = inside && n >= head_until && *kind == SegmentKind::Quote && relations[n] == Relation::Other;
        let answers = place.and_then(|at| ours.line_before(at));
        match kind {
            _ if typed => push(&mut out, SegmentKind::New, line, answers),
            SegmentKind::New if n > first => push(&mut out, *kind, line, answers),
            _ => push(&mut out, *kind, line, None),
        }
    }
    out.retain(|s| !s.text.trim().is_empty());
    for segment in &mut out {
        segment.text = segment.text.trim_matches('\n').trim_end().to_string();
    }
    out
}

/// Punctuation and brackets that end our line, before the answer.
fn punctuation(rest: &str) -> usize {
    rest.char_indices()
        .find(|(_, c)| !matches!(c, '?' | '？' | '.' | '。' | '!' | '！' | ')' | '）' | '"' | '”' | '；' | ';'))
        .map_or(rest.len(), |(at, _)| at)
}

fn push(out: &mut Vec<Segment>, kind: SegmentKind, line: &str, answers: Option<&str>) {
    let blank = line.trim().is_empty();
    match out.last_mut() {
        Some(last) if blank || last.kind == kind && last.answers.as_deref() == answers => {
            last.text.push('\n');
            last.text.push_str(line);
        }
        _ => out.push(Segment { kind, text: line.to_string(), answers: answers.map(str::to_string) }),
    }
}

#[cfg(test)]
mod tests;
