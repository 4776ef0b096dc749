//! Content-Transfer-Encoding undone leniently (RFC 2045 §6.7, §6.8): base64 with missing padding, blanks and trailing list
//! footers; quoted-printable with lower-case hex and stray `=`. Nothing here fails.

use base64::Engine;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use std::borrow::Cow;

const fn base64_table() -> [u8; 256] {
    let mut table = [0xFFu8; 256];
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut i = 0;
    while i < 64 {
        table[alphabet[i] as usize] = i as u8;
        i += 1;
    }
    table
}
static BASE64: [u8; 256] = base64_table();

/// The alphabet and nothing else, with or without padding: the usual case, at the speed of memory.
static STRICT: GeneralPurpose = GeneralPurpose::new(&base64::alphabet::STANDARD, LENIENT);
static URL_SAFE: GeneralPurpose = GeneralPurpose::new(&base64::alphabet::URL_SAFE, LENIENT);
const LENIENT: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true).with_decode_padding_mode(DecodePaddingMode::Indifferent);

/// Encoding names without case, quotes and punctuation: `Quoted_Printable`, `"8-bit"`, `base64;`.
pub fn encoding(name: &str) -> Encoding {
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).take(30).map(|c| c.to_ascii_lowercase()).collect();
    match plain.as_str() {
        "base64" | "b64" | "xbase64" => Encoding::Base64,
        "quotedprintable" | "qp" => Encoding::QuotedPrintable,
        "xuuencode" | "uuencode" | "xuue" | "uue" => Encoding::Uuencode,
        "" | "7bit" | "8bit" | "binary" | "7bits" | "8bits" | "none" | "plain" => Encoding::None,
        _ => Encoding::Unknown,
    }
}

/// Content-Transfer-Encoding (RFC 2045 §6).
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Encoding {
    None,
    Base64,
    QuotedPrintable,
    Uuencode,
    Unknown,
}

/// Undoes an encoding, whatever the bytes are.
pub fn decode(body: &[u8], encoding: Encoding) -> Cow<'_, [u8]> {
    match encoding {
        Encoding::Base64 if looks_base64(body) => Cow::Owned(base64_with_footer(body).0),
        Encoding::QuotedPrintable => Cow::Owned(quoted_printable(body)),
        Encoding::Uuencode => Cow::Owned(super::uuencode::decode(body)),
        _ => Cow::Borrowed(body),
    }
}

/// Decoded bytes, and what followed the base64 as plain text (a footer some list software appends).
pub fn base64_with_footer(input: &[u8]) -> (Vec<u8>, &[u8]) {
    let mut plain = Vec::with_capacity(input.len());
    let mut from = 0;
    for at in memchr::memchr2_iter(b'\n', b'\r', input) {
        plain.extend_from_slice(&input[from..at]);
        from = at + 1;
    }
    plain.extend_from_slice(&input[from..]);
    match STRICT.decode(plain.trim_ascii_end()) {
        Ok(bytes) => (bytes, &[]),
        // Seen in practice: the alphabet of URLs (RFC 4648 §5).
        Err(_) => match URL_SAFE.decode(plain.trim_ascii_end()) {
            Ok(bytes) => (bytes, &[]),
            Err(_) => lenient_with_footer(input),
        },
    }
}

fn lenient_with_footer(input: &[u8]) -> (Vec<u8>, &[u8]) {
    let mut out = Vec::with_capacity(input.len() / 4 * 3 + 3);
    let mut decoder = Sextets::default();
    let (mut at, mut padded) = (0, false);
    for line in input.split_inclusive(|b| *b == b'\n') {
        let trimmed = line.trim_ascii();
        let foreign = padded && !trimmed.is_empty() && !trimmed.len().is_multiple_of(4);
        if (foreign || (at > 0 && is_prose(trimmed))) && !out.is_empty() {
            decoder.flush(&mut out);
            return (out, &input[at..]);
        }
        decoder.push_line(trimmed, &mut out);
        padded = trimmed.last() == Some(&b'=') || (padded && trimmed.is_empty());
        at += line.len();
    }
    decoder.flush(&mut out);
    (out, &[])
}

/// Whether the characters of a base64 body, padding included, make whole groups of four (RFC 4648 §4).
pub fn is_whole_base64(input: &[u8]) -> bool {
    let counts = |b: u8| u8::from(b.is_ascii_alphanumeric() | matches!(b, b'=' | b'+' | b'/'));
    let count = |block: &[u8]| usize::from(block.iter().map(|b| counts(*b)).sum::<u8>());
    input.chunks(240).map(count).sum::<usize>().is_multiple_of(4)
}

/// Whether a body announced as base64 is: its first line with text holds no blanks inside and no 8-bit bytes.
pub fn looks_base64(input: &[u8]) -> bool {
    let first = input.split(|b| *b == b'\n').map(<[u8]>::trim_ascii).find(|l| !l.is_empty()).unwrap_or_default();
    let foreign = first.iter().filter(|b| BASE64[**b as usize] == 0xFF && **b != b'=').count();
    foreign == 0 || (foreign * 8 < first.len() && first.is_ascii())
}

/// Base64 of one header word or parameter.
pub fn base64(input: &[u8]) -> Vec<u8> {
    if let Ok(bytes) = STRICT.decode(input) {
        return bytes;
    }
    let mut out = Vec::with_capacity(input.len() / 4 * 3 + 3);
    let mut decoder = Sextets::default();
    for byte in input {
        decoder.push(*byte, &mut out);
    }
    decoder.flush(&mut out);
    out
}

fn is_prose(line: &[u8]) -> bool {
    line.iter().any(|b| matches!(b, b' ' | b'_' | b':' | b'.' | 0x80..)) || line.starts_with(b"--")
}

