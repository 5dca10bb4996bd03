use super::*;
use crate::order::lines::total_of;
use crate::order::tests::draws;
use proptest::prelude::*;
use serde_json::json;
use std::collections::HashMap;

/// A confirmed order: `goods` are (reference, quantity, price, total); `others` (type, reference, total).
fn sold(goods: &[(&str, i64, i64, i64)], others: &[(&str, &str, i64)]) -> TwoCarts {
    let goods = goods.iter().map(|(reference, quantity, price, total)| {
        json!({"type": "product", "reference": reference, "name": "N", "quantity": quantity,
               "price_with_tax": price, "total_with_tax": total, "downloadable": false})
    });
    let others = others.iter().map(|(kind, reference, total)| {
        json!({"type": kind, "reference": reference, "name": "N", "total_with_tax": total})
    });
    let items: Vec<Value> = goods.chain(others).collect();
    let total: i64 = items
        .iter()
        .map(|item| item["total_with_tax"].as_i64().unwrap())
        .sum();
    let cart =
        json!({"currency": "EUR", "gift": false, "order_total_with_tax": total, "items": items});
    TwoCarts::of_order(json!({"cart": cart}).as_object().unwrap()).unwrap()
}

fn pick(reference: &str, quantity: Option<i64>) -> Pick {
    Pick {
        reference: reference.to_owned(),
        line: None,
        quantity,
        amount: None,
        pointer: "/0".to_owned(),
    }
}

fn amount(reference: &str, amount: i64) -> Pick {
    Pick {
        amount: Some(amount),
        ..pick(reference, None)
    }
}

/// A cart as (reference, quantity or -1, total).
fn lines(cart: &Cart) -> Vec<(String, i64, i64)> {
    let items = cart.items();
    let sum: i64 = items.iter().map(total_of).sum();
    assert_eq!(
        cart.total(),
        Some(Cents(sum)),
        "a cart is the sum of its lines"
    );
    items
        .iter()
        .map(|item| {
            (
                item.reference().unwrap(),
                item.quantity().unwrap_or(-1),
                total_of(item),
            )
        })
        .collect()
}

fn shirt_and_jacket() -> TwoCarts {
    sold(&[("S1", 1, 1250, 1250), ("J1", 1, 7100, 7100)], &[])
}

fn totals_of(carts: &TwoCarts) -> (i64, i64) {
    (
        carts.unshipped.total().unwrap().0,
        carts.shipped.total().unwrap().0,
    )
}

fn code(problems: Vec<Problem>) -> ErrorCode {
    assert_eq!(problems.len(), 1, "{problems:?}");
    problems[0].code
}

/// The examples of docs/sequra-api.md, The order update.
#[test]
fn the_documented_examples_come_out() {
    let sold = shirt_and_jacket();
    assert_eq!(totals_of(&sold), (8350, 0));
    let all = sold.ship(None).unwrap();
    assert_eq!(totals_of(&all), (0, 8350));
    let jacket = sold.ship(Some(&[pick("J1", None)])).unwrap();
    assert_eq!(totals_of(&jacket), (1250, 7100));
    let both = jacket.ship(Some(&[pick("S1", Some(1))])).unwrap();
    assert_eq!(totals_of(&both), (0, 8350));
    let returned = all.give_back(Some(&[pick("S1", None)]), None).unwrap();
    assert_eq!(totals_of(&returned), (0, 7100));
    assert_eq!(lines(&returned.shipped), [("J1".to_owned(), 1, 7100)]);
    let refunded = all.give_back_amount(500, "Refund").unwrap();
    assert_eq!(totals_of(&refunded), (0, 7850));
    let last = refunded.shipped.items().pop().unwrap();
    assert_eq!(last.item_type(), Some(ItemType::OtherPayment));
    assert_eq!(
        (last.reference().as_deref(), total_of(&last)),
        (Some("r_1"), -500)
    );
    let again = refunded.give_back_amount(1, "Refund").unwrap();
    assert_eq!(lines(&again.shipped).last().unwrap().0, "r_2");
    assert_eq!(totals_of(&all.give_back(None, None).unwrap()), (0, 0));
    assert_eq!(totals_of(&sold.emptied().unwrap()), (0, 0));
}

