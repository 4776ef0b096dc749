//! HTML mail to plain text, in one linear pass over the bytes; no tree, so depth costs nothing.
//!
//! Style, script, head and hidden elements go; lists, tables, line breaks and link addresses stay; a blockquote becomes
//! `> ` lines, so that text answers between quoted lines keep their order. It is for reading and matching, not for showing:
//! pages never show the original markup. Seen in practice (Outlook on the web): `appendonsend` and `divRplyFwdMsg` start the quote.

use super::{Mark, SegmentKind, entity};

/// Plain text, LF line ends, and what the markup says of its ranges.
#[derive(Debug, Default, PartialEq)]
pub struct Plain {
    pub text: String,
    pub marks: Vec<Mark>,
}

/// Converts; total and linear.
pub fn to_text(html: &str) -> Plain {
    let mut writer = run(html, true);
    if writer.hidden.is_some() {
        // A hidden element never closed would swallow the rest: text is never lost.
        writer = run(html, false);
    }
    writer.finish()
}

fn run(html: &str, hides: bool) -> Writer {
    let mut writer = Writer { hides, ..Writer::default() };
    let last_close = html.rfind('>').unwrap_or(0);
    let mut comment_open = true;
    let mut at = 0;
    while let Some(n) = html[at..].find('<') {
        writer.text(&html[at..at + n]);
        at += n;
        let rest = &html[at..];
        if rest.starts_with("<!--") {
            match comment_open.then(|| rest.find("-->")).flatten() {
                Some(end) => at += end + 3,
                None => {
                    comment_open = false;
                    at += 4;
                }
            }
            continue;
        }
        let is_tag = rest.as_bytes().get(1).is_some_and(|b| b.is_ascii_alphabetic() || matches!(b, b'/' | b'!' | b'?'));
        if !is_tag || at >= last_close {
            writer.text("<");
            at += 1;
            continue;
        }
        let end = tag_end(rest);
        let tag = Tag::read(&rest[1..end]);
        at += end + 1;
        if matches!(tag.name.as_str(), "style" | "script" | "title") && !tag.is_close {
            at += raw_text_end(&html[at..], &tag.name);
            continue;
        }
        writer.tag(&tag);
    }
    writer.text(&html[at..]);
    writer
}

/// Offset of the `>` that ends the tag; quotes are honoured for the first 2 kB.
fn tag_end(rest: &str) -> usize {
    let mut quote = None;
    for (at, byte) in rest.bytes().enumerate().take(2048) {
        match (quote, byte) {
            (None, b'>') => return at,
            (None, b'"' | b'\'') if at > 0 && rest.as_bytes()[at - 1] == b'=' => quote = Some(byte),
            (Some(q), b) if q == b => quote = None,
            _ => {}
        }
    }
    rest.find('>').unwrap_or(rest.len() - 1)
}

/// Bytes of the content of a style, script or title element including its closing tag.
fn raw_text_end(rest: &str, name: &str) -> usize {
    let bytes = rest.as_bytes();
    let mut from = 0;
    while let Some(n) = rest[from..].find("</") {
        let start = from + n + 2;
        if bytes.get(start..start + name.len()).is_some_and(|b| b.eq_ignore_ascii_case(name.as_bytes())) {
            return rest[start..].find('>').map_or(rest.len(), |end| start + end + 1);
        }
        from = start;
    }
    if name == "title" { 0 } else { rest.len() }
}

struct Tag<'a> {
    name: String,
    is_close: bool,
    attributes: &'a str,
}

