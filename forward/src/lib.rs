//! `sequra-forward`: carries what changes in tills' journals to their chain's office.
//!
//! It reads a journal for a moment at a time, sends what has changed since the office's position, and keeps no position of
//! its own: it asks the office. So it may be killed at any moment, run twice, or come back after weeks, and nothing is
//! lost, or told in another order. No till waits for it.
//!
//! | file | what it does |
//! |---|---|
//! | `arguments`, `settings` | what the program is told, on its command line and in its configuration |
//! | `secrets` | what it keeps of a journal: its token, and what it is about to ask for |
//! | `office` | what the office answers |
//! | `trouble` | what keeps it from its work, in a sentence, and what it does about it |
//! | `framing` | what has changed, as it travels |
//! | `journal` | a journal, as long as it is the same file |
//! | `enrolment` | how a journal gets to be known at the office |
//! | `carrier`, `hearing` | one journal's way to the office, and what is done about its word |
//! | `pace` | when it tries again |
//! | `lock` | who of several works |
//! | `work` | every journal of a configuration, for ever or once |
//! | `commands`, `status` | what the program does when it is called |
//! | `service` | the program as a service of the system |
//! | `log`, `exit`, `crash_point` | what it says, how it ends, where the test suite ends it |

#![deny(unsafe_code)]

pub mod arguments;
pub mod carrier;
pub mod commands;
pub mod crash_point;
pub mod enrolment;
pub mod exit;
pub mod framing;
pub mod hearing;
pub mod journal;
pub mod lock;
pub mod log;
pub mod office;
pub mod pace;
pub mod secrets;
pub mod service;
pub mod settings;
pub mod status;
pub mod trouble;
pub mod work;
