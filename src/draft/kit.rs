//! The kit: desk, templates, articles and catalogue, read and checked once, used for every draft.
//!
//! Shipped templates are in the binary; a configured directory overrides them by path. Everything that can be wrong with a
//! template is found here, all of it at once: what a draft meets later is only data.

use super::article::{self, Articles, Source};
use super::context::{self, Context};
use super::{Desk, embedded, problem, template};
use crate::case::{Language, Stage};
use crate::catalog::Catalog;
use crate::triage::Problem;
use handlebars::Handlebars;
use std::collections::{BTreeMap, BTreeSet};

/// Templates compiled under `<stage>/<language>/{subject,body}`, `parts/<language>/<name>`, `articles/<language>/<slug>`.
#[derive(Debug, Clone)]
pub struct Templates {
    pub(super) registry: Handlebars<'static>,
}

/// Everything a draft is made with.
#[derive(Debug, Clone)]
pub struct Kit {
    pub desk: Desk,
    pub templates: Templates,
    pub articles: Articles,
    pub catalog: Catalog,
}

impl Kit {
    /// Reads the shipped templates, overridden by name. `overrides`: path below the template directory
    /// (`drafts/closure/zh/body.hbs`, `articles/x.md`; `pages/…` is not ours and skipped) and text. Errors: every problem.
    pub fn load(desk: Desk, overrides: &[(String, String)], catalog: Catalog) -> Result<Kit, Vec<Problem>> {
        let shipped = embedded::TEMPLATES.iter().map(|(path, text)| (path.to_string(), text.to_string()));
        let mut files: BTreeMap<String, String> = shipped.collect();
        let mut loader = Loader::new(&desk);
        for (path, text) in overrides.iter().filter(|(p, _)| !p.starts_with("pages/")) {
            let is_new_article = path.starts_with("articles/") && path.ends_with(".md");
            if files.contains_key(path) || is_new_article || is_new_part(path) {
                files.insert(path.clone(), text.replace("\r\n", "\n"));
            } else {
                loader.problem(path, 0, "", "no template has this name".to_owned());
            }
        }
        files.iter().for_each(|(path, text)| loader.file(path, text));
        loader.check_partials();
        loader.check_aliases();
        let articles = Articles::new(&loader.sources, &catalog);
        if loader.problems.is_empty() {
            loader.check_samples();
        }
        let (problems, registry) = (loader.problems, loader.registry);
        match articles {
            Ok(articles) if problems.is_empty() => Ok(Kit { desk, templates: Templates { registry }, articles, catalog }),
            Ok(_) => Err(problems),
            Err(bad) => Err(problems.into_iter().chain(bad.into_iter().map(|(path, message)| at(&path, 1, "", message))).collect()),
        }
    }
}

impl Kit {
    /// Subject and body of a stage with the sample case, as they are checked at load.
    pub fn preview(&self, stage: Stage, language: Language) -> Result<(String, String), String> {
        let sample = serde_json::to_value(context::sample(&self.desk, language)).map_err(|error| error.to_string())?;
        let data = handlebars::Context::from(sample);
        let part = |part: &str| template::render(&self.templates.registry, &format!("{stage}/{language}/{part}"), &data);
        Ok((problem::one_line(&part("subject")?, 400), part("body")?))
    }

    /// Names of all templates of drafts and their parts, `closure/zh/body`, in order; articles are listed by themselves.
    pub fn template_names(&self) -> Vec<&str> {
        let names = self.templates.registry.get_templates().keys().map(String::as_str);
        let mut names: Vec<&str> = names.filter(|name| !name.starts_with("articles/")).collect();
        names.sort_unstable();
        names
    }
}

fn is_new_part(path: &str) -> bool {
    path.starts_with("drafts/parts/") && path.ends_with(".hbs")
}

fn at(path: &str, line: usize, key: &str, message: String) -> Problem {
    Problem { file: path.to_owned(), line, key: key.to_owned(), message }
}

struct Loader {
    registry: Handlebars<'static>,
    samples: Vec<(Language, serde_json::Value)>,
    sources: Vec<Source>,
    /// Template name to its file, and the names it includes with their lines.
    names: BTreeMap<String, (String, Vec<(usize, String)>)>,
    problems: Vec<Problem>,
}

impl Loader {
    fn new(desk: &Desk) -> Loader {
        let sample = |l: &Language| (*l, serde_json::to_value(context::sample(desk, *l)).unwrap_or_default());
        Loader {
            registry: template::registry(),
            samples: Language::ALL.iter().map(sample).collect(),
            sources: Vec::new(),
            names: BTreeMap::new(),
            problems: Vec::new(),
        }
    }

