//! The lines of the carts of a sold order, each of which keeps its place in what was sold.

use super::cart::Item;
use super::cart::ItemType;
use super::cents::Cents;
use std::collections::HashMap;

/// Marks a kept line with its place in the cart that was sold; not sent to seQura.
pub(super) const LINE: &str = "sequra_pos_line";

/// A line's place in what was sold.
pub(super) fn line_of(item: &Item) -> Option<i64> {
    let line = item.document().get(LINE)?.as_i64()?;
    u32::try_from(line).is_ok().then_some(line)
}

/// Whether a line is goods, of which some can go and some stay.
pub(super) fn is_goods(item: &Item) -> bool {
    item.quantity().is_some()
        && matches!(
            item.item_type(),
            Some(ItemType::Product | ItemType::Service) | None
        )
}

/// What a line comes to.
pub(super) fn total_of(item: &Item) -> i64 {
    item.total().unwrap_or_default().0
}

/// Puts lines to those that are there; parts of one line become one line again.
pub(super) fn joined(mut there: Vec<Item>, more: Vec<Item>) -> Vec<Item> {
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
