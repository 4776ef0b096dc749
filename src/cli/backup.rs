//! `casemate backup`: a consistent copy of the SQLite database, also while the daemon runs.

use super::Failure;
use super::open::Config;
use std::io::Write;
use std::path::PathBuf;

/// Copy the SQLite database into a file, consistent also while the daemon runs
#[derive(clap::Args)]
#[command(
    after_long_help = "Example:\n  casemate backup /backup/casemate-$(date +%F).sqlite\n\nThe copy holds everything: mails, cases, drafts, outbox, engineers. A file that exists is not \
overwritten. For PostgreSQL use pg_dump."
)]
pub struct Args {
    /// The file to write; it must not exist
    file: PathBuf,
    #[command(flatten)]
    config: Config,
}

pub async fn run(args: Args, out: &mut dyn Write) -> Result<(), Failure> {
    if args.file.exists() {
        return Err(Failure::refused(format!("{} exists", args.file.display())));
    }
    let app = args.config.app().await?;
    app.db.backup(&args.file).await?;
    let size = std::fs::metadata(&args.file)?.len();
    Ok(writeln!(out, "{} ({} MB)", args.file.display(), size.div_ceil(1 << 20))?)
}
