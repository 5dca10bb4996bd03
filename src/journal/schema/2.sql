-- Version 2: what seQura has paid out, to be held against what was settled here.

-- Cents that the disbursements known here have paid for the order.
ALTER TABLE orders ADD COLUMN paid INTEGER NOT NULL DEFAULT 0;

CREATE INDEX orders_paid_otherwise ON orders (endpoint, id) WHERE state = 'settled' AND paid IS NOT amount;

-- A disbursement whose lines have been read.
CREATE TABLE disbursements (
    id            INTEGER PRIMARY KEY,
    endpoint      TEXT NOT NULL,
    merchant_id   TEXT NOT NULL,
    path          TEXT NOT NULL,           -- seQura's address of it
    reference     TEXT,
    issue_date    TEXT,
    currency      TEXT,
    UNIQUE (path, endpoint)
) STRICT;

-- Its lines: what was paid for which order.
CREATE TABLE payouts (
    id              INTEGER PRIMARY KEY,
    disbursement_id INTEGER NOT NULL REFERENCES disbursements (id),
    order_id        INTEGER REFERENCES orders (id), -- NULL: no order of this journal
    order_ref_1     TEXT NOT NULL,
    amount          INTEGER NOT NULL       -- cents; negative: taken back
) STRICT;

CREATE INDEX payouts_by_order ON payouts (order_id) WHERE order_id IS NOT NULL;
CREATE INDEX payouts_unknown ON payouts (order_ref_1) WHERE order_id IS NULL;
