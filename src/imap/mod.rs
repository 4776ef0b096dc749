//! Reading a mailbox over IMAP (RFC 9051, RFC 3501), and putting sent mail into one.
//!
//! `open` connects, logs in and opens the mailbox with EXAMINE, so that nothing on the server changes by being read. A
//! [`Session`] then lists UIDs, fetches mails and waits. Every error ends the session's use but [`Error::Refused`]; nothing is
//! ever concluded from a connection that ended. The surprising facts: `UID SEARCH n:*` always names the last mail, even
//! when it is older (RFC 9051 §6.4.9); a server tells `EXISTS` only once, possibly in answer to another command, so it is
//! remembered until the next [`Session::uids_after`]; BODYSTRUCTURE and ENVELOPE are never asked for (the parser is recursive).
//! Children: `wire` runs commands, `tolerant` guards the parser, `fetch` batches, `utf7` writes mailbox names.

mod fetch;
mod tolerant;
mod utf7;
mod wire;

pub use crate::dial::Tls;
pub use fetch::{Fetched, Raw};

use crate::dial::{self, Target, dial};
use crate::secret::Secret;
use async_imap::imap_proto::{MailboxDatum, Outcome, Response, ResponseCode, Status};
use std::path::PathBuf;
use std::time::Duration;
use tokio::time::Instant;
use wire::{Heard, LOGOUT, Wire, capabilities};

/// A mailbox and how to get there.
#[derive(Debug, Clone)]
pub struct Account {
    pub host: String,
    pub port: u16,
    pub tls: Tls,
    pub user: String,
    pub password: Secret,
    /// As people write it: `INBOX`, `客户支持`.
    pub mailbox: String,
    /// One more authority to trust, PEM.
    pub ca_file: Option<PathBuf>,
    /// Allow [`Tls::Plain`] beyond this machine.
    pub allow_plain: bool,
    /// For each step; a transfer that makes progress may take longer.
    pub timeout: Duration,
}

