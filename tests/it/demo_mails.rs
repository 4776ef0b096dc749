//! The shipped demo mails do what `config/demo/mails/README.md` says, in their order, through the real flow.

use crate::desk::{Desk, Engine};
use crate::generator::START;
use crate::threading::arrive;
use casemate::case::{CaseId, Language, Stage, Status};
use casemate::db;
use casemate::db::message::{self, State, Stored};
use casemate::mail::Kind;
use std::collections::HashMap;
use std::path::Path;

/// What becomes of a mail; names are the first two characters of the file name.
#[derive(Debug, PartialEq)]
enum Fate {
    NewCase(Language),
    InCaseOf(&'static str),
    /// In that case, but automatic.
    KeptWith(&'static str, Kind),
    Ignored(Kind),
    ToAPerson,
    SameAs(&'static str),
}
use Fate::*;

const FATES: &[(&str, Fate)] = &[
    ("01", NewCase(Language::Zh)),
    ("02", NewCase(Language::En)),
    ("03", NewCase(Language::Zh)),
    ("04", NewCase(Language::Zh)),
    ("05", NewCase(Language::Zh)),
    ("06", NewCase(Language::Zh)),
    ("07", InCaseOf("01")),
    ("08", InCaseOf("01")),
    ("09", InCaseOf("05")),
    ("10", KeptWith("01", Kind::AutoReply)),
    ("11", Ignored(Kind::Bounce)),
    ("12", Ignored(Kind::List)),
    ("13", KeptWith("01", Kind::Receipt)),
    ("14", NewCase(Language::Zh)),
    ("15", NewCase(Language::En)),
    ("16", ToAPerson),
    ("17", SameAs("02")),
];

fn shipped() -> Vec<(String, Vec<u8>)> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/demo/mails");
    let entries = std::fs::read_dir(directory).expect("the demo mails").map(|e| e.expect("an entry").path());
    let mut files: Vec<_> = entries.filter(|p| p.extension().is_some_and(|e| e == "eml")).collect();
    files.sort();
    let name = |p: &Path| p.file_name().unwrap_or_default().to_string_lossy().into_owned();
    files.iter().map(|p| (name(p), std::fs::read(p).expect("readable"))).collect()
}

#[test]
fn line_ends_are_crlf() {
    for (name, raw) in shipped() {
        let bare = raw.iter().enumerate().any(|(i, b)| *b == b'\n' && (i == 0 || raw[i - 1] != b'\r'));
        assert!(!bare, "{name} has a bare LF");
    }
}

#[tokio::test]
async fn each_mail_meets_its_fate() {
    let desk = Desk::new(Engine::Sqlite).await;
    let (mut cases, mut keys): (HashMap<String, CaseId>, HashMap<String, message::MessageRow>) = Default::default();
    let mails = shipped();
    assert_eq!(mails.len(), FATES.len());
    for (i, ((name, raw), (number, fate))) in mails.iter().zip(FATES).enumerate() {
        assert!(name.starts_with(number), "{name} is not number {number}");
        let at = START + i as i64 * 60_000;
        let stored = arrive(&desk, name, at, raw).await;
        let (Stored::New(key) | Stored::Duplicate(key)) = stored else { panic!("{name}: seen before") };
        let mut tx = desk.app.db.read().await.expect("read");
        let row = message::find(&mut tx, key).await.expect("find").expect("it is stored");
        let seen = format!("{name}: {:?} {:?} in {:?}, why {:?}", row.state, row.reason, row.case, row.why);
        let case = row.case.filter(|_| row.state == State::Filed);
        match fate {
            NewCase(language) => {
                let id = case.unwrap_or_else(|| panic!("no case: {seen}"));
                assert!(!cases.values().any(|c| *c == id), "an old case: {seen}");
                let found = db::case::find(&mut tx, id).await.expect("find").expect("the case");
                let draft = db::draft::proposed_of_case(&mut tx, id).await.expect("draft").unwrap_or_else(|| panic!("no draft: {seen}"));
                assert_eq!((found.status, draft.stage, draft.language), (Status::New, Stage::InitialResponse, *language), "{seen}");
                assert!(!draft.subject.contains(['\r', '\n']), "{seen}");
                cases.insert((*number).to_owned(), id);
            }
            InCaseOf(first) => assert_eq!((case, row.kind), (cases.get(*first).copied(), Some(Kind::Message)), "{seen}"),
            KeptWith(first, kind) => assert_eq!((case, row.kind), (cases.get(*first).copied(), Some(*kind)), "{seen}"),
            Ignored(kind) => assert_eq!((row.state, row.kind), (State::Ignored, Some(*kind)), "{seen}"),
            ToAPerson => assert_eq!((row.state, row.case), (State::Quarantined, None), "{seen}"),
            SameAs(first) => {
                assert!(matches!(stored, Stored::Duplicate(_)), "{seen}");
                assert_eq!(row.case, cases.get(*first).copied(), "{seen}");
            }
        }
        keys.insert((*number).to_owned(), row);
    }
    let mut tx = desk.app.db.read().await.expect("read");
    let first = db::case::find(&mut tx, cases["01"]).await.expect("find").expect("case 01");
    assert_eq!(first.number, "CAS-05217-K4D8M2");
    assert_eq!(db::draft::count_proposed(&mut tx).await.expect("count"), cases.len() as i64, "one waiting draft a case");
    assert_eq!(keys["14"].subject, "WSUS 报错 0x80244022，客户端全部无法更新");
    let account = db::account::load(&mut tx).await.expect("account");
    assert!(account.balances && account.received == 0 && account.duplicates == 1, "{account:?}");
}
