//! What the journal does by its age, whose claim holds, and how an older journal goes on.

use super::*;
use crate::ages::{Age, DAY_MS, Day, date_of, number_today};
use crate::clock::{SequrasClock, now_ms};
use crate::journal::claims::{Claimed, Claims, Standing};
use std::collections::BTreeMap;
use std::sync::Arc;

fn days(journal: &Journal) -> Vec<Day> {
    let connection = journal.connection();
    let mut statement = connection
        .prepare("SELECT date, number, confirmed_at FROM days ORDER BY date")
        .unwrap();
    let rows = statement.query_map([], |row| {
        Ok(Day {
            date: row.get(0)?,
            number: row.get(1)?,
            confirmed_at: row.get(2)?,
        })
    });
    rows.unwrap().map(|day| day.unwrap()).collect()
}

fn execute(journal: &Journal, script: &str) {
    journal.connection().execute_batch(script).unwrap();
}

/// The journal as if all that was recorded in it had happened so many days before, and it had been in
/// use on every day since.
fn let_days_pass(journal: &Journal, count: i64) {
    let ms = count * DAY_MS;
    execute(
        journal,
        &format!(
            "UPDATE days SET date = date - {count}, confirmed_at = confirmed_at - {ms};
             UPDATE orders SET created_at = created_at - {ms}, updated_at = updated_at - {ms};
             UPDATE contents SET finished_at = finished_at - {ms};
             UPDATE reports SET begun_at = begun_at - {ms};
             UPDATE log SET at = at - {ms}"
        ),
    );
    let today = date_of(now_ms());
    for date in today - count + 1..=today {
        let transaction = &*journal.connection();
        let transaction = transaction.unchecked_transaction().unwrap();
        days::note(&transaction, date * DAY_MS).unwrap();
        transaction.commit().unwrap();
    }
}

#[test]
fn a_day_is_counted_once_and_written_once() {
    let file = TempFile::new();
    let journal = file.open().unwrap();
    let today = Day {
        date: date_of(now_ms()),
        number: 1,
        confirmed_at: None,
    };
    assert_eq!(days(&journal), [today]);
    drop(journal);
    // But for the header, which says that it is open.
    let content = || file.bytes()[100..].to_vec();
    let before = content();
    drop(file.open().unwrap());
    assert!(content() == before);
    let journal = file.open().unwrap();
    ours(record(&journal, None, "u1", &order(None)));
    assert_eq!(days(&journal), [today]);
    drop(journal);

    // A day that could not be noted when the client was opened is noted with the first write.
    let _open = file.open().unwrap();
    let other = Connection::open(&file.0).unwrap();
    other
        .execute_batch("DELETE FROM days; BEGIN IMMEDIATE")
        .unwrap();
    let journal = file.open().unwrap();
    assert_eq!(days(&journal), []);
    other.execute_batch("ROLLBACK; DELETE FROM days").unwrap();
    ours(record(&journal, None, "u2", &order(None)));
    assert_eq!(days(&journal), [today]);
}

#[test]
fn the_table_of_days_is_what_ages_are_told_by() {
    let journal = Journal::open(&JournalPlace::Memory).unwrap();
    execute(&journal, "DELETE FROM days");
    let mut known: BTreeMap<i64, Day> = BTreeMap::new();
    for (step, date) in [9, 9, 10, 3, 10, 11, 3, 12, -5, 12, 3, 3, 13, 9]
        .into_iter()
        .enumerate()
    {
        let now = date * DAY_MS + step as i64;
        let newest = known.values().map(|day| day.number).max();
        let own = known.get(&date).map(|day| day.number);
        // Known to be right when a date comes for the first time.
        let is_right = own.is_none();
        let fresh = number_today(own, newest).map(|number| Day {
            date,
            number,
            confirmed_at: None,
        });
        known.extend(fresh.map(|day| (date, day)));
        let connection = journal.connection();
        let transaction = connection.unchecked_transaction().unwrap();
        days::note(&transaction, now).unwrap();
        if is_right {
            known.get_mut(&date).unwrap().confirmed_at = Some(now);
            let confirm = "UPDATE days SET confirmed_at = ?2 WHERE date = ?1";
            transaction.execute(confirm, [date, now]).unwrap();
        }
        transaction.commit().unwrap();
        drop(connection);
        let expected: Vec<Day> = known.values().copied().collect();
        assert_eq!(days(&journal), expected, "after {step} steps");
    }
    // The tenth was confirmed, and came again.
    assert_eq!(known[&9].number, known[&13].number);
}

