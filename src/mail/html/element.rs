//! Names of elements, read from the bytes without a copy; what the writer does alike shares one word.

/// What an element means for the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Element {
    Anchor,
    /// Sections, forms, centring: begins and ends a line.
    Block,
    Blockquote,
    Body,
    Br,
    Cell,
    Definition,
    Div,
    Head,
    Heading,
    Hr,
    /// Content that nobody sees: templates, drawings, Word's data islands.
    Invisible,
    Image,
    /// Letters look different, nothing else: `b`, `i`, `font`, Word's `o:p`.
    Inline,
    Item,
    Ordered,
    Paragraph,
    Pre,
    Quotation,
    /// Text up to the closing tag is not markup: style, script, title.
    Raw,
    Row,
    /// The elements that QQ mail puts around a signature.
    Signature,
    Span,
    Superscript,
    Table,
    Unordered,
    /// No content and no meaning: `meta`, `col`, `wbr`.
    Void,
    Other,
}

impl Element {
    /// Of a name in any case.
    pub fn named(name: &[u8]) -> Element {
        let mut lower = [0u8; 12];
        let Some(lower) = lower.get_mut(..name.len()) else { return Element::Other };
        for (to, from) in lower.iter_mut().zip(name) {
            *to = from | (u8::from(from.is_ascii_uppercase()) << 5);
        }
        match &*lower {
            b"a" => Element::Anchor,
            b"b" | b"i" | b"u" | b"s" | b"em" | b"tt" | b"big" | b"font" | b"small" | b"strong" | b"code" | b"o:p" | b"sub" | b"strike"
            | b"del" | b"ins" | b"mark" | b"abbr" | b"cite" | b"kbd" | b"samp" | b"var" | b"label" => Element::Inline,
            b"p" => Element::Paragraph,
            b"q" => Element::Quotation,
            b"br" => Element::Br,
            b"td" | b"th" => Element::Cell,
            b"tr" => Element::Row,
            b"hr" => Element::Hr,
            b"li" => Element::Item,
            b"ul" | b"menu" | b"dir" => Element::Unordered,
            b"ol" => Element::Ordered,
            b"dl" | b"dt" | b"dd" => Element::Definition,
            b"h1" | b"h2" | b"h3" | b"h4" | b"h5" | b"h6" => Element::Heading,
            b"div" => Element::Div,
            b"img" => Element::Image,
            b"pre" | b"xmp" | b"listing" => Element::Pre,
            b"sup" => Element::Superscript,
            b"span" => Element::Span,
            b"head" => Element::Head,
            b"body" | b"html" => Element::Body,
            b"table" => Element::Table,
            b"sign" => Element::Signature,
            b"style" | b"script" | b"title" | b"iframe" | b"noframes" | b"noembed" => Element::Raw,
            b"meta" | b"link" | b"input" | b"col" | b"area" | b"base" | b"wbr" | b"embed" | b"source" | b"param" | b"track"
            | b"basefont" | b"frame" => Element::Void,
            b"noscript" | b"template" | b"svg" | b"object" | b"audio" | b"video" | b"canvas" | b"xml" | b"applet" | b"datalist" => {
                Element::Invisible
            }
            b"tbody" | b"thead" | b"tfoot" | b"section" | b"article" | b"header" | b"footer" | b"center" | b"form" | b"address"
            | b"fieldset" | b"main" | b"nav" | b"aside" | b"figure" | b"caption" | b"details" | b"summary" | b"legend" => Element::Block,
            b"xm-signature" => Element::Signature,
            b"blockquote" => Element::Blockquote,
            b"figcaption" => Element::Block,
            _ => Element::Other,
        }
    }

    /// Whether it never has content.
    pub fn is_void(self) -> bool {
        matches!(self, Element::Br | Element::Hr | Element::Image | Element::Void)
    }

    /// Whether it is kept on the stack of open elements.
    pub fn is_tracked(self) -> bool {
        matches!(
            self,
            Element::Div
                | Element::Block
                | Element::Blockquote
                | Element::Table
                | Element::Cell
                | Element::Ordered
                | Element::Unordered
                | Element::Pre
        )
    }

    /// Whether the next one of its kind ends it without a closing tag (HTML §13.1.2.4).
    pub fn ends_itself(self) -> bool {
        matches!(self, Element::Paragraph | Element::Item | Element::Row | Element::Cell)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for (name, want) in [
            ("BlockQuote", Element::Blockquote),
            ("O:P", Element::Inline),
            ("TH", Element::Cell),
            ("h3", Element::Heading),
            ("v:shape", Element::Other),
            ("a-very-long-name-of-nothing", Element::Other),
            ("", Element::Other),
        ] {
            assert_eq!(Element::named(name.as_bytes()), want, "{name}");
        }
    }
}
