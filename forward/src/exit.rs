//! What the program's exit status says; docs/forward.md has the same table, and a test holds them together. Where several
//! journals ended differently, the highest number says so.

use crate::trouble::Kind;

/// Everything was done.
pub const DONE: u8 = 0;
/// Something else: a file that cannot be written, a service that cannot be made.
pub const FAILED: u8 = 1;
// 2: not called as it is called; clap says so.
/// The configuration cannot be used.
pub const CONFIGURATION: u8 = 3;
/// Another forwarder is at work on the journal.
pub const BUSY: u8 = 4;
/// The journal cannot be opened, read or written now.
pub const JOURNAL: u8 = 5;
/// The office was not reached, or could not answer: later.
pub const OFFICE: u8 = 6;
/// A person is needed: the journal is not enrolled, or its token, the code or this program is refused.
pub const PERSON: u8 = 7;

/// The exit status of a command that was kept from its work so.
pub fn of(kind: Kind) -> u8 {
    match kind {
        Kind::Here => FAILED,
        Kind::Busy => BUSY,
        Kind::Journal => JOURNAL,
        Kind::Office => OFFICE,
        Kind::Person => PERSON,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_has_every_exit_status() {
        let page = include_str!("../../docs/forward.md");
        let all = [
            DONE,
            FAILED,
            2,
            CONFIGURATION,
            BUSY,
            JOURNAL,
            OFFICE,
            PERSON,
        ];
        let rows = page
            .lines()
            .filter_map(|line| line.strip_prefix("| ")?.split(" | ").next()?.parse().ok());
        assert_eq!(rows.collect::<Vec<u8>>(), all);
        for kind in [
            Kind::Here,
            Kind::Busy,
            Kind::Journal,
            Kind::Office,
            Kind::Person,
        ] {
            assert!(all.contains(&of(kind)));
        }
    }
}
