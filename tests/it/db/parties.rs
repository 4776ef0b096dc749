//! Who takes part in a case, and whom a text names that takes part in others only.

use super::*;
use casemate::db::case::{self, foreign, participants};

fn list(items: &[&str]) -> Vec<String> {
    items.iter().map(|item| item.to_string()).collect()
}

both! {
    async fn people_of_other_cases_only(db) {
        let mut tx = db.begin().await.unwrap();
        let ours = case::insert(&mut tx, &new_case("CAS-00001-AAAAAA")).await.unwrap();
        let other = case::insert(&mut tx, &new_case("CAS-00002-BBBBBB")).await.unwrap();
        case::add_addresses(&mut tx, ours, &list(&["Li@Bank.example", "shared@qq.example"])).await.unwrap();
        case::add_addresses(&mut tx, other, &list(&["Zhao@North.example", "wang@bank.example", "shared@qq.example", "no-domain"])).await.unwrap();
        let addresses = list(&["li@bank.example", "wang@bank.example", "zhao@north.example", "shared@qq.example", "nobody@north.example", "no-domain"]);
        let domains = list(&["bank.example", "north.example", "qq.example", "example", "th.example"]);
        let found = foreign(&mut tx, ours, &addresses, &domains).await.unwrap();
        assert_eq!(found, ["no-domain", "north.example", "wang@bank.example", "zhao@north.example"], "a colleague of the customer's is another person");
        assert_eq!(foreign(&mut tx, other, &addresses, &domains).await.unwrap(), ["li@bank.example"]);
        assert_eq!(foreign(&mut tx, ours, &[], &domains).await.unwrap(), ["north.example"]);
        assert!(foreign(&mut tx, ours, &[], &[]).await.unwrap().is_empty());
        let hostile = list(&["' OR 1=1 --", "%", "\"@\\"]);
        assert!(foreign(&mut tx, ours, &hostile, &hostile).await.unwrap().is_empty());
        assert_eq!(participants(&mut tx, ours).await.unwrap(), ["li@bank.example", "shared@qq.example"]);
        // Merged, they are one case's people.
        case::merge(&mut tx, other, Status::New, ours, NOW).await.unwrap();
        assert!(foreign(&mut tx, ours, &addresses, &domains).await.unwrap().is_empty());
    }
}
