//! When an imported mail came in: there is no INTERNALDATE, so the newest `Received:` header tells, else `Date:`.

use crate::case::Millis;

/// Header bytes looked at.
const HEAD: usize = 64 * 1024;

/// None: no header tells a time.
pub fn received_at(raw: &[u8]) -> Option<Millis> {
    let head = &raw[..raw.len().min(HEAD)];
    // Each relay puts its line on top: the first is ours, the only one to trust.
    let received = header(head, b"received:").and_then(|value| time(value.rsplit(';').next().unwrap_or_default()));
    received.or_else(|| header(head, b"date:").and_then(|value| time(&value)))
}

/// Unfolded value of the first header of that name (lower case, with its colon).
fn header(head: &[u8], name: &[u8]) -> Option<String> {
    let mut value: Option<Vec<u8>> = None;
    for line in head.split(|b| *b == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            break;
        }
        match &mut value {
            Some(value) if line.starts_with(b" ") || line.starts_with(b"\t") => value.extend_from_slice(line),
            Some(_) => break,
            None if line.len() >= name.len() && line[..name.len()].eq_ignore_ascii_case(name) => value = Some(line[name.len()..].to_vec()),
            None => {}
        }
    }
    value.map(|value| String::from_utf8_lossy(&value).into_owned())
}

/// RFC 5322 §3.3, without the comment at its end.
fn time(text: &str) -> Option<Millis> {
    let text = text.split('(').next().unwrap_or_default().trim();
    let zoned = jiff::fmt::rfc2822::DateTimeParser::new().relaxed_weekday(true).parse_zoned(text).ok()?;
    Some(zoned.timestamp().as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_received_header_wins() {
        let at = 1_603_347_012_000;
        for (head, expected) in [
            (
                "Received: from a by b;\r\n Thu, 22 Oct 2020 14:10:12 +0800 (CST)\r\nReceived: x; Thu, 1 Oct 2020 00:00:00 +0000\r\n\r\n",
                Some(at),
            ),
            ("Date: Thu, 22 Oct 2020 14:10:12 +0800\nSubject: x\n\n", Some(at)),
            ("Received: nonsense\nDate: Thu, 22 Oct 2020 06:10:12 GMT\n\n", Some(at)),
            ("Subject: x\n\nDate: Thu, 22 Oct 2020 14:10:12 +0800\n", None),
            ("", None),
        ] {
            assert_eq!(received_at(head.as_bytes()), expected, "{head}");
        }
    }
}
