//! A change of a sold order, complete: what seQura is told, what the journal keeps of it until there is
//! an answer, and what the answer makes of the order.

use super::asked::Asked;
use super::sold_order::{self, BASE, SoldOrder};
use crate::journal::{Accepted, Closing, Record};
use crate::lifecycle::{Intent, Life, Meaning, State, Step};
use crate::order::{Cart, Order, TwoCarts, unshipped};
use serde::Serialize;
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
    /// Whether it is the last step of a sale whose goods leave after it: it is asked for until seQura has it.
    pub(crate) ends_sale: bool,
    /// The change before this one that had no answer; this one includes it.
    pub(super) earlier: Option<Box<Change>>,
}

/// What the journal keeps of it, its fields in the order of their names.
#[derive(Serialize)]
struct Kept<'a> {
    adopts: bool,
    approved: i64,
    asked: &'a str,
    base: &'a Map<String, Value>,
    /// Those before it; one of these does not say it.
    #[serde(skip_serializing_if = "Option::is_none")]
    earlier: Option<Option<Vec<Kept<'a>>>>,
    /// Said only where it is so.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    ends_sale: bool,
    more: &'a Map<String, Value>,
    shipped_cart: &'a Map<String, Value>,
    ships: bool,
    step: &'static str,
    unshipped_cart: &'a Map<String, Value>,
}

impl Change {
    /// As the journal keeps it. The changes before it stand in a list, the last first: however many there are,
    /// the text is no deeper.
    pub fn to_json(&self) -> String {
        let before = std::iter::successors(self.earlier.as_deref(), |one| one.earlier.as_deref());
        let before: Vec<Kept> = before.map(|change| change.kept(None)).collect();
        let kept = self.kept(Some((!before.is_empty()).then_some(before)));
        serde_json::to_string(&kept).expect("a change has a JSON form")
    }

    fn kept<'a>(&'a self, earlier: Option<Option<Vec<Kept<'a>>>>) -> Kept<'a> {
        Kept {
            adopts: self.adopts,
            approved: self.approved,
            asked: &self.asked,
            base: &self.base,
            earlier,
            ends_sale: self.ends_sale,
            more: &self.more,
            shipped_cart: self.carts.shipped.document(),
            ships: self.ships,
            step: self.step.as_str(),
            unshipped_cart: self.carts.unshipped.document(),
        }
    }

    /// As the journal kept it.
    pub fn from_value(kept: &Value) -> Option<Change> {
        let earlier = match kept.get("earlier")? {
            Value::Null => None,
            Value::Array(before) => {
                let mut earlier = None;
                for change in before.iter().rev() {
                    earlier = Some(Box::new(Change::read_alone(change, earlier)?));
                }
                earlier
            }
            // Version 0.1.0 put each into the next.
            nested => Some(Box::new(Change::from_value(nested)?)),
        };
        Change::read_alone(kept, earlier)
    }

    fn read_alone(kept: &Value, earlier: Option<Box<Change>>) -> Option<Change> {
        let object = |name: &str| kept.get(name)?.as_object().cloned();
        let carts = TwoCarts {
            unshipped: Cart::from_document(object("unshipped_cart")?),
            shipped: Cart::from_document(object("shipped_cart")?),
        };
        Some(Change {
            step: Step::from_word(kept.get("step")?.as_str()?)?,
            asked: kept.get("asked")?.as_str()?.to_owned(),
            approved: kept.get("approved")?.as_i64()?,
            base: object("base")?,
            more: object("more")?,
            carts: Some(carts).filter(TwoCarts::is_sane)?,
            ships: kept.get("ships")?.as_bool()?,
            adopts: kept.get("adopts")?.as_bool()?,
            ends_sale: kept.get("ends_sale").is_some_and(|flag| *flag == true),
            earlier,
        })
    }

    /// Whether this is what is asked for, and nothing else.
    pub(crate) fn is_asked_again(&self, asked: &Asked) -> bool {
        asked.is(&self.asked)
    }

    /// Whether a change before this one, which it includes, is what is asked for.
    pub(super) fn includes(&self, asked: &Asked) -> bool {
        let mut before =
            std::iter::successors(self.earlier.as_deref(), |one| one.earlier.as_deref());
        before.any(|change| change.is_asked_again(asked))
    }

