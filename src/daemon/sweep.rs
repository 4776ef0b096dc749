//! Sweep: what the clock brings about. Reminders for silent customers become drafts, surveys that are due go out, unknown outcomes are looked
//! up in the Sent mailbox, sessions, links, surveys and old raw mail expire, and a year missing from the working calendar is said aloud.

use super::propose::{self, Extra, Ground};
use super::{Step, note};
use crate::app::App;
use crate::case::{EventKind, Millis, Stage, Status};
use crate::db::case::CaseRow;
use crate::db::outbox::{OutboxRow, OutboxStatus};
use crate::db::survey::SurveyRow;
use crate::{db, imap, review, survey};
use anyhow::Context;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

/// Rows looked at in one step.
const BATCH: i64 = 100;

/// One look around. A part that fails does not keep the others from their work; the first error is the step's.
pub async fn step(app: &Arc<App>) -> anyhow::Result<Step> {
    warn_of_missing_years(app);
    let reminded = super::caught(remind(app)).await.context("proposing reminders");
    let surveyed = super::caught(send_surveys(app)).await.context("sending surveys");
    let reconciled = super::caught(reconcile(app)).await.context("looking up unknown outcomes");
    let expired = super::caught(expire(app)).await.context("expiring");
    let checked = super::caught(hourly(app)).await.context("expiring raw mail, checking the mail account");
    let worked = reminded? | surveyed?;
    reconciled?;
    expired?;
    checked?;
    Ok(if worked { Step::Worked } else { Step::Idle })
}

fn warn_of_missing_years(app: &App) {
    let now = app.now();
    // Sixty days ahead: the State Council's notice for a year comes in November of the year before.
    let missing = app.calendar.missing_years(now, now + 60 * 86_400_000);
    let years = missing.iter().map(i16::to_string).collect::<Vec<_>>().join(", ");
    if app.warn("calendar", (!missing.is_empty()).then(|| years.clone())) {
        tracing::warn!(years, "the working calendar has no data for a year that is near");
    }
}

/// Raw mails deleted in one step.
const EXPIRED: u64 = 500;

/// What has to look at all mails, once an hour: old raw mail expires, the books are checked (promise 5).
async fn hourly(app: &App) -> anyhow::Result<()> {
    let now = app.now();
    let (hour, last) = (now / 3_600_000, &app.metrics.swept_hour);
    if last.load(Relaxed) == hour {
        return Ok(());
    }
    let mut tx = app.db.begin().await?;
    let raw = db::message::expire_raw(&mut tx, now - app.settings.raw_keep_ms, EXPIRED as i64).await?;
    tx.commit().await?;
    if raw > 0 {
        tracing::info!(raw, "raw mails expired");
    }
    if raw >= EXPIRED {
        return Ok(()); // more at the next look
    }
    let account = db::account::load(&mut app.db.read().await?).await?;
    if app.warn("books", (!account.balances).then(String::new)) {
        tracing::error!(account.sightings, account.duplicates, account.messages, "the mail account does not balance");
    }
    last.store(hour, Relaxed);
    Ok(())
}

/// Proposes reminders for customers silent for long enough in business time.
async fn remind(app: &App) -> anyhow::Result<bool> {
    let settings = &app.settings;
    if settings.reminder_max == 0 {
        return Ok(false);
    }
    let now = app.now();
    let mut tx = app.db.read().await?;
    // Business time never runs faster than the wall clock, so this finds all that may be due.
    let silent = db::case::list_silent(&mut tx, now - settings.reminder_after_minutes * 60_000, settings.reminder_max, BATCH).await?;
    drop(tx);
    let is_due = |row: &&CaseRow| {
        let since = row.waiting_since_at.max(row.reminded_at);
        since.is_some_and(|since| app.calendar.minutes_between(since, now) >= settings.reminder_after_minutes)
    };
    let mut worked = false;
    for row in silent.iter().filter(is_due) {
        match super::caught(remind_one(app, row)).await {
            Ok(proposed) => worked |= proposed,
            // The other cases are not to wait for this one.
            Err(error) => {
                tracing::error!(case.id = row.id.0, error = super::describe(&error), "no reminder could be proposed for this case")
            }
        }
    }
    Ok(worked)
}

async fn remind_one(app: &App, row: &CaseRow) -> anyhow::Result<bool> {
    let knowledge = app.knowledge();
    let mut tx = app.db.begin().await?;
    // Between the two transactions a draft may have been proposed, or the customer may have written.
    let is_waiting = db::case::find(&mut tx, row.id).await?.is_some_and(|now| now.status == row.status);
    if !is_waiting || db::draft::proposed_of_case(&mut tx, row.id).await?.is_some() {
        return Ok(false);
    }
    let Some((key, mail)) = propose::request_of(app, &mut tx, row.id).await? else { return Ok(false) };
    let ground = Ground { case: row.id, stage: Stage::Reminder, mail: &mail, reply_to: Some(key), decision: None };
    let draft = propose::insert(app, &knowledge, &mut tx, &ground, propose::ACTOR).await?;
    tx.commit().await?;
    if app.settings.automatic_stages.contains(&Stage::Reminder) {
        let version = 1; // just written
        if let Err(error) = review::approve(app, draft, version, None, propose::ACTOR).await {
            tracing::warn!(case.id = row.id.0, %error, "the reminder waits for a person");
        }
    }
    Ok(true)
}

