//! Texts for a terminal: tables aligned by display width, times at the desk, and nothing that a mail could use to steer the terminal.

use super::Failure;
use crate::calendar::Calendar;
use crate::case::Millis;
use crate::report::display_width;
use serde::Serialize;
use std::io::Write;

/// One line: control characters become spaces.
pub fn plain(text: &str) -> String {
    text.chars().map(|c| if is_steering(c) { ' ' } else { c }).collect()
}

/// Several lines: control characters other than line end and tabulator are left out.
pub fn plain_lines(text: &str) -> String {
    text.chars().filter(|c| matches!(c, '\n' | '\t') || !is_steering(*c)).collect()
}

/// Control characters, and those that change the direction of writing.
fn is_steering(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Cut to so many columns, with an ellipsis.
pub fn short(text: &str, columns: usize) -> String {
    let text = plain(text);
    if display_width(&text) <= columns {
        return text;
    }
    let mut cut = String::new();
    let mut width = 0;
    for c in text.chars() {
        width += display_width(c.encode_utf8(&mut [0; 4]));
        if width >= columns {
            break;
        }
        cut.push(c);
    }
    cut + "…"
}

/// Columns under their heads; the last one is not padded.
pub fn table(out: &mut dyn Write, heads: &[&str], rows: &[Vec<String>]) -> Result<(), Failure> {
    let cell_width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| display_width(cell)).max().unwrap_or(0);
    let widths: Vec<usize> = heads.iter().enumerate().map(|(n, head)| cell_width(n).max(display_width(head))).collect();
    let heads: Vec<String> = heads.iter().map(|&head| head.to_owned()).collect();
    for row in std::iter::once(&heads).chain(rows) {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(&widths) {
            line.push_str(cell);
            line.extend(std::iter::repeat_n(' ', width.saturating_sub(display_width(cell)) + 2));
        }
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// One JSON value, on one line or for people.
pub fn json(out: &mut dyn Write, value: &impl Serialize, pretty: bool) -> Result<(), Failure> {
    let text = if pretty { serde_json::to_string_pretty(value) } else { serde_json::to_string(value) };
    Ok(writeln!(out, "{}", text.map_err(anyhow::Error::from)?)?)
}

/// `2026-10-22 14:10` at the desk.
pub fn minute(at: Millis, calendar: &Calendar) -> String {
    calendar.local(at).strftime("%Y-%m-%d %H:%M").to_string()
}

/// A stored JSON text as a value; null when it cannot be read.
pub fn stored(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_under_chinese() {
        let mut out = Vec::new();
        table(&mut out, &["A", "B"], &[vec!["案例".into(), "x".into()], vec!["ab".into(), "y".into()]]).expect("written");
        assert_eq!(String::from_utf8(out).expect("text"), "A     B\n案例  x\nab    y\n");
    }

    #[test]
    fn mails_cannot_steer_the_terminal() {
        assert_eq!(plain("a\x1b[31m\r\nb\u{202e}c"), "a [31m  b c");
        assert_eq!(plain_lines("a\x1b]0;x\x07\r\n\tb"), "a]0;x\n\tb");
    }

    #[test]
    fn short_counts_columns() {
        assert_eq!(short("补丁回滚", 8), "补丁回滚");
        assert_eq!(short("补丁回滚现象", 8), "补丁回…");
        assert_eq!(short("abc", 2), "a…");
    }
}
