mod outbox;
mod time;

use super::beside::{self, beside};
use super::error::Result;
use super::*;
use crate::config::JournalPlace;
use crate::lifecycle::{Intent, Life, State, Step};
use crate::order::{Order, Written};
use crate::outcome::HttpView;
use crate::status::Status;
use crate::vocabulary::ErrorCode;
use rusqlite::Connection;
use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

const ENDPOINT: &str = "https://sandbox.sequrapi.com/";
const SOON: Duration = Duration::from_millis(50);

/// A file of its own in the system's temporary folder, removed with its companions.
struct TempFile(PathBuf);

impl TempFile {
    fn new() -> TempFile {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        TempFile(std::env::temp_dir().join(format!(
            "sequra-pos-{}-{number}.journal",
            std::process::id()
        )))
    }

    fn open(&self) -> Result<Journal> {
        Journal::open(&JournalPlace::File(self.0.clone()))
    }

    fn look(&self) -> Looked {
        let scratch = self.0.with_extension("scratch");
        std::fs::create_dir_all(&scratch).unwrap();
        let looked = Journal::look(&self.0, &scratch).unwrap();
        std::fs::remove_dir_all(&scratch).unwrap();
        looked
    }
}

impl TempFile {
    /// Everything in the file's folder whose name begins with its own.
    fn family(&self) -> Vec<PathBuf> {
        let own = self.0.to_string_lossy().into_owned();
        let entries = std::fs::read_dir(self.0.parent().unwrap()).unwrap();
        let paths = entries.map(|entry| entry.unwrap().path());
        paths
            .filter(|path| path.to_string_lossy().starts_with(&own))
            .collect()
    }

    /// The journals that were set aside.
    fn set_aside(&self) -> Vec<PathBuf> {
        let mut found = self.family();
        found.retain(|path| {
            let name = path.to_string_lossy();
            name.contains(".damaged-") && !name.ends_with("-wal") && !name.ends_with("-shm")
        });
        found
    }

    fn bytes(&self) -> Vec<u8> {
        let files = self.family().into_iter();
        files
            .flat_map(|path| std::fs::read(path).unwrap())
            .collect()
    }
}

impl Drop for TempFile {
    fn drop(&mut self) {
        for path in self.family() {
            let _ = std::fs::remove_file(path);
        }
    }
}

fn order(order_ref_1: Option<&str>) -> Order {
    let order = Order::from_json(
        r#"{"merchant":{"id":"shop_es"},"customer":{"given_names":"Íñigo"},
            "cart":{"currency":"EUR","order_total_with_tax":5097,"items":[]}}"#,
    )
    .unwrap();
    match order_ref_1 {
        Some(order_ref_1) => Written::new(order)
            .with_references(order_ref_1, None)
            .order()
            .clone(),
        None => order,
    }
}

fn confirming() -> Life {
    Life {
        state: State::Confirming,
        intent: Some(Intent {
            step: Step::Confirm,
            before: State::Solicited,
            doubtful: false,
        }),
    }
}

fn record(journal: &Journal, known: Option<&Record>, uuid: &str, content: &Order) -> Intended {
    let intent = NewIntent {
        record: known,
        endpoint: ENDPOINT,
        uuid: Some(uuid),
        life: confirming(),
        request: r#"{"step":"confirm"}"#,
        content: &Written::new(content.clone()),
        fingerprint: b"print",
        claim_for: Duration::from_secs(60),
    };
    journal.record_intent(&intent, soon()).unwrap()
}

fn soon() -> Instant {
    Instant::now() + SOON
}

fn settle(journal: &Journal, claim: Claim, scrub: bool) -> Record {
    let ended = finish(journal, claim, scrub);
    assert!(matches!(ended, Ended::Step));
    let record = journal.order_by_id(claim.order_id).unwrap();
    record.expect("it was recorded")
}

