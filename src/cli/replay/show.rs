//! The differences on standard output: the summary, then a block or an object for each mail.

use super::{Differing, Tally};
use crate::cli::Failure;
use crate::cli::output::{json, plain, plain_lines};
use crate::replay::{Difference, Summary};
use serde_json::json as value;
use std::io::Write;

pub(super) fn json_lines(out: &mut dyn Write, tally: &Tally) -> Result<(), Failure> {
    json(out, &value!({ "summary": tally.summary }), false)?;
    for mail in &tally.shown {
        let one = value!({ "mail": mail.place, "message_id": mail.message_id, "subject": mail.subject, "differences": mail.differences });
        json(out, &one, false)?;
    }
    Ok(())
}

pub(super) fn text(out: &mut dyn Write, tally: &Tally) -> Result<(), Failure> {
    summary(out, &tally.summary)?;
    for mail in &tally.shown {
        block(out, mail)?;
    }
    let left = tally.summary.differ - tally.shown.len() as u64;
    if left > 0 {
        writeln!(out, "\n{left} more mails differ; --limit shows more")?;
    }
    Ok(())
}

fn summary(out: &mut dyn Write, summary: &Summary) -> Result<(), Failure> {
    let Summary { mails, drafts, differ, too_large, damaged, by } = summary;
    writeln!(out, "mails      {mails:>9}\ndrafts     {drafts:>9}")?;
    for (name, count) in [("too large", too_large), ("damaged", damaged)].into_iter().filter(|(_, count)| **count > 0) {
        writeln!(out, "{name:10} {count:>9}")?;
    }
    writeln!(out, "differ     {differ:>9}")?;
    for (aspect, count) in by {
        writeln!(out, "  {aspect:8} {count:>9}")?;
    }
    Ok(())
}

fn block(out: &mut dyn Write, mail: &Differing) -> Result<(), Failure> {
    writeln!(out, "\n== {}: {}", plain(&mail.place), plain(&mail.subject))?;
    if let Some(id) = &mail.message_id {
        writeln!(out, "   <{}>", plain(id))?;
    }
    mail.differences.iter().try_for_each(|difference| one(out, difference))
}

fn one(out: &mut dyn Write, difference: &Difference) -> Result<(), Failure> {
    let Difference { aspect, question, before, after, lines } = difference;
    let question = question.as_ref().map_or(String::new(), |question| format!("\"{}\": ", plain(question)));
    match (before, after) {
        (None, None) => {
            writeln!(out, "  {aspect}")?;
            lines.iter().try_for_each(|line| writeln!(out, "    {}", plain_lines(line)))?;
        }
        (Some(before), Some(after)) => writeln!(out, "  {aspect:8} {question}{} -> {}", plain(before), plain(after))?,
        (Some(before), None) => writeln!(out, "  {aspect:8} - {question}{}", plain(before))?,
        (None, Some(after)) => writeln!(out, "  {aspect:8} + {question}{}", plain(after))?,
    }
    Ok(())
}
