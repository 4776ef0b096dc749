//! Words of automatic mail: lists of phrases by class, found in one pass.
//!
//! The lists live in `config/data/mail/*.txt`; text and phrase are compared folded, so line breaks, letter case, full-width
//! punctuation and curly quotes do not matter. `^` asks for the begin, `|` for a word's end, `$` for the end.

use std::sync::LazyLock;

/// What a phrase says of the mail it stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Only mail systems write it.
    BounceTemplate,
    /// Mail systems mean a bounce with it; a person might write it about one.
    BounceCertain,
    BounceLikely,
    Delayed,
    Auto,
    Recall,
    Receipt,
    Meeting,
    Away,
    AwayCompany,
    /// Acknowledgement that only a desk writes: a ticket's number, office hours.
    AckStrong,
    Ack,
    Challenge,
    Newsletter,
    /// What monitoring, backup and build systems write as subject.
    Machine,
}

const CLASSES: [(&str, Class); 15] = [
    ("bounce template", Class::BounceTemplate),
    ("bounce certain", Class::BounceCertain),
    ("bounce likely", Class::BounceLikely),
    ("delayed", Class::Delayed),
    ("auto", Class::Auto),
    ("recall", Class::Recall),
    ("receipt", Class::Receipt),
    ("meeting", Class::Meeting),
    ("away", Class::Away),
    ("away company", Class::AwayCompany),
    ("ack strong", Class::AckStrong),
    ("ack", Class::Ack),
    ("challenge", Class::Challenge),
    ("newsletter", Class::Newsletter),
    ("machine", Class::Machine),
];

/// One list, ready to search: a place of the text is looked up by its first four bytes, and most places by one bit of them. Smaller than an
/// automaton of so many phrases, and faster, because hardly any place begins one.
pub struct Phrases {
    entries: Vec<Entry>,
    /// Places in `entries`, in order of their text.
    sorted: Vec<u16>,
    /// Of each in `sorted` its bytes five to eight, and the mask of those that it has: most phrases are told apart by them.
    nexts: Vec<(u32, u32)>,
    /// First four bytes and where in `sorted` their phrases begin.
    heads: Vec<(u32, u16)>,
    /// One bit for each of 65,536 mixtures of four bytes.
    filter: Vec<u64>,
    /// Phrases shorter than a head, and the bytes they begin with.
    short: Vec<u16>,
    begins_short: [bool; 256],
}

/// The four bytes from `at`, zeros behind the end.
fn head(bytes: &[u8], at: usize) -> u32 {
    match bytes.get(at..at + 4) {
        Some(four) => u32::from_be_bytes([four[0], four[1], four[2], four[3]]),
        None => bytes[at.min(bytes.len())..].iter().chain(&[0; 4]).take(4).fold(0, |all, b| all << 8 | u32::from(*b)),
    }
}

/// Word and bit of the filter.
fn bit(head: u32) -> (usize, u64) {
    let mixed = head.wrapping_mul(0x9E37_79B1) >> 16;
    ((mixed >> 6) as usize, 1 << (mixed & 63))
}

struct Entry {
    /// Index of its section in order of the file.
    section: usize,
    /// Folded, without the signs.
    text: String,
    at_start: bool,
    word_end: bool,
    at_end: bool,
}

static SUBJECTS: LazyLock<Phrases> = LazyLock::new(|| classed(include_str!("../../../config/data/mail/automatic_subjects.txt")));
static TEXTS: LazyLock<Phrases> = LazyLock::new(|| classed(include_str!("../../../config/data/mail/automatic_texts.txt")));

fn classed(data: &str) -> Phrases {
    let position = |name: &str| CLASSES.iter().position(|(n, _)| *n == name).unwrap_or(CLASSES.len());
    Phrases::read(data, position).0
}

