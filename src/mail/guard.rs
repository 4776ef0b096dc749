//! A linear pass before mailparse: it cuts what would make the parser slow, deep or fail, and mends what would make it miss
//! parts, in a copy; the raw bytes stay. A mail that needs neither is not copied.
//!
//! Measured faults it guards against: header decoding is quadratic, more than 100 levels fail the whole mail, a million
//! boundaries take memory, a part that starts with a blank fails the whole mail. Faults it mends: boundaries that are
//! missing, wrong or written so that the parser does not find them, a body of parts below a header that does not say so.

mod boundary;
mod line;

use super::Defect;
use memchr::memmem;
use std::borrow::Cow;
use std::collections::HashMap;

/// Longest header kept, bytes; the rest of the header is dropped.
pub const MAX_HEADER: usize = 16 * 1024;
/// Longest Content-Type of a part.
const MAX_PART_HEADER: usize = 8 * 1024;
/// The header block is read to here; later headers are dropped.
const MAX_HEADER_BLOCK: usize = 256 * 1024;
const MAX_HEADERS: usize = 2_000;
/// Boundary lines before the rest of the mail is one text.
const MAX_BOUNDARY_LINES: usize = 5_000;
/// Encoded-word openers in one Content-Type.
const MAX_WORDS: usize = 50;
/// Levels of multipart; deeper ones become parts of the deepest.
const MAX_DEPTH: usize = 20;
/// Type of what is left where a multipart was taken apart: nothing to read.
pub const LEVEL: &str = "application/x-casemate-level";

/// The bytes to parse (borrowed when nothing had to be cut) and what was cut.
pub fn guard(raw: &[u8], max_bytes: usize) -> (Cow<'_, [u8]>, Vec<Defect>) {
    let mut scan = Scan::default();
    let mut end = raw.len();
    if end > max_bytes {
        end = max_bytes;
        scan.defect("too_large", format!("{} bytes, only the first {max_bytes} were read", raw.len()));
    }
    let start = line::leading(&raw[..end]);
    let read = &raw[start..end];
    let mut at = 0;
    while at < read.len() {
        at += if scan.in_header { scan.header(read, at) } else { scan.body(read, at) };
    }
    if scan.in_header && !scan.is_part {
        scan.end_header(read, read.len());
    }
    let mut defects = std::mem::take(&mut scan.defects);
    if memchr::memchr(0, raw).is_some() {
        defects.push(Defect { name: "nul_bytes".into(), text: "the mail holds NUL bytes".into() });
    }
    match scan.copy {
        Some((mut copy, from)) => {
            copy.extend_from_slice(&read[from..]);
            (Cow::Owned(copy), defects)
        }
        None => (Cow::Borrowed(read), defects),
    }
}

/// What a declared boundary is called in the copy.
enum Named {
    AsIs,
    /// It began with an outer one, or the multipart was taken apart and its parts belong to that one.
    Renamed(String),
    Flattened(String),
}

/// Where the scan stands. `copy` holds what was written so far and from where in the source the rest is still to copy.
struct Scan {
    copy: Option<(Vec<u8>, usize)>,
    defects: Vec<Defect>,
    in_header: bool,
    is_part: bool,
    /// Headers seen in this block.
    headers: usize,
    block_start: usize,
    has_content_type: bool,
    boundary_lines: usize,
    known: HashMap<Vec<u8>, Named>,
    /// Open multiparts, outermost first.
    open: Vec<Vec<u8>>,
    /// Bytes that may still be searched for boundaries that are perhaps not there.
    search: usize,
    /// No more parts: what follows is text.
    is_flat: bool,
}

impl Default for Scan {
    fn default() -> Self {
        Scan {
            copy: None,
            defects: Vec::new(),
            in_header: true,
            is_part: false,
            headers: 0,
            block_start: 0,
            has_content_type: false,
            boundary_lines: 0,
            known: HashMap::new(),
            open: Vec::new(),
            search: 256 * 1024 * 1024,
            is_flat: false,
        }
    }
}

impl Scan {
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

    /// The header block ends before `at`. Seen in practice: a body of parts whose Content-Type was lost.
    fn end_header(&mut self, read: &[u8], at: usize) {
        if !self.is_part
            && !self.has_content_type
            && self.headers > 0
            && let Some(token) = boundary::shown_at_start(&read[at..])
        {
            self.defect("boundary", "parts without a Content-Type that announces them".into());
            self.replace(read, at, at, format!("Content-Type: multipart/mixed; boundary=\"{token}\"\n").as_bytes());
            self.known.insert(token.as_bytes().to_vec(), Named::AsIs);
            self.open.push(token.as_bytes().to_vec());
        }
        (self.in_header, self.headers, self.has_content_type) = (false, 0, false);
    }

