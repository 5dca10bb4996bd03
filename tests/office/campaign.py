"""Tills that sell, and everything that can happen to them, to their line, to the offices and to PostgreSQL, as chance draws
it; and the books, held against each other at the end of each round.

    campaign.py DISKS [SEED]    goes on until so many disks were destroyed, and says what became of what was on them
"""

import collections
import contextlib
import random
import shutil
import signal
import sys
import time

import setting  # noqa: F401, the way to the other tests' modules
import books
import oracle
from line import FAULTS
from world import World

#: Tills of a round.
TILLS = 12
#: So long they sell, s.
ROUND_S = (2.0, 5.0)
#: What becomes of a disk, and how often.
FATES = ("destroyed",) * 13 + ("put back", "put back", "cloned", "lives")
#: What becomes of the rest, and how often.
DEEDS = ("postgres killed", "postgres stopped at once", "postgres frozen", "office killed", "office killed", "all offices killed",
         "office frozen", "forwarder killed", "forwarder killed", "forwarder frozen", "line cut", "line bad", "line bad",
         "sent again")


class Campaign:
    def __init__(self, seed):
        self.chance = random.Random(seed)
        self.fault_chance, self.faults = 0.0, random.Random(seed + 1)
        self.world = World(draw=self.draw)
        self.count = collections.Counter()
        self.reasons = collections.Counter()
        self.wrong, self.unlisted = [], []
        self.down, self.last_trouble = {}, -1e9

    def close(self):
        self.world.__exit__()

    def draw(self, what):
        if self.faults.random() < self.fault_chance:
            return self.faults.choice(FAULTS)
        return None

    # -- what happens

    def deed(self, what, length):
        """Does it, and gives when it ends, and how."""
        world, chance, lasting = self.world, self.chance, self.chance.uniform(0.1, length)
        self.count[what] += 1
        self.last_trouble = time.monotonic()
        if what in ("postgres killed", "postgres stopped at once", "postgres frozen"):
            if "postgres" in self.down:
                return None
            self.down["postgres"] = what
            if what == "postgres frozen":
                world.pg.freeze()
                return lasting, lambda: (world.pg.thaw(), self.down.pop("postgres", None))
            world.pg.kill() if what == "postgres killed" else world.pg.stop(signal.SIGQUIT)
            return lasting, lambda: (world.pg.start(), self.down.pop("postgres", None))
        if what in ("office killed", "all offices killed"):
            # The office begins by asking its database.
            if "postgres" in self.down or "offices" in self.down:
                return None
            ended = [chance.choice(world.offices)] if what == "office killed" else list(world.offices)
            for office in ended:
                office.kill()
            self.down["offices"] = what
            return lasting, lambda: self.offices_again(ended)
        if what == "office frozen":
            office = chance.choice(world.offices)
            office.freeze()
            return lasting, office.thaw
        if what == "line cut":
            world.line.is_cut = True
            self.down["line"] = what
            return lasting, lambda: (setattr(world.line, "is_cut", False), self.down.pop("line", None))
        if what == "line bad":
            self.fault_chance = chance.choice((0.2, 0.5, 0.9))
            return lasting, lambda: setattr(self, "fault_chance", 0.0)
        if what == "sent again":
            world.line.again(chance)
            return None
        return self.to_forwarder(what, lasting)

    def offices_again(self, ended):
        if "postgres" in self.down:
            self.world.pg.thaw()
            if self.world.pg.process.poll() is not None:
                self.world.pg.start()
            self.down.pop("postgres", None)
        for office in ended:
            office.start()
        self.down.pop("offices", None)
        self.world.at_work()

    def to_forwarder(self, what, lasting):
        there = [disk for disk in self.disks if not disk.destroyed and disk.forwarder.is_running]
        if not there:
            return None
        disk = self.chance.choice(there)
        if what == "forwarder frozen":
            disk.forwarder.freeze()
            return lasting, disk.forwarder.thaw
        disk.forwarder.kill()
        return lasting, lambda: disk.destroyed or disk.forwarder.is_running or disk.forwarder.start()

    # -- disks

    def fate(self, disk, what):
        self.count[what] += 1
        if what == "destroyed":
            disk.destroy(self.why(disk))
        elif what == "put back":
            folder = self.world.folder / f"{disk.name}.image"
            folder.mkdir()
            disk.image(folder)
            return self.chance.uniform(0.1, 1.0), lambda: self.put_back(disk, folder)
        elif what == "cloned":
            clone = disk.clone(f"{disk.name}-clone")
            self.disks.append(clone)
            self.world.disks.append(clone)
            self.clones.append((disk, clone))
            clone.sell(self.chance.randrange(10 ** 9), pause_s=1.0)
            clone.forwarder.start()
        return None

    def put_back(self, disk, image):
        disk.kill_till()
        disk.forwarder.kill()
        was = disk.book
        if "postgres" not in self.down and was.journal_id:
            # What the office has from now on of this life can only be more.
            lives = self.world.shelf.lives(self.world.pg, was.journal_id)
            self.histories.append((was.journal_id, lives))
            disk.before = was.incarnation, lives[was.incarnation].position
        disk.put_back(image, with_forwarder=self.chance.random() < 0.5)
        disk.sell(self.chance.randrange(10 ** 9), pause_s=1.0)
        disk.forwarder.start()

    def why(self, disk):
        """Why what was not acknowledged was not, at this moment."""
        if self.down:
            return ", ".join(sorted(self.down.values()))
        if not disk.forwarder.is_running:
            return "the forwarder was down"
        if self.fault_chance:
            return "a bad line"
        since = time.monotonic() - self.last_trouble
        return "a trouble in the 5 s before" if since < 5 else "on its way"

    # -- a round

    def round(self, number, tills=TILLS):
        chance, world = self.chance, self.world
        world.forget()
        self.histories, self.clones = [], []
        self.fault_chance = chance.choice((0, 0, 0, 0.3))
        self.disks = world.enrolled([f"{number}-{at}" for at in range(tills)],
                                    [chance.randrange(10 ** 9) for _ in range(tills)], pause_s=1.0)
        self.fault_chance = 0.0
        for disk in self.disks:
            disk.forwarder.start()
        began, length = time.monotonic(), chance.uniform(*ROUND_S)
        due = [(chance.uniform(0, length), at, lambda disk=disk, what=chance.choice(FATES): self.fate(disk, what))
               for at, disk in enumerate(self.disks)]
        due += [(chance.uniform(0, length), 100 + at, lambda what=chance.choice(DEEDS): self.deed(what, length))
                for at in range(chance.randrange(0, 5))]
        more = 1000
        while due:
            due.sort(key=lambda one: one[:2])
            at, _, act = due.pop(0)
            time.sleep(max(0, began + at - time.monotonic()))
            again = act()
            if again:
                lasting, end = again
                more += 1
                due.append((time.monotonic() - began + lasting, more, lambda end=end: ended(end)))
        self.settle()
        self.judge()
        for disk in self.disks:
            shutil.rmtree(disk.destroyed or disk.folder)
        world.disks.clear()

    def settle(self):
        """Everything is well again, and every disk that is there says what it has."""
        world = self.world
        if any(not office.is_running for office in world.offices) or self.down:
            self.offices_again([office for office in world.offices if not office.is_running])
        world.line.is_cut, self.fault_chance, self.down = False, 0.0, {}
        left = [disk for disk in self.disks if not disk.destroyed]
        for disk in left:
            disk.stop_selling()
        for disk in left:
            disk.wait_till()
            # None waits for the end of a pause.
            disk.forwarder.kill()
            disk.forwarder.start()
        self.wrong += world.drain(left)
        for disk in left:
            disk.forwarder.end()

    def judge(self):
        world = self.world
        books_of = {disk: disk.book for disk in self.disks}
        ids = sorted({book.journal_id for book in books_of.values() if book.journal_id})
        there = world.shelf.all(world.pg, ids)
        sold = {uuid for uuid, order in books.ledger(world.sim).items()
                if any(line["event"] == "confirmed" for line in order["history"])}
        for disk, journal in books_of.items():
            lives = there[journal.journal_id]
            life = lives.get(journal.incarnation)
            self.wrong += oracle.acknowledged_stays(world.line, lives, journal.journal_id)
            if life is None:
                self.wrong.append(f"{disk.name}: the office does not know the life {journal.incarnation}")
                continue
            if disk.before:
                self.wrong += oracle.forked(journal, disk.before, lives)
            # A disk that came back, and was destroyed before it could say so, is not at its life's position.
            self.wrong += [f"{disk.name} {text}" for text in oracle.rows_agree(journal, life, whole=not disk.destroyed)]
            if disk.destroyed:
                self.account(disk, journal, life, sold)
        for journal_id, before in self.histories:
            self.wrong += oracle.history_stays(before, there[journal_id])
        for one, other in self.clones:
            if not one.destroyed and not other.destroyed and books_of[one].incarnation == books_of[other].incarnation:
                self.wrong.append(f"{one.name} and its clone go by one name")
        world.line.forget(ids)

    def account(self, disk, journal, life, sold):
        told = oracle.Destroyed(journal, self.world.line.at(journal.journal_id, journal.incarnation), life, sold, disk.reason)
        self.count["disks destroyed"] += 1
        self.count["acknowledged"] += len(told.kept) + len(told.lost)
        self.count["of them at risk, and listed"] += len(told.at_risk)
        self.count["lost"] += len(told.lost)
        self.count["not acknowledged"] += len(told.not_told)
        self.count["being confirmed, and not listed as at risk"] += len(told.unlisted)
        self.unlisted += told.unlisted
        self.wrong += [f"{disk.name}: LOST {text}" for text in told.lost]
        at = {line.get("uuid"): line["at"] for line in disk.told}
        for uuid, _, reason in told.not_told:
            if reason == "on its way":
                # A till that was killed in the middle has told nothing of it.
                age = disk.destroyed_at - at.get(uuid, disk.destroyed_at)
                seconds = next((most for most in (1, 2, 5, 10) if age < most), None)
                reason += f", confirmed less than {seconds} s before" if seconds else ", confirmed long before"
            self.reasons[reason] += 1

    def summary(self):
        lines = [f"disks destroyed: {self.count['disks destroyed']}",
                 f"confirmed orders on them that were acknowledged: {self.count['acknowledged']}",
                 f"    of them at risk, and listed as that: {self.count['of them at risk, and listed']}",
                 f"    lost among those acknowledged: {self.count['lost']}",
                 f"being confirmed when the disk went, and not listed as at risk: "
                 f"{self.count['being confirmed, and not listed as at risk']}",
                 f"confirmed, and not acknowledged: {self.count['not acknowledged']}"]
        lines += [f"    {count:5} {reason}" for reason, count in self.reasons.most_common()]
        done = [name for name in (*dict.fromkeys(DEEDS), "put back", "cloned") if self.count[name]]
        lines.append("done: " + ", ".join(f"{name} {self.count[name]}" for name in done))
        return "\n".join(lines)


def ended(end):
    """Nothing comes after it."""
    end()


def run(disks, seed, say=lambda text: print(text, flush=True)):
    """Goes on until so many were destroyed, or something is wrong."""
    campaign, number, asked = Campaign(seed), 0, []
    was = signal.signal(signal.SIGTERM, lambda *_: asked.append(True))
    with contextlib.closing(campaign):
        # Who asks it to end gets to read what was found until then.
        while campaign.count["disks destroyed"] < disks and not campaign.wrong and not asked:
            number += 1
            campaign.round(number)
            say(f"round {number}: {campaign.count['disks destroyed']} disks destroyed, {campaign.count['acknowledged']} "
                f"confirmed orders acknowledged, {campaign.count['lost']} lost, {campaign.count['not acknowledged']} not "
                "acknowledged")
    signal.signal(signal.SIGTERM, was)
    return campaign


def main():
    disks = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    print(f"seed {seed}", flush=True)
    campaign = run(disks, seed)
    print(campaign.summary())
    for text in campaign.wrong[:40]:
        print("WRONG:", text)
    for text in campaign.unlisted[:5]:
        print("not listed:", text)
    sys.exit(1 if campaign.wrong else 0)


if __name__ == "__main__":
    main()
