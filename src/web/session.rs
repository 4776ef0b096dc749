//! Who is reading: language for everyone, the session for engineers, and forms that prove they came from our own page.
//!
//! The cookie carries 256 random bits (`__Host-sid` when the desk is served over https, else `sid`); the database keeps
//! their SHA-256. A session slides: when less than half of its time is left it is extended and the cookie set again.
//! `guard` loads the `Reader` once a request; handlers take `Reader`, `Signed` or `Posted`.

use super::{Error, Pages, Shared};
use crate::app::App;
use crate::case::{Language, Millis, Role};
use crate::db;
use crate::db::engineer::{EngineerRow, SessionRow};
use crate::survey;
pub use crate::survey::token_hash;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, header};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::Arc;

/// A secret of 256 bits: 43 characters of the URL-safe base64 alphabet. Errors: the system has no randomness.
pub fn new_token() -> anyhow::Result<String> {
    let mut random = [0u8; 32];
    getrandom::fill(&mut random).map_err(|error| anyhow::anyhow!("no randomness: {error}"))?;
    Ok(survey::token(&random))
}

/// Whoever asks for a page.
#[derive(Debug, Clone)]
pub(super) struct Reader {
    pub language: Language,
    /// Path and query of this request.
    pub path: String,
    /// Where the language button leads: this page, or for the answer to a form the page it was on.
    pub back: String,
    pub session: Option<Arc<SessionRow>>,
}

/// A reader with a session. As an argument of a page: no page without login.
#[derive(Debug, Clone)]
pub(super) struct Signed {
    pub reader: Reader,
    pub session: Arc<SessionRow>,
}

impl Signed {
    pub fn engineer(&self) -> &EngineerRow {
        &self.session.engineer
    }
    pub fn login(&self) -> &str {
        &self.session.engineer.login
    }
    pub fn require(&self, role: Role) -> Result<(), Error> {
        if self.session.engineer.role >= role { Ok(()) } else { Err(Error::Forbidden) }
    }
}

/// Fields of a form; the last of a name counts.
#[derive(Debug, Clone, Default)]
pub(super) struct Fields(HashMap<String, String>);

impl Fields {
    /// Trimmed; a missing field is empty.
    pub fn line(&self, name: &str) -> &str {
        self.0.get(name).map_or("", |value| value.trim())
    }
    /// Text of several lines with LF line ends (browsers send CRLF), otherwise as typed.
    pub fn text(&self, name: &str) -> String {
        self.0.get(name).map_or(String::new(), |value| value.replace("\r\n", "\n").replace('\r', "\n"))
    }
    /// None when missing or blank.
    pub fn given(&self, name: &str) -> Option<&str> {
        Some(self.line(name)).filter(|value| !value.is_empty())
    }
    pub fn number(&self, name: &str) -> Option<i64> {
        self.line(name).parse().ok()
    }
}

impl FromRequest<Shared> for Fields {
    type Rejection = Error;
    async fn from_request(request: Request, pages: &Shared) -> Result<Fields, Error> {
        match axum::Form::<HashMap<String, String>>::from_request(request, pages).await {
            Ok(axum::Form(fields)) => Ok(Fields(fields)),
            Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => Err(Error::TooLarge),
            Err(_) => Err(Error::Refused("form".into())),
        }
    }
}

/// A form sent by a logged-in engineer from one of our own pages (its token was right).
pub(super) struct Posted {
    pub signed: Signed,
    pub fields: Fields,
}

impl FromRequest<Shared> for Posted {
    type Rejection = Error;
    async fn from_request(request: Request, pages: &Shared) -> Result<Posted, Error> {
        let (mut parts, body) = request.into_parts();
        let signed = Signed::from_request_parts(&mut parts, pages).await?;
        let fields = Fields::from_request(Request::from_parts(parts, body), pages).await?;
        if !same(fields.line("csrf"), &signed.session.csrf) {
            return Err(Error::Forged);
        }
        Ok(Posted { signed, fields })
    }
}

/// Compares without telling by its time where they differ.
fn same(a: &str, b: &str) -> bool {
    !b.is_empty() && Sha256::digest(a.as_bytes()) == Sha256::digest(b.as_bytes())
}

