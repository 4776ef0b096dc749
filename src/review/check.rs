//! What feeds the gate: the case's people, the people of other cases that the text names, the last mail sent. The same checks
//! stand behind proposing, saving, approving and the page that checks while somebody types.

use crate::app::App;
use crate::case::{Language, Stage};
use crate::db::case::CaseRow;
use crate::db::draft::DraftRow;
use crate::db::message::{Direction, MessageRow};
use crate::db::{self, Tx};
use crate::draft::{Finding, GateFacts, Kit, Parties, gate, named};
use crate::mail::Mail;

/// A mail as it would be sent.
pub struct Wording<'a> {
    pub stage: Stage,
    pub language: Language,
    pub token: Option<&'a str>,
    pub subject: &'a str,
    /// With LF line ends.
    pub body: &'a str,
    pub to: &'a str,
    pub cc: &'a str,
}

impl<'a> Wording<'a> {
    /// The draft as it is stored.
    pub fn of(row: &'a DraftRow) -> Wording<'a> {
        Wording {
            stage: row.stage,
            language: row.language,
            token: row.token.as_deref(),
            subject: &row.subject,
            body: &row.body,
            to: &row.to,
            cc: &row.cc,
        }
    }
}

/// Mails of a case whose senders are its people.
const MAILS: i64 = 50;

/// Everything that the gate has to say. `mail`: the customer's mail that is answered.
pub async fn findings(app: &App, tx: &mut Tx, case: &CaseRow, mail: Option<&Mail>, wording: &Wording<'_>) -> db::Result<Vec<Finding>> {
    let knowledge = app.knowledge();
    let mails = db::message::list_of_case(tx, case.id, MAILS).await?;
    let parties = parties(app, tx, &knowledge.kit, case, mail, wording, &mails).await?;
    let last_sent = mails.iter().rev().find(|mail| mail.direction == Direction::Out);
    let facts = GateFacts {
        stage: wording.stage,
        language: wording.language,
        case_number: &case.number,
        token: wording.token,
        mail,
        received_at: case.last_inbound_at.unwrap_or(case.created_at),
        has_attachment: false,
        last_sent: last_sent.map(|mail| mail.reply_text.as_str()),
        parties: Some(&parties),
    };
    Ok(gate(&knowledge.kit, wording.subject, wording.body, &facts))
}

/// The findings of a draft just composed, with what only the database knows. The first mail of a case goes to whoever wrote, under
/// his own name: there the text alone is looked at, and without a strange address or domain in it nothing is asked.
pub async fn complete(
    app: &App,
    tx: &mut Tx,
    case: &CaseRow,
    mail: &Mail,
    wording: &Wording<'_>,
    mut composed: Vec<Finding>,
) -> db::Result<Vec<Finding>> {
    let is_first = wording.stage == Stage::InitialResponse;
    if is_first {
        let named = named(&app.knowledge().kit, wording.subject, wording.body, Some(mail));
        if db::case::foreign(tx, case.id, &named.addresses, &named.domains).await?.is_empty() {
            return Ok(composed);
        }
    }
    for finding in findings(app, tx, case, Some(mail), wording).await? {
        if !composed.contains(&finding) {
            composed.push(finding);
        }
    }
    Ok(composed)
}

async fn parties(
    app: &App,
    tx: &mut Tx,
    kit: &Kit,
    case: &CaseRow,
    mail: Option<&Mail>,
    wording: &Wording<'_>,
    mails: &[MessageRow],
) -> db::Result<Parties> {
    let named = named(kit, wording.subject, wording.body, mail);
    let foreign = db::case::foreign(tx, case.id, &named.addresses, &named.domains).await?;
    let mut addresses = db::case::participants(tx, case.id).await?;
    addresses.push(case.customer_address.to_lowercase());
    // Who got a mail of this case is not new any more.
    let sent = db::outbox::list_of_case(tx, case.id).await?;
    addresses.extend(sent.iter().flat_map(|row| row.recipients.split(',')).map(|address| address.trim().to_lowercase()));
    let inbound = mails.iter().filter(|mail| mail.direction == Direction::In);
    Ok(Parties {
        names: case.customer_name.iter().cloned().chain(inbound.filter_map(|mail| mail.from_name.clone())).collect(),
        addresses,
        own: app.settings.mail.own_addresses.clone(),
        freemail: app.settings.triage.freemail_domains.clone(),
        foreign,
        to: wording.to.to_owned(),
        cc: wording.cc.to_owned(),
    })
}
