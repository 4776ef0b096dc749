//! The one integration test binary: `cargo test` runs what needs no server, `tests/run` all of it.

#![allow(clippy::disallowed_methods)] // tests look at the clock and the environment

mod browser;
mod cli;
mod config;
mod corpus;
mod db;
mod demo_mails;
mod desk;
mod explain;
mod fake;
mod floors;
mod folder;
mod generator;
mod imap;
mod journey;
mod knowledge;
mod mail_hostile;
mod real;
mod reference;
mod replay;
mod servers;
mod smtp;
mod threading;
mod trouble;
mod web;