#[test]
fn a_line_in_parts_becomes_one_again_and_no_cent_is_left_behind() {
    // Three for ten euros.
    let sold = sold(&[("A", 3, 333, 1000)], &[]);
    let mut carts = sold.clone();
    let mut shipped = Vec::new();
    for _ in 0..3 {
        carts = carts.ship(Some(&[pick("A", Some(1))])).unwrap();
        shipped.push(lines(&carts.shipped));
    }
    assert_eq!(shipped[0], [("A".to_owned(), 1, 333)]);
    assert_eq!(shipped[2], [("A".to_owned(), 3, 1000)]);
    assert_eq!(lines(&carts.unshipped), []);
    assert_eq!(carts, sold.ship(None).unwrap());
}

#[test]
fn what_is_not_there_cannot_go() {
    let sold = sold(
        &[("A", 3, 100, 300), ("A", 1, 50, 50), ("B", 1, 10, 10)],
        &[("discount", "D", -60)],
    );
    let refused = |picks: &[Pick]| code(sold.ship(Some(picks)).unwrap_err());
    assert_eq!(refused(&[pick("X", None)]), ErrorCode::NoSuchLine);
    assert_eq!(refused(&[pick("B", Some(2))]), ErrorCode::MoreThanThereIs);
    assert_eq!(refused(&[pick("B", Some(-1))]), ErrorCode::MoreThanThereIs);
    assert_eq!(refused(&[pick("A", Some(1))]), ErrorCode::AmbiguousLine);
    assert_eq!(
        refused(&[pick("B", None), pick("B", None)]),
        ErrorCode::AmbiguousLine
    );
    let both = Pick {
        amount: Some(5),
        ..pick("B", Some(1))
    };
    assert_eq!(refused(&[both]), ErrorCode::MutuallyExclusive);
    assert_eq!(refused(&[amount("B", 11)]), ErrorCode::MoreThanThereIs);
    assert_eq!(refused(&[amount("B", -1)]), ErrorCode::MoreThanThereIs);
    assert_eq!(refused(&[pick("D", Some(1))]), ErrorCode::ForbiddenField);
    assert_eq!(refused(&[amount("D", -61)]), ErrorCode::MoreThanThereIs);
    assert_eq!(refused(&[amount("D", 1)]), ErrorCode::MoreThanThereIs);
    assert_eq!(
        refused(&[pick("B", None), amount("D", -60)]),
        ErrorCode::NegativeTotal
    );
    // All of them at once.
    assert_eq!(
        sold.ship(Some(&[pick("X", None), pick("B", Some(9))]))
            .unwrap_err()
            .len(),
        2
    );
    // What was not shipped cannot come back.
    assert_eq!(
        code(sold.give_back(Some(&[pick("B", None)]), None).unwrap_err()),
        ErrorCode::NoSuchLine
    );
    assert_eq!(
        code(sold.give_back_amount(1, "").unwrap_err()),
        ErrorCode::MoreThanThereIs
    );
    let line = Pick {
        line: Some(1),
        ..pick("A", None)
    };
    let carts = sold.ship(Some(std::slice::from_ref(&line))).unwrap();
    assert_eq!(
        lines(&carts.shipped),
        [("A".to_owned(), 1, 50), ("D".to_owned(), -1, -8)]
    );
    // Its number is the one it was sold under, wherever it is now.
    assert_eq!(
        lines(&carts.give_back(Some(&[line]), None).unwrap().shipped),
        []
    );
}

#[test]
fn reductions_go_by_share_and_fees_with_the_first_goods() {
    let sold = sold(
        &[("A", 1, 6000, 6000), ("B", 1, 4000, 4000)],
        &[
            ("handling", "H", 500),
            ("discount", "D", -1001),
            ("other_payment", "V", -500),
        ],
    );
    let text = |reference: &str| reference.to_owned();
    let first = sold.ship(Some(&[pick("A", None)])).unwrap();
    assert_eq!(
        lines(&first.shipped),
        [
            (text("A"), 1, 6000),
            (text("H"), -1, 500),
            (text("D"), -1, -601),
            (text("V"), -1, -300)
        ]
    );
    assert_eq!(
        lines(&first.unshipped),
        [
            (text("B"), 1, 4000),
            (text("D"), -1, -400),
            (text("V"), -1, -200)
        ]
    );
    assert_eq!(
        totals_of(&first.ship(Some(&[pick("B", None)])).unwrap()),
        (0, 8999)
    );
    // What the call says goes before the rules.
    let own = [
        pick("A", None),
        amount("H", 0),
        amount("D", -1001),
        amount("V", -500),
    ];
    assert_eq!(totals_of(&sold.ship(Some(&own)).unwrap()), (4500, 4499));
    // The shopper brings one back, and pays for the way.
    let all = sold.ship(None).unwrap();
    let back = all
        .give_back(Some(&[pick("A", None), pick("B", None)]), None)
        .unwrap();
    assert_eq!(lines(&back.shipped), [(text("H"), -1, 500)]);
}

