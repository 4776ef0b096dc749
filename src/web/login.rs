//! Login by password or one-time link, and logout.
//!
//! A one-time link is used up by the button on its page, never by opening it: mail scanners open every link. An unknown
//! login takes as long as a wrong password. Tries are counted per login, in memory and bounded.

use super::error::see_other;
use super::language::local_path;
use super::session::{self, Fields, Posted, Reader};
use super::{Answer, Error, Pages, Shared, page};
use crate::case::Millis;
use crate::db;
use crate::db::engineer::EngineerRow;
use anyhow::Context as _;
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use serde_json::json;
use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};
use tokio::sync::Semaphore;

/// Wrong tries of one login within [`WINDOW`] before it has to wait.
const TRIES: u32 = 8;
const WINDOW: Millis = 10 * 60 * 1000;
/// Logins remembered; more at once is an attack, and the oldest are forgotten.
const LOGINS: usize = 4096;
/// Argon2 works on 19 MB: two at a time.
const AT_ONCE: usize = 2;
const PASSWORD_BYTES: usize = 1024;

pub(super) struct Limits {
    slots: Semaphore,
    tries: Mutex<HashMap<String, (u32, Millis)>>,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { slots: Semaphore::new(AT_ONCE), tries: Mutex::new(HashMap::new()) }
    }
}

impl Limits {
    /// Counts a try; false: too many.
    fn may_try(&self, login: &str, now: Millis) -> bool {
        let mut tries = self.tries.lock().unwrap_or_else(PoisonError::into_inner);
        if tries.len() >= LOGINS && !tries.contains_key(login) {
            tries.retain(|_, (_, since)| now - *since < WINDOW);
            if tries.len() >= LOGINS
                && let Some(oldest) = tries.iter().min_by_key(|(_, (_, since))| *since).map(|(login, _)| login.clone())
            {
                tries.remove(&oldest);
            }
        }
        let entry = tries.entry(login.to_string()).or_insert((0, now));
        if now - entry.1 >= WINDOW {
            *entry = (0, now);
        }
        entry.0 += 1;
        entry.0 <= TRIES
    }

    fn forgive(&self, login: &str) {
        self.tries.lock().unwrap_or_else(PoisonError::into_inner).remove(login);
    }
}

/// Verified when the login is unknown, so that it takes the same time.
static NOBODY: LazyLock<String> = LazyLock::new(|| {
    let token = session::new_token().unwrap_or_default();
    Argon2::default().hash_password(token.as_bytes()).map(|hash| hash.to_string()).unwrap_or_default()
});

/// Computes what the first unknown login would otherwise wait for.
pub(super) fn warm_up() {
    tokio::task::spawn_blocking(|| LazyLock::force(&NOBODY));
}

pub(super) async fn show(State(pages): State<Shared>, reader: Reader) -> Answer {
    let next = query_value(&reader.path, "next");
    if reader.session.is_some() {
        return Ok(see_other(local_path(&next)));
    }
    form(&pages, &reader, &next, "", None)
}

fn form(pages: &Pages, reader: &Reader, next: &str, login: &str, wrong: Option<&str>) -> Answer {
    page::render(pages, reader, "login", "login.title", json!({ "next": local_path(next), "login": login, "wrong": wrong }))
}

/// Percent-decoded value of a query parameter; empty when missing.
pub(super) fn query_value(path: &str, name: &str) -> String {
    let uri: axum::http::Uri = path.parse().unwrap_or_default();
    let query = axum::extract::Query::<HashMap<String, String>>::try_from_uri(&uri);
    query.ok().and_then(|axum::extract::Query(mut all)| all.remove(name)).unwrap_or_default()
}

