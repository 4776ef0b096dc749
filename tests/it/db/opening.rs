//! Opening, refusing with a clear text, transactions, backup.

use super::*;
use std::time::Duration;

both! {
    async fn opening_again_continues(db) {
        let (applied, known) = db.migrations().await.unwrap();
        assert_eq!(applied, known);
        assert!(known > 0);
        let mut tx = db.begin().await.unwrap();
        a_case(&mut tx).await;
        drop(tx);
        let mut tx = db.begin().await.unwrap();
        assert_eq!(number(&mut tx, "SELECT count(*) FROM cases").await, 0, "dropped is rolled back");
        a_case(&mut tx).await;
        tx.commit().await.unwrap();
        let mut tx = db.read().await.unwrap();
        assert_eq!(number(&mut tx, "SELECT count(*) FROM cases").await, 1);
    }
    async fn readers_do_not_wait_for_a_writer_and_cannot_write(db) {
        let mut writer = db.begin().await.unwrap();
        a_case(&mut writer).await;
        let mut reader = tokio::time::timeout(Duration::from_secs(5), db.read()).await.unwrap().unwrap();
        assert_eq!(number(&mut reader, "SELECT count(*) FROM cases").await, 0);
        writer.commit().await.unwrap();
        assert_eq!(number(&mut reader, "SELECT count(*) FROM cases").await, 0, "one snapshot");
        assert!(run(&mut reader, "DELETE FROM sequences").await.is_err());
        drop(reader);
        let mut reader = db.read().await.unwrap();
        assert_eq!(number(&mut reader, "SELECT count(*) FROM cases").await, 1);
    }
    async fn work_can_move_to_a_task(db) {
        let task = tokio::spawn(async move {
            let mut tx = db.begin().await.unwrap();
            let case = a_case(&mut tx).await;
            let key = a_filed_mail(&mut tx, case).await;
            db::case::facts_for(&mut tx, &a_parsed_mail(), NOW, DAY).await.unwrap();
            db::search::index(&mut tx, key, case, &db::search::words("补丁")).await.unwrap();
            let draft = db::draft::insert(&mut tx, &new_draft(case)).await.unwrap();
            db::draft::approve(&mut tx, draft, 1, "wang", NOW).await.unwrap();
            db::draft::send_back(&mut tx, draft, "550", NOW).await.unwrap();
            let outgoing = an_outgoing(&mut tx, case, Some(draft), NOW).await;
            db::outbox::claim_due(&mut tx, NOW).await.unwrap();
            db::outbox::mark_outcome(&mut tx, outgoing, db::outbox::OutboxStatus::Sent, None, "250", NOW).await.unwrap();
            db::message::list_received(&mut tx, 1).await.unwrap();
            db::case::list(&mut tx, &Default::default()).await.unwrap();
            tx.commit().await.unwrap();
        });
        task.await.unwrap();
    }
    async fn a_cancelled_begin_leaves_no_transaction_behind(db) {
        for polls in 0..12 {
            let mut begin = Box::pin(db.begin());
            for _ in 0..polls {
                let is_ready = std::future::poll_fn(|context| std::task::Poll::Ready(begin.as_mut().poll(context).is_ready())).await;
                if is_ready {
                    break;
                }
                tokio::time::sleep(Duration::from_micros(200)).await;
            }
            drop(begin);
            let mut tx = db.begin().await.unwrap();
            a_case(&mut tx).await;
            tx.commit().await.unwrap();
            let mut tx = db.read().await.unwrap();
            assert_eq!(number(&mut tx, "SELECT count(*) FROM cases").await, polls + 1, "cancelled after {polls} polls");
        }
    }
    async fn one_daemon_a_database(db) {
        let url = match &db {
            Db::Sqlite { .. } => format!("sqlite:{}", path_of(&db).await),
            Db::Postgres(pool) => {
                let options = pool.connect_options();
                format!("postgres://{}@{}:{}/{}", options.get_username(), options.get_host(), options.get_port(), options.get_database().unwrap())
            }
        };
        let first = db.lock().await.unwrap();
        let other = Db::open(&url).await.unwrap();
        let refused = other.lock().await.unwrap_err().to_string();
        assert!(refused.contains("another casemate daemon"), "{refused}");
        drop(first);
        drop(other.lock().await.unwrap());
        other.close().await;
    }
    async fn a_newer_database_is_refused(db) {
        let mut tx = db.begin().await.unwrap();
        run(&mut tx, "INSERT INTO _sqlx_migrations SELECT 9999, 'of tomorrow', installed_on, success, checksum, execution_time FROM _sqlx_migrations WHERE version = 1").await.unwrap();
        tx.commit().await.unwrap();
        let url = match &db {
            Db::Sqlite { .. } => format!("sqlite:{}", path_of(&db).await),
            Db::Postgres(pool) => {
                let options = pool.connect_options();
                format!("postgres://{}@{}:{}/{}", options.get_username(), options.get_host(), options.get_port(), options.get_database().unwrap())
            }
        };
        let text = refusal(&url).await;
        assert!(text.contains("newer casemate") && text.contains("9999"), "{text}");
    }
}

