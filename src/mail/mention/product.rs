//! Names of products: data of `config/data/products.csv`, one name a row with the words it begins with and its pattern.
//!
//! One automaton finds the words, the patterns are tried only there, in the order of the file. In a name `$1` stands for what the pattern captured;
//! a row without a name is no product and hides what it matches (东亚信托 is not 亚信). The pattern is last, so it may hold commas.

use aho_corasick::{AhoCorasick, AhoCorasickKind, Input, MatchKind};
use regex::Regex;
use std::sync::{LazyLock, OnceLock};

/// Longest name looked at, bytes.
const REACH: usize = 96;

struct Row {
    name: &'static str,
    triggers: Vec<&'static str>,
    text: &'static str,
    pattern: OnceLock<Option<Regex>>,
}

impl Row {
    fn pattern(&self) -> Option<&Regex> {
        self.pattern.get_or_init(|| anchored(self.text)).as_ref()
    }
}

fn anchored(pattern: &str) -> Option<Regex> {
    Regex::new(&format!("^(?i:{pattern})")).ok()
}

/// What a word that names begin with leads to.
struct Trigger {
    /// Rows that may stand here, in the file's order.
    rows: Vec<usize>,
    /// All their patterns in one: most places are none.
    any: OnceLock<Option<Regex>>,
}

struct Products {
    rows: Vec<Row>,
    triggers: Vec<Trigger>,
    automaton: Option<AhoCorasick>,
}

static PRODUCTS: LazyLock<Products> = LazyLock::new(load);

fn load() -> Products {
    let data = include_str!("../../../config/data/products.csv");
    let row = |line: &'static str| {
        let mut fields = line.splitn(3, ',');
        let (name, triggers, text) = (fields.next()?, fields.next()?, fields.next()?);
        Some(Row { name, triggers: triggers.split('|').collect(), text, pattern: OnceLock::new() })
    };
    let rows: Vec<Row> = data.lines().skip(1).filter_map(row).collect();
    let mut words: Vec<&'static str> = rows.iter().flat_map(|row| row.triggers.iter().copied()).collect();
    words.sort_unstable();
    words.dedup();
    let rows_of = |word: &str| {
        let fits = |row: &Row| row.triggers.iter().any(|known| word.starts_with(known));
        rows.iter().enumerate().filter(|(_, row)| fits(row)).map(|(at, _)| at).collect()
    };
    let triggers: Vec<Trigger> = words.iter().map(|word| Trigger { rows: rows_of(word), any: OnceLock::new() }).collect();
    let automaton = AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::LeftmostLongest)
        .kind(Some(AhoCorasickKind::DFA))
        .build(&words)
        .ok();
    Products { rows, triggers, automaton }
}

/// Products by place of their first appearance.
pub fn products(text: &str) -> Vec<String> {
    let known = &*PRODUCTS;
    let Some(automaton) = &known.automaton else { return Vec::new() };
    let mut out: Vec<String> = Vec::new();
    let (mut at, mut looked) = (0, 0);
    while let Some(hit) = automaton.find(Input::new(text).range(at..)) {
        let start = hit.start();
        looked += 1;
        if looked > 5000 {
            break;
        }
        match name_at(known, &known.triggers[hit.pattern().as_usize()], text, start) {
            Some((name, end)) => {
                at = end;
                if !name.is_empty() && !out.contains(&name) && out.len() < 100 {
                    out.push(name);
                }
            }
            None => at = start + text[start..].chars().next().map_or(1, char::len_utf8),
        }
    }
    out
}

/// The name that stands free at `start`, and where it ends.
fn name_at(known: &Products, trigger: &Trigger, text: &str, start: usize) -> Option<(String, usize)> {
    let bytes = text.as_bytes();
    let glued = |a: u8, b: u8| a.is_ascii_alphanumeric() && b.is_ascii_alphanumeric();
    if start > 0 && glued(bytes[start - 1], bytes[start]) {
        return None;
    }
    let near = &text[start..text.floor_char_boundary(start + REACH)];
    let any = || {
        let patterns: Vec<&str> = trigger.rows.iter().map(|row| known.rows[*row].text).collect();
        anchored(&format!("(?:{})", patterns.join("|")))
    };
    if !trigger.any.get_or_init(any).as_ref()?.is_match(near) {
        return None;
    }
    trigger.rows.iter().find_map(|row| {
        let row = &known.rows[*row];
        let hit = row.pattern()?.captures(near)?;
        let end = start + hit.get(0)?.end();
        let is_free = end > start && !bytes.get(end).is_some_and(|next| glued(bytes[end - 1], *next));
        let part = hit.get(1).map_or("", |m| m.as_str());
        is_free.then(|| (row.name.replace("$1", &part.to_ascii_uppercase()), end))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_reached_by_its_words() {
        let known = &*PRODUCTS;
        assert!(known.rows.len() >= 80 && known.automaton.is_some());
        for row in &known.rows {
            assert!(row.pattern().is_some(), "{}", row.text);
            assert!(row.triggers.iter().all(|t| !t.is_empty() && *t == t.to_lowercase()), "{}", row.name);
        }
        assert!(known.triggers.iter().all(|trigger| !trigger.rows.is_empty()));
    }
}
