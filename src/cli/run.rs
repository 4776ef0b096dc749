//! `casemate run`: the daemon.

use super::open::Config;
use super::{Failure, log};
use crate::{config, daemon};

/// Run the daemon: fetch, triage, deliver, sweep and the review pages, until SIGTERM or SIGINT
#[derive(clap::Args)]
#[command(after_long_help = "Examples:\n  casemate run --config /etc/casemate/casemate.toml\n  CASEMATE_LOG_FORMAT=json casemate run\n\n\
The database is created and migrated at start. Stopping takes at most a few seconds; a kill at any moment loses and doubles nothing.")]
pub struct Args {
    #[command(flatten)]
    config: Config,
}

pub async fn run(args: Args) -> Result<(), Failure> {
    let loaded = args.config.load()?;
    log::start(&loaded.log, log::Part::Daemon);
    let app = config::build(loaded).await?;
    Ok(daemon::run(app).await?)
}
