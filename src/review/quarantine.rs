//! A person decides what casemate would not: where a quarantined mail belongs, and what became of a mail whose outcome is unknown.

use super::{Error, event, ring_pages};
use crate::app::App;
use crate::case::{EventKind, MessageKey, OutboxId};
use crate::daemon::deliver::after_sent;
use crate::daemon::triage::{Arrival, parsed_of, place, searchable};
use crate::db::message::State;
use crate::db::outbox::OutboxStatus;
use crate::db::{self, Tx};
use crate::mail::{self, Kind};
use crate::triage::{Decision, Facts, How, Placement, Reason, decide};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What to do with a quarantined mail.
pub enum Verdict<'a> {
    /// Into the case of that number.
    FileIn(&'a str),
    NewCase,
    /// Back to triage, after the cause was mended.
    Retry,
    /// Set aside, with a reason.
    Ignore(&'a str),
}

pub async fn settle_quarantined(app: &App, key: MessageKey, verdict: Verdict<'_>, by: &str) -> Result<(), Error> {
    let mut tx = app.db.begin().await?;
    let row = db::message::find(&mut tx, key).await?.ok_or(Error::NotFound("message"))?;
    if row.state != State::Quarantined {
        return Err(Error::Conflict(format!("the mail is {} already", row.state)));
    }
    match verdict {
        Verdict::Retry => db::message::release(&mut tx, key).await?,
        Verdict::Ignore(reason) => {
            let reason = reason.trim();
            if reason.is_empty() {
                return Err(Error::Refused("a mail is set aside with a reason".into()));
            }
            let why = row.why.as_deref().unwrap_or("[]");
            db::message::ignore(&mut tx, key, State::Quarantined, &format!("{reason} ({by})"), None, why).await?;
        }
        Verdict::FileIn(number) => file(app, &mut tx, key, row.received_at, Some(number), by).await?,
        Verdict::NewCase => file(app, &mut tx, key, row.received_at, None, by).await?,
    }
    tx.commit().await?;
    app.bells.triage.notify_one();
    ring_pages(app);
    Ok(())
}

/// Files by a person's word: the decision is triage's own but for the place.
async fn file(app: &App, tx: &mut Tx, key: MessageKey, received_at: i64, number: Option<&str>, by: &str) -> Result<(), Error> {
    let raw = db::message::raw(tx, key).await?;
    let raw = raw.ok_or_else(|| Error::Refused("this mail was too large to be kept; look at it in the mailbox itself".into()))?;
    let parsed = catch_unwind(AssertUnwindSafe(|| mail::parse(&raw, &app.settings.mail)));
    let mail = parsed.map_err(|_| Error::Refused("the reader fails on this mail; it can only be set aside".into()))?;
    let knowledge = app.knowledge();
    let mut decision: Decision = decide(&mail, &Facts::default(), &knowledge.rules, &app.settings.triage, app.now());
    decision.placement = match number {
        Some(number) => {
            let case = db::case::find_by_number(tx, number.trim()).await?.ok_or(Error::NotFound("case"))?;
            decision.stage = decision.stage.map(|_| crate::case::Stage::Progress);
            Placement::Existing { case: case.id, number: case.number, how: How::Number }
        }
        // A number in the subject that is taken belongs to another case; casemate numbers this one.
        None => Placement::New { number: free_number(tx, &mail).await? },
    };
    if mail.kind != Kind::Message {
        (decision.stage, decision.trigger) = (None, None);
    }
    decision.reasons.push(Reason { name: "placed.by_person".into(), text: by.to_owned() });
    let words = searchable(&mail);
    let arrival = Arrival { key, received_at, mail: &mail, words: &words, from: State::Quarantined, actor: by };
    place(app, &knowledge, tx, &arrival, &decision).await?;
    let filed = db::message::find(tx, key).await?.and_then(|message| message.case);
    if let Some(case) = filed {
        event(tx, case, None, app.now(), by, EventKind::Refiled, &parsed_of(&mail).subject).await?;
    }
    Ok(())
}

async fn free_number(tx: &mut Tx, mail: &mail::Mail) -> Result<Option<String>, Error> {
    for number in mail.subject.case_numbers.iter().take(5) {
        if db::case::find_by_number(tx, number).await?.is_none() {
            return Ok(Some(number.clone()));
        }
    }
    Ok(None)
}

/// A person says what became of a mail with unknown outcome: it arrived, or it is to be sent again.
pub async fn settle_unknown(app: &App, id: OutboxId, has_arrived: bool, by: &str) -> Result<(), Error> {
    let mut tx = app.db.begin().await?;
    let row = db::outbox::find(&mut tx, id).await?.ok_or(Error::NotFound("outbox mail"))?;
    if row.status != OutboxStatus::Unknown {
        return Err(Error::Conflict(format!("the mail is {} already", row.status)));
    }
    let (to, word) = if has_arrived { (OutboxStatus::Sent, "arrived") } else { (OutboxStatus::Due, "to be sent again") };
    let detail = format!("{word}, says {by}");
    db::outbox::settle_unknown(&mut tx, id, to, &detail, app.now()).await?;
    event(&mut tx, row.case, row.draft, app.now(), by, EventKind::SendDecided, &detail).await?;
    if let (false, Some(draft)) = (has_arrived, row.draft) {
        db::draft::mark_seen(&mut tx, draft).await?;
    }
    if has_arrived {
        after_sent(app, &mut tx, &row, app.now()).await?;
    }
    tx.commit().await?;
    app.bells.deliver.notify_one();
    ring_pages(app);
    Ok(())
}