impl FromRequestParts<Shared> for Reader {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, _: &Shared) -> Result<Reader, Error> {
        parts.extensions.get::<Reader>().cloned().ok_or_else(|| Error::Internal(anyhow::anyhow!("request without reader")))
    }
}

impl FromRequestParts<Shared> for Signed {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, pages: &Shared) -> Result<Signed, Error> {
        let reader = Reader::from_request_parts(parts, pages).await?;
        match &reader.session {
            Some(session) => Ok(Signed { session: Arc::clone(session), reader }),
            None if parts.method == Method::GET || parts.method == Method::HEAD => Err(Error::LoginNeeded(Some(reader.path))),
            // A form: the page tells that what was typed is one step back in the browser.
            None => Err(Error::LoginNeeded(None)),
        }
    }
}

/// The session of the request's cookie. The second value: a cookie to set, when the session was extended.
pub(super) async fn load(pages: &Pages, headers: &HeaderMap) -> Result<(Option<SessionRow>, Option<String>), Error> {
    let Some(token) = cookie(headers, cookie_name(&pages.app)) else { return Ok((None, None)) };
    let (hash, now) = (token_hash(&token), pages.app.now());
    let mut tx = pages.app.db.read().await?;
    let found = db::engineer::find_session(&mut tx, &hash, now).await?;
    drop(tx);
    let length = pages.app.settings.session_ms;
    let Some(session) = found else { return Ok((None, None)) };
    if session.expires_at - now >= length / 2 {
        return Ok((Some(session), None));
    }
    let mut tx = pages.app.db.begin().await?;
    db::engineer::extend_session(&mut tx, &hash, now + length).await?;
    tx.commit().await?;
    Ok((Some(session), Some(set_cookie(&pages.app, &token, length))))
}

/// Starts a session; returns the cookie to set.
pub(super) async fn start(app: &App, engineer: &EngineerRow) -> Result<String, Error> {
    let (token, csrf) = (new_token()?, new_token()?);
    let now = app.now();
    let mut tx = app.db.begin().await?;
    db::engineer::insert_session(&mut tx, engineer.id, &token_hash(&token), &csrf, now, now + app.settings.session_ms).await?;
    tx.commit().await?;
    Ok(set_cookie(app, &token, app.settings.session_ms))
}

/// Ends the session of the request's cookie; returns the cookie that removes it.
pub(super) async fn end(app: &App, headers: &HeaderMap) -> Result<String, Error> {
    if let Some(token) = cookie(headers, cookie_name(app)) {
        let mut tx = app.db.begin().await?;
        db::engineer::delete_session(&mut tx, &token_hash(&token)).await?;
        tx.commit().await?;
    }
    Ok(set_cookie(app, "", 0))
}

fn is_https(app: &App) -> bool {
    app.settings.base_url.starts_with("https://")
}

fn cookie_name(app: &App) -> &'static str {
    if is_https(app) { "__Host-sid" } else { "sid" }
}

fn set_cookie(app: &App, value: &str, length: Millis) -> String {
    format!("{}={value}; Path=/; Max-Age={}; HttpOnly; SameSite=Lax{}", cookie_name(app), length / 1000, secure(app))
}

/// The attribute for cookies of a desk served over https.
pub(super) fn secure(app: &App) -> &'static str {
    if is_https(app) { "; Secure" } else { "" }
}

/// Value of a cookie (RFC 6265 §4.2.1).
pub(super) fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = all.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value.to_string()).filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies() {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, "a=1; sid=xyz ;b=2".parse().unwrap());
        assert_eq!(cookie(&headers, "sid").as_deref(), Some("xyz"));
        assert_eq!(cookie(&headers, "id"), None);
    }

    #[test]
    fn tokens() {
        assert_eq!(new_token().unwrap().len(), 43);
        assert_ne!(new_token().unwrap(), new_token().unwrap());
    }

    #[test]
    fn an_empty_form_token_is_never_right() {
        assert!(!same("", "") && !same("a", "b") && same("a", "a"));
    }

    #[test]
    fn fields_normalise_line_ends() {
        let fields = Fields(HashMap::from([("body".into(), "一\r\n二\r".into())]));
        assert_eq!(fields.text("body"), "一\n二\n");
        assert_eq!((fields.line("none"), fields.given("none")), ("", None));
    }
}
