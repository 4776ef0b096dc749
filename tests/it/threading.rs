//! (being written)

use crate::generator::{self, Difficulty, Generated, Next, OurMail};
use std::collections::HashMap;

/// A seed's mails without a product: our mails are as the product writes them.
fn alone(seed: u64, cases: usize) -> Vec<Generated> {
    let mut threads = generator::threads(seed, cases);
    let (mut sent, mut counter, mut mails) = (HashMap::new(), 0, Vec::new());
    loop {
        let next = threads.next(&|case| sent.get(&case).cloned());
        match next {
            None => return mails,
            Some(Next::Mail(mail)) => mails.push(mail),
            Some(Next::Answer { case, .. }) => {
                counter += 1;
                let subject = format!("回复: [案例号: CAS-{case:05}-A1B2C3 ] % 标题{case} % 进展更新 CMIT:00010{:02}", counter % 100);
                sent.insert(case, OurMail { message_id: format!("{counter}@desk.example"), subject });
            }
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_mails() {
    let raws = |seed| alone(seed, 40).into_iter().map(|m| m.raw).collect::<Vec<_>>();
    assert!(raws(1) == raws(1));
    assert!(raws(1) != raws(2));
}

#[test]
fn every_difficulty_occurs_and_every_mail_is_one() {
    let mails = alone(7, 150);
    for difficulty in Difficulty::FREE.iter().chain(&[Difficulty::RareCharacters, Difficulty::SameSubject, Difficulty::TwoOpenCases]) {
        let n = mails.iter().filter(|m| m.difficulty == *difficulty).count();
        assert!(n >= 10, "{difficulty:?} occurs {n} times in {}", mails.len());
    }
    assert!(mails.windows(2).all(|w| w[0].at <= w[1].at), "arrival order");
    for mail in &mails {
        let without = String::from_utf8_lossy(&mail.raw).replace("\r\n", "");
        assert!(!without.contains(['\r', '\n']), "line ends are CRLF: {without}");
        let parsed = mailparse::parse_mail(&mail.raw).expect("well-formed");
        let is_empty = parsed.headers.iter().filter(|h| h.get_key_ref() == "Subject").all(|h| h.get_value().trim().is_empty());
        assert!(!is_empty, "no subject");
    }
}
