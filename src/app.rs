//! What every flow has at hand: the database, the desk's knowledge, the settings, the wake-up bells. Built once by the door
//! (`config.rs`), shared by `daemon/`, `review.rs` and `web/`; not a place for logic.

use crate::calendar::Calendar;
use crate::case::{Millis, Stage};
use crate::db::Db;
use crate::draft::Kit;
use crate::folder::Folder;
use crate::mail::{self, Address};
use crate::triage::{self, Rules};
use crate::{imap, sla, smtp};
use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, AtomicU64};
use std::sync::{Arc, RwLock};
use std::time::Duration;
use tokio::sync::{Notify, broadcast, watch};

/// Where a mailbox is.
#[derive(Debug, Clone)]
pub enum Source {
    Imap(imap::Account),
    Folder(Folder),
}

/// One configured mailbox.
#[derive(Debug, Clone)]
pub struct MailboxSettings {
    pub name: String,
    pub source: Source,
    /// How often to look when the server cannot IDLE, or the folder.
    pub poll: Duration,
}

/// Where approved mails go.
#[derive(Debug, Clone)]
pub enum Relay {
    Smtp(smtp::Relay),
    /// A directory that receives `.eml` files.
    Folder(PathBuf),
}

/// Dynamics-style tracking tokens (domain: prefix, user number, wrapping counter).
#[derive(Debug, Clone)]
pub struct TokenSettings {
    pub prefix: String,
    pub user: i64,
    pub user_digits: u8,
    pub counter_digits: u8,
}

#[derive(Debug, Clone)]
pub struct Settings {
    pub mail: mail::Settings,
    pub triage: triage::Settings,
    pub mailboxes: Vec<MailboxSettings>,
    pub relay: Relay,
    /// Address our mails come from.
    pub from: Address,
    /// Append sent mails to this mailbox of that account.
    pub sent_mailbox: Option<(imap::Account, String)>,
    /// Prefix (`CAS`) and first sequence number of cases that casemate numbers.
    pub number_prefix: String,
    pub number_start: i64,
    pub token: Option<TokenSettings>,
    /// Stages whose mails leave without a person's approval (promise 15); by default the survey alone.
    pub automatic_stages: Vec<Stage>,
    pub survey_is_enabled: bool,
    /// Wall-clock time between archiving and the survey mail, and for how long its link works.
    pub survey_delay_ms: Millis,
    pub survey_valid_ms: Millis,
    /// Business minutes of silence before a reminder, and how many reminders.
    pub reminder_after_minutes: i64,
    pub reminder_max: i64,
    /// How far back tokens and subjects are believed.
    pub match_window_ms: Millis,
    pub raw_keep_ms: Millis,
    pub session_ms: Millis,
    pub message_bytes: u64,
    pub listen: SocketAddr,
    /// Links in mails and printed login links begin with it; no slash at the end.
    pub base_url: String,
}

/// Counters for `/metrics`, process-local.
#[derive(Debug, Default)]
pub struct Metrics {
    pub fetched: AtomicU64,
    pub triaged: AtomicU64,
    pub quarantined: AtomicU64,
    pub drafted: AtomicU64,
    pub sent: AtomicU64,
    pub send_failures: AtomicU64,
    pub fetch_errors: AtomicU64,
    /// The hour (since 1970) in which the sweep last looked at all mails; no metric.
    pub swept_hour: AtomicI64,
}

/// Bells: a flow that made work for another rings. Losing a ring costs at most one poll interval.
#[derive(Debug)]
pub struct Bells {
    pub triage: Notify,
    pub deliver: Notify,
    pub sweep: Notify,
    /// Look at the knowledge files now.
    pub reload: Notify,
    /// Something shown on pages changed.
    pub pages: broadcast::Sender<()>,
    /// True: stop, within seconds.
    pub stop: watch::Sender<bool>,
}

/// What can be reloaded while running, swapped whole.
pub struct Knowledge {
    pub kit: Kit,
    pub rules: Rules,
    /// Logins of engineers by name in the rules are resolved at use; this holds nothing of the database.
    pub rules_source: String,
    pub hashes: Hashes,
}

/// What a draft was made of, each the first 12 hex digits of a SHA-256: the same mail and the same hashes give the same bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Hashes {
    pub rules: String,
    /// Templates of drafts and their parts, all files in the order of their names.
    pub templates: String,
    pub articles: String,
    /// Updates and error codes.
    pub catalogue: String,
    /// What the configuration tells reader, triage and templates.
    pub configuration: String,
}

/// Reads the knowledge again when one of its files changed. `Ok(None)`: nothing changed. Err: what is wrong; the old stays.
pub type Reload = Box<dyn Fn() -> Result<Option<Knowledge>, String> + Send + Sync>;

pub struct App {
    pub db: Db,
    pub settings: Settings,
    pub knowledge: RwLock<Arc<Knowledge>>,
    pub reload: Reload,
    pub calendar: Calendar,
    pub targets: sla::Targets,
    pub metrics: Metrics,
    pub bells: Bells,
    /// Now, UTC milliseconds; tests hand in their own.
    pub clock: Box<dyn Fn() -> Millis + Send + Sync>,
    /// Warnings for pages: `calendar` (the missing years), `books` (they do not balance), `knowledge` (a change that was refused).
    pub warnings: RwLock<HashMap<String, String>>,
}

impl App {
    pub fn now(&self) -> Millis {
        (self.clock)()
    }
    /// Sets or takes away a warning; whether it is new or says something new.
    pub fn warn(&self, name: &str, detail: Option<String>) -> bool {
        let mut warnings = match self.warnings.write() {
            Ok(warnings) => warnings,
            Err(poisoned) => poisoned.into_inner(),
        };
        match detail {
            Some(detail) => warnings.insert(name.to_owned(), detail.clone()).is_none_or(|before| before != detail),
            None => {
                warnings.remove(name);
                false
            }
        }
    }
    pub fn set_knowledge(&self, knowledge: Knowledge) {
        match self.knowledge.write() {
            Ok(mut k) => *k = Arc::new(knowledge),
            Err(poisoned) => *poisoned.into_inner() = Arc::new(knowledge),
        }
    }
    pub fn knowledge(&self) -> Arc<Knowledge> {
        match self.knowledge.read() {
            Ok(k) => Arc::clone(&k),
            Err(poisoned) => Arc::clone(&poisoned.into_inner()),
        }
    }
}

impl Default for Bells {
    fn default() -> Self {
        Bells {
            triage: Notify::new(),
            deliver: Notify::new(),
            sweep: Notify::new(),
            reload: Notify::new(),
            pages: broadcast::channel(16).0,
            stop: watch::channel(false).0,
        }
    }
}
