//! Engineers, their sessions and one-time login links. Only hashes of secrets are stored.

use super::{Result, Tx};
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
#[derive(Debug, Clone, PartialEq)]
pub struct SessionRow {
    pub engineer: EngineerRow,
    pub csrf: String,
    pub expires_at: Millis,
}
pub async fn insert(_tx: &mut Tx, _login: &str, _name: &str, _address: Option<&str>, _role: Role, _now: Millis) -> Result<EngineerId> {
    todo!()
}
pub async fn find_by_login(_tx: &mut Tx, _login: &str) -> Result<Option<EngineerRow>> {
    todo!()
}
pub async fn list(_tx: &mut Tx) -> Result<Vec<EngineerRow>> {
    todo!()
}
/// Also ends the sessions of the engineer when deactivated or given a new password.
pub async fn set_password(_tx: &mut Tx, _id: EngineerId, _password_hash: Option<&str>) -> Result<()> {
    todo!()
}
pub async fn set_role(_tx: &mut Tx, _id: EngineerId, _role: Role) -> Result<()> {
    todo!()
}
pub async fn set_active(_tx: &mut Tx, _id: EngineerId, _is_active: bool) -> Result<()> {
    todo!()
}
pub async fn set_language(_tx: &mut Tx, _id: EngineerId, _language: Language) -> Result<()> {
    todo!()
}
pub async fn insert_link(_tx: &mut Tx, _engineer: EngineerId, _token_hash: &str, _expires_at: Millis) -> Result<()> {
    todo!()
}
/// Uses a link up; None: unknown, used or expired.
pub async fn take_link(_tx: &mut Tx, _token_hash: &str, _now: Millis) -> Result<Option<EngineerRow>> {
    todo!()
}
pub async fn insert_session(
    _tx: &mut Tx,
    _engineer: EngineerId,
    _token_hash: &str,
    _csrf: &str,
    _now: Millis,
    _expires_at: Millis,
) -> Result<()> {
    todo!()
}
/// None when unknown, expired or the engineer is inactive.
pub async fn find_session(_tx: &mut Tx, _token_hash: &str, _now: Millis) -> Result<Option<SessionRow>> {
    todo!()
}
pub async fn extend_session(_tx: &mut Tx, _token_hash: &str, _expires_at: Millis) -> Result<()> {
    todo!()
}
pub async fn delete_session(_tx: &mut Tx, _token_hash: &str) -> Result<()> {
    todo!()
}
/// Expired sessions and links. Returns how many.
pub async fn expire(_tx: &mut Tx, _now: Millis) -> Result<u64> {
    todo!()
}
