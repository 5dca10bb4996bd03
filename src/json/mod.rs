//! JSON that others wrote: what the host gives, read strictly, and what seQura answers.
//!
//! | file | what it does |
//! |---|---|
//! | `place` | where something stands: pointers, and places as people write them |
//! | `glance`, `strictly` | what is noticed while a text is read |
//! | `look` | a second look, which says where |
//! | `given` | a text of the host's, to a value |
//! | `reader` | a value of the host's, to what the library makes of it; `nearest` knows which name was meant |
//! | `answers` | what seQura answers |

mod answers;
mod given;
mod glance;
mod look;
mod nearest;
mod place;
mod reader;
mod strictly;
#[cfg(test)]
mod tests;

pub use answers::{read, read_strictly};
pub use given::{given, too_many_bytes, wipe, within};
pub use nearest::nearest;
pub use place::{Segment, escaped};
pub use reader::{Reader, is_left_out, present, said, type_name};
