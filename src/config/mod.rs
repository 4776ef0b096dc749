//! The configuration: one TOML file, the environment over it, built-in defaults under it, and what is built from them.
//!
//! `load` reads, checks and reports everything that is wrong at once, with file and line; it opens no database and no
//! connection. `build` opens the database and makes the [`App`]. `config/casemate.toml` shows every key with its default.
//! A relative path begins at the configuration file's directory, so that a desk can be moved as a whole.
//! Environment: `CASEMATE_<SECTION>_<KEY>`, `CASEMATE_SLA_HIGH_RESOLVE_MINUTES` for `[sla.high]`; lists of sections have none.

mod database;
mod desk;
mod knowledge;
mod problem;
mod read;
mod reload;
mod server;
mod time;

pub use problem::{Problem, Problems};

use crate::app::{App, Bells, Knowledge, Metrics, Settings};
use crate::calendar::Calendar;
use crate::case::{Millis, Stage};
use crate::db::{self, Db};
use crate::sla::Targets;
use read::{Reader, Source};
use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, RwLock};
use toml::de::DeTable;

/// The shipped example, which documents every key; `triage` and `inspect` without `--config` use it.
pub const SHIPPED: &str = include_str!("../../config/casemate.toml");

const DAY: Millis = 86_400_000;
const HOUR: Millis = 3_600_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    Text,
    Json,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Log {
    pub format: LogFormat,
    /// Directives of tracing-subscriber's EnvFilter, put before the fixed ones that keep secrets out.
    pub level: String,
}

/// A checked configuration.
pub struct Loaded {
    pub settings: Settings,
    pub knowledge: Knowledge,
    /// Files and directories that the knowledge was read from.
    pub knowledge_files: Vec<PathBuf>,
    /// The configuration file, when it was one.
    pub path: Option<PathBuf>,
    pub calendar: Calendar,
    pub targets: Targets,
    /// With an absolute or working path in it, `sqlite:/srv/desk/casemate.sqlite`, or `postgres://…`.
    pub database_url: String,
    pub log: Log,
    /// Directory of the configuration file.
    pub directory: PathBuf,
    /// Every key that was looked for, `mailbox[].port`; documentation is tested against it.
    pub known_keys: BTreeSet<String>,
}

/// Reads and checks the file at `path`. `env`: a look-up of environment variables.
pub fn load(path: &Path, env: &dyn Fn(&str) -> Option<String>) -> Result<Loaded, Problems> {
    let file = path.display().to_string();
    let whole = |message: String| Problems(vec![Problem { file: file.clone(), line: None, key: String::new(), message }]);
    let bytes = std::fs::read(path).map_err(|error| whole(format!("cannot be read: {}", server::reason(&error))))?;
    let text = String::from_utf8(bytes).map_err(|_| whole("is not UTF-8 text".to_owned()))?;
    let directory = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    Ok(Loaded { path: Some(path.to_owned()), ..parse(&text, &file, directory, env)? })
}

/// As [`load`], from text. `file` names it in messages; relative paths begin at `directory`.
pub fn parse(text: &str, file: &str, directory: &Path, env: &dyn Fn(&str) -> Option<String>) -> Result<Loaded, Problems> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let source = Source { file, text, directory, env, problems: RefCell::default(), asked: RefCell::default() };
    let (document, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        let problem = |error: &toml::de::Error| Problem {
            file: file.to_owned(),
            line: error.span().map(|span| source.line_of(span.start)),
            key: String::new(),
            message: error.message().to_owned(),
        };
        let mut problems: Vec<Problem> = errors.iter().map(problem).collect();
        problems.sort_by_key(|p| p.line);
        return Err(Problems(problems));
    }
    let loaded = sections(&source.root(document.get_ref()), directory);
    source.report_unknown(document.get_ref());
    let mut problems = source.problems.into_inner();
    problems.sort_by_key(|p| (p.file != file, p.line));
    problems.dedup();
    let known_keys = source.asked.into_inner();
    match loaded {
        Some(loaded) if problems.is_empty() => Ok(Loaded { known_keys, ..loaded }),
        _ => Err(Problems(problems)),
    }
}

