//! The C header: the committed one is the generated one; every compiler takes it; it keeps the
//! contract's rules; and it says what a C programmer must know.
#![cfg(target_os = "linux")]

use crate::support::c::{compile, compiler, root, scratch};
use crate::support::header::{self, Function, identifiers, without_comments};
use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

/// The functions of the contract, docs/c-abi.md, as they were promised: each is declared like this.
/// What was added to the contract stands at the end.
const CONTRACT: &str = "
uint32_t sq_abi_version(void);
const char *sq_version(void);
const char *sq_build_info(void);
const char *sq_status_name(sq_status status);
int32_t sq_status_class(sq_status status);
int64_t sq_live_handles(void);
sq_status sq_echo(sq_client *client, const char *text, sq_buffer **out);
const char *sq_buffer_text(const sq_buffer *buffer);
uint32_t sq_buffer_len(const sq_buffer *buffer);
sq_status sq_buffer_get(const sq_buffer *buffer, const char *json_pointer, char *dst, uint32_t *len);
void sq_buffer_free(sq_buffer *buffer);
sq_status sq_client_open(const char *config_json, sq_client **client, sq_buffer **out);
sq_status sq_client_open_file(const char *path, sq_client **client, sq_buffer **out);
sq_status sq_client_close(sq_client *client);
sq_status sq_check_credentials(sq_client *client, sq_buffer **out);
sq_status sq_self_test(sq_client *client, sq_buffer **out);
sq_status sq_payment_methods(sq_client *client, const char *order_url, sq_buffer **out);
sq_status sq_start_solicitation(sq_client *client, const char *order_json, sq_buffer **out);
sq_status sq_check_order(sq_client *client, const char *order, sq_buffer **out);
sq_status sq_credit_agreements(sq_client *client, const char *merchant_or_country, int64_t total_cents, const char *currency, sq_buffer **out);
sq_status sq_send_form(sq_client *client, const char *order_url, const char *product_code, const char *campaign, sq_buffer **out);
sq_status sq_send_form_by(sq_client *client, const char *order_url, const char *channel, const char *product_code, const char *campaign, sq_buffer **out);
sq_status sq_hold(sq_client *client, const char *order_url, const char *order_json, sq_buffer **out);
sq_status sq_confirm(sq_client *client, const char *order_url, const char *order_json, sq_buffer **out);
sq_status sq_set_order_ref(sq_client *client, const char *order_url, const char *order_ref_1, const char *order_ref_2, sq_buffer **out);
sq_status sq_order_info(sq_client *client, const char *order, sq_buffer **out);
sq_status sq_update_order(sq_client *client, const char *order_ref_1, const char *update_json, sq_buffer **out);
sq_status sq_ship(sq_client *client, const char *order_ref_1, const char *items_json, sq_buffer **out);
sq_status sq_refund(sq_client *client, const char *order_ref_1, const char *refund_json, sq_buffer **out);
sq_status sq_cancel(sq_client *client, const char *order_ref_1, const char *reason, sq_buffer **out);
sq_status sq_send_delivery_report(sq_client *client, const char *report_json, sq_buffer **out);
sq_status sq_disbursements(sq_client *client, const char *path, sq_buffer **out);
sq_status sq_pending(sq_client *client, sq_buffer **out);
sq_status sq_recover(sq_client *client, const char *order, sq_buffer **out);
sq_status sq_reconcile(sq_client *client, sq_buffer **out);
sq_status sq_log(sq_client *client, const char *query_json, sq_buffer **out);
sq_status sq_log_dismiss(sq_client *client, int64_t entry_id, sq_buffer **out);
sq_status sq_order_new(sq_client *client, sq_order **order);
sq_status sq_order_set_text(sq_order *order, const char *json_pointer, const char *text);
sq_status sq_order_set_int(sq_order *order, const char *json_pointer, int64_t value);
sq_status sq_order_set_flag(sq_order *order, const char *json_pointer, int32_t value);
sq_status sq_order_add_item(sq_order *order, const char *type, const char *reference, const char *name, int64_t quantity, int64_t price_with_tax, int64_t total_with_tax);
sq_status sq_order_add_measured(sq_order *order, const char *type, const char *reference, const char *name, const char *quantity, const char *unit, int64_t price_with_tax);
sq_status sq_order_json(sq_order *order, sq_buffer **out);
void sq_order_free(sq_order *order);

sq_status sq_abandon(sq_client *client, const char *order, sq_buffer **out);
sq_status sq_resolve(sq_client *client, const char *order, const char *outcome, const char *reason, sq_buffer **out);
sq_status sq_hand_over(sq_client *client, const char *order, sq_buffer **out);
sq_status sq_take_over(sq_client *client, const char *document, sq_buffer **out);
sq_status sq_receipt(sq_client *client, const char *order, int32_t columns, sq_buffer **out);
sq_status sq_day(sq_client *client, const char *since, const char *until, sq_buffer **out);
";