fn finish(journal: &Journal, claim: Claim, scrub: bool) -> Ended {
    let entry = Entry {
        life: Life {
            state: State::Settled,
            intent: None,
        },
        uuid: None,
        status: Status::Ok,
        http: HttpView::default(),
        said: None,
        reason: None,
        step: "confirm",
        ships: false,
        unshipped: None,
        refusal: None,
    };
    journal
        .record_outcome(&claim, &entry, None, None, scrub, soon())
        .unwrap()
}

fn ours(held: Intended) -> Claim {
    match held {
        Intended::Ours(claim) => claim,
        other => panic!("{other:?}"),
    }
}

/// A till that slept until its claim had run out, and another went on, must not undo what that did.
#[test]
fn an_outcome_that_comes_too_late_changes_nothing_but_the_log() {
    let file = TempFile::new();
    let (first, second) = (file.open().unwrap(), file.open().unwrap());
    let late = ours(record(&first, None, "u1", &order(None)));
    first
        .connection()
        .execute_batch("UPDATE orders SET claimed_until = 0")
        .unwrap();

    let seen = second.order(ENDPOINT, "u1").unwrap().unwrap();
    let claim = ours(record(&second, Some(&seen), "u1", &order(Some("R-77"))));
    settle(&second, claim, true);

    let entry = Entry {
        life: Life {
            state: State::Confirming,
            intent: confirming().intent,
        },
        uuid: None,
        status: Status::OutcomeUnknown,
        http: HttpView::default(),
        said: None,
        reason: None,
        step: "confirm",
        ships: false,
        unshipped: None,
        refusal: None,
    };
    let ended = first
        .record_outcome(&late, &entry, None, None, true, soon())
        .unwrap();
    let Ended::Overtaken(left) = ended else {
        panic!("{ended:?}");
    };
    assert_eq!(
        (left.life.state, left.order_ref_1.as_deref()),
        (State::Settled, Some("R-77"))
    );
    assert!(left.open.is_none(), "what was answered stays answered");
    assert_eq!(first.check_log().unwrap().entries, 2);
}

