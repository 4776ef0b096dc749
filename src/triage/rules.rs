//! Rules: what the desk's `rules.toml` says about category, priority, owner, language, articles and whether to draft.
//!
//! Pure. Order matters: the first rule whose conditions all hold wins, and only that one. `parse` reports every problem at
//! once, with its line; an unknown key is a problem, for a misspelt condition would silently match everything.

use super::Trace;
use crate::case::{Language, Priority};
use crate::mail::{Kind, Mail};
use regex::{Regex, RegexBuilder};
use serde::{Deserialize, Serialize};

mod read;

/// One thing wrong with a file of configuration. `line` counts from 1; 0 when the file as a whole is meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    pub file: String,
    pub line: usize,
    pub key: String,
    pub message: String,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}: ", self.file, self.line)?;
        if !self.key.is_empty() {
            write!(f, "{}: ", self.key)?;
        }
        f.write_str(&self.message)
    }
}

/// The shipped rules, `config/rules.toml`.
pub const DEFAULT_RULES: &str = include_str!("../../config/rules.toml");

/// Rules in order.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    pub rules: Vec<Rule>,
}

/// One rule: all conditions given must hold; of a list, any entry.
#[derive(Debug, Clone)]
pub struct Rule {
    pub name: String,
    when: Conditions,
    pub category: Option<String>,
    pub priority: Option<Priority>,
    /// Login of the engineer.
    pub owner: Option<String>,
    pub language: Option<Language>,
    pub articles: Vec<String>,
    /// False: no draft is composed.
    pub draft: bool,
    /// The mail is kept but opens no case.
    pub ignore: Option<String>,
    /// Where it stands in the file.
    pub line: usize,
}

#[derive(Debug, Clone, Default)]
struct Conditions {
    subject: Option<Regex>,
    text: Option<Regex>,
    words_any: Vec<String>,
    words_all: Vec<String>,
    sender: Vec<String>,
    to: Vec<String>,
    kind: Vec<Kind>,
    kb: Vec<String>,
    error_code: Vec<String>,
    build: Vec<String>,
    product: Vec<String>,
    language: Option<Language>,
    state: Vec<String>,
    has_attachment: Option<bool>,
}

/// The words of `StateWords` that `state` may name.
const STATES: &[&str] = &["resolved", "not_resolved", "thanks_only", "urgent", "complaint", "may_archive"];
/// Characters of the readable text that the rules look at.
const MAX_TEXT: usize = 20_000;

impl Rules {
    /// Reads `rules.toml`. On failure every problem, in order of lines.
    pub fn parse(text: &str, file: &str) -> Result<Rules, Vec<Problem>> {
        read::rules(text, file)
    }

    /// Every article that a rule asks for, with the rule's name and line, to be checked against the articles loaded.
    pub fn articles(&self) -> impl Iterator<Item = (&str, &str, usize)> {
        self.rules.iter().flat_map(|r| r.articles.iter().map(|a| (a.as_str(), r.name.as_str(), r.line)))
    }

    /// Every login that a rule names, with the rule's name and line.
    pub fn owners(&self) -> impl Iterator<Item = (&str, &str, usize)> {
        self.rules.iter().filter_map(|r| Some((r.owner.as_deref()?, r.name.as_str(), r.line)))
    }

    pub(super) fn first_match(&self, mail: &Mail, kind: Kind, trace: &mut Trace) -> Option<&Rule> {
        let hay = format!("{}\n{}", mail.subject.text, clip(added_text(mail))).to_lowercase();
        let mut found: Option<&Rule> = None;
        for rule in &self.rules {
            let Some(because) = rule.when.matches(mail, kind, &hay) else { continue };
            if let Some(first) = found {
                trace.note(
                    "rule.runner_up",
                    format!("次选规则：{}（排在 {} 之后）", rule.name, first.name),
                    format!("runner-up: {} (after {})", rule.name, first.name),
                );
                return found;
            }
            let because = because.join("; ");
            trace.note("rule.matched", format!("规则 {}：{because}", rule.name), format!("rule {}: {because}", rule.name));
            found = Some(rule);
        }
        if found.is_none() {
            trace.note("rule.none", "没有规则匹配".into(), "no rule matches".into());
        }
        found
    }
}