/// seQura's clock, as it is kept with the day that an answer came on.
#[test]
fn what_sequras_clock_says_is_kept_with_the_day() {
    let clock = Arc::new(SequrasClock::default());
    let journal = Journal::open(&JournalPlace::Memory)
        .unwrap()
        .with_sequras_clock(&clock);
    let settle_one = |uuid: &str| {
        settle(
            &journal,
            ours(record(&journal, None, uuid, &order(None))),
            true,
        );
        days(&journal)[0].confirmed_at
    };
    assert_eq!(settle_one("u1"), None, "nobody has said anything");
    clock.hear(now_ms() - DAY_MS / 2);
    let confirmed_at = settle_one("u2").expect("it is within a day");
    let order = journal.order(ENDPOINT, "u2").unwrap().unwrap();
    assert_eq!(order.updated_at + 60_000, confirmed_at);
    assert_eq!(settle_one("u2a"), Some(confirmed_at), "good for a minute");
    execute(
        &journal,
        "UPDATE days SET confirmed_at = confirmed_at - 60010",
    );
    assert!(settle_one("u2b") >= Some(confirmed_at));
    clock.hear(now_ms() - 2 * DAY_MS);
    assert_eq!(settle_one("u3"), None, "it was wrong, perhaps all day");
}

#[test]
fn personal_data_that_is_kept_goes_when_it_is_old_by_both_measures() {
    let journal = Journal::open(&JournalPlace::Memory).unwrap();
    let is_kept = |uuid: &str| {
        let order = journal.order(ENDPOINT, uuid).unwrap().unwrap();
        order.content.is_some()
    };
    settle(
        &journal,
        ours(record(&journal, None, "u1", &order(None))),
        false,
    );
    // An older version wrote it into the order's own row.
    settle(
        &journal,
        ours(record(&journal, None, "u2", &order(None))),
        false,
    );
    execute(
        &journal,
        "UPDATE orders SET content = (SELECT content FROM contents WHERE order_id = id) WHERE uuid = 'u2';
         DELETE FROM contents WHERE order_id = 2",
    );
    assert!(is_kept("u1") && is_kept("u2"));
    // Old by the wall clock only.
    execute(
        &journal,
        &format!(
            "UPDATE days SET date = date - 400; UPDATE orders SET updated_at = updated_at - 400 * {DAY_MS};
             UPDATE contents SET finished_at = finished_at - 400 * {DAY_MS}"
        ),
    );
    assert!(scrub(&journal, 3), "it waits");
    assert!(is_kept("u1") && is_kept("u2"));
    let_days_pass(&journal, 3);
    assert!(scrub(&journal, 3));
    let_days_pass(&journal, 1);
    assert!(!scrub(&journal, 3));
    assert!(!is_kept("u1") && !is_kept("u2"));

    // Finished "in the future", by a clock that was wrong so many days ago.
    settle(
        &journal,
        ours(record(&journal, None, "u3", &order(None))),
        false,
    );
    execute(
        &journal,
        &format!(
            "UPDATE contents SET finished_at = finished_at + 4000 * {DAY_MS} WHERE content IS NOT NULL;
             INSERT INTO days (date, number) SELECT date + 4000, number FROM days ORDER BY number DESC LIMIT 1"
        ),
    );
    let_days_pass(&journal, 4);
    assert!(scrub(&journal, 3), "it waits");
    let clock = Arc::new(SequrasClock::default());
    clock.hear(now_ms());
    let journal = journal.with_sequras_clock(&clock);
    assert!(!scrub(&journal, 3));
    let scrubbed = journal.order(ENDPOINT, "u3").unwrap().unwrap();
    assert!(scrubbed.content.is_none());
}

