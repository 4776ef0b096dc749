//! Search over mails and titles: bigrams made in Rust, the same text for FTS5 and tsvector; words of two Chinese characters are found.
//!
//! A run of Chinese, Japanese or Korean characters becomes its overlapping pairs and its last character: 退款单 is 退款 款单 单, so
//! that every character begins a word and one character is found by prefix. What people type never reaches a query language:
//! it becomes phrases of letters and digits first.

use super::case::{CaseRow, cases};
use super::sql::{by_engine, execute, fetch_all, sql};
use super::value::json_list;
use super::{Result, Tx, exists};
use crate::case::{CaseId, MessageKey};
use unicode_normalization::UnicodeNormalization;

/// Searchable text of one mail, in bytes.
const MAX_TEXT: usize = 64 << 10;
/// Words of one mail: PostgreSQL keeps no places beyond 16,383.
const MAX_WORDS: usize = 16_000;
/// Letters of one word; PostgreSQL refuses words over 2 kB.
const MAX_WORD: usize = 100;
/// Characters of a query that count.
const MAX_QUERY: usize = 200;
/// Latin words this long are also found by their beginning.
const MIN_PREFIX: usize = 3;

macro_rules! found {
    ($condition:literal) => {
        cases!(concat!(
            "WHERE c.id IN (SELECT m.case_id FROM search s JOIN messages m ON m.id = ",
            $condition,
            ") ORDER BY c.updated_at DESC, c.id DESC LIMIT $2"
        ))
    };
}
sql! { SQLITE;
    INDEX_SQLITE = "INSERT OR REPLACE INTO search (rowid, words) SELECT id, $3 FROM messages WHERE id = $1 AND case_id = $2";
    INDEX_ALL_SQLITE = "INSERT OR REPLACE INTO search (rowid, words) SELECT m.id, j.value ->> 'words' FROM json_each($1) j
        JOIN messages m ON m.id = j.value ->> 'message' AND m.case_id = j.value ->> 'case'";
    CASES_SQLITE = found!("s.rowid WHERE search MATCH $1");
}
sql! { POSTGRES;
    INDEX_POSTGRES = "INSERT INTO search (message_key, words) SELECT id, CAST(CAST($3 AS TEXT) AS TSVECTOR) FROM messages
        WHERE id = $1 AND case_id = $2 ON CONFLICT (message_key) DO UPDATE SET words = excluded.words";
    INDEX_ALL_POSTGRES = "INSERT INTO search (message_key, words) SELECT m.id, CAST(j.words AS TSVECTOR)
        FROM json_to_recordset(CAST($1 AS JSON)) AS j (message BIGINT, \"case\" BIGINT, words TEXT)
        JOIN messages m ON m.id = j.message AND m.case_id = j.case ON CONFLICT (message_key) DO UPDATE SET words = excluded.words";
    CASES_POSTGRES = found!("s.message_key WHERE s.words @@ CAST(CAST($1 AS TEXT) AS TSQUERY)");
}

/// Written without spaces between words.
fn is_cjk(c: char) -> bool {
    matches!(u32::from(c),
        0x2E80..=0x2FDF | 0x3005..=0x3007 | 0x3021..=0x3029 | 0x3040..=0x30FF | 0x3100..=0x312F | 0x31A0..=0x31FF | 0x3400..=0x4DBF
        | 0x4E00..=0x9FFF | 0xAC00..=0xD7AF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF)
}
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
enum Class {
    Cjk,
    Word,
    Space,
    Mark,
}
fn class(c: char) -> Class {
    match c {
        c if is_cjk(c) => Class::Cjk,
        c if c.is_alphanumeric() => Class::Word,
        c if c.is_whitespace() => Class::Space,
        _ => Class::Mark,
    }
}
/// NFKC, lower case, as runs of one class.
fn runs(text: &str) -> Vec<(Class, Vec<char>)> {
    let mut runs: Vec<(Class, Vec<char>)> = Vec::new();
    for c in text.nfkc().flat_map(char::to_lowercase) {
        match runs.last_mut() {
            Some((last, run)) if *last == class(c) => run.push(c),
            _ => runs.push((class(c), vec![c])),
        }
    }
    runs
}
fn pairs(run: &[char]) -> impl Iterator<Item = String> + '_ {
    run.windows(2).map(|pair| pair.iter().collect())
}

