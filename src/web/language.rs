//! Language of pages: what the reader chose (cookie, kept with the engineer), else what the browser asks for, else Chinese.

use super::error::see_other;
use super::session::{self, Fields, Reader, cookie};
use super::{Answer, Error, Shared};
use crate::case::Language;
use crate::db;
use crate::db::engineer::SessionRow;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, header};

const COOKIE: &str = "lang";

/// Choice in the cookie, else of the engineer, else of the browser, else Chinese.
pub(super) fn choose_for(headers: &HeaderMap, session: Option<&SessionRow>) -> Language {
    chosen(headers).or(session.and_then(|session| session.engineer.language)).unwrap_or_else(|| of_request(headers))
}

pub(super) fn chosen(headers: &HeaderMap) -> Option<Language> {
    cookie(headers, COOKIE)?.parse().ok()
}

pub(super) fn of_request(headers: &HeaderMap) -> Language {
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    chosen(headers).or_else(|| accepted.and_then(accepts)).unwrap_or(Language::Zh)
}

/// The best of our languages in an Accept-Language value (RFC 9110 §12.5.4); None: neither is named.
fn accepts(value: &str) -> Option<Language> {
    let mut best: Option<(Language, f32)> = None;
    for item in value.split(',').take(20) {
        let mut parts = item.trim().split(';');
        let tag = parts.next().unwrap_or("").trim().to_ascii_lowercase();
        let language = match tag.split('-').next() {
            Some("zh") => Language::Zh,
            Some("en") => Language::En,
            _ => continue,
        };
        let weight = parts.find_map(|part| part.trim().strip_prefix("q=")?.parse().ok()).unwrap_or(1.0);
        if weight > 0.0 && best.is_none_or(|(_, known)| weight > known) {
            best = Some((language, weight));
        }
    }
    best.map(|(language, _)| language)
}

pub(super) async fn choose(State(pages): State<Shared>, reader: Reader, fields: Fields) -> Answer {
    let language: Language = fields.line("language").parse().map_err(|_| Error::NotFound)?;
    if let Some(session) = &reader.session {
        let mut tx = pages.app.db.begin().await?;
        db::engineer::set_language(&mut tx, session.engineer.id, language).await?;
        tx.commit().await?;
    }
    let mut response = see_other(local_path(fields.line("next")));
    let line = format!("{COOKIE}={language}; Path=/; Max-Age=31536000; SameSite=Lax{}", session::secure(&pages.app));
    if let Ok(value) = HeaderValue::from_str(&line) {
        response.headers_mut().insert(header::SET_COOKIE, value);
    }
    Ok(response)
}

/// Path to come back to: of this page, or of the page whose form this request is (its Referer, on this site).
pub(super) fn back(method: &Method, path: &str, headers: &HeaderMap) -> String {
    if method == Method::GET {
        return path.to_string();
    }
    let referer = headers.get(header::REFERER).and_then(|value| value.to_str().ok()).and_then(|url| url.split_once("://"));
    let path = referer.and_then(|(_, rest)| rest.find('/').map(|at| &rest[at..]));
    local_path(path.unwrap_or("/")).to_string()
}

/// The path when it stays on this site, else home. Browsers read `//host` and `/\host` as another host.
pub(super) fn local_path(path: &str) -> &str {
    let is_local = path.starts_with('/') && !path[1..].starts_with(['/', '\\']) && !path.contains(|c: char| c.is_control());
    if is_local { path } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accept_language() {
        for (value, expected) in [
            ("zh-CN,zh;q=0.9,en;q=0.8", Some(Language::Zh)),
            ("en-US,en;q=0.5", Some(Language::En)),
            ("en;q=0.3, zh;q=0.7", Some(Language::Zh)),
            ("de, fr;q=0.5", None),
            ("de, en;q=0.1", Some(Language::En)),
            ("zh;q=0", None),
            ("", None),
        ] {
            assert_eq!(accepts(value), expected, "{value}");
        }
    }

    #[test]
    fn the_way_back() {
        let mut headers = HeaderMap::new();
        assert_eq!(back(&Method::GET, "/case/X?a=1", &headers), "/case/X?a=1");
        assert_eq!(back(&Method::POST, "/draft/1/save", &headers), "/");
        headers.insert(header::REFERER, "http://desk.test/case/X".parse().unwrap());
        assert_eq!(back(&Method::POST, "/draft/1/save", &headers), "/case/X");
        headers.insert(header::REFERER, "http://desk.test".parse().unwrap());
        assert_eq!(back(&Method::POST, "/draft/1/save", &headers), "/");
    }

    #[test]
    fn paths_stay_here() {
        for (path, expected) in [
            ("/case/CAS-1?x=1", "/case/CAS-1?x=1"),
            ("//evil.example", "/"),
            ("/\\evil.example", "/"),
            ("https://evil.example", "/"),
            ("", "/"),
        ] {
            assert_eq!(local_path(path), expected, "{path}");
        }
    }
}