#[test]
fn what_was_intended_is_there_when_the_till_comes_back() {
    let file = TempFile::new();
    record(&file.open().unwrap(), None, "u1", &order(Some("R-1")));

    let journal = file.open().unwrap();
    let found = journal.order(ENDPOINT, "u1").unwrap().unwrap();
    assert_eq!(found.life.state, State::Confirming);
    let intent = found.life.intent.unwrap();
    assert!(intent.doubtful, "nobody knows whether it was sent");
    assert_eq!(intent.before, State::Solicited);
    assert_eq!(
        found.content().unwrap().unwrap().order(),
        &order(Some("R-1"))
    );
    assert_eq!(found.open.unwrap().request, r#"{"step":"confirm"}"#);
    assert_eq!(journal.count_unfinished(ENDPOINT).unwrap(), (1, 0, 0));
    assert_eq!(
        journal
            .count_unfinished("https://live.sequrapi.com/")
            .unwrap(),
        (0, 1, 0)
    );
}

#[test]
fn an_order_is_worked_on_by_one_client_at_a_time() {
    let file = TempFile::new();
    let (first, second) = (file.open().unwrap(), file.open().unwrap());
    let claim = ours(record(&first, None, "u1", &order(None)));

    let seen = second.order(ENDPOINT, "u1").unwrap().unwrap();
    assert!(matches!(
        record(&second, Some(&seen), "u1", &order(None)),
        Intended::Busy
    ));

    settle(&first, claim, true);
    assert!(matches!(
        record(&second, Some(&seen), "u1", &order(None)),
        Intended::Changed
    ));
    let seen = second.order(ENDPOINT, "u1").unwrap().unwrap();
    ours(record(&second, Some(&seen), "u1", &order(None)));
}

#[test]
fn a_dead_tills_claim_does_not_hold_anybody_up() {
    let file = TempFile::new();
    let (first, second) = (file.open().unwrap(), file.open().unwrap());
    ours(record(&first, None, "u1", &order(None)));
    let seen = second.order(ENDPOINT, "u1").unwrap().unwrap();
    assert!(matches!(
        record(&second, Some(&seen), "u1", &order(None)),
        Intended::Busy
    ));

    // Its process ends without a word: the lock goes, its file and its claim stay.
    let left_behind = owner::lock_path(&file.0, first.owner.name());
    assert!(left_behind.exists());
    drop(first);
    assert!(!left_behind.exists(), "a till that ends well cleans up");
    let text = beside::line("till-lock", &second.id);
    std::fs::write(&left_behind, text).unwrap();
    ours(record(&second, Some(&seen), "u1", &order(None)));

    // The next till that opens the journal removes what dead ones left.
    let third = file.open().unwrap();
    ours(record(&third, None, "u2", &order(None)));
    assert!(!left_behind.exists());
}

#[test]
fn two_clients_that_meet_an_unknown_order_make_one_of_it() {
    let file = TempFile::new();
    let (first, second) = (file.open().unwrap(), file.open().unwrap());
    ours(record(&first, None, "u1", &order(None)));
    assert!(matches!(
        record(&second, None, "u1", &order(None)),
        Intended::Changed
    ));
}

#[test]
fn one_reference_is_held_by_one_order() {
    let journal = Journal::open(&JournalPlace::Memory).unwrap();
    ours(record(&journal, None, "u1", &order(Some("R-1"))));
    assert!(
        journal
            .is_ref_held(ENDPOINT, "shop_es", "R-1", None)
            .unwrap()
    );
    assert!(
        !journal
            .is_ref_held(ENDPOINT, "shop_fr", "R-1", None)
            .unwrap()
    );
    // Even a caller that did not ask finds out.
    assert!(matches!(
        record(&journal, None, "u2", &order(Some("R-1"))),
        Intended::RefTaken
    ));
    assert!(
        journal.order(ENDPOINT, "u2").unwrap().is_none(),
        "all or nothing"
    );
    ours(record(&journal, None, "u2", &order(Some("R-2"))));
}

#[test]
fn personal_data_goes_when_the_order_is_finished() {
    let journal = Journal::open(&JournalPlace::Memory).unwrap();
    let claim = ours(record(&journal, None, "u1", &order(Some("R-1"))));
    let settled = settle(&journal, claim, false);
    assert!(settled.content.is_some(), "kept for keep_days");
    assert!(!scrub(&journal, 1));
    assert!(
        journal
            .order_by_id(claim.order_id)
            .unwrap()
            .unwrap()
            .content
            .is_some()
    );
    assert!(!scrub(&journal, 0));
    let scrubbed = journal.order_by_id(claim.order_id).unwrap().unwrap();
    assert!(scrubbed.content.is_none());
    assert_eq!(scrubbed.fingerprint.as_deref(), Some(&b"print"[..]));

    let claim = ours(record(&journal, None, "u2", &order(Some("R-2"))));
    assert!(settle(&journal, claim, true).content.is_none());
}

fn scrub(journal: &Journal, days: u32) -> bool {
    let ages = journal.ages().unwrap();
    journal
        .scrub_finished(&ages, days, usize::MAX, soon())
        .unwrap()
}

#[test]
fn a_strange_database_is_refused_and_left_alone() {
    let file = TempFile::new();
    Connection::open(&file.0)
        .unwrap()
        .execute_batch("CREATE TABLE sales (id)")
        .unwrap();
    assert_eq!(file.open().unwrap_err().code, ErrorCode::JournalCorrupt);
    assert_eq!(file.set_aside(), Vec::<PathBuf>::new());

    let file = TempFile::new();
    drop(file.open().unwrap());
    Connection::open(&file.0)
        .unwrap()
        .pragma_update(None, "user_version", schema::VERSION + 1)
        .unwrap();
    assert_eq!(file.open().unwrap_err().code, ErrorCode::JournalTooNew);
    assert_eq!(file.set_aside(), Vec::<PathBuf>::new());

    let nowhere = std::env::temp_dir().join("sequra-pos-no-such-folder/till.journal");
    let error = Journal::open(&JournalPlace::File(nowhere)).unwrap_err();
    assert_eq!(error.code, ErrorCode::JournalFailed);
    assert!(error.message.contains("does not exist"), "{error}");
}

#[test]
fn a_write_waits_for_another_program_and_then_says_so() {
    let file = TempFile::new();
    let journal = file.open().unwrap();
    let other = Connection::open(&file.0).unwrap();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let content = Written::new(order(None));
    let intent = NewIntent {
        record: None,
        endpoint: ENDPOINT,
        uuid: Some("u1"),
        life: confirming(),
        request: "{}",
        content: &content,
        fingerprint: b"",
        claim_for: SOON,
    };
    assert_eq!(
        journal.record_intent(&intent, soon()).unwrap_err().code,
        ErrorCode::JournalLocked
    );
    other.execute_batch("ROLLBACK").unwrap();
    ours(journal.record_intent(&intent, soon()).unwrap());
}

/// A journal with a million settled orders answers like an empty one: no query may read a table
/// from end to end.
/// Older versions kept an order in its own row, which is emptied when the order is sent: what is in no other place
/// yet goes there, also where nothing of it has changed.
#[test]
fn an_order_kept_by_an_older_version_is_kept_on() {
    let journal = Journal::open(&JournalPlace::Memory).unwrap();
    let claim = ours(record(&journal, None, "u1", &order(None)));
    journal
        .connection()
        .execute_batch(
            "UPDATE orders SET claimed_by = NULL, content = (SELECT content FROM contents), \
             carts = '{\"cart\":{}}'; DELETE FROM contents",
        )
        .unwrap();
    let known = journal.order_by_id(claim.order_id).unwrap().unwrap();
    let kept = known.content.clone();
    assert!(kept.is_some() && known.carts.is_some());
    ours(record(&journal, Some(&known), "u1", &order(None)));
    let now = journal.order_by_id(claim.order_id).unwrap().unwrap();
    assert_eq!(now.content, kept);
    assert!(
        now.carts().unwrap().contains("5097"),
        "those of its content"
    );
}

#[test]
fn no_query_reads_through_history() {
    let journal = Journal::open(&JournalPlace::Memory).unwrap();
    let connection = journal.connection();
    for query in orders::QUERIES
        .iter()
        .chain(intents::QUERIES)
        .chain(ends::QUERIES)
        .chain(fenced::QUERIES)
        .chain(fences::QUERIES)
        .chain(names::QUERIES)
        .chain(handed::QUERIES)
        .chain(reports::QUERIES)
        .chain(attempts::QUERIES)
        .chain(word::QUERIES)
        .chain(unshipped::QUERIES)
        .chain(figures::QUERIES)
    {
        let mut statement = connection
            .prepare(&format!("EXPLAIN QUERY PLAN {query}"))
            .unwrap();
        let count = statement.parameter_count();
        let plan: Vec<String> = statement
            .query_map(
                rusqlite::params_from_iter(vec![rusqlite::types::Null; count]),
                |row| row.get(3),
            )
            .unwrap()
            .map(|row| row.unwrap())
            .collect();
        for step in plan {
            let through_unfinished = step.contains("orders_unfinished")
                || step == "SCAN unshipped"
                // As a rule it is empty.
                || step == "SCAN taken_over";
            assert!(
                !step.starts_with("SCAN") || through_unfinished || step.contains("CONSTANT ROW"),
                "{query}: {step}"
            );
        }
    }
}

fn logged(journal: &Journal, count: usize) -> Vec<i64> {
    for number in 0..count {
        let claim = ours(record(journal, None, &format!("u{number}"), &order(None)));
        settle(journal, claim, true);
    }
    let connection = journal.connection();
    let mut statement = connection
        .prepare("SELECT id FROM log ORDER BY id")
        .unwrap();
    let ids = statement.query_map([], |row| row.get(0)).unwrap();
    ids.map(|id| id.unwrap()).collect()
}

fn broken_at(journal: &Journal) -> Option<i64> {
    journal.check_log().unwrap().broken_at
}

#[test]
fn an_edit_and_a_gap_show_in_the_chain() {
    for (damage, shows_at) in [
        ("UPDATE log SET amount = 1 WHERE id = 2", Some(2)),
        (
            "UPDATE log SET description = 'nothing happened' WHERE id = 3",
            Some(3),
        ),
        ("DELETE FROM log WHERE id = 2", Some(3)),
        ("DELETE FROM log WHERE id = 1", Some(2)),
        ("UPDATE log SET hash = zeroblob(32) WHERE id = 4", Some(4)),
        ("UPDATE log SET id = 7 WHERE id = 5", Some(7)),
        ("SELECT 1", None),
    ] {
        let journal = Journal::open(&JournalPlace::Memory).unwrap();
        assert_eq!(logged(&journal, 5), [1, 2, 3, 4, 5]);
        assert_eq!(broken_at(&journal), None);
        journal.connection().execute_batch(damage).unwrap();
        assert_eq!(broken_at(&journal), shows_at, "{damage}");
    }
}

#[test]
fn the_chain_goes_on_when_old_entries_are_removed() {
    let journal = Journal::open(&JournalPlace::Memory).unwrap();
    logged(&journal, 3);
    let forget = |days| {
        let ages = journal.ages().unwrap();
        journal.forget_log(&ages, days, usize::MAX, soon()).unwrap()
    };
    assert!(!forget(1));
    assert_eq!(journal.check_log().unwrap().entries, 3);
    assert!(!forget(0));
    let emptied = journal.check_log().unwrap();
    assert_eq!((emptied.entries, emptied.broken_at), (0, None));
    assert_eq!((emptied.first, emptied.removed_until), (None, Some(3)));
    let claim = ours(record(&journal, None, "u9", &order(None)));
    settle(&journal, claim, true);
    let chain = journal.check_log().unwrap();
    assert_eq!((chain.entries, chain.broken_at), (1, None));
    journal
        .connection()
        .execute_batch("UPDATE log_anchor SET hash = zeroblob(32)")
        .unwrap();
    assert_eq!(
        broken_at(&journal),
        Some(4),
        "what was removed is still vouched for"
    );
}

fn abandon(journal: &Journal, uuid: &str) -> usize {
    let record = journal.order(ENDPOINT, uuid).unwrap().unwrap();
    journal
        .abandon(std::slice::from_ref(&record), true, soon())
        .unwrap()
}

#[test]
fn what_is_given_up_is_gone_and_logged() {
    let journal = Journal::open(&JournalPlace::Memory).unwrap();
    let claim = ours(record(&journal, None, "u1", &order(Some("R-1"))));
    assert_eq!(abandon(&journal, "u1"), 1, "one's own claim does not hold");
    let left = journal.order_by_id(claim.order_id).unwrap().unwrap();
    assert_eq!(left.life, Life::ABANDONED);
    assert!(left.content.is_none() && left.open.is_none());
    assert!(
        !journal
            .is_ref_held(ENDPOINT, "shop_es", "R-1", None)
            .unwrap()
    );
    let (entries, _) = journal
        .log(&Query {
            limit: 9,
            ..Query::default()
        })
        .unwrap();
    assert_eq!(entries[0].step, "abandon");
    assert_eq!(broken_at(&journal), None);
}

#[test]
fn what_another_till_is_working_on_is_not_given_up() {
    let file = TempFile::new();
    let (first, second) = (file.open().unwrap(), file.open().unwrap());
    ours(record(&first, None, "u1", &order(None)));
    assert_eq!(abandon(&second, "u1"), 0);
    let seen = second.order(ENDPOINT, "u1").unwrap().unwrap();
    assert!(!second.withdraw_step(&seen, soon()).unwrap());
    assert_eq!(seen.life.state, State::Confirming);
}

#[test]
fn a_step_that_is_withdrawn_leaves_the_order_as_before() {
    let journal = Journal::open(&JournalPlace::Memory).unwrap();
    ours(record(&journal, None, "u1", &order(Some("R-1"))));
    let seen = journal.order(ENDPOINT, "u1").unwrap().unwrap();
    assert!(journal.withdraw_step(&seen, soon()).unwrap());
    let left = journal.order(ENDPOINT, "u1").unwrap().unwrap();
    assert_eq!(left.life, Life::SOLICITED);
    assert!(left.open.is_none() && left.content.is_some());
    assert!(
        !journal
            .is_ref_held(ENDPOINT, "shop_es", "R-1", None)
            .unwrap()
    );
    assert!(
        !journal.withdraw_step(&seen, soon()).unwrap(),
        "it has changed since"
    );
}

/// Not in the tables, not in the write-ahead log, not in pages or parts of pages that are free.
#[test]
fn no_byte_of_a_shopper_is_left_in_any_file() {
    let name = |number: usize| format!("Shopper-{number:04}-García");
    let person = |number: usize| {
        let many = vec![name(number); 20 + number * 7 % 90].join(" ");
        Order::from_json(&format!(
            r#"{{"merchant":{{"id":"shop_es"}},"customer":{{"given_names":"{many}"}},
                "cart":{{"currency":"EUR","order_total_with_tax":5097,"items":[]}}}}"#
        ))
        .unwrap()
    };
    let file = TempFile::new();
    let journal = file.open().unwrap();
    let mut waiting = Vec::new();
    for number in 0..150 {
        let uuid = format!("u{number}");
        waiting.push((number, ours(record(&journal, None, &uuid, &person(number)))));
        if number % 3 == 2 {
            // Not in the order they came, so that rows move.
            let (_, claim) = waiting.remove(number * 5 % waiting.len());
            settle(&journal, claim, true);
        }
        if number % 7 == 6 {
            let (gone, _) = waiting.remove(number * 11 % waiting.len());
            assert_eq!(abandon(&journal, &format!("u{gone}")), 1);
        }
    }
    let bytes = file.bytes();
    let is_there = |number: usize| {
        let name = name(number).into_bytes();
        bytes.windows(name.len()).any(|window| window == name)
    };
    for number in 0..150 {
        let unfinished = waiting.iter().any(|(one, _)| *one == number);
        assert_eq!(is_there(number), unfinished, "shopper {number}");
    }
    assert!(waiting.len() > 50);
}

