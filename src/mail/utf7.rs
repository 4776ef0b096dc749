//! UTF-7 (RFC 2152): `+` opens base64 of UTF-16BE, `-` or any other character closes it; `+-` is a plus.

/// Decodes leniently: what is no base64 stays as it is, lone surrogates become U+FFFD.
pub fn decode(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(at) = memchr::memchr(b'+', rest) {
        out.push_str(&String::from_utf8_lossy(&rest[..at]));
        rest = &rest[at + 1..];
        let len = rest.iter().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/')).count();
        if len == 0 {
            out.push('+');
            rest = rest.strip_prefix(b"-").unwrap_or(rest);
            continue;
        }
        let raw = super::transfer::base64(&rest[..len]);
        let units = raw.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
        out.extend(char::decode_utf16(units).map(|c| c.unwrap_or('\u{fffd}')));
        rest = &rest[len..];
        rest = rest.strip_prefix(b"-").unwrap_or(rest);
    }
    out.push_str(&String::from_utf8_lossy(rest));
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn rfc_examples() {
        for (text, want) in [
            ("Hi Mom +Jjo-!", "Hi Mom ☺!"),
            ("+ZeVnLIqe-", "日本語"),
            ("1 +- 1 = 2", "1 + 1 = 2"),
            ("A+ImIDkQ.", "A≢Α."),
            ("plain", "plain"),
            ("+2D3eAA-", "😀"),
            ("+", "+"),
        ] {
            assert_eq!(super::decode(text.as_bytes()), want, "{text}");
        }
    }
}
