//! RTF to text in one pass: destinations that are no text go, `\'hh` is read in the code page of its font, `\uN` as Unicode.
//! HTML inside RTF (MS-OXRTFEX) comes out as HTML again.

use super::Body;
use crate::mail::charset;
use std::collections::HashMap;

const MAX_DEPTH: usize = 200;
const MAX_TEXT: usize = 2 * 1024 * 1024;

/// State of a group.
#[derive(Clone, Copy)]
struct Group {
    is_hidden: bool,
    /// Inside `{\*\htmltag …}`.
    is_tag: bool,
    in_fonts: bool,
    /// `\htmlrtf`: what only the RTF reader shall see.
    is_rtf_only: bool,
    font: i32,
    /// Characters that stand for a `\uN` in readers without Unicode.
    unicode_skip: usize,
}

struct Reader {
    out: String,
    /// Bytes of `\'hh` not yet decoded.
    held: Vec<u8>,
    group: Group,
    stack: Vec<Group>,
    fonts: HashMap<i32, i32>,
    codepage: i32,
    is_html: bool,
    /// `\*` was just read: the next word decides whether the group is text.
    is_optional: bool,
    skip: usize,
    high: Option<u16>,
}

/// Text of a document, or the HTML it carries.
pub fn read(rtf: &[u8]) -> Body {
    let group = Group { is_hidden: false, is_tag: false, in_fonts: false, is_rtf_only: false, font: -1, unicode_skip: 1 };
    let mut reader = Reader {
        out: String::new(),
        held: Vec::new(),
        group,
        stack: Vec::new(),
        fonts: HashMap::new(),
        codepage: 1252,
        is_html: memchr::memmem::find(&rtf[..rtf.len().min(1024)], b"\\fromhtml").is_some(),
        is_optional: false,
        skip: 0,
        high: None,
    };
    let mut at = 0;
    while at < rtf.len() && reader.out.len() < MAX_TEXT {
        at += match rtf[at] {
            b'{' => reader.open(),
            b'}' => reader.close(),
            b'\\' => reader.control(&rtf[at + 1..]) + 1,
            b'\r' | b'\n' | 0 => 1,
            byte => reader.byte(byte),
        };
    }
    reader.flush();
    let text = reader.out;
    if reader.is_html { Body::Html(text) } else { Body::Plain(text) }
}

impl Reader {
    fn open(&mut self) -> usize {
        self.flush();
        if self.stack.len() < MAX_DEPTH {
            self.stack.push(self.group);
        }
        self.skip = 0;
        1
    }

    fn close(&mut self) -> usize {
        self.flush();
        if let Some(outer) = self.stack.pop() {
            self.group = outer;
        }
        (self.skip, self.is_optional) = (0, false);
        1
    }

    fn is_silent(&self) -> bool {
        self.group.is_hidden || self.group.in_fonts || (self.is_html && self.group.is_rtf_only)
    }

    fn byte(&mut self, byte: u8) -> usize {
        self.is_optional = false;
        if self.skip > 0 {
            self.skip -= 1;
        } else if !self.is_silent() {
            self.held.push(byte);
        }
        1
    }

    /// Decodes what is held in the code page of the font.
    fn flush(&mut self) {
        if self.held.is_empty() {
            return;
        }
        let charset = self.fonts.get(&self.group.font).copied().unwrap_or(0);
        let codepage = codepage_of(charset).unwrap_or(self.codepage);
        let label = if codepage == 65001 { "utf-8".to_string() } else { format!("cp{codepage}") };
        let held = std::mem::take(&mut self.held);
        self.out.push_str(&charset::decode(&held, Some(&label)).text);
    }

    fn push(&mut self, text: &str) {
        self.flush();
        if !self.is_silent() {
            self.out.push_str(text);
        }
    }

    /// A control word or symbol after its backslash; returns its length.
    fn control(&mut self, rest: &[u8]) -> usize {
        let Some(first) = rest.first() else { return 0 };
        if !first.is_ascii_alphabetic() {
            return self.symbol(*first, rest);
        }
        let word_len = rest.iter().take(40).take_while(|b| b.is_ascii_alphabetic()).count();
        let number_len =
            rest[word_len..].iter().take(11).enumerate().take_while(|(n, b)| b.is_ascii_digit() || (*n == 0 && **b == b'-')).count();
        let word = std::str::from_utf8(&rest[..word_len]).unwrap_or_default();
        let number = std::str::from_utf8(&rest[word_len..word_len + number_len]).ok().and_then(|n| n.parse::<i32>().ok());
        let len = word_len + number_len;
        let len = len + usize::from(rest.get(len) == Some(&b' '));
        self.word(word, number);
        len
    }

