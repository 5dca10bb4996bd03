//! A host's thread that is cancelled (`pthread_cancel`) while it is in the library would be unwound by
//! force through Rust code, which ends the host. So that is held off until the call is over: the
//! cancellation then takes place where the host's own code meets the next point for it.

#[cfg(all(unix, not(target_os = "android")))]
mod held {
    use std::ffi::c_int;

    unsafe extern "C" {
        fn pthread_setcancelstate(state: c_int, old: *mut c_int) -> c_int;
    }

    /// `PTHREAD_CANCEL_DISABLE`
    const DISABLE: c_int = if cfg!(target_vendor = "apple") { 0 } else { 1 };

    /// Nobody cancels this thread while it lives; then it is as the host had it.
    pub(in super::super) struct HeldOff(c_int);

    impl HeldOff {
        pub(in super::super) fn begin() -> HeldOff {
            let mut old = 0;
            // SAFETY: it writes an integer, and cannot fail with a state that there is.
            unsafe { pthread_setcancelstate(DISABLE, &mut old) };
            HeldOff(old)
        }
    }

    impl Drop for HeldOff {
        fn drop(&mut self) {
            // SAFETY: as above; the old state is not wanted, for which NULL would not do everywhere.
            unsafe { pthread_setcancelstate(self.0, &mut 0) };
        }
    }
}

/// Elsewhere nobody cancels threads.
#[cfg(not(all(unix, not(target_os = "android"))))]
mod held {
    pub(in super::super) struct HeldOff;

    impl HeldOff {
        pub(in super::super) fn begin() -> HeldOff {
            HeldOff
        }
    }
}

pub(super) use held::HeldOff;
