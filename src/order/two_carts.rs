//! The two carts of a sold order, what is still to be shipped and what was, and what shipping and
//! giving back make of them.
//!
//! seQura is told the complete present state of both, never a change [D]. All arithmetic is on whole
//! cents, and no cent is lost or made: what is taken from a cart and what stays in it add up to what
//! was there, line by line. The rules, where a call does not say otherwise:
//!
//! - Some of a line's goods go with their share of the line's total, rounded to the nearest cent; the
//!   last of them take what is left. Goods may go by an amount, too: a part of what was weighed.
//! - Lines that lower the price (discounts, vouchers, refunds of an amount) go with the goods by their
//!   share of the goods' value; the last of the goods take the rest.
//! - Fees (handling, the invoice's, a registration) go with the first goods that are shipped, and stay
//!   when goods are given back.
//!
//! A call overrides a rule by naming the line itself, with the `amount` that is to go.

use super::cart::{Cart, Item, ItemType};
use super::cents::Cents;
use super::lines::{LINE, WHOLE, is_goods, joined, line_of, total_of};
use super::lookup::CARTS;
use super::parting::{Fees, Parted, part};
use super::picks::Pick;
use crate::json::said;
use crate::problem::Problem;
use crate::vocabulary::ErrorCode;
use serde_json::{Map, Value};
use std::collections::HashSet;

/// Both carts.
#[derive(Clone, Debug, PartialEq)]
pub struct TwoCarts {
    /// What is still to be shipped.
    pub unshipped: Cart,
    /// What was shipped, and the shopper kept.
    pub shipped: Cart,
}

type Moved<T> = Result<T, Vec<Problem>>;

impl TwoCarts {
    /// Those of an order as it was confirmed. `None`: it has no cart that could be read.
    pub fn of_order(document: &Map<String, Value>) -> Option<TwoCarts> {
        let carts = CARTS
            .into_iter()
            .filter_map(|name| Some((name.to_owned(), document.get(name)?.clone())));
        TwoCarts::taken_from(&mut carts.collect())
    }

    /// The same, taken out of it.
    pub(crate) fn taken_from(document: &mut Map<String, Value>) -> Option<TwoCarts> {
        let mut cart = |name: &str| match document.remove(name)? {
            Value::Object(cart) => Some(Cart::from_document(cart)),
            _ => None,
        };
        let carts = match (cart("cart"), cart("unshipped_cart"), cart("shipped_cart")) {
            (Some(sold), ..) => {
                let shipped = sold.without_items().with_items(Vec::new())?;
                TwoCarts {
                    unshipped: sold,
                    shipped,
                }
            }
            (None, Some(unshipped), Some(shipped)) => TwoCarts { unshipped, shipped },
            _ => return None,
        };
        carts.numbered()
    }

    /// Whether every amount is one that a till may mean: then no sum of them is more than can be counted.
    pub(crate) fn is_sane(&self) -> bool {
        self.unshipped.is_sane() && self.shipped.is_sane()
    }

    /// Gives each line that has none yet its place in what was sold. Within one cart no two lines have
    /// the same one, whatever the till may have written there.
    fn numbered(mut self) -> Option<TwoCarts> {
        let (mut unshipped, mut shipped) = (self.unshipped.take_items(), self.shipped.take_items());
        let known = unshipped.iter().chain(&shipped).filter_map(line_of).max();
        let mut next = known.map_or(0, |line| line + 1);
        for items in [&mut unshipped, &mut shipped] {
            let mut taken = HashSet::new();
            for item in items.iter_mut() {
                if !line_of(item).is_some_and(|line| taken.insert(line)) {
                    let mut document = std::mem::take(item).into_document();
                    document.insert(LINE.to_owned(), next.into());
                    *item = Item::from_document(document);
                    next += 1;
                }
            }
        }
        Some(TwoCarts {
            unshipped: self.unshipped.with_items(unshipped)?,
            shipped: self.shipped.with_items(shipped)?,
        })
    }

