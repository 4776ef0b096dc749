//! Engineers' ways in: one-time links and passwords. Only hashes are stored.

use super::Error;
use crate::app::App;
use crate::case::EngineerId;
use crate::daemon::propose::secret_token;
use crate::db;
use crate::survey::token_hash;

/// How long a one-time login link works.
const LINK_MS: i64 = 15 * 60_000;
/// Shortest password.
const SHORTEST: usize = 10;

/// A one-time login link (path with token) for the engineer, valid for 15 minutes.
pub async fn login_link(app: &App, login: &str) -> Result<String, Error> {
    let mut tx = app.db.begin().await?;
    let engineer = db::engineer::find_by_login(&mut tx, login).await?.ok_or(Error::NotFound("engineer"))?;
    if !engineer.is_active {
        return Err(Error::Refused(format!("{login} is not active")));
    }
    let token = secret_token();
    db::engineer::insert_link(&mut tx, engineer.id, &token_hash(&token), app.now() + LINK_MS).await?;
    tx.commit().await?;
    Ok(format!("/login/{token}"))
}

/// Stores an argon2 hash, computed on the blocking pool.
pub async fn set_password(app: &App, id: EngineerId, password: &str) -> Result<(), Error> {
    use argon2::PasswordHasher;
    if password.chars().count() < SHORTEST {
        return Err(Error::Refused(format!("a password has at least {SHORTEST} characters")));
    }
    let password = password.to_owned();
    let hashed =
        tokio::task::spawn_blocking(move || argon2::Argon2::default().hash_password(password.as_bytes()).map(|hash| hash.to_string()));
    let hash = match hashed.await {
        Ok(Ok(hash)) => hash,
        _ => return Err(Error::Refused("the password could not be hashed".into())),
    };
    let mut tx = app.db.begin().await?;
    db::engineer::set_password(&mut tx, id, Some(&hash)).await?;
    Ok(tx.commit().await?)
}
