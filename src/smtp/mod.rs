//! Handing a mail to a relay over SMTP (RFC 5321), step by step, so that the end is always known for what it is.
//!
//! [`open`] goes as far as the relay's `354` to DATA: up to there nothing has been sent, whatever happens. [`Ready::transmit`]
//! sends the bytes; a connection that breaks once the final dot is on its way is [`Outcome::Unknown`], never "failed". A caller that records
//! "about to hand over" between the two can always say whether a crash may have sent a mail. The mail goes out exactly as
//! given (dots aside). The surprising fact: lettre adds CRLF before the final dot, so one CRLF is cut from the end first.
//! Trouble with the connection or the login is temporary: it says nothing about the mail.

mod wire;

pub use crate::dial::Tls;

use crate::dial::{self, brief};
use crate::secret::Secret;
use lettre::Address;
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{Extension, MailBodyParameter, MailParameter};
use std::path::PathBuf;
use std::time::Duration;
use wire::{Reply, Wire};

/// A relay and how to speak to it.
#[derive(Debug, Clone)]
pub struct Relay {
    pub host: String,
    pub port: u16,
    pub tls: Tls,
    pub user: Option<String>,
    pub password: Option<Secret>,
    /// What to say in EHLO; None: this machine's name.
    pub hello: Option<String>,
    /// One more authority to trust, PEM.
    pub ca_file: Option<PathBuf>,
    /// Allow [`Tls::Plain`] beyond this machine.
    pub allow_plain: bool,
    /// For each step; five times that, and more for a large mail, for the answer to the mail itself.
    pub timeout: Duration,
}

/// How handing over ended. `reply` is the relay's words or ours, one short line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The relay took responsibility for the mail, for all recipients.
    Sent { reply: String },
    /// Not sent; later may be better.
    Temporary { code: Option<u16>, reply: String },
    /// Not sent, and the same mail will be refused again.
    Permanent { code: Option<u16>, reply: String },
    /// Perhaps sent. Not to be repeated blindly.
    Unknown { reply: String },
}

