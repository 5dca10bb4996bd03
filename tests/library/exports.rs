//! The shared library as the linker sees it: its names, its SONAME, what it needs, its size.
#![cfg(target_os = "linux")]

use crate::support::c::{compile, compiler, library, scratch};
use crate::support::header;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// The stripped library may have this many bytes. The checkout came to 3.0 MB; reconciliation and what
/// comes after the sale were put on top of it, then what is known of files, clocks, limits and whose answer
/// it is; then what seQura's own clients send and hear, and what an amount costs a month. Whoever raises it says what for.
const MOST_BYTES: u64 = 4_230_000;

/// The debug library of this build, and the release library where the Makefile names it.
fn libraries() -> Vec<PathBuf> {
    let release = env::var_os("SEQURA_POS_RELEASE_LIBRARY").map(PathBuf::from);
    [Some(library()), release].into_iter().flatten().collect()
}

fn tool(command: &mut Command) -> String {
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("{command:?} (binutils): {error}"));
    assert!(output.status.success(), "{command:?}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Names that a library defines for others.
fn exported(library: &Path) -> BTreeSet<String> {
    let listed = tool(
        Command::new("nm")
            .args(["-D", "--defined-only"])
            .arg(library),
    );
    let names = listed.lines().filter_map(|line| line.split(' ').nth(2));
    // A symbol version would follow an @.
    names
        .map(|name| name.split('@').next().unwrap_or(name).to_owned())
        .collect()
}

/// The entries of the dynamic section with this tag, e.g. SONAME: what stands in the brackets.
fn dynamic(library: &Path, tag: &str) -> Vec<String> {
    let listed = tool(
        Command::new("readelf")
            .args(["-d", "-W"])
            .arg(library)
            .env("LC_ALL", "C"),
    );
    let lines = listed
        .lines()
        .filter(|line| line.contains(&format!("({tag})")));
    lines
        .filter_map(|line| Some(line.split_once('[')?.1.split_once(']')?.0.to_owned()))
        .collect()
}

#[test]
fn exactly_the_headers_functions_are_exported() {
    let declared = header::read().function_names();
    for library in libraries() {
        let exported = exported(&library);
        let library = library.display();
        let extra: Vec<&String> = exported.difference(&declared).collect();
        let missing: Vec<&String> = declared.difference(&exported).collect();
        assert!(
            extra.is_empty(),
            "{library} exports what the header does not declare: {extra:?}"
        );
        assert!(
            missing.is_empty(),
            "the header declares what {library} does not export: {missing:?}"
        );
        assert!(exported.iter().all(|name| name.starts_with("sq_")));
    }
}

#[test]
fn its_name_says_which_abi_it_is() {
    for library in libraries() {
        assert_eq!(
            dynamic(&library, "SONAME"),
            ["libsequra_pos.so.1"],
            "{}",
            library.display()
        );
    }
}

#[test]
fn it_needs_the_c_library_and_nothing_else() {
    // The last two are part of libc since glibc 2.34.
    const NEEDED: &[&str] = &[
        "libc.so.6",
        "libm.so.6",
        "libgcc_s.so.1",
        "libpthread.so.0",
        "libdl.so.2",
    ];
    for library in libraries() {
        let needed = dynamic(&library, "NEEDED");
        assert!(needed.contains(&"libc.so.6".to_owned()), "{needed:?}");
        for name in needed {
            assert!(
                NEEDED.contains(&name.as_str()) || name.starts_with("ld-linux"),
                "{} needs {name}",
                library.display()
            );
        }
        // It is found where the till's installer puts it, not where it was built.
        for tag in ["RPATH", "RUNPATH"] {
            assert!(
                dynamic(&library, tag).is_empty(),
                "{} has a {tag}",
                library.display()
            );
        }
    }
}

#[test]
fn the_stripped_release_library_is_small() {
    let Some(library) = env::var_os("SEQURA_POS_RELEASE_LIBRARY").map(PathBuf::from) else {
        eprintln!("SEQURA_POS_RELEASE_LIBRARY names no release library: its size is not checked.");
        return;
    };
    let sections = tool(Command::new("readelf").args(["-S", "-W"]).arg(&library));
    assert!(
        !sections.contains(".symtab"),
        "{} is not stripped",
        library.display()
    );
    let bytes = fs::metadata(&library).expect("it is there").len();
    assert!(
        bytes <= MOST_BYTES,
        "{} has {bytes} bytes, more than {MOST_BYTES}",
        library.display()
    );
}

/// Nobody learns from a library on which machine, in whose folder and with which tools it was built, and
/// every machine builds the same.
#[test]
fn the_release_library_has_nothing_of_the_machine_that_built_it() {
    let home = env::var("HOME").unwrap_or_else(|_| "/home".to_owned());
    let cargo = env::var("CARGO_HOME").unwrap_or_else(|_| format!("{home}/.cargo"));
    let sysroot = tool(Command::new("rustc").args(["--print", "sysroot"]));
    let own = env!("CARGO_MANIFEST_DIR");
    let private = [
        &format!("{home}/"),
        &cargo,
        sysroot.trim(),
        own,
        "/registry/src",
    ];
    let found = |library: &Path| {
        let bytes = fs::read(library).expect("it is there");
        let has = |word: &str| bytes.windows(word.len()).any(|at| at == word.as_bytes());
        private.into_iter().filter(|word| has(word)).collect()
    };
    // The search finds it where it is.
    let debug: Vec<&str> = found(&library());
    for word in [own, "/registry/src"] {
        assert!(debug.contains(&word), "{debug:?}");
    }
    if let Some(release) = env::var_os("SEQURA_POS_RELEASE_LIBRARY").map(PathBuf::from) {
        for library in [release.with_extension("a"), release] {
            let found = found(&library);
            assert!(found.is_empty(), "{} names {found:?}", library.display());
        }
    }
}

/// What the test suite ends a process by, or makes a function panic by, is in no library that a shop gets.
#[test]
fn the_release_library_cannot_be_ended_from_outside() {
    let names = |library: &Path, variable: &str| {
        let bytes = fs::read(library).expect("it is there");
        let wanted = variable.as_bytes();
        bytes.windows(wanted.len()).any(|bytes| bytes == wanted)
    };
    for (variable, armed) in [
        ("SEQURA_POS_CRASH_AT", cfg!(feature = "crash-points")),
        ("SEQURA_POS_PANIC_IN", cfg!(feature = "panic-on-demand")),
    ] {
        // The search finds it where it is.
        assert_eq!(names(&library(), variable), armed, "{variable}");
        if let Some(release) = env::var_os("SEQURA_POS_RELEASE_LIBRARY") {
            let found = names(Path::new(&release), variable);
            assert!(!found, "{release:?} looks at {variable}");
        }
    }
}

/// A library with all of that wrong is seen to have it.
#[test]
fn a_wrong_library_is_noticed() {
    let folder = scratch("wrong-exports");
    let source = folder.join("wrong.c");
    let wrong = folder.join("libwrong.so");
    fs::write(
        &source,
        "int sq_extra(void) { return 1; }\nint helper(void) { return 2; }\nint sq_data = 3;\n",
    )
    .unwrap();
    let mut command = compiler(false);
    command
        .args([
            "-shared",
            "-fPIC",
            "-Wl,-soname,libwrong.so.2",
            "-Wl,-rpath,/tmp",
        ])
        .args(["-Wl,--no-as-needed", "-lm", "-o"])
        .args([&wrong, &source]);
    compile(&mut command);
    let names = exported(&wrong);
    for name in ["sq_extra", "helper", "sq_data"] {
        assert!(names.contains(name), "{names:?}");
    }
    assert_eq!(dynamic(&wrong, "SONAME"), ["libwrong.so.2"]);
    assert!(dynamic(&wrong, "NEEDED").contains(&"libm.so.6".to_owned()));
    let paths = [dynamic(&wrong, "RPATH"), dynamic(&wrong, "RUNPATH")].concat();
    assert_eq!(paths, ["/tmp"]);
}
