//! Who is logged in: random ids in a cookie, of which the database has the hashes.

use super::change::Change;
use super::front::{Front, cookie};
use super::role::Role;
use crate::database::{self, Database};
use crate::looking::first;
use crate::random;
use axum::http::HeaderMap;
use ring::digest::{SHA256, digest};
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Error};

/// A session ends when so long nothing was asked for, and at the latest so long after its login, ms.
pub const IDLE: i64 = 2 * 3_600_000;
pub const LONGEST: i64 = 12 * 3_600_000;

/// It is written down at most so often that a session is in use, ms.
const SEEN: i64 = 60_000;

/// Somebody who is logged in.
#[derive(Clone, Debug)]
pub struct User {
    pub name: String,
    pub role: Role,
    pub language: String,
    /// What every form of theirs carries.
    pub csrf: String,
    pub session: [u8; 32],
    /// It is to be written down that the session is in use.
    pub is_to_be_seen: bool,
}

/// 256 random bits, as hexadecimal digits.
pub fn random() -> String {
    random::hex(&random::bytes::<32>())
}

pub fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits = text.is_ascii() && text.len().is_multiple_of(2);
    let pairs = (0..text.len()).step_by(2);
    digits.then(|| {
        pairs
            .map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok())
            .collect()
    })?
}

pub fn sha256(text: &str) -> [u8; 32] {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest(&SHA256, text.as_bytes()).as_ref());
    hash
}

/// Whether two texts are the same, without saying by the time it takes where they differ.
pub fn is_same(one: &str, other: &str) -> bool {
    let (one, other) = (sha256(one), sha256(other));
    one.iter().zip(other).fold(0, |sum, (a, b)| sum | (a ^ b)) == 0
}

/// The cookie's name: with TLS one that only this host, over TLS, can have set.
pub fn cookie_name(front: &Front) -> &'static str {
    match front.is_secure() {
        true => "__Host-sequra_office",
        false => "sequra_office",
    }
}

/// `Set-Cookie` for a session that begins, or none any more.
pub fn set_cookie(front: &Front, id: Option<&str>) -> String {
    let secure = if front.is_secure() { "; Secure" } else { "" };
    let age = if id.is_some() { LONGEST / 1000 } else { 0 };
    let (name, id) = (cookie_name(front), id.unwrap_or_default());
    format!("{name}={id}; Path=/; Max-Age={age}; HttpOnly; SameSite=Lax{secure}")
}

/// Who asks; none: nobody who is logged in.
pub async fn of(
    db: &Client,
    front: &Front,
    headers: &HeaderMap,
    now: i64,
) -> Result<Option<User>, Error> {
    let Some(id) = cookie(headers, cookie_name(front)).filter(|id| id.len() == 64) else {
        return Ok(None);
    };
    const FIND: &str = "SELECT s.name, s.csrf, s.seen_at, u.role, u.language FROM sessions s \
         JOIN users u ON u.name = s.name WHERE s.session_hash = $1 AND s.expires_at > $2 AND s.seen_at > $3 \
         AND u.disabled_at IS NULL";
    let session = sha256(id);
    let hash = &session[..];
    let idle = now - IDLE;
    let given = [
        (&hash as _, Type::BYTEA),
        (&now as _, Type::INT8),
        (&idle as _, Type::INT8),
    ];
    let found = first(db, FIND, &given, |row| {
        let csrf: Vec<u8> = row.try_get(1)?;
        let role: String = row.try_get(3)?;
        let user = Role::from_word(&role).map(|role| (role, random::hex(&csrf)));
        let seen_at: i64 = row.try_get(2)?;
        Ok((row.try_get(0)?, user, seen_at, row.try_get(4)?))
    });
    let Some((name, Some((role, csrf)), seen_at, language)) = found.await? else {
        return Ok(None);
    };
    Ok(Some(User {
        name,
        role,
        language,
        csrf,
        session,
        is_to_be_seen: now - seen_at > SEEN,
    }))
}

/// Notes that it is in use.
pub async fn see(database: &Database, user: &User, now: i64) -> Result<(), database::Error> {
    const SEE: &str = "UPDATE sessions SET seen_at = greatest(seen_at, $2) WHERE session_hash = $1";
    let given = [
        (&&user.session[..] as _, Type::BYTEA),
        (&now as _, Type::INT8),
    ];
    let transaction = database.begin_local().await?;
    transaction.run(SEE, &given).await?;
    transaction.commit().await
}

/// Begins one with this id, which goes into the cookie.
pub fn begin(id: &str, name: &str, now: i64) -> Change {
    const BEGIN: &str = "INSERT INTO sessions (session_hash, name, csrf, made_at, seen_at, expires_at) \
         VALUES ($1, $2, $3, $4, $4, $5)";
    Change::new(BEGIN)
        .bytes(&sha256(id))
        .text(name)
        .bytes(&random::bytes::<32>())
        .number(now)
        .number(now + LONGEST)
}

/// Removes those that have ended.
pub fn tidy(now: i64) -> Change {
    Change::new("DELETE FROM sessions WHERE expires_at < $1 OR seen_at < $2")
        .number(now)
        .number(now - IDLE)
}

/// Ends this one.
pub fn end(user: &User) -> Change {
    Change::new("DELETE FROM sessions WHERE session_hash = $1").bytes(&user.session)
}

/// Ends every session of somebody but this one.
pub fn end_others(user: &User) -> Change {
    Change::new("DELETE FROM sessions WHERE name = $1 AND session_hash <> $2")
        .text(&user.name)
        .bytes(&user.session)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_is_sent_over_tls_alone_but_on_loopback() {
        let plain = Front::default();
        let tls = Front {
            serves_tls: true,
            ..Front::default()
        };
        let cookie = set_cookie(&tls, Some("abc"));
        assert_eq!(
            cookie,
            "__Host-sequra_office=abc; Path=/; Max-Age=43200; HttpOnly; SameSite=Lax; Secure"
        );
        assert!(!set_cookie(&plain, Some("abc")).contains("Secure"));
        assert!(set_cookie(&plain, None).starts_with("sequra_office=; Path=/; Max-Age=0"));
    }

    #[test]
    fn ids_are_random_and_compared_whole() {
        let (one, other) = (random(), random());
        assert!(one.len() == 64 && one != other);
        assert!(is_same(&one, &one) && !is_same(&one, &other) && !is_same(&one, &one[..63]));
        assert_eq!(from_hex(&one).map(|bytes| random::hex(&bytes)), Some(one));
        assert!(from_hex("0g").is_none() && from_hex("abc").is_none() && from_hex("ñ").is_none());
    }
}
