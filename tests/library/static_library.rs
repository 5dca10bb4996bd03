//! The static library, linked into programs that have something of their own: a SQLite, Rust, another
//! copy of it, or anything by any name that it has inside (scripts/localise.sh).
#![cfg(target_os = "linux")]

use crate::support::c::{Here, check_documented, compiled_for, library, plain, root, run, scratch};
use crate::support::header;
use sequra_sandbox::{Options, Sandbox};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;
use std::{env, fs};

const C99: &[&str] = &["-std=c99", "-D_XOPEN_SOURCE=600", "-DSQ_STATIC"];

/// What the library needs of the system.
const SYSTEM: &[&str] = &["-lpthread", "-ldl", "-lm"];

/// As cargo left it, beside the shared one.
fn raw() -> PathBuf {
    library().with_extension("a")
}

/// What a host gets: made of the one of this build; and the release one where the Makefile names it.
fn archives() -> &'static [(&'static str, PathBuf)] {
    static MADE: OnceLock<Vec<(&'static str, PathBuf)>> = OnceLock::new();
    MADE.get_or_init(|| {
        let made = scratch("localised").join("libsequra_pos.a");
        let mut script = Command::new(root("scripts/localise.sh"));
        done(script.arg(raw()).arg(&made));
        let release = env::var_os("SEQURA_POS_RELEASE_LIBRARY").map(PathBuf::from);
        let release = release.map(|library| ("release", library.with_extension("a")));
        [Some(("debug", made)), release]
            .into_iter()
            .flatten()
            .collect()
    })
}

fn done(command: &mut Command) -> Output {
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {said}");
    output
}

/// Names that a library defines for others, with the letter of their kind.
fn defined(archive: &Path) -> Vec<(String, String)> {
    let listed = done(
        Command::new("nm")
            .args(["-g", "--defined-only"])
            .arg(archive),
    );
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    let words = listed
        .lines()
        .map(|line| line.split(' ').collect::<Vec<_>>());
    words
        .filter_map(|words| match words[..] {
            [_, kind, name] => Some((kind.to_owned(), name.to_owned())),
            _ => None,
        })
        .collect()
}

fn text(path: &Path) -> String {
    path.to_str().expect("the path is UTF-8").to_owned()
}

/// A program of tests/c with this archive in it.
fn linked(name: &str, archive: &Path, sources: &[&str], more: &[&str]) -> PathBuf {
    let program = scratch(&format!("program-{name}")).join(name);
    let archive = text(archive);
    let link: Vec<&str> = more
        .iter()
        .copied()
        .chain([&*archive])
        .chain(SYSTEM.iter().copied())
        .collect();
    compiled_for(&Here, &program, sources, C99, &link)
}

#[test]
fn only_the_headers_functions_can_be_seen() {
    let declared = header::read().function_names();
    for (build, archive) in archives() {
        let seen: BTreeSet<String> = defined(archive).into_iter().map(|(_, name)| name).collect();
        assert_eq!(seen, declared, "{build}");
    }
    // As cargo leaves it, much more can be.
    let raw = defined(&raw());
    let sqlites = raw.iter().filter(|(_, name)| name.starts_with("sqlite3_"));
    assert!(sqlites.count() > 100);
}

/// A host defines every name that is inside, and ends the program wherever one of them is called. Sales
/// go on as in any other program.
#[test]
fn a_host_may_have_anything_by_the_same_name() {
    let folder = scratch("host");
    let host = folder.join("host.s");
    let mut all = String::from(".text\n");
    // What is weak is the system's, and in the library only where that has none (memcpy).
    for (kind, name) in defined(&raw()) {
        if !name.starts_with("sq_") && !["W", "V", "w", "v", "u"].contains(&&*kind) {
            all += &format!(".globl \"{name}\"\n\"{name}\":\n");
        }
    }
    all += "ud2\n.section .note.GNU-stack,\"\",@progbits\n";
    fs::write(&host, all).unwrap();
    let host = text(&host);
    let sources = ["sale.c", "check.c", "system.c", &*host];
    for (build, archive) in archives() {
        let program = linked(&format!("sale-{build}"), archive, &sources, &[]);
        let sandbox = Sandbox::start(Options::default()).unwrap();
        let mut command = plain(&program);
        command.args([sandbox.http_url(), sandbox.https_url()]);
        command
            .arg(sandbox.ca_file())
            .arg(scratch(&format!("sale-{build}")));
        let told = run(command, &sandbox).unwrap_or_else(|wrong| panic!("{build}: {wrong}"));
        check_documented(&told);
    }
    // The library as cargo leaves it cannot even be linked with that.
    let mut cc = Command::new("cc");
    cc.args(["-DSQ_STATIC", "-I"])
        .arg(root("include"))
        .arg("-o")
        .arg(folder.join("wrong"));
    cc.args(["sale.c", "check.c", "system.c"].map(|source| root("tests/c").join(source)));
    cc.arg(&host).arg(raw()).args(SYSTEM);
    let output = cc.output().expect("the compiler starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        !output.status.success() && said.contains("multiple definition"),
        "{said}"
    );
}

/// Debian's SQLite, shared and static, before the library and behind it.
#[test]
fn a_host_may_have_a_sqlite_of_its_own() {
    if !Path::new("/usr/include/sqlite3.h").exists() {
        let required = env::var("SEQURA_POS_REQUIRE_SQLITE").is_ok_and(|value| value == "1");
        assert!(
            !required,
            "libsqlite3-dev is required (SEQURA_POS_REQUIRE_SQLITE=1)"
        );
        eprintln!("libsqlite3-dev is not installed: nothing is linked beside it.");
        return;
    }
    for (build, archive) in archives() {
        let archive_first = text(archive);
        for (way, more) in [
            ("shared", &["-lsqlite3"] as &[&str]),
            ("shared-behind", &[&archive_first, "-lsqlite3"]),
            ("static", &["-l:libsqlite3.a"]),
            ("static-behind", &[&archive_first, "-l:libsqlite3.a"]),
        ] {
            let name = format!("two_sqlites-{build}-{way}");
            let program = linked(
                &name,
                archive,
                &["two_sqlites.c", "check.c", "system.c"],
                more,
            );
            let sandbox = Sandbox::start(Options::default()).unwrap();
            let mut command = plain(&program);
            command.arg(sandbox.http_url()).arg(scratch(&name));
            run(command, &sandbox).unwrap_or_else(|wrong| panic!("{name}: {wrong}"));
        }
    }
}

#[test]
fn a_host_may_have_rust_of_its_own() {
    let own = scratch("own").join("libown.a");
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let mut command = Command::new(rustc);
    command.args([
        "--edition=2024",
        "--crate-type=staticlib",
        "-Cpanic=unwind",
        "-o",
    ]);
    done(command.arg(&own).arg(root("tests/c/own.rs")));
    let own = text(&own);
    for (build, archive) in archives() {
        let ours = text(archive);
        for (way, more) in [("before", [&*own].as_slice()), ("behind", &[&ours, &own])] {
            let name = format!("beside_rust-{build}-{way}");
            let program = linked(
                &name,
                archive,
                &["beside_rust.c", "check.c", "system.c"],
                more,
            );
            let sandbox = Sandbox::start(Options::default()).unwrap();
            let mut command = plain(&program);
            // Only what is built for tests panics when told to.
            let panics = *build == "debug" && cfg!(feature = "panic-on-demand");
            command
                .arg(sandbox.http_url())
                .arg(scratch(&name))
                .arg(if panics { "9001" } else { "0" });
            command.env("SEQURA_POS_PANIC_IN", "pending");
            run(command, &sandbox).unwrap_or_else(|wrong| panic!("{name}: {wrong}"));
        }
    }
}

#[test]
fn a_program_may_have_it_twice() {
    for (build, archive) in archives() {
        let name = format!("twice-{build}");
        let plugin = scratch(&format!("plugin-{build}")).join("plugin.so");
        let flags = [C99, &["-DPLUGIN", "-shared", "-fPIC"]].concat();
        let archive_text = text(archive);
        let link = [&[&*archive_text], SYSTEM].concat();
        compiled_for(&Here, &plugin, &["twice.c"], &flags, &link);
        let program = linked(&name, archive, &["twice.c", "check.c", "system.c"], &[]);
        let sandbox = Sandbox::start(Options::default()).unwrap();
        let mut command = plain(&program);
        command
            .arg(sandbox.http_url())
            .arg(scratch(&name))
            .arg(&plugin);
        run(command, &sandbox).unwrap_or_else(|wrong| panic!("{name}: {wrong}"));
    }
}
