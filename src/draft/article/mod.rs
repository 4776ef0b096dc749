//! Articles: knowledge texts with what says which question they answer, and the score of the match.
//!
//! `templates/articles/<slug>.md` (Chinese) and `<slug>.en.md` (its twin) begin with a TOML front matter between `+++` lines
//! (`front.rs` lists its keys); the body is a template. The score of an article for a question is the sum of
//! - `asks`: the weights of its patterns that match the question,
//! - `about`: those of its patterns that match the whole mail, and 1.5 when the mail mentions an update or error code the article is about
//!   (also by the remedy of the error table); together at most 2,
//! - likeness: up to 2.5 for a question that is like one of its `examples` (with `about_needed` only when no `asks` match),
//! - remedy: up to 7 when the mail reports a code of the article and the question asks for its cause or remedy (`remedy.rs`).
//!
//! Without an `asks` match, likeness or remedy it is 0; `excludes`, a nearer counterexample, a missing need, another product
//! or build rule it out. Patterns and examples of both languages count for either (one that both name counts once), without regard to case.
//! An article without `asks` and `examples` is only a part of others.

mod front;
mod patterns;
mod remedy;
mod similar;

use crate::case::Language;
use crate::catalog::Catalog;
pub(super) use front::{Need, Source, read};
use patterns::Patterns;
use similar::{Examples, Likeness};
use std::collections::{BTreeMap, BTreeSet};

/// An article below this score does not answer a question.
pub(super) const THRESHOLD: f64 = 2.0;
/// The whole mail can add this much to a score.
const MAX_ABOUT: f64 = 2.0;
/// A mention of what the article is about counts this much.
const MENTIONED: f64 = 1.5;
/// Likeness below this is chance.
const LEAST_LIKENESS: f64 = 0.35;
/// Likeness that does without an `asks` match.
const CLEAR_LIKENESS: f64 = 0.6;
/// What full likeness adds.
const MAX_LIKENESS: f64 = 2.5;

/// What the mail offers that an article may need or be about.
#[derive(Debug, Clone, Default)]
pub(super) struct Offer {
    pub kbs: Vec<String>,
    pub error_codes: Vec<String>,
    /// Build branches, `17763`.
    pub branches: Vec<u32>,
    pub has_build: bool,
    pub has_tool: bool,
    pub has_log: bool,
    pub product: String,
}

impl Offer {
    fn has(&self, need: Need) -> bool {
        match need {
            Need::Kb => !self.kbs.is_empty(),
            Need::Build => self.has_build,
            Need::ErrorCode => !self.error_codes.is_empty(),
            Need::Tool => self.has_tool,
            Need::Log => self.has_log,
        }
    }
}

/// What is said of an article beside its text.
#[derive(Debug, Clone, Default)]
pub struct Article {
    pub slug: String,
    pub titles: BTreeMap<Language, String>,
    pub aliases: Vec<String>,
    /// When a person last checked it, `2026-11-23`; the older of the twins.
    pub reviewed: Option<String>,
    pub owner: String,
    needs: Vec<Need>,
    wants: Vec<Need>,
    about_needed: bool,
    products: Vec<String>,
    builds: Vec<u32>,
    kbs: Vec<String>,
    error_codes: Vec<String>,
}

/// An example question with the article that must, or must not, answer it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    pub slug: String,
    pub language: Language,
    pub question: String,
    pub must_match: bool,
    /// Below `templates/`.
    pub path: String,
}

/// All articles, compiled; patterns are indexes into `list` with their weight.
#[derive(Debug, Clone)]
pub struct Articles {
    list: Vec<Article>,
    asks: Patterns,
    about: Patterns,
    excludes: Patterns,
    similar: Examples,
    examples: Vec<Example>,
}

/// What the whole mail gives to each article, and whether its words say so.
pub(super) struct About(Vec<(f64, bool)>);

/// One candidate for a question, best first.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    pub slug: String,
    pub score: f64,
    /// The patterns that matched.
    hits: Vec<usize>,
    likeness: Option<Likeness>,
    /// The code of the mail that it remedies.
    remedies: Option<String>,
}

