use super::glance::Glance;
use super::look::Look;
use super::strictly::{Noted, strictly};
use super::*;
use crate::limits;
use crate::order::tests::draws;
use crate::vocabulary::ErrorCode;
use proptest::prelude::*;
use serde_json::Value;

/// Codes and places of what is wrong.
fn wrong(text: &str) -> Vec<(ErrorCode, String)> {
    let problems = given("This", text, 1000).err().unwrap_or_default();
    let told = problems
        .into_iter()
        .map(|problem| (problem.code, problem.pointer.unwrap_or_default()));
    told.collect()
}

/// JSON with keys given twice, and all that is refused beside.
fn any_text() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec![
        "0",
        "-0",
        "-0.0",
        "-7",
        "1e2",
        "0.5E-3",
        "123456789012345678",
        "1234567890123456789",
        "9223372036854775808",
        "0.1234567890123456789",
        "true",
        "false",
        "null",
        "\"\"",
        "\"a:b\"",
        "\"e1\"",
        "\"\\\"-0\"",
        "\"\\u0000\"",
        "\"\\\\u0000\"",
        "\"ñ\"",
    ]);
    let key = prop::sample::select(vec!["a", "b", "\\u0061", "e", ":", "\\\"", ""]);
    leaf.prop_map(str::to_owned)
        .prop_recursive(5, 64, 6, move |inner| {
            let field = (key.clone(), inner.clone())
                .prop_map(|(key, value)| format!("\"{key}\" : {value}"));
            prop_oneof![
                prop::collection::vec(inner, 0..4)
                    .prop_map(|values| format!("[{}]", values.join(","))),
                prop::collection::vec(field, 0..6)
                    .prop_map(|fields| format!("{{{}}}", fields.join(","))),
            ]
        })
}

proptest! {
    #![proptest_config(draws())]

    #[test]
    fn what_is_well_at_first_sight_is_well(text in any_text()) {
        let noted = Noted::default();
        let value = strictly(&text, &noted).unwrap();
        let is_well = !Glance::of(text.as_bytes()).doubtful && !noted.twice.get();
        prop_assert!(!is_well || Look::at(&text).is_empty(), "{}", text);
        prop_assert_eq!(value, serde_json::from_str::<Value>(&text).unwrap());
    }
}

#[test]
fn what_is_well_is_read_as_it_stands() {
    for text in [
        "7",
        "-7",
        "0",
        "9223372036854775807",
        "-9223372036854775808",
        "12.5",
        "-0.5",
        "null",
        " true ",
        "\"\"",
        "[]",
        "{}",
        "[[], {}, \"]\", \"}\\\"\", [1, 2.25, false]]",
        r#"{"a": {"b": 1}, "b": {"a": 1}, "": 2, "a\\u0000": 3}"#,
        r#"{"a b": [{"x": "1e2", "y": "-0"}, {"x": "\u00e1\ud83d\ude00"}]}"#,
    ] {
        let read: Value = serde_json::from_str(text).unwrap();
        assert_eq!(given("This", text, 1000), Ok(read), "{text}");
    }
    assert_eq!(given("This", "\u{feff}[1]", 6), Ok(serde_json::json!([1])));
}

