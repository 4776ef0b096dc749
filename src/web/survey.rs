//! `/survey/{token}`: the customer's rating, without login, in the language of the case.
//!
//! Opening the link records nothing (promise 18): GET shows the form, the first POST shows what was chosen with a button to
//! confirm, and only the confirmed POST is counted, once.

use super::error::see_other;
use super::session::{self, Fields, Reader};
use super::{Answer, Pages, Shared, language, page};
use crate::case::Language;
use crate::db;
use crate::db::survey::{SurveyRow, SurveyStatus};
use crate::review;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use serde_json::json;

/// A comment longer than this is cut.
const COMMENT_CHARS: usize = 2000;

pub(super) async fn show(State(pages): State<Shared>, mut reader: Reader, headers: HeaderMap, Path(token): Path<String>) -> Answer {
    let found = open(&pages, &mut reader, &headers, &token).await?;
    match found {
        Some(survey) => form(&pages, &reader, &survey, None, ""),
        None => closed(&pages, &reader),
    }
}

pub(super) async fn answer(
    State(pages): State<Shared>,
    mut reader: Reader,
    headers: HeaderMap,
    Path(token): Path<String>,
    fields: Fields,
) -> Answer {
    let Some(survey) = open(&pages, &mut reader, &headers, &token).await? else { return closed(&pages, &reader) };
    let comment: String = fields.text("comment").trim().chars().take(COMMENT_CHARS).collect();
    let score = fields.number("score").and_then(|score| u8::try_from(score).ok()).filter(|score| (1..=5).contains(score));
    let is_confirmed = fields.line("confirm") == "yes";
    match score {
        Some(score) if is_confirmed => {
            let given = Some(comment.as_str()).filter(|comment| !comment.is_empty());
            match review::rate(&pages.app, &token, score, given).await {
                Ok(()) => Ok(see_other(&format!("/survey/{}", super::error::encode(&token)))),
                Err(review::Error::Db(error)) => Err(error.into()),
                Err(_) => closed(&pages, &reader),
            }
        }
        _ => form(&pages, &reader, &survey, score, &comment),
    }
}

/// The survey when its link still works. Chooses the language: the reader's choice, else the case's.
async fn open(pages: &Pages, reader: &mut Reader, headers: &HeaderMap, token: &str) -> Result<Option<SurveyRow>, super::Error> {
    let mut tx = pages.app.db.read().await?;
    let Some(survey) = db::survey::find_by_token(&mut tx, &session::token_hash(token)).await? else { return Ok(None) };
    if language::chosen(headers).is_none() {
        let case = db::case::find(&mut tx, survey.case).await?;
        reader.language = case.map_or(Language::Zh, |case| case.language);
    }
    let is_open = survey.status == SurveyStatus::Sent && survey.expires_at.is_none_or(|at| at > pages.app.now());
    Ok(Some(survey).filter(|_| is_open))
}

fn form(pages: &Pages, reader: &Reader, survey: &SurveyRow, score: Option<u8>, comment: &str) -> Answer {
    let scores: Vec<_> = (1..=5u8).rev().map(|n| json!({ "value": n, "word": n.to_string(), "is_chosen": score == Some(n) })).collect();
    let content = json!({
        "number": survey.case_number, "title": survey.case_title,
        "scores": scores, "score": score.map(|score| score.to_string()), "comment": comment,
    });
    page::render(pages, reader, "survey", "survey.title", content)
}

/// Answered, expired or never valid: the same friendly words.
fn closed(pages: &Pages, reader: &Reader) -> Answer {
    let mut page = page::render(pages, reader, "survey_done", "survey.title", json!({}))?;
    *page.status_mut() = StatusCode::OK;
    Ok(page)
}
