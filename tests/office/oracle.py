"""What must hold between the books, whatever was killed, cut, put back or destroyed. Each function gives what is wrong, in
sentences; nothing: all is well. test_oracle.py spoils the books, and sees each of them said."""


#: Of which seQura has confirmed the sale.
CONFIRMED = ("confirmed", "referencing", "ref_conflicted", "settled", "taken_over")
#: And of which it owes the till nothing yet.
AT_RISK = ("confirmed", "referencing", "ref_conflicted")
#: What stands in a column of its own.
LOOKED_FOR = ("endpoint", "merchant_id", "uuid", "state", "order_ref_1", "amount", "currency", "created_at", "updated_at")


def acknowledged_stays(line, lives, journal_id):
    """Statement 2: the office stands where it said it stands, or further on."""
    wrong = []
    for (journal, incarnation), positions in line.acknowledged.items():
        if journal != journal_id or not positions:
            continue
        last = positions[-1]
        life = lives.get(incarnation)
        if life is None:
            wrong.append(f"{journal_id}: the life {incarnation} was acknowledged up to {last}, and the office has none")
        elif life.position is None or life.position[0] < last[0]:
            wrong.append(f"{journal_id}: {last} of {incarnation} was acknowledged, and the office stands at {life.position}")
        elif life.position[0] == last[0] and life.position[1] != last[1]:
            wrong.append(f"{journal_id}: {last} was acknowledged, and the office has the nonce {life.position[1]} there")
    return wrong


def rows_agree(journal, life, whole=False):
    """Statement 3: what the till had not changed since the office's position is there, column by column; with `whole`
    nothing has changed since."""
    wrong, name = [], f"{journal.journal_id} {life.incarnation}"
    if life.position is None:
        return [f"{name}: the office has nothing"] if whole else []
    if not journal.holds(life.position):
        return [f"{name}: the office stands at {life.position}, where this journal has never been"]
    later = journal.not_told(life.position)
    if whole and later:
        wrong.append(f"{name}: the office was to have everything, and lacks what was noted of {sorted(later)}")
    for number, here in journal.orders.items():
        if number in later or (number == 0 and 0 not in life.orders and not here):
            continue
        wrong += compare(f"{name} order {number}", here, life.orders.get(number))
    wrong += [f"{name}: the office has order {number}, which the journal has not"
              for number in life.columns if number not in journal.orders]
    for number, row in journal.log.items():
        if -number not in later:
            wrong += compare(f"{name} entry {number}", [("log", row)], [("log", life.log.get(number))])
    # Entries do not change: what the office has of those behind its position agrees as well.
    for number, row in life.log.items():
        if number in journal.log and -number in later:
            wrong += compare(f"{name} entry {number}", [("log", journal.log[number])], [("log", row)])
        elif number not in journal.log:
            wrong.append(f"{name}: the office has entry {number}, which the journal has not")
    wrong += [f"{name}: {what} cannot be opened" for what in life.closed]
    wrong += [f"{name}: set aside: {what}" for what in life.aside]
    if life.broken_at is not None:
        wrong.append(f"{name}: the office finds the log's chain broken at {life.broken_at}")
    return wrong + columns_agree(name, life)


def compare(name, here, there):
    if there is None:
        return [f"{name}: the office lacks it"]
    wrong = []
    for at in range(max(len(here), len(there))):
        (table, row), (other, its) = (part[at] if at < len(part) else (None, None) for part in (here, there))
        if table != other or row is None or its is None:
            wrong.append(f"{name}: the till has {table} there, the office {other if its is not None else None}")
            continue
        for column in sorted(set(row) | set(its)):
            if row.get(column, "no such column") != its.get(column, "no such column"):
                wrong.append(f"{name}: {table}.{column} is {row.get(column)!r} at the till and {its.get(column)!r} at the office")
    return wrong


def columns_agree(name, life):
    """What people look for is what the row says."""
    wrong = []
    for number, rows in life.orders.items():
        own = next((row for table, row in rows if table == "orders"), None)
        for column in LOOKED_FOR if own else ():
            if life.columns[number][column] != own[column]:
                wrong.append(f"{name} order {number}: the column {column} says {life.columns[number][column]!r}, "
                             f"its row {own[column]!r}")
    return wrong


class Destroyed:
    """Statement 1, of one disk: every confirmed order, as it was acknowledged or was not."""

    def __init__(self, journal, acknowledged, life, confirmed, reason):
        """`acknowledged`: the position that an office has answered; `confirmed`: seQura's orders that are sold."""
        self.kept, self.lost, self.not_told, self.at_risk, self.unlisted = [], [], [], [], []
        later = journal.not_told(acknowledged) if acknowledged else None
        for number, rows in journal.orders.items():
            own = next((row for table, row in rows if table == "orders"), None)
            if own is None or own["uuid"] not in confirmed:
                continue
            entries = [entry for entry in journal.log.values()
                       if entry["order_id"] == number and entry["state"] in CONFIRMED]
            # The one that brought the news; none: the till died before it could hear it.
            first = min((entry["id"] for entry in entries), default=None)
            is_told = later is not None and (-first not in later if first else number not in later)
            if not is_told:
                self.not_told.append((own["uuid"], own["amount"], reason))
            elif first is None:
                self._in_flight(number, own, life)
            else:
                self._told(number, own, life)

    def _told(self, number, own, life):
        listed = life and life.columns.get(number)
        is_right = listed and listed["uuid"] == own["uuid"] and listed["state"] in CONFIRMED + ("cancelled",) \
            and (listed["state"] != "confirmed" or listed["amount"] is not None)
        if not is_right:
            self.lost.append(f"{own['uuid']} ({own['amount']} cents, {own['state']}): the office has "
                             f"{listed and (listed['state'], listed['amount'])}")
            return
        self.kept.append(own["uuid"])
        if listed["state"] in AT_RISK:
            if listed["at_risk"] == listed["amount"]:
                self.at_risk.append(own["uuid"])
            else:
                self.lost.append(f"{own['uuid']} is {listed['state']}, and its money at risk is {listed['at_risk']}")

    def _in_flight(self, number, own, life):
        """seQura has confirmed what the till had only asked for: the office knows that it was asked for."""
        listed = life and life.columns.get(number)
        if not listed or listed["uuid"] != own["uuid"]:
            self.lost.append(f"{own['uuid']} was being confirmed, and the office has {listed}")
        elif listed["at_risk"] is None:
            self.unlisted.append(f"{own['uuid']}: seQura has confirmed it, the office has {listed['state']} with the step "
                                 f"{listed['open_step']} under way, and no money at risk")
        else:
            self.kept.append(own["uuid"])
            self.at_risk.append(own["uuid"])


def forked(journal, before, lives):
    """Statement 5: a disk that has never been where the office stands, though it goes by that life's name, begins another
    one. `before`: (incarnation, position) as the office had them when the disk came back."""
    incarnation, position = before
    if position is None or journal.incarnation != incarnation or journal.holds(position):
        return []
    return [f"{journal.journal_id}: the disk was never at {position} of {incarnation}, and still goes by that name"]


def history_stays(before, after):
    """Statement 5: what the office had of an ended life it has."""
    wrong = []
    for incarnation, was in before.items():
        life = after.get(incarnation)
        if life is None:
            wrong.append(f"the life {incarnation} is gone")
            continue
        for number in was.orders:
            if number not in life.orders:
                wrong.append(f"{incarnation}: order {number} is gone")
        for number, row in was.log.items():
            wrong += compare(f"{incarnation} entry {number}", [("log", row)], [("log", life.log.get(number))])
    return wrong


