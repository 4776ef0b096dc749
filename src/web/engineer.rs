//! `/engineers` (administrators): the people of the desk, their roles, one-time links. `/me`: one's own password.

use super::error::{encode, see_other};
use super::session::{Posted, Signed};
use super::{Answer, Error, Pages, Shared, page};
use crate::case::Role;
use crate::db;
use crate::db::engineer::EngineerRow;
use crate::review;
use axum::extract::{Path, State};
use serde_json::{Value, json};

/// Shortest password (NIST SP 800-63B: 8 at least).
const PASSWORD_CHARS: usize = 10;

pub(super) async fn show(State(pages): State<Shared>, signed: Signed) -> Answer {
    signed.require(Role::Admin)?;
    list(&pages, &signed, Value::Null).await
}

async fn list(pages: &Pages, signed: &Signed, link: Value) -> Answer {
    let mut tx = pages.app.db.read().await?;
    let engineers = db::engineer::list(&mut tx).await?;
    let rows: Vec<_> = engineers
        .iter()
        .map(|engineer| {
            json!({
                "login": engineer.login, "path": encode(&engineer.login), "name": engineer.name, "address": engineer.address,
                "role": engineer.role, "roles": roles(engineer.role), "is_active": engineer.is_active,
                "has_password": engineer.password_hash.is_some(), "is_self": engineer.id == signed.engineer().id,
            })
        })
        .collect();
    page::render(
        pages,
        &signed.reader,
        "engineers",
        "engineers.title",
        json!({ "rows": rows, "roles": roles(Role::Engineer), "link": link }),
    )
}

fn roles(chosen: Role) -> Vec<Value> {
    Role::ALL.iter().map(|role| json!({ "word": role, "is_chosen": *role == chosen })).collect()
}

pub(super) async fn add(State(pages): State<Shared>, posted: Posted) -> Answer {
    posted.signed.require(Role::Admin)?;
    let fields = &posted.fields;
    let login = fields.line("login").to_lowercase();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '@');
    if login.is_empty() || login.len() > 100 || !login.chars().all(is_plain) {
        return Err(Error::Refused(page::word(&posted.signed.reader, "engineers.login_wrong")));
    }
    let role = fields.line("role").parse().map_err(|_| Error::NotFound)?;
    let name = fields.given("name").unwrap_or(&login).to_string();
    let mut tx = pages.app.db.begin().await?;
    db::engineer::insert(&mut tx, &login, &name, fields.given("address"), role, pages.app.now()).await?;
    tx.commit().await?;
    tracing::info!(engineer.login = login, by = posted.signed.login(), "engineer added");
    Ok(see_other("/engineers?done=added"))
}

/// One form a person: `what` is role, active, inactive or link.
pub(super) async fn change(State(pages): State<Shared>, Path(login): Path<String>, posted: Posted) -> Answer {
    posted.signed.require(Role::Admin)?;
    let mut tx = pages.app.db.begin().await?;
    let engineer = db::engineer::find_by_login(&mut tx, &login).await?.ok_or(Error::NotFound)?;
    let what = posted.fields.line("what");
    if engineer.id == posted.signed.engineer().id && what != "link" {
        // Otherwise the last administrator could lock the door from outside.
        return Err(Error::Refused(page::word(&posted.signed.reader, "engineers.not_yourself")));
    }
    match what {
        "role" => {
            let role = posted.fields.line("role").parse().map_err(|_| Error::NotFound)?;
            db::engineer::set_role(&mut tx, engineer.id, role).await?;
        }
        "active" => db::engineer::set_active(&mut tx, engineer.id, true).await?,
        "inactive" => db::engineer::set_active(&mut tx, engineer.id, false).await?,
        "link" => {
            drop(tx);
            return show_link(&pages, &posted.signed, &engineer).await;
        }
        _ => return Err(Error::NotFound),
    }
    tx.commit().await?;
    tracing::info!(engineer.login = login, by = posted.signed.login(), what, "engineer changed");
    Ok(see_other("/engineers?done=changed"))
}

/// The link is shown once, on this page; only its hash is stored.
async fn show_link(pages: &Pages, signed: &Signed, engineer: &EngineerRow) -> Answer {
    let link = review::login_link(&pages.app, &engineer.login).await?;
    let url = if link.starts_with('/') { format!("{}{link}", pages.app.settings.base_url) } else { link };
    list(pages, signed, json!({ "name": engineer.name, "url": url })).await
}

pub(super) async fn show_me(State(pages): State<Shared>, signed: Signed) -> Answer {
    let engineer = signed.engineer();
    let content = json!({
        "name": engineer.name, "login": engineer.login, "address": engineer.address, "role": engineer.role,
        "has_password": engineer.password_hash.is_some(), "least": PASSWORD_CHARS,
    });
    page::render(&pages, &signed.reader, "me", "me.title", content)
}

/// Sets one's own password; ends all sessions, this one too.
pub(super) async fn change_password(State(pages): State<Shared>, posted: Posted) -> Answer {
    let (new, again) = (posted.fields.text("password"), posted.fields.text("again"));
    let wrong = match () {
        () if new.chars().count() < PASSWORD_CHARS || new.len() > 1024 => Some("me.too_short"),
        () if new != again => Some("me.not_same"),
        () => None,
    };
    if let Some(wrong) = wrong {
        return Err(Error::Refused(page::word(&posted.signed.reader, wrong)));
    }
    review::set_password(&pages.app, posted.signed.engineer().id, &new).await?;
    Ok(see_other("/login?done=password"))
}
