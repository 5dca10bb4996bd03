//! Passwords: argon2id, with what OWASP recommends (19 MiB, two passes, one lane). Both functions compute for tens of
//! milliseconds; a server calls them on threads that may block, few at a time.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use std::sync::OnceLock;

/// Characters that a password has at least, and bytes that one has at most.
pub const SHORTEST: usize = 12;
pub const LONGEST: usize = 1024;

/// Why a password is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// Shorter than [`SHORTEST`], or longer than [`LONGEST`].
    Length,
    /// It is the name of its user, or one character again and again.
    Guessable,
}

fn argon2() -> Argon2<'static> {
    // Params::DEFAULT is OWASP's: m = 19456 KiB, t = 2, p = 1.
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::DEFAULT)
}

/// Whether this may be the password of this user.
pub fn fit(name: &str, password: &str) -> Result<(), Unfit> {
    if password.chars().count() < SHORTEST || password.len() > LONGEST {
        return Err(Unfit::Length);
    }
    let first = password.chars().next();
    let is_one = password.chars().all(|one| Some(one) == first);
    if is_one || password.to_lowercase().contains(&name.to_lowercase()) && name.len() > 3 {
        return Err(Unfit::Guessable);
    }
    Ok(())
}

/// As it is kept.
pub fn hash(password: &str) -> Result<String, argon2::password_hash::Error> {
    let hash = argon2().hash_password(password.as_bytes())?;
    Ok(hash.to_string())
}

/// Whether this is the password that was kept so. Where nothing is kept the work is the same, and the answer no: how long
/// it takes says nothing of whether there is such a user.
pub fn is_right(password: &str, kept: Option<&str>) -> bool {
    static NOBODYS: OnceLock<String> = OnceLock::new();
    let nobodys = || NOBODYS.get_or_init(|| hash("of nobody, and never right").unwrap_or_default());
    let parsed = kept.and_then(|kept| PasswordHash::new(kept).ok());
    let (parsed, is_somebodys) = match parsed {
        Some(parsed) => (Some(parsed), true),
        None => (PasswordHash::new(nobodys()).ok(), false),
    };
    let is_right = parsed.is_some_and(|parsed| {
        argon2()
            .verify_password(password.as_bytes(), &parsed)
            .is_ok()
    });
    is_right && is_somebodys
}

/// Before the first request: what [`is_right`] computes for a user that there is not.
pub fn prepare() {
    is_right("", None);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_right_or_wrong_and_nobody_has_one() {
        let kept = hash("correct horse battery").expect("can be hashed");
        assert!(
            kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{kept}"
        );
        assert_ne!(kept, hash("correct horse battery").expect("again"));
        assert!(is_right("correct horse battery", Some(&kept)));
        assert!(!is_right("correct horse batter", Some(&kept)));
        assert!(!is_right("", Some("not a hash")));
        assert!(!is_right("of nobody, and never right", None));
    }

    #[test]
    fn what_anybody_would_try_first_is_not_taken() {
        assert_eq!(fit("ana", "short"), Err(Unfit::Length));
        assert_eq!(fit("ana", &"ñ".repeat(600)), Err(Unfit::Length));
        assert_eq!(fit("ana", "aaaaaaaaaaaaaaaa"), Err(Unfit::Guessable));
        assert_eq!(fit("marisol", "Marisol-2026!"), Err(Unfit::Guessable));
        assert_eq!(fit("ana", "banana bread 3"), Ok(()));
    }

    #[test]
    fn nobody_s_password_takes_as_long_as_somebody_s() {
        use std::time::{Duration, Instant};
        let kept = hash("correct horse battery").expect("can be hashed");
        prepare();
        let fastest = |kept: Option<&str>| -> Duration {
            let times = (0..5).map(|_| {
                let begun = Instant::now();
                assert!(!is_right("wrong horse battery", kept));
                begun.elapsed()
            });
            times.min().unwrap_or_default()
        };
        // Without the work it would be some thousand times.
        assert!(fastest(None) * 10 > fastest(Some(&kept)));
    }
}
