//! The buttons below a draft: save, approve and send, discard; and the findings of a text while it is typed.
//!
//! The form names the version it was made on and the customer's last mail that the page showed. Somebody else's edit or a
//! newer mail stops the button, the page comes back with what changed and with every typed word (promise 17).

use super::case::{path, refused};
use super::error::see_other;
use super::session::{Fields, Posted};
use super::{Answer, Error, Pages, Shared, finding, page};
use crate::case::{DraftId, MessageKey};
use crate::db;
use crate::db::draft::DraftRow;
use crate::draft::Finding;
use crate::review::{self, Edit};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::json;

/// What a person typed into the form of a draft, and why it came back.
#[derive(Debug, Clone)]
pub(super) struct Typed {
    pub draft: DraftId,
    pub version: i64,
    /// The last inbound mail that the page showed.
    pub seen: Option<MessageKey>,
    pub subject: String,
    pub to: String,
    pub cc: String,
    pub body: String,
    pub waiver: String,
    /// Findings that blocked; None: those stored with the draft.
    pub findings: Option<Vec<Finding>>,
    /// Key below `notice.`.
    pub notice: &'static str,
    pub detail: Option<String>,
    pub status: StatusCode,
}

impl Typed {
    fn read(draft: DraftId, fields: &Fields) -> Result<Typed, Error> {
        Ok(Typed {
            draft,
            version: fields.number("version").ok_or(Error::NotFound)?,
            seen: fields.number("seen").map(MessageKey),
            // The form wraps a long subject; a header is one line.
            subject: fields.text("subject").trim().replace('\n', " "),
            to: fields.line("to").to_string(),
            cc: fields.line("cc").to_string(),
            body: fields.text("body"),
            waiver: fields.line("waiver").to_string(),
            findings: None,
            notice: "",
            detail: None,
            status: StatusCode::OK,
        })
    }
    fn edit(&self) -> Edit<'_> {
        Edit { version: self.version, subject: &self.subject, body: &self.body, to: &self.to, cc: &self.cc }
    }
    pub fn checked(&self) -> finding::Checked<'_> {
        finding::Checked { subject: &self.subject, body: &self.body, to: &self.to, cc: &self.cc }
    }
    fn differs(&self, draft: &DraftRow) -> bool {
        self.subject != draft.subject || self.to != draft.to || self.cc != draft.cc || self.body != draft.body
    }
}

async fn load(pages: &Pages, id: &str) -> Result<DraftRow, Error> {
    let id = id.parse().map(DraftId).map_err(|_| Error::NotFound)?;
    let mut tx = pages.app.db.read().await?;
    db::draft::find(&mut tx, id).await?.ok_or(Error::NotFound)
}

/// The case page again, saying why, with the typed text.
async fn back(pages: &Pages, posted: &Posted, draft: &DraftRow, mut typed: Typed, error: review::Error) -> Answer {
    let (notice, status) = match error {
        review::Error::Conflict(text) => {
            typed.detail = Some(text);
            ("conflict", StatusCode::CONFLICT)
        }
        review::Error::Blocked(findings) => {
            typed.findings = Some(findings);
            ("blocked", StatusCode::UNPROCESSABLE_ENTITY)
        }
        review::Error::Refused(text) => {
            typed.detail = Some(text);
            ("refused", StatusCode::UNPROCESSABLE_ENTITY)
        }
        other => return Err(other.into()),
    };
    refused(pages, &posted.signed, &draft.case_number, typed, notice, status).await
}

pub(super) async fn save(State(pages): State<Shared>, Path(id): Path<String>, posted: Posted) -> Answer {
    let draft = load(&pages, &id).await?;
    let typed = Typed::read(draft.id, &posted.fields)?;
    match review::edit(&pages.app, draft.id, &typed.edit(), posted.signed.login()).await {
        Ok(_) => Ok(see_other(&path(&draft.case_number, "saved"))),
        Err(error) => back(&pages, &posted, &draft, typed, error).await,
    }
}

/// The findings of what is in the form now, as a piece of the page; nothing is stored.
pub(super) async fn check(State(pages): State<Shared>, Path(id): Path<String>, posted: Posted) -> Answer {
    let id = id.parse().map(DraftId).map_err(|_| Error::NotFound)?;
    let typed = Typed::read(id, &posted.fields)?;
    let findings = review::check(&pages.app, id, &typed.edit()).await?;
    let reader = &posted.signed.reader;
    page::fragment(reader, "findings", json!({ "findings": finding::views(&findings, &typed.checked(), reader.language) }))
}

/// Saves what was typed, then approves that version.
pub(super) async fn approve(State(pages): State<Shared>, Path(id): Path<String>, posted: Posted) -> Answer {
    let draft = load(&pages, &id).await?;
    let mut typed = Typed::read(draft.id, &posted.fields)?;
    let by = posted.signed.login();
    // Saving also says that the last mail was seen: needed when the page showed a newer one than the draft was made for.
    if typed.version != draft.version || typed.differs(&draft) || typed.seen != draft.seen_inbound {
        match review::edit(&pages.app, draft.id, &typed.edit(), by).await {
            Ok(version) => typed.version = version,
            Err(error) => return back(&pages, &posted, &draft, typed, error).await,
        }
    }
    // After saving: a mail that came since the page was made stops here, one that comes from now on stops in `review::approve`.
    let mut tx = pages.app.db.read().await?;
    let last = db::message::last_inbound(&mut tx, draft.case).await?;
    drop(tx);
    if last != typed.seen {
        return refused(&pages, &posted.signed, &draft.case_number, typed, "new_mail", StatusCode::CONFLICT).await;
    }
    let waiver = Some(typed.waiver.as_str()).filter(|waiver| !waiver.is_empty());
    match review::approve(&pages.app, draft.id, typed.version, waiver, by).await {
        Ok(_) => Ok(see_other(&path(&draft.case_number, "approved"))),
        Err(error) => {
            let error = match error {
                // The waiver is what failed, not the text: the same page, the same words.
                review::Error::Db(db::Error::Conflict(what)) => review::Error::Conflict(what.to_string()),
                error => error,
            };
            back(&pages, &posted, &draft, typed, error).await
        }
    }
}

pub(super) async fn discard(State(pages): State<Shared>, Path(id): Path<String>, posted: Posted) -> Answer {
    let draft = load(&pages, &id).await?;
    let version = posted.fields.number("version").ok_or(Error::NotFound)?;
    review::discard(&pages.app, draft.id, version, posted.fields.line("reason"), posted.signed.login()).await?;
    Ok(see_other(&path(&draft.case_number, "discarded")))
}
