//! The buttons about a case and about mails whose delivery is unknown: each one call of [`crate::review`], then back to the case.

use super::case::path;
use super::error::see_other;
use super::session::Posted;
use super::{Answer, Error, Pages, Shared, page};
use crate::case::{CaseId, OutboxId, Role, Stage};
use crate::db;
use crate::review;
use axum::extract::{Path, State};

/// The case's id and its number as stored.
async fn find(pages: &Pages, number: &str) -> Result<(CaseId, String), Error> {
    let mut tx = pages.app.db.read().await?;
    let case = db::case::find_by_number(&mut tx, &number.to_uppercase()).await?.ok_or(Error::NotFound)?;
    Ok((case.id, case.number))
}

/// The field, or a page that says that a reason is needed.
fn needed<'a>(posted: &'a Posted, field: &str) -> Result<&'a str, Error> {
    let missing = || Error::Refused(page::word(&posted.signed.reader, &format!("missing.{field}")));
    posted.fields.given(field).ok_or_else(missing)
}

/// Engineers take cases and give them back; leads also give them to others.
pub(super) async fn assign(State(pages): State<Shared>, Path(number): Path<String>, posted: Posted) -> Answer {
    let login = posted.fields.given("owner");
    if login.is_some_and(|login| login != posted.signed.login()) {
        posted.signed.require(Role::Lead)?;
    }
    let (case, number) = find(&pages, &number).await?;
    review::assign(&pages.app, case, login, posted.signed.login()).await?;
    Ok(see_other(&path(&number, "assigned")))
}

pub(super) async fn set_priority(State(pages): State<Shared>, Path(number): Path<String>, posted: Posted) -> Answer {
    let priority = posted.fields.line("priority").parse().map_err(|_| Error::NotFound)?;
    let (case, number) = find(&pages, &number).await?;
    review::set_priority(&pages.app, case, priority, posted.signed.login()).await?;
    Ok(see_other(&path(&number, "changed")))
}

pub(super) async fn note(State(pages): State<Shared>, Path(number): Path<String>, posted: Posted) -> Answer {
    needed(&posted, "note")?;
    let (case, number) = find(&pages, &number).await?;
    review::note(&pages.app, case, posted.fields.text("note").trim(), posted.signed.login()).await?;
    Ok(see_other(&path(&number, "noted")))
}

pub(super) async fn propose(State(pages): State<Shared>, Path(number): Path<String>, posted: Posted) -> Answer {
    let stage = match posted.fields.line("stage").parse().map_err(|_| Error::NotFound)? {
        stage @ (Stage::InitialResponse | Stage::Progress | Stage::Reminder) => stage,
        // Closing changes the status too and has its own button; surveys are sent by their delay.
        Stage::Closure | Stage::Survey => return Err(Error::NotFound),
    };
    let (case, number) = find(&pages, &number).await?;
    review::propose(&pages.app, case, stage, posted.signed.login()).await?;
    Ok(see_other(&path(&number, "proposed")))
}

pub(super) async fn close(State(pages): State<Shared>, Path(number): Path<String>, posted: Posted) -> Answer {
    let (case, number) = find(&pages, &number).await?;
    review::close(&pages.app, case, posted.signed.login()).await?;
    Ok(see_other(&path(&number, "closing")))
}

pub(super) async fn reopen(State(pages): State<Shared>, Path(number): Path<String>, posted: Posted) -> Answer {
    let (case, number) = find(&pages, &number).await?;
    review::reopen(&pages.app, case, needed(&posted, "reason")?, posted.signed.login()).await?;
    Ok(see_other(&path(&number, "reopened")))
}

pub(super) async fn cancel(State(pages): State<Shared>, Path(number): Path<String>, posted: Posted) -> Answer {
    posted.signed.require(Role::Lead)?;
    let (case, number) = find(&pages, &number).await?;
    review::cancel(&pages.app, case, needed(&posted, "reason")?, posted.signed.login()).await?;
    Ok(see_other(&path(&number, "cancelled")))
}

pub(super) async fn merge(State(pages): State<Shared>, Path(number): Path<String>, posted: Posted) -> Answer {
    posted.signed.require(Role::Lead)?;
    let (case, number) = find(&pages, &number).await?;
    review::merge(&pages.app, case, &needed(&posted, "into")?.to_uppercase(), posted.signed.login()).await?;
    Ok(see_other(&path(&number, "merged")))
}

pub(super) async fn arrived(State(pages): State<Shared>, Path(id): Path<String>, posted: Posted) -> Answer {
    settle(&pages, &id, &posted, true).await
}

pub(super) async fn send_again(State(pages): State<Shared>, Path(id): Path<String>, posted: Posted) -> Answer {
    settle(&pages, &id, &posted, false).await
}

async fn settle(pages: &Pages, id: &str, posted: &Posted, has_arrived: bool) -> Answer {
    let id = id.parse().map(OutboxId).map_err(|_| Error::NotFound)?;
    let mut tx = pages.app.db.read().await?;
    let row = db::outbox::find(&mut tx, id).await?.ok_or(Error::NotFound)?;
    drop(tx);
    review::settle_unknown(&pages.app, id, has_arrived, posted.signed.login()).await?;
    Ok(see_other(&path(&row.case_number, if has_arrived { "settled_arrived" } else { "settled_again" })))
}
