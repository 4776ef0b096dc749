//! Triage as a flow: received mails → parse → facts → decide → compose → one transaction.
//!
//! Parse, decide and compose are pure. There are many mails in a transaction when there is a backlog, one when there is not. When a batch
//! cannot be committed it is tried mail by mail; a mail that panics the reader or that the database will not take is
//! quarantined with the reason and the loop goes on (promise 4). Trouble of the database itself is no mail's fault: the step fails and is
//! tried again.

use super::propose::{self, Ground};
use super::{Step, caught, note, random};
use crate::app::{App, Knowledge};
use crate::case::{self, CaseId, EventKind, MessageKey, Millis, Stage, Status, Trigger};
use crate::db::message::{self, Parsed, Received, State};
use crate::db::search::{Words, words};
use crate::db::{self, Tx};
use crate::mail::{self, Mail};
use crate::sla::{self, Clock};
use crate::triage::{Decision, Placement, Reason, decide};
use anyhow::Context as _;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

/// Mails looked at in one step, and in one transaction.
const BATCH: i64 = 1000;
const PART: usize = 200;

/// One batch of received mails.
pub async fn step(app: &Arc<App>) -> anyhow::Result<Step> {
    let mut tx = app.db.read().await?;
    let received = message::list_received(&mut tx, BATCH).await?;
    drop(tx);
    if received.is_empty() {
        return Ok(Step::Idle);
    }
    let count = received.len();
    let knowledge = app.knowledge();
    if is_backlog(&received) {
        place_backlog(app, &knowledge, received).await?;
    } else {
        place_all(app, &knowledge, &read_all(received, &app.settings.mail)).await?;
    }
    app.metrics.triaged.fetch_add(count as u64, Relaxed);
    // No subscribers is no error.
    let _ = app.bells.pages.send(());
    Ok(Step::Worked)
}

/// While one part of a backlog is placed, the next is read on a thread of its own.
async fn place_backlog(app: &App, knowledge: &Knowledge, mut received: Vec<Received>) -> anyhow::Result<()> {
    let read_ahead = |part: Vec<Received>| {
        let settings = app.settings.mail.clone();
        tokio::task::spawn_blocking(move || read_all(part, &settings))
    };
    received.reverse();
    let mut next_part = move || {
        let rest = received.len().saturating_sub(PART);
        let mut part = received.split_off(rest);
        part.reverse();
        part
    };
    let mut reading = read_ahead(next_part());
    loop {
        let read = reading.await.context("reading a part of the backlog")?;
        if read.is_empty() {
            return Ok(());
        }
        reading = read_ahead(next_part());
        place_all(app, knowledge, &read).await?;
    }
}

/// Asks again for some microseconds before it lets its thread sleep. The database works on a thread of its own, and most of its answers
/// take less time than falling asleep and being woken: with a dozen statements a mail that is a quarter of a backlog's time.
struct Eager<F>(Pin<Box<F>>);

/// How long is asked before sleeping.
const EAGER: Duration = Duration::from_micros(60);

impl<F: Future> Future for Eager<F> {
    type Output = F::Output;
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let mut since = None;
        loop {
            if let Poll::Ready(output) = self.0.as_mut().poll(context) {
                return Poll::Ready(output);
            }
            if since.get_or_insert_with(Instant::now).elapsed() > EAGER {
                return Poll::Pending;
            }
            std::hint::spin_loop();
        }
    }
}

/// One transaction; when it cannot be committed, one for each mail.
async fn place_all(app: &App, knowledge: &Knowledge, read: &[Read]) -> anyhow::Result<()> {
    match caught(Eager(Box::pin(async { Ok(place_batch(app, knowledge, read).await) }))).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) if is_trouble_of_the_database(&error) => Err(error.into()),
        failed => {
            let error = failed.map_or_else(|panic| panic.to_string(), |placed| placed.err().map_or_else(String::new, |e| e.to_string()));
            tracing::warn!(error, mails = read.len(), "a batch could not be committed; going on mail by mail");
            place_one_by_one(app, knowledge, read).await
        }
    }
}

/// A received message with its parsed view; None: the reader panicked.
struct Read {
    received: Received,
    mail: Option<Mail>,
    words: Words,
}

/// More than a moment's work.
fn is_backlog(received: &[Received]) -> bool {
    received.len() > 32 || received.iter().map(|one| one.raw.len()).sum::<usize>() > 1 << 20
}

