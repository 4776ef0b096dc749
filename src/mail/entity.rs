//! Character references of HTML (HTML Living Standard §13.5): numeric ones and the names that mail uses.

/// Reads one reference at the start of `text` (which begins with `&`): the character and the bytes consumed.
pub fn reference(text: &str) -> Option<(char, usize)> {
    let window = super::header::floor(text, 12);
    let body = &window[1..];
    if let Some(number) = body.strip_prefix('#') {
        let hex = number.starts_with(['x', 'X']);
        let digits: &str = if hex { &number[1..] } else { number };
        let len = digits.bytes().take_while(|b| if hex { b.is_ascii_hexdigit() } else { b.is_ascii_digit() }).count();
        let code = u32::from_str_radix(&digits[..len], if hex { 16 } else { 10 }).ok()?;
        let used = 2 + usize::from(hex) + len;
        let used = used + usize::from(window.as_bytes().get(used) == Some(&b';'));
        return Some((windows_code(code), used));
    }
    let len = body.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let name = &body[..len];
    let found = NAMES.iter().find(|(known, _)| *known == name)?.1;
    let closed = body.as_bytes().get(len) == Some(&b';');
    // Without a semicolon only the five that matter, so that URLs with `&copy=` stay whole.
    (closed || matches!(name, "nbsp" | "lt" | "gt" | "amp" | "quot")).then_some((found, 1 + len + usize::from(closed)))
}

/// Code points 128 to 159 mean windows-1252 in practice.
fn windows_code(code: u32) -> char {
    if (0x80..0xA0).contains(&code) {
        let byte = [code as u8];
        return encoding_rs::WINDOWS_1252.decode_without_bom_handling(&byte).0.chars().next().unwrap_or('\u{fffd}');
    }
    char::from_u32(code).filter(|c| *c != '\0').unwrap_or('\u{fffd}')
}

const NAMES: &[(&str, char)] = &[
    ("nbsp", '\u{a0}'),
    ("lt", '<'),
    ("gt", '>'),
    ("amp", '&'),
    ("quot", '"'),
    ("apos", '\''),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("hellip", '…'),
    ("mdash", '—'),
    ("ndash", '–'),
    ("middot", '·'),
    ("bull", '•'),
    ("copy", '©'),
    ("reg", '®'),
    ("trade", '™'),
    ("times", '×'),
    ("divide", '÷'),
    ("deg", '°'),
    ("plusmn", '±'),
    ("laquo", '«'),
    ("raquo", '»'),
    ("sect", '§'),
    ("para", '¶'),
    ("euro", '€'),
    ("pound", '£'),
    ("yen", '¥'),
    ("cent", '¢'),
    ("rarr", '→'),
    ("larr", '←'),
    ("uarr", '↑'),
    ("darr", '↓'),
    ("rArr", '⇒'),
    ("le", '≤'),
    ("ge", '≥'),
    ("ne", '≠'),
    ("ensp", ' '),
    ("emsp", ' '),
    ("thinsp", ' '),
    ("zwnj", '\u{200c}'),
    ("zwj", '\u{200d}'),
    ("shy", '\u{ad}'),
    ("eacute", 'é'),
    ("egrave", 'è'),
    ("agrave", 'à'),
    ("ccedil", 'ç'),
    ("auml", 'ä'),
    ("ouml", 'ö'),
    ("uuml", 'ü'),
    ("Auml", 'Ä'),
    ("Ouml", 'Ö'),
    ("Uuml", 'Ü'),
    ("szlig", 'ß'),
    ("ntilde", 'ñ'),
    ("aacute", 'á'),
    ("iacute", 'í'),
    ("oacute", 'ó'),
    ("uacute", 'ú'),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references() {
        for (text, want) in [
            ("&amp;x", Some(('&', 5))),
            ("&nbsp x", Some(('\u{a0}', 5))),
            ("&#20320;", Some(('你', 8))),
            ("&#x4f60;", Some(('你', 8))),
            ("&#150;", Some(('–', 6))),
            ("&copy=1", None),
            ("& ", None),
            ("&#x;", None),
            ("&", None),
            ("&#99999999999;", None),
        ] {
            assert_eq!(reference(text), want, "{text}");
        }
    }
}
