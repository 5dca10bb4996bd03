"""Result buffers and the order builder: memory of the caller, handles of every wrong kind, and no leak."""

import ctypes
import json
import unittest

import abi
import orders
import schema
from till import Plain, Till

lib = abi.lib

#: None of these is a handle: small numbers, misaligned ones, addresses that look real, all bits.
MADE_UP = (0x1, 0x2, 0x3, 0x8, 0x1000, 0x10000001, 0xDEADBEEF, 0x7FFF_FFFF_F000, 0xFFFF_FFFF_FFFF_FFFF,
           id(object()), 0x1_0000_0001)


def echo(text):
    out = ctypes.c_void_p()
    assert lib.sq_echo(None, abi.text(text), ctypes.byref(out)) == 0
    return out.value


class Get(Plain):
    def setUp(self):
        self.buffer = echo("Muñoz")
        self.addCleanup(lib.sq_buffer_free, self.buffer)

    def get(self, pointer, room, dst=True, length=True):
        """(status, bytes needed, the memory afterwards)"""
        memory = ctypes.create_string_buffer(b"\xa5" * (room + 8), room + 8)
        need = ctypes.c_uint32(room)
        status = lib.sq_buffer_get(self.buffer, abi.text(pointer), ctypes.addressof(memory) if dst else None,
                                   ctypes.byref(need) if length else None)
        schema.seen.add(status)
        self.assertEqual(b"\xa5" * 8, memory.raw[room:], "it wrote past the room")
        return status, need.value, memory.raw[:room]

    def test_a_text_is_bare(self):
        self.assertEqual((0, 7, "Muñoz\0".encode()), self.get("/data/text", 7))

    def test_an_exact_fit_is_enough(self):
        self.assertEqual((0, 6, b"SQ_OK\0"), self.get("/status", 6))

    def test_one_byte_short_writes_nothing_and_says_what_is_needed(self):
        self.assertEqual((1010, 6, b"\xa5" * 5), self.get("/status", 5))

    def test_no_room_at_all(self):
        self.assertEqual((1010, 6, b""), self.get("/status", 0))

    def test_more_room_than_needed_is_left_alone(self):
        status, need, memory = self.get("/status", 20)
        self.assertEqual((0, 6, b"SQ_OK\0" + b"\xa5" * 14), (status, need, memory))

    def test_without_memory_it_only_says_what_is_needed(self):
        for room in (0, 3, 6, 100):
            status, need, _ = self.get("/status", room, dst=False)
            self.assertIn(status, (0, 1010))
            self.assertEqual(6, need)

    def test_without_a_length_it_is_a_wrong_call(self):
        self.assertEqual(1001, self.get("/status", 20, length=False)[0])

    def test_without_a_pointer_it_is_a_wrong_call(self):
        self.assertEqual(1001, self.get(None, 20)[0])

    def test_a_pointer_that_finds_nothing(self):
        for pointer in ("/nothing", "/data/nothing", "/errors/0", "/status/x", "status", "/errors/-", "/data/text/0", "//",
                        "/data/", "/errors/00", "/~2", "/~"):
            with self.subTest(pointer):
                self.assertEqual((1001, b"\xa5" * 50), self.get(pointer, 50)[::2])

    def test_a_pointer_that_is_no_text(self):
        self.assertEqual(1003, self.get(b"/\xff", 50)[0])

    def test_numbers_flags_nulls_lists_and_objects_are_json(self):
        for pointer, expected in (("/code", b"0"), ("/order", b"null"), ("/errors", b"[]"), ("/data/bytes", b"6")):
            self.assertEqual((0, len(expected) + 1, expected + b"\0"), self.get(pointer, len(expected) + 1))
        status, need, memory = self.get("/data", 200)
        self.assertEqual({"text": "Muñoz", "bytes": 6}, json.loads(memory[:need - 1]))

    def test_the_empty_pointer_is_the_whole_document(self):
        status, need, memory = self.get("", 4096)
        self.assertEqual(json.loads(lib.sq_buffer_text(self.buffer)), json.loads(memory[:need - 1]))

    def test_an_empty_text_needs_one_byte(self):
        self.buffer, before = echo(""), self.buffer
        self.assertEqual((0, 1, b"\0"), self.get("/data/text", 1))
        lib.sq_buffer_free(self.buffer)
        self.buffer = before

    def test_escaped_pointers_follow_rfc_6901(self):
        order = ctypes.c_void_p()
        lib.sq_order_new(None, ctypes.byref(order))
        lib.sq_order_set_text(order, b"/a~1b", b"slash")
        lib.sq_order_set_text(order, b"/m~0n", b"tilde")
        out = ctypes.c_void_p()
        lib.sq_order_json(order, ctypes.byref(out))
        self.buffer, before = out.value, self.buffer
        self.assertEqual(b"slash\0", self.get("/a~1b", 6)[2])
        self.assertEqual(b"tilde\0", self.get("/m~0n", 6)[2])
        lib.sq_buffer_free(out)
        lib.sq_order_free(order)
        self.buffer = before


