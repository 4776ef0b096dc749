//! The one integration test binary.

mod generator;
mod threading;
