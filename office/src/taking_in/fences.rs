//! Orders that the office finishes: told with every standing until this life of the journal has said that it knows.

use sequra_frames::cell::Cell;
use sequra_frames::frame::Order;
use sequra_frames::standing::Fence;
use tokio_postgres::Row;

pub const FENCES: &str = "SELECT endpoint, uuid, epoch, taken_by, order_ref_1 FROM fences \
     WHERE fences.journal_id = $1 AND NOT EXISTS (SELECT 1 FROM fence_acks WHERE fence_acks.journal_id = $1 \
         AND fence_acks.incarnation = $2 AND fence_acks.endpoint = fences.endpoint \
         AND fence_acks.uuid = fences.uuid AND fence_acks.epoch >= fences.epoch) \
     ORDER BY made_at LIMIT 1000";
/// That it knows.
pub const ACKNOWLEDGED: &str = "INSERT INTO fence_acks (journal_id, incarnation, endpoint, uuid, epoch, at) \
     SELECT $1, $2, said.endpoint, said.uuid, said.epoch, $3 \
     FROM unnest($4::text[], $5::text[], $6::bigint[]) AS said (endpoint, uuid, epoch) \
     ON CONFLICT (journal_id, incarnation, endpoint, uuid, epoch) DO NOTHING";

/// Column by column, as the statement takes them.
#[derive(Default)]
pub struct Acks {
    pub endpoints: Vec<String>,
    pub uuids: Vec<String>,
    pub epochs: Vec<i64>,
}

impl Acks {
    /// What the order's rows say of fences. Not while something of it is under way: that may reach seQura still.
    pub fn note(&mut self, order: &Order, is_under_way: bool) {
        if is_under_way {
            return;
        }
        for row in order.rows.iter().filter(|row| row.table == "taken_over") {
            let cells = ["endpoint", "uuid", "epoch"].map(|name| row.row.get(name));
            let [
                Some(Cell::Text(endpoint)),
                Some(Cell::Text(uuid)),
                Some(Cell::Integer(epoch)),
            ] = cells
            else {
                continue;
            };
            if !endpoint.contains('\0') && !uuid.contains('\0') {
                self.endpoints.push(endpoint.clone());
                self.uuids.push(uuid.clone());
                self.epochs.push(*epoch);
            }
        }
    }
}

pub fn read(rows: &[Row]) -> Vec<Fence> {
    let fence = |row: &Row| Fence {
        endpoint: row.get("endpoint"),
        uuid: row.get("uuid"),
        epoch: row.get("epoch"),
        taken_by: row.get("taken_by"),
        order_ref_1: row.get("order_ref_1"),
    };
    rows.iter().map(fence).collect()
}
