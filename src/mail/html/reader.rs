//! What elements do: the walk over the tokens, with a stack of the open blocks and what each of them began.
//!
//! The stack is bounded; a closing tag closes what is open inside it, but never reaches out of a table cell. Elements that
//! are not blocks are not kept: they matter only where they hide text or hold a mark, and are counted then.

use super::Plain;
use super::attribute::Attributes;
use super::client::{self, Role};
use super::element::Element;
use super::list::List;
use super::look::{self, Look, RuleAbove};
use super::marks::Until;
use super::peek;
use super::token::{Tag, Token, Tokens};
use super::writer::Writer;
use crate::mail::{SegmentKind, entity};

/// Open blocks kept; deeper ones are counted.
const MOST_OPEN: usize = 20_000;
/// How far up a closing tag looks for its element.
const REACH: usize = 400;
/// Looks ahead in one mail.
const MOST_PEEKS: usize = 300;
/// Deepest list that is indented further.
const DEEPEST_LIST: usize = 12;

/// What closing an element undoes.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Effect {
    None,
    Pre,
    Quote,
    List,
    /// The row of the table around it.
    Table(Option<usize>),
}

#[derive(Debug, Clone, Copy)]
struct Open {
    element: Element,
    effect: Effect,
}

/// An element that is not on the stack, by its name, and how often it is open.
struct Counted<'a> {
    element: Element,
    name: &'a str,
    count: usize,
    /// Blocks opened inside less blocks closed.
    blocks: usize,
}

