//! The host's floating-point settings, set aside while the library works. A Delphi program has most
//! floating-point exceptions unmasked: there a number that is too large, in an answer say, would end
//! the till instead of being an infinity that is looked at.

/// The settings that Rust code is compiled for, until this is dropped; then the host's again, and
/// nothing of what happened meanwhile shows in its flags. Most hosts have these settings already, and
/// pay for no more than the look.
pub(super) struct HostSettings(Option<arch::Settings>);

impl HostSettings {
    pub(super) fn set_aside() -> HostSettings {
        HostSettings(arch::set_aside())
    }
}

impl Drop for HostSettings {
    fn drop(&mut self) {
        if let Some(host) = &self.0 {
            arch::restore(host);
        }
    }
}

#[cfg(all(
    any(target_arch = "x86", target_arch = "x86_64"),
    target_feature = "sse"
))]
mod arch {
    use std::arch::asm;

    /// Everything masked, rounded to the nearest: as a processor starts.
    static X87: u16 = 0x037f;
    static SSE: u32 = 0x1f80;
    /// The rest are flags of what has happened.
    const SSE_CONTROL: u32 = 0xffc0;

    /// What FNSTENV writes, and MXCSR.
    #[derive(Default)]
    pub(super) struct Settings {
        x87: [u32; 7],
        sse: u32,
    }

    pub(super) fn set_aside() -> Option<Settings> {
        let mut host = Settings::default();
        let mut x87 = 0_u16;
        // SAFETY: each writes into memory of its size.
        unsafe {
            asm!(
                "fnstcw word ptr [{}]",
                "stmxcsr [{}]",
                in(reg) &raw mut x87,
                in(reg) &raw mut host.sse,
                options(nostack, preserves_flags),
            );
        }
        if x87 == X87 && host.sse & SSE_CONTROL == SSE {
            return None;
        }
        // SAFETY: each writes into, or reads from, memory of its size. The x87's registers are empty
        // between calls, so that its environment is all there is of it.
        unsafe {
            asm!(
                "fnstenv [{}]",
                "fldcw word ptr [{}]",
                "ldmxcsr [{}]",
                in(reg) &raw mut host.x87,
                in(reg) &raw const X87,
                in(reg) &raw const SSE,
                options(nostack, preserves_flags),
            );
        }
        Some(host)
    }

    pub(super) fn restore(host: &Settings) {
        // SAFETY: both read what was stored above, on the same thread.
        unsafe {
            asm!(
                "fldenv [{}]",
                "ldmxcsr [{}]",
                in(reg) &raw const host.x87,
                in(reg) &raw const host.sse,
                options(nostack, preserves_flags),
            );
        }
    }
}

/// Elsewhere nobody unmasks them.
#[cfg(not(all(
    any(target_arch = "x86", target_arch = "x86_64"),
    target_feature = "sse"
)))]
mod arch {
    pub(super) type Settings = std::convert::Infallible;

    pub(super) fn set_aside() -> Option<Settings> {
        None
    }

    pub(super) fn restore(_host: &Settings) {}
}

#[cfg(all(test, target_arch = "x86_64"))]
mod tests {
    use crate::ffi::panics::catch;
    use std::arch::asm;
    use std::hint::black_box;

    /// Delphi's own words; the 40 of the first is always read as set.
    const DELPHI: (u16, u32) = (0x1372, 0x1900);

    /// Of this thread; answers with the ones before.
    fn exchange(new: (u16, u32)) -> (u16, u32) {
        let mut old = (0, 0);
        // SAFETY: each writes into, or reads from, memory of its size.
        unsafe {
            asm!(
                "fnstcw word ptr [{}]",
                "stmxcsr [{}]",
                "fldcw word ptr [{}]",
                "ldmxcsr [{}]",
                in(reg) &raw mut old.0,
                in(reg) &raw mut old.1,
                in(reg) &raw const new.0,
                in(reg) &raw const new.1,
                options(nostack, preserves_flags),
            );
        }
        old
    }

    /// Without the guard this division ends the test with SIGFPE.
    #[test]
    fn a_host_with_exceptions_unmasked_lives_and_keeps_them() {
        let ours = exchange(DELPHI);
        let quotient = catch(|| black_box(1.0_f64) / black_box(0.0));
        let left = exchange(ours);
        assert_eq!(quotient, Ok(f64::INFINITY));
        assert_eq!(left, DELPHI, "the host's, and no flag of the division");
    }
}