impl Conditions {
    /// What matched, one text a condition; None when one does not hold. `hay` is subject and text, lower case.
    fn matches(&self, mail: &Mail, kind: Kind, hay: &str) -> Option<Vec<String>> {
        let mut because = Vec::new();
        let mut need = |is_given: bool, name: &str, hit: Option<String>| match (is_given, hit) {
            (false, _) => Some(()),
            (true, Some(what)) => {
                because.push(format!("{name} = {what}"));
                Some(())
            }
            (true, None) => None,
        };
        let found = |r: &Option<Regex>, t: &str| r.as_ref().and_then(|r| r.find(t)).map(|m| m.as_str().to_owned());
        need(self.subject.is_some(), "subject", found(&self.subject, &mail.subject.text))?;
        need(self.text.is_some(), "text", found(&self.text, clip(added_text(mail))))?;
        need(!self.words_any.is_empty(), "words_any", self.words_any.iter().find(|w| hay.contains(w.as_str())).cloned())?;
        let has_all = self.words_all.iter().all(|w| hay.contains(w.as_str()));
        need(!self.words_all.is_empty(), "words_all", has_all.then(|| self.words_all.join(" + ")))?;
        let from = mail.from.iter().map(|a| a.address.as_str());
        need(!self.sender.is_empty(), "sender", address_hit(&self.sender, from))?;
        let to = mail.to.iter().chain(&mail.cc).map(|a| a.address.as_str());
        need(!self.to.is_empty(), "to", address_hit(&self.to, to))?;
        need(!self.kind.is_empty(), "kind", self.kind.contains(&kind).then(|| kind.to_string()))?;
        let m = &mail.mentions;
        need(!self.kb.is_empty(), "kb", m.kb.iter().find(|k| self.kb.contains(k)).cloned())?;
        let code = m.error_codes.iter().find(|c| self.error_code.iter().any(|e| e.eq_ignore_ascii_case(c)));
        need(!self.error_code.is_empty(), "error_code", code.cloned())?;
        let build = m
            .builds
            .iter()
            .find(|b| self.build.iter().any(|p| b.as_str() == p || (b.starts_with(p.as_str()) && b[p.len()..].starts_with('.'))));
        need(!self.build.is_empty(), "build", build.cloned())?;
        let product = m.products.iter().find(|p| self.product.iter().any(|w| w.eq_ignore_ascii_case(p)));
        need(!self.product.is_empty(), "product", product.cloned())?;
        need(self.language.is_some(), "language", (self.language == Some(mail.language)).then(|| mail.language.to_string()))?;
        need(!self.state.is_empty(), "state", self.state.iter().find(|s| has_state(mail, s)).cloned())?;
        let has = !mail.attachments.is_empty();
        need(self.has_attachment.is_some(), "has_attachment", (self.has_attachment == Some(has)).then(|| has.to_string()))?;
        Some(because)
    }

    fn is_empty(&self) -> bool {
        let lists =
            [&self.words_any, &self.words_all, &self.sender, &self.to, &self.kb, &self.error_code, &self.build, &self.product, &self.state];
        lists.iter().all(|l| l.is_empty())
            && self.subject.is_none()
            && self.text.is_none()
            && self.kind.is_empty()
            && self.language.is_none()
            && self.has_attachment.is_none()
    }
}

fn has_state(mail: &Mail, name: &str) -> bool {
    let w = &mail.state_words;
    match name {
        "resolved" => w.resolved,
        "not_resolved" => w.not_resolved,
        "thanks_only" => w.thanks_only,
        "urgent" => w.urgent,
        "complaint" => w.complaint,
        _ => w.may_archive,
    }
}

/// `a@b.example` or `@b.example`, any case.
fn address_hit<'a>(wanted: &[String], mut have: impl Iterator<Item = &'a str>) -> Option<String> {
    have.find(|a| {
        let a = a.to_lowercase();
        wanted.iter().any(|w| if w.starts_with('@') { a.ends_with(w.as_str()) } else { a == *w })
    })
    .map(str::to_owned)
}

/// What the mail adds, or all of it when nothing could be told apart.
fn added_text(mail: &Mail) -> &str {
    if mail.reply_text.trim().is_empty() { &mail.text } else { &mail.reply_text }
}

fn clip(text: &str) -> &str {
    text.char_indices().nth(MAX_TEXT).map_or(text, |(at, _)| &text[..at])
}

/// `\b` is the ASCII word boundary: Chinese is written without spaces.
fn compile(pattern: &str) -> Result<Regex, String> {
    RegexBuilder::new(&pattern.replace(r"\b", r"(?-u:\b)")).case_insensitive(true).size_limit(1 << 20).build().map_err(|e| match e {
        regex::Error::CompiledTooBig(_) => "the regular expression is too big".to_owned(),
        e => e.to_string().lines().last().unwrap_or("not a regular expression").to_owned(),
    })
}
