//! Sections about servers: `[[mailbox]]`, `[relay]`, `[web]`, and the secrets they need.
//!
//! A secret stands in a file or in the environment, never in the configuration. Without TLS only this machine is
//! spoken to, unless `allow_plain` says so by name.

use super::read::Reader;
use crate::app::{MailboxSettings, Relay, Source};
use crate::folder::{Folder, Layout};
use crate::imap::{self, Tls};
use crate::secret::Secret;
use crate::smtp;
use std::collections::HashSet;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

const TLS: &[(&str, Tls)] = &[("implicit", Tls::Implicit), ("starttls", Tls::StartTls), ("plain", Tls::Plain)];

/// Host, port, TLS, user and secret: the keys IMAP and SMTP have in common.
struct Server {
    host: String,
    port: u16,
    tls: Tls,
    allow_plain: bool,
    user: Option<String>,
    password: Option<Secret>,
    ca_file: Option<PathBuf>,
    timeout: Duration,
}

/// `ports` for implicit, starttls, plain. `is_used`: the section talks to a server, so that what is missing is a problem.
fn server(section: &Reader<'_>, is_used: bool, default: Tls, ports: [i64; 3]) -> Server {
    let host = if is_used { section.required("host", "the server's name") } else { section.text("host", "") };
    let tls = section.choice("tls", TLS, default);
    let port = section.integer("port", ports[TLS.iter().position(|(_, t)| *t == tls).unwrap_or(0)], 1..=65_535);
    let allow_plain = section.flag("allow_plain", false);
    let user = section.text_option("user");
    let password = secret(section, is_used);
    let ca_file = section.path("ca_file");
    if let Some(path) = ca_file.as_ref().filter(|path| is_used && !path.is_file()) {
        section.problem("ca_file", format!("there is no file {}", path.display()));
    }
    if is_used && tls == Tls::Plain && !allow_plain && !host.is_empty() && !is_loopback(&host) {
        section.problem("tls", format!("\"plain\" sends mail and password readable over the network to {host}; use \"implicit\" or \"starttls\", or set allow_plain = true"));
    }
    let timeout = Duration::from_secs(section.integer("timeout_seconds", 30, 1..=600).unsigned_abs());
    Server { host, port: u16::try_from(port).unwrap_or(0), tls, allow_plain, user, password, ca_file, timeout }
}

/// From `password_file` (its first line) or `password_env`.
pub fn secret(section: &Reader<'_>, is_used: bool) -> Option<Secret> {
    if section.has("password") {
        section.problem(
            "password",
            "a password does not belong in this file; name a file with password_file or an environment variable with password_env",
        );
        return None;
    }
    let (file, variable) = (section.path("password_file"), section.text_option("password_env"));
    let text = match (file, variable) {
        (Some(_), Some(_)) => {
            section.problem("password_env", "give password_file or password_env, not both");
            return None;
        }
        (Some(path), None) if is_used => match std::fs::read_to_string(&path) {
            Ok(text) => text.lines().next().unwrap_or_default().to_owned(),
            Err(error) => {
                section.problem("password_file", format!("{} cannot be read: {}", path.display(), reason(&error)));
                return None;
            }
        },
        (None, Some(name)) if is_used => section.variable(&name).unwrap_or_else(|| {
            section.problem("password_env", format!("the environment variable {name} is not set"));
            " ".to_owned()
        }),
        _ => return None,
    };
    if text.is_empty() {
        section.problem("password_file", "the password is empty");
    }
    Some(Secret::new(text))
}

/// The reason of an I/O error without the operating system's number.
pub fn reason(error: &std::io::Error) -> String {
    let text = error.to_string();
    text.split_once(" (os error").map_or(text.as_str(), |(words, _)| words).to_lowercase()
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Imap,
    Maildir,
    Eml,
    /// Missing or misspelt, which is reported.
    Unknown,
}

pub fn mailboxes(root: &Reader<'_>) -> Vec<MailboxSettings> {
    let mut names = HashSet::new();
    let mut mailboxes = Vec::new();
    for section in root.list("mailbox") {
        let name = section.required("name", "a name for this mailbox, shown on pages and in reports");
        if !name.is_empty() && !names.insert(name.clone()) {
            section.problem("name", format!("two mailboxes are named \"{name}\"; what was read is remembered by name"));
        }
        mailboxes.push(mailbox(&section, name));
    }
    mailboxes
}

