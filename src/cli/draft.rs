//! `casemate draft …`: look at a proposed draft, mend, approve or discard it. What the pages do, from a terminal.

use super::Failure;
use super::open::{By, Config, env};
use super::output::{json, minute, plain, plain_lines, stored};
use crate::app::App;
use crate::case::DraftId;
use crate::db;
use crate::db::draft::DraftRow;
use crate::draft::{Finding, Part};
use crate::review::{self, Edit};
use anyhow::Context;
use clap::Subcommand;
use serde_json::json as value;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

/// Show, edit, approve or discard a draft, or say why it was proposed
#[derive(clap::Args)]
#[command(
    after_long_help = "Examples:\n  casemate draft show 12\n  casemate draft why 12\n  EDITOR=vi casemate draft edit 12\n  casemate draft edit 12 --body-file answer.txt\n  \
casemate draft approve 12\n  casemate draft discard 12 --reason \"answered by telephone\"\n\n\
Approving fixes the mail byte for byte and puts it into the outbox; the daemon sends it. It is refused (exit code 4) while findings of level error \
stand, unless waived with a reason, and when a new mail of the customer came after the draft was last looked over."
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
    /// Show recipients, subject, text, answers and findings
    Show {
        id: i64,
        /// One JSON object
        #[arg(long)]
        json: bool,
    },
    /// Say how the case was found, which rule, words and runner-up led to this draft, where each fact stands, and of what it was made
    Why { id: i64 },
    /// Edit the text in $VISUAL or $EDITOR, or take it from a file
    Edit {
        id: i64,
        /// The new text; - reads standard input
        #[arg(long, value_name = "FILE")]
        body_file: Option<PathBuf>,
        /// The new subject
        #[arg(long)]
        subject: Option<String>,
        /// The new recipients, separated by commas
        #[arg(long)]
        to: Option<String>,
        #[arg(long)]
        cc: Option<String>,
    },
    /// Approve: the mail goes out as it stands
    Approve {
        id: i64,
        /// Send in spite of findings of level error, for this reason
        #[arg(long, value_name = "REASON")]
        waive: Option<String>,
        /// Refuse unless this is still the version (as shown by `show`)
        #[arg(long)]
        version: Option<i64>,
    },
    /// Discard: nothing is sent
    Discard {
        id: i64,
        #[arg(long)]
        reason: String,
    },
}

pub async fn run(args: Args, out: &mut dyn Write) -> Result<(), Failure> {
    let app = args.config.app().await?;
    let by = args.by.login();
    match args.action {
        Action::Show { id, json: true } => json(out, &as_json(&find(&app, id).await?), false),
        Action::Show { id, json: false } => show(out, &app, &find(&app, id).await?),
        Action::Why { id } => why(out, &find(&app, id).await?),
        Action::Edit { id, body_file, subject, to, cc } => {
            let draft = find(&app, id).await?;
            let has_fields = subject.is_some() || to.is_some() || cc.is_some();
            let body = match body_file {
                Some(file) => read_text(&file)?,
                None if has_fields => draft.body.clone(),
                None => in_editor(&draft.body)?,
            };
            let text = |new: Option<String>, old: &str| new.unwrap_or_else(|| old.to_owned());
            let (subject, to, cc) = (text(subject, &draft.subject), text(to, &draft.to), text(cc, &draft.cc));
            let edit = Edit { version: draft.version, subject: &subject, body: &body, to: &to, cc: &cc };
            let version = review::edit(&app, draft.id, &edit, &by).await?;
            Ok(writeln!(out, "draft {id} is now version {version}")?)
        }
        Action::Approve { id, waive, version } => {
            let draft = find(&app, id).await?;
            let outbox = review::approve(&app, draft.id, version.unwrap_or(draft.version), waive.as_deref(), &by).await?;
            Ok(writeln!(out, "draft {id} is approved; outbox {outbox}")?)
        }
        Action::Discard { id, reason } => {
            let draft = find(&app, id).await?;
            review::discard(&app, draft.id, draft.version, &reason, &by).await?;
            Ok(writeln!(out, "draft {id} is discarded")?)
        }
    }
}

async fn find(app: &App, id: i64) -> Result<DraftRow, Failure> {
    let mut tx = app.db.read().await?;
    db::draft::find(&mut tx, DraftId(id)).await?.ok_or_else(|| Failure::refused(format!("there is no draft {id}")))
}

fn as_json(d: &DraftRow) -> serde_json::Value {
    value!({ "id": d.id, "case": d.case_number, "title": d.case_title, "customer": d.customer, "stage": d.stage, "language": d.language,
        "status": d.status, "version": d.version, "to": d.to, "cc": d.cc, "subject": d.subject, "body": d.body,
        "answers": stored(&d.answers), "findings": stored(&d.findings), "why": stored(&d.why), "created_at": d.created_at, "edited_by": d.edited_by })
}

