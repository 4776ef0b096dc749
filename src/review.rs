//! Review: what a person does to drafts, cases and quarantined mails. The pages and the command line call the same functions.
//!
//! Each function is one writing transaction: load, decide (pure rooms), save guarded, event. Nothing here talks to a mail
//! server: an approval writes an outbox row in the same transaction.

mod check;
mod draft;
mod person;
mod post;
mod quarantine;

pub(crate) use check::{Wording, complete};
pub use draft::{approve, check, discard, edit, propose};
pub use person::{login_link, set_password};
pub use post::{Posting, parse_addresses, post};
pub use quarantine::{Verdict, settle_quarantined, settle_unknown};

use crate::app::App;
use crate::case::{self, CaseId, DraftId, EventKind, Priority, Stage, Status, Trigger};
use crate::daemon::propose::{self, Ground};
use crate::daemon::triage::change_status;
use crate::db::case::CaseRow;
use crate::db::{self, Tx};
use crate::draft::Finding;
use crate::sla::{self, Clock};

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Somebody else was first, or a new customer mail arrived; the text says which.
    #[error("{0}")]
    Conflict(String),
    /// Findings of level error stand in the way and are not waived.
    #[error("{} finding(s) block sending: {}", .0.len(), .0.iter().map(|f| f.text.as_str()).collect::<Vec<_>>().join("; "))]
    Blocked(Vec<Finding>),
    /// Not possible in this state, or the input is wrong.
    #[error("{0}")]
    Refused(String),
    #[error("{0} does not exist")]
    NotFound(&'static str),
    #[error(transparent)]
    Db(db::Error),
}

impl From<db::Error> for Error {
    fn from(error: db::Error) -> Error {
        match error {
            db::Error::Conflict("the case's last mail") => Error::Conflict(
                "a new mail of the customer came in after this draft was written; read it, then save the draft again".into(),
            ),
            db::Error::Conflict(what) => Error::Conflict(format!("{what} was changed meanwhile")),
            db::Error::NotFound(what) => Error::NotFound(what),
            other => Error::Db(other),
        }
    }
}
impl From<case::Refused> for Error {
    fn from(refused: case::Refused) -> Error {
        Error::Refused(refused.to_string())
    }
}

/// What a person typed over a draft.
#[derive(Debug, Clone)]
pub struct Edit<'a> {
    pub version: i64,
    pub subject: &'a str,
    pub body: &'a str,
    pub to: &'a str,
    pub cc: &'a str,
}

/// Tells open pages that something changed.
fn ring_pages(app: &App) {
    // No subscribers is no error.
    let _ = app.bells.pages.send(());
}

async fn case_of(tx: &mut Tx, id: CaseId) -> Result<CaseRow, Error> {
    db::case::find(tx, id).await?.ok_or(Error::NotFound("case"))
}

/// An event of a person.
async fn event(tx: &mut Tx, case: CaseId, draft: Option<DraftId>, at: i64, by: &str, kind: EventKind, detail: &str) -> db::Result<()> {
    let event = db::event::NewEvent { case: Some(case), message: None, draft, at, actor: by, kind: kind.as_str(), detail };
    db::event::insert(tx, &event).await
}

/// Guarded status change by a person, with its event.
async fn step_status(tx: &mut Tx, row: &CaseRow, trigger: Trigger, at: i64, by: &str, detail: &str) -> Result<Status, Error> {
    let next = case::next(row.status, trigger)?;
    if next != row.status {
        db::case::set_status(tx, row.id, row.status, next, at).await?;
        let text = format!("{} → {next}{}{detail}", row.status, if detail.is_empty() { "" } else { ": " });
        event(tx, row.id, None, at, by, EventKind::StatusChanged, &text).await?;
    }
    Ok(next)
}

/// Starts closing: status resolved and a closure draft.
pub async fn close(app: &App, id: CaseId, by: &str) -> Result<DraftId, Error> {
    let mut tx = app.db.begin().await?;
    let row = case_of(&mut tx, id).await?;
    // Closing again while the closure waits means a fresh closure draft.
    if row.status != Status::Resolved {
        step_status(&mut tx, &row, Trigger::ClosureStarted, app.now(), by, "").await?;
        event(&mut tx, id, None, app.now(), by, EventKind::ClosureStarted, "").await?;
    }
    let draft = draft::propose_in(app, &mut tx, id, Stage::Closure, by).await?;
    tx.commit().await?;
    ring_pages(app);
    Ok(draft)
}

