//! One IMAP connection and the only way commands go over it.
//!
//! async-imap gives parsed responses; its own commands are not used, because they take `NO`, `BAD` and the end of the
//! connection for an empty answer. Here a command has succeeded when its tagged `OK` has come, and nothing is concluded from
//! a stream that ends. A command that was interrupted (timeout, dropped future) leaves the connection unusable, and it says so.

use super::Error;
use super::tolerant::Tolerant;
use crate::dial::{Stream, brief, io_reason};
use async_imap::Client;
use async_imap::imap_proto::{MailboxDatum, Outcome, Response, ResponseCode, Status};
use std::io::ErrorKind;
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::time::{Instant, timeout, timeout_at};

pub(super) struct Wire {
    client: Client<Tolerant<Stream>>,
    /// `host:port`, for messages.
    pub(super) at: String,
    pub(super) timeout: Duration,
    last_tag: u32,
    /// Messages in the selected mailbox, as the server last told.
    pub(super) exists: u32,
    /// The mailbox has grown since this was last set to false.
    pub(super) has_news: bool,
    /// Upper case.
    pub(super) capabilities: Vec<String>,
    /// A command is under way; when still set at the next command, that one was cut off.
    is_busy: bool,
}

impl std::fmt::Debug for Wire {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wire").field("at", &self.at).finish_non_exhaustive()
    }
}

/// The one command in which a goodbye is no surprise.
pub(super) const LOGOUT: &str = "LOGOUT";

/// What a response means to the command under way.
#[derive(Debug)]
pub(super) enum Heard {
    Done(Done),
    Continue,
    Untagged,
}

/// The tagged `OK`.
#[derive(Debug)]
pub(super) struct Done {
    pub(super) capabilities: Option<Vec<String>>,
}

impl Wire {
    pub(super) fn new(stream: Stream, at: String, timeout: Duration) -> Wire {
        let client = Client::new(Tolerant::new(stream));
        Wire { client, at, timeout, last_tag: 0, exists: 0, has_news: false, capabilities: Vec::new(), is_busy: false }
    }

    /// The bare stream, for STARTTLS; what was read ahead is dropped.
    pub(super) fn into_stream(self) -> Stream {
        self.client.into_inner().into_inner()
    }

    pub(super) fn has(&self, capability: &str) -> bool {
        self.capabilities.iter().any(|known| known == capability)
    }

    /// The server's first line; `OK` alone will do, since `PREAUTH` before TLS proves nothing (RFC 9051 §11.2).
    pub(super) async fn greeting(&mut self) -> Result<(), Error> {
        const STEP: &str = "greeting";
        let mut is_ok = false;
        let on = |response: &Response<'_>| is_ok = matches!(response, Response::Data { status: Status::Ok, .. });
        self.next(STEP, "", on).await?;
        if is_ok { Ok(()) } else { Err(self.protocol(STEP, "not an IMAP greeting")) }
    }

