//! Attributes of one tag, those that matter: one pass over its bytes, values borrowed and undecoded.
//!
//! Order, case and quoting are free; `class=3D"x"`, left by a transfer encoding that was undone once too seldom, is read as `x`.

/// What mail's markup says in attributes. A missing one is empty.
#[derive(Debug, Default, PartialEq)]
pub struct Attributes<'a> {
    pub alt: &'a str,
    pub class: &'a str,
    pub color: &'a str,
    pub background: &'a str,
    /// `data-marker`, `data-smartmail`, `data-type`; `title` where there is none of these.
    pub data: &'a str,
    pub hidden: bool,
    pub href: &'a str,
    pub id: &'a str,
    /// Width and height, the smaller one that is given.
    pub least_side: Option<usize>,
    pub name: &'a str,
    pub start: &'a str,
    pub style: &'a str,
    /// `type`
    pub sort: &'a str,
    pub value: &'a str,
}

impl<'a> Attributes<'a> {
    pub fn read(text: &'a str) -> Attributes<'a> {
        let mut read = Attributes::default();
        let bytes = text.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            let start = at;
            while at < bytes.len() && !is_end(bytes[at]) {
                at += 1;
            }
            let name = &text[start..at];
            at = blank(bytes, at);
            if bytes.get(at) != Some(&b'=') {
                if name.is_empty() {
                    at += usize::from(at == start);
                } else {
                    read.keep(name, "");
                }
                continue;
            }
            at = blank(bytes, at + 1);
            if text[at..].starts_with("3D") && matches!(bytes.get(at + 2), Some(b'"' | b'\'')) {
                at += 2;
            }
            let (from, to) = value(bytes, at);
            read.keep(name, &text[from..to]);
            at = to + usize::from(from > at);
        }
        read
    }

    fn keep(&mut self, name: &str, value: &'a str) {
        let Some(first) = name.as_bytes().first() else { return };
        let is = |word: &str| name.eq_ignore_ascii_case(word);
        match first | 0x20 {
            b'a' if is("alt") => self.alt = value,
            b'b' if is("bgcolor") => self.background = value,
            b'c' if is("class") => self.class = value,
            b'c' if is("color") => self.color = value,
            b'd' if is("data-marker") || is("data-smartmail") || is("data-type") => self.data = value,
            b'h' if is("href") => self.href = value,
            b'h' if is("hidden") => self.hidden = !value.eq_ignore_ascii_case("false"),
            b'h' if is("height") => self.side(value),
            b'i' if is("id") => self.id = value,
            b'n' if is("name") => self.name = value,
            b's' if is("style") => self.style = value,
            b's' if is("start") => self.start = value,
            b't' if is("type") => self.sort = value,
            b't' if is("title") && self.data.is_empty() => self.data = value,
            b'v' if is("value") => self.value = value,
            b'w' if is("width") => self.side(value),
            _ => {}
        }
    }

    fn side(&mut self, value: &str) {
        let value = value.trim_ascii();
        if let Ok(side) = value.strip_suffix("px").unwrap_or(value).parse::<usize>() {
            self.least_side = Some(self.least_side.map_or(side, |known| known.min(side)));
        }
    }
}

fn is_end(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0C | b'=' | b'/' | b'>')
}

fn blank(bytes: &[u8], from: usize) -> usize {
    from + bytes[from.min(bytes.len())..].iter().take_while(|b| b.is_ascii_whitespace()).count()
}

/// Where the value at `at` begins and ends, without its quotes.
fn value(bytes: &[u8], at: usize) -> (usize, usize) {
    match bytes.get(at) {
        Some(&quote @ (b'"' | b'\'')) => (at + 1, memchr::memchr(quote, &bytes[at + 1..]).map_or(bytes.len(), |n| at + 1 + n)),
        _ => (at, at + bytes[at.min(bytes.len())..].iter().take_while(|b| !b.is_ascii_whitespace() && **b != b'>').count()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes() {
        let of = |text| Attributes::read(text);
        assert_eq!(
            of(" ID = 'a b' CLASS=x/y style=\"c:d\" hidden"),
            Attributes { id: "a b", class: "x/y", style: "c:d", hidden: true, ..Attributes::default() }
        );
        assert_eq!(of(" class=3D\"gmail_quote\" id=3Dx").class, "gmail_quote");
        assert_eq!(of(" =x class").class, "");
        assert_eq!(of(" type=\"cite\"class=\"y\"").class, "y");
        assert_eq!(of(" width=1 height=\"20px\"").least_side, Some(1));
        assert_eq!(of(" style=\"never closed 中文"), Attributes { style: "never closed 中文", ..Attributes::default() });
        assert_eq!(of(" 名=值 id=é").id, "é");
        assert_eq!(of("/"), Attributes::default());
    }
}
