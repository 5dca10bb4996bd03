//! The pages: who is let in, what they may do, and what they see.

mod getting_in;
mod lists;
mod roles;
mod shown;
mod speed;

use crate::support::{Office, PASSWORD, Person, Shown};
