//! One way to write a JSON value down, whatever compiles it: what is compared over time, or hashed, is
//! compared by this text.
//!
//! No whitespace, an object's names in the order of their bytes, escapes and numbers as below: that is
//! what this library has always written, and journals hold digests of it. It does not follow what
//! `serde_json` writes, which depends on its features and has changed how it writes a float.

use ring::digest::{SHA256, digest};
use serde_json::{Map, Number, Value};
use std::fmt::Write;
use std::ops::Range;

/// SHA-256 of a value's text.
pub(crate) fn sha256(value: &Value) -> Vec<u8> {
    digest(&SHA256, text(value).as_bytes()).as_ref().to_vec()
}

/// Bytes as they are written: two hexadecimal digits each.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A value's text.
pub(crate) fn text(value: &Value) -> String {
    let mut text = String::new();
    write(value, &mut text);
    text
}

/// Writes an object, and says where each of its fields stands, its name included.
pub(crate) fn write_fields(
    fields: &Map<String, Value>,
    to: &mut String,
) -> Vec<(String, Range<usize>)> {
    let mut places = Vec::with_capacity(fields.len());
    to.push('{');
    for (name, value) in in_order(fields) {
        if !places.is_empty() {
            to.push(',');
        }
        let begin = to.len();
        write_field(name, value, to);
        places.push((name.clone(), begin..to.len()));
    }
    to.push('}');
    places
}

fn write_field(name: &str, value: &Value, to: &mut String) {
    write_string(name, to);
    to.push(':');
    write(value, to);
}

fn write(value: &Value, to: &mut String) {
    match value {
        Value::Null => to.push_str("null"),
        Value::Bool(flag) => to.push_str(if *flag { "true" } else { "false" }),
        Value::Number(number) => write_number(number, to),
        Value::String(text) => write_string(text, to),
        Value::Array(values) => {
            to.push('[');
            for (at, value) in values.iter().enumerate() {
                if at > 0 {
                    to.push(',');
                }
                write(value, to);
            }
            to.push(']');
        }
        Value::Object(fields) => {
            to.push('{');
            for (at, (name, value)) in in_order(fields).into_iter().enumerate() {
                if at > 0 {
                    to.push(',');
                }
                write_field(name, value, to);
            }
            to.push('}');
        }
    }
}

/// The fields in the order of their names' bytes, whatever order the map keeps.
pub(crate) fn in_order(fields: &Map<String, Value>) -> Vec<(&String, &Value)> {
    let mut fields: Vec<_> = fields.iter().collect();
    if !fields.is_sorted_by_key(|(name, _)| *name) {
        fields.sort_unstable_by_key(|(name, _)| *name);
    }
    fields
}

/// Escaped is what JSON says must be, the shortest way it has.
fn write_string(text: &str, to: &mut String) {
    to.push('"');
    let mut plain = 0;
    for (at, byte) in text.bytes().enumerate() {
        if byte >= b' ' && byte != b'"' && byte != b'\\' {
            continue;
        }
        to.push_str(&text[plain..at]);
        plain = at + 1;
        match byte {
            b'"' => to.push_str("\\\""),
            b'\\' => to.push_str("\\\\"),
            8 => to.push_str("\\b"),
            b'\t' => to.push_str("\\t"),
            b'\n' => to.push_str("\\n"),
            12 => to.push_str("\\f"),
            b'\r' => to.push_str("\\r"),
            control => _ = write!(to, "\\u{control:04x}"),
        }
    }
    to.push_str(&text[plain..]);
    to.push('"');
}

fn write_number(number: &Number, to: &mut String) {
    match number.as_i64() {
        Some(whole) => _ = write!(to, "{whole}"),
        None => to.push_str(&self::number(number)),
    }
}

