//! What most commands begin with: the configuration, the database, and who acts.

use super::{Failure, log};
use crate::app::App;
use crate::config::{self, Loaded, SHIPPED};
use clap::Args;
use std::path::{Path, PathBuf};
use std::sync::Arc;

#[derive(Args)]
pub struct Config {
    /// The configuration file; relative paths in it begin at its directory.
    #[arg(long, value_name = "FILE", default_value = "casemate.toml", global = true)]
    pub config: PathBuf,
}

/// Who is written into the history.
#[derive(Args)]
pub struct By {
    /// Login of the one who acts, written into the history [default: $USER]
    #[arg(long = "by", value_name = "LOGIN", global = true)]
    by: Option<String>,
}

impl By {
    pub fn login(&self) -> String {
        let name = self.by.clone().or_else(|| env("USER")).filter(|name| !name.trim().is_empty());
        name.unwrap_or_else(|| "cli".to_owned())
    }
}

pub fn env(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

impl Config {
    pub fn load(&self) -> Result<Loaded, Failure> {
        Ok(config::load(&self.config, &env)?)
    }

    /// Configuration and database, for a command that does one thing: only warnings are logged.
    pub async fn app(&self) -> Result<Arc<App>, Failure> {
        let loaded = self.load()?;
        log::start(&loaded.log, log::Part::Command);
        Ok(config::build(loaded).await?)
    }
}

/// The given configuration, else the shipped one. Reads no database.
pub fn load_or_shipped(path: Option<&Path>) -> Result<Loaded, Failure> {
    match path {
        Some(path) => Ok(config::load(path, &env)?),
        None => Ok(config::parse(SHIPPED, "the shipped configuration", Path::new("."), &|_| None)?),
    }
}