/// Writes over a part of the journal's file, which nobody has open.
/// Writes over the first page of an index that no opening looks at.
fn damage_an_index(file: &TempFile) {
    let page: u64 = {
        let whole = rusqlite::Connection::open(&file.0).unwrap();
        let number = |query| {
            whole
                .query_row(query, [], |row| row.get::<_, u32>(0))
                .unwrap()
        };
        let root = number("SELECT rootpage FROM sqlite_schema WHERE name = 'orders_by_uuid'");
        u64::from(root - 1) * u64::from(number("PRAGMA page_size"))
    };
    overwrite(file, page, &[9; schema::PAGE_BYTES as usize]);
}

fn overwrite(file: &TempFile, at: u64, bytes: &[u8]) {
    use std::io::{Seek, SeekFrom, Write};
    let mut opened = std::fs::OpenOptions::new()
        .write(true)
        .open(&file.0)
        .unwrap();
    opened.seek(SeekFrom::Start(at)).unwrap();
    opened.write_all(bytes).unwrap();
}

#[test]
fn a_damaged_journal_is_set_aside_whole() {
    let file = TempFile::new();
    ours(record(&file.open().unwrap(), None, "u1", &order(None)));
    overwrite(&file, 0, &[7; 4096]);
    let damaged = std::fs::read(&file.0).unwrap();

    let journal = file.open().unwrap();
    let aside = journal.set_aside().unwrap();
    assert_eq!(aside.taken_over, 0);
    assert_eq!(std::fs::read(&aside.path).unwrap(), damaged);
    assert_eq!(file.set_aside(), std::slice::from_ref(&aside.path));
    assert_eq!(journal.count_unfinished(ENDPOINT).unwrap(), (0, 0, 0));
    ours(record(&journal, None, "u2", &order(None)));
    drop(journal);
    assert!(file.open().unwrap().set_aside().is_none(), "told once");

    // The next one does not take the first one's place.
    overwrite(&file, 0, &[8; 4096]);
    file.open().unwrap();
    assert_eq!(file.set_aside().len(), 2);
}

