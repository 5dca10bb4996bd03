//! The lines of the carts of a sold order, each of which keeps its place in what was sold.

use super::cart::Item;
use super::cart::ItemType;
use super::cents::Cents;
use serde_json::json;
use std::collections::HashMap;

/// Marks a kept line with its place in the cart that was sold; not sent to seQura.
pub(super) const LINE: &str = "sequra_pos_line";

/// Marks goods of which a part went by its amount with what they were before: their quantity and their total.
pub(super) const WHOLE: &str = "sequra_pos_whole";

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

/// What goods were before a part of them went by its amount; `None`: none did.
fn whole_of(item: &Item) -> Option<(i64, i64)> {
    let whole = item.document().get(WHOLE)?.as_array()?;
    let [quantity, total] = whole.as_slice() else {
        return None;
    };
    Some((
        quantity.as_i64().filter(|quantity| *quantity > 0)?,
        total.as_i64()?,
    ))
}

/// Goods of which `total` is left or gone, whatever pieces that is: a piece counts wherever some of it is, because there
/// is no line without a quantity.
pub(super) fn part_of_goods(item: Item, total: i64) -> Item {
    let whole = whole_of(&item).unwrap_or((item.quantity().unwrap_or(1), total_of(&item)));
    marked(item, whole)
        .with_quantity(pieces(whole, total))
        .with_total(Cents(total))
}

/// Of how many pieces `total` is, one that is begun counting whole.
fn pieces((quantity, whole): (i64, i64), total: i64) -> i64 {
    let (part, whole) = (i128::from(total).abs(), i128::from(whole).abs().max(1));
    let pieces = (i128::from(quantity) * part + whole - 1) / whole;
    pieces.clamp(1, i128::from(quantity.max(1))) as i64
}

/// Two parts of one line as one line again. What went by quantity only is no part of what was cut.
fn both(one: Item, other: &Item) -> Item {
    let total = total_of(&one).saturating_add(total_of(other));
    let Some((quantity, more)) = one.quantity().zip(other.quantity()) else {
        return one.with_total(Cents(total));
    };
    let sum = |(quantity, total): (i64, i64), item: &Item| {
        let more = item.quantity().unwrap_or_default();
        let more_total = total_of(item);
        Some((
            quantity.saturating_add(more),
            total.saturating_add(more_total),
        ))
    };
    let whole = match (whole_of(&one), whole_of(other)) {
        (None, None) => None,
        (Some(whole), Some(same)) => Some(whole.max(same)),
        (Some(whole), None) => sum(whole, other),
        (None, Some(whole)) => sum(whole, &one),
    };
    let Some(whole) = whole else {
        let quantity = quantity.saturating_add(more);
        return one.with_total(Cents(total)).with_quantity(quantity);
    };
    let one = marked(one, whole).with_total(Cents(total));
    one.with_quantity(pieces(whole, total))
}

fn marked(item: Item, (quantity, total): (i64, i64)) -> Item {
    let mut document = item.into_document();
    document.insert(WHOLE.to_owned(), json!([quantity, total]));
    Item::from_document(document)
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
                there[at] = both(std::mem::take(&mut there[at]), &item);
            }
        }
    }
    there
}

/// Whether two lines of one place are parts of one: they differ in quantity and total only.
fn is_same_line(one: &Item, other: &Item) -> bool {
    let rest = |item: &Item| {
        let mut document = item.document().clone();
        for name in ["quantity", "total_with_tax", WHOLE] {
            document.remove(name);
        }
        document
    };
    rest(one) == rest(other)
}
