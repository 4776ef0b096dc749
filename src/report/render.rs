//! The report as a table for a terminal, as CSV for a spreadsheet, as JSON for a script.
//!
//! Chinese characters take two columns of a terminal. Cells of a CSV file that a spreadsheet would run as a formula get an apostrophe.

use super::{OpenReport, Row};
use crate::case::{Language, Priority, Status};
use crate::sla::State;
use std::fmt::Write as _;

/// Columns of a terminal that a text takes: wide characters (East Asian Width W and F, emoji) two, combining marks and control characters none.
pub fn display_width(text: &str) -> usize {
    text.chars().map(char_width).sum()
}

fn char_width(c: char) -> usize {
    match u32::from(c) {
        0..=0x1f | 0x7f..=0x9f | 0x300..=0x36f | 0x200b..=0x200f | 0x202a..=0x202e | 0x2060..=0x2069 | 0x20d0..=0x20ff => 0,
        0xfe00..=0xfe0f | 0xfe20..=0xfe2f | 0xfeff => 0,
        0x1100..=0x115f | 0x2e80..=0x303e | 0x3041..=0xa4cf | 0xa960..=0xa97c | 0xac00..=0xd7a3 | 0xf900..=0xfaff => 2,
        0xfe30..=0xfe6f | 0xff01..=0xff60 | 0xffe0..=0xffe6 | 0x1f300..=0x1f64f | 0x1f680..=0x1f6ff | 0x1f900..=0x1f9ff => 2,
        0x20000..=0x3fffd => 2,
        _ => 1,
    }
}

/// Cut or filled with blanks to exactly `width` columns; one line, no control characters.
pub(super) fn fit(text: &str, width: usize) -> String {
    let clean: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let full = display_width(&clean);
    if full <= width {
        return clean + &" ".repeat(width - full);
    }
    let (mut cut, mut used) = (String::new(), 0);
    for c in clean.chars() {
        if used + char_width(c) >= width {
            break;
        }
        used += char_width(c);
        cut.push(c);
    }
    if used < width {
        cut.push('…');
        used += 1;
    }
    cut + &" ".repeat(width.saturating_sub(used))
}

fn status_word(status: Status, language: Language) -> &'static str {
    if language == Language::En {
        return status.as_str();
    }
    match status {
        Status::New => "新建",
        Status::InProgress => "处理中",
        Status::WaitingCustomer => "等待客户",
        Status::Resolved => "归档中",
        Status::Archived => "已归档",
        Status::Reopened => "重新打开",
        Status::Cancelled => "已取消",
        Status::Merged => "已合并",
    }
}

fn priority_word(priority: Priority, language: Language) -> &'static str {
    match (language, priority) {
        (Language::En, priority) => priority.as_str(),
        (_, Priority::Low) => "低",
        (_, Priority::Normal) => "普通",
        (_, Priority::High) => "高",
        (_, Priority::Urgent) => "紧急",
    }
}

fn state_word(state: State, language: Language) -> &'static str {
    match (language, state) {
        (Language::En, state) => state.as_str(),
        (_, State::Ok) => "正常",
        (_, State::Warning) => "将超时",
        (_, State::Breached) => "已超时",
        (_, State::Paused) => "暂停",
        (_, State::Met) => "已达成",
        (_, State::None) => "无目标",
    }
}

/// The summary and a line for each case. `width`: columns of the terminal, at least 80 are used. Ends with a line end.
pub fn render_table(report: &OpenReport, language: Language, width: usize) -> String {
    let mut out = summary(report, language);
    let say = |zh: &'static str, en: &'static str| if language == Language::Zh { zh } else { en };
    let columns = [
        (say("案例号", "case"), 18),
        (say("状态", "status"), 16),
        (say("优先级", "priority"), 8),
        (say("负责人", "owner"), 10),
        (say("天数", "days"), 5),
        (say("时限", "target"), 8),
        (say("到期", "due"), 16),
    ];
    let fixed: usize = columns.iter().map(|(_, width)| width + 1).sum();
    let rest = width.max(80).saturating_sub(fixed).max(12);
    let mut line = |cells: [&str; 8]| {
        let mut text = String::new();
        for (cell, (_, width)) in cells.iter().zip(columns) {
            text.push_str(&fit(cell, width));
            text.push(' ');
        }
        text.push_str(&fit(cells[7], rest));
        out.push_str(text.trim_end());
        out.push('\n');
    };
    if !report.rows.is_empty() {
        let [a, b, c, d, e, f, g] = columns.map(|(name, _)| name);
        line([a, b, c, d, e, f, g, say("客户与标题", "customer and title")]);
    }
    for row in &report.rows {
        let case = &row.case;
        line([
            &case.number,
            status_word(case.status, language),
            priority_word(case.priority, language),
            case.owner.as_deref().unwrap_or("-"),
            &row.age_days.to_string(),
            state_word(row.sla, language),
            row.due.as_deref().unwrap_or("-"),
            &format!("{}: {}", case.customer, case.title),
        ]);
    }
    out
}