#[test]
fn a_log_without_its_journal_is_set_aside_too() {
    let file = TempFile::new();
    let journal = file.open().unwrap();
    ours(record(&journal, None, "u1", &order(None)));
    let log = beside(&file.0, "-wal");
    let kept = std::fs::read(&log).unwrap();
    assert!(!kept.is_empty());
    drop(journal);
    std::fs::write(&log, &kept).unwrap();
    std::fs::write(&file.0, "").unwrap();
    let journal = file.open().unwrap();
    let aside = journal.set_aside().unwrap();
    assert_eq!(std::fs::read(beside(&aside.path, "-wal")).unwrap(), kept);
}

#[test]
fn a_journal_in_use_is_not_set_aside() {
    let file = TempFile::new();
    let journal = file.open().unwrap();
    ours(record(&journal, None, "u1", &order(None)));
    overwrite(&file, 0, &[7; 100]);
    let error = file.open().unwrap_err();
    assert_eq!(error.code, ErrorCode::JournalCorrupt);
    assert!(error.message.contains("another till"), "{error}");
    assert_eq!(file.set_aside(), Vec::<PathBuf>::new());
}

/// Damage in a part that opening does not look at is found by the first who comes upon it; the next
/// opening acts on it, and what can be read of the unfinished orders goes on.
#[test]
fn damage_found_later_is_acted_upon_and_unfinished_orders_go_on() {
    let file = TempFile::new();
    let journal = file.open().unwrap();
    for number in 0..40 {
        let claim = ours(record(&journal, None, &format!("u{number}"), &order(None)));
        if number > 2 {
            settle(&journal, claim, true);
        }
    }
    drop(journal);
    damage_an_index(&file);

    let journal = file.open().unwrap();
    assert!(journal.set_aside().is_none(), "nobody has noticed");
    let error = journal.order(ENDPOINT, "u1").unwrap_err();
    assert_eq!(error.code, ErrorCode::JournalCorrupt);
    drop(journal);

    let journal = file.open().unwrap();
    assert_eq!(journal.set_aside().unwrap().taken_over, 3);
    let going_on = journal.order(ENDPOINT, "u1").unwrap().unwrap();
    assert_eq!(going_on.life.state, State::Confirming);
    assert!(going_on.life.intent.unwrap().doubtful);
    assert!(going_on.content.is_some() && going_on.open.is_some());
    assert!(!beside(&file.0, "-damaged").exists());
}