impl<'a> Tag<'a> {
    fn read(inner: &'a str) -> Tag<'a> {
        let is_close = inner.starts_with('/');
        let inner = inner.trim_start_matches('/');
        let len = inner.bytes().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b':' | b'!' | b'-')).take(30).count();
        Tag { name: inner[..len].to_ascii_lowercase(), is_close, attributes: &inner[len..] }
    }

    /// Value of an attribute, undecoded.
    fn attribute(&self, name: &str) -> Option<&'a str> {
        let bytes = self.attributes.as_bytes();
        let mut at = 0;
        while let Some(n) = bytes
            .get(at..)?
            .windows(name.len() + 1)
            .position(|w| w[0].is_ascii_whitespace() && w[1..].eq_ignore_ascii_case(name.as_bytes()))
        {
            at += n + 1 + name.len();
            let after = self.attributes[at..].trim_start();
            if let Some(value) = after.strip_prefix('=') {
                let value = value.trim_start();
                let quote = value.chars().next()?;
                return match quote {
                    '"' | '\'' => value[1..].split(quote).next(),
                    _ => value.split(|c: char| c.is_whitespace() || c == '>').next(),
                };
            }
        }
        None
    }

    fn is_hidden(&self) -> bool {
        if self.attributes.len() < 7 {
            return false;
        }
        self.attribute("style").is_some_and(|style| {
            let style: String = style.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
            style.contains("display:none") || style.contains("mso-hide:all")
        })
    }
}

/// Elements that have no closing tag.
const VOID: &[&str] = &["br", "img", "hr", "input", "meta", "link", "col", "area", "base", "wbr", "embed", "source"];

#[derive(Default)]
struct Writer {
    out: String,
    hides: bool,
    /// Name and open count of the hidden element we are in.
    hidden: Option<(String, usize)>,
    in_head: bool,
    in_pre: usize,
    quote: usize,
    /// Newlines owed before the next text.
    breaks: usize,
    blank: bool,
    lists: Vec<Option<usize>>,
    link: Option<(String, usize)>,
    quote_at: Option<usize>,
}

impl Writer {
    fn tag(&mut self, tag: &Tag<'_>) {
        let name = tag.name.as_str();
        if let Some((hidden, count)) = &mut self.hidden {
            if hidden == name {
                *count = if tag.is_close { *count - 1 } else { *count + 1 };
                if *count == 0 {
                    self.hidden = None;
                }
            }
            return;
        }
        match (name, tag.is_close) {
            ("head", false) => self.in_head = true,
            ("head", true) | ("body", _) => self.in_head = false,
            _ if self.in_head && !matches!(name, "div" | "p" | "table") => {}
            _ => {
                self.in_head = false;
                if self.hides && !tag.is_close && !VOID.contains(&name) && tag.is_hidden() {
                    self.hidden = Some((name.to_string(), 1));
                    return;
                }
                self.element(name, tag);
            }
        }
    }