    /// What an earlier change that is asked for again makes of this one, which includes it: nothing more.
    pub(super) fn asked_again_for(&self, asked: &Asked) -> Change {
        let same = |earlier: &&Change| earlier.carts == self.carts && earlier.more == self.more;
        // One that was asked for again itself is no other: they do not pile up.
        let below = self.earlier.as_deref().filter(same).unwrap_or(self);
        Change {
            step: asked.step(),
            asked: asked.fingerprint(),
            earlier: Some(Box::new(below.clone())),
            ..self.clone()
        }
    }

    /// How many cents it gives back of an order that has these carts without it. Where an earlier change that has no
    /// answer is asked for again, it is what that one gives back.
    pub(crate) fn given_back(&self, settled: &TwoCarts) -> i64 {
        let all = || std::iter::successors(Some(self), |one| one.earlier.as_deref());
        let first = all().filter(|one| one.asked == self.asked).last();
        let first = first.unwrap_or(self);
        let before = first.earlier.as_deref().map_or(settled, |one| &one.carts);
        before.total().0 - first.carts.total().0
    }

    /// The same of a refund that seQura has taken, from what the journal had before it.
    pub(crate) fn given_back_if(&self, answer: Meaning, before: Option<&Record>) -> Option<i64> {
        let is_done = self.step == Step::Refund && answer == Meaning::Done;
        let settled = is_done.then(|| SoldOrder::of(before?))??;
        Some(self.given_back(&settled.carts))
    }

