"""What is not left to chance: each of the great misfortunes once, with tills that sell through it, and the books after it."""

import contextlib
import json
import random
import shutil
import sqlite3
import time
import unittest

import setting  # noqa: F401, the way to the other tests' modules
import abi
import books
import oracle
import privacy
import simulator
from world import World

CRASH_POINTS = "crash_points" in json.loads(abi.lib.sq_build_info())["features"]


class Scene(unittest.TestCase):
    maxDiff = None

    def world(self, **more):
        made = World(**more)
        self.addCleanup(made.__exit__)
        return made

    def assertWell(self, world, disks, whole=True):
        """All books agree; gives each disk's journal and lives."""
        found = {}
        for disk in disks:
            journal = disk.book
            lives = world.shelf.lives(world.pg, journal.journal_id)
            self.assertEqual([], oracle.acknowledged_stays(world.line, lives, journal.journal_id))
            self.assertEqual([], oracle.rows_agree(journal, lives[journal.incarnation], whole=whole), disk.name)
            found[disk] = journal, lives
        return found

    def drained(self, world, disks):
        for disk in disks:
            disk.stop_selling()
        for disk in disks:
            disk.wait_till()
            disk.forwarder.kill()
            disk.forwarder.start()
        self.assertEqual([], world.drain(disks))
        for disk in disks:
            disk.forwarder.end()


class Databases(Scene):
    def test_the_primary_is_gone_with_every_disk_and_the_standby_has_all_that_was_acknowledged(self):
        """At one moment: the database's host, and the tills' disks, so that nobody can say anything again."""
        world = self.world(offices=1)
        primary = world.pg
        standby = primary.standby(world.folder / "standby")
        self.addCleanup(standby.stop)
        primary.sql("ALTER SYSTEM SET synchronous_standby_names = 'standby'", "postgres")
        primary.sql("SELECT pg_reload_conf()", "postgres")
        both = f"host=127.0.0.1,127.0.0.1 port={primary.port},{standby.port} user=office dbname=office target_session_attrs=read-write"
        world.offices[0].end()
        office = world.add_office("office-both", both)
        world.at_work()
        disks = world.enrolled(["a", "b", "c", "d"], range(4), pause_s=0.4)
        stays = world.enrolled(["e"], [5], pause_s=0.4)
        for disk in disks + stays:
            disk.forwarder.start()
        for disk in disks:
            disk.wait_for("set_ref", 3)
        primary.kill()
        for disk in disks:
            disk.destroy("the primary is gone")
        shutil.rmtree(primary.data)
        standby.promote()
        world.pg = standby
        self.drained(world, stays)
        self.assertTrue(office.is_running, "it has found the new primary by itself")
        found = self.assertWell(world, disks, whole=False)
        self.assertWell(world, stays)
        sold = {uuid for uuid, order in books.ledger(world.sim).items()
                if any(line["event"] == "confirmed" for line in order["history"])}
        kept = 0
        for disk, (journal, lives) in found.items():
            told = oracle.Destroyed(journal, world.line.at(journal.journal_id, journal.incarnation), lives[journal.incarnation],
                                    sold, disk.reason)
            self.assertEqual([], told.lost)
            kept += len(told.kept)
        self.assertGreater(kept, 0)

    def test_without_its_standby_nothing_is_acknowledged(self):
        world = self.world(offices=1)
        disk, = world.enrolled(["a"], [1], pause_s=0, most=3)
        disk.wait_for("close")
        self.drained(world, [disk])
        world.pg.sql("ALTER SYSTEM SET synchronous_standby_names = 'gone'", "postgres")
        world.pg.sql("SELECT pg_reload_conf()", "postgres")
        before = disk.book.newest
        disk.sell(2, pause_s=0, most=2)
        disk.wait_for("close", 2)
        ended, said = disk.forwarder.once(timeout=300)
        self.assertEqual(6, ended, said)
        # Whoever has the patience to ask is not told so either, as long as nobody else keeps it.
        self.assertEqual(before, world.line.at(disk.book.journal_id, disk.book.incarnation))
        world.pg.sql("ALTER SYSTEM RESET synchronous_standby_names", "postgres")
        world.pg.sql("SELECT pg_reload_conf()", "postgres")
        self.drained(world, [disk])
        self.assertWell(world, [disk])

    def test_an_office_that_was_restored_from_a_backup_is_told_what_it_lacks(self):
        world = self.world(offices=2)
        disks = world.enrolled(["a", "b", "c"], range(3), pause_s=0.3)
        for disk in disks:
            disk.forwarder.start()
        for disk in disks:
            disk.wait_for("set_ref", 2)
        world.pg.backup(world.pg.folder / "backup")
        newer, = world.enrolled(["newer"], [9], pause_s=0.3)
        newer.forwarder.start()
        for disk in [*disks, newer]:
            disk.wait_for("set_ref", 5)
        for office in world.offices:
            office.kill()
        world.pg.restore(world.pg.folder / "backup")
        world.offices[0].call("raise-epoch")
        world.line.forget([disk.book.journal_id for disk in [*disks, newer]])
        for office in world.offices:
            office.start()
        world.at_work()
        # The office of the backup has never heard of this one: a person enrols it again.
        newer.forwarder.kill()
        world.enrol(newer, world.codes(1)[0])
        self.drained(world, [*disks, newer])
        epochs = {journal.epoch for journal, _ in self.assertWell(world, [*disks, newer]).values()}
        self.assertEqual(1, len(epochs))
        self.assertGreater(epochs.pop(), 10 ** 9)

    def test_a_backup_of_before_a_key_was_destroyed_has_nobody_seal_to_it(self):
        world = self.world(offices=1)
        office = world.offices[0]
        disk, = world.enrolled(["a"], [3], pause_s=0, most=3)
        disk.wait_for("close")
        self.drained(world, [disk])
        old, = [row["key_id"] for row in world.pg.rows("SELECT key_id FROM keys")]
        world.pg.backup(world.pg.folder / "backup")
        office.call("keys", "new")
        office.call("keys", "destroy", old)
        office.kill()
        world.pg.restore(world.pg.folder / "backup")
        office.call("raise-epoch")
        office.start()
        world.at_work()
        world.line.forget([disk.book.journal_id])
        self.drained(world, [disk])
        self.assertWell(world, [disk])

    def test_a_row_that_cannot_be_stored_keeps_nothing_else_out(self):
        world = self.world(offices=1)
        disk, = world.enrolled(["a"], [4], pause_s=0, most=6)
        disk.wait_for("close")
        self.drained(world, [disk])
        ids = [number for number in disk.book.orders if number]
        with contextlib.closing(sqlite3.connect(disk.journal)) as connection:
            kept = connection.execute("SELECT order_ref_1 FROM orders WHERE id = ?", (ids[1],)).fetchone()[0]
            connection.execute("UPDATE orders SET order_ref_1 = 'N' || char(0) || 'UL' WHERE id = ?", (ids[1],))
            connection.execute("UPDATE orders SET order_ref_2 = 'beside it' WHERE id = ?", (ids[2],))
            connection.commit()
        self.assertEqual((0, ""), disk.forwarder.once())
        self.assertTrue(world.is_drained(disk))
        journal = disk.book
        life = world.shelf.lives(world.pg, journal.journal_id)[journal.incarnation]
        self.assertEqual([("order", ids[1])], [what[:2] for what in life.aside])
        self.assertIn("NUL", life.aside[0][2])
        beside = next(row for table, row in life.orders[ids[2]] if table == "orders")
        self.assertEqual("beside it", beside["order_ref_2"])
        with contextlib.closing(sqlite3.connect(disk.journal)) as connection:
            connection.execute("UPDATE orders SET order_ref_1 = ? WHERE id = ?", (kept, ids[1]))
            connection.commit()
        self.assertEqual((0, ""), disk.forwarder.once())
        self.assertWell(world, [disk])