/// NFKC and lower case, character by character. ASCII and the common ideographs are themselves: only what is neither goes the long way,
/// together with the character before it, which it may combine with.
fn normalize(text: &str, mut push: impl FnMut(char)) {
    let is_plain = |c: char| c.is_ascii() || ('\u{4e00}'..='\u{9fff}').contains(&c);
    let mut rest = text;
    while !rest.is_empty() {
        let plain = rest.find(|c: char| !is_plain(c)).unwrap_or(rest.len());
        let keep = if plain == rest.len() { plain } else { rest[..plain].char_indices().next_back().map_or(0, |(at, _)| at) };
        rest[..keep].chars().for_each(|c| push(c.to_ascii_lowercase()));
        let other = rest[plain..].find(is_plain).map_or(rest.len(), |at| plain + at);
        rest[keep..other].nfkc().flat_map(char::to_lowercase).for_each(&mut push);
        rest = &rest[other..];
    }
}

/// CJK runs to overlapping pairs and the last character, everything else as words; NFKC, lower case. Pure. One space between words,
/// which contain letters and digits only.
pub fn bigrams(text: &str) -> String {
    let mut words = String::with_capacity(text.len() + text.len() / 2);
    let (mut before, mut length) = (Class::Space, 0);
    let mut last = ' ';
    normalize(text, |c| {
        let class = class(c);
        match (before, class) {
            (Class::Cjk, Class::Cjk) => words.extend([last, c, ' ']),
            (Class::Cjk, _) => words.extend([last, ' ']),
            (Class::Word, Class::Word) => {}
            (Class::Word, _) => words.push(' '),
            _ => {}
        }
        if class == Class::Word {
            length = if before == Class::Word { length + 1 } else { 1 };
            if length <= MAX_WORD {
                words.push(c);
            }
        }
        (before, last) = (class, c);
    });
    if before == Class::Cjk {
        words.push(last);
    }
    words.truncate(words.trim_end().len());
    words
}

/// The searchable words of one mail, bounded; made where mails are read, so that the database need not wait for it.
#[derive(Debug, Clone, Default)]
pub struct Words(String);

/// From at most 64 kB of text.
pub fn words(text: &str) -> Words {
    let mut words = bigrams(&text[..text.floor_char_boundary(MAX_TEXT)]);
    if let Some((place, _)) = words.match_indices(' ').nth(MAX_WORDS - 1) {
        words.truncate(place);
    }
    Words(words)
}

/// Words that must stand side by side; the last may be only the beginning of a word.
#[derive(Debug, PartialEq, Eq)]
struct Phrase {
    words: Vec<String>,
    is_prefix: bool,
}

/// What a person typed, as phrases that must all be found: a CJK run is one, letters and digits joined by marks (`17763.1397`) are one.
fn phrases(query: &str) -> Vec<Phrase> {
    let query: String = query.chars().take(MAX_QUERY).collect();
    let mut phrases = Vec::new();
    let mut joined: Vec<String> = Vec::new();
    let flush = |joined: &mut Vec<String>, phrases: &mut Vec<Phrase>| {
        let words = std::mem::take(joined);
        if let Some(last) = words.last() {
            let is_prefix = last.chars().count() >= MIN_PREFIX;
            phrases.push(Phrase { words, is_prefix });
        }
    };
    for (class, run) in runs(&query) {
        match class {
            Class::Word => joined.push(run.iter().take(MAX_WORD).collect()),
            Class::Mark => {}
            Class::Space => flush(&mut joined, &mut phrases),
            Class::Cjk => {
                flush(&mut joined, &mut phrases);
                match run.as_slice() {
                    [one] => phrases.push(Phrase { words: vec![one.to_string()], is_prefix: true }),
                    many => phrases.push(Phrase { words: pairs(many).collect(), is_prefix: false }),
                }
            }
        }
    }
    flush(&mut joined, &mut phrases);
    phrases
}

/// `"退款 款单" AND "kb45"*`: FTS5. Words are letters and digits, so quotes cannot occur in them.
fn fts5_query(phrases: &[Phrase]) -> String {
    let phrase = |phrase: &Phrase| format!("\"{}\"{}", phrase.words.join(" "), if phrase.is_prefix { "*" } else { "" });
    phrases.iter().map(phrase).collect::<Vec<_>>().join(" AND ")
}
/// `('退款' <-> '款单') & ('kb45':*)`: tsquery.
fn tsquery(phrases: &[Phrase]) -> String {
    let phrase = |phrase: &Phrase| {
        let words: Vec<String> = phrase.words.iter().map(|word| format!("'{word}'")).collect();
        format!("({}{})", words.join(" <-> "), if phrase.is_prefix { ":*" } else { "" })
    };
    phrases.iter().map(phrase).collect::<Vec<_>>().join(" & ")
}
/// `'退款':1 '款单':2`: words with their places, as a tsvector is written.
fn tsvector(words: &str) -> String {
    words.split(' ').filter(|word| !word.is_empty()).enumerate().map(|(place, word)| format!("'{word}':{} ", place + 1)).collect()
}

