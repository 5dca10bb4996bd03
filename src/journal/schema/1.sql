-- Version 1 of the journal. Times are ms since 1970 UTC, amounts are cents. A new journal takes this and every
-- later version's file in turn, an older one those it lacks, so that both end alike.
--
-- Nothing here grows with history on the way of a sale: unfinished work is found through partial
-- indexes that hold unfinished rows only.

CREATE TABLE orders (
    id            INTEGER PRIMARY KEY,
    endpoint      TEXT NOT NULL,           -- base URL of the API the order lives at
    merchant_id   TEXT NOT NULL,
    uuid          TEXT,                    -- NULL until seQura gave it
    state         TEXT NOT NULL,
    order_ref_1   TEXT,
    order_ref_2   TEXT,
    amount        INTEGER,
    currency      TEXT,
    content       TEXT,                    -- the order as last sent, personal data included; NULL once scrubbed
    fingerprint   BLOB,                    -- SHA-256 of that content: "the same order again" outlives the scrubbing
    carts         TEXT,                    -- what shipping and refunds need, without personal data
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL,
    finished      INTEGER NOT NULL DEFAULT 0,
    holds_ref     INTEGER NOT NULL DEFAULT 0, -- its order_ref_1 may be seQura's already
    version       INTEGER NOT NULL,        -- grows with every change: a call that read the row sees whether it is still so
    claimed_by    TEXT,                    -- which client is sending for it, and until when it may
    claimed_until INTEGER
) STRICT;

CREATE UNIQUE INDEX orders_by_uuid ON orders (uuid, endpoint) WHERE uuid IS NOT NULL;
CREATE UNIQUE INDEX orders_by_held_ref ON orders (order_ref_1, merchant_id, endpoint) WHERE holds_ref = 1;
CREATE INDEX orders_with_personal_data ON orders (updated_at) WHERE finished = 1 AND content IS NOT NULL;
CREATE INDEX orders_unfinished ON orders (endpoint, id) WHERE finished = 0;

-- One row for each step that was asked for: written before anything is sent, completed by its answer.
CREATE TABLE steps (
    id            INTEGER PRIMARY KEY,
    order_id      INTEGER NOT NULL REFERENCES orders (id),
    step          TEXT NOT NULL,
    request       TEXT NOT NULL,           -- what the step carries beside the order's content, JSON
    fingerprint   BLOB,                    -- of the content it carried
    state_before  TEXT NOT NULL,
    doubtful      INTEGER NOT NULL,        -- some attempt may have been processed
    intended_at   INTEGER NOT NULL,
    answered_at   INTEGER,                 -- NULL: no final answer yet
    status        INTEGER,                 -- SQ_… of the last answer
    http_status   INTEGER,
    request_id    TEXT
) STRICT;

CREATE UNIQUE INDEX steps_open ON steps (order_id) WHERE answered_at IS NULL;
CREATE INDEX steps_by_order ON steps (order_id, id);

-- The transaction log: one row for each attempt to change something at seQura. No personal data.
-- Each row's hash covers the row and the hash before it, so that gaps and edits show.
CREATE TABLE log (
    id            INTEGER PRIMARY KEY,
    at            INTEGER NOT NULL,
    order_id      INTEGER NOT NULL,
    uuid          TEXT,
    merchant_id   TEXT NOT NULL,
    order_ref_1   TEXT,
    amount        INTEGER,
    currency      TEXT,
    step          TEXT NOT NULL,
    state         TEXT NOT NULL,           -- after the answer
    status        INTEGER NOT NULL,
    http_status   INTEGER,
    request_id    TEXT,
    elapsed_ms    INTEGER NOT NULL,
    description   TEXT,                    -- seQura's words on a refusal
    previous_hash BLOB NOT NULL,
    hash          BLOB NOT NULL
) STRICT;

CREATE INDEX log_by_order ON log (order_id, id);
CREATE INDEX log_failures ON log (id) WHERE status <> 0;

-- What the operator has seen and done with. Not part of the chain: it changes.
CREATE TABLE log_dismissed (
    entry_id      INTEGER PRIMARY KEY REFERENCES log (id) ON DELETE CASCADE,
    at            INTEGER NOT NULL
) STRICT;

-- The hash that the oldest entry left goes on from, once older ones have been removed.
CREATE TABLE log_anchor (
    id            INTEGER PRIMARY KEY CHECK (id = 1),
    entry_id      INTEGER NOT NULL,
    hash          BLOB NOT NULL
) STRICT;
