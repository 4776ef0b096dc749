//! casemate: a mail desk daemon. One crate, one binary; this library is the binary's body, so that tests can walk through
//! its rooms. ARCHITECTURE.md tells the path of one mail and which room may use which.

// floor 0, what things are
pub mod calendar;
pub mod case;
pub mod catalog;
pub mod mail;
pub mod secret;
pub mod sla;
// floor 1, decisions as values with reasons
pub mod draft;
pub mod outbox;
pub mod report;
pub mod survey;
pub mod triage;
// floor 2, edges
pub mod db;
pub mod dial;
pub mod folder;
pub mod imap;
pub mod smtp;
// floor 3, flows
pub mod app;
pub mod daemon;
pub mod review;
pub mod web;
// floor 4, the door
pub mod cli;
pub mod config;
