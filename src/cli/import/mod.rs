//! `casemate import`: mails from files into the database, then triage until nothing is left to decide.
//!
//! Mails are read as a stream and stored in batches, as `received`, before anything is decided. An imported mail is remembered by
//! the hash of its bytes, and which one of its like it is: importing a file again, or a file that grew meanwhile, stores only what
//! is new, and a mail that is there twice counts twice in the books.

pub(super) mod arrival;
pub(super) mod mbox;
pub(super) mod source;

use super::Failure;
use super::open::Config;
use super::output::json;
use crate::app::App;
use crate::case::{MailboxId, Millis};
use crate::daemon::{self, Step};
use crate::db;
use crate::db::account::Account;
use crate::db::message::{NewRaw, Stored};
use indicatif::{ProgressBar, ProgressStyle};
use mbox::Item;
use serde::Serialize;
use source::Batches;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// Import mails from mbox files, Maildirs, .eml files or standard input, and triage them
#[derive(clap::Args)]
#[command(
    after_long_help = "Examples:\n  casemate import archive.mbox\n  casemate import ~/Maildir --mailbox old-desk\n  casemate import *.eml\n  zcat 2020.mbox.gz | casemate import -\n\n\
A file that begins with \"From \" is an mbox (>From lines are unescaped), any other file is one mail. A directory with cur/ and new/ is a Maildir; in any other \
directory every .eml and .mbox file below it is read. A mail that is known already is counted as a duplicate. Every new mail is triaged and may open a case with a draft; nothing is \
sent. Filed, ignored and quarantined are counted from the books before and after, so with a running daemon they include what it did meanwhile."
)]
pub struct Args {
    /// Files or directories; - reads an mbox or one mail from standard input
    #[arg(value_name = "FILE|DIR|-", required = true)]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    config: Config,
    /// Under which mailbox the mails are remembered
    #[arg(long, value_name = "NAME", default_value = "import")]
    mailbox: String,
    /// The account as one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Default, Serialize)]
struct Counts {
    read: u64,
    new: u64,
    duplicates: u64,
    too_large: u64,
    filed: i64,
    ignored: i64,
    quarantined: i64,
    seconds: f64,
    mails_per_second: f64,
}

pub async fn run(args: Args, out: &mut dyn Write) -> Result<(), Failure> {
    if let Some(missing) = args.paths.iter().find(|path| path.as_os_str() != "-" && !path.exists()) {
        return Err(Failure::Failed(anyhow::anyhow!("there is no {}", missing.display())));
    }
    let app = args.config.app().await?;
    let begun = Instant::now();
    let mut tx = app.db.begin().await?;
    let mailbox = db::mailbox::ensure(&mut tx, &args.mailbox, app.now()).await?.id;
    let before = db::account::load(&mut tx).await?;
    tx.commit().await?;

    let mut counts = Counts::default();
    let (is_read, until_read) = watch::channel(false);
    let triaging = tokio::spawn(triage(Arc::clone(&app), until_read));
    let stored = store(&app, mailbox, args.paths, &mut counts).await;
    // What was stored is triaged also when reading stopped half-way.
    is_read.send_replace(true);
    let bar =
        ProgressBar::new_spinner().with_style(style("{spinner} triage of {msg} mails, {elapsed}")).with_message(counts.new.to_string());
    bar.enable_steady_tick(Duration::from_millis(100));
    let triaged = triaging.await;
    bar.finish_and_clear();
    triaged.map_err(anyhow::Error::from)??;
    stored?;

    let after = db::account::load(&mut app.db.read().await?).await?;
    finish(&mut counts, &before, &after, begun.elapsed());
    if args.json { json(out, &counts, false) } else { print(out, &counts) }
}

/// Reads on a blocking thread, at most two batches ahead of the database.
async fn store(app: &Arc<App>, mailbox: MailboxId, paths: Vec<PathBuf>, counts: &mut Counts) -> Result<(), Failure> {
    let bar = reading_bar(source::size(&paths));
    let (to, mut batches) = tokio::sync::mpsc::channel(2);
    let mut sink = Batches::new(to, bar.clone(), app.settings.message_bytes);
    let reading = tokio::task::spawn_blocking(move || {
        let read = paths.iter().try_for_each(|path| source::read(path, &mut sink));
        // A file that cannot be read does not take back the ones before it.
        read.and(sink.flush())
    });
    let mut seen = HashMap::new();
    while let Some(batch) = batches.recv().await {
        insert(app, mailbox, &batch, &mut seen, counts).await?;
        app.bells.triage.notify_one();
        bar.set_message(format!("{} mails", counts.read));
    }
    drop(batches);
    bar.finish_and_clear();
    Ok(reading.await.map_err(anyhow::Error::from)??)
}

/// `seen`: how often each hash came up in this import.
async fn insert(app: &App, mailbox: MailboxId, batch: &[Item], seen: &mut HashMap<[u8; 32], u32>, counts: &mut Counts) -> db::Result<()> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    for item in batch {
        let count = seen.entry(item.hash).and_modify(|count| *count += 1).or_insert(1);
        let remote_id = remote_id(&item.hash, *count);
        let new = NewRaw {
            mailbox,
            remote_id: &remote_id,
            received_at: item.raw.as_deref().and_then(arrival::received_at).map_or(now, |at: Millis| at.min(now)),
            seen_at: now,
            size: i64::try_from(item.size).unwrap_or(i64::MAX),
            raw: item.raw.as_deref().ok_or("larger than the limit"),
        };
        counts.read += 1;
        counts.too_large += u64::from(item.raw.is_none());
        match db::message::insert_raw(&mut tx, &new).await? {
            Stored::New(_) => counts.new += 1,
            Stored::Duplicate(_) | Stored::Seen => counts.duplicates += 1,
        }
    }
    tx.commit().await
}

