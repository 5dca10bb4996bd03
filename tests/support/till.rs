//! The tills of bindings/c: compiles them, and has them sell in a shop of their own.

use super::c::{Here, Machine, compile, root, valgrind};
use sequra_sandbox::{Fault, Harm, Options, Sandbox, State, When};
use serde_json::json;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

const SHARED: [&str; 10] = [
    "program.c",
    "sale.c",
    "after_sale.c",
    "recovery.c",
    "unfinished.c",
    "records.c",
    "answer.c",
    "book.c",
    "text.c",
    "wait.c",
];

/// Compiles a program of bindings/c with these flags; answers where it is.
pub fn sample(name: &str, flags: &[&str], cpp: bool) -> PathBuf {
    sample_for(&Here, name, flags, cpp)
}

/// The same for any machine.
pub fn sample_for(machine: &dyn Machine, name: &str, flags: &[&str], cpp: bool) -> PathBuf {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let folder = machine.scratch(&format!("c_sample-{number}"));
    let program = folder.join(machine.program(name));
    let mut command = machine.compiler(cpp);
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
    command
        .args(["-x", "none"])
        .arg("-I")
        .arg(root("include"))
        .args(machine.link(&folder))
        .arg("-o")
        .arg(&program);
    compile(&mut command);
    program
}

/// What a till says of a journal in which nothing is unfinished.
pub const NOTHING: &str = "pending nothing: every sale with seQura is finished";

/// A till, with its book, its journal and its seQura.
pub struct Shop {
    pub machine: &'static dyn Machine,
    pub sandbox: Sandbox,
    pub folder: PathBuf,
    pub till: PathBuf,
    /// The file with its order, for the till that reads one.
    pub order: Option<String>,
}

impl Shop {
    pub fn open(name: &str) -> Shop {
        Shop::on(&Here, name)
    }

    /// With a till on some machine.
    pub fn on(machine: &'static dyn Machine, name: &str) -> Shop {
        static TILLS: Mutex<BTreeMap<&str, PathBuf>> = Mutex::new(BTreeMap::new());
        let mut tills = TILLS.lock().unwrap_or_else(PoisonError::into_inner);
        let till = tills
            .entry(machine.name())
            .or_insert_with(|| sample_for(machine, "till", &["-std=c89", "-g"], false))
            .clone();
        drop(tills);
        Shop::new(machine, till, Some("order.json".to_owned()), name)
    }

    pub fn with(till: PathBuf, order: Option<String>, name: &str) -> Shop {
        Shop::new(&Here, till, order, name)
    }

    fn new(
        machine: &'static dyn Machine,
        till: PathBuf,
        order: Option<String>,
        name: &str,
    ) -> Shop {
        let sandbox = Sandbox::start(Options::default()).expect("a simulator");
        let folder = machine.scratch(name);
        std::fs::copy(root("bindings/c/order.json"), folder.join("order.json")).expect("an order");
        let settings = json!({
            "base_url": sandbox.http_url(), "account_key": "sandbox_key", "account_secret": "sandbox_secret",
            "merchants": {"ES": "shop_es"}, "journal": "journal", "language": "en",
        });
        std::fs::write(folder.join("till.json"), settings.to_string()).expect("a configuration");
        Shop {
            machine,
            sandbox,
            folder,
            till,
            order,
        }
    }

