//! Folding a line for comparison, and tables of phrases looked up by their first byte.
//!
//! Clients write the same words in many dresses: full-width colons, no-break and ideographic blanks, direction marks, capitals,
//! curly quotes. `fold` takes the dress off into a buffer that the caller reuses; a table finds the longest of its phrases that
//! the folded line begins with, touching only those that share its first byte. Nothing here knows what the phrases mean.

/// Phrases in folded form, for prefix look-ups.
#[derive(Debug)]
pub struct Phrases {
    /// Sorted, so that phrases of one first byte stand together and a longer one follows its prefix.
    list: Vec<&'static str>,
    from: [u16; 257],
    /// The first bytes of each, sorted: most lines are told apart by them without folding.
    heads: Vec<u64>,
    /// Phrases shorter than a head.
    short: Vec<&'static str>,
    short_from: [u16; 257],
}

impl Phrases {
    /// Empty phrases are ignored.
    pub fn new(groups: &[&[&'static str]]) -> Phrases {
        let mut list: Vec<&'static str> = groups.iter().flat_map(|g| g.iter().copied()).filter(|p| !p.is_empty()).collect();
        list.sort_unstable();
        let (long, short): (Vec<&'static str>, Vec<&'static str>) = list.iter().copied().partition(|p| p.len() >= HEAD);
        let mut heads: Vec<u64> = long.iter().map(|p| head_of(p.as_bytes())).collect();
        heads.sort_unstable();
        heads.dedup();
        Phrases { from: index(&list), short_from: index(&short), list, heads, short }
    }

    /// Whether a raw line, its decoration stripped, may begin with one of the phrases when folded; cheap.
    pub fn may_begin(&self, line: &str) -> bool {
        let bytes = line.as_bytes();
        let Some(first) = bytes.first().map(u8::to_ascii_lowercase) else { return false };
        // Latin, Greek and Cyrillic capitals, invisible characters, full width: folding decides.
        if matches!(first, 0xc2..=0xd3 | 0xe2 | 0xef) {
            return true;
        }
        if self.from[usize::from(first)] == self.from[usize::from(first) + 1] {
            return false;
        }
        if first < 0x80 && bytes.iter().take(HEAD).any(|b| *b >= 0x80) {
            return true;
        }
        let starts = |p: &&str| bytes.len() >= p.len() && bytes[..p.len()].eq_ignore_ascii_case(p.as_bytes());
        bytes.len() >= HEAD && self.heads.binary_search(&head_of(bytes)).is_ok()
            || self.short[usize::from(self.short_from[usize::from(first)])..usize::from(self.short_from[usize::from(first) + 1])]
                .iter()
                .any(starts)
    }

    /// The longest phrase that `folded` begins with.
    pub fn prefix_of(&self, folded: &str) -> Option<&'static str> {
        let first = usize::from(*folded.as_bytes().first()?);
        let bucket = &self.list[usize::from(self.from[first])..usize::from(self.from[first + 1])];
        bucket.iter().rev().copied().find(|p| folded.starts_with(p))
    }

    /// Whether `folded` is one of the phrases.
    pub fn contains(&self, folded: &str) -> bool {
        self.list.binary_search(&folded).is_ok()
    }
}

/// For each first byte, where its phrases begin.
fn index(list: &[&str]) -> [u16; 257] {
    std::array::from_fn(|byte| list.partition_point(|p| usize::from(p.as_bytes()[0]) < byte) as u16)
}

/// Bytes of a line looked at before folding it.
const HEAD: usize = 6;

fn head_of(bytes: &[u8]) -> u64 {
    bytes.iter().take(HEAD).fold(0, |all, byte| all << 8 | u64::from(byte.to_ascii_lowercase()))
}

/// Lower case, half width, single blanks, no invisible characters, trimmed; at most about `MOST` bytes of a line are looked at.
pub fn fold<'a>(line: &str, buffer: &'a mut String) -> &'a str {
    buffer.clear();
    let mut blank = true;
    if line.is_ascii() {
        for byte in super::header::floor(line, MOST).bytes() {
            let is_blank = byte <= b' ';
            if !is_blank || !blank {
                buffer.push(if is_blank { ' ' } else { char::from(byte.to_ascii_lowercase()) });
            }
            blank = is_blank;
        }
        if blank {
            buffer.truncate(buffer.trim_end().len());
        }
        return buffer;
    }
    for c in super::header::floor(line, MOST).chars() {
        let c = plain(c);
        if c == ' ' {
            if !blank {
                buffer.push(' ');
            }
            blank = true;
            continue;
        }
        if c == '\0' {
            continue;
        }
        blank = false;
        if c.is_ascii() {
            buffer.push(c.to_ascii_lowercase());
        } else {
            buffer.extend(c.to_lowercase());
        }
    }
    if blank {
        buffer.truncate(buffer.trim_end().len());
    }
    buffer
}

