//! Reading typed values out of a TOML document, key by key, collecting every problem instead of stopping at the first.
//!
//! What is asked for is what is known: after all sections were read, a key that nobody asked for is unknown. A value comes
//! from the environment (`CASEMATE_<SECTION>_<KEY>`, sections only, not lists), else from the file, else it is the default.

use super::problem::{Problem, nearest};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Everything the readers of one load share.
pub struct Source<'a> {
    /// As named in messages.
    pub file: &'a str,
    pub text: &'a str,
    /// Relative paths begin here.
    pub directory: &'a Path,
    pub env: &'a dyn Fn(&str) -> Option<String>,
    pub problems: RefCell<Vec<Problem>>,
    /// Paths asked for, with `[]` for any index: `mailbox[].port`.
    pub asked: RefCell<BTreeSet<String>>,
}

/// One section of the document, there or not.
#[derive(Clone)]
pub struct Reader<'a> {
    source: &'a Source<'a>,
    table: Option<&'a DeTable<'a>>,
    /// `sla.high`, `mailbox[0]`, or empty at the top.
    path: String,
    /// Of the section's head, or 1.
    line: usize,
}

enum Found<'a> {
    Variable(String, String),
    File(&'a Spanned<DeValue<'a>>),
    Absent,
}

impl<'a> Source<'a> {
    pub fn line_of(&self, offset: usize) -> usize {
        1 + self.text.as_bytes().iter().take(offset).filter(|b| **b == b'\n').count()
    }

    pub fn root(&'a self, table: &'a DeTable<'a>) -> Reader<'a> {
        Reader { source: self, table: Some(table), path: String::new(), line: 1 }
    }

    /// Reports the keys nobody asked for. Call it last.
    pub fn report_unknown(&self, table: &DeTable<'_>) {
        self.walk(table, "", "");
    }

    fn walk(&self, table: &DeTable<'_>, path: &str, shown: &str) {
        for (key, value) in table {
            let (path, shown) = (join(path, key.get_ref()), join(shown, key.get_ref()));
            if !self.asked.borrow().contains(&path) {
                self.unknown(key, &path, &shown);
                continue;
            }
            match value.get_ref() {
                // What is of the wrong kind was reported as that, and its keys are not known either way.
                DeValue::Table(inner) if self.has_below(&path, ".") => self.walk(inner, &path, &shown),
                DeValue::Array(items) if self.has_below(&path, "[].") => {
                    for (n, item) in items.iter().enumerate() {
                        if let DeValue::Table(inner) = item.get_ref() {
                            self.walk(inner, &format!("{path}[]"), &format!("{shown}[{n}]"));
                        }
                    }
                }
                _ => {}
            }
        }
    }

    fn has_below(&self, path: &str, mark: &str) -> bool {
        self.asked.borrow().iter().any(|asked| asked.strip_prefix(path).is_some_and(|rest| rest.starts_with(mark)))
    }

    fn unknown(&self, key: &Spanned<std::borrow::Cow<'_, str>>, path: &str, shown: &str) {
        let asked = self.asked.borrow();
        let parent = path.rsplit_once('.').map_or("", |(parent, _)| parent);
        let of = |p: &'_ str| p.rsplit_once('.').map_or(("", p.to_owned()), |(a, b)| (a, b.to_owned())).1;
        let siblings: Vec<String> = asked.iter().filter(|p| p.rsplit_once('.').map_or("", |(a, _)| a) == parent).map(|p| of(p)).collect();
        let word: &str = key.get_ref();
        let elsewhere = asked.iter().find(|p| p.rsplit_once('.').is_some_and(|(_, last)| last == word));
        let message = match (nearest(word, siblings.iter().map(String::as_str)), elsewhere) {
            (Some(near), _) => format!("unknown key, did you mean \"{near}\"?"),
            (None, Some(there)) => format!("unknown key here; there is {there}"),
            (None, None) => "unknown key".to_owned(),
        };
        let line = Some(self.line_of(key.span().start));
        self.problems.borrow_mut().push(Problem { file: self.file.to_owned(), line, key: shown.to_owned(), message });
    }
}

impl<'a> Reader<'a> {
    pub fn section(&self, key: &str) -> Reader<'a> {
        self.ask(key);
        let value = self.get(key);
        let table = match value.map(Spanned::get_ref) {
            Some(DeValue::Table(table)) => Some(table),
            Some(other) => {
                self.problem(key, format!("expected a section, found {}", shown(other)));
                None
            }
            None => None,
        };
        let line = self.table.and_then(|t| t.get_key_value(key)).map_or(self.line, |(k, _)| self.source.line_of(k.span().start));
        Reader { source: self.source, table, path: join(&self.path, key), line }
    }