struct Reader<'a> {
    writer: Writer,
    hides: bool,
    hidden: Option<Counted<'a>>,
    /// An inline element that holds a mark.
    holder: Option<Counted<'a>>,
    stack: Vec<Open>,
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
    peeks: usize,
    /// Foxmail's line above a signature was seen: the next block is one.
    signature_follows: bool,
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
            Element::Br => return self.writer.line_break(),
            Element::Head => self.in_head = true,
            Element::Body => self.in_head = false,
            Element::Void | Element::Raw => {}
            Element::Inline | Element::Other | Element::Span if tag.attributes.len() < 8 => {
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
        } else if tag.element.is_tracked() {
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
        let is_flat = self.is_flat || look.is_flat || (attributes.class.starts_with("Mso") || attributes.class.starts_with("x_Mso"));
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
        self.signature_follows = holds(style, "210px") && holds(style, "1px");
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

    /// What an opened block is to its client.
    fn container(&mut self, tag: &Tag<'a>, attributes: &Attributes<'_>, look: &Look<'_>) {
        if std::mem::take(&mut self.signature_follows) && tag.element == Element::Div {
            self.begin(SegmentKind::Signature, Until::Closed(self.stack.len() - 1), false);
        }
        if tag.element == Element::Blockquote {
            return;
        }
        if let Some(role) = client::role(attributes) {
            return self.take_role(role, tag, false);
        }
        match look.rule_above {
            RuleAbove::None => {}
            above if self.may_open() && self.may_peek() => {
                let words = peek::first_words(tag.after);
                let colon = words.find([':', '：']).is_some_and(|n| n < 40);
                if peek::is_label(&words) || above == RuleAbove::OfOutlook && colon {
                    self.begin(SegmentKind::Quote, Until::End, false);
                }
            }
            _ => {}
        }
        if !matches!(tag.element, Element::Div | Element::Cell) || !peek::begins_with_text(tag.after) {
            return;
        }
        let is_top = self.writer.out.len() < 8;
        let is_dashed = tag.after.trim_start().starts_with('-');
        if (is_top || is_dashed) && self.may_open() && self.may_peek() {
            let words = peek::first_words(tag.after);
            if is_top && peek::is_banner(&words) {
                self.begin(SegmentKind::Banner, Until::Closed(self.stack.len() - 1), false);
            } else if peek::is_separator(&words) {
                self.begin(SegmentKind::Quote, Until::End, false);
            }
        }
    }

    /// A quotation with `> `, unless the client means something else by it.
    fn blockquote(&mut self, tag: &Tag<'a>, look: &Look<'_>) -> Effect {
        if look.is_indent {
            return Effect::None;
        }
        let at = self.stack.len();
        let is_outer = self.writer.quote == 0;
        if is_outer && self.may_open() && self.may_peek() {
            let words = peek::first_words(tag.after);
            if peek::ends_with_forward(&self.writer.out) {
                return Effect::None;
            }
            if peek::is_forward(&words) && (words.starts_with('-') || words.len() < 60 || peek::is_label(&words)) {
                return Effect::None;
            }
            // Seen in practice (Foxmail): the answer itself is typed inside the blockquote, above the header.
            let is_answer = look.is_foxmail && self.writer.out.trim().is_empty();
            if is_answer && !peek::is_label(&words) && !peek::is_separator(&words) {
                return Effect::None;
            }
            if look.is_foxmail || peek::is_label(&words) || peek::is_separator(&words) {
                // A header says whose text it is; the lines need no prefix.
                self.begin(SegmentKind::Quote, Until::Closed(at), false);
                return Effect::None;
            }
        }
        if look.is_foxmail {
            return Effect::None;
        }
        match self.writer.marks.open() {
            Some((SegmentKind::Quote, Until::Quoted(_))) => self.writer.marks.end_with(Until::Closed(at)),
            _ => self.begin(SegmentKind::Quote, Until::Closed(at), false),
        }
        self.writer.set_quote(self.writer.quote + 1);
        Effect::Quote
    }

    /// Acts on the role a client gave this element by its names. `is_inline`: it is not on the stack.
    fn take_role(&mut self, role: Role, tag: &Tag<'a>, is_inline: bool) {
        let kind = match role {
            Role::Signature | Role::LooseSignature => SegmentKind::Signature,
            Role::Forwarded => SegmentKind::Forwarded,
            _ => SegmentKind::Quote,
        };
        if !self.may_open() {
            return;
        }
        if kind == SegmentKind::Quote && self.may_peek() {
            let words = peek::first_words(tag.after);
            let has_header = peek::is_label(&words) || words.starts_with(['-', '_']) || holds(peek::ahead(tag.after), "divRplyFwdMsg");
            if peek::is_forward(&words) && !peek::is_label(&words) || role == Role::MaybeHeader && !has_header {
                return;
            }
        }
        let is_loose = role == Role::LooseSignature;
        match role {
            Role::Header | Role::MaybeHeader => self.begin(kind, Until::End, false),
            _ if is_inline => self.hold(tag, kind, is_loose),
            Role::Attributed => self.begin(kind, Until::Quoted(self.stack.len().saturating_sub(1)), false),
            _ => self.begin(kind, Until::Closed(self.stack.len().saturating_sub(1)), is_loose),
        }
    }

    fn begin(&mut self, kind: SegmentKind, until: Until, is_loose: bool) {
        let at = self.writer.out.len();
        self.writer.marks.begin(kind, until, is_loose, at);
    }

    /// Opens a mark that an element off the stack holds.
    fn hold(&mut self, tag: &Tag<'a>, kind: SegmentKind, is_loose: bool) {
        if self.holder.is_none() && self.may_open() {
            self.writer.block(1);
            self.begin(kind, Until::Told, is_loose);
            self.holder = Some(Counted { element: tag.element, name: tag.name, count: 1, blocks: 0 });
        }
    }

    fn release(&mut self) {
        self.holder = None;
        if let Some((_, Until::Told)) = self.writer.marks.open() {
            self.writer.marks.end(self.writer.out.len());
        }
    }

    /// Whether a quote may begin here.
    fn may_open(&self) -> bool {
        !matches!(self.writer.marks.open(), Some((SegmentKind::Quote | SegmentKind::Forwarded, _)))
    }

    fn may_peek(&mut self) -> bool {
        self.peeks += 1;
        self.peeks <= MOST_PEEKS
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
                self.writer.row();
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
        } else if tag.element.is_tracked() {
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
                self.writer.row();
                self.writer.row = row.or(inner);
            }
        }
        if let Some((_, Until::Closed(at) | Until::Quoted(at))) = self.writer.marks.open()
            && at >= self.stack.len()
        {
            self.writer.marks.end(self.writer.out.len());
        }
    }

    /// Seen in practice (Samsung): a comment stands above the original.
    fn comment(&mut self, text: &str) {
        if self.hidden.is_none() && text.trim() == "originalMessage" && self.may_open() {
            self.begin(SegmentKind::Quote, Until::End, false);
        }
    }
}

fn holds(text: &str, word: &str) -> bool {
    memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some()
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
