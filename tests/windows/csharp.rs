//! The C# assembly on .NET Core for Windows: what tests/bindings asks of every language.

use crate::machine::BITS_64;
use crate::support::c::{library, root};
use std::process::Command;

/// All but what a bug of the library would look like: the shipped one has none that can be asked for.
const TESTS: [&str; 4] = [
    "test_scenario",
    "test_lifetimes",
    "test_marshalling",
    "test_samples",
];

#[test]
#[ignore = "needs wine: make test-windows"]
fn the_assembly_does_what_it_does_elsewhere() {
    let mut command = Command::new("python3");
    command
        .args(["-B", "-m", "unittest"])
        .args(TESTS)
        .current_dir(root("tests/bindings"))
        .env("SEQURA_BINDINGS", "csharp_on_windows")
        // The one here is what its answers are compared with.
        .env("SEQURA_POS_LIBRARY", library());
    BITS_64.serves(&mut command);
    let output = command.output().expect("Python");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}\n{said}");
}
