//! The database room: every test runs on both engines, as `sqlite` and as `postgres` (ignored unless asked for); each
//! test makes a database of its own.

use casemate::case::*;
use casemate::db::message::{NewRaw, Parsed, State, Stored};
use casemate::db::{self, Db, Tx};
use casemate::mail::{self, Kind};
use std::sync::atomic::{AtomicU64, Ordering};

mod cases;
mod drafts;
mod facts;
mod intake;
mod opening;
mod parties;
mod people;
mod schema;
mod search;
mod sending;
mod speed;

pub const NOW: Millis = 1_790_000_000_000;
pub const MINUTE: Millis = 60_000;
pub const DAY: Millis = 24 * 60 * MINUTE;

/// `both! { async fn name(db) { … } … }`: a test of each engine.
macro_rules! both {
    ($(async fn $name:ident($db:ident) $body:block)+) => {$(
        mod $name {
            #[allow(unused_imports)]
            use super::*;
            async fn body($db: casemate::db::Db) $body
            #[tokio::test]
            async fn sqlite() {
                let (dir, db) = crate::db::sqlite().await;
                body(db.clone()).await;
                db.close().await;
                drop(dir);
            }
            #[tokio::test]
            #[ignore = "needs PostgreSQL"]
            async fn postgres() {
                let (admin, name, db) = crate::db::postgres().await;
                body(db.clone()).await;
                db.close().await;
                crate::db::drop_database(&admin, &name).await;
            }
        }
    )+};
}
pub(crate) use both;

pub async fn sqlite() -> (tempfile::TempDir, Db) {
    let dir = tempfile::tempdir().unwrap();
    let db = Db::open(&format!("sqlite:{}", dir.path().join("desk.sqlite").display())).await.unwrap();
    (dir, db)
}
pub async fn postgres() -> (sqlx::PgPool, String, Db) {
    let url = crate::servers::Postgres::start().url.clone();
    let admin = sqlx::PgPool::connect(&url).await.unwrap();
    let random = std::collections::hash_map::RandomState::new();
    let name = format!("casemate_test_{:x}", std::hash::BuildHasher::hash_one(&random, std::process::id()));
    sqlx::raw_sql(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&admin).await.unwrap();
    let (server, _) = url.rsplit_once('/').unwrap();
    let db = Db::open(&format!("{server}/{name}")).await.unwrap();
    (admin, name, db)
}
pub async fn drop_database(admin: &sqlx::PgPool, name: &str) {
    sqlx::raw_sql(sqlx::AssertSqlSafe(format!("DROP DATABASE {name} WITH (FORCE)"))).execute(admin).await.unwrap();
}
/// A statement of the test's own; rows affected.
pub async fn run(tx: &mut Tx, sql: &'static str) -> Result<u64, sqlx::Error> {
    match &mut tx.engine {
        db::Engine::Sqlite(tx) => sqlx::query(sql).execute(&mut **tx).await.map(|done| done.rows_affected()),
        db::Engine::Postgres(tx) => sqlx::query(sql).execute(&mut **tx).await.map(|done| done.rows_affected()),
    }
}
pub async fn number(tx: &mut Tx, sql: &'static str) -> i64 {
    match &mut tx.engine {
        db::Engine::Sqlite(tx) => sqlx::query_scalar(sql).fetch_one(&mut **tx).await.unwrap(),
        db::Engine::Postgres(tx) => sqlx::query_scalar(sql).fetch_one(&mut **tx).await.unwrap(),
    }
}

pub fn is_conflict<T: std::fmt::Debug>(result: db::Result<T>, what: &str) {
    match result {
        Err(db::Error::Conflict(named)) => assert_eq!(named, what),
        other => panic!("expected a conflict over {what}, got {other:?}"),
    }
}

static COUNT: AtomicU64 = AtomicU64::new(1);
/// A number that no other call in this process returned.
pub fn unique() -> u64 {
    COUNT.fetch_add(1, Ordering::Relaxed)
}