/// Each for itself would round half a cent up, and the cart fall below zero.
#[test]
fn several_reductions_are_rounded_together() {
    let sold = sold(
        &[("A", 1, 1, 1), ("B", 1, 1, 1)],
        &[("discount", "D1", -1), ("discount", "D2", -1)],
    );
    let first = sold.ship(Some(&[pick("A", None)])).unwrap();
    assert_eq!(totals_of(&first), (0, 0));
    assert_eq!(lines(&first.shipped)[1], ("D1".to_owned(), -1, -1));
}

#[test]
fn the_marks_stay_at_home() {
    let carts = shirt_and_jacket();
    let wire = TwoCarts::for_sequra(&carts.unshipped).to_string();
    assert!(!wire.contains("sequra_pos"), "{wire}");
    assert!(wire.contains("\"gift\":false"), "{wire}");
}

/// Anything a shop may do, in any order.
#[derive(Clone, Debug)]
enum Act {
    Ship(Vec<(usize, i64)>),
    ShipAll,
    GiveBack(Vec<(usize, i64)>),
    GiveBackAmount(i64),
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let picks = || prop::collection::vec((0usize..5, 0i64..5), 1..4);
    let act = prop_oneof![
        4 => picks().prop_map(Act::Ship),
        1 => Just(Act::ShipAll),
        3 => picks().prop_map(Act::GiveBack),
        1 => (1i64..2000).prop_map(Act::GiveBackAmount),
    ];
    prop::collection::vec(act, 1..12)
}

type Sold = (Vec<(i64, i64, i64)>, i64, Vec<i64>);

fn sales() -> impl Strategy<Value = Sold> {
    let line = (1i64..8, 0i64..3000, -2i64..3);
    let goods = prop::collection::vec(line, 1..5);
    (goods, 0i64..900, prop::collection::vec(1i64..400, 0..3))
}

fn make((goods, fee, reductions): &Sold) -> TwoCarts {
    let names = ["A", "B", "C", "D", "E"];
    let goods: Vec<_> = goods
        .iter()
        .zip(names)
        // A total that is not a multiple of the price.
        .map(|((quantity, price, off), name)| {
            (name, *quantity, *price, (quantity * price + off).max(0))
        })
        .collect();
    let value: i64 = goods.iter().map(|line| line.3).sum();
    let mut others = vec![("handling", "FEE", *fee)];
    let mut reduced = 0;
    for (number, reduction) in reductions.iter().enumerate() {
        let reduction = (*reduction).min(value - reduced);
        reduced += reduction;
        others.push(("discount", ["R0", "R1", "R2"][number], -reduction));
    }
    sold(&goods, &others)
}

