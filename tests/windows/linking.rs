//! What the DLLs export and import, and how programs come to them: import libraries, stdcall names,
//! the version resource.

use crate::machine::{BITS_32, BITS_64, Windows};
use crate::support::c::{self, Machine, compile, compiled_for, root};
use crate::support::header;
use crate::{C89, on_both, sandbox};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

on_both! {
    the_dll_exports_the_headers_functions,
    it_imports_what_windows_7_has,
    an_import_that_windows_7_lacks_is_noticed,
    a_program_links_as_with_msvc,
    the_version_resource_can_be_read,
}

/// Runs a program in its folder; it must succeed, and say nothing.
fn must_run(windows: &'static Windows, program: &Path, arguments: &[String]) {
    let folder = program.parent().expect("it is in a folder");
    let mut command = windows.command(program, folder);
    command.args(arguments);
    c::run(command, &sandbox()).unwrap_or_else(|wrong| panic!("{wrong}"));
}

/// A program of this folder and the DLL beside it.
fn program(windows: &'static Windows, name: &str, flags: &[&str], more: &[&str]) -> PathBuf {
    let folder = windows.scratch(&format!("program-{name}"));
    let source = root("tests/windows").join(format!("{name}.c"));
    let sources = [source.to_str().expect("UTF-8"), "check.c", "system.c"];
    let link = windows.link(&folder);
    let link: Vec<&str> = link
        .iter()
        .map(String::as_str)
        .chain(more.iter().copied())
        .collect();
    let program = folder.join(windows.program(name));
    compiled_for(windows, &program, &sources, flags, &link)
}

fn the_dll_exports_the_headers_functions(windows: &'static Windows) {
    let mut wanted = header::read().function_names();
    if !windows.wide() {
        let stdcall = wanted.clone();
        wanted.extend(stdcall.iter().map(|name| name.replacen("sq_", "sqs_", 1)));
    }
    let dll = windows.built("sequra_pos.dll");
    let output = Command::new(format!("{}-objdump", windows.tools()))
        .arg("-p")
        .arg(dll)
        .output()
        .expect("binutils of mingw");
    let listed = String::from_utf8_lossy(&output.stdout);
    let (_, names) = listed
        .split_once("[Ordinal/Name Pointer] Table")
        .expect("a table of names");
    let exported: BTreeSet<String> = names
        .lines()
        .skip(1)
        .take_while(|line| !line.trim().is_empty())
        .filter_map(|line| line.split_whitespace().last().map(str::to_owned))
        .collect();
    assert_eq!(exported, wanted);
}

/// The check that both DLLs go through.
fn imports(file: &Path) -> (bool, String) {
    let output = Command::new("python3")
        .arg(root("scripts/imports.py"))
        .arg("--allowed")
        .arg(root("tests/windows/imports.txt"))
        .arg(file)
        .output()
        .expect("Python");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.success(), said)
}

fn it_imports_what_windows_7_has(windows: &'static Windows) {
    for file in [
        "sequra_pos.dll",
        "sequra.exe",
        "sequra-forward.exe",
        "sequra-sandbox.exe",
    ] {
        let (allowed, said) = imports(&windows.built(file));
        assert!(allowed, "{said}");
    }
}

/// DLLs with the three mistakes that are made: a function of Windows 8, one of Windows 10 (both are in
/// what Rust builds for x86_64-pc-windows-gnu), the compiler's own DLL.
fn an_import_that_windows_7_lacks_is_noticed(windows: &'static Windows) {
    let folder = windows.scratch("wrong_imports");
    let unwinds = "void *_Unwind_FindEnclosingFunction(void *);\n\
         __declspec(dllexport) void *f(void *p) { return _Unwind_FindEnclosingFunction(p); }\n";
    let wait = "#include <windows.h>\n\
         __declspec(dllexport) int f(void *p) { return WaitOnAddress(p, p, 1, 0); }\n";
    let random = "int __stdcall ProcessPrng(unsigned char *, unsigned);\n\
         __declspec(dllexport) int f(unsigned char *p) { return ProcessPrng(p, 1); }\n";
    let library = folder.join("prng.lib");
    let definition = folder.join("prng.def");
    let names = windows.definition("bcryptprimitives.dll", &[("ProcessPrng", 8)]);
    fs::write(&definition, names).unwrap();
    compile(
        Command::new(format!("{}-dlltool", windows.tools()))
            .args(["-k", "-d"])
            .arg(&definition)
            .arg("-l")
            .arg(&library),
    );
    let library = library.display().to_string();
    for (name, code, link, wanted) in [
        (
            "wait",
            wait,
            "-lsynchronization",
            "WaitOnAddress of api-ms-win-core-synch",
        ),
        (
            "random",
            random,
            library.as_str(),
            "ProcessPrng of bcryptprimitives.dll",
        ),
        ("unwind", unwinds, "-shared-libgcc", "of libgcc_s"),
    ] {
        let source = folder.join(format!("{name}.c"));
        let dll = folder.join(format!("{name}.dll"));
        fs::write(&source, code).unwrap();
        compile(
            Command::new(format!("{}-gcc-posix", windows.tools()))
                .args(["-shared", "-D_WIN32_WINNT=0x0602", "-o"])
                .args([&dll, &source])
                .arg(link),
        );
        let (allowed, said) = imports(&dll);
        assert!(!allowed && said.contains(wanted), "{name}: {said:?}");
    }
}

