//! What the desk knows: catalogue, articles, templates (the [`Kit`]) and rules. Shipped in the binary, replaced by files.
//! Sections `[catalog]`, `[templates]`, `[rules]`.

use super::read::Reader;
use super::server::reason;
use crate::app::Knowledge;
use crate::catalog::{Catalog, ERRORS, UPDATES};
use crate::draft::{Desk, Kit};
use crate::triage::{DEFAULT_RULES, Rules};
use std::path::Path;

/// None only when a problem was reported.
pub fn read(root: &Reader<'_>, desk: Desk) -> Option<Knowledge> {
    let catalog = catalog(root);
    let (rules, rules_source) = rules(root);
    let _ = (root.section("templates").path("directory"), desk, catalog);
    Some(Knowledge { kit: Kit, rules: rules?, rules_source })
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
    let rules = Rules::parse(&source, &name).map_err(|problems| {
        for problem in problems {
            let key = if problem.key.is_empty() { String::new() } else { format!("{}: ", problem.key) };
            section.problem_in(Path::new(&problem.file), (problem.line > 0).then_some(problem.line), format!("{key}{}", problem.message));
        }
    });
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
