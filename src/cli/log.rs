//! Logging: to standard error, as the configuration says. What could show a secret stays off whatever the configuration says.

use crate::config::{Log, LogFormat};
use tracing_subscriber::EnvFilter;

/// Put last, so that they win: at trace level these crates write commands with passwords, and mails.
const FIXED: &str = "async_imap=info,imap_proto=info,lettre=info,rustls=info,sqlx=warn,html5ever=error";

pub enum Part {
    /// The daemon.
    Daemon,
    /// A command that ends by itself: warnings only, unless the configuration asks for more than `info`.
    Command,
}

/// Starts logging for this process; a second call changes nothing.
pub fn start(log: &Log, part: Part) {
    let level = match part {
        Part::Command if log.level == "info" => "warn",
        _ => log.level.as_str(),
    };
    let filter = EnvFilter::try_new(format!("{level},{FIXED}")).unwrap_or_else(|_| EnvFilter::new(format!("info,{FIXED}")));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let is_terminal = std::io::IsTerminal::is_terminal(&std::io::stderr());
    // An error means that logging runs already.
    let _ = match log.format {
        LogFormat::Text => builder.with_ansi(is_terminal).try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    };
}
