//! Proposing: composes a draft for a case and stores it, superseding the one that waits. Used by triage, by the sweep and by
//! people (`review.rs`); composing itself is pure (`draft::compose`).

use super::random;
use crate::app::{App, Hashes, Knowledge};
use crate::case::{self, CaseId, DraftId, EventKind, Language, MessageKey, Stage};
use crate::db::case::CaseRow;
use crate::db::draft::NewDraft;
use crate::db::{self, Tx};
use crate::draft::{self, CaseView, Composed, Finding, Level, Request, compose};
use crate::mail::{self, Address, Mail};
use crate::review::{self, Wording};
use crate::triage::{Decision, Reason};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering::Relaxed;

/// Who did it when nobody did: the actor of casemate's own deeds.
pub const ACTOR: &str = "casemate";

/// On what ground a draft is proposed.
pub struct Ground<'a> {
    pub case: CaseId,
    pub stage: Stage,
    /// The mail that is answered: its questions, its addresses.
    pub mail: &'a Mail,
    pub reply_to: Option<MessageKey>,
    /// Triage's decision, when a mail was the cause.
    pub decision: Option<&'a Decision>,
}

/// Composes and stores; supersedes the proposed draft of the case. `actor`: login, or `casemate`.
pub async fn insert(app: &App, knowledge: &Knowledge, tx: &mut Tx, ground: &Ground<'_>, actor: &str) -> db::Result<DraftId> {
    let Some(row) = db::case::find(tx, ground.case).await? else { return Err(db::Error::NotFound("case")) };
    let token = token_for(app, tx, &row, ground.mail).await?;
    let sent_initial = match ground.stage {
        Stage::Closure => db::draft::approved_body(tx, row.id, Stage::InitialResponse).await?,
        _ => None,
    };
    let composed =
        compose_for(knowledge, &row, ground, &Extra { token: token.as_deref(), sent_initial: sent_initial.as_deref(), survey_url: None });
    insert_composed(app, tx, &row, ground, &composed, token, actor).await
}

/// Stores what was composed.
pub async fn insert_composed(
    app: &App,
    tx: &mut Tx,
    row: &CaseRow,
    ground: &Ground<'_>,
    composed: &Composed,
    token: Option<String>,
    actor: &str,
) -> db::Result<DraftId> {
    let (to, cc) = recipients(app, ground.mail, row);
    let mut why: Vec<Reason> = ground.decision.map(|decision| decision.reasons.clone()).unwrap_or_default();
    why.extend(composed.reasons.iter().cloned());
    let (to, cc) = (join(&to), join(&cc));
    let wording = Wording {
        stage: ground.stage,
        language: composed.language,
        token: token.as_deref(),
        subject: &composed.subject,
        body: &composed.body,
        to: &to,
        cc: &cc,
    };
    let findings = review::complete(app, tx, row, ground.mail, &wording, composed.findings.clone()).await?;
    if let Some(key) = ground.reply_to
        && let Some(hash) = db::message::hash(tx, key).await?
    {
        let text: String = hash.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
        why.push(Reason { name: "mail.hash".into(), text });
    }
    let draft = NewDraft {
        case: row.id,
        reply_to: ground.reply_to,
        stage: ground.stage,
        language: composed.language,
        to,
        cc,
        subject: composed.subject.replace('\0', ""),
        body: composed.body.replace('\0', "\u{fffd}"),
        token,
        answers: json(&composed.answers),
        findings: json(&findings),
        why: json(&why),
        created_at: app.now(),
    };
    let id = db::draft::insert(tx, &draft).await?;
    let kind = if ground.stage == Stage::Reminder { EventKind::ReminderProposed } else { EventKind::DraftProposed };
    let event = db::event::NewEvent {
        case: Some(row.id),
        message: ground.reply_to,
        draft: Some(id),
        at: app.now(),
        actor,
        kind: kind.as_str(),
        detail: ground.stage.as_str(),
    };
    db::event::insert(tx, &event).await?;
    app.metrics.drafted.fetch_add(1, Relaxed);
    Ok(id)
}

/// What composing needs beside case and mail.
pub struct Extra<'a> {
    pub token: Option<&'a str>,
    pub sent_initial: Option<&'a str>,
    pub survey_url: Option<&'a str>,
}

/// Composes inside catch_unwind: a template engine's panic is a finding, not the end of a flow.
pub fn compose_for(knowledge: &Knowledge, row: &CaseRow, ground: &Ground<'_>, extra: &Extra<'_>) -> Composed {
    let articles = ground.decision.map(|decision| decision.articles.as_slice()).unwrap_or_default();
    let request = Request {
        stage: ground.stage,
        language: row.language,
        mail: ground.mail,
        case: CaseView {
            number: row.number.clone(),
            title: row.title.clone(),
            token: extra.token.map(str::to_owned),
            customer: row.customer_name.clone(),
        },
        sent_initial: extra.sent_initial,
        reminder_no: u32::try_from(row.reminders + 1).unwrap_or(1),
        survey_url: extra.survey_url,
        rule_articles: articles,
        engineer: row.owner_name.as_deref(),
        received_at: row.last_inbound_at.unwrap_or(row.created_at),
    };
    let mut composed = catch_unwind(AssertUnwindSafe(|| compose(&knowledge.kit, &request))).unwrap_or_else(|_| failed(row, ground.stage));
    let sources = catch_unwind(AssertUnwindSafe(|| draft::sources(ground.mail, &knowledge.kit.catalog, knowledge.kit.desk.language)));
    composed.reasons.extend(sources.unwrap_or_default());
    composed.reasons.push(made_of(knowledge));
    composed
}

