//! Reading an mbox as a stream: one mail at a time, bounded, whatever the size of the file.
//!
//! A mail begins with a line `From ` at the start of the file or after an empty line. `>From ` (and `>>From `, mboxrd) loses one
//! `>`; the empty line before the next separator is not part of the mail. There is no standard (RFC 4155 describes the
//! dialects); what no dialect escapes, a line `From ` after an empty line in a text, splits the mail in every reader.

use sha2::{Digest, Sha256};
use std::io::{self, BufRead};

/// One mail of a stream.
#[derive(Debug, PartialEq, Eq)]
pub struct Item {
    /// Where it was read: a file, `archive.mbox#12`, or `-`; set by `source`.
    pub place: String,
    /// None: larger than the limit; its bytes were read and forgotten.
    pub raw: Option<Vec<u8>>,
    /// Bytes, also of a mail that was too large.
    pub size: u64,
    /// SHA-256 of the bytes, also of a mail that was too large.
    pub hash: [u8; 32],
}

/// Collects one mail up to a limit, hashing as it goes.
pub struct Collector {
    raw: Vec<u8>,
    size: u64,
    max_bytes: u64,
    hash: Sha256,
}

impl Collector {
    pub fn new(max_bytes: u64) -> Collector {
        Collector { raw: Vec::new(), size: 0, max_bytes, hash: Sha256::new() }
    }

    pub fn push(&mut self, bytes: &[u8]) {
        self.size += bytes.len() as u64;
        self.hash.update(bytes);
        if self.size <= self.max_bytes {
            self.raw.extend_from_slice(bytes);
        } else {
            self.raw = Vec::new();
        }
    }

    pub fn finish(self) -> Item {
        let raw = (self.size <= self.max_bytes).then_some(self.raw);
        Item { place: String::new(), raw, size: self.size, hash: self.hash.finalize().into() }
    }
}

/// The mails of an mbox; `reader` begins with the first `From ` line.
pub struct Mbox<R> {
    reader: R,
    max_bytes: u64,
    is_at_end: bool,
    has_begun: bool,
}

/// A line is read in pieces of at most this, so that a file without line ends needs no memory.
const PIECE: u64 = 64 * 1024;

impl<R: BufRead> Mbox<R> {
    pub fn new(reader: R, max_bytes: u64) -> Mbox<R> {
        Mbox { reader, max_bytes, is_at_end: false, has_begun: false }
    }

    /// The next mail, or None at the end.
    fn read(&mut self) -> io::Result<Option<Item>> {
        let mut mail = Collector::new(self.max_bytes);
        // An empty line is held back: it belongs to the separator when one follows.
        let mut held: Option<Vec<u8>> = None;
        let mut piece = Vec::new();
        let mut is_line_start = true;
        while !self.is_at_end {
            piece.clear();
            if io::Read::take(&mut self.reader, PIECE).read_until(b'\n', &mut piece)? == 0 {
                self.is_at_end = true;
                break;
            }
            let starts = std::mem::replace(&mut is_line_start, piece.ends_with(b"\n"));
            if starts && piece.starts_with(b"From ") && (held.is_some() || mail.size == 0) {
                self.skip_line(&piece)?;
                is_line_start = true;
                if std::mem::replace(&mut self.has_begun, true) {
                    return Ok(Some(mail.finish()));
                }
                held = None;
                continue;
            }
            if let Some(empty) = held.take() {
                mail.push(&empty);
            }
            if starts && (piece == b"\n" || piece == b"\r\n") {
                held = Some(piece.clone());
            } else {
                mail.push(if starts { unescaped(&piece) } else { &piece });
            }
        }
        let has_mail = std::mem::take(&mut self.has_begun);
        Ok(has_mail.then(|| mail.finish()))
    }

    /// The rest of a separator line longer than a piece.
    fn skip_line(&mut self, piece: &[u8]) -> io::Result<()> {
        let mut rest = piece.to_vec();
        while !rest.ends_with(b"\n") {
            rest.clear();
            if io::Read::take(&mut self.reader, PIECE).read_until(b'\n', &mut rest)? == 0 {
                break;
            }
        }
        Ok(())
    }
}

/// `>From ` without its first `>`, when it is one or more `>` and then `From `.
fn unescaped(line: &[u8]) -> &[u8] {
    let quotes = line.iter().take_while(|b| **b == b'>').count();
    if quotes > 0 && line[quotes..].starts_with(b"From ") { &line[1..] } else { line }
}

impl<R: BufRead> Iterator for Mbox<R> {
    type Item = io::Result<Item>;

    fn next(&mut self) -> Option<io::Result<Item>> {
        self.read().transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mails(text: &str) -> Vec<String> {
        let mails = Mbox::new(text.as_bytes(), 1000).map(|item| item.expect("read").raw.expect("small"));
        mails.map(|raw| String::from_utf8(raw).expect("text")).collect()
    }

    #[test]
    fn mails_are_split_at_from_lines_after_empty_lines() {
        let two = "From a@x.example Thu Oct 22 14:10:12 2020\nSubject: 1\n\none\nFrom here on it is text\n\nFrom b@x.example x\nSubject: 2\n\ntwo\n";
        assert_eq!(mails(two), ["Subject: 1\n\none\nFrom here on it is text\n", "Subject: 2\n\ntwo\n"]);
        assert_eq!(mails(&two.replace('\n', "\r\n")).len(), 2);
    }

    #[test]
    fn from_lines_lose_one_quote() {
        assert_eq!(mails("From x\nA: 1\n\n>From a\n>>From b\n>From\n> From c\n"), ["A: 1\n\nFrom a\n>From b\n>From\n> From c\n"]);
    }

    #[test]
    fn odd_files() {
        assert_eq!(mails(""), Vec::<String>::new());
        assert_eq!(mails("From x"), [""]);
        assert_eq!(mails("From x\n\nFrom y\nA: 1\n"), ["", "A: 1\n"]);
        assert_eq!(mails("From x\nA: 1\n\n\n\nFrom y\n"), ["A: 1\n\n\n", ""], "one empty line belongs to the separator");
        let long = format!("From {}\nA: 1\n", "x".repeat(200_000));
        assert_eq!(mails(&long), ["A: 1\n"]);
    }

    #[test]
    fn a_large_mail_is_counted_and_forgotten() {
        let text = format!("From x\nA: 1\n\n{}\n\nFrom y\nB: 2\n", "x".repeat(2000));
        let items: Vec<Item> = Mbox::new(text.as_bytes(), 1000).map(|item| item.expect("read")).collect();
        assert_eq!((items[0].raw.is_none(), items[0].size), (true, 2007));
        assert_eq!(items[1].raw.as_deref(), Some(&b"B: 2\n"[..]));
    }

    #[test]
    fn a_piece_boundary_is_no_line_start() {
        let line = "x".repeat(PIECE as usize);
        let text = format!("From x\nA: 1\n\n{line}>From inside\n");
        let item = Mbox::new(text.as_bytes(), 1 << 20).next().expect("one").expect("read");
        assert!(item.raw.expect("small").ends_with(b">From inside\n"));
    }
}