    /// The words of a sale under this ticket number, and then others.
    pub fn sale<'a>(&'a self, ticket: &'a str, more: &[&'a str]) -> Vec<&'a str> {
        let order = self.order.as_deref();
        let words = ["--ref", ticket, "--quick"];
        order.iter().chain(&words).chain(more).copied().collect()
    }

    /// Starts the till for a sale, whose shopper is approved. The operator has said nothing yet.
    pub fn begins(&self, words: &[&str]) -> (Child, String) {
        let forms = self.sandbox.sms().len();
        let till = self
            .machine
            .command(&self.till, &self.folder)
            .arg("till.json")
            .args(words)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("it runs");
        wait_until("the form comes", || self.sandbox.sms().len() > forms);
        let uuid = self.sandbox.sms()[forms].uuid.clone();
        self.sandbox.approve(&uuid).expect("approved");
        (till, uuid)
    }

    /// A sale in which the operator presses Enter. Answers with the order and what the till said.
    pub fn sells(&self, wanted: i32, words: &[&str]) -> (String, String) {
        let (mut till, uuid) = self.begins(words);
        presses_enter(&mut till);
        let output = till.wait_with_output().expect("it ends");
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(output.status.code(), Some(wanted), "{said}");
        (uuid, said)
    }

    /// A sale whose till is killed when seQura has confirmed it and has not said so.
    pub fn is_killed_in_the_confirmation(&self, words: &[&str]) -> String {
        let late = Harm::Delay {
            ms: 60_000,
            when: When::After,
        };
        self.sandbox
            .fault(Fault::new(late).method("PUT").state("confirmed"));
        let (mut till, uuid) = self.begins(words);
        presses_enter(&mut till);
        wait_until("seQura confirms", || self.state(&uuid) == State::Confirmed);
        till.kill().expect("it was waiting for the answer");
        till.wait().expect("it was killed");
        uuid
    }

    /// Runs the till with nobody at it; answers with what it said.
    pub fn does(&self, wanted: i32, words: &[&str]) -> String {
        let command = self.machine.command(&self.till, &self.folder);
        self.runs(command, wanted, words)
    }

    /// The same under Valgrind, where that is.
    pub fn does_cleanly(&self, wanted: i32, words: &[&str]) -> String {
        let Some(mut command) = valgrind() else {
            return self.does(wanted, words);
        };
        command.arg(&self.till).current_dir(&self.folder);
        self.runs(command, wanted, words)
    }

    fn runs(&self, mut command: Command, wanted: i32, words: &[&str]) -> String {
        let output = command
            .arg("till.json")
            .args(words)
            .stdin(Stdio::null())
            .output()
            .expect("it runs");
        let said = String::from_utf8_lossy(&output.stdout);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(wanted), "{said}\n{errors}");
        // Lines are broken at words; a test looks for words.
        said.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// What the book has, each line as "state ticket".
    pub fn book(&self) -> Vec<String> {
        let book = std::fs::read_to_string(self.folder.join("sales.txt")).expect("a book");
        let words = |line: &str| {
            line.split_whitespace()
                .take(2)
                .collect::<Vec<_>>()
                .join(" ")
        };
        book.lines().map(words).collect()
    }

    /// Takes the last lines out of the book, as if the till had been killed before it wrote them.
    pub fn forgets(&self, lines: usize) {
        let path = self.folder.join("sales.txt");
        let book = std::fs::read_to_string(&path).expect("a book");
        let kept: Vec<&str> = book.lines().collect();
        let kept = &kept[..kept.len() - lines];
        std::fs::write(&path, kept.join("\n") + "\n").expect("a book");
    }

    pub fn state(&self, uuid: &str) -> State {
        self.sandbox.order(uuid).expect("an order").state
    }

    pub fn reference(&self, uuid: &str) -> Option<String> {
        self.sandbox.order(uuid).expect("an order").order_ref_1
    }

    /// Book, journal and seQura say the same: all is sold under this number, nothing is unfinished but its shipment.
    pub fn assert_sold(&self, uuid: &str, ticket: &str) {
        assert_eq!(self.book().last(), Some(&format!("registered {ticket}")));
        assert_eq!(self.state(uuid), State::Confirmed);
        assert_eq!(self.reference(uuid).as_deref(), Some(ticket));
        let said = self.does(0, &["--pending"]);
        assert!(said.starts_with(NOTHING), "{said}");
        assert!(said.contains(&format!("to ship {ticket} ")), "{said}");
    }
}

pub fn wait_until(what: &str, mut come: impl FnMut() -> bool) {
    let began = Instant::now();
    while !come() {
        assert!(began.elapsed() < Duration::from_secs(60), "{what}: never");
        std::thread::sleep(Duration::from_millis(5));
    }
}

pub fn presses_enter(till: &mut Child) {
    let mut input = till.stdin.take().expect("its input");
    input.write_all(b"\n").expect("Enter");
}