pub fn new_case(number: &str) -> db::case::NewCase {
    db::case::NewCase {
        number: number.to_owned(),
        title: "补丁安装失败".to_owned(),
        priority: Priority::Normal,
        category: Some("update".to_owned()),
        owner: None,
        language: Language::Zh,
        customer_name: Some("李明".to_owned()),
        customer_address: "li@bank.example".to_owned(),
        created_at: NOW,
        first_response_due_at: Some(NOW + DAY),
        next_update_due_at: None,
        resolve_due_at: None,
    }
}
pub async fn a_case(tx: &mut Tx) -> CaseId {
    let id = db::case::insert(tx, &new_case(&format!("CAS-{:05}-T3S7E1", unique()))).await.unwrap();
    db::case::add_addresses(tx, id, &[("Li@Bank.example").to_string()]).await.unwrap();
    id
}
pub fn parsed(message_id: &str, subject: &str) -> Parsed {
    Parsed {
        kind: Some(Kind::Message),
        message_id: Some(message_id.to_owned()),
        from_name: Some("李明".to_owned()),
        from_address: Some("Li@bank.example".to_owned()),
        subject: format!("回复: {subject}"),
        base_subject: subject.to_owned(),
        date_at: Some(NOW),
        language: Some(Language::Zh),
        reply_text: "补丁仍然失败".to_owned(),
        attachments: 1,
        defects: 0,
    }
}
/// A new inbound mail with bytes of its own, not yet decided.
pub async fn a_mail(tx: &mut Tx) -> MessageKey {
    let mailbox = db::mailbox::ensure(tx, "support", NOW).await.unwrap().id;
    let n = unique();
    let raw = format!("Subject: {n}\r\n\r\n");
    match db::message::insert_raw(tx, &new_raw(mailbox, &format!("7/{n}"), raw.as_bytes())).await.unwrap() {
        Stored::New(key) => key,
        other => panic!("{other:?}"),
    }
}
pub fn new_raw<'a>(mailbox: MailboxId, remote_id: &'a str, raw: &'a [u8]) -> NewRaw<'a> {
    NewRaw { mailbox, remote_id, received_at: NOW, seen_at: NOW + 1, size: raw.len() as i64, raw: Ok(raw) }
}
/// A customer's mail filed in the case.
pub async fn a_filed_mail(tx: &mut Tx, case: CaseId) -> MessageKey {
    let key = a_mail(tx).await;
    let parsed = parsed(&format!("{}@bank.example", unique()), "补丁安装失败");
    db::message::file(tx, key, State::Received, case, &parsed, "[]").await.unwrap();
    key
}
pub fn new_draft(case: CaseId) -> db::draft::NewDraft {
    db::draft::NewDraft {
        case,
        reply_to: None,
        stage: Stage::InitialResponse,
        language: Language::Zh,
        to: "李明 <li@bank.example>".to_owned(),
        cc: String::new(),
        subject: "回复: 补丁安装失败".to_owned(),
        body: "您好".to_owned(),
        token: Some("CMIT:0000001".to_owned()),
        answers: "[]".to_owned(),
        findings: "[]".to_owned(),
        why: "[]".to_owned(),
        created_at: NOW,
    }
}
/// An approved mail of ours in the outbox.
pub async fn an_outgoing(tx: &mut Tx, case: CaseId, draft: Option<DraftId>, due_at: Millis) -> OutboxId {
    let message_id = format!("{}@desk.example", unique());
    let message =
        db::message::insert_out(tx, case, &parsed(&message_id, "补丁安装失败"), b"To: li@bank.example\r\n\r\n", NOW).await.unwrap();
    let new = db::outbox::NewOutbox {
        case,
        draft,
        message,
        message_id,
        stage: Stage::InitialResponse,
        envelope_from: "desk@desk.example".to_owned(),
        recipients: "li@bank.example".to_owned(),
        due_at,
    };
    db::outbox::insert(tx, &new).await.unwrap()
}
/// A parsed mail as the mail room would give it.
pub fn a_parsed_mail() -> mail::Mail {
    mail::Mail {
        message_id: None,
        in_reply_to: vec![],
        references: vec![],
        date_at: None,
        from: Some(mail::Address { name: None, address: "LI@bank.example".to_owned() }),
        reply_to: vec![],
        to: vec![],
        cc: vec![],
        subject: mail::Subject::default(),
        text: String::new(),
        segments: vec![],
        reply_text: String::new(),
        signature: None,
        attachments: vec![],
        kind: Kind::Message,
        kind_reason: String::new(),
        bounce: None,
        reply_mentions: Default::default(),
        mentions: mail::Mentions::default(),
        questions: vec![],
        language: Language::Zh,
        protection: None,
        log_lines: Vec::new(),
        state_words: mail::StateWords::default(),
        defects: vec![],
    }
}
