//! From an approved text to final bytes in the outbox: Message-ID, threading headers, recipients are fixed here and stored before
//! anything is sent (promise 15).

use super::Error;
use crate::app::App;
use crate::case::{DraftId, OutboxId, Stage};
use crate::daemon::random;
use crate::db::case::CaseRow;
use crate::db::message::Parsed;
use crate::db::{self, Tx};
use crate::mail::{Address, Kind};
use crate::outbox::{Letter, build, message_id};

/// A mail about to be fixed.
pub struct Posting<'a> {
    pub case: &'a CaseRow,
    /// None: an automatic mail.
    pub draft: Option<DraftId>,
    pub stage: Stage,
    pub to: Vec<Address>,
    pub cc: Vec<Address>,
    pub subject: &'a str,
    pub body: &'a str,
    pub token: Option<&'a str>,
    /// Message-ID of the mail that is answered, without brackets.
    pub reply_to: Option<&'a str>,
    pub is_automatic: bool,
}

/// Builds the mail, stores it and its outbox row; due at once.
pub async fn post(app: &App, tx: &mut Tx, post: &Posting<'_>) -> Result<OutboxId, Error> {
    let from = app.settings.from.clone();
    let domain = from.address.rsplit('@').next().unwrap_or_default();
    let id = message_id(&random(), domain);
    let (case, now) = (post.case, app.now());
    let mut references = db::message::message_ids(tx, case.id).await?;
    if let Some(parent) = post.reply_to {
        // The parent comes last (RFC 5322 §3.6.4).
        references.retain(|reference| reference != parent);
        references.push(parent.to_owned());
    }
    let letter = Letter {
        from: from.clone(),
        to: post.to.clone(),
        cc: post.cc.clone(),
        reply_to: None,
        subject: post.subject.to_owned(),
        body: post.body.to_owned(),
        message_id: id.clone(),
        in_reply_to: post.reply_to.map(str::to_owned).or_else(|| references.last().cloned()),
        references,
        date_at: now,
        case_number: Some(case.number.clone()),
        automatic: post.is_automatic,
    };
    let raw = build(&letter).map_err(|error| Error::Refused(error.to_string()))?;
    let parsed = Parsed {
        kind: Some(Kind::Message),
        message_id: Some(id.clone()),
        from_name: from.name.clone(),
        from_address: Some(from.address.clone()),
        subject: post.subject.to_owned(),
        base_subject: case.title.clone(),
        date_at: Some(now),
        language: Some(case.language),
        reply_text: post.body.to_owned(),
        attachments: 0,
        defects: 0,
    };
    let message = db::message::insert_out(tx, case.id, &parsed, &raw, now).await?;
    db::search::index_late(tx, message, case.id, &db::search::words(&format!("{}\n{}", post.subject, post.body)));
    if let Some(token) = post.token {
        db::case::add_token(tx, case.id, token, now).await?;
    }
    let recipients: Vec<&str> = post.to.iter().chain(&post.cc).map(|address| address.address.as_str()).collect();
    let row = db::outbox::NewOutbox {
        case: case.id,
        draft: post.draft,
        message,
        message_id: id,
        stage: post.stage,
        envelope_from: from.address,
        recipients: recipients.join(","),
        due_at: now,
    };
    let outbox = db::outbox::insert(tx, &row).await?;
    Ok(outbox)
}

/// Addresses as people type them: `Name <a@b>; c@d，e@f`. Err names the one that cannot be read.
pub fn parse_addresses(text: &str) -> Result<Vec<Address>, Error> {
    let mut addresses = Vec::new();
    for piece in split(text) {
        let piece = piece.trim();
        if piece.is_empty() {
            continue;
        }
        let (name, address) = match (piece.rfind('<'), piece.ends_with('>')) {
            (Some(open), true) => (piece[..open].trim().trim_matches('"').trim(), &piece[open + 1..piece.len() - 1]),
            _ => ("", piece),
        };
        let address = address.trim();
        if address.parse::<lettre::Address>().is_err() {
            let shown: String = piece.chars().take(80).collect();
            return Err(Error::Refused(format!("\"{shown}\" is no mail address; expected name@domain or Name <name@domain>")));
        }
        let name = (!name.is_empty()).then(|| name.to_owned());
        addresses.push(Address { name, address: address.to_owned() });
    }
    Ok(addresses)
}

/// Splits at commas and semicolons (also full-width) outside quotes and angle brackets.
fn split(text: &str) -> Vec<&str> {
    let (mut pieces, mut start, mut quoted, mut angled) = (Vec::new(), 0, false, false);
    for (at, c) in text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '<' if !quoted => angled = true,
            '>' if !quoted => angled = false,
            ',' | ';' | '，' | '；' | '\n' if !quoted && !angled => {
                pieces.push(&text[start..at]);
                start = at + c.len_utf8();
            }
            _ => {}
        }
    }
    pieces.push(&text[start..]);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_as_people_type_them() {
        let read = |text: &str| {
            parse_addresses(text)
                .map(|list| list.iter().map(|a| format!("{}|{}", a.name.as_deref().unwrap_or(""), a.address)).collect::<Vec<_>>())
        };
        let table: &[(&str, &[&str])] = &[
            ("", &[]),
            ("a@b.example", &["|a@b.example"]),
            ("刘先生 <liu@xingye.example>", &["刘先生|liu@xingye.example"]),
            ("\"Liu, Wei\" <liu@x.example>; b@x.example，c@x.example", &["Liu, Wei|liu@x.example", "|b@x.example", "|c@x.example"]),
            ("a@b.example,\n c@d.example ;", &["|a@b.example", "|c@d.example"]),
        ];
        for (text, expected) in table {
            assert_eq!(read(text).unwrap(), *expected, "{text}");
        }
        for bad in ["nobody", "a@b.example c@d.example", "x <a@b", "a@b.example\r\nBcc: e@f.example"] {
            assert!(parse_addresses(bad).is_err(), "{bad:?}");
        }
    }
}
