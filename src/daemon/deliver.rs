//! Deliver: one due outbox row at a time to the relay, and what became of it as a value.
//!
//! Between `claimed` and `sending` nothing has been handed over: a crash there repeats safely. From `sending` on the outcome may be
//! unknown: after a crash, a lost line or a time-out the row shows `unknown` and is never blindly repeated (promise 16). No
//! transaction is open while the network is talked to. A folder relay is idempotent: the Message-ID is the file name.

use super::{Step, note, random_fraction};
use crate::app::{App, Relay};
use crate::case::{self, EventKind, Millis, Stage, Trigger};
use crate::db::message;
use crate::db::outbox::{self, OutboxRow, OutboxStatus};
use crate::db::{self, Tx};
use crate::sla::{self, Clock};
use crate::smtp::{self, Outcome};
use crate::{folder, imap};
use anyhow::Context;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

/// At start: what was claimed is due again, what was being handed over is unknown.
pub async fn recover(app: &App) -> anyhow::Result<()> {
    let mut tx = app.db.begin().await?;
    for row in outbox::recover(&mut tx, app.now()).await? {
        if matches!(app.settings.relay, Relay::Folder(_)) {
            // Writing the same file again does no harm.
            outbox::settle_unknown(&mut tx, row.id, OutboxStatus::Due, "written again after a stop", app.now()).await?;
            continue;
        }
        note_unknown(&mut tx, &row, app.now(), "casemate stopped while handing the mail over").await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Sends one due mail.
pub async fn step(app: &Arc<App>) -> anyhow::Result<Step> {
    let mut tx = app.db.read().await?;
    let due_at = outbox::next_due_at(&mut tx).await?;
    drop(tx);
    match due_at {
        Some(at) if at <= app.now() => {}
        Some(at) => {
            ring_at(app, at);
            return Ok(Step::Idle);
        }
        None => return Ok(Step::Idle),
    }
    let mut tx = app.db.begin().await?;
    let Some(row) = outbox::claim_due(&mut tx, app.now()).await? else { return Ok(Step::Idle) };
    if let Some(why) = overtaken(&mut tx, &row).await? {
        give_up(&mut tx, &row, app.now(), why).await?;
        tx.commit().await?;
        ring_pages(app);
        return Ok(Step::Worked);
    }
    let raw = match message::raw(&mut tx, row.message).await {
        Err(db::Error::Damaged(text)) => Err(text),
        other => Ok(other?),
    };
    tx.commit().await?;
    crate::crash_point!("deliver.claimed");
    let outcome = match &raw {
        Ok(Some(raw)) => hand_over(app, &row, raw).await,
        Ok(None) => Outcome::Permanent { code: None, reply: "the bytes of this mail have expired".into() },
        Err(damage) => Outcome::Permanent { code: None, reply: damage.clone() },
    };
    record_surely(app, &row, &outcome).await?;
    ring_pages(app);
    if let (Outcome::Sent { .. }, Ok(Some(raw))) = (&outcome, &raw) {
        // Recorded first: a hanging mailbox must not make a sent mail look unknown.
        keep_in_sent(app, raw).await;
    }
    Ok(Step::Worked)
}

fn ring_pages(app: &App) {
    // No subscribers is no error.
    let _ = app.bells.pages.send(());
}

/// Why a mail that waited for the relay must not go out any more; nothing of it has been handed over (promise 17).
async fn overtaken(tx: &mut Tx, row: &OutboxRow) -> db::Result<Option<&'static str>> {
    if row.draft.is_none() {
        return Ok(None);
    }
    if outbox::has_newer_mail(tx, row.id).await? {
        return Ok(Some("not sent: a new mail of the customer came in while this one waited for the relay; read it, then approve again"));
    }
    if row.stage == Stage::Closure {
        let status = db::case::find(tx, row.case).await?.map(|case| case.status);
        if status.is_some_and(case::is_open) {
            return Ok(Some("not sent: the case was reopened while the closure waited for the relay"));
        }
    }
    Ok(None)
}

/// The next attempt may lie nearer than the flow's idle time.
fn ring_at(app: &Arc<App>, at: Millis) {
    let wait = at - app.now();
    if wait < 1_000 {
        let app = Arc::clone(app);
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(wait.max(1) as u64)).await;
            app.bells.deliver.notify_one();
        });
    }
}

