//! `/case/{number}`: everything about one case on one page: head, mails, the draft beside the newest mail, why it was
//! proposed, actions, history. The draft's forms show the same page again when they could not do what was asked, with every
//! typed word kept (promise 17): that is what [`Typed`] carries.

use super::draft::Typed;
use super::finding::Checked;
use super::session::Signed;
use super::time::Times;
use super::{Answer, Error, Pages, Shared, diff, due, finding, mail, page, refusal, text, thread};
use crate::case::{Language, MessageKey, Priority, Role, Status, is_finished, is_open};
use crate::db;
use crate::db::case::CaseRow;
use crate::db::draft::{DraftRow, DraftStatus};
use crate::db::engineer::EngineerRow;
use crate::db::event::EventRow;
use crate::db::message::MessageRow;
use crate::db::outbox::OutboxRow;
use crate::db::survey::SurveyRow;
use crate::draft::{Answer as Answered, Finding, Level};
use crate::triage::Reason;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::{Value, json};

/// Mails and events shown of one case; older ones are in the database.
const SHOWN: i64 = 200;

/// One snapshot of a case.
struct Loaded {
    case: CaseRow,
    merged_into: Option<String>,
    messages: Vec<MessageRow>,
    last_inbound: Option<MessageKey>,
    drafts: Vec<DraftRow>,
    outbox: Vec<OutboxRow>,
    events: Vec<EventRow>,
    surveys: Vec<SurveyRow>,
    engineers: Vec<EngineerRow>,
}

pub(super) async fn show(State(pages): State<Shared>, signed: Signed, Path(number): Path<String>) -> Answer {
    render(&pages, &signed, &number, None).await
}

/// The page, with what a person typed when a form could not be carried out.
pub(super) async fn render(pages: &Pages, signed: &Signed, number: &str, typed: Option<&Typed>) -> Answer {
    let loaded = load(pages, number).await?;
    let whole = match loaded.messages.iter().rev().find(|message| thread::is_from_customer(message)) {
        Some(message) => mail::whole(&pages.app, message.key).await?,
        None => Value::Null,
    };
    let times = pages.times(&signed.reader);
    let waiting = loaded.drafts.iter().find(|draft| draft.status == DraftStatus::Proposed);
    let answered = waiting.and_then(|draft| draft.reply_to);
    let content = json!({
        "case": head(pages, &loaded, &times),
        "thread": thread::view(&loaded.messages, &loaded.outbox, answered, &times),
        "whole": whole,
        "draft": draft_view(&loaded, typed, &times, signed.reader.language),
        "lost": typed.filter(|typed| is_lost(typed, &loaded)).map(|typed| json!({ "subject": typed.subject, "body": typed.body })),
        "notice": typed.map(|typed| {
            let detail = typed.detail.as_deref().map(|detail| refusal::in_words(detail, signed.reader.language));
            json!({ "key": typed.notice, "detail": detail })
        }),
        "actions": actions(&loaded, signed),
        "events": events(&loaded.events, &times, signed.reader.language),
        "surveys": surveys(&loaded.surveys, &times),
    });
    let title = format!("={} {}", loaded.case.number, loaded.case.title);
    let mut response = page::render(pages, &signed.reader, "case", &title, content)?;
    if let Some(typed) = typed {
        *response.status_mut() = typed.status;
    }
    Ok(response)
}

async fn load(pages: &Pages, number: &str) -> Result<Loaded, Error> {
    let mut tx = pages.app.db.read().await?;
    let case = db::case::find_by_number(&mut tx, &number.to_uppercase()).await?.ok_or(Error::NotFound)?;
    let merged_into = match case.merged_into {
        Some(into) => db::case::find(&mut tx, into).await?.map(|case| case.number),
        None => None,
    };
    Ok(Loaded {
        merged_into,
        messages: db::message::list_of_case(&mut tx, case.id, SHOWN).await?,
        last_inbound: db::message::last_inbound(&mut tx, case.id).await?,
        drafts: db::draft::list_of_case(&mut tx, case.id).await?,
        outbox: db::outbox::list_of_case(&mut tx, case.id).await?,
        events: db::event::list_of_case(&mut tx, case.id, SHOWN).await?,
        surveys: db::survey::list_of_case(&mut tx, case.id).await?,
        engineers: db::engineer::list(&mut tx).await?,
        case,
    })
}

