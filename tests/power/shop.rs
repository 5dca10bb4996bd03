//! A shop to cut the power of: its till, its folder with the journal, and the seQura it talks to.

use crate::disk::Image;
use crate::ledger::{self, JOURNAL, Ledger, put, take};
use crate::record::{self, Operation};
use crate::support::c;
use sequra_sandbox::{Event, Fault, Harm, Options, Sandbox};
use serde_json::{Value, json};
use std::env;
use std::ffi::OsString;
use std::fs;
use std::io::Write;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

const SIGKILL: i32 = 9;

/// The sales of a day: the till's name of each, and whether its order carries its reference.
const SALES: [(&str, bool); 5] = [
    ("A", false),
    ("B", true),
    ("C", false),
    ("D", false),
    ("E", true),
];

/// A day with everything in it: a sale as it should be, a refusal, lost answers, a reference that is
/// taken, an order on hold, and two closings with a checkpoint each.
pub const DAY: &str = "\
open
start A A.json
form A pp3
confirm A
ref A R-A
start B B.json
form B pp3
confirm B
confirm B
start C C.json
form C pp3
confirm C
recover
pending
ref C R-A
ref C R-C
close
open
start D D.json
recover
start D D.json
hold D
confirm D
ref D R-D
recover D
log
start E E.json
confirm E
close
open
recover
pending
log
close
";

/// The same without the attempt on A's reference: where A could not have it recorded, C would get it.
pub fn day_without_a_taken_reference() -> String {
    DAY.replace("ref C R-A\n", "")
}

/// What goes wrong at seQura in that day.
fn bad_luck() -> Vec<Fault> {
    let lost = || Fault::new(Harm::CloseAfter {});
    let texts = vec!["cart total does not match".to_owned()];
    vec![
        // B's first confirmation.
        Fault::new(Harm::Conflict { errors: texts })
            .method("PUT")
            .state("confirmed")
            .skip(1),
        // C's and E's confirmation (a request that was struck before is not counted here), D's start
        // and D's reference.
        lost().method("PUT").state("confirmed").skip(2),
        lost().method("PUT").state("confirmed").skip(4),
        lost().method("POST").skip(6),
        lost().method("PUT").state("").skip(2),
    ]
}

/// How a run is to be cut short.
#[derive(Clone, Debug, Default)]
pub struct Cut {
    /// The process dies right before this operation.
    pub end: Option<u64>,
    /// `N:ERRNO` or `N+:ERRNO`, see record.c.
    pub fail: Option<String>,
}

/// One till and its seQura.
pub struct Shop {
    pub sandbox: Sandbox,
    root: PathBuf,
}

impl Shop {
    pub fn new(name: &str) -> Shop {
        let root = in_memory(name);
        let sandbox = Sandbox::start(Options::default()).expect("it can listen");
        let config = json!({
            "base_url": sandbox.http_url(),
            "account_key": "sandbox_key",
            "account_secret": "sandbox_secret",
            "merchant_id": "shop_es",
            "journal": root.join("disk").join(JOURNAL),
            "timeouts": {"connect_ms": 5000, "total_ms": 10_000},
        });
        fs::write(root.join("till.json"), config.to_string()).expect("it is writable");
        let order = fs::read_to_string(c::root("bindings/c/order.json")).expect("it is there");
        let order: Value = serde_json::from_str(&order).expect("it is JSON");
        for (sale, with_ref) in SALES {
            let mut order = order.clone();
            order["cart"]["items"][0]["reference"] = format!("BIC-{sale}").into();
            if with_ref {
                order["merchant_reference"] = json!({"order_ref_1": format!("R-{sale}")});
            }
            let file = root.join(format!("{sale}.json"));
            fs::write(file, order.to_string()).expect("it is writable");
        }
        Shop { sandbox, root }
    }

    /// A new day: an empty folder, an empty book, a seQura that knows nothing.
    pub fn open(&self) {
        self.sandbox.reset();
        self.sandbox.rules(|rules| {
            // The shopper's part is not what is tested here.
            rules.confirm_requires_approval = false;
            rules.hold_requires_review = false;
        });
        // There may be none yet.
        let _ = fs::remove_file(self.root.join("book"));
        put(&Image::new(), &self.disk());
    }

