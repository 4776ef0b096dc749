//! Raw mail in: duplicates, the ledger, the states of a message, the account.

use super::*;
use casemate::db::{account, mailbox, message};

both! {
    async fn same_bytes_are_one_message_with_two_sightings(db) {
        let mut tx = db.begin().await.unwrap();
        let support = mailbox::ensure(&mut tx, "support", NOW).await.unwrap().id;
        let archive = mailbox::ensure(&mut tx, "archive", NOW).await.unwrap().id;
        assert_eq!(mailbox::ensure(&mut tx, "support", NOW + 9).await.unwrap().id, support, "a name is one mailbox");
        let first = message::insert_raw(&mut tx, &new_raw(support, "7/1", b"Message-ID: <a@b.example>\r\n\r\none")).await.unwrap();
        let Stored::New(key) = first else { panic!("{first:?}") };
        for (mailbox, remote_id, raw, expected) in [
            (support, "7/1", "Message-ID: <a@b.example>\r\n\r\none", Stored::Seen),
            (support, "7/1", "other bytes under a known remote id", Stored::Seen),
            (support, "7/2", "Message-ID: <a@b.example>\r\n\r\none", Stored::Duplicate(key)),
            (archive, "7/1", "Message-ID: <a@b.example>\r\n\r\none", Stored::Duplicate(key)),
        ] {
            assert_eq!(message::insert_raw(&mut tx, &new_raw(mailbox, remote_id, raw.as_bytes())).await.unwrap(), expected, "{remote_id}");
        }
        let other = message::insert_raw(&mut tx, &new_raw(support, "7/3", b"Message-ID: <a@b.example>\r\n\r\ntwo")).await.unwrap();
        assert!(matches!(other, Stored::New(other) if other != key), "same Message-ID with other bytes is another mail");
        let asked = ["7/1", "7/2", "7/9"].map(str::to_owned);
        let known = message::known(&mut tx, support, &asked).await.unwrap();
        assert_eq!(known, ["7/1", "7/2"].map(str::to_owned).into());
        let account = account::load(&mut tx).await.unwrap();
        assert_eq!((account.sightings, account.duplicates, account.messages, account.received), (4, 2, 2, 2));
        assert_eq!(account.mailboxes, [("archive".to_owned(), 1), ("support".to_owned(), 3)]);
        assert!(account.balances);
    }
    async fn bytes_come_back_as_they_were(db) {
        let mut tx = db.begin().await.unwrap();
        let mailbox = mailbox::ensure(&mut tx, "support", NOW).await.unwrap().id;
        let raws: Vec<Vec<u8>> = vec![vec![], b"\0\xff\xfe bytes".to_vec(), "退款".repeat(5000).into_bytes(), (0..=255).collect()];
        for (n, raw) in raws.iter().enumerate() {
            message::insert_raw(&mut tx, &new_raw(mailbox, &n.to_string(), raw)).await.unwrap();
        }
        let received = message::list_received(&mut tx, 10).await.unwrap();
        assert_eq!(received.iter().map(|mail| mail.raw.clone()).collect::<Vec<_>>(), raws);
        assert_eq!(received[0].mailbox, Some(mailbox));
        assert_eq!(received[0].received_at, NOW);
        assert_eq!(message::list_received(&mut tx, 2).await.unwrap().len(), 2, "limit");
        assert_eq!(message::raw(&mut tx, received[2].key).await.unwrap().as_ref(), Some(&raws[2]));
        assert_eq!(message::raw(&mut tx, MessageKey(999_999)).await.unwrap(), None);
    }
    async fn large_mails_come_a_few_at_a_time(db) {
        let mut tx = db.begin().await.unwrap();
        let mailbox = mailbox::ensure(&mut tx, "support", NOW).await.unwrap().id;
        for n in 0..5_u8 {
            let (remote_id, raw) = (n.to_string(), [n]);
            let stated = NewRaw { size: 15 << 20, ..new_raw(mailbox, &remote_id, &raw) };
            message::insert_raw(&mut tx, &stated).await.unwrap();
        }
        assert_eq!(message::list_received(&mut tx, 100).await.unwrap().len(), 2, "no more than 32 MB at a time");
    }
    async fn too_large_is_quarantined_without_bytes(db) {
        let mut tx = db.begin().await.unwrap();
        let mailbox = mailbox::ensure(&mut tx, "support", NOW).await.unwrap().id;
        let huge = NewRaw { mailbox, remote_id: "7/1", received_at: NOW, seen_at: NOW, size: 1 << 31, raw: Err("larger than 50 MB") };
        let again = NewRaw { remote_id: "7/2", ..huge };
        let Stored::New(key) = message::insert_raw(&mut tx, &huge).await.unwrap() else { panic!() };
        assert!(matches!(message::insert_raw(&mut tx, &again).await.unwrap(), Stored::New(_)), "nothing says that two are one");
        let row = message::find(&mut tx, key).await.unwrap().unwrap();
        assert_eq!((row.state, row.reason.as_deref(), row.size), (State::Quarantined, Some("larger than 50 MB"), 1 << 31));
        assert_eq!(message::raw(&mut tx, key).await.unwrap(), None);
        assert!(message::list_received(&mut tx, 10).await.unwrap().is_empty());
        is_conflict(message::release(&mut tx, key).await, "the mail");
        message::ignore(&mut tx, key, State::Quarantined, "by hand", None, "[]").await.unwrap();
        let account = account::load(&mut tx).await.unwrap();
        assert!(account.balances);
        assert_eq!((account.ignored, account.quarantined), (1, 1));
    }
    async fn each_decision_works_once(db) {
        let mut tx = db.begin().await.unwrap();
        let case = a_case(&mut tx).await;
        let parsed = parsed("x@bank.example", "补丁");
        let filed = a_mail(&mut tx).await;
        message::file(&mut tx, filed, State::Received, case, &parsed, "[1]").await.unwrap();
        is_conflict(message::file(&mut tx, filed, State::Received, case, &parsed, "[]").await, "the mail");
        is_conflict(message::ignore(&mut tx, filed, State::Received, "loop", None, "[]").await, "the mail");
        is_conflict(message::quarantine(&mut tx, filed, "bad", None, "[]").await, "the mail");
        is_conflict(message::release(&mut tx, filed).await, "the mail");
        let row = message::find(&mut tx, filed).await.unwrap().unwrap();
        assert_eq!((row.state, row.case, row.kind), (State::Filed, Some(case), Some(Kind::Message)));
        assert_eq!((row.subject.as_str(), row.from_address.as_deref(), row.why.as_deref()), ("回复: 补丁", Some("li@bank.example"), Some("[1]")));
        assert_eq!((row.mailbox.as_deref(), row.attachments, row.message_id.as_deref()), (Some("support"), 1, Some("x@bank.example")));

        let doubtful = a_mail(&mut tx).await;
        message::quarantine(&mut tx, doubtful, "two cases", Some(&parsed), "[]").await.unwrap();
        is_conflict(message::quarantine(&mut tx, doubtful, "two cases", Some(&parsed), "[]").await, "the mail");
        message::release(&mut tx, doubtful).await.unwrap();
        is_conflict(message::release(&mut tx, doubtful).await, "the mail");
        message::quarantine(&mut tx, doubtful, "two cases", None, "[]").await.unwrap();
        assert_eq!(message::find(&mut tx, doubtful).await.unwrap().unwrap().subject, "回复: 补丁", "what was known stays");
        message::file(&mut tx, doubtful, State::Quarantined, case, &parsed, "[]").await.unwrap();

        let list = a_mail(&mut tx).await;
        message::ignore(&mut tx, list, State::Received, "list", Some(&parsed), "[]").await.unwrap();
        is_conflict(message::ignore(&mut tx, list, State::Received, "list", Some(&parsed), "[]").await, "the mail");
        let account = account::load(&mut tx).await.unwrap();
        assert_eq!((account.filed, account.ignored, account.quarantined, account.received), (2, 1, 0, 0));
        assert_eq!(account.ignored_reasons, [("list".to_owned(), 1)]);
        assert!(account.balances);
    }
    async fn books_that_do_not_balance_are_seen(db) {
        let mut tx = db.begin().await.unwrap();
        a_mail(&mut tx).await;
        assert!(account::load(&mut tx).await.unwrap().balances);
        run(&mut tx, "DELETE FROM sightings").await.unwrap();
        assert!(!account::load(&mut tx).await.unwrap().balances);
    }
    async fn lists_page(db) {
        let mut tx = db.begin().await.unwrap();
        let case = a_case(&mut tx).await;
        let mut keys = Vec::new();
        for _ in 0..5 {
            let key = a_mail(&mut tx).await;
            message::quarantine(&mut tx, key, "x", None, "[]").await.unwrap();
            keys.insert(0, key);
        }
        a_filed_mail(&mut tx, case).await;
        let mut seen = Vec::new();
        while seen.len() < 5 {
            let page = message::list_by_state(&mut tx, State::Quarantined, seen.last().copied(), 2).await.unwrap();
            assert!(!page.is_empty());
            seen.extend(page.into_iter().map(|row| row.key));
        }
        assert_eq!(seen, keys, "newest first");
    }
    async fn a_case_knows_its_mails(db) {
        let mut tx = db.begin().await.unwrap();
        let case = a_case(&mut tx).await;
        assert_eq!(message::last_inbound(&mut tx, case).await.unwrap(), None);
        let bounce = a_mail(&mut tx).await;
        let automatic = Parsed { kind: Some(Kind::Bounce), ..parsed("1@x.example", "补丁") };
        message::file(&mut tx, bounce, State::Received, case, &automatic, "[]").await.unwrap();
        assert_eq!(message::first_inbound(&mut tx, case).await.unwrap(), Some(bounce), "for want of a better one");
        let request = a_mail(&mut tx).await;
        message::file(&mut tx, request, State::Received, case, &parsed("2@x.example", "补丁"), "[]").await.unwrap();
        let ours = message::insert_out(&mut tx, case, &parsed("3@x.example", "补丁"), b"out", NOW).await.unwrap();
        let late = a_mail(&mut tx).await;
        message::file(&mut tx, late, State::Received, case, &automatic, "[]").await.unwrap();
        assert_eq!(message::last_inbound(&mut tx, case).await.unwrap(), Some(request));
        assert_eq!(message::first_inbound(&mut tx, case).await.unwrap(), Some(request));
        assert_eq!(message::message_ids(&mut tx, case).await.unwrap(), ["1@x.example", "2@x.example", "3@x.example", "1@x.example"]);
        let keys: Vec<MessageKey> = message::list_of_case(&mut tx, case, 3).await.unwrap().into_iter().map(|row| row.key).collect();
        assert_eq!(keys, [request, ours, late], "the newest three, oldest first");
        assert_eq!(message::raw(&mut tx, ours).await.unwrap().as_deref(), Some(b"out".as_slice()));
        assert_eq!(message::find(&mut tx, ours).await.unwrap().unwrap().state, State::Sent);
    }
    async fn hostile_text_is_stored(db) {
        let mut tx = db.begin().await.unwrap();
        let case = a_case(&mut tx).await;
        let key = a_mail(&mut tx).await;
        let long = "退\0".repeat(50_000);
        let hostile = Parsed {
            message_id: Some(long.clone()),
            from_name: Some(long.clone()),
            from_address: Some(long.clone()),
            subject: long.clone(),
            base_subject: long.clone(),
            reply_text: long.clone(),
            ..parsed("", "")
        };
        message::file(&mut tx, key, State::Received, case, &hostile, &long).await.unwrap();
        let mut mail = a_parsed_mail();
        mail.in_reply_to = vec![long.clone()];
        mail.subject.base = long.clone();
        mail.subject.tracking_token = Some(long.clone());
        mail.subject.case_numbers = vec![long.clone()];
        mail.from = Some(mail::Address { name: None, address: long.clone() });
        let facts = db::case::facts_for(&mut tx, &mail, NOW, DAY).await.unwrap();
        assert_eq!(facts.by_reference.len(), 1, "a cut Message-ID finds itself");
        assert_eq!(facts.by_reference[0].0, long, "as the mail writes it");
        assert_eq!(facts.by_subject.len(), 1);
    }
    async fn old_bytes_expire_and_only_those(db) {
        let mut tx = db.begin().await.unwrap();
        let (open, closed) = (a_case(&mut tx).await, a_case(&mut tx).await);
        let kept = a_filed_mail(&mut tx, open).await;
        let filed = a_filed_mail(&mut tx, closed).await;
        let on_its_way = an_outgoing(&mut tx, closed, None, NOW).await;
        let on_its_way = db::outbox::find(&mut tx, on_its_way).await.unwrap().unwrap().message;
        db::case::set_status(&mut tx, closed, Status::New, Status::Archived, NOW).await.unwrap();
        let ignored = a_mail(&mut tx).await;
        message::ignore(&mut tx, ignored, State::Received, "list", None, "[]").await.unwrap();
        assert_eq!(message::expire_raw(&mut tx, NOW, 100).await.unwrap(), 0, "not older");
        assert_eq!(message::expire_raw(&mut tx, NOW + 1, 1).await.unwrap(), 1, "limit");
        assert_eq!(message::expire_raw(&mut tx, NOW + 1, 100).await.unwrap(), 1);
        assert_eq!(message::expire_raw(&mut tx, NOW + 1, 100).await.unwrap(), 0);
        for (key, is_kept) in [(kept, true), (filed, false), (on_its_way, true), (ignored, false)] {
            assert_eq!(message::raw(&mut tx, key).await.unwrap().is_some(), is_kept, "{key}");
            assert!(message::find(&mut tx, key).await.unwrap().is_some(), "the row stays");
        }
    }
    async fn mailboxes_keep_cursor_and_state(db) {
        let mut tx = db.begin().await.unwrap();
        let id = mailbox::ensure(&mut tx, "support", NOW).await.unwrap().id;
        mailbox::save_cursor(&mut tx, id, 7, 41).await.unwrap();
        mailbox::save_state(&mut tx, id, "watching", None, NOW + 1).await.unwrap();
        mailbox::save_state(&mut tx, id, "watching", None, NOW + 2).await.unwrap();
        let row = mailbox::list(&mut tx).await.unwrap().remove(0);
        assert_eq!((row.uid_validity, row.last_uid, row.changed_at, row.seen_at), (Some(7), 41, NOW + 1, Some(NOW + 2)));
        mailbox::save_state(&mut tx, id, "failed", Some("refused"), NOW + 3).await.unwrap();
        let row = mailbox::ensure(&mut tx, "support", NOW + 4).await.unwrap();
        assert_eq!((row.state.as_str(), row.error.as_deref(), row.changed_at, row.seen_at), ("failed", Some("refused"), NOW + 3, Some(NOW + 2)));
        assert!(mailbox::save_cursor(&mut tx, MailboxId(99), 1, 1).await.is_err());
    }
}