async fn send_surveys(app: &App) -> anyhow::Result<bool> {
    let mut tx = app.db.read().await?;
    let due = db::survey::list_due(&mut tx, app.now(), BATCH).await?;
    drop(tx);
    for survey in &due {
        let Err(error) = super::caught(send_survey(app, survey)).await else { continue };
        match error.downcast_ref::<db::Error>() {
            Some(db::Error::Conflict(_)) => continue, // another process was first
            Some(trouble) if super::triage::is_trouble_of_the_database(trouble) => return Err(error),
            _ => {}
        }
        let error = super::describe(&error);
        tracing::error!(case.id = survey.case.0, error, "the survey of this case could not be sent; it is given up");
        give_up_survey(app, survey, &error).await?;
    }
    if !due.is_empty() {
        app.bells.deliver.notify_one();
    }
    Ok(!due.is_empty())
}

/// A survey that cannot be built would be due for ever, in front of all others.
async fn give_up_survey(app: &App, survey: &SurveyRow, why: &str) -> anyhow::Result<()> {
    let mut tx = app.db.begin().await?;
    db::survey::cancel_of_case(&mut tx, survey.case).await?;
    note(&mut tx, survey.case, EventKind::SendFailed, app.now(), (None, None), &format!("survey: {why}")).await?;
    Ok(tx.commit().await?)
}

/// The survey mail leaves without approval when the configuration says so, else it becomes a draft. Its link's token is known to the mail
/// alone; the database has its hash.
async fn send_survey(app: &App, due: &SurveyRow) -> anyhow::Result<()> {
    let (now, knowledge) = (app.now(), app.knowledge());
    let mut tx = app.db.begin().await?;
    let Some(row) = db::case::find(&mut tx, due.case).await? else { anyhow::bail!("the case is gone") };
    let request = propose::request_of(app, &mut tx, row.id).await?;
    let Some((key, mail)) = request.filter(|_| row.status == Status::Archived) else {
        // Merged meanwhile, or nobody left to ask.
        db::survey::cancel_of_case(&mut tx, row.id).await?;
        tx.commit().await?;
        return Ok(());
    };
    let token = propose::secret_token();
    let url = format!("{}/survey/{token}", app.settings.base_url);
    let ground = Ground { case: row.id, stage: Stage::Survey, mail: &mail, reply_to: Some(key), decision: None };
    let extra = Extra { token: row.token.as_deref(), sent_initial: None, survey_url: Some(&url) };
    let composed = propose::compose_for(&knowledge, &row, &ground, &extra);
    db::survey::mark_sent(&mut tx, due.id, &survey::token_hash(&token), now, now + app.settings.survey_valid_ms).await?;
    if app.settings.automatic_stages.contains(&Stage::Survey) {
        let (to, _) = propose::recipients(app, &mail, &row);
        let post = review::Posting {
            case: &row,
            draft: None,
            stage: Stage::Survey,
            to,
            cc: Vec::new(),
            subject: &composed.subject,
            body: &composed.body,
            token: row.token.as_deref(),
            reply_to: mail.message_id.as_deref(),
            is_automatic: true,
        };
        review::post(app, &mut tx, &post).await.map_err(|error| match error {
            review::Error::Db(error) => error.into(),
            error => anyhow::anyhow!("the survey of {} cannot be built: {error}", row.number),
        })?;
    } else {
        propose::insert_composed(app, &mut tx, &row, &ground, &composed, row.token.clone(), "casemate").await?;
    }
    note(&mut tx, row.id, EventKind::SurveySent, now, (None, None), "").await?;
    tx.commit().await?;
    Ok(())
}

/// A mail with unknown outcome that lies in the Sent mailbox has been sent: the copy is stored by the provider on acceptance.
async fn reconcile(app: &App) -> anyhow::Result<()> {
    let Some((account, mailbox)) = &app.settings.sent_mailbox else { return Ok(()) };
    let mut tx = app.db.read().await?;
    let unknown = db::outbox::list(&mut tx, OutboxStatus::Unknown, 20).await?;
    drop(tx);
    if unknown.is_empty() {
        return Ok(());
    }
    match find_in_sent(account, mailbox, &unknown).await {
        Ok(found) => {
            for row in found {
                if let Err(error) = settle_found(app, row).await {
                    tracing::warn!(
                        outbox.id = row.id.0,
                        error = super::describe(&error),
                        "a mail found in the Sent mailbox could not be settled"
                    );
                }
            }
        }
        Err(error) => tracing::warn!(%error, "the Sent mailbox could not be searched for mails with unknown outcome"),
    }
    Ok(())
}

async fn find_in_sent<'a>(account: &imap::Account, mailbox: &str, unknown: &'a [OutboxRow]) -> Result<Vec<&'a OutboxRow>, imap::Error> {
    let mut session = imap::open(account, true).await?;
    let mut found = Vec::new();
    for row in unknown {
        if session.has_message_id(mailbox, &row.message_id).await? {
            found.push(row);
        }
    }
    session.logout().await;
    Ok(found)
}

async fn settle_found(app: &App, row: &OutboxRow) -> anyhow::Result<()> {
    let mut tx = app.db.begin().await?;
    db::outbox::settle_unknown(&mut tx, row.id, OutboxStatus::Sent, "found in the Sent mailbox", app.now()).await?;
    super::deliver::after_sent(app, &mut tx, row, app.now()).await?;
    note(&mut tx, row.case, EventKind::SendDecided, app.now(), (Some(row.message), row.draft), "found in the Sent mailbox").await?;
    tx.commit().await?;
    Ok(())
}

async fn expire(app: &App) -> anyhow::Result<()> {
    let now: Millis = app.now();
    let mut tx = app.db.begin().await?;
    let sessions = db::engineer::expire(&mut tx, now).await?;
    let surveys = db::survey::expire(&mut tx, now).await?;
    tx.commit().await?;
    if sessions + surveys > 0 {
        tracing::info!(sessions, surveys, "expired");
    }
    Ok(())
}