/// Quantity and cents of each reference in a cart.
fn by_reference(cart: &Cart) -> std::collections::BTreeMap<String, (i64, i64)> {
    let mut found = std::collections::BTreeMap::new();
    for (reference, quantity, total) in lines(cart) {
        let entry = found.entry(reference).or_insert((0, 0));
        *entry = (entry.0 + quantity.max(0), entry.1 + total);
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, ..draws() })]

    /// For any sequence of acts, what is in the two carts and what came back is what was sold: every
    /// unit and every cent of every line.
    #[test]
    fn a_straightforward_ledger_agrees(sale in sales(), acts in acts()) {
        let mut carts = make(&sale);
        let was_sold = by_reference(&carts.unshipped);
        let mut came_back: std::collections::BTreeMap<String, (i64, i64)> = Default::default();
        let names = ["A", "B", "C", "D", "E"];
        for act in acts {
            let picks = |list: &[(usize, i64)]| -> Vec<Pick> {
                list.iter().map(|(at, quantity)| pick(names[*at], Some(*quantity))).collect()
            };
            let next = match &act {
                Act::Ship(list) => carts.ship(Some(&picks(list))),
                Act::ShipAll => carts.ship(None),
                Act::GiveBack(list) => carts.give_back(Some(&picks(list)), None),
                Act::GiveBackAmount(cents) => carts.give_back_amount(*cents, "Refund"),
            };
            let Ok(next) = next else { continue };
            let before = (by_reference(&carts.unshipped), by_reference(&carts.shipped));
            let after = (by_reference(&next.unshipped), by_reference(&next.shipped));
            match act {
                Act::Ship(_) | Act::ShipAll => {
                    prop_assert_eq!(next.total(), carts.total(), "shipping changes no total");
                    for (reference, (quantity, cents)) in &after.1 {
                        let old = before.1.get(reference).copied().unwrap_or_default();
                        prop_assert!(*quantity >= old.0);
                        prop_assert!(cents.abs() >= old.1.abs());
                    }
                }
                Act::GiveBack(_) => {
                    prop_assert_eq!(&after.0, &before.0, "what was not shipped stays");
                    for (reference, old) in &before.1 {
                        let now = after.1.get(reference).copied().unwrap_or_default();
                        let entry = came_back.entry(reference.clone()).or_default();
                        *entry = (entry.0 + old.0 - now.0, entry.1 + old.1 - now.1);
                        prop_assert!(now.0 <= old.0);
                    }
                }
                Act::GiveBackAmount(cents) => {
                    prop_assert_eq!(next.total().0, carts.total().0 - cents);
                }
            }
            carts = next;
            prop_assert!(totals_of(&carts).0 >= 0 && totals_of(&carts).1 >= 0);
            let (unshipped, shipped) = (by_reference(&carts.unshipped), by_reference(&carts.shipped));
            for (reference, all) in &was_sold {
                let at = |map: &std::collections::BTreeMap<String, (i64, i64)>| map.get(reference).copied().unwrap_or_default();
                let (one, two, three) = (at(&unshipped), at(&shipped), at(&came_back));
                prop_assert_eq!((one.0 + two.0 + three.0, one.1 + two.1 + three.1), *all, "{}", reference);
            }
        }
        // When the last unit has gone, nothing is left behind.
        if let Ok(all) = carts.ship(None) {
            prop_assert_eq!(lines(&all.unshipped), []);
        }
    }

    /// Goods that go by pieces and by cents, in any order, are at the end what was sold: every unit and every cent.
    #[test]
    fn parts_by_amount_become_one_line_again(
        sale in sales(),
        acts in prop::collection::vec((0usize..4, prop::bool::ANY, 0i64..3000), 1..10),
    ) {
        let sold = make(&sale);
        let mut carts = sold.clone();
        for (at, by_amount, much) in acts {
            let name = ["A", "B", "C", "D"][at];
            let one = if by_amount { amount(name, much) } else { pick(name, Some(much % 8)) };
            let Ok(next) = carts.ship(Some(&[one])) else { continue };
            prop_assert_eq!(next.total(), carts.total());
            for cart in [&next.unshipped, &next.shipped] {
                prop_assert!(lines(cart).iter().all(|(_, quantity, _)| *quantity != 0));
            }
            carts = next;
        }
        let all = carts.ship(None).unwrap();
        prop_assert_eq!(lines(&all.unshipped), []);
        prop_assert_eq!(by_reference(&all.shipped), by_reference(&sold.unshipped));
    }

    /// What comes back is worth what the till says, and the cart never falls below zero for it.
    #[test]
    fn what_the_till_says_is_given_back(sale in sales(), at in 0usize..4, quantity in 0i64..8, much in 0i64..9000) {
        let carts = make(&sale).ship(None).unwrap();
        let there = carts.total().0;
        let names = ["A", "B", "C", "D"];
        let Ok(back) = carts.give_back_for(&[pick(names[at], Some(quantity))], much, "N") else {
            let is_there = sale.0.get(at).is_some_and(|line| quantity <= line.0);
            prop_assert!(!is_there || much > there);
            return Ok(());
        };
        lines(&back.shipped);
        prop_assert_eq!(back.total().0, there - much);
        prop_assert_eq!(back.unshipped, carts.unshipped);
    }

    /// Whatever goes, a cart whose reductions are no more than its goods never falls below zero.
    #[test]
    fn shipping_by_the_rules_is_always_possible(sale in sales(), picks in prop::collection::vec((0usize..4, 0i64..8), 1..5)) {
        let carts = make(&sale);
        let mut named: Vec<Pick> = Vec::new();
        for (at, quantity) in picks {
            let (Some((there, ..)), name) = (sale.0.get(at), ["A", "B", "C", "D"][at]) else { continue };
            if named.iter().all(|one| one.reference != name) {
                named.push(pick(name, Some(quantity.min(*there))));
            }
        }
        prop_assert!(carts.ship(Some(&named)).is_ok());
    }
}

