//! `casemate article`: which articles there are, and whether their example questions find them.

use super::Failure;
use super::open::load_or_shipped;
use super::output::{json, plain, table};
use crate::case::Language;
use crate::draft::{Kit, Trial, try_examples};
use serde_json::json as value;
use std::io::Write;
use std::path::PathBuf;

/// List the articles, or try their example questions
#[derive(clap::Args)]
#[command(
    after_long_help = "Examples:\n  casemate article list\n  casemate article test\n  casemate article test rollback-causes --verbose --config casemate.toml\n\n\
Articles carry example questions in their front matter: `examples` must find the article first and above the threshold, `counterexamples` must not. \
`casemate check` runs them too."
)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
    /// The configuration file [default: the shipped articles]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// One JSON object a line
    #[arg(long, global = true)]
    json: bool,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Every article with its titles, its last review and its examples
    List,
    /// Try every example question: it must find its article, a counterexample must not; exit code 1 when one fails
    Test {
        /// Only this article
        slug: Option<String>,
        /// Also those that pass
        #[arg(short, long)]
        verbose: bool,
    },
}

pub fn run(args: &Args, out: &mut dyn Write) -> Result<(), Failure> {
    let loaded = load_or_shipped(args.config.as_deref())?;
    let kit = &loaded.knowledge.kit;
    match &args.command {
        Command::List => list(kit, args.json, out),
        Command::Test { slug, verbose } => test(kit, slug.as_deref(), *verbose, args.json, out),
    }
}

fn list(kit: &Kit, as_json: bool, out: &mut dyn Write) -> Result<(), Failure> {
    let examples = |slug: &str| kit.articles.examples().iter().filter(|example| example.slug == slug).count();
    if as_json {
        for a in kit.articles.list() {
            let one = value!({ "slug": a.slug, "aliases": a.aliases, "titles": a.titles, "reviewed": a.reviewed, "owner": a.owner, "examples": examples(&a.slug) });
            json(out, &one, false)?;
        }
        return Ok(());
    }
    let title =
        |titles: &std::collections::BTreeMap<Language, String>, language| titles.get(&language).cloned().unwrap_or_else(|| "-".into());
    let row = |a: &crate::draft::Article| {
        let names = std::iter::once(a.slug.as_str()).chain(a.aliases.iter().map(String::as_str)).collect::<Vec<_>>().join(" ");
        let reviewed = a.reviewed.clone().unwrap_or_else(|| "-".into());
        vec![names, reviewed, examples(&a.slug).to_string(), title(&a.titles, Language::Zh), title(&a.titles, Language::En)]
    };
    let rows: Vec<Vec<String>> = kit.articles.list().iter().map(row).collect();
    table(out, &["ARTICLE", "REVIEWED", "EXAMPLES", "ZH", "EN"], &rows)
}

fn test(kit: &Kit, slug: Option<&str>, verbose: bool, as_json: bool, out: &mut dyn Write) -> Result<(), Failure> {
    if let Some(unknown) = slug.filter(|slug| kit.articles.find(slug).is_none()) {
        return Err(Failure::refused(format!("no article is called \"{unknown}\"")));
    }
    let trials = try_examples(kit, slug);
    let failed = trials.iter().filter(|trial| !trial.passed).count();
    for trial in trials.iter().filter(|trial| verbose || !trial.passed) {
        if as_json {
            json(out, &shown(trial), false)?;
        } else {
            writeln!(out, "{}", line(trial))?;
        }
    }
    if !as_json {
        writeln!(out, "{} examples, {failed} failed", trials.len())?;
    }
    if failed > 0 {
        out.flush()?;
        return Err(Failure::Said);
    }
    Ok(())
}

fn shown(trial: &Trial) -> serde_json::Value {
    let example = &trial.example;
    value!({
        "article": example.slug, "file": example.path, "question": example.question, "must_match": example.must_match, "passed": trial.passed,
        "first": trial.first.as_ref().map(|f| &f.0), "score": trial.first.as_ref().map(|f| f.1), "answered": trial.is_answered,
    })
}

fn line(trial: &Trial) -> String {
    let example = &trial.example;
    let first = match &trial.first {
        Some((slug, score)) if trial.is_answered => format!("{slug} {score:.2}"),
        Some((slug, score)) => format!("open (nearest {slug} {score:.2})"),
        None => "open (nothing matches)".to_owned(),
    };
    let wanted = if example.must_match { "must find" } else { "must not find" };
    let mark = if trial.passed { "ok    " } else { "FAILED" };
    format!("{mark}  {}: \"{}\" {wanted} it; found {first}", example.path, plain(&example.question))
}
