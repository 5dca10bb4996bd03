//! A second look at what the host gives, for what the first one passed over: it says what, and where.

use super::place::{Segment, place, pointer};
use crate::limits;
use crate::problem::{Found, Problem};
use crate::vocabulary::ErrorCode;
use std::borrow::Cow;
use std::collections::HashSet;

pub(super) fn too_large(pointer: String, message: String, most: usize, is: usize) -> Problem {
    Problem {
        expected: Some(most.into()),
        actual: Some(is.into()),
        ..Problem::at(ErrorCode::TooLarge, pointer, message)
    }
}

/// A walk over a text that is known to be JSON.
pub(super) struct Look<'a> {
    text: &'a [u8],
    at: usize,
    path: Vec<Segment<String>>,
    found: Found,
}

impl<'a> Look<'a> {
    pub(super) fn at(text: &'a str) -> Found {
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
            look.path.push(Segment::Name(known));
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
            look.path.push(Segment::Index(index));
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
fn named(path: &[Segment<String>]) -> String {
    match path {
        [] => "The whole".to_owned(),
        path => place(path),
    }
}
