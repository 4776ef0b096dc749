//! `casemate queue`: the proposed drafts that wait for a person.

use super::Failure;
use super::open::Config;
use super::output::{json, minute, plain, short, stored, table};
use crate::db;
use crate::db::draft::DraftRow;
use serde_json::json as value;
use std::io::Write;

/// List the drafts that wait for a person, oldest first
#[derive(clap::Args)]
#[command(
    after_long_help = "Examples:\n  casemate queue\n  casemate queue --json | jq '.[] | select(.findings == 0) | .id'\n\nThen: casemate draft show ID"
)]
pub struct Args {
    #[command(flatten)]
    config: Config,
    /// At most so many
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(i64).range(1..=100_000))]
    limit: i64,
    /// A JSON array
    #[arg(long)]
    json: bool,
}

pub async fn run(args: Args, out: &mut dyn Write) -> Result<(), Failure> {
    let app = args.config.app().await?;
    let mut tx = app.db.read().await?;
    let drafts = db::draft::list_proposed(&mut tx, None, args.limit).await?;
    let total = db::draft::count_proposed(&mut tx).await?;
    if args.json {
        let one = |d: &DraftRow| {
            value!({ "id": d.id, "case": d.case_number, "title": d.case_title, "customer": d.customer, "stage": d.stage,
            "language": d.language, "version": d.version, "created_at": d.created_at, "findings": findings(d) })
        };
        return json(out, &drafts.iter().map(one).collect::<Vec<_>>(), false);
    }
    let row = |d: &DraftRow| {
        vec![
            d.id.to_string(),
            plain(&d.case_number),
            d.stage.to_string(),
            minute(d.created_at, &app.calendar),
            findings(d).to_string(),
            short(&d.customer, 24),
            short(&d.case_title, 48),
        ]
    };
    if drafts.is_empty() {
        return Ok(writeln!(out, "No draft waits.")?);
    }
    table(out, &["ID", "CASE", "STAGE", "SINCE", "FINDINGS", "CUSTOMER", "TITLE"], &drafts.iter().map(row).collect::<Vec<_>>())?;
    if total > args.limit {
        writeln!(out, "… and {} more (--limit)", total - args.limit)?;
    }
    Ok(())
}

fn findings(draft: &DraftRow) -> usize {
    stored(&draft.findings).as_array().map_or(0, Vec::len)
}
