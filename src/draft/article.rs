//! Articles: knowledge texts with the patterns that say which question they answer, and the score of the match.
//!
//! `templates/articles/<slug>.md` (Chinese) and `<slug>.en.md` (its twin) begin with a TOML front matter between `+++` lines:
//! `title`, `language`, and optionally `asks` (patterns on the question, each with a weight), `about` (patterns on the whole
//! mail), `excludes` (patterns on the question that rule it out), `needs` (`kb`, `build`, `error_code`, `tool`: what the mail must
//! mention), `products`, `about_needed = true` (without an `about` match the score is 0). The body is a template. Score = sum of the weights in `asks` that match + at most 2 from `about`; without
//! an `asks` match it is 0. Patterns of both languages count for
//! either (one that both name counts once), without regard to case. An article without `asks` is only a part of others.

use super::template::front_matter;
use crate::case::Language;
use regex::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// An article below this score does not answer a question.
pub(super) const THRESHOLD: f64 = 2.0;
/// The whole mail can add this much to a score.
const MAX_ABOUT: f64 = 2.0;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Need {
    Kb,
    Build,
    ErrorCode,
    Tool,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Front {
    title: String,
    language: Language,
    #[serde(default)]
    asks: Vec<(String, f64)>,
    #[serde(default)]
    about: Vec<(String, f64)>,
    /// No `about` match, no score: for questions that say nothing of their matter (可能的原因是什么).
    #[serde(default)]
    about_needed: bool,
    #[serde(default)]
    excludes: Vec<String>,
    #[serde(default)]
    needs: Vec<Need>,
    #[serde(default)]
    products: Vec<String>,
}

/// One file: its front matter and body.
#[derive(Debug, Clone)]
pub(super) struct Source {
    /// Below `templates/`.
    pub path: String,
    pub slug: String,
    pub language: Language,
    pub body: String,
    /// Lines before the body, so that messages name lines of the file.
    pub offset: usize,
    front: Front,
}

/// What the mail offers that an article may need.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Offer<'a> {
    pub has_kb: bool,
    pub has_build: bool,
    pub has_error_code: bool,
    pub has_tool: bool,
    pub product: &'a str,
}

#[derive(Debug, Clone)]
struct Article {
    slug: String,
    titles: BTreeMap<Language, String>,
    needs: Vec<Need>,
    about_needed: bool,
    products: Vec<String>,
}

/// All articles, compiled; patterns are indexes into `list` with their weight.
#[derive(Debug, Clone)]
pub struct Articles {
    list: Vec<Article>,
    asks: Patterns,
    about: Patterns,
    excludes: Patterns,
}

#[derive(Debug, Clone)]
struct Patterns {
    set: RegexSet,
    owners: Vec<(usize, f64)>,
    texts: Vec<String>,
    /// Compiled when a pattern first matches, to say which words it found.
    single: Vec<OnceLock<Option<Regex>>>,
}

impl Source {
    fn bad_patterns(&self) -> Vec<(String, String)> {
        let all = self.front.asks.iter().chain(&self.front.about).map(|p| &p.0).chain(&self.front.excludes);
        all.filter_map(|p| Some((self.path.clone(), format!("pattern \"{p}\": {}", set(std::slice::from_ref(p)).err()?)))).collect()
    }
}

/// Reads one file. `path` is below `templates/`. Errors: line and message.
pub(super) fn read(path: &str, text: &str) -> Result<Source, (usize, String)> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.strip_suffix(".md").unwrap_or(name);
    let slug = stem.strip_suffix(".en").or(stem.strip_suffix(".zh")).unwrap_or(stem).to_owned();
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if slug.is_empty() || !slug.chars().all(is_plain) {
        return Err((0, format!("\"{name}\": an article's name is lower-case letters, digits and hyphens")));
    }
    let (head, body, offset) = front_matter(text).ok_or((1, "an article begins with a front matter between two lines +++".to_owned()))?;
    let front: Front = toml::from_str(head).map_err(|e| {
        let at = e.span().map_or(0, |s| s.start);
        (head.as_bytes().iter().take(at).filter(|b| **b == b'\n').count() + 2, e.message().to_owned())
    })?;
    if front.asks.iter().chain(&front.about).any(|(_, w)| !w.is_finite() || *w <= 0.0 || *w > 10.0) {
        return Err((1, "weights are above 0 and at most 10".to_owned()));
    }
    Ok(Source { path: path.to_owned(), slug, language: front.language, body: body.to_owned(), offset, front })
}

/// `\b` is the ASCII word boundary: Chinese is written without spaces, so that no other stands before `SSU` in 安装SSU.
fn ascii_boundary(pattern: &str) -> String {
    pattern.replace(r"\b", r"(?-u:\b)")
}

fn one(pattern: &str) -> Option<Regex> {
    RegexBuilder::new(&ascii_boundary(pattern)).case_insensitive(true).build().ok()
}

fn set(patterns: &[String]) -> Result<RegexSet, String> {
    let patterns = patterns.iter().map(|p| ascii_boundary(p));
    let built = RegexSetBuilder::new(patterns).case_insensitive(true).size_limit(8 << 20).dfa_size_limit(2 << 20).build();
    built.map_err(|e| e.to_string().lines().last().unwrap_or("not a regular expression").to_owned())
}

/// A pattern that both languages of an article name counts once.
fn extend(all: &mut Vec<(usize, String, f64)>, owner: usize, patterns: &[(String, f64)]) {
    for (pattern, weight) in patterns {
        if !all.iter().any(|(n, p, _)| *n == owner && p == pattern) {
            all.push((owner, pattern.clone(), *weight));
        }
    }
}