/// Adds a message's words, again: replaces them. The message must be filed in that case.
pub async fn index(tx: &mut Tx, message: MessageKey, case: CaseId, words: &Words) -> Result<()> {
    let words = by_engine!(tx, words.0.clone(), tsvector(&words.0));
    let text = by_engine!(tx, INDEX_SQLITE, INDEX_POSTGRES);
    exists(execute!(tx, text, message, case, words)?, "the mail of that case")
}
/// Words that are written when their transaction commits.
#[derive(serde::Serialize)]
pub(super) struct Late {
    message: MessageKey,
    case: CaseId,
    words: String,
}
/// As [`index`], with the commit; a message that is not in that case is passed over.
pub fn index_late(tx: &mut Tx, message: MessageKey, case: CaseId, words: &Words) {
    let words = by_engine!(tx, words.0.clone(), tsvector(&words.0));
    tx.words.push(Late { message, case, words });
}
pub(super) async fn flush(tx: &mut Tx) -> Result<()> {
    if tx.words.is_empty() {
        return Ok(());
    }
    let rows = json_list(&std::mem::take(&mut tx.words));
    let text = by_engine!(tx, INDEX_ALL_SQLITE, INDEX_ALL_POSTGRES);
    execute!(tx, text, rows).map(|_| ())
}
/// Cases that have a mail with all of the query's words, newest first. Any input is safe.
pub async fn cases(tx: &mut Tx, query: &str, limit: i64) -> Result<Vec<CaseRow>> {
    let phrases = phrases(query);
    if phrases.is_empty() {
        return Ok(Vec::new());
    }
    let query = by_engine!(tx, fts5_query(&phrases), tsquery(&phrases));
    let text = by_engine!(tx, CASES_SQLITE, CASES_POSTGRES);
    fetch_all!(CaseRow, tx, text, query, limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_becomes_words() {
        for (text, expected) in [
            ("", ""),
            ("退", "退"),
            ("退款", "退款 款"),
            ("量子纠缠", "量子 子纠 纠缠 缠"),
            ("安装KB4577668补丁失败", "安装 装 kb4577668 补丁 丁失 失败 败"),
            ("退款。失败", "退款 款 失败 败"),
            ("ＫＢ４５７７６６８　错误", "kb4577668 错误 误"),
            ("Build 17763.1397 (x64)", "build 17763 1397 x64"),
            ("li@bank.example", "li bank example"),
            ("\"'* -():&|!<->", ""),
            ("a\0b", "a b"),
            ("🙂😀 ok", "ok"),
            ("𠮷野家", "𠮷野 野家 家"),
        ] {
            assert_eq!(bigrams(text), expected, "{text:?}");
        }
        assert_eq!(bigrams(&"x".repeat(5000)).len(), MAX_WORD);
    }
    /// The long way: everything normalised, cut into runs.
    fn slowly(text: &str) -> String {
        let mut words: Vec<String> = Vec::new();
        for (class, run) in runs(text) {
            match class {
                Class::Cjk => words.extend(pairs(&run).chain(run.last().map(char::to_string))),
                Class::Word => words.push(run.iter().take(MAX_WORD).collect()),
                Class::Space | Class::Mark => {}
            }
        }
        words.join(" ")
    }
    proptest::proptest! {
        #[test]
        fn the_short_way_is_the_long_way(text in "\\PC{0,40}|[a-zé\u{301}\u{327} ，Ａ退款가ㄱ。1]{0,30}") {
            proptest::prop_assert_eq!(bigrams(&text), slowly(&text));
        }
    }
    #[test]
    fn queries_become_phrases() {
        for (query, fts5, ts) in [
            ("退款", "\"退款\"", "('退款')"),
            ("退", "\"退\"*", "('退':*)"),
            ("量子纠缠", "\"量子 子纠 纠缠\"", "('量子' <-> '子纠' <-> '纠缠')"),
            ("refund 退款", "\"refund\"* AND \"退款\"", "('refund':*) & ('退款')"),
            ("补丁KB45", "\"补丁\" AND \"kb45\"*", "('补丁') & ('kb45':*)"),
            ("17763.1397", "\"17763 1397\"*", "('17763' <-> '1397':*)"),
            ("a OR b", "\"a\" AND \"or\" AND \"b\"", "('a') & ('or') & ('b')"),
            ("\" NEAR( -x 'y'", "\"near\"* AND \"x\" AND \"y\"", "('near':*) & ('x') & ('y')"),
            ("*", "", ""),
        ] {
            let phrases = phrases(query);
            assert_eq!(fts5_query(&phrases), fts5, "{query:?}");
            assert_eq!(tsquery(&phrases), ts, "{query:?}");
        }
    }
    #[test]
    fn a_vector_names_places() {
        assert_eq!(tsvector("退款 款"), "'退款':1 '款':2 ");
        assert_eq!(tsvector(""), "");
    }
}
