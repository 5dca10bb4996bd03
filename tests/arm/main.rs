//! The libraries for Linux on ARM, 64 and 32 bits, under qemu: what tests/c and bindings/c hold for the library here
//! must hold there too, and a journal is one on all of them. `make test-arm` builds and runs this.
#![cfg(target_os = "linux")]

mod bindings;
mod journals;
mod machine;
#[path = "../support/mod.rs"]
mod support;
mod tills;

use machine::{Arm, BITS_32, BITS_64};
use support::c::{self, Machine, compile, compiled_for, program_for};
use support::suite::{self, *};

/// Each of these functions is a test on both machines.
macro_rules! on_both {
    ($($(#[$about:meta])* $name:ident),+ $(,)?) => {
        mod bits_64 {
            $(
                $(#[$about])*
                #[test]
                #[ignore = "needs qemu: make test-arm"]
                fn $name() {
                    super::$name(&super::BITS_64);
                }
            )+
        }
        mod bits_32 {
            $(
                $(#[$about])*
                #[test]
                #[ignore = "needs qemu: make test-arm"]
                fn $name() {
                    super::$name(&super::BITS_32);
                }
            )+
        }
    };
}
use on_both;

on_both! {
    every_macro_means_what_the_library_means,
    every_function_can_be_called_wrongly,
    sales_go_well_and_badly,
    names_of_files_may_have_accents_and_spaces,
    many_threads_share_a_client,
    hosts_do_with_threads_and_processes_what_they_like,
    the_library_can_be_loaded_again_and_again,
    the_static_library_may_be_there_twice,
    a_wrong_program_is_noticed,
}

/// Threads with a small stack, cancelled threads, forked processes.
fn hosts_do_with_threads_and_processes_what_they_like(arm: &'static Arm) {
    // What docs/ownership-and-threads.md promises, KiB; on 64 bits the C library gives no thread less than 128.
    let small = if arm.wide() { "128" } else { "64" };
    let sources = ["host.c", "check.c", "system.c"];
    let program = program_for(arm, "host", &sources, arm.standard());
    let sandbox = sandbox();
    sandbox.rules(|rules| rules.confirm_requires_approval = false);
    let folder = arm.scratch("host");
    let mut command = arm.command(&program, &folder);
    command.args([sandbox.http_url(), sandbox.https_url()]);
    command.arg(sandbox.ca_file()).arg(&folder);
    command.args([small, "forks"]);
    let told = c::run(command, &sandbox).unwrap_or_else(|wrong| panic!("{wrong}"));
    c::check_documented(&told);
}

fn the_library_can_be_loaded_again_and_again(arm: &'static Arm) {
    let link = ["-lpthread", "-ldl"];
    suite::it_can_be_loaded_again_and_again(arm, &arm.library(), &link);
}

/// Once in a program, and once more in what that loads.
fn the_static_library_may_be_there_twice(arm: &'static Arm) {
    let archive = arm.path(&arm.prefix().join("lib/libsequra_pos.a"));
    let link = [archive.as_str(), "-lpthread", "-ldl", "-lm"];
    let flags = ["-std=c99", "-D_XOPEN_SOURCE=600", "-DSQ_STATIC"];
    let folder = arm.scratch("twice");
    let plugin = folder.join("plugin.so");
    let of_plugin = [&flags[..], &["-DPLUGIN", "-shared", "-fPIC"]].concat();
    compiled_for(arm, &plugin, &["twice.c"], &of_plugin, &link);
    let sources = ["twice.c", "check.c", "system.c"];
    let program = compiled_for(arm, &folder.join("twice"), &sources, &flags, &link);
    let sandbox = sandbox();
    let mut command = arm.command(&program, &folder);
    command.arg(sandbox.http_url()).arg(&folder).arg(&plugin);
    c::run(command, &sandbox).unwrap_or_else(|wrong| panic!("{wrong}"));
}

/// What goes wrong under qemu is seen here: a check that fails, and a crash.
fn a_wrong_program_is_noticed(arm: &'static Arm) {
    let folder = arm.scratch("wrong");
    for (name, does, noticed) in [
        (
            "check",
            "CHECK(sq_abi_version() == 7);",
            "sq_abi_version() == 7",
        ),
        (
            "crash",
            "sq_buffer_text((sq_buffer *)1); *(volatile int *)0 = 1;",
            "signal: 11",
        ),
    ] {
        let source = folder.join(format!("{name}.c"));
        let code =
            format!("#include \"check.h\"\nint main(void)\n{{\n{does}\nreturn finish();\n}}\n");
        std::fs::write(&source, code).expect("a source");
        let program = folder.join(name);
        compile(
            arm.compiler(false)
                .args(arm.standard())
                .arg("-I")
                .arg(c::root("include"))
                .arg("-I")
                .arg(c::root("tests/c"))
                .arg("-o")
                .arg(&program)
                .arg(&source)
                .args(["check.c", "system.c"].map(|one| c::root("tests/c").join(one)))
                .args(arm.link(&folder)),
        );
        let said = c::run(arm.command(&program, &folder), &sandbox())
            .err()
            .unwrap_or_else(|| panic!("nobody noticed the program \"{name}\""));
        assert!(said.contains(noticed), "{name}: {said}");
    }
}