/// Total: trouble before the bytes are on their way is a temporary outcome, so that no row stays claimed.
async fn hand_over(app: &App, row: &OutboxRow, raw: &[u8]) -> Outcome {
    let before = |error: anyhow::Error| Outcome::Temporary { code: None, reply: super::describe(&error) };
    match &app.settings.relay {
        Relay::Smtp(relay) => {
            let recipients: Vec<String> = row.recipients.split(',').map(|r| r.trim().to_owned()).filter(|r| !r.is_empty()).collect();
            let ready = match smtp::open(relay, &row.envelope_from, &recipients, raw.len()).await {
                Ok(ready) => ready,
                Err(outcome) => return outcome,
            };
            if let Err(error) = mark_sending(app, row).await {
                return before(error);
            }
            crate::crash_point!("deliver.sending");
            let outcome = ready.transmit(raw).await;
            crate::crash_point!("deliver.transmitted");
            outcome
        }
        Relay::Folder(path) => {
            let (path, name, raw) = (path.clone(), format!("{}.eml", row.message_id.replace('/', "_")), raw.to_vec());
            if let Err(error) = mark_sending(app, row).await {
                return before(error);
            }
            let written = tokio::task::spawn_blocking(move || folder::write_eml(&path, &name, &raw)).await;
            match written {
                Ok(Ok(path)) => Outcome::Sent { reply: format!("written to {}", path.display()) },
                Ok(Err(error)) => Outcome::Temporary { code: None, reply: format!("the folder relay cannot be written: {error}") },
                Err(error) => before(error.into()),
            }
        }
    }
}

async fn mark_sending(app: &App, row: &OutboxRow) -> anyhow::Result<()> {
    let mut tx = app.db.begin().await?;
    outbox::mark_sending(&mut tx, row.id, app.now()).await?;
    tx.commit().await.context("recording that a mail is being handed over")
}

/// An outcome is known in memory alone until it is recorded, and a row that stays claimed would never be sent: so it is tried again
/// until it is recorded or the stop comes (after which `recover` calls it unknown). What cannot be recorded while the database works
/// (a defect) is recorded without its consequences, so that it blocks nobody else's mail.
async fn record_surely(app: &App, row: &OutboxRow, outcome: &Outcome) -> anyhow::Result<()> {
    let mut stop = app.bells.stop.subscribe();
    let mut failures = 0;
    loop {
        let Err(error) = super::caught(record(app, row, outcome)).await else { return Ok(()) };
        failures += 1;
        if failures == 1 {
            let error = super::describe(&error);
            tracing::error!(
                case.id = row.case.0,
                outbox.id = row.id.0,
                error,
                "the outcome of a sending is not recorded yet; trying again"
            );
        }
        let is_defect = !error.downcast_ref::<db::Error>().is_some_and(super::triage::is_trouble_of_the_database);
        if failures >= 3 && is_defect && record_bare(app, row, outcome).await.is_ok() {
            return Ok(());
        }
        if *stop.borrow() {
            return Err(error.context("the outcome of a sending could not be recorded"));
        }
        tokio::select! {
            _ = tokio::time::sleep(super::backoff(failures)) => {}
            _ = super::stopped(&mut stop) => {}
        }
    }
}

/// The outcome alone, with an event; a temporary one counts as failed for good, because its cause is not the relay.
async fn record_bare(app: &App, row: &OutboxRow, outcome: &Outcome) -> anyhow::Result<()> {
    let (status, kind, reply) = match outcome {
        Outcome::Sent { reply } => (OutboxStatus::Sent, EventKind::MailSent, reply),
        Outcome::Unknown { reply } => (OutboxStatus::Unknown, EventKind::SendUnknown, reply),
        Outcome::Temporary { reply, .. } | Outcome::Permanent { reply, .. } => (OutboxStatus::Failed, EventKind::SendFailed, reply),
    };
    let mut tx = app.db.begin().await?;
    outbox::mark_outcome(&mut tx, row.id, status, None, reply, app.now()).await?;
    note(&mut tx, row.case, kind, app.now(), (Some(row.message), row.draft), reply).await?;
    tx.commit().await?;
    tracing::error!(case.id = row.case.0, outbox.id = row.id.0, "an outcome was recorded without its consequences for the case");
    Ok(())
}

