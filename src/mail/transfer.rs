//! Content-Transfer-Encoding undone leniently (RFC 2045 §6.7, §6.8): base64 with missing padding, blanks and trailing list
//! footers; quoted-printable with lower-case hex and stray `=`. Nothing here fails.

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

/// Decoded bytes, and what followed the base64 as plain text (a footer some list software appends).
pub fn base64_with_footer(input: &[u8]) -> (Vec<u8>, &[u8]) {
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
    input.iter().filter(|b| **b == b'=' || BASE64[**b as usize] != 0xFF).count().is_multiple_of(4)
}

/// Whether a body announced as base64 is: its first line with text holds no blanks inside and no 8-bit bytes.
pub fn looks_base64(input: &[u8]) -> bool {
    let first = input.split(|b| *b == b'\n').map(<[u8]>::trim_ascii).find(|l| !l.is_empty()).unwrap_or_default();
    let foreign = first.iter().filter(|b| BASE64[**b as usize] == 0xFF && **b != b'=').count();
    foreign == 0 || (foreign * 8 < first.len() && first.is_ascii())
}

/// Base64 of one header word or parameter.
pub fn base64(input: &[u8]) -> Vec<u8> {
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
pub fn decoded_size(body: &[u8], encoding: &str) -> usize {
    match encoding {
        "base64" => body.iter().filter(|b| !matches!(b, b'\r' | b'\n' | b'=' | b' ')).count() * 3 / 4,
        "quoted-printable" => quoted_printable(body).len(),
        _ => body.len(),
    }
}

fn hex(byte: Option<&u8>) -> Option<u8> {
    (*byte? as char).to_digit(16).map(|d| d as u8)
}

/// Quoted-printable; a `=` that starts nothing stays as it is.
pub fn quoted_printable(input: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(input.len());
    let mut rest = input;
    while let Some(at) = rest.iter().position(|b| *b == b'=') {
        out.extend_from_slice(&rest[..at]);
        rest = &rest[at + 1..];
        if let (Some(high), Some(low)) = (hex(rest.first()), hex(rest.get(1))) {
            out.push(high << 4 | low);
            rest = &rest[2..];
            continue;
        }
        let blanks = rest.iter().take(80).take_while(|b| matches!(b, b' ' | b'\t' | b'\r')).count();
        match rest.get(blanks) {
            Some(b'\n') => rest = &rest[blanks + 1..],
            None => rest = &[],
            Some(_) => out.push(b'='),
        }
    }
    out.extend_from_slice(rest);
    out
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
mod tests {
    use super::*;

    #[test]
    fn whole_groups() {
        for (input, is_whole) in
            [("", true), ("aGk=", true), ("aGkh\r\naGk=\r\n", true), ("aGk", false), ("aGkha", false), ("aGk=aGk=", true)]
        {
            assert_eq!(is_whole_base64(input.as_bytes()), is_whole, "{input}");
        }
    }

    #[test]
    fn lenient_base64() {
        for (input, want) in [("aGVsbG8=", "hello"), ("aGVsbG8", "hello"), ("aGVs\r\nbG8=\r\n", "hello"), ("aG Vs bG8", "hello"), ("", "")]
        {
            assert_eq!(base64(input.as_bytes()), want.as_bytes(), "{input}");
        }
        let (body, footer) = base64_with_footer(b"aGVsbG8=\r\n\r\n_______\r\nteam mailing list\r\n");
        assert_eq!((body.as_slice(), footer), (&b"hello"[..], &b"_______\r\nteam mailing list\r\n"[..]));
    }

    #[test]
    fn lenient_quoted_printable() {
        for (input, want) in [
            ("a=3Db", "a=b"),
            ("a=3db", "a=b"),
            ("a=\r\nb", "ab"),
            ("a= \nb", "ab"),
            ("1+1=2!", "1+1=2!"),
            ("x=", "x"),
            ("=C4=E3", "\u{0}"),
        ] {
            let want = if want == "\u{0}" { vec![0xC4, 0xE3] } else { want.as_bytes().to_vec() };
            assert_eq!(quoted_printable(input.as_bytes()), want, "{input}");
        }
        assert_eq!(q_word(b"a_b=3F"), b"a b?");
    }

    #[test]
    fn announced_base64_may_be_text() {
        for (body, want) in
            [("5L2g5aW9\n", true), ("\r\n5L2g 5aW9==\r\n", true), ("Hello, this is text\n", false), ("您好\n", false), ("", true)]
        {
            assert_eq!(looks_base64(body.as_bytes()), want, "{body}");
        }
    }

    #[test]
    fn size_without_decoding() {
        assert_eq!(decoded_size(b"aGVsbG8=\r\n", "base64"), 5);
        assert_eq!(decoded_size(b"a=3Db", "quoted-printable"), 3);
    }
}
