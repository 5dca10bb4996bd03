use crate::vocabulary::ErrorCode;
use serde::Serialize;
use serde_json::Value;

/// One entry of `errors` or `warnings`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Problem {
    /// Which kind, from the closed list.
    pub code: ErrorCode,
    /// What and where and what to do, in English; for a refusal of seQura's its own words, verbatim.
    pub message: String,
    /// JSON pointer into the order (or configuration) that the problem is about.
    pub pointer: Option<String>,
    /// What it should have been, where that can be said; an amount is in cents.
    pub expected: Option<Value>,
    /// What it is; an amount is in cents.
    pub actual: Option<Value>,
}