    /// Sells as on a day like [`DAY`], with its bad luck.
    pub fn sell(&self, day: &str, cut: &Cut) -> Vec<Operation> {
        self.open();
        bad_luck()
            .into_iter()
            .for_each(|fault| self.sandbox.fault(fault));
        self.run(day, cut)
    }

    /// Many plain sales, so that SQLite makes checkpoints in between and begins its log anew.
    pub fn long_day(&self, sales: usize) -> Vec<Operation> {
        self.open();
        let order = fs::read_to_string(self.root.join("A.json")).expect("it was written");
        let mut script = "open\n".to_owned();
        for sale in 0..sales {
            let order = order.replace("BIC-A", &format!("BIC-{sale}"));
            fs::write(self.root.join(format!("L{sale}.json")), order).expect("it is writable");
            script += &format!(
                "start L{sale} L{sale}.json\nform L{sale} pp3\nconfirm L{sale}\nref L{sale} R-{sale}\n"
            );
        }
        self.run(&(script + "close\n"), &Cut::default())
    }

    /// The power is back, and the line is good: recovers, and sells what is not sold yet.
    /// `with_orders`: the till gives its orders again, and does not rely on the journal for them.
    pub fn next_morning(&self, with_orders: bool) -> Vec<Operation> {
        self.sandbox.clear_faults();
        let book = self.book();
        let mut script = "open\nrecover\npending\nlog\n".to_owned();
        for (sale, _) in SALES {
            let started = format!("told start {sale} SQ_OK");
            if !book.contains(&started) {
                script += &format!("start {sale} {sale}.json\n");
            }
            script += &match with_orders {
                true => format!("confirm {sale} {sale}.json\n"),
                false => format!("confirm {sale}\n"),
            };
            script += &format!("ref {sale} R-{sale}\n");
        }
        self.run(&(script + "log\npending\nclose\n"), &Cut::default())
    }

    /// Runs the till with the recorder under it; answers what it did.
    pub fn run(&self, script: &str, cut: &Cut) -> Vec<Operation> {
        let record = self.root.join("record");
        // There may be none yet.
        let _ = fs::remove_file(&record);
        let mut till = Command::new(till_program());
        till.args(["till.json", "book"])
            .current_dir(&self.root)
            .env("LD_PRELOAD", preloaded())
            .env("SEQURA_POWER_FOLDER", self.disk())
            .env("SEQURA_POWER_RECORD", &record)
            .env("SEQURA_POWER_BOOK", "book")
            .envs(cut.end.map(|n| ("SEQURA_POWER_END", n.to_string())))
            .envs(cut.fail.as_ref().map(|fail| ("SEQURA_POWER_FAIL", fail)))
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        let mut child = till.spawn().expect("the till starts");
        let mut stdin = child.stdin.take().expect("it was piped");
        // A till that is dead does not listen.
        let _ = stdin.write_all(script.as_bytes());
        drop(stdin);
        let output = child.wait_with_output().expect("it is our child");
        let killed = cut.end.is_some() && output.status.signal() == Some(SIGKILL);
        assert!(
            killed || (output.status.success() && output.stderr.is_empty()),
            "the till with {cut:?}: {}\n{}\n{}",
            output.status,
            String::from_utf8_lossy(&output.stderr),
            self.book()
        );
        record::read(&record)
    }

    /// The journal's folder, where a till looks for it.
    pub fn disk(&self) -> PathBuf {
        self.root.join("disk")
    }

    /// A folder to look at images in, away from the till.
    pub fn desk(&self) -> PathBuf {
        self.root.join("desk")
    }

    /// The journal's folder as it is.
    pub fn image(&self) -> Image {
        take(&self.disk())
    }

    /// The memory that SQLite's processes share, as the dead one has left it: the power cut may
    /// leave any of it.
    pub fn shared_memory(&self) -> Option<(String, Vec<u8>)> {
        let name = format!("{JOURNAL}-shm");
        let content = fs::read(self.disk().join(&name)).ok()?;
        Some((name, content))
    }

    /// What the till has written down.
    pub fn book(&self) -> String {
        fs::read_to_string(self.root.join("book")).unwrap_or_default()
    }

