//! Trying the example questions of articles: each must find its article first and above the threshold, or must not.
//!
//! An example is a question as a customer writes it, optionally followed by ` | ` and the rest of his mail, which tells the
//! matter. It is read by the mail reader like any mail. An example does not vouch for itself: likeness to its own text does not count.

use super::article::{Example, THRESHOLD};
use super::{CaseView, Kit, Request, compose, context};
use crate::case::{Language, Stage};
use crate::mail;

/// What became of one example.
#[derive(Debug, Clone, PartialEq)]
pub struct Trial {
    pub example: Example,
    /// The best article and its score; below the threshold the question stays open.
    pub first: Option<(String, f64)>,
    pub is_answered: bool,
    pub passed: bool,
}

/// Tries the examples of one article (its slug or an alias), or of all.
pub fn try_examples(kit: &Kit, only: Option<&str>) -> Vec<Trial> {
    let slug = only.map(|name| kit.articles.find(name).map_or(name, |article| article.slug.as_str()));
    let wanted = kit.articles.examples().iter().filter(|example| slug.is_none_or(|slug| slug == example.slug));
    wanted.map(|example| try_one(kit, example)).collect()
}

fn try_one(kit: &Kit, example: &Example) -> Trial {
    let (question, rest) = example.question.split_once(" | ").unwrap_or((example.question.as_str(), ""));
    let first = best(kit, question.trim(), rest.trim(), &example.question, example.language);
    let is_answered = first.as_ref().is_some_and(|(_, score)| *score >= THRESHOLD);
    let is_ours = is_answered && first.as_ref().is_some_and(|(slug, _)| *slug == example.slug);
    Trial { passed: is_ours == example.must_match, example: example.clone(), first, is_answered }
}

/// The best article for a question in a mail that says `rest` beside it.
fn best(kit: &Kit, question: &str, rest: &str, except: &str, language: Language) -> Option<(String, f64)> {
    let raw = format!("From: a@customer.example\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{rest}\r\n\r\n{question}\r\n");
    let mail = mail::parse(raw.as_bytes(), &mail::Settings::default());
    let request = Request {
        stage: Stage::InitialResponse,
        language,
        mail: &mail,
        case: CaseView::default(),
        sent_initial: None,
        reminder_no: 0,
        survey_url: None,
        rule_articles: &[],
        engineer: None,
        received_at: 0,
    };
    let context = context::context(kit, &request);
    let offer = compose::offer(&context, &mail);
    let about = kit.articles.about(&compose::told(&context, &mail), &offer);
    let candidates = kit.articles.candidates_but(question, &about, &offer, language, Some(except));
    candidates.into_iter().next().map(|candidate| (candidate.slug, candidate.score))
}
