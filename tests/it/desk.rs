//! A desk for journeys: a temporary directory with configuration, a folder mailbox, a folder relay, a database of either engine, and a
//! clock that tests turn by hand. Flows are driven through their public `step`.

use casemate::app::{App, Source};
use casemate::case::{DraftId, MessageKey, Millis, Stage};
use casemate::daemon::{Step, deliver, fetch, sweep, triage};
use casemate::db;
use casemate::db::case::CaseRow;
use casemate::db::draft::DraftRow;
use casemate::mail::{self, Mail};
use casemate::{config, review};
use std::fs::{self, File};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering::SeqCst};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tempfile::TempDir;

/// Which engine a journey runs on.
pub enum Engine {
    Sqlite,
    Postgres,
}

/// Defines `name::sqlite` and `name::postgres` for an `async fn name(engine: Engine)`.
#[macro_export]
macro_rules! on_both_engines {
    ($($name:ident),+ $(,)?) => {$(
        mod $name {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                super::$name($crate::desk::Engine::Sqlite).await
            }
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            #[ignore = "needs PostgreSQL"]
            async fn postgres() {
                super::$name($crate::desk::Engine::Postgres).await
            }
        }
    )+};
}

pub struct Desk {
    pub app: Arc<App>,
    pub dir: TempDir,
    clock: Arc<AtomicI64>,
}

/// Thursday, 22 October 2020, 14:30 in China: office hours, and the time of the reference thread.
pub const START: Millis = 1_603_348_200_000;

impl Desk {
    pub async fn new(engine: Engine) -> Desk {
        Desk::with(engine, "").await
    }

    /// `extra`: further configuration, appended.
    pub async fn with(engine: Engine, extra: &str) -> Desk {
        Desk::with_files(engine, extra, &[]).await
    }

    /// `files`: path below the desk's directory, and text.
    pub async fn with_files(engine: Engine, extra: &str, files: &[(&str, &str)]) -> Desk {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("mailbox")).unwrap();
        fs::create_dir(dir.path().join("sent")).unwrap();
        let url = match engine {
            Engine::Sqlite => format!("sqlite:{}", dir.path().join("desk.sqlite").display()),
            Engine::Postgres => crate::servers::postgres::Postgres::start().database(),
        };
        let text = format!("{}\n[database]\nurl = \"{url}\"\n{extra}", CONFIGURATION);
        for (name, text) in files {
            let path = dir.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let path = dir.path().join("casemate.toml");
        fs::write(&path, text).unwrap();
        let loaded = config::load(&path, &|_| None).unwrap_or_else(|problems| panic!("{problems}"));
        let mut app = config::build(loaded).await.unwrap();
        let clock = Arc::new(AtomicI64::new(START));
        let hands = Arc::clone(&clock);
        Arc::get_mut(&mut app).unwrap().clock = Box::new(move || hands.load(SeqCst));
        Desk { app, dir, clock }
    }

    pub fn now(&self) -> Millis {
        self.clock.load(SeqCst)
    }

    pub fn pass(&self, time: Duration) {
        self.clock.fetch_add(time.as_millis() as i64, SeqCst);
    }

    /// Puts a mail into the folder mailbox, received now.
    pub fn drop_mail(&self, name: &str, raw: &[u8]) {
        let path = self.dir.path().join("mailbox").join(name);
        fs::write(&path, raw).unwrap();
        let received = UNIX_EPOCH + Duration::from_millis((self.now() - 1_000) as u64);
        File::options().write(true).open(&path).unwrap().set_modified(received).unwrap();
    }

    /// Fetch and triage until there is nothing more to do.
    pub async fn take_in(&self) {
        let settings = &self.app.settings.mailboxes[0];
        let Source::Folder(folder) = &settings.source else { panic!("the desk's mailbox is a folder") };
        while fetch::folder_step(&self.app, settings, folder, &mut fetch::Seen::default()).await.unwrap() == Step::Worked {}
        while triage::step(&self.app).await.unwrap() == Step::Worked {}
    }

    pub async fn deliver(&self) {
        while deliver::step(&self.app).await.unwrap() == Step::Worked {}
    }

    pub async fn sweep(&self) {
        while sweep::step(&self.app).await.unwrap() == Step::Worked {}
        self.deliver().await;
    }

    pub async fn queue(&self) -> Vec<DraftRow> {
        let mut tx = self.app.db.read().await.unwrap();
        db::draft::list_proposed(&mut tx, None, 100).await.unwrap()
    }

