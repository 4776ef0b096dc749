//! How fast mail goes in: `cargo test --release --test it speed -- --ignored --nocapture`.

use super::*;
use std::time::Instant;

const MAILS: usize = 5000;
const BATCH: usize = 200;

/// 12 kB that look like a mail and do not compress to nothing.
fn bytes(n: usize) -> Vec<u8> {
    let mut raw = format!("Message-ID: <{n}@bank.example>\r\nSubject: {n}\r\n\r\n").into_bytes();
    let mut word = n as u32 + 1;
    while raw.len() < 12_000 {
        word = word.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        raw.extend(format!("{:x} 补丁安装失败 ", word >> 12).bytes());
    }
    raw
}
async fn store(db: &Db) -> std::time::Duration {
    let raws: Vec<Vec<u8>> = (0..MAILS).map(bytes).collect();
    let start = Instant::now();
    for (batch, chunk) in raws.chunks(BATCH).enumerate() {
        let mut tx = db.begin().await.unwrap();
        let mailbox = db::mailbox::ensure(&mut tx, "support", NOW).await.unwrap().id;
        for (n, raw) in chunk.iter().enumerate() {
            db::message::insert_raw(&mut tx, &new_raw(mailbox, &format!("7/{}", batch * BATCH + n), raw)).await.unwrap();
        }
        db::mailbox::save_cursor(&mut tx, mailbox, 7, (batch * BATCH) as i64).await.unwrap();
        tx.commit().await.unwrap();
    }
    start.elapsed()
}
/// Every third mail opens a case, the others answer it by reference.
async fn triage(db: &Db) -> std::time::Duration {
    let text = "补丁安装失败，错误 0x800F0922，请协助处理。".repeat(60);
    let start = Instant::now();
    let mut done = 0;
    loop {
        let mut tx = db.begin().await.unwrap();
        let received = db::message::list_received(&mut tx, BATCH as i64).await.unwrap();
        if received.is_empty() {
            break;
        }
        for mail in received {
            one(&mut tx, mail.key, done, &text).await;
            done += 1;
        }
        tx.commit().await.unwrap();
    }
    assert_eq!(done, MAILS);
    start.elapsed()
}
async fn one(tx: &mut Tx, key: MessageKey, n: usize, text: &str) {
    let subject = format!("补丁安装失败 {}", n / 3);
    let mut mail = a_parsed_mail();
    mail.subject.base = subject.clone();
    mail.subject.case_numbers = vec![format!("CAS-{:05}-S2P4D6", n / 3)];
    mail.from = Some(mail::Address { name: None, address: format!("user{}@bank.example", n % 50) });
    if !n.is_multiple_of(3) {
        mail.in_reply_to = vec![format!("m{}@bank.example", n - 1)];
        mail.references = (n - n % 3..n).map(|n| format!("m{n}@bank.example")).collect();
    }
    let facts = db::case::facts_for(tx, &mail, NOW, DAY).await.unwrap();
    let case = match facts.by_reference.first() {
        Some((_, case)) => case.id,
        None => {
            db::case::insert(tx, &db::case::NewCase { title: subject.clone(), ..new_case(&mail.subject.case_numbers[0]) }).await.unwrap()
        }
    };
    db::case::add_addresses(tx, case, &[mail.from.unwrap().address]).await.unwrap();
    let parsed = Parsed { reply_text: text.to_owned(), ..parsed(&format!("m{n}@bank.example"), &subject) };
    db::message::file(tx, key, State::Received, case, &parsed, r#"[{"name":"case.new","text":"x"}]"#).await.unwrap();
    db::case::touch_inbound(tx, case, NOW, Some(NOW + DAY)).await.unwrap();
    db::search::index(tx, key, case, &db::search::words(text)).await.unwrap();
    let draft = db::draft::NewDraft { reply_to: Some(key), body: text.to_owned(), ..new_draft(case) };
    let draft = db::draft::insert(tx, &draft).await.unwrap();
    for (kind, draft) in [("mail_filed", None), ("draft_proposed", Some(draft))] {
        let event = db::event::NewEvent { case: Some(case), message: Some(key), draft, at: NOW, actor: "casemate", kind, detail: "…" };
        db::event::insert(tx, &event).await.unwrap();
    }
}
async fn measure(db: Db) {
    let rate = |time: std::time::Duration| MAILS as f64 / time.as_secs_f64();
    println!("raw mails stored: {:.0}/s", rate(store(&db).await));
    println!("mails triaged:    {:.0}/s", rate(triage(&db).await));
    let mut tx = db.read().await.unwrap();
    assert!(db::account::load(&mut tx).await.unwrap().balances);
}
#[tokio::test]
#[ignore = "a measurement"]
async fn sqlite_speed() {
    let (_dir, db) = sqlite().await;
    measure(db).await;
}
#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn postgres_speed() {
    let (admin, name, db) = postgres().await;
    measure(db.clone()).await;
    db.close().await;
    drop_database(&admin, &name).await;
}