    fn element(&mut self, name: &str, tag: &Tag<'_>) {
        match name {
            "br" => self.line_break(),
            "p" => {
                let paragraph = tag.attribute("class").is_none_or(|c| !c.contains("Mso")) && !tag.is_close;
                self.block(if paragraph && !self.out.is_empty() { 2 } else { 1 });
            }
            "div" | "section" | "article" | "header" | "footer" | "center" | "form" | "table" | "tbody" | "thead" | "tr" | "dl" | "dt"
            | "dd" | "address" | "fieldset" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.block(1);
                self.note_container(tag);
            }
            "hr" => {
                self.block(1);
                self.text("________________________________");
                self.block(1);
            }
            "pre" => {
                self.block(1);
                self.in_pre = if tag.is_close { self.in_pre.saturating_sub(1) } else { self.in_pre + 1 };
            }
            "blockquote" => {
                self.block(1);
                self.flush_breaks();
                self.quote = if tag.is_close { self.quote.saturating_sub(1) } else { (self.quote + 1).min(20) };
            }
            "td" | "th" if !tag.is_close => self.cell(),
            "ul" | "ol" | "li" => self.list(name, tag.is_close),
            "a" => self.anchor(tag),
            _ => {}
        }
    }

    fn note_container(&mut self, tag: &Tag<'_>) {
        let starts = tag.attribute("id").is_some_and(|id| {
            let id = id.trim_start_matches("x_");
            matches!(id, "appendonsend" | "divRplyFwdMsg" | "mail-editor-reference-message-container")
        });
        if starts && self.quote_at.is_none() && !tag.is_close {
            self.flush_breaks();
            self.quote_at = Some(self.out.len());
        }
    }

    fn list(&mut self, name: &str, is_close: bool) {
        self.block(1);
        match (name, is_close) {
            ("li", false) => {
                let depth = self.lists.len().clamp(1, 20);
                let marker = match self.lists.last_mut() {
                    Some(Some(number)) => {
                        *number += 1;
                        format!("{number}. ")
                    }
                    _ => "- ".to_string(),
                };
                self.flush_breaks();
                self.start_line();
                self.out.push_str(&"  ".repeat(depth - 1));
                self.out.push_str(&marker);
            }
            ("ul", false) if self.lists.len() < 1000 => self.lists.push(None),
            ("ol", false) if self.lists.len() < 1000 => self.lists.push(Some(0)),
            ("ul" | "ol", true) => {
                self.lists.pop();
            }
            _ => {}
        }
    }

    fn anchor(&mut self, tag: &Tag<'_>) {
        if !tag.is_close {
            let href = tag.attribute("href").filter(|h| h.len() < 2000 && h.starts_with("http"));
            self.link = href.map(|h| (decode_references(h), self.out.len()));
            return;
        }
        if let Some((href, start)) = self.link.take() {
            let shown = self.out.get(start..).unwrap_or("").trim().trim_end_matches('/');
            let bare = href.trim_end_matches('/');
            let same = shown.is_empty() || bare == shown || bare.split_once("://").is_some_and(|(_, rest)| rest == shown);
            if !same {
                self.text(&format!(" ({href})"));
            }
        }
    }

    fn cell(&mut self) {
        if !self.at_line_start() && self.breaks == 0 {
            self.out.push_str(" | ");
            self.blank = false;
        }
    }

    fn at_line_start(&self) -> bool {
        self.out.is_empty() || self.out.ends_with('\n')
    }

    fn block(&mut self, breaks: usize) {
        if !self.out.is_empty() {
            let have = usize::from(self.out.ends_with('\n')) + usize::from(self.out.ends_with("\n\n"));
            self.breaks = self.breaks.max(breaks.saturating_sub(have));
        }
        self.blank = false;
    }

    fn line_break(&mut self) {
        self.flush_breaks();
        self.start_line();
        self.out.truncate(self.out.trim_end_matches(' ').len());
        self.out.push('\n');
        self.blank = false;
    }

    fn flush_breaks(&mut self) {
        for _ in 0..std::mem::take(&mut self.breaks) {
            self.out.truncate(self.out.trim_end_matches(' ').len());
            self.out.push('\n');
        }
    }

    fn start_line(&mut self) {
        if self.quote > 0 && self.at_line_start() {
            self.out.push_str(&">".repeat(self.quote));
            self.out.push(' ');
        }
    }

    fn text(&mut self, text: &str) {
        if self.hidden.is_some() || self.in_head || text.is_empty() {
            return;
        }
        if self.in_pre > 0 {
            for (n, line) in text.split('\n').enumerate() {
                if n > 0 {
                    self.line_break();
                }
                self.run_of_text(line.trim_end_matches('\r'), false);
            }
            return;
        }
        self.run_of_text(text, true);
    }

    fn run_of_text(&mut self, text: &str, collapse: bool) {
        let mut rest = text;
        while !rest.is_empty() {
            let special = rest.find(|c: char| c == '&' || (collapse && c.is_ascii_whitespace()) || c == '\u{a0}').unwrap_or(rest.len());
            self.push(&rest[..special]);
            rest = &rest[special..];
            let Some(c) = rest.chars().next() else { break };
            if c == '&' {
                match entity::reference(rest) {
                    Some((c, used)) => {
                        self.push_char(c);
                        rest = &rest[used..];
                    }
                    None => {
                        self.push("&");
                        rest = &rest[1..];
                    }
                }
            } else {
                if c == '\u{a0}' {
                    self.push(" ")
                } else {
                    self.blank = true
                }
                rest = &rest[c.len_utf8()..];
            }
        }
    }

    fn push_char(&mut self, c: char) {
        match c {
            '\u{a0}' => self.push(" "),
            '\u{ad}' | '\u{200b}' | '\u{feff}' => {}
            c => self.push(c.encode_utf8(&mut [0; 4])),
        }
    }

    fn push(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        self.flush_breaks();
        let fresh = self.at_line_start();
        self.start_line();
        if self.blank && !fresh && !self.out.ends_with(' ') {
            self.out.push(' ');
        }
        self.blank = false;
        self.out.push_str(text);
    }

    fn finish(mut self) -> Plain {
        self.breaks = 0;
        {
            let end = self.out.len();
            let start = self.quote_at.filter(|at| *at < end);
            Plain { marks: start.into_iter().map(|start| Mark { start, end, kind: SegmentKind::Quote }).collect(), text: self.out }
        }
    }
}