    /// One header with its folded lines, or the end of the block. Returns the bytes consumed.
    fn header(&mut self, read: &[u8], at: usize) -> usize {
        let mut end = line::end(read, at);
        if line::is_blank(&read[at..end]) {
            self.end_header(read, at);
            return end - at;
        }
        let is_first = self.headers == 0;
        if is_first {
            self.block_start = at;
        }
        if self.is_part && read[at..end].starts_with(b"--") && self.is_boundary(&read[at..end]) {
            self.end_header(read, at);
            return 0;
        }
        let is_text = !line::is_field(&read[at..end]) && (is_first || self.headers > MAX_HEADERS || !line::resumes(read, end));
        if is_text && !matches!(read[at], b' ' | b'\t') || matches!(read[at], b'\r' | b' ' | b'\t') {
            // Text where headers should be: everything from here is body.
            self.defect("no_headers", "text where headers should be, read as body".into());
            self.end_header(read, at);
            self.replace(read, at, at, b"\n");
            return 0;
        }
        while end < read.len() && matches!(read[end], b' ' | b'\t') && !line::is_blank(&read[end..line::end(read, end)]) {
            end = line::end(read, end);
        }
        self.headers += 1;
        if memchr::memchr(b':', &read[at..line::end(read, at)]).is_none() {
            // The parser refuses folded lines below a line that is no field.
            self.replace(read, at, end, b"");
            return end - at;
        }
        self.check_header(read, at, end);
        end - at
    }

    fn check_header(&mut self, read: &[u8], at: usize, end: usize) {
        let header = &read[at..end];
        let is_content = header.len() > 8 && header[..8].eq_ignore_ascii_case(b"content-");
        let is_content_type =
            is_content && header.len() > 13 && header[8..12].eq_ignore_ascii_case(b"type") && matches!(header[12], b':' | b' ');
        if !is_content && (self.headers > MAX_HEADERS || at - self.block_start > MAX_HEADER_BLOCK) {
            self.defect("too_many_headers", "the header block is too large, later headers were left out".into());
            self.replace(read, at, end, b"");
            return;
        }
        let limit = if self.is_part || is_content_type { MAX_PART_HEADER } else { MAX_HEADER };
        if is_content_type && memmem::find_iter(header, b"=?").count() > MAX_WORDS {
            self.defect("too_many_words", "a Content-Type full of encoded words, left out".into());
            self.replace(read, at, end, b"X-Casemate-Cut: content-type\n");
            return;
        }
        if is_content_type && !std::mem::replace(&mut self.has_content_type, true) && self.note_multipart(read, at, end, limit) {
            return;
        }
        if header.len() > limit {
            self.defect("header_too_long", format!("a header of {} bytes, cut to {limit}", header.len()));
            self.replace(read, at + limit, end, b"\n");
        }
    }

    /// Remembers a declared boundary. True: the header was replaced whole.
    fn note_multipart(&mut self, read: &[u8], at: usize, end: usize, limit: usize) -> bool {
        let Some(declared) = boundary::declared(&read[at..end.min(at + limit)]) else { return false };
        let mut name = declared.boundary.clone();
        let is_used = !name.is_empty() && (self.search == 0 || self.is_used(&read[end..], &name));
        if !is_used {
            let Some(token) = boundary::shown(&read[end..]).filter(|token| !self.known.contains_key(token.as_bytes())) else {
                return false;
            };
            self.defect("boundary", "a missing or wrong boundary, the one of the body was taken".into());
            name = token.to_string();
        }
        if self.open.len() >= MAX_DEPTH {
            self.defect("too_deep", format!("parts nested deeper than {MAX_DEPTH} levels, read as parts of that level"));
            self.replace(read, at, end, format!("Content-Type: {LEVEL}\n").as_bytes());
            let outer = self.open.last().cloned().unwrap_or_default();
            let outer = self.name_in_copy(&outer);
            self.known.entry(name.into_bytes()).or_insert(Named::Flattened(outer));
            return true;
        }
        // The parser takes a boundary as a prefix of the line: an inner one that begins with an outer one gets another name.
        let clashes = self.open.iter().any(|outer| name.len() > outer.len() && name.as_bytes().starts_with(outer));
        let renamed = clashes.then(|| format!("=_casemate_{:06}_=", self.known.len()));
        let is_mended = !is_used || !declared.is_plain || clashes;
        if is_mended {
            let header = declared.header(renamed.as_deref().unwrap_or(&name));
            self.replace(read, at, end, &header);
        }
        self.known.insert(name.clone().into_bytes(), renamed.map_or(Named::AsIs, Named::Renamed));
        self.open.push(name.into_bytes());
        is_mended
    }

