//! The way out: a TCP connection, in clear or under TLS (rustls), as `imap` and `smtp` both need it.
//!
//! Not a protocol: greeting and STARTTLS belong to the rooms above. Certificates are checked against the system's trust
//! store and, when given, one more CA file. Without TLS only a loopback address is dialled, unless `allow_plain` says
//! otherwise; the address checked is the one connected to, not the name. The surprising fact: IMAP and SMTP are small
//! writes waiting for small answers, so without TCP_NODELAY each step may cost 44 ms.

use crate::case::text_enum;
use rustls_pki_types::{CertificateDer, ServerName, pem::PemObject};
use socket2::{SockRef, TcpKeepalive};
use std::io;
use std::net::IpAddr;
use std::path::Path;
use std::pin::Pin;
use std::sync::{Arc, LazyLock};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::{self, CertificateError, ClientConfig, RootCertStore};
use tokio_rustls::{TlsConnector, rustls::crypto::ring};

text_enum! {
    /// How a connection is protected: from the first byte (993, 465), after STARTTLS (143, 587), or not at all.
    Tls { Implicit = "implicit", StartTls = "starttls", Plain = "plain" }
}

/// Why there is no connection. Every text names host and port.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("cannot connect to {at}: {reason}")]
    Unreachable { at: String, reason: String },
    #[error("{at} did not answer within {seconds} s ({step})", seconds = .after.as_secs_f32())]
    Timeout { at: String, step: &'static str, after: Duration },
    #[error("TLS with {at}: {reason}")]
    Tls { at: String, reason: String },
    #[error("{at} would be spoken to without TLS; that is done on this machine only, unless allow_plain is set")]
    PlainRefused { at: String },
    #[error("CA file {path}: {reason}")]
    CaFile { path: String, reason: String },
}

impl Error {
    /// Whether waiting will not help: somebody has to change a setting or a certificate.
    pub fn needs_person(&self) -> bool {
        !matches!(self, Error::Unreachable { .. } | Error::Timeout { .. })
    }
}

/// Where to dial and how long to wait for each step.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    pub host: &'a str,
    pub port: u16,
    pub ca_file: Option<&'a Path>,
    pub timeout: Duration,
}

impl Target<'_> {
    /// `host:port` for messages.
    pub fn at(&self) -> String {
        let brackets = self.host.contains(':') && !self.host.starts_with('[');
        if brackets { format!("[{}]:{}", self.host, self.port) } else { format!("{}:{}", self.host, self.port) }
    }
}

/// A connection in clear or under TLS.
#[derive(Debug)]
pub enum Stream {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

/// Connects; under [`Tls::Implicit`] also does the handshake. [`Tls::StartTls`] comes back in clear: see [`Stream::secure`].
pub async fn dial(target: Target<'_>, tls: Tls, allow_plain: bool) -> Result<Stream, Error> {
    let tcp = match timeout(target.timeout, TcpStream::connect((target.host, target.port))).await {
        Err(_) => return Err(Error::Timeout { at: target.at(), step: "connecting", after: target.timeout }),
        Ok(Err(error)) => return Err(Error::Unreachable { at: target.at(), reason: io_reason(&error) }),
        Ok(Ok(tcp)) => tcp,
    };
    if tls == Tls::Plain && !allow_plain && !tcp.peer_addr().is_ok_and(|peer| is_this_machine(peer.ip())) {
        return Err(Error::PlainRefused { at: target.at() });
    }
    // Failing to set an option costs speed or notice of a dead peer, not correctness.
    let _ = tcp.set_nodelay(true);
    let alive = TcpKeepalive::new().with_time(Duration::from_secs(60)).with_interval(Duration::from_secs(20)).with_retries(4);
    let _ = SockRef::from(&tcp).set_tcp_keepalive(&alive);
    let stream = Stream::Plain(tcp);
    if tls == Tls::Implicit { stream.secure(target).await } else { Ok(stream) }
}

fn is_this_machine(ip: IpAddr) -> bool {
    ip.to_canonical().is_loopback()
}

impl Stream {
    pub fn peer_addr(&self) -> io::Result<std::net::SocketAddr> {
        match self {
            Stream::Plain(tcp) => tcp.peer_addr(),
            Stream::Tls(tls) => tls.get_ref().0.peer_addr(),
        }
    }

