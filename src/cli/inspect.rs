//! `casemate inspect`: what the parser reads in a mail. No database.

use super::Failure;
use super::open::load_or_shipped;
use super::output::json;
use crate::mail;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

/// Show what casemate reads in mails: one JSON object a line for each file
#[derive(clap::Args)]
#[command(
    after_long_help = "Examples:\n  casemate inspect mail.eml\n  casemate inspect *.eml | jq -r '.case_number'\n  casemate inspect - < mail.eml\n  casemate inspect --sent ours.eml reply.eml\n\n\
It never fails on content: what cannot be read becomes an entry of \"defects\". A file that cannot be opened is named on standard error; \
the others are still shown, and the exit code is 1. With --config the desk's own addresses and words are known. With --sent the quoted part is compared with that mail: lines typed between ours \
become new segments whose \"answers\" is our line above them.\n\n\
Every object has every field: file, message_id, date (UTC), from {name,address} or null, to [], cc [], subject, base_subject, stage, case_number \
(the first one believed) or null, case_numbers [], tracking_token, text (all that is readable), segments [{kind,text,answers}] (all of the text in order; kind new, quote, signature, disclaimer, banner, forwarded), reply_text (what this mail adds), signature, \
attachments [{name,content_type,size,inline}], kind (message, auto_reply, bounce, receipt, calendar, list, loop), kind_reason, bounce \
{action,status,recipient,original_message_id,reason} or null, protection (smime_signed, smime_encrypted, pgp_signed, pgp_encrypted) or null, log_lines [{attachment,finding,code,symbol,text}], kb [], error_codes [], builds [], products [], questions [{number,text,at}] (number as \
written, null when there is none; text without it), language, state_words {resolved,not_resolved,thanks_only,urgent,complaint,may_archive}, defects [{name,text}]."
)]
pub struct Args {
    /// Files with one mail each; - reads standard input
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// The configuration file, for the desk's own addresses and words
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The mail of ours that they answer: what was typed between its lines is new, with the line it answers
    #[arg(long, value_name = "FILE")]
    sent: Option<PathBuf>,
    /// Indented JSON
    #[arg(long)]
    pretty: bool,
}

/// A mail larger than this is read in its first part only, when no configuration says otherwise.
const MAX_BYTES: usize = 40 << 20;

pub fn run(args: &Args, out: &mut dyn Write) -> Result<(), Failure> {
    let settings = match &args.config {
        Some(path) => load_or_shipped(Some(path))?.settings.mail,
        None => mail::Settings { max_bytes: MAX_BYTES, ..mail::Settings::default() },
    };
    let sent = match &args.sent {
        Some(path) => match read(path, settings.max_bytes) {
            Ok(raw) => Some(mail::parse(&raw, &settings).text),
            Err(error) => {
                eprintln!("casemate: {}: {error}", path.display());
                return Err(Failure::Said);
            }
        },
        None => None,
    };
    let mut is_complete = true;
    for file in &args.files {
        match read(file, settings.max_bytes) {
            Ok(raw) => {
                let mut parsed = mail::parse(&raw, &settings);
                if let Some(ours) = &sent {
                    mail::against(&mut parsed, ours);
                }
                let mut value = mail::inspect_json(&parsed);
                value["file"] = file.display().to_string().into();
                json(out, &value, args.pretty)?;
            }
            Err(error) => {
                eprintln!("casemate: {}: {error}", file.display());
                is_complete = false;
            }
        }
    }
    if is_complete { Ok(()) } else { Err(Failure::Said) }
}

/// The file, or standard input for `-`; a little more than `max_bytes` at most, so that the parser sees that there is more.
pub fn read(file: &Path, max_bytes: usize) -> std::io::Result<Vec<u8>> {
    let mut raw = Vec::new();
    let most = u64::try_from(max_bytes).unwrap_or(u64::MAX).saturating_add(1);
    if file == Path::new("-") {
        std::io::stdin().lock().take(most).read_to_end(&mut raw)?;
    } else {
        std::fs::File::open(file)?.take(most).read_to_end(&mut raw)?;
    }
    Ok(raw)
}
