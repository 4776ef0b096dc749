//! Threading under planted difficulties (`generator`): at least 99% of customers' mails land in their case, and no case mixes two.
//!
//! The real flow on SQLite: `insert_raw`, `daemon::triage::step`, our mails through `review::approve` and `daemon::deliver::step` into a
//! folder relay; nothing is filed by the test. A mail handed to a person counts as not landed. The truth stays in the test.

use crate::desk::{Desk, Engine};
use crate::generator::{self, Difficulty, Generated, Next, OurMail};
use casemate::case::{CaseId, MessageKey, Millis};
use casemate::db::message::{self, Direction, MessageRow, NewRaw, State, Stored};
use casemate::{daemon, db, review};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

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
                let subject = format!("回复: [案例号: CAS-{case:05}-A1B2C3 ] % 标题{case} % 进展更新 CMIT:00010{:02}", case % 100);
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
        assert!(n >= 5, "{difficulty:?} occurs {n} times in {}", mails.len());
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

/// The token's counter wraps after a hundred cases; the generator's freemail domains are known.
const MORE: &str = r#"
[tracking_token]
user_digits = 3
counter_digits = 2
[matching]
freemail_domains = ["qqmail.example", "netease.example"]
"#;

/// The mail comes in at that time and is triaged, as fetch and triage do it.
pub async fn arrive(desk: &Desk, remote_id: &str, at: Millis, raw: &[u8]) -> Stored {
    wait_until(desk, at);
    let mut tx = desk.app.db.begin().await.expect("begin");
    let mailbox = db::mailbox::ensure(&mut tx, "support", at).await.expect("mailbox").id;
    let new = NewRaw { mailbox, remote_id, received_at: at, seen_at: at, size: raw.len() as i64, raw: Ok(raw) };
    let stored = message::insert_raw(&mut tx, &new).await.expect("insert");
    tx.commit().await.expect("commit");
    while daemon::triage::step(&desk.app).await.expect("triage") == daemon::Step::Worked {}
    stored
}

fn wait_until(desk: &Desk, at: Millis) {
    desk.pass(Duration::from_millis(at.saturating_sub(desk.now()).max(0) as u64));
}

/// One seed's desk: where each truth is, and what was seen.
struct Run {
    desk: Desk,
    /// Truth → case, set by the mail that opens it.
    places: HashMap<usize, CaseId>,
    /// What we last sent, by truth.
    sent: HashMap<usize, OurMail>,
    /// (mails, landed) by difficulty.
    score: BTreeMap<Difficulty, (usize, usize)>,
    failures: Vec<String>,
    /// Truth of each stored message.
    truths: HashMap<MessageKey, usize>,
}

impl Run {
    async fn arrive(&mut self, serial: usize, mail: &Generated) {
        let stored = arrive(&self.desk, &serial.to_string(), mail.at, &mail.raw).await;
        let key = match stored {
            Stored::New(key) | Stored::Duplicate(key) => key,
            Stored::Seen => panic!("remote ids are unique"),
        };
        let is_right_kind = matches!(stored, Stored::Duplicate(_)) == (mail.difficulty == Difficulty::Duplicate);
        let mut tx = self.desk.app.db.read().await.expect("read");
        let row = message::find(&mut tx, key).await.expect("find").expect("it is stored");
        drop(tx);
        self.judge(serial, mail, &row, is_right_kind).await;
        self.truths.insert(key, mail.case);
    }

    async fn judge(&mut self, serial: usize, mail: &Generated, row: &MessageRow, is_right_kind: bool) {
        let opens = matches!(mail.difficulty, Difficulty::Request | Difficulty::NewMatter);
        let case = row.case.filter(|_| row.state == State::Filed);
        let has_landed = is_right_kind
            && match case {
                Some(case) if opens => !self.places.values().any(|c| *c == case),
                Some(case) => self.places.get(&mail.case) == Some(&case),
                None => false,
            };
        if opens && has_landed {
            self.places.extend(case.map(|case| (mail.case, case)));
        }
        let score = self.score.entry(mail.difficulty).or_default();
        score.0 += 1;
        score.1 += usize::from(has_landed);
        if !has_landed {
            let should = self.places.get(&mail.case).map(|c| c.0);
            self.failures.push(format!(
                "{:?}: mail {serial} of truth {} (case {should:?}), subject {:?}, from {:?}: {} {:?} in {:?}; why {}",
                mail.difficulty,
                mail.case,
                row.subject,
                row.from_address,
                row.state,
                row.reason,
                case.map(|c| c.0),
                row.why.as_deref().unwrap_or("-"),
            ));
        }
    }

