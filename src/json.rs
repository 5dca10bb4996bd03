//! JSON that others wrote: what the host gives, read strictly, and what seQura answers.
//!
//! What serde_json passes over in silence is refused where the host wrote it, with its place: a key
//! given twice (the last one would count), a number that would not be passed on as it stands, a NUL
//! (which ends a text for every C program). Nothing is read that is too large, or nested so deeply that
//! whoever walks over it would need much stack.

use crate::limits;
use crate::problem::{Found, Problem};
use crate::vocabulary::ErrorCode;
use memchr::memchr2;
use serde::Deserializer;
use serde::de::{DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::cell::Cell;
use std::collections::HashSet;
use std::fmt;
use zeroize::Zeroize;

/// Reads what the host gives, at most `most` bytes of it. `what` it is begins the messages: "The order".
/// On failure everything that is wrong; a syntax error is [`ErrorCode::InvalidJson`], and alone.
pub fn given(what: &str, text: &str, most: usize) -> Result<Value, Vec<Problem>> {
    if text.len() > most {
        return Err(vec![too_many_bytes(what, text.len(), most)]);
    }
    // A byte order mark before it does no harm.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let glance = Glance::of(text.as_bytes());
    let depth = glance.depth;
    if depth > limits::DEPTH {
        let message = format!(
            "{what} has objects and lists nested {depth} deep; at most {} levels are read.",
            limits::DEPTH
        );
        return Err(vec![too_large(
            String::new(),
            message,
            limits::DEPTH,
            depth,
        )]);
    }
    let noted = Noted::default();
    let value = strictly(text, &noted).map_err(|error| {
        let message = format!("{what} is not JSON: {error}. Correct the text at that place.");
        vec![Problem::new(ErrorCode::InvalidJson, message)]
    })?;
    if !glance.doubtful && !noted.twice.get() && !noted.long.get() {
        return Ok(value);
    }
    let found = Look::at(text);
    match found.is_empty() {
        true => Ok(value),
        false => Err(found.into_list()),
    }
}

fn strictly(text: &str, noted: &Noted) -> serde_json::Result<Value> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = Strictly(noted).deserialize(&mut reader)?;
    reader.end()?;
    Ok(value)
}

/// Problems of what may or may not stand within an outer key, with their places within it: whoever gets
/// them takes both for the same.
pub fn within(outer: &str, problems: Vec<Problem>) -> Vec<Problem> {
    let inside = |problem: Problem| {
        let inner = problem.pointer.as_deref().and_then(|pointer| {
            let rest = pointer.strip_prefix('/')?.strip_prefix(outer)?;
            rest.starts_with('/').then(|| rest.to_owned())
        });
        match inner {
            None => problem,
            Some(pointer) => Problem {
                message: match problem.message.split_once('.') {
                    Some((first, rest)) if first == outer => rest.to_owned(),
                    _ => problem.message,
                },
                pointer: Some(pointer),
                ..problem
            },
        }
    };
    problems.into_iter().map(inside).collect()
}

/// Reads what seQura answers, and other JSON that nobody here wrote. `None`: it is not JSON, or not of this world.
pub fn read(body: &[u8]) -> Option<Value> {
    (Glance::of(body).depth <= limits::DEPTH).then(|| serde_json::from_slice(body).ok())?
}

/// The same where sums of money depend on it: none in which a key is given twice, as the last one would count.
pub fn read_strictly(body: &[u8]) -> Option<Value> {
    let text = std::str::from_utf8(body).ok()?;
    let noted = Noted::default();
    let is_shallow = Glance::of(body).depth <= limits::DEPTH;
    let value = is_shallow.then(|| strictly(text, &noted).ok())??;
    (!noted.twice.get()).then_some(value)
}

/// Overwrites every text in a value.
pub fn wipe(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        Value::Array(values) => values.iter_mut().for_each(wipe),
        Value::Object(fields) => fields.values_mut().for_each(wipe),
        _ => {}
    }
}

