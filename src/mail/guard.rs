//! A linear pass before mailparse: it cuts what would make the parser slow, deep or fail, in a copy; the raw bytes stay.
//!
//! Measured faults it guards against: header decoding is quadratic, more than 100 levels fail the whole mail, a million
//! boundaries take memory, a part that starts with a blank fails the whole mail. A mail within the limits is not copied.

use super::Defect;
use std::borrow::Cow;
use std::collections::HashMap;

/// Longest header kept, bytes; the rest of the header is dropped.
pub const MAX_HEADER: usize = 16 * 1024;
/// Longest Content-Type of a part.
const MAX_PART_HEADER: usize = 8 * 1024;
/// The header block is read to here; later headers are dropped.
const MAX_HEADER_BLOCK: usize = 256 * 1024;
const MAX_HEADERS: usize = 2_000;
/// Boundary lines before the rest of the mail is left out.
const MAX_BOUNDARY_LINES: usize = 1_000;
/// Encoded-word openers in one Content-Type.
const MAX_WORDS: usize = 50;
/// Levels of multipart.
const MAX_DEPTH: usize = 20;

/// The bytes to parse (borrowed when nothing had to be cut) and what was cut.
pub fn guard(raw: &[u8], max_bytes: usize) -> (Cow<'_, [u8]>, Vec<Defect>) {
    let mut scan = Scan::default();
    let mut end = raw.len();
    if end > max_bytes {
        end = max_bytes;
        scan.defect("too_large", format!("{} bytes, only the first {max_bytes} were read", raw.len()));
    }
    let read = &raw[..end];
    let mut at = 0;
    while at < read.len() {
        at += if scan.in_header { scan.header(read, at) } else { scan.body_line(read, at) };
        if scan.stopped {
            break;
        }
    }
    let mut defects = std::mem::take(&mut scan.defects);
    if raw.contains(&0) {
        defects.push(Defect { name: "nul_bytes".into(), text: "the mail holds NUL bytes".into() });
    }
    match scan.copy {
        Some((mut copy, from)) => {
            copy.extend_from_slice(&read[from..at.min(read.len())]);
            (Cow::Owned(copy), defects)
        }
        None => (Cow::Borrowed(read), defects),
    }
}

/// Where the scan stands. `copy` holds what was written so far and from where in the source the rest is still to copy.
struct Scan<'a> {
    copy: Option<(Vec<u8>, usize)>,
    defects: Vec<Defect>,
    in_header: bool,
    is_part: bool,
    /// Headers seen in this block.
    headers: usize,
    block_start: usize,
    boundary_lines: usize,
    /// Declared boundaries, and the name they got in the copy when they begin with an outer one.
    known: HashMap<&'a [u8], Option<String>>,
    /// Open multiparts, outermost first.
    open: Vec<&'a [u8]>,
    any_dashes: bool,
    stopped: bool,
}

impl Default for Scan<'_> {
    fn default() -> Self {
        Scan {
            copy: None,
            defects: Vec::new(),
            in_header: true,
            is_part: false,
            headers: 0,
            block_start: 0,
            boundary_lines: 0,
            known: HashMap::new(),
            open: Vec::new(),
            any_dashes: false,
            stopped: false,
        }
    }
}

fn line_end(bytes: &[u8], at: usize) -> usize {
    bytes[at..].iter().position(|b| *b == b'\n').map_or(bytes.len(), |n| at + n + 1)
}

fn is_blank(line: &[u8]) -> bool {
    matches!(line, b"\n" | b"\r\n")
}

/// A field name and a colon (RFC 5322 §2.2), or an mbox `From ` line.
fn is_field(line: &[u8]) -> bool {
    let name = line.iter().take(100).take_while(|b| (33..=126).contains(*b) && **b != b':').count();
    let blanks = line[name..].iter().take(8).take_while(|b| matches!(b, b' ' | b'\t')).count();
    (name > 0 && line.get(name + blanks) == Some(&b':')) || line.starts_with(b"From ")
}

/// Whether header fields go on after a line that is none: then it is junk in the block, else the blank line is missing.
fn resumes(read: &[u8], from: usize) -> bool {
    let read = &read[..read.len().min(from + 8 * 1024)];
    let mut at = from;
    for _ in 0..50 {
        let end = line_end(read, at);
        let line = &read[at..end];
        if line.is_empty() || is_blank(line) {
            return false;
        }
        let known: [&[u8]; 9] =
            [b"content-", b"from:", b"to:", b"subject:", b"date:", b"message-id:", b"mime-version:", b"received:", b"x-"];
        if is_field(line) && known.iter().any(|name| line.len() > name.len() && line[..name.len()].eq_ignore_ascii_case(name)) {
            return true;
        }
        at = end;
    }
    false
}

