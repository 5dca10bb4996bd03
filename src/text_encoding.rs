//! Text at the boundary: tills speak Windows-1252 as often as UTF-8, seQura speaks only UTF-8.
//!
//! A client reads every text that comes in, and writes every text that goes out, in one
//! [`TextEncoding`]. Nothing is guessed and nothing is replaced silently on the way in: bytes that
//! are not text in that encoding are refused with their offset.

use encoding_rs::{DecoderResult, EncoderResult, Encoding, UTF_8};
use std::borrow::Cow;

/// The encoding of a client's texts: any label of the Encoding Standard whose bytes below 128 are
/// ASCII, because JSON pointers, JSON itself and C's terminating NUL must keep their meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextEncoding(&'static Encoding);

/// Where a text stopped being text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadText {
    /// Offset of the first byte that does not belong, counted from 0.
    pub offset: usize,
}

impl Default for TextEncoding {
    fn default() -> Self {
        TextEncoding(UTF_8)
    }
}

impl TextEncoding {
    /// The encoding of this label (`windows-1252`, `iso-8859-15`, …, in any case), or `None` where
    /// there is no such label or its bytes are not a superset of ASCII (UTF-16, ISO-2022-JP).
    pub fn for_label(label: &str) -> Option<TextEncoding> {
        Encoding::for_label_no_replacement(label.as_bytes())
            .filter(|encoding| encoding.is_ascii_compatible())
            .map(TextEncoding)
    }

    /// The encoding's name in the Encoding Standard.
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// Reads `bytes`; a byte order mark is nothing special and stays.
    pub fn decode(self, bytes: &[u8]) -> Result<Cow<'_, str>, BadText> {
        if self.0 == UTF_8 {
            return match std::str::from_utf8(bytes) {
                Ok(text) => Ok(Cow::Borrowed(text)),
                Err(error) => Err(BadText {
                    offset: error.valid_up_to(),
                }),
            };
        }
        if bytes.is_ascii() {
            // ASCII-compatible by construction, and the common case.
            return Ok(Cow::Owned(bytes.iter().map(|&b| char::from(b)).collect()));
        }
        let mut decoder = self.0.new_decoder_without_bom_handling();
        let room = decoder.max_utf8_buffer_length_without_replacement(bytes.len());
        let mut text = String::with_capacity(room.unwrap_or(bytes.len() * 4));
        let (result, read) = decoder.decode_to_string_without_replacement(bytes, &mut text, true);
        match result {
            DecoderResult::InputEmpty => Ok(Cow::Owned(text)),
            DecoderResult::Malformed(bad, after) => Err(BadText {
                offset: read.saturating_sub(usize::from(bad) + usize::from(after)),
            }),
            // The room asked for above is the most that these bytes can become.
            DecoderResult::OutputFull => Err(BadText { offset: read }),
        }
    }

    /// Whether the encoding has a character.
    pub fn holds(self, character: char) -> bool {
        character == '?' || self.encode_bare(character.encode_utf8(&mut [0; 4])) != b"?"
    }

    /// Writes JSON; a character that the encoding lacks becomes `\uXXXX`, which JSON readers undo.
    pub fn encode_json(self, json: &str) -> Vec<u8> {
        self.encode(json, |character, bytes| {
            let mut units = [0u16; 2];
            for unit in character.encode_utf16(&mut units) {
                bytes.extend_from_slice(format!("\\u{unit:04x}").as_bytes());
            }
        })
    }

    /// Writes a bare text; a character that the encoding lacks becomes `?`.
    pub fn encode_bare(self, text: &str) -> Vec<u8> {
        self.encode(text, |_, bytes| bytes.push(b'?'))
    }

    fn encode(self, text: &str, unmappable: impl Fn(char, &mut Vec<u8>)) -> Vec<u8> {
        if self.0 == UTF_8 || text.is_ascii() {
            return text.as_bytes().to_vec();
        }
        let mut encoder = self.0.new_encoder();
        let mut bytes = Vec::with_capacity(text.len() + 16);
        let mut rest = text;
        loop {
            bytes.reserve(rest.len() + 16);
            let (result, read) =
                encoder.encode_from_utf8_to_vec_without_replacement(rest, &mut bytes, true);
            rest = &rest[read..];
            match result {
                EncoderResult::InputEmpty => return bytes,
                EncoderResult::OutputFull => {}
                EncoderResult::Unmappable(character) => unmappable(character, &mut bytes),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoding(label: &str) -> TextEncoding {
        TextEncoding::for_label(label).unwrap()
    }

    #[test]
    fn windows_1252_comes_in_and_goes_out() {
        let cp1252 = encoding("windows-1252");
        let bytes = b"\xcd\xf1igo Mu\xf1oz, 1\xba, 5 \x80";
        assert_eq!(cp1252.decode(bytes).unwrap(), "Íñigo Muñoz, 1º, 5 €");
        assert_eq!(cp1252.encode_bare("Íñigo Muñoz, 1º, 5 €"), bytes);
    }

    #[test]
    fn what_an_encoding_lacks_is_escaped_in_json_and_marked_in_bare_text() {
        let cp1252 = encoding("windows-1252");
        assert_eq!(
            cp1252.encode_json("\"a\u{010d}\u{1f600}ñ\""),
            b"\"a\\u010d\\ud83d\\ude00\xf1\""
        );
        assert_eq!(cp1252.encode_bare("a\u{010d}ñ"), b"a?\xf1");
    }

    #[test]
    fn bad_bytes_are_refused_with_their_offset() {
        let utf8 = TextEncoding::default();
        assert_eq!(utf8.decode(b"abc\xf1o").unwrap_err().offset, 3);
        assert_eq!(utf8.decode(b"abc\xc3").unwrap_err().offset, 3);
        let jp = encoding("shift_jis");
        assert_eq!(jp.decode(b"ab\xa0").unwrap_err().offset, 2);
        assert_eq!(
            encoding("iso-8859-7").decode(b"a\xd2").unwrap_err().offset,
            1
        );
    }

    #[test]
    fn encodings_that_break_c_strings_are_refused() {
        for label in [
            "utf-16le",
            "utf-16",
            "iso-2022-jp",
            "replacement",
            "nonsense",
            "",
        ] {
            assert!(TextEncoding::for_label(label).is_none(), "{label}");
        }
        assert_eq!(encoding("LATIN1").name(), "windows-1252");
    }
}
