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
pub struct Account {
    pub host: String,
    pub port: u16,
    pub tls: Tls,
    pub user: String,
    pub password: crate::secret::Secret,
    pub mailbox: String,
    pub ca_file: Option<PathBuf>,
    pub allow_plain: bool,
    pub timeout: Duration,
}
