//! The parsed view of a message (RFC 5322, MIME): pure, total, bounded.
//!
//! `parse` never fails and never panics on content: what it cannot read becomes a [`Defect`]. Everything it says about a
//! mail is a function of the raw bytes and [`Settings`].

mod address;
mod bounce;
mod charset;
mod date;
mod enriched;
mod entity;
mod flowed;
mod guard;
mod header;
mod html;
mod inline;
mod inspect;
mod invite;
mod kind;
mod language;
mod log;
mod mention;
mod mime;
mod parameter;
mod part;
mod phrase;
mod prose;
mod protection;
mod question;
mod quote;
mod read;
mod segment;
mod signature;
mod state;
mod subject;
mod tnef;
mod transfer;
mod utf7;
mod uuencode;
mod vocabulary;
mod word;

pub use inline::against;
pub use inspect::inspect_json;
pub use mention::mentions;
pub use read::parse;
pub use subject::{case_numbers, parse as parse_subject};

use crate::case::{Language, Millis, Stage, text_enum};
use serde::{Deserialize, Serialize};

text_enum! {
    /// Kind of mail; all but `message` are automatic (RFC 3834, 3464, 8098, 5546, 2919).
    Kind { Message = "message", AutoReply = "auto_reply", Bounce = "bounce", Receipt = "receipt", Calendar = "calendar", List = "list", Loop = "loop" }
}

/// Display name and addr-spec (RFC 5322 §3.4). `address` is as written but for the domain, which is lower case.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    pub name: Option<String>,
    pub address: String,
}

/// What the desk's configuration tells the parser.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Our own addresses, lower case: mail from them is ours coming back.
    pub own_addresses: Vec<String>,
    /// Tracking token prefixes with the colon (`CMIT:`, `CRM:`). Empty: any `LETTERS:` of 1 to 19 letters followed by 3 to 20 digits at the end.
    pub token_prefixes: Vec<String>,
    /// Subject words of stages beyond the built-in ones (初次响应, 进展更新, 归档, 满意度调查 …).
    pub stage_words: Vec<(String, Stage)>,
    /// Forms of case numbers beyond the built-in one; group 1, else the whole match, is the number.
    pub case_number_patterns: Vec<regex::Regex>,
    /// A mail larger than this (bytes) is read only in its first part, with a defect.
    pub max_bytes: usize,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Subject {
    /// Decoded, unfolded, control characters removed; as shown.
    pub text: String,
    /// Without prefixes, case number brackets, stage, tracking token and gateway tags; for matching and for the title of a case.
    pub base: String,
    /// As believed readable, canonical upper case with hyphens, in order, no duplicates: `CAS-03160-B3H1K7`.
    pub case_numbers: Vec<String>,
    /// `CMIT:0001617`.
    pub tracking_token: Option<String>,
    pub stage: Option<Stage>,
    /// Whether a reply or forward prefix was there.
    pub is_reply: bool,
    pub is_forward: bool,
}

text_enum! {
    SegmentKind { New = "new", Quote = "quote", Signature = "signature", Disclaimer = "disclaimer", Banner = "banner", Forwarded = "forwarded" }
}
/// One piece of the readable text, in order; nothing is thrown away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Segment {
    pub kind: SegmentKind,
    pub text: String,
    /// The line of our mail that this `new` text was typed below, when the mail was compared with ours.
    pub answers: Option<String>,
}

/// What markup says of a range of the text: a quoted mail, a signature. Byte offsets into [`Mail::text`], in order, not overlapping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    pub start: usize,
    pub end: usize,
    pub kind: SegmentKind,
}

text_enum! {
    /// Cryptographic envelope of a mail (RFC 8551, RFC 3156): a signed one is read, an encrypted one cannot be.
    Protection { SmimeSigned = "smime_signed", SmimeEncrypted = "smime_encrypted", PgpSigned = "pgp_signed", PgpEncrypted = "pgp_encrypted" }
}

/// A line of a Windows servicing log (CBS, DISM, event log) in the text or in a text attachment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LogLine {
    /// Attachment name; None: the text of the mail.
    pub attachment: Option<String>,
    /// What it shows, a word of a fixed list (`mail/log.rs`): `error`, `rollback`, `failed_installer`, `servicing_stack_required`, …
    pub finding: String,
    /// `0x800F0922`, when the line names one.
    pub code: Option<String>,
    /// `CBS_E_NEW_SERVICING_STACK_REQUIRED`, the installer's name, …
    pub symbol: Option<String>,
    /// The line, at most 300 characters.
    pub text: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Attachment {
    pub name: Option<String>,
    pub content_type: String,
    pub size: usize,
    pub inline: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Bounce {
    /// `failed`, `delayed`, `delivered`, `relayed`, `expanded` (RFC 3464 §2.3.3).
    pub action: String,
    /// `5.1.1` (RFC 3463), when known.
    pub status: Option<String>,
    pub recipient: Option<String>,
    pub original_message_id: Option<String>,
    /// Why, one of a fixed list of words (`mail/bounce.rs`): `no_such_user`, `mailbox_full`, `policy`, `too_large`, …
    pub reason: String,
}

/// Facts named in the readable text and subject; each list in order of appearance, no duplicates.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Mentions {
    /// `KB4577668`
    pub kb: Vec<String>,
    /// `0x800F0922`
    pub error_codes: Vec<String>,
    /// `17763.1397`
    pub builds: Vec<String>,
    /// Canonical product names: `V2020-L`, `Windows 10 1809`, `360天擎`.
    pub products: Vec<String>,
}

/// One point the customer asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Question {
    /// As written, without the punctuation: `1`, `一`, `Q1`. None: an unnumbered question.
    pub number: Option<String>,
    /// The question, one line, trimmed, without its number.
    pub text: String,
    /// Where it begins in [`Mail::reply_text`], bytes.
    pub at: usize,
}

/// Words that tell the state of the matter (negation handled: 还没有解决 is not resolved).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct StateWords {
    pub resolved: bool,
    pub not_resolved: bool,
    pub thanks_only: bool,
    pub urgent: bool,
    pub complaint: bool,
    pub may_archive: bool,
}

/// Something in the mail that is not as the standards say, and what was assumed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Defect {
    pub name: String,
    pub text: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct Mail {
    /// Without angle brackets.
    pub message_id: Option<String>,
    pub in_reply_to: Vec<String>,
    pub references: Vec<String>,
    /// `Date:`; for display only, clocks run on received_at.
    pub date_at: Option<Millis>,
    pub from: Option<Address>,
    pub reply_to: Vec<Address>,
    pub to: Vec<Address>,
    pub cc: Vec<Address>,
    pub subject: Subject,
    /// The whole readable text, LF line ends.
    pub text: String,
    pub segments: Vec<Segment>,
    /// The `new` (and `forwarded`) segments joined: what this mail adds.
    pub reply_text: String,
    pub signature: Option<String>,
    pub attachments: Vec<Attachment>,
    pub kind: Kind,
    /// Why it is of that kind: which header or phrase.
    pub kind_reason: String,
    pub bounce: Option<Bounce>,
    pub protection: Option<Protection>,
    pub log_lines: Vec<LogLine>,
    pub mentions: Mentions,
    /// The same, of the reply text and subject alone: without what is only quoted.
    pub reply_mentions: Mentions,
    pub questions: Vec<Question>,
    pub language: Language,
    pub state_words: StateWords,
    pub defects: Vec<Defect>,
}