fn head(pages: &Pages, loaded: &Loaded, times: &Times<'_>) -> Value {
    let case = &loaded.case;
    json!({
        "number": case.number, "title": case.title, "status": case.status, "priority": case.priority,
        "category": case.category, "owner": case.owner_name, "language": case.language, "token": case.token,
        "customer_name": case.customer_name, "customer_address": case.customer_address,
        "created": times.at(case.created_at), "updated": times.at(case.updated_at),
        "due": due::next(&pages.app, case, times),
        "first_response_due": times.maybe(case.first_response_due_at), "first_responded": times.maybe(case.first_responded_at),
        "next_update_due": times.maybe(case.next_update_due_at), "resolve_due": times.maybe(case.resolve_due_at),
        "resolved": times.maybe(case.resolved_at), "archived": times.maybe(case.archived_at),
        "waiting_since": times.maybe(case.waiting_since_at), "reminders": case.reminders, "reopens": case.reopens,
        "merged_into": loaded.merged_into,
    })
}

/// Whether the draft that was typed over is not a proposed one any more: its text is shown to copy from.
fn is_lost(typed: &Typed, loaded: &Loaded) -> bool {
    proposed(loaded).is_none_or(|draft| draft.id != typed.draft)
}

fn proposed(loaded: &Loaded) -> Option<&DraftRow> {
    loaded.drafts.iter().rev().find(|draft| draft.status == DraftStatus::Proposed)
}

fn draft_view(loaded: &Loaded, typed: Option<&Typed>, times: &Times<'_>, language: Language) -> Value {
    let Some(draft) = proposed(loaded) else { return Value::Null };
    let typed = typed.filter(|typed| typed.draft == draft.id);
    let saved = Checked { subject: &draft.subject, body: &draft.body, to: &draft.to, cc: &draft.cc };
    let (findings, checked): (Vec<Finding>, _) = match typed.and_then(|typed| Some((typed.findings.clone()?, typed.checked()))) {
        Some(of_typed) => of_typed,
        None => (serde_json::from_str(&draft.findings).unwrap_or_default(), saved),
    };
    let answers: Vec<Answered> = serde_json::from_str(&draft.answers).unwrap_or_default();
    let why: Vec<Reason> = serde_json::from_str(&draft.why).unwrap_or_default();
    let field = |saved: &str, of: fn(&Typed) -> &str| typed.map_or(saved, of).to_string();
    let body = field(&draft.body, |typed| &typed.body);
    let subject = field(&draft.subject, |typed| &typed.subject);
    let changes = typed.filter(|typed| typed.version != draft.version).map(|typed| changes(draft, typed)).unwrap_or_default();
    json!({
        "id": draft.id, "version": draft.version, "stage": draft.stage, "language": draft.language,
        "seen": loaded.last_inbound,
        "subject_rows": if subject.len() > 60 { 2 } else { 1 }, "subject": subject, "to": field(&draft.to, |typed| &typed.to),
        "cc": field(&draft.cc, |typed| &typed.cc),
        "rows": body.lines().count().clamp(14, 40),
        "body": body,
        "waiver": typed.map_or("", |typed| typed.waiver.as_str()),
        "has_errors": findings.iter().any(|finding| finding.level == Level::Error),
        "findings": finding::views(&findings, &checked, language),
        "answers": answers.iter().map(answer).collect::<Vec<_>>(),
        "why": why,
        "created": times.at(draft.created_at), "updated": times.at(draft.updated_at), "edited_by": draft.edited_by,
        "is_edited": draft.body != draft.proposed_body || draft.subject != draft.proposed_subject,
        "proposed": diff::lines(&draft.proposed_body, &draft.body),
        "changes": changes,
    })
}

/// What the saved draft and the typed text do not share.
fn changes(draft: &DraftRow, typed: &Typed) -> Vec<diff::Line> {
    let whole = |to: &str, cc: &str, subject: &str, body: &str| format!("{to}\n{cc}\n{subject}\n{body}");
    diff::lines(&whole(&draft.to, &draft.cc, &draft.subject, &draft.body), &whole(&typed.to, &typed.cc, &typed.subject, &typed.body))
}

