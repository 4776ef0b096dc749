//! Calendar parts (RFC 5545, RFC 5546): which method, and a short readable text of the first event.
//!
//! The text serves mails that hold nothing else; it has no labels, so it reads in every language.

use super::header::floor;

/// What a calendar part says.
#[derive(Debug, Default, PartialEq)]
pub struct Invite {
    /// Upper case: `REQUEST`, `REPLY`, `CANCEL`, `COUNTER`, …
    pub method: Option<String>,
    /// Title, time, place, description, each on a line; empty when nothing is told.
    pub text: String,
}

/// Reads an iCalendar text; at most 256 kB of it.
pub fn read(text: &str) -> Invite {
    let text = floor(text, 256 * 1024).replace("\r\n", "\n").replace("\n ", "").replace("\n\t", "");
    let mut invite = Invite::default();
    let mut inside = Vec::new();
    let (mut title, mut start, mut end, mut place, mut description) =
        (String::new(), String::new(), String::new(), String::new(), String::new());
    for line in text.split('\n') {
        let Some((name, parameters, value)) = property(line) else { continue };
        match name.as_str() {
            "BEGIN" => inside.push(value.trim().to_ascii_uppercase()),
            "END" => {
                inside.pop();
            }
            "METHOD" if invite.method.is_none() => invite.method = Some(value.trim().to_ascii_uppercase()).filter(|m| !m.is_empty()),
            // Alarms inside an event have a description of their own; the time zone has a DTSTART.
            _ if !matches!(inside.last().map(String::as_str), Some("VEVENT" | "VTODO")) => {}
            "SUMMARY" if title.is_empty() => title = unescape(value),
            "DTSTART" if start.is_empty() => start = time(value, parameters),
            "DTEND" | "DUE" if end.is_empty() => end = time(value, parameters),
            "LOCATION" if place.is_empty() => place = unescape(value),
            "DESCRIPTION" if description.is_empty() => description = unescape(value),
            _ => {}
        }
    }
    let when = if end.is_empty() { start } else { format!("{start} – {end}") };
    let head: Vec<&str> = [title.trim(), when.trim(), place.trim()].into_iter().filter(|t| !t.is_empty()).collect();
    invite.text = head.join("\n");
    if !description.trim().is_empty() {
        invite.text = format!("{}\n\n{}", invite.text, description.trim()).trim().to_string();
    }
    invite
}

/// Name (upper case), parameters and value of a content line (RFC 5545 §3.1).
fn property(line: &str) -> Option<(String, &str, &str)> {
    let mut quoted = false;
    let colon = line.bytes().position(|b| {
        quoted ^= b == b'"';
        b == b':' && !quoted
    })?;
    let (head, value) = (&line[..colon], &line[colon + 1..]);
    let (name, parameters) = head.split_once(';').unwrap_or((head, ""));
    Some((name.trim().to_ascii_uppercase(), parameters, value))
}

/// RFC 5545 §3.3.11.
fn unescape(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n' | 'N') => out.push('\n'),
                Some(other) => out.push(other),
                None => {}
            },
            c => out.push(c),
        }
    }
    out
}

/// `20201022T141012Z` as `2020-10-22 14:10 UTC`; the zone as named by the sender.
fn time(value: &str, parameters: &str) -> String {
    let value = value.trim();
    let digits: String = value.chars().filter(char::is_ascii_digit).take(12).collect();
    if digits.len() < 8 {
        return String::new();
    }
    let day = format!("{}-{}-{}", &digits[..4], &digits[4..6], &digits[6..8]);
    if digits.len() < 12 {
        return day;
    }
    let zone = match parameters.split(';').find_map(|p| p.strip_prefix("TZID=")) {
        _ if value.ends_with('Z') => " UTC".to_string(),
        Some(zone) => format!(" ({})", zone.trim_matches('"')),
        None => String::new(),
    };
    format!("{day} {}:{}{zone}", &digits[8..10], &digits[10..12])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request() {
        let text = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VTIMEZONE\r\nDTSTART:16010101T000000\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\n\
                    SUMMARY;LANGUAGE=zh-CN:补丁问题\\, 讨\r\n 论\r\nDTSTART;TZID=\"China Standard Time\":20201022T141000\r\n\
                    DTEND:20201022T070000Z\r\nLOCATION:3号会议室\r\nDESCRIPTION:一\\n二\r\nBEGIN:VALARM\r\nDESCRIPTION:REMINDER\r\nEND:VALARM\r\n\
                    END:VEVENT\r\nEND:VCALENDAR\r\n";
        let invite = read(text);
        assert_eq!(invite.method.as_deref(), Some("REQUEST"));
        assert_eq!(invite.text, "补丁问题, 讨论\n2020-10-22 14:10 (China Standard Time) – 2020-10-22 07:00 UTC\n3号会议室\n\n一\n二");
    }

    #[test]
    fn odd_ones() {
        assert_eq!(read(""), Invite::default());
        assert_eq!(
            read("METHOD:cancel\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20201022\n"),
            Invite { method: Some("CANCEL".into()), text: "2020-10-22".into() }
        );
    }
}