    /// The engineer approves what is proposed for the case, and it goes out.
    async fn answer(&mut self, truth: usize, at: i64) {
        wait_until(&self.desk, at);
        let Some(case) = self.places.get(&truth).copied() else { return };
        let mut tx = self.desk.app.db.read().await.expect("read");
        let draft = db::draft::proposed_of_case(&mut tx, case).await.expect("drafts");
        drop(tx);
        let Some(draft) = draft else { return };
        // As a person does: looks it over, which also takes note of a mail that came meanwhile, and sends.
        let edit = review::Edit { version: draft.version, subject: &draft.subject, body: &draft.body, to: &draft.to, cc: &draft.cc };
        let version = review::edit(&self.desk.app, draft.id, &edit, "engineer").await.expect("edit");
        review::approve(&self.desk.app, draft.id, version, Some("test"), "engineer").await.expect("approve");
        while daemon::deliver::step(&self.desk.app).await.expect("deliver") == daemon::Step::Worked {}
        let mut tx = self.desk.app.db.read().await.expect("read");
        let mails = message::list_of_case(&mut tx, case, 100).await.expect("mails");
        let last = mails.iter().rev().find(|m| m.direction == Direction::Out).expect("our mail is stored");
        let ours = OurMail { message_id: last.message_id.clone().expect("a Message-ID"), subject: last.subject.clone() };
        self.sent.insert(truth, ours);
    }

    /// Cases that hold mails of more than one truth.
    async fn mixed(&self) -> Vec<String> {
        let mut cases: BTreeMap<CaseId, BTreeSet<usize>> = BTreeMap::new();
        let mut tx = self.desk.app.db.read().await.expect("read");
        for (key, truth) in &self.truths {
            let row = message::find(&mut tx, *key).await.expect("find").expect("it is stored");
            if let Some(case) = row.case {
                cases.entry(case).or_default().insert(*truth);
            }
        }
        cases.into_iter().filter(|(_, truths)| truths.len() > 1).map(|(case, truths)| format!("case {case} holds {truths:?}")).collect()
    }
}

async fn run(seed: u64, cases: usize) {
    let desk = Desk::with(Engine::Sqlite, MORE).await;
    let (places, sent, score, truths) = Default::default();
    let mut run = Run { desk, places, sent, score, failures: Vec::new(), truths };
    let mut threads = generator::threads(seed, cases);
    for serial in 0.. {
        let next = threads.next(&|case| run.sent.get(&case).cloned());
        match next {
            None => break,
            Some(Next::Mail(mail)) => run.arrive(serial, &mail).await,
            Some(Next::Answer { case, at }) => run.answer(case, at).await,
        }
    }
    let mut table = format!("seed {seed}: {} cases\n", threads.truths());
    for (difficulty, (n, landed)) in &run.score {
        table.push_str(&format!("  {:<18}{landed:>5} of {n:>4}\n", format!("{difficulty:?}")));
    }
    let replies = run.score.iter().filter(|(d, _)| **d != Difficulty::Request).map(|(_, s)| *s);
    let (n, landed) = replies.fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
    let mixed = run.mixed().await;
    let percent = landed as f64 * 100.0 / n as f64;
    let failures =
        format!("{table}  replies           {landed:>5} of {n:>4}, {percent:.2}%\n{}\n{}", run.failures.join("\n"), mixed.join("\n"));
    println!("{failures}");
    assert!(mixed.is_empty(), "cases that mix two: {failures}");
    assert!(landed * 100 >= n * 99, "{landed} of {n} replies landed: {failures}");
    assert!(run.sent.len() * 10 >= threads.truths() * 9, "our mails went out in {} cases only", run.sent.len());
}

#[tokio::test]
async fn replies_land_in_their_case_seed_1() {
    run(1, 150).await;
}

#[tokio::test]
async fn replies_land_in_their_case_seed_2() {
    run(2, 150).await;
}

#[tokio::test]
async fn replies_land_in_their_case_seed_3() {
    run(3, 150).await;
}
