//! An order as it is kept and sent: read once, written once. Its text is made when the order is complete, with
//! what is asked of it later; from then on the text is bound to the journal and put into the request as it is.

use super::document::{NEEDED_AFTERWARDS, OF_MERCHANT, Order, only};
use crate::canonical;
use crate::json::is_left_out;
use once_cell::unsync::OnceCell;
use ring::digest::{Context, SHA256};
use serde::de::IgnoredAny;
use serde_json::{Deserializer, Map, Value, from_str};
use std::ops::Range;

/// The fields that the steps of a sale change: what tells two orders apart is everything else.
const CHANGED_BY_STEPS: [&str; 2] = ["state", "merchant_reference"];
/// Who the order is to the shop.
const NAMES: &str = "merchant_reference";
const REFERENCES: [&str; 2] = ["order_ref_1", "order_ref_2"];
/// An order with its text.
#[derive(Clone)]
pub struct Written {
    text: String,
    /// Where its fields stand in the text; none where that is not as this library writes.
    fields: Option<Fields>,
    /// It was written by this version, and is canonical in all its parts.
    is_new: bool,
    order: OnceCell<Order>,
    fingerprint: OnceCell<Vec<u8>>,
    facts: Facts,
}

/// The fields of a text by name, each with its name.
type Fields = Vec<(String, Range<usize>)>;

/// What is asked of an order again and again.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// `merchant.id`
    pub merchant_id: Option<String>,
    /// `merchant_reference.order_ref_1`
    pub order_ref_1: Option<String>,
    /// `merchant_reference.order_ref_2`
    pub order_ref_2: Option<String>,
    /// `cart.cart_ref`
    pub cart_ref: Option<String>,
    /// See [`Order::amount`]; cents.
    pub amount: Option<i64>,
    /// Of its first cart.
    pub currency: Option<String>,
}

impl Written {
    /// Writes an order.
    pub fn new(order: Order) -> Written {
        let mut text = String::with_capacity(1024);
        let fields = canonical::write_fields(order.document(), &mut text);
        Written {
            text,
            fields: Some(fields),
            is_new: true,
            facts: Facts {
                merchant_id: order.merchant_id(),
                order_ref_1: order.order_ref_1(),
                order_ref_2: order.order_ref_2(),
                cart_ref: order.cart_ref(),
                amount: order.amount().map(i64::from),
                currency: order.currency().map(str::to_owned),
            },
            order: OnceCell::with_value(order),
            fingerprint: OnceCell::new(),
        }
    }

    /// An order that the journal has kept, with what it knows of it: its references may have come later. `None`: it
    /// is none.
    pub(crate) fn kept(text: String, facts: Facts) -> Option<Written> {
        let references = [facts.order_ref_1.clone(), facts.order_ref_2.clone()];
        let written = Self::kept_as_it_is(text, facts)?;
        let Some(known) = written.references() else {
            return Some(written);
        };
        // As they were written, where they are the same.
        let later = REFERENCES
            .into_iter()
            .zip(references)
            .filter_map(|(name, reference)| {
                let is_known = super::lookup::reference_of(&known, name) == reference;
                Some((name, reference.filter(|_| !is_known)?))
            });
        let later: Vec<_> = later.collect();
        Some(match later.is_empty() {
            true => written,
            false => written.with(&later),
        })
    }

    fn kept_as_it_is(text: String, facts: Facts) -> Option<Written> {
        let is_bare = text.starts_with('{') && !text.starts_with("{\"order\":");
        if is_bare {
            let fields = fields_of(&text);
            if fields.is_none() {
                // A damaged file is found out, and nothing made of what it says.
                let IgnoredAny = from_str(&text).ok()?;
            }
            return Some(Written {
                text,
                fields,
                is_new: false,
                order: OnceCell::new(),
                fingerprint: OnceCell::new(),
                facts,
            });
        }
        // As the first version may have kept it.
        Order::kept(&text).map(Written::new)
    }

    /// The same with the references that are given; an `order_ref_2` that it has already stays where none is given.
    pub(crate) fn with_references(&self, order_ref_1: &str, order_ref_2: Option<&str>) -> Written {
        let given = [Some(order_ref_1), order_ref_2];
        let given = REFERENCES.into_iter().zip(given);
        let given = given.filter_map(|(name, reference)| Some((name, reference?.to_owned())));
        self.with(&given.collect::<Vec<_>>())
    }

