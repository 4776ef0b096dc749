//! Engineers, their sessions and one-time login links. Only hashes of secrets are stored.

use super::sql::{execute, fetch_all, fetch_optional, from_row, sql};
use super::value::fit_address;
use super::{Error, Result, Tx, exists};
use crate::case::{EngineerId, Language, Millis, Role};

#[derive(Debug, Clone, PartialEq)]
pub struct EngineerRow {
    pub id: EngineerId,
    pub login: String,
    pub name: String,
    pub address: Option<String>,
    pub role: Role,
    /// argon2 PHC string; None: no password, only one-time links.
    pub password_hash: Option<String>,
    pub language: Option<Language>,
    pub is_active: bool,
}
from_row!(EngineerRow { id, login, name, address, role, password_hash, language, is_active });
#[derive(Debug, Clone, PartialEq)]
pub struct SessionRow {
    pub engineer: EngineerRow,
    pub csrf: String,
    pub expires_at: Millis,
}
from_row!(SessionRow { ..engineer, csrf, expires_at });
macro_rules! columns {
    () => {
        "e.id, e.login, e.name, e.address, e.role, e.password_hash, e.language, e.is_active"
    };
}
sql! { ALL;
    INSERT = "INSERT INTO engineers (login, name, address, role, created_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (login) DO NOTHING RETURNING id";
    FIND = concat!("SELECT ", columns!(), " FROM engineers e WHERE e.id = $1");
    FIND_BY_LOGIN = concat!("SELECT ", columns!(), " FROM engineers e WHERE e.login = $1");
    LIST = concat!("SELECT ", columns!(), " FROM engineers e ORDER BY e.login");
    SET_PASSWORD = "UPDATE engineers SET password_hash = $2 WHERE id = $1";
    SET_ROLE = "UPDATE engineers SET role = $2 WHERE id = $1";
    SET_ACTIVE = "UPDATE engineers SET is_active = $2 WHERE id = $1";
    SET_LANGUAGE = "UPDATE engineers SET language = $2 WHERE id = $1";
    END_SESSIONS = "DELETE FROM sessions WHERE engineer_id = $1";
    END_LINKS = "DELETE FROM login_links WHERE engineer_id = $1";
    INSERT_LINK = "INSERT INTO login_links (token_hash, engineer_id, expires_at) VALUES ($1, $2, $3)";
    TAKE_LINK = "UPDATE login_links SET used_at = $2 WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2 RETURNING engineer_id";
    INSERT_SESSION = "INSERT INTO sessions (token_hash, engineer_id, csrf, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)";
    FIND_SESSION = concat!("SELECT ", columns!(), ", s.csrf, s.expires_at FROM sessions s JOIN engineers e ON e.id = s.engineer_id
        WHERE s.token_hash = $1 AND s.expires_at > $2 AND e.is_active");
    EXTEND_SESSION = "UPDATE sessions SET expires_at = $2 WHERE token_hash = $1";
    DELETE_SESSION = "DELETE FROM sessions WHERE token_hash = $1";
    EXPIRE_SESSIONS = "DELETE FROM sessions WHERE expires_at <= $1";
    EXPIRE_LINKS = "DELETE FROM login_links WHERE expires_at <= $1";
}

/// Logins are one in upper and lower case. Err(Conflict) when the login exists.
pub async fn insert(tx: &mut Tx, login: &str, name: &str, address: Option<&str>, role: Role, now: Millis) -> Result<EngineerId> {
    let address = address.map(fit_address);
    let row = fetch_optional!((EngineerId,), tx, INSERT, login.trim().to_lowercase(), name, address.as_deref(), role, now)?;
    row.map(|(id,)| id).ok_or(Error::Conflict("the login"))
}
pub async fn find_by_login(tx: &mut Tx, login: &str) -> Result<Option<EngineerRow>> {
    fetch_optional!(EngineerRow, tx, FIND_BY_LOGIN, login.trim().replace('\0', "").to_lowercase())
}
pub async fn list(tx: &mut Tx) -> Result<Vec<EngineerRow>> {
    fetch_all!(EngineerRow, tx, LIST)
}
/// Also ends the sessions and links of the engineer.
pub async fn set_password(tx: &mut Tx, id: EngineerId, password_hash: Option<&str>) -> Result<()> {
    exists(execute!(tx, SET_PASSWORD, id, password_hash)?, "the engineer")?;
    lock_out(tx, id).await
}
pub async fn set_role(tx: &mut Tx, id: EngineerId, role: Role) -> Result<()> {
    exists(execute!(tx, SET_ROLE, id, role)?, "the engineer")
}
/// Deactivating also ends the sessions and links of the engineer.
pub async fn set_active(tx: &mut Tx, id: EngineerId, is_active: bool) -> Result<()> {
    exists(execute!(tx, SET_ACTIVE, id, is_active)?, "the engineer")?;
    if is_active { Ok(()) } else { lock_out(tx, id).await }
}
async fn lock_out(tx: &mut Tx, id: EngineerId) -> Result<()> {
    execute!(tx, END_SESSIONS, id)?;
    execute!(tx, END_LINKS, id).map(|_| ())
}
pub async fn set_language(tx: &mut Tx, id: EngineerId, language: Language) -> Result<()> {
    exists(execute!(tx, SET_LANGUAGE, id, language)?, "the engineer")
}
pub async fn insert_link(tx: &mut Tx, engineer: EngineerId, token_hash: &str, expires_at: Millis) -> Result<()> {
    execute!(tx, INSERT_LINK, token_hash, engineer, expires_at).map(|_| ())
}
/// Uses a link up; None: unknown, used or expired, or the engineer is inactive. Writes: needs a writing transaction and a commit.
pub async fn take_link(tx: &mut Tx, token_hash: &str, now: Millis) -> Result<Option<EngineerRow>> {
    let Some((id,)) = fetch_optional!((EngineerId,), tx, TAKE_LINK, token_hash, now)? else { return Ok(None) };
    Ok(fetch_optional!(EngineerRow, tx, FIND, id)?.filter(|engineer| engineer.is_active))
}
pub async fn insert_session(
    tx: &mut Tx,
    engineer: EngineerId,
    token_hash: &str,
    csrf: &str,
    now: Millis,
    expires_at: Millis,
) -> Result<()> {
    execute!(tx, INSERT_SESSION, token_hash, engineer, csrf, now, expires_at).map(|_| ())
}
/// None when unknown, expired or the engineer is inactive.
pub async fn find_session(tx: &mut Tx, token_hash: &str, now: Millis) -> Result<Option<SessionRow>> {
    fetch_optional!(SessionRow, tx, FIND_SESSION, token_hash, now)
}
pub async fn extend_session(tx: &mut Tx, token_hash: &str, expires_at: Millis) -> Result<()> {
    exists(execute!(tx, EXTEND_SESSION, token_hash, expires_at)?, "the session")
}
/// No error when it is gone already.
pub async fn delete_session(tx: &mut Tx, token_hash: &str) -> Result<()> {
    execute!(tx, DELETE_SESSION, token_hash).map(|_| ())
}
/// Expired sessions and links. Returns how many.
pub async fn expire(tx: &mut Tx, now: Millis) -> Result<u64> {
    Ok(execute!(tx, EXPIRE_SESSIONS, now)? + execute!(tx, EXPIRE_LINKS, now)?)
}
