//! A stream between socket and parser that lets only lines through which the parser survives.
//!
//! async-imap's parser ends the session at any line it does not know, panics at `INTERNALDATE NIL` and overflows the stack
//! at deep parentheses. This wrapper follows lines and literals (RFC 9051 §2.2, §4.3), drops untagged responses that casemate
//! never asks for, repairs known quirks, and caps what a server may send: a line 1 MB, a search result 16 MB, a literal 64 MB.
//! Literal bytes (the mails) pass untouched.

use std::io::{self, ErrorKind};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

const LINE_MAX: usize = 1 << 20;
const SEARCH_MAX: usize = 16 << 20;
const LITERAL_MAX: u64 = 64 << 20;
const DEPTH_MAX: usize = 64;
const CHUNK: usize = 32 << 10;
/// UIDs a `SEARCH` line given to the parser: it starts again at each read, so one line of 100,000 would be quadratic.
const SEARCH_PIECE: usize = 1000;

#[derive(Debug)]
pub(super) struct Tolerant<S> {
    inner: S,
    lines: Lines,
    /// Ready for the parser from `given` on.
    ready: Vec<u8>,
    given: usize,
    /// Bytes received so far: progress, for timeouts.
    received: u64,
}

impl<S> Tolerant<S> {
    pub(super) fn new(inner: S) -> Tolerant<S> {
        Tolerant { inner, lines: Lines::default(), ready: Vec::new(), given: 0, received: 0 }
    }
    pub(super) fn received(&self) -> u64 {
        self.received
    }
    /// The bare stream. What was read ahead is thrown away: before TLS it must not be believed.
    pub(super) fn into_inner(self) -> S {
        self.inner
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Tolerant<S> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        while this.given == this.ready.len() {
            this.ready.clear();
            this.given = 0;
            let mut chunk = [0; CHUNK];
            let mut read = ReadBuf::new(&mut chunk);
            ready!(Pin::new(&mut this.inner).poll_read(cx, &mut read))?;
            if read.filled().is_empty() {
                let inside = this.lines.is_inside();
                return Poll::Ready(if inside { Err(ErrorKind::UnexpectedEof.into()) } else { Ok(()) });
            }
            this.received += read.filled().len() as u64;
            this.lines.pass(read.filled(), &mut this.ready)?;
        }
        let part = buf.remaining().min(this.ready.len() - this.given);
        buf.put_slice(&this.ready[this.given..this.given + part]);
        this.given += part;
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Tolerant<S> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().inner).poll_write(cx, bytes)
    }
    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_flush(cx)
    }
    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_shutdown(cx)
    }
}

/// Where in the server's output we are.
#[derive(Debug, Default)]
struct Lines {
    /// The line so far, without its end.
    line: Vec<u8>,
    literal_left: u64,
    /// The line continues a response after a literal.
    continues: bool,
    /// The response is not for the parser.
    is_dropped: bool,
    /// Opening parentheses of this response, outside literals.
    depth: usize,
}

impl Lines {
    fn is_inside(&self) -> bool {
        self.continues || self.literal_left > 0 || !self.line.is_empty()
    }

    fn pass(&mut self, mut bytes: &[u8], out: &mut Vec<u8>) -> io::Result<()> {
        while !bytes.is_empty() {
            if self.literal_left > 0 {
                let part = self.literal_left.min(bytes.len() as u64) as usize;
                if !self.is_dropped {
                    out.extend_from_slice(&bytes[..part]);
                }
                self.literal_left -= part as u64;
                bytes = &bytes[part..];
                continue;
            }
            let end = bytes.iter().position(|byte| *byte == b'\n');
            self.line.extend_from_slice(&bytes[..end.unwrap_or(bytes.len())]);
            let limit = if starts_with(&self.line, b"* SEARCH") { SEARCH_MAX } else { LINE_MAX };
            if self.line.len() > limit {
                return Err(invalid("the server sends an endless line"));
            }
            let Some(end) = end else { return Ok(()) };
            bytes = &bytes[end + 1..];
            self.end_line(out)?;
        }
        Ok(())
    }

    fn end_line(&mut self, out: &mut Vec<u8>) -> io::Result<()> {
        let mut line = std::mem::take(&mut self.line);
        if line.last() == Some(&b'\r') {
            line.pop();
        }
        if !self.continues {
            self.is_dropped = !is_for_parser(&line);
            self.depth = 0;
            if !self.is_dropped {
                line = repaired(line);
            }
        }
        let is_text = !self.continues && is_text(&line);
        if !is_text {
            self.depth += line.iter().filter(|byte| **byte == b'(').count();
        }
        if self.depth > DEPTH_MAX {
            return Err(invalid("the server sends too many nested lists"));
        }
        let literal = if is_text { None } else { literal(&line) };
        self.literal_left = literal.unwrap_or(0);
        self.continues = literal.is_some();
        if self.literal_left > LITERAL_MAX {
            return Err(invalid("the server sends a literal over 64 MB"));
        }
        if !self.is_dropped {
            out.extend_from_slice(&line);
            out.extend_from_slice(b"\r\n");
        }
        Ok(())
    }
}

