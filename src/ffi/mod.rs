//! The C boundary: one small, uniform function for each entry of the header, and the only `unsafe`
//! of the crate. The comments of the exports are the header's; C programmers work from them.

pub mod after_sale;
mod arguments;
pub mod buffer;
mod c_text;
mod cancellation;
pub mod checkout;
pub mod client;
mod floating_point;
mod guard;
mod handle;
pub mod library;
pub mod open_clients;
pub mod order_builder;
mod panics;
pub mod records;
#[cfg(all(windows, target_arch = "x86"))]
mod stdcall;
