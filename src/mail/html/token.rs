//! The markup cut into tokens (HTML Living Standard §13.2.5, made forgiving): borrowed, linear, nothing lost.
//!
//! What is broken is text: a `<` without its `>`, an address in angle brackets, an unclosed comment's content. Searches that
//! found nothing once are not repeated, so that a megabyte of unclosed anything costs one look.

use super::element::Element;
use memchr::{memchr, memmem, memrchr};

#[derive(Debug, PartialEq)]
pub enum Token<'a> {
    /// Text with character references.
    Text(&'a str),
    /// Text without (CDATA).
    Literal(&'a str),
    Start(Tag<'a>),
    End(Tag<'a>),
    Comment(&'a str),
    /// The content of a style element.
    Style(&'a str),
}

#[derive(Debug, PartialEq)]
pub struct Tag<'a> {
    pub element: Element,
    pub name: &'a str,
    /// Undecoded, from the white space after the name to the `>`.
    pub attributes: &'a str,
    /// The markup after the tag.
    pub after: &'a str,
}

pub struct Tokens<'a> {
    html: &'a str,
    at: usize,
    last_close: usize,
    /// What does not come any more: `-->`, `]]>`, `"`, `'`.
    missing: [bool; 4],
    missing_raw: bool,
    style: Option<&'a str>,
}

const COMMENT_END: usize = 0;
const CDATA_END: usize = 1;
const DOUBLE: usize = 2;
const SINGLE: usize = 3;

impl<'a> Tokens<'a> {
    pub fn new(html: &'a str) -> Tokens<'a> {
        let last_close = memrchr(b'>', html.as_bytes()).unwrap_or(0);
        Tokens { html, at: 0, last_close, missing: [false; 4], missing_raw: false, style: None }
    }

    fn find(&mut self, what: usize, needle: &[u8], from: usize) -> Option<usize> {
        if self.missing[what] {
            return None;
        }
        let found = memmem::find(&self.html.as_bytes()[from..], needle).map(|n| from + n);
        self.missing[what] = found.is_none();
        found
    }

    /// From `at` to the next `<` after it.
    fn text(&mut self, skip: usize) -> Token<'a> {
        let from = self.at;
        let bytes = self.html.as_bytes();
        self.at = memchr(b'<', &bytes[from + skip..]).map_or(bytes.len(), |n| from + skip + n);
        Token::Text(&self.html[from..self.at])
    }

    /// To the next `>`; there is one.
    fn find_close(&self, from: usize) -> usize {
        memchr(b'>', &self.html.as_bytes()[from..]).map_or(self.html.len(), |n| from + n)
    }

    fn declaration(&mut self) -> Token<'a> {
        let from = self.at;
        let rest = &self.html[from..];
        if rest.starts_with("<!-->") || rest.starts_with("<!--->") {
            self.at = self.find_close(from) + 1;
            return Token::Comment("");
        }
        if rest.starts_with("<!--") {
            if let Some(end) = self.find(COMMENT_END, b"-->", from + 4) {
                self.at = end + 3;
                return Token::Comment(&self.html[from + 4..end]);
            }
            self.at = from + 4;
            return Token::Comment("");
        }
        if rest.starts_with("<![CDATA[")
            && let Some(end) = self.find(CDATA_END, b"]]>", from + 9)
        {
            self.at = end + 3;
            return Token::Literal(&self.html[from + 9..end]);
        }
        let end = self.find_close(from);
        self.at = end + 1;
        Token::Comment(&self.html[from + 2..end])
    }

    fn tag(&mut self, is_end: bool) -> Token<'a> {
        let from = self.at + 1 + usize::from(is_end);
        let bytes = self.html.as_bytes();
        let len = bytes[from..].iter().take_while(|b| !matches!(b, b' ' | b'\t' | b'\n' | b'\r' | 0x0C | b'/' | b'>' | b'<')).count();
        let name = &self.html[from..from + len];
        let element = Element::named(name.as_bytes());
        if element == Element::Other && is_address(name, bytes.get(from + len)) {
            return self.text(1);
        }
        let end = match bytes.get(from + len) {
            Some(b'>') => from + len,
            _ if is_end => self.find_close(from + len),
            _ => self.tag_end(from + len),
        };
        self.at = end + 1;
        let tag = Tag { element, name, attributes: &self.html[from + len..end], after: &self.html[self.at.min(self.html.len())..] };
        if is_end {
            return Token::End(tag);
        }
        if element == Element::Raw && !tag.attributes.ends_with('/') {
            self.raw(name);
        }
        Token::Start(tag)
    }

    /// The `>` that ends a start tag; those inside quoted values do not.
    fn tag_end(&mut self, from: usize) -> usize {
        let bytes = self.html.as_bytes();
        let mut at = from;
        while let Some(n) = memchr::memchr3(b'>', b'"', b'\'', &bytes[at..]) {
            let here = at + n;
            let quote = bytes[here];
            if quote == b'>' {
                return here;
            }
            at = here + 1;
            if !opens_value(&bytes[..here]) {
                continue;
            }
            let what = if quote == b'"' { DOUBLE } else { SINGLE };
            let Some(end) = self.find(what, &[quote], here + 1) else { continue };
            // A value that holds a whole tag lost its closing quote: text is worth more.
            match memchr(b'>', &bytes[here..end]) {
                Some(close) if memchr(b'<', &bytes[here + close..end]).is_some() => return here + close,
                _ => at = end + 1,
            }
        }
        bytes.len()
    }

    /// Steps over the content of a style, script or title.
    fn raw(&mut self, name: &str) {
        let bytes = self.html.as_bytes();
        let start = self.at;
        let mut from = start;
        while !self.missing_raw
            && let Some(n) = memmem::find(&bytes[from..], b"</")
        {
            let close = from + n + 2;
            if bytes.get(close..close + name.len()).is_some_and(|b| b.eq_ignore_ascii_case(name.as_bytes())) {
                self.at = (self.find_close(close) + 1).min(bytes.len());
                if name.len() == 5 {
                    self.style = Some(&self.html[start..from + n]);
                }
                return;
            }
            from = close;
        }
        // Never closed: its text up to the next tag goes, the mail stays.
        self.missing_raw = true;
        if name.len() != 5 || !name.eq_ignore_ascii_case("title") {
            self.at = memchr(b'<', &bytes[start..]).map_or(bytes.len(), |n| start + n);
        }
    }
}

/// An address or a link in angle brackets, not markup.
fn is_address(name: &str, next: Option<&u8>) -> bool {
    name.contains('@') || name.ends_with(':') && name.len() > 3 && next == Some(&b'/')
}

/// Whether a quote after these bytes begins a value: `=` before it, or the `=3D` that a broken transfer encoding left.
fn opens_value(before: &[u8]) -> bool {
    let before = before.trim_ascii_end();
    before.ends_with(b"=") || before.ends_with(b"=3D")
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        if let Some(style) = self.style.take() {
            return Some(Token::Style(style));
        }
        let bytes = self.html.as_bytes();
        if *bytes.get(self.at)? != b'<' {
            return Some(self.text(0));
        }
        if self.at >= self.last_close {
            let from = std::mem::replace(&mut self.at, bytes.len());
            return Some(Token::Text(&self.html[from..]));
        }
        Some(match bytes.get(self.at + 1) {
            Some(b) if b.is_ascii_alphabetic() => self.tag(false),
            Some(b'/') if bytes.get(self.at + 2).is_some_and(u8::is_ascii_alphabetic) => self.tag(true),
            Some(b'/' | b'?') => {
                let from = self.at;
                self.at = self.find_close(from) + 1;
                Token::Comment(&self.html[from + 2..self.at - 1])
            }
            Some(b'!') => self.declaration(),
            _ => self.text(1),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(html: &str) -> String {
        let words = Tokens::new(html).map(|token| match token {
            Token::Text(text) => format!("T{text}"),
            Token::Literal(text) => format!("L{text}"),
            Token::Start(tag) => format!("S{}|{}", tag.name, tag.attributes),
            Token::End(tag) => format!("E{}", tag.name),
            Token::Comment(text) => format!("C{text}"),
            Token::Style(text) => format!("Y{text}"),
        });
        words.collect::<Vec<_>>().join(";")
    }

    #[test]
    fn tokens() {
        for (html, want) in [
            ("a<b>c</b >d", "Ta;Sb|;Tc;Eb;Td"),
            ("<a title=\"x > y\" b='<'>t", "Sa| title=\"x > y\" b='<';Tt"),
            ("<a href=\"x>t</a><a href=\"y\">u</a>", "Sa| href=\"x;Tt;Ea;Sa| href=\"y\";Tu;Ea"),
            ("it's <b it's>x</b> y's", "Tit's ;Sb| it's;Tx;Eb;T y's"),
            ("1 < 2 <3 <", "T1 ;T< 2 <3 <"),
            ("写给 <li@bank.example> 的<br/>", "T写给 ;T<li@bank.example> 的;Sbr|/"),
            ("<https://x.example/a> <br>", "T<https://x.example/a> ;Sbr|"),
            ("<!-- x > y --><!--><!--open <p>q", "C x > y ;C;C;Topen ;Sp|;Tq"),
            ("<![if !mso]>x<![endif]>", "C[if !mso];Tx;C[endif]"),
            ("<![CDATA[a<b]]>c<br>", "La<b;Tc;Sbr|"),
            ("<style>p<q{}</STYLE >x<title/>y</title>", "Sstyle|;Yp<q{};Tx;Stitle|/;Ty;Etitle"),
            ("<style>p{}<p>x</p>", "Sstyle|;Sp|;Tx;Ep"),
            ("<?xml:namespace prefix = o /><br", "C?xml:namespace prefix = o /;T<br"),
        ] {
            let got = shown(html);
            let want = want.replace("C?xml", "Cxml");
            assert_eq!(got, want, "{html}");
        }
    }
}
