//! `casemate replay`: stored mails through this configuration and another one, and what differs.
//!
//! Nothing is written. Mails come as a stream of batches, from files as `casemate import` reads them or from the database in order of arrival;
//! counts and the first differing mails are all that is kept. Both configurations see the same facts: none for files, today's for the
//! database, but that a mail which opened a case opens it again.

mod judge;
mod show;
mod source;

use super::open::{env, load_or_shipped};
use super::{Failure, log};
use crate::config::{self, Loaded};
use crate::replay::{Difference, Summary, compare};
use judge::Sample;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Run stored mails through another configuration and show what would be different
#[derive(clap::Args)]
#[command(
    group = clap::ArgGroup::new("source").required(true).args(["mail", "from_db"]),
    after_long_help = "Examples:\n  casemate replay --mail archive.mbox --against new/casemate.toml\n  casemate replay --from-db --config /etc/casemate/casemate.toml --against new/\n  \
casemate replay --mail mails/ --config old/ --against new/ --json | jq .differences\n\n\
Compared are kind, case, rule, stage, language, priority, category, owner, the articles of each question, subject and text of the draft, and its findings. First \
the summary, then the first mails that differ. Exit code 0: no difference; 1: differences (or a file or the database failed, said on standard error); 3: one of the \
configurations is invalid.\n\n\
With --mail every mail begins a case, as `casemate triage` shows it. With --from-db cases are found as the database is today, the same for both \
configurations; a mail that opened a case opens it again. The database is only read. --json prints an object a line: {\"summary\": …}, then {\"mail\", \"message_id\", \
\"subject\", \"differences\": [{\"aspect\", \"question\", \"before\", \"after\", \"lines\"}]}."
)]
pub struct Args {
    /// mbox files, Maildirs, .eml files, directories of them; - reads standard input
    #[arg(long, value_name = "PATH", num_args = 1..)]
    mail: Vec<PathBuf>,
    /// The mails of the configured database whose bytes are still kept
    #[arg(long)]
    from_db: bool,
    /// This configuration, a file or its directory [default: casemate.toml; without one, and with --mail, the shipped one]
    #[arg(long, value_name = "FILE|DIR")]
    config: Option<PathBuf>,
    /// The other configuration, a file or its directory
    #[arg(long, value_name = "FILE|DIR")]
    against: PathBuf,
    /// Differing mails shown; the summary counts all
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: usize,
    /// One JSON object a line
    #[arg(long)]
    json: bool,
}

/// A mail that differs, as shown.
pub(super) struct Differing {
    pub place: String,
    pub message_id: Option<String>,
    pub subject: String,
    pub differences: Vec<Difference>,
}

/// What is kept while mails stream by.
pub(super) struct Tally {
    pub summary: Summary,
    pub shown: Vec<Differing>,
    limit: usize,
}

pub async fn run(args: Args, out: &mut dyn Write) -> Result<(), Failure> {
    let this = Arc::new(this(args.config.as_deref(), args.from_db)?);
    let other = Arc::new(config::load(&file_of(&args.against), &env)?);
    log::start(&this.log, log::Part::Command);
    let mut tally = Tally { summary: Summary::default(), shown: Vec::new(), limit: args.limit };
    if args.from_db {
        source::from_database(&this, &other, &mut tally).await?;
    } else {
        source::from_files(&this, &other, args.mail, &mut tally).await?;
    }
    if args.json {
        show::json_lines(out, &tally)?
    } else {
        show::text(out, &tally)?
    }
    if tally.summary.differ > 0 {
        out.flush()?;
        return Err(Failure::Said);
    }
    Ok(())
}

fn this(path: Option<&Path>, needs_database: bool) -> Result<Loaded, Failure> {
    let default = Path::new("casemate.toml");
    match path {
        Some(path) => load_or_shipped(Some(&file_of(path))),
        None if needs_database || default.exists() => load_or_shipped(Some(default)),
        None => load_or_shipped(None),
    }
}

/// A directory stands for its `casemate.toml`.
fn file_of(path: &Path) -> PathBuf {
    if path.is_dir() { path.join("casemate.toml") } else { path.to_owned() }
}

impl Tally {
    /// Judges a batch by both configurations, each on a thread of its own, and counts.
    fn take(&mut self, this: &Loaded, other: &Loaded, batch: &[Sample]) {
        let (before, after) = judge::both(this, other, batch);
        for ((sample, (head, before)), (_, after)) in batch.iter().zip(before).zip(after) {
            let differences = compare(&before, &after);
            self.summary.add(&before, &differences);
            if !differences.is_empty() && self.shown.len() < self.limit {
                let (message_id, subject) = head;
                self.shown.push(Differing { place: sample.place.clone(), message_id, subject, differences });
            }
        }
    }
}