/// MSVC's own compiler and linker are not here: clang and lld-link take their place, with their
/// conventions and without mingw's libraries.
fn a_program_links_as_with_msvc(windows: &'static Windows) {
    let folder = windows.scratch("msvc");
    let (target, machine) = match windows.wide() {
        true => ("x86_64-pc-windows-msvc", "i386:x86-64"),
        false => ("i686-pc-windows-msvc", "i386"),
    };
    let system = folder.join("kernel32.lib");
    let definition = folder.join("kernel32.def");
    let names = [("ExitProcess", 4), ("GetStdHandle", 4), ("WriteFile", 20)];
    fs::write(&definition, windows.definition("kernel32.dll", &names)).expect("a definition");
    compile(
        Command::new("llvm-dlltool")
            .args(["-k", "-m", machine, "-D", "kernel32.dll", "-d"])
            .arg(&definition)
            .arg("-l")
            .arg(&system),
    );
    let object = folder.join("msvc.obj");
    compile(
        Command::new("clang")
            .arg(format!("--target={target}"))
            .args([
                "-ffreestanding",
                "-nostdlibinc",
                "-Wall",
                "-Wextra",
                "-Werror",
                "-c",
                "-I",
            ])
            .arg(root("include"))
            .arg(root("tests/windows/msvc.c"))
            .arg("-o")
            .arg(&object),
    );
    let program = folder.join("msvc.exe");
    compile(
        Command::new("lld-link")
            .args([
                "/nodefaultlib",
                "/entry:start",
                "/subsystem:console",
                "/safeseh:no",
            ])
            .arg(format!("/out:{}", program.display()))
            .args([&object, &windows.built("sequra_pos.lib"), &system]),
    );
    fs::copy(
        windows.built("sequra_pos.dll"),
        folder.join("sequra_pos.dll"),
    )
    .expect("a DLL");
    must_run(windows, &program, &[]);
}

fn the_version_resource_can_be_read(windows: &'static Windows) {
    let program = program(windows, "version", C89, &["-lversion"]);
    must_run(windows, &program, &[env!("CARGO_PKG_VERSION").to_owned()]);
}

/// Each function once more, with the convention of VB6.
#[test]
#[ignore = "needs wine: make test-windows"]
fn every_function_has_a_stdcall_name() {
    let windows = &BITS_32;
    let folder = windows.scratch("every");
    let mut every = String::new();
    for function in header::read().functions {
        let prototype = function.prototype.replace("SQ_API ", "");
        let (result, rest) = prototype.split_once("SQ_CALL ").expect("a convention");
        let (_, parameters) = rest.split_once('(').expect("parameters");
        let parameters = parameters.trim_end().trim_end_matches(')');
        let zeros = match parameters {
            "void" => String::new(),
            list => vec!["0"; list.split(',').count()].join(", "),
        };
        let name = function.name.replacen("sq_", "sqs_", 1);
        every += &format!("EACH({name}, {result}, ({parameters}), ({zeros}))\n");
    }
    fs::write(folder.join("every.h"), every).expect("a list");
    let include = format!("-I{}", folder.display());
    let program = program(windows, "stdcall", &["-std=c89", &include], &[]);
    let sandbox = sandbox();
    sandbox.rules(|rules| rules.confirm_requires_approval = false);
    let mut command = windows.command(&program, program.parent().expect("a folder"));
    command.arg(sandbox.http_url());
    c::run(command, &sandbox).unwrap_or_else(|wrong| panic!("{wrong}"));
    let settled = sandbox.orders();
    let references: BTreeSet<_> = settled
        .iter()
        .filter_map(|order| order.order_ref_1.clone())
        .collect();
    assert_eq!(references.len(), 4, "{references:?}");
}
