//! `casemate case …`: list and look at cases, and everything a person does to them.

use super::Failure;
use super::open::{By, Config};
use super::output::{json, minute, plain, short, table};
use crate::app::App;
use crate::case::{Priority, Stage, Status};
use crate::db::case::{CaseRow, Filter};
use crate::db::event::EventRow;
use crate::db::message::MessageRow;
use crate::{db, review};
use clap::Subcommand;
use serde_json::{Value, json as value};
use std::io::Write;

/// List, show and change cases
#[derive(clap::Args)]
#[command(
    after_long_help = "Examples:\n  casemate case list --owner wei\n  casemate case show CAS-03160-B3H1K7\n  casemate case assign CAS-03160-B3H1K7 wei\n  \
casemate case close CAS-03160-B3H1K7          (proposes the closure summary)\n  casemate case note CAS-03160-B3H1K7 \"asked by telephone\"\n  \
casemate case merge CAS-03161-A1B2C3 CAS-03160-B3H1K7\n  casemate case search 回滚\n\n\
A case that does not exist, or a change that its status does not allow, gives exit code 4."
)]
pub struct Args {
    #[command(flatten)]
    config: Config,
    #[command(flatten)]
    by: By,
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// List open cases, last touched first
    List {
        /// Also those that are archived, cancelled or merged
        #[arg(long)]
        all: bool,
        /// Of this status only: new, in_progress, waiting_customer, resolved, archived, reopened, cancelled, merged
        #[arg(long)]
        status: Option<Status>,
        /// Of this engineer (login) only
        #[arg(long, value_name = "LOGIN")]
        owner: Option<String>,
        #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(i64).range(1..=100_000))]
        limit: i64,
        /// A JSON array
        #[arg(long)]
        json: bool,
    },
    /// Find cases whose mails have all these words
    Search {
        #[arg(required = true)]
        words: Vec<String>,
        /// A JSON array
        #[arg(long)]
        json: bool,
    },
    /// Show a case, its mails and its history
    Show {
        number: String,
        /// One JSON object
        #[arg(long)]
        json: bool,
    },
    /// Start closing: the closure summary is proposed
    Close { number: String },
    Reopen {
        number: String,
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// Give the case to an engineer
    Assign {
        number: String,
        /// Login; without: to nobody
        login: Option<String>,
    },
    /// Set the priority: low, normal, high, urgent
    Priority { number: String, priority: Priority },
    /// Write a note into the history
    Note { number: String, text: String },
    /// Merge the first case into the second
    Merge { number: String, into: String },
    Cancel {
        number: String,
        #[arg(long)]
        reason: String,
    },
    /// Compose a new draft: initial_response, progress, reminder, closure
    Propose { number: String, stage: Stage },
}

pub async fn run(args: Args, out: &mut dyn Write) -> Result<(), Failure> {
    let app = args.config.app().await?;
    let by = args.by.login();
    match args.action {
        Action::List { all, status, owner, limit, json } => {
            let owner = match owner {
                Some(login) => Some(super::engineer::find(&app, &login).await?.id),
                None => None,
            };
            let filter = Filter { status, open_only: !all && status.is_none(), owner, before: None, limit };
            let mut tx = app.db.read().await?;
            list(out, &app, &db::case::list(&mut tx, &filter).await?, json)
        }
        Action::Search { words, json } => {
            let mut tx = app.db.read().await?;
            list(out, &app, &db::search::cases(&mut tx, &words.join(" "), 200).await?, json)
        }
        Action::Show { number, json } => show(out, &app, &find(&app, &number).await?, json).await,
        change => self::change(out, &app, change, &by).await,
    }
}

async fn change(out: &mut dyn Write, app: &App, action: Action, by: &str) -> Result<(), Failure> {
    let said = match action {
        Action::Close { number } => {
            let draft = review::close(app, find(app, &number).await?.id, by).await?;
            format!("{number} is closing; closure draft {draft}")
        }
        Action::Reopen { number, reason } => {
            review::reopen(app, find(app, &number).await?.id, &reason, by).await?;
            format!("{number} is reopened")
        }
        Action::Assign { number, login } => {
            review::assign(app, find(app, &number).await?.id, login.as_deref(), by).await?;
            format!("{number} belongs to {}", login.as_deref().unwrap_or("nobody"))
        }
        Action::Priority { number, priority } => {
            review::set_priority(app, find(app, &number).await?.id, priority, by).await?;
            format!("{number} has priority {priority}")
        }
        Action::Note { number, text } => {
            review::note(app, find(app, &number).await?.id, &text, by).await?;
            format!("noted in {number}")
        }
        Action::Merge { number, into } => {
            review::merge(app, find(app, &number).await?.id, &into, by).await?;
            format!("{number} is merged into {into}")
        }
        Action::Cancel { number, reason } => {
            review::cancel(app, find(app, &number).await?.id, &reason, by).await?;
            format!("{number} is cancelled")
        }
        Action::Propose { number, stage } => {
            let draft = review::propose(app, find(app, &number).await?.id, stage, by).await?;
            format!("draft {draft} ({stage}) for {number}")
        }
        Action::List { .. } | Action::Search { .. } | Action::Show { .. } => return Ok(()),
    };
    Ok(writeln!(out, "{}", plain(&said))?)
}

pub async fn find(app: &App, number: &str) -> Result<CaseRow, Failure> {
    let mut tx = app.db.read().await?;
    let number = number.trim().to_uppercase();
    db::case::find_by_number(&mut tx, &number).await?.ok_or_else(|| Failure::refused(format!("there is no case {number}")))
}

fn list(out: &mut dyn Write, app: &App, cases: &[CaseRow], is_json: bool) -> Result<(), Failure> {
    if is_json {
        return json(out, &cases.iter().map(as_json).collect::<Vec<_>>(), false);
    }
    if cases.is_empty() {
        return Ok(writeln!(out, "No case.")?);
    }
    let row = |c: &CaseRow| {
        let customer = c.customer_name.as_deref().unwrap_or(&c.customer_address);
        vec![
            plain(&c.number),
            c.status.to_string(),
            c.priority.to_string(),
            c.owner_name.as_deref().map_or_else(|| "-".to_owned(), |o| short(o, 16)),
            minute(c.updated_at, &app.calendar),
            short(customer, 24),
            short(&c.title, 48),
        ]
    };
    table(out, &["CASE", "STATUS", "PRIORITY", "OWNER", "UPDATED", "CUSTOMER", "TITLE"], &cases.iter().map(row).collect::<Vec<_>>())
}

fn as_json(c: &CaseRow) -> Value {
    value!({ "number": c.number, "title": c.title, "status": c.status, "priority": c.priority, "category": c.category, "owner": c.owner_name,
        "language": c.language, "customer": { "name": c.customer_name, "address": c.customer_address }, "created_at": c.created_at,
        "updated_at": c.updated_at, "first_response_due_at": c.first_response_due_at, "first_responded_at": c.first_responded_at,
        "next_update_due_at": c.next_update_due_at, "resolve_due_at": c.resolve_due_at, "resolved_at": c.resolved_at, "archived_at": c.archived_at })
}

/// Mails and events shown at most.
const MOST: i64 = 500;

async fn show(out: &mut dyn Write, app: &App, case: &CaseRow, is_json: bool) -> Result<(), Failure> {
    let mut tx = app.db.read().await?;
    let mails = db::message::list_of_case(&mut tx, case.id, MOST).await?;
    let drafts = db::draft::list_of_case(&mut tx, case.id).await?;
    let events = db::event::list_of_case(&mut tx, case.id, MOST).await?;
    let surveys = db::survey::list_of_case(&mut tx, case.id).await?;
    if is_json {
        let mut whole = as_json(case);
        whole["messages"] = mails.iter().map(mail_json).collect();
        whole["drafts"] = drafts
            .iter()
            .map(|d| value!({ "id": d.id, "stage": d.stage, "status": d.status, "version": d.version, "created_at": d.created_at }))
            .collect();
        whole["events"] = events.iter().map(|e| value!({ "at": e.at, "actor": e.actor, "kind": e.kind, "detail": e.detail })).collect();
        whole["surveys"] = surveys
            .iter()
            .map(|s| value!({ "status": s.status, "score": s.score, "comment": s.comment, "answered_at": s.answered_at }))
            .collect();
        return json(out, &whole, false);
    }
    let time = |at: Option<i64>| at.map_or_else(|| "-".to_owned(), |at| minute(at, &app.calendar));
    let customer = format!("{} <{}>", case.customer_name.as_deref().unwrap_or_default(), case.customer_address);
    writeln!(out, "{}  {}", plain(&case.number), plain(&case.title))?;
    writeln!(
        out,
        "Status    {}, priority {}, owner {}",
        case.status,
        case.priority,
        plain(case.owner_name.as_deref().unwrap_or("nobody"))
    )?;
    writeln!(out, "Customer  {}", plain(customer.trim()))?;
    writeln!(
        out,
        "Due       first response {}, next update {}, solution {}",
        time(case.first_response_due_at),
        time(case.next_update_due_at),
        time(case.resolve_due_at)
    )?;
    writeln!(out, "\nMails")?;
    let mail = |m: &MessageRow| {
        vec![
            format!("  {}", m.direction),
            minute(m.received_at, &app.calendar),
            short(m.from_name.as_deref().or(m.from_address.as_deref()).unwrap_or("-"), 24),
            short(&m.subject, 60),
        ]
    };
    table(out, &["  ", "AT", "FROM", "SUBJECT"], &mails.iter().map(mail).collect::<Vec<_>>())?;
    for draft in &drafts {
        writeln!(out, "Draft {} {} {} since {}", draft.id, draft.stage, draft.status, minute(draft.created_at, &app.calendar))?;
    }
    for survey in surveys.iter().filter(|s| s.score.is_some()) {
        writeln!(out, "Survey {} of 5 {}", survey.score.unwrap_or(0), plain(survey.comment.as_deref().unwrap_or_default()))?;
    }
    writeln!(out, "\nHistory")?;
    let event = |e: &EventRow| vec![format!("  {}", minute(e.at, &app.calendar)), plain(&e.actor), plain(&e.kind), plain(&e.detail)];
    table(out, &["  AT", "WHO", "WHAT", "WHY"], &events.iter().map(event).collect::<Vec<_>>())
}

fn mail_json(m: &MessageRow) -> Value {
    value!({ "key": m.key, "direction": m.direction, "state": m.state, "kind": m.kind, "message_id": m.message_id, "from": m.from_address,
        "subject": m.subject, "received_at": m.received_at, "text": m.reply_text, "attachments": m.attachments })
}
