//! casemate: a mail desk daemon. One crate, one binary; this library is the binary's body, so that tests can walk through
//! its rooms. ARCHITECTURE.md tells the path of one mail and which room may use which; `tests/it/floors.rs` enforces it.

// floor 0, what things are
pub mod calendar;
pub mod case;
pub mod catalog;
pub mod diff;
pub mod mail;
pub mod secret;
pub mod sla;
// floor 1, decisions as values with reasons
pub mod draft;
pub mod outbox;
pub mod replay;
pub mod report;
pub mod survey;
pub mod triage;

// From here on rooms may look at the clock, the environment and the random source (clippy.toml).
// floor 2, edges: each talks to one outside thing
#[allow(clippy::disallowed_methods)]
pub mod db;
#[allow(clippy::disallowed_methods)]
pub mod dial;
#[allow(clippy::disallowed_methods)]
pub mod folder;
#[allow(clippy::disallowed_methods)]
pub mod imap;
#[allow(clippy::disallowed_methods)]
pub mod smtp;
// floor 3, flows
#[allow(clippy::disallowed_methods)]
pub mod app;
#[allow(clippy::disallowed_methods)]
pub mod daemon;
#[allow(clippy::disallowed_methods)]
pub mod review;
#[allow(clippy::disallowed_methods)]
pub mod web;
// floor 4, the door
#[allow(clippy::disallowed_methods)]
pub mod cli;
#[allow(clippy::disallowed_methods)]
pub mod config;

/// Aborts the process here when `CASEMATE_CRASH_AT` names this point: tests kill the daemon at the lines that matter. Nothing in
/// release builds.
#[macro_export]
macro_rules! crash_point {
    ($name:literal) => {
        #[cfg(debug_assertions)]
        if std::env::var("CASEMATE_CRASH_AT").is_ok_and(|at| at == $name) {
            std::process::abort();
        }
    };
}
