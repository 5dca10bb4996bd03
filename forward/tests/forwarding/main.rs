//! The forwarder's program, between tills that sell and an office that has bad luck.

mod carrying;
mod faults;
mod fences;
#[cfg(feature = "crash-points")]
mod killed;
mod lives;
mod office;
mod rebuilt;
mod shop;