impl Articles {
    /// Compiles all patterns. Errors: file and message of each pattern that is no regular expression.
    pub(super) fn new(sources: &[Source], catalog: &Catalog) -> Result<Articles, Vec<(String, String)>> {
        let mut by_slug: BTreeMap<&str, Vec<&Source>> = BTreeMap::new();
        sources.iter().for_each(|s| by_slug.entry(&s.slug).or_default().push(s));
        let (mut asks, mut about, mut excludes) = (Vec::new(), Vec::new(), Vec::new());
        let (mut list, mut similar, mut examples) = (Vec::new(), Examples::default(), Vec::new());
        for (n, (slug, twins)) in by_slug.into_iter().enumerate() {
            let mut article = Article { slug: slug.to_owned(), ..Article::default() };
            for twin in twins {
                article.join(twin);
                patterns::extend(&mut asks, n, &twin.front.asks);
                patterns::extend(&mut about, n, &twin.front.about);
                excludes.extend(twin.front.excludes.iter().map(|p| (n, p.clone(), 1.0)));
                for (question, must_match) in twin.examples() {
                    similar.add(n, question, !must_match);
                    examples.push(example(twin, question, must_match));
                }
            }
            article.error_codes.extend(remedied(catalog, &article));
            list.push(article);
        }
        similar.weigh();
        match (Patterns::new(asks), Patterns::new(about), Patterns::new(excludes)) {
            (Ok(asks), Ok(about), Ok(excludes)) => Ok(Articles { list, asks, about, excludes, similar, examples }),
            _ => Err(sources.iter().flat_map(patterns::bad).collect()),
        }
    }

    /// All articles, by name.
    pub fn list(&self) -> &[Article] {
        &self.list
    }

    /// Every example question, with what must become of it.
    pub fn examples(&self) -> &[Example] {
        &self.examples
    }

    /// The article of that name or alias.
    pub fn find(&self, slug: &str) -> Option<&Article> {
        self.list.iter().find(|a| a.slug == slug).or_else(|| self.list.iter().find(|a| a.aliases.iter().any(|alias| alias == slug)))
    }

    pub(super) fn has(&self, slug: &str, language: Language) -> bool {
        self.find(slug).is_some_and(|a| a.titles.contains_key(&language))
    }

    /// What these articles want to know and the mail does not say, in a fixed order.
    pub(super) fn missing<'a>(&self, slugs: impl Iterator<Item = &'a str>, offer: &Offer) -> Vec<Need> {
        let wants = slugs.filter_map(|slug| self.find(slug)).flat_map(|article| article.wants.iter().copied());
        let missing: BTreeSet<Need> = wants.filter(|need| !offer.has(*need)).collect();
        missing.into_iter().collect()
    }

    /// What the whole mail, its text and its mentions, says for each article.
    pub(super) fn about(&self, text: &str, offer: &Offer) -> About {
        let sums = self.about.sums(text, self.list.len());
        let one = |(article, (weight, _)): (&Article, (f64, Vec<usize>))| {
            let mentioned = if article.is_mentioned(offer) { MENTIONED } else { 0.0 };
            ((weight + mentioned).min(MAX_ABOUT), weight > 0.0)
        };
        About(self.list.iter().zip(sums).map(one).collect())
    }

    /// Why a candidate scores: the words of the question, and the example it is like.
    pub(super) fn words(&self, candidate: &Candidate, question: &str) -> String {
        let mut found: Vec<String> = candidate.hits.iter().filter_map(|h| self.asks.words(*h, question)).map(str::to_owned).collect();
        if let Some(like) = candidate.likeness {
            found.push(format!("≈“{}” {:.2}", self.similar.text(like.example), like.value));
        }
        found.extend(candidate.remedies.clone());
        found.join(" + ")
    }

    /// Candidates for a question with a score above 0, best first; of equals the first by name.
    pub(super) fn candidates(&self, question: &str, about: &About, offer: &Offer, language: Language) -> Vec<Candidate> {
        self.candidates_but(question, about, offer, language, None)
    }

    /// The same, as if there were no example of this text.
    pub(super) fn candidates_but(
        &self,
        question: &str,
        about: &About,
        offer: &Offer,
        language: Language,
        except: Option<&str>,
    ) -> Vec<Candidate> {
        let excluded = self.excludes.sums(question, self.list.len());
        let asked = self.asks.sums(question, self.list.len());
        let like = self.similar.nearest(question, except);
        let remedy = remedy::remedy(question, &offer.error_codes);
        let mut found: Vec<Candidate> = Vec::new();
        for (n, (weight, hits)) in asked.into_iter().enumerate() {
            let article = &self.list[n];
            let (extra, code) = remedy.of(&article.error_codes, &offer.error_codes, weight > 0.0).unzip();
            let weight = weight + extra.unwrap_or(0.0);
            let likeness = like.get(&n).filter(|l| l.value >= LEAST_LIKENESS || l.is_ruled_out).copied();
            let is_clear = likeness.is_some_and(|l| l.value >= CLEAR_LIKENESS && l.is_telling);
            let is_out = likeness.is_some_and(|l| l.is_ruled_out) || !excluded[n].1.is_empty();
            let is_off_topic = article.about_needed && !about.0[n].1;
            if (weight <= 0.0 && !is_clear) || is_off_topic || is_out || !article.serves(offer, language) {
                continue;
            }
            // Questions that say nothing of their matter are all alike: the mail decides between their articles.
            let alike = likeness.filter(|_| !article.about_needed || weight <= 0.0);
            let bonus = alike.map_or(0.0, |l| MAX_LIKENESS * (l.value - LEAST_LIKENESS).max(0.0) / (1.0 - LEAST_LIKENESS));
            let score = ((weight + about.0[n].0 + bonus) * 100.0).round() / 100.0;
            found.push(Candidate { slug: article.slug.clone(), score, hits, likeness, remedies: code.map(str::to_owned) });
        }
        found.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.slug.cmp(&b.slug)));
        found
    }
}