fn remote_id(hash: &[u8; 32], count: u32) -> String {
    let mut id = hash.iter().fold("sha256:".to_owned(), |mut id, byte| {
        let _ = write!(id, "{byte:02x}"); // writing to a String cannot fail
        id
    });
    if count > 1 {
        let _ = write!(id, "#{count}");
    }
    id
}

/// Triage beside the reading: until everything is read and nothing is left to do.
async fn triage(app: Arc<App>, mut until_read: watch::Receiver<bool>) -> anyhow::Result<()> {
    loop {
        // Asked before the step: what was stored before the end of the reading is seen by the step after it.
        let is_read = *until_read.borrow();
        if daemon::triage::step(&app).await? == Step::Worked {
            continue;
        }
        if is_read {
            return Ok(());
        }
        tokio::select! {
            _ = app.bells.triage.notified() => {}
            // An error means that the reader is gone.
            changed = until_read.changed() => if changed.is_err() { return Ok(()) },
        }
    }
}

pub(super) fn reading_bar(bytes: u64) -> ProgressBar {
    if bytes == 0 {
        return ProgressBar::new_spinner().with_style(style("{spinner} reading {msg}, {elapsed}"));
    }
    ProgressBar::new(bytes).with_style(style("reading {wide_bar} {bytes}/{total_bytes} {msg}, {eta} left"))
}

pub(super) fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

fn finish(counts: &mut Counts, before: &Account, after: &Account, took: Duration) {
    counts.filed = after.filed - before.filed;
    counts.ignored = after.ignored - before.ignored;
    counts.quarantined = after.quarantined - before.quarantined;
    counts.seconds = took.as_secs_f64();
    counts.mails_per_second = counts.read as f64 / counts.seconds.max(0.001);
}

fn print(out: &mut dyn Write, counts: &Counts) -> Result<(), Failure> {
    let Counts { read, new, duplicates, filed, ignored, quarantined, .. } = counts;
    writeln!(out, "read         {read:>9}")?;
    writeln!(out, "new          {new:>9}")?;
    writeln!(out, "duplicates   {duplicates:>9}")?;
    writeln!(out, "filed        {filed:>9}")?;
    writeln!(out, "ignored      {ignored:>9}")?;
    writeln!(out, "quarantined  {quarantined:>9}")?;
    Ok(writeln!(out, "{:.1} s, {:.0} mails a second", counts.seconds, counts.mails_per_second)?)
}
