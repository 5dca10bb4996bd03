//! What tills' forwarders ask for, under /api/1: docs/office-protocol.md.

mod answer;
mod body;
mod caller;
mod chain;
mod columns;
pub mod enrolment;
mod entries;
mod fences;
mod frames;
mod incarnations;
mod moving;
mod one_by_one;
mod orders;
mod prepared;
mod set_aside;
mod standing;

pub use body::Budget;
pub use caller::Callers;

use crate::state::State;
use axum::Router;
use axum::routing::{get, post};

/// To be nested under /api/1.
pub fn router() -> Router<State> {
    Router::new()
        .route("/enrolments", post(enrolment::enrol))
        .route("/standing", get(standing::ask))
        .route("/frames", post(frames::take_in))
        .route("/incarnations", post(incarnations::begin))
}
