//! The one integration test binary.

mod demo_mails;
mod generator;
mod threading;
