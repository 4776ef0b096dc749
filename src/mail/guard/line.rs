//! Lines of a message: where they end, which are header fields (RFC 5322 §2.2), which only look like text.

/// Offset behind the line that begins at `at`.
pub fn end(bytes: &[u8], at: usize) -> usize {
    memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |n| at + n + 1)
}

pub fn is_blank(line: &[u8]) -> bool {
    matches!(line, b"\n" | b"\r\n")
}

/// A field name and a colon, or an mbox `From ` line.
pub fn is_field(line: &[u8]) -> bool {
    let name = line.iter().take(100).take_while(|b| (33..=126).contains(*b) && **b != b':').count();
    let blanks = line[name..].iter().take(8).take_while(|b| matches!(b, b' ' | b'\t')).count();
    (name > 0 && line.get(name + blanks) == Some(&b':')) || line.starts_with(b"From ")
}

/// Whether a line is one of the fields that tell a header from prose with a colon.
pub fn is_known_field(line: &[u8]) -> bool {
    let known: [&[u8]; 12] = [
        b"content-",
        b"from:",
        b"to:",
        b"subject:",
        b"date:",
        b"message-id:",
        b"mime-version:",
        b"received:",
        b"return-path:",
        b"delivered-to:",
        b"reply-to:",
        b"x-",
    ];
    is_field(line) && known.iter().any(|name| line.len() > name.len() && line[..name.len()].eq_ignore_ascii_case(name))
}

/// Whether header fields go on after a line that is none: then it is junk in the block, else the blank line is missing.
pub fn resumes(read: &[u8], from: usize) -> bool {
    let read = &read[..read.len().min(from + 8 * 1024)];
    let mut at = from;
    for _ in 0..50 {
        let end = end(read, at);
        let line = &read[at..end];
        if line.is_empty() || is_blank(line) {
            return false;
        }
        if is_known_field(line) {
            return true;
        }
        at = end;
    }
    false
}

/// Bytes before the first header that are none: a byte order mark, a quoted mbox line, blank lines (a transport's fault, when fields follow).
pub fn leading(raw: &[u8]) -> usize {
    let mark = if raw.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let blanks = raw[mark..].iter().take(4096).take_while(|b| matches!(b, b'\r' | b'\n' | b' ' | b'\t')).count();
    let first = mark + blanks;
    // Seen in practice: an mbox line that was quoted on its way.
    let quoted = raw[first..].starts_with(b">From ").then(|| end(raw, first));
    if let Some(next) = quoted.filter(|next| *next < raw.len() && has_known(raw, *next)) {
        return next;
    }
    // The line itself, not a blank before it.
    let starts_line = first == mark || matches!(raw[first - 1], b'\n');
    if first > 0 && starts_line && first < raw.len() && is_field(&raw[first..end(raw, first)]) && has_known(raw, first) { first } else { 0 }
}

fn has_known(raw: &[u8], at: usize) -> bool {
    is_known_field(&raw[at..end(raw, at)]) || resumes(raw, end(raw, at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields() {
        for (line, want) in [
            ("Subject: x\r\n", true),
            ("Subject : x\r\n", true),
            ("From a@b Thu Oct 22 14:10:12 2020\n", true),
            ("dear all: please\n", false),
            (": x\n", false),
            ("\n", false),
        ] {
            assert_eq!(is_field(line.as_bytes()), want, "{line}");
        }
    }

    #[test]
    fn what_leads() {
        for (raw, want) in [
            ("Subject: x\n\ny", 0),
            ("\n\r\nSubject: x\n\ny", 3),
            ("\u{feff}Subject: x\n\ny", 3),
            ("\nhello\n", 0),
            ("\nnote: hello\nworld\n", 0),
            (" Subject: x\n", 0),
            ("\n\n", 0),
            (">From a@b Thu\nSubject: x\n", 14),
        ] {
            assert_eq!(leading(raw.as_bytes()), want, "{raw}");
        }
    }
}
