//! A journal as its forwarder sees it.

use super::*;
use crate::journal::beside::is_empty;

use std::path::Path;

fn enrolled(file: &TempFile) -> (Journal, Outbox) {
    let journal = file.open().unwrap();
    let outbox = Outbox::open(&file.0).unwrap();
    outbox.enrol("i-1", 1).unwrap();
    (journal, outbox)
}

fn from(position: Option<Position>) -> Wanted {
    Wanted {
        from: position,
        entries_after: 0,
        most: 100,
        most_bytes: 1 << 20,
    }
}

fn changes(outbox: &Outbox, wanted: Wanted) -> Changes {
    match outbox.changes(wanted).unwrap() {
        Reading::Changes(changes) => *changes,
        other => panic!("{other:?}"),
    }
}

fn numbers(changes: &Changes) -> Vec<i64> {
    changes.orders.iter().map(|state| state.order_id).collect()
}

fn cell<'a>(state: &'a OrderRows, table: &str, column: &str) -> Option<&'a Cell> {
    let (_, row) = state.rows.iter().find(|(name, _)| *name == table)?;
    row.iter()
        .find(|(name, _)| name == column)
        .map(|(_, cell)| cell)
}

fn sell(journal: &Journal, uuid: &str) -> i64 {
    let claim = ours(record(journal, None, uuid, &order(Some(uuid))));
    settle(journal, claim, false);
    claim.order_id
}

fn fence(uuid: &str, epoch: i64, order_ref_1: Option<&str>) -> (String, String, Fence) {
    let fence = Fence {
        epoch,
        taken_by: "Central".to_owned(),
        order_ref_1: order_ref_1.map(str::to_owned),
        at: 1_800_000_000_000,
    };
    (ENDPOINT.to_owned(), uuid.to_owned(), fence)
}

#[test]
fn what_has_changed_is_read_as_it_is_each_order_once() {
    let file = TempFile::new();
    let journal = file.open().unwrap();
    sell(&journal, "before");
    let outbox = Outbox::open(&file.0).unwrap();
    assert_eq!(outbox.identity().unwrap(), None);
    assert_eq!(outbox.newest().unwrap(), None);
    assert_eq!(outbox.changes(from(None)).unwrap(), Reading::Nothing);
    outbox.enrol("i-1", 7).unwrap();
    let identity = outbox.identity().unwrap().unwrap();
    assert_eq!(identity.journal_id, journal.id());
    assert_eq!((identity.incarnation.as_str(), identity.epoch), ("i-1", 7));

    let first = changes(&outbox, from(None));
    assert_eq!(numbers(&first), [1, 0], "what was there before, too");
    assert_eq!(first.entries.len(), 1);
    assert_eq!(Some(first.to), outbox.newest().unwrap());
    assert_eq!(first.head.as_ref().unwrap().0, 1);
    assert_eq!(
        outbox.changes(from(Some(first.to))).unwrap(),
        Reading::Nothing
    );

    let version = outbox.data_version().unwrap();
    sell(&journal, "u2");
    assert_ne!(outbox.data_version().unwrap(), version);
    let second = changes(&outbox, from(Some(first.to)));
    assert_eq!(numbers(&second), [2]);
    let state = &second.orders[0];
    assert_eq!(
        cell(state, "orders", "uuid"),
        Some(&Cell::Text("u2".to_owned()))
    );
    assert_eq!(cell(state, "orders", "finished"), Some(&Cell::Integer(1)));
    assert!(
        matches!(cell(state, "contents", "content"), Some(Cell::Text(text)) if text.contains("Íñigo"))
    );
    assert!(matches!(
        cell(state, "orders", "fingerprint"),
        Some(Cell::Blob(_))
    ));
    assert_eq!(
        cell(state, "steps", "step"),
        Some(&Cell::Text("confirm".to_owned()))
    );
    assert_eq!(cell(state, "refusals", "step"), None);
    let entries = Wanted {
        entries_after: 1,
        ..from(Some(first.to))
    };
    assert_eq!(
        changes(&outbox, entries).entries.len(),
        1,
        "those that the office lacks"
    );
}