pub async fn reopen(app: &App, id: CaseId, reason: &str, by: &str) -> Result<(), Error> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let row = case_of(&mut tx, id).await?;
    let next = case::next(row.status, Trigger::Reopened)?;
    db::case::set_status(&mut tx, id, row.status, next, now).await?;
    db::survey::cancel_of_case(&mut tx, id).await?;
    let due = |clock| sla::due(clock, row.priority, now, &app.targets, &app.calendar).map(|due| due.at);
    db::case::set_due(&mut tx, id, due(Clock::NextUpdate), due(Clock::Resolve)).await?;
    event(&mut tx, id, None, now, by, EventKind::Reopened, reason).await?;
    tx.commit().await?;
    ring_pages(app);
    Ok(())
}

pub async fn cancel(app: &App, id: CaseId, reason: &str, by: &str) -> Result<(), Error> {
    let mut tx = app.db.begin().await?;
    let row = case_of(&mut tx, id).await?;
    step_status(&mut tx, &row, Trigger::Cancelled, app.now(), by, reason).await?;
    drop_waiting_draft(&mut tx, id, by, app.now()).await?;
    event(&mut tx, id, None, app.now(), by, EventKind::Cancelled, reason).await?;
    tx.commit().await?;
    ring_pages(app);
    Ok(())
}

/// Merges into the case of that number; its mails stay where they are, new ones follow.
pub async fn merge(app: &App, id: CaseId, into: &str, by: &str) -> Result<(), Error> {
    let mut tx = app.db.begin().await?;
    let row = case_of(&mut tx, id).await?;
    let target = db::case::find_by_number(&mut tx, into).await?.ok_or(Error::NotFound("the case to merge into"))?;
    if target.id == id {
        return Err(Error::Refused("a case cannot be merged into itself".into()));
    }
    if target.status == Status::Merged {
        return Err(Error::Refused(format!("{} is merged itself", target.number)));
    }
    case::next(row.status, Trigger::Merged)?;
    db::case::merge(&mut tx, id, row.status, target.id, app.now()).await?;
    drop_waiting_draft(&mut tx, id, by, app.now()).await?;
    event(&mut tx, id, None, app.now(), by, EventKind::Merged, &target.number).await?;
    event(&mut tx, target.id, None, app.now(), by, EventKind::Merged, &format!("{} →", row.number)).await?;
    tx.commit().await?;
    ring_pages(app);
    Ok(())
}

async fn drop_waiting_draft(tx: &mut Tx, id: CaseId, by: &str, now: i64) -> Result<(), Error> {
    if let Some(draft) = db::draft::proposed_of_case(tx, id).await? {
        db::draft::discard(tx, draft.id, draft.version, by, now).await?;
        event(tx, id, Some(draft.id), now, by, EventKind::DraftDiscarded, draft.stage.as_str()).await?;
    }
    Ok(())
}

/// Assigns to the engineer of that login; None: nobody. Taking a new case makes it in_progress.
pub async fn assign(app: &App, id: CaseId, login: Option<&str>, by: &str) -> Result<(), Error> {
    let mut tx = app.db.begin().await?;
    let row = case_of(&mut tx, id).await?;
    let owner = match login {
        Some(login) => {
            let found = db::engineer::find_by_login(&mut tx, login).await?.filter(|engineer| engineer.is_active);
            Some(found.ok_or(Error::NotFound("engineer"))?.id)
        }
        None => None,
    };
    db::case::assign(&mut tx, id, owner, app.now()).await?;
    event(&mut tx, id, None, app.now(), by, EventKind::Assigned, login.unwrap_or("-")).await?;
    if owner.is_some() && !case::is_finished(row.status) {
        step_status(&mut tx, &row, Trigger::Taken, app.now(), by, "").await?;
    }
    tx.commit().await?;
    ring_pages(app);
    Ok(())
}

