//! C programs, compiled with the C compiler, linked against the shared library, and run: plain, and
//! then under Valgrind. What they do is in tests/c; what they ask for is done in tests/support/c.rs.
#![cfg(target_os = "linux")]

mod support;

use sequra_sandbox::Sandbox;
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;
use std::{env, fs};
use support::c::{
    Here, check_documented, compile, compiled_for, compiler, finds_library, library,
    library_folder, plain, program, root, run_twice, scratch, valgrind,
};
use support::header::{self, identifiers, without_comments};

const C89: &[&str] = &["-std=c89"];
/// C89 with what POSIX adds.
const POSIX: &[&str] = &["-std=c89", "-D_XOPEN_SOURCE=600"];

fn unchanged(_: &Sandbox) {}

fn text(path: &Path) -> String {
    path.to_str().expect("the path is UTF-8").to_owned()
}

fn folder(name: &str, run: &str) -> String {
    text(&scratch(&format!("{name}-{run}")))
}

#[test]
fn every_macro_means_what_the_library_means() {
    let source = without_comments(&fs::read_to_string(root("tests/c/macros.c")).unwrap());
    let named: BTreeSet<&str> = identifiers(&source).collect();
    for found in header::read().macros {
        assert!(
            named.contains(found.name.as_str()),
            "tests/c/macros.c does not check {}",
            found.name
        );
    }
    for (name, flags) in [
        ("macros", C89),
        ("macros-c11", &["-std=c11"]),
        ("macros-c++98", &["-std=c++98", "-x", "c++"]),
    ] {
        let program = program(name, &["macros.c", "check.c", "system.c"], flags);
        run_twice(&program, &unchanged, &|_, _| Vec::new());
    }
}

#[test]
fn every_function_can_be_called_wrongly() {
    let names = header::read().function_names();
    let source = without_comments(&fs::read_to_string(root("tests/c/wrong_calls.c")).unwrap());
    let named: BTreeSet<&str> = identifiers(&source).collect();
    for name in &names {
        assert!(
            named.contains(name.as_str()),
            "tests/c/wrong_calls.c never calls {name}"
        );
    }
    let program = program(
        "wrong_calls",
        &["wrong_calls.c", "check.c", "system.c"],
        POSIX,
    );
    let told = run_twice(&program, &unchanged, &|run, sandbox| {
        vec![sandbox.http_url().to_owned(), folder("wrong_calls", run)]
    });
    assert_eq!(told.covered, names, "the table of wrong_calls.c");
    check_documented(&told);
}

#[test]
fn sales_go_well_and_badly() {
    let program = program("sale", &["sale.c", "check.c", "system.c"], C89);
    let told = run_twice(&program, &unchanged, &|run, sandbox| {
        vec![
            sandbox.http_url().to_owned(),
            sandbox.https_url().to_owned(),
            text(sandbox.ca_file()),
            folder("sale", run),
        ]
    });
    check_documented(&told);
}

#[test]
fn many_threads_share_a_client() {
    let program = program("threads", &["threads.c", "check.c", "system.c"], POSIX);
    // A thread does not wait for a shopper.
    let prepare =
        |sandbox: &Sandbox| sandbox.rules(|rules| rules.confirm_requires_approval = false);
    run_twice(&program, &prepare, &|run, sandbox| {
        let speed = if run == "plain" { "fast" } else { "slow" };
        vec![
            sandbox.http_url().to_owned(),
            folder("threads", run),
            speed.to_owned(),
        ]
    });
}

