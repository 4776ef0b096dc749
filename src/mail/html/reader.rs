//! What elements do: the walk over the tokens, with a stack of the open blocks and what each of them began.
//!
//! The stack is bounded; a closing tag closes what is open inside it, but never reaches out of a table cell. Elements that
//! are not blocks are not kept: they matter only where they hide text or hold a mark, and are counted then.

use super::Plain;
use super::attribute::Attributes;
use super::client::{self, Role};
use super::element::Element;
use super::list::List;
use super::look::{self, Look};
use super::marks::Until;
use super::peek;
use super::token::{Tag, Token, Tokens};
use super::writer::Writer;
use crate::mail::{SegmentKind, entity};

/// Open blocks kept; deeper ones are counted.
const MOST_OPEN: usize = 20_000;
/// How far up a closing tag looks for its element.
const REACH: usize = 400;
/// Deepest list that is indented further.
const DEEPEST_LIST: usize = 12;

/// What closing an element undoes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Effect {
    None,
    Pre,
    Quote,
    List,
    /// The row of the table around it.
    Table(Option<usize>),
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Open {
    element: Element,
    effect: Effect,
}

/// An element that is not on the stack, by its name, and how often it is open.
pub(super) struct Counted<'a> {
    pub element: Element,
    pub name: &'a str,
    pub count: usize,
    /// Blocks opened inside less blocks closed.
    pub blocks: usize,
}

impl Counted<'_> {
    /// Whether this block around it ends it. Rows and cells often lack their closing tags: only tables end them.
    fn is_left_by(&self, element: Element) -> bool {
        match self.element {
            Element::Row | Element::Cell => element == Element::Table,
            _ => element.is_tracked(),
        }
    }
}

pub(super) struct Reader<'a> {
    pub(super) writer: Writer,
    hides: bool,
    pub(super) hidden: Option<Counted<'a>>,
    /// An inline element that holds a mark.
    pub(super) holder: Option<Counted<'a>>,
    pub(super) stack: Vec<Open>,
    overflow: usize,
    /// Tables on the stack.
    tables: usize,
    lists: Vec<List>,
    in_head: bool,
    /// The style sheet puts no space between paragraphs.
    is_flat: bool,
    /// Line ends that the paragraph we are in leaves.
    margin: usize,
    link: Option<(&'a str, usize)>,
    pub(super) peeks: usize,
    /// Foxmail's line above a signature was seen: the next block is one.
    pub(super) signature_follows: bool,
}

/// The text and marks of `html`; true when a hidden element was never closed and hid text.
pub fn read(html: &str, hides: bool) -> (Plain, bool) {
    let mut reader = Reader {
        writer: Writer::new(html.len() / 3),
        hides,
        hidden: None,
        holder: None,
        stack: Vec::new(),
        overflow: 0,
        tables: 0,
        lists: Vec::new(),
        in_head: false,
        is_flat: false,
        margin: 1,
        link: None,
        peeks: 0,
        signature_follows: false,
    };
    let mut hid_text = false;
    for token in Tokens::new(html) {
        match token {
            Token::Text(text) if reader.hidden.is_some() => hid_text |= !text.trim().is_empty(),
            Token::Text(_) | Token::Literal(_) if reader.in_head => {}
            Token::Text(text) => reader.writer.text(text),
            Token::Literal(text) if reader.hidden.is_none() => reader.writer.literal(text),
            Token::Start(tag) => {
                let was_shown = reader.hidden.is_none();
                reader.start(&tag);
                hid_text &= !(was_shown && reader.hidden.is_some());
            }
            Token::End(tag) => reader.end(&tag),
            Token::Comment(text) => reader.comment(text),
            Token::Style(sheet) => reader.is_flat |= look::is_flat_sheet(sheet),
            Token::Literal(_) => {}
        }
    }
    let swallowed = reader.hidden.is_some() && hid_text;
    let Writer { out, marks, .. } = reader.writer;
    let marks = marks.finish(&out);
    (Plain { text: out, marks }, swallowed)
}

impl<'a> Reader<'a> {
    fn start(&mut self, tag: &Tag<'a>) {
        if self.hidden.is_some() && !self.shows_again(tag) {
            return;
        }
        match tag.element {
            Element::Br => self.writer.line_break(),
            Element::Head => self.in_head = true,
            Element::Body => self.in_head = false,
            Element::Void | Element::Raw => {}
            Element::Inline | Element::Other | Element::Span if tag.attributes.len() < 7 => {
                self.count(tag);
            }
            _ => self.element(tag),
        }
    }

    /// Inside a hidden element: whether this tag ends it without closing it.
    fn shows_again(&mut self, tag: &Tag<'a>) -> bool {
        let Some(hidden) = &mut self.hidden else { return true };
        let same = tag.name.eq_ignore_ascii_case(hidden.name);
        let ends = hidden.blocks == 0 && hidden.element.ends_itself() && hidden.count == 1;
        if ends && (same || hidden.element == Element::Paragraph && matches!(tag.element, Element::Div | Element::Table)) {
            self.hidden = None;
            return true;
        }
        if same {
            hidden.count += 1;
        } else if hidden.is_left_by(tag.element) {
            hidden.blocks += 1;
        }
        false
    }