fn show(out: &mut dyn Write, app: &App, d: &DraftRow) -> Result<(), Failure> {
    let head = [
        ("Draft", format!("{} version {} ({}, {}, {})", d.id, d.version, d.stage, d.language, d.status)),
        ("Case", format!("{} {}", d.case_number, d.case_title)),
        ("Since", minute(d.created_at, &app.calendar)),
        ("To", d.to.clone()),
        ("Cc", d.cc.clone()),
        ("Subject", d.subject.clone()),
    ];
    for (name, text) in head.iter().filter(|(_, text)| !text.is_empty()) {
        writeln!(out, "{name:8} {}", plain(text))?;
    }
    let findings: Vec<Finding> = serde_json::from_str(&d.findings).unwrap_or_default();
    for finding in &findings {
        let text = |part| match part {
            Part::Subject => &d.subject,
            Part::Body => &d.body,
            Part::To => &d.to,
            Part::Cc => &d.cc,
        };
        let at = finding.at.map(|at| format!(" ({at}: {})", plain(&at.excerpt(text(at.part))))).unwrap_or_default();
        writeln!(out, "{:8} {} {}: {}{at}", "Finding", finding.level, finding.name, plain(&finding.text))?;
    }
    Ok(writeln!(out, "\n{}", plain_lines(&d.body))?)
}

/// Headings, and the names of reasons below each: the first one that begins a reason's name takes it, the last takes the rest.
const HEADINGS: [(&str, &[&str]); 6] = [
    ("Rule", &["rule.", "article.rule", "draft."]),
    ("Questions", &["question."]),
    ("Facts", &["mention.", "fact.", "closure."]),
    ("Made of", &["knowledge.hash", "mail.hash"]),
    ("Case", &["kind.", "case.", "sender.", "loop.", "bounce.", "automatic.", "reply.", "forward."]),
    ("Other", &[""]),
];
/// In which order they are shown.
const ORDER: [&str; 6] = ["Case", "Rule", "Questions", "Facts", "Other", "Made of"];

fn why(out: &mut dyn Write, d: &DraftRow) -> Result<(), Failure> {
    let reasons = stored(&d.why);
    let heading =
        |name: &str| HEADINGS.iter().find(|(_, names)| names.iter().any(|n| name.starts_with(n))).map_or("Other", |(heading, _)| heading);
    for wanted in ORDER {
        let mut lines: Vec<String> = Vec::new();
        for reason in
            reasons.as_array().into_iter().flatten().filter(|reason| heading(reason["name"].as_str().unwrap_or_default()) == wanted)
        {
            lines.push(format!("{}: {}", field(reason, "name"), field(reason, "text")));
        }
        if wanted == "Questions" {
            lines.extend(stored(&d.answers).as_array().into_iter().flatten().map(answered));
        }
        if !lines.is_empty() {
            writeln!(out, "{wanted}\n  {}", lines.join("\n  "))?;
        }
    }
    Ok(())
}

fn answered(answer: &serde_json::Value) -> String {
    let article = answer["article"].as_str().map_or_else(|| "open".to_owned(), plain);
    let also: String =
        answer["also"].as_array().into_iter().flatten().filter_map(|a| a.as_str()).map(|a| format!(" + {}", plain(a))).collect();
    let text = format!("question \"{}\" -> {article}{also} ({:.1})", field(answer, "question"), answer["score"].as_f64().unwrap_or(0.0));
    let Some(runner_up) = answer["runner_up"].as_array() else { return text };
    let name = runner_up.first().and_then(|n| n.as_str()).unwrap_or_default();
    format!("{text}, runner-up {} ({:.1})", plain(name), runner_up.get(1).and_then(|s| s.as_f64()).unwrap_or(0.0))
}

fn field(value: &serde_json::Value, key: &str) -> String {
    plain(value[key].as_str().unwrap_or_default())
}

fn read_text(file: &Path) -> Result<String, Failure> {
    let mut text = String::new();
    let read = if file == Path::new("-") {
        std::io::stdin().lock().read_to_string(&mut text)
    } else {
        std::fs::File::open(file).and_then(|mut f| f.read_to_string(&mut text))
    };
    read.with_context(|| file.display().to_string())?;
    Ok(text)
}

/// The text as the editor leaves it. An unchanged text is no edit.
fn in_editor(body: &str) -> Result<String, Failure> {
    let editor = env("VISUAL").or_else(|| env("EDITOR")).filter(|e| !e.trim().is_empty()).unwrap_or_else(|| "vi".to_owned());
    let directory = env("XDG_RUNTIME_DIR").map_or_else(std::env::temp_dir, PathBuf::from);
    let path = directory.join(format!("casemate-draft-{}.txt", std::process::id()));
    private_file(&path).and_then(|mut file| file.write_all(body.as_bytes())).with_context(|| path.display().to_string())?;
    // Through a shell, for $EDITOR may carry options; the path is an argument, not part of the command.
    let status = std::process::Command::new("sh").args(["-c", &format!("{editor} \"$1\""), "sh"]).arg(&path).status();
    let text = std::fs::read_to_string(&path);
    // Leaving the customer's text behind is worse than an error here.
    let _ = std::fs::remove_file(&path);
    if !status.with_context(|| editor.clone())?.success() {
        return Err(Failure::refused(format!("{editor} ended with an error; the draft is unchanged")));
    }
    let text = text.with_context(|| path.display().to_string())?;
    if text == body { Err(Failure::refused("nothing was changed")) } else { Ok(text) }
}

/// A new file that only its owner can read.
fn private_file(path: &Path) -> std::io::Result<std::fs::File> {
    use std::os::unix::fs::OpenOptionsExt;
    std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}