/// Entries are in the order in which they were written, whatever the clock said: what was written
/// before an entry that goes, goes too.
#[test]
fn one_wrong_clock_does_not_keep_the_log_for_ever() {
    let journal = Journal::open(&JournalPlace::Memory).unwrap();
    logged(&journal, 6);
    let forget = |days| {
        let ages = journal.ages().unwrap();
        let waits = journal.forget_log(&ages, days, 5000, soon()).unwrap();
        (waits, journal.check_log().unwrap().removed_until)
    };
    // Two were written while the clock stood in 2010, which comes again every morning.
    let of_2010 = 14_610 * DAY_MS;
    let (now, today) = (now_ms(), date_of(now_ms()));
    execute(
        &journal,
        &format!(
            "UPDATE log SET at = CASE WHEN id IN (1, 4) THEN {of_2010} ELSE {now} - 30 * {DAY_MS} END WHERE id < 6;
             UPDATE days SET date = {today} - 30;
             WITH RECURSIVE later (number) AS (VALUES (2) UNION ALL SELECT number + 1 FROM later WHERE number < 31)
             INSERT INTO days (date, number) SELECT {today} - 31 + number, number FROM later;
             INSERT INTO days (date, number) VALUES (14610, 31)"
        ),
    );
    assert_eq!(forget(31), (true, None), "that of 2010 may be old");
    assert_eq!(forget(30), (true, None));
    assert_eq!(forget(29), (false, Some(5)));
    assert_eq!(journal.check_log().unwrap().entries, 1);
}

/// No clock that is set ends a claim, or makes it last: how long it has lasted is what others have seen.
#[test]
fn a_claim_lasts_as_long_as_its_call_may_take() {
    let file = TempFile::new();
    let (first, second) = (file.open().unwrap(), file.open().unwrap());
    let content = crate::order::Written::new(order(None));
    let intent = NewIntent {
        record: None,
        endpoint: ENDPOINT,
        uuid: Some("u1"),
        life: confirming(),
        request: r#"{"step":"confirm"}"#,
        content: &content,
        fingerprint: b"print",
        claim_for: Duration::from_millis(300),
    };
    let began = Instant::now();
    let claim = ours(first.record_intent(&intent, soon()).unwrap());
    assert!(claim.until <= began + Duration::from_millis(350));
    let seen = second.order(ENDPOINT, "u1").unwrap().unwrap();
    let try_it = || record(&second, Some(&seen), "u1", &order(None));
    for days in [4000, -8000, 4000] {
        let ms = days * DAY_MS;
        execute(
            &second,
            &format!(
                "UPDATE orders SET updated_at = updated_at + {ms}, claimed_until = claimed_until + {ms}"
            ),
        );
        assert!(matches!(try_it(), Intended::Busy), "by {days} days");
    }
    // It lives, and its time is over: it was stopped, or could not write how its call ended.
    std::thread::sleep(Duration::from_millis(320));
    ours(try_it());
}

#[test]
fn whose_a_claim_is() {
    let file = TempFile::new();
    let (own, other) = (file.open().unwrap(), file.open().unwrap());
    own.owner.show_alive().unwrap();
    other.owner.show_alive().unwrap();
    let standing = |by: &str, until, lasts| Standing {
        by: Some(by.to_owned()),
        until: Some(until),
        lasts,
    };
    let claims = Claims::default();
    let is_anothers = |standing| claims.is_anothers(&own.owner, Claimed::Order(1), standing);
    let (mine, theirs) = (own.owner.name(), other.owner.name());
    assert!(!is_anothers(Standing {
        by: None,
        until: None,
        lasts: None
    }));
    assert!(!is_anothers(standing(mine, 1, Some(60_000))));
    assert!(!is_anothers(standing("of a dead one", 1, Some(60_000))));
    assert!(is_anothers(standing(theirs, 1, Some(60_000))));
    // A version of before did not say how long; nothing lasts longer than a call can be made to.
    assert!(is_anothers(standing(theirs, 2, None)));
    assert!(is_anothers(standing(theirs, 3, Some(i64::MAX))));
    // A claim that was written with a clock that went back in between has lasted.
    assert!(!is_anothers(standing(theirs, 4, Some(-5))));
    let own_thread = standing(mine, 1, Some(60_000));
    assert!(claims.is_anybodys(&own.owner, Claimed::Report(1), own_thread));
    assert!(!claims.is_anybodys(
        &own.owner,
        Claimed::Report(1),
        standing("dead", 1, Some(60_000))
    ));
    // Seen again after its time; and the next claim of the same client.
    assert!(is_anothers(standing(theirs, 5, Some(20))));
    std::thread::sleep(Duration::from_millis(30));
    assert!(!is_anothers(standing(theirs, 5, Some(20))));
    assert!(is_anothers(standing(theirs, 6, Some(20))));
}