/// Threads with a small stack, cancelled threads, forked processes.
#[test]
fn hosts_do_with_threads_and_processes_what_they_like() {
    /// What docs/ownership-and-threads.md promises of the shipped library, KiB.
    const SMALL: &str = "64";
    /// As much for one that is not optimised.
    const NOT_OPTIMISED: &str = "256";
    let program = program("host", &["host.c", "check.c", "system.c"], POSIX);
    let prepare =
        |sandbox: &Sandbox| sandbox.rules(|rules| rules.confirm_requires_approval = false);
    let arguments = |run: &str, stack: &str, sandbox: &Sandbox| {
        vec![
            sandbox.http_url().to_owned(),
            sandbox.https_url().to_owned(),
            text(sandbox.ca_file()),
            folder("host", run),
            stack.to_owned(),
            (if run == "valgrind" { "-" } else { "forks" }).to_owned(),
        ]
    };
    let told = run_twice(&program, &prepare, &|run, sandbox| {
        arguments(run, NOT_OPTIMISED, sandbox)
    });
    check_documented(&told);
    let Some(release) = env::var_os("SEQURA_POS_RELEASE_LIBRARY") else {
        eprintln!(
            "SEQURA_POS_RELEASE_LIBRARY names no release library: its stack is not measured."
        );
        return;
    };
    let sandbox = Sandbox::start(sequra_sandbox::Options::default()).unwrap();
    prepare(&sandbox);
    let mut command = plain(&program);
    command
        .env("LD_PRELOAD", release)
        .args(arguments("release", SMALL, &sandbox));
    support::c::run(command, &sandbox).unwrap_or_else(|wrong| panic!("{wrong}"));
}

/// Without Valgrind, which has memory of its own.
#[test]
fn a_secret_stays_with_those_whom_it_is_for() {
    let program = program("secrets", &["secrets.c", "check.c", "system.c"], POSIX);
    let run = |name: &str, library: Option<OsString>| {
        let sandbox = Sandbox::start(sequra_sandbox::Options::default()).unwrap();
        let mut command = plain(&program);
        command
            .envs(library.map(|library| ("LD_PRELOAD", library)))
            .args([
                sandbox.http_url().to_owned(),
                sandbox.https_url().to_owned(),
                text(sandbox.ca_file()),
                folder("secrets", name),
            ]);
        support::c::run(command, &sandbox).unwrap_or_else(|wrong| panic!("{wrong}"))
    };
    check_documented(&run("plain", None));
    // What is optimised leaves behind other things.
    if let Some(release) = env::var_os("SEQURA_POS_RELEASE_LIBRARY") {
        run("release", Some(release));
    }
}

#[test]
fn the_library_can_be_loaded_again_and_again() {
    const TIMES: u64 = 20;
    // What the library keeps for its whole life (handle tables, the panic hook) is small, and goes
    // with the process; Rust has no destructors for statics.
    const KEPT_PER_LOAD: u64 = 512;
    let program = compiled_for(
        &Here,
        &scratch("program-reload").join("reload"),
        &["reload.c", "system.c"],
        POSIX,
        &["-lpthread", "-ldl"],
    );
    let sandbox = Sandbox::start(sequra_sandbox::Options::default()).unwrap();
    let run = |mut command: Command, library: &Path, name: &str| {
        let config = serde_json::json!({
            "base_url": sandbox.http_url(),
            "account_key": "sandbox_key",
            "account_secret": "sandbox_secret",
            "merchant_id": "shop_es",
            "journal": format!("{}/reload.journal", folder("reload", name)),
        });
        command.args([text(library), config.to_string()]);
        support::c::run(command, &sandbox).unwrap_or_else(|wrong| panic!("{wrong}"));
    };
    run(plain(&program), &library(), "plain");
    // The shipped one reads numbers in another way than one that is built with the tests' crates.
    if let Some(release) = env::var_os("SEQURA_POS_RELEASE_LIBRARY") {
        run(plain(&program), Path::new(&release), "release");
    }
    if valgrind().is_some() {
        let log = scratch("reload-log").join("valgrind.log");
        let mut command = Command::new("valgrind");
        command
            .args(["--error-exitcode=99", "--leak-check=summary"])
            .args(["--errors-for-leak-kinds=none", "--fair-sched=try"])
            .arg(format!("--log-file={}", log.display()))
            .arg(&program);
        run(command, &library(), "valgrind");
        let log = fs::read_to_string(log).unwrap();
        let lost: u64 = ["definitely lost:", "indirectly lost:", "possibly lost:"]
            .iter()
            .map(|kind| match log.split_once(kind) {
                Some((_, after)) => {
                    let number = after.split_whitespace().next().unwrap_or_default();
                    number
                        .replace(',', "")
                        .parse::<u64>()
                        .expect("a number of bytes")
                }
                None => 0,
            })
            .sum();
        assert!(log.contains("HEAP SUMMARY"), "{log}");
        assert!(lost <= TIMES * KEPT_PER_LOAD, "{log}");
    }
}

