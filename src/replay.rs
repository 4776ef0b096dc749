//! What two configurations make of the same mail, compared. `casemate replay` runs stored mails through both and prints the differences.
//!
//! Pure: an [`Outcome`] is what a person would see of a decision and its draft, without reasons, which name scores and words and would
//! differ with every weight; [`compare`] lists what differs; [`Summary`] counts, so that any number of mails needs no memory.

use crate::case::text_enum;
use crate::diff;
use crate::draft::{Composed, Finding};
use crate::triage::{Decision, Placement};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

text_enum! {
    /// In what two outcomes may differ.
    Aspect {
        Kind = "kind",
        Case = "case",
        Rule = "rule",
        Stage = "stage",
        Language = "language",
        Priority = "priority",
        Category = "category",
        Owner = "owner",
        /// The articles of one question.
        Article = "article",
        Subject = "subject",
        Text = "text",
        Finding = "finding",
    }
}

/// Lines of a draft's difference that are kept.
const MAX_LINES: usize = 80;
/// Findings listed for one mail.
const MAX_FINDINGS: usize = 40;

/// What one configuration makes of a mail.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Outcome {
    pub kind: String,
    /// `new CAS-03160-B3H1K7`, `CAS-03160-B3H1K7 by reference`, `ignored: …`, `a person decides: …`.
    pub case: String,
    pub rule: Option<String>,
    pub stage: Option<String>,
    pub language: String,
    pub priority: String,
    pub category: Option<String>,
    pub owner: Option<String>,
    /// Each question with its articles; none: open.
    pub answers: Vec<(String, Vec<String>)>,
    pub subject: String,
    pub body: String,
    pub findings: Vec<Finding>,
}

/// One thing that differs. None: not there.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Difference {
    pub aspect: Aspect,
    /// Of articles: the question.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub question: Option<String>,
    pub before: Option<String>,
    pub after: Option<String>,
    /// Of the text: a unified diff, bounded, in place of `before` and `after`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<String>,
}

/// How many mails differ, and by what.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Summary {
    pub mails: u64,
    /// Larger than the limit: neither configuration would read them.
    pub too_large: u64,
    /// The stored bytes cannot be had.
    pub damaged: u64,
    pub drafts: u64,
    pub differ: u64,
    /// Mails by what differs in them; one mail may count in several.
    pub by: BTreeMap<Aspect, u64>,
}

impl Summary {
    pub fn add(&mut self, before: &Outcome, differences: &[Difference]) {
        self.mails += 1;
        self.drafts += u64::from(before.stage.is_some());
        self.differ += u64::from(!differences.is_empty());
        let aspects: BTreeSet<Aspect> = differences.iter().map(|d| d.aspect).collect();
        for aspect in aspects {
            *self.by.entry(aspect).or_default() += 1;
        }
    }
}

/// The parts of a decision and its draft that a person sees.
pub fn outcome(decision: &Decision, draft: Option<&Composed>) -> Outcome {
    let answers = draft.map(|d| d.answers.as_slice()).unwrap_or_default();
    Outcome {
        kind: decision.kind.to_string(),
        case: placed(&decision.placement),
        rule: decision.rule.clone(),
        stage: draft.map(|d| d.stage.to_string()),
        language: decision.language.to_string(),
        priority: decision.priority.to_string(),
        category: decision.category.clone(),
        owner: decision.owner.clone(),
        answers: answers.iter().map(|a| (a.question.clone(), a.article.iter().chain(&a.also).cloned().collect())).collect(),
        subject: draft.map(|d| d.subject.clone()).unwrap_or_default(),
        body: draft.map(|d| d.body.clone()).unwrap_or_default(),
        findings: draft.map(|d| d.findings.clone()).unwrap_or_default(),
    }
}

fn placed(placement: &Placement) -> String {
    match placement {
        Placement::New { number: Some(number) } => format!("new {number}"),
        Placement::New { number: None } => "new".to_owned(),
        Placement::Existing { number, how, .. } => format!("{number} by {how}"),
        Placement::Ignored { reason } => format!("ignored: {reason}"),
        Placement::Person { reason, .. } => format!("a person decides: {reason}"),
    }
}

/// What differs, in the order of [`Aspect`]; empty when a person would see no difference.
pub fn compare(before: &Outcome, after: &Outcome) -> Vec<Difference> {
    let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let mut found = Vec::new();
    let values = [
        (Aspect::Kind, text(&before.kind), text(&after.kind)),
        (Aspect::Case, text(&before.case), text(&after.case)),
        (Aspect::Rule, before.rule.clone(), after.rule.clone()),
        (Aspect::Stage, before.stage.clone(), after.stage.clone()),
        (Aspect::Language, text(&before.language), text(&after.language)),
        (Aspect::Priority, text(&before.priority), text(&after.priority)),
        (Aspect::Category, before.category.clone(), after.category.clone()),
        (Aspect::Owner, before.owner.clone(), after.owner.clone()),
    ];
    found.extend(values.into_iter().filter_map(|(aspect, before, after)| differ(aspect, None, before, after)));
    found.extend(articles(&before.answers, &after.answers));
    found.extend(differ(Aspect::Subject, None, text(&before.subject), text(&after.subject)));
    let lines = diff::unified(&before.body, &after.body, MAX_LINES);
    if !lines.is_empty() {
        found.push(Difference { aspect: Aspect::Text, question: None, before: None, after: None, lines });
    }
    found.extend(findings(&before.findings, &after.findings));
    found
}

fn differ(aspect: Aspect, question: Option<String>, before: Option<String>, after: Option<String>) -> Option<Difference> {
    (before != after).then(|| Difference { aspect, question, before, after, lines: Vec::new() })
}

/// Questions with other articles, and questions that only one of them sees. The same question asked twice is compared in order.
fn articles(before: &[(String, Vec<String>)], after: &[(String, Vec<String>)]) -> Vec<Difference> {
    let named = |articles: &[String]| if articles.is_empty() { "open".to_owned() } else { articles.join(" + ") };
    let mut left: Vec<&(String, Vec<String>)> = after.iter().collect();
    let mut found = Vec::new();
    for (question, articles) in before {
        let same = left.iter().position(|(other, _)| other == question).map(|at| left.remove(at));
        let after = same.map(|(_, articles)| named(articles));
        found.extend(differ(Aspect::Article, Some(question.clone()), Some(named(articles)), after));
    }
    found.extend(left.into_iter().filter_map(|(q, articles)| differ(Aspect::Article, Some(q.clone()), None, Some(named(articles)))));
    found
}

/// Findings that only one of them has.
fn findings(before: &[Finding], after: &[Finding]) -> Vec<Difference> {
    let mut left: Vec<&Finding> = after.iter().collect();
    let mut gone = Vec::new();
    for finding in before {
        match left.iter().position(|other| *other == finding) {
            Some(at) => drop(left.remove(at)),
            None => gone.push(finding),
        }
    }
    let shown = |finding: &Finding| Some(format!("{} {}: {}", finding.level, finding.name, finding.text));
    let gone = gone.into_iter().filter_map(|finding| differ(Aspect::Finding, None, shown(finding), None));
    let new = left.into_iter().filter_map(|finding| differ(Aspect::Finding, None, None, shown(finding)));
    gone.chain(new).take(MAX_FINDINGS).collect()
}

#[cfg(test)]
mod tests;
