//! Somebody reads the journal all day (a copy is being made of it): the log cannot be emptied then, which
//! the answers that settle an order wait for the disk with. They wait for it by themselves.

use crate::disk::{Dice, Loss};
use crate::heard::Heard;
use crate::judge::{judge, seeds};
use crate::ledger::JOURNAL;
use crate::shop::{Cut, DAY, Shop};
use crate::syncs;
use rusqlite::{Connection, OpenFlags};

#[test]
fn who_reads_along_takes_nothing_from_what_is_promised() {
    for seed in seeds() {
        let shop = Shop::new("reader");
        shop.open();
        shop.run("open\nclose\n", &Cut::default());
        let reader = Connection::open_with_flags(
            shop.disk().join(JOURNAL),
            OpenFlags::SQLITE_OPEN_READ_ONLY,
        )
        .expect("it was made");
        reader
            .execute_batch("BEGIN; SELECT count(*) FROM orders")
            .expect("it can be read");
        let base = shop.image();
        let operations = shop.run(DAY, &Cut::default());
        reader.execute_batch("COMMIT").expect("it was begun");
        assert!(
            shop.book().contains("told ref A SQ_OK settled"),
            "{}",
            shop.book()
        );

        let losses = |at: usize, _: &mut _| match operations[at].matters() {
            true => vec![Loss::All, Loss::Random],
            false => Vec::new(),
        };
        let dice = &mut Dice(seed.number);
        let verdict = judge(
            &base,
            Heard::default(),
            &operations,
            &shop.desk(),
            dice,
            losses,
        );
        let what = format!("a day under a reader's eyes, {} syncs", syncs(&operations));
        verdict.report(seed, &what);
    }
}
