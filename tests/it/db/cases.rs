//! Cases: numbers, statuses, clocks, lists, merging, reminders.

use super::*;
use casemate::db::case::{self, Filter};

async fn found(tx: &mut Tx, id: CaseId) -> case::CaseRow {
    case::find(tx, id).await.unwrap().unwrap()
}

both! {
    async fn numbers_are_unique_in_any_case(db) {
        let mut tx = db.begin().await.unwrap();
        let id = case::insert(&mut tx, &new_case("cas-03160-b3h1k7")).await.unwrap();
        is_conflict(case::insert(&mut tx, &new_case("CAS-03160-B3H1K7")).await, "the case number");
        let row = case::find_by_number(&mut tx, " Cas-03160-B3h1k7").await.unwrap().unwrap();
        assert_eq!((row.id, row.number.as_str(), row.status, row.owner_name), (id, "CAS-03160-B3H1K7", Status::New, None));
        assert_eq!((row.title.as_str(), row.first_response_due_at), ("补丁安装失败", Some(NOW + DAY)));
        assert_eq!(case::find_by_number(&mut tx, "CAS-1").await.unwrap(), None);
    }
    async fn sequences_count_and_never_go_back(db) {
        let mut tx = db.begin().await.unwrap();
        let mut values = Vec::new();
        for (name, start) in [("case_number", 100), ("case_number", 100), ("tracking_token", 1), ("case_number", 50), ("case_number", 500)] {
            values.push(case::next_sequence(&mut tx, name, start).await.unwrap());
        }
        assert_eq!(values, [100, 101, 1, 102, 500]);
    }
    async fn status_changes_once_and_keeps_its_times(db) {
        let mut tx = db.begin().await.unwrap();
        let id = a_case(&mut tx).await;
        use Status::*;
        for (n, (from, to, resolved, archived, waiting, reopens)) in [
            (New, WaitingCustomer, None, None, Some(1), 0),
            (WaitingCustomer, Resolved, Some(2), None, None, 0),
            (Resolved, Archived, Some(2), Some(3), None, 0),
            (Archived, Reopened, None, None, None, 1),
            (Reopened, Archived, Some(5), Some(5), None, 1),
            (Archived, Reopened, None, None, None, 2),
        ].into_iter().enumerate() {
            let at = NOW + 1 + n as i64;
            case::set_status(&mut tx, id, from, to, at).await.unwrap();
            is_conflict(case::set_status(&mut tx, id, from, to, at).await, "the case");
            let row = found(&mut tx, id).await;
            let later = |n: Option<i64>| n.map(|n| NOW + n);
            assert_eq!((row.status, row.updated_at, row.reopens), (to, at, reopens));
            assert_eq!((row.resolved_at, row.archived_at, row.waiting_since_at), (later(resolved), later(archived), later(waiting)), "{to}");
        }
    }
    async fn mails_move_the_clocks(db) {
        let mut tx = db.begin().await.unwrap();
        let id = a_case(&mut tx).await;
        case::count_reminder(&mut tx, id, NOW + 1).await.unwrap();
        assert_eq!(found(&mut tx, id).await.reminders, 1);
        case::touch_inbound(&mut tx, id, NOW + 5, Some(NOW + DAY)).await.unwrap();
        case::touch_inbound(&mut tx, id, NOW + 3, Some(NOW + DAY)).await.unwrap();
        let row = found(&mut tx, id).await;
        assert_eq!((row.reminders, row.updated_at, row.last_inbound_at, row.next_update_due_at), (0, NOW + 5, Some(NOW + 5), Some(NOW + DAY)));
        case::touch_outbound(&mut tx, id, NOW + 7, Some("CMIT:0000001"), None).await.unwrap();
        case::touch_outbound(&mut tx, id, NOW + 9, None, Some(NOW + 2 * DAY)).await.unwrap();
        let row = found(&mut tx, id).await;
        assert_eq!((row.first_responded_at, row.token.as_deref(), row.next_update_due_at), (Some(NOW + 7), Some("CMIT:0000001"), Some(NOW + 2 * DAY)));
        case::set_due(&mut tx, id, None, Some(NOW + 3 * DAY)).await.unwrap();
        case::set_priority(&mut tx, id, Priority::Urgent, NOW + 10).await.unwrap();
        let row = found(&mut tx, id).await;
        assert_eq!((row.next_update_due_at, row.resolve_due_at, row.priority, row.updated_at), (None, Some(NOW + 3 * DAY), Priority::Urgent, NOW + 10));
        assert!(matches!(case::touch_inbound(&mut tx, CaseId(999), NOW, None).await, Err(db::Error::NotFound("the case"))));
    }
    async fn lists_filter_and_page(db) {
        let mut tx = db.begin().await.unwrap();
        let wang = db::engineer::insert(&mut tx, "wang", "王芳", None, Role::Engineer, NOW).await.unwrap();
        let mut ids = Vec::new();
        for n in 0..7 {
            let id = a_case(&mut tx).await;
            if n % 2 == 0 { case::assign(&mut tx, id, Some(wang), NOW).await.unwrap(); }
            if n >= 5 { case::set_status(&mut tx, id, Status::New, Status::Archived, NOW).await.unwrap(); }
            ids.push(id);
        }
        let pick = |places: &[usize]| places.iter().map(|n| ids[*n]).collect::<Vec<_>>();
        for (filter, expected) in [
            (Filter::default(), pick(&[6, 5, 4, 3, 2, 1, 0])),
            (Filter { open_only: true, ..Filter::default() }, pick(&[4, 3, 2, 1, 0])),
            (Filter { status: Some(Status::Archived), ..Filter::default() }, pick(&[6, 5])),
            (Filter { status: Some(Status::Archived), open_only: true, ..Filter::default() }, vec![]),
            (Filter { owner: Some(wang), ..Filter::default() }, pick(&[6, 4, 2, 0])),
            (Filter { owner: Some(wang), open_only: true, ..Filter::default() }, pick(&[4, 2, 0])),
            (Filter { owner: Some(wang), status: Some(Status::New), open_only: true, ..Filter::default() }, pick(&[4, 2, 0])),
            (Filter { before: Some((NOW, ids[4])), limit: 2, ..Filter::default() }, pick(&[3, 2])),
        ] {
            let rows = case::list(&mut tx, &filter).await.unwrap();
            assert_eq!(rows.iter().map(|row| row.id).collect::<Vec<_>>(), expected, "{filter:?}");
        }
        assert_eq!(found(&mut tx, ids[0]).await.owner_name.as_deref(), Some("王芳"));
        let open: Vec<CaseId> = db::report::open_cases(&mut tx, 3).await.unwrap().into_iter().map(|row| row.id).collect();
        assert_eq!(open, pick(&[0, 1, 2]), "oldest first");
    }
    async fn merging_takes_the_participants_along_and_makes_no_circle(db) {
        let mut tx = db.begin().await.unwrap();
        let (a, b) = (a_case(&mut tx).await, a_case(&mut tx).await);
        case::add_addresses(&mut tx, a, &[("chen@bank.example").to_string()]).await.unwrap();
        is_conflict(case::merge(&mut tx, a, Status::New, a, NOW).await, "the case");
        is_conflict(case::merge(&mut tx, a, Status::New, CaseId(999), NOW).await, "the case");
        case::merge(&mut tx, a, Status::New, b, NOW).await.unwrap();
        is_conflict(case::merge(&mut tx, a, Status::New, b, NOW).await, "the case");
        is_conflict(case::merge(&mut tx, b, Status::New, a, NOW).await, "the case");
        let row = found(&mut tx, a).await;
        assert_eq!((row.status, row.merged_into), (Status::Merged, Some(b)));
        let mut mail = a_parsed_mail();
        mail.subject.case_numbers = vec![found(&mut tx, b).await.number];
        let facts = case::facts_for(&mut tx, &mail, NOW, DAY).await.unwrap();
        assert_eq!(facts.by_number[0].addresses, ["li@bank.example", "chen@bank.example"]);
    }
    async fn silent_customers_are_reminded_and_not_twice(db) {
        let mut tx = db.begin().await.unwrap();
        let (silent, drafted, sending) = (a_case(&mut tx).await, a_case(&mut tx).await, a_case(&mut tx).await);
        for id in [silent, drafted, sending] {
            case::set_status(&mut tx, id, Status::New, Status::WaitingCustomer, NOW).await.unwrap();
        }
        db::draft::insert(&mut tx, &new_draft(drafted)).await.unwrap();
        an_outgoing(&mut tx, sending, None, NOW).await;
        a_case(&mut tx).await;
        let mut due = async |since| -> Vec<CaseId> { case::list_silent(&mut tx, since, 2, 10).await.unwrap().iter().map(|row| row.id).collect() };
        assert_eq!(due(NOW).await, []);
        assert_eq!(due(NOW + 1).await, [silent]);
        case::count_reminder(&mut tx, silent, NOW + DAY).await.unwrap();
        let mut due = async |since| -> Vec<CaseId> { case::list_silent(&mut tx, since, 2, 10).await.unwrap().iter().map(|row| row.id).collect() };
        assert_eq!(due(NOW + DAY).await, [], "the clock starts again with the reminder");
        assert_eq!(due(NOW + DAY + 1).await, [silent]);
        case::count_reminder(&mut tx, silent, NOW + DAY).await.unwrap();
        assert!(case::list_silent(&mut tx, NOW + 9 * DAY, 2, 10).await.unwrap().is_empty(), "at most two");
    }
}