async fn record(app: &App, row: &OutboxRow, outcome: &Outcome) -> anyhow::Result<()> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    match outcome {
        Outcome::Sent { reply } => {
            outbox::mark_outcome(&mut tx, row.id, OutboxStatus::Sent, None, reply, now).await?;
            after_sent(app, &mut tx, row, now).await?;
        }
        Outcome::Temporary { reply, .. } => {
            // The row counts the attempts before this one.
            let attempt = u32::try_from(row.attempts).unwrap_or(u32::MAX).saturating_add(1);
            match crate::outbox::retry_at(attempt, now, random_fraction()) {
                Some(at) => outbox::mark_outcome(&mut tx, row.id, OutboxStatus::Due, Some(at), reply, now).await?,
                None => give_up(&mut tx, row, now, &format!("given up after {attempt} attempts: {reply}")).await?,
            }
        }
        Outcome::Permanent { reply, .. } => give_up(&mut tx, row, now, reply).await?,
        Outcome::Unknown { reply } => {
            outbox::mark_outcome(&mut tx, row.id, OutboxStatus::Unknown, None, reply, now).await?;
            note_unknown(&mut tx, row, now, reply).await?;
        }
    }
    tx.commit().await?;
    if matches!(outcome, Outcome::Sent { .. }) {
        app.metrics.sent.fetch_add(1, Relaxed);
    } else {
        app.metrics.send_failures.fetch_add(1, Relaxed);
        tracing::warn!(
            case.id = row.case.0,
            outbox.id = row.id.0,
            attempts = row.attempts,
            outcome = outcome_name(outcome),
            "a mail was not sent"
        );
    }
    Ok(())
}

fn outcome_name(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Sent { .. } => "sent",
        Outcome::Temporary { .. } => "temporary",
        Outcome::Permanent { .. } => "permanent",
        Outcome::Unknown { .. } => "unknown",
    }
}

/// Permanent failure: back to the engineer at once, as a proposed draft again.
async fn give_up(tx: &mut Tx, row: &OutboxRow, now: Millis, reply: &str) -> db::Result<()> {
    outbox::mark_outcome(tx, row.id, OutboxStatus::Failed, None, reply, now).await?;
    if let Some(draft) = row.draft {
        db::draft::send_back(tx, draft, reply, now).await?;
    }
    note(tx, row.case, EventKind::SendFailed, now, (Some(row.message), row.draft), reply).await
}

async fn note_unknown(tx: &mut Tx, row: &OutboxRow, now: Millis, reply: &str) -> db::Result<()> {
    note(tx, row.case, EventKind::SendUnknown, now, (Some(row.message), row.draft), reply).await
}

/// What a sent mail does to its case. Also when a person says that a mail with unknown outcome arrived.
pub async fn after_sent(app: &App, tx: &mut Tx, row: &OutboxRow, now: Millis) -> db::Result<()> {
    note(tx, row.case, EventKind::MailSent, now, (Some(row.message), row.draft), row.stage.as_str()).await?;
    let Some(trigger) = trigger_of(row.stage) else { return Ok(()) };
    let Some(found) = db::case::find(tx, row.case).await? else { return Ok(()) };
    let next_update = sla::due(Clock::NextUpdate, found.priority, now, &app.targets, &app.calendar).map(|due| due.at);
    db::case::touch_outbound(tx, row.case, now, found.token.as_deref(), next_update).await?;
    if row.stage == Stage::Reminder {
        db::case::count_reminder(tx, row.case, now).await?;
    }
    // A merged case takes no trigger; the mail is sent all the same.
    let Ok(next) = case::next(found.status, trigger) else { return Ok(()) };
    super::triage::change_status(tx, row.case, found.status, next, now, trigger.as_str()).await?;
    if trigger == Trigger::ClosureSent && next == case::Status::Archived && app.settings.survey_is_enabled {
        db::survey::schedule(tx, row.case, now + app.settings.survey_delay_ms).await?;
    }
    Ok(())
}

fn trigger_of(stage: Stage) -> Option<Trigger> {
    match stage {
        Stage::InitialResponse => Some(Trigger::InitialSent),
        Stage::Progress => Some(Trigger::ProgressSent),
        Stage::Reminder => Some(Trigger::ReminderSent),
        Stage::Closure => Some(Trigger::ClosureSent),
        Stage::Survey => None,
    }
}

/// Best effort: the customer has the mail; a missing copy is logged and no more.
async fn keep_in_sent(app: &App, raw: &[u8]) {
    let Some((account, mailbox)) = &app.settings.sent_mailbox else { return };
    let copy = async {
        let mut session = imap::open(account, true).await?;
        session.append(mailbox, &["\\Seen"], raw).await?;
        session.logout().await;
        Ok::<(), imap::Error>(())
    };
    if let Err(error) = copy.await {
        tracing::warn!(%error, "the copy for the Sent mailbox could not be stored");
    }
}