pub(super) async fn enter(State(pages): State<Shared>, reader: Reader, fields: Fields) -> Answer {
    let login: String = fields.line("login").to_lowercase().chars().take(100).collect();
    let password = fields.text("password");
    let next = fields.line("next");
    let answer = |status: StatusCode, wrong: &str| {
        form(&pages, &reader, next, &login, Some(wrong)).map(|mut page| {
            *page.status_mut() = status;
            page
        })
    };
    if !pages.login.may_try(&login, pages.app.now()) {
        return answer(StatusCode::TOO_MANY_REQUESTS, "wait");
    }
    let mut tx = pages.app.db.read().await?;
    let found = db::engineer::find_by_login(&mut tx, &login).await?;
    drop(tx);
    match verify(&pages, found, password).await? {
        Some(engineer) => {
            pages.login.forgive(&login);
            tracing::info!(engineer.login = engineer.login, "login");
            welcome(&pages, &engineer, next).await
        }
        None => answer(StatusCode::UNAUTHORIZED, "wrong"),
    }
}

/// The engineer when the password is right. Takes the same time whatever is wrong.
async fn verify(pages: &Pages, found: Option<EngineerRow>, password: String) -> Result<Option<EngineerRow>, Error> {
    let _slot = pages.login.slots.acquire().await.context("login is closed")?;
    let checked = tokio::task::spawn_blocking(move || {
        let usable = found.filter(|engineer| engineer.is_active && password.len() <= PASSWORD_BYTES);
        let known = usable.as_ref().and_then(|engineer| engineer.password_hash.as_deref());
        let hash = PasswordHash::new(known.unwrap_or(&NOBODY)).ok()?;
        let bytes = &password.as_bytes()[..password.len().min(PASSWORD_BYTES)];
        let is_right = Argon2::default().verify_password(bytes, &hash).is_ok();
        usable.filter(|engineer| is_right && engineer.password_hash.is_some())
    });
    Ok(checked.await.context("password check")?)
}

async fn welcome(pages: &Pages, engineer: &EngineerRow, next: &str) -> Answer {
    let cookie = session::start(&pages.app, engineer).await?;
    Ok(with_cookie(see_other(local_path(next)), &cookie))
}

fn with_cookie(mut response: Response, cookie: &str) -> Response {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

/// Tells nothing about the link: only the button looks at it.
pub(super) async fn show_link(State(pages): State<Shared>, reader: Reader, Path(_token): Path<String>) -> Answer {
    page::render(&pages, &reader, "link", "login.link_title", json!({}))
}

pub(super) async fn use_link(State(pages): State<Shared>, reader: Reader, Path(token): Path<String>) -> Answer {
    let mut tx = pages.app.db.begin().await?;
    let engineer = db::engineer::take_link(&mut tx, &session::token_hash(&token), pages.app.now()).await?;
    tx.commit().await?;
    match engineer.filter(|engineer| engineer.is_active) {
        Some(engineer) => {
            tracing::info!(engineer.login = engineer.login, "login by one-time link");
            welcome(&pages, &engineer, "/").await
        }
        None => {
            let mut page = form(&pages, &reader, "/", "", Some("link"))?;
            *page.status_mut() = StatusCode::GONE;
            Ok(page)
        }
    }
}

pub(super) async fn leave(State(pages): State<Shared>, headers: HeaderMap, _posted: Posted) -> Answer {
    let cookie = session::end(&pages.app, &headers).await?;
    Ok(with_cookie(see_other("/login"), &cookie))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tries_are_limited_and_forgotten() {
        let limits = Limits::default();
        assert!((0..TRIES).all(|_| limits.may_try("li", 0)));
        assert!(!limits.may_try("li", WINDOW - 1), "one too many");
        assert!(limits.may_try("wang", 0), "another login");
        assert!(limits.may_try("li", WINDOW), "after the window");
    }

    #[test]
    fn memory_is_bounded() {
        let limits = Limits::default();
        for n in 0..LOGINS + 100 {
            limits.may_try(&format!("login{n}"), n as Millis);
        }
        assert!(limits.tries.lock().unwrap().len() <= LOGINS);
    }

    #[test]
    fn query_values() {
        assert_eq!(query_value("/login?next=%2Fcase%2FCAS-1", "next"), "/case/CAS-1");
        assert_eq!(query_value("/login", "next"), "");
    }
}