    /// The same with these references.
    fn with(&self, later: &[(&str, String)]) -> Written {
        let Some(mut references) = self.references() else {
            return self.clone();
        };
        references.extend(
            later
                .iter()
                .map(|(name, value)| ((*name).to_owned(), value.as_str().into())),
        );
        let given = |name| {
            later
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| value.clone())
        };
        let facts = Facts {
            order_ref_1: given(REFERENCES[0]).or(self.facts.order_ref_1.clone()),
            order_ref_2: given(REFERENCES[1]).or(self.facts.order_ref_2.clone()),
            ..self.facts.clone()
        };
        let Some(fields) = &self.fields else {
            let mut order = self.order().document().clone();
            order.insert(NAMES.to_owned(), Value::Object(references));
            return Written::new(Order::from_document(order));
        };
        let references = canonical::text(&Value::Object(references));
        let named = format!("\"{NAMES}\":{references}");
        let places = fields
            .iter()
            .map(|(name, place)| (name.as_str(), &self.text[place.clone()]));
        let before = places.clone().take_while(|(name, _)| *name < NAMES);
        let after = places.skip_while(|(name, _)| *name <= NAMES);
        let (text, fields) = joined(before.chain([(NAMES, named.as_str())]).chain(after));
        Written {
            text,
            fields: Some(fields),
            is_new: self.is_new,
            order: OnceCell::new(),
            // It says nothing of references.
            fingerprint: self.fingerprint.clone(),
            facts,
        }
    }

    /// The references that it has itself; `None`: what is there makes no sense, and stays for the check to report.
    fn references(&self) -> Option<Map<String, Value>> {
        let known = match &self.fields {
            Some(_) => self.field(NAMES).map(|known| from_str(known).ok()),
            None => Some(self.order().document().get(NAMES).cloned()),
        };
        match known.flatten() {
            None => Some(Map::new()),
            Some(known) if is_left_out(&known) => Some(Map::new()),
            Some(Value::Object(references)) => Some(references),
            Some(_) => None,
        }
    }

    /// The text of a field.
    fn field(&self, name: &str) -> Option<&str> {
        let (_, place) = self
            .fields
            .as_ref()?
            .iter()
            .find(|(known, _)| known == name)?;
        let (_, value) = self.text[place.clone()].split_once(':')?;
        Some(value)
    }

    /// What is asked of it again and again.
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// Its text, canonical JSON.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The order itself, read again only where it has to be.
    pub fn order(&self) -> &Order {
        // That the text is JSON has been seen, and it begins as an object: at worst a number in it is beyond all
        // measure, which is read from no host.
        let read = || Order::kept(&self.text).unwrap_or_else(|| Order::from_document(Map::new()));
        self.order.get_or_init(read)
    }

    /// SHA-256 of the order without its state and references, which the steps of a sale change: what
    /// tells two orders apart, also after their personal data is gone.
    pub fn fingerprint(&self) -> &[u8] {
        self.fingerprint.get_or_init(|| self.digest())
    }

    fn digest(&self) -> Vec<u8> {
        let Some(fields) = self.fields.as_ref().filter(|_| self.is_new) else {
            return Written::new(self.order().clone()).digest();
        };
        let mut context = Context::new(&SHA256);
        let mut before: &[u8] = b"{";
        for (name, place) in fields {
            if !CHANGED_BY_STEPS.contains(&name.as_str()) {
                context.update(before);
                context.update(self.text[place.clone()].as_bytes());
                before = b",";
            }
        }
        if before == b"{" {
            context.update(before);
        }
        context.update(b"}");
        context.finish().as_ref().to_vec()
    }

    /// The text of [`Order::without_personal_data`].
    pub fn carts(&self) -> String {
        let Some(fields) = &self.fields else {
            let carts = self.order().without_personal_data();
            return canonical::text(&Value::Object(carts));
        };
        let mut carts = String::with_capacity(self.text.len());
        for (name, place) in fields {
            let before = if carts.is_empty() { '{' } else { ',' };
            let field = &self.text[place.clone()];
            if let Some(merchant) = field.strip_prefix("\"merchant\":") {
                if let Ok(Value::Object(merchant)) = from_str(merchant) {
                    let merchant = only(&merchant, &OF_MERCHANT);
                    carts.push(before);
                    carts.push_str("\"merchant\":");
                    carts.push_str(&canonical::text(&Value::Object(merchant)));
                }
            } else if NEEDED_AFTERWARDS.contains(&name.as_str()) && !field.ends_with(":null") {
                carts.push(before);
                carts.push_str(field);
            }
        }
        if carts.is_empty() {
            carts.push('{');
        }
        carts.push('}');
        carts
    }

    /// The body of a request: the order, with this state.
    pub(crate) fn body(&self, state: &str) -> String {
        let has_state = match &self.fields {
            Some(fields) => fields.iter().any(|(name, _)| name == "state"),
            // Perhaps that of something within it.
            None => self.text.contains("\"state\":"),
        };
        if has_state {
            let order = self.order().clone().with_state(state);
            return wrapped(&canonical::text(&Value::Object(order.into_document())));
        }
        let inner = self.text.strip_suffix('}').unwrap_or_default();
        let comma = if inner.len() > 1 { "," } else { "" };
        wrapped(&format!("{inner}{comma}\"state\":\"{state}\"}}"))
    }

    /// The same without a state.
    pub(crate) fn body_as_it_is(&self) -> String {
        wrapped(&self.text)
    }
}

