//! Rendering: the templates of `templates/pages` in one strict, HTML-escaping registry, embedded in the binary.
//!
//! Every page gets a frame (`lang, title, engineer, csrf, back, done`) and its own content as `page`. `{{t "queue.title"}}` is
//! a text in the reader's language, `{{t "status" status}}` the text of a word of a closed set (an unknown word shows itself),
//! `{{t "queue.count" n=5}}` fills `{n}`. Everything is escaped; triple-stash is not used anywhere (tested).

use super::session::Reader;
use super::{Answer, Error, Pages, asset, text};
use crate::case::{Language, Role};
use anyhow::Context as _;
use axum::http::header;
use axum::response::IntoResponse;
use handlebars::{Context, Handlebars, Helper, Output, RenderContext, RenderError, RenderErrorReason, html_escape};
use serde_json::{Value, json};
use std::sync::LazyLock;

macro_rules! templates {
    ($($name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!("../../templates/pages/", $name, ".hbs")))),+]
    };
}
const TEMPLATES: &[(&str, &str)] = templates![
    "account",
    "badge",
    "case",
    "cases",
    "draft",
    "engineers",
    "error",
    "findings",
    "history",
    "layout",
    "link",
    "login",
    "me",
    "message",
    "quarantine",
    "queue",
    "report",
    "survey",
    "survey_done",
    "thread",
    "actions",
    "waiver",
];

static REGISTRY: LazyLock<Handlebars<'static>> = LazyLock::new(|| {
    let mut registry = Handlebars::new();
    registry.set_strict_mode(true);
    // Indentation of a partial's call would be put into textareas and mails.
    registry.set_prevent_indent(true);
    registry.register_helper("t", Box::new(translate));
    registry.register_helper("asset", Box::new(asset_path));
    for (name, source) in TEMPLATES {
        registry.register_template_string(name, source).expect("embedded templates are tested");
    }
    registry
});

/// Renders a page: `title` is a key of the texts, or with a leading `=` the title itself.
pub(super) fn render(pages: &Pages, reader: &Reader, template: &str, title: &str, content: Value) -> Answer {
    let html = REGISTRY.render(template, &frame(pages, reader, title, content)).with_context(|| format!("page {template}"))?;
    Ok(([(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response())
}

/// A piece of a page, for the script that asked for it.
pub(super) fn fragment(reader: &Reader, template: &str, mut content: Value) -> Answer {
    content["lang"] = json!(reader.language);
    let html = REGISTRY.render(template, &content).with_context(|| format!("piece {template}"))?;
    Ok(([(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response())
}

fn frame(pages: &Pages, reader: &Reader, title: &str, content: Value) -> Value {
    let title = match title.strip_prefix('=') {
        Some(title) => title.to_string(),
        None => text::find(title, reader.language).unwrap_or(title).to_string(),
    };
    let engineer = reader.session.as_deref().map(|session| {
        let engineer = &session.engineer;
        json!({
            "name": engineer.name, "login": engineer.login, "role": engineer.role,
            "is_lead": engineer.role >= Role::Lead, "is_admin": engineer.role >= Role::Admin,
        })
    });
    let (path, query) = reader.path.split_once('?').unwrap_or((&reader.path, ""));
    let done = query.split('&').find_map(|pair| pair.strip_prefix("done=")).filter(|word| {
        // Only our own words: a link cannot make the page say something.
        text::find(&format!("done.{word}"), Language::Zh).is_some()
    });
    json!({
        "lang": reader.language,
        "is_zh": reader.language == Language::Zh,
        "title": title,
        "engineer": engineer,
        "csrf": reader.session.as_deref().map_or("", |session| session.csrf.as_str()),
        "back": reader.back,
        "section": path.split('/').nth(1).unwrap_or(""),
        "done": done,
        "now": pages.times(reader).at(pages.app.now()),
        "page": content,
    })
}

fn translate(
    helper: &Helper<'_>,
    _: &Handlebars<'_>,
    context: &Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> Result<(), RenderError> {
    let language = if context.data()["lang"] == "en" { Language::En } else { Language::Zh };
    let key = helper.param(0).and_then(|value| value.value().as_str()).unwrap_or("");
    let found = match helper.param(1).map(|value| value.value()) {
        None => text::find(key, language),
        Some(Value::String(word)) => {
            return match text::find(&format!("{key}.{word}"), language) {
                Some(text) => Ok(out.write(&html_escape(text))?),
                None => Ok(out.write(&html_escape(word))?),
            };
        }
        Some(_) => None,
    };
    let Some(found) = found else { return Err(RenderErrorReason::Other(format!("no text {key}")).into()) };
    let mut text = found.to_string();
    for (name, value) in helper.hash() {
        let value = match value.value() {
            Value::String(value) => value.clone(),
            value => value.to_string(),
        };
        text = text.replace(&format!("{{{name}}}"), &value);
    }
    Ok(out.write(&html_escape(&text))?)
}

fn asset_path(
    helper: &Helper<'_>,
    _: &Handlebars<'_>,
    _: &Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> Result<(), RenderError> {
    let name = helper.param(0).and_then(|value| value.value().as_str()).unwrap_or("");
    Ok(out.write(&asset::path(name))?)
}

/// A word for `{{t}}` outside templates.
pub(super) fn word(reader: &Reader, key: &str) -> String {
    text::find(key, reader.language).unwrap_or(key).to_string()
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Error {
        Error::Internal(error.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use regex::Regex;
    use std::collections::BTreeSet;

    fn directory() -> std::path::PathBuf {
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/pages")
    }

    #[test]
    fn the_list_is_the_directory() {
        let files: BTreeSet<String> = std::fs::read_dir(directory())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter_map(|name| name.strip_suffix(".hbs").map(str::to_string))
            .collect();
        let list: BTreeSet<String> = TEMPLATES.iter().map(|(name, _)| name.to_string()).collect();
        assert_eq!(files, list);
    }

    #[test]
    fn templates_name_known_texts_and_never_skip_escaping() {
        let call = Regex::new(r#"\{\{t "([a-z_.]+)"( [a-z@.(][^}]*)?\}\}"#).unwrap();
        for (name, source) in TEMPLATES {
            assert!(!source.contains("{{{") && !source.contains("{{&"), "{name} skips escaping");
            assert!(!source.contains("style=\"") && !source.contains("onclick"), "{name}: refused by our own policy");
            assert_eq!(call.find_iter(source).count(), source.matches("{{t ").count(), "{name} has a call of t in another form");
            for found in call.captures_iter(source) {
                let (key, rest) = (&found[1], found.get(2).map_or("", |rest| rest.as_str()));
                let is_section = !rest.is_empty() && !rest.contains('=');
                assert!(is_section || text::find(key, Language::Zh).is_some(), "{name}: no text {key}");
            }
        }
    }

    #[test]
    fn texts_with_values_escape_them() {
        let mut registry = Handlebars::new();
        registry.register_helper("t", Box::new(translate));
        let render = |source: &str| registry.render_template(source, &json!({ "lang": "en", "x": "<b>", "word": "<i>" })).unwrap();
        assert_eq!(render(r#"{{t "status" word}}"#), "&lt;i&gt;");
        assert!(!render(r#"{{t "queue.count" n=x}}"#).contains('<'));
        assert!(registry.render_template(r#"{{t "no.text"}}"#, &json!({ "lang": "en" })).is_err());
    }
}
