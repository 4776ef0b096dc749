//! Names of products: data of `config/data/products.csv`, one name a row with the words it begins with and its pattern.
//!
//! A table of the words' first letters says where one may stand, and only at the start of an ASCII word or on a whole Chinese character; the
//! patterns are tried only there, in the order of the file. In a name `$1` stands for what the pattern captured;
//! a row without a name is no product and hides what it matches (东亚信托 is not 亚信). The pattern is last, so it may hold commas.

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
    word: &'static str,
    /// Rows that may stand here, in the file's order.
    rows: Vec<usize>,
    any: OnceLock<Option<Any>>,
}

/// The patterns of several rows in one: a place is tried once.
struct Any {
    pattern: Regex,
    /// For each row its group, and the group of `$1` where there is one.
    groups: Vec<(usize, usize, Option<usize>)>,
}

/// Each row's pattern becomes a named group, so that the names tell which group is whose.
fn any_of(rows: &[usize], all: &[Row]) -> Option<Any> {
    let patterns: Vec<String> = rows.iter().map(|row| format!("(?P<r{row}>{})", all[*row].text)).collect();
    let pattern = anchored(&patterns.join("|"))?;
    let names: Vec<Option<&str>> = pattern.capture_names().collect();
    let row_of = |name: &Option<&str>| name.and_then(|name| name.strip_prefix('r')?.parse().ok());
    let inner = |at: usize| names.get(at + 1).is_some_and(Option::is_none).then_some(at + 1);
    let groups = names.iter().enumerate().filter_map(|(at, name)| Some((row_of(name)?, at, inner(at)))).collect();
    Some(Any { pattern, groups })
}

struct Products {
    rows: Vec<Row>,
    triggers: Vec<Trigger>,
    /// Triggers by [`slot`] of their first letters, the longest first.
    slots: Vec<Vec<u16>>,
    /// Which slots hold one: small enough to stay near the processor.
    filled: [bool; SLOTS],
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
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let triggers: Vec<Trigger> = words.iter().map(|word| Trigger { word, rows: rows_of(word), any: OnceLock::new() }).collect();
    let mut slots = vec![Vec::new(); SLOTS];
    for (at, trigger) in triggers.iter().enumerate() {
        slots[slot(trigger.word.as_bytes())].push(at as u16);
    }
    let mut filled = [false; SLOTS];
    filled.iter_mut().zip(&slots).for_each(|(filled, slot)| *filled = !slot.is_empty());
    Products { rows, triggers, slots, filled }
}

const SLOTS: usize = 2048;

/// A number for the first letters, whatever their case: two bytes of ASCII, three of a Chinese character.
#[inline]
fn slot(bytes: &[u8]) -> usize {
    let mixed = match bytes {
        [a @ ..0x80, b, ..] => (usize::from(*a) | 0x20) * 31 + (usize::from(*b) | 0x20) * 5,
        [a, b, c, ..] => (usize::from(*a) * 257) ^ (usize::from(*b) * 67) ^ usize::from(*c),
        _ => (usize::from(bytes[0]) | 0x20) * 31 + 0x20 * 5,
    };
    mixed % SLOTS
}

/// Collects the products of one text by place of their first appearance.
pub struct Reader {
    known: &'static Products,
    pub found: Vec<String>,
    /// Where the last name ended.
    end: usize,
    /// Places looked at.
    looked: usize,
}

impl Reader {
    pub fn new() -> Reader {
        Reader { known: &PRODUCTS, found: Vec::new(), end: 0, looked: 0 }
    }

    /// A place where a name may begin: an ASCII word, a character of three bytes; the places come in order.
    #[inline]
    pub fn see(&mut self, text: &str, at: usize) {
        let slot = slot(&text.as_bytes()[at..]);
        if self.known.filled[slot] && at >= self.end && self.looked < 5000 {
            self.look(text, at, slot);
        }
    }

    fn look(&mut self, text: &str, at: usize, slot: usize) {
        let bytes = &text.as_bytes()[at..];
        let Some(trigger) = trigger_at(self.known, &self.known.slots[slot], bytes) else { return };
        self.looked += 1;
        if let Some((name, end)) = name_at(self.known, trigger, text, at) {
            self.end = end;
            if !name.is_empty() && !self.found.contains(&name) && self.found.len() < 100 {
                self.found.push(name);
            }
        }
    }
}

/// The longest word that stands here.
fn trigger_at<'a>(known: &'a Products, slot: &[u16], bytes: &[u8]) -> Option<&'a Trigger> {
    let stands =
        |trigger: &&Trigger| bytes.get(..trigger.word.len()).is_some_and(|here| here.eq_ignore_ascii_case(trigger.word.as_bytes()));
    slot.iter().map(|at| &known.triggers[usize::from(*at)]).find(stands)
}

/// The name that stands free at `start`, and where it ends.
fn name_at(known: &Products, trigger: &Trigger, text: &str, start: usize) -> Option<(String, usize)> {
    let near = &text[start..text.floor_char_boundary(start + REACH)];
    let any = trigger.any.get_or_init(|| any_of(&trigger.rows, &known.rows)).as_ref()?;
    let hit = any.pattern.captures(near)?;
    any.groups.iter().find_map(|(row, group, part)| {
        let whole = hit.get(*group)?;
        let part = part.and_then(|group| hit.get(group)).map_or("", |m| m.as_str());
        free_name(&known.rows[*row], part, text, start, whole.len()).or_else(|| shorter_name(known, trigger, text, start))
    })
}

/// The name of the row, when what stands at `start` is not part of a longer word.
fn free_name(row: &Row, part: &str, text: &str, start: usize, length: usize) -> Option<(String, usize)> {
    let glued = |a: u8, b: u8| a.is_ascii_alphanumeric() && b.is_ascii_alphanumeric();
    let (bytes, end) = (text.as_bytes(), start + length);
    let is_free = length > 0 && !bytes.get(end).is_some_and(|next| glued(bytes[end - 1], *next));
    is_free.then(|| (row.name.replace("$1", &part.to_ascii_uppercase()), end))
}

/// The first row whose name stands free: rare, so one by one.
fn shorter_name(known: &Products, trigger: &Trigger, text: &str, start: usize) -> Option<(String, usize)> {
    let near = &text[start..text.floor_char_boundary(start + REACH)];
    trigger.rows.iter().find_map(|row| {
        let row = &known.rows[*row];
        let hit = row.pattern()?.captures(near)?;
        free_name(row, hit.get(1).map_or("", |m| m.as_str()), text, start, hit.get(0)?.len())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_reached_by_its_words() {
        let known = &*PRODUCTS;
        assert!(known.rows.len() >= 80);
        for row in &known.rows {
            assert!(row.pattern().is_some(), "{}", row.text);
            assert!(row.triggers.iter().all(|t| !t.is_empty() && *t == t.to_lowercase()), "{}", row.name);
        }
        assert!(known.triggers.iter().all(|trigger| !trigger.rows.is_empty()));
    }
}
