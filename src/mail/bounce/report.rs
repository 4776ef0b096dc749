//! The fields of a delivery report (RFC 3464 §2), of its own part or pasted into the text; the worst recipient counts.

use super::super::Bounce;
use super::super::kind::Case;
use super::{reason, told};

/// One recipient's fields.
#[derive(Debug, Default, Clone)]
struct Recipient {
    original: Option<String>,
    last: Option<String>,
    action: String,
    status: Option<String>,
    diagnostic: String,
}

/// Whether a text holds a report's fields: the part was labelled as text, or the structure is broken.
pub fn is_pasted(text: &str) -> bool {
    let text = super::super::header::floor(text, 60_000).to_ascii_lowercase();
    text.contains("final-recipient:") && (text.contains("action:") || text.contains("status:"))
}

/// Bounce of a report: action, status, recipient and reason of the recipient that fared worst.
pub fn of_report(report: &str, case: &Case<'_>) -> Bounce {
    let recipients = recipients(report);
    let worst = recipients.iter().rev().max_by_key(|r| rank(r)).cloned().unwrap_or_default();
    let mut bounce = Bounce { recipient: worst.last.clone().or_else(|| worst.original.clone()), ..Bounce::default() };
    let in_diagnostic = told::status(&worst.diagnostic);
    let is_vague = worst.status.as_deref().is_none_or(|s| s.ends_with(".0.0"));
    bounce.status = in_diagnostic.filter(|_| is_vague).or(worst.status.clone());
    bounce.action = action(&worst).to_string();
    if bounce.recipient.is_none() {
        bounce.recipient = told::recipient(case);
    }
    if matches!(bounce.action.as_str(), "failed" | "delayed") {
        let notice = told::notice(&case.content.text);
        bounce.reason = reason::reason(bounce.status.as_deref(), &worst.diagnostic, &notice, &bounce.action).into();
        bounce.status = bounce.status.or_else(|| reason::status(&bounce.reason, &worst.diagnostic, &bounce.action));
    }
    bounce
}

fn recipients(report: &str) -> Vec<Recipient> {
    let mut all = vec![Recipient::default()];
    let mut field = String::new();
    for line in report.lines().take(20_000) {
        if line.starts_with([' ', '\t']) && !line.trim().is_empty() && field == "diagnostic-code" {
            if let Some(one) = all.last_mut().filter(|o| o.diagnostic.len() < 4000) {
                one.diagnostic.push(' ');
                one.diagnostic.push_str(line.trim());
            }
            continue;
        }
        let Some((name, value)) = line.split_once(':') else {
            if line.trim().is_empty() {
                close(&mut all);
            }
            field.clear();
            continue;
        };
        field = name.trim().to_ascii_lowercase();
        let value = value.trim();
        // Seen in practice (broken relays): the blank line between two recipients is lost.
        if field == "final-recipient" && all.last().is_some_and(|o| o.last.is_some()) {
            all.push(Recipient::default());
        }
        let Some(one) = all.last_mut() else { break };
        match field.as_str() {
            "action" => one.action = value.split([' ', ';', '(']).next().unwrap_or("").to_ascii_lowercase(),
            "status" => one.status = told::status(value).or_else(|| told::plain_status(value)),
            "original-recipient" => one.original = address(value),
            "final-recipient" => one.last = address(value),
            "x-actual-recipient" if one.last.is_none() => one.last = address(value),
            "diagnostic-code" => one.diagnostic = value.to_string(),
            _ => {}
        }
    }
    all.retain(|r| r.last.is_some() || r.original.is_some() || !r.action.is_empty() || r.status.is_some());
    all
}

/// A blank line ends a recipient that has fields.
fn close(all: &mut Vec<Recipient>) {
    let is_open = all.last().is_some_and(|o| o.last.is_some() || !o.action.is_empty() || o.status.is_some());
    if is_open && all.len() < 1000 {
        all.push(Recipient::default());
    }
}

fn address(value: &str) -> Option<String> {
    let value = value.rsplit(';').next().unwrap_or(value).trim();
    told::address(value)
}

/// What was done, from the action word, else from the class of the status (RFC 3463 §3.1).
fn action(one: &Recipient) -> &'static str {
    let word = one.action.as_str();
    let known = [
        ("fail", "failed"),
        ("undeliver", "failed"),
        ("bounce", "failed"),
        ("delay", "delayed"),
        ("defer", "delayed"),
        ("deliver", "delivered"),
        ("relay", "relayed"),
        ("expand", "expanded"),
    ];
    if let Some((_, action)) = known.iter().find(|(start, _)| word.starts_with(start)) {
        return action;
    }
    match one.status.as_deref().and_then(|s| s.bytes().next()) {
        Some(b'4') => "delayed",
        Some(b'2') => "delivered",
        _ => "failed",
    }
}

fn rank(one: &Recipient) -> usize {
    let known = one.last.is_some() || one.original.is_some();
    let weight = match action(one) {
        "failed" => 4,
        "delayed" => 3,
        _ => 2,
    };
    // A stray block (headers of the report itself) never outweighs a recipient's.
    if known { weight + 4 } else { weight }
}
