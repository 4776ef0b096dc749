//! What the database tells triage about one mail.

use super::*;
use casemate::db::case::{self, facts_for};

const WINDOW: Millis = 30 * DAY;

both! {
    async fn nothing_known_nothing_said(db) {
        let mut tx = db.begin().await.unwrap();
        a_case(&mut tx).await;
        let mut mail = a_parsed_mail();
        assert_eq!(facts_for(&mut tx, &mail, NOW, WINDOW).await.unwrap(), Default::default());
        mail.from = None;
        mail.subject.case_numbers = vec!["CAS-99999-ZZZZZZ".to_owned()];
        mail.in_reply_to = vec!["nobody@x.example".to_owned()];
        mail.subject.base = "补丁安装失败".to_owned();
        mail.subject.tracking_token = Some("CMIT:0009999".to_owned());
        assert_eq!(facts_for(&mut tx, &mail, NOW, WINDOW).await.unwrap(), Default::default());
    }
    async fn by_number_in_the_order_of_the_subject(db) {
        let mut tx = db.begin().await.unwrap();
        let a = case::insert(&mut tx, &new_case("CAS-00001-AAAAAA")).await.unwrap();
        let b = case::insert(&mut tx, &new_case("CAS-00002-BBBBBB")).await.unwrap();
        let mut mail = a_parsed_mail();
        mail.subject.case_numbers = ["CAS-00002-BBBBBB", "CAS-00009-XXXXXX", "CAS-00001-AAAAAA"].map(str::to_owned).to_vec();
        let facts = facts_for(&mut tx, &mail, NOW, WINDOW).await.unwrap();
        assert_eq!(facts.by_number.iter().map(|case| case.id).collect::<Vec<_>>(), [b, a]);
        assert_eq!((facts.by_number[0].number.as_str(), facts.by_number[0].status, facts.by_number[0].updated_at), ("CAS-00002-BBBBBB", Status::New, NOW));
    }
    async fn by_reference_nearest_first_in_both_directions(db) {
        let mut tx = db.begin().await.unwrap();
        let (a, b) = (a_case(&mut tx).await, a_case(&mut tx).await);
        db::message::insert_out(&mut tx, a, &parsed("ours@desk.example", "补丁"), b"", NOW).await.unwrap();
        for (case, id) in [(b, "theirs@bank.example"), (b, "ours@desk.example")] {
            let key = a_mail(&mut tx).await;
            db::message::file(&mut tx, key, State::Received, case, &parsed(id, "补丁"), "[]").await.unwrap();
        }
        let undecided = a_mail(&mut tx).await;
        db::message::quarantine(&mut tx, undecided, "x", Some(&parsed("lost@bank.example", "补丁")), "[]").await.unwrap();
        let mut mail = a_parsed_mail();
        mail.references = ["far@x.example", "theirs@bank.example", "lost@bank.example", "ours@desk.example"].map(str::to_owned).to_vec();
        mail.in_reply_to = vec!["ours@desk.example".to_owned()];
        let facts = facts_for(&mut tx, &mail, NOW, WINDOW).await.unwrap();
        let found: Vec<(&str, CaseId)> = facts.by_reference.iter().map(|(id, case)| (id.as_str(), case.id)).collect();
        assert_eq!(found, [("ours@desk.example", a), ("ours@desk.example", b), ("theirs@bank.example", b)]);
        let mut bounce = a_parsed_mail();
        bounce.bounce = Some(mail::Bounce { original_message_id: Some("theirs@bank.example".to_owned()), ..Default::default() });
        assert_eq!(facts_for(&mut tx, &bounce, NOW, WINDOW).await.unwrap().by_reference.len(), 1);
        let mut endless = a_parsed_mail();
        endless.references = (0..2000).map(|n| format!("{n}@x.example")).chain(["theirs@bank.example".to_owned()]).collect();
        assert_eq!(facts_for(&mut tx, &endless, NOW, WINDOW).await.unwrap().by_reference.len(), 1, "the nearest is not lost");
    }
    async fn by_token_within_its_window(db) {
        let mut tx = db.begin().await.unwrap();
        let (old, new) = (a_case(&mut tx).await, a_case(&mut tx).await);
        case::add_token(&mut tx, old, "CMIT:0000017", NOW - 2 * WINDOW).await.unwrap();
        case::add_token(&mut tx, new, "CMIT:0000017", NOW - WINDOW).await.unwrap();
        let mut mail = a_parsed_mail();
        mail.subject.tracking_token = Some("CMIT:0000017".to_owned());
        let facts = facts_for(&mut tx, &mail, NOW, WINDOW).await.unwrap();
        assert_eq!(facts.by_token.iter().map(|case| case.id).collect::<Vec<_>>(), [new]);
        case::add_token(&mut tx, old, "CMIT:0000017", NOW).await.unwrap();
        assert_eq!(facts_for(&mut tx, &mail, NOW, WINDOW).await.unwrap().by_token.len(), 2, "used again");
    }
    async fn by_subject_of_the_same_sender(db) {
        let mut tx = db.begin().await.unwrap();
        let mut ids = Vec::new();
        for n in 0..7 {
            let id = a_case(&mut tx).await;
            case::touch_inbound(&mut tx, id, NOW + n, None).await.unwrap();
            ids.push(id);
        }
        let mut mail = a_parsed_mail();
        mail.subject.base = "补丁安装失败".to_owned();
        let facts = facts_for(&mut tx, &mail, NOW + 10, WINDOW).await.unwrap();
        assert_eq!(facts.by_subject.iter().map(|case| case.id).collect::<Vec<_>>(), [ids[6], ids[5], ids[4], ids[3], ids[2]], "newest five");
        assert_eq!(facts.by_subject[0].addresses, ["li@bank.example"]);
        assert!(facts_for(&mut tx, &mail, NOW + 2 * WINDOW, WINDOW).await.unwrap().by_subject.is_empty(), "too old");
        mail.from = Some(mail::Address { name: None, address: "other@bank.example".to_owned() });
        assert!(facts_for(&mut tx, &mail, NOW, WINDOW).await.unwrap().by_subject.is_empty(), "another sender");
        // The subject changed on the way: a mail of the sender in the case counts as much as the title.
        let key = a_mail(&mut tx).await;
        db::message::file(&mut tx, key, State::Received, ids[0], &parsed("z@bank.example", "新的问题"), "[]").await.unwrap();
        let mut mail = a_parsed_mail();
        mail.subject.base = "新的问题".to_owned();
        assert_eq!(facts_for(&mut tx, &mail, NOW, WINDOW).await.unwrap().by_subject[0].id, ids[0]);
    }
    async fn merges_are_followed_to_their_end(db) {
        let mut tx = db.begin().await.unwrap();
        let ids = [a_case(&mut tx).await, a_case(&mut tx).await, a_case(&mut tx).await];
        case::merge(&mut tx, ids[0], Status::New, ids[1], NOW).await.unwrap();
        case::merge(&mut tx, ids[1], Status::New, ids[2], NOW).await.unwrap();
        let mut mail = a_parsed_mail();
        mail.subject.case_numbers = vec![case::find(&mut tx, ids[0]).await.unwrap().unwrap().number];
        let facts = facts_for(&mut tx, &mail, NOW, WINDOW).await.unwrap();
        assert_eq!((facts.by_number[0].id, facts.by_number[0].merged_into), (ids[0], Some(ids[2])));
    }
    async fn the_sender_is_among_a_hundred_of_many_participants(db) {
        let mut tx = db.begin().await.unwrap();
        let id = a_case(&mut tx).await;
        for n in 0..150 {
            case::add_addresses(&mut tx, id, &[format!("a{n:03}@bank.example")]).await.unwrap();
        }
        let mut mail = a_parsed_mail();
        mail.subject.case_numbers = vec![case::find(&mut tx, id).await.unwrap().unwrap().number];
        let facts = facts_for(&mut tx, &mail, NOW, WINDOW).await.unwrap();
        assert_eq!((facts.by_number[0].addresses.len(), facts.by_number[0].addresses[0].as_str()), (100, "li@bank.example"));
    }
}
