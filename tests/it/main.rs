//! The one integration test binary.
mod config;
mod reference;
mod corpus;
mod mail_hostile;