impl Phrases {
    /// Reads a list; `number` gives a section its number. The names of the sections come back in order of the file.
    pub fn read(data: &str, mut number: impl FnMut(&str) -> usize) -> (Phrases, Vec<String>) {
        let (mut entries, mut names, mut section) = (Vec::new(), Vec::new(), 0);
        for line in data.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
            if let Some(name) = line.strip_prefix("@ ") {
                section = number(name);
                names.push(name.to_string());
                continue;
            }
            let (at_start, line) = line.strip_prefix('^').map_or((false, line), |l| (true, l));
            let (word_end, line) = line.strip_suffix('|').map_or((false, line), |l| (true, l));
            let (at_end, line) = line.strip_suffix('$').map_or((false, line), |l| (true, l));
            entries.push(Entry { section, text: fold(line, usize::MAX), at_start, word_end, at_end });
        }
        (Phrases::sorted(entries), names)
    }

    fn sorted(entries: Vec<Entry>) -> Phrases {
        let is_long = |at: &u16| entries[usize::from(*at)].text.len() >= 4;
        let (mut sorted, short): (Vec<u16>, Vec<u16>) = (0..entries.len() as u16).partition(is_long);
        sorted.sort_by_key(|at| &entries[usize::from(*at)].text);
        let next = |at: &u16| {
            let text = entries[usize::from(*at)].text.as_bytes();
            (head(text, 4), u32::MAX.checked_shl(8 * 8usize.saturating_sub(text.len()) as u32).unwrap_or(0))
        };
        let nexts = sorted.iter().map(next).collect();
        let (mut heads, mut filter): (Vec<(u32, u16)>, _) = (Vec::new(), vec![0; 1024]);
        for (place, at) in sorted.iter().enumerate() {
            let head = head(entries[usize::from(*at)].text.as_bytes(), 0);
            if heads.last().is_none_or(|(last, _)| *last != head) {
                heads.push((head, place as u16));
                let (word, bit) = bit(head);
                filter[word] |= bit;
            }
        }
        let mut begins_short = [false; 256];
        short.iter().for_each(|at| begins_short[usize::from(entries[usize::from(*at)].text.as_bytes()[0])] = true);
        Phrases { entries, sorted, nexts, heads, filter, short, begins_short }
    }

    /// Every occurrence: end, start, place in `entries`; in this order.
    fn occurrences(&self, text: &str) -> Vec<(usize, usize, u16)> {
        let (bytes, mut found) = (text.as_bytes(), Vec::new());
        let mut note = |at: usize, place: &u16| {
            let phrase = self.entries[usize::from(*place)].text.as_bytes();
            if bytes[at..].starts_with(phrase) {
                found.push((at + phrase.len(), at, *place));
            }
        };
        for (at, byte) in bytes.iter().enumerate() {
            if self.begins_short[usize::from(*byte)] {
                self.short.iter().for_each(|place| note(at, place));
            }
            let first = head(bytes, at);
            let (word, bit) = bit(first);
            if self.filter[word] & bit != 0
                && let Ok(n) = self.heads.binary_search_by_key(&first, |(head, _)| *head)
            {
                let from = usize::from(self.heads[n].1);
                let to = self.heads.get(n + 1).map_or(self.sorted.len(), |(_, to)| usize::from(*to));
                let next = head(bytes, bytes.len().min(at + 4));
                for n in (from..to).filter(|n| next & self.nexts[*n].1 == self.nexts[*n].0) {
                    note(at, &self.sorted[n]);
                }
            }
        }
        found.sort_unstable();
        found
    }

    /// Number of the section, phrase and place of each occurrence in a folded text; `starts`: where a `^` phrase may begin.
    pub fn find<'p, 't>(&'p self, text: &'t str, starts: &'t [usize]) -> impl Iterator<Item = (usize, &'p str, usize)> + use<'p, 't> {
        self.occurrences(text).into_iter().filter_map(move |(end, start, place)| {
            let entry = &self.entries[usize::from(place)];
            let free_end = || !text[end..].chars().next().is_some_and(char::is_alphanumeric);
            let fits = (!entry.at_start || starts.contains(&start))
                && (!entry.word_end || free_end())
                && (!entry.at_end || text[end..].trim_end().is_empty());
            fits.then_some((entry.section, entry.text.as_str(), start))
        })
    }
}

