//! Opening, migrating, copying, and saying clearly why a database cannot be used.
//!
//! SQLite: WAL, synchronous FULL (free when mails are stored in batches), one writer, a few read-only readers.
//! PostgreSQL: connections are rolled back when given back, because a cancelled `begin` would leave its transaction open for the
//! next borrower (sqlx 0.9.0).

use super::sql::sql;
use super::{Db, Error, Result};
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, PgPool, SqlSafeStr, SqlitePool};
use std::path::Path;
use std::time::Duration;

/// How long a locked database or a silent server is waited for.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);
/// How long a task waits for its turn: longer than the longest import transaction.
const TURN: Duration = Duration::from_secs(60);
const READERS: u32 = 4;
const POSTGRES_CONNECTIONS: u32 = 10;

/// Version, name and text of each migration; a test proves that the lists are the files. An applied text is never changed: its checksum is
/// remembered.
const SQLITE: &[(i64, &str, &str)] = &[
    (1, "first", include_str!("../../migrations/sqlite/0001_first.sql")),
    (2, "domains", include_str!("../../migrations/sqlite/0002_domains.sql")),
];
const POSTGRES: &[(i64, &str, &str)] = &[
    (1, "first", include_str!("../../migrations/postgres/0001_first.sql")),
    (2, "domains", include_str!("../../migrations/postgres/0002_domains.sql")),
];

fn migrator(list: &'static [(i64, &'static str, &'static str)]) -> Migrator {
    let migration = |&(version, name, text): &(i64, &'static str, &'static str)| {
        Migration::new(version, name.into(), MigrationType::Simple, text.into_sql_str(), false)
    };
    Migrator::with_migrations(list.iter().map(migration).collect())
}

sql! { ALL;
    APPLIED = "SELECT count(*) FROM _sqlx_migrations WHERE success";
}

pub(super) async fn open(url: &str, patience: Duration) -> Result<Db> {
    if let Some(path) = url.strip_prefix("sqlite:") {
        open_sqlite(path.strip_prefix("//").unwrap_or(path), patience).await
    } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
        open_postgres(url, patience).await
    } else {
        Err(Error::Unusable("the database url must be sqlite:PATH or postgres://USER:PASSWORD@HOST/DATABASE".into()))
    }
}

async fn open_sqlite(path: &str, patience: Duration) -> Result<Db> {
    if path.is_empty() || path.starts_with(":memory:") || path.contains('?') {
        return Err(Error::Unusable(format!("sqlite:{path} names no file; write sqlite:PATH, for example sqlite:casemate.sqlite")));
    }
    // Mail is private. An empty file is a new database; when this fails, SQLite says why.
    drop(create_private(Path::new(path)).await);
    let unusable = |error: &sqlx::Error| Error::Unusable(format!("{path}: {}", advice(error).unwrap_or_else(|| error.to_string())));
    let common = SqliteConnectOptions::new().filename(path).busy_timeout(patience).foreign_keys(true).statement_cache_capacity(300);
    let writing = common
        .clone()
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .pragma("cache_size", "-16000")
        // Pages that change often are copied back once, not at every fourth megabyte of a backlog.
        .pragma("wal_autocheckpoint", "8000")
        .pragma("journal_size_limit", "67108864");
    let pool = || SqlitePoolOptions::new().idle_timeout(None).max_lifetime(None).acquire_timeout(TURN).test_before_acquire(false);
    // SQLite itself rolls back when the disk is full; sqlx then counts a transaction that is none, and every further BEGIN would fail.
    let writers = pool().max_connections(1).after_release(|connection, _| {
        Box::pin(async move {
            // The ping waits until the rollback of a dropped transaction was tried.
            connection.ping().await?;
            Ok(!connection.is_in_transaction())
        })
    });
    let writer = writers.connect_with(writing).await.map_err(|error| unusable(&error))?;
    if let Err(error) = migrator(SQLITE).run(&writer).await {
        writer.close().await;
        return Err(migration_failed(path, &error));
    }
    let reader = pool().max_connections(READERS).connect_with(common.read_only(true)).await.map_err(|error| unusable(&error))?;
    Ok(Db::Sqlite { writer, reader })
}