/// One name as a segment of an RFC 6901 pointer.
pub fn segment(name: &str) -> String {
    format!("/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// Of a text as a whole.
pub fn too_many_bytes(what: &str, is: usize, most: usize) -> Problem {
    let message = format!("{what} has {is} bytes; at most {most} are taken.");
    too_large(String::new(), message, most, is)
}

fn too_large(pointer: String, message: String, most: usize, is: usize) -> Problem {
    Problem {
        expected: Some(most.into()),
        actual: Some(is.into()),
        ..Problem::at(ErrorCode::TooLarge, pointer, message)
    }
}

/// What a text says at first sight, of JSON or of anything else.
#[derive(Default)]
struct Glance {
    /// How deep objects and lists are nested.
    depth: usize,
    /// Something in it may be what is refused, beside a key given twice.
    doubtful: bool,
}

impl Glance {
    fn of(text: &[u8]) -> Glance {
        let mut glance = Glance::default();
        let (mut depth, mut at) = (0_usize, 0);
        while let Some(byte) = text.get(at) {
            at += 1;
            match byte {
                b'[' | b'{' => {
                    depth += 1;
                    glance.depth = glance.depth.max(depth);
                }
                b']' | b'}' => depth = depth.saturating_sub(1),
                b'"' => at = glance.string(text, at),
                b'-' | b'0'..=b'9' => at = glance.number(text, at - 1),
                _ => {}
            }
        }
        glance
    }

    /// Where a text ends that begins there.
    fn string(&mut self, text: &[u8], mut at: usize) -> usize {
        while let Some(length) = text.get(at..).and_then(|rest| memchr2(b'"', b'\\', rest)) {
            at += length + 1;
            if text[at - 1] == b'"' {
                return at;
            }
            self.doubtful |= text[at..].starts_with(b"u0000");
            at += 1;
        }
        text.len()
    }

    /// Where a number ends that begins there.
    fn number(&mut self, text: &[u8], begin: usize) -> usize {
        // So many digits are less than the largest number there is.
        const SURELY_FEW: usize = 18;
        let of_number = |byte: &&u8| byte.is_ascii_digit() || b"+-.eE".contains(byte);
        let length = text[begin..].iter().take_while(of_number).count();
        let number = &text[begin..begin + length];
        self.doubtful |= length > SURELY_FEW
            || number == b"-0"
            || number.iter().any(|byte| b"eE".contains(byte));
        begin + length
    }
}

/// What was noted while a value was read; a second look says where.
#[derive(Default)]
struct Noted {
    /// A key was given twice.
    twice: Cell<bool>,
    /// A list is too long.
    long: Cell<bool>,
}

/// Reads a value, and notes what is strange about it.
struct Strictly<'a>(&'a Noted);

impl<'de> DeserializeSeed<'de> for Strictly<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strictly<'_> {
    type Value = Value;

    fn expecting(&self, to: &mut fmt::Formatter) -> fmt::Result {
        to.write_str("any JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = entries.next_element_seed(Strictly(self.0))? {
            values.push(value);
        }
        if values.len() > limits::LINES {
            self.0.long.set(true);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut fields = Map::new();
        while let Some(name) = entries.next_key::<String>()? {
            let value = entries.next_value_seed(Strictly(self.0))?;
            if fields.insert(name, value).is_some() {
                self.0.twice.set(true);
            }
        }
        Ok(Value::Object(fields))
    }
}

/// One step on the way to a place in JSON.
#[derive(Clone, Copy, Debug)]
pub enum Step<Name> {
    /// Of an object.
    Name(Name),
    /// Of a list, from 0.
    Index(usize),
}

/// A second look at a text that is known to be JSON, for what the first one passed over.
struct Look<'a> {
    text: &'a [u8],
    at: usize,
    path: Vec<Step<String>>,
    found: Found,
}

impl<'a> Look<'a> {
    fn at(text: &'a str) -> Found {
        let mut look = Look {
            text: text.as_bytes(),
            at: 0,
            path: Vec::new(),
            found: Found::default(),
        };
        look.value();
        look.found
    }

    /// The next byte that is no blank.
    fn next(&mut self) -> u8 {
        while self.text.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
        self.text.get(self.at).copied().unwrap_or_default()
    }

    fn value(&mut self) {
        match self.next() {
            b'{' => self.object(),
            b'[' => self.list(),
            b'"' => _ = self.string(),
            b'-' | b'0'..=b'9' => self.number(),
            _ => _ = self.word(),
        }
    }