    /// Sends `command` and reads until its tagged OK; `on` sees every response before it. `step` names the command in
    /// messages, in place of its text (which may hold a password).
    pub(super) async fn run(&mut self, step: &'static str, command: &str, mut on: impl FnMut(&Response<'_>) + Send) -> Result<Done, Error> {
        let tag = self.start(step, command).await?;
        loop {
            if let Heard::Done(done) = self.next(step, &tag, &mut on).await? {
                return Ok(done);
            }
        }
    }

    /// Sends a tagged command and gives its tag; the caller reads on with [`Wire::next`].
    pub(super) async fn start(&mut self, step: &'static str, command: &str) -> Result<String, Error> {
        if self.is_busy {
            return Err(self.lost(step, "an earlier command was cut off"));
        }
        self.is_busy = true;
        self.last_tag += 1;
        let tag = format!("c{}", self.last_tag);
        self.write(step, format!("{tag} {command}\r\n").as_bytes()).await?;
        Ok(tag)
    }

    pub(super) async fn write(&mut self, step: &'static str, bytes: &[u8]) -> Result<(), Error> {
        // Large mails on slow lines: 20 kB/s is granted.
        let within = self.timeout + Duration::from_secs(bytes.len() as u64 / 20_000);
        let stream = self.client.get_mut();
        let written = timeout(within, async {
            stream.write_all(bytes).await?;
            stream.flush().await
        });
        match written.await {
            Err(_) => Err(Error::Timeout { at: self.at.clone(), step, after: within }),
            Ok(Err(error)) => Err(self.lost(step, &io_reason(&error))),
            Ok(Ok(())) => Ok(()),
        }
    }

    /// The next response. It is late when nothing at all has come for the timeout; a large one may take longer.
    pub(super) async fn next(&mut self, step: &'static str, tag: &str, mut on: impl FnMut(&Response<'_>) + Send) -> Result<Heard, Error> {
        loop {
            let before = self.client.get_ref().received();
            let deadline = Instant::now() + self.timeout;
            if let Some(heard) = self.next_until(step, tag, deadline, &mut on).await? {
                return Ok(heard);
            }
            if self.client.get_ref().received() == before {
                return Err(Error::Timeout { at: self.at.clone(), step, after: self.timeout });
            }
        }
    }

    /// The next response while the command `tag` runs, or None at the deadline; what came of a response by then stays in the
    /// connection's buffers. NO and BAD to the command are errors that leave the connection in step, all others do not.
    pub(super) async fn next_until(
        &mut self,
        step: &'static str,
        tag: &str,
        deadline: Instant,
        mut on: impl FnMut(&Response<'_>) + Send,
    ) -> Result<Option<Heard>, Error> {
        let response = match timeout_at(deadline, self.client.read_response()).await {
            Err(_) => return Ok(None),
            Ok(Ok(Some(response))) => response,
            Ok(Ok(None)) => return Err(self.lost(step, "closed by the server")),
            Ok(Err(error)) if error.kind() == ErrorKind::Other => {
                // The parser's own text holds the whole response: somebody's mail.
                return Err(self.protocol(step, "a response that cannot be read"));
            }
            Ok(Err(error)) if error.kind() == ErrorKind::InvalidData => return Err(self.protocol(step, &error.to_string())),
            Ok(Err(error)) => return Err(self.lost(step, &io_reason(&error))),
        };
        self.note(response.parsed());
        match response.parsed() {
            Response::Done { tag: answered, status, outcome } if answered.0 == tag => {
                self.is_busy = false;
                match status {
                    Status::Ok => Ok(Some(Heard::Done(Done { capabilities: capabilities(response.parsed()) }))),
                    _ => Err(self.refused(step, outcome)),
                }
            }
            Response::Done { .. } => Err(self.protocol(step, "an answer to another command")),
            Response::Data { status: Status::Bye, outcome } if step != LOGOUT => Err(self.lost(step, &text(outcome))),
            Response::Continue(_) => Ok(Some(Heard::Continue)),
            untagged => {
                on(untagged);
                Ok(Some(Heard::Untagged))
            }
        }
    }

    /// Keeps the size of the mailbox: the server tells it at any time, and only once.
    fn note(&mut self, response: &Response<'_>) {
        match response {
            Response::MailboxData(MailboxDatum::Exists(count)) => {
                self.has_news |= *count > self.exists;
                self.exists = *count;
            }
            Response::Expunge(_) => self.exists = self.exists.saturating_sub(1),
            _ => {}
        }
    }

    pub(super) fn lost(&self, step: &'static str, reason: &str) -> Error {
        Error::Lost { at: self.at.clone(), step, reason: brief(reason) }
    }
    pub(super) fn protocol(&self, step: &'static str, reason: &str) -> Error {
        Error::Protocol { at: self.at.clone(), step, reason: brief(reason) }
    }
    fn refused(&self, step: &'static str, outcome: &Outcome<'_>) -> Error {
        let reason = text(outcome);
        let bracketed = reason.strip_prefix('[').and_then(|rest| rest.split_once([']', ' ']));
        let code = bracketed.map(|(code, _)| code.to_ascii_uppercase());
        Error::Refused { at: self.at.clone(), step, code, reason }
    }
}

/// The server's words with the response code in front: `[TRYCREATE] no such mailbox`.
fn text(outcome: &Outcome<'_>) -> String {
    let code = match &outcome.code {
        Some(ResponseCode::TryCreate) => "[TRYCREATE] ",
        Some(ResponseCode::Alert) => "[ALERT] ",
        Some(ResponseCode::ReadOnly) => "[READ-ONLY] ",
        _ => "",
    };
    brief(&format!("{code}{}", outcome.information.as_deref().unwrap_or("no reason given")))
}

/// The capabilities in a `CAPABILITY` response or response code, upper case.
pub(super) fn capabilities(response: &Response<'_>) -> Option<Vec<String>> {
    use async_imap::imap_proto::Capability::{Atom, Auth, Imap4rev1};
    let list = match response {
        Response::Capabilities(list) => list,
        Response::Done { outcome: Outcome { code: Some(ResponseCode::Capabilities(list)), .. }, .. } => list,
        _ => return None,
    };
    let word = |capability: &_| match capability {
        Imap4rev1 => "IMAP4REV1".to_owned(),
        Auth(name) => format!("AUTH={}", name.to_ascii_uppercase()),
        Atom(name) => name.to_ascii_uppercase(),
    };
    Some(list.iter().map(word).collect())
}
