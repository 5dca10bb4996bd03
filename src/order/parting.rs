//! A cart's lines in two heaps: what goes, and what stays.

use super::cart::{Cart, Item};
use super::cents::Cents;
use super::lines::{is_goods, part_of_goods, total_of};
use super::picks::{Going, Pick, find};
use crate::problem::Problem;

/// Whether fees go with the goods when a call does not name them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Fees<'a> {
    Go,
    /// But the one with this reference goes with the last goods.
    StayBut(Option<&'a str>),
}

impl Fees<'_> {
    fn go(self, item: &Item, named: &Named) -> bool {
        match self {
            Fees::Go => named.some_go,
            Fees::StayBut(None) => false,
            Fees::StayBut(last) => {
                named.some_go && !named.some_stay && item.reference().as_deref() == last
            }
        }
    }
}

/// A cart's lines in two heaps.
pub(super) struct Parted {
    pub(super) taken: Vec<Item>,
    pub(super) left: Vec<Item>,
}

impl Parted {
    pub(super) fn everything(cart: &Cart) -> Parted {
        Parted {
            taken: cart.items(),
            left: Vec::new(),
        }
    }

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
            rest if is_goods(&item) => {
                self.left.push(part_of_goods(item.clone(), rest));
                self.taken.push(part_of_goods(item, gone));
            }
            rest => {
                self.left.push(item.clone().with_total(Cents(rest)));
                self.taken.push(item.with_total(Cents(gone)));
            }
        }
    }
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

/// What of a cart goes by name, in cents; and whether some of its goods do, or all.
#[derive(Default)]
struct Named {
    cents: i64,
    goods: i64,
    goods_there: i64,
    /// The lines that lower the price and are not named.
    reductions: i64,
    some_go: bool,
    some_stay: bool,
}

impl Named {
    fn of(items: &[Item], going: &[Option<Going>]) -> Named {
        let mut named = Named::default();
        for (item, going) in items.iter().zip(going) {
            let (total, quantity) = (total_of(item), item.quantity().unwrap_or_default());
            let (cents, some, all) = match *going {
                Some(Going::Quantity(gone)) => {
                    (share(total, gone, quantity), gone > 0, gone == quantity)
                }
                Some(Going::Amount(cents)) => (cents, cents != 0, cents == total),
                None => (0, false, false),
            };
            named.cents += cents;
            if is_goods(item) {
                named.goods += cents;
                named.goods_there += total;
                named.some_go |= some;
                named.some_stay |= !all;
            } else if going.is_none() && total < 0 {
                named.reductions += total;
            }
        }
        named
    }

    /// Of the reductions goes as much as the first is of the second. `worth`: see [`part`].
    fn reductions_going(&self, worth: Option<i64>) -> (i64, i64) {
        match worth {
            Some(worth) => {
                let rest = worth.saturating_sub(self.cents);
                (rest.clamp(self.reductions, 0), self.reductions)
            }
            None if self.some_stay => (self.goods, self.goods_there),
            None => (1, 1),
        }
    }
}

/// Takes what is named out of a cart, and what the rules say goes with it. `worth`: what is named comes to so much, and
/// the reductions go as far as they make up for it.
pub(super) fn part(
    cart: &Cart,
    picks: &[Pick],
    fees: Fees<'_>,
    worth: Option<i64>,
) -> Result<Parted, Vec<Problem>> {
    let items = cart.items();
    let going = find(&items, picks)?;
    // The goods first: what else goes depends on their value.
    let named = Named::of(&items, &going);
    let (part, whole) = named.reductions_going(worth);

    let mut parted = Parted {
        taken: Vec::new(),
        left: Vec::new(),
    };
    // Shares are cut from the running sum of all reductions: each for itself would round away a
    // cent in the same direction.
    let (mut reductions, mut reductions_gone) = (0, 0);
    for (item, going) in items.into_iter().zip(going) {
        let total = total_of(&item);
        match going {
            Some(Going::Quantity(quantity)) => parted.goods(item, quantity),
            Some(Going::Amount(amount)) => parted.amount(item, amount),
            None if is_goods(&item) => parted.left.push(item),
            None if total < 0 => {
                reductions += total;
                let until_here = share(reductions, part, whole);
                parted.amount(item, until_here - reductions_gone);
                reductions_gone = until_here;
            }
            None if fees.go(&item, &named) => parted.taken.push(item),
            None => parted.left.push(item),
        }
    }
    Ok(parted)
}