    /// What both come to: what the shopper owes.
    pub fn total(&self) -> Cents {
        let of = |cart: &Cart| cart.total().unwrap_or_default();
        of(&self.unshipped)
            .checked_add(of(&self.shipped))
            .unwrap_or_default()
    }

    /// All that is left of what was sold, in its order: of a line of which a part was shipped, both parts as one.
    pub(crate) fn items(&self) -> Vec<Item> {
        let mut items = joined(self.shipped.items(), self.unshipped.items());
        items.sort_by_key(line_of);
        items
    }

    /// Whether nothing is left of the order.
    pub fn is_empty(&self) -> bool {
        self.unshipped.is_empty() && self.shipped.is_empty()
    }

    /// A cart as seQura reads it, without our marks.
    pub fn for_sequra(cart: &Cart) -> Value {
        let mut document = cart.document().clone();
        if let Some(Value::Array(items)) = document.get_mut("items") {
            for item in items.iter_mut().filter_map(Value::as_object_mut) {
                item.remove(LINE);
                item.remove(WHOLE);
            }
        }
        Value::Object(document)
    }

    /// Some of what is still to be shipped was; `None`: all of it.
    pub fn ship(&self, picks: Option<&[Pick]>) -> Moved<TwoCarts> {
        let parted = match picks {
            None => Parted::everything(&self.unshipped),
            Some(picks) => part(&self.unshipped, picks, Fees::Go, None)?,
        };
        let shipped = joined(self.shipped.items(), parted.taken);
        self.with_carts(parted.left, shipped)
    }

    /// Some of what was shipped came back, and is paid back; `None`: all of it. `rounding`: the reference of the line that
    /// makes up for the rounding of all the goods, and goes back with the last of them.
    pub fn give_back(&self, picks: Option<&[Pick]>, rounding: Option<&str>) -> Moved<TwoCarts> {
        let parted = match picks {
            None => Parted::everything(&self.shipped),
            Some(picks) => part(&self.shipped, picks, Fees::StayBut(rounding), None)?,
        };
        let after = self.with_carts(self.unshipped.items(), parted.left)?;
        match self.total().0 - after.total().0 {
            given_back @ ..0 => Err(vec![nothing_given_back(given_back)]),
            _ => Ok(after),
        }
    }

    /// Some of what was shipped came back, and so much is paid back for it, whatever the rules say. Discounts and other
    /// payments go with it as far as they make up for the amount; what they do not becomes a line of this name: an
    /// `other_payment` where more is paid back, a fee where the shop keeps some of it.
    pub fn give_back_for(&self, picks: &[Pick], amount: i64, name: &str) -> Moved<TwoCarts> {
        let there = self.shipped_total();
        if !(0..=there).contains(&amount) {
            return Err(vec![too_much(0, there, amount)]);
        }
        let mut left = part(&self.shipped, picks, Fees::StayBut(None), Some(amount))?.left;
        let rest: i64 = left.iter().map(total_of).sum();
        let difference = there - amount - rest;
        if amount == there && !left.iter().any(is_goods) {
            left.clear();
        } else if difference != 0 {
            let kind = match difference < 0 {
                true => ItemType::OtherPayment,
                false => ItemType::Handling,
            };
            self.add_line(&mut left, kind, name, difference);
        }
        self.with_carts(self.unshipped.items(), left)
    }

    /// An amount is paid back, and nothing came back: on the wire an `other_payment` in the shipped
    /// cart [C].
    pub fn give_back_amount(&self, amount: i64, name: &str) -> Moved<TwoCarts> {
        let most = self.shipped_total();
        if !(1..=most).contains(&amount) {
            return Err(vec![too_much(1, most, amount)]);
        }
        let mut items = self.shipped.items();
        self.add_line(&mut items, ItemType::OtherPayment, name, -amount);
        self.with_carts(self.unshipped.items(), items)
    }

    fn shipped_total(&self) -> i64 {
        self.shipped.total().unwrap_or_default().0
    }