/// Longest part of a line that is folded.
const MOST: usize = 2_000;

/// One character without its dress; `\0`: invisible.
fn plain(c: char) -> char {
    match c {
        '!'..='~' => c,
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '’' | '‘' | '´' => '\'',
        '“' | '”' => '"',
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' => '\0',
        c if c.is_whitespace() => ' ',
        c => c,
    }
}

/// Invisible characters and white space off both ends.
pub fn trim(line: &str) -> &str {
    let bytes = line.as_bytes();
    if bytes.first().is_some_and(u8::is_ascii_graphic) && bytes.last().is_some_and(u8::is_ascii_graphic) {
        return line;
    }
    line.trim_matches(|c: char| c.is_whitespace() || plain(c) == '\0')
}

/// Width in columns: an ASCII or other narrow character is one, a wide one two.
pub fn width(line: &str) -> usize {
    line.chars().map(|c| if (c as u32) < 0x1100 { 1 } else { 2 }).sum()
}

/// Han characters, without punctuation.
pub fn is_han(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}')
}

/// Characters that rules are drawn with.
pub fn is_rule_char(c: char) -> bool {
    matches!(c, '-' | '_' | '=' | '*' | '~' | '#' | '—' | '–' | '‐' | '―' | '─' | '━' | '═' | '－' | '＿' | '＝')
}

/// A line drawn of rule characters alone, three or more.
pub fn is_rule(line: &str) -> bool {
    let line = trim(line);
    line.len() >= 3 && line.chars().all(|c| is_rule_char(c) || c == ' ') && line.chars().filter(|c| is_rule_char(*c)).count() >= 3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dresses() {
        let mut buffer = String::new();
        for (line, want) in [
            ("  Von\u{a0}:  X ", "von : x"),
            ("发件人：　张三", "发件人: 张三"),
            ("\u{202a}Message d’origine\u{202c}", "message d'origine"),
            ("ＭＡＩＬ", "mail"),
            ("Envoyé", "envoyé"),
            (" \u{200b} ", ""),
        ] {
            assert_eq!(fold(line, &mut buffer), want, "{line}");
        }
    }

    #[test]
    fn longest_prefix() {
        let phrases = Phrases::new(&[&["best", "best regards", "br"], &["祝好"]]);
        assert_eq!(phrases.prefix_of("best regards, x"), Some("best regards"));
        assert_eq!(phrases.prefix_of("bestes"), Some("best"));
        assert_eq!(phrases.prefix_of("祝好!"), Some("祝好"));
        assert_eq!(phrases.prefix_of(""), None);
        assert!(phrases.contains("br") && !phrases.contains("b"));
        for (line, want) in [
            ("BR,", true),
            ("BEST", true),
            ("祝好！", true),
            ("请您", false),
            ("BEST regards", true),
            ("Bestow", true),
            ("Hello", false),
            ("ＢＥＳＴ", true),
            ("", false),
        ] {
            assert_eq!(phrases.may_begin(line), want, "{line}");
        }
    }

    #[test]
    fn rules() {
        for (line, want) in [("-----", true), ("— — —", true), ("--", false), ("- a -", false), ("________", true), ("", false)] {
            assert_eq!(is_rule(line), want, "{line}");
        }
    }
}
