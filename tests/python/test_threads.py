"""Many threads on one client: different orders at once, one order in turn; and no thread of the library's own."""

import os
import threading
import time
import unittest

import abi
import orders
from till import Till


def together(*jobs):
    """Runs jobs in threads at the same time; gives what they returned, in their order."""
    results, start = [None] * len(jobs), threading.Barrier(len(jobs))

    def run(number, job):
        start.wait()
        results[number] = job()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def wait_for(condition, seconds=20):
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit, "it does not come"
        time.sleep(0.01)


class Threads(Till):
    def test_different_orders_do_not_wait_for_each_others_network(self):
        # Four confirmations of 1.5 s each take 6 s one after another. At once they take 1.5 s and what a loaded machine
        # adds; below 5 s at least two of them overlapped, at 4 s three.
        client = self.open(timeouts={"connect_ms": 2000, "total_ms": 30000})
        sales = [self.approved(client, orders.small(5000 + number)) for number in range(4)]
        self.sim.fault("delay", ms=1500, method="PUT", times=0)
        began = time.monotonic()
        answers = together(*[lambda sale=sale: client.confirm(sale[0], sale[2]) for sale in sales])
        self.assertLess(time.monotonic() - began, 5)
        self.assertEqual(["confirmed"] * 4, [answer.state for answer in answers])
        self.assertEqual([sale[1] for sale in sales], [answer.uuid for answer in answers])

    def test_a_delayed_order_does_not_keep_the_others_waiting(self):
        client = self.open(timeouts={"connect_ms": 2000, "total_ms": 30000})
        slow, fast = self.approved(client, orders.small(5000)), self.approved(client, orders.small(5001))
        self.sim.fault("delay", ms=2500, method="PUT", path=slow[1])
        finished = []
        thread = threading.Thread(target=lambda: finished.append(client.confirm(slow[0], slow[2])))
        thread.start()
        wait_for(lambda: self.sim.requests("PUT"))
        self.assertEqual("confirmed", client.confirm(fast[0], fast[2]).state)
        self.assertStatus("SQ_OK", client.pending())
        self.assertStatus("SQ_OK", client.start(orders.small(5002)))
        self.assertEqual([], finished, "the slow one was meant to be under way still")
        thread.join(30)
        self.assertEqual("confirmed", finished[0].state)

    def test_one_order_is_confirmed_once_however_many_threads_try(self):
        client = self.open()
        url, uuid, order = self.approved(client)
        self.sim.fault("delay", ms=300, method="PUT")
        answers = together(*[lambda: client.confirm(url, order)] * 8)
        self.assertEqual([("SQ_OK", "confirmed")] * 8, [(answer.name, answer.state) for answer in answers])
        self.assertEqual([0] * 7 + [1], sorted(answer.attempts for answer in answers))
        self.assertEqual(1, len(self.sim.requests("PUT")))

    def test_one_order_with_two_contents_is_confirmed_with_one_of_them(self):
        self.sim.rules(changed_cart_refused=False)
        client = self.open()
        url, uuid, order = self.approved(client)
        other = orders.other(order, "/cart/items/0/name", "Otra")
        answers = together(lambda: client.confirm(url, order), lambda: client.confirm(url, other))
        self.assertEqual(["SQ_OK", "SQ_WRONG_STATE"], sorted(answer.name for answer in answers))
        self.assertEqual(1, len(self.sim.requests("PUT")))

    def test_two_threads_with_one_reference_settle_one_order(self):
        client, ref = self.open(), orders.new_ref()
        first, second = self.confirmed(client, orders.small(5000)), self.confirmed(client, orders.small(5001))
        answers = together(lambda: client.set_ref(first[0], ref), lambda: client.set_ref(second[0], ref))
        self.assertEqual(["SQ_DUPLICATE_ORDER_REF", "SQ_OK"], sorted(answer.name for answer in answers))
        self.assertEqual(1, self.sim.events().count("reference_registered"))

    def test_one_start_in_many_threads_gives_orders_that_are_all_in_the_journal(self):
        client = self.open()
        answers = together(*[lambda number=number: client.start(orders.small(5000 + number % 3)) for number in range(12)])
        self.assertEqual({"SQ_OK"}, {answer.name for answer in answers})
        self.assertEqual({order["uuid"] for order in self.sim.orders()}, {row["uuid"] for row in self.rows()})
        self.assertLessEqual({answer.uuid for answer in answers}, {row["uuid"] for row in self.rows()})

    def test_many_sales_at_once_all_settle(self):
        client = self.open(timeouts={"connect_ms": 5000, "total_ms": 30000})

        def sell(number):
            ref = f"M-{number}"
            order = orders.small(5000 + number)
            started = client.start(order)
            self.assertStatus("SQ_OK", started)
            self.sim.approve(started.uuid)
            self.assertStatus("SQ_OK", client.confirm(started.url, order))
            return self.assertStatus("SQ_OK", client.set_ref(started.url, ref))

        answers = together(*[lambda number=number: sell(number) for number in range(12)])
        self.assertEqual({"settled"}, {answer.state for answer in answers if answer})
        self.assertEqual([f"M-{number}" for number in range(12)], [answer.order["order_ref_1"] for answer in answers])
        self.assertEqual([5000 + number for number in range(12)], [answer.order["amount"] for answer in answers])
        self.assertEqual([], client.pending().data["orders"])

    def test_the_library_starts_no_thread(self):
        client = self.open(base_url=self.sim.https, roots={"file": self.sim.ca_file})
        url, uuid, order = self.approved(client)
        before = len(os.listdir("/proc/self/task"))
        self.sim.fault("delay", ms=600, method="PUT")
        thread = threading.Thread(target=lambda: client.confirm(url, order))
        thread.start()
        most = 0
        while thread.is_alive():
            most = max(most, len(os.listdir("/proc/self/task")))
            time.sleep(0.005)
        thread.join()
        self.assertEqual(before + 1, most, "the caller's own thread, and no other")

    def test_name_resolution_starts_no_thread_that_outlives_the_call(self):
        before = len(os.listdir("/proc/self/task"))
        client = self.open(base_url=self.sim.http.replace("127.0.0.1", "localhost"))
        client.start(orders.complete())
        self.assertEqual(before, len(os.listdir("/proc/self/task")))

    def test_a_client_that_is_closed_lets_its_running_calls_end_as_usual(self):
        client = self.open()
        url, uuid, order = self.approved(client)
        self.sim.fault("delay", ms=800, method="PUT")
        handle, answers = client.handle, []
        thread = threading.Thread(target=lambda: answers.append(abi.call("sq_confirm", handle, url, order)))
        thread.start()
        wait_for(lambda: self.sim.requests("PUT"))
        self.assertEqual(0, client.close())
        self.assertStatus("SQ_INVALID_HANDLE", abi.call("sq_pending", handle), "invalid_handle")
        thread.join(30)
        self.assertEqual("confirmed", self.assertStatus("SQ_OK", answers[0]).state)

    def test_a_buffer_may_be_freed_by_another_thread_than_the_one_that_got_it(self):
        import ctypes
        out = ctypes.c_void_p()
        abi.lib.sq_echo(None, b"x", ctypes.byref(out))
        together(lambda: abi.lib.sq_buffer_free(out), lambda: abi.lib.sq_buffer_free(out))
        self.assertEqual(b"", abi.lib.sq_buffer_text(out))


if __name__ == "__main__":
    unittest.main()
