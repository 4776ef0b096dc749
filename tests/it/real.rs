//! The whole way with real servers: Dovecot hands mail to the daemon, Postfix takes what was approved. And the daemon killed with SIGKILL while mail
//! flows both ways: every mail ends in exactly one state, nothing is doubled, no customer gets a mail twice.

use crate::desk::mail_text;
use crate::servers::{Dovecot, Postfix, free_port, until};
use casemate::app::App;
use casemate::db::outbox::OutboxStatus;
use casemate::{config, db, mail, review};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The daemon as its users run it. Killed, not stopped, when dropped.
struct Daemon(Child);

impl Daemon {
    fn start(configuration: &Path, crash_at: Option<&str>) -> Daemon {
        let log = fs::File::options().create(true).append(true).open(configuration.with_extension("log")).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_casemate"));
        command.args(["run", "--config"]).arg(configuration).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        command.env("DESK_PASSWORD", "secret");
        if let Some(point) = crash_at {
            command.env("CASEMATE_CRASH_AT", point);
        }
        Daemon(command.spawn().unwrap())
    }

    fn signal(&self, name: &str) {
        let status = Command::new("kill").args([&format!("-{name}"), &self.0.id().to_string()]).status().unwrap();
        assert!(status.success());
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        // Already ended is fine.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

struct Site {
    dir: tempfile::TempDir,
    configuration: PathBuf,
    dovecot: Dovecot,
    postfix: Postfix,
}

impl Site {
    fn new(extra: &str) -> Site {
        let (dir, dovecot, postfix) = (tempfile::tempdir().unwrap(), Dovecot::start(), Postfix::start());
        fs::write(dir.path().join("password"), dovecot.password).unwrap();
        let text = format!(
            "[desk]\nname = \"Desk\"\naddress = \"support@desk.example\"\nhotline = \"1\"\nportal = \"https://desk.example\"\n\
             [case_number]\nnumbering = \"casemate\"\n\
             [[mailbox]]\nname = \"support\"\nsource = \"imap\"\nhost = \"127.0.0.1\"\nport = {}\ntls = \"plain\"\nuser = \"{}\"\npassword_file = \"password\"\n\
             [relay]\nkind = \"smtp\"\nhost = \"127.0.0.1\"\nport = {}\ntls = \"plain\"\n{extra}\n\
             [web]\nlisten = \"127.0.0.1:{}\"\n",
            dovecot.port,
            dovecot.user,
            postfix.port,
            free_port()
        );
        let configuration = dir.path().join("casemate.toml");
        fs::write(&configuration, text).unwrap();
        Site { dir, configuration, dovecot, postfix }
    }

    /// The desk's database beside the running daemon, as a person's command line uses it.
    async fn app(&self) -> Arc<App> {
        let loaded = config::load(&self.configuration, &|_| None).unwrap_or_else(|problems| panic!("{problems}"));
        config::build(loaded).await.unwrap()
    }

    fn log(&self) -> String {
        fs::read_to_string(self.configuration.with_extension("log")).unwrap_or_default()
    }
}

fn request(n: usize) -> Vec<u8> {
    let body = format!("您好，\n第{n}台电脑安装更新后回滚，请问：\n1. 可能的原因是什么？\n2. 如何排查？\n系统版本：17763.1397");
    mail_text(&format!("客户{n} <customer{n}@customer.example>"), &format!("电脑{n}更新失败"), &body, "")
}

async fn proposed(app: &App) -> Vec<db::draft::DraftRow> {
    let mut tx = app.db.read().await.unwrap();
    db::draft::list_proposed(&mut tx, None, 1000).await.unwrap()
}

/// Asks again and again, on the runtime.
async fn eventually<T, F: Future<Output = Option<T>>>(what: &str, site: &Site, mut ask: impl FnMut() -> F) -> T {
    let deadline = Instant::now() + Duration::from_secs(120);
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(Instant::now() < deadline, "waited in vain for {what}\n{}", site.log());
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Dovecot and Postfix"]
async fn from_dovecot_to_postfix() {
    let site = Site::new("sent_mailbox = \"support\"\nsent_folder = \"Sent\"");
    let app = site.app().await;
    let mut daemon = Daemon::start(&site.configuration, None);
    site.dovecot.deliver(&request(1));
    let drafts = eventually("the first draft", &site, || async { Some(proposed(&app).await).filter(|drafts| drafts.len() == 1) }).await;
    site.dovecot.wait_for_idle();

    let names = site.dovecot.file_names();
    let start = Instant::now();
    site.dovecot.deliver(&request(2));
    eventually("the second draft", &site, || async { (proposed(&app).await.len() == 2).then_some(()) }).await;
    println!("delivered to Dovecot → draft in the queue: {} ms", start.elapsed().as_millis());
    let flags = |names: &[String]| names.iter().filter(|name| name.contains("cur/") && name.contains('S')).count();
    assert_eq!(flags(&names), 0, "nothing was marked as seen: {names:?}");

    review::approve(&app, drafts[0].id, drafts[0].version, Some("test"), "wei").await.unwrap();
    eventually("the mail to be sent", &site, || async {
        let mut tx = app.db.read().await.unwrap();
        (!db::outbox::list(&mut tx, OutboxStatus::Sent, 1).await.unwrap().is_empty()).then_some(())
    })
    .await;
    let received = tokio::task::block_in_place(|| site.postfix.wait_received(1));
    let settings = mail::Settings::default();
    let got = mail::parse(&received[0], &settings);
    assert_eq!(got.text.trim(), drafts[0].body.trim(), "what was approved is what arrived");
    assert_eq!(got.to[0].address, "customer1@customer.example");
    until("the copy in Sent", || (site.dovecot.mails("Sent").len() == 1).then_some(()));

    daemon.signal("TERM");
    let asked = Instant::now();
    until("the stop", || daemon.0.try_wait().unwrap());
    assert!(asked.elapsed() < Duration::from_secs(6), "a graceful stop takes seconds");
    assert!(site.dir.path().join("casemate.sqlite").exists());
}

/// Every mail in one state, every draft once, nobody got a mail twice, everything approved either arrived or is shown as unknown.
async fn assert_books(site: &Site, app: &App, requests: usize) {
    let mut tx = app.db.read().await.unwrap();
    let account = db::account::load(&mut tx).await.unwrap();
    assert!(account.balances, "{account:#?}");
    assert_eq!(
        (account.messages, account.filed, account.duplicates),
        (requests as i64, requests as i64, 0),
        "{account:#?}\n{}",
        site.log()
    );
    let cases = db::case::list(&mut tx, &db::case::Filter { limit: 1000, ..Default::default() }).await.unwrap();
    let customers: BTreeSet<&str> = cases.iter().map(|case| case.customer_address.as_str()).collect();
    assert_eq!((cases.len(), customers.len()), (requests, requests), "one case a request");
    let (mut sent, mut unknown) = (HashSet::new(), HashSet::new());
    for case in &cases {
        assert_eq!(db::draft::list_of_case(&mut tx, case.id).await.unwrap().len(), 1, "one draft a case");
        for row in db::outbox::list_of_case(&mut tx, case.id).await.unwrap() {
            match row.status {
                OutboxStatus::Sent => sent.insert(row.message_id),
                OutboxStatus::Unknown => unknown.insert(row.message_id),
                other => panic!("a mail is still {other}\n{}", site.log()),
            };
        }
    }
    drop(tx);
    // Sent is what Postfix acknowledged; its delivery into the customer's mailbox may take a moment more.
    let settings = mail::Settings::default();
    let arrived = tokio::task::block_in_place(|| {
        until("what was sent", || {
            let mut arrived: HashMap<String, usize> = HashMap::new();
            for raw in site.postfix.received() {
                *arrived.entry(mail::parse(&raw, &settings).message_id.unwrap()).or_default() += 1;
            }
            sent.iter().all(|id| arrived.contains_key(id)).then_some(arrived)
        })
    });
    assert!(arrived.values().all(|count| *count == 1), "nobody gets a mail twice: {arrived:?}");
    assert!(arrived.keys().all(|id| sent.contains(id) || unknown.contains(id)), "what arrived is sent or unknown");
    println!("{requests} requests: {} sent, {} unknown, {} arrived", sent.len(), unknown.len(), arrived.len());
}

/// Approves whatever waits, as it comes.
async fn approve_all(app: &App) {
    for draft in proposed(app).await {
        if let Err(error) = review::approve(app, draft.id, draft.version, Some("test"), "wei").await {
            panic!("{error}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Dovecot and Postfix"]
async fn killed_while_mail_flows() {
    let site = Site::new("");
    let app = site.app().await;
    let mut delivered = 0;
    // Deterministic points first, then whatever the moment hits.
    let rounds = [
        Some("fetch.before_commit"),
        Some("fetch.committed"),
        Some("triage.before_commit"),
        Some("deliver.claimed"),
        Some("deliver.sending"),
        Some("deliver.transmitted"),
        None,
        None,
        None,
        None,
    ];
    for (round, crash_at) in rounds.iter().enumerate() {
        let mut daemon = Daemon::start(&site.configuration, *crash_at);
        for _ in 0..10 {
            site.dovecot.deliver(&request(delivered));
            delivered += 1;
            approve_all(&app).await;
        }
        match crash_at {
            Some(point) => {
                eventually(point, &site, || {
                    let ended = daemon.0.try_wait().unwrap().is_some();
                    let app = &app;
                    async move {
                        approve_all(app).await;
                        ended.then_some(())
                    }
                })
                .await;
            }
            None => {
                // A moment that differs by round and is not tied to a state.
                tokio::time::sleep(Duration::from_millis(300 + 170 * round as u64)).await;
                approve_all(&app).await;
            }
        }
    }
    let daemon = Daemon::start(&site.configuration, None);
    eventually("everything filed, approved and out", &site, || async {
        approve_all(&app).await;
        let mut tx = app.db.read().await.unwrap();
        let account = db::account::load(&mut tx).await.unwrap();
        let open: i64 =
            account.outbox.iter().filter(|(status, _)| ["due", "claimed", "sending"].contains(&status.as_str())).map(|(_, n)| n).sum();
        let all: i64 = account.outbox.iter().map(|(_, n)| n).sum();
        (account.messages == delivered as i64 && account.received == 0 && open == 0 && all == delivered as i64).then_some(())
    })
    .await;
    drop(daemon);
    assert_books(&site, &app, delivered).await;
}