    /// A line of the library's own in the shipped cart, under a reference that no line of it has.
    fn add_line(&self, items: &mut Vec<Item>, kind: ItemType, name: &str, total: i64) {
        let used: HashSet<String> = items.iter().filter_map(Item::reference).collect();
        let number = (1..).find(|number| !used.contains(&format!("r_{number}")));
        let reference = format!("r_{}", number.unwrap_or_default());
        let fields = [
            ("type", kind.as_str().into()),
            ("reference", reference.into()),
            ("name", name.into()),
            ("total_with_tax", total.into()),
        ];
        let line = fields.map(|(name, value): (&str, Value)| (name.to_owned(), value));
        items.push(Item::from_document(Map::from_iter(line)));
    }

    /// Nothing is shipped and nothing is owed: the order is cancelled, or all of it came back [D].
    pub fn emptied(&self) -> Option<TwoCarts> {
        Some(TwoCarts {
            unshipped: self.unshipped.without_items().with_items(Vec::new())?,
            shipped: self.shipped.without_items().with_items(Vec::new())?,
        })
    }

    /// Carts that a call gives take the place of those that are there; what they sell is numbered
    /// anew. The till's key of the order stays where they leave it out.
    pub fn replaced(&self, unshipped: Option<Cart>, shipped: Option<Cart>) -> Option<TwoCarts> {
        let carts = TwoCarts {
            unshipped: given_or(unshipped, &self.unshipped),
            shipped: given_or(shipped, &self.shipped),
        };
        carts.numbered()
    }

    fn with_carts(&self, unshipped: Vec<Item>, shipped: Vec<Item>) -> Moved<TwoCarts> {
        let made = |name: &str, cart: &Cart, items| {
            let cart = cart.without_items().with_items(items);
            let total = cart.as_ref().and_then(Cart::total);
            match (cart, total) {
                (Some(cart), Some(total)) if total >= Cents::ZERO => Ok(cart),
                _ => Err(vec![Problem {
                    expected: Some(0.into()),
                    actual: total.map(Value::from),
                    ..Problem::at(
                        ErrorCode::NegativeTotal,
                        format!("/{name}/order_total_with_tax"),
                        format!(
                            "The {name} would come to {} cents, which is less than nothing. Name the discount or voucher too, with the amount of it that is to go.",
                            total.unwrap_or_default()
                        ),
                    )
                }]),
            }
        };
        let carts = TwoCarts {
            unshipped: made("unshipped_cart", &self.unshipped, unshipped)?,
            shipped: made("shipped_cart", &self.shipped, shipped)?,
        };
        Ok(carts)
    }
}

/// A discount that goes by itself raises what the shopper owes.
fn nothing_given_back(given_back: i64) -> Problem {
    Problem {
        expected: Some(0.into()),
        actual: Some(given_back.into()),
        ..Problem::at(
            ErrorCode::NegativeTotal,
            "/items",
            format!(
                "This would give back {given_back} cents: without the discount or other payment that is named the shopper would owe more. Name the goods that it goes with, too; what the shopper owes is raised with sq_update_order only."
            ),
        )
    }
}

fn too_much(least: i64, most: i64, asked: i64) -> Problem {
    Problem {
        expected: Some(most.into()),
        actual: Some(asked.into()),
        ..Problem::at(
            ErrorCode::MoreThanThereIs,
            "/amount",
            format!(
                "From {least} to {most} cents can be paid back of what was shipped; {asked} were asked for."
            ),
        )
    }
}

/// The cart that is given, with the till's key of the order; or the one that is there.
fn given_or(given: Option<Cart>, known: &Cart) -> Cart {
    const KEY: &str = "cart_ref";
    let Some(given) = given else {
        return known.clone();
    };
    let mut document = given.into_document();
    if let (None, Some(key)) = (said(&document, KEY), said(known.document(), KEY)) {
        document.insert(KEY.to_owned(), key.clone());
    }
    Cart::from_document(document)
}

#[cfg(test)]
#[path = "two_carts_tests.rs"]
mod tests;
