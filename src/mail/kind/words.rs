//! The words of one mail as the rules see them: folded subject and text, their hits, where what is only quoted begins.
//!
//! An ordinary mail costs one pass over the subject and the head of the text; only one whose sender, subject or headers make
//! automatic mail possible is read further.

use super::phrase::{Class, Hits, fold};

/// Bytes read of every mail; a text of at most `SHORT` is read whole, for a note's last line may tell.
const HEAD: usize = 400;
const SHORT: usize = 700;
/// Bytes read of a mail that may be automatic.
const REACH: usize = 12_000;

#[derive(Debug, Default)]
pub struct Words {
    pub title: String,
    pub subject: Hits,
    /// The subject begins with words of automatic mail: `Undeliverable: Re: x` is no reply.
    pub opens: bool,
    /// Folded text, as far as it was read.
    pub text: String,
    pub hits: Hits,
    /// Hits before the first quote line alone.
    pub fresh: Hits,
    /// Bytes of `text` before the first quote line.
    pub fresh_len: usize,
    /// Whether the text ends before what was read does.
    pub is_whole: bool,
}

impl Words {
    /// Reads subject and head of the text.
    pub fn of_head(title: &str, text: &str) -> Words {
        let title = fold(title, 1000);
        let starts = starts(&title);
        let subject = Hits::of_subject(&title, &starts);
        let openers = [Class::BounceCertain, Class::Auto, Class::Receipt, Class::Meeting];
        let opens = openers.iter().any(|c| subject.get(*c).is_some_and(|(_, at)| starts.contains(&at)));
        let mut words = Words { title, subject, opens, ..Words::default() };
        words.read(text, if text.len() <= SHORT { SHORT } else { HEAD });
        words
    }

    /// Reads on, when the mail may be automatic.
    pub fn read_on(&mut self, text: &str) {
        if !self.is_whole {
            self.read(text, REACH);
        }
    }

    fn read(&mut self, text: &str, max: usize) {
        let text = text.trim_start();
        let quote = quote_start(super::super::header::floor(text, max));
        self.is_whole = text.len() <= max;
        let (fresh, rest) = text.split_at(quote.unwrap_or(0));
        self.text = fold(fresh, max);
        self.fresh_len = self.text.len();
        if quote.is_none() {
            self.text = fold(rest, max);
            self.fresh_len = self.text.len();
        } else {
            self.text.push_str(&fold(rest, max - quote.unwrap_or(0).min(max)));
        }
        let starts = starts(&self.text);
        self.hits = Hits::of_text(&self.text, &starts);
        self.fresh = if self.fresh_len == self.text.len() { self.hits } else { Hits::of_text(&self.text[..self.fresh_len], &starts) };
    }

    /// What the mail says before it quotes, folded.
    pub fn fresh_text(&self) -> &str {
        &self.text[..self.fresh_len]
    }

    pub fn quotes(&self) -> bool {
        self.fresh_len < self.text.len()
    }

    /// Whether any word of a bounce is there.
    pub fn may_bounce(&self) -> bool {
        let classes = [Class::BounceCertain, Class::BounceTemplate];
        classes.iter().any(|c| self.subject.has(*c) || self.hits.has(*c)) || self.subject.has(Class::BounceLikely)
    }

    /// A question to whoever reads the mail; the `?` of a link is none.
    pub fn asks(&self) -> bool {
        let fresh = self.fresh_text();
        let marked = fresh.match_indices('?').any(|(at, _)| {
            let end = fresh[at + 1..].chars().next();
            end.is_none_or(|c| c.is_whitespace() || !c.is_ascii())
                && !fresh[..at].rsplit(' ').next().is_some_and(|word| word.contains("://"))
        });
        marked || ASKING.iter().any(|w| fresh.contains(w))
    }
}

const ASKING: &[&str] = &["请问", "麻烦", "能否", "可否", "是否可以", "怎么办", "could you", "can you", "would you"];

/// Where a `^` phrase may begin: at the first letter, and after each leading tag (`[EXTERNAL]`, `【外部邮件】`, `***SPAM***`).
fn starts(text: &str) -> Vec<usize> {
    let mut starts = vec![0];
    let mut at = 0;
    for _ in 0..4 {
        let rest = &text[at..];
        let letter = rest.find(char::is_alphanumeric).unwrap_or(rest.len());
        // A tag itself may be the phrase: `[auto-reply] …`.
        starts.extend(rest[..letter].char_indices().map(|(n, _)| at + n));
        starts.push(at + letter);
        let open = rest[..letter].trim_start().chars().next();
        let close = match open {
            Some('[') => ']',
            Some('【') => '】',
            Some('(') => ')',
            Some('*') => '*',
            _ => break,
        };
        let Some(end) = rest[letter..].find(close) else { break };
        at += letter + end + close.len_utf8();
        if at > 120 {
            break;
        }
    }
    starts
}

/// Byte at which a line begins that opens a quote, coarse: `>`, a client's separator, a block of header labels.
fn quote_start(text: &str) -> Option<usize> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim();
        let opens = match trimmed.as_bytes() {
            [b'>', ..] => true,
            [b'-' | b'_' | b'=', ..] => separates(trimmed),
            [.., b':'] | [.., 0xBC, 0x9A] => trimmed.len() < 300 && introduces(trimmed),
            [b'F' | b'V' | b'D', ..] => {
                ["From: ", "Von: ", "De : ", "De: "].iter().any(|w| trimmed.starts_with(w)) && trimmed.contains('@')
            }
            [0xE5, 0x8F, 0x91, ..] => trimmed.starts_with("发件人") || trimmed.starts_with("发自"),
            _ => false,
        };
        if opens && at > 0 {
            return Some(at);
        }
        at += line.len();
    }
    None
}

fn separates(line: &str) -> bool {
    let words = line.trim_matches(['-', '_', '=', ' ', '\u{a0}']);
    if words.is_empty() {
        return line.len() >= 30 && line.starts_with('_');
    }
    let words = words.to_lowercase();
    let known = [
        "原始邮件",
        "原邮件",
        "邮件原件",
        "original",
        "forwarded",
        "转发",
        "回复的",
        "replied message",
        "ursprüngliche",
        "message d'origine",
    ];
    words.len() < 80 && known.iter().any(|w| words.starts_with(w))
}

fn introduces(line: &str) -> bool {
    let line = line.trim_end_matches([':', '：']).trim_end();
    ["写道", "寫道", "wrote", "schrieb", "a écrit", "escribió", "ha scritto", "のメール", "написал"].iter().any(|w| line.ends_with(w))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_before_the_subject() {
        for title in ["[EXTERNAL] 自动回复: x", "【外部邮件】自动回复：x", "***SPAM*** Automatic reply: x", "[Auto-Reply] x", "\"Auto: x"]
        {
            let words = Words::of_head(title, "");
            assert!(words.subject.has(Class::Auto), "{title}");
        }
        assert!(!Words::of_head("Re: 自动回复: x", "").subject.has(Class::Auto));
    }

    #[test]
    fn quotes_end_what_is_fresh() {
        for text in ["好的\n> out of the office", "好的\n\n-----原始邮件-----\nout of office", "ok\nOn Monday X wrote:\nout of office"]
        {
            let words = Words::of_head("", text);
            assert!(words.quotes() && !words.fresh.has(Class::Away) && words.hits.has(Class::Away), "{text}");
        }
    }
}