async fn path_of(db: &Db) -> String {
    let Db::Sqlite { reader, .. } = db else { panic!() };
    sqlx::query_scalar("SELECT file FROM pragma_database_list WHERE name = 'main'").fetch_one(reader).await.unwrap()
}
async fn refusal(url: &str) -> String {
    match Db::open_within(url, Duration::from_millis(200)).await {
        Err(db::Error::Unusable(text)) => text,
        other => panic!("{url}: {other:?}"),
    }
}

#[tokio::test]
async fn unusable_urls_say_what_to_do() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("text.sqlite");
    std::fs::write(&file, "this is not a database, but long enough to look like something that could be one".repeat(20)).unwrap();
    let inside_a_file = file.join("desk.sqlite");
    for (url, words) in [
        ("mysql://x".to_owned(), vec!["sqlite:PATH", "postgres://"]),
        ("sqlite:".to_owned(), vec!["sqlite:PATH"]),
        ("sqlite::memory:".to_owned(), vec!["names no file"]),
        (format!("sqlite:{}", file.display()), vec!["text.sqlite", "not a SQLite database"]),
        (format!("sqlite:{}/none/desk.sqlite", dir.path().display()), vec!["none/desk.sqlite", "directory exists and is writable"]),
        (format!("sqlite:{}", inside_a_file.display()), vec!["desk.sqlite", "cannot be opened"]),
        ("postgres://desk:s3cret@127.0.0.1:1/cases".to_owned(), vec!["127.0.0.1:1", "check that the server runs"]),
        ("postgres://desk:s3cret@[::1/cases".to_owned(), vec!["not valid"]),
    ] {
        let text = refusal(&url).await;
        for word in words {
            assert!(text.contains(word), "{url}: {text}");
        }
        assert!(!text.contains("s3cret"), "{text}");
    }
}

#[tokio::test]
async fn a_locked_database_is_refused_by_name() {
    let (dir, db) = sqlite().await;
    let path = path_of(&db).await;
    db.close().await;
    let other = sqlx::sqlite::SqliteConnectOptions::new().filename(&path);
    let mut other = sqlx::ConnectOptions::connect(&other).await.unwrap();
    sqlx::raw_sql("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE").execute(&mut other).await.unwrap();
    let text = refusal(&format!("sqlite:{path}")).await;
    assert!(text.contains("desk.sqlite") && text.contains("locked by another process"), "{text}");
    drop(dir);
}

#[tokio::test]
async fn a_full_disk_is_called_by_its_name() {
    let (_dir, db) = sqlite().await;
    let mut tx = db.begin().await.unwrap();
    run(&mut tx, "PRAGMA max_page_count = 1").await.unwrap();
    let mailbox = db::mailbox::ensure(&mut tx, "support", NOW).await.unwrap().id;
    let raw: Vec<u8> = (0..100_000_u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
    db::message::insert_raw(&mut tx, &new_raw(mailbox, "1", &raw)).await.unwrap();
    // Bytes are written with the commit.
    let error = tx.commit().await.unwrap_err();
    assert!(matches!(&error, db::Error::Unusable(text) if text.contains("disk is full")), "{error:?}");
    // There is space again: the next transaction works.
    let mut tx = db.begin().await.unwrap();
    a_case(&mut tx).await;
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn backups_are_whole_and_never_overwrite() {
    let (dir, db) = sqlite().await;
    let mut tx = db.begin().await.unwrap();
    let case = a_case(&mut tx).await;
    tx.commit().await.unwrap();
    let mut busy = db.begin().await.unwrap();
    a_case(&mut busy).await;
    let copy = dir.path().join("copy.sqlite");
    db.backup(&copy).await.unwrap();
    assert!(matches!(db.backup(&copy).await, Err(db::Error::Unusable(text)) if text.contains("copy.sqlite exists")));
    assert!(db.backup(&dir.path().join("none/copy.sqlite")).await.is_err());
    #[cfg(unix)]
    for file in [&copy, &dir.path().join("desk.sqlite"), &dir.path().join("desk.sqlite-wal")] {
        let mode = std::os::unix::fs::MetadataExt::mode(&std::fs::metadata(file).unwrap());
        assert_eq!(mode & 0o777, 0o600, "{}: mail is private", file.display());
    }
    let copy = Db::open(&format!("sqlite:{}", copy.display())).await.unwrap();
    let mut tx = copy.read().await.unwrap();
    assert!(db::case::find(&mut tx, case).await.unwrap().is_some());
    assert_eq!(number(&mut tx, "SELECT count(*) FROM cases").await, 1, "nothing uncommitted");
}

#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn postgres_refusals_and_backup() {
    let (admin, name, db) = postgres().await;
    let error = db.backup(std::path::Path::new("copy")).await.unwrap_err();
    assert!(error.to_string().contains("pg_dump"));
    db.close().await;
    drop_database(&admin, &name).await;
    let url = crate::servers::Postgres::start().url.clone();
    let (server, _) = url.rsplit_once('/').unwrap();
    let text = refusal(&format!("{server}/{name}")).await;
    assert!(text.contains(&name) && text.contains("createdb"), "{text}");
}
