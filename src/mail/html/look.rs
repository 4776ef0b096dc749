//! What inline style says that matters for the text: hidden, lines above (Outlook's quote header), margins, white space.

use super::attribute::Attributes;
use super::element::Element;
use crate::mail::header;

/// Whether a property may say something; most (fonts, widths, paddings) do not.
fn matters(name: &[u8]) -> bool {
    match name.first().map(|first| first | 0x20) {
        Some(b'd' | b'v' | b'o' | b'l' | b'w') => name.len() >= 7,
        Some(b'm') => name.len() >= 6,
        Some(b'b') => name.len() == 6 || name.len() >= 10,
        Some(b'c') => name.len() == 5,
        Some(b'f') => matches!(name.len(), 4 | 9),
        _ => false,
    }
}

/// A line above a block, as Outlook and Foxmail draw it over the header of the quoted mail.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum RuleAbove {
    #[default]
    None,
    /// In the colours that only these clients use (`#B5C4DF`, `#E1E1E1`).
    OfOutlook,
    Other,
}

#[derive(Debug, Default, PartialEq)]
pub struct Look<'a> {
    none: bool,
    mso_none: bool,
    invisible: bool,
    clear: bool,
    no_size: bool,
    no_height: bool,
    clipped: bool,
    pub rule_above: RuleAbove,
    /// Paragraphs without space between them.
    pub is_flat: bool,
    /// Line ends of the source are shown.
    pub is_pre: bool,
    /// The indentation that editors make with a blockquote; not a quotation.
    pub is_indent: bool,
    /// Foxmail's quote: half a letter of margin, no line beside it.
    pub is_foxmail: bool,
    /// The white space that Word puts after the number of a list.
    pub is_filler: bool,
    /// Word's list marker.
    pub is_marker: bool,
    pub no_bullet: bool,
    color: &'a str,
    background: &'a str,
    margin: &'a str,
    no_border: bool,
    zero_top: bool,
    zero_bottom: bool,
}

/// Reads a style attribute; one pass, no copy.
pub fn look(style: &str) -> Look<'_> {
    let mut look = Look::default();
    let bytes = style.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let Some(colon) = bytes[at..].iter().position(|b| *b == b':').map(|n| at + n) else { break };
        let end = bytes[colon..].iter().position(|b| *b == b';').map_or(bytes.len(), |n| colon + n);
        let name = bytes[at..colon].trim_ascii();
        if matters(name) {
            look.read(name, style[colon + 1..end].trim_ascii());
        }
        at = end + 1;
    }
    let mut sides = look.margin.split_ascii_whitespace();
    let (top, _, bottom, left) = (sides.next(), sides.next(), sides.next(), sides.next());
    look.is_flat = top.is_some_and(is_zero) && bottom.is_none_or(is_zero) || look.zero_top && look.zero_bottom;
    look.is_indent = look.no_border && left.is_some_and(|left| left.starts_with("40px"));
    look
}

impl<'a> Look<'a> {
    fn read(&mut self, name: &[u8], value: &'a str) {
        let Some(first) = name.first() else { return };
        let is = |word: &str| name.eq_ignore_ascii_case(word.as_bytes());
        match first | 0x20 {
            b'd' if is("display") => self.none = begins(value, "none"),
            b'v' if is("visibility") => self.invisible = begins(value, "hidden"),
            b'o' if is("opacity") => self.clear = is_zero(value),
            b'o' if is("overflow") => self.clipped = begins(value, "hidden"),
            b'm' => self.read_m(name, value),
            b'f' if is("font-size") => self.no_size = is_zero(value),
            b'f' if is("font") => self.is_filler = begins(value, "7.0pt") && value.contains("Times"),
            b'c' if is("color") => self.color = value,
            b'b' if is("background") || is("background-color") => self.background = value,
            b'b' if name.len() >= 6 => self.read_border(name, value),
            b'w' if is("white-space") => self.is_pre = begins(value, "pre"),
            b'l' if is("list-style") || is("list-style-type") => self.no_bullet = begins(value, "none"),
            _ => {}
        }
    }

    fn read_m(&mut self, name: &[u8], value: &'a str) {
        let is = |word: &str| name.eq_ignore_ascii_case(word.as_bytes());
        if is("margin") {
            self.margin = value;
        } else if is("margin-top") {
            self.zero_top = is_zero(value);
        } else if is("margin-bottom") {
            self.zero_bottom = is_zero(value);
        } else if is("margin-left") {
            self.is_foxmail = begins(value, "0.5em");
        } else if is("max-height") {
            self.no_height = is_zero(value);
        } else if is("mso-hide") {
            self.mso_none = begins(value, "all");
        } else if is("mso-list") {
            self.is_marker = begins(value, "ignore");
        }
    }

    fn read_border(&mut self, name: &[u8], value: &str) {
        let is = |word: &str| name.eq_ignore_ascii_case(word.as_bytes());
        if is("border") {
            self.no_border = begins(value, "none") || begins(value, "medium none") || is_zero(value);
        } else if is("border-top") && holds(value, "solid") {
            let known = ["#b5c4df", "#e1e1e1", "rgb(181, 196, 223)", "rgb(225, 225, 225)", "rgb(181,196,223)", "rgb(225,225,225)"];
            let is_known = known.iter().any(|color| holds(value, color));
            self.rule_above = if is_known { RuleAbove::OfOutlook } else { RuleAbove::Other };
        } else if is("border-style") && begins(value, "solid none none") {
            self.rule_above = RuleAbove::Other;
        }
    }

