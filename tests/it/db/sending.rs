//! The outbox: claimed by one, outcomes, attempts, what a crash leaves.

use super::*;
use casemate::db::outbox::{self, OutboxStatus};

both! {
    async fn two_connections_never_claim_the_same_mail(db) {
        let mut tx = db.begin().await.unwrap();
        for _ in 0..8 {
            let case = a_case(&mut tx).await;
            an_outgoing(&mut tx, case, None, NOW).await;
        }
        tx.commit().await.unwrap();
        let claim = async |db: Db| {
            let mut claimed = Vec::new();
            loop {
                let mut tx = db.begin().await.unwrap();
                let Some(row) = outbox::claim_due(&mut tx, NOW).await.unwrap() else { break claimed };
                assert_eq!(row.status, OutboxStatus::Claimed);
                tx.commit().await.unwrap();
                claimed.push(row.id);
            }
        };
        let (one, two) = tokio::join!(claim(db.clone()), claim(db.clone()));
        let mut all: Vec<OutboxId> = one.into_iter().chain(two).collect();
        all.sort_unstable();
        all.dedup();
        let mut tx = db.begin().await.unwrap();
        assert_eq!(number(&mut tx, "SELECT count(*) FROM outbox WHERE status = 'claimed'").await, 8);
        assert_eq!(all.len(), 8);
    }
    async fn a_mail_goes_its_way(db) {
        let mut tx = db.begin().await.unwrap();
        let case = a_case(&mut tx).await;
        let id = an_outgoing(&mut tx, case, None, NOW).await;
        assert_eq!(outbox::next_due_at(&mut tx).await.unwrap(), Some(NOW));
        assert_eq!(outbox::claim_due(&mut tx, NOW - 1).await.unwrap(), None, "not yet");
        is_conflict(outbox::mark_sending(&mut tx, id, NOW).await, "the outgoing mail");
        is_conflict(outbox::mark_outcome(&mut tx, id, OutboxStatus::Sent, None, "250", NOW).await, "the outgoing mail");
        outbox::claim_due(&mut tx, NOW).await.unwrap().unwrap();
        assert_eq!(outbox::claim_due(&mut tx, NOW).await.unwrap(), None, "claimed");
        outbox::mark_sending(&mut tx, id, NOW).await.unwrap();
        is_conflict(outbox::mark_sending(&mut tx, id, NOW).await, "the outgoing mail");
        outbox::mark_outcome(&mut tx, id, OutboxStatus::Due, Some(NOW + MINUTE), "451 later", NOW).await.unwrap();
        is_conflict(outbox::mark_outcome(&mut tx, id, OutboxStatus::Due, None, "451", NOW).await, "the outgoing mail");
        assert_eq!(outbox::next_due_at(&mut tx).await.unwrap(), Some(NOW + MINUTE));
        let row = outbox::claim_due(&mut tx, NOW + MINUTE).await.unwrap().unwrap();
        assert_eq!((row.attempts, row.last_reply.as_deref()), (1, Some("451 later")));
        is_conflict(outbox::mark_outcome(&mut tx, id, OutboxStatus::Claimed, None, "", NOW).await, "the outgoing mail");
        outbox::mark_outcome(&mut tx, id, OutboxStatus::Sent, None, "250 ok", NOW + 2 * MINUTE).await.unwrap();
        let row = outbox::find(&mut tx, id).await.unwrap().unwrap();
        assert_eq!((row.status, row.attempts, row.sent_at), (OutboxStatus::Sent, 2, Some(NOW + 2 * MINUTE)));
        assert_eq!(number(&mut tx, "SELECT count(*) FROM attempts").await, 2);
        assert_eq!(outbox::next_due_at(&mut tx).await.unwrap(), None);
        assert_eq!(outbox::list(&mut tx, OutboxStatus::Sent, 10).await.unwrap(), outbox::list_of_case(&mut tx, case).await.unwrap());
        assert_eq!(db::account::load(&mut tx).await.unwrap().outbox, [("sent".to_owned(), 1)]);
    }
    async fn a_draft_leaves_once(db) {
        let mut tx = db.begin().await.unwrap();
        let case = a_case(&mut tx).await;
        let draft = db::draft::insert(&mut tx, &new_draft(case)).await.unwrap();
        let id = an_outgoing(&mut tx, case, Some(draft), NOW).await;
        let row = outbox::find(&mut tx, id).await.unwrap().unwrap();
        let again = outbox::NewOutbox {
            case, draft: None, message: row.message, message_id: "m@x.example".to_owned(), stage: Stage::Closure, envelope_from: String::new(),
            recipients: String::new(), due_at: NOW,
        };
        is_conflict(outbox::insert(&mut tx, &again).await, "the draft");
        let message = db::message::insert_out(&mut tx, case, &parsed("m@x.example", "x"), b"", NOW).await.unwrap();
        let again = outbox::NewOutbox { draft: Some(draft), message, ..again };
        is_conflict(outbox::insert(&mut tx, &again).await, "the draft");
        outbox::claim_due(&mut tx, NOW).await.unwrap().unwrap();
        outbox::mark_outcome(&mut tx, id, OutboxStatus::Failed, None, "550", NOW).await.unwrap();
        outbox::insert(&mut tx, &again).await.unwrap();
    }
    async fn a_crash_leaves_due_and_unknown(db) {
        let mut tx = db.begin().await.unwrap();
        let case = a_case(&mut tx).await;
        let mut ids = Vec::new();
        for _ in 0..3 {
            ids.push(an_outgoing(&mut tx, case, None, NOW).await);
        }
        for _ in 0..2 {
            outbox::claim_due(&mut tx, NOW).await.unwrap().unwrap();
        }
        outbox::mark_sending(&mut tx, ids[1], NOW).await.unwrap();
        let unknown = outbox::recover(&mut tx, NOW + 1).await.unwrap();
        assert_eq!(unknown.iter().map(|row| (row.id, row.status, row.attempts)).collect::<Vec<_>>(), [(ids[1], OutboxStatus::Unknown, 1)]);
        assert!(outbox::recover(&mut tx, NOW + 1).await.unwrap().is_empty());
        let due: Vec<OutboxId> = outbox::list(&mut tx, OutboxStatus::Due, 10).await.unwrap().iter().map(|row| row.id).collect();
        assert_eq!(due, [ids[0], ids[2]]);
        is_conflict(outbox::settle_unknown(&mut tx, ids[1], OutboxStatus::Failed, "", NOW).await, "the outgoing mail");
        outbox::settle_unknown(&mut tx, ids[1], OutboxStatus::Sent, "found in Sent", NOW + 2).await.unwrap();
        is_conflict(outbox::settle_unknown(&mut tx, ids[1], OutboxStatus::Due, "", NOW).await, "the outgoing mail");
        is_conflict(outbox::settle_unknown(&mut tx, ids[0], OutboxStatus::Sent, "", NOW).await, "the outgoing mail");
        assert_eq!(outbox::find(&mut tx, ids[1]).await.unwrap().unwrap().sent_at, Some(NOW + 2));
    }
}
