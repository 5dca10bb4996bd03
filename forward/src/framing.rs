//! What has changed, as it travels: rows by the names of their columns, and what may hold something of a shopper sealed.

use sequra_frames::cell::{Cell, Row};
use sequra_frames::frame::{Frame, Head, Position, Stream, TableRow};
use sequra_frames::sealing::{PublicKey, SealError, seal_entry, seal_order};
use sequra_pos::inside::journal::now_ms;
use sequra_pos::outbox;

/// A frame of what has changed from `from` on.
pub fn frame(
    stream: &Stream,
    key: &PublicKey,
    from: Option<Position>,
    changes: outbox::Changes,
) -> Result<Frame, SealError> {
    let orders = changes.orders.into_iter().map(|order| {
        let rows = order.rows.into_iter().map(|(table, cells)| TableRow {
            table: table.to_owned(),
            row: row(cells),
        });
        seal_order(stream, key, order.order_id, rows.collect())
    });
    let orders = orders.collect::<Result<_, _>>()?;
    let entries = changes.entries.into_iter().map(|cells| {
        let row = row(cells);
        let id = match row.get("id") {
            Some(Cell::Integer(id)) => *id,
            _ => 0,
        };
        seal_entry(stream, key, id, row)
    });
    let entries = entries.collect::<Result<_, _>>()?;
    Ok(Frame {
        stream: stream.clone(),
        from,
        to: there(changes.to),
        newest: there(changes.newest),
        schema: changes.schema,
        orders,
        entries,
        head: changes.head.map(|(id, hash)| Head {
            id,
            hash: Cell::Bytes(hash),
        }),
        reanchored_until: changes.reanchored_until,
        sent_at: now_ms(),
    })
}

fn row(cells: outbox::Row) -> Row {
    cells
        .into_iter()
        .map(|(name, value)| (name, cell(value)))
        .collect()
}

fn cell(value: outbox::Cell) -> Cell {
    match value {
        outbox::Cell::Null => Cell::Null,
        outbox::Cell::Integer(number) => Cell::Integer(number),
        outbox::Cell::Text(text) => Cell::Text(text),
        outbox::Cell::Blob(bytes) => Cell::Bytes(bytes),
    }
}

/// A position, as it travels.
pub fn there(position: outbox::Position) -> Position {
    Position {
        seq: position.seq,
        nonce: position.nonce,
    }
}

/// The same, as the journal has it.
pub fn here(position: Position) -> outbox::Position {
    outbox::Position {
        seq: position.seq,
        nonce: position.nonce,
    }
}

/// A value of one order, bytes, beyond which it is left out where the order is too large for a frame.
const LARGE: usize = 64 << 10;

/// Leaves out what makes an order too large to travel, and says so in a row of its own; how many values.
pub fn leave_out_what_is_large(changes: &mut outbox::Changes) -> usize {
    let mut count = 0;
    for order in &mut changes.orders {
        let mut notes = Vec::new();
        for (table, row) in &mut order.rows {
            for (name, value) in row {
                let bytes = match value {
                    outbox::Cell::Text(text) => text.len(),
                    outbox::Cell::Blob(bytes) => bytes.len(),
                    outbox::Cell::Null | outbox::Cell::Integer(_) => 0,
                };
                if bytes > LARGE {
                    *value = outbox::Cell::Null;
                    notes.push((LEFT_OUT, note(table, name, bytes)));
                }
            }
        }
        count += notes.len();
        order.rows.extend(notes);
    }
    count
}

/// No table of a journal's: what was left out of the order's rows.
pub const LEFT_OUT: &str = "left_out";

fn note(table: &str, column: &str, bytes: usize) -> outbox::Row {
    let text = |text: &str| outbox::Cell::Text(text.to_owned());
    vec![
        ("of_table".to_owned(), text(table)),
        ("of_column".to_owned(), text(column)),
        ("bytes".to_owned(), outbox::Cell::Integer(bytes as i64)),
    ]
}
