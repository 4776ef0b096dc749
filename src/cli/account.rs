//! `casemate account`: the books of mail: everything seen is filed, ignored with a reason, or quarantined.

use super::Failure;
use super::open::Config;
use super::output::{json, plain};
use crate::db;
use crate::db::account::Account;
use std::io::Write;

/// Show the mail accounting: what was seen, filed, ignored, quarantined, sent
#[derive(clap::Args)]
#[command(after_long_help = "Examples:\n  casemate account\n  casemate account --json | jq .balances\n\n\
Sightings = distinct messages + duplicates; messages = filed + ignored + quarantined + not yet decided. The exit code is 1 when that does not hold.")]
pub struct Args {
    #[command(flatten)]
    config: Config,
    /// One JSON object
    #[arg(long)]
    json: bool,
}

pub async fn run(args: Args, out: &mut dyn Write) -> Result<(), Failure> {
    let app = args.config.app().await?;
    let mut tx = app.db.read().await?;
    let account = db::account::load(&mut tx).await?;
    if args.json {
        json(out, &account, false)?;
    } else {
        print(out, &account)?;
    }
    if account.balances {
        Ok(())
    } else {
        out.flush()?;
        Err(Failure::Failed(anyhow::anyhow!("the books do not balance")))
    }
}

fn print(out: &mut dyn Write, account: &Account) -> Result<(), Failure> {
    let Account { sightings, duplicates, messages, received, filed, ignored, quarantined, .. } = account;
    writeln!(out, "Seen         {sightings:>9}")?;
    let indented = |out: &mut dyn Write, list: &[(String, i64)]| {
        list.iter().try_for_each(|(name, n)| writeln!(out, "             {n:>9}  {}", plain(name)))
    };
    indented(out, &account.mailboxes)?;
    writeln!(out, "Duplicates   {duplicates:>9}")?;
    writeln!(out, "Messages     {messages:>9}")?;
    writeln!(out, "  filed      {filed:>9}")?;
    writeln!(out, "  ignored    {ignored:>9}")?;
    indented(out, &account.ignored_reasons)?;
    writeln!(out, "  quarantined{quarantined:>9}")?;
    indented(out, &account.quarantine_reasons)?;
    writeln!(out, "  undecided  {received:>9}")?;
    writeln!(out, "Outbox")?;
    indented(out, &account.outbox)?;
    Ok(writeln!(out, "{}", if account.balances { "The books balance." } else { "The books do NOT balance." })?)
}
