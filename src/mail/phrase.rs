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
}

impl Phrases {
    /// Empty phrases are ignored.
    pub fn new(groups: &[&[&'static str]]) -> Phrases {
        let mut list: Vec<&'static str> = groups.iter().flat_map(|g| g.iter().copied()).filter(|p| !p.is_empty()).collect();
        list.sort_unstable();
        let mut from = [0u16; 257];
        for (byte, slot) in from.iter_mut().enumerate() {
            *slot = list.partition_point(|p| usize::from(p.as_bytes()[0]) < byte) as u16;
        }
        Phrases { list, from }
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

/// Lower case, half width, single blanks, no invisible characters, trimmed; at most about `MOST` bytes of a line are looked at.
pub fn fold<'a>(line: &str, buffer: &'a mut String) -> &'a str {
    buffer.clear();
    let mut blank = true;
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
    }

    #[test]
    fn rules() {
        for (line, want) in [("-----", true), ("— — —", true), ("--", false), ("- a -", false), ("________", true), ("", false)] {
            assert_eq!(is_rule(line), want, "{line}");
        }
    }
}
