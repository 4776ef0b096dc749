//! The report of edits as a table for a terminal, as CSV for a spreadsheet, as JSON for a script.

use super::{EditsReport, Kind};
use crate::case::Language;
use crate::report::render::{fit, harmless};
use std::fmt::Write as _;

fn word(kind: Kind, language: Language) -> &'static str {
    match (language, kind) {
        (Language::En, kind) => kind.as_str(),
        (Language::Zh, Kind::Removed) => "删除",
        (Language::Zh, Kind::Added) => "增加",
        (Language::Zh, Kind::Changed) => "修改",
    }
}

/// How many drafts went out unchanged, the places, then each change with its sentences whole, `-` and `+` before them.
pub fn render_table(report: &EditsReport, language: Language) -> String {
    let say = |zh: &'static str, en: &'static str| if language == Language::Zh { zh } else { en };
    let percent = if report.drafts == 0 { 0.0 } else { 100.0 * report.unchanged as f64 / report.drafts as f64 };
    let mut out = match language {
        Language::Zh => format!("已批准的草稿：{}，其中未改动 {}（{percent:.1}%）\n", report.drafts, report.unchanged),
        Language::En => format!("Approved drafts: {}, unchanged {} ({percent:.1}%)\n", report.drafts, report.unchanged),
    };
    if !report.places.is_empty() {
        let heads = [say("草稿", "drafts"), say("改动", "edited"), say("删除", "removed"), say("增加", "added"), say("修改", "changed")];
        let heads: String = heads.iter().map(|head| fit(head, 9)).collect();
        let _ = writeln!(out, "\n{heads}{}", say("知识条目或模板", "article or template"));
    }
    for p in &report.places {
        let cells: String = [p.drafts, p.edited, p.removed, p.added, p.changed].iter().map(|n| fit(&n.to_string(), 9)).collect();
        let _ = writeln!(out, "{cells}{}", p.place);
    }
    for change in &report.changes {
        let _ = writeln!(out, "\n{}× {}  {}", change.count, word(change.kind, language), change.place);
        for (sign, text) in [('-', &change.before), ('+', &change.after)] {
            if let Some(text) = text {
                let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
                let _ = writeln!(out, "  {sign} {text}");
            }
        }
    }
    if report.more > 0 {
        let _ = match language {
            Language::Zh => writeln!(out, "\n另有 {} 种改动未列出", report.more),
            Language::En => writeln!(out, "\n{} more changes are not listed", report.more),
        };
    }
    out
}

/// A line for each change under a header line.
pub fn render_csv(report: &EditsReport) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing to memory cannot fail.
    let _ = writer.write_record(["count", "place", "change", "before", "after"]);
    for change in &report.changes {
        let text = |text: &Option<String>| harmless(text.as_deref().unwrap_or(""));
        let _ = writer.write_record([
            change.count.to_string(),
            change.place.clone(),
            change.kind.to_string(),
            text(&change.before),
            text(&change.after),
        ]);
    }
    writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

/// The whole report as one JSON object, in one line.
pub fn render_json(report: &EditsReport) -> String {
    serde_json::to_string(report).unwrap_or_else(|_| "{}".to_owned())
}
