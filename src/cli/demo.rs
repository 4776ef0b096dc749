//! `casemate demo`: a desk to try, laid out in a directory, run by exactly the code of `casemate run`.

use std::path::{Path, PathBuf};

/// Lay out a demo desk with shipped mails and run it; nothing leaves this machine
#[derive(clap::Args)]
#[command(after_long_help = "Examples:\n  casemate demo\n  casemate demo /tmp/desk --port 9000\n\n\
Drafts are ready in seconds; the printed link opens the review pages. Mail dropped into the folder is picked up live. Stopping and \
starting again continues; remove the directory to begin anew.")]
pub struct Args {
    /// Where the desk is laid out
    #[arg(value_name = "DIR", default_value = "casemate-demo")]
    pub directory: PathBuf,
    /// Port of the review pages on 127.0.0.1 [default: a free one from 8180 on]
    #[arg(long)]
    pub port: Option<u16>,
}

/// Lays out the desk in `directory` when it is not there yet, then runs it until SIGTERM or SIGINT.
pub async fn run(_directory: &Path, _port: Option<u16>) -> anyhow::Result<()> {
    anyhow::bail!("the demo is being built")
}
