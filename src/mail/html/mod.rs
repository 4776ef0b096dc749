//! HTML mail to plain text, in one linear pass over the bytes; no tree, so depth costs nothing.
//!
//! What a person sees stays: paragraphs, lists, tables, link addresses, quoted lines as `> ` lines, so that answers between
//! them keep their order. Style, script, head and hidden elements go. What the markup says of a range (this is the quoted
//! mail, that the signature) becomes a [`Mark`]. It is for reading and matching, not for showing: pages never show the
//! original markup. `token` cuts the markup, `reader` knows what elements do, `owner` with `client`, `look` and `peek` whose words they hold, `writer`
//! makes lines.

mod attribute;
mod client;
mod element;
mod list;
mod look;
mod marks;
mod owner;
mod peek;
mod reader;
mod token;
mod writer;

#[cfg(test)]
mod client_tests;
#[cfg(test)]
mod tests;

use super::Mark;

/// Plain text, LF line ends, and what the markup says of its ranges.
#[derive(Debug, Default, PartialEq)]
pub struct Plain {
    pub text: String,
    pub marks: Vec<Mark>,
}

/// Converts; total and linear.
pub fn to_text(html: &str) -> Plain {
    let (plain, swallowed) = reader::read(html, true);
    if swallowed {
        // A hidden element never closed would swallow the rest: text is never lost.
        return reader::read(html, false).0;
    }
    plain
}
