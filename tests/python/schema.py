"""The shape that every result buffer must have, from the contract ("The result buffer").

`check` is called for every buffer that the suite receives. What its `data` holds is what docs/result-buffer.schema.json
says of that operation, of which typed languages have their types.
"""

import functools
import json
import re
from pathlib import Path

FIELDS = {"status", "code", "operation", "order", "http", "errors", "operator_message", "next", "warnings", "data"}
ORDER = {"url", "uuid", "state", "shop_status", "order_ref_1", "order_ref_2", "cart_ref", "merchant_id", "amount",
         "currency", "portal_url"}
HTTP = {"status", "request_id", "attempts", "elapsed_ms"}
PROBLEM = {"code", "message", "pointer", "expected", "actual", "operator_message"}
NEXT = {"none", "send_form", "confirm", "set_order_ref", "ship", "choose_another_ref", "fix_order", "restart_checkout",
        "call_again", "recover", "fix_configuration", "contact_sequra"}
STATES = {"soliciting", "solicited", "form_sent", "held", "confirming", "confirmed", "referencing", "settled",
          "conflicted", "ref_conflicted", "cancelled", "abandoned"}
STATUSES = {
    "SQ_OK": 0, "SQ_INVALID_ARGUMENT": 1001, "SQ_INVALID_HANDLE": 1002, "SQ_INVALID_TEXT": 1003,
    "SQ_INVALID_JSON": 1004, "SQ_INVALID_CONFIG": 1005, "SQ_INVALID_ORDER": 1006, "SQ_FOREIGN_URL": 1007,
    "SQ_UNKNOWN_ORDER": 1008, "SQ_WRONG_STATE": 1009, "SQ_BUFFER_TOO_SMALL": 1010, "SQ_TAKEN_OVER": 1011, "SQ_CONFLICT": 2409,
    "SQ_DUPLICATE_ORDER_REF": 2001, "SQ_UNAUTHORIZED": 2401, "SQ_FORBIDDEN": 2403, "SQ_NOT_FOUND": 2404,
    "SQ_GONE": 2410, "SQ_RATE_LIMITED": 2429, "SQ_REFUSED": 2400, "SQ_UNREACHABLE": 3001,
    "SQ_OUTCOME_UNKNOWN": 3002, "SQ_SERVER_ERROR": 3500, "SQ_TLS": 3003, "SQ_BAD_RESPONSE": 3004,
    "SQ_JOURNAL": 4001, "SQ_BUSY": 4002, "SQ_INTERNAL": 9001,
}

#: Which secrets and which personal data no message of any buffer may show (set up by the tests).
SECRETS = {"sandbox_secret", "other_secret", "geheim-és-secreto"}

#: How many buffers were checked, for the suite's own sanity.
checked = 0

#: Every status that some buffer, or some return value, has shown in this run.
seen = set()


class Violation(AssertionError):
    """A buffer that breaks the contract."""


def require(condition, complaint):
    if not condition:
        raise Violation(complaint)


def is_text(value):
    return isinstance(value, str)


def is_whole(value):
    return isinstance(value, int) and not isinstance(value, bool)


def optional(check, value):
    return value is None or check(value)


def problem(entry, where):
    require(isinstance(entry, dict) and set(entry) == PROBLEM, f"{where}: keys {entry}")
    require(is_text(entry["code"]) and re.fullmatch(r"[a-z][a-z0-9_]*", entry["code"]), f"{where}/code: {entry}")
    require(is_text(entry["message"]) and entry["message"].strip(), f"{where}/message: {entry}")
    said = entry["operator_message"]
    require(said is None or (is_text(said) and said.strip()), f"{where}/operator_message: {entry}")
    pointer = entry["pointer"]
    require(optional(is_text, pointer), f"{where}/pointer: {entry}")
    require(not pointer or pointer.startswith("/"), f"{where}/pointer is no JSON pointer: {pointer!r}")