/// What went wrong; texts are short, name host and port, and hold neither secrets nor mail.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Dial(#[from] dial::Error),
    #[error("{at} refuses the login of this user: {reason}")]
    Login { at: String, reason: String },
    #[error("{at} has no mailbox {mailbox:?}: {reason}")]
    MailboxMissing { at: String, mailbox: String, reason: String },
    #[error("connection to {at} lost ({step}): {reason}")]
    Lost { at: String, step: &'static str, reason: String },
    #[error("{at} did not answer within {seconds} s ({step})", seconds = .after.as_secs_f32())]
    Timeout { at: String, step: &'static str, after: Duration },
    /// A tagged NO or BAD; `code` is the response code (RFC 9051 §7.1) without its arguments, upper case. The session goes on.
    #[error("{at} refuses ({step}): {reason}")]
    Refused { at: String, step: &'static str, code: Option<String>, reason: String },
    #[error("{at} does not keep to IMAP ({step}): {reason}")]
    Protocol { at: String, step: &'static str, reason: String },
}

impl Error {
    /// Whether waiting will not help: somebody has to change a setting, a password or a certificate.
    pub fn needs_person(&self) -> bool {
        match self {
            Error::Dial(error) => error.needs_person(),
            Error::Login { .. } | Error::MailboxMissing { .. } => true,
            _ => false,
        }
    }
}

/// Why [`Session::wait`] came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wake {
    /// The mailbox has grown.
    New,
    Timeout,
}

/// A connection with an open mailbox.
#[derive(Debug)]
pub struct Session {
    wire: Wire,
    mailbox: String,
    is_read_only: bool,
    uid_validity: u32,
    can_idle: bool,
}

/// IDLE is renewed after at most this: NATs forget connections, and servers may close them after 30 minutes (RFC 2177).
const IDLE_AT_MOST: Duration = Duration::from_secs(9 * 60);

/// Connects, logs in and opens the mailbox: read-only (EXAMINE, what fetching needs) or not (SELECT).
pub async fn open(account: &Account, read_only: bool) -> Result<Session, Error> {
    let wire = login(account).await?;
    let can_idle = wire.has("IDLE");
    let mut session = Session { wire, mailbox: account.mailbox.clone(), is_read_only: read_only, uid_validity: 0, can_idle };
    session.uid_validity = session.enter(&account.mailbox, read_only).await?;
    session.wire.has_news = false;
    Ok(session)
}

/// Everything [`open`] does, then logs out: for `casemate check`.
pub async fn check(account: &Account) -> Result<(), Error> {
    open(account, true).await?.logout().await;
    Ok(())
}

impl Session {
    /// UIDVALIDITY of the mailbox (RFC 9051 §2.3.1.1): when it differs from before, all UIDs are new.
    pub fn uid_validity(&self) -> u32 {
        self.uid_validity
    }

    /// Whether [`Session::wait`] is told of new mail, or only looks when the time is over.
    pub fn can_idle(&self) -> bool {
        self.can_idle
    }

    /// The UIDs above `last`, sorted.
    pub async fn uids_after(&mut self, last: u32) -> Result<Vec<u32>, Error> {
        let Some(first) = last.checked_add(1) else { return Ok(Vec::new()) };
        self.wire.has_news = false; // before the command: growth told in its answer may have come after the search
        let mut uids = self.search(&format!("UID {first}:*")).await?;
        uids.retain(|uid| *uid > last);
        uids.sort_unstable();
        uids.dedup();
        Ok(uids)
    }

    /// Waits until the mailbox grows, at most `max`: told by the server (IDLE, RFC 2177), or else by asking once at the end.
    /// Growth that was already told since the last [`Session::uids_after`] ends the wait at once. After [`Wake::New`] and
    /// [`Wake::Timeout`] alike, look with `uids_after`. The end of the connection is an error.
    pub async fn wait(mut self, max: Duration) -> Result<(Session, Wake), Error> {
        if !self.wire.has_news {
            if self.can_idle {
                match self.idle(max.min(IDLE_AT_MOST)).await {
                    Err(Error::Refused { .. }) => self.can_idle = false, // offered and refused: poll from now on
                    other => other?,
                }
            } else {
                tokio::time::sleep(max).await;
                self.wire.run("NOOP", "NOOP", |_| ()).await?;
            }
        }
        let wake = if self.wire.has_news { Wake::New } else { Wake::Timeout };
        Ok((self, wake))
    }

    /// Puts a mail into a mailbox, with flags such as `\Seen`. A mailbox that does not exist is [`Error::MailboxMissing`].
    pub async fn append(&mut self, mailbox: &str, flags: &[&str], raw: &[u8]) -> Result<(), Error> {
        const STEP: &str = "APPEND";
        let name = quoted(&utf7::encode(mailbox));
        let start = format!("APPEND {name} ({}) {{{}}}", flags.join(" "), raw.len());
        let tag = self.wire.start(STEP, &start).await?;
        let mut is_sent = false;
        loop {
            match self.wire.next(STEP, &tag, |_| ()).await {
                Ok(Heard::Continue) if !is_sent => {
                    is_sent = true;
                    self.wire.write(STEP, raw).await?;
                    self.wire.write(STEP, b"\r\n").await?;
                }
                Ok(Heard::Done(_)) if is_sent => return Ok(()),
                Ok(Heard::Done(_)) => return Err(self.wire.protocol(STEP, "done before the mail was sent")),
                Ok(_) => {}
                Err(error) => return Err(missing(error, mailbox, &["TRYCREATE", "NONEXISTENT"])),
            }
        }
    }

    /// Whether a mailbox holds a mail with this Message-ID (without angle brackets). Another mailbox is opened read-only for
    /// it, and the session's own again after; should that have been made anew meanwhile, it is an error.
    pub async fn has_message_id(&mut self, mailbox: &str, message_id: &str) -> Result<bool, Error> {
        if message_id.is_empty() || !message_id.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            return Ok(false); // none of ours
        }
        let (exists, had_news) = (self.wire.exists, self.wire.has_news);
        let entered = self.enter(mailbox, true).await;
        let found = match entered {
            Ok(_) => self.search(&format!("HEADER Message-ID {}", quoted(&format!("<{message_id}>")))).await,
            Err(error) => Err(error),
        };
        let own = self.mailbox.clone(); // a refused EXAMINE closes the mailbox, too (RFC 9051 §6.3.2)
        if self.enter(&own, self.is_read_only).await? != self.uid_validity {
            return Err(self.wire.protocol("EXAMINE", "the mailbox was made anew meanwhile"));
        }
        self.wire.has_news = had_news || self.wire.exists > exists;
        Ok(!found?.is_empty())
    }

    /// Says goodbye, for at most two seconds.
    pub async fn logout(mut self) {
        self.wire.timeout = self.wire.timeout.min(Duration::from_secs(2));
        let _ = self.wire.run(LOGOUT, LOGOUT, |_| ()).await;
    }

    /// Opens a mailbox; gives its UIDVALIDITY.
    async fn enter(&mut self, mailbox: &str, read_only: bool) -> Result<u32, Error> {
        let step = if read_only { "EXAMINE" } else { "SELECT" };
        let mut uid_validity = None;
        let command = format!("{step} {}", quoted(&utf7::encode(mailbox)));
        let entered = self.wire.run(step, &command, |response| {
            if let Response::Data { status: Status::Ok, outcome: Outcome { code: Some(ResponseCode::UidValidity(value)), .. } } = response {
                uid_validity = Some(*value);
            }
        });
        if let Err(error) = entered.await {
            return Err(missing(error, mailbox, &["NONEXISTENT", "TRYCREATE", ""]));
        }
        uid_validity.ok_or_else(|| self.wire.protocol(step, "no UIDVALIDITY"))
    }

    async fn search(&mut self, what: &str) -> Result<Vec<u32>, Error> {
        let mut found = Vec::new();
        let on = |response: &Response<'_>| {
            if let Response::MailboxData(MailboxDatum::Search(uids)) = response {
                found.extend_from_slice(uids);
            }
        };
        self.wire.run("UID SEARCH", &format!("UID SEARCH {what}"), on).await?;
        Ok(found)
    }

    async fn idle(&mut self, max: Duration) -> Result<(), Error> {
        const STEP: &str = "IDLE";
        let deadline = Instant::now() + max;
        let tag = self.wire.start(STEP, STEP).await?;
        loop {
            match self.wire.next(STEP, &tag, |_| ()).await? {
                Heard::Continue => break,
                Heard::Done(_) => return Err(self.wire.protocol(STEP, "ended before it began")),
                Heard::Untagged => {}
            }
        }
        while !self.wire.has_news {
            match self.wire.next_until(STEP, &tag, deadline, |_| ()).await? {
                None => break,
                Some(Heard::Done(_)) => return Ok(()),
                Some(_) => {}
            }
        }
        self.wire.write(STEP, b"DONE\r\n").await?;
        while !matches!(self.wire.next(STEP, &tag, |_| ()).await?, Heard::Done(_)) {}
        Ok(())
    }
}