fn read_all(received: Vec<Received>, settings: &mail::Settings) -> Vec<Read> {
    let read = |received: Received| {
        let parsed = |received: &Received| {
            let mail = mail::parse(&received.raw, settings);
            let words = searchable(&mail);
            (mail, words)
        };
        let read = match received.damage {
            None => catch_unwind(AssertUnwindSafe(|| parsed(&received))).ok(),
            Some(_) => None,
        };
        let (mail, words) = read.unzip();
        Read { received, mail, words: words.unwrap_or_default() }
    };
    received.into_iter().map(read).collect()
}

/// What a mail is found by: its subject and what it adds.
pub fn searchable(mail: &Mail) -> Words {
    words(&format!("{}\n{}", mail.subject.text, mail.reply_text))
}

async fn place_batch(app: &App, knowledge: &Knowledge, batch: &[Read]) -> db::Result<()> {
    let mut tx = app.db.begin().await?;
    for read in batch {
        place_read(app, knowledge, &mut tx, read).await?;
    }
    crate::crash_point!("triage.before_commit");
    tx.commit().await
}

/// How often a mail is tried again that somebody else's change got in the way of.
const TRIES: u32 = 3;

async fn place_one_by_one(app: &App, knowledge: &Knowledge, batch: &[Read]) -> anyhow::Result<()> {
    for read in batch {
        let mut tries = 0;
        let reason = loop {
            tries += 1;
            match caught(place_alone(app, knowledge, read)).await {
                Ok(Ok(())) => break None,
                Ok(Err(error)) if is_trouble_of_the_database(&error) => return Err(error.into()),
                // Somebody else decided this mail, or changed its case, meanwhile.
                Ok(Err(db::Error::Conflict(_))) if tries < TRIES => {}
                Ok(Err(error)) => {
                    tracing::error!(message.id = read.received.key.0, %error, "this mail could not be filed; quarantined");
                    break Some("the database did not take it");
                }
                Err(_) => break Some("filing it failed"),
            }
        };
        let Some(reason) = reason else { continue };
        let mut tx = app.db.begin().await?;
        match quarantine(app, &mut tx, read.received.key, reason, None, "[]").await {
            Ok(()) => tx.commit().await?,
            Err(db::Error::Conflict(_)) => {} // decided meanwhile: it is in another state already
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// One mail, one transaction. The outer error is a panic.
async fn place_alone(app: &App, knowledge: &Knowledge, read: &Read) -> anyhow::Result<db::Result<()>> {
    Ok(place_batch(app, knowledge, std::slice::from_ref(read)).await)
}

/// Locked, full, unreachable: not a mail's fault, to be tried again.
pub(super) fn is_trouble_of_the_database(error: &db::Error) -> bool {
    match error {
        db::Error::Unusable(_) => true,
        db::Error::Sql(sqlx::Error::Database(error)) => {
            // SQLite: busy, locked, I/O error, full, read-only, cannot open. PostgreSQL: classes 08, 53, 57.
            let code = error.code().unwrap_or_default();
            let primary = code.parse::<i64>().map(|code| code & 0xff).unwrap_or(-1);
            matches!(primary, 5 | 6 | 8 | 10 | 13 | 14) || ["08", "53", "57"].iter().any(|class| code.len() == 5 && code.starts_with(class))
        }
        db::Error::Sql(error) => matches!(
            error,
            sqlx::Error::Io(_)
                | sqlx::Error::PoolTimedOut
                | sqlx::Error::PoolClosed
                | sqlx::Error::WorkerCrashed
                | sqlx::Error::Tls(_)
                | sqlx::Error::Protocol(_)
        ),
        db::Error::Conflict(_) | db::Error::NotFound(_) | db::Error::Damaged(_) => false,
    }
}

async fn quarantine(app: &App, tx: &mut Tx, key: MessageKey, reason: &str, parsed: Option<&Parsed>, why: &str) -> db::Result<()> {
    app.metrics.quarantined.fetch_add(1, Relaxed);
    message::quarantine(tx, key, reason, parsed, why).await
}

async fn place_read(app: &App, knowledge: &Knowledge, tx: &mut Tx, read: &Read) -> db::Result<()> {
    let key = read.received.key;
    let Some(mail) = &read.mail else {
        return quarantine(app, tx, key, read.received.damage.as_deref().unwrap_or("the reader failed on it"), None, "[]").await;
    };
    let facts = db::case::facts_for(tx, mail, app.now(), app.settings.match_window_ms).await?;
    let compared = if facts.by_reference.is_empty() { None } else { compared(tx, mail).await? };
    let compared = compared.map(|mail| (searchable(&mail), mail));
    let (words, mail) = compared.as_ref().map_or((&read.words, mail), |(words, mail)| (words, mail));
    let decided = catch_unwind(AssertUnwindSafe(|| decide(mail, &facts, &knowledge.rules, &app.settings.triage, app.now())));
    let Ok(decision) = decided else {
        return quarantine(app, tx, key, "triage failed on it", Some(&parsed_of(mail)), "[]").await;
    };
    let arrival = Arrival { key, received_at: read.received.received_at, mail, words, from: State::Received, actor: "casemate" };
    place(app, knowledge, tx, &arrival, &decision).await
}

/// The mail compared with ours that it answers, so that what was typed between our lines counts as new. None: it quotes nothing, or none of ours is known.
pub async fn compared(tx: &mut Tx, mail: &Mail) -> db::Result<Option<Mail>> {
    let Some(ours) = sent_before(tx, mail).await? else { return Ok(None) };
    let mut mail = mail.clone();
    // Someone else's text meets ours: a panic costs the comparison, not the mail.
    let done = catch_unwind(AssertUnwindSafe(|| mail::against(&mut mail, &ours)));
    Ok(done.is_ok().then_some(mail))
}

/// Text of the mail of ours that this one answers and quotes.
pub async fn sent_before(tx: &mut Tx, mail: &Mail) -> db::Result<Option<String>> {
    if mail.kind != mail::Kind::Message || mail.segments.iter().all(|s| s.kind != mail::SegmentKind::Quote) {
        return Ok(None);
    }
    let ids: Vec<&str> = mail.in_reply_to.iter().chain(mail.references.iter().rev()).map(String::as_str).collect();
    db::message::sent_text(tx, &ids).await
}

/// A mail on its way to its case.
pub struct Arrival<'a> {
    pub key: MessageKey,
    pub received_at: Millis,
    pub mail: &'a Mail,
    pub words: &'a Words,
    /// `received`, or `quarantined` when a person files it.
    pub from: State,
    pub actor: &'a str,
}

/// Carries a decision out.
pub async fn place(app: &App, knowledge: &Knowledge, tx: &mut Tx, arrival: &Arrival<'_>, decision: &Decision) -> db::Result<()> {
    let parsed = parsed_of(arrival.mail);
    match &decision.placement {
        Placement::Ignored { reason } => {
            message::ignore(tx, arrival.key, arrival.from, reason, Some(&parsed), &json(&decision.reasons)).await
        }
        Placement::Person { candidates, reason } => {
            let mut reasons = decision.reasons.clone();
            for candidate in candidates {
                if let Some(case) = db::case::find(tx, *candidate).await? {
                    reasons.push(Reason { name: "case.candidate".into(), text: case.number });
                }
            }
            quarantine(app, tx, arrival.key, reason, Some(&parsed), &json(&reasons)).await
        }
        Placement::New { number } => {
            let id = open_case(app, tx, arrival, decision, number.as_deref()).await?;
            file(tx, arrival, decision, &parsed, id).await?;
            if let Some(stage) = decision.stage {
                let ground = Ground { case: id, stage, mail: arrival.mail, reply_to: Some(arrival.key), decision: Some(decision) };
                propose::insert(app, knowledge, tx, &ground, arrival.actor).await?;
            }
            Ok(())
        }
        Placement::Existing { case, .. } => {
            file(tx, arrival, decision, &parsed, *case).await?;
            answer_existing(app, knowledge, tx, arrival, decision, *case).await
        }
    }
}

async fn file(tx: &mut Tx, arrival: &Arrival<'_>, decision: &Decision, parsed: &Parsed, case: CaseId) -> db::Result<()> {
    message::file(tx, arrival.key, arrival.from, case, parsed, &json(&decision.reasons)).await?;
    let why = decision.reasons.iter().map(|reason| reason.text.as_str()).collect::<Vec<_>>().join("; ");
    let kind = if decision.kind == mail::Kind::Bounce { EventKind::Bounced } else { EventKind::MailReceived };
    let event = db::event::NewEvent {
        case: Some(case),
        message: Some(arrival.key),
        draft: None,
        at: arrival.received_at,
        actor: arrival.actor,
        kind: kind.as_str(),
        detail: &why,
    };
    db::event::insert(tx, &event).await?;
    if decision.kind == mail::Kind::Message {
        db::search::index_late(tx, arrival.key, case, arrival.words);
    }
    Ok(())
}

async fn open_case(app: &App, tx: &mut Tx, arrival: &Arrival<'_>, decision: &Decision, number: Option<&str>) -> db::Result<CaseId> {
    let mail = arrival.mail;
    let number = match number {
        Some(number) => number.to_owned(),
        None => mint_number(app, tx).await?,
    };
    let owner = match &decision.owner {
        Some(login) => db::engineer::find_by_login(tx, login).await?.map(|engineer| engineer.id),
        None => None,
    };
    let due = |clock| sla::due(clock, decision.priority, arrival.received_at, &app.targets, &app.calendar).map(|due| due.at);
    let from = mail.from.clone().unwrap_or_default();
    let title = if mail.subject.base.is_empty() { &mail.subject.text } else { &mail.subject.base };
    let id = db::case::insert(
        tx,
        &db::case::NewCase {
            number,
            title: without_nul(title),
            priority: decision.priority,
            category: decision.category.clone(),
            owner,
            language: decision.language,
            customer_name: from.name.as_deref().map(without_nul),
            customer_address: without_nul(&from.address),
            created_at: arrival.received_at,
            first_response_due_at: due(Clock::FirstResponse),
            next_update_due_at: due(Clock::NextUpdate),
            resolve_due_at: due(Clock::Resolve),
        },
    )
    .await?;
    note(tx, id, EventKind::Created, arrival.received_at, (Some(arrival.key), None), decision.rule.as_deref().unwrap_or("")).await?;
    add_participants(app, tx, id, mail).await?;
    Ok(id)
}

/// A number of casemate's own that no case has. The random suffix makes a second try all but impossible; numbers given by others may
/// still lie ahead of the sequence.
async fn mint_number(app: &App, tx: &mut Tx) -> db::Result<String> {
    loop {
        let sequence = db::case::next_sequence(tx, "case_number", app.settings.number_start).await?;
        let number = case::format_number(&app.settings.number_prefix, sequence, &random());
        if db::case::find_by_number(tx, &number).await?.is_none() {
            return Ok(number);
        }
    }
}

async fn add_participants(app: &App, tx: &mut Tx, case: CaseId, mail: &Mail) -> db::Result<()> {
    let own = &app.settings.mail.own_addresses;
    let people = mail.from.iter().chain(&mail.reply_to).chain(&mail.to).chain(&mail.cc).take(50);
    let addresses = people.map(|person| without_nul(&person.address).to_lowercase());
    let outside: Vec<String> = addresses.filter(|address| !address.is_empty() && !own.contains(address)).collect();
    if outside.is_empty() { Ok(()) } else { db::case::add_addresses(tx, case, &outside).await }
}

/// A mail in a case that exists: vote, status, clocks, next draft. Automatic mail does nothing of that.
async fn answer_existing(
    app: &App,
    knowledge: &Knowledge,
    tx: &mut Tx,
    arrival: &Arrival<'_>,
    decision: &Decision,
    case: CaseId,
) -> db::Result<()> {
    if decision.trigger.is_none() {
        return Ok(());
    }
    if take_vote(tx, arrival, case).await? {
        return Ok(());
    }
    let Some(row) = db::case::find(tx, case).await? else { return Err(db::Error::NotFound("case")) };
    add_participants(app, tx, case, arrival.mail).await?;
    if let Ok(next) = case::next(row.status, Trigger::CustomerReplied) {
        resume_clocks(app, tx, &row, arrival.received_at, next).await?;
        change_status(tx, case, row.status, next, arrival.received_at, "customer_replied").await?;
    }
    let next_update = sla::due(Clock::NextUpdate, row.priority, arrival.received_at, &app.targets, &app.calendar);
    db::case::touch_inbound(tx, case, arrival.received_at, next_update.map(|due| due.at)).await?;
    redraft(app, knowledge, tx, arrival, decision, case).await
}

/// A reply to the survey mail whose first line is a vote is an answer, not a reopening.
async fn take_vote(tx: &mut Tx, arrival: &Arrival<'_>, case: CaseId) -> db::Result<bool> {
    let is_about_survey = arrival.mail.subject.stage == Some(Stage::Survey);
    if !is_about_survey {
        return Ok(false);
    }
    let Some(survey) = db::survey::open_of_case(tx, case).await? else { return Ok(false) };
    let Some(vote) = crate::survey::vote(&arrival.mail.reply_text) else { return Ok(false) };
    match db::survey::answer(tx, survey.id, i64::from(vote.score), vote.comment.as_deref(), "mail", arrival.received_at).await {
        Ok(()) => {}
        // Too late: a mail like any other.
        Err(db::Error::Conflict(_)) => return Ok(false),
        Err(error) => return Err(error),
    }
    note(tx, case, EventKind::SurveyAnswered, arrival.received_at, (Some(arrival.key), None), &format!("{}/5", vote.score)).await?;
    Ok(true)
}

/// The solution's clock stood still while the customer's answer was awaited.
async fn resume_clocks(app: &App, tx: &mut Tx, row: &db::case::CaseRow, at: Millis, next: Status) -> db::Result<()> {
    if next == Status::Reopened && row.status != Status::Reopened {
        let due = |clock| sla::due(clock, row.priority, at, &app.targets, &app.calendar).map(|due| due.at);
        return db::case::set_due(tx, row.id, due(Clock::NextUpdate), due(Clock::Resolve)).await;
    }
    let (Some(since), Some(due_at)) = (row.waiting_since_at, row.resolve_due_at) else { return Ok(()) };
    let resumed = sla::resume(due_at, since, at, &app.calendar).at;
    db::case::set_due(tx, row.id, row.next_update_due_at, Some(resumed)).await
}

/// Guarded status change with its event; the same status is no change.
pub async fn change_status(tx: &mut Tx, case: CaseId, from: Status, to: Status, at: Millis, why: &str) -> db::Result<()> {
    if from == to {
        return Ok(());
    }
    db::case::set_status(tx, case, from, to, at).await?;
    if to == Status::Reopened {
        db::survey::cancel_of_case(tx, case).await?;
    }
    let kind = if to == Status::Reopened { EventKind::Reopened } else { EventKind::StatusChanged };
    note(tx, case, kind, at, (None, None), &format!("{from} → {to}: {why}")).await
}

/// What the new mail means for drafts. A waiting initial response, and whatever a person has edited, stays: it now shows as stale and
/// cannot be sent before somebody looked (promise 17). Other proposals are superseded, or dropped when nothing is to be said.
async fn redraft(
    app: &App,
    knowledge: &Knowledge,
    tx: &mut Tx,
    arrival: &Arrival<'_>,
    decision: &Decision,
    case: CaseId,
) -> db::Result<()> {
    let waiting = db::draft::proposed_of_case(tx, case).await?;
    if let Some(draft) = &waiting {
        if draft.stage == Stage::InitialResponse || draft.edited_by.is_some() {
            return Ok(());
        }
        if decision.stage.is_none() {
            db::draft::discard(tx, draft.id, draft.version, "casemate", arrival.received_at).await?;
            let why = "the customer wrote again";
            note(tx, case, EventKind::DraftSuperseded, arrival.received_at, (Some(arrival.key), Some(draft.id)), why).await?;
        }
    }
    let Some(stage) = decision.stage else { return Ok(()) };
    let ground = Ground { case, stage, mail: arrival.mail, reply_to: Some(arrival.key), decision: Some(decision) };
    propose::insert(app, knowledge, tx, &ground, arrival.actor).await?;
    Ok(())
}

/// The columns of lists and threading. NUL bytes are no text to PostgreSQL.
pub fn parsed_of(mail: &Mail) -> Parsed {
    Parsed {
        kind: Some(mail.kind),
        message_id: mail.message_id.as_deref().map(without_nul),
        from_name: mail.from.as_ref().and_then(|from| from.name.as_deref()).map(without_nul),
        from_address: mail.from.as_ref().map(|from| without_nul(&from.address)),
        subject: without_nul(&mail.subject.text),
        base_subject: without_nul(&mail.subject.base),
        date_at: mail.date_at,
        language: Some(mail.language),
        reply_text: without_nul(&mail.reply_text),
        attachments: mail.attachments.len() as i64,
        defects: mail.defects.len() as i64,
    }
}

fn without_nul(text: &str) -> String {
    if text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text.to_owned() }
}

fn json(reasons: &[Reason]) -> String {
    serde_json::to_string(reasons).unwrap_or_else(|_| "[]".into())
}
