//! Features of serde_json that would change what is written into journals, and so what is known again
//! there. Cargo switches a feature on for all crates of a build as soon as one of them asks for it.

use std::fs;
use std::process::Command;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The features that serde_json has in the builds of these packages.
fn features(packages: &[&str], edges: &str) -> Vec<String> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--locked", "--prefix=none"])
        .args(["--invert=serde_json", "--edges", edges])
        .args(packages)
        .current_dir(ROOT)
        // It is no program of ours, and does not come up where the clock is moved (tests/later).
        .env_remove("LD_PRELOAD")
        .output()
        .expect("Cargo runs");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let tree = String::from_utf8_lossy(&output.stdout);
    let lines = tree.lines().filter_map(|line| {
        let quoted = line.strip_prefix("serde_json feature \"")?;
        Some(quoted.split_once('"')?.0.to_owned())
    });
    let features: Vec<String> = lines.collect();
    assert!(features.iter().any(|one| one == "default"), "{tree}");
    features
}

/// The tests would not test what is given out: objects as they were written, numbers as they were written.
#[test]
fn no_member_of_the_workspace_switches_on_what_changes_fingerprints() {
    let features = features(&["--workspace", "--all-features"], "features");
    for changing in ["preserve_order", "arbitrary_precision"] {
        assert!(!features.iter().any(|one| one == changing), "{features:?}");
    }
}

/// Nor other numbers: a tool of the tests asks for `float_roundtrip`, and what is built without it must not.
#[test]
fn what_is_given_out_has_no_more_of_serde_json_than_it_had() {
    let mut features = features(&["--package=sequra-pos"], "features,no-dev,no-build");
    features.sort();
    features.dedup();
    assert_eq!(features, ["default", "std"]);
}

/// For every system and every target, and for the fuzzer, which is a workspace of its own: with
/// `preserve_order` serde_json keeps its objects in an `indexmap`.
#[test]
fn no_locked_serde_json_keeps_its_objects_unsorted() {
    for lock in ["Cargo.lock", "fuzz/Cargo.lock"] {
        let text = fs::read_to_string(format!("{ROOT}/{lock}")).expect("it is there");
        let packages: Vec<&str> = text
            .split("[[package]]")
            .filter(|package| package.contains("name = \"serde_json\""))
            .collect();
        assert!(!packages.is_empty(), "{lock}");
        for package in packages {
            assert!(package.contains("dependencies = ["), "{lock}:{package}");
            assert!(!package.contains("\"indexmap"), "{lock}:{package}");
        }
    }
}
