//! Seven-bit encodings of East Asia: HZ (RFC 1843), ISO-2022-KR (RFC 1557), ISO-2022-CN (RFC 1922); ISO-2022-JP is known to
//! encoding_rs.

use encoding_rs::{EUC_KR, Encoding, GB18030, ISO_2022_JP};
use std::borrow::Cow;

/// HZ: `~{` opens two-byte GB 2312 with the high bits off, `~}` closes.
pub fn hz(bytes: &[u8]) -> String {
    let mut out = Vec::with_capacity(bytes.len());
    let (mut at, mut inside) = (0, false);
    while at < bytes.len() {
        match (bytes[at], bytes.get(at + 1)) {
            (b'~', Some(b'{')) => (inside, at) = (true, at + 2),
            (b'~', Some(b'}')) => (inside, at) = (false, at + 2),
            (b'~', Some(b'~')) => {
                out.push(b'~');
                at += 2;
            }
            (byte, _) => {
                out.push(if inside && byte > 0x20 { byte | 0x80 } else { byte });
                at += 1;
            }
        }
    }
    GB18030.decode_without_bom_handling(&out).0.into_owned()
}

/// ISO-2022-JP without escapes that another follows at once, as where two encoded words were joined: the decoder takes them
/// for an attack.
pub fn without_idle_escapes(bytes: &[u8]) -> Cow<'_, [u8]> {
    let is_escape = |at: usize| matches!(bytes.get(at..at + 3), Some([0x1B, b'(' | b'$', _]));
    let idle = |at: usize| is_escape(at) && is_escape(at + 3);
    if !memchr::memchr_iter(0x1B, bytes).any(idle) {
        return Cow::Borrowed(bytes);
    }
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        if idle(at) {
            at += 3;
        } else {
            out.push(bytes[at]);
            at += 1;
        }
    }
    Cow::Owned(out)
}

/// The encoding whose designations (`ESC $ …`) the bytes hold.
pub fn escapes(bytes: &[u8]) -> Option<&'static Encoding> {
    memchr::memchr_iter(0x1B, bytes).take(100).find_map(|at| match bytes[at + 1..] {
        [b'$', b'B' | b'@', ..] | [b'$', b'(', b'D', ..] | [b'(', b'J' | b'I', ..] => Some(ISO_2022_JP),
        [b'$', b')', b'C', ..] => Some(EUC_KR),
        [b'$', b')', b'A', ..] => Some(GB18030),
        _ => None,
    })
}

/// Shift-out and shift-in switch the high bit of `encoding` on and off; designations go.
pub fn shifted(bytes: &[u8], encoding: &'static Encoding) -> String {
    let mut out = Vec::with_capacity(bytes.len());
    let (mut at, mut inside) = (0, false);
    while at < bytes.len() {
        match bytes[at] {
            0x0E => inside = true,
            0x0F => inside = false,
            0x1B if matches!(bytes.get(at + 1..at + 3), Some([b'$', b')' | b'*' | b'+'])) => at += 3,
            byte => {
                if byte == b'\n' {
                    inside = false;
                }
                out.push(if inside && byte > 0x20 { byte | 0x80 } else { byte });
            }
        }
        at += 1;
    }
    encoding.decode_without_bom_handling(&out).0.into_owned()
}