fn example(source: &Source, question: &str, must_match: bool) -> Example {
    Example { slug: source.slug.clone(), language: source.language, question: question.to_owned(), must_match, path: source.path.clone() }
}

/// Codes whose remedy in the error table is this article.
fn remedied(catalog: &Catalog, article: &Article) -> Vec<String> {
    let is_ours = |slug: &str| slug == article.slug || article.aliases.iter().any(|alias| alias == slug);
    catalog.errors().filter(|e| is_ours(&e.remedy_slug)).map(|e| e.code.clone()).collect()
}

impl Source {
    pub(super) fn aliases(&self) -> impl Iterator<Item = &str> {
        self.front.aliases.iter().map(String::as_str)
    }

    fn examples(&self) -> impl Iterator<Item = (&str, bool)> {
        let good = self.front.examples.iter().map(|q| (q.as_str(), true));
        good.chain(self.front.counterexamples.iter().map(|q| (q.as_str(), false)))
    }
}

impl Article {
    fn join(&mut self, twin: &Source) {
        let front = &twin.front;
        self.titles.insert(twin.language, front.title.clone());
        self.about_needed |= front.about_needed;
        self.needs.extend(&front.needs);
        self.wants.extend(&front.wants);
        self.products.extend(front.products.iter().cloned());
        self.builds.extend(&front.builds);
        self.kbs.extend(front.kbs.iter().cloned());
        self.error_codes.extend(front.error_codes.iter().cloned());
        self.aliases.extend(front.aliases.iter().cloned());
        self.reviewed = match (self.reviewed.take(), front.reviewed.clone()) {
            (Some(ours), Some(theirs)) => Some(ours.min(theirs)),
            (ours, theirs) => ours.or(theirs),
        };
        if self.owner.is_empty() {
            self.owner = front.owner.clone();
        }
    }

    fn is_mentioned(&self, offer: &Offer) -> bool {
        offer.error_codes.iter().any(|c| self.error_codes.contains(c)) || offer.kbs.iter().any(|kb| self.kbs.contains(kb))
    }

    fn serves(&self, offer: &Offer, language: Language) -> bool {
        let is_for = self.products.is_empty() || self.products.iter().any(|p| p.eq_ignore_ascii_case(&offer.product));
        let is_build = self.builds.is_empty() || offer.branches.is_empty() || offer.branches.iter().any(|b| self.builds.contains(b));
        self.titles.contains_key(&language) && is_for && is_build && self.needs.iter().all(|need| offer.has(*need))
    }
}
