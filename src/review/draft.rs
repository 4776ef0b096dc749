//! What a person does to a draft. Every change names the version it was made on; a new customer mail stops the sending
//! (promise 17). Findings are computed on the text as it is now, not as it was proposed.

use super::check::{Wording, findings};
use super::post::{Posting, parse_addresses, post};
use super::{Edit, Error, case_of, event, ring_pages};
use crate::app::App;
use crate::case::{self, CaseId, DraftId, EventKind, MessageKey, OutboxId, Stage, Trigger};
use crate::daemon::propose;
use crate::db::draft::{DraftRow, DraftStatus};
use crate::db::{self, Tx};
use crate::draft::{Finding, Level};

/// Longest subject and body a draft takes, in bytes.
const MOST_SUBJECT: usize = 4_000;
const MOST_BODY: usize = 512_000;

async fn proposed(tx: &mut Tx, id: DraftId) -> Result<DraftRow, Error> {
    let row = db::draft::find(tx, id).await?.ok_or(Error::NotFound("draft"))?;
    if row.status != DraftStatus::Proposed {
        return Err(Error::Conflict(format!("the draft is {} already", row.status)));
    }
    Ok(row)
}

/// What a person typed, as it would be stored: one line of subject, LF line ends, no NUL.
struct Typed {
    subject: String,
    body: String,
}

impl Typed {
    fn read(edit: &Edit<'_>) -> Result<Typed, Error> {
        if edit.subject.len() > MOST_SUBJECT || edit.body.len() > MOST_BODY {
            return Err(Error::Refused(format!("the text is too long: at most {MOST_SUBJECT} bytes of subject and {MOST_BODY} of body")));
        }
        Ok(Typed {
            subject: edit.subject.replace(['\r', '\n', '\0'], " "),
            body: edit.body.replace("\r\n", "\n").replace('\0', "\u{fffd}"),
        })
    }

    fn wording<'a>(&'a self, row: &'a DraftRow, edit: &Edit<'a>) -> Wording<'a> {
        Wording { subject: &self.subject, body: &self.body, to: edit.to, cc: edit.cc, ..Wording::of(row) }
    }
}

/// Saves an edit; returns the new version. The findings are computed again on the edited text.
pub async fn edit(app: &App, id: DraftId, edit: &Edit<'_>, by: &str) -> Result<i64, Error> {
    let typed = Typed::read(edit)?;
    parse_addresses(edit.to)?;
    parse_addresses(edit.cc)?;
    let mut tx = app.db.begin().await?;
    let row = proposed(&mut tx, id).await?;
    let findings = findings_of(app, &mut tx, &row, &typed.wording(&row, edit)).await?;
    let text = serde_json::to_string(&findings).unwrap_or_else(|_| "[]".into());
    let (subject, body) = (&typed.subject, &typed.body);
    let version = db::draft::edit(&mut tx, id, edit.version, subject, body, edit.to, edit.cc, &text, by, app.now()).await?;
    event(&mut tx, row.case, Some(id), app.now(), by, EventKind::DraftEdited, &format!("version {version}")).await?;
    tx.commit().await?;
    ring_pages(app);
    Ok(version)
}

/// The findings of a text that is still being typed; nothing is stored.
pub async fn check(app: &App, id: DraftId, edit: &Edit<'_>) -> Result<Vec<Finding>, Error> {
    let typed = Typed::read(edit)?;
    let mut tx = app.db.read().await?;
    let row = proposed(&mut tx, id).await?;
    findings_of(app, &mut tx, &row, &typed.wording(&row, edit)).await
}

/// The gate on a wording of the draft, against the mail that the draft answers.
async fn findings_of(app: &App, tx: &mut Tx, row: &DraftRow, wording: &Wording<'_>) -> Result<Vec<Finding>, Error> {
    let case = case_of(tx, row.case).await?;
    let answered = match propose::load(app, tx, row.reply_to).await? {
        Some(answered) => Some(answered),
        None => propose::request_of(app, tx, row.case).await?,
    };
    Ok(findings(app, tx, &case, answered.as_ref().map(|(_, mail)| mail), wording).await?)
}