class Handles(Plain):
    def test_a_freed_buffer_is_harmless(self):
        buffer = echo("x")
        lib.sq_buffer_free(buffer)
        lib.sq_buffer_free(buffer)
        self.assertEqual((b"", 0), (lib.sq_buffer_text(buffer), lib.sq_buffer_len(buffer)))
        need = ctypes.c_uint32(9)
        self.assertEqual(1002, lib.sq_buffer_get(buffer, b"/status", None, ctypes.byref(need)))

    def test_a_freed_buffers_handle_does_not_become_the_next_buffers(self):
        old = echo("old")
        lib.sq_buffer_free(old)
        new = [echo(str(number)) for number in range(50)]
        self.assertEqual(b"", lib.sq_buffer_text(old))
        lib.sq_buffer_free(old)
        self.assertEqual([str(number) for number in range(50)],
                         [json.loads(lib.sq_buffer_text(buffer))["data"]["text"] for buffer in new])
        for buffer in new:
            lib.sq_buffer_free(buffer)

    def test_made_up_buffers_are_harmless(self):
        for handle in (None, *MADE_UP):
            self.assertEqual((b"", 0), (lib.sq_buffer_text(handle), lib.sq_buffer_len(handle)))
            self.assertEqual(1002, lib.sq_buffer_get(handle, b"/status", None, ctypes.byref(ctypes.c_uint32())))
            lib.sq_buffer_free(handle)

    def test_one_kind_of_handle_is_not_another(self):
        buffer, order, out = echo("x"), ctypes.c_void_p(), ctypes.c_void_p()
        lib.sq_order_new(None, ctypes.byref(order))
        self.assertEqual("SQ_INVALID_HANDLE", abi.call("sq_pending", ctypes.c_void_p(buffer)).name)
        self.assertEqual("SQ_INVALID_HANDLE", abi.call("sq_pending", order).name)
        self.assertEqual(1002, lib.sq_client_close(buffer))
        self.assertEqual(1002, lib.sq_order_set_int(buffer, b"/x", 1))
        self.assertEqual(b"", lib.sq_buffer_text(order))
        lib.sq_order_free(buffer)
        lib.sq_buffer_free(order)
        self.assertEqual(0, lib.sq_order_set_int(order, b"/x", 1))
        self.assertEqual(1, lib.sq_buffer_len(buffer) and 1)
        lib.sq_buffer_free(buffer)
        lib.sq_order_free(order)

    def test_live_handles_are_counted(self):
        self.assertEqual(0, lib.sq_live_handles())
        buffers = [echo("x") for _ in range(3)]
        order = ctypes.c_void_p()
        lib.sq_order_new(None, ctypes.byref(order))
        self.assertEqual(4, lib.sq_live_handles())
        for buffer in buffers:
            lib.sq_buffer_free(buffer)
            lib.sq_buffer_free(buffer)
        lib.sq_order_free(order)
        self.assertEqual(0, lib.sq_live_handles())

    def test_what_out_held_before_is_overwritten_and_not_freed(self):
        kept = echo("kept")
        out = ctypes.c_void_p(kept)
        lib.sq_echo(None, b"new", ctypes.byref(out))
        self.assertNotEqual(kept, out.value)
        self.assertEqual("kept", json.loads(lib.sq_buffer_text(kept))["data"]["text"])
        lib.sq_buffer_free(kept)
        lib.sq_buffer_free(out)

    def test_a_thousand_buffers_at_once(self):
        buffers = [echo(str(number)) for number in range(1000)]
        self.assertEqual(1000, len(set(buffers)))
        self.assertEqual(1000, lib.sq_live_handles())
        self.assertEqual("999", json.loads(lib.sq_buffer_text(buffers[-1]))["data"]["text"])
        for buffer in buffers:
            lib.sq_buffer_free(buffer)


