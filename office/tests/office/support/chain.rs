//! A chain of shops, as many tills as one likes, made in the database itself.

use super::office::{Office, cluster};

/// How much of it.
#[derive(Clone, Copy)]
pub struct Chain {
    pub tills: u32,
    /// Orders and entries of each.
    pub orders: u32,
    pub entries: u32,
    /// Of every so many tills one is silent, and of these the first few have money at risk.
    pub silent_every: u32,
}

impl Chain {
    /// Makes it; till `n` has the journal `md5(n)`.
    pub fn make(&self, office: &Office) {
        let Chain {
            tills,
            orders,
            entries,
            silent_every,
        } = *self;
        let now = sequra_office::clock::now();
        let name = office.rows("SELECT current_database()::text", &[])[0].get::<_, String>(0);
        // Longer than the office would wait.
        let sql = |statement: &str| cluster().sql(&name, statement).expect("done");
        sql(&format!(
            "INSERT INTO tills (journal_id, shop, till, machine, token_hash, enrolled_at, forwarder, schema, heard_at, skew_ms) \
             SELECT md5(n::text), 'Tienda ' || lpad((n / 5)::text, 4, '0'), 'Caja ' || (n % 5 + 1), 'CAJA-' || n, \
             decode(md5(n::text), 'hex'), {now} - 86400000, '0.2.0', 3, \
             CASE WHEN n % {silent_every} = 0 THEN {now} - 7200000 ELSE {now} - 1000 END, n % 900 \
             FROM generate_series(1, {tills}) n; \
             INSERT INTO streams (journal_id, incarnation, why, begun_at, seq, nonce, newest_seq, moved_at, heard_at, entries, head_id) \
             SELECT md5(n::text), md5('life ' || n), 'enrolled', {now} - 86400000, {orders}, 1, {orders}, {now} - 1000, {now} - 1000, \
             {entries}, {entries} FROM generate_series(1, {tills}) n; \
             INSERT INTO orders (journal_id, incarnation, order_id, seq, schema, endpoint, merchant_id, uuid, state, order_ref_1, amount, \
             currency, created_at, updated_at, finished, doubtful, rows) \
             SELECT md5(n::text), md5('life ' || n), i, i, 3, 'https://live.sequrapi.com', 'shop_es', md5(n || '-' || i), 'settled', \
             'T-' || n || '-' || i, 4999, 'EUR', {now} - 3600000, {now} - 3600000, true, false, '' \
             FROM generate_series(1, {tills}) n, generate_series(1, {orders}) i; \
             INSERT INTO entries (journal_id, incarnation, entry_id, at, order_id, uuid, order_ref_1, amount, currency, step, \
             state, status, row) \
             SELECT md5(n::text), md5('life ' || n), i, {now} - 3600000 + i, 1 + i % {orders}, md5(n || '-' || (1 + i % {orders})), \
             'T-' || n, 4999, 'EUR', 'confirm', 'confirmed', 0, '' \
             FROM generate_series(1, {tills}) n, generate_series(1, {entries}) i; \
             UPDATE orders SET state = 'confirmed', at_risk = amount, at_risk_since = {now} - 5400000, finished = false \
             WHERE order_id = 1 AND journal_id IN (SELECT journal_id FROM tills WHERE heard_at < {now} - 3600000 \
             ORDER BY shop, till LIMIT 8); \
             INSERT INTO risk SELECT {now} / 86400000 - d, 'EUR', 40000 + 9000 * (d % 5), 9 FROM generate_series(0, 12) d"
        ));
        sql("ANALYZE");
    }
}
