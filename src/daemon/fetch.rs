//! Fetch: new mails of one mailbox into the database, raw bytes and cursor in one transaction, nothing decided here.
//!
//! IMAP state is `(mailbox, UIDVALIDITY, UID)`, never flags or dates (RFC 9051 §2.3.1.1). When UIDVALIDITY changes, everything
//! is enumerated again; mails that are known by their bytes become mere sightings. A folder's mails are known by their
//! stable names. The mailbox is opened read-only (EXAMINE): observing is all that fetching does.

use super::{Step, backoff, stopped};
use crate::app::{App, MailboxSettings, Source};
use crate::case::MailboxId;
use crate::db::mailbox::{self, Mailbox};
use crate::db::message::{self, NewRaw, Stored};
use crate::folder::{self, Folder};
use crate::imap::{self, Fetched, Session};
use anyhow::Context;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

/// UIDs asked for in one go, files read for one transaction.
const BATCH: usize = 100;
/// Bytes held for one transaction; a single mail may be larger.
const BATCH_BYTES: usize = 16 << 20;
/// IDLE is issued again well before servers and address translators lose patience (RFC 2177 says 29 minutes).
const IDLE: Duration = Duration::from_secs(9 * 60);
/// A folder is listed in full at least this often, even when its directories look unchanged.
const FULL_LISTING: Duration = Duration::from_secs(60);

/// Fetches until the stop; reconnects with backoff and jitter. The same trouble is logged once, not each time.
pub async fn run(app: Arc<App>, mailbox: MailboxSettings) {
    let mut stop = app.bells.stop.subscribe();
    let (mut failures, mut suspect, mut logged) = (0, Suspect::default(), String::new());
    while !*stop.borrow() {
        let round = async {
            match &mailbox.source {
                Source::Imap(account) => watch_imap(&app, &mailbox, account, &mut failures, &mut suspect).await,
                Source::Folder(folder) => watch_folder(&app, &mailbox, folder, &mut failures).await,
            }
        };
        let error = tokio::select! {
            result = super::caught(round) => result.err(),
            _ = stopped(&mut stop) => return,
        };
        let Some(error) = error else { continue };
        if failures == 0 {
            logged.clear(); // it worked in between
        }
        failures += 1;
        app.metrics.fetch_errors.fetch_add(1, Relaxed);
        let text = super::describe(&error);
        if text == logged {
            tracing::debug!(mailbox = mailbox.name, failures, error = %text, "fetching failed again");
        } else {
            tracing::warn!(mailbox = mailbox.name, failures, error = %text, "fetching failed; trying again until it works");
            logged.clone_from(&text);
        }
        if let Err(error) = save_state(&app, &mailbox.name, "failed", Some(&text)).await {
            tracing::debug!(mailbox = mailbox.name, %error, "the state of the mailbox could not be stored");
        }
        tokio::select! {
            _ = tokio::time::sleep(backoff(failures)) => {}
            _ = stopped(&mut stop) => {}
        }
    }
}

async fn save_state(app: &App, name: &str, state: &str, error: Option<&str>) -> crate::db::Result<Mailbox> {
    let mut tx = app.db.begin().await?;
    let row = mailbox::ensure(&mut tx, name, app.now()).await?;
    mailbox::save_state(&mut tx, row.id, state, error, app.now()).await?;
    tx.commit().await?;
    Ok(row)
}

async fn watch_imap(
    app: &App,
    settings: &MailboxSettings,
    account: &imap::Account,
    failures: &mut u32,
    suspect: &mut Suspect,
) -> anyhow::Result<()> {
    let mut session = imap::open(account, true).await?;
    let can_idle = session.can_idle();
    let state = if can_idle { "watching" } else { "polling" };
    save_state(app, &settings.name, state, None).await?;
    tracing::info!(mailbox = settings.name, idle = can_idle, "connected");
    let mut answered = Instant::now();
    let longest = if can_idle { IDLE } else { settings.poll };
    loop {
        while imap_step(app, settings, &mut session, suspect).await? == Step::Worked {}
        // Only now: a server that lets us in and then breaks off is not to be asked again each second.
        *failures = 0;
        if answered.elapsed() > ANSWERED {
            save_state(app, &settings.name, state, None).await?;
            answered = Instant::now();
        }
        session = session.wait(longest).await?.0;
    }
}

