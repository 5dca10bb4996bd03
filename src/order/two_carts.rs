//! The two carts of a sold order, what is still to be shipped and what was, and what shipping and
//! giving back make of them.
//!
//! seQura is told the complete present state of both, never a change [D]. All arithmetic is on whole
//! cents, and no cent is lost or made: what is taken from a cart and what stays in it add up to what
//! was there, line by line. The rules, where a call does not say otherwise:
//!
//! - Some of a line's goods go with their share of the line's total, rounded to the nearest cent; the
//!   last of them take what is left.
//! - Lines that lower the price (discounts, vouchers, refunds of an amount) go with the goods by their
//!   share of the goods' value; the last of the goods take the rest.
//! - Fees (handling, the invoice's, a registration) go with the first goods that are shipped, and stay
//!   when goods are given back.
//!
//! A call overrides a rule by naming the line itself, with the `amount` that is to go.

use super::{Cart, Cents, Item, ItemType};
use crate::problem::{Found, Problem};
use crate::vocabulary::ErrorCode;
use serde_json::{Map, Value};
use std::collections::{HashMap, HashSet};

/// Marks a kept line with its place in the cart that was sold; not sent to seQura.
const LINE: &str = "sequra_pos_line";

/// Both carts.
#[derive(Clone, Debug, PartialEq)]
pub struct TwoCarts {
    /// What is still to be shipped.
    pub unshipped: Cart,
    /// What was shipped, and the shopper kept.
    pub shipped: Cart,
}

/// A line, or a part of it, that a call names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pick {
    /// The shop's own code of what is sold.
    pub reference: String,
    /// Which of several lines with that reference, counted from 0 as they were sold.
    pub line: Option<i64>,
    /// How many, for goods; `None`: all that are left.
    pub quantity: Option<i64>,
    /// How many cents of it, for lines without a quantity; with the sign of the line. `None`: all.
    pub amount: Option<i64>,
    /// Where the call names it, for its problems.
    pub pointer: String,
}

type Moved<T> = Result<T, Vec<Problem>>;

