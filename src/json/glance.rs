//! What a text says at first sight, of JSON or of anything else.

use memchr::memchr2;

/// What is seen without reading the text.
#[derive(Default)]
pub(super) struct Glance {
    /// How deep objects and lists are nested.
    pub(super) depth: usize,
    /// Something in it may be what is refused, beside a key given twice.
    pub(super) doubtful: bool,
}

impl Glance {
    pub(super) fn of(text: &[u8]) -> Glance {
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