/// How old the shown time of the server's last answer may be while it answers.
const ANSWERED: Duration = Duration::from_secs(60);

/// The first mail of those that fetching keeps breaking off at, kept across connections: one mail that the server cannot hand over (a
/// broken index, a scanner's lock, a body that is not there) must not stop the mailbox (promise 4).
#[derive(Debug, Default)]
pub struct Suspect {
    /// How many mails are asked for at once; 0: as many as usual.
    size: usize,
    /// The mail that failed alone, and how often.
    uid: u32,
    failures: u32,
}

/// How often a mail must fail alone before it is given up when another mail proves that the server works.
const PROVEN: u32 = 3;
/// How often when there is no other mail to prove it by.
const UNPROVEN: u32 = 8;

/// One batch of new mails of an open session.
pub async fn imap_step(app: &App, settings: &MailboxSettings, session: &mut Session, suspect: &mut Suspect) -> anyhow::Result<Step> {
    let validity = session.uid_validity();
    let row = {
        let mut tx = app.db.begin().await?;
        let row = mailbox::ensure(&mut tx, &settings.name, app.now()).await?;
        tx.commit().await?;
        row
    };
    let known_validity = row.uid_validity == Some(i64::from(validity));
    if !known_validity && row.uid_validity.is_some() {
        tracing::warn!(mailbox = settings.name, "UIDVALIDITY changed: every mail is looked at again, known ones are linked by their bytes");
    }
    let last = if known_validity { u32::try_from(row.last_uid).unwrap_or(0) } else { 0 };
    let mut uids = session.uids_after(last).await?;
    uids.truncate(BATCH);
    if uids.is_empty() {
        return Ok(Step::Idle);
    }
    let fetched = fetch_bounded(app, session, &uids, suspect).await?;
    let Some(newest) = fetched.last().map(Fetched::uid) else { return Ok(Step::Worked) };
    store_imap(app, row.id, validity, newest, &fetched).await?;
    app.bells.triage.notify_one();
    Ok(Step::Worked)
}

/// What the server hands over of these UIDs, in order, at least the first; nothing: ask again, for fewer. After a failure fewer are asked for,
/// until one is alone; a mail that fails alone and again, while another one behind it can be had, is quarantined without its bytes.
async fn fetch_bounded(app: &App, session: &mut Session, uids: &[u32], suspect: &mut Suspect) -> anyhow::Result<Vec<Fetched>> {
    let (limit, budget, first) = (app.settings.message_bytes, BATCH_BYTES as u64, uids[0]);
    let is_suspect = suspect.uid == first && suspect.failures > 0;
    if is_suspect && suspect.failures >= PROVEN && uids.len() > 1 {
        // Another one each time: there may be several such mails in a row. It fails when the trouble is the server's and not the mail's.
        let other = uids[1 + suspect.failures as usize % (uids.len() - 1)];
        suspect.failures += 1;
        session.fetch_some(&[other], limit, budget).await?;
        let again = session.fetch_some(&uids[..1], limit, budget).await;
        *suspect = Suspect { size: 1, ..Suspect::default() };
        return Ok(again.unwrap_or_else(|error| vec![refused(app, first, &error.to_string())]));
    }
    let size = if is_suspect {
        1
    } else if suspect.size == 0 {
        BATCH
    } else {
        suspect.size
    };
    let asked = &uids[..uids.len().min(size)];
    let error = match session.fetch_some(asked, limit, budget).await {
        Ok(fetched) => {
            // Carefully back to the usual size.
            *suspect =
                Suspect { size: if suspect.size == 0 || suspect.size * 2 > BATCH { 0 } else { suspect.size * 2 }, ..Suspect::default() };
            return Ok(fetched);
        }
        Err(error) => error,
    };
    if asked.len() > 1 {
        suspect.size = asked.len() / 4 + 1;
        suspect.size = suspect.size.min(asked.len() - 1);
        // A refusal leaves the session usable.
        return if matches!(error, imap::Error::Refused { .. }) { Ok(Vec::new()) } else { Err(error.into()) };
    }
    let failures = if is_suspect { suspect.failures + 1 } else { 1 };
    if failures >= UNPROVEN && is_about_mail(&error) {
        *suspect = Suspect::default();
        return Ok(vec![refused(app, first, &error.to_string())]);
    }
    *suspect = Suspect { size: 1, uid: first, failures };
    Err(error.into())
}