/// Connects, secures, logs in, and says who we are.
async fn login(account: &Account) -> Result<Wire, Error> {
    let target = Target { host: &account.host, port: account.port, ca_file: account.ca_file.as_deref(), timeout: account.timeout };
    let stream = dial(target, account.tls, account.allow_plain).await?;
    let mut wire = Wire::new(stream, target.at(), account.timeout);
    wire.greeting().await?;
    if account.tls == Tls::StartTls {
        match wire.run("STARTTLS", "STARTTLS", |_| ()).await {
            Ok(_) => {}
            Err(Error::Refused { at, .. }) => {
                return Err(dial::Error::Tls { at, reason: "the server does not offer STARTTLS".into() }.into());
            }
            Err(error) => return Err(error),
        }
        wire = Wire::new(wire.into_stream().secure(target).await?, target.at(), account.timeout);
    }
    let mut told = None;
    let command = format!("LOGIN {} {}", quoted(&account.user), quoted(account.password.expose()));
    let entered = wire.run("LOGIN", &command, |response| told = capabilities(response).or(told.take())).await;
    let done = entered.map_err(|error| match error {
        Error::Refused { code: Some(code), at, step, reason } if is_passing(&code) => Error::Refused { code: Some(code), at, step, reason },
        Error::Refused { at, reason, .. } => Error::Login { at, reason },
        other => other,
    })?;
    let mut known = done.capabilities.or(told);
    if known.is_none() {
        wire.run("CAPABILITY", "CAPABILITY", |response| known = capabilities(response).or(known.take())).await?;
    }
    wire.capabilities = known.unwrap_or_default();
    introduce(&mut wire, &account.host).await?;
    Ok(wire)
}

/// ID (RFC 2971). Seen in practice (163.com, 126.com): without it every mailbox is refused as `Unsafe Login`.
async fn introduce(wire: &mut Wire, host: &str) -> Result<(), Error> {
    let wants_it = [".163.com", ".126.com", ".yeah.net", ".188.com", ".netease.com"].iter().any(|end| host.ends_with(end));
    if !wire.has("ID") && !wants_it {
        return Ok(());
    }
    let command = concat!("ID (\"name\" \"casemate\" \"version\" \"", env!("CARGO_PKG_VERSION"), "\")");
    match wire.run("ID", command, |_| ()).await {
        Ok(_) | Err(Error::Refused { .. }) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Response codes (RFC 5530) that say "later", not "wrong".
fn is_passing(code: &str) -> bool {
    matches!(code, "UNAVAILABLE" | "INUSE" | "LIMIT" | "SERVERBUG" | "CONTACTADMIN")
}

/// A refusal that means that the mailbox is not there: by its code, `""` standing for none.
fn missing(error: Error, mailbox: &str, codes: &[&str]) -> Error {
    match error {
        Error::Refused { at, code, reason, .. }
            if codes.contains(&code.as_deref().unwrap_or_default()) && !reason.contains("Unsafe Login") =>
        {
            Error::MailboxMissing { at, mailbox: mailbox.to_owned(), reason }
        }
        other => other,
    }
}

/// A quoted string (RFC 9051 §4.3). Line ends cannot be quoted and are left out: they could only begin another command.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars().filter(|c| !matches!(c, '\r' | '\n' | '\0')) {
        if matches!(c, '"' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn quoting_cannot_be_left() {
        assert_eq!(super::quoted(r#"a"b\c"#), r#""a\"b\\c""#);
        assert_eq!(super::quoted("x\"\r\nc9 DELETE INBOX"), "\"x\\\"c9 DELETE INBOX\"");
    }
}