#[test]
fn a_false_alarm_changes_nothing() {
    let file = TempFile::new();
    ours(record(&file.open().unwrap(), None, "u1", &order(None)));
    mark::suspect(&file.0, &"0".repeat(32));
    let journal = file.open().unwrap();
    assert!(journal.set_aside().is_none() && file.set_aside().is_empty());
    assert!(journal.order(ENDPOINT, "u1").unwrap().is_some());
    assert!(!beside(&file.0, "-damaged").exists());
}

/// Tables, columns and indexes, as SQLite has them.
fn shape(journal: &Journal) -> Vec<String> {
    let connection = journal.connection();
    let mut statement = connection
        .prepare(
            "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_schema ORDER BY name",
        )
        .unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.map(|row| row.unwrap()).collect()
}

/// Every version that was ever published has a file in tests/journals.
#[test]
fn an_older_journal_becomes_one_of_today() {
    let fresh = shape(&Journal::open(&JournalPlace::Memory).unwrap());
    for version in 1..schema::VERSION {
        let kept = format!(
            "{}/tests/journals/v{version}.journal",
            env!("CARGO_MANIFEST_DIR")
        );
        let file = TempFile::new();
        std::fs::copy(kept, &file.0).unwrap();
        let count = |journal: &Journal| -> i64 {
            let connection = journal.connection();
            let count =
                "SELECT (SELECT count(*) FROM orders) * 1000 + (SELECT count(*) FROM steps)";
            connection.query_row(count, [], |row| row.get(0)).unwrap()
        };
        let before = count(&file.look().journal);
        let journal = file.open().unwrap();
        assert_eq!(shape(&journal), fresh, "version {version}");
        assert_eq!(count(&journal), before);
        assert_eq!(broken_at(&journal), None);
    }
}

