//! One daemon a database: a second one would take up again what the first is just sending, and a customer would get a mail twice.
//!
//! SQLite: a lock on the file `<database>.lock`. PostgreSQL: an advisory lock of a session kept for it. Both end with the process, however it
//! ends. Commands of the command line take no lock: they work beside the daemon.

use super::sql::sql;
use super::{Db, Error, Result};
use sqlx::PgConnection;
use std::ffi::OsString;
use std::fs::{File, TryLockError};
use std::path::PathBuf;
use std::time::Duration;

/// How often, and after which pause, a lock is tried: a server needs a moment to see that a killed client is gone.
const TRIES: u32 = 20;
const PAUSE: Duration = Duration::from_millis(100);
/// "casemate" as a number: advisory locks are known by number, within one database.
const KEY: i64 = 0x6361_7365_6d61_7465;

sql! { POSTGRES;
    TRY_LOCK = "SELECT pg_try_advisory_lock($1)";
}

/// Held as long as the daemon runs. The session is no part of the pool any more: it ends with the lock, else it would keep it.
#[derive(Debug)]
pub enum Lock {
    Sqlite(File),
    Postgres(PgConnection),
}

impl Db {
    /// The lock of the daemon, or Unusable when another one runs on this database.
    pub async fn lock(&self) -> Result<Lock> {
        match self {
            Db::Sqlite { reader, .. } => {
                let mut path: OsString = reader.connect_options().get_filename().as_os_str().to_owned();
                path.push(".lock");
                lock_file(PathBuf::from(path)).await
            }
            Db::Postgres(pool) => {
                let mut connection = pool.acquire().await?;
                for _ in 0..TRIES {
                    if sqlx::query_scalar::<_, bool>(TRY_LOCK).bind(KEY).fetch_one(&mut *connection).await? {
                        return Ok(Lock::Postgres(connection.detach()));
                    }
                    tokio::time::sleep(PAUSE).await;
                }
                Err(taken())
            }
        }
    }
}

async fn lock_file(path: PathBuf) -> Result<Lock> {
    let failed = |error: std::io::Error| Error::Unusable(format!("{} cannot be locked: {error}", path.display()));
    let file = File::options().create(true).append(true).open(&path).map_err(failed)?;
    for _ in 0..TRIES {
        match file.try_lock() {
            Ok(()) => return Ok(Lock::Sqlite(file)),
            Err(TryLockError::WouldBlock) => tokio::time::sleep(PAUSE).await,
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
    }
    Err(taken())
}

fn taken() -> Error {
    Error::Unusable("another casemate daemon runs on this database; stop it first (commands like queue or import work beside it)".into())
}
