//! The DLLs, 64-bit and 32-bit, under wine: what tests/c and bindings/c hold for the library here must
//! hold there too, and then what is Windows' own. `make test-windows` builds and runs this.
#![cfg(target_os = "linux")]

mod console;
mod csharp;
mod linking;
mod machine;
#[path = "../support/mod.rs"]
mod support;
mod tills;

use machine::{BITS_32, BITS_64, Windows};
use support::suite::{self, *};

/// Each of these functions is a test on both machines.
macro_rules! on_both {
    ($($(#[$about:meta])* $name:ident),+ $(,)?) => {
        mod bits_64 {
            $(
                $(#[$about])*
                #[test]
                #[ignore = "needs wine: make test-windows"]
                fn $name() {
                    super::$name(&super::BITS_64);
                }
            )+
        }
        mod bits_32 {
            $(
                $(#[$about])*
                #[test]
                #[ignore = "needs wine: make test-windows"]
                fn $name() {
                    super::$name(&super::BITS_32);
                }
            )+
        }
    };
}
use on_both;

/// Windows has no POSIX.
const C89: &[&str] = &["-std=c89"];

on_both! {
    every_macro_means_what_the_library_means,
    every_function_can_be_called_wrongly,
    sales_go_well_and_badly,
    names_of_files_may_have_accents_and_spaces,
    names_of_files_may_be_long,
    many_threads_share_a_client,
    the_dll_can_be_loaded_again_and_again,
}

fn the_dll_can_be_loaded_again_and_again(windows: &'static Windows) {
    let dll = windows.built("sequra_pos.dll");
    suite::it_can_be_loaded_again_and_again(windows, &dll, &["-lpthread", "-lpsapi"]);
}