/// Opening reads the journal before it is seen who else holds it: what was written to the file meanwhile, past the log
/// that is there now, is not known to SQLite, and need not show in the file's size or times.
#[test]
fn what_was_read_before_somebody_brought_a_log_in_is_not_gone_on_from() {
    let file = TempFile::new();
    drop(file.open().unwrap());
    let before = fs::read(&file.0).unwrap();
    record(&file.open().unwrap(), None, "u1", &order(Some("u1")));
    let mut after = fs::read(&file.0).unwrap();
    // That it has a log, as one that is open (SQLite's file format, "The Database Header").
    after[18..20].fill(2);
    fs::write(&file.0, before).unwrap();
    let opened = connection::open_file(&file.0).unwrap();
    let orders = |connection: &Connection| -> i64 {
        connection
            .query_row("SELECT count(*) FROM orders", [], |row| row.get(0))
            .unwrap()
    };
    assert_eq!(orders(&opened.connection), 0);
    let read = fs::metadata(&file.0).unwrap().modified().unwrap();
    overwrite(&file, 0, &after);
    let journal = fs::File::options().write(true).open(&file.0).unwrap();
    journal.set_modified(read).unwrap();
    let owner = owner::Owner::new(None).unwrap();
    // As another till had it open.
    let from = (&*file.0, opened.names, false);
    let held = holding::Holding::file(opened.connection, from, "", &owner).unwrap();
    assert_eq!(orders(&held.connection()), 1);
}

