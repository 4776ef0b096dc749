//! Every query text prepares on its engine; the CHECK constraints know the same words as the enums.

use super::*;
use sqlx::{Executor, SqlSafeStr};

both! {
    async fn every_text_prepares(db) {
        let mut tx = db.begin().await.unwrap();
        let mut prepared = 0;
        for (text, on_sqlite, on_postgres) in db::texts() {
            let failed = match &mut tx {
                Tx::Sqlite(tx) if on_sqlite => (&mut **tx).prepare(text.into_sql_str()).await.err(),
                Tx::Postgres(tx) if on_postgres => (&mut **tx).prepare(text.into_sql_str()).await.err(),
                _ => continue,
            };
            assert!(failed.is_none(), "{failed:?} in {text}");
            prepared += 1;
        }
        assert!(prepared > 100, "{prepared} texts registered");
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
