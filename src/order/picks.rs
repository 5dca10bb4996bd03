//! What a call names of a cart, found in it.

use super::cart::Item;
use super::lines::{is_goods, line_of, total_of};
use crate::problem::{Found, Problem};
use crate::vocabulary::ErrorCode;
use std::collections::HashMap;
use std::ops::RangeInclusive;

/// A line, or a part of it, that a call names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pick {
    /// The shop's own code of what is sold.
    pub reference: String,
    /// Which of several lines with that reference, counted from 0 as they were sold.
    pub line: Option<i64>,
    /// How many, for goods; `None`: all that are left.
    pub quantity: Option<i64>,
    /// How many cents of it, with the sign of the line: the part of a line without a quantity, or of goods that were
    /// weighed. `None`: all.
    pub amount: Option<i64>,
    /// Where the call names it, for its problems.
    pub pointer: String,
}

/// How much of one line goes.
#[derive(Clone, Copy)]
pub(super) enum Going {
    /// So many of its goods.
    Quantity(i64),
    /// So many of its cents.
    Amount(i64),
}

/// Finds what is named, all problems at once: for each line how much of it goes.
pub(super) fn find(items: &[Item], picks: &[Pick]) -> Result<Vec<Option<Going>>, Vec<Problem>> {
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
        let one =
            the_line(items, pick, named.map_or(&[], Vec::as_slice)).and_then(|at| {
                match going[at] {
                    Some(_) => Err(named_twice(pick)),
                    None => Ok((at, how_much(&items[at], pick)?)),
                }
            });
        match one {
            Ok((at, gone)) => going[at] = Some(gone),
            Err(problem) => found.note(|| problem),
        }
    }
    match found.is_empty() {
        true => Ok(going),
        false => Err(found.into_list()),
    }
}

/// The line that is meant; `same`: those with the reference that is named.
fn the_line(items: &[Item], pick: &Pick, same: &[usize]) -> Result<usize, Problem> {
    let Pick {
        reference, pointer, ..
    } = pick;
    let is_meant = |at: &usize| pick.line.is_none() || line_of(&items[*at]) == pick.line;
    let named: Vec<usize> = same.iter().copied().filter(is_meant).collect();
    match named[..] {
        [at] => Ok(at),
        [] => Err(Problem {
            actual: Some(reference.as_str().into()),
            ..Problem::at(
                ErrorCode::NoSuchLine,
                format!("{pointer}/reference"),
                format!("There is no {reference} left in this cart."),
            )
        }),
        _ => Err(Problem {
            expected: Some(named.iter().filter_map(|&at| line_of(&items[at])).collect()),
            ..Problem::at(
                ErrorCode::AmbiguousLine,
                format!("{pointer}/line"),
                format!(
                    "{reference} occurs {} times; say which is meant with line, counted from 0 as they were sold.",
                    named.len()
                ),
            )
        }),
    }
}

fn named_twice(pick: &Pick) -> Problem {
    let reference = pick.reference.as_str();
    Problem {
        actual: Some(reference.into()),
        ..Problem::at(
            ErrorCode::AmbiguousLine,
            pick.pointer.clone(),
            format!("{reference} is named twice; name it once, with the whole quantity."),
        )
    }
}

/// How much of the line is asked for: goods go by quantity or by amount, everything else by amount.
fn how_much(item: &Item, pick: &Pick) -> Result<Going, Problem> {
    let Pick {
        reference, pointer, ..
    } = pick;
    match (is_goods(item), pick.quantity, pick.amount) {
        (true, Some(_), Some(_)) => {
            let place = format!("{pointer}/amount");
            let what = format!(
                "{reference} goes by quantity or by amount: leave one of the two out. What goods that come back are worth is said once, beside items."
            );
            return Err(Problem::at(ErrorCode::MutuallyExclusive, place, what));
        }
        (true, asked, None) => {
            let there = item.quantity().unwrap_or_default();
            let asked = asked.unwrap_or(there);
            return within(0..=there, there, asked, pick, "quantity").map(Going::Quantity);
        }
        (false, Some(_), _) => {
            let place = format!("{pointer}/quantity");
            let what = format!("{reference} has no quantity; say its part with amount, in cents.");
            return Err(Problem::at(ErrorCode::ForbiddenField, place, what));
        }
        (_, None, _) => {}
    }
    let there = total_of(item);
    let asked = pick.amount.unwrap_or(there);
    within(there.min(0)..=there.max(0), there, asked, pick, "amount").map(Going::Amount)
}

/// As much as is asked for, where there is as much.
fn within(
    range: RangeInclusive<i64>,
    there: i64,
    asked: i64,
    pick: &Pick,
    field: &str,
) -> Result<i64, Problem> {
    if range.contains(&asked) {
        return Ok(asked);
    }
    let Pick {
        reference, pointer, ..
    } = pick;
    Err(Problem {
        expected: Some(there.into()),
        actual: Some(asked.into()),
        ..Problem::at(
            ErrorCode::MoreThanThereIs,
            format!("{pointer}/{field}"),
            match field {
                "amount" => {
                    format!("Of {reference} there are {there} cents, and {asked} were asked for.")
                }
                _ => format!(
                    "Of {reference} there is a quantity of {there}, and {asked} was asked for."
                ),
            },
        )
    })
}