class Builder(Plain):
    def setUp(self):
        self.order = ctypes.c_void_p()
        self.assertEqual(0, lib.sq_order_new(None, ctypes.byref(self.order)))
        self.addCleanup(lambda: lib.sq_order_free(self.order))

    def json(self):
        out = ctypes.c_void_p()
        self.assertEqual(0, lib.sq_order_json(self.order, ctypes.byref(out)))
        return abi.take(out)[1]

    def test_it_makes_what_its_pointers_lead_through(self):
        self.assertEqual(0, lib.sq_order_set_text(self.order, b"/customer/email", "ñ@example.es".encode()))
        self.assertEqual(0, lib.sq_order_set_int(self.order, b"/cart/order_total_with_tax", -(1 << 63)))
        self.assertEqual(0, lib.sq_order_set_flag(self.order, b"/cart/gift", 0))
        self.assertEqual(0, lib.sq_order_set_flag(self.order, b"/cart/gift", 1))
        document = self.json()
        document = document.get("order", document)
        self.assertEqual({"customer": {"email": "ñ@example.es"},
                          "cart": {"order_total_with_tax": -(1 << 63), "gift": True}}, document)

    def test_items_are_appended_with_what_their_type_needs(self):
        add = lambda *arguments: self.assertEqual(0, lib.sq_order_add_item(self.order, *arguments))
        add(b"product", b"P1", "Caña".encode(), 2, 150, 300)
        add(None, b"P2", b"B", 1, 100, 100)
        add(b"service", b"S", b"C", 1, 50, 50)
        add(b"handling", b"H", b"D", 7, 7, 597)
        add(b"discount", b"D", b"E", 0, 0, -100)
        add(b"invoice_fee", None, None, 0, 0, 100)
        document = self.json()
        items = document.get("order", document)["cart"]["items"]
        self.assertEqual({"type": "product", "reference": "P1", "name": "Caña", "quantity": 2, "price_with_tax": 150,
                          "total_with_tax": 300, "downloadable": False}, items[0])
        self.assertEqual("product", items[1].get("type", "product"))
        self.assertEqual((1, 50, False), tuple(items[2][key] for key in ("quantity", "price_with_tax", "downloadable")))
        self.assertEqual({"type": "handling", "reference": "H", "name": "D", "total_with_tax": 597}, items[3])
        self.assertEqual({"type": "discount", "reference": "D", "name": "E", "total_with_tax": -100}, items[4])
        self.assertEqual({"type": "invoice_fee", "total_with_tax": 100}, items[5])
        self.assertEqual(0, lib.sq_order_set_text(self.order, b"/cart/items/0/category", b"x"))
        self.assertEqual(0, lib.sq_order_set_flag(self.order, b"/cart/items/2/downloadable", 1))
        document = self.json()
        items = document.get("order", document)["cart"]["items"]
        self.assertEqual(("x", True), (items[0]["category"], items[2]["downloadable"]))

    def test_a_dash_appends_to_a_list(self):
        self.assertEqual(0, lib.sq_order_set_text(self.order, b"/trackings/-/reference", b"A"))
        self.assertEqual(0, lib.sq_order_set_text(self.order, b"/trackings/-/reference", b"B"))
        document = self.json()
        self.assertEqual([{"reference": "A"}, {"reference": "B"}], document.get("order", document)["trackings"])

    def test_wrong_calls_change_nothing(self):
        self.assertEqual(0, lib.sq_order_set_text(self.order, b"/a/b", b"c"))
        self.assertEqual(0, lib.sq_order_add_item(self.order, None, b"r", b"n", 1, 1, 1))
        before = self.json()
        for expected, call in (
            (1001, lambda: lib.sq_order_set_text(self.order, None, b"x")),
            (1001, lambda: lib.sq_order_set_text(self.order, b"/x", None)),
            (1001, lambda: lib.sq_order_set_text(self.order, b"no-slash", b"x")),
            (1001, lambda: lib.sq_order_set_text(self.order, b"", b"x")),
            (1001, lambda: lib.sq_order_set_text(self.order, b"/a/b/c", b"x")),
            (1001, lambda: lib.sq_order_set_text(self.order, b"/a/~7", b"x")),
            (1001, lambda: lib.sq_order_set_text(self.order, b"/cart/items/9/name", b"x")),
            (1001, lambda: lib.sq_order_set_text(self.order, b"/cart/items/name", b"x")),
            (1001, lambda: lib.sq_order_set_text(self.order, b"/cart/items/99999999999999999999/name", b"x")),
            (1001, lambda: lib.sq_order_set_text(self.order, b"/new/one/then/a~7", b"x")),
            (1003, lambda: lib.sq_order_set_text(self.order, b"/x", b"\xff")),
            (1003, lambda: lib.sq_order_set_text(self.order, b"/\xff", b"x")),
            (1001, lambda: lib.sq_order_set_int(self.order, None, 1)),
            (1001, lambda: lib.sq_order_set_int(self.order, b"x", 1)),
            (1001, lambda: lib.sq_order_set_flag(self.order, b"/x", 2)),
            (1001, lambda: lib.sq_order_set_flag(self.order, b"/x", -1)),
            (1001, lambda: lib.sq_order_set_flag(self.order, None, 1)),
            (1003, lambda: lib.sq_order_add_item(self.order, b"\xff", b"r", b"n", 1, 1, 1)),
            (1003, lambda: lib.sq_order_add_item(self.order, None, b"r", b"n\xff", 1, 1, 1)),
        ):
            self.assertEqual(expected, call())
            self.assertEqual(before, self.json())
        self.assertEqual(1001, lib.sq_order_new(None, None))

    def test_a_pointer_a_thousand_levels_deep_harms_nothing(self):
        self.assertIn(lib.sq_order_set_text(self.order, b"/a" * 1000, b"x"), (0, 1001))
        self.assertIn(lib.sq_order_set_text(self.order, b"/a" * 200_000, b"x"), (0, 1001))
        out = ctypes.c_void_p()
        self.assertIn(lib.sq_order_json(self.order, ctypes.byref(out)), (0, 1001))
        lib.sq_buffer_free(out)

    def test_handles_that_are_none(self):
        freed = ctypes.c_void_p()
        lib.sq_order_new(None, ctypes.byref(freed))
        lib.sq_order_free(freed)
        lib.sq_order_free(freed)
        for handle in (None, freed, *MADE_UP):
            out = ctypes.c_void_p(0x5555)
            self.assertEqual(1002, lib.sq_order_set_text(handle, b"/x", b"y"))
            self.assertEqual(1002, lib.sq_order_set_int(handle, b"/x", 1))
            self.assertEqual(1002, lib.sq_order_set_flag(handle, b"/x", 1))
            self.assertEqual(1002, lib.sq_order_add_item(handle, None, b"r", b"n", 1, 1, 1))
            self.assertEqual(1002, lib.sq_order_json(handle, ctypes.byref(out)))
            # The header: "*out is NULL then". Rule 6 of the contract would rather have a buffer; both may be freed.
            lib.sq_buffer_free(out)
            lib.sq_order_free(handle)
        order = ctypes.c_void_p(0x5555)
        self.assertEqual(1002, lib.sq_order_new(MADE_UP[0], ctypes.byref(order)))
        self.assertIsNone(order.value)


