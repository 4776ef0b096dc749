//! A directory as a mailbox (Maildir or `.eml` files), and as a relay that writes `.eml` files.
//!
//! Reading never writes, flags, moves or deletes. Blocking file I/O: async callers use `spawn_blocking`. The one surprising
//! fact: a directory has no UIDs, so an [`Entry`] carries a name that stays the same as long as the mail does. Maildir's
//! unique name survives the move from `new/` to `cur/` and every change of flags; an `.eml` file may be rewritten in place,
//! so its size and time are part of its name and the rewritten file is another mail.

use crate::case::Millis;
use crate::case::text_enum;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

text_enum! {
    /// What the directory is: a Maildir (`new/`, `cur/`) or plain `.eml` files.
    Layout { Maildir = "maildir", Eml = "eml" }
}

/// An `.eml` file changed within this time may still be being written.
pub const QUIET: Millis = 300;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder {
    pub path: PathBuf,
    pub layout: Layout,
}

/// One mail of a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Stable remote id: Maildir unique name without `:2,` flags; `.eml`: `file name:size:mtime in ms`. Bytes that are not
    /// UTF-8 are written `\xB2`.
    pub name: String,
    pub path: PathBuf,
    /// Of the file; the nearest thing a folder has to INTERNALDATE.
    pub modified_at: Millis,
    /// Bytes.
    pub size: u64,
}

/// The bytes of a mail, or that it is larger than the caller takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Raw {
    Bytes(Vec<u8>),
    TooLarge,
}

/// The mails of the folder, sorted by time and name. Dot files, directories, `.part`, `.tmp` and `~` files are not mails;
/// an `.eml` file changed within [`QUIET`] of `now` is left for the next time. `NotFound` when the directory is missing.
pub fn list(folder: &Folder, now: Millis) -> io::Result<Vec<Entry>> {
    let mut entries = match folder.layout {
        Layout::Eml => eml_entries(&folder.path, now)?,
        Layout::Maildir => maildir_entries(&folder.path)?,
    };
    entries.sort_unstable_by(|a, b| (a.modified_at, &a.name).cmp(&(b.modified_at, &b.name)));
    Ok(entries)
}

/// The bytes of one mail; a Maildir mail is found again when its flags changed since it was listed.
pub fn read(entry: &Entry, max_bytes: u64) -> io::Result<Raw> {
    let file = match File::open(&entry.path) {
        Err(error) if error.kind() == ErrorKind::NotFound => File::open(moved(entry).ok_or(error)?)?,
        other => other?,
    };
    // One byte more than allowed tells a file that grew after it was measured.
    let mut raw = Vec::with_capacity(entry.size.min(max_bytes) as usize + 1);
    file.take(max_bytes.saturating_add(1)).read_to_end(&mut raw)?;
    Ok(if raw.len() as u64 > max_bytes { Raw::TooLarge } else { Raw::Bytes(raw) })
}

/// Writes a mail as `dir/file_name`: under a dot name first, synced, then renamed, so that no reader sees half a mail. The
/// same name with the same bytes again is fine (a crash repeated the step); with other bytes it is `AlreadyExists`.
pub fn write_eml(dir: &Path, file_name: &str, raw: &[u8]) -> io::Result<PathBuf> {
    if file_name.is_empty() || file_name.starts_with('.') || file_name.contains(['/', '\0']) {
        return Err(io::Error::new(ErrorKind::InvalidInput, "not a plain file name"));
    }
    let path = dir.join(file_name);
    match fs::read(&path) {
        Ok(there) if there == raw => return Ok(path),
        Ok(_) => return Err(io::Error::new(ErrorKind::AlreadyExists, format!("{file_name} exists with other contents"))),
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    let unfinished = dir.join(format!(".{file_name}.tmp"));
    let mut file = File::create(&unfinished)?;
    let written = file.write_all(raw).and_then(|()| file.sync_all()).and_then(|()| fs::rename(&unfinished, &path));
    if let Err(error) = written {
        let _ = fs::remove_file(&unfinished); // a full disk should not also keep the half mail
        return Err(error);
    }
    File::open(dir)?.sync_all()?;
    Ok(path)
}

fn eml_entries(dir: &Path, now: Millis) -> io::Result<Vec<Entry>> {
    let mut entries = Vec::new();
    for file in files(dir)? {
        let is_eml = Path::new(&file.name).extension().is_some_and(|extension| extension.eq_ignore_ascii_case("eml"));
        if is_eml && (now - file.modified_at).abs() >= QUIET {
            entries.push(Entry { name: format!("{}:{}:{}", file.name, file.size, file.modified_at), ..file });
        }
    }
    Ok(entries)
}

/// `new` is read before `cur`: a mail on its way between them is then seen twice rather than never, and once in the map.
fn maildir_entries(dir: &Path) -> io::Result<Vec<Entry>> {
    let (new, cur) = (dir.join("new"), dir.join("cur"));
    let mut by_name = BTreeMap::new();
    for file in files(&new)?.into_iter().chain(files(&cur)?) {
        let name = unique_name(&file.name).to_owned();
        by_name.insert(name.clone(), Entry { name, ..file });
    }
    Ok(by_name.into_values().collect())
}

/// Regular files of a directory that are not hidden or unfinished, named by file name. One that vanishes meanwhile is skipped.
fn files(dir: &Path) -> io::Result<Vec<Entry>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let name = readable(entry.file_name().as_bytes());
        let is_unfinished = name.starts_with('.') || name.ends_with(".part") || name.ends_with(".tmp") || name.ends_with('~');
        // fs::metadata, not entry.metadata: a link to a mail is a mail.
        let Ok(metadata) = fs::metadata(entry.path()) else { continue };
        if is_unfinished || !metadata.is_file() {
            continue;
        }
        let modified_at = match metadata.modified()?.duration_since(UNIX_EPOCH) {
            Ok(after) => after.as_millis() as Millis,
            Err(before) => -(before.duration().as_millis() as Millis),
        };
        files.push(Entry { name, path: entry.path(), modified_at, size: metadata.len() });
    }
    Ok(files)
}

/// Where a Maildir mail is now, when another program changed its flags.
fn moved(entry: &Entry) -> Option<PathBuf> {
    let maildir = entry.path.parent()?.parent()?;
    let mut names = maildir_entries(maildir).ok()?.into_iter();
    names.find(|found| found.name == entry.name).map(|found| found.path)
}

/// Maildir: everything before the flags (`:2,RS`).
fn unique_name(file_name: &str) -> &str {
    file_name.split_once(":2,").map_or(file_name, |(unique, _)| unique)
}

fn readable(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            text.push_str(&format!("\\x{byte:02X}"));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unique_name_ignores_flags() {
        for (file_name, unique) in [
            ("1700000000.M1P2.desk", "1700000000.M1P2.desk"),
            ("1700000000.M1P2.desk:2,", "1700000000.M1P2.desk"),
            ("1700000000.M1P2.desk,S=12:2,RS", "1700000000.M1P2.desk,S=12"),
        ] {
            assert_eq!(unique_name(file_name), unique);
        }
    }

    #[test]
    fn names_in_another_charset_stay_apart() {
        assert_eq!(readable("测试.eml".as_bytes()), "测试.eml");
        assert_eq!(readable(b"\xB2\xE2.eml"), "\\xB2\\xE2.eml");
        assert_ne!(readable(b"\xB2\xE2.eml"), readable(b"\xCA\xD4.eml"));
    }
}
