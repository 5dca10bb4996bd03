//! A cart's lines in two heaps: what goes, and what stays.

use super::cart::{Cart, Item};
use super::cents::Cents;
use super::lines::{is_goods, total_of};
use super::picks::{Going, Pick, find};
use crate::problem::Problem;

/// Whether fees go with the goods when a call does not name them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Fees {
    Go,
    Stay,
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

/// Takes what is named out of a cart, and what the rules say goes with it.
pub(super) fn part(cart: &Cart, picks: &[Pick], fees: Fees) -> Result<Parted, Vec<Problem>> {
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
