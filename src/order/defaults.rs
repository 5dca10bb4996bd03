//! What the configuration says for orders that do not say it.

use super::fields::ORDER;
use super::schema::{Block, Field, Kind, Need};
use crate::json::is_left_out;
use serde_json::{Map, Value};

/// Puts defaults under an order: objects are merged, and everything else that the order says stays. A blank default is
/// as if it were not there, or it would pass for what the till has forgotten to say.
pub(super) fn put_under(order: &mut Map<String, Value>, defaults: &Map<String, Value>) {
    merge(order, defaults, Some(&ORDER));
}

/// `block`: what is known of the fields here.
fn merge(above: &mut Map<String, Value>, below: &Map<String, Value>, block: Option<&Block>) {
    for (name, default) in below {
        let field = block.and_then(|block| block.fields.iter().find(|field| field.name == name));
        if field.is_some_and(|field| is_none(default, field)) {
            continue;
        }
        let inner = field.and_then(|field| match field.kind {
            Kind::Object(block) => Some(block),
            _ => None,
        });
        match (above.get_mut(name), default) {
            (Some(Value::Object(above)), Value::Object(below)) => merge(above, below, inner),
            (Some(given), default) if says_more(given, default) => {
                if let Some(whole) = whole(default, inner) {
                    *given = whole;
                }
            }
            (None, default) => {
                if let Some(whole) = whole(default, inner) {
                    above.insert(name.clone(), whole);
                }
            }
            _ => {}
        }
    }
}

/// Whether a default takes the place of what is given: null is nothing, and a blank text is where the default says more.
fn says_more(given: &Value, default: &Value) -> bool {
    given.is_null() || (is_left_out(given) && !is_left_out(default))
}

/// A default where the order has nothing; `None`: it is a block of which nothing is left.
fn whole(default: &Value, block: Option<&Block>) -> Option<Value> {
    let Value::Object(below) = default else {
        return Some(default.clone());
    };
    let mut made = Map::new();
    merge(&mut made, below, block);
    (below.is_empty() || !made.is_empty()).then_some(Value::Object(made))
}

/// A blank says something only where seQura documents that a text may be empty, as a company's name, and in what is
/// the merchant's own.
fn is_none(default: &Value, field: &Field) -> bool {
    let may_be_empty = match field.kind {
        Kind::Text => field.need == Need::MustMayBeEmpty,
        Kind::Anything => true,
        _ => false,
    };
    default.is_string() && is_left_out(default) && !may_be_empty
}
