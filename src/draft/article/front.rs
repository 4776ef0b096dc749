//! The head of an article: what it is called, which questions it answers, for what it holds, who looks after it.

use super::super::template::front_matter;
use crate::case::Language;
use jiff::civil::Date;
use serde::Deserialize;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::draft) enum Need {
    Kb,
    Build,
    ErrorCode,
    Tool,
    /// Lines of a servicing log, in the mail or a text attachment.
    Log,
}

/// Front matter between two lines `+++`, TOML.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Front {
    pub title: String,
    pub language: Language,
    /// Other slugs of the same article.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Patterns on the question, each with its weight.
    #[serde(default)]
    pub asks: Vec<(String, f64)>,
    /// Patterns on the whole mail, each with its weight.
    #[serde(default)]
    pub about: Vec<(String, f64)>,
    /// No `about` match, no score: for questions that say nothing of their matter (可能的原因是什么).
    #[serde(default)]
    pub about_needed: bool,
    /// Patterns on the question that rule the article out.
    #[serde(default)]
    pub excludes: Vec<String>,
    /// What the mail must mention.
    #[serde(default)]
    pub needs: Vec<Need>,
    /// Facts that make the answer better: those that the mail lacks are asked for at the end of the draft.
    #[serde(default)]
    pub wants: Vec<Need>,
    /// Products it holds for; empty: all.
    #[serde(default)]
    pub products: Vec<String>,
    /// Build branches (`17763`) it holds for; empty, or no build in the mail: all.
    #[serde(default)]
    pub builds: Vec<u32>,
    /// Updates and error codes it is about. Codes whose remedy in the error table is this article count without being named.
    #[serde(default)]
    pub kbs: Vec<String>,
    #[serde(default)]
    pub error_codes: Vec<String>,
    /// Questions, in customers' words, that this article must answer, and such that it must not: `casemate article test`.
    #[serde(default)]
    pub examples: Vec<String>,
    #[serde(default)]
    pub counterexamples: Vec<String>,
    /// When a person last checked it (`2026-11-23`), and who looks after it.
    #[serde(default)]
    pub reviewed: Option<String>,
    #[serde(default)]
    pub owner: String,
}

/// One file: its front matter and body.
#[derive(Debug, Clone)]
pub(in crate::draft) struct Source {
    /// Below `templates/`.
    pub path: String,
    pub slug: String,
    pub language: Language,
    pub body: String,
    /// Lines before the body, so that messages name lines of the file.
    pub offset: usize,
    pub(super) front: Front,
}

/// Lower-case letters, digits and hyphens.
fn is_slug(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

/// Reads one file. `path` is below `templates/`. Errors: line and message.
pub(in crate::draft) fn read(path: &str, text: &str) -> Result<Source, (usize, String)> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.strip_suffix(".md").unwrap_or(name);
    let slug = stem.strip_suffix(".en").or(stem.strip_suffix(".zh")).unwrap_or(stem).to_owned();
    if !is_slug(&slug) {
        return Err((0, format!("\"{name}\": an article's name is lower-case letters, digits and hyphens")));
    }
    let (head, body, offset) = front_matter(text).ok_or((1, "an article begins with a front matter between two lines +++".to_owned()))?;
    let line_of = |at: usize| head.as_bytes().iter().take(at).filter(|b| **b == b'\n').count() + 2;
    let front: Front = toml::from_str(head).map_err(|e| (line_of(e.span().map_or(0, |s| s.start)), e.message().to_owned()))?;
    check(&front).map_err(|(key, message)| (head.find(key).map_or(1, line_of), message))?;
    Ok(Source { path: path.to_owned(), slug, language: front.language, body: body.to_owned(), offset, front })
}

/// What TOML cannot say. Errors: key and message.
fn check(front: &Front) -> Result<(), (&'static str, String)> {
    let weights = front.asks.iter().chain(&front.about).map(|(_, weight)| *weight);
    if weights.into_iter().any(|w| !w.is_finite() || w <= 0.0 || w > 10.0) {
        return Err(("asks", "weights are above 0 and at most 10".to_owned()));
    }
    if let Some(alias) = front.aliases.iter().find(|a| !is_slug(a)) {
        return Err(("aliases", format!("\"{alias}\": a name is lower-case letters, digits and hyphens")));
    }
    if let Some(day) = front.reviewed.as_deref().filter(|d| d.parse::<Date>().is_err()) {
        return Err(("reviewed", format!("\"{day}\" is no date; expected one such as 2026-11-23")));
    }
    let is_kb = |kb: &&String| !kb.strip_prefix("KB").is_some_and(|n| n.len() >= 6 && n.bytes().all(|b| b.is_ascii_digit()));
    if let Some(kb) = front.kbs.iter().find(is_kb) {
        return Err(("kbs", format!("\"{kb}\" is no update; expected one such as KB4577668")));
    }
    let hex = |code: &str| {
        code.strip_prefix("0x").is_some_and(|h| h.len() == 8 && h.bytes().all(|b| b.is_ascii_hexdigit() && !b.is_ascii_lowercase()))
    };
    if let Some(code) = front.error_codes.iter().find(|c| !hex(c)) {
        return Err(("error_codes", format!("\"{code}\" is no error code; expected one such as 0x800F0922")));
    }
    Ok(())
}