/// Reads every section, also after problems. None only when a problem was reported.
fn sections(root: &Reader<'_>, directory: &Path) -> Option<Loaded> {
    let who = desk::who(root);
    let (numbering, number_prefix, number_start) = desk::numbers(root);
    let token = desk::token(root);
    let limits = root.section("limits");
    let message_bytes = limits.integer("message_mb", 40, 1..=1024).unsigned_abs() << 20;
    let (mail, triage, window_days) = desk::matching(root, &who, numbering, usize::try_from(message_bytes).unwrap_or(usize::MAX));
    let mailboxes = server::mailboxes(root);
    let (relay, sent_mailbox) = server::relay(root, &mailboxes);
    let (listen, base_url) = server::web(root);
    let survey = root.section("survey");
    let survey_is_enabled = survey.flag("enabled", true);
    let reminder = root.section("reminder");
    let retention = root.section("retention");
    let desk = desk::desk(root, who.language, token.is_some(), survey_is_enabled);
    let settings = Settings {
        mail,
        triage,
        mailboxes,
        relay,
        sent_mailbox,
        number_prefix,
        number_start,
        token,
        automatic_stages: automatic_stages(root),
        survey_is_enabled,
        survey_delay_ms: survey.integer("delay_hours", 24, 0..=8760) * HOUR,
        survey_valid_ms: survey.integer("valid_days", 30, 1..=365) * DAY,
        reminder_after_minutes: reminder.integer("after_business_hours", 24, 1..=10_000) * 60,
        reminder_max: reminder.integer("max", 2, 0..=20),
        match_window_ms: window_days * DAY,
        raw_keep_ms: retention.integer("raw_days", 365, 1..=36_500) * DAY,
        session_ms: retention.integer("session_hours", 12, 1..=8760) * HOUR,
        message_bytes,
        listen,
        base_url,
        from: who.from,
    };
    let calendar = time::calendar(root, &who.time_zone);
    let targets = time::targets(root);
    let database_url = database::url(root, directory);
    let log = log(root);
    let mut knowledge = knowledge::read(root, desk)?;
    let told = format!("{:?}\n{:?}\n{:?}", knowledge.kit.desk, settings.mail, settings.triage);
    knowledge.hashes.configuration = knowledge::hash([told.as_str()]);
    Some(Loaded {
        settings,
        knowledge,
        knowledge_files: knowledge::files(root),
        path: None,
        calendar: calendar?,
        targets,
        database_url,
        log,
        directory: directory.to_owned(),
        known_keys: BTreeSet::new(),
    })
}

fn automatic_stages(root: &Reader<'_>) -> Vec<Stage> {
    let section = root.section("automatic");
    let mut stages = Vec::new();
    for word in section.texts("stages", &["survey"]) {
        match word.parse() {
            Ok(stage @ (Stage::Survey | Stage::Reminder)) => stages.push(stage),
            Ok(stage) => section.problem("stages", format!("expected survey or reminder, found \"{stage}\": answers need a person")),
            Err(error) => section.problem("stages", error),
        }
    }
    stages
}

fn log(root: &Reader<'_>) -> Log {
    let section = root.section("log");
    let format = section.choice("format", &[("text", LogFormat::Text), ("json", LogFormat::Json)], LogFormat::Text);
    let level = section.text("level", "info");
    if let Err(error) = tracing_subscriber::EnvFilter::try_new(&level) {
        section.problem("level", format!("expected error, warn, info, debug or trace, found \"{level}\" ({error})"));
    }
    Log { format, level }
}

/// Opens the database and puts everything together.
pub async fn build(loaded: Loaded) -> db::Result<Arc<App>> {
    let db = Db::open(&loaded.database_url).await?;
    Ok(Arc::new(App {
        db,
        settings: loaded.settings,
        knowledge: RwLock::new(Arc::new(loaded.knowledge)),
        reload: reload::reload(loaded.path, loaded.knowledge_files),
        calendar: loaded.calendar,
        targets: loaded.targets,
        metrics: Metrics::default(),
        bells: Bells::default(),
        clock: Box::new(now),
        warnings: RwLock::new(HashMap::new()),
    }))
}

fn now() -> Millis {
    jiff::Timestamp::now().as_millisecond()
}
