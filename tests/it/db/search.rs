//! Search: the same answers on both engines.

use super::*;

both! {
    async fn words_of_two_characters_are_found(db) {
        let mut tx = db.begin().await.unwrap();
        let mut cases = Vec::new();
        for (n, text) in ["量子纠缠的补丁KB4577668失败", "退款单 Refunds 17763.1397，已退", "server reports 0x800F0922 \"quoted\" OR not", "子纠 量子 x 纠缠"].into_iter().enumerate() {
            let case = a_case(&mut tx).await;
            let key = a_filed_mail(&mut tx, case).await;
            db::case::touch_inbound(&mut tx, case, NOW + n as i64, None).await.unwrap();
            db::search::index(&mut tx, key, case, &db::search::words("to be replaced: 旧文")).await.unwrap();
            db::search::index(&mut tx, key, case, &db::search::words(text)).await.unwrap();
            cases.push(case);
        }
        for (query, expected) in [
            ("补丁", vec![0]), ("量子", vec![3, 0]), ("量子纠缠", vec![0]), ("纠缠", vec![3, 0]), ("退款", vec![1]), ("款", vec![1]), ("退", vec![1]),
            ("单", vec![1]), ("失", vec![0]), ("KB4577668", vec![0]), ("ｋｂ４５７７６６８", vec![0]), ("补丁KB4577668", vec![0]), ("kb45", vec![0]), ("refund", vec![1]),
            ("17763.1397", vec![1]), ("1397.17763", vec![]), ("0x800f", vec![2]), ("退款 refunds", vec![1]), ("退款 server", vec![]), ("旧文", vec![]),
            ("", vec![]), ("\"", vec![]), ("quoted\"", vec![2]), ("a OR", vec![]), ("NEAR(", vec![]), ("-x", vec![3]), ("'); DROP TABLE cases; --", vec![]), ("*", vec![]),
            ("server AND not", vec![]), ("words:server", vec![]), ("\0", vec![]), ("'x':*", vec![3]), ("\\", vec![]),
        ] {
            let found: Vec<CaseId> = db::search::cases(&mut tx, query, 10).await.unwrap().into_iter().map(|row| row.id).collect();
            assert_eq!(found, expected.iter().map(|n: &usize| cases[*n]).collect::<Vec<_>>(), "{query:?}");
        }
        assert_eq!(db::search::cases(&mut tx, "量子", 1).await.unwrap().len(), 1, "limit");
    }
    async fn any_text_can_be_indexed(db) {
        let mut tx = db.begin().await.unwrap();
        let (case, other) = (a_case(&mut tx).await, a_case(&mut tx).await);
        let key = a_filed_mail(&mut tx, case).await;
        for text in ["".to_owned(), "'\\ \0 :1 'a':2".to_owned(), "退".repeat(100_000), "x".repeat(100_000), "a b ".repeat(50_000), "é́ ß İ ﷺ 🙂".to_owned()] {
            db::search::index(&mut tx, key, case, &db::search::words(&text)).await.unwrap();
        }
        assert!(matches!(db::search::index(&mut tx, key, other, &db::search::words("x")).await, Err(db::Error::NotFound(_))), "the mail of another case");
    }
}
