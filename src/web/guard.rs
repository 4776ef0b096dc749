//! What stands around every request: forged forms are refused, panics and errors become pages in the reader's language,
//! every response carries the security headers, the session is loaded once.
//!
//! A form of another site is told by `Sec-Fetch-Site`; browsers send it only to https and loopback, so without it `Origin`
//! must be our own host. Referrer-Policy is `same-origin`, not `no-referrer`: with the latter browsers send `Origin: null`
//! with our own forms (Fetch, "append a request Origin header"), and a desk on plain http inside a company could not log in.

use super::error::Shown;
use super::session::{self, Reader};
use super::{Error, Pages, Shared, language, page, refusal};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use serde_json::json;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

const HEADERS: &[(HeaderName, &str)] = &[
    (header::CONTENT_SECURITY_POLICY, "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (header::X_FRAME_OPTIONS, "DENY"),
];

pub(super) async fn around(State(pages): State<Shared>, mut request: Request, next: Next) -> Response {
    let headers = request.headers().clone();
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str()).to_string();
    let back = language::back(request.method(), &path, &headers);
    let mut reader = Reader { language: language::of_request(&headers), path, back, session: None };
    let mut renewed = None;
    let mut refused = None;
    if is_forged(&pages, request.method(), &headers) {
        refused = Some(Error::Forged);
    } else if !is_open(request.uri().path()) {
        match session::load(&pages, &headers).await {
            Ok((found, cookie)) => (reader.session, renewed) = (found.map(Arc::new), cookie),
            Err(error) => refused = Some(error),
        }
    }
    reader.language = language::choose_for(&headers, reader.session.as_deref());
    request.extensions_mut().insert(reader.clone());
    let mut response = match refused {
        Some(error) => error.into_response(),
        None => caught(next.run(request)).await,
    };
    if let Some(shown) = response.extensions_mut().remove::<Shown>() {
        response = error_page(&pages, &reader, &shown);
    }
    add_headers(&mut response, renewed);
    response
}

/// A panic costs one page, not the connection. Its message went to the log through the panic hook.
async fn caught(page: impl Future<Output = Response>) -> Response {
    let run = AssertUnwindSafe(page).catch_unwind().await;
    run.unwrap_or_else(|_| Error::Internal(anyhow::anyhow!("panic in a page")).into_response())
}

/// Paths that never look at a session: for machines, customers, and browsers fetching the stylesheet.
fn is_open(path: &str) -> bool {
    path == "/healthz" || path == "/metrics" || path.starts_with("/static/") || path.starts_with("/survey/")
}

fn is_forged(pages: &Pages, method: &Method, headers: &HeaderMap) -> bool {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return false;
    }
    let value = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = value(HeaderName::from_static("sec-fetch-site")) {
        return !matches!(site, "same-origin" | "none");
    }
    let Some(origin) = value(header::ORIGIN) else { return true };
    let own_host = value(header::HOST).is_some_and(|host| origin.split_once("://").is_some_and(|(_, rest)| rest == host));
    !(own_host || origin == origin_of(&pages.app.settings.base_url))
}

/// `https://desk.example:8443` of a base URL with or without a path.
fn origin_of(url: &str) -> &str {
    let start = url.find("://").map_or(0, |at| at + 3);
    url[start..].find('/').map_or(url, |at| &url[..start + at])
}

fn error_page(pages: &Pages, reader: &Reader, shown: &Shown) -> Response {
    let detail = shown.detail.as_deref().map(|detail| refusal::in_words(detail, reader.language));
    let content = json!({ "key": shown.key, "detail": detail, "status": shown.status.as_u16() });
    match page::render(pages, reader, "error", "error.title", content) {
        Ok(mut response) => {
            *response.status_mut() = shown.status;
            response
        }
        Err(error) => {
            tracing::error!(?error, "error page does not render");
            (shown.status, "error").into_response()
        }
    }
}

fn add_headers(response: &mut Response, renewed: Option<String>) {
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name.clone(), HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if let Some(cookie) = renewed.and_then(|cookie| HeaderValue::from_str(&cookie).ok())
        && !headers.contains_key(header::SET_COOKIE)
    {
        headers.insert(header::SET_COOKIE, cookie);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins() {
        for (url, origin) in [
            ("http://127.0.0.1:8470", "http://127.0.0.1:8470"),
            ("https://desk.example/cases", "https://desk.example"),
            ("https://desk.example", "https://desk.example"),
        ] {
            assert_eq!(origin_of(url), origin);
        }
    }

    #[tokio::test]
    async fn a_panic_is_an_error_page() {
        let response = caught(async { panic!("secret") }).await;
        assert_eq!(response.status(), 500);
        assert_eq!(response.extensions().get::<Shown>().map(|shown| shown.key), Some("internal"));
    }

    #[test]
    fn open_paths() {
        assert!(is_open("/healthz") && is_open("/survey/x") && !is_open("/") && !is_open("/case/x"));
    }
}