    /// The TLS handshake, on a connection in clear. The caller must have read the server's consent byte-exactly: whatever
    /// else it has buffered came unprotected and must be thrown away or be an error (STARTTLS response injection).
    pub async fn secure(self, target: Target<'_>) -> Result<Stream, Error> {
        let Stream::Plain(tcp) = self else { return Ok(self) };
        let failed = |reason: String| Error::Tls { at: target.at(), reason };
        let name = ServerName::try_from(target.host.trim_matches(['[', ']']).to_owned())
            .map_err(|_| failed("the host is neither a DNS name nor an IP address".into()))?;
        let connector = TlsConnector::from(client_config(target.ca_file).await?);
        match timeout(target.timeout, connector.connect(name, tcp)).await {
            Err(_) => Err(Error::Timeout { at: target.at(), step: "TLS handshake", after: target.timeout }),
            Ok(Err(error)) => Err(failed(tls_reason(&error))),
            Ok(Ok(tls)) => Ok(Stream::Tls(Box::new(tls))),
        }
    }
}

/// The system's trust store, read once a process.
static SYSTEM_ROOTS: LazyLock<RootCertStore> = LazyLock::new(|| {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    roots
});

/// Reads files, so it runs on the blocking pool.
async fn client_config(ca_file: Option<&Path>) -> Result<Arc<ClientConfig>, Error> {
    let ca_file = ca_file.map(Path::to_path_buf);
    let failed = |path: &Path, reason: String| Error::CaFile { path: path.display().to_string(), reason };
    let build = move || {
        let mut roots = SYSTEM_ROOTS.clone();
        if let Some(path) = ca_file {
            let certificates: Result<Vec<_>, _> = CertificateDer::pem_file_iter(&path).and_then(Iterator::collect);
            let certificates = certificates.map_err(|error| failed(&path, error.to_string()))?;
            if roots.add_parsable_certificates(certificates).0 == 0 {
                return Err(failed(&path, "no certificate in it".into()));
            }
        }
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| Error::Tls { at: "this machine".into(), reason: error.to_string() })?;
        Ok(Arc::new(config.with_root_certificates(roots).with_no_client_auth()))
    };
    let joined = tokio::task::spawn_blocking(build).await;
    joined.unwrap_or_else(|error| Err(Error::Tls { at: "this machine".into(), reason: error.to_string() }))
}

/// What to tell the administrator about a failed handshake: the certificate problems by name.
fn tls_reason(error: &io::Error) -> String {
    let Some(tls) = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) else { return io_reason(error) };
    match tls {
        rustls::Error::InvalidCertificate(problem) => match problem {
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => "the certificate has expired".into(),
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => "the certificate is not valid yet".into(),
            CertificateError::UnknownIssuer => "the certificate is signed by an unknown authority (ca_file can name it)".into(),
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                "the certificate is for another host name".into()
            }
            CertificateError::Revoked => "the certificate has been revoked".into(),
            other => brief(&format!("the certificate is refused: {other}")),
        },
        rustls::Error::InvalidMessage(_) => "the server does not speak TLS on this port".into(),
        other => brief(&other.to_string()),
    }
}

/// The reason of an I/O error in words, without the number of the operating system.
pub(crate) fn io_reason(error: &io::Error) -> String {
    let text = error.to_string();
    match text.split_once(" (os error") {
        Some((words, _)) => words.to_lowercase(),
        None => brief(&text),
    }
}

/// One printable line of at most 300 characters: what a server says may be long, hostile or hold mail.
pub(crate) fn brief(text: &str) -> String {
    let line: String = text.chars().take(301).map(|c| if c.is_control() { ' ' } else { c }).collect();
    let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(300) {
        Some((cut, _)) => format!("{}…", &line[..cut]),
        None => line,
    }
}

impl AsyncRead for Stream {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Stream::Plain(tcp) => Pin::new(tcp).poll_read(cx, buf),
            Stream::Tls(tls) => Pin::new(tls.as_mut()).poll_read(cx, buf),
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Stream::Plain(tcp) => Pin::new(tcp).poll_write(cx, bytes),
            Stream::Tls(tls) => Pin::new(tls.as_mut()).poll_write(cx, bytes),
        }
    }
    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Stream::Plain(tcp) => Pin::new(tcp).poll_flush(cx),
            Stream::Tls(tls) => Pin::new(tls.as_mut()).poll_flush(cx),
        }
    }
    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Stream::Plain(tcp) => Pin::new(tcp).poll_shutdown(cx),
            Stream::Tls(tls) => Pin::new(tls.as_mut()).poll_shutdown(cx),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn target_names_host_and_port() {
        let target = |host| Target { host, port: 993, ca_file: None, timeout: Duration::ZERO }.at();
        assert_eq!(target("mail.desk.example"), "mail.desk.example:993");
        assert_eq!(target("::1"), "[::1]:993");
        assert_eq!(target("[::1]"), "[::1]:993");
    }

    #[test]
    fn plain_is_for_loopback_addresses() {
        for (ip, expected) in [
            ("127.0.0.1", true),
            ("127.9.9.9", true),
            ("::1", true),
            ("::ffff:127.0.0.1", true),
            ("10.0.0.1", false),
            ("192.168.1.1", false),
            ("::ffff:10.0.0.1", false),
            ("fe80::1", false),
        ] {
            assert_eq!(is_this_machine(ip.parse().unwrap()), expected, "{ip}");
        }
    }

    #[test]
    fn server_texts_become_one_short_line() {
        assert_eq!(brief("a\r\nb\0c\t d"), "a b c d");
        let long = brief(&"客".repeat(1000));
        assert_eq!(long.chars().count(), 301);
        assert!(long.ends_with('…'));
    }
}
