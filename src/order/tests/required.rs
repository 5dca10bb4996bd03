use super::*;
use ErrorCode::*;

/// Everything that the good order has and must have.
const REQUIRED: &[&str] = &[
    "/merchant",
    "/merchant/id",
    "/merchant_reference/order_ref_1",
    "/cart",
    "/cart/currency",
    "/cart/gift",
    "/cart/order_total_with_tax",
    "/cart/items",
    "/cart/items/0/reference",
    "/cart/items/0/name",
    "/cart/items/0/price_with_tax",
    "/cart/items/0/quantity",
    "/cart/items/0/total_with_tax",
    "/cart/items/0/downloadable",
    "/cart/items/1/reference",
    "/cart/items/1/name",
    "/cart/items/1/price_with_tax",
    "/cart/items/1/quantity",
    "/cart/items/1/total_with_tax",
    "/cart/items/1/downloadable",
    "/cart/items/3/reference",
    "/cart/items/3/name",
    "/cart/items/3/total_with_tax",
    "/cart/items/4/reference",
    "/cart/items/4/name",
    "/cart/items/4/total_with_tax",
    "/cart/items/5/total_with_tax",
    "/cart/items/6/reference",
    "/cart/items/6/name",
    "/cart/items/6/total_with_tax",
    "/cart/items/7/reference",
    "/cart/items/7/name",
    "/cart/items/7/total_with_tax",
    "/cart/items/8/name",
    "/cart/items/8/total_with_tax",
    "/trackings/0/type",
    "/trackings/0/reference",
    "/trackings/1/reference",
    "/trackings/1/carrier",
    "/delivery_method",
    "/delivery_method/name",
    "/delivery_address",
    "/delivery_address/given_names",
    "/delivery_address/surnames",
    "/delivery_address/company",
    "/delivery_address/address_line_1",
    "/delivery_address/address_line_2",
    "/delivery_address/postal_code",
    "/delivery_address/city",
    "/delivery_address/country_code",
    "/invoice_address",
    "/invoice_address/city",
    "/customer",
    "/customer/given_names",
    "/customer/surnames",
    "/customer/email",
    "/customer/logged_in",
    "/customer/language_code",
    "/customer/ip_number",
    "/customer/user_agent",
    "/customer/previous_orders/0/created_at",
    "/customer/previous_orders/0/amount",
    "/customer/previous_orders/0/currency",
    "/customer/vehicle/plaque",
    "/gui",
    "/gui/layout",
    "/platform",
    "/platform/name",
    "/platform/version",
    "/platform/uname",
    "/platform/db_name",
    "/platform/db_version",
];

/// What seQura's own clients leave out all the same: a warning.
const LEFT_OUT: &[&str] = &[
    "/delivery_address/given_names",
    "/delivery_address/surnames",
    "/customer/given_names",
    "/customer/surnames",
];

/// What they send empty: a warning; left out it is missed.
const SENT_EMPTY: &[&str] = &[
    "/cart/items/0/reference",
    "/cart/items/1/reference",
    "/cart/items/3/reference",
    "/cart/items/4/reference",
    "/cart/items/4/name",
    "/delivery_method/name",
    "/invoice_address/address_line_1",
    "/invoice_address/postal_code",
    "/invoice_address/city",
    "/customer/ip_number",
    "/customer/previous_orders/0/created_at",
];

#[test]
fn what_clients_leave_out_is_a_warning() {
    for pointer in LEFT_OUT {
        for document in [without(pointer), with(pointer, Value::Null)] {
            let found = checked(document);
            assert_eq!(found.problems, [], "{pointer}");
            assert_eq!(seen(&found.warnings), [(MissingField, *pointer)]);
        }
    }
    for pointer in LEFT_OUT.iter().chain(SENT_EMPTY) {
        for blank in ["", " ", "\t \u{a0}\u{3000}"] {
            let found = checked(with(pointer, json!(blank)));
            assert_eq!(found.problems, [], "{pointer}");
            assert_eq!(seen(&found.warnings), [(EmptyText, *pointer)]);
        }
    }
}

/// Whatever a row holds: a text with nothing in it is as good as null where the row need not be there.
#[test]
fn a_blank_text_is_as_good_as_none_in_every_row_that_may_be_left_out() {
    fn places(value: &Value, at: &str, found: &mut Vec<String>) {
        let mut step = |name: &str, value: &Value| {
            let place = format!("{at}/{name}");
            places(value, &place, found);
            found.push(place);
        };
        match value {
            Value::Object(map) => map.iter().for_each(|(name, value)| step(name, value)),
            Value::Array(list) => {
                let entries = list.iter().enumerate();
                entries.for_each(|(at, value)| step(&at.to_string(), value));
            }
            _ => {}
        }
    }
    let mut all = Vec::new();
    places(&good(), "", &mut all);
    let mut seen_some = 0;
    for place in all {
        let left_out = checked(with(&place, Value::Null));
        if left_out.problems.is_empty() && left_out.warnings.is_empty() {
            seen_some += 1;
            for blank in ["", "   ", "\u{a0}\t\r\n"] {
                assert_eq!(checked(with(&place, json!(blank))), left_out, "{place}");
            }
        }
    }
    assert!(seen_some > 80, "{seen_some}");
}