impl<'a> Scan<'a> {
    fn defect(&mut self, name: &str, text: String) {
        if !self.defects.iter().any(|d| d.name == name) {
            self.defects.push(Defect { name: name.into(), text });
        }
    }

    /// Replaces `read[from..to]` by `insert` in the copy.
    fn replace(&mut self, read: &[u8], from: usize, to: usize, insert: &[u8]) {
        let (copy, copied) = self.copy.get_or_insert_with(|| (Vec::with_capacity(read.len() + 64), 0));
        copy.extend_from_slice(&read[*copied..from]);
        copy.extend_from_slice(insert);
        *copied = to;
    }

    fn end_header(&mut self) {
        self.in_header = false;
        self.headers = 0;
    }

    /// One header with its folded lines, or the end of the block. Returns the bytes consumed.
    fn header(&mut self, read: &'a [u8], at: usize) -> usize {
        let mut end = line_end(read, at);
        if is_blank(&read[at..end]) {
            self.end_header();
            return end - at;
        }
        let is_first = self.headers == 0;
        if is_first {
            self.block_start = at;
        }
        if self.is_part && read[at..end].starts_with(b"--") && self.is_boundary(&read[at..end]) {
            self.end_header();
            return 0;
        }
        let is_text = !is_field(&read[at..end]) && (is_first || self.headers > MAX_HEADERS || !resumes(read, end));
        if is_text && !matches!(read[at], b' ' | b'\t') || matches!(read[at], b'\r' | b' ' | b'\t') {
            // Text where headers should be: everything from here is body.
            self.defect("no_headers", "text where headers should be, read as body".into());
            self.replace(read, at, at, b"\n");
            self.end_header();
            return 0;
        }
        while end < read.len() && matches!(read[end], b' ' | b'\t') && !is_blank(&read[end..line_end(read, end)]) {
            end = line_end(read, end);
        }
        self.headers += 1;
        self.check_header(read, at, end);
        end - at
    }

    fn check_header(&mut self, read: &'a [u8], at: usize, end: usize) {
        let header = &read[at..end];
        let is_content_type = header.len() > 13 && header[..13].eq_ignore_ascii_case(b"content-type:");
        let is_content = header.len() > 8 && header[..8].eq_ignore_ascii_case(b"content-");
        if !is_content && (self.headers > MAX_HEADERS || at - self.block_start > MAX_HEADER_BLOCK) {
            self.defect("too_many_headers", "the header block is too large, later headers were left out".into());
            self.replace(read, at, end, b"");
            return;
        }
        let limit = if self.is_part || is_content_type { MAX_PART_HEADER } else { MAX_HEADER };
        if is_content_type && header.windows(2).filter(|w| w == b"=?").count() > MAX_WORDS {
            self.defect("too_many_words", "a Content-Type full of encoded words, left out".into());
            self.replace(read, at, end, b"X-Casemate-Cut: content-type\n");
            return;
        }
        if is_content_type && self.note_boundary(read, at, end.min(at + limit), end) {
            return;
        }
        if header.len() > limit {
            self.defect("header_too_long", format!("a header of {} bytes, cut to {limit}", header.len()));
            self.replace(read, at + limit, end, b"\n");
        }
    }

    /// Remembers a declared boundary; a multipart nested too deep becomes an attachment. True: the header was replaced whole.
    fn note_boundary(&mut self, read: &'a [u8], at: usize, end: usize, header_end: usize) -> bool {
        let header = &read[at..end];
        let Some(found) = header.windows(8).position(|w| w.eq_ignore_ascii_case(b"boundary")) else { return false };
        let after = header[found + 8..].trim_ascii_start();
        let Some(value) = after.strip_prefix(b"=") else {
            self.any_dashes = true;
            return false;
        };
        let value = value.trim_ascii_start();
        let value = match value.strip_prefix(b"\"") {
            Some(quoted) => quoted.split(|b| *b == b'"').next().unwrap_or(quoted),
            None => value.split(|b| matches!(b, b';' | b'\r' | b'\n' | b' ' | b'\t')).next().unwrap_or(value),
        };
        if self.open.len() >= MAX_DEPTH {
            self.defect("too_deep", format!("parts nested deeper than {MAX_DEPTH} levels, left as an attachment"));
            self.replace(read, at, header_end, b"Content-Type: application/octet-stream\n");
            return true;
        }
        if value.is_empty() || value.contains(&b'\\') {
            self.any_dashes = true;
        }
        // The parser takes a boundary as a prefix of the line: an inner one that begins with an outer one gets another name.
        let clashes = self.open.iter().any(|outer| value.len() > outer.len() && value.starts_with(outer));
        let renamed = clashes.then(|| format!("=_casemate_{:06}_=", self.known.len()));
        if let Some(name) = &renamed {
            let from = value.as_ptr() as usize - read.as_ptr() as usize;
            self.replace(read, from, from + value.len(), name.as_bytes());
        }
        self.known.insert(value, renamed);
        self.open.push(value);
        false
    }

