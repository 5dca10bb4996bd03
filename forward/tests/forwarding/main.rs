//! The forwarder's program, between tills that sell and an office that has bad luck.

mod carrying;
mod faults;
mod office;
mod shop;
