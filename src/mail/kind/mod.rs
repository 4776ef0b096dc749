//! Which kind of mail it is (RFC 3834, 3464, 8098, 5546, 2919): our own loop, bounce, calendar, receipt, auto_reply, list, else
//! a message. Decided once, in this order, with the header or phrase that decided.
//!
//! Cheap signs first: one pass over the headers, one over the subject and the head of the text; only a mail that may be
//! automatic is read further. Two rules keep persons out of it: who answers ours through a help desk's robot or a list stays
//! a message ([`person`]), and words of absence or receipt count only where they open a short mail that asks nothing. A list
//! whose own address is ours is no list: customers write through it. Seen in practice (QQ, NetEase): vacation mails carry no
//! header that says so. Reports of abuse (RFC 5965) are `list`, requests to prove oneself human are `auto_reply`: neither is
//! ever answered.

mod automatic;
mod name;
mod person;
mod phrase;
mod sender;
mod signs;
mod special;
#[cfg(test)]
mod tests;
mod wording;
mod words;

pub use phrase::{Class, Phrases, fold};
pub use sender::Sender;
pub use signs::Signs;
pub use words::Words;

use super::mime::Content;
use super::{Bounce, Kind, Mail, Settings, bounce};
use mailparse::MailHeader;

/// What the rules look at.
pub struct Case<'a> {
    pub mail: &'a Mail,
    pub content: &'a Content,
    pub settings: &'a Settings,
    pub signs: &'a Signs<'a>,
    pub sender: Sender,
    pub words: &'a Words,
}

/// Kind, why, and the bounce when it is one. `mail`: its headers are read, its text is not yet.
pub fn kind(headers: &[MailHeader<'_>], mail: &Mail, content: &Content, settings: &Settings) -> (Kind, String, Option<Bounce>) {
    let signs = signs::read(headers);
    if let Some(why) = special::loop_reason(mail, &signs, settings) {
        return (Kind::Loop, why, None);
    }
    let sender = sender::sender(mail.from.as_ref());
    let mut words = Words::of_head(&mail.subject.text, &content.text);
    let case = Case { mail, content, settings, signs: &signs, sender, words: &words };
    if special::may_be_automatic(&case) {
        words.read_on(&content.text);
    }
    let case = Case { mail, content, settings, signs: &signs, sender, words: &words };
    if let Some((bounce, why)) = bounce::bounce(&case) {
        return (Kind::Bounce, why, Some(bounce));
    }
    let (kind, why) = special::report(&case)
        .or_else(|| special::calendar(&case))
        .or_else(|| special::receipt(&case))
        .or_else(|| automatic::automatic(&case))
        .unwrap_or((Kind::Message, "no sign of automatic mail".into()));
    (kind, why, None)
}