/// What the checkout needs; the rest of the contract is for later.
const CHECKOUT: &[&str] = &[
    "sq_abi_version",
    "sq_version",
    "sq_build_info",
    "sq_status_name",
    "sq_status_class",
    "sq_live_handles",
    "sq_echo",
    "sq_buffer_text",
    "sq_buffer_len",
    "sq_buffer_get",
    "sq_buffer_free",
    "sq_client_open",
    "sq_client_open_file",
    "sq_client_close",
    "sq_check_credentials",
    "sq_payment_methods",
    "sq_start_solicitation",
    "sq_send_form",
    "sq_hold",
    "sq_confirm",
    "sq_set_order_ref",
    "sq_pending",
    "sq_order_new",
    "sq_order_set_text",
    "sq_order_set_int",
    "sq_order_set_flag",
    "sq_order_add_item",
    "sq_order_json",
    "sq_order_free",
];

fn fail_with(problems: Vec<String>) {
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

#[test]
fn the_committed_header_is_the_generated_one() {
    let generated = fs::read(env!("SEQURA_POS_HEADER")).expect("the build has generated it");
    let committed = fs::read(header::path()).expect("include/sequra_pos.h is there");
    if generated == committed {
        return;
    }
    let (generated, committed) = (
        String::from_utf8_lossy(&generated),
        String::from_utf8_lossy(&committed),
    );
    let mut lines = generated.lines().zip(committed.lines()).enumerate();
    let unlike = lines.find(|(_, (new, old))| new != old);
    let place = match unlike {
        Some((at, (new, old))) => {
            format!("line {}:\n  committed: {old}\n  generated: {new}", at + 1)
        }
        None => "at the end".to_owned(),
    };
    panic!(
        "include/sequra_pos.h is not what the sources say; refresh it with `make header`, look at \
         the difference and commit it. First difference: {place}"
    );
}

#[test]
fn every_compiler_takes_it_alone_and_twice() {
    let folder = scratch("alone");
    let alone = folder.join("alone.c");
    fs::write(
        &alone,
        "#include \"sequra_pos.h\"\n#include \"sequra_pos.h\"\nextern int not_empty;\n",
    )
    .unwrap();
    let cases: &[(bool, &[&str])] = &[
        (false, &["-std=c89", "-Wstrict-prototypes", "-Wc++-compat"]),
        (false, &["-std=c99", "-Wstrict-prototypes"]),
        (false, &["-std=c11", "-Wstrict-prototypes"]),
        (false, &["-std=c17"]),
        (false, &["-std=gnu17", "-DSQ_STATIC"]),
        (true, &["-x", "c++", "-std=c++98"]),
        (true, &["-x", "c++", "-std=c++11"]),
        (
            true,
            &["-x", "c++", "-std=c++20", "-Wzero-as-null-pointer-constant"],
        ),
    ];
    for (cpp, flags) in cases {
        let mut command = compiler(*cpp);
        command
            .args(*flags)
            .args(["-pedantic", "-Wall", "-Wextra", "-Werror", "-fsyntax-only"])
            .arg("-I")
            .arg(root("include"))
            .arg(&alone);
        compile(&mut command);
    }
}

#[test]
fn its_prototypes_are_the_contracts() {
    let contract = header::parse(CONTRACT);
    let ours = header::read();
    let mut problems = Vec::new();
    for function in &ours.functions {
        match contract.functions.iter().find(|c| c.name == function.name) {
            None => problems.push(format!("{} is not in the contract", function.name)),
            Some(c) if c.prototype != function.bare() => problems.push(format!(
                "declared: {}\ncontract: {}",
                function.bare(),
                c.prototype
            )),
            Some(_) => {}
        }
    }
    let names = ours.function_names();
    let missing = CHECKOUT.iter().filter(|name| !names.contains(**name));
    problems.extend(missing.map(|name| format!("{name} is missing")));
    fail_with(problems);
}

/// Rule 1: callers are C89, C++98, .NET, ctypes, Delphi, VB6 and COBOL.
fn plain_types(function: &Function) -> Vec<String> {
    const VALUES: &[&str] = &["int32_t", "uint32_t", "int64_t", "sq_status"];
    const HANDLES: &[&str] = &["sq_client", "sq_order", "sq_buffer"];
    let value = |of_type: &str| VALUES.contains(&of_type);
    let pointed = |of_type: &str| {
        let plain = of_type.strip_prefix("const ").unwrap_or(of_type);
        let (base, stars) = match plain.split_once(' ') {
            Some((base, stars)) => (base, stars),
            None => return false,
        };
        match stars {
            "*" => base == "char" || value(base) || HANDLES.contains(&base),
            // Where a handle is given out.
            "**" => HANDLES.contains(&base) && plain == of_type,
            _ => false,
        }
    };
    let returns = function.returns();
    let mut problems = Vec::new();
    if !(value(&returns) || returns == "void" || returns == "const char *") {
        problems.push(format!("{} returns {returns}", function.name));
    }
    for of_type in function.parameters() {
        if !(value(&of_type) || pointed(&of_type)) {
            problems.push(format!("{} takes {of_type}", function.name));
        }
    }
    problems
}

#[test]
fn it_uses_plain_types_only() {
    let header = header::read();
    let mut problems: Vec<String> = header.functions.iter().flat_map(plain_types).collect();
    let code = without_comments(&header.text);
    let words: BTreeSet<&str> = identifiers(&code).collect();
    for word in [
        "bool", "_Bool", "size_t", "long", "short", "enum", "union", "double", "float", "va_list",
    ] {
        if words.contains(word) {
            problems.push(format!("it says {word}"));
        }
    }
    if code.contains("...") {
        problems.push("it has a function with variable arguments".to_owned());
    }
    // Structs are opaque: `typedef struct sq_x sq_x;`, never with a body.
    let bodies = code.split("struct ").skip(1).filter(|after| {
        let name = identifiers(after).next().unwrap_or_default();
        after[name.len()..].trim_start().starts_with('{')
    });
    problems.extend(bodies.map(|after| format!("struct {after:.20} has a body")));
    fail_with(problems);

    // The check can fail.
    for wrong in [
        "sq_status sq_f(bool flag);",
        "size_t sq_f(void);",
        "sq_status sq_f(double amount);",
        "sq_status sq_f(sq_order order);",
        "sq_status sq_f(const char **texts);",
        "sq_order *sq_f(void);",
        "sq_status sq_f(unsigned long n);",
        "char *sq_f(void);",
    ] {
        let parsed = header::parse(wrong);
        assert!(!plain_types(&parsed.functions[0]).is_empty(), "{wrong}");
    }
}

#[test]
fn every_prototype_has_its_linkage_and_calling_convention() {
    let header = header::read();
    let mut problems = Vec::new();
    for function in &header.functions {
        let wanted = format!("SQ_CALL {}(", function.name);
        if !function.prototype.starts_with("SQ_API ") || !function.prototype.contains(&wanted) {
            problems.push(function.prototype.clone());
        }
    }
    fail_with(problems);
}

/// What a Windows compiler reads.
#[test]
fn on_windows_every_function_is_imported_and_cdecl() {
    let preprocessed = |flags: &[&str]| {
        let mut command = compiler(false);
        command.args(["-E", "-P"]).args(flags).arg(header::path());
        let output = command.output().expect("the compiler starts");
        assert!(output.status.success(), "{command:?}");
        String::from_utf8(output.stdout).expect("the header is ASCII")
    };
    let with_dll = preprocessed(&["-D_WIN32"]);
    let with_library = preprocessed(&["-D_WIN32", "-DSQ_STATIC"]);
    let mut problems = Vec::new();
    for function in &header::read().functions {
        let convention = format!("__cdecl {}(", function.name);
        for (text, linkage) in [
            (&with_dll, "__declspec(dllimport)"),
            (&with_library, "extern"),
        ] {
            let declared = text.split(';').find(|declaration| {
                declaration.contains(&format!(" {}(", function.name))
                    || declaration.contains(&format!("*{}(", function.name))
            });
            let declared = declared.unwrap_or_default().trim();
            if !declared.contains(&convention) || !declared.starts_with(linkage) {
                problems.push(format!("{linkage} {}: {declared}", function.name));
            }
        }
    }
    fail_with(problems);
    // Visual Studio 2008 has no <stdint.h>; int32_t and its like are made.
    let old = preprocessed(&["-D_WIN32", "-D_MSC_VER=1500"]);
    for made in [
        "typedef __int32 int32_t;",
        "typedef unsigned __int32 uint32_t;",
        "typedef __int64 int64_t;",
    ] {
        assert!(old.contains(made), "{made}");
    }
}

#[test]
fn every_function_is_explained() {
    let header = header::read();
    let statuses = header.statuses();
    let contract = header::parse(CONTRACT).function_names();
    let mut problems = Vec::new();
    for function in &header.functions {
        let name = &function.name;
        if function.comment.len() < 20 {
            problems.push(format!("{name} has no comment"));
        }
        // What the comment speaks of exists, or will.
        for word in identifiers(&function.comment) {
            let known = match word {
                _ if word.starts_with("SQ_") => {
                    // What sq_status_name says of a number that is none.
                    word == "SQ_UNKNOWN_STATUS" || header.macros.iter().any(|m| m.name == word)
                }
                _ if word.starts_with("sq_") => {
                    contract.contains(word) || header.types.iter().any(|t| t == word)
                }
                _ => true,
            };
            if !known {
                problems.push(format!("{name} speaks of {word}, which does not exist"));
            }
        }
        if function.returns() != "sq_status" {
            continue;
        }
        let comment = function
            .comment
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        if !comment.contains("Returns ") && !comment.contains("Otherwise as sq_") {
            problems.push(format!("{name} does not say what it returns"));
        }
        let named = header.documented(name);
        if !named.contains("SQ_OK") || named.len() < 2 {
            problems.push(format!("{name} names only {named:?}"));
        }
        let takes = |what: &str| function.parameters().iter().any(|p| p.contains(what));
        let handle_first = function.parameters()[0].starts_with("sq_")
            || function.parameters()[0].starts_with("const sq_");
        if handle_first && !named.contains("SQ_INVALID_HANDLE") {
            problems.push(format!(
                "{name} takes a handle and does not name SQ_INVALID_HANDLE"
            ));
        }
        if takes("const char *") && !named.contains("SQ_INVALID_TEXT") {
            problems.push(format!(
                "{name} takes a text and does not name SQ_INVALID_TEXT"
            ));
        }
        if takes("sq_client *") && takes("sq_buffer **") && !named.contains("SQ_INTERNAL") {
            problems.push(format!("{name} does not name SQ_INTERNAL"));
        }
    }
    for status in header.macros.iter().filter(|m| statuses.contains(&m.name)) {
        if status.comment.is_empty() {
            problems.push(format!("{} has no comment", status.name));
        }
    }
    for of_type in &header.types {
        if !header.text.contains(&format!("{of_type};")) || !of_type.starts_with("sq_") {
            // The stand-ins for <stdint.h> are C's own names.
            if !of_type.ends_with("int32_t") && of_type != "int64_t" {
                problems.push(format!("type {of_type}"));
            }
        }
    }
    fail_with(problems);
}

#[test]
fn it_can_be_read_anywhere() {
    let text = header::read().text;
    let mut problems = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let mut wrong = |what: &str| problems.push(format!("line {}: {what}: {line}", at + 1));
        if line.len() > 100 {
            wrong("longer than 100 columns");
        }
        if !line.is_ascii() || line.contains(['\t', '\r', '\u{c}']) {
            wrong("not plain ASCII");
        }
        if line.ends_with(' ') {
            wrong("ends with a blank");
        }
    }
    if without_comments(&text).contains("//") {
        problems.push("it has a // comment, which C89 does not know".to_owned());
    }
    if !text.ends_with('\n') {
        problems.push("its last line does not end".to_owned());
    }
    let foreign = |name: &str| !name.starts_with("SQ_") && name != "SEQURA_POS_H";
    let macros = header::parse(&text).macros;
    let macros = macros.iter().filter(|m| foreign(&m.name));
    problems.extend(macros.map(|m| format!("it defines {}, which may be the till's", m.name)));
    fail_with(problems);
}