    fn is_boundary(&self, line: &[u8]) -> bool {
        let token = line[2..].trim_ascii_end();
        self.any_dashes || self.known.contains_key(token) || token.strip_suffix(b"--").is_some_and(|t| self.known.contains_key(t))
    }

    fn body_line(&mut self, read: &'a [u8], at: usize) -> usize {
        let end = line_end(read, at);
        let line = &read[at..end];
        if !line.starts_with(b"--") {
            return end - at;
        }
        if !self.is_boundary(line) {
            if self.open.iter().any(|outer| line[2..].starts_with(outer)) {
                self.replace(read, at, at, b" ");
            }
            return end - at;
        }
        self.boundary_lines += 1;
        if self.boundary_lines > MAX_BOUNDARY_LINES {
            self.defect("too_many_parts", format!("more than {MAX_BOUNDARY_LINES} boundaries, the rest was left out"));
            self.replace(read, at, at, b"");
            self.stopped = true;
            return 0;
        }
        let token = line[2..].trim_ascii_end();
        let is_end = !self.known.contains_key(token);
        let token = if is_end { token.strip_suffix(b"--").unwrap_or(token) } else { token };
        if let Some(Some(name)) = self.known.get(token) {
            let name = name.clone();
            self.replace(read, at + 2, at + 2 + token.len(), name.as_bytes());
        }
        if let Some(level) = self.open.iter().rposition(|b| *b == token) {
            self.open.truncate(if is_end { level } else { level + 1 });
        }
        if !is_end || self.any_dashes {
            (self.in_header, self.is_part, self.headers) = (true, true, 0);
        }
        end - at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_usual_mail_is_not_copied() {
        let raw = b"Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nhi\r\n--b--\r\n";
        let (bytes, defects) = guard(raw, 1000);
        assert!(matches!(bytes, Cow::Borrowed(_)));
        assert_eq!(defects, vec![]);
    }

    #[test]
    fn faults_are_cut_and_named() {
        let long = format!("Subject: {}\r\n\r\nbody", "a".repeat(1_000_000));
        let many = format!("{}\r\nbody", "X: y\r\n".repeat(3_000));
        let evil = format!("Content-Type: text/plain; x={}\r\n\r\nbody", "=?".repeat(3_000));
        let mut deep = String::new();
        for level in 0..1_000 {
            deep.push_str(&format!("Content-Type: multipart/mixed; boundary=b{level}\r\n\r\n--b{level}\r\n"));
        }
        let parts =
            format!("Content-Type: multipart/mixed; boundary=b\r\n\r\n{}", "--b\r\nContent-Type: text/plain\r\n\r\nx\r\n".repeat(10_000));
        for (raw, name) in [
            (long.as_str(), "header_too_long"),
            (&many, "too_many_headers"),
            (&evil, "too_many_words"),
            (&deep, "too_deep"),
            (&parts, "too_many_parts"),
            ("no header at all\r\n", "no_headers"),
            ("Subject: x\r\nthe blank line is missing\r\n", "no_headers"),
            (" leading blank: x\r\n\r\nbody", "no_headers"),
            ("Subject: a\0b\r\n\r\n", "nul_bytes"),
        ] {
            let (bytes, defects) = guard(raw.as_bytes(), 100_000_000);
            assert!(defects.iter().any(|d| d.name == name), "{name}: {defects:?}");
            let parsed = mailparse::parse_mail(&bytes);
            assert!(parsed.is_ok(), "{name}: {:?}", parsed.err());
        }
    }

    #[test]
    fn too_large_keeps_the_first_part() {
        let (bytes, defects) = guard(b"Subject: x\n\nbody body", 16);
        assert_eq!((&*bytes, defects[0].name.as_str()), (&b"Subject: x\n\nbody"[..], "too_large"));
    }
}
