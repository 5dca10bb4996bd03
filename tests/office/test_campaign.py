"""The campaign's short form: the same each time, and nothing is lost."""

import unittest

import setting  # noqa: F401, the way to the other tests' modules
import campaign
import seeds

DISKS = 30


class Short(unittest.TestCase):
    def test_what_was_acknowledged_outlives_every_disk(self):
        for seed in seeds.of("office"):
            with self.subTest(seed=seed):
                found = campaign.run(DISKS, seed, say=lambda text: None)
                self.assertEqual([], found.wrong, seeds.add("office", seed))
                self.assertGreaterEqual(found.count["disks destroyed"], DISKS)
                self.assertGreater(found.count["acknowledged"], 0)
