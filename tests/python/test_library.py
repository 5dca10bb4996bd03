"""The library by itself: its names and numbers, the header against it, and every function called wrongly."""

import ctypes
import json
import os
import subprocess
import unittest

import abi
import orders
import schema
from abi import lib
from till import Plain, Till


class Names(Plain):
    CONTRACT = schema.STATUSES

    def test_the_header_has_every_status_of_the_contract_with_its_number(self):
        self.assertEqual({value: name for name, value in self.CONTRACT.items()}, abi.STATUS_NAMES)

    def test_every_status_has_its_name_and_its_class(self):
        for name, value in self.CONTRACT.items():
            self.assertEqual(name.encode(), lib.sq_status_name(value))
            self.assertEqual(value // 1000, lib.sq_status_class(value))

    def test_other_numbers_have_neither(self):
        for value in (-1, 1, 200, 409, 1000, 1012, 2402, 9000, 2 ** 31 - 1, -(2 ** 31)):
            self.assertEqual(b"SQ_UNKNOWN_STATUS", lib.sq_status_name(value))
            self.assertEqual(-1, lib.sq_status_class(value))

    def test_versions(self):
        self.assertEqual(abi.MACROS["SQ_ABI_VERSION"], lib.sq_abi_version())
        self.assertRegex(lib.sq_version().decode(), r"^\d+\.\d+\.\d+")
        built = json.loads(lib.sq_build_info())
        self.assertLessEqual({"target", "features", "sqlite", "tls"}, set(built))
        self.assertEqual(lib.sq_version().decode(), built["version"])

    def test_static_texts_stay_where_they_are(self):
        lib2 = ctypes.CDLL(str(abi.LIBRARY))
        for name in ("sq_version", "sq_build_info"):
            function = getattr(lib2, name)
            function.restype = ctypes.c_void_p
            self.assertEqual(function(), function())
            function.restype = ctypes.c_char_p


class TheHeader(Plain):
    def test_every_function_of_the_header_is_in_the_library_and_nothing_else_is(self):
        listed = subprocess.run(["nm", "-D", "--defined-only", abi.LIBRARY], capture_output=True, text=True, check=True).stdout
        exported = {line.split()[-1].split("@")[0] for line in listed.splitlines()}
        self.assertEqual(set(abi.FUNCTIONS), exported)

    def test_every_function_is_declared_cdecl(self):
        # Rule 2: "cdecl, written out in the header for MSVC/mingw (SQ_CALL, SQ_API)".
        self.assertEqual([], [name for name, declaration in abi.FUNCTIONS.items() if not declaration.cdecl])

    def test_only_plain_types_are_used(self):
        plain = set(abi._TYPES) - {"void"}
        for declaration in abi.FUNCTIONS.values():
            self.assertIn(declaration.result, plain | {"void"}, declaration)
            self.assertLessEqual(set(declaration.arguments), plain, declaration)

    def test_the_functions_of_this_version_are_declared_as_the_contract_says(self):
        signatures = {
            "sq_echo": ("sq_status", ["sq_client *", "const char *", "sq_buffer **"]),
            "sq_buffer_get": ("sq_status", ["const sq_buffer *", "const char *", "char *", "uint32_t *"]),
            "sq_client_open": ("sq_status", ["const char *", "sq_client **", "sq_buffer **"]),
            "sq_client_open_file": ("sq_status", ["const char *", "sq_client **", "sq_buffer **"]),
            "sq_client_close": ("sq_status", ["sq_client *"]),
            "sq_check_credentials": ("sq_status", ["sq_client *", "sq_buffer **"]),
            "sq_payment_methods": ("sq_status", ["sq_client *", "const char *", "sq_buffer **"]),
            "sq_start_solicitation": ("sq_status", ["sq_client *", "const char *", "sq_buffer **"]),
            "sq_send_form": ("sq_status", ["sq_client *", "const char *", "const char *", "const char *", "sq_buffer **"]),
            "sq_hold": ("sq_status", ["sq_client *", "const char *", "const char *", "sq_buffer **"]),
            "sq_confirm": ("sq_status", ["sq_client *", "const char *", "const char *", "sq_buffer **"]),
            "sq_set_order_ref": ("sq_status", ["sq_client *", "const char *", "const char *", "const char *", "sq_buffer **"]),
            "sq_pending": ("sq_status", ["sq_client *", "sq_buffer **"]),
            "sq_order_new": ("sq_status", ["sq_client *", "sq_order **"]),
            "sq_order_set_text": ("sq_status", ["sq_order *", "const char *", "const char *"]),
            "sq_order_set_int": ("sq_status", ["sq_order *", "const char *", "int64_t"]),
            "sq_order_set_flag": ("sq_status", ["sq_order *", "const char *", "int32_t"]),
            "sq_order_add_item": ("sq_status", ["sq_order *"] + ["const char *"] * 3 + ["int64_t"] * 3),
            "sq_order_json": ("sq_status", ["sq_order *", "sq_buffer **"]),
            "sq_live_handles": ("int64_t", []),
            "sq_status_class": ("int32_t", ["sq_status"]),
            "sq_buffer_len": ("uint32_t", ["const sq_buffer *"]),
            "sq_buffer_text": ("const char *", ["const sq_buffer *"]),
        }
        for name, (result, arguments) in signatures.items():
            declaration = abi.FUNCTIONS[name]
            self.assertEqual((result, arguments), (declaration.result, declaration.arguments), name)


class WrongCalls(Till):
    """Each function of a client with each wrong argument: its code, a buffer, and no request."""

    #: function -> good arguments but for the client
    FUNCTIONS = {
        "sq_check_credentials": (),
        "sq_payment_methods": (None,),
        "sq_start_solicitation": (b"{}",),
        "sq_send_form": (b"0ebeeda9-b7ec-4f06-87e8-0cb4bcc051a2", b"pp3", None),
        "sq_hold": (b"0ebeeda9-b7ec-4f06-87e8-0cb4bcc051a2", None),
        "sq_confirm": (b"0ebeeda9-b7ec-4f06-87e8-0cb4bcc051a2", None),
        "sq_set_order_ref": (b"0ebeeda9-b7ec-4f06-87e8-0cb4bcc051a2", b"R", None),
        "sq_pending": (),
    }
    OPTIONAL = {("sq_payment_methods", 0), ("sq_send_form", 2), ("sq_hold", 1), ("sq_confirm", 1), ("sq_set_order_ref", 2)}

    def test_handles_that_are_no_client(self):
        closed = self.open(journal=":memory:")
        handle = closed.handle
        self.assertEqual(0, closed.close())
        self.assertEqual(1002, lib.sq_client_close(handle))
        for function, arguments in self.FUNCTIONS.items():
            for wrong in (None, handle, 0x1, 0x10, 0xDEADBEEF, 0x7FFFFFFFF000, 2 ** 64 - 1):
                with self.subTest(function, handle=wrong):
                    answer = abi.call(function, ctypes.c_void_p(wrong), *arguments)
                    self.assertStatus("SQ_INVALID_HANDLE", answer, "invalid_handle")
                    out = getattr(lib, function)(wrong, *arguments, None)
                    self.assertEqual(1002, out)
        self.assertEqual("SQ_INVALID_HANDLE", abi.call("sq_echo", ctypes.c_void_p(handle), "x").name)
        self.assertNothingSent()

    def test_closing_nothing_does_nothing(self):
        # Header: "NULL does nothing. Returns SQ_OK; SQ_INVALID_HANDLE for one that is closed already."
        self.assertEqual(0, lib.sq_client_close(None))
        self.assertEqual(1002, lib.sq_client_close(0x123456))

    def test_arguments_that_are_missing(self):
        client = self.open()
        for function, arguments in self.FUNCTIONS.items():
            for number in range(len(arguments)):
                if (function, number) in self.OPTIONAL:
                    continue
                wrong = [None if at == number else value for at, value in enumerate(arguments)]
                with self.subTest(function, missing=number):
                    self.assertStatus("SQ_INVALID_ARGUMENT", client.call(function, *wrong), "null_argument")
        self.assertNothingSent()

    def test_arguments_that_are_no_text(self):
        client = self.open()
        for function, arguments in self.FUNCTIONS.items():
            for number in range(len(arguments)):
                wrong = [b"ab\xffc" if at == number else value for at, value in enumerate(arguments)]
                with self.subTest(function, bad=number):
                    answer = self.assertStatus("SQ_INVALID_TEXT", client.call(function, *wrong), "invalid_text")
                    self.assertEqual(2, answer.document["errors"][0]["actual"])
        self.assertNothingSent()

    def test_nobody_needs_to_want_the_buffer(self):
        client = self.open()
        order = abi.text(orders.complete(orders.new_ref()))
        self.assertEqual(0, lib.sq_start_solicitation(client.handle, order, None))
        uuid = self.sim.orders()[0]["uuid"]
        self.sim.approve(uuid)
        self.assertEqual(0, lib.sq_confirm(client.handle, uuid.encode(), order, None))
        self.assertEqual(0, lib.sq_pending(client.handle, None))
        self.assertEqual(1006, lib.sq_start_solicitation(client.handle, b"{}", None))

    def test_buffers_stay_when_their_client_is_closed(self):
        client = self.open(journal=":memory:")
        out = ctypes.c_void_p()
        lib.sq_pending(client.handle, ctypes.byref(out))
        client.close()
        self.assertEqual("SQ_OK", json.loads(lib.sq_buffer_text(out))["status"])
        lib.sq_buffer_free(out)

    def test_a_hundred_clients_leave_nothing_behind(self):
        files = len(os.listdir("/proc/self/fd"))
        for _ in range(100):
            client = self.open()
            client.pending()
            client.close()
        self.assertLessEqual(len(os.listdir("/proc/self/fd")), files + 2)


class TheSchema(Plain):
    GOOD = {"status": "SQ_OK", "code": 0, "operation": "echo", "order": None, "http": None, "errors": [],
            "operator_message": "", "next": "none", "warnings": [], "data": {"text": "x", "bytes": 1}}

    def test_a_good_buffer_passes(self):
        schema.check(self.GOOD, 0, "sq_echo")

    def test_each_violation_is_found(self):
        problem = {"code": "x", "message": "x", "pointer": None, "expected": None, "actual": None}
        for change, returned in (
            ({"data": ...}, 0), ({"extra": 1}, 0), ({"code": 1}, 0), ({"status": "SQ_CONFLICT"}, 0), ({}, 1001),
            ({"next": "dance"}, 0), ({"operator_message": None}, 0), ({"order": {}}, 0), ({"http": {"status": 200}}, 0),
            ({"errors": None}, 0), ({"errors": [problem]}, 0), ({"warnings": [dict(problem, code=7)]}, 0),
            ({"warnings": [dict(problem, pointer="x")]}, 0), ({"warnings": [dict(problem, message="")]}, 0),
            ({"warnings": ["text"]}, 0), ({"data": {"text": "the sandbox_secret", "bytes": 1}}, 0), ({"operation": "start"}, 0),
            ({"data": None}, 0), ({"data": {"text": "x"}}, 0), ({"data": {"text": "x", "bytes": "1"}}, 0),
            ({"data": {"text": "x", "bytes": 1, "its_name": 1}}, 0),
        ):
            document = {key: value for key, value in {**self.GOOD, **change}.items() if value is not ...}
            with self.subTest(change), self.assertRaises(schema.Violation):
                schema.check(document, returned, "sq_echo")

    def test_the_published_schema_has_the_same_closed_lists(self):
        published = schema.published()
        self.assertTrue(published, "docs/result-buffer.schema.json is published with the library")
        text = published.read_text(encoding="utf-8")
        document = json.loads(text)
        self.assertLessEqual(schema.FIELDS, set(document["required"]))
        for word in (*schema.NEXT, *schema.STATES, *schema.STATUSES):
            self.assertIn(f'"{word}"', text)


if __name__ == "__main__":
    unittest.main()
