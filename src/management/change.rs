//! A change of a sold order, complete: what seQura is told, what the journal keeps of it until there is
//! an answer, and what the answer makes of the order.

use super::Asked;
use super::present::{BASE, Present};
use crate::journal::Closing;
use crate::lifecycle::{Answer, Intent, Life, State, Step};
use crate::order::{Cart, Order, TwoCarts};
use serde_json::{Map, Value, json};

/// A change, complete: what the journal keeps until seQura has answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Which step asked for it.
    pub step: Step,
    /// The fingerprint of what was asked.
    pub(super) asked: String,
    /// What the order came to when it was confirmed, cents.
    pub(super) approved: i64,
    /// [`BASE`].
    pub(super) base: Map<String, Value>,
    /// What else is said: addresses, the customer, trackings, the reason of a cancellation.
    pub(super) more: Map<String, Value>,
    /// The carts as they will be.
    pub(super) carts: TwoCarts,
    /// Whether it, or the one before it, says that goods were shipped.
    pub(crate) ships: bool,
    /// Whether the journal has the order only because of it: it was sold with another.
    pub(super) adopts: bool,
    /// The change before this one that had no answer; this one includes it.
    pub(super) earlier: Option<Box<Change>>,
}

impl Change {
    /// As the journal keeps it.
    pub fn to_value(&self) -> Value {
        json!({
            "step": self.step.as_str(),
            "asked": self.asked,
            "approved": self.approved,
            "base": self.base,
            "more": self.more,
            "unshipped_cart": self.carts.unshipped.document(),
            "shipped_cart": self.carts.shipped.document(),
            "ships": self.ships,
            "adopts": self.adopts,
            "earlier": self.earlier.as_deref().map(Change::to_value),
        })
    }

    /// As the journal kept it.
    pub fn from_value(kept: &Value) -> Option<Change> {
        let object = |name: &str| kept.get(name)?.as_object().cloned();
        Some(Change {
            step: Step::from_word(kept.get("step")?.as_str()?)?,
            asked: kept.get("asked")?.as_str()?.to_owned(),
            approved: kept.get("approved")?.as_i64()?,
            base: object("base")?,
            more: object("more")?,
            carts: TwoCarts {
                unshipped: Cart::from_document(object("unshipped_cart")?),
                shipped: Cart::from_document(object("shipped_cart")?),
            },
            ships: kept.get("ships")?.as_bool()?,
            adopts: kept.get("adopts")?.as_bool()?,
            earlier: match kept.get("earlier")? {
                Value::Null => None,
                earlier => Some(Box::new(Change::from_value(earlier)?)),
            },
        })
    }

    /// Whether this is what is asked for, and nothing else.
    pub(crate) fn is_asked_again(&self, asked: &Asked) -> bool {
        self.asked == asked.fingerprint()
    }

    /// How many changes it is, with those before it that had no answer.
    pub(crate) fn count(&self) -> usize {
        1 + self.earlier.as_deref().map_or(0, Change::count)
    }

    /// What seQura is told.
    pub fn order(&self) -> Order {
        let mut document = self.base.clone();
        document.extend(self.more.clone());
        let carts = [
            ("unshipped_cart", &self.carts.unshipped),
            ("shipped_cart", &self.carts.shipped),
        ];
        for (name, cart) in carts {
            document.insert(name.to_owned(), TwoCarts::for_sequra(cart));
        }
        Order::from_document(document)
    }

    /// Whether it says anything of the shopper.
    pub fn is_personal(&self) -> bool {
        let own = |name: &str| name == "cancellation_reason" || BASE.contains(&name);
        let earlier = self.earlier.as_deref().is_some_and(Change::is_personal);
        earlier || !self.more.keys().all(|name| own(name))
    }

    /// What the journal records of seQura's answer, and where that leaves the order.
    pub(crate) fn closing(&self, life: Life, answer: Answer) -> (Life, Closing) {
        let accepted = answer == Answer::Done;
        let spent = json!({"step": self.step.as_str(), "asked": self.asked}).to_string();
        let close = |accepted| Closing {
            step: self.step,
            request: spent.clone(),
            accepted,
        };
        if accepted {
            let kept = Present {
                approved: self.approved,
                base: self.base.clone(),
                carts: self.carts.clone(),
            };
            return (life, close(Some((kept.to_json(), self.carts.total().0))));
        }
        match &self.earlier {
            // There is no such order, whatever an earlier attempt came to.
            None if self.adopts && answer == Answer::Missing => (Life::ABANDONED, close(None)),
            _ if life.intent.is_some() => {
                let unchanged = Closing {
                    request: self.to_value().to_string(),
                    ..close(None)
                };
                (life, unchanged)
            }
            Some(earlier) => {
                let open = Life {
                    state: State::Settled,
                    intent: Some(Intent {
                        step: earlier.step,
                        before: State::Settled,
                        doubtful: true,
                    }),
                };
                let reopened = Closing {
                    step: earlier.step,
                    request: earlier.to_value().to_string(),
                    accepted: None,
                };
                (open, reopened)
            }
            None if self.adopts => (Life::ABANDONED, close(None)),
            None => (life, close(None)),
        }
    }
}