fn answer(answer: &Answered) -> Value {
    json!({
        "number": answer.number, "question": answer.question, "article": answer.article, "score": format!("{:.2}", answer.score),
        "runner_up": answer.runner_up.as_ref().map(|(article, score)| json!({ "article": article, "score": format!("{score:.2}") })),
    })
}

fn actions(loaded: &Loaded, signed: &Signed) -> Value {
    let (case, role) = (&loaded.case, signed.engineer().role);
    let owner =
        |engineer: &EngineerRow| json!({ "login": engineer.login, "name": engineer.name, "is_chosen": case.owner == Some(engineer.id) });
    let allowed = |engineer: &&EngineerRow| engineer.is_active && (role >= Role::Lead || engineer.id == signed.engineer().id);
    json!({
        "owners": loaded.engineers.iter().filter(allowed).map(owner).collect::<Vec<_>>(),
        "may_assign_others": role >= Role::Lead,
        "is_mine": case.owner == Some(signed.engineer().id),
        "priorities": Priority::ALL.iter().map(|p| json!({ "word": p, "is_chosen": *p == case.priority })).collect::<Vec<_>>(),
        "may_work": is_open(case.status),
        "may_close": is_open(case.status),
        "may_reopen": matches!(case.status, Status::Resolved | Status::Archived | Status::Cancelled),
        "may_end": role >= Role::Lead && !is_finished(case.status),
    })
}

fn events(events: &[EventRow], times: &Times<'_>, language: Language) -> Vec<Value> {
    let view = |event: &EventRow| {
        json!({
            "at": times.at(event.at), "actor": event.actor, "kind": event.kind, "detail": in_words(&event.kind, &event.detail, language),
            "is_note": event.kind == "noted",
        })
    };
    events.iter().rev().map(view).collect()
}

/// Words of closed sets in an event's detail (`new → in_progress: taken`) in the reader's language. What people wrote stays as it is.
fn in_words(kind: &str, detail: &str, language: Language) -> String {
    let find = |sections: &[&str], word: &str| sections.iter().find_map(|section| text::find(&format!("{section}.{word}"), language));
    let sections: &[&str] = match kind {
        "status_changed" => &["status"],
        "priority_changed" => &["priority"],
        "draft_proposed" | "draft_approved" | "draft_superseded" | "mail_sent" => &["stage"],
        _ => return detail.to_string(),
    };
    let (what, why) = detail.split_once(": ").unwrap_or((detail, ""));
    let what: Vec<&str> = what.split(' ').map(|word| find(sections, word).unwrap_or(word)).collect();
    match why {
        "" => what.join(" "),
        why => format!("{}: {}", what.join(" "), find(&["trigger"], why).unwrap_or(why)),
    }
}

fn surveys(surveys: &[SurveyRow], times: &Times<'_>) -> Vec<Value> {
    let view = |survey: &SurveyRow| {
        json!({
            "status": survey.status, "due": times.at(survey.due_at), "sent": times.maybe(survey.sent_at),
            "score": survey.score.map(|score| score.to_string()), "comment": survey.comment, "answered": times.maybe(survey.answered_at),
        })
    };
    surveys.iter().map(view).collect()
}

/// The case page as the answer to a form that was refused.
pub(super) async fn refused(
    pages: &Pages,
    signed: &Signed,
    number: &str,
    mut typed: Typed,
    notice: &'static str,
    status: StatusCode,
) -> Answer {
    typed.notice = notice;
    typed.status = status;
    render(pages, signed, number, Some(&typed)).await
}

/// A path to the case with a word of `done.*` to show.
pub(super) fn path(number: &str, done: &str) -> String {
    format!("/case/{}?done={done}", super::error::encode(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn details_in_words() {
        for (kind, detail, expected) in [
            ("status_changed", "new → in_progress: taken", "新建 → 处理中: 已受理"),
            ("status_changed", "new → cancelled: 客户说 new", "新建 → 已取消: 客户说 new"),
            ("priority_changed", "normal → urgent", "普通 → 紧急"),
            ("mail_sent", "closure", "归档总结"),
            ("noted", "new", "new"),
        ] {
            assert_eq!(in_words(kind, detail, Language::Zh), expected);
        }
    }
}
