//! Section `[database]`: the url with its path made absolute to the file, and its password from elsewhere.

use super::read::Reader;
use super::server::secret;
use std::path::Path;

/// The url to open. A relative SQLite path begins at the configuration file; a password comes from `password_file` or
/// `password_env`, or stands in the url when that comes from the environment.
pub fn url(root: &Reader<'_>, directory: &Path) -> String {
    let section = root.section("database");
    let url = section.text("url", "sqlite:casemate.sqlite");
    let is_postgres = url.starts_with("postgres://") || url.starts_with("postgresql://");
    let password = secret(&section, is_postgres);
    if is_postgres {
        if has_password(&url) && !section.is_variable("url") {
            section.problem("url", "a password does not belong in this file; use password_file or password_env, or give the whole url as CASEMATE_DATABASE_URL");
        }
        return password.map_or(url.clone(), |password| with_password(&url, password.expose()));
    }
    let Some(path) = url.strip_prefix("sqlite:") else {
        // Not repeated in the message: a mistyped PostgreSQL url may carry a password.
        section.problem("url", "expected sqlite:PATH or postgres://USER@HOST/DATABASE");
        return url;
    };
    let path = path.strip_prefix("//").unwrap_or(path);
    if path.is_empty() || path.starts_with(':') {
        section.problem("url", "expected a file after sqlite:, like sqlite:casemate.sqlite");
    }
    format!("sqlite:{}", directory.join(path).display())
}

/// What stands between `://` and the host, without the `@` (RFC 3986 §3.2.1).
fn user_info(url: &str) -> Option<&str> {
    let authority = url.split_once("://")?.1.split(['/', '?']).next()?;
    authority.rsplit_once('@').map(|(user, _)| user)
}

fn has_password(url: &str) -> bool {
    user_info(url).is_some_and(|user| user.contains(':')) || url.contains("password=")
}

/// The url with this password, percent-encoded, in place of one that is there.
fn with_password(url: &str, password: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let user = user_info(url).unwrap_or_default();
    let host = rest.strip_prefix(user).and_then(|rest| rest.strip_prefix('@')).unwrap_or(rest);
    let name = user.split(':').next().unwrap_or_default();
    let encoded: String =
        password.bytes().map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") }).collect();
    format!("{scheme}://{name}:{encoded}@{host}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_put_into_urls() {
        for (url, expected) in [
            ("postgres://desk@db.example/desk", "postgres://desk:p%40s%2F@db.example/desk"),
            ("postgres://desk:old@db.example:5433/desk?sslmode=require", "postgres://desk:p%40s%2F@db.example:5433/desk?sslmode=require"),
            ("postgres://db.example/desk", "postgres://:p%40s%2F@db.example/desk"),
        ] {
            assert_eq!(with_password(url, "p@s/"), expected);
        }
    }

    #[test]
    fn passwords_in_urls_are_seen() {
        assert!(has_password("postgres://desk:x@db.example/desk"));
        assert!(has_password("postgres://db.example/desk?password=x"));
        assert!(!has_password("postgres://desk@db.example:5432/desk?options=a:b"));
    }
}