/// Cargo puts folders with libraries of earlier builds into `LD_LIBRARY_PATH`; none of them is tested.
#[test]
fn the_library_of_this_build_is_tested() {
    let decoy = scratch("decoy");
    symlink(library(), decoy.join("libsequra_pos.so.1")).unwrap();
    let output = Command::new(program("which", &["macros.c", "check.c", "system.c"], C89))
        .env("LD_LIBRARY_PATH", decoy)
        .env("LD_TRACE_LOADED_OBJECTS", "1")
        .output()
        .unwrap();
    let loaded = String::from_utf8_lossy(&output.stdout);
    let wanted = text(&library_folder().join("libsequra_pos.so.1"));
    assert!(
        loaded.contains(&wanted),
        "{wanted} is not loaded:\n{loaded}"
    );
}

/// The checks of tests/c can fail: a program with an error of each kind does.
#[test]
fn a_wrong_program_is_noticed() {
    let folder = scratch("wrong-programs");
    let cases = [
        (
            "check",
            "CHECK(sq_abi_version() == 7);",
            "",
            "sq_abi_version() == 7",
        ),
        (
            "status",
            "CALL(SQ_OK, sq_client_close, ((sq_client *)(void *)&folder));",
            "",
            "sq_client_close",
        ),
        (
            "handle",
            "CALL(SQ_OK, sq_echo, (NULL, \"x\", &kept));",
            "",
            "sq_live_handles() == 0",
        ),
        (
            "print",
            "printf(\"hello\\n\");",
            "",
            "unexpected on stdout: hello",
        ),
        (
            "leak",
            "folder[0] = (char *)malloc(7); folder[0] = NULL;",
            "valgrind",
            "definitely lost",
        ),
        (
            "overrun",
            "folder[0] = (char *)malloc(7); CHECK(folder[0][7] != 8); free(folder[0]);",
            "valgrind",
            "Invalid read",
        ),
    ];
    for (name, line, under, wanted) in cases {
        let source = folder.join(format!("{name}.c"));
        let program = folder.join(name);
        let code = format!(
            "#include \"check.h\"\n#include <stdio.h>\n#include <stdlib.h>\n\
             int main(void)\n{{\nstatic char *folder[1];\nstatic sq_buffer *kept;\n\
             (void)folder;\n(void)kept;\n{line}\nreturn finish();\n}}\n"
        );
        fs::write(&source, code).unwrap();
        let built = library();
        compile(
            compiler(false)
                .args(["-std=c89", "-g", "-I"])
                .arg(root("include"))
                .arg("-I")
                .arg(root("tests/c"))
                .arg("-o")
                .arg(&program)
                .args([&source, &root("tests/c/check.c")])
                .args([&root("tests/c/system.c"), &built])
                .arg(finds_library()),
        );
        let command = match under {
            "valgrind" => match valgrind() {
                Some(mut valgrind) => {
                    valgrind.arg(&program);
                    valgrind
                }
                None => continue,
            },
            _ => plain(&program),
        };
        let sandbox = Sandbox::start(sequra_sandbox::Options::default()).unwrap();
        let said = support::c::run(command, &sandbox)
            .err()
            .unwrap_or_else(|| panic!("nobody noticed the program \"{name}\""));
        assert!(said.contains(wanted), "{name}: {said}");
    }
}
