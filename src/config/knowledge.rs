//! What the desk knows: catalogue, articles, templates (the [`Kit`]) and rules. Shipped in the binary, replaced by files.
//! Sections `[catalog]`, `[templates]`, `[rules]`.

use super::read::Reader;
use super::server::reason;
use crate::app::{Hashes, Knowledge};
use crate::catalog::{Catalog, ERRORS, UPDATES};
use crate::draft::{self, Desk, Kit};
use crate::triage::{DEFAULT_RULES, Problem, Rules};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// None only when a problem was reported.
pub fn read(root: &Reader<'_>, desk: Desk) -> Option<Knowledge> {
    let (catalog, catalogue_hash) = catalog(root);
    let (rules, rules_source) = rules(root);
    let section = root.section("templates");
    let directory = section.path("directory");
    let overrides = directory.as_deref().map_or(Some(Vec::new()), |directory| own_templates(&section, directory));
    let directory = directory.unwrap_or_else(|| "templates".into());
    // A catalogue that cannot be read was reported; the templates are looked at all the same.
    let catalog = catalog.or_else(|| Catalog::shipped().ok());
    let overrides = overrides?;
    let kit = Kit::load(desk, &overrides, catalog?).map_err(|problems| report(&section, &directory, problems)).ok()?;
    for (article, rule, line) in rules.iter().flat_map(Rules::articles) {
        if kit.articles.find(article).is_none() {
            let file = root.section("rules").path("file").unwrap_or_else(|| "rules.toml".into());
            section.problem_in(&file, Some(line), format!("rule \"{rule}\": there is no article \"{article}\""));
        }
    }
    let (templates, articles) = template_hashes(&overrides);
    let rules_hash = hash([rules_source.as_str()]);
    // The configuration is known to the caller.
    let hashes = Hashes { rules: rules_hash, templates, articles, catalogue: catalogue_hash, configuration: String::new() };
    Some(Knowledge { kit, rules: rules?, rules_source, hashes })
}

/// The first 12 hex digits of the SHA-256 of these texts, each with its length before it, so that no two lists are alike.
pub(super) fn hash<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let mut sum = Sha256::new();
    for text in texts {
        sum.update((text.len() as u64).to_be_bytes());
        sum.update(text);
    }
    short(&sum.finalize())
}

fn short(sum: &[u8]) -> String {
    sum.iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

/// Of the templates and of the articles, as they count: own files over shipped ones.
fn template_hashes(overrides: &[(String, String)]) -> (String, String) {
    let mut files: BTreeMap<&str, &str> = draft::TEMPLATES.iter().copied().collect();
    files.extend(overrides.iter().map(|(path, text)| (path.as_str(), text.as_str())));
    let of =
        |is_article: bool| hash(files.iter().filter(|(path, _)| path.starts_with("articles/") == is_article).flat_map(|(p, t)| [*p, *t]));
    (of(false), of(true))
}

/// The files and directories named in the configuration.
pub fn files(root: &Reader<'_>) -> Vec<PathBuf> {
    let named = [("catalog", "kb"), ("catalog", "errors"), ("rules", "file"), ("templates", "directory")];
    named.into_iter().filter_map(|(section, key)| root.section(section).path(key)).collect()
}

/// Reads `drafts/**` and `articles/*` below the directory: (path below it, text). None when a problem was reported.
fn own_templates(section: &Reader<'_>, directory: &Path) -> Option<Vec<(String, String)>> {
    let mut found = Vec::new();
    for part in ["drafts", "articles"] {
        let below = directory.join(part);
        if below.is_dir()
            && let Err(error) = collect(&below, directory, 0, &mut found)
        {
            section.problem("directory", format!("{} cannot be read: {}", below.display(), reason(&error)));
            return None;
        }
    }
    if !directory.is_dir() {
        section.problem("directory", format!("there is no directory {}", directory.display()));
        return None;
    }
    found.sort();
    Some(found)
}

/// Files ending in .hbs or .md, at most four directories deep.
fn collect(at: &Path, root: &Path, depth: usize, found: &mut Vec<(String, String)>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(at)? {
        let path = entry?.path();
        if path.is_dir() && depth < 4 {
            collect(&path, root, depth + 1, found)?;
        } else if path.extension().is_some_and(|e| e == "hbs" || e == "md") {
            let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned();
            found.push((name, std::fs::read_to_string(&path)?));
        }
    }
    Ok(())
}

/// Problems of another room's file, named below `directory`.
fn report(section: &Reader<'_>, directory: &Path, problems: Vec<Problem>) {
    for problem in problems {
        let key = if problem.key.is_empty() { String::new() } else { format!("{}: ", problem.key) };
        section.problem_in(&directory.join(&problem.file), (problem.line > 0).then_some(problem.line), format!("{key}{}", problem.message));
    }
}

/// The catalogue and its hash.
fn catalog(root: &Reader<'_>) -> (Option<Catalog>, String) {
    let section = root.section("catalog");
    let updates = own_file(&section, "kb");
    let errors = own_file(&section, "errors");
    let texts = [updates.as_deref().unwrap_or(UPDATES), errors.as_deref().unwrap_or(ERRORS)];
    let catalog = Catalog::from_csv(texts[0], texts[1]);
    let catalog = catalog.map_err(|error| section.problem(if updates.is_some() { "kb" } else { "errors" }, error)).ok();
    (catalog, hash(texts))
}

fn rules(root: &Reader<'_>) -> (Option<Rules>, String) {
    let section = root.section("rules");
    let name = section.path("file").map_or_else(|| "rules.toml".to_owned(), |path| path.display().to_string());
    let source = own_file(&section, "file").unwrap_or_else(|| DEFAULT_RULES.to_owned());
    let rules = Rules::parse(&source, &name).map_err(|problems| report(&section, Path::new(""), problems));
    (rules.ok(), source)
}

/// The text of the file that the key names. None: not given, or not readable, which is reported.
fn own_file(section: &Reader<'_>, key: &str) -> Option<String> {
    let path = section.path(key)?;
    let text = std::fs::read(&path)
        .map_err(|error| reason(&error))
        .and_then(|bytes| String::from_utf8(bytes).map_err(|_| "not UTF-8 text".to_owned()));
    text.map_err(|error| section.problem(key, format!("{} cannot be read: {error}", path.display()))).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_and_every_border_counts() {
        assert_eq!(hash([]), "e3b0c44298fc", "SHA-256 of nothing");
        assert_ne!(hash(["ab", "c"]), hash(["a", "bc"]));
        assert_eq!(hash(["规则"]).len(), 12);
        let own = |path: &str, text: &str| template_hashes(&[(path.to_owned(), text.to_owned())]);
        let shipped = template_hashes(&[]);
        let article = own("articles/rollback-causes.md", "x");
        assert_eq!(shipped.0, article.0, "an article is no template");
        assert_ne!(shipped.1, article.1);
        let (path, text) = draft::TEMPLATES[0];
        assert_eq!(own(path, text), shipped, "an own file with the shipped text changes nothing");
    }
}
