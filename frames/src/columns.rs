//! Which columns travel in clear: those that are known to hold nothing of a shopper. Every other one is sealed, so that a
//! column that a later version adds is, until somebody has looked at it.

/// What the hash of a log's entry covers beside the hash before it, in this order.
pub const COVERED: [&str; 15] = [
    "id",
    "at",
    "order_id",
    "uuid",
    "merchant_id",
    "order_ref_1",
    "amount",
    "currency",
    "step",
    "state",
    "status",
    "http_status",
    "request_id",
    "elapsed_ms",
    "description",
];

const IN_CLEAR: &[(&str, &[&str])] = &[
    (
        "orders",
        &[
            "id",
            "endpoint",
            "merchant_id",
            "uuid",
            "state",
            "order_ref_1",
            "order_ref_2",
            "amount",
            "currency",
            "fingerprint",
            "created_at",
            "updated_at",
            "finished",
            "holds_ref",
            "version",
            "claimed_by",
            "claimed_until",
            "paid",
            "shipped_at",
            "to_report",
        ],
    ),
    ("contents", &["order_id", "finished_at"]),
    (
        "steps",
        &[
            "id",
            "order_id",
            "step",
            "fingerprint",
            "state_before",
            "doubtful",
            "intended_at",
            "answered_at",
            "status",
            "http_status",
            "request_id",
        ],
    ),
    ("refusals", &["order_id", "step", "status", "errors"]),
    ("unshipped", &["order_id", "endpoint", "amount"]),
    (
        "taken_over",
        &["endpoint", "uuid", "epoch", "taken_by", "order_ref_1", "at"],
    ),
    (
        "reports",
        &[
            "id",
            "endpoint",
            "merchant_id",
            "asked",
            "begun_at",
            "claimed_by",
            "claimed_until",
            "claimed_for",
        ],
    ),
    ("log", &COVERED),
    ("log", &["previous_hash", "hash"]),
];

/// Whether this column of this table travels in clear.
pub fn is_in_clear(table: &str, column: &str) -> bool {
    IN_CLEAR
        .iter()
        .any(|(name, columns)| *name == table && columns.contains(&column))
}
