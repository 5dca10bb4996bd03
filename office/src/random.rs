//! Chance, from the system.

use ring::rand::{SecureRandom, SystemRandom};

/// So many random bytes.
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    let filled = SystemRandom::new().fill(&mut bytes);
    filled.expect("the system has random numbers");
    bytes
}

/// 16 of them, in hexadecimal digits.
pub fn id() -> String {
    hex(&bytes::<16>())
}

/// A number below this one.
pub fn below(most: u64) -> u64 {
    u64::from_le_bytes(bytes()) % most.max(1)
}

/// Two hexadecimal digits for each byte.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
