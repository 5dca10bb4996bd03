//! Sealing what may hold something of a shopper to the office's key of the week: HPKE (RFC 9180), base mode, DHKEM(X25519,
//! HKDF-SHA256), HKDF-SHA256, ChaCha20-Poly1305. One box for each order and each entry of a log. Who has the private key
//! opens it; whoever keeps the box cannot.

use crate::cell::{Cell, Row};
use crate::columns::is_in_clear;
use crate::frame::{Entry, Order, Stream, TableRow};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::{
    Deserializable, Kem, OpModeR, OpModeS, Serializable, single_shot_open, single_shot_seal,
};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

const INFO: &[u8] = b"sequra-office 1";

/// What is sealed: for which key, and the box.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    /// The key's id.
    pub key: String,
    /// HPKE's encapsulated key, base64.
    pub enc: String,
    /// The values in their order, a JSON list, encrypted; base64.
    #[serde(rename = "box")]
    pub contents: String,
}

/// Whose box it is; bound to it, so that none is taken for another's.
#[derive(Clone, Copy, Debug)]
pub enum Whose {
    Order(i64),
    Entry(i64),
}

/// What can be wrong with a key or a box.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    #[error("this is no key: a public or private X25519 key has 32 bytes")]
    Key,
    #[error("the box cannot be opened with this key, or is another order's")]
    Box,
    #[error("a row refers to a value that is not in its box")]
    Missing,
}

/// The office's key of a week, as tills are told of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicKey {
    pub id: String,
    /// 32 bytes, base64.
    pub public: String,
}

/// A private key, and the public one that goes with it; 32 bytes each.
pub fn new_key() -> (Zeroizing<Vec<u8>>, Vec<u8>) {
    let (private, public) = X25519HkdfSha256::gen_keypair();
    (
        Zeroizing::new(private.to_bytes().to_vec()),
        public.to_bytes().to_vec(),
    )
}

/// The order with its rows sealed for the office.
pub fn seal_order(
    stream: &Stream,
    key: &PublicKey,
    id: i64,
    mut rows: Vec<TableRow>,
) -> Result<Order, SealError> {
    let mut cells = Vec::new();
    for TableRow { table, row } in &mut rows {
        take_out(table, row, &mut cells);
    }
    let sealed = seal(stream, key, Whose::Order(id), &cells)?;
    Ok(Order { id, rows, sealed })
}

/// The same of an entry of the log.
pub fn seal_entry(
    stream: &Stream,
    key: &PublicKey,
    id: i64,
    mut row: Row,
) -> Result<Entry, SealError> {
    let mut cells = Vec::new();
    take_out("log", &mut row, &mut cells);
    let sealed = seal(stream, key, Whose::Entry(id), &cells)?;
    Ok(Entry { id, row, sealed })
}

/// The rows of an order as its till has them.
pub fn open_order(
    stream: &Stream,
    private: &[u8],
    order: &Order,
) -> Result<Vec<TableRow>, SealError> {
    let cells = open(
        stream,
        private,
        Whose::Order(order.id),
        order.sealed.as_ref(),
    )?;
    let mut rows = order.rows.clone();
    for TableRow { row, .. } in &mut rows {
        put_back(row, &cells)?;
    }
    Ok(rows)
}

/// The same of an entry of the log.
pub fn open_entry(stream: &Stream, private: &[u8], entry: &Entry) -> Result<Row, SealError> {
    let cells = open(
        stream,
        private,
        Whose::Entry(entry.id),
        entry.sealed.as_ref(),
    )?;
    let mut row = entry.row.clone();
    put_back(&mut row, &cells)?;
    Ok(row)
}

/// The box, sealed for another key.
pub fn reseal(
    stream: &Stream,
    whose: Whose,
    private: &[u8],
    sealed: &Sealed,
    key: &PublicKey,
) -> Result<Sealed, SealError> {
    let cells = open(stream, private, whose, Some(sealed))?;
    seal(stream, key, whose, &cells).map(|sealed| sealed.expect("it has values"))
}

fn take_out(table: &str, row: &mut Row, cells: &mut Vec<Cell>) {
    for (column, cell) in row {
        // That there is nothing is known: what was scrubbed at the till is gone here too.
        if *cell != Cell::Null && !is_in_clear(table, column) {
            let place = Cell::Sealed(cells.len());
            cells.push(std::mem::replace(cell, place));
        }
    }
}

fn put_back(row: &mut Row, cells: &[Cell]) -> Result<(), SealError> {
    for cell in row.values_mut() {
        if let Cell::Sealed(place) = cell {
            *cell = cells.get(*place).cloned().ok_or(SealError::Missing)?;
        }
    }
    Ok(())
}

fn bound_to(stream: &Stream, whose: Whose) -> String {
    let (what, id) = match whose {
        Whose::Order(id) => ("order", id),
        Whose::Entry(id) => ("entry", id),
    };
    format!("{} {} {what} {id}", stream.journal_id, stream.incarnation)
}