#[test]
fn every_required_field_is_missed() {
    for pointer in REQUIRED
        .iter()
        .filter(|pointer| !LEFT_OUT.contains(pointer))
    {
        let found = checked(without(pointer));
        assert_eq!(
            seen(&found.problems),
            [(MissingField, *pointer)],
            "{pointer}"
        );
        assert_eq!(found.warnings, [], "{pointer}");
        if *pointer != "/customer/user_agent" {
            assert_eq!(
                checked(with(pointer, Value::Null)),
                found,
                "null is as good as absent"
            );
        }
    }
}

#[test]
fn nothing_else_is_missed() {
    fn names(value: &Value, at: &str, found: &mut Vec<String>) {
        if let Value::Object(map) = value {
            for (name, value) in map {
                let pointer = format!("{at}/{name}");
                names(value, &pointer, found);
                found.push(pointer);
            }
        }
        for (index, entry) in value.as_array().into_iter().flatten().enumerate() {
            names(entry, &format!("{at}/{index}"), found);
        }
    }
    let mut all = Vec::new();
    names(&good(), "", &mut all);
    let twice = |pointer: &str| {
        pointer.starts_with("/invoice_address/") || pointer.starts_with("/cart/items/2/")
    };
    let by_type = |pointer: &str| pointer.ends_with("/type") || pointer.ends_with("/ends_in");
    for pointer in all
        .iter()
        .filter(|p| !REQUIRED.contains(&p.as_str()) && !twice(p) && !by_type(p))
    {
        assert_eq!(checked(without(pointer)), Checked::default(), "{pointer}");
    }
}

#[test]
fn every_required_text_needs_letters() {
    let may_be_empty = [
        "/delivery_address/company",
        "/delivery_address/address_line_2",
        "/merchant_reference/order_ref_1",
    ];
    for pointer in REQUIRED
        .iter()
        .filter(|pointer| good().pointer(pointer).unwrap().is_string())
        .filter(|pointer| !LEFT_OUT.contains(pointer) && !SENT_EMPTY.contains(pointer))
    {
        for blank in ["", " \t"] {
            let found = checked(with(pointer, json!(blank)));
            match *pointer {
                p if may_be_empty.contains(&p) => assert_eq!(found, Checked::default(), "{p}"),
                p if p.ends_with("/type") => assert_eq!(seen(&found.problems), [(MissingField, p)]),
                p => assert_eq!(seen(&found.problems), [(EmptyText, p)]),
            }
        }
    }
    assert_eq!(
        checked(with("/customer/company", json!(""))),
        Checked::default()
    );
}

/// The good order has something in every row of the tables, so that no row can go unnoticed; and as
/// it has no warning, the tables have a row for everything in it.
#[test]
fn the_good_order_fills_the_tables() {
    use crate::order::schema::{Block, Kind, Need};

    fn fills(instances: &[&Value], block: &Block, at: &str) {
        for field in block.fields {
            let place = format!("{at}/{}", field.name);
            let is_default_type = field.name == "type" && at.ends_with("items/product");
            if matches!(field.kind, Kind::Callback)
                || field.need == Need::TwoCarts
                || place == "/cart/delivery_method"
                || is_default_type
            {
                continue;
            }
            let found: Vec<&Value> = instances
                .iter()
                .filter_map(|one| one.get(field.name))
                .collect();
            assert!(!found.is_empty(), "{place}");
            let entries = || found.iter().filter_map(|list| list.as_array()).flatten();
            match field.kind {
                Kind::Object(block) => fills(&found, block, &place),
                Kind::List(block) => fills(&entries().collect::<Vec<_>>(), block, &place),
                Kind::ListByType(types, _) => {
                    for (name, block) in types
                        .blocks
                        .iter()
                        .filter(|(name, _)| *name != "pickup_point")
                    {
                        let word = |entry: &Value| {
                            entry.get("type").and_then(Value::as_str).map(str::to_owned)
                        };
                        let default = types.default.map(str::to_owned);
                        let of_type = |entry: &&Value| {
                            word(entry).or(default.clone()).as_deref() == Some(*name)
                        };
                        fills(
                            &entries().filter(of_type).collect::<Vec<_>>(),
                            block,
                            &format!("{place}/{name}"),
                        );
                    }
                }
                _ => {}
            }
        }
    }
    fills(&[&good()], &fields::ORDER, "");
}
