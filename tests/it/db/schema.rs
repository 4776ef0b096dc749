//! Every query text prepares on its engine; the CHECK constraints know the same words as the enums.

use super::*;
use sqlx::{Executor, SqlSafeStr};

both! {
    async fn every_text_prepares(db) {
        let mut tx = db.begin().await.unwrap();
        let mut prepared = 0;
        for (text, on_sqlite, on_postgres) in db::texts() {
            let failed = match &mut tx.engine {
                db::Engine::Sqlite(tx) if on_sqlite => (&mut **tx).prepare(text.into_sql_str()).await.err(),
                db::Engine::Postgres(tx) if on_postgres => (&mut **tx).prepare(text.into_sql_str()).await.err(),
                _ => continue,
            };
            assert!(failed.is_none(), "{failed:?} in {text}");
            prepared += 1;
        }
        assert!(prepared > 100, "{prepared} texts registered");
    }
    async fn losing_a_race_is_a_conflict(db) {
        let mut tx = db.begin().await.unwrap();
        let id = db::engineer::insert(&mut tx, "wang", "王芳", None, Role::Engineer, NOW).await.unwrap();
        db::engineer::insert_link(&mut tx, id, "hash", NOW).await.unwrap();
        is_conflict(db::engineer::insert_link(&mut tx, id, "hash", NOW).await, "the entry");
    }
    async fn events_are_append_only(db) {
        let mut tx = db.begin().await.unwrap();
        let case = a_case(&mut tx).await;
        for detail in ["first", "second", "third\0"] {
            let new = db::event::NewEvent { case: Some(case), message: None, draft: None, at: NOW, actor: "wang", kind: "note", detail };
            db::event::insert(&mut tx, &new).await.unwrap();
        }
        let details: Vec<String> = db::event::list_of_case(&mut tx, case, 2).await.unwrap().into_iter().map(|event| event.detail).collect();
        assert_eq!(details, ["second", "third\u{fffd}"], "the newest two, oldest first");
        tx.commit().await.unwrap();
        for change in ["UPDATE events SET detail = 'nothing happened'", "DELETE FROM events"] {
            let mut tx = db.begin().await.unwrap();
            let error = run(&mut tx, change).await.unwrap_err().to_string();
            assert!(error.contains("append-only"), "{change}: {error}");
        }
    }
}

/// Only what counts the books and the lists of few rows may read a whole table.
#[tokio::test]
async fn no_query_reads_a_whole_table() {
    let (_dir, db) = sqlite().await;
    let db::Engine::Sqlite(mut tx) = db.begin().await.unwrap().engine else { panic!() };
    let mut scans = Vec::new();
    // Counting is for a page. What an INSERT shows is the search for rows that violate a foreign key, which SQLite skips when there are none.
    let is_exempt = |text: &str| text.contains("GROUP BY") || text.starts_with("SELECT count(*)") || text.starts_with("INSERT");
    for (text, _, _) in db::texts().into_iter().filter(|(text, on_sqlite, _)| *on_sqlite && !is_exempt(text)) {
        let explain = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {text}"));
        let plan: Vec<(i64, i64, i64, String)> = sqlx::query_as(explain).fetch_all(&mut *tx).await.unwrap();
        let is_small = |table: &str| {
            ["json_each", "by_title", "by_mail", "numbered", "(subquery", "mailboxes", "e "].iter().any(|name| table.starts_with(name))
        };
        let is_scan = |line: &str| line.strip_prefix("SCAN ").is_some_and(|table| !is_small(table) && !table.contains("VIRTUAL TABLE"));
        scans.extend(plan.into_iter().filter(|line| is_scan(&line.3)).map(|line| format!("{}\n    in {text}", line.3)));
    }
    assert!(scans.is_empty(), "{}", scans.join("\n"));
}

/// The words of `column IN (…)` in a migration, where the column first stands in that table.
fn checked(migration: &str, table: &str, column: &str) -> Vec<String> {
    let table = migration.split_once(&format!("CREATE TABLE {table} (")).unwrap().1.split_once("\n)").unwrap().0;
    let words = table.split_once(&format!("CHECK ({column} IN (")).unwrap().1.split_once("))").unwrap().0;
    words.split(", ").map(|word| word.trim_matches('\'').to_owned()).collect()
}
#[test]
fn checks_know_the_words_of_the_enums() {
    macro_rules! words {
        ($all:expr) => {
            $all.iter().map(|word| word.as_str().to_owned()).collect::<Vec<_>>()
        };
    }
    let sqlite = include_str!("../../../migrations/sqlite/0001_first.sql");
    let postgres = include_str!("../../../migrations/postgres/0001_first.sql");
    for migration in [sqlite, postgres] {
        for (table, column, words) in [
            ("cases", "status", words!(Status::ALL)),
            ("cases", "priority", words!(Priority::ALL)),
            ("cases", "language", words!(Language::ALL)),
            ("engineers", "role", words!(Role::ALL)),
            ("engineers", "language", words!(Language::ALL)),
            ("messages", "direction", words!(db::message::Direction::ALL)),
            ("messages", "state", words!(State::ALL)),
            ("messages", "kind", words!(Kind::ALL)),
            ("messages", "language", words!(Language::ALL)),
            ("drafts", "stage", words!(Stage::ALL)),
            ("drafts", "language", words!(Language::ALL)),
            ("drafts", "status", words!(db::draft::DraftStatus::ALL)),
            ("outbox", "stage", words!(Stage::ALL)),
            ("outbox", "status", words!(db::outbox::OutboxStatus::ALL)),
            ("surveys", "status", words!(db::survey::SurveyStatus::ALL)),
        ] {
            assert_eq!(checked(migration, table, column), words, "{table}.{column}");
        }
    }
}
