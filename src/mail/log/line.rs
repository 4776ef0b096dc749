//! What one line of a log shows. The special lines first; the rest by level and code, so that prose with the word error in it shows nothing.

use crate::mail::mention;

/// One thing that a line shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub name: &'static str,
    pub code: Option<String>,
    pub symbol: Option<String>,
}

/// What the line shows; `is_update_source`: the event log named WindowsUpdateClient as the source just before.
pub fn findings(line: &str, is_update_source: bool) -> Vec<Finding> {
    let mut found = Vec::new();
    let is_logged = level(line).is_some() || line.contains("HRESULT");
    found.extend(installer(line));
    found.extend(rollback(line));
    found.extend(servicing_stack(line, is_logged));
    found.extend(summary(line));
    found.extend(event_text(line));
    if found.is_empty() {
        found.extend(event_number(line, is_update_source));
        found.extend(package(line, is_logged));
    }
    if found.is_empty() {
        found.extend(by_level(line));
    }
    found
}

/// What follows the first `word`. That most lines hold none is told faster than by a search for its place.
fn behind<'a>(line: &'a str, word: &str) -> Option<&'a str> {
    line.contains(word).then(|| line.split_once(word))?.map(|(_, rest)| rest)
}

fn finding(name: &'static str, line: &str, symbol: Option<String>) -> Option<Finding> {
    Some(Finding { name, code: code(line), symbol })
}

/// `Failed execution of queue item Installer: Generic Command (…) with HRESULT …`.
fn installer(line: &str) -> Option<Finding> {
    let rest = behind(line, "Failed execution of queue item")?;
    let name = rest.split_once("Installer:").map_or("", |(_, name)| name);
    let end = [" (", " with ", "(", "["].iter().filter_map(|stop| name.find(stop)).min().unwrap_or(name.len());
    finding("failed_installer", line, short(&name[..end]))
}

/// Lines that are written only when the update is undone.
fn rollback(line: &str) -> Option<Finding> {
    const PROOFS: &[&str] = &[
        "rollback will be initiated",
        "rollback transaction will be created",
        "Attempting rollback",
        "Begin rollback",
        "Beginning rollback",
        "Performing rollback",
        "Rollback initiated",
        "Executing rollback",
        "entering rollback",
        "Rollback due to",
        "rollback transaction created",
    ];
    let shown = line.contains("UI message updated") && line.contains("Rollback");
    (shown || PROOFS.iter().any(|proof| line.contains(proof))).then(|| finding("rollback", line, hresult_symbol(line)))?
}

/// `Package requires Servicing Stack v10.0.17763.1450 but current Servicing Stack is v10.0.17763.831.`; the versions stay in the text.
fn servicing_stack(line: &str, is_logged: bool) -> Option<Finding> {
    let says = line.contains("requires Servicing Stack")
        || line.contains("requires a newer servicing stack")
        || line.contains("Servicing Stack") && line.contains("required") && is_logged;
    (says || line.contains("NEW_SERVICING_STACK_REQUIRED") && is_logged)
        .then(|| finding("servicing_stack_required", line, hresult_symbol(line)))?
}

/// The block that DISM writes below `Checking System Update Readiness`.
fn summary(line: &str) -> Option<Finding> {
    if let Some(result) = behind(line, "Operation result:") {
        let code = code(result).or_else(|| result.trim().starts_with("0x0").then(|| "0x00000000".to_string()));
        return code.map(|code| Finding { name: "operation_result", code: Some(code), symbol: None });
    }
    for (label, name) in [("Total Detected Corruption:", "corruption"), ("Total Repaired Corruption:", "repaired_item")] {
        if let Some(count) = behind(line, label) {
            let count = count.trim();
            let is_some = count.bytes().next().is_some_and(|b| matches!(b, b'1'..=b'9'));
            return is_some.then(|| Finding { name, code: None, symbol: short(count) });
        }
    }
    let kind = [
        "CBS MUM Missing",
        "CBS MUM Corrupt",
        "CBS Catalog Missing",
        "CBS Catalog Corrupt",
        "CSI Payload Corrupt",
        "CSI Payload Missing",
        "CSI Manifest Corrupt",
        "CSI Manifest Missing",
        "CSI Metadata Corrupt",
        "CBS Manifest Corrupt",
        "CBS Metadata Corrupt",
        "CBS Watchlist Component Missing",
    ]
    .into_iter()
    .find(|kind| line.contains(kind))?;
    if let Some(count) = behind(line, "Corruption:") {
        let is_some = count.trim_start().bytes().next().is_some_and(|b| matches!(b, b'1'..=b'9'));
        return is_some.then(|| Finding { name: "corrupt_item", code: None, symbol: Some(kind.to_string()) });
    }
    let name = if line.contains("(Fixed)") { "repaired_item" } else { "corrupt_item" };
    Some(Finding { name, code: code(line), symbol: Some(kind.to_string()) })
}

/// The event log's own sentences, in both languages.
fn event_text(line: &str) -> Option<Finding> {
    const TEXTS: &[(&str, &str, &str)] = &[
        ("Installation Failure", "Windows failed to install", "update_failed"),
        ("安装失败", "Windows 无法安装", "update_failed"),
        ("Installation Successful", "Windows successfully installed", "update_installed"),
        ("安装成功", "Windows 成功安装", "update_installed"),
        ("安装成功", "Windows 已成功安装", "update_installed"),
        ("Installation Started", "Windows has started installing", "update_started"),
        ("安装开始", "Windows 已开始安装", "update_started"),
        ("已开始安装", "Windows 已开始安装以下更新", "update_started"),
    ];
    let (_, _, name) = TEXTS.iter().find(|(title, sentence, _)| line.contains(title) && line.contains(sentence))?;
    finding(name, line, mention::mentions(&[line]).kb.into_iter().next())
}

