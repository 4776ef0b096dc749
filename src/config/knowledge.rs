//! What the desk knows: catalogue, articles, templates (the [`Kit`]) and rules. Shipped in the binary, replaced by files.
//! Sections `[catalog]`, `[templates]`, `[rules]`.

use super::read::Reader;
use super::server::reason;
use crate::app::Knowledge;
use crate::catalog::{Catalog, ERRORS, UPDATES};
use crate::draft::{Desk, Kit};
use crate::triage::{DEFAULT_RULES, Problem, Rules};
use std::path::{Path, PathBuf};

/// None only when a problem was reported.
pub fn read(root: &Reader<'_>, desk: Desk) -> Option<Knowledge> {
    let catalog = catalog(root);
    let (rules, rules_source) = rules(root);
    let section = root.section("templates");
    let directory = section.path("directory");
    let overrides = directory.as_deref().map_or(Some(Vec::new()), |directory| own_templates(&section, directory));
    let directory = directory.unwrap_or_else(|| "templates".into());
    // A catalogue that cannot be read was reported; the templates are looked at all the same.
    let catalog = catalog.or_else(|| Catalog::shipped().ok());
    let kit = Kit::load(desk, &overrides?, catalog?).map_err(|problems| report(&section, &directory, problems)).ok()?;
    for (article, rule, line) in rules.iter().flat_map(Rules::articles) {
        if kit.articles.find(article).is_none() {
            let file = root.section("rules").path("file").unwrap_or_else(|| "rules.toml".into());
            section.problem_in(&file, Some(line), format!("rule \"{rule}\": there is no article \"{article}\""));
        }
    }
    Some(Knowledge { kit, rules: rules?, rules_source })
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

fn catalog(root: &Reader<'_>) -> Option<Catalog> {
    let section = root.section("catalog");
    let updates = own_file(&section, "kb");
    let errors = own_file(&section, "errors");
    let catalog = Catalog::from_csv(updates.as_deref().unwrap_or(UPDATES), errors.as_deref().unwrap_or(ERRORS));
    catalog.map_err(|error| section.problem(if updates.is_some() { "kb" } else { "errors" }, error)).ok()
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
