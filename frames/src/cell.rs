//! A value of a journal's row.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::de::{self, Deserializer, MapAccess, Visitor};
use serde::ser::{SerializeMap, Serializer};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// A row, column by column.
pub type Row = BTreeMap<String, Cell>;

/// A value: `null`, a number, a text, `{"bytes": "base64"}`, or `{"sealed": 0}` for the place of what is in the box.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    Null,
    /// A number, a moment (ms since 1970 UTC), cents, or a yes or no.
    Integer(i64),
    /// Text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// The value with this number in the box of its order.
    Sealed(usize),
}

const BYTES: &str = "bytes";
const SEALED: &str = "sealed";

impl Serialize for Cell {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Cell::Null => serializer.serialize_unit(),
            Cell::Integer(number) => serializer.serialize_i64(*number),
            Cell::Text(text) => serializer.serialize_str(text),
            Cell::Bytes(bytes) => one(serializer, BYTES, &STANDARD.encode(bytes)),
            Cell::Sealed(place) => one(serializer, SEALED, place),
        }
    }
}

fn one<S: Serializer>(
    serializer: S,
    name: &str,
    value: &impl Serialize,
) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(1))?;
    map.serialize_entry(name, value)?;
    map.end()
}

impl<'de> Deserialize<'de> for Cell {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Cell, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Cell;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("null, a whole number, a text, {\"bytes\": …} or {\"sealed\": …}")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Cell, E> {
        Ok(Cell::Null)
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Cell, E> {
        Ok(Cell::Integer(number))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Cell, E> {
        i64::try_from(number)
            .map(Cell::Integer)
            .map_err(|_| E::custom("a number of more than 64 bits"))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Cell, E> {
        Ok(Cell::Text(text.to_owned()))
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<Cell, E> {
        Ok(Cell::Text(text))
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Cell, M::Error> {
        let name: Option<String> = map.next_key()?;
        let cell = match name.as_deref() {
            Some(BYTES) => {
                let text: String = map.next_value()?;
                Cell::Bytes(STANDARD.decode(text).map_err(de::Error::custom)?)
            }
            Some(SEALED) => Cell::Sealed(map.next_value()?),
            _ => return Err(de::Error::custom("neither bytes nor sealed")),
        };
        match map.next_key::<String>()? {
            None => Ok(cell),
            Some(_) => Err(de::Error::custom("more than one name in a cell")),
        }
    }
}
