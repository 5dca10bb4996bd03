//! C on ARM does what tests/bindings asks of every language, with a library that panics on demand: what unwinds there is
//! another unwinder than here, and on 32 bits another kind of it.

use crate::machine::{Arm, BITS_32, BITS_64};
use crate::on_both;
use crate::support::c::{Machine, library, root};
use std::process::Command;

const TESTS: [&str; 5] = [
    "test_scenario",
    "test_lifetimes",
    "test_marshalling",
    "test_samples",
    "test_panics",
];

on_both! {
    it_does_what_it_does_elsewhere,
}

fn it_does_what_it_does_elsewhere(arm: &'static Arm) {
    let mut command = Command::new("python3");
    command
        .args(["-B", "-m", "unittest"])
        .args(TESTS)
        .current_dir(root("tests/bindings"))
        .env("SEQURA_BINDINGS", format!("c_on_{}", arm.name()))
        // The one here is what its answers are compared with.
        .env("SEQURA_POS_LIBRARY", library())
        // What both machines build at once is not in one folder.
        .env("CARGO_TARGET_DIR", arm.scratch("bindings"));
    let output = command.output().expect("Python");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}\n{said}");
}
