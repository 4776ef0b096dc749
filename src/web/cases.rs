//! `/cases`: all cases, filtered by status and owner, or found by words of their mails.

use super::login::query_value;
use super::session::Signed;
use super::time::Times;
use super::{Answer, PAGE_ROWS, Shared, due, page};
use crate::app::App;
use crate::case::{CaseId, EngineerId, Millis, Status};
use crate::db;
use crate::db::case::{CaseRow, Filter};
use crate::web::error::encode;
use axum::extract::State;
use serde_json::{Value, json};

pub(super) async fn show(State(pages): State<Shared>, signed: Signed) -> Answer {
    let value = |name: &str| query_value(&signed.reader.path, name);
    let (query, status, owner, all) = (value("q"), value("status"), value("owner"), value("all") == "1");
    let mut filter = Filter {
        status: status.parse().ok(),
        open_only: !all && status.parse::<Status>().is_err(),
        owner: owner.parse().ok().map(EngineerId),
        before: cursor(&value("before")),
        limit: PAGE_ROWS + 1,
    };
    let mut tx = pages.app.db.read().await?;
    let mut found = if query.trim().is_empty() {
        db::case::list(&mut tx, &filter).await?
    } else {
        filter.before = None;
        search(&mut tx, query.trim()).await?
    };
    let has_more = query.trim().is_empty() && found.len() as i64 > PAGE_ROWS;
    found.truncate(PAGE_ROWS as usize);
    let engineers = db::engineer::list(&mut tx).await?;
    let times = pages.times(&signed.reader);
    let kept = format!("status={}&owner={}&all={}", encode(&status), encode(&owner), u8::from(all));
    let content = json!({
        "rows": found.iter().map(|case| row(&pages.app, case, &times)).collect::<Vec<_>>(),
        "query": query,
        "all": all,
        "statuses": Status::ALL.iter().map(|s| json!({ "word": s, "is_chosen": filter.status == Some(*s) })).collect::<Vec<_>>(),
        "owners": engineers.iter().map(|e| json!({ "id": e.id, "name": e.name, "is_chosen": filter.owner == Some(e.id) })).collect::<Vec<_>>(),
        "next": has_more.then(|| found.last().map(|case| format!("{kept}&before={}-{}", case.updated_at, case.id))).flatten(),
        "is_first": filter.before.is_none(),
    });
    page::render(&pages, &signed.reader, "cases", "cases.title", content)
}

/// A case number typed as the query comes first, then the cases whose mails have the words.
async fn search(tx: &mut db::Tx, query: &str) -> db::Result<Vec<CaseRow>> {
    let by_number = db::case::find_by_number(tx, &query.to_uppercase()).await?;
    let words: String = query.chars().take(200).collect();
    let mut found: Vec<CaseRow> = by_number.into_iter().collect();
    for case in db::search::cases(tx, &words, PAGE_ROWS).await? {
        if found.iter().all(|known| known.id != case.id) {
            found.push(case);
        }
    }
    Ok(found)
}

/// `updated_at-id` of the last row shown.
fn cursor(text: &str) -> Option<(Millis, CaseId)> {
    let (updated_at, id) = text.split_once('-')?;
    Some((updated_at.parse().ok()?, CaseId(id.parse().ok()?)))
}

fn row(app: &App, case: &CaseRow, times: &Times<'_>) -> Value {
    json!({
        "number": case.number,
        "title": case.title,
        "status": case.status,
        "priority": case.priority,
        "owner": case.owner_name,
        "customer": case.customer_name.as_deref().unwrap_or(&case.customer_address),
        "updated": times.at(case.updated_at),
        "created": times.at(case.created_at),
        "due": due::next(app, case, times),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors() {
        assert_eq!(cursor("1700-5"), Some((1700, CaseId(5))));
        for bad in ["", "x-5", "5", "1-", "-1-2-3"] {
            assert_eq!(cursor(bad), None, "{bad}");
        }
    }
}