fn decode_references(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(n) = rest.find('&') {
        out.push_str(&rest[..n]);
        rest = &rest[n..];
        let (c, used) = entity::reference(rest).unwrap_or(('&', 1));
        out.push(c);
        rest = &rest[used..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup() {
        for (html, want) in [
            ("<p>你好</p><p>补丁&nbsp;回滚</p>", "你好\n\n补丁 回滚"),
            ("<p class=MsoNormal>a<o:p></o:p></p><p class=\"MsoNormal\">b</p>", "a\nb"),
            ("a<br>b<br/>c", "a\nb\nc"),
            ("<div>a</div><div><br></div><div>b</div>", "a\n\nb"),
            ("<head><title>t</title><style>p{}</style></head><body>x</body>", "x"),
            ("<style>a<b</style>x<script>1<2</script>y", "xy"),
            ("<div style='display: none'>no<div>no</div></div>yes", "yes"),
            ("<div style='display:none'>never closed", "never closed"),
            ("<ul><li>a</li><li>b</li></ul><ol><li>c<li>d</ol>", "- a\n- b\n1. c\n2. d"),
            ("<table><tr><td>A</td><td>B</td></tr><tr><td>1</td><td>2</td></tr></table>", "A | B\n1 | 2"),
            ("<a href='https://x.example/a'>看这里</a>", "看这里 (https://x.example/a)"),
            ("<a href='https://x.example/'>x.example</a> <a href='mailto:a@b'>a@b</a>", "x.example a@b"),
            ("新<blockquote>旧1<br>旧2<blockquote>更旧</blockquote></blockquote>又", "新\n> 旧1\n> 旧2\n>> 更旧\n又"),
            ("a &lt;b&gt; &#20320; &amp;amp;", "a <b> 你 &amp;"),
            ("<!-- x > y --><!--[if mso]><p>z</p><![endif]-->q", "q"),
            ("1 < 2 and <", "1 < 2 and <"),
            ("<pre>a\n  b</pre>", "a\n  b"),
            ("<a title='x > y' href=q>t</a>", "t"),
            ("", ""),
        ] {
            assert_eq!(to_text(html).text, want, "{html}");
        }
    }

    #[test]
    fn outlook_containers_start_the_quote() {
        let plain = to_text("<div>好的</div><div id=\"appendonsend\"></div><hr><div id=\"divRplyFwdMsg\">发件人: a</div>");
        assert_eq!(plain.text, "好的\n________________________________\n发件人: a");
        assert_eq!(plain.marks.first().map(|m| m.start), Some("好的\n".len()));
    }

    #[test]
    fn hostile_markup_is_linear() {
        for html in ["<!--".repeat(100_000), "<div>".repeat(100_000), "<a \"".repeat(50_000), "<".repeat(300_000), "<style".repeat(50_000)]
        {
            let _ = to_text(&html);
        }
    }
}
