//! Weighted patterns of all articles in one set, so that a text is read once.

use super::front::Source;
use regex::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};
use std::sync::OnceLock;

#[derive(Debug, Clone)]
pub(super) struct Patterns {
    set: RegexSet,
    owners: Vec<(usize, f64)>,
    texts: Vec<String>,
    /// Compiled when a pattern first matches, to say which words it found.
    single: Vec<OnceLock<Option<Regex>>>,
}

/// File and message of each pattern that is no regular expression.
pub(super) fn bad(source: &Source) -> Vec<(String, String)> {
    let all = source.front.asks.iter().chain(&source.front.about).map(|p| &p.0).chain(&source.front.excludes);
    all.filter_map(|p| Some((source.path.clone(), format!("pattern \"{p}\": {}", set(std::slice::from_ref(p)).err()?)))).collect()
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
    let built = RegexSetBuilder::new(patterns).case_insensitive(true).size_limit(16 << 20).dfa_size_limit(2 << 20).build();
    built.map_err(|e| e.to_string().lines().last().unwrap_or("not a regular expression").to_owned())
}

/// A pattern that both languages of an article name counts once.
pub(super) fn extend(all: &mut Vec<(usize, String, f64)>, owner: usize, patterns: &[(String, f64)]) {
    for (pattern, weight) in patterns {
        if !all.iter().any(|(n, p, _)| *n == owner && p == pattern) {
            all.push((owner, pattern.clone(), *weight));
        }
    }
}

impl Patterns {
    pub(super) fn new(all: Vec<(usize, String, f64)>) -> Result<Patterns, String> {
        let texts: Vec<String> = all.iter().map(|p| p.1.clone()).collect();
        Ok(Patterns {
            set: set(&texts)?,
            owners: all.iter().map(|p| (p.0, p.2)).collect(),
            single: texts.iter().map(|_| OnceLock::new()).collect(),
            texts,
        })
    }

    /// The words that a pattern found.
    pub(super) fn words<'t>(&self, hit: usize, text: &'t str) -> Option<&'t str> {
        let regex = self.single[hit].get_or_init(|| one(&self.texts[hit]));
        regex.as_ref().and_then(|r| r.find(text)).map(|m| m.as_str())
    }

    /// Sum of weights by article, and the patterns that matched.
    pub(super) fn sums(&self, text: &str, articles: usize) -> Vec<(f64, Vec<usize>)> {
        let mut sums = vec![(0.0, Vec::new()); articles];
        for hit in self.set.matches(text) {
            let (owner, weight) = self.owners[hit];
            sums[owner].0 += weight;
            sums[owner].1.push(hit);
        }
        sums
    }
}