    fn name_in_copy(&self, name: &[u8]) -> String {
        match self.known.get(name) {
            Some(Named::Renamed(other) | Named::Flattened(other)) => other.clone(),
            _ => String::from_utf8_lossy(name).into_owned(),
        }
    }

    /// Whether the boundary comes again; what the search may cost is bounded for the whole mail.
    fn is_used(&mut self, rest: &[u8], name: &str) -> bool {
        let window = &rest[..rest.len().min(64 * 1024)];
        if boundary::is_used(window, name) {
            self.search = self.search.saturating_sub(1024);
            return true;
        }
        self.search = self.search.saturating_sub(rest.len());
        boundary::is_used(rest, name)
    }

    fn is_boundary(&self, line: &[u8]) -> bool {
        let token = line[2..].trim_ascii_end();
        self.known.contains_key(token) || token.strip_suffix(b"--").is_some_and(|t| self.known.contains_key(t))
    }

    /// Up to the next line that begins with two hyphens, and that line. Returns the bytes consumed.
    fn body(&mut self, read: &[u8], at: usize) -> usize {
        if self.known.is_empty() {
            return read.len() - at;
        }
        let is_line = read[at..].starts_with(b"--") && (at == 0 || read[at - 1] == b'\n');
        if is_line {
            return self.dashes(read, at);
        }
        memmem::find(&read[at..], b"\n--").map_or(read.len() - at, |n| n + 1)
    }

    fn dashes(&mut self, read: &[u8], at: usize) -> usize {
        let end = line::end(read, at);
        let token = read[at + 2..end].trim_ascii_end();
        let is_end = !self.known.contains_key(token);
        let token = if is_end { token.strip_suffix(b"--").unwrap_or(token) } else { token };
        let is_known = self.known.contains_key(token);
        if !is_known || self.is_flat {
            if is_known || self.open.iter().any(|outer| read[at + 2..end].starts_with(outer)) {
                self.replace(read, at, at, b" ");
            }
            return end - at;
        }
        self.boundary_lines += 1;
        let is_last = self.boundary_lines > MAX_BOUNDARY_LINES;
        let outer = match self.known.get(token) {
            Some(Named::Renamed(name)) => Some((name.clone(), false)),
            Some(Named::Flattened(name)) => Some((name.clone(), true)),
            _ => None,
        };
        if let Some((name, is_flattened)) = outer {
            self.replace(read, at + 2, at + 2 + token.len(), name.as_bytes());
            if is_flattened && is_end {
                self.replace(read, end, end, format!("Content-Type: {LEVEL}\n\n").as_bytes());
                if let Some((copy, _)) = &mut self.copy {
                    // No end of the outer one: what follows is a part of it.
                    unclose(copy);
                }
                return end - at;
            }
        }
        if let Some(level) = self.open.iter().rposition(|b| b == token) {
            self.open.truncate(if is_end { level } else { level + 1 });
        }
        if is_last && !is_end {
            self.defect("too_many_parts", format!("more than {MAX_BOUNDARY_LINES} boundaries, the rest is read as one text"));
            self.replace(read, end, end, b"Content-Type: text/plain\n\n");
            self.is_flat = true;
        } else if !is_end {
            (self.in_header, self.is_part, self.headers, self.has_content_type) = (true, true, 0, false);
        }
        end - at
    }
}

/// Takes the two hyphens off a closing boundary line that was copied just before the header inserted behind it.
fn unclose(copy: &mut Vec<u8>) {
    let header = format!("Content-Type: {LEVEL}\n\n");
    let Some(before) = copy.len().checked_sub(header.len()) else { return };
    let text = copy[..before].trim_ascii_end().len();
    if copy[..text].ends_with(b"--") {
        copy.drain(text - 2..text);
    }
}

#[cfg(test)]
mod tests;