fn mailbox(section: &Reader<'_>, name: String) -> MailboxSettings {
    if !section.has("source") {
        section.problem("source", "missing: where the mails are, \"imap\", \"maildir\" or \"eml\"");
    }
    let kind = section.choice("source", &[("imap", Kind::Imap), ("maildir", Kind::Maildir), ("eml", Kind::Eml)], Kind::Unknown);
    let is_imap = kind == Kind::Imap;
    let server = server(section, is_imap, Tls::Implicit, [993, 143, 143]);
    let mailbox = section.text("mailbox", "INBOX");
    let path = section.path("path");
    let poll = Duration::from_secs(section.integer("poll_seconds", if is_imap { 60 } else { 2 }, 1..=86_400).unsigned_abs());
    let source = if matches!(kind, Kind::Imap | Kind::Unknown) {
        if is_imap && server.user.is_none() {
            section.problem("user", "missing: the login name at the server");
        }
        if is_imap
            && server.password.is_none()
            && !section.has("password")
            && !(section.has("password_file") || section.has("password_env"))
        {
            section.problem("password_file", "missing: give password_file or password_env");
        }
        Source::Imap(account(server, mailbox))
    } else {
        if path.is_none() {
            section.problem("path", "missing: the directory of this mailbox");
        }
        let layout = if kind == Kind::Maildir { Layout::Maildir } else { Layout::Eml };
        Source::Folder(Folder { path: path.unwrap_or_default(), layout })
    };
    MailboxSettings { name, source, poll }
}

fn account(server: Server, mailbox: String) -> imap::Account {
    imap::Account {
        host: server.host,
        port: server.port,
        tls: server.tls,
        user: server.user.unwrap_or_default(),
        password: server.password.unwrap_or_else(|| Secret::new("")),
        mailbox,
        ca_file: server.ca_file,
        allow_plain: server.allow_plain,
        timeout: server.timeout,
    }
}

/// The relay, and the mailbox that keeps a copy of what was sent.
pub fn relay(root: &Reader<'_>, mailboxes: &[MailboxSettings]) -> (Relay, Option<(imap::Account, String)>) {
    let section = root.section("relay");
    let is_smtp = section.choice("kind", &[("smtp", true), ("folder", false)], false);
    let server = server(&section, is_smtp, Tls::StartTls, [465, 587, 25]);
    let (hello, path) = (section.text_option("hello"), section.path_or("path", "outgoing"));
    let sent = sent_mailbox(&section, mailboxes);
    if is_smtp && server.user.is_some() != server.password.is_some() && !section.has("password") {
        section.problem("user", "a user and a password belong together");
    }
    if !is_smtp {
        return (Relay::Folder(path), sent);
    }
    let Server { host, port, tls, user, password, ca_file, allow_plain, timeout } = server;
    (Relay::Smtp(smtp::Relay { host, port, tls, user, password, hello, ca_file, allow_plain, timeout }), sent)
}

fn sent_mailbox(section: &Reader<'_>, mailboxes: &[MailboxSettings]) -> Option<(imap::Account, String)> {
    let folder = section.text("sent_folder", "Sent");
    let name = section.text_option("sent_mailbox")?;
    let account = mailboxes.iter().find(|m| m.name == name).and_then(|m| match &m.source {
        Source::Imap(account) => Some(account.clone()),
        Source::Folder(_) => None,
    });
    if account.is_none() {
        section.problem("sent_mailbox", format!("there is no [[mailbox]] named \"{name}\" with source = \"imap\""));
    }
    Some((account?, folder))
}

/// Address to listen on and base of links. Beyond this machine only behind https, or when allowed by name.
pub fn web(root: &Reader<'_>) -> (SocketAddr, String) {
    let section = root.section("web");
    let listen = section.parsed("listen", "127.0.0.1:8180", "an address and port like 127.0.0.1:8180");
    let listen = listen.unwrap_or(SocketAddr::from(([127, 0, 0, 1], 8180)));
    let base_url = section.text_option("base_url").unwrap_or_else(|| format!("http://{listen}"));
    let base_url = base_url.trim_end_matches('/').to_owned();
    let host = base_url.strip_prefix("http://").or_else(|| base_url.strip_prefix("https://")).unwrap_or_default();
    if host.is_empty() || host.starts_with('/') || base_url.contains(char::is_whitespace) {
        section.problem("base_url", format!("expected a link like https://desk.example, found \"{base_url}\""));
    }
    let allow_http = section.flag("allow_http", false);
    if !listen.ip().is_loopback() && !base_url.starts_with("https://") && !allow_http {
        section.problem("listen", format!("{listen} is reachable from other machines, where passwords would travel readable; listen on 127.0.0.1 behind a proxy with TLS, set base_url to its https address, or set allow_http = true"));
    }
    (listen, base_url)
}
