//! Likeness of a question to the example questions of articles: cosine of their terms, rare terms counting more.
//!
//! Terms are what Chinese and English have in common without a dictionary: pairs of neighbouring Han characters, and lower-case words.
//! Numbers of updates, codes and builds are terms of their kind, not of their value. Pure counting: the same texts give the same figures.

use std::collections::BTreeMap;

/// One example question of an article.
#[derive(Debug, Clone)]
struct Example {
    article: usize,
    text: String,
    is_counter: bool,
    length: f64,
}

/// Examples by term.
#[derive(Debug, Clone, Default)]
pub(super) struct Examples {
    list: Vec<Example>,
    /// Term to its weight and the examples that have it.
    terms: BTreeMap<String, (f64, Vec<usize>)>,
}

/// The nearest example of an article, and whether a counterexample is nearer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Likeness {
    /// 0 to 1.
    pub value: f64,
    pub example: usize,
    pub is_ruled_out: bool,
    /// Whether they share a term that few examples have: two questions that only both ask 怎么解决 are not about one matter.
    pub is_telling: bool,
}

/// A question is compared by its first characters only: what follows is not a question.
const MAX_CHARS: usize = 400;

impl Examples {
    pub(super) fn add(&mut self, article: usize, text: &str, is_counter: bool) {
        let example = self.list.len();
        for term in terms(text) {
            self.terms.entry(term).or_default().1.push(example);
        }
        self.list.push(Example { article, text: text.to_owned(), is_counter, length: 0.0 });
    }

    /// Weighs the terms; after the last `add`.
    pub(super) fn weigh(&mut self) {
        let all = self.list.len() as f64;
        let mut squares = vec![0.0; self.list.len()];
        for (weight, examples) in self.terms.values_mut() {
            *weight = ((1.0 + all) / (1.0 + examples.len() as f64)).ln() + 0.2;
            for example in examples.iter() {
                squares[*example] += *weight * *weight;
            }
        }
        for (example, square) in self.list.iter_mut().zip(squares) {
            example.length = square.sqrt();
        }
    }

    pub(super) fn text(&self, example: usize) -> &str {
        self.list.get(example).map_or("", |e| e.text.as_str())
    }

    /// By article; those without a common term are not in it. The example `except` (its text) is left out: what is tried cannot vouch for itself.
    pub(super) fn nearest(&self, question: &str, except: Option<&str>) -> BTreeMap<usize, Likeness> {
        let mut products = vec![0.0; self.list.len()];
        let mut square = 0.0;
        let mut telling = vec![false; self.list.len()];
        // A term that no example has makes the question longer, not nearer.
        let unknown = ((1.0 + self.list.len() as f64) / 2.0).ln().max(0.2) * 0.5;
        for term in terms(question) {
            match self.terms.get(&term) {
                Some((weight, examples)) => {
                    square += weight * weight;
                    examples.iter().for_each(|e| products[*e] += weight * weight);
                    if examples.len() * RARE <= self.list.len() + RARE {
                        examples.iter().for_each(|e| telling[*e] = true);
                    }
                }
                None => square += unknown * unknown,
            }
        }
        let length = f64::sqrt(square);
        let mut best: BTreeMap<usize, (f64, usize, f64)> = BTreeMap::new();
        for (n, product) in products.into_iter().enumerate().filter(|(_, p)| *p > 0.0) {
            let example = &self.list[n];
            if except == Some(example.text.as_str()) {
                continue;
            }
            let value = product / (length * example.length).max(f64::MIN_POSITIVE);
            let entry = best.entry(example.article).or_insert((0.0, n, 0.0));
            if example.is_counter {
                entry.2 = entry.2.max(value);
            } else if value > entry.0 {
                (entry.0, entry.1) = (value, n);
            }
        }
        let likeness = |(value, example, counter): (f64, usize, f64)| Likeness {
            value,
            example,
            is_ruled_out: counter > value && counter >= COUNTER,
            is_telling: telling[example],
        };
        best.into_iter().map(|(article, found)| (article, likeness(found))).collect()
    }
}

/// A counterexample nearer than every example, and at least this near, rules an article out.
const COUNTER: f64 = 0.75;

/// A term that at most one example in so many has tells the matter.
const RARE: usize = 25;