    /// The tables of `[[key]]`.
    pub fn list(&self, key: &str) -> Vec<Reader<'a>> {
        self.ask(key);
        let items = match self.get(key).map(Spanned::get_ref) {
            Some(DeValue::Array(items)) => items,
            Some(other) => {
                self.problem(key, format!("expected a list written [[{key}]], found {}", shown(other)));
                return Vec::new();
            }
            None => return Vec::new(),
        };
        let mut readers = Vec::new();
        for (n, item) in items.iter().enumerate() {
            let path = format!("{}[{n}]", join(&self.path, key));
            let line = self.source.line_of(item.span().start);
            match item.get_ref() {
                DeValue::Table(table) => readers.push(Reader { source: self.source, table: Some(table), path, line }),
                other => self.problem(key, format!("expected a list written [[{key}]], found {} in it", shown(other))),
            }
        }
        readers
    }

    /// Whether the file or the environment says anything of this key.
    pub fn has(&self, key: &str) -> bool {
        !matches!(self.find(key), Found::Absent)
    }

    /// Whether the environment says it.
    pub fn is_variable(&self, key: &str) -> bool {
        matches!(self.find(key), Found::Variable(..))
    }

    pub fn text(&self, key: &str, default: &str) -> String {
        self.text_option(key).unwrap_or_else(|| default.to_owned())
    }

    /// None: absent or empty.
    pub fn text_option(&self, key: &str) -> Option<String> {
        let text = match self.find(key) {
            Found::Variable(_, text) => text,
            Found::File(value) => match value.get_ref() {
                DeValue::String(text) => text.to_string(),
                other => {
                    self.problem(key, format!("expected a text in quotes, found {}", shown(other)));
                    return None;
                }
            },
            Found::Absent => return None,
        };
        (!text.is_empty()).then_some(text)
    }

    /// A text that must be there; `why` completes "missing: …".
    pub fn required(&self, key: &str, why: &str) -> String {
        let before = self.source.problems.borrow().len();
        let text = self.text_option(key);
        if text.is_none() && self.source.problems.borrow().len() == before {
            self.problem(key, format!("missing: {why}"));
        }
        text.unwrap_or_default()
    }

    pub fn integer(&self, key: &str, default: i64, range: RangeInclusive<i64>) -> i64 {
        let (number, found) = match self.find(key) {
            Found::Variable(_, text) => (text.trim().parse().ok(), format!("\"{text}\"")),
            Found::File(value) => (integer(value.get_ref()), shown(value.get_ref())),
            Found::Absent => return default,
        };
        number.filter(|n| range.contains(n)).unwrap_or_else(|| {
            self.problem(key, format!("expected a number from {} to {}, found {found}", range.start(), range.end()));
            default
        })
    }

    pub fn flag(&self, key: &str, default: bool) -> bool {
        let (flag, found) = match self.find(key) {
            Found::Variable(_, text) => (text.trim().parse().ok(), format!("\"{text}\"")),
            Found::File(value) => (value.get_ref().as_bool(), shown(value.get_ref())),
            Found::Absent => return default,
        };
        flag.unwrap_or_else(|| {
            self.problem(key, format!("expected true or false, found {found}"));
            default
        })
    }

    /// One of the words of a closed set.
    pub fn choice<T: Copy>(&self, key: &str, words: &[(&str, T)], default: T) -> T {
        let Some(text) = self.text_option(key) else { return default };
        words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value).unwrap_or_else(|| {
            let list: Vec<String> = words.iter().map(|(word, _)| format!("\"{word}\"")).collect();
            self.problem(key, format!("expected one of {}, found \"{text}\"", list.join(", ")));
            default
        })
    }

    /// A text of a certain form; what `FromStr` says is the message.
    pub fn parsed<T: FromStr>(&self, key: &str, default: &str, expected: &str) -> Option<T> {
        let text = self.text(key, default);
        let value = text.parse().ok();
        if value.is_none() {
            self.problem(key, format!("expected {expected}, found \"{text}\""));
        }
        value
    }

    /// A list of texts; in the environment separated by commas.
    pub fn texts(&self, key: &str, default: &[&str]) -> Vec<String> {
        let items = match self.find(key) {
            Found::Variable(_, text) => return text.split(',').map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned).collect(),
            Found::File(value) => value,
            Found::Absent => return default.iter().map(|&t| t.to_owned()).collect(),
        };
        let texts =
            items.get_ref().as_array().and_then(|items| items.iter().map(|item| item.get_ref().as_str().map(str::to_owned)).collect());
        texts.unwrap_or_else(|| {
            self.problem(key, format!("expected a list of texts like [\"a\", \"b\"], found {}", shown(items.get_ref())));
            Vec::new()
        })
    }

    /// A path, relative to the configuration file. None: absent or empty.
    pub fn path(&self, key: &str) -> Option<PathBuf> {
        self.text_option(key).map(|text| self.source.directory.join(text))
    }

    /// A path with a default, also relative to the configuration file.
    pub fn path_or(&self, key: &str, default: &str) -> PathBuf {
        self.path(key).unwrap_or_else(|| self.source.directory.join(default))
    }

    pub fn variable(&self, name: &str) -> Option<String> {
        (self.source.env)(name)
    }

    /// Reports something wrong with that key's value (or its absence), where it stands.
    pub fn problem(&self, key: &str, message: impl Into<String>) {
        let (file, line, key) = match self.find(key) {
            Found::Variable(name, _) => ("environment".to_owned(), None, name),
            _ => {
                let line = self.table.and_then(|t| t.get_key_value(key)).map_or(self.line, |(k, _)| self.source.line_of(k.span().start));
                (self.source.file.to_owned(), Some(line), join(&self.path, key))
            }
        };
        self.source.problems.borrow_mut().push(Problem { file, line, key, message: message.into() });
    }

    /// Reports something wrong inside another file that the key names.
    pub fn problem_in(&self, file: &Path, line: Option<usize>, message: impl Into<String>) {
        let file = file.display().to_string();
        self.source.problems.borrow_mut().push(Problem { file, line, key: String::new(), message: message.into() });
    }

    fn ask(&self, key: &str) {
        self.source.asked.borrow_mut().insert(without_indices(&join(&self.path, key)));
    }

    fn get(&self, key: &str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.table.and_then(|table| table.get(key))
    }

    fn find(&self, key: &str) -> Found<'a> {
        self.ask(key);
        let name = format!("CASEMATE_{}", join(&self.path, key).replace('.', "_").to_uppercase());
        if !self.path.contains('[')
            && let Some(text) = (self.source.env)(&name)
        {
            return Found::Variable(name, text);
        }
        self.get(key).map_or(Found::Absent, Found::File)
    }
}

fn integer(value: &DeValue<'_>) -> Option<i64> {
    let integer = value.as_integer()?;
    i64::from_str_radix(integer.as_str(), integer.radix()).ok()
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

fn without_indices(path: &str) -> String {
    let mut plain = String::with_capacity(path.len());
    for part in path.split_inclusive('[') {
        plain.push_str(part.trim_start_matches(|c: char| c.is_ascii_digit()));
    }
    plain
}

/// A value as a message shows it, short and on one line.
fn shown(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => {
            let short: String = text.chars().take(40).map(|c| if c.is_control() { ' ' } else { c }).collect();
            format!("\"{short}{}\"", if text.chars().nth(40).is_some() { "…" } else { "" })
        }
        DeValue::Integer(number) => number.to_string(),
        DeValue::Float(number) => number.to_string(),
        DeValue::Boolean(flag) => flag.to_string(),
        DeValue::Datetime(time) => time.to_string(),
        DeValue::Array(_) => "a list".to_owned(),
        DeValue::Table(_) => "a section".to_owned(),
    }
}
