//! What the desk knows: catalogue, articles, templates (the [`Kit`]) and rules. Shipped in the binary, replaced by files.
//! Sections `[catalog]`, `[templates]`, `[rules]`.

use super::problem::Problems;
use super::read::Reader;
use super::server::reason;
use crate::app::Knowledge;
use crate::catalog::{Catalog, ERRORS, UPDATES};
use crate::draft::{Desk, Kit};
use crate::triage::Rules;
use crate::triage::rules::DEFAULT_RULES;
use std::path::Path;

/// None only when a problem was reported.
pub fn read(root: &Reader<'_>, desk: Desk) -> Option<Knowledge> {
    todo!()
}
