//! Lines of Windows' servicing logs in a mail: CBS.log, DISM.log, setupact.log, WindowsUpdate.log, the event log; what each shows.
//!
//! Pasted into the text or attached as text. Most mails have none, so one automaton looks for the few strings that such lines hold, and only
//! lines with a hit are read. Findings, a fixed list: `error`, `warning`, `hresult` (a failure on an informational line), `rollback`,
//! `failed_installer` (symbol: its name), `failed_package` (symbol: the package), `servicing_stack_required`, `operation_result` (DISM, 0x00000000
//! is success), `corruption` (symbol: how many), `corrupt_item` and `repaired_item` (symbol: the kind), `update_installed`, `update_failed` and
//! `update_started` (events 19, 20, 43; symbol: the KB number).

mod line;

use super::LogLine;
use aho_corasick::{AhoCorasick, MatchKind};
use std::sync::LazyLock;

/// Lines listed, at most.
const MOST: usize = 50;
/// Characters of a line that are kept.
const WIDTH: usize = 300;
/// Bytes of a line that are read, before and behind what was found.
const REACH: (usize, usize) = (600, 2000);

/// What log lines hold. At most 64 words, case-sensitive and leftmost: then the automaton has a prefilter that looks at many bytes at once.
static TRIGGERS: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let words = [
        "HRESULT",
        ", Error",
        ", Warning",
        "ollback",
        "Failed execution of",
        "ervicing Stack",
        "ervicing stack",
        "Operation result:",
        "Total Detected",
        "Total Repaired",
        "Corrupt\t",
        "Corrupt ",
        "Corruption:",
        "Missing\t",
        "Missing ",
        "(Fixed)",
        "Installation Failure",
        "Installation Successful",
        "Installation Started",
        "安装失败",
        "安装成功",
        "安装开始",
        "已开始安装",
        "WindowsUpdateClient",
        "FATAL",
        "WARNING:",
        "*FAILED*",
        "Failed to install",
        "Failed to uninstall",
        "failed to install",
        "Error: 0x",
        "错误: 0x",
        "Result = 0x",
        "事件 ID",
        "Event ID",
        "STACK_REQUIRED",
    ];
    AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).build(words).ok()
});

/// Log lines of the text, then of the text attachments (name, text); the same finding with the same code and symbol once, 50 in all.
pub fn log_lines(text: &str, attachments: &[(String, String)]) -> Vec<LogLine> {
    let mut found = Vec::new();
    read(None, text, &mut found);
    for (name, text) in attachments {
        read(Some(name), text, &mut found);
    }
    found
}

fn read(attachment: Option<&str>, text: &str, found: &mut Vec<LogLine>) {
    let Some(triggers) = &*TRIGGERS else { return };
    let mut at = 0;
    // The event log prints source and number on lines of their own; where the source was seen.
    let mut source_at = None;
    while let Some(hit) = triggers.find(&text[at..]).map(|hit| at + hit.start()) {
        if found.len() >= MOST {
            return;
        }
        let (start, end) = line_around(text, hit, at);
        let line = text[start..end].trim().trim_start_matches(['>', ' ']);
        if line.contains("WindowsUpdateClient") {
            source_at = Some(start);
        }
        let is_update_source = source_at.is_some_and(|source| start - source < 400);
        for finding in line::findings(line, is_update_source) {
            add(attachment, line, finding, found);
        }
        at = end.max(text.ceil_char_boundary(hit + 1));
    }
}

/// The line of the hit, or what of it is near; not before `floor`.
fn line_around(text: &str, hit: usize, floor: usize) -> (usize, usize) {
    let bytes = text.as_bytes();
    let from = text.ceil_char_boundary(hit.saturating_sub(REACH.0).max(floor)).min(hit);
    let start = memchr::memrchr(b'\n', &bytes[from..hit]).map_or(from, |n| from + n + 1);
    let to = text.floor_char_boundary(hit + REACH.1);
    let end = memchr::memchr(b'\n', &bytes[hit..to]).map_or(to, |n| hit + n);
    (start, end)
}

fn add(attachment: Option<&str>, line: &str, finding: line::Finding, found: &mut Vec<LogLine>) {
    let line::Finding { name, code, symbol } = finding;
    let is_known = |known: &LogLine| {
        known.finding == name && known.code == code && known.symbol == symbol && known.attachment.as_deref() == attachment
    };
    if found.len() >= MOST || found.iter().any(is_known) {
        return;
    }
    let end = line.char_indices().nth(WIDTH).map_or(line.len(), |(at, _)| at);
    found.push(LogLine {
        attachment: attachment.map(str::to_string),
        finding: name.to_string(),
        code,
        symbol,
        text: line[..end].trim_end().to_string(),
    });
}

#[cfg(test)]
mod tests;
