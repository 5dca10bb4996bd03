"""The player of Python: see tests/bindings/README.md. Everything goes through the package sequra_pos."""

import json
import re
import sys

import sequra_pos

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_PLAIN = {"\\": "\\", "t": "\t", "n": "\n", "r": "\r"}

clients, orders = {}, {}
last = None  # the last result


def plain(field):
    return None if field == "\\N" else re.sub(r"\\(.)", lambda found: _PLAIN[found[1]], field)


def keep(result):
    """The result of a call becomes the last one."""
    global last
    last = result
    return result.text


def opened(name, client):
    clients[name] = client
    return keep(client.opened)


def call(name, function, *arguments):
    if function == "log_dismiss":
        arguments = [int(arguments[0])]
    if function == "receipt":
        arguments = [arguments[0], int(arguments[1])]
    if function == "credit_agreements":
        whom, cents, currency = arguments
        arguments = [int(cents), whom, currency]
    of = sequra_pos if name is None else clients[name]
    return keep(getattr(of, function)(*arguments))


def order_new(name, client):
    orders[name] = sequra_pos.OrderBuilder(*[clients[client]] if client else [])


def add_item(order, kind, reference, name, quantity, price, total):
    orders[order].add_item(kind, reference, name, quantity=int(quantity), price_with_tax=int(price),
                           total_with_tax=int(total))


def library(function, *arguments):
    global last
    if function == "live_handles":
        last = None
    elif function == "version":
        function = "library_version"
    elif function == "build_info":
        return json.dumps(sequra_pos.build_info())
    return str(getattr(sequra_pos, function)(*map(int, arguments)))


VERBS = {
    "open": lambda name, config: opened(name, sequra_pos.Client(config)),
    "open_file": lambda name, path: opened(name, sequra_pos.Client.open_file(path)),
    "close": lambda name: clients[name].close(),
    "call": call,
    "order_new": order_new,
    "order_set_text": lambda name, pointer, text: orders[name].set(pointer, text),
    "order_set_int": lambda name, pointer, number: orders[name].set(pointer, int(number)),
    "order_set_flag": lambda name, pointer, flag: orders[name].set(pointer, flag == "1"),
    "order_add_item": add_item,
    "order_add_measured": lambda order, kind, reference, name, quantity, unit, price: orders[order].add_measured(
        kind, reference, name, quantity, unit, price_with_tax=int(price)),
    "order_json": lambda name: orders[name].json(),
    "order_free": lambda name: orders[name].free(),
    "value": lambda pointer: last.value(pointer),
    "library": library,
}


def answer(verb, fields):
    try:
        return 0, "-", VERBS[verb](*fields) or ""
    except sequra_pos.SequraError as error:
        if error.result is not None:
            return error.status, type(error).__name__, keep(error.result)
        return error.status, type(error).__name__, str(error)
    except (ValueError, TypeError) as error:
        return -1, type(error).__name__, str(error)


def main():
    requests, out = sys.stdin.buffer, sys.stdout.buffer
    out.write(b"ready\tpython\tunicode\n")
    out.flush()
    for line in requests:
        verb, *fields = map(plain, line.decode("utf-8").rstrip("\n").split("\t"))
        if verb == "quit":
            break
        status, exception, text = answer(verb, fields)
        said = "{}\t{}\t{}\n".format(int(status), exception, text.translate(_ESCAPES))
        out.write(said.encode("utf-8"))
        out.flush()


if __name__ == "__main__":
    main()