/// A whole number in its digits. Any other: the fewest digits that mean it, with a point; from 10^16 on
/// and below 10^-5 as `1.5e+20`, `1e-7`.
pub(crate) fn number(number: &Number) -> String {
    if let Some(whole) = number.as_i64() {
        return whole.to_string();
    }
    if let Some(whole) = number.as_u64() {
        return whole.to_string();
    }
    let value = number.as_f64().unwrap_or_default();
    let sign = if value.is_sign_negative() { "-" } else { "" };
    let (digits, exponent) = shortest(value.abs());
    let zeros = |count: i32| "0".repeat(count.max(0) as usize);
    // How many digits stand before the point.
    let whole = exponent + 1;
    let count = digits.len() as i32;
    let written = match exponent {
        -5..0 => format!("0.{}{digits}", zeros(-whole)),
        0..16 if count <= whole => format!("{digits}{}.0", zeros(whole - count)),
        0..16 => {
            let (whole, rest) = digits.split_at(whole as usize);
            format!("{whole}.{rest}")
        }
        _ if count == 1 => format!("{digits}e{exponent:+}"),
        _ => format!("{}.{}e{exponent:+}", &digits[..1], &digits[1..]),
    };
    format!("{sign}{written}")
}

/// The fewest digits that mean this number and no other, and the power of ten of the first of them. Of two
/// that are equally near, the even one.
fn shortest(value: f64) -> (String, i32) {
    let split = |scientific: String| {
        let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
        let exponent = exponent.parse().unwrap_or_default();
        (mantissa.replace('.', ""), exponent)
    };
    let (digits, exponent) = split(format!("{value:e}"));
    let (exact, _) = split(format!("{value:.60e}"));
    let (below, rest) = exact.split_at(digits.len());
    let between = rest.starts_with('5') && rest[1..].bytes().all(|digit| digit == b'0');
    let even = below.ends_with(['0', '2', '4', '6', '8']);
    match between && even {
        true => (below.to_owned(), exponent),
        false => (digits, exponent),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// Taken from version 0.1.0.
    #[test]
    fn a_text_is_the_one_that_journals_hold_digests_of() {
        let value: Value = serde_json::from_str(
            r#"{"z": [0, -1, 18446744073709551615, 0.5, 1e20, 1e16, 1e15, 1234567890123456.7, 1e-5, 1e-6, 1.0, 1e-7,
                      123456789012345680.0, 5e-324, 1.7976931348623157e308, 0.1, -0.0],
                "a": "\u0000\u0001\b\t\n\f\r\u001f\"\\/\u007f\u0080ñ€😀\u2028", "Z": {}, "é": [], "aa": null, "b": true}"#,
        )
        .unwrap();
        assert_eq!(
            text(&value),
            concat!(
                r#"{"Z":{},"a":"\u0000\u0001\b\t\n\f\r\u001f\"\\/"#,
                "\u{7f}\u{80}ñ€😀\u{2028}",
                r#"","aa":null,"b":true,"z":[0,-1,18446744073709551615,0.5,1e+20,1e+16,1000000000000000.0,"#,
                r#"1234567890123456.8,0.00001,1e-6,1.0,1e-7,1.2345678901234568e+17,5e-324,"#,
                r#"1.7976931348623157e+308,0.1,-0.0],"é":[]}"#
            )
        );
    }

    #[test]
    fn every_float_is_written_with_the_digits_that_mean_it() {
        for (given, written) in [
            ("0.0", "0.0"),
            ("12.50", "12.5"),
            ("-12.5", "-12.5"),
            ("1.2e3", "1200.0"),
            ("0.0000123", "0.0000123"),
            ("0.00000123", "1.23e-6"),
            ("9007199254740993.0", "9007199254740992.0"),
            ("12345678901234567890.0", "1.2345678901234567e+19"),
            // As near to the one as to the other.
            ("1150093669137325.25", "1150093669137325.2"),
            ("1150093669137325.75", "1150093669137325.8"),
            ("2.2250738585072014e-308", "2.2250738585072014e-308"),
        ] {
            let value: f64 = given.parse().unwrap();
            assert_eq!(text(&json!(value)), written);
            assert_eq!(written.parse::<f64>().unwrap(), value);
        }
    }
}