/// Approves: fixes the final bytes and Message-ID, writes the outbox row. `waiver`: reason for sending in spite of error findings.
pub async fn approve(app: &App, id: DraftId, version: i64, waiver: Option<&str>, by: &str) -> Result<OutboxId, Error> {
    let waiver = waiver.map(str::trim).filter(|reason| !reason.is_empty());
    let mut tx = app.db.begin().await?;
    let row = proposed(&mut tx, id).await?;
    if row.version != version {
        return Err(Error::Conflict("the draft was edited meanwhile".into()));
    }
    let found = findings_of(app, &mut tx, &row, &Wording::of(&row)).await?;
    let errors: Vec<Finding> = found.into_iter().filter(|finding| finding.level == Level::Error).collect();
    match waiver {
        None if !errors.is_empty() => return Err(Error::Blocked(errors)),
        Some(reason) if !errors.is_empty() => {
            let names = errors.iter().map(|finding| finding.name.as_str()).collect::<Vec<_>>().join(", ");
            event(&mut tx, row.case, Some(id), app.now(), by, EventKind::Waived, &format!("{names}: {reason}")).await?;
        }
        _ => {}
    }
    let (to, cc) = (parse_addresses(&row.to)?, parse_addresses(&row.cc)?);
    if to.is_empty() {
        return Err(Error::Refused("the draft has no recipient".into()));
    }
    db::draft::approve(&mut tx, id, version, by, app.now()).await?;
    let case = case_of(&mut tx, row.case).await?;
    if row.stage == Stage::Closure && case::is_open(case.status) {
        // The customer wrote while the closure waited, and the engineer closes all the same: sent, it archives.
        super::step_status(&mut tx, &case, Trigger::ClosureStarted, app.now(), by, "").await?;
    }
    let parent = message_id_of(&mut tx, row.reply_to).await?;
    let posting = Posting {
        case: &case,
        draft: Some(id),
        stage: row.stage,
        to,
        cc,
        subject: &row.subject,
        body: &row.body,
        token: row.token.as_deref(),
        reply_to: parent.as_deref(),
        is_automatic: by == propose::ACTOR,
    };
    let outbox = post(app, &mut tx, &posting).await?;
    event(&mut tx, row.case, Some(id), app.now(), by, EventKind::DraftApproved, row.stage.as_str()).await?;
    tx.commit().await?;
    app.bells.deliver.notify_one();
    ring_pages(app);
    Ok(outbox)
}

async fn message_id_of(tx: &mut Tx, key: Option<MessageKey>) -> Result<Option<String>, Error> {
    let Some(key) = key else { return Ok(None) };
    Ok(db::message::find(tx, key).await?.and_then(|message| message.message_id))
}

/// Discards. A discarded closure takes the case back to in_progress.
pub async fn discard(app: &App, id: DraftId, version: i64, reason: &str, by: &str) -> Result<(), Error> {
    let mut tx = app.db.begin().await?;
    let row = proposed(&mut tx, id).await?;
    db::draft::discard(&mut tx, id, version, by, app.now()).await?;
    event(&mut tx, row.case, Some(id), app.now(), by, EventKind::DraftDiscarded, reason).await?;
    if row.stage == Stage::Reminder {
        // No reminder is wanted now: the next one comes after as much silence again, not at the next look.
        db::case::count_reminder(&mut tx, row.case, app.now()).await?;
    }
    if row.stage == Stage::Closure {
        let case = case_of(&mut tx, row.case).await?;
        super::undo_closing(&mut tx, &case, app.now(), by).await?;
    }
    tx.commit().await?;
    ring_pages(app);
    Ok(())
}

/// Composes a new draft of that stage for the case, superseding a proposed one.
pub async fn propose(app: &App, case: CaseId, stage: Stage, by: &str) -> Result<DraftId, Error> {
    let mut tx = app.db.begin().await?;
    case_of(&mut tx, case).await?;
    let id = propose_in(app, &mut tx, case, stage, by).await?;
    tx.commit().await?;
    ring_pages(app);
    Ok(id)
}

pub(super) async fn propose_in(app: &App, tx: &mut Tx, case: CaseId, stage: Stage, by: &str) -> Result<DraftId, Error> {
    if stage == Stage::Survey {
        return Err(Error::Refused("surveys are proposed when a case is archived, not by hand".into()));
    }
    super::propose_on(app, tx, case, stage, by).await
}
