//! The one integration test binary.
mod db;
