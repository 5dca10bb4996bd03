//! A journal that an older version wrote becomes one of this version, and the till is ended at every
//! point of that: nothing is lost, nothing is done by halves, and the next opening does it.

use crate::journal::Dump;
use crate::shop::Shop;
use crate::support;
use crate::till::{Crash, End};
use rusqlite::Connection;
use std::fs;
use std::path::{Path, PathBuf};

/// What is the same after every migration of one journal, however often it was begun.
#[derive(Debug, PartialEq)]
struct Whole {
    version: i64,
    tables: Vec<String>,
    dump: Dump,
    /// How many journals it is: one.
    ids: i64,
}

impl Whole {
    fn read(journal: &Path) -> Whole {
        let connection = Connection::open(journal).expect("the journal opens");
        let number = |query: &str| {
            let found = connection.query_row(query, [], |row| row.get(0));
            found.unwrap_or_default()
        };
        let mut tables = connection
            .prepare("SELECT coalesce(sql, name) FROM sqlite_schema ORDER BY name")
            .expect("every database has it");
        let tables = tables.query_map([], |row| row.get(0));
        Whole {
            version: number("PRAGMA user_version"),
            tables: tables
                .expect("it can be read")
                .map(|table| table.expect("a text"))
                .collect(),
            ids: number("SELECT count(*) FROM journal"),
            dump: Dump::read(journal),
        }
    }
}

/// The journals of earlier versions.
fn older_journals() -> Vec<PathBuf> {
    let files = fs::read_dir(support::c::root("tests/journals")).expect("they are there");
    let mut journals: Vec<PathBuf> = files
        .map(|file| file.expect("a file").path())
        .filter(|path| path.extension().is_some_and(|kind| kind == "journal"))
        .collect();
    journals.sort();
    journals
}

#[test]
fn a_till_may_die_at_every_point_of_a_migration() {
    let journals = older_journals();
    assert!(!journals.is_empty());
    for older in journals {
        let name = older.file_name().expect("a file").to_string_lossy();
        let mut shop = Shop::open(support::c::scratch(&format!("migration-{name}")));
        let journal = shop.journal_path();
        let trace = shop.folder().join("trace");
        let mut open = |crash: Crash| {
            let mut till = shop.till("book", "config.json", crash);
            till.call("open");
            till.end()
        };
        let begin_again = || {
            for companion in ["-wal", "-shm"] {
                let _ = fs::remove_file(format!("{}{companion}", journal.display()));
            }
            fs::copy(&older, &journal).expect("the folder is writable");
        };

        begin_again();
        let before = Whole::read(&journal);
        let crash = Crash {
            at: None,
            trace: Some(&trace),
        };
        assert_eq!(open(crash), End::Done, "{name}");
        let migrated = Whole::read(&journal);
        assert_eq!((migrated.ids, before.ids), (1, 0), "{name}");
        assert!(migrated.version > before.version, "{name}");
        let points = fs::read_to_string(&trace).expect("it came to points");
        assert!(points.contains("journal_migrated"), "{name}: {points}");

        for (number, point) in points.lines().enumerate() {
            begin_again();
            let at = format!("any:{}", number + 1);
            let crash = Crash {
                at: Some(&at),
                trace: None,
            };
            assert_eq!(open(crash), End::Killed, "{name}, {point}");
            let whole = match point {
                "journal_migrated" => &before,
                _ => &migrated,
            };
            assert_eq!(&Whole::read(&journal), whole, "{name}, ended at {point}");
            assert_eq!(open(Crash::default()), End::Done, "{name}, after {point}");
            assert_eq!(Whole::read(&journal), migrated, "{name}, after {point}");
        }
    }
}
