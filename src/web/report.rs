//! `/report`: the open cases, counted. (Arithmetic comes from `report::open` when that room is there.)

use super::session::Signed;
use super::{Answer, Error, Shared};
use axum::extract::State;

pub(super) async fn show(State(_pages): State<Shared>, _signed: Signed) -> Answer {
    Err(Error::NotFound)
}

pub(super) async fn csv(State(_pages): State<Shared>, _signed: Signed) -> Answer {
    Err(Error::NotFound)
}
