//! Programs that were compiled against an earlier header go on working: within one `SQ_ABI_VERSION`
//! functions, macros and words are added, never changed or removed. abi/ has what was promised.
#![cfg(target_os = "linux")]

mod support;

use sequra_sandbox::{Options, Sandbox};
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use support::c::{compile, compiler, finds_library, library_folder, plain, root, scratch};
use support::header;

/// The header as it was when version 1 of the ABI was given out.
fn frozen() -> header::Header {
    header::parse(&fs::read_to_string(root("abi/1/sequra_pos.h")).expect("abi/1/sequra_pos.h"))
}

/// abi/exports.txt: each function with the version that brought it.
#[test]
fn every_function_has_the_version_that_brought_it() {
    let text = fs::read_to_string(root("abi/exports.txt")).expect("abi/exports.txt");
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let since: BTreeMap<&str, &str> = lines
        .map(|line| line.split_once(' ').expect("NAME SINCE"))
        .collect();
    let number = |version: &str| -> Vec<u32> {
        let parts = version
            .split('.')
            .map(|part| part.parse().expect("a number"));
        parts.collect()
    };
    let present = number(env!("CARGO_PKG_VERSION"));
    for (name, since) in &since {
        assert!(
            number(since) <= present,
            "{name} is of a later version: {since}"
        );
    }
    let listed: Vec<&str> = since.keys().copied().collect();
    let header = header::read();
    let declared = header.function_names();
    assert_eq!(
        listed,
        declared.iter().map(String::as_str).collect::<Vec<_>>(),
        "abi/exports.txt and the header"
    );
}

#[test]
fn nothing_of_version_1_is_gone_or_another() {
    let now = header::read();
    for old in frozen().functions {
        let found = now.functions.iter().find(|one| one.name == old.name);
        let found = found.map(header::Function::bare);
        assert_eq!(found, Some(old.bare()), "{} of version 1", old.name);
    }
    let mut macros = frozen().macros;
    macros.retain(|one| one.name.starts_with("SQ_"));
    for old in macros {
        // One that depends on the compiler is there more than once.
        let mut found = now.macros.iter().filter(|one| one.name == old.name);
        let same = found.any(|one| one.value == old.value);
        assert!(same, "{} {} of version 1", old.name, old.value);
    }
}

/// The C programs of that time, compiled with its header, against the library of today.
#[test]
fn programs_of_version_1_run() {
    for (name, sources) in [
        ("macros", ["macros.c", "check.c"]),
        ("sale", ["sale.c", "check.c"]),
    ] {
        let program: PathBuf = scratch(&format!("v1-{name}")).join(name);
        let folder = root("abi/1");
        compile(
            compiler(false)
                .args(["-std=c89", "-pedantic", "-Wall", "-Wextra", "-Werror", "-I"])
                .arg(&folder)
                .args(sources.map(|source| folder.join(source)))
                .arg("-L")
                .arg(library_folder())
                .arg(finds_library())
                .args(["-lsequra_pos", "-o"])
                .arg(&program),
        );
        let sandbox = Sandbox::start(Options::default()).expect("a simulator");
        let mut command = plain(&program);
        if name == "sale" {
            command
                .args([sandbox.http_url(), sandbox.https_url()])
                .arg(sandbox.ca_file())
                .arg(scratch("v1-journals"));
        }
        support::c::run(command, &sandbox).unwrap_or_else(|wrong| panic!("{name}: {wrong}"));
    }
}