/// One record a line (`… Microsoft-Windows-WindowsUpdateClient 20 …`), or `Event ID: 20` below the source.
fn event_number(line: &str, is_update_source: bool) -> Option<Finding> {
    let rest = match behind(line, "WindowsUpdateClient") {
        Some(rest) => rest,
        None if is_update_source => ["Event ID", "事件 ID"].iter().find_map(|label| line.split_once(label))?.1,
        None => return None,
    };
    let number = rest.split(|c: char| !c.is_ascii_digit()).find(|digits| !digits.is_empty())?;
    let name = match number {
        "19" => "update_installed",
        "20" => "update_failed",
        "43" => "update_started",
        _ => return None,
    };
    finding(name, line, Some(format!("event {number}")))
}

/// `Failed to install package: …`, `Failed to uninstall package …`.
fn package(line: &str, is_logged: bool) -> Option<Finding> {
    if !is_logged {
        return None;
    }
    let rest = ["Failed to install package", "Failed to uninstall package", "Failed to install the package", "failed to install package"]
        .iter()
        .find_map(|words| behind(line, words))?;
    let rest = rest.trim_start_matches([':', ' ', '\'', '"', '[']);
    let end = rest.find([' ', '\'', '"', ']', ',']).unwrap_or(rest.len());
    finding("failed_package", line, short(&rest[..end]))
}

/// `, Error   CBS`, `WARNING: … 0x8024402c`, `*FAILED* [80240438]`, DISM's own `Error: 0x800f081f`, `[HRESULT = 0x… - …]`.
fn by_level(line: &str) -> Option<Finding> {
    let found = code(line);
    match level(line) {
        Some((name, component)) => {
            let symbol = hresult_symbol(line).or_else(|| found.is_none().then(|| component.to_string()));
            return Some(Finding { name, code: found, symbol });
        }
        None if found.is_none() => return None,
        None => {}
    }
    let is_fatal = line.contains("FATAL:") || line.contains("FATAL ") || line.contains("*FAILED*") || is_console_error(line);
    let is_result = line.contains("[HRESULT") || line.contains("Result = 0x");
    let name = if is_fatal {
        "error"
    } else if line.contains("WARNING:") {
        "warning"
    } else if is_result {
        "hresult"
    } else {
        return None;
    };
    Some(Finding { name, code: found, symbol: hresult_symbol(line) })
}

/// `Error: 0x800f081f` alone, as DISM prints it.
fn is_console_error(line: &str) -> bool {
    let rest = line.strip_prefix("Error: 0x").or_else(|| line.strip_prefix("错误: 0x"));
    rest.is_some_and(|rest| rest.len() <= 8 && rest.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// Level and component of a line like `2020-10-13 10:11:12, Error                 CBS    …`.
fn level(line: &str) -> Option<(&'static str, &str)> {
    for (word, name) in [(", Error", "error"), (", Warning", "warning")] {
        if !line.contains(word) {
            continue;
        }
        let Some((head, rest)) = line.split_once(word) else { continue };
        let component = rest.trim_start().split([' ', '\t']).next().unwrap_or("");
        let is_component = (2..=8).contains(&component.len()) && component.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
        let after_blank = rest.starts_with([' ', '\t']);
        if after_blank && is_component && head.ends_with(|c: char| c.is_ascii_digit()) && head.contains(':') {
            return Some((name, component));
        }
    }
    None
}

/// The failure that a line names: of its HRESULT, of `HRESULT_FROM_WIN32(2)`, else the first code in it.
fn code(line: &str) -> Option<String> {
    if let Some(rest) = behind(line, "HRESULT_FROM_WIN32(")
        && let Some(number) = rest.split(')').next().and_then(|n| n.parse::<u16>().ok()).filter(|n| *n != 0)
    {
        return Some(format!("0x8007{number:04X}"));
    }
    if let Some(rest) = behind(line, "[HRESULT = ")
        && let Some(first) = mention::first_code(rest.split(']').next().unwrap_or(rest))
    {
        return Some(first);
    }
    if let Some(rest) = behind(line, "*FAILED* [")
        && let Some(digits) = rest.get(..8).filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))
    {
        return Some(format!("0x{}", digits.to_ascii_uppercase()));
    }
    mention::first_code(line)
}

/// The name in `[HRESULT = 0x800f0823 - CBS_E_NEW_SERVICING_STACK_REQUIRED]`.
fn hresult_symbol(line: &str) -> Option<String> {
    let rest = behind(line, "[HRESULT")?;
    let (_, name) = rest.split(']').next()?.split_once(" - ")?;
    let name = name.trim();
    let is_symbol = name.len() >= 4 && name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_') && name != "S_OK";
    if is_symbol { short(name) } else { None }
}

/// Trimmed, at most 120 characters; None when nothing is left.
fn short(text: &str) -> Option<String> {
    let text = text.trim();
    let end = text.char_indices().nth(120).map_or(text.len(), |(at, _)| at);
    (!text.is_empty()).then(|| text[..end].to_string())
}
