//! `casemate template`: what the templates of drafts say, and whether they are sound. No database.

use super::Failure;
use super::inspect::read;
use super::open::load_or_shipped;
use super::output::{json, plain, plain_lines, table};
use super::triage::compose;
use crate::case::{Language, Stage};
use crate::config::Loaded;
use crate::draft::Finding;
use crate::mail;
use crate::triage::{Facts, decide};
use anyhow::Context;
use serde_json::json as value;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Preview a stage's template, or check all templates and articles
#[derive(clap::Args)]
#[command(
    after_long_help = "Examples:\n  casemate template preview closure\n  casemate template preview initial_response --language en --mail mail.eml\n  \
casemate template check --config casemate.toml\n\n\
A preview fills the template with a sample case in which every list has an entry and every text is there; with --mail it is composed for that mail, as \
`casemate triage` does. check compiles every template and article, checks every name in it, and renders it with a full and with an empty case; all \
problems are listed with file and line, and the exit code is 3."
)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
    /// The configuration file [default: the shipped templates]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// One JSON object
    #[arg(long, global = true)]
    json: bool,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Subject and body of a stage
    Preview {
        /// initial_response, progress, reminder, closure, survey …
        stage: Stage,
        /// zh or en [default: the mail's language, else the desk's]
        #[arg(long)]
        language: Option<Language>,
        /// Compose for this mail instead of the sample case; - reads standard input
        #[arg(long, value_name = "FILE")]
        mail: Option<PathBuf>,
    },
    /// Every template and article: compiled, names checked, rendered
    Check,
}

pub fn run(args: &Args, out: &mut dyn Write) -> Result<(), Failure> {
    let loaded = load_or_shipped(args.config.as_deref())?;
    let shown = match &args.command {
        Command::Check => return check(&loaded, args.json, out),
        Command::Preview { stage, language, mail: Some(file) } => of_mail(&loaded, *stage, *language, file)?,
        Command::Preview { stage, language, mail: None } => sample(&loaded, *stage, *language)?,
    };
    if args.json {
        let Shown { stage, language, subject, body, findings } = shown;
        return json(out, &value!({ "stage": stage, "language": language, "subject": subject, "body": body, "findings": findings }), false);
    }
    writeln!(out, "Subject: {}\n\n{}", plain(&shown.subject), plain_lines(&shown.body))?;
    for finding in &shown.findings {
        writeln!(out, "\n{} {}: {}", finding.level, finding.name, plain(&finding.text))?;
    }
    Ok(())
}

struct Shown {
    stage: Stage,
    language: Language,
    subject: String,
    body: String,
    /// Of the gate, for a real mail.
    findings: Vec<Finding>,
}

fn sample(loaded: &Loaded, stage: Stage, language: Option<Language>) -> Result<Shown, Failure> {
    let kit = &loaded.knowledge.kit;
    let language = language.unwrap_or(kit.desk.language);
    let (subject, body) = kit.preview(stage, language).map_err(anyhow::Error::msg)?;
    Ok(Shown { stage, language, subject, body, findings: Vec::new() })
}

fn of_mail(loaded: &Loaded, stage: Stage, language: Option<Language>, file: &Path) -> Result<Shown, Failure> {
    let settings = &loaded.settings;
    let raw = read(file, settings.mail.max_bytes).with_context(|| file.display().to_string())?;
    let mail = mail::parse(&raw, &settings.mail);
    // The same bytes at any hour: a mail without a date counts as from 1970.
    let at = mail.date_at.unwrap_or_default();
    let mut decision = decide(&mail, &Facts::default(), &loaded.knowledge.rules, &settings.triage, at);
    decision.language = language.unwrap_or(decision.language);
    let draft = compose(loaded, &mail, &decision, stage, at);
    Ok(Shown { stage, language: draft.language, subject: draft.subject, body: draft.body, findings: draft.findings })
}

/// Loading was the check: here it says what there is.
fn check(loaded: &Loaded, as_json: bool, out: &mut dyn Write) -> Result<(), Failure> {
    let kit = &loaded.knowledge.kit;
    let names = kit.template_names();
    let slugs: Vec<&str> = kit.articles.list().iter().map(|article| article.slug.as_str()).collect();
    if as_json {
        return json(out, &value!({ "templates": names, "articles": slugs, "hashes": loaded.knowledge.hashes }), false);
    }
    let hashes = &loaded.knowledge.hashes;
    let rows = [("templates", names.len(), &hashes.templates), ("articles", slugs.len(), &hashes.articles)];
    let rows: Vec<Vec<String>> =
        rows.iter().map(|(what, count, hash)| vec![what.to_string(), count.to_string(), hash.to_string()]).collect();
    table(out, &["CHECKED", "COUNT", "HASH"], &rows)
}
