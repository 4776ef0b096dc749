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
        // Patterns of single bytes become a tree of comparisons; patterns of strings would be tried one after the other.
        match *lower {
            [b'a'] => Element::Anchor,
            [b'b']
            | [b'i']
            | [b'u']
            | [b's']
            | [b'e', b'm']
            | [b't', b't']
            | [b'b', b'i', b'g']
            | [b'f', b'o', b'n', b't']
            | [b's', b'm', b'a', b'l', b'l']
            | [b's', b't', b'r', b'o', b'n', b'g']
            | [b'c', b'o', b'd', b'e']
            | [b'o', b':', b'p']
            | [b's', b'u', b'b']
            | [b's', b't', b'r', b'i', b'k', b'e']
            | [b'd', b'e', b'l']
            | [b'i', b'n', b's']
            | [b'm', b'a', b'r', b'k']
            | [b'a', b'b', b'b', b'r']
            | [b'c', b'i', b't', b'e']
            | [b'k', b'b', b'd']
            | [b's', b'a', b'm', b'p']
            | [b'v', b'a', b'r']
            | [b'l', b'a', b'b', b'e', b'l'] => Element::Inline,
            [b'p'] => Element::Paragraph,
            [b'q'] => Element::Quotation,
            [b'b', b'r'] => Element::Br,
            [b't', b'd'] | [b't', b'h'] => Element::Cell,
            [b't', b'r'] => Element::Row,
            [b'h', b'r'] => Element::Hr,
            [b'l', b'i'] => Element::Item,
            [b'u', b'l'] | [b'm', b'e', b'n', b'u'] | [b'd', b'i', b'r'] => Element::Unordered,
            [b'o', b'l'] => Element::Ordered,
            [b'd', b'l'] | [b'd', b't'] | [b'd', b'd'] => Element::Definition,
            [b'h', b'1'] | [b'h', b'2'] | [b'h', b'3'] | [b'h', b'4'] | [b'h', b'5'] | [b'h', b'6'] => Element::Heading,
            [b'd', b'i', b'v'] => Element::Div,
            [b'i', b'm', b'g'] => Element::Image,
            [b'p', b'r', b'e'] | [b'x', b'm', b'p'] | [b'l', b'i', b's', b't', b'i', b'n', b'g'] => Element::Pre,
            [b's', b'u', b'p'] => Element::Superscript,
            [b's', b'p', b'a', b'n'] => Element::Span,
            [b'h', b'e', b'a', b'd'] => Element::Head,
            [b'b', b'o', b'd', b'y'] | [b'h', b't', b'm', b'l'] => Element::Body,
            [b't', b'a', b'b', b'l', b'e'] => Element::Table,
            [b's', b'i', b'g', b'n'] => Element::Signature,
            [b's', b't', b'y', b'l', b'e']
            | [b's', b'c', b'r', b'i', b'p', b't']
            | [b't', b'i', b't', b'l', b'e']
            | [b'i', b'f', b'r', b'a', b'm', b'e']
            | [b'n', b'o', b'f', b'r', b'a', b'm', b'e', b's']
            | [b'n', b'o', b'e', b'm', b'b', b'e', b'd'] => Element::Raw,
            [b'm', b'e', b't', b'a']
            | [b'l', b'i', b'n', b'k']
            | [b'i', b'n', b'p', b'u', b't']
            | [b'c', b'o', b'l']
            | [b'a', b'r', b'e', b'a']
            | [b'b', b'a', b's', b'e']
            | [b'w', b'b', b'r']
            | [b'e', b'm', b'b', b'e', b'd']
            | [b's', b'o', b'u', b'r', b'c', b'e']
            | [b'p', b'a', b'r', b'a', b'm']
            | [b't', b'r', b'a', b'c', b'k']
            | [b'b', b'a', b's', b'e', b'f', b'o', b'n', b't']
            | [b'f', b'r', b'a', b'm', b'e'] => Element::Void,
            [b'n', b'o', b's', b'c', b'r', b'i', b'p', b't']
            | [b't', b'e', b'm', b'p', b'l', b'a', b't', b'e']
            | [b's', b'v', b'g']
            | [b'o', b'b', b'j', b'e', b'c', b't']
            | [b'a', b'u', b'd', b'i', b'o']
            | [b'v', b'i', b'd', b'e', b'o']
            | [b'c', b'a', b'n', b'v', b'a', b's']
            | [b'x', b'm', b'l']
            | [b'a', b'p', b'p', b'l', b'e', b't']
            | [b'd', b'a', b't', b'a', b'l', b'i', b's', b't'] => Element::Invisible,
            [b't', b'b', b'o', b'd', b'y']
            | [b't', b'h', b'e', b'a', b'd']
            | [b't', b'f', b'o', b'o', b't']
            | [b's', b'e', b'c', b't', b'i', b'o', b'n']
            | [b'a', b'r', b't', b'i', b'c', b'l', b'e']
            | [b'h', b'e', b'a', b'd', b'e', b'r']
            | [b'f', b'o', b'o', b't', b'e', b'r']
            | [b'c', b'e', b'n', b't', b'e', b'r']
            | [b'f', b'o', b'r', b'm']
            | [b'a', b'd', b'd', b'r', b'e', b's', b's']
            | [b'f', b'i', b'e', b'l', b'd', b's', b'e', b't']
            | [b'm', b'a', b'i', b'n']
            | [b'n', b'a', b'v']
            | [b'a', b's', b'i', b'd', b'e']
            | [b'f', b'i', b'g', b'u', b'r', b'e']
            | [b'c', b'a', b'p', b't', b'i', b'o', b'n']
            | [b'd', b'e', b't', b'a', b'i', b'l', b's']
            | [b's', b'u', b'm', b'm', b'a', b'r', b'y']
            | [b'l', b'e', b'g', b'e', b'n', b'd'] => Element::Block,
            [b'x', b'm', b'-', b's', b'i', b'g', b'n', b'a', b't', b'u', b'r', b'e'] => Element::Signature,
            [b'b', b'l', b'o', b'c', b'k', b'q', b'u', b'o', b't', b'e'] => Element::Blockquote,
            [b'f', b'i', b'g', b'c', b'a', b'p', b't', b'i', b'o', b'n'] => Element::Block,
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