fn summary(report: &OpenReport, language: Language) -> String {
    let zh = language == Language::Zh;
    let say = |zh_text: &'static str, en: &'static str| if zh { zh_text } else { en };
    let list = |items: Vec<(String, usize)>| {
        if items.is_empty() { "-".to_owned() } else { items.iter().map(|(name, n)| format!("{name} {n}")).collect::<Vec<_>>().join(", ") }
    };
    let mut out = format!("{}: {} ({})\n", say("未结案例", "Open cases"), report.total, report.generated);
    let by_status = report.by_status.iter().map(|(status, n)| (status_word(*status, language).to_owned(), *n)).collect();
    let by_owner =
        report.by_owner.iter().map(|(owner, n)| (owner.clone().unwrap_or_else(|| say("未分配", "nobody").to_owned()), *n)).collect();
    let by_age = report.by_age.iter().map(|(bucket, n)| ((*bucket).to_owned(), *n)).collect();
    let by_sla = report.by_sla.iter().map(|(state, n)| (state_word(*state, language).to_owned(), *n)).collect();
    let lines = [
        (say("状态", "status"), list(by_status)),
        (say("负责人", "owner"), list(by_owner)),
        (say("天数", "age in days"), list(by_age)),
        (say("时限", "target"), list(by_sla)),
        (say("满意度", "satisfaction"), satisfaction_text(report, language)),
    ];
    for (name, text) in lines {
        let _ = writeln!(out, "  {} {}", fit(name, 12), fit(&text, display_width(&text)));
    }
    for year in &report.missing_years {
        let text =
            say("日历中没有以下年份的节假日，到期时间可能偏早", "the calendar has no holidays for this year, due times may be too early");
        let _ = writeln!(out, "  ! {text}: {year}");
    }
    out.push('\n');
    out
}

fn satisfaction_text(report: &OpenReport, language: Language) -> String {
    let s = &report.satisfaction;
    match (s.csat, s.mean, language) {
        (Some(csat), Some(mean), Language::Zh) => format!("{csat:.1}% (4-5 分 {}/{}，平均 {mean:.2}，n={})", s.satisfied, s.n, s.n),
        (Some(csat), Some(mean), Language::En) => format!("{csat:.1}% (scores 4-5: {} of {}, mean {mean:.2}, n={})", s.satisfied, s.n, s.n),
        (_, _, Language::Zh) => format!("答复太少，不计算 (n={})", s.n),
        (_, _, Language::En) => format!("too few answers (n={})", s.n),
    }
}

/// A cell that no spreadsheet takes for a formula: `=`, `+`, `-`, `@` (also full width), TAB and CR at the start get an apostrophe before them.
pub(super) fn harmless(text: &str) -> String {
    let risky = text.trim_start_matches(' ').starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    if risky { format!("'{text}") } else { text.to_owned() }
}

/// One line for each case under a header line, UTF-8 without a byte order mark (a spreadsheet download should put one before). Times are
/// UTC in RFC 3339.
pub fn render_csv(report: &OpenReport) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing to memory cannot fail.
    let _ = writer.write_record([
        "number",
        "status",
        "priority",
        "owner",
        "customer",
        "title",
        "language",
        "age_days",
        "sla",
        "first_response",
        "next_update",
        "resolve",
        "due",
        "due_clock",
        "created",
        "updated",
    ]);
    for row in &report.rows {
        let _ = writer.write_record(csv_cells(row));
    }
    writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

fn csv_cells(row: &Row) -> [String; 16] {
    let case = &row.case;
    let time = |at: i64| jiff::Timestamp::from_millisecond(at).map(|at| at.to_string()).unwrap_or_default();
    [
        harmless(&case.number),
        case.status.to_string(),
        case.priority.to_string(),
        harmless(case.owner.as_deref().unwrap_or("")),
        harmless(&case.customer),
        harmless(&case.title),
        case.language.to_string(),
        row.age_days.to_string(),
        row.sla.to_string(),
        row.first_response.to_string(),
        row.next_update.to_string(),
        row.resolve.to_string(),
        row.due_at.map(time).unwrap_or_default(),
        row.due_clock.map(|clock| clock.to_string()).unwrap_or_default(),
        time(case.created_at),
        time(case.updated_at),
    ]
}

/// The whole report as one JSON object, in one line.
pub fn render_json(report: &OpenReport) -> String {
    serde_json::to_string(report).unwrap_or_else(|_| "{}".to_owned())
}
