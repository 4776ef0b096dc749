//! (stub; the room is being built)
use std::path::PathBuf;
use std::time::Duration;
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tls {
    Implicit,
    StartTls,
    Plain,
}
#[derive(Debug, Clone)]
pub struct Relay {
    pub host: String,
    pub port: u16,
    pub tls: Tls,
    pub user: Option<String>,
    pub password: Option<crate::secret::Secret>,
    pub hello: Option<String>,
    pub ca_file: Option<PathBuf>,
    pub allow_plain: bool,
    pub timeout: Duration,
}