    fn count(&mut self, tag: &Tag<'a>) {
        if let Some(holder) = &mut self.holder
            && tag.name.eq_ignore_ascii_case(holder.name)
        {
            holder.count += 1;
        }
    }

    fn element(&mut self, tag: &Tag<'a>) {
        let element = tag.element;
        if self.in_head && !matches!(element, Element::Div | Element::Paragraph | Element::Table) {
            return;
        }
        self.in_head = false;
        self.count(tag);
        let attributes = Attributes::read(tag.attributes);
        let look = look::look(attributes.style);
        if element == Element::Invisible || self.hides && !element.is_void() && look.is_hidden(element, &attributes) {
            if !tag.attributes.ends_with('/') {
                self.hidden = Some(Counted { element, name: tag.name, count: 1, blocks: 0 });
            }
            return;
        }
        match element {
            Element::Paragraph => self.paragraph(tag, &attributes, &look),
            Element::Heading => self.writer.block(2),
            Element::Definition => self.writer.block(1),
            Element::Hr => self.rule(tag, &attributes),
            Element::Row => self.row(),
            Element::Item => self.item(&attributes),
            Element::Anchor => self.anchor(&attributes),
            Element::Image => self.image(&attributes),
            Element::Quotation => self.writer.text("“"),
            Element::Superscript => self.superscript(tag),
            Element::Span => self.span(tag, &attributes, &look),
            Element::Signature => self.hold(tag, SegmentKind::Signature, false),
            element if element.is_tracked() => self.block(tag, &attributes, &look),
            _ => {}
        }
    }

    fn paragraph(&mut self, tag: &Tag<'a>, attributes: &Attributes<'_>, look: &Look<'_>) {
        if self.holder.as_ref().is_some_and(|holder| holder.element == Element::Paragraph) {
            self.release();
        }
        let is_flat = self.is_flat
            || look.is_flat
            || !self.lists.is_empty()
            || (attributes.class.starts_with("Mso") || attributes.class.starts_with("x_Mso"));
        self.margin = if is_flat { 1 } else { 2 };
        self.writer.block(self.margin);
        if let Some(role) = client::role(attributes) {
            self.take_role(role, tag, true);
        }
    }

    fn span(&mut self, tag: &Tag<'a>, attributes: &Attributes<'_>, look: &Look<'_>) {
        self.writer.filler |= look.is_filler;
        if look.is_marker && self.may_peek() {
            let words = peek::first_words(tag.after);
            let mut chars = words.chars();
            let alone = chars.next().is_some() && chars.next().is_none_or(|c| c == ' ');
            self.writer.bullet = alone;
        }
        if let Some(role) = client::role(attributes) {
            self.take_role(role, tag, true);
        }
    }

    fn rule(&mut self, tag: &Tag<'a>, attributes: &Attributes<'_>) {
        self.writer.horizontal_rule();
        let style = attributes.style;
        self.signature_follows = style.contains("210px") && style.contains("1px");
        if let Some(role @ (Role::Header | Role::MaybeHeader)) = client::role(attributes) {
            self.take_role(role, tag, false);
        }
    }

    fn row(&mut self) {
        self.close_inside_table();
        self.writer.row();
    }

    fn item(&mut self, attributes: &Attributes<'_>) {
        self.writer.item();
        let depth = self.lists.len().clamp(1, DEEPEST_LIST);
        let marker = self.lists.last_mut().map_or("- ".to_string(), |list| list.marker(attributes.value));
        self.writer.marker(depth - 1, &marker);
    }

    fn anchor(&mut self, attributes: &Attributes<'a>) {
        let href = attributes.href.trim();
        let is_shown = href.len() < 2000 && href.get(..4).is_some_and(|scheme| scheme.eq_ignore_ascii_case("http"));
        self.link = is_shown.then_some((href, self.writer.out.len()));
    }

    fn close_anchor(&mut self) {
        let Some((href, start)) = self.link.take() else { return };
        let shown = self.writer.out.get(start..).unwrap_or("").trim_start_matches(['|', ' ', '\n', '>']).trim_end();
        let href = decode_references(href);
        if !shown.is_empty() && !is_same_place(shown, &href) {
            self.writer.literal(&format!(" ({href})"));
        }
    }

    /// An image shows nothing but a character drawn as one (Gmail, Outlook and Apple send emoji so).
    fn image(&mut self, attributes: &Attributes<'_>) {
        let alt = decode_references(attributes.alt);
        let is_character =
            alt.chars().next().is_some_and(|c| c >= '\u{2190}' && !c.is_alphanumeric() && !('\u{3000}'..'\u{a000}').contains(&c));
        if is_character && alt.chars().count() <= 8 && attributes.least_side.is_none_or(|side| side > 1) {
            self.writer.text(&alt);
        }
    }

    /// `10<sup>6</sup>` is not 106.
    fn superscript(&mut self, tag: &Tag<'a>) {
        let is_number = tag.after.as_bytes().first().is_some_and(|b| b.is_ascii_digit() || *b == b'-');
        if is_number && self.writer.out.ends_with(|c: char| c.is_ascii_alphanumeric()) {
            self.writer.text("^");
        }
    }