fn invalid(reason: &str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, reason)
}

fn starts_with(line: &[u8], word: &[u8]) -> bool {
    line.len() >= word.len() && line[..word.len()].eq_ignore_ascii_case(word)
}

/// The length of the literal that a line announces: `{12}` or `{12+}` at its end.
fn literal(line: &[u8]) -> Option<u64> {
    let inside = line.strip_suffix(b"}")?;
    let open = inside.iter().rposition(|byte| *byte == b'{')?;
    let digits = std::str::from_utf8(&inside[open + 1..]).ok()?;
    let digits = digits.strip_suffix('+').unwrap_or(digits);
    if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    Some(digits.parse().unwrap_or(u64::MAX))
}

/// Tagged lines, continuations, and the untagged responses that casemate's commands lead to.
fn is_for_parser(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b"* ") else { return !line.is_empty() && !line.starts_with(b"*") };
    let mut words = rest.split(|byte| *byte == b' ').filter(|word| !word.is_empty()).map(<[u8]>::to_ascii_uppercase);
    match (words.next().as_deref(), words.next().as_deref()) {
        (Some(b"OK" | b"NO" | b"BAD" | b"BYE" | b"PREAUTH" | b"CAPABILITY" | b"FLAGS" | b"SEARCH"), _) => true,
        (Some(number), Some(b"EXISTS" | b"RECENT" | b"EXPUNGE" | b"FETCH")) => number.iter().all(u8::is_ascii_digit),
        _ => false,
    }
}

/// Lines that end in free text, where parentheses and braces mean nothing: tagged, continuation, untagged status.
fn is_text(line: &[u8]) -> bool {
    !line.starts_with(b"* ") || [&b"* OK"[..], b"* NO", b"* BAD", b"* BYE", b"* PREAUTH"].iter().any(|start| starts_with(line, start))
}

/// The first line of a response as the parser wants it.
fn repaired(line: Vec<u8>) -> Vec<u8> {
    if starts_with(&line, b"* SEARCH") {
        return search_pieces(&line);
    }
    if starts_with(&line, b"* CAPABILITY") {
        return with_rev1(&line);
    }
    let is_fetch = line.first() == Some(&b'*') && line.get(2).is_some_and(u8::is_ascii_digit);
    if is_fetch { repaired_fetch(line) } else { repaired_text(line) }
}

/// Seen in practice: `INTERNALDATE NIL` (the parser panics), `~{n}` (RFC 3516) and doubled spaces.
fn repaired_fetch(mut line: Vec<u8>) -> Vec<u8> {
    const NIL: &[u8] = b"INTERNALDATE NIL";
    if let Some(at) = line.windows(NIL.len()).position(|part| part.eq_ignore_ascii_case(NIL)) {
        line.splice(at + NIL.len() - 3..at + NIL.len(), *b"\"\"");
    }
    if literal(&line).is_some()
        && let Some(open) = line.iter().rposition(|byte| *byte == b'{')
        && open > 0
        && line[open - 1] == b'~'
    {
        line.remove(open - 1);
    }
    if !line.contains(&b'"') {
        line.dedup_by(|a, b| *a == b' ' && *b == b' ');
    }
    line
}

/// A response code is followed by a space (the parser cuts one byte there, even out of a Chinese character), and a
/// capability list inside one holds IMAP4rev1.
fn repaired_text(mut line: Vec<u8>) -> Vec<u8> {
    let Some(open) = line.iter().position(|byte| *byte == b'[') else { return line };
    let Some(close) = line[open..].iter().position(|byte| *byte == b']').map(|at| open + at) else { return line };
    if line.get(close + 1).is_some_and(|byte| *byte != b' ') {
        line.insert(close + 1, b' ');
    }
    if starts_with(&line[open + 1..], b"CAPABILITY") {
        let fixed = with_rev1(&line[open + 1..close]);
        line.splice(open + 1..close, fixed);
    }
    line
}

/// Words with single spaces, `IMAP4rev1` among them: an IMAP4rev2-only server understands all that we send.
fn with_rev1(line: &[u8]) -> Vec<u8> {
    let mut words: Vec<&[u8]> = line.split(|byte| *byte == b' ').filter(|word| !word.is_empty()).collect();
    if !words.iter().any(|word| word.eq_ignore_ascii_case(b"IMAP4rev1")) {
        words.push(b"IMAP4rev1");
    }
    words.join(&b' ')
}

