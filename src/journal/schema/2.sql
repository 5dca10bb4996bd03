-- Version 2: what seQura has paid out, to be held against what was settled here; answers to questions; delivery
-- reports.

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

-- Answers to questions, for when seQura cannot be reached. Nothing of any shopper.
CREATE TABLE kept_answers (
    name          TEXT NOT NULL,
    endpoint      TEXT NOT NULL,
    at            INTEGER NOT NULL,
    answer        TEXT NOT NULL,           -- JSON
    PRIMARY KEY (name, endpoint)
) STRICT, WITHOUT ROWID;

-- When seQura last took that goods of the order were shipped, and the delivery report that tells so: NULL,
-- nothing is to be told; 0, the next one tells it; otherwise the open one in `reports`.
ALTER TABLE orders ADD COLUMN shipped_at INTEGER;
ALTER TABLE orders ADD COLUMN to_report INTEGER;

CREATE INDEX orders_to_report ON orders (to_report, endpoint, merchant_id) WHERE to_report IS NOT NULL;

-- A delivery report without a final answer, at most one for each merchant: written before it is sent,
-- gone with its answer.
CREATE TABLE reports (
    id            INTEGER PRIMARY KEY AUTOINCREMENT, -- an order names it; no other may get its number
    endpoint      TEXT NOT NULL,
    merchant_id   TEXT NOT NULL,
    content       TEXT NOT NULL,           -- as it is sent, JSON
    asked         BLOB,                    -- SHA-256 of what the till gave; NULL: nothing
    begun_at      INTEGER NOT NULL,
    claimed_by    TEXT,
    claimed_until INTEGER,
    UNIQUE (merchant_id, endpoint)
) STRICT;
