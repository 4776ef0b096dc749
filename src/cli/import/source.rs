//! Where imported mails are: an mbox, a Maildir, a directory of `.eml` files, a single mail, standard input. One stream of batches.

use super::mbox::{Collector, Item, Mbox};
use anyhow::Context;
use indicatif::ProgressBar;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use tokio::sync::mpsc::Sender;

/// A batch is handed on at this many mails …
const MAILS: usize = 200;
/// … or at this many bytes, so that memory stays bounded when mails are large.
const BYTES: u64 = 16 << 20;

/// Sends batches to a bounded channel; a closed channel ends the reading.
pub struct Batches {
    pub to: Sender<Vec<Item>>,
    pub bar: ProgressBar,
    pub max_bytes: u64,
    /// The file that is being read.
    place: String,
    batch: Vec<Item>,
    bytes: u64,
}

impl Batches {
    pub fn new(to: Sender<Vec<Item>>, bar: ProgressBar, max_bytes: u64) -> Batches {
        Batches { to, bar, max_bytes, place: String::new(), batch: Vec::new(), bytes: 0 }
    }

    fn push(&mut self, item: Item) -> anyhow::Result<()> {
        self.bytes += item.raw.as_ref().map_or(0, |raw| raw.len() as u64);
        self.batch.push(item);
        if self.batch.len() >= MAILS || self.bytes >= BYTES { self.flush() } else { Ok(()) }
    }

    pub fn flush(&mut self) -> anyhow::Result<()> {
        self.bytes = 0;
        let batch = std::mem::take(&mut self.batch);
        if batch.is_empty() { Ok(()) } else { self.to.blocking_send(batch).context("storing has ended") }
    }
}

/// Bytes to read, for the progress bar; 0: not known.
pub fn size(paths: &[PathBuf]) -> u64 {
    paths.iter().filter_map(|path| std::fs::metadata(path).ok()).filter(|m| m.is_file()).map(|m| m.len()).sum()
}

/// Reads everything below `path` into batches. Blocking.
pub fn read(path: &Path, batches: &mut Batches) -> anyhow::Result<()> {
    batches.place = path.display().to_string();
    if path == Path::new("-") {
        return stream(io::stdin().lock(), batches).context("standard input");
    }
    if path.is_dir() {
        return directory(path, batches);
    }
    let file = File::open(path).with_context(|| path.display().to_string())?;
    let bar = batches.bar.clone();
    stream(BufReader::with_capacity(1 << 18, bar.wrap_read(file)), batches).with_context(|| path.display().to_string())
}

/// An mbox when it begins with `From `, else one mail.
fn stream(mut reader: impl BufRead, batches: &mut Batches) -> anyhow::Result<()> {
    let mut first = [0; 5];
    let mut have = 0;
    while have < first.len() {
        match reader.read(&mut first[have..])? {
            0 => break,
            n => have += n,
        }
    }
    let whole = first[..have].chain(reader);
    if first == *b"From " {
        for (n, item) in Mbox::new(whole, batches.max_bytes).enumerate() {
            let place = format!("{}#{}", batches.place, n + 1);
            batches.push(Item { place, ..item? })?;
        }
        return Ok(());
    }
    let item = one(whole, batches.max_bytes)?;
    let place = batches.place.clone();
    if item.size > 0 { batches.push(Item { place, ..item }) } else { Ok(()) }
}

/// One mail from its first byte to the end.
fn one(mut reader: impl Read, max_bytes: u64) -> io::Result<Item> {
    let mut mail = Collector::new(max_bytes);
    let mut piece = vec![0; 64 * 1024];
    loop {
        match reader.read(&mut piece)? {
            0 => return Ok(mail.finish()),
            n => mail.push(&piece[..n]),
        }
    }
}

/// A Maildir (`new/`, `cur/`), else every `.eml` file and mbox below, in the order of names.
fn directory(path: &Path, batches: &mut Batches) -> anyhow::Result<()> {
    let is_maildir = path.join("cur").is_dir() && path.join("new").is_dir();
    let mut entries: Vec<PathBuf> = Vec::new();
    let parts = if is_maildir { vec![path.join("new"), path.join("cur")] } else { vec![path.to_owned()] };
    for part in parts {
        let listed = std::fs::read_dir(&part).and_then(|entries| entries.map(|e| e.map(|e| e.path())).collect::<io::Result<Vec<_>>>());
        entries.extend(listed.with_context(|| part.display().to_string())?);
    }
    entries.sort();
    for entry in entries {
        let name = entry.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let extension = entry.extension().map(|e| e.to_string_lossy().to_lowercase());
        let is_mail = is_maildir || matches!(extension.as_deref(), Some("eml" | "mbox"));
        if name.starts_with('.') {
            continue;
        }
        // A link to a directory is not followed: it may lead in a circle.
        if !is_maildir && entry.is_dir() && !entry.is_symlink() {
            directory(&entry, batches)?;
        } else if is_mail && entry.is_file() {
            read(&entry, batches)?;
        }
    }
    Ok(())
}