    fn symbol(&mut self, symbol: u8, rest: &[u8]) -> usize {
        match symbol {
            b'\'' => {
                let digit = |at: usize| rest.get(at).and_then(|b| char::from(*b).to_digit(16));
                if let (Some(high), Some(low)) = (digit(1), digit(2)) {
                    self.byte((high << 4 | low) as u8);
                    return 3;
                }
            }
            b'*' => self.is_optional = true,
            b'~' => self.push("\u{a0}"),
            b'_' => self.push("-"),
            b'\n' | b'\r' => self.push("\n"),
            b'\\' | b'{' | b'}' => drop(self.byte(symbol)),
            _ => {}
        }
        1
    }

    fn word(&mut self, word: &str, number: Option<i32>) {
        let is_optional = std::mem::take(&mut self.is_optional);
        if !matches!(word, "u") {
            self.flush();
        }
        match word {
            "par" | "line" | "row" | "sect" | "page" => self.push(if self.is_html && !self.group.is_tag { "\r\n" } else { "\n" }),
            "tab" | "cell" => self.push("\t"),
            "u" => self.unicode(number.unwrap_or(0)),
            "uc" => self.group.unicode_skip = number.unwrap_or(1).clamp(0, 10) as usize,
            "ansicpg" => self.codepage = number.unwrap_or(1252),
            "fonttbl" => self.group.in_fonts = true,
            "f" | "af" if word == "f" => self.group.font = number.unwrap_or(-1),
            "fcharset" if self.group.in_fonts => drop(self.fonts.insert(self.group.font, number.unwrap_or(0))),
            "htmltag" if self.is_html => (self.group.is_tag, self.group.is_rtf_only) = (true, false),
            "htmlrtf" => self.group.is_rtf_only = number != Some(0),
            "mhtmltag" => self.group.is_hidden = true,
            "emdash" => self.push("—"),
            "endash" => self.push("–"),
            "lquote" => self.push("‘"),
            "rquote" => self.push("’"),
            "ldblquote" => self.push("“"),
            "rdblquote" => self.push("”"),
            "bullet" => self.push("•"),
            "colortbl" | "stylesheet" | "info" | "pict" | "object" | "header" | "footer" | "headerl" | "headerr" | "footerl"
            | "footerr" | "footnote" | "fldinst" | "bin" => self.group.is_hidden = true,
            _ if is_optional => self.group.is_hidden = true,
            _ => {}
        }
    }

    /// A signed UTF-16 unit.
    fn unicode(&mut self, number: i32) {
        self.flush();
        self.skip = self.group.unicode_skip;
        if self.is_silent() {
            return;
        }
        let unit = (number & 0xFFFF) as u16;
        match self.high.take() {
            Some(high) if (0xDC00..0xE000).contains(&unit) => {
                self.out.extend(char::decode_utf16([high, unit]).map(|c| c.unwrap_or('\u{fffd}')));
            }
            _ if (0xD800..0xDC00).contains(&unit) => self.high = Some(unit),
            _ => self.out.push(char::from_u32(u32::from(unit)).unwrap_or('\u{fffd}')),
        }
    }
}

/// Code page of a font's `\fcharset`.
fn codepage_of(charset: i32) -> Option<i32> {
    Some(match charset {
        128 => 932,
        129 => 949,
        134 => 936,
        136 => 950,
        161 => 1253,
        162 => 1254,
        163 => 1258,
        177 => 1255,
        178 => 1256,
        186 => 1257,
        204 => 1251,
        222 => 874,
        238 => 1250,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_documents() {
        for (rtf, want) in [
            (r"{\rtf1\ansi\ansicpg1252 hello\par w\'f6rld}", "hello\nwörld"),
            (r"{\rtf1\ansi\ansicpg936 \'b2\'b9\'b6\'a1}", "补丁"),
            (r"{\rtf1\ansi{\fonttbl{\f0 Arial;}{\f1\fnil\fcharset134 \'cb\'ce\'cc\'e5;}}\f1 \'b2\'b9\f0  x}", "补 x"),
            (r"{\rtf1 \u34917?\u19969?{\*\generator Msftedit;}{\pict 0102} ok\tab !}", "补丁 ok\t!"),
            (r"{\rtf1\uc0 \u-10179\u-8704 \{x\}\\}", "😀{x}\\"),
            ("plain", "plain"),
        ] {
            assert_eq!(read(rtf.as_bytes()), Body::Plain(want.into()), "{rtf}");
        }
    }

    #[test]
    fn html_inside() {
        let rtf = r"{\rtf1\ansi\ansicpg936\fromhtml1 {\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 \'b2\'b9\'b6\'a1{\*\htmltag84 &nbsp;}\htmlrtf  \htmlrtf0 x{\*\htmltag72 </p>}\htmlrtf\par}\htmlrtf0}";
        assert_eq!(read(rtf.as_bytes()), Body::Html("<p>补丁&nbsp;x</p>".into()));
    }

    #[test]
    fn deep_and_broken() {
        let deep = "{".repeat(10_000) + "x" + &"}".repeat(20_000);
        assert_eq!(read(deep.as_bytes()), Body::Plain("x".into()));
        for junk in ["\\", "\\'", "{\\u", "\\'zz"] {
            let _ = read(junk.as_bytes());
        }
    }
}
