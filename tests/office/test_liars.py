"""Each wrong that an office or a forwarder could do is done once, and the oracle sees it: acknowledging before the commit,
comparing without the nonce, sending what is not sealed."""

import json
import re
import unittest

import setting  # noqa: F401, the way to the other tests' modules
import books
import oracle
import privacy
from line import Line
from tills import MARKS
from world import World


class Answer:
    """An answer that no office has given."""

    def __init__(self, standing):
        self.json, self.first, self.fields = standing, "HTTP/1.1 200 OK", {}
        body = json.dumps(standing).encode()
        self.bytes = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)


class Hasty(Line):
    """What it has from a till it acknowledges at once, and then somebody pulls the plug: the commit never comes."""

    is_hasty, standing = False, None

    def exchange(self, request, half_close=False):
        what, _ = self.stream(request)
        if what == "frames" and self.is_hasty:
            answer = Answer({**self.standing, "position": request.json["to"]})
            self.note(request, answer)
            return answer
        answer = super().exchange(request, half_close)
        self.standing = answer.json
        return answer


class Chatty(Line):
    """Has every frame say a shopper's name in clear."""

    is_chatty = False

    def exchange(self, request, half_close=False):
        what, _ = self.stream(request)
        if what == "frames" and self.is_chatty:
            frame = request.json
            for order in frame["orders"]:
                order["rows"].append({"table": "refusals", "row": {"order_id": order["id"], "said": " ".join(MARKS)}})
            request.body = json.dumps(frame).encode()
            request.head = re.sub(rb"(?i)(content-length: )\d+", rb"\g<1>%d" % len(request.body), request.head)
        return super().exchange(request, half_close)


class Liars(unittest.TestCase):
    def world(self, line=Line):
        world = World(offices=1, line=line)
        self.addCleanup(world.__exit__)
        disk, = world.enrolled(["a"], [5], pause_s=0, most=5)
        disk.wait_for("close")
        self.carry(world, disk)
        return world, disk

    def carry(self, world, disk):
        self.assertEqual((0, ""), disk.forwarder.once())
        self.assertTrue(world.is_drained(disk))

    def more(self, disk, seed, most=4):
        closed = sum(line["call"] == "close" for line in disk.told)
        disk.sell(seed, pause_s=0, most=most)
        disk.wait_for("close", closed + 1)

    def judged(self, world, disk):
        journal = disk.book
        lives = world.shelf.lives(world.pg, journal.journal_id)
        sold = {uuid for uuid, order in books.ledger(world.sim).items()
                if any(line["event"] == "confirmed" for line in order["history"])}
        at = world.line.at(journal.journal_id, journal.incarnation)
        return (oracle.acknowledged_stays(world.line, lives, journal.journal_id),
                oracle.rows_agree(journal, lives[journal.incarnation], whole=True),
                oracle.Destroyed(journal, at, lives[journal.incarnation], sold, "").lost)

    def test_an_office_that_acknowledges_before_it_commits(self):
        world, disk = self.world(Hasty)
        self.assertEqual(([], [], []), self.judged(world, disk))
        world.line.is_hasty = True
        self.more(disk, 6)
        self.carry(world, disk)
        stays, rows, lost = self.judged(world, disk)
        self.assertTrue(any("was acknowledged, and the office stands at" in text for text in stays), stays)
        self.assertTrue(lost, "confirmed orders, which only the till has now")
        self.assertTrue(rows)

    def test_an_office_that_compares_without_the_nonce(self):
        world, disk = self.world()
        image = world.folder / "image"
        image.mkdir()
        disk.image(image)
        self.more(disk, 7, most=1)
        self.carry(world, disk)
        was = disk.book
        disk.put_back(image)
        self.more(disk, 8, most=6)
        journal = disk.book
        # As if it had compared the number alone, which the disk that was put back has as well.
        nonce, = [nonce for seq, nonce, _ in journal.notes if seq == was.newest[0]]
        self.assertNotEqual(was.newest[1], nonce)
        world.pg.sql(f"UPDATE streams SET nonce = {nonce}")
        self.assertEqual((0, ""), disk.forwarder.once())
        self.assertIn("still goes by that name", oracle.forked(disk.book, (was.incarnation, was.newest), {})[0])
        _, rows, _ = self.judged(world, disk)
        self.assertTrue(any("is" in text and "at the till and" in text for text in rows), rows)

    def test_what_travels_says_nothing_and_what_is_not_sealed_is_not_kept_in_clear(self):
        world, disk = self.world(Chatty)
        said = b"".join(request.bytes for request in world.line.kept)
        self.assertIn(b"orders", said)
        sent = world.folder / "sent"
        sent.write_bytes(said)
        self.assertEqual([], privacy.found([sent]))
        world.line.is_chatty = True
        self.more(disk, 6)
        self.assertEqual((0, ""), disk.forwarder.once())
        journal = disk.book
        life = world.shelf.lives(world.pg, journal.journal_id)[journal.incarnation]
        self.assertTrue(any("is not sealed" in reason for _, _, reason in life.aside), life.aside)
        self.assertEqual([], privacy.found(privacy.at_rest(world)))
