//! Engineers, sessions, links; surveys.

use super::*;
use casemate::db::{engineer, report, survey};

both! {
    async fn engineers_are_found_by_login(db) {
        let mut tx = db.begin().await.unwrap();
        let id = engineer::insert(&mut tx, "Wang", "王芳", Some("Wang@Desk.example"), Role::Lead, NOW).await.unwrap();
        is_conflict(engineer::insert(&mut tx, "wang", "other", None, Role::Engineer, NOW).await, "the login");
        engineer::insert(&mut tx, "chen", "陈", None, Role::Engineer, NOW).await.unwrap();
        engineer::set_role(&mut tx, id, Role::Admin).await.unwrap();
        engineer::set_language(&mut tx, id, Language::En).await.unwrap();
        let row = engineer::find_by_login(&mut tx, "WANG").await.unwrap().unwrap();
        assert_eq!((row.id, row.role, row.language, row.is_active, row.password_hash), (id, Role::Admin, Some(Language::En), true, None));
        assert_eq!(row.address.as_deref(), Some("wang@desk.example"));
        let logins: Vec<String> = engineer::list(&mut tx).await.unwrap().into_iter().map(|row| row.login).collect();
        assert_eq!(logins, ["chen", "wang"]);
        assert!(engineer::set_role(&mut tx, EngineerId(99), Role::Lead).await.is_err());
        assert_eq!(engineer::find_by_login(&mut tx, "no\0body").await.unwrap(), None);
    }
    async fn sessions_end(db) {
        let mut tx = db.begin().await.unwrap();
        let id = engineer::insert(&mut tx, "wang", "王芳", None, Role::Engineer, NOW).await.unwrap();
        engineer::insert_session(&mut tx, id, "hash", "csrf", NOW, NOW + DAY).await.unwrap();
        let session = engineer::find_session(&mut tx, "hash", NOW).await.unwrap().unwrap();
        assert_eq!((session.engineer.id, session.csrf.as_str(), session.expires_at), (id, "csrf", NOW + DAY));
        assert!(engineer::find_session(&mut tx, "other", NOW).await.unwrap().is_none());
        assert!(engineer::find_session(&mut tx, "hash", NOW + DAY).await.unwrap().is_none(), "expired");
        engineer::extend_session(&mut tx, "hash", NOW + 2 * DAY).await.unwrap();
        assert!(engineer::find_session(&mut tx, "hash", NOW + DAY).await.unwrap().is_some());
        engineer::set_active(&mut tx, id, false).await.unwrap();
        engineer::set_active(&mut tx, id, true).await.unwrap();
        assert!(engineer::find_session(&mut tx, "hash", NOW).await.unwrap().is_none(), "deactivating ends sessions");
        engineer::insert_session(&mut tx, id, "hash", "csrf", NOW, NOW + DAY).await.unwrap();
        engineer::set_password(&mut tx, id, Some("$argon2id$…")).await.unwrap();
        assert!(engineer::find_session(&mut tx, "hash", NOW).await.unwrap().is_none(), "a new password ends sessions");
        engineer::insert_session(&mut tx, id, "hash", "csrf", NOW, NOW + DAY).await.unwrap();
        engineer::delete_session(&mut tx, "hash").await.unwrap();
        engineer::delete_session(&mut tx, "hash").await.unwrap();
        engineer::insert_session(&mut tx, id, "late", "csrf", NOW, NOW + DAY).await.unwrap();
        engineer::insert_session(&mut tx, id, "soon", "csrf", NOW, NOW + 1).await.unwrap();
        engineer::insert_link(&mut tx, id, "link", NOW + 1).await.unwrap();
        assert_eq!(engineer::expire(&mut tx, NOW + 1).await.unwrap(), 2);
        assert!(engineer::find_session(&mut tx, "late", NOW).await.unwrap().is_some());
    }
    async fn links_work_once(db) {
        let mut tx = db.begin().await.unwrap();
        let id = engineer::insert(&mut tx, "wang", "王芳", None, Role::Engineer, NOW).await.unwrap();
        for token in ["a", "b", "c"] {
            engineer::insert_link(&mut tx, id, token, NOW + MINUTE).await.unwrap();
        }
        assert_eq!(engineer::take_link(&mut tx, "a", NOW).await.unwrap().unwrap().id, id);
        assert!(engineer::take_link(&mut tx, "a", NOW).await.unwrap().is_none(), "used");
        assert!(engineer::take_link(&mut tx, "b", NOW + MINUTE).await.unwrap().is_none(), "expired");
        assert!(engineer::take_link(&mut tx, "x", NOW).await.unwrap().is_none(), "unknown");
        engineer::set_active(&mut tx, id, false).await.unwrap();
        assert!(engineer::take_link(&mut tx, "c", NOW).await.unwrap().is_none(), "inactive");
    }
    async fn a_survey_is_answered_once(db) {
        let mut tx = db.begin().await.unwrap();
        let case = a_case(&mut tx).await;
        let id = survey::schedule(&mut tx, case, NOW + DAY).await.unwrap();
        assert_eq!(survey::schedule(&mut tx, case, NOW + 2 * DAY).await.unwrap(), id, "one scheduled survey a case");
        assert!(survey::list_due(&mut tx, NOW + DAY, 10).await.unwrap().is_empty());
        assert_eq!(survey::list_due(&mut tx, NOW + 2 * DAY, 10).await.unwrap()[0].id, id);
        is_conflict(survey::answer(&mut tx, id, 5, None, "page", NOW).await, "the survey");
        survey::mark_sent(&mut tx, id, "hash", NOW, NOW + 9 * DAY).await.unwrap();
        is_conflict(survey::mark_sent(&mut tx, id, "hash", NOW, NOW + 9 * DAY).await, "the survey");
        assert_eq!(survey::open_of_case(&mut tx, case).await.unwrap().unwrap().id, id);
        is_conflict(survey::answer(&mut tx, id, 5, None, "page", NOW + 9 * DAY).await, "the survey");
        survey::answer(&mut tx, id, 4, Some("谢谢\0"), "page", NOW + DAY).await.unwrap();
        is_conflict(survey::answer(&mut tx, id, 1, None, "mail", NOW + DAY).await, "the survey");
        let row = survey::find_by_token(&mut tx, "hash").await.unwrap().unwrap();
        assert_eq!((row.status, row.score, row.comment.as_deref(), row.via.as_deref()), (survey::SurveyStatus::Answered, Some(4), Some("谢谢\u{fffd}"), Some("page")));
        assert_eq!(survey::open_of_case(&mut tx, case).await.unwrap(), None);
        assert_eq!(survey::find_by_token(&mut tx, "other").await.unwrap(), None);
        assert_eq!(report::survey_scores(&mut tx, NOW).await.unwrap(), (vec![4], 1));
        assert_eq!(report::survey_scores(&mut tx, NOW + 2 * DAY).await.unwrap(), (vec![], 0));
    }
    async fn surveys_are_cancelled_and_expire(db) {
        let mut tx = db.begin().await.unwrap();
        let case = a_case(&mut tx).await;
        survey::cancel_of_case(&mut tx, case).await.unwrap();
        let first = survey::schedule(&mut tx, case, NOW).await.unwrap();
        survey::cancel_of_case(&mut tx, case).await.unwrap();
        is_conflict(survey::mark_sent(&mut tx, first, "a", NOW, NOW + DAY).await, "the survey");
        let second = survey::schedule(&mut tx, case, NOW).await.unwrap();
        survey::mark_sent(&mut tx, second, "b", NOW, NOW + DAY).await.unwrap();
        survey::cancel_of_case(&mut tx, case).await.unwrap();
        assert_eq!(survey::expire(&mut tx, NOW + DAY - 1).await.unwrap(), 0);
        assert_eq!(survey::expire(&mut tx, NOW + DAY).await.unwrap(), 1);
        let statuses: Vec<&str> = survey::list_of_case(&mut tx, case).await.unwrap().iter().map(|row| row.status.as_str()).collect();
        assert_eq!(statuses, ["cancelled", "expired"]);
    }
}
