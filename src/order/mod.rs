//! An order, as a till writes it and seQura reads it.
//!
//! seQura wants the same order two or three times over: at the start, at the confirmation, often
//! once more for the reference, and refuses it when anything has changed on the way. An order held
//! in structs would lose what the structs do not know and rewrite what they do. So an [`Order`]
//! *is* its JSON document, passed on untouched but for the few fields that the library itself sets;
//! what the library needs to know of it, it reads through views ([`Order::amount`],
//! [`Order::carts`], …).
//!
//! [`Order::check`] walks the document along the tables of `fields.rs` and finds everything that
//! seQura would refuse, all of it at once, before anything is sent. [`OrderBuilder`] writes orders
//! for tills that have no JSON library.

mod builder;
mod cart;
mod cart_ref;
mod cents;
mod check;
mod codes;
mod country_names;
mod defaults;
mod delivery;
mod described;
mod document;
mod fields;
mod identifiers;
mod implied;
mod lines;
mod lookup;
mod measured;
mod parting;
mod phone;
mod picks;
mod rounding;
mod rules;
mod schema;
#[cfg(test)]
pub(crate) mod tests;
mod two_carts;
mod values;
mod walk;
mod written;

pub use builder::{Goods, OrderBuilder};
pub(crate) use cart::Item;
pub use cart::{Cart, ItemType};
pub(crate) use cart_ref::cart_ref_of;
pub use cents::Cents;
pub use check::Checked;
pub(crate) use codes::{is_country, is_currency};
pub(crate) use delivery::unshipped;
pub use described::described;
pub(crate) use document::Kept;
pub use document::Order;
pub(crate) use identifiers::{MERCHANT_ID, REFERENCE, is_merchant_id, is_order_ref, is_reference};
pub(crate) use implied::Added;
pub(crate) use phone::Number;
pub use picks::Pick;
pub use rounding::RoundingLine;
pub(crate) use rounding::{Before, MOST_CENTS};
pub use two_carts::TwoCarts;
pub use written::{Facts, Written};