fn seal(
    stream: &Stream,
    key: &PublicKey,
    whose: Whose,
    cells: &[Cell],
) -> Result<Option<Sealed>, SealError> {
    if cells.is_empty() {
        return Ok(None);
    }
    let public = STANDARD.decode(&key.public).map_err(|_| SealError::Key)?;
    let public =
        <X25519HkdfSha256 as Kem>::PublicKey::from_bytes(&public).map_err(|_| SealError::Key)?;
    let plain = Zeroizing::new(serde_json::to_vec(cells).expect("cells are JSON"));
    let (enc, contents) = single_shot_seal::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
        &OpModeS::Base,
        &public,
        INFO,
        &plain,
        bound_to(stream, whose).as_bytes(),
    )
    .map_err(|_| SealError::Key)?;
    Ok(Some(Sealed {
        key: key.id.clone(),
        enc: STANDARD.encode(enc.to_bytes()),
        contents: STANDARD.encode(contents),
    }))
}

fn open(
    stream: &Stream,
    private: &[u8],
    whose: Whose,
    sealed: Option<&Sealed>,
) -> Result<Vec<Cell>, SealError> {
    let Some(sealed) = sealed else {
        return Ok(Vec::new());
    };
    let private =
        <X25519HkdfSha256 as Kem>::PrivateKey::from_bytes(private).map_err(|_| SealError::Key)?;
    let bytes = |text: &String| STANDARD.decode(text).map_err(|_| SealError::Box);
    let enc = <X25519HkdfSha256 as Kem>::EncappedKey::from_bytes(&bytes(&sealed.enc)?)
        .map_err(|_| SealError::Box)?;
    let plain = single_shot_open::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
        &OpModeR::Base,
        &private,
        &enc,
        INFO,
        &bytes(&sealed.contents)?,
        bound_to(stream, whose).as_bytes(),
    )
    .map_err(|_| SealError::Box)?;
    serde_json::from_slice(&Zeroizing::new(plain)).map_err(|_| SealError::Box)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stream(incarnation: &str) -> Stream {
        Stream {
            journal_id: "0".repeat(32),
            incarnation: incarnation.into(),
        }
    }

    fn key() -> (Zeroizing<Vec<u8>>, PublicKey) {
        let (private, public) = new_key();
        let public = STANDARD.encode(public);
        (
            private,
            PublicKey {
                id: "2026-48".into(),
                public,
            },
        )
    }

    fn rows() -> Vec<TableRow> {
        let text = |text: &str| Cell::Text(text.into());
        let row = |table: &str, cells: &[(&str, Cell)]| TableRow {
            table: table.into(),
            row: cells
                .iter()
                .map(|(name, cell)| ((*name).to_owned(), cell.clone()))
                .collect(),
        };
        vec![
            row(
                "orders",
                &[("id", Cell::Integer(7)), ("state", text("confirmed"))],
            ),
            row(
                "contents",
                &[
                    ("content", text("{\"nin\":\"12345678Z\"}")),
                    ("carts", Cell::Null),
                ],
            ),
            row(
                "steps",
                &[
                    ("request", text("Carmen")),
                    ("request_2", Cell::Bytes(vec![0, 255])),
                ],
            ),
        ]
    }

    #[test]
    fn what_is_sealed_is_opened_by_the_key_alone() {
        let (private, public) = key();
        let order = seal_order(&stream("a"), &public, 7, rows()).unwrap();
        let text = serde_json::to_string(&order).unwrap();
        assert!(
            text.contains("confirmed") && !text.contains("12345678Z") && !text.contains("Carmen")
        );
        let read: Order = serde_json::from_str(&text).unwrap();
        assert_eq!(read, order);
        assert_eq!(open_order(&stream("a"), &private, &read).unwrap(), rows());
        // Another key, life of the journal, or order.
        assert!(open_order(&stream("a"), &key().0, &read).is_err());
        assert!(open_order(&stream("b"), &private, &read).is_err());
        assert!(open_order(&stream("a"), &private, &Order { id: 8, ..read }).is_err());
    }

    #[test]
    fn what_has_nothing_of_a_shopper_has_no_box() {
        let mut rows = rows();
        rows.truncate(1);
        let order = seal_order(&stream("a"), &key().1, 7, rows.clone()).unwrap();
        assert_eq!((&order.sealed, &order.rows), (&None, &rows));
    }

    #[test]
    fn a_box_is_sealed_for_another_key() {
        let (old, public) = key();
        let (new, fresh) = key();
        let mut order = seal_order(&stream("a"), &public, 7, rows()).unwrap();
        let sealed = order.sealed.take().unwrap();
        let again = reseal(&stream("a"), Whose::Order(7), &old, &sealed, &fresh).unwrap();
        order.sealed = Some(again);
        assert_eq!(open_order(&stream("a"), &new, &order).unwrap(), rows());
        assert!(open_order(&stream("a"), &old, &order).is_err());
    }
}