async fn open_postgres(url: &str, patience: Duration) -> Result<Db> {
    // The parser's message may repeat the password: it is not shown.
    let options: PgConnectOptions =
        url.parse().map_err(|_| Error::Unusable("the database url is not valid; write postgres://USER:PASSWORD@HOST/DATABASE".into()))?;
    // Quiet about the ROLLBACK outside a transaction below.
    let options = options.statement_cache_capacity(300).options([("client_min_messages", "error"), ("statement_timeout", "120s")]);
    let place = place(&options);
    // One connection first: the pool would retry a refused connection until its own timeout.
    match tokio::time::timeout(patience, options.connect()).await {
        Ok(Ok(connection)) => drop(connection.close().await),
        Ok(Err(error)) => {
            return Err(Error::Unusable(format!("{place}: {}", advice(&error).unwrap_or_else(|| error.to_string()))));
        }
        Err(_) => return Err(Error::Unusable(format!("{place}: no answer within {} s; check host, port and network", patience.as_secs()))),
    }
    let pool = PgPoolOptions::new()
        .max_connections(POSTGRES_CONNECTIONS)
        .acquire_timeout(TURN)
        .after_release(|connection, _| {
            Box::pin(async move {
                sqlx::raw_sql("ROLLBACK").execute(&mut *connection).await?;
                Ok(true)
            })
        })
        .connect_with(options)
        .await?;
    migrate_postgres(&pool, &place).await?;
    Ok(Db::Postgres(pool))
}

async fn migrate_postgres(pool: &PgPool, place: &str) -> Result<()> {
    if let Err(error) = migrator(POSTGRES).run(pool).await {
        pool.close().await;
        return Err(migration_failed(place, &error));
    }
    Ok(())
}

/// The server and database as shown in messages: without the password.
fn place(options: &PgConnectOptions) -> String {
    let (host, port) = (options.get_host(), options.get_port());
    let database = options.get_database().unwrap_or_else(|| options.get_username());
    format!("PostgreSQL database {database} at {host}:{port} as {}", options.get_username())
}

fn migration_failed(place: &str, error: &MigrateError) -> Error {
    Error::Unusable(match error {
        MigrateError::VersionMissing(version) => format!(
            "{place}: the database was written by a newer casemate (it has migration {version}, which this program does not know); run that version or restore a backup"
        ),
        MigrateError::VersionMismatch(version) => {
            format!("{place}: migration {version} in the database is not this program's; run the casemate that made the database")
        }
        MigrateError::Dirty(version) => format!("{place}: migration {version} stopped halfway; restore a backup and try again"),
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => {
            format!("{place}: {}", advice(error).unwrap_or_else(|| error.to_string()))
        }
        error => format!("{place}: {error}"),
    })
}

/// What to do about failures that are not the program's fault; None for all others.
pub(super) fn advice(error: &sqlx::Error) -> Option<String> {
    match error {
        sqlx::Error::Database(database) => {
            let code = database.code().unwrap_or_default();
            let text = match database.try_downcast_ref::<sqlx::sqlite::SqliteError>() {
                Some(_) => sqlite_advice(code.parse::<u32>().ok()? & 0xff)?,
                None => postgres_advice(&code)?,
            };
            Some(format!("{text} ({})", database.message()))
        }
        sqlx::Error::Io(io) => Some(format!("no connection ({io}); check that the server runs and the address is right")),
        sqlx::Error::Tls(tls) => Some(format!("no TLS connection ({tls}); check sslmode and the certificate")),
        sqlx::Error::PoolTimedOut => Some(format!("no connection became free within {} s", TURN.as_secs())),
        _ => None,
    }
}

/// Another connection inserted the same thing first, or PostgreSQL gave up one of two transactions (40001, 40P01).
pub(super) fn is_race(error: &sqlx::Error) -> bool {
    let sqlx::Error::Database(database) = error else { return false };
    database.is_unique_violation() || matches!(database.code().as_deref(), Some("40001" | "40P01"))
}

