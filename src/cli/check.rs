//! `casemate check`: everything that can be known before the daemon starts, a line for each.

use super::open::Config;
use super::output::{json, plain, table};
use super::{Failure, log};
use crate::app::{MailboxSettings, Relay, Source};
use crate::config::Loaded;
use crate::db::{self, Db};
use crate::draft::try_examples;
use crate::folder::Layout;
use crate::{imap, smtp};
use serde::Serialize;
use std::io::Write;
use std::path::Path;
use std::time::Duration;

/// Check configuration, rules, templates, calendar, catalogue, database, mailboxes and relay
#[derive(clap::Args)]
#[command(after_long_help = "Examples:\n  casemate check --config /etc/casemate/casemate.toml\n  casemate check --offline --json\n\n\
Every line is OK, WARN or FAIL; the exit code is 1 when one is FAIL, and 3 when the configuration itself is invalid (all problems are then listed with file \
and line). An existing database is opened, and thereby migrated. Mailboxes are opened read-only; nothing is sent.")]
pub struct Args {
    #[command(flatten)]
    config: Config,
    /// A JSON array
    #[arg(long)]
    json: bool,
    /// Do not connect to mail servers or a PostgreSQL database
    #[arg(long)]
    offline: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
enum Level {
    Ok,
    Warn,
    Fail,
}

#[derive(Debug, Serialize)]
struct Line {
    level: Level,
    what: String,
    text: String,
}

#[derive(Default)]
struct Lines(Vec<Line>);

impl Lines {
    fn add(&mut self, level: Level, what: &str, text: impl Into<String>) {
        self.0.push(Line { level, what: what.to_owned(), text: plain(&text.into()) });
    }
    fn outcome<E: std::fmt::Display>(&mut self, what: &str, good: String, outcome: Result<(), E>) {
        match outcome {
            Ok(()) => self.add(Level::Ok, what, good),
            Err(error) => self.add(Level::Fail, what, error.to_string()),
        }
    }
}

/// How long a locked database is waited for: a running daemon holds it for moments only.
const PATIENCE: Duration = Duration::from_secs(3);

pub async fn run(args: Args, out: &mut dyn Write) -> Result<(), Failure> {
    let loaded = args.config.load()?;
    log::start(&loaded.log, log::Part::Command);
    let mut lines = Lines::default();
    lines.add(Level::Ok, "configuration", args.config.config.display().to_string());
    knowledge(&mut lines, &loaded);
    desk(&mut lines, &loaded);
    calendar(&mut lines, &loaded);
    database(&mut lines, &loaded, args.offline).await;
    if loaded.settings.mailboxes.is_empty() {
        lines.add(Level::Warn, "mailbox", "no [[mailbox]]: there is nothing to read");
    }
    for settings in &loaded.settings.mailboxes {
        mailbox(&mut lines, settings, args.offline).await;
    }
    relay(&mut lines, &loaded.settings.relay, args.offline).await;
    if args.json {
        json(out, &lines.0, false)?;
    } else {
        let level = |level| format!("{level:?}").to_uppercase();
        let rows: Vec<Vec<String>> = lines.0.iter().map(|l| vec![level(l.level), l.what.clone(), l.text.clone()]).collect();
        table(out, &["LEVEL", "WHAT", "DETAIL"], &rows)?;
    }
    if lines.0.iter().any(|line| line.level == Level::Fail) {
        out.flush()?;
        Err(Failure::Said)
    } else {
        Ok(())
    }
}

/// Rules, templates and catalogue were checked by loading them; this says how much there is.
fn knowledge(lines: &mut Lines, loaded: &Loaded) {
    let knowledge = &loaded.knowledge;
    lines.add(Level::Ok, "rules", format!("{} rules", knowledge.rules.rules.len()));
    lines.add(Level::Ok, "templates", format!("{} articles; every template renders", knowledge.kit.articles.list().len()));
    let trials = try_examples(&knowledge.kit, None);
    for trial in trials.iter().filter(|trial| !trial.passed).take(20) {
        let found = trial.first.as_ref().map_or("nothing", |(slug, _)| slug.as_str());
        let example = &trial.example;
        let wanted = if example.must_match { "must find" } else { "must not find" };
        lines.add(Level::Warn, "article", format!("{}: \"{}\" {wanted} it, finds {found}", example.path, example.question));
    }
    lines.add(Level::Ok, "articles", format!("{} example questions tried", trials.len()));
    lines.add(Level::Ok, "catalogue", format!("{} updates", knowledge.kit.catalog.updates().len()));
}

fn desk(lines: &mut Lines, loaded: &Loaded) {
    let desk = &loaded.knowledge.kit.desk;
    for (key, text) in [("name", &desk.name), ("hotline", &desk.hotline), ("portal", &desk.portal)] {
        if text.is_empty() {
            lines.add(Level::Warn, "desk", format!("desk.{key} is empty; drafts have a gap there"));
        }
    }
    if loaded.settings.survey_is_enabled && loaded.settings.listen.ip().is_loopback() && loaded.settings.base_url.starts_with("http://127.")
    {
        lines.add(
            Level::Warn,
            "web",
            format!("survey links begin with {}, which customers cannot open; set web.base_url", loaded.settings.base_url),
        );
    }
    if !loaded.settings.automatic_stages.is_empty() {
        let stages: Vec<&str> = loaded.settings.automatic_stages.iter().map(|s| s.as_str()).collect();
        lines.add(Level::Ok, "automatic", format!("sent without a person's approval: {}", stages.join(", ")));
    }
}

fn calendar(lines: &mut Lines, loaded: &Loaded) {
    let now = jiff::Timestamp::now().as_millisecond();
    // Targets and reminders reach some weeks ahead.
    let missing = loaded.calendar.missing_years(now, now + 60 * 86_400_000);
    if missing.is_empty() {
        return lines.add(Level::Ok, "calendar", loaded.calendar.zone_name());
    }
    let years: Vec<String> = missing.iter().map(i16::to_string).collect();
    lines.add(
        Level::Warn,
        "calendar",
        format!("holidays of {} are not known: due times there may be too early; give them in calendar.file", years.join(", ")),
    );
}

async fn database(lines: &mut Lines, loaded: &Loaded, is_offline: bool) {
    let url = &loaded.database_url;
    if let Some(path) = url.strip_prefix("sqlite:") {
        let directory = Path::new(path).parent().unwrap_or(Path::new("."));
        if !Path::new(path).exists() {
            let what = format!("{path} will be created");
            let exists = if directory.is_dir() { Ok(()) } else { Err(format!("there is no directory {}", directory.display())) };
            return lines.outcome("database", what, exists);
        }
    } else if is_offline {
        return lines.add(Level::Ok, "database", "not asked (--offline)");
    }
    match look(url, loaded).await {
        Ok((migrations, missing)) => {
            lines.add(Level::Ok, "database", migrations);
            for text in missing {
                lines.add(Level::Warn, "rules", text);
            }
        }
        Err(error) => lines.add(Level::Fail, "database", error.to_string()),
    }
}

/// Migrations, and the owners that rules name but the database does not know.
async fn look(url: &str, loaded: &Loaded) -> db::Result<(String, Vec<String>)> {
    let db = Db::open_within(url, PATIENCE).await?;
    let (applied, known) = db.migrations().await?;
    // Whether it can be written: another program may hold it.
    drop(db.begin().await?);
    let mut tx = db.read().await?;
    let mut missing = Vec::new();
    for (login, rule, line) in loaded.knowledge.rules.owners() {
        if db::engineer::find_by_login(&mut tx, login).await?.is_none() {
            missing.push(format!("line {line}, rule \"{rule}\": there is no engineer {login}; its cases belong to nobody"));
        }
    }
    drop(tx);
    db.close().await;
    Ok((format!("{applied} of {known} migrations applied"), missing))
}

async fn mailbox(lines: &mut Lines, settings: &MailboxSettings, is_offline: bool) {
    let what = format!("mailbox {}", settings.name);
    match &settings.source {
        Source::Folder(folder) => {
            let there = folder.path.is_dir()
                && (folder.layout == Layout::Eml || (folder.path.join("new").is_dir() && folder.path.join("cur").is_dir()));
            let kind = if folder.layout == Layout::Maildir { "Maildir (new/ and cur/)" } else { "directory" };
            let found = if there { Ok(()) } else { Err(format!("there is no {kind} at {}", folder.path.display())) };
            lines.outcome(&what, folder.path.display().to_string(), found);
        }
        Source::Imap(_) if is_offline => lines.add(Level::Ok, &what, "not asked (--offline)"),
        Source::Imap(account) => {
            let good = format!("{}:{} {} can be read", account.host, account.port, account.mailbox);
            lines.outcome(&what, good, imap::check(account).await);
        }
    }
}

async fn relay(lines: &mut Lines, relay: &Relay, is_offline: bool) {
    match relay {
        Relay::Folder(path) if path.exists() && !path.is_dir() => {
            lines.add(Level::Fail, "relay", format!("{} is not a directory", path.display()))
        }
        Relay::Folder(path) => lines.add(Level::Warn, "relay", format!("mails are written into {}, nothing leaves", path.display())),
        Relay::Smtp(_) if is_offline => lines.add(Level::Ok, "relay", "not asked (--offline)"),
        Relay::Smtp(account) => lines.outcome("relay", format!("{}:{} takes mail", account.host, account.port), smtp::check(account).await),
    }
}