class BuiltOrders(Till):
    def built(self, client_handle=None, encoding="utf-8"):
        """orders.COMPLETE, built call by call."""
        order = ctypes.c_void_p()
        assert lib.sq_order_new(client_handle, ctypes.byref(order)) == 0

        def put(pointer, value):
            at = pointer.encode()
            if isinstance(value, bool):
                assert lib.sq_order_set_flag(order, at, int(value)) == 0
            elif isinstance(value, int):
                assert lib.sq_order_set_int(order, at, value) == 0
            elif isinstance(value, str):
                assert lib.sq_order_set_text(order, at, value.encode(encoding)) == 0
            elif isinstance(value, dict):
                for key, inner in value.items():
                    if pointer + "/" + key != "/cart/items":
                        put(f"{pointer}/{key}", inner)

        put("", orders.COMPLETE)
        put("/customer/user_agent", "till/1")  # seQura takes null too, which the builder cannot say
        for number, item in enumerate(orders.COMPLETE["cart"]["items"]):
            assert lib.sq_order_add_item(order, abi.text(item.get("type")), item["reference"].encode(encoding),
                                         item["name"].encode(encoding), item.get("quantity", 0),
                                         item.get("price_with_tax", 0), item["total_with_tax"]) == 0
            for extra in ("manufacturer", "ends_in"):
                if extra in item:
                    put(f"/cart/items/{number}/{extra}", item[extra])
        out = ctypes.c_void_p()
        assert lib.sq_order_json(order, ctypes.byref(out)) == 0
        raw = lib.sq_buffer_text(out)
        lib.sq_buffer_free(out)
        lib.sq_order_free(order)
        return raw

    def test_a_built_order_sells_like_one_that_was_written(self):
        client = self.open()
        raw = self.built()
        url, uuid, _ = self.approved(client, raw)
        self.assertStatus("SQ_OK", client.confirm(url, raw))
        sent = json.loads(self.sim.bodies("PUT")[0])["order"]
        self.assertEqual([item["total_with_tax"] for item in orders.COMPLETE["cart"]["items"]],
                         [item["total_with_tax"] for item in sent["cart"]["items"]])
        self.assertEqual(orders.COMPLETE["delivery_address"], sent["delivery_address"])

    def test_a_built_order_is_in_the_encoding_of_its_client(self):
        client = self.open("windows-1252", text_encoding="windows-1252")
        url, uuid, _ = self.approved(client, self.built(client.handle, "windows-1252"))
        self.assertEqual("Muñoz Güell", json.loads(self.sim.bodies("POST", "/orders")[0])["order"]["customer"]["surnames"])

    def test_an_order_outlives_its_client(self):
        client = self.open(journal=":memory:")
        order = ctypes.c_void_p()
        lib.sq_order_new(client.handle, ctypes.byref(order))
        client.close()
        self.assertEqual(0, lib.sq_order_set_text(order, b"/x", b"y"))
        lib.sq_order_free(order)


if __name__ == "__main__":
    unittest.main()
