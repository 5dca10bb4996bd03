//! C programs, compiled with the C compiler, linked against the shared library, and run: plain, and
//! then under Valgrind. What they do is in tests/c; what they ask for is done in tests/support/c.rs.
#![cfg(target_os = "linux")]

use crate::support::c::{
    Here, check_documented, compile, compiled_for, compiler, finds_library, library,
    library_folder, plain, program, root, run_twice, scratch, valgrind,
};
use crate::support::header::{self, identifiers, without_comments};
use sequra_sandbox::Sandbox;
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

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
        .env("LD_PRELOAD", crate::support::c::preloaded(release))
        .args(arguments("release", SMALL, &sandbox));
    crate::support::c::run(command, &sandbox).unwrap_or_else(|wrong| panic!("{wrong}"));
}

/// Without Valgrind and sanitizers, which have memory of their own: the program reads all that there is.
#[test]
fn a_secret_stays_with_those_whom_it_is_for() {
    if crate::support::c::sanitizer().is_some() {
        return;
    }
    let program = program("secrets", &["secrets.c", "check.c", "system.c"], POSIX);
    let run = |name: &str, library: Option<OsString>| {
        let sandbox = Sandbox::start(sequra_sandbox::Options::default()).unwrap();
        let mut command = plain(&program);
        command
            .envs(library.map(|library| ("LD_PRELOAD", crate::support::c::preloaded(library))))
            .args([
                sandbox.http_url().to_owned(),
                sandbox.https_url().to_owned(),
                text(sandbox.ca_file()),
                folder("secrets", name),
            ]);
        crate::support::c::run(command, &sandbox).unwrap_or_else(|wrong| panic!("{wrong}"))
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
        crate::support::c::run(command, &sandbox).unwrap_or_else(|wrong| panic!("{wrong}"));
    };
    let mut command = plain(&program);
    // What is kept is counted below; and a library that is gone has no names that could be suppressed.
    let mut options = env::var("ASAN_OPTIONS").unwrap_or_default();
    options.push_str(":detect_leaks=0");
    command.env("ASAN_OPTIONS", options);
    run(command, &library(), "plain");
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

/// A program that is wrong: its name, what it does, and what is said about it.
struct Wrong {
    name: &'static str,
    /// On a buffer `kept` and other variables of its own; under ThreadSanitizer two threads do it.
    does: &'static str,
    noticed: Noticed,
}

/// By whom, and in which words.
enum Noticed {
    ByItself(&'static str),
    /// Valgrind's words, and AddressSanitizer's.
    InMemory(&'static str, &'static str),
    /// ThreadSanitizer's.
    BetweenThreads(&'static str),
}

const WRONG: &[Wrong] = &[
    Wrong {
        name: "check",
        does: "CHECK(sq_abi_version() == 7);",
        noticed: Noticed::ByItself("sq_abi_version() == 7"),
    },
    Wrong {
        name: "status",
        does: "CALL(SQ_OK, sq_client_close, ((sq_client *)(void *)&place));",
        noticed: Noticed::ByItself("sq_client_close"),
    },
    Wrong {
        name: "handle",
        does: "CALL(SQ_OK, sq_echo, (NULL, \"x\", &kept));",
        noticed: Noticed::ByItself("sq_live_handles() == 0"),
    },
    Wrong {
        name: "print",
        does: "printf(\"hello\\n\");",
        noticed: Noticed::ByItself("unexpected on stdout: hello"),
    },
    Wrong {
        name: "leak",
        does: "place = (char *)malloc(7); place = NULL;",
        noticed: Noticed::InMemory("definitely lost", "detected memory leaks"),
    },
    Wrong {
        name: "overrun",
        does: "place = (char *)malloc(7); CHECK(place[7] != 8); free(place);",
        noticed: Noticed::InMemory("Invalid read", "heap-buffer-overflow"),
    },
    // What the library has given, and taken back.
    Wrong {
        name: "freed",
        does: "CALL(SQ_OK, sq_echo, (NULL, \"x\", &kept)); text = sq_buffer_text(kept); sq_buffer_free(kept); \
               CHECK(text[0] == '{');",
        noticed: Noticed::InMemory("Invalid read", "heap-use-after-free"),
    },
    // By the library's own code: the place for a length is too small.
    Wrong {
        name: "inside",
        does: "CALL(SQ_OK, sq_echo, (NULL, \"x\", &kept)); place = (char *)malloc(2); memset(place, 0, 2); \
               sq_buffer_get(kept, \"/code\", NULL, (uint32_t *)(void *)place); sq_buffer_free(kept); free(place);",
        noticed: Noticed::InMemory("Invalid write", "heap-buffer-overflow"),
    },
    // One place for the results of two threads: written by the library's own code.
    Wrong {
        name: "shared",
        does: "for (i = 0; i < 1000; i++) { sq_echo(NULL, \"x\", &kept); \
               sq_buffer_get(kept, \"/code\", NULL, &room); sq_buffer_free(kept); }",
        noticed: Noticed::BetweenThreads("data race"),
    },
];

/// The checks of tests/c can fail: a program with an error of each kind does, and so Valgrind and the
/// sanitizers are seen to look.
#[test]
fn a_wrong_program_is_noticed() {
    let folder = scratch("wrong-programs");
    for wrong in WRONG {
        let sanitizer = crate::support::c::sanitizer();
        let (under, wanted) = match (&wrong.noticed, sanitizer) {
            (Noticed::ByItself(words), _) => (None, words),
            (Noticed::InMemory(_, words), Some("address")) => (None, words),
            (Noticed::InMemory(words, _), None) => match valgrind() {
                Some(valgrind) => (Some(valgrind), words),
                None => continue,
            },
            (Noticed::BetweenThreads(words), Some("thread")) => (None, words),
            _ => continue,
        };
        let program = wrong_program(&folder, wrong);
        let mut command = match under {
            Some(mut valgrind) => {
                valgrind.arg(&program);
                valgrind
            }
            None => plain(&program),
        };
        // It is told here, and nowhere else.
        for options in ["ASAN_OPTIONS", "TSAN_OPTIONS"] {
            command.env_remove(options);
        }
        let sandbox = Sandbox::start(sequra_sandbox::Options::default()).unwrap();
        let said = crate::support::c::run(command, &sandbox)
            .err()
            .unwrap_or_else(|| panic!("nobody noticed the program \"{}\"", wrong.name));
        assert!(said.contains(wanted), "{}: {said}", wrong.name);
    }
}

fn wrong_program(folder: &Path, wrong: &Wrong) -> PathBuf {
    let (source, program) = (
        folder.join(format!("{}.c", wrong.name)),
        folder.join(wrong.name),
    );
    let main = match wrong.noticed {
        Noticed::BetweenThreads(_) => {
            "pthread_t other;\npthread_create(&other, NULL, act, NULL);\nact(NULL);\npthread_join(other, NULL);"
        }
        _ => "act(NULL);",
    };
    let code = format!(
        "#include \"check.h\"\n#include <pthread.h>\n#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n\
         static char *place;\nstatic uint32_t room;\n\
         static void *act(void *unused)\n{{\nsq_buffer *kept = NULL;\nconst char *text = NULL;\nint i = 0;\n\
         (void)unused;\n(void)kept;\n(void)text;\n(void)i;\n(void)place;\n(void)room;\n{}\nreturn NULL;\n}}\n\
         int main(void)\n{{\n{main}\nreturn finish();\n}}\n",
        wrong.does
    );
    fs::write(&source, code).unwrap();
    compile(
        compiler(false)
            .args(POSIX)
            .args(["-g", "-I"])
            .arg(root("include"))
            .arg("-I")
            .arg(root("tests/c"))
            .arg("-o")
            .arg(&program)
            .args([&source, &root("tests/c/check.c")])
            .args([&root("tests/c/system.c"), &library()])
            .args([finds_library().as_str(), "-lpthread"]),
    );
    program
}