def check(document, returned, function):
    """Raises Violation where `document` is not what the contract promises."""
    global checked
    checked += 1
    seen.add(returned)
    require(isinstance(document, dict), f"{function}: not an object: {document!r}")
    require(set(document) == FIELDS, f"{function}: fields {sorted(document)}")
    require(STATUSES.get(document["status"]) == document["code"], f"{function}: {document['status']} is not {document['code']}")
    require(document["code"] == returned, f"{function} returned {returned}, its buffer says {document['code']}")
    require(is_text(document["operation"]) and f"sq_{document['operation']}".startswith(function.rsplit("_file", 1)[0]),
            f"{function}: operation {document['operation']!r}")
    require(document["next"] in NEXT, f"{function}: next {document['next']!r}")
    require(is_text(document["operator_message"]), f"{function}: operator_message")
    require(returned == 0 or document["operator_message"].strip(), f"{function}: {returned} without a word to the operator")

    order = document["order"]
    if order is not None:
        require(isinstance(order, dict) and set(order) == ORDER, f"{function}: order {order}")
        for key in ORDER - {"amount", "state"}:
            require(optional(is_text, order[key]), f"{function}: order/{key} {order[key]!r}")
        require(order["state"] in STATES, f"{function}: order/state {order['state']!r}")
        require(optional(is_whole, order["amount"]), f"{function}: order/amount {order['amount']!r}")

    http = document["http"]
    if http is not None:
        require(isinstance(http, dict) and set(http) == HTTP, f"{function}: http {http}")
        require(optional(is_whole, http["status"]), f"{function}: http/status")
        require(optional(is_text, http["request_id"]), f"{function}: http/request_id")
        require(is_whole(http["attempts"]) and http["attempts"] >= 0, f"{function}: http/attempts")
        require(is_whole(http["elapsed_ms"]) and http["elapsed_ms"] >= 0, f"{function}: http/elapsed_ms")

    for name in ("errors", "warnings"):
        require(isinstance(document[name], list), f"{function}: {name}")
        for number, entry in enumerate(document[name]):
            problem(entry, f"{function}: {name}/{number}")
    require((returned == 0) == (not document["errors"]), f"{function}: {returned} with errors {document['errors']}")
    if 1000 <= returned < 2000:
        require(http is None or http["attempts"] == 0, f"{function}: {returned} means nothing was sent, http says {http}")

    for secret in SECRETS:
        require(secret not in str(document), f"{function}: the buffer shows the account's secret")

    wrong = misfits(data_of(document["operation"], returned), document["data"], f"{function}: /data")
    require(not wrong, wrong)


KINDS = {"string": is_text, "integer": is_whole, "boolean": lambda value: isinstance(value, bool),
         "null": lambda value: value is None, "object": lambda value: isinstance(value, dict),
         "array": lambda value: isinstance(value, list)}


@functools.lru_cache(maxsize=None)
def whole_schema():
    return json.loads(published().read_text(encoding="utf-8"))


@functools.lru_cache(maxsize=None)
def data_of(operation, returned):
    """What the schema says of `data`: each operation has a rule, and what has none has no data."""
    *rules, rest = whole_schema()["allOf"]
    for rule in rules:
        if rule["if"]["properties"]["operation"]["const"] == operation:
            told = rule["then"]
            return (told["then"] if returned == 0 else told["else"])["properties"]["data"]
    return rest["then"]["properties"]["data"]


def misfits(schema, value, where):
    """What does not fit at the first place that does not; "" where all does. As much of JSON Schema as is written there."""
    if "$ref" in schema:
        target = whole_schema()
        for name in schema["$ref"].split("/")[1:]:
            target = target[name]
        return misfits(target, value, where)
    ways = schema.get("oneOf") or schema.get("anyOf")
    if ways:
        complaints = [misfits(way, value, where) for way in ways]
        return "" if "" in complaints else max(complaints, key=len)
    if "const" in schema and value != schema["const"]:
        return f"{where}: {value!r} is not {schema['const']!r}"
    if "enum" in schema and value not in schema["enum"]:
        return f"{where}: {value!r} is none of {schema['enum']}"
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if kinds and not any(KINDS[kind](value) for kind in kinds):
        return f"{where}: {value!r} is no {' or '.join(kinds)}"
    if isinstance(value, list):
        return next(filter(None, (misfits(schema.get("items", {}), entry, f"{where}/{number}") for number, entry in enumerate(value))), "")
    if not isinstance(value, dict):
        return ""
    missing = sorted(set(schema.get("required", [])) - set(value))
    if missing:
        return f"{where}: without {missing}"
    known, others = schema.get("properties", {}), schema.get("additionalProperties", {})
    for name, entry in value.items():
        if name not in known and others is False:
            return f"{where}/{name}: the schema does not know it"
        wrong = misfits(known.get(name, others), entry, f"{where}/{name}")
        if wrong:
            return wrong
    return ""


def published():
    """The published schema, or None where it is not there."""
    place = Path(__file__).resolve().parents[2] / "docs" / "result-buffer.schema.json"
    return place if place.exists() else None
