//! What changes is noted for the office, in the transaction that changes it: by triggers, which are made with the
//! enrolment and go with it. A journal that is not enrolled has none, and so nothing of this costs it anything. A build of
//! this library that does not know them refuses the file ([`super::trust`]), and rightly: it would not know the fence
//! either ([`super::fences`]).
//!
//! One change makes several notes, one for each row. What travels is the state of what was noted, so that a note too many
//! says the same once more; one too few would be a change that nobody hears of.

use super::door::Door;
use super::error::Result;
use rusqlite::Transaction;

/// As many notes are kept. Of a forwarder that does not come back for longer (some 25,000 sales) the oldest go: the
/// office's position is among them then, and it asks for everything anew.
pub const MOST_NOTES: i64 = 1_000_000;

/// What is noted of a change that is no order's: the open delivery reports, and fences of orders that are not here.
const NO_ORDERS: &str = "0";
const ITS_ORDERS: &str = "{row}.order_id";
/// An entry of the log is noted as itself, below zero.
const ITS_OWN: &str = "-NEW.id";
const FENCED: &str =
    "coalesce((SELECT id FROM orders WHERE uuid = NEW.uuid AND endpoint = NEW.endpoint), 0)";

/// What nobody can guess.
const NONCE: &str = "random()";
/// The same with the ms at which it was written: two copies of a machine that was copied while it ran have the same random
/// numbers, and hardly ever the same ms. (Whatever stands there, the sum is a whole number.)
const WITH_ITS_MS: &str = "random() / 2 + (NEW.{ms} & 4398046511103)";

/// Of which tables what is noted, for which order, and where the ms stand. The names of an order follow from its rows, and
/// are written with them.
const NOTED: [(&str, &[&str], &str, &str); 8] = [
    ("orders", &["INSERT", "UPDATE"], "NEW.id", "updated_at"),
    ("contents", &["INSERT", "UPDATE"], ITS_ORDERS, ""),
    ("steps", &["INSERT", "UPDATE"], ITS_ORDERS, ""),
    ("refusals", &["INSERT", "UPDATE", "DELETE"], ITS_ORDERS, ""),
    ("unshipped", &["INSERT", "UPDATE", "DELETE"], ITS_ORDERS, ""),
    ("reports", &["INSERT", "UPDATE", "DELETE"], NO_ORDERS, ""),
    ("log", &["INSERT"], ITS_OWN, "at"),
    ("taken_over", &["INSERT", "UPDATE"], FENCED, "at"),
];

/// Whether changes are noted: one of the triggers stands for all.
macro_rules! is_noting {
    () => {
        "EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'changes_newest')"
    };
}
pub(super) use is_noting;

const REST: &str = "INSERT INTO changes (order_id, nonce) VALUES (0, random())";

/// What makes the triggers, as SQLite keeps it, in the order in which they are made.
pub(super) fn definitions() -> Vec<String> {
    let mut made = Vec::new();
    for (table, events, order, ms) in NOTED {
        let nonce = match ms {
            "" => NONCE.to_owned(),
            ms => WITH_ITS_MS.replace("{ms}", ms),
        };
        for event in events {
            let row = if *event == "DELETE" { "OLD" } else { "NEW" };
            let order = order.replace("{row}", row);
            made.push(format!(
                "CREATE TRIGGER noted_{table}_{event} AFTER {event} ON {table} BEGIN \
                 INSERT INTO changes (order_id, nonce) VALUES ({order}, {nonce}); END"
            ));
        }
    }
    made.push(format!(
        "CREATE TRIGGER changes_oldest AFTER INSERT ON changes BEGIN \
         DELETE FROM changes WHERE seq <= NEW.seq - {MOST_NOTES}; END"
    ));
    made.push(
        "CREATE TRIGGER changes_newest BEFORE DELETE ON changes WHEN OLD.seq = (SELECT max(seq) FROM changes) BEGIN \
         SELECT RAISE(ABORT, 'the newest change stays: no number is given twice'); END"
            .to_owned(),
    );
    made
}

/// What a definition makes.
pub(super) fn name(definition: &str) -> &str {
    definition.split(' ').nth(2).unwrap_or_default()
}

/// From now on changes are noted.
pub(super) fn begin(transaction: &Transaction) -> Result<()> {
    for definition in definitions() {
        transaction.execute_batch(&definition)?;
    }
    Ok(())
}

/// What is no order's is noted, and so there is a position that the stream stands at.
pub(super) fn note_the_rest(transaction: &Transaction) -> Result<()> {
    transaction.run(REST, [])?;
    Ok(())
}

/// Nothing is noted any more, and what was noted goes.
pub(super) fn end(transaction: &Transaction) -> Result<()> {
    for definition in definitions() {
        let name = name(&definition);
        transaction.execute_batch(&format!("DROP TRIGGER IF EXISTS {name}"))?;
    }
    transaction.execute_batch("DELETE FROM changes; DELETE FROM forwarding")?;
    Ok(())
}
