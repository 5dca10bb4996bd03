//! What stands in the cells of a row, as the office's tables take it.

use crate::keys;
use sequra_frames::cell::{Cell, Row};
use sequra_frames::columns::is_in_clear;
use sequra_frames::sealing::Sealed;

/// Why a row cannot be stored as what it is.
pub type Reason = String;

/// Letters of a text that people look for: more of them fit into no index.
const MOST_LETTERS: usize = 1000;

/// A text, or nothing.
pub fn text(row: &Row, name: &str) -> Result<Option<String>, Reason> {
    match row.get(name) {
        None | Some(Cell::Null) => Ok(None),
        Some(Cell::Text(text)) if text.contains('\0') => Err(format!("{name} has a NUL in it")),
        Some(Cell::Text(text)) if text.len() > MOST_LETTERS => Err(format!("{name} is too long")),
        Some(Cell::Text(text)) => Ok(Some(text.clone())),
        Some(_) => Err(format!("{name} is no text")),
    }
}

/// A number, or nothing.
pub fn number(row: &Row, name: &str) -> Result<Option<i64>, Reason> {
    match row.get(name) {
        None | Some(Cell::Null) => Ok(None),
        Some(Cell::Integer(number)) => Ok(Some(*number)),
        Some(_) => Err(format!("{name} is no number")),
    }
}

/// What has to be there.
pub fn needed<T>(found: Result<Option<T>, Reason>, name: &str) -> Result<T, Reason> {
    found?.ok_or_else(|| format!("{name} is missing"))
}

/// What the office keeps in clear is only what is known to hold nothing of a shopper; the rest is in the box.
pub fn check(table: &str, row: &Row, sealed: Option<&Sealed>) -> Result<(), Reason> {
    for (column, cell) in row {
        match cell {
            Cell::Null => {}
            Cell::Sealed(_) if sealed.is_none() => {
                return Err(format!("{table}.{column} is in a box that is not there"));
            }
            Cell::Sealed(_) => {}
            _ if is_in_clear(table, column) => {}
            _ => return Err(format!("{table}.{column} is not sealed")),
        }
    }
    Ok(())
}

/// A box as it is stored: its key's name, and its bytes.
pub fn pack(sealed: &Sealed) -> Result<(String, Vec<u8>), Reason> {
    keys::pack(sealed).ok_or_else(|| "its box is none".into())
}