    fn block(&mut self, tag: &Tag<'a>, attributes: &Attributes<'_>, look: &Look<'_>) {
        let element = tag.element;
        match element {
            Element::Cell => {
                self.close_inside_table();
                self.writer.cell(attributes.least_side.is_some_and(|side| side < 40));
            }
            Element::Ordered | Element::Unordered => self.writer.item(),
            _ => self.writer.block(1),
        }
        if self.stack.len() >= MOST_OPEN {
            self.overflow += 1;
            return;
        }
        let mut effect = Effect::None;
        match element {
            Element::Blockquote => effect = self.blockquote(tag, look),
            Element::Table => {
                effect = Effect::Table(self.writer.row);
                self.writer.row();
            }
            Element::Pre => effect = Effect::Pre,
            Element::Div | Element::Cell if look.is_pre => effect = Effect::Pre,
            Element::Ordered | Element::Unordered => {
                effect = Effect::List;
                self.lists.push(match element {
                    Element::Ordered => List::ordered(attributes.start, attributes.sort, look.no_bullet),
                    _ => List::unordered(look.no_bullet),
                });
            }
            _ => {}
        }
        match effect {
            Effect::Pre => self.writer.pre += 1,
            Effect::Table(_) => self.tables += 1,
            _ => {}
        }
        self.stack.push(Open { element, effect });
        self.container(tag, attributes, look);
    }

    fn end(&mut self, tag: &Tag<'a>) {
        if self.hidden.is_some() {
            self.end_hidden(tag);
            return;
        }
        if self.holder.as_ref().is_some_and(|holder| tag.name.eq_ignore_ascii_case(holder.name)) {
            let count = self.holder.as_mut().map_or(0, |holder| {
                holder.count -= 1;
                holder.count
            });
            if count == 0 {
                self.release();
            }
        }
        match tag.element {
            Element::Head => self.in_head = false,
            _ if self.in_head => {}
            Element::Paragraph => self.writer.block(self.margin),
            Element::Heading => self.writer.block(2),
            Element::Definition => self.writer.block(1),
            Element::Row => {
                self.close_inside_table();
                self.writer.end_row();
            }
            Element::Item => self.writer.item(),
            Element::Anchor => self.close_anchor(),
            Element::Quotation => self.writer.text("”"),
            Element::Span => self.writer.filler = false,
            element if element.is_tracked() => self.close(element),
            _ => {}
        }
    }

    fn end_hidden(&mut self, tag: &Tag<'a>) {
        let Some(hidden) = &mut self.hidden else { return };
        if tag.name.eq_ignore_ascii_case(hidden.name) {
            hidden.count -= 1;
            if hidden.count == 0 {
                self.hidden = None;
            }
        } else if hidden.is_left_by(tag.element) {
            match hidden.blocks {
                // A block around it closes: so does it.
                0 => {
                    self.hidden = None;
                    self.close(tag.element);
                }
                _ => hidden.blocks -= 1,
            }
        }
    }

    /// A closing tag: what is open inside its element closes too.
    fn close(&mut self, element: Element) {
        match element {
            Element::Ordered | Element::Unordered => self.writer.item(),
            Element::Cell => {}
            _ => self.writer.block(1),
        }
        if self.overflow > 0 {
            self.overflow -= 1;
            return;
        }
        let leaves_cells = matches!(element, Element::Cell | Element::Table | Element::Block);
        for (n, open) in self.stack.iter().rev().take(REACH).enumerate() {
            if open.element == element {
                let to = self.stack.len() - n - 1;
                while self.stack.len() > to {
                    self.pop();
                }
                return;
            }
            if open.element == Element::Cell && !leaves_cells || open.element == Element::Table {
                return;
            }
        }
    }

    /// Closes what is open inside the innermost table.
    fn close_inside_table(&mut self) {
        while self.tables > 0 && self.stack.last().is_some_and(|open| open.element != Element::Table) {
            self.pop();
        }
    }

    fn pop(&mut self) {
        let Some(open) = self.stack.pop() else { return };
        match open.effect {
            Effect::None => {}
            Effect::Pre => self.writer.pre = self.writer.pre.saturating_sub(1),
            Effect::Quote => self.writer.set_quote(self.writer.quote.saturating_sub(1)),
            Effect::List => {
                self.lists.pop();
            }
            Effect::Table(row) => {
                self.tables -= 1;
                let inner = self.writer.row;
                self.writer.end_row();
                self.writer.row = row.or(inner);
            }
        }
        if let Some((_, Until::Closed(at) | Until::Quoted(at))) = self.writer.marks.open()
            && at >= self.stack.len()
        {
            self.writer.marks.end(self.writer.out.len());
        }
    }
}

fn is_same_place(shown: &str, href: &str) -> bool {
    let bare = |place: &str| {
        let place = place.trim_end_matches('/');
        let place = place.split_once("://").map_or(place, |(_, rest)| rest);
        place.strip_prefix("www.").unwrap_or(place).to_ascii_lowercase()
    };
    bare(shown) == bare(href)
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
