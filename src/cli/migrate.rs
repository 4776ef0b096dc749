//! `casemate migrate`: bring the database to this version.

use super::Failure;
use super::open::Config;
use std::io::Write;

/// Create the database or bring it to this version; `run` does the same at its start
#[derive(clap::Args)]
#[command(
    after_long_help = "Example:\n  casemate backup before.sqlite && casemate migrate\n\nMigrations go forward only. A database made by a newer casemate is refused (exit code 1)."
)]
pub struct Args {
    #[command(flatten)]
    config: Config,
}

pub async fn run(args: Args, out: &mut dyn Write) -> Result<(), Failure> {
    let app = args.config.app().await?;
    let (applied, known) = app.db.migrations().await?;
    Ok(writeln!(out, "{applied} of {known} migrations are applied")?)
}