/// Why the relay cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Dial(#[from] dial::Error),
    #[error("{at} refuses the login of this user: {reply}")]
    Login { at: String, code: Option<u16>, reply: String },
    #[error("{at} refuses ({step}): {reply}")]
    Refused { at: String, step: &'static str, code: u16, reply: String },
    #[error("connection to {at} lost ({step}): {reason}")]
    Lost { at: String, step: &'static str, reason: String },
    #[error("{at} did not answer within {seconds} s ({step})", seconds = .after.as_secs_f32())]
    Timeout { at: String, step: &'static str, after: Duration },
}

impl Error {
    /// Whether waiting will not help: somebody has to change a setting, a password or a certificate.
    pub fn needs_person(&self) -> bool {
        match self {
            Error::Dial(error) => error.needs_person(),
            Error::Login { .. } => true,
            _ => false,
        }
    }
    fn code(&self) -> Option<u16> {
        match self {
            Error::Login { code, .. } => *code,
            Error::Refused { code, .. } => Some(*code),
            _ => None,
        }
    }
}

impl From<Error> for Outcome {
    fn from(error: Error) -> Outcome {
        Outcome::Temporary { code: error.code(), reply: brief(&error.to_string()) }
    }
}

/// A relay waiting for the bytes of one mail. Dropped, it sends nothing.
#[derive(Debug)]
pub struct Ready {
    wire: Wire,
    takes_8bit: bool,
}

/// Connects, secures, logs in, says goodbye: for `casemate check`.
pub async fn check(relay: &Relay) -> Result<(), Error> {
    wire::login(relay).await?.quit().await;
    Ok(())
}

/// A limit is only asked for a mail of this size: asking costs a round trip, and no relay refuses smaller ones.
const SIZE_MATTERS: usize = 1 << 20;

/// Everything before the mail itself: connection, login, sender, recipients, DATA. An `Err` means that nothing was sent. One
/// recipient refused is all refused: no mail goes to a part of those the engineer saw. `envelope_from` may be empty (the null
/// sender of RFC 5321 §4.5.5); `size` is that of the mail, bytes.
pub async fn open(relay: &Relay, envelope_from: &str, recipients: &[String], size: usize) -> Result<Ready, Outcome> {
    let sender = if envelope_from.is_empty() { None } else { Some(address(envelope_from)?) };
    let recipients = recipients.iter().map(|recipient| address(recipient)).collect::<Result<Vec<_>, _>>()?;
    if recipients.is_empty() {
        return Err(Outcome::Permanent { code: None, reply: "no recipient".into() });
    }
    let mut wire = wire::login(relay).await?;
    let mut parameters = Vec::new();
    if size >= SIZE_MATTERS
        && let Some(limit) = wire.size_limit().await?
    {
        if limit > 0 && size as u64 > limit {
            let reply = format!("{} takes mails up to {limit} bytes, this one has {size}", wire.at);
            return Err(give_up(wire, Outcome::Permanent { code: None, reply }).await);
        }
        parameters.push(MailParameter::Size(size));
    }
    let takes_8bit = wire.supports(Extension::EightBitMime);
    if takes_8bit {
        parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    let is_ascii = sender.iter().chain(&recipients).all(|address| <Address as AsRef<str>>::as_ref(address).is_ascii());
    if !is_ascii {
        if !wire.supports(Extension::SmtpUtfEight) {
            let reply = format!("{} does not take addresses beyond ASCII (SMTPUTF8)", wire.at);
            return Err(give_up(wire, Outcome::Permanent { code: None, reply }).await);
        }
        parameters.push(MailParameter::SmtpUtfEight);
    }
    let reply = wire.command("MAIL FROM", Mail::new(sender, parameters)).await?;
    if !reply.is_positive() {
        return Err(refused(wire, "sender", reply).await);
    }
    let wire = offer(wire, &recipients).await?;
    Ok(Ready { wire, takes_8bit })
}

/// RCPT for each recipient, then DATA.
async fn offer(mut wire: Wire, recipients: &[Address]) -> Result<Wire, Outcome> {
    let mut worst: Option<Reply> = None;
    for recipient in recipients {
        let mut reply = wire.command("RCPT TO", Rcpt::new(recipient.clone(), vec![])).await?;
        if reply.is_positive() {
            continue;
        }
        reply.text = format!("{recipient}: {}", reply.text);
        worst = Some(match worst {
            None => reply,
            Some(before) if before.code / 100 == reply.code / 100 => Reply { text: format!("{}; {}", before.text, reply.text), ..before },
            Some(before) => {
                if before.code > reply.code {
                    before
                } else {
                    reply
                }
            }
        });
        if worst.as_ref().is_some_and(|reply| reply.code == 421) {
            break; // the relay is closing the connection
        }
    }
    if let Some(reply) = worst {
        return Err(refused(wire, "recipient", reply).await);
    }
    let reply = wire.command("DATA", Data).await?;
    if reply.code == 354 { Ok(wire) } else { Err(refused(wire, "DATA", reply).await) }
}

impl Ready {
    /// Sends the mail and waits for the relay's word. Refused here, before a byte is sent: what [`flaw`] finds.
    pub async fn transmit(self, raw: &[u8]) -> Outcome {
        let Ready { mut wire, takes_8bit } = self;
        if let Some(reply) = flaw(raw) {
            return Outcome::Permanent { code: None, reply };
        }
        if !takes_8bit && !raw.is_ascii() {
            let reply = format!("{} takes ASCII only, and the mail has 8-bit bytes", wire.at);
            return Outcome::Permanent { code: None, reply };
        }
        let outcome = match wire.message(raw).await {
            Ok(Reply { code, text }) => {
                let reply = brief(&format!("{code} {text}"));
                match code {
                    200..300 => Outcome::Sent { reply },
                    400..500 => Outcome::Temporary { code: Some(code), reply },
                    500..600 => Outcome::Permanent { code: Some(code), reply },
                    _ => Outcome::Unknown { reply },
                }
            }
            Err(error) if wire.is_ended() => return Outcome::Unknown { reply: brief(&error.to_string()) },
            Err(error) => return error.into(), // in the middle: no relay takes half a mail
        };
        wire.quit().await;
        outcome
    }
}

/// What makes a mail unfit for SMTP, if anything: bare CR or LF (the way to smuggle a second mail, RFC 5321 §2.3.8), a line over
/// 998 bytes (§4.5.3.1.6), a NUL, or an end without CRLF.
pub fn flaw(raw: &[u8]) -> Option<String> {
    if !raw.ends_with(b"\r\n") {
        return Some("the mail does not end with a line end".into());
    }
    for (at, line) in raw.split_inclusive(|byte| *byte == b'\n').enumerate() {
        let Some(line) = line.strip_suffix(b"\r\n") else { return Some(format!("line {} ends with a bare LF", at + 1)) };
        if line.len() > 998 {
            return Some(format!("line {} is longer than 998 bytes", at + 1));
        }
        if line.contains(&b'\r') {
            return Some(format!("line {} holds a bare CR", at + 1));
        }
        if line.contains(&0) {
            return Some(format!("line {} holds a NUL", at + 1));
        }
    }
    None
}

fn address(text: &str) -> Result<Address, Outcome> {
    let wrong = |_| Outcome::Permanent { code: None, reply: brief(&format!("not a mail address: {text}")) };
    text.parse().map_err(wrong)
}

/// The outcome of a refusal before the mail was sent. That the login is wanted, or the relay closing, is not about the mail.
async fn refused(wire: Wire, what: &str, reply: Reply) -> Outcome {
    let is_about_mail = matches!(reply.code, 500..600) && !matches!(reply.code, 530 | 534 | 535 | 538);
    let (code, reply) = (Some(reply.code), format!("{} refuses the {what}: {} {}", wire.at, reply.code, reply.text));
    let reply = brief(&reply);
    let outcome = if is_about_mail { Outcome::Permanent { code, reply } } else { Outcome::Temporary { code, reply } };
    give_up(wire, outcome).await
}

async fn give_up(wire: Wire, outcome: Outcome) -> Outcome {
    wire.quit().await;
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flaws_are_found() {
        let long = format!("Subject: x\r\n\r\n{}\r\n", "x".repeat(998));
        let longer = format!("Subject: x\r\n\r\n{}\r\n", "x".repeat(999));
        for (raw, expected) in [
            ("Subject: x\r\n\r\nhello\r\n", None),
            ("Subject: x\r\n\r\n.\r\n..\r\n", None),
            ("\r\n", None),
            (&long, None),
            (&longer, Some("line 3 is longer than 998 bytes")),
            ("Subject: x\r\n\r\nhello", Some("the mail does not end with a line end")),
            ("", Some("the mail does not end with a line end")),
            ("a\nb\r\n", Some("line 1 ends with a bare LF")),
            ("a\r\n\n.\r\nMAIL FROM:<x@evil.example>\r\n", Some("line 2 ends with a bare LF")),
            ("a\r\nb\rc\r\n", Some("line 2 holds a bare CR")),
            ("a\r\r\n", Some("line 1 holds a bare CR")),
            ("a\n\r\n", Some("line 1 ends with a bare LF")),
            ("a\0\r\n", Some("line 1 holds a NUL")),
        ] {
            assert_eq!(flaw(raw.as_bytes()).as_deref(), expected, "{raw:?}");
        }
    }
}