/// A log that the disk may have lost stays as it is, and nothing is written behind it.
#[test]
fn a_client_whose_disk_did_not_take_the_log_writes_nothing_more() {
    let file = TempFile::new();
    let journal = file.open().unwrap();
    record(&journal, None, "u1", &order(Some("u1")));
    journal.held.spoil();
    let until = Instant::now() + Duration::from_secs(1);
    let refused = journal.try_writing(until).unwrap_err();
    assert_eq!(refused.code, ErrorCode::JournalFailed);
    drop(journal);
    let log = beside(&file.0, beside::WRITE_AHEAD_LOG);
    assert!(fs::metadata(log).unwrap().len() > 0);
    let count = "SELECT count(*) FROM orders";
    let again = file.open().unwrap();
    let found: i64 = again
        .connection()
        .query_row(count, [], |row| row.get(0))
        .unwrap();
    assert_eq!(found, 1);
}

/// Who opens the journal after its log alone was taken away has an index of the log's own.
#[test]
fn a_log_that_is_gone_takes_its_index_with_it() {
    let file = TempFile::new();
    let holder = file.open().unwrap();
    record(&holder, None, "u1", &order(Some("u1")));
    let index = beside(&file.0, beside::INDEX_OF_IT);
    fs::remove_file(beside(&file.0, beside::WRITE_AHEAD_LOG)).unwrap();
    assert!(holder.lost().is_some());
    assert!(!index.exists());
}

#[test]
fn what_is_settled_while_a_day_is_read_is_in_its_figures_or_at_risk() {
    let file = TempFile::new();
    let journal = file.open().unwrap();
    let other = file.open().unwrap();
    let first = ours(record(&journal, None, "u1", &order(Some("u1"))));
    settle(&journal, first, false);
    record(&journal, None, "u2", &order(Some("u2")));
    let mut is_over = false;
    let open = journal.figures(ENDPOINT, (0, i64::MAX), &mut |_, _, _| {
        if !is_over {
            let script = "UPDATE orders SET state = 'settled', finished = 1";
            other.connection().execute_batch(script).unwrap();
            is_over = true;
        }
    });
    let open = open.unwrap();
    assert_eq!((is_over, open.len()), (true, 1));
    assert_eq!(open[0].0.uuid.as_deref(), Some("u2"));
}