#[derive(Default)]
struct Sextets {
    bits: u32,
    held: u32,
}

impl Sextets {
    #[inline]
    fn push(&mut self, byte: u8, out: &mut Vec<u8>) {
        let value = BASE64[byte as usize];
        if value == 0xFF {
            if byte == b'=' {
                self.flush(out);
            }
            return;
        }
        self.bits = (self.bits << 6) | u32::from(value);
        self.held += 1;
        if self.held == 4 {
            out.extend_from_slice(&[(self.bits >> 16) as u8, (self.bits >> 8) as u8, self.bits as u8]);
            (self.bits, self.held) = (0, 0);
        }
    }

    /// Four sextets at a time while the line is plain alphabet.
    fn push_line(&mut self, line: &[u8], out: &mut Vec<u8>) {
        let mut quads = line.chunks_exact(4);
        if self.held == 0 {
            let mut plain = 0;
            for quad in quads.by_ref() {
                let [a, b, c, d] = [quad[0], quad[1], quad[2], quad[3]].map(|byte| BASE64[byte as usize]);
                if (a | b | c | d) >= 64 {
                    break;
                }
                let bits = u32::from(a) << 18 | u32::from(b) << 12 | u32::from(c) << 6 | u32::from(d);
                out.extend_from_slice(&[(bits >> 16) as u8, (bits >> 8) as u8, bits as u8]);
                plain += 4;
            }
            return line[plain..].iter().for_each(|byte| self.push(*byte, out));
        }
        line.iter().for_each(|byte| self.push(*byte, out));
    }

    fn flush(&mut self, out: &mut Vec<u8>) {
        match self.held {
            2 => out.push((self.bits >> 4) as u8),
            3 => out.extend_from_slice(&[(self.bits >> 10) as u8, (self.bits >> 2) as u8]),
            _ => {}
        }
        (self.bits, self.held) = (0, 0);
    }
}

/// Size of the decoded body without decoding it.
pub fn decoded_size(body: &[u8], encoding: Encoding) -> usize {
    match encoding {
        Encoding::Base64 => base64_characters(body) * 3 / 4,
        Encoding::QuotedPrintable => quoted_printable_size(body),
        Encoding::Uuencode => super::uuencode::decode(body).len(),
        _ => body.len(),
    }
}

/// Bytes that are neither blanks nor padding; in blocks whose sum fits a byte, so that the compiler counts them side by side.
fn base64_characters(body: &[u8]) -> usize {
    body.chunks(240).map(|block| usize::from(block.iter().map(|b| u8::from(*b > b' ' && *b != b'=')).sum::<u8>())).sum()
}

fn quoted_printable_size(body: &[u8]) -> usize {
    let mut left_out = 0;
    for at in memchr::memchr_iter(b'=', body) {
        left_out += match body[at + 1..] {
            [b'\r', b'\n', ..] => 3,
            [b'\n', ..] => 2,
            [high, low, ..] if HEX[usize::from(high)] < 16 && HEX[usize::from(low)] < 16 => 2,
            _ => 0,
        };
    }
    body.len() - left_out
}

const fn hex_table() -> [u8; 256] {
    let mut table = [0xFFu8; 256];
    let mut i = 0;
    while i < 10 {
        table[b'0' as usize + i] = i as u8;
        i += 1;
    }
    i = 0;
    while i < 6 {
        table[b'A' as usize + i] = 10 + i as u8;
        table[b'a' as usize + i] = 10 + i as u8;
        i += 1;
    }
    table
}
static HEX: [u8; 256] = hex_table();

fn hex(byte: Option<&u8>) -> Option<u8> {
    Some(HEX[usize::from(*byte?)]).filter(|digit| *digit < 16)
}

/// Quoted-printable; a `=` that starts nothing stays as it is.
pub fn quoted_printable(input: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(input.len());
    let mut rest = input;
    loop {
        // Text in Chinese is escapes in a row.
        while let [b'=', high, low, after @ ..] = rest {
            let (high, low) = (HEX[usize::from(*high)], HEX[usize::from(*low)]);
            if (high | low) >= 16 {
                break;
            }
            out.push(high << 4 | low);
            rest = after;
        }
        let start = usize::from(rest.first() == Some(&b'='));
        if start == 1 {
            rest = broken_escape(&rest[1..], &mut out);
            continue;
        }
        let Some(at) = memchr::memchr(b'=', rest) else { break };
        out.extend_from_slice(&rest[..at]);
        rest = &rest[at..];
    }
    out.extend_from_slice(rest);
    out
}

/// After a `=` that no two hex digits follow: a soft line break (RFC 2045 §6.7 rule 5) or the sign itself.
fn broken_escape<'a>(rest: &'a [u8], out: &mut Vec<u8>) -> &'a [u8] {
    let blanks = rest.iter().take(80).take_while(|b| matches!(b, b' ' | b'\t' | b'\r')).count();
    match rest.get(blanks) {
        Some(b'\n') => &rest[blanks + 1..],
        None => &[],
        Some(_) => {
            out.push(b'=');
            rest
        }
    }
}

/// The `Q` form of RFC 2047 §4.2: `_` is a blank.
pub fn q_word(input: &[u8]) -> Vec<u8> {
    let mut out = quoted_printable_word(input);
    out.shrink_to_fit();
    out
}

fn quoted_printable_word(input: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(input.len());
    let mut at = 0;
    while at < input.len() {
        match input[at] {
            b'_' => out.push(b' '),
            b'=' => match (hex(input.get(at + 1)), hex(input.get(at + 2))) {
                (Some(high), Some(low)) => {
                    out.push(high << 4 | low);
                    at += 2;
                }
                _ => out.push(b'='),
            },
            byte => out.push(byte),
        }
        at += 1;
    }
    out
}

#[cfg(test)]
mod tests;