/// A header that lacks one thing is noticed: the checks above can fail.
#[test]
fn the_reader_sees_what_is_wrong() {
    let parsed = header::parse(
        "/* Says. */\nint32_t SQ_CALL sq_a(void);\nSQ_API sq_status\n  sq_b(sq_client *client,\n \
         const char *text);\n#define SQ_X 7\n#define SQ_MORE 1\n",
    );
    assert_eq!(parsed.functions[0].comment, "Says.");
    assert_eq!(parsed.functions[0].bare(), "int32_t sq_a(void)");
    assert_eq!(parsed.functions[1].comment, "");
    assert_eq!(
        parsed.functions[1].prototype,
        "SQ_API sq_status sq_b(sq_client *client, const char *text)"
    );
    assert_eq!(parsed.functions[1].returns(), "sq_status");
    assert_eq!(
        parsed.functions[1].parameters(),
        ["sq_client *", "const char *"]
    );
    assert_eq!(parsed.macros.len(), 2);
    assert_eq!(
        without_comments("a /* // */ \"//\" // b")
            .matches("//")
            .count(),
        1
    );

    // A compiler that has something to say fails the test.
    let folder = scratch("wrong-headers");
    let wrong = folder.join("wrong.c");
    fs::write(&wrong, "// not C89\n").unwrap();
    let status = Command::new(compiler(false).get_program())
        .args(["-std=c89", "-pedantic", "-Werror", "-fsyntax-only"])
        .arg(&wrong)
        .stderr(std::process::Stdio::null())
        .status()
        .unwrap();
    assert!(!status.success());
}
