//! `casemate triage`: decision and draft for one mail, without a database. The same functions as the daemon's, with no facts.

use super::Failure;
use super::inspect::read;
use super::open::load_or_shipped;
use super::output::{json, plain, plain_lines};
use crate::app::TokenSettings;
use crate::case::{Millis, Stage, format_token};
use crate::config::Loaded;
use crate::draft::{self, CaseView, Composed, Request};
use crate::mail::{self, Mail};
use crate::triage::{self, Decision, Facts, How, Placement};
use anyhow::Context;
use serde_json::{Value, json as value};
use std::io::Write;
use std::path::PathBuf;

/// Show decision, reasons, draft and findings for one mail, without a database
#[derive(clap::Args)]
#[command(
    after_long_help = "Examples:\n  casemate triage mail.eml\n  casemate triage mail.eml --stage closure --json\n  casemate triage mail.eml --config casemate.toml\n\n\
The database is not asked, so every mail begins a case; casemate shows what it would draft. With --stage closure the draft is composed as if the \
initial response had gone out unchanged. Without --config the shipped configuration serves."
)]
pub struct Args {
    /// A file with one mail; - reads standard input
    file: PathBuf,
    /// The configuration file [default: the shipped one]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Draft of this stage: initial_response, progress, reminder, closure, survey
    #[arg(long)]
    stage: Option<Stage>,
    /// One JSON object
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args, out: &mut dyn Write) -> Result<(), Failure> {
    let loaded = load_or_shipped(args.config.as_deref())?;
    let settings = &loaded.settings;
    let raw = read(&args.file, settings.mail.max_bytes).with_context(|| args.file.display().to_string())?;
    let mail = mail::parse(&raw, &settings.mail);
    let now = jiff::Timestamp::now().as_millisecond();
    let decision = triage::decide(&mail, &Facts::default(), &loaded.knowledge.rules, &settings.triage, now);
    let draft = args.stage.or(decision.stage).map(|stage| compose(&loaded, &mail, &decision, stage, mail.date_at.unwrap_or(now)));
    if args.json { json(out, &shown(&decision, draft.as_ref()), false) } else { print(out, &decision, draft.as_ref()) }
}

/// The number in the subject; None: casemate or a person would number the case.
fn number(decision: &Decision) -> Option<&str> {
    match &decision.placement {
        Placement::Existing { number, .. } => Some(number),
        Placement::New { number } => number.as_deref(),
        Placement::Ignored { .. } | Placement::Person { .. } => None,
    }
}

fn how(decision: &Decision) -> Option<How> {
    match &decision.placement {
        Placement::Existing { how, .. } => Some(*how),
        Placement::New { .. } => Some(How::New),
        Placement::Ignored { .. } | Placement::Person { .. } => None,
    }
}

/// The draft of a stage as if nothing but this mail were known. A closure repeats the initial response as composed.
pub(super) fn compose(loaded: &Loaded, mail: &Mail, decision: &Decision, stage: Stage, received_at: Millis) -> Composed {
    let settings = &loaded.settings;
    let number = number(decision).map_or_else(|| format!("{}-00000-000000", settings.number_prefix), str::to_owned);
    let token = mail.subject.tracking_token.clone().or_else(|| settings.token.as_ref().map(example_token));
    let customer = mail.from.as_ref().and_then(|from| from.name.clone());
    let request = Request {
        stage,
        language: decision.language,
        mail,
        case: CaseView { number, title: mail.subject.base.clone(), token, customer },
        sent_initial: None,
        reminder_no: 1,
        survey_url: None,
        rule_articles: &decision.articles,
        engineer: None,
        received_at,
    };
    if stage != Stage::Closure {
        return draft::compose(&loaded.knowledge.kit, &request);
    }
    let initial = draft::compose(&loaded.knowledge.kit, &Request { stage: Stage::InitialResponse, ..request.clone() });
    draft::compose(&loaded.knowledge.kit, &Request { sent_initial: Some(&initial.body), ..request })
}

/// The first token of the desk: the database counts on from here.
fn example_token(token: &TokenSettings) -> String {
    format_token(&token.prefix, token.user, token.user_digits, 1, token.counter_digits)
}

fn shown(decision: &Decision, draft: Option<&Composed>) -> Value {
    let answer = |a: &draft::Answer| value!({ "question": a.question, "article": a.article, "score": a.score });
    value!({
        "kind": decision.kind,
        "case": { "number": number(decision), "how": how(decision) },
        "reasons": decision.reasons,
        "rule": decision.rule,
        "draft": draft.map(|d| value!({
            "stage": d.stage,
            "language": d.language,
            "subject": d.subject,
            "body": d.body,
            "answers": d.answers.iter().map(answer).collect::<Vec<_>>(),
            "findings": d.findings,
        })),
    })
}

fn print(out: &mut dyn Write, decision: &Decision, draft: Option<&Composed>) -> Result<(), Failure> {
    writeln!(out, "Kind      {}", decision.kind)?;
    match &decision.placement {
        Placement::New { number: Some(number) } => writeln!(out, "Case      {} (new, numbered by the subject)", plain(number))?,
        Placement::New { number: None } => writeln!(out, "Case      new, without a number in the subject")?,
        Placement::Existing { number, how, .. } => writeln!(out, "Case      {}, found by {how}", plain(number))?,
        Placement::Ignored { reason } => writeln!(out, "Case      none, ignored: {}", plain(reason))?,
        Placement::Person { reason, .. } => writeln!(out, "Case      a person decides: {}", plain(reason))?,
    }
    writeln!(out, "Rule      {}", decision.rule.as_deref().unwrap_or("none"))?;
    writeln!(out, "Priority  {}", decision.priority)?;
    writeln!(out, "\nReasons")?;
    for reason in decision.reasons.iter().chain(draft.iter().flat_map(|d| &d.reasons)) {
        writeln!(out, "  {}: {}", reason.name, plain(&reason.text))?;
    }
    let Some(draft) = draft else {
        return Ok(writeln!(out, "\nNo draft")?);
    };
    writeln!(out, "\nAnswers")?;
    for answer in &draft.answers {
        let article = answer.article.as_deref().unwrap_or("open: the engineer answers");
        writeln!(out, "  {} -> {article} ({:.1})", plain(&answer.question), answer.score)?;
    }
    writeln!(out, "\nFindings")?;
    for finding in &draft.findings {
        let at = finding.at.map(|at| format!(" ({at})")).unwrap_or_default();
        writeln!(out, "  {} {}: {}{at}", finding.level, finding.name, plain(&finding.text))?;
    }
    writeln!(out, "\nDraft ({}, {})", draft.stage, draft.language)?;
    writeln!(out, "Subject: {}\n", plain(&draft.subject))?;
    Ok(writeln!(out, "{}", plain_lines(&draft.body))?)
}
