//! The body of an answer as text. seQura writes UTF-8 and is asked not to compress; but between it and
//! a till stands whatever the shop's network has.

use crate::json;
use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

/// What stands in an answer's body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// Text, without byte order mark and white space around it; empty where nothing else came.
    Text(String),
    /// Bytes that cannot be read, and why: the end of a sentence that begins with "its body".
    Unreadable(String),
}

impl Body {
    /// Reads what came over the wire; `coding` is what its headers say was done to it.
    pub fn read(bytes: &[u8], coding: Option<&str>) -> Body {
        if bytes.is_empty() {
            return Body::Text(String::new());
        }
        let coding = coding.map(str::trim).filter(|coding| !coding.is_empty());
        if let Some(coding) = coding.filter(|coding| !coding.eq_ignore_ascii_case("identity")) {
            return Body::Unreadable(format!(
                "is encoded ({coding}), which nobody asked for, and cannot be read"
            ));
        }
        match text(bytes) {
            Some(text) if !text.chars().any(is_no_text) => {
                let around = |c: char| c.is_whitespace() || c == '\u{feff}';
                Body::Text(text.trim_matches(around).to_owned())
            }
            _ => Body::Unreadable("is not text".to_owned()),
        }
    }

    /// The text; none where it cannot be read.
    pub fn text(&self) -> Option<&str> {
        match self {
            Body::Text(text) => Some(text),
            Body::Unreadable(_) => None,
        }
    }

    /// The JSON that it is; none where it is something else.
    pub fn json(&self) -> Option<serde_json::Value> {
        json::read(self.text()?.as_bytes())
    }

    /// The JSON that answers a question; none where it is something else, a refusal, or says two things at once.
    pub fn reply(&self) -> Option<serde_json::Value> {
        let said = json::read_strictly(self.text()?.as_bytes());
        said.filter(|said| said.get("errors").is_none())
    }
}

/// By its byte order mark, as UTF-8, or else in the code page of old programs.
fn text(bytes: &[u8]) -> Option<String> {
    let (encoding, bytes) = match Encoding::for_bom(bytes) {
        Some((encoding, mark)) => (encoding, &bytes[mark..]),
        None if std::str::from_utf8(bytes).is_ok() => (UTF_8, bytes),
        None => (WINDOWS_1252, bytes),
    };
    let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?;
    Some(text.into_owned())
}

fn is_no_text(character: char) -> bool {
    character.is_control() && !matches!(character, '\t' | '\n' | '\r' | '\u{c}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Option<String> {
        Body::read(bytes, None).text().map(str::to_owned)
    }

    fn utf_16(text: &str, mark: [u8; 2], bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        let units = text.encode_utf16().flat_map(bytes);
        mark.into_iter().chain(units).collect()
    }

    #[test]
    fn what_is_text_is_read_in_whatever_it_is_written() {
        let said = r#"{"errors":["Añil 5 €"]}"#;
        for bytes in [
            said.as_bytes().to_vec(),
            [b"\xEF\xBB\xBF", said.as_bytes()].concat(),
            utf_16(said, [0xFF, 0xFE], u16::to_le_bytes),
            utf_16(said, [0xFE, 0xFF], u16::to_be_bytes),
            b"{\"errors\":[\"A\xF1il 5 \x80\"]}".to_vec(),
        ] {
            assert_eq!(read(&bytes).as_deref(), Some(said), "{bytes:?}");
        }
    }

    #[test]
    fn a_body_of_white_space_is_blank() {
        for blank in [
            &b""[..],
            b" \r\n\t",
            b"\xEF\xBB\xBF",
            b"\xEF\xBB\xBF\n",
            b"\xFF\xFE\x20\0",
        ] {
            assert_eq!(read(blank).as_deref(), Some(""), "{blank:?}");
        }
        let coded = Body::read(b"", Some("gzip"));
        assert_eq!(coded, Body::Text(String::new()), "nothing was compressed");
    }

    #[test]
    fn what_is_no_text_is_not_guessed_at() {
        for bytes in [
            &b"\x1F\x8B\x08\0\0\0\0\0"[..],
            b"{\0\"\0}\0",
            b"\xFF\xFE\0\0{\0\0\0",
            b"\xFF\xFE\x00\xD8",
            b"ok\0",
        ] {
            assert_eq!(read(bytes), None, "{bytes:?}");
        }
        assert_eq!(Body::read(b"{}", Some("gzip")).text(), None);
        assert_eq!(Body::read(b"{}", Some("identity, br")).text(), None);
        assert_eq!(Body::read(b"{}", Some(" Identity ")).text(), Some("{}"));
        assert_eq!(Body::read(b"{}", Some("")).text(), Some("{}"));
    }
}
