//! A finding: the result of one check of the gate, with its place in the mail and its text in both languages.
//!
//! Stored with the draft as JSON; what older versions stored has neither place nor second language and still loads.

use crate::case::{Language, text_enum};
use serde::{Deserialize, Serialize};
use std::ops::Range;

text_enum! {
    /// How bad a finding is: an error blocks approval unless waived with a reason.
    Level { Error = "error", Warning = "warning" }
}
text_enum! {
    /// Where in the mail: the fields of a draft.
    Part { Subject = "subject", Body = "body", To = "to", Cc = "cc" }
}

/// A piece of one line of the mail. Counted in characters, as people and editors do; both begin at 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    pub part: Part,
    pub line: usize,
    pub column: usize,
    pub length: usize,
}

/// Result of one gate check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Stable name: `question.open`, `kb.unknown`, `placeholder`.
    pub name: String,
    pub level: Level,
    /// In the desk's language.
    pub text: String,
    /// None: about the mail as a whole, or about something that is not there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Place>,
    /// The same in another language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub also: Option<(Language, String)>,
}

/// Characters of a line that an excerpt shows before and after the place.
const AROUND: usize = 16;
/// Longest piece that an excerpt repeats.
const MOST: usize = 60;

impl Finding {
    /// Without a place, in the desk's language alone.
    pub fn new(name: &str, level: Level, text: String) -> Finding {
        Finding { name: name.to_owned(), level, text, at: None, also: None }
    }

    /// What it says to a reader of that language, or else in the desk's.
    pub fn text_in(&self, language: Language) -> &str {
        match &self.also {
            Some((other, text)) if *other == language => text,
            _ => &self.text,
        }
    }
}

/// `body 4:5`
impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}:{}", self.part, self.line, self.column)
    }
}

impl Place {
    /// Of a range of bytes of that part, as far as it lies on the line that it begins on.
    pub fn of(part: Part, text: &str, range: Range<usize>) -> Place {
        let start = text[..range.start].rfind('\n').map_or(0, |at| at + 1);
        let piece = text[range.clone()].split('\n').next().unwrap_or("");
        Place {
            part,
            line: text[..start].matches('\n').count() + 1,
            column: text[start..range.start].chars().count() + 1,
            length: piece.chars().count(),
        }
    }

    /// The place with what stands around it on its line; empty when the text is another by now.
    pub fn excerpt(&self, text: &str) -> String {
        let line: Vec<char> = text.split('\n').nth(self.line.saturating_sub(1)).unwrap_or("").chars().collect();
        let start = self.column.saturating_sub(1);
        let end = start.saturating_add(self.length.min(MOST)).min(line.len());
        if start >= line.len() {
            return String::new();
        }
        let (from, to) = (start.saturating_sub(AROUND), (end + AROUND).min(line.len()));
        let shown: String = line[from..to].iter().map(|c| if c.is_control() { ' ' } else { *c }).collect();
        let (before, after) = (if from > 0 { "…" } else { "" }, if to < line.len() { "…" } else { "" });
        format!("{before}{}{after}", shown.trim())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_characters_of_a_line() {
        let text = "您好\n请安装 KB4599999，谢谢\n完";
        let at = text.find("KB").unwrap();
        let place = Place::of(Part::Body, text, at..at + 9);
        assert_eq!((place.line, place.column, place.length), (2, 5, 9));
        assert_eq!(place.to_string(), "body 2:5");
        assert_eq!(place.excerpt(text), "请安装 KB4599999，谢谢");
        assert_eq!(place.excerpt("您好"), "", "the text was changed");
        let first = Place::of(Part::Subject, "主题", 0..6);
        assert_eq!((first.line, first.column, first.length), (1, 1, 2));
        let over = Place::of(Part::Body, text, 0..text.len());
        assert_eq!((over.line, over.length), (1, 2), "up to the end of the line");
        let long = format!("{}错误{}", "前".repeat(40), "后".repeat(40));
        let at = long.find("错").unwrap();
        let shown = Place::of(Part::Body, &long, at..at + 6).excerpt(&long);
        assert_eq!(shown, format!("…{}错误{}…", "前".repeat(16), "后".repeat(16)));
    }

    #[test]
    fn what_older_versions_stored_still_loads() {
        let old: Vec<Finding> = serde_json::from_str(r#"[{"name":"placeholder","level":"error","text":"x"}]"#).unwrap();
        assert_eq!(old, [Finding::new("placeholder", Level::Error, "x".into())]);
        assert_eq!(serde_json::to_string(&old).unwrap(), r#"[{"name":"placeholder","level":"error","text":"x"}]"#);
        let both = Finding { also: Some((Language::En, "here".into())), ..Finding::new("x", Level::Warning, "这里".into()) };
        let again: Finding = serde_json::from_str(&serde_json::to_string(&both).unwrap()).unwrap();
        assert_eq!((again.text_in(Language::Zh), again.text_in(Language::En)), ("这里", "here"));
        assert_eq!(old[0].text_in(Language::En), "x");
    }
}