/// Where the fields of an object stand in its text; none where there is anything between them, or it is no JSON.
fn fields_of(text: &str) -> Option<Fields> {
    let mut fields = Fields::new();
    let mut at = 1;
    loop {
        let begin = at;
        let mut name = Deserializer::from_str(&text[at..]).into_iter::<String>();
        let found = name.next()?.ok()?;
        at += name.byte_offset();
        at += text[at..].starts_with(':').then_some(1)?;
        let mut value = Deserializer::from_str(&text[at..]).into_iter::<IgnoredAny>();
        value.next()?.ok()?;
        at += value.byte_offset();
        fields.push((found, begin..at));
        match &text[at..] {
            "}" => return Some(fields),
            rest => at += rest.starts_with(",\"").then_some(1)?,
        }
    }
}

/// An object of these fields, each given with its name.
fn joined<'a>(all: impl Iterator<Item = (&'a str, &'a str)>) -> (String, Fields) {
    let (mut text, mut fields) = (String::from("{"), Fields::new());
    for (name, field) in all {
        if !fields.is_empty() {
            text.push(',');
        }
        let begin = text.len();
        text.push_str(field);
        fields.push((name.to_owned(), begin..text.len()));
    }
    text.push('}');
    (text, fields)
}

fn wrapped(order: &str) -> String {
    format!("{{\"order\":{order}}}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn both_ways(document: Value) -> [Written; 2] {
        let order = Order::from_value(document).unwrap();
        let written = Written::new(order);
        let again = Written::kept(written.text().to_owned(), written.facts().clone()).unwrap();
        [written, again]
    }

    fn referenced(order: &Order, first: &str, second: Option<&str>) -> Order {
        let mut document = order.document().clone();
        let given = [("order_ref_1", Some(first)), ("order_ref_2", second)];
        let block = document.entry(NAMES).or_insert_with(|| json!({}));
        for (name, given) in given.into_iter().filter(|(_, given)| given.is_some()) {
            block[name] = json!(given);
        }
        Order::from_document(document)
    }

    #[test]
    fn what_was_made_on_the_way_is_what_the_order_says() {
        for document in [
            json!({}),
            json!({"state": "x"}),
            json!({"merchant_reference": {"order_ref_1": "A"}}),
            json!({"merchant": {"id": "m", "notify_url": "x", "options": null, "store_ref": "7"},
                   "merchant_reference": {"order_ref_1": "R\"1", "order_ref_2": 2}, "zz": [1.5, 1e20],
                   "cart": {"currency": "EUR", "order_total_with_tax": 100, "items": [{"name": "ñ\n"}]},
                   "shipped_cart": {"items": []}, "unshipped_cart": null, "platform": {}, "delivery_method": {"name": "x"},
                   "customer": {"state": "confirmed"}, "\"": 1}),
            json!({"merchant": [], "state": null, "cart": 1, "shipped_cart": {"items": [{}]}}),
        ] {
            let order = Order::from_value(document).unwrap();
            let text = canonical::text(&Value::Object(order.document().clone()));
            for written in both_ways(Value::Object(order.document().clone())) {
                assert_eq!(written.text(), text);
                assert_eq!(written.order(), &order);
                assert_eq!(
                    written.fingerprint(),
                    Written::new(order.clone()).fingerprint()
                );
                let carts: Value = from_str(&written.carts()).unwrap();
                assert_eq!(carts, Value::Object(order.without_personal_data()));
                assert_eq!(written.carts(), canonical::text(&carts));
                assert_eq!(written.has_shipped_goods(), order.has_shipped_goods());
                for state in ["", "confirmed"] {
                    let body: Value = from_str(&written.body(state)).unwrap();
                    let sent = order.clone().with_state(state).into_document();
                    assert_eq!(body, json!({"order": sent}));
                }
                for (first, second) in [("A", None), ("ñ\"", Some("B"))] {
                    let named = written.with_references(first, second);
                    let expected = Written::new(referenced(&order, first, second));
                    assert_eq!(named.text(), expected.text());
                    assert_eq!(named.facts(), expected.facts());
                    assert_eq!(named.fingerprint(), expected.fingerprint());
                    assert_eq!(named.carts(), expected.carts());
                    let kept = Written::kept(written.text().to_owned(), named.facts().clone());
                    assert_eq!(kept.unwrap().text(), expected.text(), "named later");
                }
                let body: Value = from_str(&written.body_as_it_is()).unwrap();
                assert_eq!(body, json!({"order": order.document()}));
            }
        }
    }
}
