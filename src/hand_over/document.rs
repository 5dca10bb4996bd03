//! The document by which an order moves: written once, read strictly, and refused where a letter of it is another.
//!
//! It is one text of ASCII, so that no encoding on its way can hurt it, and has nothing of the shopper: who sold, under
//! which references, both carts, and every journal that handed the order over. Its digest shows what was edited or cut;
//! it is no signature, and whoever computes it anew is not found out.

use crate::canonical::{self, hex};
use crate::changes::SoldOrder;
use crate::journal::{Link, chain_of};
use crate::json;
use crate::limits;
use crate::order::{Facts, Order, is_merchant_id, is_order_ref};
use crate::problem::Problem;
use crate::vocabulary::ErrorCode;
use ring::digest::{SHA256, digest};
use serde_json::{Map, Value, json};

/// How this version writes it.
const VERSION: i64 = 1;
const FORMAT: &str = "sequra_pos_document";
const DIGEST: &str = "digest";
const WHAT: &str = "The document";

/// An order on its way from one journal to another.
pub(super) struct Document {
    /// The API's base URL.
    pub(super) endpoint: String,
    /// seQura's reference; none where the journal never knew it.
    pub(super) uuid: Option<String>,
    /// Every hand-over of the order; the last is this one.
    pub(super) chain: Vec<Link>,
    /// When the sale began, ms.
    pub(super) created_at: i64,
    /// Since when a delivery report is to tell that goods of it were shipped, ms.
    pub(super) to_tell_since: Option<i64>,
    /// The order itself.
    pub(super) sold: SoldOrder,
}

impl Document {
    /// As it is handed from till to till.
    pub(super) fn text(&self) -> String {
        let kept = serde_json::from_str(&self.sold.to_kept());
        let mut fields: Map<String, Value> = kept.expect("a kept order is an object");
        let own = json!({
            FORMAT: VERSION,
            "endpoint": self.endpoint,
            "uuid": self.uuid,
            "chain": chain_to_value(&self.chain),
            "created_at": self.created_at,
            "to_tell_since": self.to_tell_since,
        });
        if let Value::Object(own) = own {
            fields.extend(own);
        }
        let digest = digest_of(&fields);
        fields.insert(DIGEST.to_owned(), digest.into());
        ascii(&canonical::text(&Value::Object(fields)))
    }

    /// Reads what a till was given; what is wrong with it otherwise.
    pub(super) fn read(text: &str) -> Result<Document, Problem> {
        let first = |mut problems: Vec<Problem>| problems.swap_remove(0);
        let given = |text: &str| json::given(WHAT, text, limits::DOCUMENT_BYTES).map_err(first);
        let value = match given(text)? {
            // As it stands in a result, quoted.
            Value::String(inside) => given(&inside)?,
            value => value,
        };
        let Value::Object(mut fields) = value else {
            return Err(wrong("is no JSON object"));
        };
        match fields.get(FORMAT).and_then(Value::as_i64) {
            Some(VERSION) => {}
            Some(newer) if newer > VERSION => {
                return Err(wrong("was written by a newer version of this library"));
            }
            _ => return Err(wrong("is none that sq_hand_over has written")),
        }
        let said = fields.remove(DIGEST);
        if said.as_ref().and_then(Value::as_str) != Some(&digest_of(&fields)) {
            return Err(wrong("is not as it was written: its digest is another"));
        }
        Document::of(fields).ok_or_else(|| wrong("says something that makes no sense"))
    }

    fn of(fields: Map<String, Value>) -> Option<Document> {
        let said = Value::Object(fields);
        let text = |name: &str| said.get(name)?.as_str().map(str::to_owned);
        let document = Document {
            endpoint: text("endpoint")?,
            uuid: text("uuid"),
            chain: chain_of(&said)?,
            created_at: said.get("created_at")?.as_i64()?,
            to_tell_since: said.get("to_tell_since")?.as_i64(),
            sold: SoldOrder::from_kept(said.as_object()?.clone())?,
        };
        let facts = document.facts();
        let is_named = facts.merchant_id.as_deref().is_some_and(is_merchant_id)
            && facts.order_ref_1.as_deref().is_some_and(is_order_ref);
        (is_named && !document.chain.is_empty()).then_some(document)
    }

    /// What there is to say of the order.
    pub(super) fn facts(&self) -> Facts {
        let order = Order::from_document(self.sold.base.clone());
        Facts {
            merchant_id: order.merchant_id(),
            order_ref_1: order.order_ref_1(),
            order_ref_2: order.order_ref_2(),
            amount: Some(self.sold.carts.total().0),
            currency: self.sold.carts.unshipped.currency().map(str::to_owned),
            ..Facts::default()
        }
    }

    /// The hand-over that it is of.
    pub(super) fn link(&self) -> &Link {
        self.chain.last().expect("a document is of a hand-over")
    }
}

/// What a journal keeps of the way on which an order has come.
pub(super) fn kept_chain(chain: &[Link]) -> String {
    json!({"chain": chain_to_value(chain)}).to_string()
}

fn chain_to_value(chain: &[Link]) -> Value {
    let link = |link: &Link| json!({"id": link.id, "journal": link.journal, "at": link.at});
    Value::from_iter(chain.iter().map(link))
}

fn digest_of(fields: &Map<String, Value>) -> String {
    let text = canonical::text(&Value::Object(fields.clone()));
    hex(digest(&SHA256, text.as_bytes()).as_ref())
}

/// The same JSON without a letter that some encoding does not have.
fn ascii(json: &str) -> String {
    let mut plain = String::with_capacity(json.len());
    for letter in json.chars() {
        match letter.is_ascii() {
            true => plain.push(letter),
            false => {
                for unit in letter.encode_utf16(&mut [0; 2]) {
                    plain.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
    }
    plain
}

fn wrong(because: &str) -> Problem {
    let message =
        format!("{WHAT} {because}. Give what sq_hand_over wrote into data.document, unchanged.");
    Problem::new(ErrorCode::InvalidDocument, message)
}
