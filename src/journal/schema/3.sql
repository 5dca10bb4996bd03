-- Version 3. New tables, and no column for a table that grows: one added to those of orders or entries would make SQLite
-- look through all of them (STRICT tables are checked whole), and a till must not wait for its history when it is
-- updated.

-- What this journal is; one row. That a file is a copy is said by its user_version, which stops every version of the
-- library; where a copy was made the journal again, copied_at says until when it was one.
CREATE TABLE journal (
    id            INTEGER PRIMARY KEY CHECK (id = 1),
    journal_id    TEXT NOT NULL,           -- 32 random hexadecimal digits; what is made beside the file carries it
    made_at       INTEGER NOT NULL,        -- for an older journal: when it became one of this version
    copied_at     INTEGER,                 -- this file is a copy made then, and no till may sell with it
    copied_order  INTEGER,                 -- the newest order and the newest step of the copy that this journal was made
    copied_step   INTEGER,                 -- of: what has a higher number was begun since. NULL: it was made of none
    is_partial    INTEGER,                 -- the file that was copied came without its write-ahead log; NULL: it was whole
    figures_since INTEGER                  -- since when `figures` are noted; NULL: from its beginning
) STRICT;

-- The dates on which the journal was used, numbered as they came: what is removed by its age must be old by these too,
-- since a clock can be wrong. A date that comes again (a clock that starts in 2010 every morning) gets the number of
-- the newest, never one more.
CREATE TABLE days (
    date          INTEGER PRIMARY KEY,     -- days since 1970 UTC, by this machine's clock
    number        INTEGER NOT NULL,
    confirmed_at  INTEGER                  -- until when on it, since it has this number, answers of seQura's have borne
                                           -- out this clock: a minute after one of them at most
) STRICT;

CREATE INDEX days_by_number ON days (number);

-- An order as last sent, and its carts. Kept apart from the order's row, so that a new state does not write the whole
-- order again. What an older version wrote stays in the columns of `orders` until it is written again.
CREATE TABLE contents (
    order_id      INTEGER PRIMARY KEY REFERENCES orders (id),
    content       TEXT,                    -- personal data included; NULL once scrubbed
    carts         TEXT,                    -- what shipping and refunds need, without personal data
    finished_at   INTEGER                  -- since when nobody needs the content, where it is kept all the same
) STRICT;

CREATE INDEX contents_kept ON contents (finished_at) WHERE content IS NOT NULL AND finished_at IS NOT NULL;

-- What seQura last said no to, until it is done after all or the order is finished: the same advice at every question.
CREATE TABLE refusals (
    order_id      INTEGER PRIMARY KEY REFERENCES orders (id),
    step          TEXT NOT NULL,
    status        INTEGER NOT NULL,        -- SQ_…
    errors        TEXT NOT NULL            -- codes and fields, JSON; nothing of seQura's words
) STRICT;

-- Disbursements of which every line was read: an amount in whole cents, in the currency that it is paid in. One that is
-- not here was recorded by an older version, which passed over what it could not read: it is asked for again.
CREATE TABLE disbursements_read (
    disbursement_id INTEGER PRIMARY KEY REFERENCES disbursements (id) ON DELETE CASCADE
) STRICT;
-- How long the claim lasts from when somebody else sees it, ms: no clock that is set ends it. (Of an order that is what
-- lies between `updated_at` and `claimed_until`.)
ALTER TABLE reports ADD COLUMN claimed_for INTEGER;

-- seQura's words on a refusal, apart from the entry that refers to them by a digest: they go when nobody needs them any
-- more, and the chain stays whole.
CREATE TABLE log_words (
    entry_id      INTEGER PRIMARY KEY REFERENCES log (id) ON DELETE CASCADE,
    order_id      INTEGER NOT NULL,
    at            INTEGER NOT NULL,
    salt          BLOB NOT NULL,
    words         TEXT NOT NULL            -- redacted as well as can be
) STRICT;

CREATE INDEX log_words_by_order ON log_words (order_id);

-- Entries up to this one are of a version whose hashes covered seQura's words. Those have been moved to `log_words`:
-- of these entries the order and the links are checked, and no longer what they say.
CREATE TABLE log_reanchored (
    id            INTEGER PRIMARY KEY CHECK (id = 1),
    entry_id      INTEGER NOT NULL,
    hash          BLOB NOT NULL,
    at            INTEGER NOT NULL
) STRICT;

-- What the shop calls an order by: the till's own key of it, `cart.cart_ref`; and the `order_ref_1` of one that was given
-- up, which is not found among those that hold theirs.
CREATE TABLE names (
    name          TEXT NOT NULL,
    endpoint      TEXT NOT NULL,
    kind          TEXT NOT NULL CHECK (kind IN ('cart_ref', 'order_ref_1')),
    order_id      INTEGER NOT NULL REFERENCES orders (id),
    PRIMARY KEY (name, endpoint, kind, order_id)
) STRICT, WITHOUT ROWID;

-- Settled orders of which goods are still to be shipped.
CREATE TABLE unshipped (
    order_id      INTEGER PRIMARY KEY REFERENCES orders (id),
    endpoint      TEXT NOT NULL,
    amount        INTEGER NOT NULL         -- cents
) STRICT;

-- An order's open step is its last one, which `steps_by_order` finds: nothing else need be written for it.
DROP INDEX steps_open;

-- Orders that the office finishes; this journal sends nothing for them any more. (A settled order that was handed over to
-- another till's journal stays in `orders`, in the state 'taken_over'.)
CREATE TABLE taken_over (
    endpoint      TEXT NOT NULL,
    uuid          TEXT NOT NULL,
    epoch         INTEGER NOT NULL,
    taken_by      TEXT NOT NULL,
    order_ref_1   TEXT,                    -- with which reference
    at            INTEGER NOT NULL,
    PRIMARY KEY (uuid, endpoint)
) STRICT, WITHOUT ROWID;

-- Enrolment with an office; no row: nothing is noted in `changes`.
CREATE TABLE forwarding (
    id            INTEGER PRIMARY KEY CHECK (id = 1),
    journal_id    TEXT NOT NULL,
    incarnation   TEXT NOT NULL,
    epoch         INTEGER NOT NULL         -- the office's
) STRICT;

-- What changed, for the office: noted by triggers (src/journal/noting.rs) in the transaction that changed it. The nonce
-- shows a disk that was put back. No AUTOINCREMENT, which would write a second page with every change: the newest row is
-- never removed, and so no number is given twice.
CREATE TABLE changes (
    seq           INTEGER PRIMARY KEY,
    order_id      INTEGER NOT NULL,        -- 0: what is no order's; below 0: an entry of the log, as -id
    nonce         INTEGER NOT NULL
) STRICT;

-- What came to pass of a sale by an answer, and when, for the figures of a day; they outlast the log, and need nothing of the
-- shopper. NULL: nothing of that kind.
CREATE TABLE figures (
    at            INTEGER NOT NULL,
    order_id      INTEGER NOT NULL REFERENCES orders (id),
    confirmed     INTEGER,                 -- cents
    sold          INTEGER,
    shipped       INTEGER,
    refunded      INTEGER,
    PRIMARY KEY (at, order_id)
) STRICT, WITHOUT ROWID;
