//! Findings as pages show them: in the reader's language, with the place and what stands there.

use crate::case::Language;
use crate::draft::{Finding, Part};
use serde_json::{Value, json};

/// The mail that findings were made on.
pub(super) struct Checked<'a> {
    pub subject: &'a str,
    pub body: &'a str,
    pub to: &'a str,
    pub cc: &'a str,
}

/// One value for each finding, as `findings.hbs` wants it.
pub(super) fn views(findings: &[Finding], mail: &Checked<'_>, language: Language) -> Vec<Value> {
    let view = |finding: &Finding| {
        let at = finding.at.map(|at| {
            let text = match at.part {
                Part::Subject => mail.subject,
                Part::Body => mail.body,
                Part::To => mail.to,
                Part::Cc => mail.cc,
            };
            json!({ "part": at.part, "line": at.line, "column": at.column, "length": at.length, "excerpt": at.excerpt(text) })
        });
        json!({ "name": finding.name, "level": finding.level, "text": finding.text_in(language), "at": at })
    };
    findings.iter().map(view).collect()
}