    fn problem(&mut self, path: &str, line: usize, key: &str, message: String) {
        self.problems.push(at(path, line, key, message));
    }

    fn file(&mut self, path: &str, text: &str) {
        if path.starts_with("articles/") {
            if text.len() > template::MAX_BYTES {
                return self.problem(path, 0, "", format!("larger than {} bytes", template::MAX_BYTES));
            }
            match article::read(path, text) {
                Ok(source) => {
                    let name = format!("articles/{}/{}", source.language, source.slug);
                    if self.names.contains_key(&name) {
                        return self.problem(path, 1, "language", format!("a second article \"{}\" in {}", source.slug, source.language));
                    }
                    self.template(path, &name, source.language, &source.body, source.offset);
                    self.sources.push(source);
                }
                Err((line, message)) => self.problem(path, line, "", message),
            }
            return;
        }
        let name = path.strip_prefix("drafts/").and_then(|p| p.strip_suffix(".hbs")).unwrap_or(path);
        match name.split('/').nth(1).map(str::parse::<Language>) {
            Some(Ok(language)) => self.template(path, name, language, text, 0),
            _ => self.problem(path, 0, "", "expected drafts/<stage>/<language>/<name>.hbs".to_owned()),
        }
    }

    fn template(&mut self, path: &str, name: &str, language: Language, source: &str, offset: usize) {
        let sample = self.samples.iter().find(|s| s.0 == language).map(|s| &s.1).unwrap_or(&serde_json::Value::Null);
        let (compiled, lint) = template::compile(name, source, sample);
        for (line, message) in lint.problems {
            self.problem(path, line + offset, "", message);
        }
        let partials = lint.partials.into_iter().map(|(line, name)| (line + offset, name)).collect();
        self.names.insert(name.to_owned(), (path.to_owned(), partials));
        if let Some(compiled) = compiled {
            self.registry.register_template(name, compiled);
        }
    }

    /// An alias is no article's name and no other's alias.
    fn check_aliases(&mut self) {
        let mut owners: BTreeMap<&str, &str> = self.sources.iter().map(|s| (s.slug.as_str(), s.slug.as_str())).collect();
        let mut found = Vec::new();
        for source in &self.sources {
            for alias in source.aliases() {
                let owner = *owners.entry(alias).or_insert(&source.slug);
                if owner != source.slug {
                    found.push(at(&source.path, 1, "aliases", format!("\"{alias}\" is a name of the article \"{owner}\"")));
                }
            }
        }
        self.problems.extend(found);
    }

    /// Every partial exists, and none includes itself.
    fn check_partials(&mut self) {
        let mut found = Vec::new();
        for (path, partials) in self.names.values() {
            for (line, name) in partials.iter().filter(|(_, n)| !self.names.contains_key(n)) {
                found.push(at(path, *line, "", format!("no template or article is called \"{name}\"")));
            }
        }
        for (name, (path, _)) in &self.names {
            let (mut open, mut seen) = (vec![name.as_str()], BTreeSet::new());
            while let Some(next) = open.pop() {
                for (_, inner) in self.names.get(next).map_or(&[][..], |n| &n.1) {
                    if inner == name {
                        found.push(at(path, 0, "", "includes itself".to_owned()));
                        open.clear();
                        break;
                    }
                    if seen.insert(inner.as_str()) {
                        open.push(inner);
                    }
                }
            }
        }
        self.problems.extend(found);
    }

    /// Renders every template with the full sample and with an empty one.
    fn check_samples(&mut self) {
        let mut found = Vec::new();
        let empty = serde_json::to_value(Context::default()).unwrap_or_default();
        for (name, (path, _)) in &self.names {
            let full = self.samples.iter().filter(|(l, _)| name.split('/').nth(1) == Some(l.as_str())).map(|s| &s.1);
            for sample in full.chain([&empty]) {
                if let Err(e) = template::render(&self.registry, name, &handlebars::Context::from(sample.clone())) {
                    found.push(at(path, 0, "", e));
                    break;
                }
            }
        }
        for stage in Stage::ALL {
            for (language, part) in Language::ALL.iter().flat_map(|l| [(l, "subject"), (l, "body")]) {
                let name = format!("{stage}/{language}/{part}");
                if !self.names.contains_key(&name) {
                    found.push(at(&format!("drafts/{name}.hbs"), 0, "", "missing".to_owned()));
                }
            }
        }
        self.problems.extend(found);
    }
}

#[cfg(test)]
mod tests;