impl Patterns {
    fn new(all: Vec<(usize, String, f64)>) -> Result<Patterns, String> {
        let texts: Vec<String> = all.iter().map(|p| p.1.clone()).collect();
        Ok(Patterns {
            set: set(&texts)?,
            owners: all.iter().map(|p| (p.0, p.2)).collect(),
            single: texts.iter().map(|_| OnceLock::new()).collect(),
            texts,
        })
    }

    /// The words that a pattern found.
    fn words<'t>(&self, hit: usize, text: &'t str) -> Option<&'t str> {
        let regex = self.single[hit].get_or_init(|| one(&self.texts[hit]));
        regex.as_ref().and_then(|r| r.find(text)).map(|m| m.as_str())
    }

    /// Sum of weights by article, and the patterns that matched.
    fn sums(&self, text: &str, articles: usize) -> Vec<(f64, Vec<usize>)> {
        let mut sums = vec![(0.0, Vec::new()); articles];
        for hit in self.set.matches(text) {
            let (owner, weight) = self.owners[hit];
            sums[owner].0 += weight;
            sums[owner].1.push(hit);
        }
        sums
    }
}

/// The weights that the whole mail gives to each article.
pub(super) struct About(Vec<f64>);

/// One candidate for a question, best first.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    pub slug: String,
    pub score: f64,
    /// The patterns that matched.
    hits: Vec<usize>,
}

impl Articles {
    /// Compiles all patterns. Errors: file and message of each pattern that is no regular expression.
    pub(super) fn new(sources: &[Source]) -> Result<Articles, Vec<(String, String)>> {
        let mut by_slug: BTreeMap<&str, Vec<&Source>> = BTreeMap::new();
        sources.iter().for_each(|s| by_slug.entry(&s.slug).or_default().push(s));
        let (mut list, mut asks, mut about, mut excludes) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for (n, (slug, twins)) in by_slug.into_iter().enumerate() {
            let mut article =
                Article { slug: slug.to_owned(), titles: BTreeMap::new(), needs: Vec::new(), about_needed: false, products: Vec::new() };
            for twin in twins {
                article.titles.insert(twin.language, twin.front.title.clone());
                article.about_needed |= twin.front.about_needed;
                article.needs.extend(&twin.front.needs);
                article.products.extend(twin.front.products.iter().cloned());
                extend(&mut asks, n, &twin.front.asks);
                extend(&mut about, n, &twin.front.about);
                excludes.extend(twin.front.excludes.iter().map(|p| (n, p.clone(), 1.0)));
            }
            list.push(article);
        }
        match (Patterns::new(asks), Patterns::new(about), Patterns::new(excludes)) {
            (Ok(asks), Ok(about), Ok(excludes)) => Ok(Articles { list, asks, about, excludes }),
            _ => Err(sources.iter().flat_map(Source::bad_patterns).collect()),
        }
    }

    /// Names of all articles, in order.
    pub fn slugs(&self) -> impl Iterator<Item = &str> {
        self.list.iter().map(|a| a.slug.as_str())
    }

    pub fn title(&self, slug: &str, language: Language) -> Option<&str> {
        let article = self.list.iter().find(|a| a.slug == slug)?;
        article.titles.get(&language).or_else(|| article.titles.values().next()).map(String::as_str)
    }

    pub(super) fn has(&self, slug: &str, language: Language) -> bool {
        self.list.iter().any(|a| a.slug == slug && a.titles.contains_key(&language))
    }

    pub(super) fn about(&self, text: &str) -> About {
        About(self.about.sums(text, self.list.len()).into_iter().map(|(w, _)| w.min(MAX_ABOUT)).collect())
    }

    /// The words of the question that speak for a candidate.
    pub(super) fn words(&self, candidate: &Candidate, question: &str) -> String {
        let found: Vec<&str> = candidate.hits.iter().filter_map(|h| self.asks.words(*h, question)).collect();
        found.join(" + ")
    }

    /// Candidates for a question with a score above 0, best first; of equals the first by name.
    pub(super) fn candidates(&self, question: &str, about: &About, offer: Offer, language: Language) -> Vec<Candidate> {
        let excluded = self.excludes.sums(question, self.list.len());
        let asked = self.asks.sums(question, self.list.len());
        let mut found: Vec<Candidate> = Vec::new();
        for (n, (weight, hits)) in asked.into_iter().enumerate() {
            let article = &self.list[n];
            let is_off_topic = article.about_needed && about.0[n] <= 0.0;
            if weight <= 0.0 || is_off_topic || !excluded[n].1.is_empty() || !article.serves(offer, language) {
                continue;
            }
            let score = ((weight + about.0[n]) * 100.0).round() / 100.0;
            found.push(Candidate { slug: article.slug.clone(), score, hits });
        }
        found.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.slug.cmp(&b.slug)));
        found
    }
}

impl Article {
    fn serves(&self, offer: Offer, language: Language) -> bool {
        let has = |need: &Need| match need {
            Need::Kb => offer.has_kb,
            Need::Build => offer.has_build,
            Need::ErrorCode => offer.has_error_code,
            Need::Tool => offer.has_tool,
        };
        let is_for = self.products.is_empty() || self.products.iter().any(|p| p.eq_ignore_ascii_case(offer.product));
        self.titles.contains_key(&language) && is_for && self.needs.iter().all(has)
    }
}
