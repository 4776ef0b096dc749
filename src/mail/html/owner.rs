//! Whose words a block holds: quotes, forwarded mails, signatures and banners, by its names, its look and its first words.

use super::attribute::Attributes;
use super::client::{self, Role};
use super::element::Element;
use super::look::{Look, RuleAbove};
use super::marks::Until;
use super::peek;
use super::reader::{Counted, Effect, Reader};
use super::token::Tag;
use crate::mail::SegmentKind;

/// Looks ahead in one mail.
const MOST_PEEKS: usize = 300;

impl<'a> Reader<'a> {
    /// What an opened block is to its client.
    pub(super) fn container(&mut self, tag: &Tag<'a>, attributes: &Attributes<'_>, look: &Look<'_>) {
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
    pub(super) fn blockquote(&mut self, tag: &Tag<'a>, look: &Look<'_>) -> Effect {
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
    pub(super) fn take_role(&mut self, role: Role, tag: &Tag<'a>, is_inline: bool) {
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
            let has_header = peek::is_label(&words) || words.starts_with(['-', '_']) || peek::ahead(tag.after).contains("divRplyFwdMsg");
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

    pub(super) fn begin(&mut self, kind: SegmentKind, until: Until, is_loose: bool) {
        let at = self.writer.out.len();
        self.writer.marks.begin(kind, until, is_loose, at);
    }

    /// Opens a mark that an element off the stack holds.
    pub(super) fn hold(&mut self, tag: &Tag<'a>, kind: SegmentKind, is_loose: bool) {
        if self.holder.is_none() && self.may_open() {
            self.writer.block(1);
            self.begin(kind, Until::Told, is_loose);
            self.holder = Some(Counted { element: tag.element, name: tag.name, count: 1, blocks: 0 });
        }
    }

    pub(super) fn release(&mut self) {
        self.holder = None;
        if let Some((_, Until::Told)) = self.writer.marks.open() {
            self.writer.marks.end(self.writer.out.len());
        }
    }

    /// Whether a quote may begin here.
    pub(super) fn may_open(&self) -> bool {
        !matches!(self.writer.marks.open(), Some((SegmentKind::Quote | SegmentKind::Forwarded, _)))
    }

    pub(super) fn may_peek(&mut self) -> bool {
        self.peeks += 1;
        self.peeks <= MOST_PEEKS
    }

    /// Seen in practice (Samsung): a comment stands above the original.
    pub(super) fn comment(&mut self, text: &str) {
        if self.hidden.is_none() && text.trim() == "originalMessage" && self.may_open() {
            self.begin(SegmentKind::Quote, Until::End, false);
        }
    }
}
