-- The office's first tables. Times are ms since 1970 UTC by the office's clock, but for those that a till wrote into its
-- own rows; amounts are cents. Every key of what is a journal's begins with the journal's id, so that the tables can be
-- distributed by it. Nothing here that Citus, CockroachDB or YugabyteDB do not have: tests/sql.rs holds that.

-- The office's keys, to which tills seal what may hold something of a shopper. The private ones are files elsewhere.
CREATE TABLE keys (
    key_id        text PRIMARY KEY,
    public        bytea NOT NULL,
    made_at       bigint NOT NULL,
    closed_at     bigint,                  -- since when nothing sealed to it is taken in
    destroyed_at  bigint                   -- since when there is no private one any more
);

CREATE TABLE tills (
    journal_id    text PRIMARY KEY,
    shop          text NOT NULL,
    till          text NOT NULL,
    machine       text NOT NULL,
    token_hash    bytea NOT NULL,          -- SHA-256
    enrolled_at   bigint NOT NULL,
    revoked_at    bigint,                  -- since when the token is good for nothing
    retired_at    bigint,
    forwarder     text,                    -- its version; NULL: it does not say
    schema        bigint,                  -- of the journal
    heard_at      bigint,                  -- to within some seconds: not every frame writes it
    skew_ms       bigint                   -- by how much the till's clock goes ahead
);
CREATE INDEX tills_by_token ON tills (token_hash);
CREATE INDEX tills_by_name ON tills (shop, till, journal_id);
CREATE INDEX tills_by_heard ON tills (heard_at) WHERE revoked_at IS NULL AND retired_at IS NULL;
CREATE INDEX tills_skewed ON tills (journal_id) WHERE abs(skew_ms) > 300000;
CREATE INDEX tills_by_schema ON tills (schema);

CREATE TABLE codes (
    code_hash     bytea PRIMARY KEY,       -- SHA-256
    shop          text NOT NULL,
    till          text NOT NULL,
    made_by       text NOT NULL,
    made_at       bigint NOT NULL,
    expires_at    bigint NOT NULL,
    used_at       bigint,
    journal_id    text,
    token_hash    bytea                    -- the same code with the same token is answered again
);
CREATE INDEX codes_by_made ON codes (made_at);

-- The lives of a journal, side by side.
CREATE TABLE streams (
    journal_id    text NOT NULL,
    incarnation   text NOT NULL,
    parent        text,                    -- which one it goes on from; NULL: it was enrolled by a code
    why           text NOT NULL,
    begun_at      bigint NOT NULL,
    seq           bigint,                  -- where it stands; NULL: at the beginning
    nonce         bigint,
    newest_seq    bigint,                  -- where the journal stood when it last said so
    moved_at      bigint,
    heard_at      bigint,
    entries       bigint NOT NULL,         -- the last entry of the log that is kept; 0: none is
    entries_hash  bytea,                   -- its hash
    head_id       bigint,                  -- the newest entry of the journal's log, as the journal says
    head_hash     bytea,
    reanchored_until bigint,               -- up to this entry only the links of the log hold
    chain_broken_at_entry bigint,          -- the first entry that does not fit to the one before, or to its own hash
    PRIMARY KEY (journal_id, incarnation)
);
CREATE INDEX streams_behind ON streams (moved_at) WHERE seq < newest_seq;
CREATE INDEX streams_anew ON streams (begun_at) WHERE parent IS NOT NULL;
CREATE INDEX streams_broken ON streams (journal_id) WHERE chain_broken_at_entry IS NOT NULL;