#[test]
fn a_backlog_goes_in_pieces_and_nothing_is_left_out() {
    let file = TempFile::new();
    let (journal, outbox) = enrolled(&file);
    let all: Vec<i64> = (0..20)
        .map(|number| sell(&journal, &format!("u{number}")))
        .collect();
    for (most, most_bytes) in [(3, 1 << 20), (1, 1 << 20), (100, 1), (100, 4000)] {
        let mut at = None;
        let mut told = Vec::new();
        let mut entries_after = 0;
        loop {
            let wanted = Wanted {
                most,
                most_bytes,
                entries_after,
                ..from(at)
            };
            match outbox.changes(wanted).unwrap() {
                Reading::Changes(piece) => {
                    assert!(piece.orders.len() <= most);
                    assert_eq!(piece.newest, outbox.newest().unwrap().unwrap());
                    told.extend(numbers(&piece));
                    assert!(piece.entries.len() <= most);
                    entries_after += piece.entries.len() as i64;
                    at = Some(piece.to);
                }
                Reading::Nothing => break,
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(at, outbox.newest().unwrap());
        assert_eq!(entries_after, 20, "every entry of the log, too");
        told.retain(|number| *number > 0);
        told.dedup();
        assert_eq!(told, all);
    }
}

/// By the number alone two disks cannot be told apart.
#[test]
fn a_position_that_this_disk_was_never_at_is_seen() {
    let file = TempFile::new();
    let (journal, outbox) = enrolled(&file);
    sell(&journal, "u1");
    let here = changes(&outbox, from(None)).to;
    let other = |seq: i64, nonce: i64| {
        let position = Position {
            seq: here.seq + seq,
            nonce: here.nonce.wrapping_add(nonce),
        };
        assert_eq!(outbox.holds(position).unwrap(), (seq, nonce) == (0, 0));
        outbox.changes(from(Some(position))).unwrap()
    };
    assert_eq!(other(0, 0), Reading::Nothing);
    assert_eq!(
        other(0, 1),
        Reading::Elsewhere,
        "another has counted so far"
    );
    assert_eq!(other(1, 0), Reading::Elsewhere, "yesterday's disk");
    assert_eq!(other(-1, 0), Reading::Elsewhere);
}

#[test]
fn what_is_acknowledged_goes_but_for_what_an_office_from_a_backup_may_ask_for() {
    let file = TempFile::new();
    let (journal, outbox) = enrolled(&file);
    sell(&journal, "u1");
    let here = changes(&outbox, from(None)).to;
    let count = |what: &str| -> i64 {
        let query = format!("SELECT count(*) FROM changes WHERE {what}");
        journal
            .connection()
            .query_row(&query, [], |row| row.get(0))
            .unwrap()
    };
    outbox
        .acknowledge(Position {
            nonce: here.nonce ^ 1,
            ..here
        })
        .unwrap();
    let before = count("true");
    assert_eq!(
        count("order_id < 0"),
        1,
        "another disk's position frees nothing"
    );
    outbox.acknowledge(here).unwrap();
    assert!(count("true") >= before - 1 && outbox.holds(here).unwrap());
    // Far below the position nothing is kept; the position is, however old.
    let far = here.seq + KEPT_NOTES + 10;
    journal
        .connection()
        .execute(
            "INSERT INTO changes (seq, order_id, nonce) VALUES (?1, 0, 5)",
            [far],
        )
        .unwrap();
    outbox.acknowledge(Position { seq: far, nonce: 5 }).unwrap();
    assert_eq!(count("true"), 1);
    assert_eq!(outbox.changes(from(Some(here))).unwrap(), Reading::TooOld);
    sell(&journal, "u2");
    let next = changes(&outbox, from(Some(Position { seq: far, nonce: 5 })));
    assert_eq!(numbers(&next), [2]);
}

#[test]
fn entries_of_the_log_stay_until_the_office_has_them() {
    let file = TempFile::new();
    let (journal, outbox) = enrolled(&file);
    let forget = || {
        let ages = journal.ages().unwrap();
        journal.forget_log(&ages, 0, usize::MAX, soon()).unwrap();
        journal.check_log().unwrap().first.map(|(id, _)| id)
    };
    for number in 0..3 {
        sell(&journal, &format!("u{number}"));
    }
    assert_eq!(forget(), Some(1));
    let all = changes(&outbox, from(None)).to;
    sell(&journal, "u3");
    assert_eq!(forget(), Some(1));
    outbox.acknowledge(all).unwrap();
    // The position itself is noted with the third.
    assert_eq!(forget(), Some(3));
    outbox.withdraw().unwrap();
    assert_eq!(forget(), None);
}

#[test]
fn a_new_incarnation_tells_everything_anew_and_the_numbers_go_on() {
    let file = TempFile::new();
    let (journal, outbox) = enrolled(&file);
    sell(&journal, "u1");
    let before = outbox.newest().unwrap().unwrap();
    outbox.enrol("i-2", 3).unwrap();
    let identity = outbox.identity().unwrap().unwrap();
    assert_eq!((identity.incarnation.as_str(), identity.epoch), ("i-2", 3));
    let again = changes(&outbox, from(Some(before)));
    assert_eq!(numbers(&again), [1, 0]);
    assert!(again.to.seq > before.seq);
    drop(journal);
    file.open().expect("as it was made");
}

#[test]
fn a_journal_that_is_withdrawn_is_as_before() {
    let file = TempFile::new();
    let (journal, outbox) = enrolled(&file);
    sell(&journal, "u1");
    outbox.fence(&[fence("u1", 1, None)]).unwrap();
    outbox.withdraw().unwrap();
    assert_eq!(
        (outbox.identity().unwrap(), outbox.newest().unwrap()),
        (None, None)
    );
    assert!(
        journal.fence(ENDPOINT, "u1").unwrap().is_some(),
        "what the office finishes it finishes"
    );
    drop(journal);
    sell(&file.open().unwrap(), "u2");
    assert_eq!(outbox.newest().unwrap(), None);
    outbox.enrol("i-2", 1).unwrap();
    assert!(outbox.newest().unwrap().is_some());
}

/// Somebody has removed the triggers by hand: what changed since is not known.
#[test]
fn an_enrolment_that_notes_nothing_is_none() {
    let file = TempFile::new();
    let (journal, outbox) = enrolled(&file);
    for made in noting::definitions() {
        let drop = format!("DROP TRIGGER {}", noting::name(&made));
        journal.connection().execute_batch(&drop).unwrap();
    }
    assert_eq!(outbox.identity().unwrap(), None);
    assert_eq!(journal.forwarded().unwrap(), None);
    let before = outbox.newest().unwrap().unwrap();
    outbox.enrol("i-2", 1).unwrap();
    sell(&journal, "u1");
    assert_eq!(numbers(&changes(&outbox, from(Some(before)))), [0, 1]);
}

#[test]
fn the_office_of_today_says_who_finishes_an_order_and_an_older_one_does_not() {
    let file = TempFile::new();
    let (journal, outbox) = enrolled(&file);
    let claim = ours(record(&journal, None, "u1", &order(None)));
    let told = || {
        let fence = journal.fence(ENDPOINT, "u1").unwrap().unwrap();
        (fence.epoch, fence.order_ref_1)
    };
    let noted = || outbox.newest().unwrap().unwrap().seq;
    let before = outbox.newest().unwrap();
    outbox
        .fence(&[fence("u1", 2, None), fence("elsewhere", 2, None)])
        .unwrap();
    assert_eq!(told(), (2, None));
    let fenced = changes(&outbox, from(before));
    assert_eq!(
        numbers(&fenced),
        [1, 0],
        "the office hears that it is obeyed"
    );
    assert_eq!(
        cell(&fenced.orders[0], "taken_over", "epoch"),
        Some(&Cell::Integer(2))
    );
    assert_eq!(
        cell(&fenced.orders[1], "taken_over", "uuid"),
        Some(&Cell::Text("elsewhere".to_owned())),
    );
    outbox.fence(&[fence("u1", 2, Some("C-1"))]).unwrap();
    assert_eq!(told(), (2, Some("C-1".to_owned())));
    let seq = noted();
    for same in [
        fence("u1", 2, Some("C-1")),
        fence("u1", 2, None),
        fence("u1", 1, Some("C-9")),
    ] {
        outbox.fence(&[same]).unwrap();
        assert_eq!((told(), noted()), ((2, Some("C-1".to_owned())), seq));
    }
    outbox.fence(&[fence("u1", 3, Some("C-2"))]).unwrap();
    assert_eq!(told(), (3, Some("C-2".to_owned())));
    let before = journal.order(ENDPOINT, "u1").unwrap().unwrap();
    assert_eq!(before.known_ref().as_deref(), Some("C-2"));
    // The claim was there before: what comes of it is recorded.
    assert!(matches!(finish(&journal, claim, true), Ended::Step));
    let now = journal.order(ENDPOINT, "u1").unwrap().unwrap();
    assert_eq!(now.life, Life::SETTLED);
    assert_eq!(now.known_ref(), None, "what seQura has from here is told");
    // And a new one is not given.
    assert!(matches!(
        record(&journal, Some(&now), "u1", &order(None)),
        Intended::Changed
    ));
    assert!(matches!(
        record(&journal, None, "elsewhere", &order(None)),
        Intended::Changed
    ));
}

#[test]
fn only_a_tills_own_journal_of_this_version_is_forwarded_and_nothing_else_touched() {
    let refused = |file: &TempFile, why: &str| {
        let before = file.bytes();
        let error = Outbox::open(&file.0).unwrap_err();
        assert!(error.message.contains(why), "{}", error.message);
        assert!(before == file.bytes());
    };
    let file = TempFile::new();
    refused(&file, "there is none yet");
    assert!(
        is_empty(&file.0) && file.family().is_empty(),
        "none is made"
    );
    let older = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/journals/v2.journal");
    fs::copy(older, &file.0).unwrap();
    refused(&file, "an older version");
    let file = TempFile::new();
    drop(file.open().unwrap());
    let copied = Connection::open(&file.0).unwrap();
    copied
        .execute_batch("PRAGMA user_version = 1000003")
        .unwrap();
    drop(copied);
    refused(&file, "a copy");
    let file = TempFile::new();
    drop(file.open().unwrap());
    let changed = Connection::open(&file.0).unwrap();
    changed
        .execute_batch("CREATE VIEW mine AS SELECT 1")
        .unwrap();
    drop(changed);
    refused(&file, "view mine");
}

/// It is no till: one that finds its journal damaged need not wait for it.
#[test]
fn nobody_takes_the_forwarder_for_a_till() {
    let file = TempFile::new();
    let (journal, outbox) = enrolled(&file);
    drop(journal);
    assert!(!owner::is_anyone_alive(&file.0));
    sell(&file.open().unwrap(), "u1");
    assert_eq!(numbers(&changes(&outbox, from(None))), [0, 1]);
}

#[test]
fn how_far_it_is_forwarded_is_read_as_it_was_shown() {
    let file = TempFile::new();
    let (journal, outbox) = enrolled(&file);
    sell(&journal, "u1");
    let progress = Headway {
        acknowledged: outbox.newest().unwrap(),
        acknowledged_at: Some(i64::MAX),
        seen_at: Some(i64::MIN),
        trouble: Some("\"\\".repeat(400) + "\n\u{7f}Íñigo"),
    };
    outbox.show(&progress).unwrap();
    let forwarded = journal.forwarded().unwrap().unwrap();
    assert_eq!((forwarded.behind, forwarded.since), (Some(0), None));
    let read = forwarded.progress;
    assert_eq!(read.trouble.as_deref(), Some("\"\\".repeat(40).as_str()));
    assert_eq!(
        Headway {
            trouble: progress.trouble.clone(),
            ..read
        },
        progress
    );
    sell(&journal, "u2");
    let forwarded = journal.forwarded().unwrap().unwrap();
    assert!(forwarded.behind.unwrap() > 5 && forwarded.since.is_some());
    outbox.show(&Headway::default()).unwrap();
    assert_eq!(journal.forwarded().unwrap().unwrap().behind, None);
    assert_eq!(
        file.family()
            .iter()
            .filter(|path| path.to_string_lossy().contains("-forwarded"))
            .count(),
        1
    );
}

/// What is made of a copy goes on as the same till; that it is another disk shows as soon as the two differ.
#[test]
fn a_journal_that_is_made_of_a_copy_keeps_its_identity() {
    let (file, copy, made) = (TempFile::new(), TempFile::new(), TempFile::new());
    let (journal, outbox) = enrolled(&file);
    sell(&journal, "u1");
    let then = outbox.newest().unwrap().unwrap();
    // Of its own: what another run left would be in the way.
    let scratch = made.0.with_extension("scratch");
    std::fs::create_dir(&scratch).unwrap();
    back_up(&file.0, &copy.0, &scratch, &mut |_, _| true).unwrap();
    sell(&journal, "u2");
    let now = outbox.newest().unwrap().unwrap();
    let refused = Outbox::open(&copy.0).unwrap_err();
    assert_eq!(refused.code, ErrorCode::JournalIsACopy);
    restore(&copy.0, &made.0, &scratch, &mut |_, _| true).unwrap();
    std::fs::remove_dir_all(&scratch).unwrap();
    let restored = made.open().unwrap();
    let again = Outbox::open(&made.0).unwrap();
    assert_eq!(again.identity().unwrap(), outbox.identity().unwrap());
    assert_ne!(restored.id(), journal.id());
    assert!(again.holds(then).unwrap() && !again.holds(now).unwrap());
    sell(&restored, "u3");
    assert_eq!(again.changes(from(Some(now))).unwrap(), Reading::Elsewhere);
    let since = changes(&again, from(Some(then)));
    assert!(
        since
            .orders
            .iter()
            .any(|order| { cell(order, "orders", "uuid") == Some(&Cell::Text("u3".to_owned())) })
    );
}