/// The terms of a text, each once.
fn terms(text: &str) -> Vec<String> {
    let text: String = text.chars().take(MAX_CHARS).collect::<String>().to_lowercase();
    let mut out: Vec<String> = Vec::new();
    let mut before: Option<char> = None;
    let mut word = String::new();
    for c in text.chars().chain(['\n']) {
        if c.is_ascii_alphanumeric() || (c == '.' && !word.is_empty()) {
            word.push(c);
            before = None;
            continue;
        }
        if !word.is_empty() {
            out.extend(term_of(word.trim_end_matches('.')));
            word.clear();
        }
        let is_han = ('\u{3400}'..='\u{9fff}').contains(&c);
        if let (Some(first), true) = (before, is_han) {
            out.push([first, c].iter().collect());
        }
        before = is_han.then_some(c);
    }
    out.sort_unstable();
    out.dedup();
    out
}

/// Words that every question has.
const EMPTY: &[&str] =
    &["the", "a", "an", "is", "are", "to", "of", "on", "in", "for", "we", "our", "it", "this", "that", "and", "i", "you", "please"];

/// A word as a term: facts by their kind, English endings cut.
fn term_of(word: &str) -> Option<String> {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    if word.starts_with("0x") || (word.len() == 8 && word.starts_with("80") && digits >= 4) {
        return Some("#code".to_owned());
    }
    if word.strip_prefix("kb").is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit())) || (word.len() == 7 && digits == 7) {
        return Some("#kb".to_owned());
    }
    if word.contains('.') && digits + 2 >= word.len() && digits > 4 {
        return Some("#build".to_owned());
    }
    if EMPTY.contains(&word) || (word.len() == 1 && digits == 1) {
        return None;
    }
    let stem = ["ing", "ed", "es", "s"].iter().find_map(|end| word.strip_suffix(end).filter(|stem| stem.len() >= 4));
    Some(stem.unwrap_or(word).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn examples() -> Examples {
        let mut all = Examples::default();
        all.add(0, "补丁回滚的原因是什么", false);
        all.add(0, "打印机不能打印的原因是什么", true);
        all.add(1, "如何离线安装KB4577668", false);
        all.add(2, "How can we pause updates for a month?", false);
        all.weigh();
        all
    }

    #[test]
    fn nearest_by_meaningful_terms() {
        let mut all = examples();
        for (question, article, at_least) in [
            ("这次补丁回滚是什么原因", 0, 0.4),
            ("怎么离线安装 kb5005112", 1, 0.3),
            ("can updates be paused for some weeks", 2, 0.4),
            ("补丁回滚的原因是什么", 0, 0.999),
        ] {
            let found = all.nearest(question, None);
            let best = found.iter().max_by(|a, b| a.1.value.total_cmp(&b.1.value)).map(|(article, like)| (*article, like.value));
            assert!(best.is_some_and(|(n, value)| n == article && value >= at_least), "{question}: {best:?}");
        }
        assert!(all.nearest("天气怎么样", None).values().all(|l| l.value < 0.2));
        assert!(all.nearest("打印机不能打印的原因是什么", None).get(&0).is_some_and(|l| l.is_ruled_out));
        assert!(!all.nearest("补丁回滚的原因是什么", None).get(&0).is_some_and(|l| l.is_ruled_out));
        assert!(all.nearest("补丁回滚的原因是什么", None).get(&0).is_some_and(|l| l.is_telling));
        (0..60).for_each(|n| all.add(2, &format!("{}，0x80070643怎么解决", char::from_u32(0x5000 + n * 7).unwrap()), false));
        all.add(1, "0x80070643怎么解决", false);
        all.weigh();
        let generic = all.nearest("怎么解决", None);
        assert!(generic.get(&1).is_some_and(|l| l.value > 0.6 && !l.is_telling), "{generic:?}");
        assert!(all.nearest("补丁回滚的原因是什么", Some("补丁回滚的原因是什么")).get(&0).is_none_or(|l| l.value < 0.9));
    }

    #[test]
    fn facts_are_terms_of_their_kind() {
        assert_eq!(terms("KB4577668 报 0x800F0922，17763.1397"), ["#build", "#code", "#kb"]);
        assert_eq!(terms("回滚了"), ["回滚", "滚了"]);
    }
}