    /// The order as it will be.
    pub(crate) fn sold(&self) -> SoldOrder {
        SoldOrder {
            approved: self.approved,
            base: self.base.clone(),
            carts: self.carts.clone(),
        }
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

    /// Whether nothing of the order is owed after it: seQura may end the order by it.
    pub fn leaves_nothing(&self) -> bool {
        self.carts.is_empty()
    }

    /// Whether it says anything of the shopper.
    pub fn is_personal(&self) -> bool {
        let own = |name: &str| name == "cancellation_reason" || BASE.contains(&name);
        let earlier = self.earlier.as_deref().is_some_and(Change::is_personal);
        earlier || !self.more.keys().all(|name| own(name))
    }

    /// What was shipped by it and by those before it, and by how much the order comes to less, cents; of an order that has
    /// these carts without them. Shipped is what goes from one cart into the other; back again, it was not.
    fn moved(&self, settled: &TwoCarts) -> (i64, i64) {
        let totals = |carts: &TwoCarts| {
            let total = |cart: &Cart| cart.total().unwrap_or_default().0;
            (total(&carts.unshipped), total(&carts.shipped))
        };
        let all = std::iter::successors(Some(self), |one| one.earlier.as_deref());
        let mut all: Vec<(i64, i64)> = all.map(|one| totals(&one.carts)).collect();
        all.push(totals(settled));
        let steps = all.windows(2).map(|pair| {
            let (left, came) = (pair[1].0 - pair[0].0, pair[0].1 - pair[1].1);
            left.min(came).max(0) + left.max(came).min(0)
        });
        (steps.sum(), settled.total().0 - self.carts.total().0)
    }

    /// What seQura has taken, as the journal keeps it; `before`: what the journal had of the order.
    fn accepted(&self, before: Option<&Record>) -> Accepted {
        let settled = before.and_then(SoldOrder::of);
        let (shipped, refunded) = settled.map_or((0, 0), |before| self.moved(&before.carts));
        Accepted {
            shipped,
            refunded,
            carts: sold_order::to_json(self.approved, &self.base, &self.carts),
            amount: self.carts.total().0,
            unshipped: unshipped(&self.carts.unshipped).map(i64::from),
            order_ref_2: Order::from_document(self.base.clone()).order_ref_2(),
        }
    }

    /// What the journal records of seQura's answer, and where that leaves the order; `before`: what it had of it.
    pub(crate) fn closing(
        &self,
        life: Life,
        answer: Meaning,
        before: Option<&Record>,
    ) -> (Life, Closing) {
        let accepted = answer == Meaning::Done;
        let spent = json!({"step": self.step.as_str(), "asked": self.asked}).to_string();
        let close = |accepted| Closing {
            step: self.step,
            request: spent.clone(),
            accepted,
        };
        if accepted {
            return (life, close(Some(self.accepted(before))));
        }
        match &self.earlier {
            // The shop's money hangs on it, as on a reference: what says nothing of the order ends nothing.
            None if self.ends_sale
                && !matches!(answer, Meaning::Conflict | Meaning::PossibleEcho) =>
            {
                let unchanged = Closing {
                    request: self.to_json(),
                    ..close(None)
                };
                (life.still_to_ship(), unchanged)
            }
            // There is no such order, whatever an earlier attempt came to.
            None if self.adopts && answer == Meaning::Missing => (Life::ABANDONED, close(None)),
            _ if life.intent.is_some() => {
                let unchanged = Closing {
                    request: self.to_json(),
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
                    request: earlier.to_json(),
                    accepted: None,
                };
                (open, reopened)
            }
            None if self.adopts => (Life::ABANDONED, close(None)),
            None => (life, close(None)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(number: i64, earlier: Option<Change>) -> Change {
        let cart = |total: i64| {
            let cart = json!({"currency": "EUR", "order_total_with_tax": total, "items": []});
            Cart::from_document(cart.as_object().expect("an object").clone())
        };
        Change {
            step: Step::Refund,
            asked: number.to_string(),
            approved: 1,
            base: Map::new(),
            more: Map::new(),
            carts: TwoCarts {
                unshipped: cart(0),
                shipped: cart(number),
            },
            ships: false,
            adopts: false,
            ends_sale: false,
            earlier: earlier.map(Box::new),
        }
    }

    fn as_kept(change: &Change) -> Option<Change> {
        let kept = change.to_json();
        let value: Value = serde_json::from_str(&kept).ok()?;
        assert_eq!(
            value.to_string(),
            kept,
            "fields are in the order of their names"
        );
        Change::from_value(&value)
    }

    #[test]
    fn however_many_changes_have_no_answer_they_are_read_again() {
        let all = (0..500).fold(None, |earlier, number| Some(change(number, earlier)));
        let all = all.expect("some");
        assert_eq!(as_kept(&all), Some(all));
    }

    #[test]
    fn what_sequra_has_taken_is_kept_with_its_fields_in_the_order_of_their_names() {
        let taken = Change {
            base: Map::from_iter([("merchant".to_owned(), json!({"id": "shop_es"}))]),
            ..change(7, None)
        };
        let (_, closing) = taken.closing(Life::SETTLED, Meaning::Done, None);
        let taken = closing.accepted.expect("it was taken");
        assert_eq!(
            (taken.amount, taken.unshipped, taken.order_ref_2),
            (7, None, None)
        );
        let value: Value = serde_json::from_str(&taken.carts).expect("JSON");
        assert_eq!(value.to_string(), taken.carts);
        assert_eq!(value["approved"], 1);
        assert_eq!(value["merchant"]["id"], "shop_es");
        assert_eq!(value["shipped_cart"]["order_total_with_tax"], 7);
        assert_eq!(value["unshipped_cart"]["order_total_with_tax"], 0);
    }

    #[test]
    fn those_of_an_older_version_are_read() {
        let three = change(3, Some(change(2, Some(change(1, None)))));
        let mut kept: Value = serde_json::from_str(&three.to_json()).expect("JSON");
        let before = kept["earlier"].take();
        let (mut second, mut first) = (before[0].clone(), before[1].clone());
        first["earlier"] = Value::Null;
        second["earlier"] = first;
        kept["earlier"] = second;
        assert_eq!(Change::from_value(&kept), Some(three));
    }

    #[test]
    fn what_is_asked_for_again_does_not_pile_up() {
        let (a, b) = (Asked::RefundAmount(1, None), Asked::RefundAmount(2, None));
        let named = |asked: &Asked, change: Change| Change {
            asked: asked.fingerprint(),
            ..change
        };
        let mut open = named(&b, change(2, Some(named(&a, change(1, None)))));
        for _ in 0..10 {
            for asked in [&a, &b] {
                assert!(open.includes(asked) != open.is_asked_again(asked));
                open = open.asked_again_for(asked);
                assert!(open.is_asked_again(asked));
                assert_eq!(open.count(), 3);
            }
        }
        assert_eq!(open.carts, change(2, None).carts);
    }
}
