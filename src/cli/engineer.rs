//! `casemate engineer …`: who may log in to the pages.

use super::Failure;
use super::open::Config;
use super::output::{json, plain, table};
use crate::app::App;
use crate::case::Role;
use crate::db::engineer::EngineerRow;
use crate::{db, review};
use clap::Subcommand;
use serde_json::json as value;
use std::io::{BufRead, IsTerminal, Write};
use std::process::{Command, Stdio};

/// Add and list engineers, set passwords and roles, print login links
#[derive(clap::Args)]
#[command(
    after_long_help = "Examples:\n  casemate engineer add wei --name \"Jia Wei\" --role admin\n  casemate engineer link wei\n  casemate engineer password wei < secret\n  \
casemate engineer disable wei\n\nA password is read from the first line of standard input, at least 10 characters. A login link works once, for 15 minutes."
)]
pub struct Args {
    #[command(flatten)]
    config: Config,
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Add an engineer; then give a password or a link
    Add {
        login: String,
        /// As shown to colleagues and customers [default: the login]
        #[arg(long)]
        name: Option<String>,
        #[arg(long)]
        address: Option<String>,
        /// engineer, lead or admin
        #[arg(long, default_value_t = Role::Engineer)]
        role: Role,
    },
    List {
        /// A JSON array
        #[arg(long)]
        json: bool,
    },
    /// Set the password, read from standard input; ends the engineer's sessions
    Password {
        login: String,
    },
    /// Set the role: engineer, lead or admin
    Role {
        login: String,
        role: Role,
    },
    /// No login any more; cases and history stay
    Disable {
        login: String,
    },
    Enable {
        login: String,
    },
    /// Print a login link that works once, for 15 minutes
    Link {
        login: String,
    },
}

pub async fn run(args: Args, out: &mut dyn Write) -> Result<(), Failure> {
    let app = args.config.app().await?;
    match args.action {
        Action::Add { login, name, address, role } => {
            check_login(&login)?;
            let mut tx = app.db.begin().await?;
            if db::engineer::find_by_login(&mut tx, &login).await?.is_some() {
                return Err(Failure::refused(format!("{login} exists")));
            }
            db::engineer::insert(&mut tx, &login, name.as_deref().unwrap_or(&login), address.as_deref(), role, app.now()).await?;
            tx.commit().await?;
            Ok(writeln!(out, "{login} is added as {role}")?)
        }
        Action::List { json } => list(out, &app, json).await,
        Action::Password { login } => {
            let engineer = find(&app, &login).await?;
            review::set_password(&app, engineer.id, &read_password(&login)?).await?;
            Ok(writeln!(out, "the password of {login} is set")?)
        }
        Action::Role { login, role } => {
            let engineer = find(&app, &login).await?;
            let mut tx = app.db.begin().await?;
            db::engineer::set_role(&mut tx, engineer.id, role).await?;
            tx.commit().await?;
            Ok(writeln!(out, "{login} is {role}")?)
        }
        Action::Disable { login } => set_active(out, &app, &login, false).await,
        Action::Enable { login } => set_active(out, &app, &login, true).await,
        Action::Link { login } => {
            let path = review::login_link(&app, &login).await?;
            Ok(writeln!(out, "{}{path}", app.settings.base_url)?)
        }
    }
}

pub async fn find(app: &App, login: &str) -> Result<EngineerRow, Failure> {
    let mut tx = app.db.read().await?;
    db::engineer::find_by_login(&mut tx, login).await?.ok_or_else(|| Failure::refused(format!("there is no engineer {login}")))
}

fn check_login(login: &str) -> Result<(), Failure> {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '@');
    let is_good = !login.is_empty() && login.chars().count() <= 64 && login.chars().all(is_plain);
    if is_good { Ok(()) } else { Err(Failure::refused("a login has 1 to 64 letters, digits or any of . - _ @")) }
}

async fn set_active(out: &mut dyn Write, app: &App, login: &str, is_active: bool) -> Result<(), Failure> {
    let engineer = find(app, login).await?;
    let mut tx = app.db.begin().await?;
    db::engineer::set_active(&mut tx, engineer.id, is_active).await?;
    tx.commit().await?;
    Ok(writeln!(out, "{login} is {}", if is_active { "enabled" } else { "disabled" })?)
}

async fn list(out: &mut dyn Write, app: &App, is_json: bool) -> Result<(), Failure> {
    let mut tx = app.db.read().await?;
    let engineers = db::engineer::list(&mut tx).await?;
    if is_json {
        let one = |e: &EngineerRow| value!({ "login": e.login, "name": e.name, "address": e.address, "role": e.role, "is_active": e.is_active, "has_password": e.password_hash.is_some() });
        return json(out, &engineers.iter().map(one).collect::<Vec<_>>(), false);
    }
    let row = |e: &EngineerRow| {
        let state = if e.is_active { "active" } else { "disabled" };
        vec![plain(&e.login), plain(&e.name), e.role.to_string(), state.to_owned(), plain(e.address.as_deref().unwrap_or("-"))]
    };
    table(out, &["LOGIN", "NAME", "ROLE", "STATE", "ADDRESS"], &engineers.iter().map(row).collect::<Vec<_>>())
}

/// The first line of standard input; not echoed when typed.
fn read_password(login: &str) -> Result<String, Failure> {
    let stdin = std::io::stdin();
    let is_typed = stdin.is_terminal();
    if is_typed {
        eprint!("new password of {login}: ");
        echo(false);
    }
    let mut line = String::new();
    let read = stdin.lock().read_line(&mut line);
    if is_typed {
        echo(true);
        eprintln!();
    }
    read?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// Best effort: without `stty` the password shows while it is typed.
fn echo(is_on: bool) {
    let _ = Command::new("stty").arg(if is_on { "echo" } else { "-echo" }).stdin(Stdio::inherit()).status();
}