/// Sets the priority and counts the open targets anew from their starts.
pub async fn set_priority(app: &App, id: CaseId, priority: Priority, by: &str) -> Result<(), Error> {
    let mut tx = app.db.begin().await?;
    let row = case_of(&mut tx, id).await?;
    db::case::set_priority(&mut tx, id, priority, app.now()).await?;
    let due = |clock, priority, from| sla::due(clock, priority, from, &app.targets, &app.calendar).map(|due| due.at);
    if row.first_responded_at.is_none() {
        db::case::set_first_response_due(&mut tx, id, due(Clock::FirstResponse, priority, row.created_at)).await?;
    }
    // What the solution's clock was put off by (waiting for the customer, a reopening) stays granted.
    let before = due(Clock::Resolve, row.priority, row.created_at);
    let granted = row.resolve_due_at.zip(before).map_or(0, |(at, before)| (at - before).max(0));
    let resolve = due(Clock::Resolve, priority, row.created_at).map(|at| at + granted);
    // The next update runs from the newest mail of either side.
    let newest = row.last_inbound_at.unwrap_or(row.created_at).max(row.reminded_at.unwrap_or(i64::MIN));
    db::case::set_due(&mut tx, id, due(Clock::NextUpdate, priority, newest), resolve).await?;
    event(&mut tx, id, None, app.now(), by, EventKind::PriorityChanged, &format!("{} → {priority}", row.priority)).await?;
    tx.commit().await?;
    ring_pages(app);
    Ok(())
}

pub async fn note(app: &App, id: CaseId, text: &str, by: &str) -> Result<(), Error> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Error::Refused("an empty note says nothing".into()));
    }
    let text: String = text.chars().filter(|c| *c != '\0').take(20_000).collect();
    let mut tx = app.db.begin().await?;
    case_of(&mut tx, id).await?;
    event(&mut tx, id, None, app.now(), by, EventKind::Noted, &text).await?;
    tx.commit().await?;
    ring_pages(app);
    Ok(())
}

/// The customer's vote on the rating page: token of the link, score 1 to 5.
pub async fn rate(app: &App, token: &str, score: u8, comment: Option<&str>) -> Result<(), Error> {
    if !(1..=5).contains(&score) {
        return Err(Error::Refused("a score is a number from 1 to 5".into()));
    }
    let comment = comment.map(str::trim).filter(|comment| !comment.is_empty());
    let comment: Option<String> = comment.map(|text| text.chars().filter(|c| *c != '\0').take(4_000).collect());
    let mut tx = app.db.begin().await?;
    let survey = db::survey::find_by_token(&mut tx, &crate::survey::token_hash(token)).await?.ok_or(Error::NotFound("survey"))?;
    db::survey::answer(&mut tx, survey.id, i64::from(score), comment.as_deref(), "page", app.now()).await?;
    event(&mut tx, survey.case, None, app.now(), "customer", EventKind::SurveyAnswered, &format!("{score}/5")).await?;
    tx.commit().await?;
    ring_pages(app);
    Ok(())
}

/// A case's ground for a new draft: the request for closures and reminders, the newest mail for the others.
async fn ground_of(app: &App, tx: &mut Tx, id: CaseId, stage: Stage) -> Result<(case::MessageKey, crate::mail::Mail), Error> {
    let found = match stage {
        Stage::Progress => propose::last_of(app, tx, id).await?,
        _ => propose::request_of(app, tx, id).await?,
    };
    found.ok_or_else(|| Error::Refused("the case has no readable mail of its customer any more; its raw bytes have expired".into()))
}

/// Proposes on an existing transaction.
async fn propose_on(app: &App, tx: &mut Tx, id: CaseId, stage: Stage, by: &str) -> Result<DraftId, Error> {
    let (key, mail) = ground_of(app, tx, id, stage).await?;
    let ground = Ground { case: id, stage, mail: &mail, reply_to: Some(key), decision: None };
    Ok(propose::insert(app, &app.knowledge(), tx, &ground, by).await?)
}

/// For `draft.rs`: the status a discarded closure goes back to.
async fn undo_closing(tx: &mut Tx, row: &CaseRow, at: i64, by: &str) -> Result<(), Error> {
    if let Ok(next) = case::next(row.status, Trigger::ClosureDiscarded) {
        change_status(tx, row.id, row.status, next, at, by).await?;
    }
    Ok(())
}
