#![deny(unsafe_code)]
pub mod lifecycle;
pub mod outcome;
pub mod status;
pub mod vocabulary;
