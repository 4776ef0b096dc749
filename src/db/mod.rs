//! The database: SQLite embedded, PostgreSQL when a desk outgrows one machine; one set of query texts.
//!
//! One file per aggregate, each a set of functions on a [`Tx`]. Every state change is a guarded update that must hit one row,
//! else [`Error::Conflict`]. No transaction is open across network I/O. Times are i64 UTC milliseconds.

pub mod account;
pub mod case;
pub mod draft;
pub mod engineer;
pub mod event;
mod lock;
pub mod mailbox;
pub mod message;
mod open;
pub mod outbox;
pub mod report;
pub mod search;
mod sql;
pub mod survey;
mod value;

pub use lock::Lock;

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
    /// The stored bytes of one mail: no fault of the database as a whole.
    #[error("{0}")]
    Damaged(String),
    #[error(transparent)]
    Sql(sqlx::Error),
}
pub type Result<T> = std::result::Result<T, Error>;

impl From<sqlx::Error> for Error {
    /// Failures an administrator can act on become `Unusable`, losing a race to another connection `Conflict`; the rest stays as it is.
    fn from(error: sqlx::Error) -> Error {
        match open::advice(&error) {
            Some(advice) => Error::Unusable(format!("the database cannot be used: {advice}")),
            None if open::is_race(&error) => Error::Conflict("the entry"),
            None => Error::Sql(error),
        }
    }
}

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
pub struct Tx {
    pub engine: Engine,
    /// What nothing in this transaction reads again is written in one statement each, at the commit: a statement costs two changes of
    /// thread, whatever its size.
    events: Vec<event::Late>,
    words: Vec<search::Late>,
    raws: Vec<message::LateRaw>,
    settled: Vec<message::Settled>,
}

/// The transaction of the engine itself.
pub enum Engine {
    Sqlite(sqlx::Transaction<'static, sqlx::Sqlite>),
    Postgres(sqlx::Transaction<'static, sqlx::Postgres>),
}

impl From<Engine> for Tx {
    fn from(engine: Engine) -> Tx {
        Tx { engine, events: Vec::new(), words: Vec::new(), raws: Vec::new(), settled: Vec::new() }
    }
}

impl Db {
    /// Opens `sqlite:PATH`, `sqlite::memory:`-less; or `postgres://…`, creates the SQLite file when missing, and migrates.
    pub async fn open(url: &str) -> Result<Db> {
        Db::open_within(url, open::PATIENCE).await
    }
    /// As `open`, but waits only so long for a locked database or a silent server.
    pub async fn open_within(url: &str, patience: std::time::Duration) -> Result<Db> {
        open::open(url, patience).await
    }
    /// A reading transaction: one consistent snapshot. It never waits for a writer.
    pub async fn read(&self) -> Result<Tx> {
        Ok(match self {
            Db::Sqlite { reader, .. } => Engine::Sqlite(reader.begin().await?).into(),
            Db::Postgres(pool) => Engine::Postgres(pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?).into(),
        })
    }
    /// A writing transaction. On SQLite it waits its turn: a deferred BEGIN that writes later fails at once when another
    /// connection wrote in between, whatever the busy timeout says.
    pub async fn begin(&self) -> Result<Tx> {
        Ok(match self {
            Db::Sqlite { writer, .. } => Engine::Sqlite(writer.begin_with("BEGIN IMMEDIATE").await?).into(),
            Db::Postgres(pool) => Engine::Postgres(pool.begin().await?).into(),
        })
    }
    /// Consistent copy of a SQLite database into `to` (VACUUM INTO); on PostgreSQL Unusable, naming pg_dump.
    pub async fn backup(&self, to: &std::path::Path) -> Result<()> {
        match self {
            Db::Sqlite { reader, .. } => open::backup(reader, to).await,
            Db::Postgres(_) => Err(Error::Unusable("a PostgreSQL database is backed up with pg_dump, not by casemate".into())),
        }
    }
    /// (applied, known) migrations, for `casemate migrate` and `check`.
    pub async fn migrations(&self) -> Result<(usize, usize)> {
        open::migrations(self).await
    }
    pub async fn close(&self) {
        match self {
            Db::Sqlite { writer, reader } => {
                reader.close().await;
                writer.close().await;
            }
            Db::Postgres(pool) => pool.close().await,
        }
    }
}

impl Tx {
    pub async fn commit(mut self) -> Result<()> {
        message::flush(&mut self).await?;
        event::flush(&mut self).await?;
        search::flush(&mut self).await?;
        match self.engine {
            Engine::Sqlite(tx) => tx.commit().await?,
            Engine::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }
}

/// A guarded update hit one row, or somebody else was first.
fn guard(rows: u64, what: &'static str) -> Result<()> {
    if rows == 1 { Ok(()) } else { Err(Error::Conflict(what)) }
}
/// An update by id hit its row.
fn exists(rows: u64, what: &'static str) -> Result<()> {
    if rows == 1 { Ok(()) } else { Err(Error::NotFound(what)) }
}

/// Every query text of this room as (text, for SQLite, for PostgreSQL): what the test prepares.
pub fn texts() -> Vec<(&'static str, bool, bool)> {
    let files = [account::ALL, draft::ALL, engineer::ALL, event::ALL, mailbox::ALL, open::ALL, outbox::ALL, report::ALL, survey::ALL];
    let both = files.iter().chain(case::ALL).chain(message::ALL).flat_map(|texts| texts.iter()).map(|text| (*text, true, true));
    let sqlite = search::SQLITE.iter().chain(outbox::SQLITE).chain(event::SQLITE).chain(message::SQLITE).map(|text| (*text, true, false));
    let postgres = search::POSTGRES
        .iter()
        .chain(outbox::POSTGRES)
        .chain(event::POSTGRES)
        .chain(message::POSTGRES)
        .chain(lock::POSTGRES)
        .map(|text| (*text, false, true));
    both.chain(sqlite).chain(postgres).collect()
}
