//! The one integration test binary.
//!
//! Tests that need a server are `#[ignore = "needs …"]`, so that `cargo test` runs anywhere and
//! `cargo test -- --include-ignored` runs everything.

mod fake;
mod folder;
mod imap;
mod servers;
mod smtp;
