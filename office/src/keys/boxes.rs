//! A box as the database keeps it: the key's name in one column, what it is made of in another, as bytes.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sequra_frames::sealing::Sealed;

/// Of HPKE's encapsulated key, bytes.
const ENC: usize = 32;

/// A box as it is stored; none where it is no box.
pub fn pack(sealed: &Sealed) -> Option<(String, Vec<u8>)> {
    let mut bytes = STANDARD.decode(&sealed.enc).ok()?;
    let contents = STANDARD.decode(&sealed.contents).ok()?;
    if bytes.len() != ENC || sealed.key.contains('\0') {
        return None;
    }
    bytes.extend(contents);
    Some((sealed.key.clone(), bytes))
}

/// A box as it travels.
pub fn unpack(key: &str, bytes: &[u8]) -> Option<Sealed> {
    let (enc, contents) = bytes.split_at_checked(ENC)?;
    Some(Sealed {
        key: key.to_owned(),
        enc: STANDARD.encode(enc),
        contents: STANDARD.encode(contents),
    })
}
