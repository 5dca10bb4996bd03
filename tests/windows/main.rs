//! The DLLs, 64-bit and 32-bit, under wine: what tests/c and bindings/c hold for the library here must
//! hold there too, and then what is Windows' own. `make test-windows` builds and runs this.
#![cfg(target_os = "linux")]

mod console;
mod csharp;
mod linking;
mod machine;
#[path = "../support/mod.rs"]
mod support;
mod tills;

use machine::{BITS_32, BITS_64, Windows};
use sequra_sandbox::{Options, Sandbox};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use support::c::{self, Machine, check_documented, compiled_for, program_for};
use support::header;

/// Each of these functions is a test on both machines.
macro_rules! on_both {
    ($($(#[$about:meta])* $name:ident),+ $(,)?) => {
        mod bits_64 {
            $(
                $(#[$about])*
                #[test]
                #[ignore = "needs wine: make test-windows"]
                fn $name() {
                    super::$name(&super::BITS_64);
                }
            )+
        }
        mod bits_32 {
            $(
                $(#[$about])*
                #[test]
                #[ignore = "needs wine: make test-windows"]
                fn $name() {
                    super::$name(&super::BITS_32);
                }
            )+
        }
    };
}
use on_both;

on_both! {
    every_macro_means_what_the_dll_means,
    every_function_can_be_called_wrongly,
    sales_go_well_and_badly,
    names_of_files_may_have_accents_and_spaces,
    names_of_files_may_be_long,
    many_threads_share_a_client,
    the_dll_can_be_loaded_again_and_again,
}

const C89: &[&str] = &["-std=c89"];

fn sandbox() -> Sandbox {
    Sandbox::start(Options::default()).expect("a simulator")
}

/// In ASCII, as it can stand between the quotes of any JSON, whatever Windows makes of arguments.
fn for_json(text: &str) -> String {
    let escaped = |unit: u16| match u8::try_from(unit) {
        Ok(byte) if byte.is_ascii() => char::from(byte).to_string(),
        _ => format!("\\u{unit:04x}"),
    };
    text.encode_utf16().map(escaped).collect()
}

/// Compiles a program of tests/c and runs it.
fn runs(windows: &'static Windows, name: &str, sandbox: &Sandbox, arguments: &[String]) -> c::Told {
    let source = format!("{name}.c");
    let sources = [source.as_str(), "check.c", "system.c"];
    let program = program_for(windows, name, &sources, C89);
    let folder = program.parent().expect("it is in a folder");
    let mut command = windows.command(&program, folder);
    command.args(arguments);
    c::run(command, sandbox).unwrap_or_else(|wrong| panic!("{name}: {wrong}"))
}

fn every_macro_means_what_the_dll_means(windows: &'static Windows) {
    runs(windows, "macros", &sandbox(), &[]);
}

fn every_function_can_be_called_wrongly(windows: &'static Windows) {
    let sandbox = sandbox();
    let folder = windows.path(&windows.scratch("wrong_calls"));
    let arguments = [sandbox.http_url().to_owned(), folder];
    let told = runs(windows, "wrong_calls", &sandbox, &arguments);
    assert_eq!(told.covered, header::read().function_names());
    check_documented(&told);
}

fn sales_go_well_and_badly(windows: &'static Windows) {
    sells_in(windows, &windows.scratch("sale"));
}

/// The sales of tests/c, among them those of a till in Windows-1252, with the journals in this folder.
fn sells_in(windows: &'static Windows, folder: &Path) {
    let sandbox = sandbox();
    fs::copy(sandbox.ca_file(), folder.join("ca.pem")).expect("a certificate");
    let path = for_json(&windows.path(folder));
    let arguments = [
        sandbox.http_url().to_owned(),
        sandbox.https_url().to_owned(),
        format!("{path}/ca.pem"),
        path,
    ];
    check_documented(&runs(windows, "sale", &sandbox, &arguments));
    let there: BTreeSet<String> = fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| {
            entry
                .expect("a file")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    for journal in [
        "till.journal",
        "other.journal",
        "Caj\u{f3}n n\u{ba} 1.journal",
    ] {
        assert!(there.contains(journal), "no {journal}: {there:?}");
    }
}

fn names_of_files_may_have_accents_and_spaces(windows: &'static Windows) {
    let folder = windows
        .scratch("accents")
        .join("Caja n\u{ba} 1, \u{c1}vila")
        .join("Espa\u{f1}a \u{20ac} \u{4f60}\u{597d}");
    fs::create_dir_all(&folder).expect("a folder");
    sells_in(windows, &folder);
}

fn names_of_files_may_be_long(windows: &'static Windows) {
    // Windows' own limit is 259 characters, with all that stands behind a journal's name.
    const LONG: usize = 205;
    let mut folder = windows.scratch("long");
    let missing = LONG - windows.path(&folder).chars().count();
    folder.push("l".repeat(missing - 1));
    fs::create_dir_all(&folder).expect("a folder");
    assert!(windows.path(&folder).chars().count() >= LONG);
    sells_in(windows, &folder);
}

fn many_threads_share_a_client(windows: &'static Windows) {
    let sandbox = sandbox();
    // A thread does not wait for a shopper.
    sandbox.rules(|rules| rules.confirm_requires_approval = false);
    let folder = windows.path(&windows.scratch("threads"));
    let arguments = [sandbox.http_url().to_owned(), folder, "slow".to_owned()];
    runs(windows, "threads", &sandbox, &arguments);
}

fn the_dll_can_be_loaded_again_and_again(windows: &'static Windows) {
    let folder = windows.scratch("reload");
    let dll = folder.join("sequra_pos.dll");
    fs::copy(windows.built("sequra_pos.dll"), &dll).expect("a DLL");
    let sources = ["reload.c", "system.c"];
    let link = ["-lpthread", "-lpsapi"];
    let program = compiled_for(windows, &folder.join("reload.exe"), &sources, C89, &link);
    let sandbox = sandbox();
    let config = serde_json::json!({
        "base_url": sandbox.http_url(),
        "account_key": "sandbox_key",
        "account_secret": "sandbox_secret",
        "merchant_id": "shop_es",
        "journal": format!("{}/reload.journal", windows.path(&folder)),
    });
    let mut command = windows.command(&program, &folder);
    command.args([windows.path(&dll), config.to_string()]);
    c::run(command, &sandbox).unwrap_or_else(|wrong| panic!("{wrong}"));
}