-- Orders as their journals have them; number 0 is what is no order's.
CREATE TABLE orders (
    journal_id    text NOT NULL,
    incarnation   text NOT NULL,
    order_id      bigint NOT NULL,
    seq           bigint NOT NULL,         -- of the frame that brought it
    schema        bigint NOT NULL,         -- of the journal then, by whose names the rows go
    endpoint      text,
    merchant_id   text,
    uuid          text,
    state         text,
    order_ref_1   text,
    amount        bigint,
    currency      text,
    created_at    bigint,                  -- by the till's clock
    updated_at    bigint,
    finished      boolean NOT NULL,
    open_step     text,                    -- without a final answer
    doubtful      boolean NOT NULL,        -- seQura may have done it
    at_risk       bigint,                  -- what seQura has confirmed, or may have, without its reference; NULL: nothing
    at_risk_since bigint,
    rows          bytea NOT NULL,          -- what is known to hold nothing of a shopper, as a frame has it
    sealed        bytea,                   -- the rest
    key_id        text,
    PRIMARY KEY (journal_id, incarnation, order_id)
);
CREATE INDEX orders_at_risk ON orders (journal_id, at_risk_since) WHERE at_risk IS NOT NULL;
CREATE INDEX orders_unfinished ON orders (key_id, journal_id, incarnation) WHERE NOT finished;
CREATE INDEX orders_by_uuid ON orders (uuid) WHERE uuid IS NOT NULL;
CREATE INDEX orders_by_ref ON orders (order_ref_1) WHERE order_ref_1 IS NOT NULL;

-- The logs.
CREATE TABLE entries (
    journal_id    text NOT NULL,
    incarnation   text NOT NULL,
    entry_id      bigint NOT NULL,
    at            bigint NOT NULL,         -- by the till's clock
    order_id      bigint NOT NULL,
    uuid          text,
    order_ref_1   text,
    amount        bigint,
    currency      text,
    step          text NOT NULL,
    state         text NOT NULL,
    status        bigint NOT NULL,
    row           bytea NOT NULL,
    sealed        bytea,
    key_id        text,
    PRIMARY KEY (journal_id, incarnation, entry_id)
);
CREATE INDEX entries_by_order ON entries (journal_id, incarnation, order_id, entry_id);

-- What cannot be stored as what it says it is; its body is sealed to the office's own key.
CREATE TABLE set_aside (
    journal_id    text NOT NULL,
    incarnation   text NOT NULL,
    what          text NOT NULL,           -- order or entry
    id            bigint NOT NULL,
    at            bigint NOT NULL,
    reason        text NOT NULL,
    body          bytea NOT NULL,
    key_id        text,
    PRIMARY KEY (journal_id, incarnation, what, id)
);
CREATE INDEX set_aside_by_time ON set_aside (at);

-- Orders that the office finishes, and which life of a journal has said that it knows.
CREATE TABLE fences (
    journal_id    text NOT NULL,
    endpoint      text NOT NULL,
    uuid          text NOT NULL,
    epoch         bigint NOT NULL,
    taken_by      text NOT NULL,
    order_ref_1   text,
    made_at       bigint NOT NULL,
    PRIMARY KEY (journal_id, endpoint, uuid)
);
CREATE TABLE fence_acks (
    journal_id    text NOT NULL,
    incarnation   text NOT NULL,
    endpoint      text NOT NULL,
    uuid          text NOT NULL,
    epoch         bigint NOT NULL,
    at            bigint NOT NULL,
    PRIMARY KEY (journal_id, incarnation, endpoint, uuid, epoch)
);

-- Money at risk, a day's value, for the chart.
CREATE TABLE risk (
    day           bigint NOT NULL,         -- days since 1970 UTC
    currency      text NOT NULL,
    cents         bigint NOT NULL,
    orders        bigint NOT NULL,
    PRIMARY KEY (day, currency)
);

-- People.
CREATE TABLE users (
    name          text PRIMARY KEY,
    password      text NOT NULL,           -- argon2id, in the PHC form
    role          text NOT NULL,           -- look, act, administer
    language      text NOT NULL,
    made_at       bigint NOT NULL,
    disabled_at   bigint
);
CREATE TABLE sessions (
    session_hash  bytea PRIMARY KEY,
    name          text NOT NULL,
    csrf          bytea NOT NULL,
    made_at       bigint NOT NULL,
    seen_at       bigint NOT NULL,
    expires_at    bigint NOT NULL
);
CREATE INDEX sessions_by_name ON sessions (name);
CREATE INDEX sessions_by_end ON sessions (expires_at);
CREATE TABLE attempts (
    who           text PRIMARY KEY,
    failed        bigint NOT NULL,
    since         bigint NOT NULL
);
CREATE INDEX attempts_by_time ON attempts (since);
CREATE TABLE audit (
    audit_id      bytea PRIMARY KEY,
    at            bigint NOT NULL,
    who           text NOT NULL,
    what          text NOT NULL,
    journal_id    text,
    detail        text NOT NULL
);
CREATE INDEX audit_by_time ON audit (at, audit_id);