/// Only the numbers, at most [`SEARCH_PIECE`] a line. Seen in practice: `SEARCH 1 2 (MODSEQ 9)`.
fn search_pieces(line: &[u8]) -> Vec<u8> {
    let list = line[b"* SEARCH".len()..].split(|byte| *byte == b'(').next().unwrap_or_default();
    let numbers: Vec<&[u8]> =
        list.split(|byte| *byte == b' ').filter(|word| !word.is_empty() && word.iter().all(u8::is_ascii_digit)).collect();
    let mut out = Vec::with_capacity(line.len());
    out.extend_from_slice(b"* SEARCH");
    for (at, number) in numbers.iter().enumerate() {
        if at > 0 && at % SEARCH_PIECE == 0 {
            out.extend_from_slice(b"\r\n* SEARCH");
        }
        out.push(b' ');
        out.extend_from_slice(number);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passed(input: &[u8], step: usize) -> io::Result<String> {
        let (mut lines, mut out) = (Lines::default(), Vec::new());
        for chunk in input.chunks(step) {
            lines.pass(chunk, &mut out)?;
        }
        Ok(String::from_utf8_lossy(&out).into_owned())
    }

    #[test]
    fn lets_through_what_the_parser_survives() {
        for (server, parser) in [
            ("* OK hi\r\n", "* OK hi\r\n"),
            ("* OK bare line feed\n", "* OK bare line feed\r\n"),
            ("\r\n* 3 EXISTS\r\n", "* 3 EXISTS\r\n"),
            ("* ESEARCH (TAG \"c1\") UID ALL 1:3\r\n* XLIST (\\HasNoChildren) \"/\" \"x\"\r\nc1 OK\r\n", "c1 OK\r\n"),
            ("* NAMESPACE {3}\r\na\r\n ((\r\nc1 OK\r\n", "c1 OK\r\n"),
            ("* SEARCH 4 5 (MODSEQ 9)\r\n", "* SEARCH 4 5\r\n"),
            ("* SEARCH\r\n", "* SEARCH\r\n"),
            ("* CAPABILITY  IMAP4rev2 IDLE \r\n", "* CAPABILITY IMAP4rev2 IDLE IMAP4rev1\r\n"),
            ("c1 OK [CAPABILITY IMAP4rev2] in\r\n", "c1 OK [CAPABILITY IMAP4rev2 IMAP4rev1] in\r\n"),
            ("* OK [ALERT]维护\r\n", "* OK [ALERT] 维护\r\n"),
            ("* 1 FETCH (UID 5 INTERNALDATE NIL)\r\n", "* 1 FETCH (UID 5 INTERNALDATE \"\")\r\n"),
            ("* 1 FETCH (UID  5 BODY[] ~{3}\r\n\n* )\r\n", "* 1 FETCH (UID 5 BODY[] {3}\r\n\n* )\r\n"),
            ("* 1 FETCH (BODY[] {9}\r\n* X Y\r\n\r\n)\r\n", "* 1 FETCH (BODY[] {9}\r\n* X Y\r\n\r\n)\r\n"),
            ("+ idling\r\n", "+ idling\r\n"),
            ("* OK room for {9}\r\n* X\r\nc1 NO {7}\r\n* Y\r\n", "* OK room for {9}\r\nc1 NO {7}\r\n"),
        ] {
            for step in 1..=server.len() {
                assert_eq!(passed(server.as_bytes(), step).unwrap(), parser, "in steps of {step}");
            }
        }
    }

    proptest::proptest! {
        /// What comes out depends on the bytes, not on how they were cut; and nothing panics.
        #[test]
        fn any_bytes_in_any_pieces(
            words in proptest::collection::vec(proptest::sample::select(&[
                "* ", "OK ", "SEARCH ", "1 ", "FETCH (", "BODY[] ", "{3}", "~{2}", "\r\n", "\n", "\r", ")", "INTERNALDATE NIL", "客户",
                "[CAPABILITY ", "]", "c1 ", "+", "  ", "X", "\"", "\0",
            ][..]), 0..40),
            step in 1usize..20,
        ) {
            let input = words.concat();
            let whole = passed(input.as_bytes(), CHUNK).map_err(|error| error.to_string());
            let pieces = passed(input.as_bytes(), step).map_err(|error| error.to_string());
            proptest::prop_assert_eq!(whole, pieces);
        }
    }

    #[test]
    fn a_long_search_result_is_cut_in_lines() {
        let numbers = (1..=2500).map(|n| n.to_string()).collect::<Vec<_>>().join(" ");
        let out = passed(format!("* SEARCH {numbers}\r\n").as_bytes(), 7).unwrap();
        assert_eq!(out.lines().count(), 3);
        assert_eq!(out.replace("\r\n* SEARCH", ""), format!("* SEARCH {numbers}\r\n"));
    }

    #[test]
    fn limits_hold() {
        assert!(passed(&vec![b'x'; LINE_MAX + 1], CHUNK).is_err());
        assert!(passed(format!("* 1 FETCH (BODY[] {{{}}}\r\n", LITERAL_MAX + 1).as_bytes(), CHUNK).is_err());
        assert!(passed(b"* 1 FETCH (BODY[] {99999999999999999999999}\r\n", CHUNK).is_err());
        assert!(passed(format!("* 1 FETCH (BODYSTRUCTURE {}\r\n", "(".repeat(900)).as_bytes(), CHUNK).is_err());
        assert!(passed(format!("* 1 FETCH (X {{1}}\r\na {}\r\n", "(".repeat(900)).as_bytes(), CHUNK).is_err());
        assert!(passed(format!("* OK {}\r\n", "(".repeat(900)).as_bytes(), CHUNK).is_ok());
    }
}
