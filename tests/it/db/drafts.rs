//! Drafts: one proposed a case, versions, and the customer's mail that stops an approval.

use super::*;
use casemate::db::draft::{self, DraftStatus};
use casemate::draft::Level;

async fn edit(tx: &mut Tx, id: DraftId, version: i64, body: &str) -> db::Result<i64> {
    draft::edit(tx, id, version, "主题", body, "a@b.example", "", "[]", "wang", NOW + 1).await
}
async fn status(tx: &mut Tx, id: DraftId) -> DraftStatus {
    draft::find(tx, id).await.unwrap().unwrap().status
}

both! {
    async fn a_case_has_one_proposed_draft(db) {
        let mut tx = db.begin().await.unwrap();
        let case = a_case(&mut tx).await;
        let first = draft::insert(&mut tx, &new_draft(case)).await.unwrap();
        let second = draft::insert(&mut tx, &new_draft(case)).await.unwrap();
        assert_eq!((status(&mut tx, first).await, status(&mut tx, second).await), (DraftStatus::Superseded, DraftStatus::Proposed));
        assert_eq!(draft::proposed_of_case(&mut tx, case).await.unwrap().unwrap().id, second);
        assert_eq!(draft::list_of_case(&mut tx, case).await.unwrap().len(), 2);
        assert_eq!(draft::count_proposed(&mut tx).await.unwrap(), 1);
        is_conflict(edit(&mut tx, first, 1, "late").await, "the draft");
        assert!(matches!(draft::insert(&mut tx, &new_draft(CaseId(999))).await, Err(db::Error::NotFound("the case"))));
        tx.commit().await.unwrap();
        let mut tx = db.begin().await.unwrap();
        assert!(run(&mut tx, "UPDATE drafts SET status = 'proposed'").await.is_err(), "the database itself refuses two");
    }
    async fn edits_name_their_version(db) {
        let mut tx = db.begin().await.unwrap();
        let case = a_case(&mut tx).await;
        let id = draft::insert(&mut tx, &new_draft(case)).await.unwrap();
        assert_eq!(edit(&mut tx, id, 1, "wang's").await.unwrap(), 2);
        is_conflict(edit(&mut tx, id, 1, "chen's").await, "the draft");
        is_conflict(draft::approve(&mut tx, id, 1, "chen", NOW).await, "the draft");
        is_conflict(draft::discard(&mut tx, id, 1, "chen", NOW).await, "the draft");
        let row = draft::find(&mut tx, id).await.unwrap().unwrap();
        assert_eq!((row.body.as_str(), row.proposed_body.as_str(), row.subject.as_str(), row.to.as_str()), ("wang's", "您好", "主题", "a@b.example"));
        assert_eq!((row.version, row.edited_by.as_deref(), row.customer.as_str()), (2, Some("wang"), "李明"));
        draft::approve(&mut tx, id, 2, "wang", NOW).await.unwrap();
        is_conflict(draft::approve(&mut tx, id, 2, "wang", NOW).await, "the draft");
        is_conflict(draft::discard(&mut tx, id, 2, "wang", NOW).await, "the draft");
        assert_eq!(draft::approved_body(&mut tx, case, Stage::InitialResponse).await.unwrap().as_deref(), Some("wang's"));
        assert_eq!(draft::approved_body(&mut tx, case, Stage::Closure).await.unwrap(), None);
        let other = draft::insert(&mut tx, &new_draft(case)).await.unwrap();
        draft::discard(&mut tx, other, 1, "wang", NOW).await.unwrap();
        is_conflict(draft::discard(&mut tx, other, 1, "wang", NOW).await, "the draft");
    }
    async fn a_newer_mail_of_the_customer_stops_the_approval(db) {
        let mut tx = db.begin().await.unwrap();
        let case = a_case(&mut tx).await;
        let early = a_mail(&mut tx).await;
        let request = a_filed_mail(&mut tx, case).await;
        let id = draft::insert(&mut tx, &new_draft(case)).await.unwrap();
        assert_eq!(draft::find(&mut tx, id).await.unwrap().unwrap().seen_inbound, Some(request));
        let newer = a_filed_mail(&mut tx, case).await;
        is_conflict(draft::approve(&mut tx, id, 1, "wang", NOW).await, "the case's last mail");
        assert_eq!(status(&mut tx, id).await, DraftStatus::Proposed);
        let version = edit(&mut tx, id, 1, "seen").await.unwrap();
        assert_eq!(draft::find(&mut tx, id).await.unwrap().unwrap().seen_inbound, Some(newer));
        // An automatic mail is no reason to stop, an older mail that a person files only now is.
        let bounce = a_mail(&mut tx).await;
        let automatic = Parsed { kind: Some(Kind::Bounce), ..parsed("b@x.example", "x") };
        db::message::file(&mut tx, bounce, State::Received, case, &automatic, "[]").await.unwrap();
        db::message::file(&mut tx, early, State::Received, case, &parsed("e@x.example", "x"), "[]").await.unwrap();
        is_conflict(draft::approve(&mut tx, id, version, "wang", NOW).await, "the case's last mail");
        let version = edit(&mut tx, id, version, "seen again").await.unwrap();
        draft::approve(&mut tx, id, version, "wang", NOW).await.unwrap();
    }
    async fn a_failed_mail_comes_back(db) {
        let mut tx = db.begin().await.unwrap();
        let case = a_case(&mut tx).await;
        let id = draft::insert(&mut tx, &new_draft(case)).await.unwrap();
        is_conflict(draft::send_back(&mut tx, id, "550", NOW).await, "the draft");
        draft::approve(&mut tx, id, 1, "wang", NOW).await.unwrap();
        let meanwhile = draft::insert(&mut tx, &new_draft(case)).await.unwrap();
        draft::send_back(&mut tx, id, "550 no such user", NOW).await.unwrap();
        is_conflict(draft::send_back(&mut tx, id, "550", NOW).await, "the draft");
        let row = draft::find(&mut tx, id).await.unwrap().unwrap();
        assert_eq!((row.status, row.version), (DraftStatus::Proposed, 2));
        let findings: Vec<casemate::draft::Finding> = serde_json::from_str(&row.findings).unwrap();
        assert_eq!((findings[0].name.as_str(), findings[0].level, findings[0].text.as_str()), ("send.failed", Level::Warning, "550 no such user"));
        assert_eq!(status(&mut tx, meanwhile).await, DraftStatus::Superseded);
        is_conflict(draft::approve(&mut tx, id, 1, "wang", NOW).await, "the draft");
        draft::approve(&mut tx, id, 2, "wang", NOW).await.unwrap();
    }
    async fn the_queue_pages_oldest_first(db) {
        let mut tx = db.begin().await.unwrap();
        let mut ids = Vec::new();
        for _ in 0..5 {
            let case = a_case(&mut tx).await;
            ids.push(draft::insert(&mut tx, &new_draft(case)).await.unwrap());
        }
        draft::discard(&mut tx, ids[1], 1, "wang", NOW).await.unwrap();
        let page: Vec<DraftId> = draft::list_proposed(&mut tx, None, 2).await.unwrap().iter().map(|row| row.id).collect();
        assert_eq!(page, [ids[0], ids[2]]);
        let page: Vec<DraftId> = draft::list_proposed(&mut tx, Some(ids[2]), 9).await.unwrap().iter().map(|row| row.id).collect();
        assert_eq!(page, [ids[3], ids[4]]);
        assert_eq!(draft::count_proposed(&mut tx).await.unwrap(), 4);
    }
}