/// Which knowledge made the draft, so that it can be made again.
fn made_of(knowledge: &Knowledge) -> Reason {
    let Hashes { rules, templates, articles, catalogue, configuration } = &knowledge.hashes;
    let version = env!("CARGO_PKG_VERSION");
    let text = match knowledge.kit.desk.language {
        Language::Zh => {
            format!("规则 {rules}，模板 {templates}，知识条目 {articles}，更新目录 {catalogue}，配置 {configuration}，程序 {version}")
        }
        Language::En => format!(
            "rules {rules}, templates {templates}, articles {articles}, catalogue {catalogue}, configuration {configuration}, program {version}"
        ),
    };
    Reason { name: "knowledge.hash".into(), text }
}

fn failed(row: &CaseRow, stage: Stage) -> Composed {
    let text = "composing failed on this mail; please write this answer yourself".to_owned();
    Composed {
        stage,
        language: row.language,
        subject: row.title.clone(),
        body: String::new(),
        answers: Vec::new(),
        findings: vec![Finding::new("compose.failed", Level::Error, text)],
        reasons: Vec::new(),
    }
}

/// The case keeps its token; else the one the customer's subject carries; else the next of ours.
pub async fn token_for(app: &App, tx: &mut Tx, row: &CaseRow, mail: &Mail) -> db::Result<Option<String>> {
    let Some(settings) = &app.settings.token else { return Ok(None) };
    if row.token.is_some() {
        return Ok(row.token.clone());
    }
    let ours = |token: &&String| token.starts_with(&settings.prefix);
    if let Some(token) = mail.subject.tracking_token.as_ref().filter(ours) {
        return Ok(Some(token.clone()));
    }
    let counter = db::case::next_sequence(tx, "tracking_token", 1).await?;
    Ok(Some(case::format_token(&settings.prefix, settings.user, settings.user_digits, counter, settings.counter_digits)))
}

/// To: Reply-To or From (RFC 5322 §3.6.2); Cc: the others of To and Cc; never ourselves.
pub fn recipients(app: &App, mail: &Mail, row: &CaseRow) -> (Vec<Address>, Vec<Address>) {
    let own = &app.settings.mail.own_addresses;
    let is_ours = |address: &Address| own.contains(&address.address.to_lowercase());
    let mut to: Vec<Address> = mail.reply_to.iter().filter(|a| !is_ours(a)).cloned().collect();
    if to.is_empty() {
        to = mail.from.iter().filter(|a| !is_ours(a)).cloned().collect();
    }
    if to.is_empty() && !row.customer_address.is_empty() {
        to = vec![Address { name: row.customer_name.clone(), address: row.customer_address.clone() }];
    }
    to.truncate(10);
    let mut cc: Vec<Address> = Vec::new();
    for address in mail.to.iter().chain(&mail.cc).filter(|a| !is_ours(a)) {
        let known = |list: &[Address]| list.iter().any(|a| a.address.eq_ignore_ascii_case(&address.address));
        if !known(&to) && !known(&cc) && cc.len() < 30 {
            cc.push(address.clone());
        }
    }
    (to, cc)
}

/// `"Name" <a@b>, c@d`: the form that people edit in the draft; `review::parse_addresses` reads it.
pub fn join(addresses: &[Address]) -> String {
    let one = |address: &Address| match address.name.as_deref().map(clean_name) {
        Some(name) if !name.is_empty() => format!("\"{name}\" <{}>", address.address),
        _ => address.address.clone(),
    };
    addresses.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn clean_name(name: &str) -> String {
    name.chars().filter(|c| !c.is_control() && !matches!(c, '"' | '\\' | '<' | '>')).take(100).collect::<String>().trim().to_owned()
}

/// The request of the case, parsed again from its raw bytes; None when they expired or are damaged.
pub async fn request_of(app: &App, tx: &mut Tx, case: CaseId) -> db::Result<Option<(MessageKey, Mail)>> {
    let key = db::message::first_inbound(tx, case).await?;
    load(app, tx, key).await
}

/// The newest inbound mail of the case, parsed again.
pub async fn last_of(app: &App, tx: &mut Tx, case: CaseId) -> db::Result<Option<(MessageKey, Mail)>> {
    let key = db::message::last_inbound(tx, case).await?;
    load(app, tx, key).await
}

/// A mail parsed again from its raw bytes; None: no key, or as for `request_of`.
pub async fn load(app: &App, tx: &mut Tx, key: Option<MessageKey>) -> db::Result<Option<(MessageKey, Mail)>> {
    let Some(key) = key else { return Ok(None) };
    let raw = match db::message::raw(tx, key).await {
        Ok(Some(raw)) => raw,
        Ok(None) => return Ok(None),
        Err(db::Error::Damaged(text)) => {
            tracing::error!(message.id = key.0, text, "a stored mail cannot be read");
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    let parsed = catch_unwind(AssertUnwindSafe(|| mail::parse(&raw, &app.settings.mail)));
    let Ok(mail) = parsed else { return Ok(None) };
    let compared = super::triage::compared(tx, &mail).await?;
    Ok(Some((key, compared.unwrap_or(mail))))
}

/// A one-time secret for a link.
pub fn secret_token() -> String {
    crate::survey::token(&random())
}

fn json<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_else(|_| "[]".into())
}
