//! The forwarder as a service of the system: a unit of systemd's on Linux, a service on Windows.

#[cfg(unix)]
mod systemd;
#[cfg(windows)]
#[allow(unsafe_code)]
mod windows;

#[cfg(unix)]
pub use systemd::{install, remove};
#[cfg(windows)]
pub use windows::{install, remove, run};
