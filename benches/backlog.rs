//! The backlog: how fast 5,000 mails of 12 KB become cases, drafts and a search index, beside what the parts cost alone.
//!
//! `cargo bench --bench backlog [-- MAILS]`. One process, a fresh SQLite file in a temporary directory for each phase, durable as
//! shipped (synchronous FULL). The mails come from the seeded generator of the tests, lie in files and are read batch by
//! batch, so that peak memory is that of the import. benches/README.md says how to read the numbers.

// A benchmark reads the clock.
#![allow(clippy::disallowed_methods)]

#[path = "../tests/it/generator/mod.rs"]
mod generator;

use casemate::app::App;
use casemate::db::message::{self, NewRaw};
use casemate::{config, daemon, db, mail};
use generator::Next;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

const MAILS: usize = 5_000;
const SIZE: usize = 12_000;
const SEED: u64 = 20_260_723;
/// Mails in one writing transaction of the raw insert, as fetching does with a backlog.
const BATCH: usize = 200;

const CONFIG: &str = "[desk]\nname = \"技术支持中心\"\naddress = \"support@desk.example\"\n[case_number]\nnumbering = \"casemate\"\n\
                      [matching]\nfreemail_domains = [\"qqmail.example\", \"netease.example\"]\n";

/// One mail on disk.
struct Stored {
    path: PathBuf,
    at: i64,
}

struct Phase {
    name: &'static str,
    mails: usize,
    bytes: u64,
    took: Duration,
    /// Processor time of all threads.
    cpu: Duration,
    peak_kb: u64,
}

impl Phase {
    fn rate(&self) -> f64 {
        self.mails as f64 / self.took.as_secs_f64()
    }
    fn print(&self) {
        let megabytes = self.bytes as f64 / 1e6 / self.took.as_secs_f64();
        println!(
            "{:<46}{:>7.0} mails/s {megabytes:>7.1} MB/s {:>6.2} s, cpu {:>6.2} s, peak {:>4} MB",
            self.name,
            self.rate(),
            self.took.as_secs_f64(),
            self.cpu.as_secs_f64(),
            self.peak_kb / 1024
        );
    }
}

fn main() -> anyhow::Result<()> {
    // cargo adds `--bench`.
    let mails = std::env::args().skip(1).find_map(|a| a.parse().ok()).unwrap_or(MAILS);
    let directory = tempfile::tempdir()?;
    let (stored, bytes) = write_mails(directory.path(), mails)?;
    let stored = Arc::new(stored);
    println!("{mails} mails, {:.1} KB on average, seed {SEED}, {} cores", bytes as f64 / 1e3 / mails as f64, cores());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let settings = app_in(&runtime, directory.path(), "settings")?.settings.mail.clone();

    let structure = parse(&stored, bytes, "mailparse alone, structure (1 thread)", |raw| drop(black_box(mailparse::parse_mail(raw))))?;
    let decoded = parse(&stored, bytes, "mailparse alone, all parts decoded (1 thread)", decode_all)?;
    let ours = parse(&stored, bytes, "parse alone (1 thread)", |raw| drop(black_box(mail::parse(raw, &settings))))?;
    let raw = import(&runtime, directory.path(), &stored, bytes, "raw insert alone", Import::RawOnly)?;
    let serial = import(&runtime, directory.path(), &stored, bytes, "full import: raw rows, then triage", Import::Serial)?;
    let both = import(&runtime, directory.path(), &stored, bytes, "full import: both at once, as the daemon", Import::AtOnce)?;

    println!("\nparse alone / mailparse decoded     {:.2}", ours.rate() / decoded.rate());
    println!("mailparse structure / decoded       {:.2}", structure.rate() / decoded.rate());
    println!("full import / parse alone           {:.2}", serial.rate() / ours.rate());
    println!("full import / raw insert alone      {:.2}", serial.rate() / raw.rate());
    println!("both at once / one after the other  {:.2}", both.rate() / serial.rate());
    Ok(())
}

/// Generates the mails into files; a desk that never answers, so the replies name the customer's own mails.
fn write_mails(directory: &Path, mails: usize) -> anyhow::Result<(Vec<Stored>, u64)> {
    let mut threads = generator::sized_threads(SEED, mails / 4 + 8, SIZE);
    let mut stored = Vec::with_capacity(mails);
    let mut bytes = 0;
    while stored.len() < mails {
        let Some(next) = threads.next(&|_| None) else { anyhow::bail!("the generator gave {} mails only", stored.len()) };
        let Next::Mail(mail) = next else { continue };
        let path = directory.join(format!("{:06}.eml", stored.len()));
        std::fs::write(&path, &mail.raw)?;
        bytes += mail.raw.len() as u64;
        stored.push(Stored { path, at: mail.at });
    }
    Ok((stored, bytes))
}

fn app_in(runtime: &tokio::runtime::Runtime, directory: &Path, name: &str) -> anyhow::Result<Arc<App>> {
    let home = directory.join(name);
    std::fs::create_dir_all(&home)?;
    let loaded = config::parse(CONFIG, "casemate.toml", &home, &|_| None).map_err(|problems| anyhow::anyhow!("{problems}"))?;
    let mut app = runtime.block_on(config::build(loaded))?;
    // Shortly after the last mail, so that the matching window is open.
    Arc::get_mut(&mut app).ok_or_else(|| anyhow::anyhow!("the app is shared already"))?.clock =
        Box::new(|| generator::START + 50 * 86_400_000);
    Ok(app)
}