impl TwoCarts {
    /// Those of an order as it was confirmed. `None`: it has no cart that could be read.
    pub fn of_order(document: &Map<String, Value>) -> Option<TwoCarts> {
        let cart = |name: &str| {
            let cart = document.get(name)?.as_object()?;
            Some(Cart::from_document(cart.clone()))
        };
        let carts = match (cart("cart"), cart("unshipped_cart"), cart("shipped_cart")) {
            (Some(sold), ..) => {
                let shipped = sold.clone().with_items(Vec::new())?;
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

    /// Gives each line that has none yet its place in what was sold. Within one cart no two lines have
    /// the same one, whatever the till may have written there.
    fn numbered(self) -> Option<TwoCarts> {
        let (mut unshipped, mut shipped) = (self.unshipped.items(), self.shipped.items());
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

    /// Whether nothing is left of the order.
    pub fn is_empty(&self) -> bool {
        self.unshipped.items().is_empty() && self.shipped.items().is_empty()
    }

    /// A cart as seQura reads it, without our marks.
    pub fn for_sequra(cart: &Cart) -> Value {
        let mut document = cart.document().clone();
        if let Some(Value::Array(items)) = document.get_mut("items") {
            for item in items.iter_mut().filter_map(Value::as_object_mut) {
                item.remove(LINE);
            }
        }
        Value::Object(document)
    }

    /// Some of what is still to be shipped was; `None`: all of it.
    pub fn ship(&self, picks: Option<&[Pick]>) -> Moved<TwoCarts> {
        let parted = match picks {
            None => Parted::everything(&self.unshipped),
            Some(picks) => part(&self.unshipped, picks, Fees::Go)?,
        };
        let shipped = joined(self.shipped.items(), parted.taken);
        self.with_carts(parted.left, shipped)
    }

    /// Some of what was shipped came back, and is paid back; `None`: all of it.
    pub fn give_back(&self, picks: Option<&[Pick]>) -> Moved<TwoCarts> {
        let parted = match picks {
            None => Parted::everything(&self.shipped),
            Some(picks) => part(&self.shipped, picks, Fees::Stay)?,
        };
        self.with_carts(self.unshipped.items(), parted.left)
    }

    /// An amount is paid back, and nothing came back: on the wire an `other_payment` in the shipped
    /// cart [C].
    pub fn give_back_amount(&self, amount: i64, name: &str) -> Moved<TwoCarts> {
        let most = self.shipped.total().unwrap_or_default().0;
        if amount < 1 || amount > most {
            return Err(vec![Problem {
                expected: Some(most.into()),
                actual: Some(amount.into()),
                ..Problem::at(
                    ErrorCode::MoreThanThereIs,
                    "/amount",
                    format!(
                        "From 1 to {most} cents can be paid back of what was shipped; {amount} were asked for."
                    ),
                )
            }]);
        }
        let mut items = self.shipped.items();
        let used: HashSet<String> = items.iter().filter_map(Item::reference).collect();
        let number = (1..).find(|number| !used.contains(&format!("r_{number}")));
        let mut refund = Map::new();
        refund.insert("type".into(), ItemType::OtherPayment.as_str().into());
        refund.insert(
            "reference".into(),
            format!("r_{}", number.unwrap_or_default()).into(),
        );
        refund.insert("name".into(), name.into());
        refund.insert("total_with_tax".into(), (-amount).into());
        items.push(Item::from_document(refund));
        self.with_carts(self.unshipped.items(), items)
    }

    /// Nothing is shipped and nothing is owed: the order is cancelled, or all of it came back [D].
    pub fn emptied(&self) -> Option<TwoCarts> {
        Some(TwoCarts {
            unshipped: self.unshipped.clone().with_items(Vec::new())?,
            shipped: self.shipped.clone().with_items(Vec::new())?,
        })
    }

    /// Carts that a call gives take the place of those that are there; what they sell is numbered
    /// anew.
    pub fn replaced(&self, unshipped: Option<Cart>, shipped: Option<Cart>) -> Option<TwoCarts> {
        let carts = TwoCarts {
            unshipped: unshipped.unwrap_or_else(|| self.unshipped.clone()),
            shipped: shipped.unwrap_or_else(|| self.shipped.clone()),
        };
        carts.numbered()
    }

    fn with_carts(&self, unshipped: Vec<Item>, shipped: Vec<Item>) -> Moved<TwoCarts> {
        let made = |name: &str, cart: &Cart, items| {
            let cart = cart.clone().with_items(items);
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

fn line_of(item: &Item) -> Option<i64> {
    let line = item.document().get(LINE)?.as_i64()?;
    u32::try_from(line).is_ok().then_some(line)
}

/// Whether fees go with the goods when a call does not name them.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fees {
    Go,
    Stay,
}

/// A cart's lines in two heaps.
struct Parted {
    taken: Vec<Item>,
    left: Vec<Item>,
}

impl Parted {
    fn everything(cart: &Cart) -> Parted {
        Parted {
            taken: cart.items(),
            left: Vec::new(),
        }
    }
}

impl Parted {
    /// So many of a line's goods, with their share of its total.
    fn goods(&mut self, item: Item, quantity: i64) {
        let there = item.quantity().unwrap_or_default();
        if quantity == there {
            return self.taken.push(item);
        }
        if quantity == 0 {
            return self.left.push(item);
        }
        let total = total_of(&item);
        let gone = share(total, quantity, there);
        let rest = item.clone().with_quantity(there - quantity);
        self.left.push(rest.with_total(Cents(total - gone)));
        let taken = item.with_quantity(quantity);
        self.taken.push(taken.with_total(Cents(gone)));
    }

    /// So many of a line's cents.
    fn amount(&mut self, item: Item, gone: i64) {
        match total_of(&item) - gone {
            0 => self.taken.push(item),
            _ if gone == 0 => self.left.push(item),
            rest => {
                self.left.push(item.clone().with_total(Cents(rest)));
                self.taken.push(item.with_total(Cents(gone)));
            }
        }
    }
}

fn is_goods(item: &Item) -> bool {
    item.quantity().is_some()
        && matches!(
            item.item_type(),
            Some(ItemType::Product | ItemType::Service) | None
        )
}

fn total_of(item: &Item) -> i64 {
    item.total().unwrap_or_default().0
}

/// `total * part / whole`, to the nearest cent; halves go away from zero. All of it where there is
/// no whole.
fn share(total: i64, part: i64, whole: i64) -> i64 {
    if part == whole || whole == 0 {
        return total;
    }
    let (doubled, whole) = (2 * i128::from(total) * i128::from(part), i128::from(whole));
    let away = if (doubled < 0) != (whole < 0) {
        -whole
    } else {
        whole
    };
    ((doubled + away) / (2 * whole)) as i64
}

/// How much of one line goes.
#[derive(Clone, Copy)]
enum Going {
    /// So many of its goods.
    Quantity(i64),
    /// So many of its cents.
    Amount(i64),
}

/// Takes what is named out of a cart, and what the rules say goes with it.
fn part(cart: &Cart, picks: &[Pick], fees: Fees) -> Moved<Parted> {
    let items = cart.items();
    let going = find(&items, picks)?;

    // The goods first: what else goes depends on their value.
    let value = |only: &dyn Fn(usize) -> i64| -> i64 { (0..items.len()).map(only).sum() };
    let goods_there = value(&|at| {
        if is_goods(&items[at]) {
            total_of(&items[at])
        } else {
            0
        }
    });
    let goods_gone = value(&|at| match (is_goods(&items[at]), going[at]) {
        (true, Some(Going::Quantity(quantity))) => {
            let there = items[at].quantity().unwrap_or_default();
            share(total_of(&items[at]), quantity, there)
        }
        _ => 0,
    });
    let goes = |at: usize, is: &dyn Fn(i64, i64) -> bool| match (going[at], items[at].quantity()) {
        (Some(Going::Quantity(quantity)), Some(there)) => is(quantity, there),
        _ => false,
    };
    let some_go = (0..items.len()).any(|at| goes(at, &|quantity, _| quantity > 0));
    let all_go = (0..items.len())
        .all(|at| !is_goods(&items[at]) || goes(at, &|quantity, there| quantity == there));

    let mut parted = Parted {
        taken: Vec::new(),
        left: Vec::new(),
    };
    // Shares are cut from the running sum of all reductions: each for itself would round away a
    // cent in the same direction.
    let (mut reductions, mut reductions_gone) = (0, 0);
    for (at, item) in items.into_iter().enumerate() {
        let total = total_of(&item);
        match going[at] {
            Some(Going::Quantity(quantity)) => parted.goods(item, quantity),
            Some(Going::Amount(amount)) => parted.amount(item, amount),
            None if is_goods(&item) => parted.left.push(item),
            None if total < 0 && !all_go => {
                reductions += total;
                let until_here = share(reductions, goods_gone, goods_there);
                parted.amount(item, until_here - reductions_gone);
                reductions_gone = until_here;
            }
            None if total < 0 || (fees == Fees::Go && some_go) => parted.taken.push(item),
            None => parted.left.push(item),
        }
    }
    Ok(parted)
}

/// Finds what is named, all problems at once: for each line how much of it goes.
fn find(items: &[Item], picks: &[Pick]) -> Moved<Vec<Option<Going>>> {
    let mut by_reference: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, item) in items.iter().enumerate() {
        if let Some(reference) = item.reference() {
            by_reference.entry(reference).or_default().push(at);
        }
    }
    let mut going = vec![None; items.len()];
    let mut found = Found::default();
    for pick in picks {
        let named = by_reference.get(&pick.reference);
        match find_one(items, pick, named.map_or(&[], Vec::as_slice), &going) {
            Ok((at, gone)) => going[at] = Some(gone),
            Err(problem) => found.note(|| problem),
        }
    }
    match found.is_empty() {
        true => Ok(going),
        false => Err(found.into_list()),
    }
}

/// `same`: the lines with the reference that is named.
fn find_one(
    items: &[Item],
    pick: &Pick,
    same: &[usize],
    going: &[Option<Going>],
) -> Result<(usize, Going), Problem> {
    let Pick {
        reference, pointer, ..
    } = pick;
    let named: Vec<usize> = same
        .iter()
        .copied()
        .filter(|&at| pick.line.is_none() || line_of(&items[at]) == pick.line)
        .collect();
    let lines = || named.iter().filter_map(|&at| line_of(&items[at]));
    let at = match named[..] {
        [at] => at,
        [] => {
            return Err(Problem {
                actual: Some(reference.as_str().into()),
                ..Problem::at(
                    ErrorCode::NoSuchLine,
                    format!("{pointer}/reference"),
                    format!("There is no {reference} left in this cart."),
                )
            });
        }
        _ => {
            return Err(Problem {
                expected: Some(lines().collect()),
                ..Problem::at(
                    ErrorCode::AmbiguousLine,
                    format!("{pointer}/line"),
                    format!(
                        "{reference} occurs {} times; say which is meant with line, counted from 0 as they were sold.",
                        named.len()
                    ),
                )
            });
        }
    };
    let more = |field: &str, there: i64, asked: i64| Problem {
        expected: Some(there.into()),
        actual: Some(asked.into()),
        ..Problem::at(
            ErrorCode::MoreThanThereIs,
            format!("{pointer}/{field}"),
            format!("Of {reference} there is a quantity of {there}, and {asked} was asked for."),
        )
    };
    if going[at].is_some() {
        return Err(Problem {
            actual: Some(reference.as_str().into()),
            ..Problem::at(
                ErrorCode::AmbiguousLine,
                pointer.clone(),
                format!("{reference} is named twice; name it once, with the whole quantity."),
            )
        });
    }
    let item = &items[at];
    let total = total_of(item);
    match (is_goods(item), pick.quantity, pick.amount) {
        (true, quantity, None) => {
            let there = item.quantity().unwrap_or_default();
            let asked = quantity.unwrap_or(there);
            match (0..=there).contains(&asked) {
                true => Ok((at, Going::Quantity(asked))),
                false => Err(more("quantity", there, asked)),
            }
        }
        (true, _, Some(_)) => Err(Problem::at(
            ErrorCode::ForbiddenField,
            format!("{pointer}/amount"),
            format!("{reference} is goods and goes by quantity; leave amount out."),
        )),
        (false, None, amount) => {
            let asked = amount.unwrap_or(total);
            let within = match total < 0 {
                true => (total..=0).contains(&asked),
                false => (0..=total).contains(&asked),
            };
            match within {
                true => Ok((at, Going::Amount(asked))),
                false => Err(more("amount", total, asked)),
            }
        }
        (false, Some(_), _) => Err(Problem::at(
            ErrorCode::ForbiddenField,
            format!("{pointer}/quantity"),
            format!("{reference} has no quantity; say its part with amount, in cents."),
        )),
    }
}

/// Puts lines to those that are there; parts of one line become one line again.
fn joined(mut there: Vec<Item>, more: Vec<Item>) -> Vec<Item> {
    let lines = there.iter().enumerate();
    let by_line: HashMap<i64, usize> = lines
        .filter_map(|(at, item)| Some((line_of(item)?, at)))
        .collect();
    for item in more {
        let same = line_of(&item).and_then(|line| by_line.get(&line).copied());
        let same = same.filter(|&at| is_same_line(&there[at], &item));
        match same {
            None => there.push(item),
            Some(at) => {
                let total = total_of(&there[at]).saturating_add(total_of(&item));
                let quantity = there[at].quantity().zip(item.quantity());
                let mut whole = std::mem::take(&mut there[at]).with_total(Cents(total));
                if let Some((one, other)) = quantity {
                    whole = whole.with_quantity(one.saturating_add(other));
                }
                there[at] = whole;
            }
        }
    }
    there
}

/// Whether two lines of one place are parts of one: they differ in quantity and total only.
fn is_same_line(one: &Item, other: &Item) -> bool {
    let rest = |item: &Item| {
        let mut document = item.document().clone();
        document.remove("quantity");
        document.remove("total_with_tax");
        document
    };
    rest(one) == rest(other)
}

#[cfg(test)]
#[path = "two_carts_tests.rs"]
mod tests;
