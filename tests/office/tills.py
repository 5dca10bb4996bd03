"""Tills, each a process of its own that is forked from this one, since loading the library takes longer than a till lives.

    tills.py    a JSON line for each till comes in: {"config", "told", "seed", "sell"}; its process id goes out

A till sells until it is killed, or until the file `stop` is beside what it has told. Each call and its outcome is a line in
`told`, which does not lie on the till's disk."""

import json
import os
import random
import signal
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "python"))

#: Of whom nothing may be found anywhere. No other text of these tests has any of these letters in a row.
SHOPPER = {"given_names": "Zoraida", "surnames": "Quintanapalla Uriz", "email": "zoraida.q@buzon-secreto.example",
           "nin": "23232323T", "mobile_phone": "+34 698 765 432", "address_line_1": "Calle Escondida 77"}
MARKS = ("Zoraida", "Quintanapalla", "buzon-secreto", "23232323T", "698 765 432", "Escondida 77", "1980-01-20")


def order(total, ref):
    import orders
    made = orders.small(total)
    made["cart"]["cart_ref"] = ref
    for block in ("delivery_address", "invoice_address"):
        made[block].update({name: SHOPPER[name] for name in ("given_names", "surnames", "mobile_phone", "address_line_1")})
    made["customer"].update({name: SHOPPER[name] for name in ("given_names", "surnames", "email", "nin")})
    return made


class Told:
    """What a till tells of itself."""

    def __init__(self, path):
        self.file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)

    def line(self, **what):
        os.write(self.file, (json.dumps({"at": time.monotonic(), **what}) + "\n").encode())


class Till:
    def __init__(self, task):
        import abi
        self.told, self.chance = Told(task["told"]), random.Random(task["seed"])
        self.stop = Path(task["told"] + ".stop")
        self.name, self.number, self.pause_s = task["name"], 0, task.get("pause_s", 0)
        began = time.monotonic()
        self.client = abi.Client(task["config"])
        self.told.line(call="open", status=self.client.opened.name, s=time.monotonic() - began)
        assert self.client.handle, self.client.opened.document

    def call(self, function, *arguments, **more):
        began = time.monotonic()
        answer = getattr(self.client, function)(*arguments)
        self.told.line(call=function, status=answer.name, state=answer.state, s=time.monotonic() - began, **more)
        return answer

    def sale(self):
        self.number += 1
        ref, total = f"{self.name}-{self.number}", self.chance.randrange(100, 90000)
        cart = order(total, ref)
        started = self.call("start", cart)
        if started.name != "SQ_OK":
            return
        how = self.chance.random()
        if how < 0.05:
            return  # The shopper goes.
        self.call("send_form", started.url)
        if how < 0.08:
            return
        self.call("confirm", started.url, cart, uuid=started.uuid)
        if how < 0.25:
            return  # Confirmed, and its reference comes from another program, or never.
        self.call("set_ref", started.url, ref)
        if how < 0.40:
            return self.told.line(**self.after(ref, how))

    def after(self, ref, how):
        if how < 0.30:
            return {"call": "cancel", "status": self.client.call("sq_cancel", ref, "customer").name}
        shipped = {"call": "ship", "status": self.client.call("sq_ship", ref, None).name}
        if how < 0.35:
            return shipped
        return {"call": "refund", "status": self.client.call("sq_refund", ref, {"amount": 50}).name}

    def sell(self, most):
        while self.number < most and not self.stop.exists():
            self.sale()
            time.sleep(self.pause_s * self.chance.random())
        self.client.close()
        self.told.line(call="close")


def main():
    import abi, orders  # noqa: F401, before anybody forks
    from cluster import ends_with_us
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        task = json.loads(line)
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                ends_with_us()()
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                if "clock" in task:
                    os.environ["SEQURA_POS_CLOCK"] = task["clock"]
                Till(task).sell(task.get("most", 10 ** 9))
                code = 0
            except BaseException as error:
                Told(task["told"]).line(call="broken", status=f"{type(error).__name__}: {error}"[:400])
            finally:
                os._exit(code)
        print(pid, flush=True)


if __name__ == "__main__":
    main()
