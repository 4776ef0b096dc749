//! The database: SQLite embedded, PostgreSQL when a desk outgrows one machine; one set of query texts.
//!
//! One file per aggregate, each a set of functions on a [`Tx`]. Every state change is a guarded update that must hit one row,
//! else [`Error::Conflict`]. No transaction is open across network I/O. Times are i64 UTC milliseconds.

pub mod account;
pub mod case;
pub mod draft;
pub mod engineer;
pub mod event;
pub mod mailbox;
pub mod message;
pub mod outbox;
pub mod report;
pub mod search;
pub mod survey;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A guarded update hit no row: somebody else was first.
    #[error("{0} was changed meanwhile")]
    Conflict(&'static str),
    #[error("{0} does not exist")]
    NotFound(&'static str),
    /// Unusable url, locked or newer database, full disk … with what to do.
    #[error("{0}")]
    Unusable(String),
    #[error(transparent)]
    Sql(#[from] sqlx::Error),
}
pub type Result<T> = std::result::Result<T, Error>;

/// The database, one of two engines. Cheap to clone.
#[derive(Debug, Clone)]
pub enum Db {
    /// One writer connection, several read-only ones.
    Sqlite {
        writer: sqlx::SqlitePool,
        reader: sqlx::SqlitePool,
    },
    Postgres(sqlx::PgPool),
}

/// A transaction on either engine: reading (dropped without commit) or writing (BEGIN IMMEDIATE on SQLite).
pub enum Tx {
    Sqlite(sqlx::Transaction<'static, sqlx::Sqlite>),
    Postgres(sqlx::Transaction<'static, sqlx::Postgres>),
}

impl Db {
    /// Opens `sqlite:PATH`, `sqlite::memory:`-less; or `postgres://…`, creates the SQLite file when missing, and migrates.
    pub async fn open(_url: &str) -> Result<Db> {
        todo!("room db")
    }
    /// A reading transaction: one consistent snapshot.
    pub async fn read(&self) -> Result<Tx> {
        todo!("room db")
    }
    /// A writing transaction.
    pub async fn begin(&self) -> Result<Tx> {
        todo!("room db")
    }
    /// Consistent copy of a SQLite database into `to` (VACUUM INTO); on PostgreSQL Unusable, naming pg_dump.
    pub async fn backup(&self, _to: &std::path::Path) -> Result<()> {
        todo!("room db")
    }
    /// (applied, known) migrations, for `casemate migrate` and `check`.
    pub async fn migrations(&self) -> Result<(usize, usize)> {
        todo!("room db")
    }
    pub async fn close(&self) {
        todo!("room db")
    }
}

impl Tx {
    pub async fn commit(self) -> Result<()> {
        todo!("room db")
    }
}