/// So many goods, and a fourth of that in discounts; a part of each line of goods is shipped.
fn partly_shipped(lines: usize) -> (TwoCarts, Vec<Pick>) {
    let names: Vec<String> = (0..lines).map(|line| format!("P{line}")).collect();
    let goods: Vec<_> = names
        .iter()
        .map(|name| (name.as_str(), 3, 100, 300))
        .collect();
    let discounts: Vec<String> = (0..lines / 4).map(|line| format!("D{line}")).collect();
    let others: Vec<_> = discounts
        .iter()
        .map(|name| ("discount", name.as_str(), -7))
        .collect();
    let picks: Vec<Pick> = names.iter().map(|name| pick(name, Some(1))).collect();
    let carts = sold(&goods, &others).ship(Some(&picks)).unwrap();
    (carts, picks)
}

#[test]
fn shipping_and_giving_back_grow_with_the_lines_and_not_faster() {
    use crate::limits::growth::is_linear;
    use std::cell::RefCell;
    let made = RefCell::new(HashMap::new());
    let carts = |lines| {
        let mut made = made.borrow_mut();
        made.entry(lines)
            .or_insert_with(|| partly_shipped(lines))
            .clone()
    };
    is_linear("shipping", |lines| {
        let (carts, picks) = carts(lines);
        carts.ship(Some(&picks)).unwrap()
    });
    is_linear("giving back", |lines| {
        let (carts, picks) = carts(lines);
        carts.give_back(Some(&picks), None).unwrap()
    });
    is_linear("naming what there is not", |lines| {
        let (carts, picks) = carts(lines);
        let strange: Vec<Pick> = picks
            .iter()
            .map(|one| pick(&format!("X{}", one.reference), None))
            .collect();
        carts.ship(Some(&strange)).unwrap_err()
    });
    is_linear("an amount, after many", |lines| {
        let refunds: Vec<String> = (1..=lines).map(|number| format!("r_{number}")).collect();
        let others: Vec<_> = refunds
            .iter()
            .map(|name| ("other_payment", name.as_str(), -1))
            .collect();
        let carts = sold(&[("A", 1, 1_000_000, 1_000_000)], &others)
            .ship(None)
            .unwrap();
        carts.give_back_amount(1, "Refund").unwrap()
    });
}

#[test]
fn a_till_that_writes_our_marks_itself_does_no_harm() {
    let item = |reference: &str, line: i64| {
        json!({"type": "product", "reference": reference, "name": "N", "quantity": 2,
               "price_with_tax": 100, "total_with_tax": 200, "downloadable": false, LINE: line})
    };
    let items = [
        item("A", 7),
        item("B", 7),
        item("C", -1),
        item("D", i64::MAX),
    ];
    let cart =
        json!({"currency": "EUR", "gift": false, "order_total_with_tax": 800, "items": items});
    let carts = TwoCarts::of_order(json!({"cart": cart}).as_object().unwrap()).unwrap();
    let picks = ["A", "B", "C", "D"].map(|reference| pick(reference, Some(1)));
    let once = carts.ship(Some(&picks)).unwrap();
    let twice = once.ship(Some(&picks)).unwrap();
    assert!(twice.unshipped.items().is_empty());
    assert_eq!(
        lines(&twice.shipped),
        ["A", "B", "C", "D"].map(|reference| (reference.to_owned(), 2, 200))
    );
}