    /// The one draft that waits.
    pub async fn draft(&self) -> DraftRow {
        let mut queue = self.queue().await;
        assert_eq!(queue.len(), 1, "{queue:#?}");
        queue.remove(0)
    }

    pub async fn case(&self, number: &str) -> CaseRow {
        let mut tx = self.app.db.read().await.unwrap();
        db::case::find_by_number(&mut tx, number).await.unwrap().unwrap_or_else(|| panic!("there is no case {number}"))
    }

    pub async fn cases(&self) -> Vec<CaseRow> {
        let mut tx = self.app.db.read().await.unwrap();
        db::case::list(&mut tx, &db::case::Filter { limit: 1000, ..Default::default() }).await.unwrap()
    }

    pub async fn events(&self, case: &CaseRow) -> Vec<String> {
        let mut tx = self.app.db.read().await.unwrap();
        db::event::list_of_case(&mut tx, case.id, 1000).await.unwrap().into_iter().map(|event| event.kind).collect()
    }

    pub async fn account(&self) -> db::account::Account {
        let mut tx = self.app.db.read().await.unwrap();
        let account = db::account::load(&mut tx).await.unwrap();
        assert!(account.balances, "{account:#?}");
        account
    }

    pub async fn quarantined(&self) -> Vec<db::message::MessageRow> {
        let mut tx = self.app.db.read().await.unwrap();
        db::message::list_by_state(&mut tx, db::message::State::Quarantined, None, 100).await.unwrap()
    }

    /// Approves the waiting draft of that stage as it stands and delivers it.
    pub async fn send(&self, stage: Stage) -> DraftId {
        let draft = self.queue().await.into_iter().find(|draft| draft.stage == stage).unwrap_or_else(|| panic!("no {stage} draft waits"));
        review::approve(&self.app, draft.id, draft.version, Some("test"), "wei").await.unwrap();
        self.deliver().await;
        draft.id
    }

    /// Mails in the relay's directory, oldest first, with their files.
    pub fn sent(&self) -> Vec<(PathBuf, Vec<u8>, Mail)> {
        let mut files: Vec<(SystemTime, PathBuf)> = fs::read_dir(self.dir.path().join("sent"))
            .unwrap()
            .map(|entry| entry.unwrap())
            .map(|entry| (entry.metadata().unwrap().modified().unwrap(), entry.path()))
            .collect();
        files.sort();
        let read = |path: PathBuf| {
            let raw = fs::read(&path).unwrap();
            // Without own addresses: a mail of ours would be read as a loop.
            let mail = mail::parse(&raw, &mail::Settings { max_bytes: 1 << 20, ..Default::default() });
            (path, raw, mail)
        };
        files.into_iter().map(|(_, path)| read(path)).collect()
    }

    pub async fn message_of_case(&self, case: &CaseRow) -> Vec<(MessageKey, db::message::Direction)> {
        let mut tx = self.app.db.read().await.unwrap();
        let rows = db::message::list_of_case(&mut tx, case.id, 1000).await.unwrap();
        rows.into_iter().map(|row| (row.key, row.direction)).collect()
    }
}

const CONFIGURATION: &str = r#"
[desk]
name = "技术支持"
address = "support@desk.example"
hotline = "400-818-0055"
portal = "https://support.cmgos.com"

[[product]]
name = "V2020-L"
branch = 17763
portal = "https://support.cmgos.com/v2020lupdatesummary"

[case_number]
numbering = "casemate"
start = 4000

[[mailbox]]
name = "support"
source = "eml"
path = "mailbox"

[relay]
kind = "folder"
path = "sent"
"#;

/// A plain UTF-8 mail.
pub fn mail_text(from: &str, subject: &str, body: &str, headers: &str) -> Vec<u8> {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    (from, subject, body, headers).hash(&mut hasher);
    let id = hasher.finish();
    let body = body.replace('\n', "\r\n");
    let headers = if headers.is_empty() { String::new() } else { format!("{}\r\n", headers.trim_end().replace('\n', "\r\n")) };
    format!(
        "From: {from}\r\nTo: support@desk.example\r\nSubject: {subject}\r\nDate: Thu, 22 Oct 2020 14:10:12 +0800\r\n\
         Message-ID: <{id:016x}@customer.example>\r\n{headers}MIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{body}\r\n"
    )
    .into_bytes()
}
