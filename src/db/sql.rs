//! The small grammar all files of this room are written in: registered query texts and one body for two engines.
//!
//! `sql!` declares the query texts of a file and lists them in `ALL`, so that one test can prepare every text on both engines
//! (that stands in for compile-time checks). `execute!`, `fetch_all!`, `fetch_one!` and `fetch_optional!` run one of them
//! in a [`Tx`](super::Tx): the body is written once and compiled for each engine. Placeholders are `$1 …` on both. A list
//! goes in as one JSON text and comes apart with `json_each`, which the PostgreSQL migration defines.

/// `sql! { ALL; NAME = "text"; … }`: constants, and the constant `ALL` of all of them.
macro_rules! sql {
    ($all:ident; $($(#[$doc:meta])* $name:ident = $text:expr;)+) => {
        $($(#[$doc])* const $name: &str = $text;)+
        pub(in crate::db) const $all: &[&str] = &[$($name),+];
    };
}
/// Reads a row of either engine into a struct: `from_row!(Row { id, case = "case_id" })`; `..part` is a struct read from the same row. In place
/// of sqlx's derive, whose macros would compile both drivers a second time, for the compiler's own use.
macro_rules! from_row {
    (@column $field:ident $column:literal) => { $column };
    (@column $field:ident) => { stringify!($field) };
    (@for $engine:ty, $name:ident { $(..$part:ident,)? $($field:ident $(= $column:literal)?),+ }) => {
        impl sqlx::FromRow<'_, $engine> for $name {
            fn from_row(row: &$engine) -> sqlx::Result<Self> {
                use sqlx::Row;
                Ok($name {
                    $($part: sqlx::FromRow::from_row(row)?,)?
                    $($field: row.try_get($crate::db::sql::from_row!(@column $field $($column)?))?),+
                })
            }
        }
    };
    ($name:ident { $($fields:tt)+ }) => {
        $crate::db::sql::from_row!(@for sqlx::sqlite::SqliteRow, $name { $($fields)+ });
        $crate::db::sql::from_row!(@for sqlx::postgres::PgRow, $name { $($fields)+ });
    };
}
/// Runs `$body` with `$c` as the connection of whichever engine.
macro_rules! on {
    ($tx:expr, |$c:ident| $body:expr) => {
        match &mut $tx.engine {
            $crate::db::Engine::Sqlite(tx) => {
                let $c = &mut **tx;
                $body
            }
            $crate::db::Engine::Postgres(tx) => {
                let $c = &mut **tx;
                $body
            }
        }
    };
}
/// The text for the engine of `$tx`, for the few queries that must differ.
macro_rules! by_engine {
    ($tx:expr, $sqlite:expr, $postgres:expr) => {
        match &$tx.engine {
            $crate::db::Engine::Sqlite(_) => $sqlite,
            $crate::db::Engine::Postgres(_) => $postgres,
        }
    };
}
/// Rows affected: `execute!(tx, SQL, a, b)? -> u64`.
macro_rules! execute {
    ($tx:expr, $sql:expr $(, $arg:expr)* $(,)?) => {
        $crate::db::sql::on!($tx, |c| sqlx::query($sql)$(.bind($arg))*.execute(c).await.map(|done| done.rows_affected()))
            .map_err($crate::db::Error::from)
    };
}
macro_rules! fetch_all {
    ($row:ty, $tx:expr, $sql:expr $(, $arg:expr)* $(,)?) => {
        $crate::db::sql::on!($tx, |c| sqlx::query_as::<_, $row>($sql)$(.bind($arg))*.fetch_all(c).await)
            .map_err($crate::db::Error::from)
    };
}
macro_rules! fetch_optional {
    ($row:ty, $tx:expr, $sql:expr $(, $arg:expr)* $(,)?) => {
        $crate::db::sql::on!($tx, |c| sqlx::query_as::<_, $row>($sql)$(.bind($arg))*.fetch_optional(c).await)
            .map_err($crate::db::Error::from)
    };
}
macro_rules! fetch_one {
    ($row:ty, $tx:expr, $sql:expr $(, $arg:expr)* $(,)?) => {
        $crate::db::sql::on!($tx, |c| sqlx::query_as::<_, $row>($sql)$(.bind($arg))*.fetch_one(c).await)
            .map_err($crate::db::Error::from)
    };
}
pub(super) use {by_engine, execute, fetch_all, fetch_one, fetch_optional, from_row, on, sql};