#[test]
fn a_key_given_twice_is_named_wherever_it_stands() {
    use ErrorCode::DuplicateKey;
    for (text, places) in [
        (r#"{"a": 1, "a": 1}"#, vec!["/a"]),
        (r#"{"a": 1, "\u0061": 2}"#, vec!["/a"]),
        (r#"{"a": {"a": {"b": 1, "c": 2, "b": 3}}}"#, vec!["/a/a/b"]),
        (
            r#"[{"a": 1}, {"a": 1, "x/y": 1, "x/y": 2}]"#,
            vec!["/1/x~1y"],
        ),
        (
            r#"{"a": 1, "a": {"b": 1, "b": 2}, "a": 3}"#,
            vec!["/a", "/a/b", "/a"],
        ),
        (r#"{"ñ": 1, "\u00f1": 2}"#, vec!["/ñ"]),
        (r#"{"": 1, "": 2}"#, vec!["/"]),
    ] {
        let found = wrong(text);
        let expected: Vec<_> = places
            .iter()
            .map(|place| (DuplicateKey, (*place).to_owned()))
            .collect();
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn a_number_that_would_not_go_on_as_it_stands_is_refused() {
    use ErrorCode::{NotAnInteger, OutOfRange};
    for (text, code) in [
        ("1e2", NotAnInteger),
        ("1E+2", NotAnInteger),
        ("0.1e-2", NotAnInteger),
        ("-0", NotAnInteger),
        ("9223372036854775808", OutOfRange),
        ("-9223372036854775809", OutOfRange),
        ("18446744073709551615", OutOfRange),
        ("12345678901234567890123.5", OutOfRange),
    ] {
        let text = format!(r#"{{"a": [0, {text}]}}"#);
        assert_eq!(wrong(&text), [(code, "/a/1".to_owned())], "{text}");
    }
}

#[test]
fn what_c_programs_would_misread_is_refused() {
    assert_eq!(
        wrong(r#"{"a": "x\u0000y", "b\u0000": 1}"#),
        [
            (ErrorCode::InvalidValue, "/a".to_owned()),
            (ErrorCode::InvalidValue, String::new())
        ]
    );
    for text in [
        r#""\ud800""#,
        r#""\udc00x""#,
        r#"{"\ud800": 1}"#,
        "\"a\u{0}\"",
    ] {
        assert_eq!(wrong(text)[0].0, ErrorCode::InvalidJson, "{text}");
    }
}

#[test]
fn what_is_too_large_or_too_deep_is_not_read() {
    assert_eq!(
        wrong(&" ".repeat(1001)),
        [(ErrorCode::TooLarge, String::new())]
    );
    let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    assert_eq!(wrong(&nested(limits::DEPTH)), []);
    assert_eq!(
        wrong(&nested(limits::DEPTH + 1)),
        [(ErrorCode::TooLarge, String::new())]
    );
    // Also where it is no JSON, and nobody closes anything.
    let open = "[".repeat(1_000_000);
    let problems = given("This", &open, usize::MAX).unwrap_err();
    assert_eq!(problems[0].code, ErrorCode::TooLarge);
    let list = |entries: usize| format!(r#"{{"x": [{}0]}}"#, "0,".repeat(entries - 1));
    assert!(given("This", &list(limits::LINES), usize::MAX).is_ok());
    let problems = given("This", &list(limits::LINES + 1), usize::MAX).unwrap_err();
    assert_eq!(problems[0].pointer.as_deref(), Some("/x"));
    assert_eq!(problems[0].actual, Some((limits::LINES + 1).into()));
}

#[test]
fn a_million_problems_are_counted_and_not_listed() {
    let many = format!("[[{}1e1]", "1e1,".repeat(5000)) + &format!(",[{}1e1]]", "-0,".repeat(5000));
    let problems = given("This", &many, usize::MAX).unwrap_err();
    assert_eq!(problems.len(), limits::ERRORS);
    let last = problems.last().unwrap();
    assert_eq!(
        (last.code, &last.actual),
        (
            ErrorCode::MoreErrors,
            &Some((10_002 - limits::ERRORS + 1).into())
        )
    );
}

#[test]
fn no_way_of_naming_a_place_costs_more_than_what_was_given() {
    let key = "k".repeat(100_000);
    let twice = r#""a":1,"#.repeat(3000);
    let text = format!(r#"{{"{key}": {{{twice}"b":1}}}}"#);
    let problems = given("This", &text, usize::MAX).unwrap_err();
    let told: usize = problems.iter().map(|p| p.message.len()).sum();
    assert!(told < 1_000_000, "{told}");
}

#[test]
fn answers_are_read_leniently_and_not_too_deep() {
    assert!(read(br#"{"a": 1e2, "a": -0}"#).is_some());
    assert!(read(b"[[1]").is_none());
    assert!(read("[".repeat(100_000).as_bytes()).is_none());
}

#[test]
fn every_text_of_a_value_is_overwritten() {
    let mut value = serde_json::json!({"a": ["secret", {"b": "secret"}], "c": "secret"});
    wipe(&mut value);
    assert!(!value.to_string().contains("secret"));
}

#[test]
fn reading_grows_with_the_text_and_not_faster() {
    use crate::limits::growth::is_linear;
    is_linear("keys", |size| {
        let keys: Vec<String> = (0..size)
            .map(|at| format!(r#""k{at}": [{{"a": {at}}}]"#))
            .collect();
        given("This", &format!("{{{}}}", keys.join(",")), usize::MAX).unwrap()
    });
    is_linear("keys given twice", |size| {
        let keys: Vec<String> = (0..size)
            .map(|at| format!(r#""k{}": 1e{at}"#, at / 2))
            .collect();
        given("This", &format!("{{{}}}", keys.join(",")), usize::MAX).unwrap_err()
    });
}
