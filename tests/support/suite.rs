//! What the programs of tests/c hold for the library on every machine.

use super::c::{self, Machine, check_documented, compiled_for, program_for};
use super::header;
use sequra_sandbox::{Options, Sandbox};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

pub fn sandbox() -> Sandbox {
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
fn runs(machine: &dyn Machine, name: &str, sandbox: &Sandbox, arguments: &[String]) -> c::Told {
    let source = format!("{name}.c");
    let sources = [source.as_str(), "check.c", "system.c"];
    let program = program_for(machine, name, &sources, machine.standard());
    let folder = program.parent().expect("it is in a folder");
    let mut command = machine.command(&program, folder);
    command.args(arguments);
    c::run(command, sandbox).unwrap_or_else(|wrong| panic!("{name}: {wrong}"))
}

pub fn every_macro_means_what_the_library_means(machine: &dyn Machine) {
    runs(machine, "macros", &sandbox(), &[]);
}

pub fn every_function_can_be_called_wrongly(machine: &dyn Machine) {
    let sandbox = sandbox();
    let folder = machine.path(&machine.scratch("wrong_calls"));
    let arguments = [sandbox.http_url().to_owned(), folder];
    let told = runs(machine, "wrong_calls", &sandbox, &arguments);
    assert_eq!(told.covered, header::read().function_names());
    check_documented(&told);
}

pub fn sales_go_well_and_badly(machine: &dyn Machine) {
    sells_in(machine, &machine.scratch("sale"));
}

/// The sales of tests/c, among them those of a till in Windows-1252, with the journals in this folder.
fn sells_in(machine: &dyn Machine, folder: &Path) {
    let sandbox = sandbox();
    fs::copy(sandbox.ca_file(), folder.join("ca.pem")).expect("a certificate");
    let path = for_json(&machine.path(folder));
    let arguments = [
        sandbox.http_url().to_owned(),
        sandbox.https_url().to_owned(),
        format!("{path}/ca.pem"),
        path,
    ];
    check_documented(&runs(machine, "sale", &sandbox, &arguments));
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

pub fn names_of_files_may_have_accents_and_spaces(machine: &dyn Machine) {
    let folder = machine
        .scratch("accents")
        .join("Caja n\u{ba} 1, \u{c1}vila")
        .join("Espa\u{f1}a \u{20ac} \u{4f60}\u{597d}");
    fs::create_dir_all(&folder).expect("a folder");
    sells_in(machine, &folder);
}

pub fn names_of_files_may_be_long(machine: &dyn Machine) {
    // That of Windows is 259 characters, with all that stands behind a journal's name.
    const LONG: usize = 205;
    let mut folder = machine.scratch("long");
    let missing = LONG - machine.path(&folder).chars().count();
    folder.push("l".repeat(missing - 1));
    fs::create_dir_all(&folder).expect("a folder");
    assert!(machine.path(&folder).chars().count() >= LONG);
    sells_in(machine, &folder);
}

pub fn many_threads_share_a_client(machine: &dyn Machine) {
    let sandbox = sandbox();
    // A thread does not wait for a shopper.
    sandbox.rules(|rules| rules.confirm_requires_approval = false);
    let folder = machine.path(&machine.scratch("threads"));
    let arguments = [sandbox.http_url().to_owned(), folder, "slow".to_owned()];
    runs(machine, "threads", &sandbox, &arguments);
}

/// That library, by a program that these link.
pub fn it_can_be_loaded_again_and_again(machine: &dyn Machine, library: &Path, link: &[&str]) {
    let folder = machine.scratch("reload");
    let there = folder.join(library.file_name().expect("it has a name"));
    fs::copy(library, &there).expect("a library");
    let program = folder.join(machine.program("reload"));
    let sources = ["reload.c", "system.c"];
    let program = compiled_for(machine, &program, &sources, machine.standard(), link);
    let sandbox = sandbox();
    let config = serde_json::json!({
        "base_url": sandbox.http_url(),
        "account_key": "sandbox_key",
        "account_secret": "sandbox_secret",
        "merchant_id": "shop_es",
        "journal": format!("{}/reload.journal", machine.path(&folder)),
    });
    let mut command = machine.command(&program, &folder);
    command.args([machine.path(&there), config.to_string()]);
    c::run(command, &sandbox).unwrap_or_else(|wrong| panic!("{wrong}"));
}
