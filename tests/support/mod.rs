//! What the tests of the C side have in common.

// Each test file compiles this for itself and uses its own part of it.
#![allow(dead_code)]

pub mod c;
pub mod header;
pub mod seeds;
pub mod suite;
pub mod till;
pub mod tills;
