//! Programs that were compiled against an earlier header go on working: within one `SQ_ABI_VERSION`
//! functions, macros and words are added, never changed or removed. abi/ has what was promised.
#![cfg(target_os = "linux")]

use crate::support::c::{
    compile, compiler, finds_library, library, library_folder, plain, root, scratch,
};
use crate::support::header;
use sequra_sandbox::{Options, Sandbox};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The version that what is new comes with.
const NEXT: &str = "0.2.0";

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
            number(since) <= present || *since == NEXT,
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
        crate::support::c::run(command, &sandbox).unwrap_or_else(|wrong| panic!("{name}: {wrong}"));
    }
}

/// What abidiff says of a recorded ABI (scripts/abi.py) and the library of today, as compiled code has it:
/// whether all that was there is there unchanged.
fn abidiff(recorded: &Path) -> (bool, String) {
    let output = Command::new("abidiff")
        .args(["--no-added-syms", "--drop-private-types"])
        .args([recorded, &library()])
        .output()
        .expect("abidiff of abigail-tools; make test installs it");
    let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    // Of its bits, 1 and 2 say that it could not compare.
    assert!(
        output.status.code().is_some_and(|code| code & 3 == 0),
        "{said}"
    );
    (output.status.success(), said.into_owned())
}

#[test]
fn the_compiled_library_keeps_the_recorded_abi() {
    let (kept, said) = abidiff(&root("abi/1/sequra_pos.abi"));
    assert!(kept, "{said}");
}

#[test]
fn a_broken_abi_is_noticed() {
    let recorded = fs::read_to_string(root("abi/1/sequra_pos.abi")).expect("abi/1/sequra_pos.abi");
    for function in frozen().functions {
        let declaration = format!("<function-decl name=\"{}\"", function.name);
        assert!(recorded.contains(&declaration), "{}", function.name);
    }
    let symbol = |name: &str| {
        let lines = recorded.lines().filter(|line| line.contains("<elf-symbol"));
        let named = format!("name=\"{name}\"");
        let mut found = lines.filter(|line| line.contains(&named));
        format!("{}\n", found.next().expect("a symbol"))
    };
    let ship = symbol("sq_ship");
    // What an earlier library may have had: a function that is gone now, another type of a parameter,
    // and a function less, which is none of these.
    for (name, old, new, kept) in [
        (
            "gone",
            ship.clone(),
            ship.clone() + &ship.replace("sq_ship", "sq_sail"),
            false,
        ),
        (
            "changed",
            "<type-decl name=\"i64\" size-in-bits=\"64\"".to_owned(),
            "<type-decl name=\"i32\" size-in-bits=\"32\"".to_owned(),
            false,
        ),
        ("added", ship, String::new(), true),
    ] {
        assert!(recorded.contains(&old), "{name}");
        let other = scratch("abi").join(format!("{name}.abi"));
        fs::write(&other, recorded.replacen(&old, &new, 1)).expect("a file");
        let (same, said) = abidiff(&other);
        assert_eq!(same, kept, "{name}: {said}");
    }
}
