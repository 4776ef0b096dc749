//! Where replayed mails come from: files, read on a thread of their own, or the database, page by page in the order of keys.

use super::Tally;
use super::judge::Sample;
use crate::case::{CaseId, MessageKey};
use crate::cli::Failure;
use crate::cli::import::{arrival, mbox::Item, reading_bar, source, style};
use crate::config::Loaded;
use crate::daemon::triage::sent_before;
use crate::db::message::{self, StoredMail};
use crate::db::{self, Db, Tx};
use crate::mail;
use crate::triage::Facts;
use indicatif::ProgressBar;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Mails of one page of the database.
const PAGE: i64 = 200;

/// Reads at most two batches ahead of the judging.
pub(super) async fn from_files(this: &Loaded, other: &Loaded, paths: Vec<PathBuf>, tally: &mut Tally) -> Result<(), Failure> {
    if let Some(missing) = paths.iter().find(|path| path.as_os_str() != "-" && !path.exists()) {
        return Err(Failure::Failed(anyhow::anyhow!("there is no {}", missing.display())));
    }
    let bar = reading_bar(source::size(&paths));
    let (to, mut batches) = tokio::sync::mpsc::channel::<Vec<Item>>(2);
    let mut sink = source::Batches::new(to, bar.clone(), this.settings.message_bytes);
    let reading = tokio::task::spawn_blocking(move || {
        let read = paths.iter().try_for_each(|path| source::read(path, &mut sink));
        read.and(sink.flush())
    });
    while let Some(batch) = batches.recv().await {
        let count = batch.len();
        let samples: Vec<Sample> = batch.into_iter().filter_map(sample_of).collect();
        tally.summary.too_large += (count - samples.len()) as u64;
        tally.take(this, other, &samples);
        bar.set_message(format!("{} mails, {} differ", tally.summary.mails, tally.summary.differ));
    }
    bar.finish_and_clear();
    Ok(reading.await.map_err(anyhow::Error::from)??)
}

/// None: larger than the limit.
fn sample_of(item: Item) -> Option<Sample> {
    let raw = item.raw?;
    Some(Sample { place: item.place, received_at: arrival::received_at(&raw), raw, facts: Facts::default(), ours: None })
}

/// A transaction a page, so that a long replay holds nothing up.
pub(super) async fn from_database(this: &Arc<Loaded>, other: &Loaded, tally: &mut Tally) -> Result<(), Failure> {
    if let Some(path) = this.database_url.strip_prefix("sqlite:").filter(|path| !Path::new(path).exists()) {
        return Err(Failure::Failed(anyhow::anyhow!("there is no database {path}")));
    }
    let db = Db::open(&this.database_url).await?;
    let total = message::count_stored(&mut db.read().await?).await?;
    let bar = ProgressBar::new(total.unsigned_abs()).with_style(style("replaying {wide_bar} {pos}/{len} {msg}, {eta} left"));
    let mut after = MessageKey(0);
    loop {
        let mut tx = db.read().await?;
        let page = message::list_stored(&mut tx, after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = last.key;
        bar.inc(page.len() as u64);
        let mut samples = Vec::with_capacity(page.len());
        for stored in page {
            match known(&mut tx, this, stored).await? {
                Some(sample) => samples.push(sample),
                None => tally.summary.damaged += 1,
            }
        }
        drop(tx);
        tally.take(this, other, &samples);
        bar.set_message(format!("{} differ", tally.summary.differ));
    }
    bar.finish_and_clear();
    db.close().await;
    Ok(())
}

/// The mail with the facts of this configuration's reading. None: its bytes are damaged.
async fn known(tx: &mut Tx, this: &Loaded, stored: StoredMail) -> db::Result<Option<Sample>> {
    let StoredMail { key, received_at, opened, raw } = stored;
    let Ok(raw) = raw else { return Ok(None) };
    let place = format!("message {key}");
    let mut sample = Sample { place, raw, received_at: Some(received_at), facts: Facts::default(), ours: None };
    // A mail that the reader fails on has no facts; judging it says so.
    let Ok(mail) = catch_unwind(AssertUnwindSafe(|| mail::parse(&sample.raw, &this.settings.mail))) else { return Ok(Some(sample)) };
    let facts = db::case::facts_for(tx, &mail, received_at, this.settings.match_window_ms).await?;
    sample.facts = match opened {
        Some(case) => without(facts, case),
        None => facts,
    };
    if !sample.facts.by_reference.is_empty() {
        sample.ours = sent_before(tx, &mail).await?;
    }
    Ok(Some(sample))
}

/// As it was before this case was there.
fn without(mut facts: Facts, case: CaseId) -> Facts {
    facts.by_number.retain(|known| known.id != case);
    facts.by_reference.retain(|(_, known)| known.id != case);
    facts.by_token.retain(|known| known.id != case);
    facts.by_subject.retain(|known| known.id != case);
    facts
}