class Disks(Scene):
    def test_yesterdays_disk_and_two_clones(self):
        world = self.world(offices=2)
        put_back, whole = world.enrolled(["put-back", "cloned"], range(2), pause_s=0.2)
        for disk in (put_back, whole):
            disk.forwarder.start()
            disk.wait_for("set_ref", 2)
        image = world.folder / "image"
        image.mkdir()
        put_back.image(image)
        clone = whole.clone("clone")
        world.disks.append(clone)
        clone.sell(8, pause_s=0.2)
        clone.forwarder.start()
        put_back.wait_for("set_ref", 5)
        put_back.stop_selling()
        put_back.wait_till()
        self.assertEqual([], world.drain([put_back]))
        put_back.forwarder.end()
        was, lives = self.assertWell(world, [put_back])[put_back]
        put_back.put_back(image)
        put_back.sell(9, pause_s=0, most=3)
        put_back.wait_for("close", 2)
        for disk in (whole, clone):
            disk.wait_for("set_ref", 3)
        self.drained(world, [put_back, whole, clone])
        found = self.assertWell(world, [put_back, whole, clone])
        now, after = found[put_back]
        self.assertEqual([], oracle.history_stays(lives, after))
        self.assertEqual((2, was.incarnation, "elsewhere"),
                         (len(after), after[now.incarnation].parent, after[now.incarnation].why))
        lost = set(lives[was.incarnation].log) - set(after[now.incarnation].log)
        self.assertTrue(set(lives[was.incarnation].log) <= set(after[was.incarnation].log), lost)
        one, other = found[whole][0], found[clone][0]
        self.assertNotEqual(one.incarnation, other.incarnation)
        self.assertEqual(one.journal_id, other.journal_id)

    @unittest.skipUnless(CRASH_POINTS, "the shipped library knows no other clock")
    def test_clocks_that_are_years_off(self):
        world = self.world(offices=1)
        disks = [world.disk(name) for name in ("2010", "2041", "now")]
        for disk, year in zip(disks, (2010, 2041, None)):
            clock = world.folder / f"clock-{disk.name}"
            if year:
                clock.write_text(str((year - 1970) * 31_557_600_000 + 10 ** 10 - int(time.time() * 1000)))
            disk.sell(int(disk.name == "2041"), pause_s=0, most=4, clock=str(clock))
        for disk in disks:
            disk.wait_for("close")
        for disk, code in zip(disks, world.codes(3)):
            world.enrol(disk, code)
        self.drained(world, disks)
        for disk, (journal, lives) in self.assertWell(world, disks).items():
            years = {1970 + row["at"] // 31_557_600_000 for row in journal.log.values()}
            if disk.name != "now":
                self.assertEqual({int(disk.name)}, years)
            listed = world.pg.rows(f"SELECT at_risk_since FROM orders WHERE journal_id = '{journal.journal_id}' AND at_risk IS NOT NULL")
            for row in listed:
                self.assertLess(abs(row["at_risk_since"]), time.time() * 1000 + 60_000, "nothing is at risk since the future")


    def test_a_disk_that_goes_while_sequra_confirms_leaves_its_money_at_risk(self):
        """The last thing that the office hears of it is that a confirmation was being sent."""
        world = self.world(offices=1)
        disk, = world.enrolled(["a"], [1], pause_s=0, most=1)
        disk.wait_for("close")
        disk.forwarder.start()
        world.sim.fault("delay", when="after", ms=60_000, method="PUT")
        disk.sell(2, pause_s=0, most=1)
        limit = time.monotonic() + 60
        while not any(row["open_step"] for row in world.pg.rows("SELECT open_step FROM orders")):
            self.assertLess(time.monotonic(), limit)
            time.sleep(0.05)
        disk.destroy("while seQura confirms")
        journal = disk.book
        life = world.shelf.lives(world.pg, journal.journal_id)[journal.incarnation]
        sold = {uuid for uuid, order in books.ledger(world.sim).items()
                if any(line["event"] == "confirmed" for line in order["history"])}
        told = oracle.Destroyed(journal, world.line.at(journal.journal_id, journal.incarnation), life, sold, "")
        self.assertEqual(([], [], []), (told.lost, told.unlisted, told.not_told))
        confirming, = [row["uuid"] for number, row in life.columns.items() if row["state"] == "confirming"]
        self.assertIn(confirming, sold)
        self.assertIn(confirming, told.at_risk)


class Privacy(Scene):
    def test_nobody_is_found_at_rest_and_nothing_is_read_without_its_key(self):
        world = self.world(offices=1)
        disk, = world.enrolled(["a"], [3], pause_s=0, most=14)
        disk.wait_for("close")
        with_aside, = world.enrolled(["aside"], [4], pause_s=0, most=2)
        with_aside.wait_for("close")
        with contextlib.closing(sqlite3.connect(with_aside.journal)) as connection:
            connection.execute("UPDATE orders SET order_ref_1 = 'N' || char(0) || 'UL'")
            connection.commit()
        self.drained(world, [disk])
        self.assertEqual((0, ""), with_aside.forwarder.once())
        office = world.offices[0]
        with self.subTest("what is refused"):
            for wrong in (b"{", b'{"journal_id": "Zoraida Quintanapalla"}'):
                with contextlib.suppress(OSError), contextlib.closing(simulator.socket.create_connection(("127.0.0.1", office.port))) as there:
                    there.sendall(b"POST /api/1/enrolments HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s" % (len(wrong), wrong))
                    there.settimeout(10)
                    there.recv(1000)
        self.assertEqual([], privacy.found(privacy.at_rest(world)))
        journal, lives = self.assertWell(world, [disk])[disk]
        old = {row["key_id"] for row in world.pg.rows("SELECT key_id FROM keys")}
        with_content = [number for number, rows in lives[journal.incarnation].orders.items()
                        if any(table == "contents" and row["content"] for table, row in rows)]
        self.assertTrue(with_content)
        world.pg.backup(world.pg.folder / "backup")
        office.call("keys", "new")
        for key in old:
            office.call("keys", "destroy", key)
        after = books.Shelf(world.keys).lives(world.pg, journal.journal_id)[journal.incarnation]
        closed = {number for what, number in after.closed if what == "order"}
        finished = {number for number in journal.orders if number and journal.own(number)["finished"]}
        sealed = {number for number, row in lives[journal.incarnation].columns.items() if row["key_id"]}
        self.assertEqual(finished & sealed, closed - {0}, "what is finished is closed for ever; what is not is open to the new key")
        self.assertEqual([], privacy.found(privacy.at_rest(world)))
        # A backup of before: all of it is closed.
        office.kill()
        world.pg.restore(world.pg.folder / "backup")
        before = books.Shelf(world.keys).lives(world.pg, journal.journal_id)[journal.incarnation]
        self.assertEqual(sealed, {number for what, number in before.closed if what == "order"})


class Selling(Scene):
    """Statement 7: a till does not notice any of it."""

    SALES = 6

    def outcomes(self, world, name, arrange=None):
        """What the calls of the same sales come to, and how long the longest of them took."""
        disk = world.disk(name)
        disk.sell(77, pause_s=0, most=1)
        disk.wait_for("close")
        undo = arrange(disk) if arrange else None
        disk.sell(78, pause_s=0, most=self.SALES)
        disk.wait_for("close", 2)
        if undo:
            undo()
        disk.forwarder.kill()
        second = disk.told[[line["call"] for line in disk.told].index("close") + 1:]
        return [(line["call"], line.get("status"), line.get("state")) for line in second], max(line.get("s", 0) for line in second)

    def test_no_call_comes_to_anything_else_or_takes_longer(self):
        world = self.world(offices=1)
        office, line = world.offices[0], world.line
        alone, longest = self.outcomes(world, "alone")
        self.assertIn(("set_ref", "SQ_OK", "settled"), alone)

        def enrolled(disk):
            world.enrol(disk, world.codes(1)[0])

        def at_work(disk):
            enrolled(disk)
            disk.forwarder.start()

        def killed(disk):
            at_work(disk)
            disk.forwarder.kill()

        def frozen(disk):
            at_work(disk)
            disk.forwarder.freeze()

        def no_office(disk):
            at_work(disk)
            office.freeze()
            return office.thaw

        def no_database(disk):
            at_work(disk)
            world.pg.freeze()
            return world.pg.thaw

        def no_line(disk):
            at_work(disk)
            line.is_cut = True
            return lambda: setattr(line, "is_cut", False)

        def revoked(disk):
            at_work(disk)
            office.call("revoke", disk.book.journal_id)

        for arrange in (enrolled, at_work, killed, frozen, no_office, no_database, no_line, revoked):
            with self.subTest(arrange.__name__):
                there, took = self.outcomes(world, arrange.__name__, arrange)
                self.assertEqual(alone, there)
                # Whoever waited for any of these would wait for ever; the machine may be slow.
                self.assertLess(took, longest + 5)

    def test_a_forwarder_that_is_stopped_in_its_reading_or_writing_keeps_no_till(self):
        """Frozen at moments drawn from a seed, while it carries a backlog: it holds the journal for moments only, and a till
        waits for such a moment as it waits for another till's."""
        world = self.world(offices=1)
        disk, = world.enrolled(["a"], [11], pause_s=0)
        chance = random.Random(1)
        disk.wait_for("set_ref", 10)
        for _ in range(8):
            disk.forwarder.start()
            time.sleep(chance.uniform(0.0, 0.2))
            disk.forwarder.freeze()
            count = sum(line["call"] == "set_ref" for line in disk.told)
            disk.wait_for("set_ref", count + 2, within_s=90)
            disk.forwarder.thaw()
            disk.forwarder.kill()
        bad = [line for line in disk.told if line.get("status") not in (None, "SQ_OK")]
        self.assertEqual([], bad[:3])
        self.drained(world, [disk])
        self.assertWell(world, [disk])


class Journals(Scene):
    def test_a_journal_of_an_older_version_beside_one_of_this(self):
        world = self.world(offices=1)
        old = world.disk("old")
        shutil.copy(abi.ROOT / "tests" / "journals" / "v2.journal", old.journal)
        ended, said = old.forwarder.call("enrol", "--journal", old.journal, "--office", world.line.url, "--code", "X")
        self.assertEqual(5, ended, said)
        self.assertIn("open the till once", said)
        new = world.disk("new")
        for disk in (old, new):
            disk.sell(1, pause_s=0, most=4)
            disk.wait_for("close")
        for disk, code in zip((old, new), world.codes(2)):
            world.enrol(disk, code)
        self.drained(world, [old, new])
        found = self.assertWell(world, [old, new])
        self.assertGreater(len(found[old][0].orders), len(found[new][0].orders))