/// The files of tests/journals, each copied to a place of its own.
fn older_journals() -> impl Iterator<Item = (i32, TempFile)> {
    (1..schema::VERSION).map(|version| {
        let folder = env!("CARGO_MANIFEST_DIR");
        let file = TempFile::new();
        std::fs::copy(
            format!("{folder}/tests/journals/v{version}.journal"),
            &file.0,
        )
        .unwrap();
        (version, file)
    })
}

#[test]
fn an_older_journal_is_no_younger_and_no_older_than_it_was() {
    for (version, file) in older_journals() {
        let ms = now_ms() - 2 * DAY_MS;
        let old = format!("UPDATE orders SET created_at = {ms}, updated_at = {ms}");
        Connection::open(&file.0)
            .unwrap()
            .execute_batch(&old)
            .unwrap();
        let journal = file.open().unwrap();
        assert_eq!(days(&journal).len(), 1, "version {version}");
        let (due, doubtful) = journal.untouched(&journal.ages().unwrap(), 1).unwrap();
        assert!(due.is_empty() && !doubtful.is_empty(), "version {version}");
        let clock = Arc::new(SequrasClock::default());
        clock.hear(now_ms());
        let journal = journal.with_sequras_clock(&clock);
        let (due, doubtful) = journal.untouched(&journal.ages().unwrap(), 1).unwrap();
        assert!(!due.is_empty() && doubtful.is_empty(), "version {version}");
    }
}

/// Damage of a journal that an older version wrote: what is unfinished goes on in one of this version.
#[test]
fn of_a_damaged_older_journal_the_unfinished_orders_go_on() {
    for (version, file) in older_journals() {
        let unfinished: Vec<(i64, String)> = {
            let whole = Connection::open(&file.0).unwrap();
            let mut statement = whole
                .prepare("SELECT id, state FROM orders WHERE finished = 0 ORDER BY id")
                .unwrap();
            let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
            rows.unwrap().map(|row| row.unwrap()).collect()
        };
        assert!(unfinished.len() > 5, "version {version}");
        damage_an_index(&file);
        mark::suspect(&file.0, &"0".repeat(32));

        let journal = file.open().unwrap();
        let aside = journal.opening().set_aside.clone().expect("it is damaged");
        assert_eq!(aside.taken_over, unfinished.len(), "version {version}");
        for (id, state) in unfinished {
            let order = journal.order_by_id(id).unwrap().expect("it was unfinished");
            assert_eq!(order.life.state.as_str(), state);
            let is_sold = state == "settled";
            assert!(
                order.content.is_some() || is_sold,
                "version {version}, order {id}"
            );
            let is_open = matches!(state.as_str(), "soliciting" | "confirming" | "referencing");
            assert!(
                order.open.is_some() || !is_open,
                "version {version}, {state}"
            );
        }
    }
}

#[test]
fn what_goes_on_from_a_damaged_journal_is_no_younger_for_it() {
    let file = TempFile::new();
    let journal = file.open().unwrap();
    ours(record(&journal, None, "u1", &order(None)));
    let_days_pass(&journal, 40);
    let before = days(&journal);
    drop(journal);
    damage_an_index(&file);
    mark::suspect(&file.0, &"0".repeat(32));
    let journal = file.open().unwrap();
    assert_eq!(journal.opening().set_aside.clone().unwrap().taken_over, 1);
    assert_eq!(days(&journal), before);
    let order = journal.order_by_id(1).unwrap().unwrap();
    let ages = journal.ages().unwrap();
    assert_eq!(
        (ages.of(order.updated_at, 39), ages.of(order.updated_at, 40)),
        (Age::Due, Age::Doubtful)
    );
}
