//! One SMTP connection: lettre's, on our own socket, with a time limit on every step.
//!
//! STARTTLS is done here and not by lettre, which would read on from bytes that were sent in clear (response injection) and
//! tells nothing of why a certificate was refused. lettre's connection always begins by reading a greeting, and after
//! STARTTLS a server sends none: so it is given one.

use super::{Error, Relay};
use crate::dial::{Stream, Target, Tls, brief, dial, io_reason};
use lettre::transport::smtp::Error as LettreError;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, AsyncTokioStream};
use lettre::transport::smtp::commands::{Ehlo, Quit};
use lettre::transport::smtp::extension::{ClientId, Extension};
use lettre::transport::smtp::response::Response;
use std::error::Error as _;
use std::fmt::Display;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::time::timeout;

pub(super) struct Wire {
    connection: AsyncSmtpConnection,
    /// `host:port`, for messages.
    pub(super) at: String,
    hello: ClientId,
    timeout: Duration,
    /// The final dot has been given to the socket: from there on, no error means that the mail was not taken.
    is_ended: Arc<AtomicBool>,
}

impl std::fmt::Debug for Wire {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wire").field("at", &self.at).finish_non_exhaustive()
    }
}

/// Between the lines of a [`Reply`].
const LINE_BREAK: char = '\n';

/// A reply (RFC 5321 §4.2), positive or not.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) code: u16,
    /// Each line short and printable.
    pub(super) text: String,
}

impl Reply {
    pub(super) fn is_positive(&self) -> bool {
        (200..300).contains(&self.code)
    }
}

/// Connects, secures, says EHLO, logs in.
pub(super) async fn login(relay: &Relay) -> Result<Wire, Error> {
    let target = Target { host: &relay.host, port: relay.port, ca_file: relay.ca_file.as_deref(), timeout: relay.timeout };
    let hello = hello(relay.hello.as_deref());
    let mut stream = dial(target, relay.tls, relay.allow_plain).await?;
    let mut greeting: &'static [u8] = b"";
    if relay.tls == Tls::StartTls {
        let consent = timeout(relay.timeout * 3, consent_to_tls(&mut stream, &hello, target));
        consent.await.map_err(|_| Error::Timeout { at: target.at(), step: "STARTTLS", after: relay.timeout * 3 })??;
        stream = stream.secure(target).await?;
        greeting = b"220 after STARTTLS\r\n";
    }
    let steps = Steps { at: &target.at(), timeout: relay.timeout };
    let is_ended = Arc::new(AtomicBool::new(false));
    let socket = Box::new(Socket { greeting, stream, is_ended: is_ended.clone() });
    let connection = steps.wait("greeting", AsyncSmtpConnection::connect_with_transport(socket, &hello)).await?;
    let mut wire = Wire { connection, at: target.at(), hello, timeout: relay.timeout, is_ended };
    if let Some(user) = &relay.user {
        wire.auth(user, relay.password.as_ref().map_or("", |password| password.expose())).await?;
    }
    Ok(wire)
}

/// The name for EHLO: a domain, or an address literal when that is what is configured; nothing that could end the line.
fn hello(configured: Option<&str>) -> ClientId {
    let name: String = configured.unwrap_or_default().chars().filter(char::is_ascii_graphic).collect();
    if name.is_empty() { ClientId::default() } else { ClientId::Domain(name) }
}

impl Wire {
    pub(super) fn supports(&self, extension: Extension) -> bool {
        self.connection.server_info().supports_feature(extension)
    }

    /// Sends a command and reads its reply; only connection trouble is an error.
    pub(super) async fn command(&mut self, step: &'static str, command: impl Display) -> Result<Reply, Error> {
        let steps = Steps { at: &self.at, timeout: self.timeout };
        steps.reply(step, self.connection.command(command)).await
    }

    /// The largest mail the relay takes, 0 when it has no limit to tell; None when it does not know SIZE (RFC 1870). Says EHLO
    /// once more, because lettre does not keep this line of the first.
    pub(super) async fn size_limit(&mut self) -> Result<Option<u64>, Error> {
        let reply = self.command("EHLO", Ehlo::new(self.hello.clone())).await?;
        let mut sizes = reply.text.split(LINE_BREAK).filter_map(|line| line.to_ascii_uppercase().strip_prefix("SIZE").map(str::to_owned));
        Ok(sizes.next().map(|size| size.trim().parse().unwrap_or(0)))
    }

    /// Sends a whole mail, which ends in CRLF, and reads the reply to it.
    pub(super) async fn message(&mut self, raw: &[u8]) -> Result<Reply, Error> {
        // RFC 5321 §4.5.3.2.6 wants ten minutes for the last reply; and 20 kB/s are granted.
        let patience = self.timeout * 5 + Duration::from_secs(raw.len() as u64 / 20_000);
        let steps = Steps { at: &self.at, timeout: patience };
        let body = raw.strip_suffix(b"\r\n").unwrap_or(raw); // lettre writes CRLF before the final dot
        steps.reply("end of mail", self.connection.message(body)).await
    }

    /// Whether the relay may have the whole mail.
    pub(super) fn is_ended(&self) -> bool {
        self.is_ended.load(Ordering::Relaxed)
    }

