//! Files inside a text: uuencode (`begin 644 name` … `end`), its base64 form, and yEnc, which is only named.
//!
//! They become attachments and leave the text. A block counts when lines of the encoding follow its first line; one that
//! never ends goes as far as such lines go.

use std::borrow::Cow;

/// A file found in a text; `size` in bytes, decoded.
#[derive(Debug, PartialEq)]
pub struct Block {
    pub name: String,
    pub size: usize,
}

/// The text without its encoded files, and the files; borrowed when there are none.
pub fn extract(text: &str) -> (Cow<'_, str>, Vec<Block>) {
    let mut out = String::new();
    let mut blocks = Vec::new();
    let (mut copied, mut at) = (0, 0);
    while let Some(start) = next_start(text, at) {
        match block(&text[start..]) {
            Some((block, len)) if blocks.len() < 100 => {
                out.push_str(&text[copied..start]);
                blocks.push(block);
                copied = start + len;
                at = copied;
            }
            _ => at = start + 6,
        }
    }
    if blocks.is_empty() {
        return (Cow::Borrowed(text), blocks);
    }
    out.push_str(&text[copied..]);
    (Cow::Owned(out), blocks)
}

/// The next line that begins with `begin` or `=ybegin`.
fn next_start(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    memchr::memmem::find_iter(&bytes[from..], b"begin").find_map(|n| {
        let at = from + n;
        let line_start = |at: usize| at == 0 || bytes[at - 1] == b'\n';
        let is_yenc = at >= from + 2 && &bytes[at - 2..at] == b"=y" && line_start(at - 2);
        let follows = matches!(bytes.get(at + 5), Some(b' ' | b'-'));
        (follows && (line_start(at) || is_yenc)).then_some(if is_yenc { at - 2 } else { at })
    })
}

fn block(text: &str) -> Option<(Block, usize)> {
    let first_end = text.find('\n')? + 1;
    let first = text[..first_end].trim_end();
    if let Some(rest) = first.strip_prefix("=ybegin ") {
        return yenc(rest, text);
    }
    let is_base64 = first.starts_with("begin-base64 ");
    let rest = first.strip_prefix("begin-base64 ").or_else(|| first.strip_prefix("begin "))?;
    let (mode, name) = rest.trim_start().split_once(' ')?;
    let name = name.trim();
    let is_mode = (3..=6).contains(&mode.len()) && mode.bytes().all(|b| (b'0'..=b'7').contains(&b));
    if !is_mode || name.is_empty() || name.len() > 255 {
        return None;
    }
    let (mut size, mut at, mut lines) = (0, first_end, 0);
    for line in text[first_end..].split_inclusive('\n') {
        let plain = line.trim_end_matches(['\n', '\r']);
        if plain.trim_end() == if is_base64 { "====" } else { "end" } {
            at += line.len();
            break;
        }
        let Some(bytes) = (if is_base64 { base64_line(plain) } else { line_size(plain) }) else { break };
        (size, lines, at) = (size + bytes, lines + 1, at + line.len());
    }
    (lines > 0).then(|| (Block { name: name.to_string(), size }, at))
}

/// yEnc is binary that no text part carries whole: its name and size are what can be said.
fn yenc(rest: &str, text: &str) -> Option<(Block, usize)> {
    let (head, name) = rest.split_once("name=")?;
    let size = head.split_once("size=")?.1.split_whitespace().next()?.parse().ok()?;
    let end = text.find("\n=yend").map_or(text.len(), |n| n + 1);
    let len = text[end..].find('\n').map_or(text.len(), |n| end + n + 1);
    Some((Block { name: name.trim().to_string(), size }, len))
}

/// Bytes that a line encodes; None: no line of uuencode. Trailing blanks may be lost, some encoders add a checksum.
fn line_size(line: &str) -> Option<usize> {
    let bytes = line.as_bytes();
    let Some(first) = bytes.first() else { return Some(0) };
    if !bytes.iter().all(|b| (b' '..=b'`').contains(b)) {
        return None;
    }
    let size = usize::from((first - b' ') & 63);
    let want = size.div_ceil(3) * 4;
    let have = bytes.len() - 1;
    (have <= want + 1 && have + 5 > want || size == 0).then_some(size)
}

fn base64_line(line: &str) -> Option<usize> {
    let line = line.trim_end();
    let plain = line.trim_end_matches('=').len();
    (line.len().is_multiple_of(4) && line.bytes().all(|b| b.is_ascii_alphanumeric() || b"+/=".contains(&b))).then_some(plain * 3 / 4)
}

/// Decodes a whole body (Content-Transfer-Encoding `x-uuencode`); lines before `begin` and broken lines are left out.
pub fn decode(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len() * 3 / 4);
    let start = if body.starts_with(b"begin ") { 0 } else { memchr::memmem::find(body, b"\nbegin ").map_or(0, |n| n + 1) };
    for line in body[start..].split(|b| *b == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.starts_with(b"begin ") {
            continue;
        }
        if line == b"end" {
            break;
        }
        let Some((first, rest)) = line.split_first() else { continue };
        let size = usize::from(first.wrapping_sub(b' ') & 63);
        let from = out.len();
        for group in rest.chunks(4) {
            let [a, b, c, d] = std::array::from_fn(|n| u32::from(group.get(n).map_or(0, |byte| byte.wrapping_sub(b' ') & 63)));
            let bits = a << 18 | b << 12 | c << 6 | d;
            out.extend_from_slice(&[(bits >> 16) as u8, (bits >> 8) as u8, bits as u8]);
        }
        out.resize(from + size, 0);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_leave_the_text() {
        let block = "begin 644 cat.txt\n#0V%T\n`\nend\n";
        let (text, blocks) = extract(block);
        assert_eq!((&*text, blocks), ("", vec![Block { name: "cat.txt".into(), size: 3 }]));
        let (text, blocks) = extract("see file\n\nbegin 644 补丁 日志.txt\n#0V%T\n`\nend\n\nregards\n");
        assert_eq!((&*text, blocks.len(), blocks[0].name.as_str()), ("see file\n\n\nregards\n", 1, "补丁 日志.txt"));
        let (text, blocks) = extract("a\nbegin-base64 644 x.bin\naGVsbG8=\n====\nb");
        assert_eq!((&*text, blocks), ("a\nb", vec![Block { name: "x.bin".into(), size: 5 }]));
        let (text, blocks) = extract("a\n=ybegin line=128 size=77 name=x y.rar\n)J*\n=yend size=77\nb");
        assert_eq!((&*text, blocks), ("a\nb", vec![Block { name: "x y.rar".into(), size: 77 }]));
    }

    #[test]
    fn prose_stays() {
        for text in [
            "begin 644\nhello",
            "we begin 644 tests",
            "begin now, please\n",
            "begin 644 steps of mine\nthen do this and that, it is lower case\n",
            "begin",
            "",
        ] {
            assert_eq!(extract(text), (Cow::Borrowed(text), vec![]), "{text}");
        }
    }

    #[test]
    fn whole_bodies() {
        assert_eq!(decode(b"begin 644 cat.txt\r\n#0V%T\r\n`\r\nend\r\n"), b"Cat");
        assert_eq!(decode(b"junk\nbegin 644 x\n%:&5L;&\\\n`\nend\n"), b"hello");
    }
}
