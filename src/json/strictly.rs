//! Reads JSON, and notes what serde_json passes over in silence.

use crate::limits;
use serde::Deserializer;
use serde::de::{DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::cell::Cell;
use std::fmt;

/// What was noted while a value was read; a second look says where.
#[derive(Default)]
pub(super) struct Noted {
    /// A key was given twice.
    pub(super) twice: Cell<bool>,
    /// A list is too long.
    pub(super) long: Cell<bool>,
}

pub(super) fn strictly(text: &str, noted: &Noted) -> serde_json::Result<Value> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = Strictly(noted).deserialize(&mut reader)?;
    reader.end()?;
    Ok(value)
}

/// Reads a value, and notes what is strange about it.
struct Strictly<'a>(&'a Noted);

impl<'de> DeserializeSeed<'de> for Strictly<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strictly<'_> {
    type Value = Value;

    fn expecting(&self, to: &mut fmt::Formatter) -> fmt::Result {
        to.write_str("any JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = entries.next_element_seed(Strictly(self.0))? {
            values.push(value);
        }
        if values.len() > limits::LINES {
            self.0.long.set(true);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut fields = Map::new();
        while let Some(name) = entries.next_key::<String>()? {
            let value = entries.next_value_seed(Strictly(self.0))?;
            if fields.insert(name, value).is_some() {
                self.0.twice.set(true);
            }
        }
        Ok(Value::Object(fields))
    }
}