    /// The orders that seQura has confirmed.
    pub fn confirmed(&self) -> Vec<String> {
        let ledger = self.sandbox.ledger().into_iter();
        let confirmed = ledger.filter(|entry| entry.event == Event::Confirmed);
        confirmed.map(|entry| entry.uuid).collect()
    }

    /// What is wrong with the journal next to what seQura has confirmed.
    pub fn forgotten_by(&self, ledger: &Ledger) -> Vec<String> {
        let kept = |uuid: &String| {
            let row = ledger.orders.iter().find(|row| row.uuid == *uuid);
            row.is_some_and(|row| row.is_at_risk() || row.state == "settled")
        };
        let forgotten = self.confirmed().into_iter().filter(|uuid| !kept(uuid));
        forgotten
            .map(|uuid| {
                format!(
                    "seQura has confirmed {uuid}, the journal has {:?}",
                    ledger.orders
                )
            })
            .collect()
    }

    /// Waits until seQura has finished with what the dead till had sent.
    pub fn let_arrive(&self) {
        let until = Instant::now() + Duration::from_secs(5);
        while Instant::now() < until {
            let mut requests = self.sandbox.requests().into_iter();
            if requests.all(|request| request.answered_at.is_some()) {
                return;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// What is wrong at the end: every sale must be confirmed once and paid for, here and there.
    pub fn wrong_at_the_end(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        match ledger::read(&self.image(), &self.desk()) {
            Err(why) => wrong.push(why),
            Ok(ledger) => {
                wrong.extend(self.forgotten_by(&ledger));
                let open = ledger.orders.iter().filter(|row| row.is_at_risk());
                wrong.extend(open.map(|row| format!("left open: {row:?}")));
            }
        }
        let book = self.book();
        for (sale, _) in SALES {
            let told = format!(" told ref {sale} ");
            let last = book.lines().rfind(|line| line.contains(&told));
            let words: Vec<&str> = last.unwrap_or_default().split(' ').collect();
            let settled = words.get(4..6) == Some(&["SQ_OK", "settled"]);
            let uuid = words.get(7).copied().unwrap_or_default();
            let at_sequra = self.sandbox.order(uuid).and_then(|order| order.order_ref_1);
            if !settled || at_sequra != Some(format!("R-{sale}")) {
                wrong.push(format!(
                    "sale {sale} ended as {last:?}, at seQura {at_sequra:?}"
                ));
            }
        }
        let confirmed = self.confirmed();
        if confirmed.len() != SALES.len() {
            wrong.push(format!("seQura has confirmed {confirmed:?}"));
        }
        let aside = self
            .image()
            .into_keys()
            .find(|name| name.contains("damaged"));
        wrong.extend(aside.map(|name| format!("the journal was set aside as {name}")));
        for verb in ["open", "recover"] {
            let told = format!(" told {verb} - ");
            let last = book.lines().rfind(|line| line.contains(&told));
            if !last.is_some_and(|line| line.contains(" SQ_OK ")) {
                wrong.push(format!("{verb} ended as {last:?}"));
            }
        }
        wrong
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        // What a failed test says has all that is worth keeping.
        let _ = fs::remove_dir_all(&self.root);
        if let Some(folder) = self.root.parent() {
            // The last of this process's shops takes their folder with it.
            let _ = fs::remove_dir(folder);
        }
    }
}

/// A folder in memory where the system has one: the images are many, and the library syncs them.
fn in_memory(name: &str) -> PathBuf {
    let memory = Path::new("/dev/shm");
    if !memory.is_dir() {
        return c::scratch(name);
    }
    let folder = memory.join(format!("sequra-pos-power-{}/{name}", std::process::id()));
    fs::create_dir_all(&folder).expect("it is writable");
    folder
}

fn till_program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let posix = &["-std=c89", "-D_XOPEN_SOURCE=600"];
        c::program("crash_till", &["crash_till.c"], posix)
    })
}

/// The recorder, before what the tests themselves run with.
fn preloaded() -> OsString {
    let mut libraries = record::recorder().as_os_str().to_owned();
    if let Some(others) = env::var_os("LD_PRELOAD") {
        libraries.push(":");
        libraries.push(others);
    }
    libraries
}