/// By primary result code.
fn sqlite_advice(code: u32) -> Option<&'static str> {
    Some(match code {
        3 | 23 => "access is denied; give the user that runs casemate the right to read and write it",
        5 | 6 => "the database is locked by another process; stop the other casemate or program that has it open",
        8 => "the database or its directory is read-only; make both writable for the user that runs casemate",
        10 => "the disk failed; check the disk and the free space",
        11 => "the database is damaged; restore a backup",
        13 => "the disk is full; free some space",
        14 => "the file cannot be opened; check that its directory exists and is writable for the user that runs casemate",
        26 => "the file is not a SQLite database; name another file or move this one away",
        _ => return None,
    })
}

/// By SQLSTATE.
fn postgres_advice(code: &str) -> Option<&'static str> {
    Some(match code {
        "28P01" | "28000" => "the server refuses the login; check user, password and pg_hba.conf",
        "3D000" => "the database does not exist; create it with createdb",
        "42501" => "the user may not do this; make it the owner of the database",
        "53100" => "the server's disk is full; free some space",
        "53300" => "the server has no free connection; raise max_connections",
        "57P01" | "57P02" | "57P03" => "the server is starting or stopping; try again",
        "25006" => "the server is read-only; name the primary server",
        _ => return None,
    })
}

pub(super) async fn migrations(db: &Db) -> Result<(usize, usize)> {
    let (applied, known): ((i64,), usize) = match db {
        Db::Sqlite { reader, .. } => (sqlx::query_as(APPLIED).fetch_one(reader).await?, SQLITE.len()),
        Db::Postgres(pool) => (sqlx::query_as(APPLIED).fetch_one(pool).await?, POSTGRES.len()),
    };
    Ok((usize::try_from(applied.0).unwrap_or_default(), known))
}

/// A new empty file that only its owner may read; SQLite gives the same mode to the files beside it.
async fn create_private(path: &Path) -> std::io::Result<()> {
    let mut options = tokio::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    options.mode(0o600);
    options.open(path).await.map(drop)
}

/// VACUUM INTO a new file; half a copy is removed.
pub(super) async fn backup(reader: &SqlitePool, to: &Path) -> Result<()> {
    let shown = to.display();
    let text = to.to_str().ok_or_else(|| Error::Unusable(format!("{shown}: the name of a backup must be UTF-8")))?;
    // Created here and filled by SQLite: the name is ours from this moment on, and nobody else may read it.
    create_private(to).await.map_err(|error| {
        Error::Unusable(match error.kind() {
            std::io::ErrorKind::AlreadyExists => format!("{shown} exists; a backup is only written to a new file"),
            _ => format!("{shown}: {error}"),
        })
    })?;
    if let Err(error) = sqlx::query("VACUUM INTO $1").bind(text).execute(reader).await {
        drop(tokio::fs::remove_file(to).await);
        return Err(Error::Unusable(format!("{shown}: {}", advice(&error).unwrap_or_else(|| error.to_string()))));
    }
    let synced = async { tokio::fs::File::open(to).await?.sync_all().await }.await;
    synced.map_err(|error| Error::Unusable(format!("{shown}: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_does_not_show_the_password() {
        let options: PgConnectOptions = "postgres://desk:s3cret@db.example:5433/cases".parse().unwrap();
        assert_eq!(place(&options), "PostgreSQL database cases at db.example:5433 as desk");
    }
    #[test]
    fn advice_by_code() {
        for (code, words) in [(5, "locked"), (13, "full"), (14, "directory exists"), (26, "not a SQLite")] {
            assert!(sqlite_advice(code).unwrap().contains(words), "{code}");
        }
        assert_eq!(sqlite_advice(19), None, "a constraint is the program's business");
        assert!(postgres_advice("28P01").unwrap().contains("password"));
        assert_eq!(postgres_advice("23505"), None);
    }
}

#[cfg(test)]
mod migration_tests {
    use super::*;

    #[test]
    fn the_lists_are_the_files() {
        for (engine, list) in [("sqlite", SQLITE), ("postgres", POSTGRES)] {
            let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(engine);
            let mut files: Vec<String> =
                std::fs::read_dir(directory).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
            files.sort();
            let listed: Vec<String> = list.iter().map(|(version, name, _)| format!("{version:04}_{name}.sql")).collect();
            assert_eq!(listed, files, "{engine}");
        }
    }
}
