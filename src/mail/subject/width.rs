//! Full-width letters, digits and signs to ASCII, so that the grammars below know one spelling. Chinese punctuation stays.

use std::borrow::Cow;

/// Full-width letters, digits, hyphens, brackets and blanks to ASCII.
pub fn narrow(text: &str) -> Cow<'_, str> {
    if !may_be_wide(text.as_bytes()) {
        return Cow::Borrowed(text);
    }
    let map = |c: char| match c {
        '\u{3000}' | '\u{a0}' | '\u{2007}' | '\u{202f}' => ' ',
        c if is_wide(c) => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        c => c,
    };
    Cow::Owned(text.chars().map(map).collect())
}

fn is_wide(c: char) -> bool {
    matches!(c, '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' | '＃' | '％' | '＊' | '－' | '．' | '＿' | '＾' | '［' | '］' | '｛' | '｝')
}

/// Whether the bytes hold the UTF-8 of such a character. Chinese commas and colons share the lead byte, so the next two decide.
fn may_be_wide(bytes: &[u8]) -> bool {
    let at = |n: usize| bytes.get(n).copied().unwrap_or(0);
    let full = |n: usize| match at(n + 1) {
        0xBC => matches!(at(n + 2), 0x83 | 0x85 | 0x8A | 0x8D | 0x8E | 0x90..=0x99 | 0xA1..=0xBB | 0xBD..=0xBF),
        0xBD => matches!(at(n + 2), 0x81..=0x9B | 0x9D),
        _ => false,
    };
    memchr::memchr_iter(0xEF, bytes).any(full)
        || memchr::memchr_iter(0xC2, bytes).any(|n| at(n + 1) == 0xA0)
        || memchr::memmem::find(bytes, "\u{3000}".as_bytes()).is_some()
        || memchr::memmem::find(bytes, &[0xE2, 0x80])
            .is_some_and(|_| bytes.windows(3).any(|w| w == [0xE2, 0x80, 0xAF] || w == [0xE2, 0x80, 0x87]))
}

#[cfg(test)]
mod tests {
    use super::narrow;
    use std::borrow::Cow;

    #[test]
    fn widths() {
        for (text, want) in [
            ("ＲＥ：", "RE："),
            ("［ＣＡＳ－０３１６０］", "[CAS-03160]"),
            ("％　＃＿｛｝＊", "% #_{}*"),
            ("a\u{a0}b\u{202f}c", "a b c"),
            ("ｋｂ４５７７６６８", "kb4577668"),
        ] {
            assert_eq!(narrow(text), want);
        }
        for text in ["plain", "您好，补丁：失败（一）？", "“引号”—破折号"] {
            assert!(matches!(narrow(text), Cow::Borrowed(_)), "{text}");
        }
    }
}
