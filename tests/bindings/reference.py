"""The player that all others are compared with: the C ABI by plain ctypes, no binding, nothing added."""

import ctypes
import os
import sys
from pathlib import Path

os.environ["SEQURA_TEST_QUIET"] = "1"
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "python"))

from abi import STATUS_NAMES, lib  # noqa: E402: it is in the folder just named

_ESCAPES = {b"\\": b"\\\\", b"\t": b"\\t", b"\n": b"\\n", b"\r": b"\\r"}
_PLAIN = {b"\\": b"\\", b"t": b"\t", b"n": b"\n", b"r": b"\r"}

clients, orders = {}, {}
result = ctypes.c_void_p()  # the last one


def plain(field: bytes):
    if field == b"\\N":
        return None
    first, *rest = field.split(b"\\")
    out, rest = [first], iter(rest)
    for piece in rest:
        # Two escapes that follow one another are parted by an empty piece.
        out.append(_PLAIN[piece[:1]] + piece[1:] if piece else b"\\" + next(rest, b""))
    return b"".join(out)


def escaped(text: bytes) -> bytes:
    for letter, escape in _ESCAPES.items():
        text = text.replace(letter, escape)
    return text


def text_of(buffer) -> bytes:
    return lib.sq_buffer_text(buffer)


def new_result():
    lib.sq_buffer_free(result)
    result.value = None
    return ctypes.byref(result)


def open_client(function, name, argument):
    client = ctypes.c_void_p()
    status = function(argument, ctypes.byref(client), new_result())
    clients[name] = client.value
    return status, text_of(result)


def call(name, function, *arguments):
    function = getattr(lib, "sq_" + function.decode())
    wanted = function.argtypes[1:-1]
    ready = [int(one) if kind in (ctypes.c_int32, ctypes.c_int64) else one for kind, one in zip(wanted, arguments)]
    status = function(clients.get(name), *ready, new_result())
    return status, text_of(result)


def order_new(name, client):
    order = ctypes.c_void_p()
    status = lib.sq_order_new(clients.get(client), ctypes.byref(order))
    orders[name] = order.value
    return status, b""


def order_json(name):
    out = ctypes.c_void_p()
    status = lib.sq_order_json(orders[name], ctypes.byref(out))
    text = text_of(out)
    lib.sq_buffer_free(out)
    return status, text


def order_free(name):
    lib.sq_order_free(orders[name])
    return 0, b""


def value(pointer):
    length = ctypes.c_uint32()
    status = lib.sq_buffer_get(result, pointer, None, ctypes.byref(length))
    if status != 1010:  # SQ_BUFFER_TOO_SMALL: there is something
        return status, b""
    memory = ctypes.create_string_buffer(length.value)
    status = lib.sq_buffer_get(result, pointer, ctypes.addressof(memory), ctypes.byref(length))
    return status, memory.value


def library(function, *arguments):
    if function == b"live_handles":
        new_result()
    said = getattr(lib, "sq_" + function.decode())(*map(int, arguments))
    return 0, said if isinstance(said, bytes) else b"%d" % said


VERBS = {
    b"open": lambda name, config: open_client(lib.sq_client_open, name, config),
    b"open_file": lambda name, path: open_client(lib.sq_client_open_file, name, path),
    b"close": lambda name: (lib.sq_client_close(clients[name]), b""),
    b"call": call,
    b"order_new": order_new,
    b"order_set_text": lambda name, pointer, text: (lib.sq_order_set_text(orders[name], pointer, text), b""),
    b"order_set_int": lambda name, pointer, number: (lib.sq_order_set_int(orders[name], pointer, int(number)), b""),
    b"order_set_flag": lambda name, pointer, flag: (lib.sq_order_set_flag(orders[name], pointer, int(flag)), b""),
    b"order_add_measured": lambda order, kind, reference, name, quantity, unit, price: (
        lib.sq_order_add_measured(orders[order], kind, reference, name, quantity, unit, int(price)), b""),
    b"order_add_item": lambda order, kind, reference, name, *numbers: (
        lib.sq_order_add_item(orders[order], kind, reference, name, *map(int, numbers)), b""),
    b"order_json": order_json,
    b"order_free": order_free,
    b"value": value,
    b"library": library,
}


def main():
    out = sys.stdout.buffer
    out.write(b"ready\treference\tbytes\n")
    out.flush()
    for line in sys.stdin.buffer:
        verb, *fields = (plain(field) for field in line.rstrip(b"\n").split(b"\t"))
        if verb == b"quit":
            break
        status, text = VERBS[verb](*fields)
        name = b"-" if status == 0 else STATUS_NAMES[status].encode()
        out.write(b"%d\t%s\t%s\n" % (status, name, escaped(text)))
        out.flush()


if __name__ == "__main__":
    main()
