//! The command line: typed arguments, one file a command, results to stdout, everything else to stderr.
//!
//! Commands work directly on the database that the configuration names, also while the daemon runs: each change is one
//! guarded transaction, the same functions that the pages call (`review`). Exit codes are part of the interface, see [`Failure`].

mod account;
mod article;
mod backup;
mod case;
mod check;
pub mod demo;
mod draft;
mod engineer;
mod failure;
mod import;
mod inspect;
mod log;
mod migrate;
mod open;
mod output;
mod queue;
mod replay;
mod report;
mod run;
mod template;
mod triage;

pub use failure::Failure;

use clap::{Parser, Subcommand};
use std::future::Future;
use std::io::{BufWriter, Write};
use std::process::ExitCode;

/// A mail desk daemon: reads support mailboxes, drafts the answers, keeps the cases.
#[derive(Parser)]
#[command(name = "casemate", version, long_about = "A mail desk daemon. It reads support mailboxes, files every mail in a case, drafts the initial response and the \
closure summary, and sends what a person has approved. It changes nothing in the mailboxes it reads.\n\nTry it: `casemate demo`. \
Set it up: write casemate.toml (see config/casemate.toml), `casemate check`, `casemate engineer add`, `casemate run`.", after_long_help = CODES, after_help = CODES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

const CODES: &str = "Exit codes:
  0  done
  1  failed: a file, the database, a server; `check` found something that fails; `replay` found differences
  2  wrong usage of the command line
  3  the configuration is invalid; every problem is listed with file and line
  4  refused: no such case, draft or engineer; findings in the way; changed meanwhile; not possible in this status

Results go to standard output, messages and logs to standard error.";

#[derive(Subcommand)]
enum Command {
    Run(run::Args),
    Demo(demo::Args),
    Check(check::Args),
    Import(import::Args),
    Inspect(inspect::Args),
    Triage(triage::Args),
    Replay(replay::Args),
    Article(article::Args),
    Template(template::Args),
    Queue(queue::Args),
    Draft(draft::Args),
    Case(case::Args),
    Report(report::Args),
    Account(account::Args),
    Engineer(engineer::Args),
    Migrate(migrate::Args),
    Backup(backup::Args),
}

/// Parses the command line, runs the command, reports a failure on standard error.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let mut out = BufWriter::new(std::io::stdout().lock());
    let done = dispatch(cli.command, &mut out).and_then(|()| Ok(out.flush()?));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

fn dispatch(command: Command, out: &mut dyn Write) -> Result<(), Failure> {
    match command {
        Command::Run(args) => block_on(run::run(args)),
        Command::Demo(args) => block_on(async { Ok(demo::run(&args.directory, args.port).await?) }),
        Command::Check(args) => block_on(check::run(args, out)),
        Command::Import(args) => block_on(import::run(args, out)),
        Command::Inspect(args) => inspect::run(&args, out),
        Command::Triage(args) => triage::run(&args, out),
        Command::Replay(args) => block_on(replay::run(args, out)),
        Command::Article(args) => article::run(&args, out),
        Command::Template(args) => template::run(&args, out),
        Command::Queue(args) => block_on(queue::run(args, out)),
        Command::Draft(args) => block_on(draft::run(args, out)),
        Command::Case(args) => block_on(case::run(args, out)),
        Command::Report(args) => block_on(report::run(args, out)),
        Command::Account(args) => block_on(account::run(args, out)),
        Command::Engineer(args) => block_on(engineer::run(args, out)),
        Command::Migrate(args) => block_on(migrate::run(args, out)),
        Command::Backup(args) => block_on(backup::run(args, out)),
    }
}

/// Flows wait for servers and the database most of the time, and each thread that reads mails keeps caches of its own (regex keeps some
/// megabytes a thread): one worker, and two more threads while a backlog is read.
const WORKERS: usize = 1;

fn block_on<F: Future<Output = Result<(), Failure>>>(future: F) -> Result<(), Failure> {
    tokio::runtime::Builder::new_multi_thread().worker_threads(WORKERS).enable_all().build()?.block_on(future)
}