    /// Whether nobody sees the element's text.
    pub fn is_hidden(&self, element: Element, attributes: &Attributes<'_>) -> bool {
        let inline = matches!(element, Element::Span | Element::Paragraph | Element::Inline | Element::Anchor);
        self.none
            || self.invisible
            || self.clear
            || attributes.hidden
            || self.no_height && self.clipped
            // A button for all but Outlook, which has its own in a conditional comment.
            || self.mso_none && element != Element::Anchor
            // Tables set it to 0 against gaps, and their cells set it back.
            || self.no_size && inline
            || is_white(self.color) && is_white(self.background)
    }
}

fn begins(value: &str, word: &str) -> bool {
    value.as_bytes().get(..word.len()).is_some_and(|b| b.eq_ignore_ascii_case(word.as_bytes()))
}

fn holds(value: &str, word: &str) -> bool {
    value.len() < 200 && value.as_bytes().windows(word.len()).any(|w| w.eq_ignore_ascii_case(word.as_bytes()))
}

/// `0`, `0px`, `0.0cm`, `.0001pt`.
fn is_zero(value: &str) -> bool {
    let number: &str = value.split(|c: char| !c.is_ascii_digit() && c != '.').next().unwrap_or("");
    !number.is_empty() && number.parse::<f32>().is_ok_and(|n| n < 0.01)
}

fn is_white(color: &str) -> bool {
    let color = color.strip_suffix("!important").unwrap_or(color).trim_ascii_end();
    color.len() >= 4
        && ["#fff", "#ffffff", "white", "rgb(255,255,255)", "rgb(255, 255, 255)"].iter().any(|white| color.eq_ignore_ascii_case(white))
}

/// Whether a style sheet takes the space between paragraphs away, as those of Outlook on the web and Foxmail do.
pub fn is_flat_sheet(sheet: &str) -> bool {
    let sheet = header::floor(sheet, 16 * 1024);
    let bytes = sheet.as_bytes();
    let mut from = 0;
    while let Some(open) = memchr::memchr(b'{', &bytes[from..]).map(|n| from + n) {
        let close = memchr::memchr(b'}', &bytes[open..]).map_or(bytes.len(), |n| open + n);
        let selectors = sheet[from..open].trim_ascii_start();
        let selectors = selectors.strip_prefix("<!--").unwrap_or(selectors);
        let is_paragraph = selectors.len() < 200 && selectors.split(',').any(|name| name.trim_ascii().eq_ignore_ascii_case("p"));
        if is_paragraph && look(&sheet[open + 1..close]).is_flat {
            return true;
        }
        from = (close + 1).min(bytes.len());
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden() {
        for (style, element, want) in [
            ("DISPLAY : none !important", Element::Div, true),
            ("visibility:hidden", Element::Cell, true),
            ("max-height:0px;overflow:hidden", Element::Div, true),
            ("max-height:0px", Element::Div, false),
            ("font-size:0", Element::Span, true),
            ("font-size:0px", Element::Cell, false),
            ("font-size:0.8em", Element::Span, false),
            ("opacity: 0", Element::Div, true),
            ("opacity:0.9", Element::Div, false),
            ("mso-hide:all", Element::Span, true),
            ("mso-hide:all", Element::Anchor, false),
            ("color:#FFFFFF;background-color:white", Element::Span, true),
            ("color:#ffffff", Element::Span, false),
            ("display:inline-block", Element::Span, false),
        ] {
            assert_eq!(look(style).is_hidden(element, &Attributes::default()), want, "{style}");
        }
    }

    #[test]
    fn rules_and_margins() {
        let above = |style| look(style).rule_above;
        assert_eq!(above("border:none;border-top:solid #B5C4DF 1.0pt;padding:3.0pt 0in 0in 0in"), RuleAbove::OfOutlook);
        assert_eq!(above("BORDER-TOP: #e1e1e1 1pt solid"), RuleAbove::OfOutlook);
        assert_eq!(above("border-width: 1pt medium medium; border-style: solid none none"), RuleAbove::Other);
        assert_eq!(above("border-bottom:solid windowtext 1.0pt"), RuleAbove::None);
        assert!(look("margin:0cm;margin-bottom:.0001pt").is_flat);
        assert!(look("margin: 0px 0px 0px 40px; border: none; padding: 0px").is_indent);
        assert!(!look("margin:0 0 0 .8ex;border-left:1px #ccc solid").is_indent);
        assert!(look("margin-Top: 0px; margin-Bottom: 0px; margin-Left: 0.5em").is_foxmail);
        assert!(!look("margin:0 0 16px").is_flat);
        assert!(is_flat_sheet("body{x:y} P {margin-top:0;margin-bottom:0;}"));
        assert!(!is_flat_sheet("p.MsoNormal{margin:0} p{color:red}"));
    }
}
