//! Configuration: one JSON object, read strictly, every problem reported at once.

mod access;
pub(crate) mod file;
mod folders;
mod keys;
mod read;

mod settings;
mod shop;

pub(crate) use access::usable_proxy;
pub(crate) use read::Given;
pub use settings::{
    Config, Environment, GoodsLeave, JournalPlace, Merchants, PersonalData, Proxy, Roots,
};