/// Rather about this mail than about the server or the line.
fn is_about_mail(error: &imap::Error) -> bool {
    match error {
        imap::Error::Refused { code, .. } => !matches!(code.as_deref(), Some("UNAVAILABLE" | "INUSE" | "LIMIT" | "OVERQUOTA")),
        imap::Error::Protocol { .. } => true,
        _ => false,
    }
}

fn refused(app: &App, uid: u32, error: &str) -> Fetched {
    tracing::warn!(uid, error, "the server does not hand this mail over; quarantined without its bytes");
    Fetched::Mail { uid, received_at: app.now(), size: 0, raw: imap::Raw::Refused }
}

/// Raw bytes and cursor together, before anything is decided (promise 3).
async fn store_imap(app: &App, mailbox: MailboxId, validity: u32, newest: u32, fetched: &[Fetched]) -> anyhow::Result<()> {
    let mut tx = app.db.begin().await?;
    let mut new = 0;
    for mail in fetched {
        let Fetched::Mail { uid, received_at, size, raw } = mail else { continue };
        let raw = match raw {
            imap::Raw::Bytes(bytes) => Ok(bytes.as_slice()),
            imap::Raw::TooLarge => Err(TOO_LARGE),
            imap::Raw::Refused => Err("the server refused to hand it over"),
        };
        let remote_id = format!("{validity}/{uid}");
        let (seen_at, size) = (app.now(), *size as i64);
        let new_raw = NewRaw { mailbox, remote_id: &remote_id, received_at: *received_at, seen_at, size, raw };
        new += u64::from(matches!(message::insert_raw(&mut tx, &new_raw).await?, Stored::New(_)));
    }
    mailbox::save_cursor(&mut tx, mailbox, i64::from(validity), i64::from(newest)).await?;
    crate::crash_point!("fetch.before_commit");
    tx.commit().await?;
    crate::crash_point!("fetch.committed");
    app.metrics.fetched.fetch_add(new, Relaxed);
    Ok(())
}

const TOO_LARGE: &str = "larger than [limits] message_mb";

/// What a folder's directories looked like when everything in them was known.
#[derive(Default)]
pub struct Seen {
    stamp: Option<Vec<std::time::SystemTime>>,
    listed: Option<Instant>,
}

async fn watch_folder(app: &App, settings: &MailboxSettings, folder: &Folder, failures: &mut u32) -> anyhow::Result<()> {
    let mut seen = Seen::default();
    let mut is_announced = false;
    loop {
        while folder_step(app, settings, folder, &mut seen).await? == Step::Worked {}
        if !is_announced {
            save_state(app, &settings.name, "polling", None).await?;
            is_announced = true;
        }
        *failures = 0;
        tokio::time::sleep(settings.poll).await;
    }
}

/// One batch of new mails of a folder.
pub async fn folder_step(app: &App, settings: &MailboxSettings, folder: &Folder, seen: &mut Seen) -> anyhow::Result<Step> {
    let stamp = directory_times(folder);
    if stamp.is_some() && stamp == seen.stamp && seen.listed.is_some_and(|at| at.elapsed() < FULL_LISTING) {
        return Ok(Step::Idle);
    }
    let now = app.now();
    let (place, shown) = (folder.clone(), folder.path.display().to_string());
    let entries = tokio::task::spawn_blocking(move || folder::list(&place, now)).await?;
    let entries = entries.with_context(|| format!("the folder {shown} of mailbox \"{}\" cannot be read", settings.name))?;
    let (mailbox, fresh) = unknown_entries(app, settings, entries).await?;
    if fresh.is_empty() {
        // Too young a stamp may hide a file that came in the same tick of the clock, or one that is still being written.
        let is_quiet = stamp.iter().flatten().all(|time| time.elapsed().is_ok_and(|age| age > Duration::from_secs(2)));
        *seen = Seen { stamp: if is_quiet { stamp } else { None }, listed: Some(Instant::now()) };
        return Ok(Step::Idle);
    }
    let limit = app.settings.message_bytes;
    let loaded = tokio::task::spawn_blocking(move || load(fresh, limit)).await?;
    let mut tx = app.db.begin().await?;
    let mut new = 0;
    for (entry, raw) in &loaded {
        let raw = match raw {
            Ok(folder::Raw::Bytes(bytes)) => Ok(bytes.as_slice()),
            Ok(folder::Raw::TooLarge) => Err(TOO_LARGE),
            // Gone between listing and reading: nothing was seen. Anything else is kept as a quarantined sighting.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) if is_trouble_of_the_machine(error) => anyhow::bail!("files cannot be read now: {error}"),
            Err(_) => Err("the file could not be read"),
        };
        let (received_at, size) = (entry.modified_at.min(now), entry.size as i64);
        let new_raw = NewRaw { mailbox, remote_id: &entry.name, received_at, seen_at: now, size, raw };
        new += u64::from(matches!(message::insert_raw(&mut tx, &new_raw).await?, Stored::New(_)));
    }
    tx.commit().await?;
    app.metrics.fetched.fetch_add(new, Relaxed);
    app.bells.triage.notify_one();
    Ok(Step::Worked)
}

