//! Clocks that are wrong, seen through the C ABI: a till in a process of its own, whose wall clock the
//! test sets at any moment, before calls and in the middle of them (src/clock.rs), and a seQura whose
//! `Date` shows whatever it is told to.
#![cfg(all(target_os = "linux", feature = "crash-points"))]

use rusqlite::{Connection, OpenFlags};
use sequra_sandbox::{Fault, Harm, Options, Sandbox, When};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// After so many days personal data and words on a refusal go, an order is given up, an entry of the
/// log is removed.
const KEEP: i64 = 5;
const ABANDON: i64 = 10;
const LOG: i64 = 10;
const SIXTEEN_YEARS: i64 = 5844;

/// A till's machine, and seQura.
struct Shop {
    folder: PathBuf,
    sandbox: Sandbox,
}

/// A till's process: the player of C.
struct Till {
    child: Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
}

/// What a call gave.
#[derive(Debug)]
struct Told(Value);

/// What is in the journal that may be given up or removed some day.
#[derive(Debug, PartialEq, Clone, Copy)]
struct Kept {
    given_up: i64,
    entries: i64,
    /// Of sold orders.
    personal: i64,
    reports: i64,
    /// seQura's, on a refusal of a change of a sold order.
    words: i64,
}

impl Shop {
    fn open(name: &str) -> Shop {
        let sandbox = Sandbox::start(Options::default()).expect("it can listen");
        let shop = Shop {
            folder: crate::support::c::scratch(name),
            sandbox,
        };
        shop.set_clock(0);
        shop
    }

    fn journal(&self) -> PathBuf {
        self.folder.join("journal")
    }

    fn config(&self, more: Value) -> String {
        let mut config = json!({
            "base_url": self.sandbox.http_url(), "account_key": "sandbox_key", "account_secret": "sandbox_secret",
            "merchant_id": "shop_es", "journal": self.journal(), "proxy": "none", "language": "en",
            "timeouts": {"connect_ms": 5000, "total_ms": 5000},
            "personal_data": {"keep_days": KEEP}, "abandon_after_days": ABANDON, "log_retention_days": LOG,
            "refusal_days": KEEP,
        });
        for (key, value) in more.as_object().expect("an object") {
            config[key] = value.clone();
        }
        config.to_string()
    }

    /// A till without a line, with an open client.
    fn without_a_line(&self) -> Till {
        let mut till = self.till_under(Some(crate::support::c::no_line()));
        let told =
            till.open(&self.config(json!({"timeouts": {"connect_ms": 200, "total_ms": 1000}})));
        assert_eq!((told.status(), told.warned()), ("SQ_OK", vec![]));
        till
    }

    /// The tills' clock is so many days ahead.
    fn set_clock(&self, days: i64) {
        let ms = days * 86_400_000;
        let file = self.folder.join("clock");
        let fresh = self.folder.join("clock.new");
        fs::write(&fresh, ms.to_string()).expect("the folder is writable");
        fs::rename(fresh, file).expect("in one piece");
    }

    /// So many days have gone by, here and at seQura.
    fn set_time(&self, days: i64) {
        self.set_clock(days);
        self.sandbox
            .rules(|rules| rules.clock_ahead_s = days * 86_400);
    }

    fn till(&self) -> Till {
        self.till_under(None)
    }