    /// What stands in an object or a list, up to its end.
    fn entries(&mut self, mut entry: impl FnMut(&mut Look<'a>)) {
        self.at += 1;
        loop {
            match self.next() {
                b',' => self.at += 1,
                b'}' | b']' | 0 => break,
                _ => entry(self),
            }
        }
        self.at += 1;
    }

    fn object(&mut self) {
        let mut seen = HashSet::new();
        self.entries(|look| {
            let name = look.string();
            // Of one that is longer than any name, the beginning says which it is.
            let known = name.chars().take(limits::WORD).collect();
            look.path.push(Step::Name(known));
            if !seen.insert(name) {
                look.note(ErrorCode::DuplicateKey, |place| {
                    format!("{place} is given twice; leave one of them out.")
                });
            }
            // The colon.
            look.next();
            look.at += 1;
            look.value();
            look.path.pop();
        });
    }

    fn list(&mut self) {
        let mut index = 0;
        self.entries(|look| {
            look.path.push(Step::Index(index));
            look.value();
            look.path.pop();
            index += 1;
        });
        if index > limits::LINES {
            let path = &self.path;
            self.found.note(|| {
                let message = format!(
                    "{} has {index} entries; at most {} are taken.",
                    named(path),
                    limits::LINES
                );
                too_large(pointer(path), message, limits::LINES, index)
            });
        }
    }

    fn string(&mut self) -> Cow<'a, str> {
        self.next();
        let begin = self.at;
        self.at += 1;
        let mut plain = true;
        loop {
            match self.text.get(self.at) {
                Some(b'\\') => {
                    plain = false;
                    if self.text[self.at..].starts_with(b"\\u0000") {
                        self.note(ErrorCode::InvalidValue, |place| {
                            format!("{place} has a NUL (\\u0000) in it, where every C program takes a text to end. Leave it out.")
                        });
                    }
                    self.at += 2;
                }
                Some(b'"') | None => break,
                Some(_) => self.at += 1,
            }
        }
        self.at += 1;
        let token = &self.text[begin..self.at.min(self.text.len())];
        let inner = &token[1..token.len().max(2) - 1];
        match std::str::from_utf8(inner) {
            Ok(text) if plain => Cow::Borrowed(text),
            _ => Cow::Owned(serde_json::from_slice(token).unwrap_or_default()),
        }
    }

    fn word(&mut self) -> &'a str {
        let begin = self.at;
        let of_word = |byte: &u8| byte.is_ascii_alphanumeric() || b"+-.".contains(byte);
        while self.text.get(self.at).is_some_and(of_word) {
            self.at += 1;
        }
        // Never the same place twice, whatever stands there.
        self.at = self.at.max(begin + 1);
        self.text
            .get(begin..self.at)
            .and_then(|word| std::str::from_utf8(word).ok())
            .unwrap_or_default()
    }

    /// A number goes on as it stands, or it does not go.
    fn number(&mut self) {
        let text = self.word();
        let whole = text.split(['.', 'e', 'E']).next().unwrap_or_default();
        if text.contains(['e', 'E']) || text == "-0" {
            self.note(ErrorCode::NotAnInteger, |place| {
                format!("{place} is a number with an exponent, or minus zero: write it in plain digits, such as 100 for 1e2.")
            });
        } else if whole.parse::<i64>().is_err() {
            self.note(ErrorCode::OutOfRange, |place| {
                format!("{place} is a number that is larger than any that can be needed.")
            });
        }
    }

    fn note(&mut self, code: ErrorCode, message: impl FnOnce(String) -> String) {
        let path = &self.path;
        self.found
            .note(|| Problem::at(code, pointer(path), message(named(path))));
    }
}

/// A place at the beginning of a sentence.
fn named(path: &[Step<String>]) -> String {
    match path {
        [] => "The whole".to_owned(),
        path => place(path),
    }
}

/// The RFC 6901 pointer to a place.
pub fn pointer<Name: AsRef<str>>(path: &[Step<Name>]) -> String {
    let steps = path.iter().map(|step| match step {
        Step::Name(name) => segment(name.as_ref()),
        Step::Index(index) => format!("/{index}"),
    });
    steps.collect()
}

/// A place as people write it: `cart.items[2].total_with_tax`
pub fn place<Name: AsRef<str>>(path: &[Step<Name>]) -> String {
    let mut place = String::new();
    for step in path {
        match step {
            Step::Index(index) => place.push_str(&format!("[{index}]")),
            Step::Name(name) if place.is_empty() => place.push_str(name.as_ref()),
            Step::Name(name) => place.extend([".", name.as_ref()]),
        }
    }
    place
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::order::tests::draws;
    use proptest::prelude::*;

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
        let many =
            format!("[[{}1e1]", "1e1,".repeat(5000)) + &format!(",[{}1e1]]", "-0,".repeat(5000));
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
}