/// Too many open files, no memory, a network file system that went away: no file's fault.
fn is_trouble_of_the_machine(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{Interrupted, OutOfMemory, StaleNetworkFileHandle, TimedOut};
    const TOO_MANY_FILES: [i32; 2] = [23, 24]; // ENFILE, EMFILE
    matches!(error.kind(), Interrupted | OutOfMemory | StaleNetworkFileHandle | TimedOut)
        || error.raw_os_error().is_some_and(|code| TOO_MANY_FILES.contains(&code))
}

fn directory_times(folder: &Folder) -> Option<Vec<std::time::SystemTime>> {
    let directories = match folder.layout {
        folder::Layout::Maildir => vec![folder.path.join("new"), folder.path.join("cur")],
        folder::Layout::Eml => vec![folder.path.clone()],
    };
    directories.iter().map(|path| std::fs::metadata(path).and_then(|m| m.modified()).ok()).collect()
}

/// The first batch of entries that the ledger does not know.
async fn unknown_entries(
    app: &App,
    settings: &MailboxSettings,
    entries: Vec<folder::Entry>,
) -> anyhow::Result<(MailboxId, Vec<folder::Entry>)> {
    let mut tx = app.db.begin().await?;
    let mailbox = mailbox::ensure(&mut tx, &settings.name, app.now()).await?.id;
    tx.commit().await?;
    let mut tx = app.db.read().await?;
    let mut fresh = Vec::new();
    for chunk in entries.chunks(500) {
        let names: Vec<String> = chunk.iter().map(|entry| entry.name.clone()).collect();
        let known = message::known(&mut tx, mailbox, &names).await?;
        fresh.extend(chunk.iter().filter(|entry| !known.contains(&entry.name)).cloned());
        if fresh.len() >= BATCH {
            break;
        }
    }
    fresh.truncate(BATCH);
    Ok((mailbox, fresh))
}

type Loaded = (folder::Entry, std::io::Result<folder::Raw>);

fn load(entries: Vec<folder::Entry>, limit: u64) -> Vec<Loaded> {
    let mut loaded: Vec<Loaded> = Vec::new();
    let mut bytes = 0;
    for entry in entries {
        if bytes > BATCH_BYTES {
            break;
        }
        let raw = folder::read(&entry, limit);
        if let Ok(folder::Raw::Bytes(raw)) = &raw {
            bytes += raw.len();
        }
        loaded.push((entry, raw));
    }
    loaded
}

#[cfg(test)]
mod tests {
    use super::is_trouble_of_the_machine;
    use std::io::{Error, ErrorKind};

    #[test]
    fn which_errors_are_the_files_own() {
        for (error, is_machine) in [
            (Error::from_raw_os_error(24), true),
            (Error::from(ErrorKind::OutOfMemory), true),
            (Error::from(ErrorKind::PermissionDenied), false),
            (Error::from_raw_os_error(5), false), // EIO: one bad sector must not stop the mailbox
        ] {
            assert_eq!(is_trouble_of_the_machine(&error), is_machine, "{error}");
        }
    }
}
