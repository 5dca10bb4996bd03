//! The tills of bindings/c: they compile as they say they do, their orders are one, the README shows
//! the first sale as it is, and that one sells.

mod support;

use sequra_sandbox::{Options, Sandbox};
use serde_json::{Value, json};
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use support::c::{compiler, finds_library, library_folder, root, scratch};

const SHARED: [&str; 4] = ["sale.c", "answer.c", "book.c", "text.c"];

/// Compiles a program of bindings/c with these flags; answers where it is.
fn sample(name: &str, flags: &[&str], cpp: bool) -> PathBuf {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let program = scratch(&format!("c_sample-{number}")).join(name);
    let mut command = compiler(cpp);
    command
        .args(flags)
        .args(["-pedantic", "-Wall", "-Wextra", "-Werror"]);
    if cpp {
        command.args(["-x", "c++"]);
    }
    command.arg(root("bindings/c").join(format!("{name}.c")));
    if name != "first_sale" {
        command.args(SHARED.map(|source| root("bindings/c").join(source)));
    }
    let folder = library_folder();
    command
        .args(["-x", "none"])
        .arg("-I")
        .arg(root("include"))
        .arg("-L")
        .arg(folder)
        .arg(finds_library())
        .arg("-lsequra_pos")
        .arg("-o")
        .arg(&program);
    let output = command.output().expect("a C compiler");
    assert!(
        output.status.success(),
        "{command:?}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    program
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn the_tills_are_c89_c11_and_cpp98() {
    for name in ["till", "till_builder", "first_sale"] {
        sample(name, &["-std=c89"], false);
        sample(name, &["-std=c11"], false);
        sample(name, &["-std=c++98"], true);
    }
}

#[test]
fn both_tills_sell_the_same_order() {
    let builder = sample("till_builder", &["-std=c89"], false);
    let output = Command::new(builder)
        .arg("--print-order")
        .output()
        .expect("it runs");
    assert!(output.status.success());
    let built: Value = serde_json::from_slice(&output.stdout).expect("an order");
    let mut read: Value = serde_json::from_str(&read("bindings/c/order.json")).expect("an order");
    if let Some(inner) = read.get_mut("order") {
        read = inner.take();
    }
    assert_eq!(built, read);
}

#[test]
fn the_readme_shows_the_first_sale_as_it_is() {
    let readme = read("README.md");
    let shown = readme
        .split("```c\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next());
    assert_eq!(
        shown.expect("a page of C").trim_end(),
        read("bindings/c/first_sale.c").trim_end()
    );
}

#[test]
fn the_first_sale_sells() {
    let sandbox = Sandbox::start(Options::default()).expect("a simulator");
    let folder = scratch("first_sale");
    let config = folder.join("till.json");
    let settings = json!({
        "base_url": sandbox.http_url(), "account_key": "sandbox_key", "account_secret": "sandbox_secret",
        "merchants": {"ES": "shop_es"}, "journal": folder.join("journal"), "language": "en",
    });
    std::fs::write(&config, settings.to_string()).expect("a configuration file");
    let mut till = Command::new(sample("first_sale", &["-std=c89"], false))
        .arg(&config)
        .arg(read("bindings/c/order.json"))
        .arg("R-1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it runs");
    let began = std::time::Instant::now();
    let uuid = loop {
        if let Some(message) = sandbox.sms().first() {
            break message.uuid.clone();
        }
        assert!(began.elapsed().as_secs() < 60, "the form never came");
        std::thread::sleep(std::time::Duration::from_millis(10));
    };
    sandbox.approve(&uuid).expect("approved");
    till.stdin
        .take()
        .expect("its input")
        .write_all(b"\n")
        .expect("Enter");
    let output = till.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.contains("You may hand over the goods"),
        "{said}"
    );
    assert_eq!(
        sandbox
            .order(&uuid)
            .expect("an order")
            .order_ref_1
            .as_deref(),
        Some("R-1")
    );
}
