//! Compressed RTF (MS-OXRTFCP): LZ77 with a dictionary of 4,096 bytes that starts filled with usual RTF.

/// Decompressed bytes kept.
const MAX_OUTPUT: usize = 4 * 1024 * 1024;

/// The first content of the dictionary (MS-OXRTFCP §2.1.2.1), 207 bytes.
const START: &[u8] = b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";

/// Undoes the compression; None: neither compressed nor stored RTF. A cut stream yields what came before.
pub fn decompress(input: &[u8]) -> Option<Vec<u8>> {
    let raw_size = u32::from_le_bytes(input.get(4..8)?.try_into().ok()?) as usize;
    let body = input.get(16..)?;
    match &input[8..12] {
        b"LZFu" => Some(inflate(body, raw_size.min(MAX_OUTPUT))),
        b"MELA" => Some(body[..body.len().min(raw_size).min(MAX_OUTPUT)].to_vec()),
        _ => None,
    }
}

fn inflate(input: &[u8], size: usize) -> Vec<u8> {
    let mut window = [b' '; 4096];
    window[..START.len()].copy_from_slice(START);
    let mut write = START.len();
    let mut out = Vec::with_capacity(size.min(input.len() * 4));
    let mut bytes = input.iter().copied();
    while let Some(control) = bytes.next() {
        for bit in 0..8 {
            if out.len() >= size {
                return out;
            }
            let Some(first) = bytes.next() else { return out };
            if control >> bit & 1 == 0 {
                out.push(first);
                window[write] = first;
                write = (write + 1) % 4096;
                continue;
            }
            let Some(second) = bytes.next() else { return out };
            let from = usize::from(first) << 4 | usize::from(second) >> 4;
            if from == write {
                return out;
            }
            for step in 0..usize::from(second & 15) + 2 {
                let byte = window[(from + step) % 4096];
                out.push(byte);
                window[write] = byte;
                write = (write + 1) % 4096;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_the_specification() {
        assert_eq!(START.len(), 207);
        // MS-OXRTFCP §3.1.1: {\rtf1\ansi\ansicpg1252\pard hello world}
        let input = [
            0x2d, 0, 0, 0, 0x2b, 0, 0, 0, 0x4c, 0x5a, 0x46, 0x75, 0xf1, 0xc5, 0xc7, 0xa7, 0x03, 0, 0x0a, 0, 0x72, 0x63, 0x70, 0x67, 0x31,
            0x32, 0x35, 0x42, 0x32, 0x0a, 0xf3, 0x20, 0x68, 0x65, 0x6c, 0x09, 0, 0x20, 0x62, 0x77, 0x05, 0xb0, 0x6c, 0x64, 0x7d, 0x0a,
            0x80, 0x0f, 0xa0,
        ];
        assert_eq!(decompress(&input).as_deref(), Some(&b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"[..]));
        // §3.1.2: a reference that overlaps what it writes.
        let input = [
            0x1a, 0, 0, 0, 0x1c, 0, 0, 0, 0x4c, 0x5a, 0x46, 0x75, 0xe2, 0xd4, 0x4b, 0x51, 0x41, 0, 0x04, 0x20, 0x57, 0x58, 0x59, 0x5a,
            0x0d, 0x6e, 0x7d, 0x01, 0x0e, 0xb0,
        ];
        assert_eq!(decompress(&input).as_deref(), Some(&b"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}"[..]));
        for junk in [&b""[..], b"short", &[0; 40]] {
            assert_eq!(decompress(junk), None);
        }
    }
}