    fn till_under(&self, preloaded: Option<&OsStr>) -> Till {
        static PLAYER: OnceLock<PathBuf> = OnceLock::new();
        let player = PLAYER.get_or_init(|| {
            crate::support::c::program("player", &["../c_player/player.c"], &["-std=c89"])
        });
        let mut child = Command::new(player)
            .env("SEQURA_POS_CLOCK", self.folder.join("clock"))
            .envs(preloaded.map(|library| ("LD_PRELOAD", library)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the player starts");
        let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
        let mut till = Till {
            child,
            stdin: stdin.expect("piped"),
            stdout: BufReader::new(stdout.expect("piped")),
        };
        till.hear();
        till
    }

    /// A till with an open client; no warnings.
    fn opened(&self, more: Value) -> Till {
        let mut till = self.till();
        let told = till.open(&self.config(more));
        assert_eq!((told.status(), told.warned()), ("SQ_OK", vec![]));
        till
    }

    /// Opens a client and closes it; what opening said.
    fn look(&self, more: Value) -> Told {
        let mut till = self.till();
        till.open(&self.config(more))
    }

    fn read(&self) -> Connection {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        Connection::open_with_flags(self.journal(), flags).expect("there is a journal")
    }

    fn kept(&self) -> Kept {
        let journal = self.read();
        let count = |query: &str| -> i64 {
            journal
                .query_row(query, [], |row| row.get(0))
                .expect("it can be read")
        };
        Kept {
            given_up: count("SELECT count(*) FROM orders WHERE state = 'abandoned'"),
            entries: count("SELECT count(*) FROM log"),
            personal: count(
                "SELECT count(*) FROM contents JOIN orders ON orders.id = order_id \
                 WHERE state = 'settled' AND contents.content IS NOT NULL",
            ),
            reports: count("SELECT count(*) FROM reports"),
            words: count(
                "SELECT count(*) FROM log_words JOIN orders ON orders.id = order_id WHERE state = 'settled'",
            ),
        }
    }

    /// One of each that can be given up or removed, and an order of which nobody knows whether it is
    /// confirmed. Its URL, and that of an unsent confirmation.
    fn have_a_past(&self) -> (String, String) {
        let mut till = self.opened(json!({}));
        let sold = self.approved(&mut till);
        till.ok("confirm", &[&sold]);
        till.ok("set_order_ref", &[&sold, "R-1", "\\N"]);
        self.sandbox.fault(Harm::Conflict {
            errors: vec!["Invalid data: not today".to_owned()],
        });
        assert_eq!(till.call("ship", &["R-1"]).status(), "SQ_CONFLICT");
        till.ok("start_solicitation", &[&order()]);
        self.approved(&mut till);
        let unsent = self.approved(&mut till);
        let mut offline = self.without_a_line();
        let told = offline.call("confirm", &[&unsent]);
        assert_eq!(told.status(), "SQ_UNREACHABLE");
        let doubtful = self.approved(&mut till);
        self.sandbox
            .fault(Fault::new(Harm::CloseAfter {}).method("PUT"));
        assert_eq!(
            till.call("confirm", &[&doubtful]).status(),
            "SQ_OUTCOME_UNKNOWN"
        );
        self.sandbox
            .fault(Fault::new(Harm::CloseAfter {}).path("delivery_reports"));
        let told = till.call("send_delivery_report", &[r#"{"orders":[]}"#]);
        assert_eq!(told.status(), "SQ_OUTCOME_UNKNOWN");
        (doubtful, unsent)
    }

    /// An order that the shopper has filled in the form of.
    fn approved(&self, till: &mut Till) -> String {
        let url = till.ok("start_solicitation", &[&order()]).url();
        till.ok("send_form", &[&url, "pp3", "\\N"]);
        let uuid = url.rsplit('/').next().expect("a URL");
        self.sandbox.approve(uuid).expect("it is solicited");
        url
    }

    /// Waits until seQura is at work on a request.
    fn wait_for_a_request(&self) {
        let until = Instant::now() + Duration::from_secs(60);
        let is_waiting = |shop: &Shop| {
            let requests = shop.sandbox.requests();
            requests.iter().any(|one| one.answered_at.is_none())
        };
        while !is_waiting(self) {
            assert!(Instant::now() < until, "no request came");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn puts(&self) -> usize {
        let requests = self.sandbox.requests();
        requests.iter().filter(|one| one.method == "PUT").count()
    }
}

fn order() -> String {
    include_str!("../../sandbox/examples/order.json").replace('\n', " ")
}

impl Till {
    fn say(&mut self, fields: &[&str]) {
        writeln!(self.stdin, "{}", fields.join("\t")).expect("it listens");
    }

    fn hear(&mut self) -> Vec<String> {
        let mut line = String::new();
        self.stdout.read_line(&mut line).expect("it answers");
        let fields = line.trim_end_matches('\n').split('\t');
        let plain = |field: &str| {
            field
                .replace("\\n", "\n")
                .replace("\\t", "\t")
                .replace("\\\\", "\\")
        };
        fields.map(plain).collect()
    }

    fn told(&mut self) -> Told {
        let fields = self.hear();
        Told(serde_json::from_str(&fields[2]).unwrap_or_else(|error| panic!("{error}: {fields:?}")))
    }

    fn open(&mut self, config: &str) -> Told {
        self.say(&["open", "till", config]);
        self.told()
    }

    /// Gives a call and waits for nothing. An argument that is left out is NULL.
    fn begin(&mut self, function: &str, arguments: &[&str]) {
        let call = ["call", "till", function];
        let given: Vec<&str> = call.into_iter().chain(arguments.iter().copied()).collect();
        self.say(&given);
    }

    fn call(&mut self, function: &str, arguments: &[&str]) -> Told {
        self.begin(function, arguments);
        self.told()
    }

    /// The same, which must go well.
    fn ok(&mut self, function: &str, arguments: &[&str]) -> Told {
        let told = self.call(function, arguments);
        assert_eq!(told.status(), "SQ_OK", "{}", told.0);
        told
    }

    fn signal(&self, signal: &str) {
        let pid = self.child.id().to_string();
        let status = Command::new("kill").args([signal, &pid]).status();
        assert!(status.expect("kill is there").success());
    }
}

impl Drop for Till {
    fn drop(&mut self) {
        match std::thread::panicking() {
            // It may be stopped, or dead already.
            true => drop(self.child.kill()),
            false => {
                self.say(&["close", "till"]);
                self.say(&["quit"]);
            }
        }
        let _ = self.child.wait();
    }
}

impl Told {
    fn status(&self) -> &str {
        self.0["status"].as_str().expect("every buffer has one")
    }

    fn codes(&self, list: &str) -> Vec<&str> {
        let problems = self.0[list].as_array().expect("a list");
        problems
            .iter()
            .filter_map(|one| one["code"].as_str())
            .collect()
    }

    fn warned(&self) -> Vec<&str> {
        self.codes("warnings")
    }

    fn url(&self) -> String {
        self.0["order"]["url"]
            .as_str()
            .expect("an order")
            .to_owned()
    }
}

fn pending(till: &mut Till) -> Vec<String> {
    let told = till.ok("pending", &[]);
    let orders = told.0["data"]["orders"].as_array().expect("a list");
    for order in orders {
        assert!(order["age_s"].as_i64().expect("an age") >= 0);
    }
    let states = orders.iter().map(|one| one["state"].as_str().unwrap_or(""));
    states.map(str::to_owned).collect()
}

#[test]
fn a_clock_that_is_wrong_at_one_opening_takes_nothing() {
    for days in [400, 11, -2, -SIXTEEN_YEARS] {
        let shop = Shop::open(&format!("wrong_once_{days}"));
        shop.have_a_past();
        let before = shop.kept();
        assert_eq!(
            (
                before.given_up,
                before.personal,
                before.reports,
                before.words
            ),
            (0, 1, 1, 1)
        );

        shop.set_clock(days);
        let mut till = shop.till();
        let told = till.open(&shop.config(json!({})));
        assert_eq!(
            (told.status(), told.warned()),
            ("SQ_OK", vec!["clock_doubtful"]),
            "{days}"
        );
        assert_eq!(shop.kept(), before, "{days}");
        assert_eq!(pending(&mut till).len(), 4);
        // seQura says what time it is.
        let told = till.ok("check_credentials", &[]);
        assert_eq!(told.warned(), ["clock_skew"], "{days}");
        let fast = told.0["warnings"][0]["actual"].as_i64().expect("seconds");
        assert!((fast - days * 86_400).abs() < 60, "{fast}");
        assert_eq!(
            till.ok("self_test", &[]).warned(),
            ["clock_skew"],
            "said once"
        );
        assert_eq!(shop.kept(), before, "{days}");
        till.ok("start_solicitation", &[&order()]);
        drop(till);

        // It is set, back and forth and back; nothing is lost by that either.
        for days in [0, -days, 0] {
            shop.set_clock(days);
            assert_eq!(shop.look(json!({})).status(), "SQ_OK");
        }
        // Nobody knows yet which of all this was right.
        let mut till = shop.till();
        let told = till.open(&shop.config(json!({})));
        assert_eq!(told.warned(), ["clock_doubtful"], "{days}");
        let url = shop.approved(&mut till);
        assert_eq!(till.ok("confirm", &[&url]).warned(), Vec::<&str>::new());
        drop(till);
        assert_eq!(shop.look(json!({})).warned(), Vec::<&str>::new());
        let now = shop.kept();
        assert_eq!(
            (now.given_up, now.personal, now.reports, now.words),
            (0, 1, 1, 1),
            "{days}"
        );
        assert_eq!(now.entries, before.entries + 4, "{days}");
    }
}

#[test]
fn what_waits_for_the_clock_is_done_after_the_first_answer() {
    let shop = Shop::open("time_passes");
    let (doubtful, _) = shop.have_a_past();
    let before = shop.kept();
    shop.set_time(ABANDON + 1);
    let mut till = shop.till();
    assert_eq!(
        till.open(&shop.config(json!({}))).warned(),
        ["clock_doubtful"]
    );
    assert_eq!(shop.kept(), before);
    assert_eq!(
        till.ok("check_credentials", &[]).warned(),
        Vec::<&str>::new()
    );
    let after = shop.kept();
    assert_eq!(
        (after.given_up, after.personal, after.reports, after.words),
        (3, 0, 0, 0)
    );
    assert_eq!(after.entries, 3, "one for each that was given up");
    assert_eq!(
        pending(&mut till),
        ["confirming"],
        "money is never given up"
    );
    assert_eq!(till.ok("order_info", &[&doubtful]).url(), doubtful);
    till.ok("recover", &[]);
    assert_eq!(pending(&mut till), ["confirmed"]);
}

#[test]
fn what_waits_is_done_in_the_course_of_a_sale_too_and_does_not_touch_it() {
    let shop = Shop::open("in_a_sale");
    let (_, unsent) = shop.have_a_past();
    shop.set_time(ABANDON + 1);
    let mut till = shop.till();
    till.open(&shop.config(json!({})));
    // Of all orders the one that is due itself, and now it is not any more.
    assert_eq!(
        till.ok("confirm", &[&unsent]).0["order"]["state"],
        "confirmed"
    );
    let after = shop.kept();
    assert_eq!(
        (after.given_up, after.personal, after.reports, after.words),
        (2, 0, 0, 0)
    );
    assert_eq!(
        after.entries, 3,
        "the sale's, and one for each that was given up"
    );
}

#[test]
fn without_a_line_it_is_the_days_that_count() {
    let shop = Shop::open("without_a_line");
    shop.have_a_past();
    let before = shop.kept();
    for day in 1..=ABANDON + 3 {
        // Closed on two of them.
        if day == 4 || day == 5 {
            continue;
        }
        shop.set_clock(day);
        shop.without_a_line();
        let open_days = if day > 5 { day - 2 } else { day };
        let now = shop.kept();
        assert_eq!(now.personal == 0, open_days > KEEP, "{day}: {now:?}");
        assert_eq!(now.words == 0, open_days > KEEP, "{day}: {now:?}");
        assert_eq!(now.given_up == 3, open_days > ABANDON, "{day}: {now:?}");
        assert_eq!(now.reports == 0, open_days > ABANDON, "{day}: {now:?}");
        let is_gone = now.entries < before.entries;
        assert_eq!(is_gone, open_days > LOG, "{day}: {now:?}");
    }
}

/// Ten weeks from Monday to Friday, and holidays; each day ends with a sale.
#[test]
fn nobody_is_warned_on_an_ordinary_monday() {
    let shop = Shop::open("mondays");
    let mut till = shop.till();
    for day in (0..70).filter(|day| day % 7 < 5 && !(30..35).contains(day)) {
        shop.set_time(day);
        let opened = till.open(&shop.config(json!({})));
        assert_eq!(opened.warned(), Vec::<&str>::new(), "on day {day}");
        for function in ["recover", "pending"] {
            assert_eq!(
                till.ok(function, &[]).warned(),
                Vec::<&str>::new(),
                "on day {day}"
            );
        }
        let url = shop.approved(&mut till);
        till.ok("confirm", &[&url]);
        let told = till.ok("set_order_ref", &[&url, &format!("R-{day}"), "\\N"]);
        assert_eq!(told.warned(), Vec::<&str>::new(), "on day {day}");
        // Of which nothing will come.
        till.ok("start_solicitation", &[&order()]);
        till.say(&["close", "till"]);
        till.hear();
        let kept = shop.kept();
        assert!(kept.personal <= KEEP + 1, "{day}: {kept:?}");
        assert!(kept.entries <= 5 * (LOG + 1), "{day}: {kept:?}");
        if day > 2 * ABANDON {
            assert!(
                kept.given_up >= day * 5 / 7 - ABANDON - 6,
                "{day}: {kept:?}"
            );
        }
    }
    till.open(&shop.config(json!({})));
}

#[test]
fn what_is_settled_is_scrubbed_whatever_the_clock_says() {
    let shop = Shop::open("scrubbed");
    let at_once = || json!({"personal_data": "scrub_when_settled"});
    for (number, days) in [0, 4000, -SIXTEEN_YEARS, 0].into_iter().enumerate() {
        shop.set_clock(days);
        let mut till = shop.till();
        till.open(&shop.config(at_once()));
        let url = shop.approved(&mut till);
        till.ok("confirm", &[&url]);
        shop.sandbox.fault(Fault::new(Harm::Delay {
            ms: 300,
            when: When::Before,
        }));
        till.begin("set_order_ref", &[&url, &format!("R-{number}"), "\\N"]);
        // The clock jumps between intent and outcome.
        shop.wait_for_a_request();
        shop.set_clock(-2 * days + 1);
        assert_eq!(till.told().status(), "SQ_OK");
        assert_eq!(shop.kept().personal, 0, "{days}");
    }
    // What was kept and may not be any more goes with the next opening, though it is "of the future".
    shop.set_clock(4000);
    let mut till = shop.till();
    till.open(&shop.config(json!({})));
    let url = shop.approved(&mut till);
    till.ok("confirm", &[&url]);
    till.ok("set_order_ref", &[&url, "R-9", "\\N"]);
    assert_eq!(shop.kept().personal, 1);
    drop(till);
    shop.set_clock(0);
    assert_eq!(shop.look(at_once()).status(), "SQ_OK");
    assert_eq!(shop.kept().personal, 0);
}

/// What is touched while the clock is wrong is not taken for old when it is right again.
#[test]
fn a_jump_in_the_middle_of_a_call_makes_nothing_old() {
    let shop = Shop::open("in_the_middle");
    drop(shop.opened(json!({})));
    for days in [-SIXTEEN_YEARS, -40, 40, 0] {
        let mut till = shop.till();
        till.open(&shop.config(json!({})));
        shop.sandbox.fault(Fault::new(Harm::Delay {
            ms: 300,
            when: When::After,
        }));
        till.begin("start_solicitation", &[&order()]);
        shop.wait_for_a_request();
        shop.set_clock(days);
        assert_eq!(till.told().status(), "SQ_OK");
        shop.set_clock(0);
        till.ok("check_credentials", &[]);
        drop(till);
        let mut till = shop.till();
        till.open(&shop.config(json!({})));
        till.ok("check_credentials", &[]);
        let kept = shop.kept();
        assert_eq!(kept.given_up, 0, "{days}: {kept:?}");
    }
    assert_eq!(shop.kept().entries, 4);
}

#[test]
fn recovery_neither_sends_nor_gives_up_what_a_doubtful_clock_calls_old() {
    let shop = Shop::open("recovery");
    let (_, unsent) = shop.have_a_past();
    let state = |till: &mut Till| -> String {
        let told = till.ok("order_info", &[&unsent]);
        told.0["order"]["state"].as_str().unwrap_or("").to_owned()
    };
    let recover = |till: &mut Till| till.call("recover", &[&unsent]);
    let puts = shop.puts();

    // Nobody says what time it is.
    shop.set_clock(2);
    let mut till = shop.without_a_line();
    assert_eq!(recover(&mut till).status(), "SQ_UNREACHABLE");
    assert_eq!(state(&mut till), "confirming");
    drop(till);

    // seQura says that the clock is wrong.
    let mut till = shop.opened(json!({}));
    let told = recover(&mut till);
    assert_eq!(
        (told.status(), told.codes("errors")),
        ("SQ_UNREACHABLE", vec!["clock_doubtful"])
    );
    assert_eq!(
        (told.0["next"].as_str(), told.warned()),
        (Some("call_again"), vec!["clock_skew"])
    );
    assert_eq!(
        (state(&mut till).as_str(), shop.puts()),
        ("confirming", puts)
    );

    // The clock is set while the till runs: it was asked for today.
    shop.set_clock(0);
    assert_eq!(recover(&mut till).status(), "SQ_OK");
    assert_eq!(
        (state(&mut till).as_str(), shop.puts()),
        ("confirmed", puts + 1)
    );
}

#[test]
fn recovery_asks_what_time_it_is_before_it_gives_up_a_request() {
    let shop = Shop::open("recovery_later");
    let (_, unsent) = shop.have_a_past();
    let puts = shop.puts();
    shop.set_time(2);
    let mut till = shop.opened(json!({}));
    let told = till.call("recover", &[&unsent]);
    assert_eq!((told.status(), told.warned()), ("SQ_OK", vec![]));
    assert_eq!(told.0["order"]["state"], "form_sent");
    assert_eq!(
        (told.0["next"].as_str(), shop.puts()),
        (Some("confirm"), puts)
    );
}

#[test]
fn a_clock_that_is_set_lets_nobody_into_anothers_call() {
    for days in [400, -SIXTEEN_YEARS] {
        let shop = Shop::open(&format!("claims_{days}"));
        let mut first = shop.opened(json!({"timeouts": {"connect_ms": 20000, "total_ms": 20000}}));
        let mut second = shop.opened(json!({"timeouts": {"connect_ms": 300, "total_ms": 1000}}));
        let url = shop.approved(&mut first);
        shop.sandbox.fault(Fault::new(Harm::Delay {
            ms: 3000,
            when: When::Before,
        }));
        let puts = shop.puts();
        first.begin("confirm", &[&url]);
        shop.wait_for_a_request();
        shop.set_clock(days);
        assert_eq!(second.call("confirm", &[&url]).status(), "SQ_BUSY");
        assert_eq!(second.call("recover", &[]).status(), "SQ_BUSY");
        assert_eq!(first.told().status(), "SQ_OK");
        assert_eq!(shop.puts(), puts + 1, "{days}");
        assert_eq!(second.ok("confirm", &[&url]).0["http"]["attempts"], 0);
    }
}

/// A till that was stopped in the middle of a call lives, and its claim lasts no longer than the call.
#[test]
fn a_clock_that_goes_back_does_not_make_a_claim_last() {
    let shop = Shop::open("stopped");
    let timeouts = json!({"timeouts": {"connect_ms": 1000, "total_ms": 1000}});
    let mut first = shop.opened(timeouts.clone());
    let mut second = shop.opened(timeouts);
    let url = shop.approved(&mut first);
    shop.sandbox.fault(Fault::new(Harm::Delay {
        ms: 500,
        when: When::After,
    }));
    // Before the claim is taken: how soon the rest of this comes to its turn is the machine's affair.
    let began = Instant::now();
    first.begin("confirm", &[&url]);
    shop.wait_for_a_request();
    first.signal("-STOP");
    shop.set_clock(-SIXTEEN_YEARS);
    assert_eq!(second.call("confirm", &[&url]).status(), "SQ_BUSY");
    let mut let_in = None;
    let told = loop {
        let told = second.call("confirm", &[&url]);
        if told.status() != "SQ_BUSY" {
            let_in.get_or_insert(began.elapsed());
        }
        // On a machine that is busy a second may pass before it is asked.
        if !["SQ_BUSY", "SQ_UNREACHABLE", "SQ_OUTCOME_UNKNOWN"].contains(&told.status()) {
            break told;
        }
        assert!(began.elapsed() < Duration::from_secs(60), "it lasts");
    };
    // Its whole second and the two that it may be late.
    let let_in = let_in.expect("it was let in");
    assert!(let_in > Duration::from_millis(2500), "{let_in:?}");
    assert_eq!(
        (told.status(), &told.0["order"]["state"]),
        ("SQ_OK", &json!("confirmed"))
    );
    first.signal("-CONT");
    assert_eq!(first.told().0["order"]["state"], "confirmed");
}

#[test]
fn every_call_that_hears_what_time_it_is_tells_of_a_wrong_clock() {
    let shop = Shop::open("every_call");
    let mut till = shop.opened(json!({}));
    shop.sandbox.rules(|rules| rules.clock_ahead_s = 3 * 86_400);
    let url = till.ok("start_solicitation", &[&order()]);
    assert_eq!(url.warned(), ["clock_skew"]);
    let fast = url.0["warnings"][0]["actual"].as_i64();
    assert!((fast.expect("seconds") + 3 * 86_400).abs() < 60, "{fast:?}");
    let url = url.url();
    assert_eq!(
        till.ok("send_form", &[&url, "pp3", "\\N"]).warned(),
        ["product_unchecked", "clock_skew"]
    );
    assert_eq!(
        till.call("confirm", &[&url]).warned(),
        ["clock_skew"],
        "a refusal, too"
    );
    // Less than a day is no business of a sale's.
    shop.sandbox.rules(|rules| rules.clock_ahead_s = 80_000);
    assert_eq!(
        till.ok("send_form", &[&url, "pp3", "\\N"]).warned(),
        ["product_unchecked"]
    );
    assert_eq!(till.ok("self_test", &[]).warned(), ["clock_skew"]);
    // What somebody in between has said says nothing of seQura's clock.
    shop.sandbox.rules(|rules| rules.clock_ahead_s = 3 * 86_400);
    let mut till = shop.opened(json!({}));
    let headers: BTreeMap<String, String> = [
        ("X-Request-Id".to_owned(), String::new()),
        (
            "Date".to_owned(),
            "Sat, 21 Nov 2037 03:15:00 GMT".to_owned(),
        ),
    ]
    .into();
    let jsons = r#"{"error":{"code":"blocked"}}"#;
    for (status, body) in [
        (503, "<html>"),
        (503, ""),
        (503, jsons),
        (403, jsons),
        (403, "Blocked."),
        (200, "<html>"),
    ] {
        shop.sandbox.fault(Fault::new(Harm::Status {
            status,
            body: body.to_owned(),
            content_type: "text/plain".to_owned(),
            headers: headers.clone(),
        }));
        let told = till.call("check_credentials", &[]);
        assert_ne!(told.status(), "SQ_OK", "{status} {body}");
        assert_eq!(told.warned(), Vec::<&str>::new(), "{status} {body}");
    }
    assert_eq!(till.ok("check_credentials", &[]).warned(), ["clock_skew"]);
}
