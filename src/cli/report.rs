//! `casemate report …`: open cases, and what engineers change in drafts; as table, CSV or JSON.

use super::Failure;
use super::open::{Config, env};
use crate::app::App;
use crate::case::{Language, Millis, Stage};
use crate::daemon::propose::ACTOR;
use crate::db;
use crate::db::case::CaseRow;
use crate::draft::Answer;
use crate::report::edits::{self, Approved, Edits};
use crate::report::{self, OpenCase};
use clap::{Subcommand, ValueEnum};
use std::collections::HashMap;
use std::io::Write;

/// Reports: open cases by status, owner, age and service level; what engineers change in drafts
#[derive(clap::Args)]
#[command(
    after_long_help = "Examples:\n  casemate report open\n  casemate report open --format csv > open.csv\n  casemate report open --format json | jq .by_sla\n  \
casemate report edits --last 500 --top 20\n\n\
The table is Chinese when LC_ALL, LC_MESSAGES or LANG begins with zh."
)]
pub struct Args {
    #[command(flatten)]
    config: Config,
    #[command(subcommand)]
    report: Report,
}

#[derive(Subcommand)]
enum Report {
    /// Open cases, most urgent first, and the satisfaction of the last 90 days
    Open {
        #[arg(long, value_enum, default_value_t = Format::Table)]
        format: Format,
    },
    /// Sentences that engineers remove, add or change before they approve, by article and template
    Edits {
        /// The newest drafts approved by people
        #[arg(long, value_name = "N", default_value_t = 1000)]
        last: usize,
        /// The most frequent changes
        #[arg(long, value_name = "N", default_value_t = 30)]
        top: usize,
        #[arg(long, value_enum, default_value_t = Format::Table)]
        format: Format,
    },
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Table,
    Csv,
    Json,
}

/// More open cases than a desk can have; the report says when it was reached.
const MOST: i64 = 100_000;
const SATISFACTION: Millis = 90 * 86_400_000;

pub async fn run(args: Args, out: &mut dyn Write) -> Result<(), Failure> {
    let app = args.config.app().await?;
    match args.report {
        Report::Open { format } => open_report(&app, format, out).await,
        Report::Edits { last, top, format } => edits_report(&app, last, top, format, out).await,
    }
}

async fn open_report(app: &App, format: Format, out: &mut dyn Write) -> Result<(), Failure> {
    let mut tx = app.db.read().await?;
    let rows = db::report::open_cases(&mut tx, MOST).await?;
    let (scores, _) = db::report::survey_scores(&mut tx, app.now() - SATISFACTION).await?;
    let scores: Vec<u8> = scores.iter().filter_map(|score| u8::try_from(*score).ok()).collect();
    let report = open(app, &rows, &scores);
    match format {
        Format::Table => write!(out, "{}", report::render_table(&report, language(), width()))?,
        Format::Csv => write!(out, "{}", report::render_csv(&report))?,
        Format::Json => writeln!(out, "{}", report::render_json(&report))?,
    }
    Ok(())
}

/// Drafts of one page.
const PAGE: usize = 100;

/// Page by page, newest first; the previews tell what is a template's own.
async fn edits_report(app: &App, last: usize, top: usize, format: Format, out: &mut dyn Write) -> Result<(), Failure> {
    let knowledge = app.knowledge();
    let mut previews: HashMap<(Stage, Language), String> = HashMap::new();
    let (mut edits, mut before, mut left) = (Edits::default(), None, last);
    let mut tx = app.db.read().await?;
    while left > 0 {
        let page = db::draft::list_approved(&mut tx, ACTOR, before, left.min(PAGE) as i64).await?;
        let Some(oldest) = page.last() else { break };
        before = Some(oldest.id);
        left -= page.len();
        for draft in &page {
            let preview = previews.entry((draft.stage, draft.language)).or_insert_with(|| {
                // A template that cannot be rendered did not pass the start.
                knowledge.kit.preview(draft.stage, draft.language).map(|(_, body)| body).unwrap_or_default()
            });
            let answers: Vec<Answer> = serde_json::from_str(&draft.answers).unwrap_or_default();
            let (stage, language, proposed, sent) = (draft.stage, draft.language, &draft.proposed_body, &draft.body);
            edits.add(&Approved { stage, language, answers: &answers, proposed, sent, preview });
        }
    }
    drop(tx);
    let report = edits.finish(top);
    match format {
        Format::Table => write!(out, "{}", edits::render_table(&report, language()))?,
        Format::Csv => write!(out, "{}", edits::render_csv(&report))?,
        Format::Json => writeln!(out, "{}", edits::render_json(&report))?,
    }
    Ok(())
}

fn open(app: &App, rows: &[CaseRow], scores: &[u8]) -> report::OpenReport {
    let cases: Vec<OpenCase> = rows.iter().map(open_case).collect();
    report::open(&cases, scores, app.now(), &app.calendar, &app.targets)
}

fn open_case(row: &CaseRow) -> OpenCase {
    OpenCase {
        id: row.id,
        number: row.number.clone(),
        title: super::output::plain(&row.title),
        status: row.status,
        owner: row.owner_name.clone(),
        priority: row.priority,
        customer: super::output::plain(row.customer_name.as_deref().unwrap_or(&row.customer_address)),
        language: row.language,
        created_at: row.created_at,
        updated_at: row.updated_at,
        first_response_due_at: row.first_response_due_at,
        first_responded_at: row.first_responded_at,
        next_update_due_at: row.next_update_due_at,
        last_sent_at: row.waiting_since_at.or(row.first_responded_at),
        resolve_due_at: row.resolve_due_at,
        resolved_at: row.resolved_at,
    }
}

fn language() -> Language {
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|name| env(name).filter(|value| !value.is_empty()));
    if locale.is_some_and(|locale| locale.starts_with("zh")) { Language::Zh } else { Language::En }
}

fn width() -> usize {
    env("COLUMNS").and_then(|text| text.parse().ok()).unwrap_or(120)
}