/// The first phrase of each class in a text, with its place, and how many follow without overlap.
#[derive(Debug, Default, Clone, Copy)]
pub struct Hits {
    first: [Option<(&'static str, usize)>; CLASSES.len()],
    /// Count and the end of the last counted one.
    count: [(usize, usize); CLASSES.len()],
}

impl Hits {
    /// Hits of a subject.
    pub fn of_subject(text: &str, starts: &[usize]) -> Hits {
        Hits::of(&SUBJECTS, text, starts, |_, _| true)
    }

    /// Hits of a text; what stands in quotation marks is spoken of, not said.
    pub fn of_text(text: &str, starts: &[usize]) -> Hits {
        let said = |class: Class, at: usize| !CITABLE.contains(&class) || text[at..].starts_with('"') || !is_cited(text, at);
        Hits::of(&TEXTS, text, starts, said)
    }

    fn of(phrases: &'static Phrases, text: &str, starts: &[usize], counts: impl Fn(Class, usize) -> bool) -> Hits {
        let mut hits = Hits::default();
        for (section, phrase, at) in phrases.find(text, starts) {
            let Some(first) = hits.first.get_mut(section) else { continue };
            if !counts(CLASSES[section].1, at) {
                continue;
            }
            first.get_or_insert((phrase, at));
            let (count, end) = &mut hits.count[section];
            if at >= *end {
                (*count, *end) = (*count + 1, at + phrase.len());
            }
        }
        hits
    }

    /// First phrase of the class and its place in the folded text.
    pub fn get(&self, class: Class) -> Option<(&'static str, usize)> {
        let at = CLASSES.iter().position(|(_, c)| *c == class)?;
        self.first[at]
    }

    /// How many phrases of the class there are, overlapping ones aside.
    pub fn count(&self, class: Class) -> usize {
        CLASSES.iter().position(|(_, c)| *c == class).map_or(0, |at| self.count[at].0)
    }

    pub fn has(&self, class: Class) -> bool {
        self.get(class).is_some()
    }

    /// The phrase of the class when it begins before `end`.
    pub fn before(&self, class: Class, end: usize) -> Option<&'static str> {
        self.get(class).filter(|(_, at)| *at < end).map(|(text, _)| text)
    }
}

/// Classes of words that people repeat in quotation marks when they write about such mail.
const CITABLE: [Class; 6] = [Class::Auto, Class::Away, Class::AckStrong, Class::Ack, Class::Challenge, Class::BounceTemplate];

/// Whether a place stands inside quotation marks: what is there is spoken of, not said.
fn is_cited(text: &str, at: usize) -> bool {
    let from = text.floor_char_boundary(at.saturating_sub(160));
    let before = &text[from..at];
    let opened = before.rfind(['「', '『', '《']) > before.rfind(['」', '』', '》']);
    opened || before.bytes().filter(|b| *b == b'"').count() % 2 == 1
}

/// At most `max` bytes of a text for comparison: lower case, one blank for any white space, ASCII punctuation.
pub fn fold(text: &str, max: usize) -> String {
    let text = super::super::header::floor(text, max);
    let (bytes, mut out) = (text.as_bytes(), String::with_capacity(text.len()));
    // Runs that need no change are copied whole.
    let (mut from, mut at) = (0, 0);
    while at < bytes.len() {
        match bytes[at] {
            b'!'..=b'@' | b'['..=b'~' => at += 1,
            b' ' if !(if at > from { bytes[at - 1] == b' ' } else { out.ends_with(' ') }) => at += 1,
            0xE4..=0xE9 => at += 3,
            _ => {
                let c = text[at..].chars().next().unwrap_or(' ');
                if !is_folded(c) {
                    out.push_str(&text[from..at]);
                    from = at + c.len_utf8();
                    fold_char(c, &mut out);
                }
                at += c.len_utf8();
            }
        }
    }
    out.push_str(&text[from..]);
    out
}

fn fold_char(c: char, out: &mut String) {
    match c {
        'A'..='Z' => out.push(c.to_ascii_lowercase()),
        c if c.is_whitespace() => {
            if !out.ends_with(' ') {
                out.push(' ');
            }
        }
        c if c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{ad}' | '\u{2060}') => {}
        '\u{2018}' | '\u{2019}' => out.push('\''),
        '\u{201c}' | '\u{201d}' => out.push('"'),
        '！'..='～' => out.push(char::from_u32(c as u32 - 0xFEE0).unwrap_or(c).to_ascii_lowercase()),
        c if c < '\u{2000}' => out.extend(c.to_lowercase()),
        c => out.push(c),
    }
}

/// Characters that are compared as they are: small letters, digits, signs, ideographs, kana, Chinese stops.
fn is_folded(c: char) -> bool {
    matches!(c, '!'..='@' | '['..='~' | '\u{3001}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_section_of_the_lists_is_known() {
        for data in [
            include_str!("../../../config/data/mail/automatic_subjects.txt"),
            include_str!("../../../config/data/mail/automatic_texts.txt"),
        ] {
            let mut unknown = Vec::new();
            Phrases::read(data, |name| {
                if !CLASSES.iter().any(|(n, _)| *n == name) {
                    unknown.push(name.to_string());
                }
                0
            });
            assert!(unknown.is_empty(), "{unknown:?}");
        }
    }

    #[test]
    fn folded() {
        assert_eq!(fold("Ａuto\u{a0}\r\n  Reply：  “it’s”　ÄÖ", 100), "auto reply: \"it's\" äö");
        assert_eq!(fold("中文", 4), "中");
    }

    #[test]
    fn signs_of_a_phrase() {
        let hits = |text: &str| Hits::of_subject(text, &[0]).has(Class::Auto);
        assert!(hits("自动回复: 问题"));
        assert!(hits("自动回复"));
        assert!(!hits("自动回复功能失效"));
        assert!(!hits("re: out of office:"));
    }
}
