"""A program of its own for tests that need one: `python3 worker.py JOB ARGUMENT`, JSON in, JSON lines out.

Each job prints what happened, nothing else; whatever the library itself might print would show beside it.
"""

import json
import os
import sys


def say(**what):
    os.write(3, (json.dumps(what) + "\n").encode())


def stranger(first):
    """Another program at the journal: reads it, and holds it for itself.

    It must be a process of its own: file locks belong to processes, so that a second SQLite in the tests' process
    would neither be kept out by the library's locks nor keep it out, and would even drop them.
    """
    import sqlite3

    locks = {}
    for line in sys.stdin:
        task = json.loads(line)
        place = task["journal"]
        try:
            if task["do"] == "read":
                connection = sqlite3.connect(f"file:{place}?mode=ro", uri=True, timeout=20)
                connection.row_factory = sqlite3.Row
                rows = [{key: value.hex() if isinstance(value, bytes) else value for key, value in dict(row).items()}
                        for row in connection.execute(task["query"], task["parameters"])]
                connection.close()
                say(rows=rows)
            elif task["do"] == "write":
                connection = sqlite3.connect(place, timeout=20)
                connection.executescript(task["query"])
                connection.close()
                say()
            elif task["do"] == "lock":
                locks[place] = sqlite3.connect(place, isolation_level=None, timeout=20)
                locks[place].execute(task["query"])
                locks[place].execute("SELECT * FROM sqlite_schema").fetchall()
                say()
            elif task["do"] == "unlock":
                locks.pop(place).close()
                say()
        except sqlite3.Error as error:
            say(error=str(error))


def many_calls(task):
    """So many calls on each of several threads."""
    import threading

    import abi

    client = abi.Client(task["config"])

    def some():
        for _ in range(task["calls"]):
            client.pending()

    threads = [threading.Thread(target=some) for _ in range(task["threads"])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    client.close()


def confirm(task):
    """Confirms an order; says `calling` just before."""
    import abi

    client = abi.Client(task["config"])
    say(event="calling")
    answer = client.confirm(task["url"], task.get("order"))
    say(event="done", status=answer.name, document=answer.document)
    client.close()


def call(task):
    """Any function of a client; says `calling` just before."""
    import abi

    client = abi.Client(task["config"])
    say(event="calling")
    answer = client.call(task["function"], *task["arguments"])
    say(event="done", status=answer.name, document=answer.document)
    client.close()


def settle_and_die(task):
    """Registers a reference, says what came of it, and is killed."""
    import signal

    import abi

    client = abi.Client(task["config"])
    answer = client.set_ref(task["url"], "R-1")
    say(state=answer.state)
    os.kill(os.getpid(), signal.SIGKILL)


def open(task):
    """Opens a client and says what came of it."""
    import abi

    client = abi.Client(task["config"])
    say(status=client.opened.name, document=client.opened.document)
    if client.handle:
        client.close()


def ask(task):
    """Opens a client, asks a question, and says what came of the opening."""
    import abi

    client = abi.Client(task["config"])
    if client.handle:
        client.check_credentials()
        client.close()
    say(status=client.opened.name, document=client.opened.document)


def hold(task):
    """Opens a client and keeps it open until its input ends."""
    import abi

    client = abi.Client(task["config"])
    say(status=client.opened.name, document=client.opened.document)
    sys.stdin.read()
    if client.handle:
        client.close()


def hold_open(task):
    """Has a journal open as any SQLite has, until its input ends."""
    import sqlite3

    connection = sqlite3.connect(task["journal"], isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("BEGIN")
    connection.execute("SELECT * FROM sqlite_schema").fetchall()
    say(event="open")
    sys.stdin.read()
    connection.close()


def sell(task):
    """Begins sales, one after the other, until its input ends; says each."""
    import select

    import abi
    import orders

    client = abi.Client(task["config"])
    while not select.select([sys.stdin], [], [], 0)[0]:
        say(uuid=client.start(orders.complete()).uuid)
    client.close()


def disk_full(task):
    """Starts an order while no file of this process may grow."""
    import resource

    import abi

    client = abi.Client(task["config"])
    largest = max(os.path.getsize(task["config"]["journal"] + suffix) for suffix in ("", "-wal", "-shm")
                  if os.path.exists(task["config"]["journal"] + suffix))
    resource.setrlimit(resource.RLIMIT_FSIZE, (task.get("room", 0) or largest, resource.RLIM_INFINITY))
    answers = []
    for order in task["orders"]:
        answers.append(client.start(order))
        if answers[-1].status:
            break
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    again = client.start(task["orders"][len(answers) - 1])
    say(answers=[[answer.name, answer.codes, answer.next, answer.warned] for answer in answers], again=again.name)
    client.close()


def errors(task):
    """Goes through all that may go wrong, loudly if the library were loud."""
    import ctypes

    import abi

    statuses = set()

    def note(answer):
        statuses.add(answer.status)

    note(abi.Client(None).opened)
    note(abi.Client(b"\xff").opened)
    note(abi.Client("{").opened)
    note(abi.Client({"nonsense": 1}).opened)
    note(abi.Client(dict(task["config"], journal="/no/such/folder/x.db")).opened)
    note(abi.Client(path="/no/such/file.json").opened)
    client = abi.Client(task["config"])
    note(client.opened)
    note(client.start(None))
    note(client.start(b"\xff\xfe"))
    note(client.start("{"))
    note(client.start("[]"))
    note(client.start({"merchant": {"notify_url": "https://x.example/"}}))
    note(client.confirm("https://evil.example/orders/0ebeeda9-b7ec-4f06-87e8-0cb4bcc051a2"))
    note(client.confirm("0ebeeda9-b7ec-4f06-87e8-0cb4bcc051a2"))
    started = client.start(task["order"])
    note(started)
    note(client.set_ref(started.url, "X"))
    note(client.confirm(started.url))
    note(client.payment_methods(started.url[:-4] + "0000"))
    lost = abi.Client(dict(task["config"], base_url="http://127.0.0.1:9", journal=":memory:",
                           timeouts={"connect_ms": 200, "total_ms": 300}))
    note(lost.start(task["order"]))
    for url in task["bad_tls"]:
        bad = abi.Client(dict(task["config"], base_url=url, journal=":memory:", roots={"file": task["ca_file"]}))
        note(bad.check_credentials())
        bad.close()
    lost.close()
    for made_up in (0x1, 0x7FFFFFFF, 0xDEADBEEFDEADBEEF, client.handle ^ 0xFF00):
        note(abi.call("sq_pending", ctypes.c_void_p(made_up)))
        abi.lib.sq_buffer_free(made_up)
        abi.lib.sq_order_free(made_up)
        abi.lib.sq_buffer_text(made_up)
    client.close()
    note(client.pending())
    say(statuses=sorted(statuses), live=abi.live_handles())


if __name__ == "__main__":
    globals()[sys.argv[1]](json.loads(sys.stdin.readline()))
