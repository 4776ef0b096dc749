//! The one integration test binary.
mod corpus;
mod mail_hostile;