/// Times `one` on each mail; reading the files does not count.
fn parse(stored: &[Stored], bytes: u64, name: &'static str, one: impl Fn(&[u8])) -> anyhow::Result<Phase> {
    reset_peak();
    let (mut took, cpu_before) = (Duration::ZERO, cpu());
    for batch in stored.chunks(BATCH) {
        let raws = batch.iter().map(|s| std::fs::read(&s.path)).collect::<Result<Vec<_>, _>>()?;
        let start = Instant::now();
        raws.iter().for_each(|raw| one(raw));
        took += start.elapsed();
    }
    let phase = Phase { name, mails: stored.len(), bytes, took, cpu: cpu().saturating_sub(cpu_before), peak_kb: peak_kb() };
    phase.print();
    Ok(phase)
}

fn decode_all(raw: &[u8]) {
    fn decode(part: &mailparse::ParsedMail<'_>) {
        for header in &part.headers {
            black_box(header.get_value());
        }
        if part.ctype.mimetype.starts_with("text/") {
            drop(black_box(part.get_body()));
        } else if part.subparts.is_empty() {
            drop(black_box(part.get_body_raw()));
        }
        part.subparts.iter().for_each(decode);
    }
    if let Ok(mail) = mailparse::parse_mail(raw) {
        decode(&mail);
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Import {
    RawOnly,
    Serial,
    AtOnce,
}

fn import(
    runtime: &tokio::runtime::Runtime,
    directory: &Path,
    stored: &Arc<Vec<Stored>>,
    bytes: u64,
    name: &'static str,
    how: Import,
) -> anyhow::Result<Phase> {
    let app = app_in(runtime, directory, &format!("{how:?}"))?;
    reset_peak();
    let (start, cpu_before) = (Instant::now(), cpu());
    runtime.block_on(async {
        match how {
            Import::RawOnly => insert_raw(&app, stored).await,
            Import::Serial => {
                insert_raw(&app, stored).await?;
                println!("{:<46}{:>7.2} s", "  of which raw rows", start.elapsed().as_secs_f64());
                triage(&app).await
            }
            Import::AtOnce => {
                let inserting = tokio::spawn({
                    let (app, stored) = (Arc::clone(&app), Arc::clone(stored));
                    async move { insert_raw(&app, &stored).await }
                });
                while !inserting.is_finished() {
                    triage(&app).await?;
                    tokio::time::sleep(Duration::from_millis(1)).await;
                }
                inserting.await??;
                triage(&app).await
            }
        }
    })?;
    let phase =
        Phase { name, mails: stored.len(), bytes, took: start.elapsed(), cpu: cpu().saturating_sub(cpu_before), peak_kb: peak_kb() };
    phase.print();
    if how != Import::RawOnly {
        runtime.block_on(account(&app))?;
    }
    runtime.block_on(app.db.close());
    Ok(phase)
}

async fn insert_raw(app: &Arc<App>, stored: &[Stored]) -> anyhow::Result<()> {
    let mut tx = app.db.begin().await?;
    let mailbox = db::mailbox::ensure(&mut tx, "support", generator::START).await?.id;
    tx.commit().await?;
    for batch in stored.chunks(BATCH) {
        let mut tx = app.db.begin().await?;
        for one in batch {
            let raw = std::fs::read(&one.path)?;
            let remote_id = one.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let new =
                NewRaw { mailbox, remote_id: &remote_id, received_at: one.at, seen_at: one.at, size: raw.len() as i64, raw: Ok(&raw) };
            message::insert_raw(&mut tx, &new).await?;
        }
        tx.commit().await?;
    }
    Ok(())
}

async fn triage(app: &Arc<App>) -> anyhow::Result<()> {
    while daemon::triage::step(app).await? == daemon::Step::Worked {}
    Ok(())
}

/// What became of the mails: proof that the import was whole.
async fn account(app: &Arc<App>) -> anyhow::Result<()> {
    let mut tx = app.db.read().await?;
    let a = db::account::load(&mut tx).await?;
    let drafts = db::draft::count_proposed(&mut tx).await?;
    println!(
        "  filed {}, ignored {}, quarantined {}, duplicates {}, waiting {}, drafts {drafts}, books balance: {}",
        a.filed, a.ignored, a.quarantined, a.duplicates, a.received, a.balances
    );
    Ok(())
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, |n| n.get())
}

/// Processor time of this process so far, in hundredths of a second; zero where there is no /proc.
fn cpu() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // Behind the name in parentheses: state is field 3, utime and stime are 14 and 15 (proc(5)).
    let ticks = stat.rsplit(')').next().unwrap_or("").split_whitespace().skip(11).take(2).filter_map(|n| n.parse::<u64>().ok());
    Duration::from_millis(ticks.sum::<u64>() * 10)
}

/// Starts the high-water mark of resident memory anew (Linux; elsewhere it stays that of the process).
fn reset_peak() {
    // Not permitted in some containers: then the peak is that of all phases so far.
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}

/// VmHWM in kB; 0 where there is no /proc.
fn peak_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|l| l.starts_with("VmHWM:")).unwrap_or("");
    line.split_whitespace().nth(1).and_then(|n| n.parse().ok()).unwrap_or(0)
}
