//! The one error of the pages. It names what the reader can act on and never shows internals: what went wrong inside is
//! logged here, once, and the page says so in the reader's language (rendered by `guard`, which knows the language).

use crate::{db, review};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

#[derive(Debug)]
pub enum Error {
    NotFound,
    /// The engineer's role does not allow it.
    Forbidden,
    /// Another site's form, or a form without its token.
    Forged,
    /// No session. With a path: go to the login page and come back.
    LoginNeeded(Option<String>),
    /// Not possible in this state, or the input is wrong; the text is for people.
    Refused(String),
    /// Somebody else was first.
    Conflict(String),
    /// Too many attempts.
    Wait,
    TooLarge,
    Internal(anyhow::Error),
}

/// What `guard` needs to show the page; travels with the response.
#[derive(Debug, Clone)]
pub(super) struct Shown {
    pub status: StatusCode,
    /// Key below `error.` in the texts.
    pub key: &'static str,
    pub detail: Option<String>,
}

impl Error {
    pub(super) fn shown(self) -> Shown {
        let (status, key, detail) = match self {
            Error::NotFound => (StatusCode::NOT_FOUND, "not_found", None),
            Error::Forbidden => (StatusCode::FORBIDDEN, "forbidden", None),
            Error::Forged => (StatusCode::FORBIDDEN, "forged", None),
            Error::LoginNeeded(_) => (StatusCode::UNAUTHORIZED, "login_needed", None),
            Error::Refused(text) => (StatusCode::UNPROCESSABLE_ENTITY, "refused", Some(text)),
            Error::Conflict(text) => (StatusCode::CONFLICT, "conflict", Some(text)),
            Error::Wait => (StatusCode::TOO_MANY_REQUESTS, "wait", None),
            Error::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "too_large", None),
            Error::Internal(error) => {
                tracing::error!(error = format!("{error:#}"), "page failed");
                (StatusCode::INTERNAL_SERVER_ERROR, "internal", None)
            }
        };
        Shown { status, key, detail }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        if let Error::LoginNeeded(Some(path)) = &self {
            return see_other(&format!("/login?next={}", encode(path)));
        }
        let shown = self.shown();
        let mut response = shown.status.into_response();
        response.extensions_mut().insert(shown);
        response
    }
}

/// 303: the answer to every form that changed something.
pub(super) fn see_other(path: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    let location = HeaderValue::from_str(path).unwrap_or(HeaderValue::from_static("/"));
    response.headers_mut().insert(header::LOCATION, location);
    response
}

/// Percent-encoding of a query value or path segment (RFC 3986 §2.3: all but unreserved).
pub(super) fn encode(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut out, byte| {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
        out
    })
}

impl From<anyhow::Error> for Error {
    fn from(error: anyhow::Error) -> Error {
        Error::Internal(error)
    }
}

impl From<db::Error> for Error {
    fn from(error: db::Error) -> Error {
        match error {
            db::Error::Conflict(what) => Error::Conflict(what.to_string()),
            db::Error::NotFound(_) => Error::NotFound,
            error => Error::Internal(error.into()),
        }
    }
}

impl From<review::Error> for Error {
    fn from(error: review::Error) -> Error {
        match error {
            review::Error::Conflict(text) => Error::Conflict(text),
            review::Error::Refused(text) => Error::Refused(text),
            // Not the page: a case or person that was named in a form.
            missing @ review::Error::NotFound("case" | "the case to merge into" | "engineer") => Error::Refused(missing.to_string()),
            review::Error::NotFound(_) => Error::NotFound,
            review::Error::Db(error) => error.into(),
            blocked @ review::Error::Blocked(_) => Error::Refused(blocked.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodes() {
        assert_eq!(encode("/case/CAS-1?a=b&c=补丁"), "%2Fcase%2FCAS-1%3Fa%3Db%26c%3D%E8%A1%A5%E4%B8%81");
    }

    #[test]
    fn internals_are_not_shown() {
        let shown = Error::from(anyhow::anyhow!("secret path /var/lib")).shown();
        assert_eq!((shown.key, shown.detail), ("internal", None));
    }

    #[test]
    fn a_location_with_a_line_break_goes_home() {
        let response = see_other("/x\r\nSet-Cookie: a=b");
        assert_eq!(response.headers()[header::LOCATION], "/");
    }
}
