//! A directory as a mailbox and as a relay.

use casemate::folder::{Folder, Layout, Raw, list, read, write_eml};
use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::Path;
use std::time::{Duration, UNIX_EPOCH};
use tempfile::tempdir;

const NOW: i64 = 1_790_000_000_000;

fn put(path: &Path, text: &str, modified_at: i64) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
    File::options().write(true).open(path).unwrap().set_modified(UNIX_EPOCH + Duration::from_millis(modified_at as u64)).unwrap();
}

fn names(folder: &Folder) -> Vec<String> {
    list(folder, NOW).unwrap().into_iter().map(|entry| entry.name).collect()
}

#[test]
fn eml_directory_lists_finished_mails_in_order_of_time() {
    let dir = tempdir().unwrap();
    let folder = Folder { path: dir.path().to_owned(), layout: Layout::Eml };
    for (name, age) in [
        ("b.eml", 5000),
        ("a.EML", 5000),
        ("更新.eml", 9000),
        ("fresh.eml", 299),
        ("done.eml", 300),
        (".hidden.eml", 5000),
        ("half.eml.part", 5000),
        ("half.eml.tmp", 5000),
        ("old.eml~", 5000),
        ("readme.txt", 5000),
    ] {
        put(&dir.path().join(name), "x", NOW - age);
    }
    fs::create_dir(dir.path().join("directory.eml")).unwrap();
    let times = |name: &str, age: i64| format!("{name}:1:{}", NOW - age);
    assert_eq!(names(&folder), [times("更新.eml", 9000), times("a.EML", 5000), times("b.eml", 5000), times("done.eml", 300)]);
}

#[test]
fn a_rewritten_eml_file_is_another_mail() {
    let dir = tempdir().unwrap();
    let folder = Folder { path: dir.path().to_owned(), layout: Layout::Eml };
    let path = dir.path().join("request.eml");
    put(&path, "one", NOW - 5000);
    let before = names(&folder);
    put(&path, "two", NOW - 4000);
    assert_ne!(names(&folder), before);
}

#[test]
fn maildir_mail_keeps_its_name_when_its_flags_change() {
    let dir = tempdir().unwrap();
    let folder = Folder { path: dir.path().to_owned(), layout: Layout::Maildir };
    put(&dir.path().join("new/1.M1.desk"), "first", NOW);
    put(&dir.path().join("cur/2.M2.desk:2,S"), "second", NOW + 1);
    put(&dir.path().join("tmp/3.M3.desk"), "half", NOW);
    put(&dir.path().join("new/.hidden"), "x", NOW);
    let before = list(&folder, NOW).unwrap();
    assert_eq!(names(&folder), ["1.M1.desk", "2.M2.desk"]);
    fs::rename(dir.path().join("new/1.M1.desk"), dir.path().join("cur/1.M1.desk:2,RS")).unwrap();
    assert_eq!(names(&folder), ["1.M1.desk", "2.M2.desk"]);
    assert_eq!(read(&before[0], 100).unwrap(), Raw::Bytes(b"first".to_vec()), "found where it is now");
}

#[test]
fn a_missing_directory_is_said() {
    let folder = |layout| Folder { path: "/nowhere/at/all".into(), layout };
    for layout in [Layout::Eml, Layout::Maildir] {
        assert_eq!(list(&folder(layout), NOW).unwrap_err().kind(), ErrorKind::NotFound);
    }
}

#[test]
fn reading_is_bounded_and_changes_nothing() {
    let dir = tempdir().unwrap();
    let folder = Folder { path: dir.path().to_owned(), layout: Layout::Eml };
    put(&dir.path().join("m.eml"), "12345", NOW - 5000);
    let entry = &list(&folder, NOW).unwrap()[0];
    assert_eq!(read(entry, 5).unwrap(), Raw::Bytes(b"12345".to_vec()));
    assert_eq!(read(entry, 4).unwrap(), Raw::TooLarge);
    assert_eq!(&list(&folder, NOW).unwrap()[0], entry);
    fs::remove_file(&entry.path).unwrap();
    assert_eq!(read(entry, 5).unwrap_err().kind(), ErrorKind::NotFound);
}

#[test]
fn a_relay_folder_takes_a_mail_once() {
    let dir = tempdir().unwrap();
    let path = write_eml(dir.path(), "7.eml", b"bytes").unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"bytes");
    assert_eq!(write_eml(dir.path(), "7.eml", b"bytes").unwrap(), path, "the same again is fine");
    assert_eq!(write_eml(dir.path(), "7.eml", b"other").unwrap_err().kind(), ErrorKind::AlreadyExists);
    assert_eq!(fs::read(&path).unwrap(), b"bytes");
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "nothing unfinished is left");
    for name in ["", "../7.eml", ".hidden.eml", "a/b.eml"] {
        assert_eq!(write_eml(dir.path(), name, b"x").unwrap_err().kind(), ErrorKind::InvalidInput, "{name}");
    }
    assert_eq!(write_eml(Path::new("/nowhere/at/all"), "7.eml", b"x").unwrap_err().kind(), ErrorKind::NotFound);
}
