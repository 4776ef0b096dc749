//! Reading `rules.toml` by hand from its spanned tree, so that every problem is found in one go and carries its line.

use super::{Conditions, Problem, Rule, Rules, STATES, compile};
use crate::mail::Kind;
use regex::Regex;
use std::str::FromStr;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

type Value<'i> = Spanned<DeValue<'i>>;
const MAX_BYTES: usize = 256 * 1024;

pub(super) fn rules(text: &str, file: &str) -> Result<Rules, Vec<Problem>> {
    let mut reader = Reader { text, file, problems: Vec::new() };
    let rules = reader.rules();
    if reader.problems.is_empty() {
        return Ok(rules);
    }
    reader.problems.sort_by_key(|p| p.line);
    Err(reader.problems)
}

struct Reader<'t> {
    text: &'t str,
    file: &'t str,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn problem(&mut self, at: usize, key: &str, message: String) {
        let line = self.line(at);
        self.problems.push(Problem { file: self.file.to_owned(), line, key: key.to_owned(), message });
    }

    fn line(&self, at: usize) -> usize {
        self.text.as_bytes().iter().take(at).filter(|b| **b == b'\n').count() + 1
    }

    fn rules(&mut self) -> Rules {
        let mut rules = Rules::default();
        if self.text.len() > MAX_BYTES {
            self.problem(0, "", format!("larger than {MAX_BYTES} bytes"));
            return rules;
        }
        let root = match DeTable::parse(self.text) {
            Ok(root) => root,
            Err(e) => {
                self.problem(e.span().map_or(0, |s| s.start), "", e.message().to_owned());
                return rules;
            }
        };
        for (key, value) in root.get_ref() {
            match (key.get_ref().as_ref(), value.get_ref().as_array()) {
                ("rule", Some(array)) => array.iter().for_each(|v| rules.rules.extend(self.rule(v))),
                ("rule", None) => self.problem(value.span().start, "rule", "write each rule under [[rule]]".to_owned()),
                (other, _) => self.problem(key.span().start, other, "unknown key; a rules file holds [[rule]] only".to_owned()),
            }
        }
        self.check_order(&rules);
        rules
    }

    fn check_order(&mut self, rules: &Rules) {
        let mut add = |line: usize, message: String| {
            self.problems.push(Problem { file: self.file.to_owned(), line, key: "rule".to_owned(), message });
        };
        for (n, rule) in rules.rules.iter().enumerate() {
            if rules.rules[..n].iter().any(|r| r.name == rule.name) {
                add(rule.line, format!("a second rule named \"{}\"", rule.name));
            }
            if rule.when.is_empty() && n + 1 < rules.rules.len() {
                add(rule.line, format!("rule \"{}\" has no condition and matches every mail: it may only be the last", rule.name));
            }
        }
    }

    fn rule(&mut self, value: &Value) -> Option<Rule> {
        let at = value.span().start;
        let Some(table) = value.get_ref().as_table() else {
            self.problem(at, "rule", "expected a table".to_owned());
            return None;
        };
        let mut rule = Rule {
            name: String::new(),
            when: Conditions::default(),
            category: None,
            priority: None,
            owner: None,
            language: None,
            articles: Vec::new(),
            draft: true,
            ignore: None,
            line: self.line(at),
        };
        for (key, v) in table {
            match key.get_ref().as_ref() {
                "name" => rule.name = self.string("name", v).unwrap_or_default(),
                "when" => self.each(v, "when", |r, k, v, at| r.condition(&mut rule.when, k, v, at)),
                "set" => self.each(v, "set", |r, k, v, at| r.effect(&mut rule, k, v, at)),
                other => self.problem(key.span().start, other, "unknown key; a rule has name, when and set".to_owned()),
            }
        }
        if rule.name.is_empty() {
            self.problem(at, "name", "a rule needs a name".to_owned());
        }
        Some(rule)
    }

    fn each(&mut self, value: &Value, name: &str, mut read: impl FnMut(&mut Self, &str, &Value, usize)) {
        match value.get_ref().as_table() {
            Some(table) => table.iter().for_each(|(k, v)| read(self, k.get_ref(), v, k.span().start)),
            None => self.problem(value.span().start, name, "expected a table".to_owned()),
        }
    }

    fn condition(&mut self, when: &mut Conditions, key: &str, v: &Value, at: usize) {
        let lower = |l: Vec<String>| l.into_iter().map(|s| s.to_lowercase()).collect();
        match key {
            "subject" => when.subject = self.regex(key, v),
            "text" => when.text = self.regex(key, v),
            "words_any" => when.words_any = lower(self.strings(key, v)),
            "words_all" => when.words_all = lower(self.strings(key, v)),
            "sender" => when.sender = self.addresses(key, v),
            "to" => when.to = self.addresses(key, v),
            "kind" => when.kind = self.strings(key, v).iter().filter_map(|s| self.closed::<Kind>(key, s, v)).collect(),
            "kb" => when.kb = self.shaped(key, v, r"^KB\d{6,8}$", "a number like KB4577668"),
            "error_code" => when.error_code = self.shaped(key, v, r"^0[xX][0-9A-Fa-f]{8}$", "a code like 0x800F0922"),
            "build" => when.build = self.shaped(key, v, r"^\d{4,6}(\.\d{1,6})?$", "a build like 17763 or 17763.1397"),
            "product" => when.product = self.strings(key, v),
            "language" => when.language = self.string(key, v).and_then(|s| self.closed(key, &s, v)),
            "state" => when.state = self.states(key, v),
            "has_attachment" => when.has_attachment = self.boolean(key, v),
            other => self.problem(
                at,
                other,
                "unknown condition, expected one of: subject, text, words_any, words_all, sender, to, kind, kb, error_code, build, product, language, state, has_attachment".to_owned(),
            ),
        }
    }

    fn effect(&mut self, rule: &mut Rule, key: &str, v: &Value, at: usize) {
        match key {
            "category" => rule.category = self.string(key, v),
            "priority" => rule.priority = self.string(key, v).and_then(|s| self.closed(key, &s, v)),
            "owner" => rule.owner = self.string(key, v),
            "language" => rule.language = self.string(key, v).and_then(|s| self.closed(key, &s, v)),
            "articles" => rule.articles = self.strings(key, v),
            "draft" => rule.draft = self.boolean(key, v).unwrap_or(true),
            "ignore" => rule.ignore = self.string(key, v),
            other => self.problem(
                at,
                other,
                "unknown effect, expected one of: category, priority, owner, language, articles, draft, ignore".to_owned(),
            ),
        }
    }

    fn string(&mut self, key: &str, v: &Value) -> Option<String> {
        match v.get_ref().as_str().map(str::trim) {
            Some(s) if !s.is_empty() && s.len() <= 2000 => Some(s.to_owned()),
            Some(_) => {
                self.problem(v.span().start, key, "is empty or longer than 2000 bytes".to_owned());
                None
            }
            None => {
                self.problem(v.span().start, key, format!("expected a string, found {}", v.get_ref().type_str()));
                None
            }
        }
    }

    /// A string or a list of strings.
    fn strings(&mut self, key: &str, v: &Value) -> Vec<String> {
        match v.get_ref().as_array() {
            Some(array) if array.is_empty() => {
                self.problem(v.span().start, key, "the list is empty".to_owned());
                Vec::new()
            }
            Some(array) => array.iter().filter_map(|v| self.string(key, v)).collect(),
            None => self.string(key, v).into_iter().collect(),
        }
    }

    fn boolean(&mut self, key: &str, v: &Value) -> Option<bool> {
        let found = v.get_ref().as_bool();
        if found.is_none() {
            self.problem(v.span().start, key, format!("expected true or false, found {}", v.get_ref().type_str()));
        }
        found
    }

    fn regex(&mut self, key: &str, v: &Value) -> Option<Regex> {
        let pattern = self.string(key, v)?;
        compile(&pattern).map_err(|e| self.problem(v.span().start, key, e)).ok()
    }

    fn closed<T: FromStr<Err = String>>(&mut self, key: &str, s: &str, v: &Value) -> Option<T> {
        s.parse().map_err(|e| self.problem(v.span().start, key, e)).ok()
    }

    fn addresses(&mut self, key: &str, v: &Value) -> Vec<String> {
        self.shaped(key, v, r"^[^@\s]*@[^@\s]+$", "an address or @domain").into_iter().map(|a| a.to_lowercase()).collect()
    }

    fn shaped(&mut self, key: &str, v: &Value, shape: &str, expected: &str) -> Vec<String> {
        let shape = Regex::new(shape).ok();
        let list = self.strings(key, v);
        for bad in list.iter().filter(|s| shape.as_ref().is_some_and(|r| !r.is_match(s))) {
            self.problem(v.span().start, key, format!("\"{bad}\": expected {expected}"));
        }
        list
    }

    fn states(&mut self, key: &str, v: &Value) -> Vec<String> {
        let list = self.strings(key, v);
        for bad in list.iter().filter(|s| !STATES.contains(&s.as_str())) {
            self.problem(v.span().start, key, format!("unknown state \"{bad}\", expected one of: {}", STATES.join(", ")));
        }
        list
    }
}