    /// Says goodbye, for at most two seconds. What is decided is decided.
    pub(super) async fn quit(mut self) {
        let _ = timeout(self.timeout.min(Duration::from_secs(2)), self.connection.command(Quit)).await;
    }

    async fn auth(&mut self, user: &str, password: &str) -> Result<(), Error> {
        let known = [Mechanism::Plain, Mechanism::Login];
        if self.connection.server_info().get_auth_mechanism(&known).is_none() {
            let reply = "it offers neither AUTH PLAIN nor LOGIN".to_owned();
            return Err(Error::Login { at: self.at.clone(), code: None, reply });
        }
        let credentials = Credentials::new(user.to_owned(), password.to_owned());
        let steps = Steps { at: &self.at, timeout: self.timeout };
        let reply = steps.reply("AUTH", self.connection.auth(&known, &credentials)).await?;
        match reply.code {
            200..300 => Ok(()),
            // 454 is "temporary authentication failure" (RFC 4954 §6), 421 the relay closing.
            code @ 400..500 => Err(Error::Refused { at: self.at.clone(), step: "AUTH", code, reply: reply.text }),
            code => Err(Error::Login { at: self.at.clone(), code: Some(code), reply: reply.text }),
        }
    }
}

/// Waits for lettre with a limit, and sorts its errors.
struct Steps<'a> {
    at: &'a str,
    timeout: Duration,
}

impl Steps<'_> {
    async fn reply(&self, step: &'static str, future: impl Future<Output = Result<Response, LettreError>>) -> Result<Reply, Error> {
        match self.wait(step, future).await {
            Ok(response) => {
                let lines: Vec<String> = response.message().map(brief).collect();
                Ok(Reply { code: response.code().into(), text: lines.join(&LINE_BREAK.to_string()) })
            }
            Err(Error::Refused { code, reply, .. }) => Ok(Reply { code, text: reply }),
            Err(error) => Err(error),
        }
    }

    async fn wait<T>(&self, step: &'static str, future: impl Future<Output = Result<T, LettreError>>) -> Result<T, Error> {
        let at = self.at.to_owned();
        match timeout(self.timeout, future).await {
            Err(_) => Err(Error::Timeout { at, step, after: self.timeout }),
            Ok(Ok(done)) => Ok(done),
            Ok(Err(error)) => {
                let words = error.source().map(ToString::to_string).unwrap_or_default();
                Err(match error.status() {
                    Some(code) => Error::Refused { at, step, code: code.into(), reply: brief(&words) },
                    None => Error::Lost { at, step, reason: reason(&error, &words) },
                })
            }
        }
    }
}

fn reason(error: &LettreError, words: &str) -> String {
    match error.source().and_then(|source| source.downcast_ref::<io::Error>()) {
        Some(source) => io_reason(source),
        None if words == "incomplete response" => "closed by the server".into(),
        None => brief(words),
    }
}

/// Greeting, EHLO, STARTTLS (RFC 3207) in clear, read byte by byte so that nothing is read ahead of the handshake.
async fn consent_to_tls(stream: &mut Stream, hello: &ClientId, target: Target<'_>) -> Result<(), Error> {
    for (step, command) in [("greeting", String::new()), ("EHLO", format!("EHLO {hello}\r\n")), ("STARTTLS", "STARTTLS\r\n".into())] {
        let reply = async {
            stream.write_all(command.as_bytes()).await?;
            stream.flush().await?;
            last_line(stream).await
        };
        let line = reply.await.map_err(|error| Error::Lost { at: target.at(), step, reason: io_reason(&error) })?;
        let code = line.get(..3).and_then(|digits| digits.parse().ok()).unwrap_or(0);
        if !(200..300).contains(&code) {
            let reply = brief(line.get(4..).unwrap_or_default());
            return Err(Error::Refused { at: target.at(), step, code, reply });
        }
    }
    Ok(())
}

/// The last line of one reply: the one without `-` after the code.
async fn last_line(stream: &mut Stream) -> io::Result<String> {
    let (mut line, mut total) = (Vec::new(), 0);
    loop {
        match stream.read_u8().await? {
            b'\n' if line.get(3) == Some(&b'-') => line.clear(),
            b'\n' => return Ok(String::from_utf8_lossy(&line).trim_end().to_owned()),
            byte => line.push(byte),
        }
        total += 1;
        if total > 16 << 10 {
            return Err(io::Error::other("an endless reply"));
        }
    }
}

/// What lettre writes, in one piece, after the mail; nowhere else does it occur, since lettre doubles a dot after CRLF.
const FINAL_DOT: &[u8] = b"\r\n.\r\n";

/// Our stream as lettre takes it, with a greeting to read first, and an eye on the end of the mail.
#[derive(Debug)]
struct Socket {
    greeting: &'static [u8],
    stream: Stream,
    is_ended: Arc<AtomicBool>,
}

impl AsyncTokioStream for Socket {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.stream.peer_addr()
    }
}

impl AsyncRead for Socket {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if self.greeting.is_empty() {
            return Pin::new(&mut self.stream).poll_read(cx, buf);
        }
        let (now, later) = self.greeting.split_at(self.greeting.len().min(buf.remaining()));
        buf.put_slice(now);
        self.greeting = later;
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Socket {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if bytes == FINAL_DOT {
            self.is_ended.store(true, Ordering::Relaxed);
        }
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }
    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
