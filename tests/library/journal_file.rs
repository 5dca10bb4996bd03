//! The journal's files are removed at the worst moments of a call: while a till is between what it records,
//! what it sends and what it hears. Nothing is sent then that is not recorded; what was heard is kept; and
//! what the till is told is so.
//!
//! The till is a process of its own (this program again, as `till`), which waits at the named point.
#![cfg(all(unix, feature = "crash-points"))]

use sequra_pos::{Client, Config, Error, Order, Outcome};
use sequra_sandbox::{Fault, Harm, Options, Sandbox, State};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

const TASK: &str = "SEQURA_TEST_TASK";

/// What the child does; as a test it is nothing.
#[test]
fn till() {
    let Ok(task) = std::env::var(TASK) else {
        return;
    };
    let task: Value = serde_json::from_str(&task).unwrap();
    let client = open(&task["config"]);
    let told = match task["url"].as_str() {
        Some(url) => client.confirm(url, None),
        None => client.send_delivery_report(None),
    };
    let told = told.unwrap_or_else(|error| *error.0).to_json();
    drop(client);
    fs::write(task["told"].as_str().unwrap(), told).unwrap();
}

fn open(config: &Value) -> Client {
    let config = Config::from_bytes(config.to_string().as_bytes()).expect("a configuration");
    Client::open(config).expect("the journal opens")
}

/// A shop with a seQura of its own.
struct Shop {
    sequra: Sandbox,
    folder: PathBuf,
}

impl Shop {
    fn new() -> Shop {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("sequra-file-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        fs::create_dir_all(folder.join("till")).unwrap();
        Shop {
            sequra: Sandbox::start(Options::default()).expect("the simulator starts"),
            folder,
        }
    }

    fn journal(&self) -> PathBuf {
        self.folder.join("till/journal.db")
    }

    fn config(&self) -> Value {
        json!({"base_url": self.sequra.http_url(), "account_key": "sandbox_key", "proxy": "none",
               "account_secret": "sandbox_secret", "merchant_id": "shop_es", "journal": self.journal()})
    }

    /// An order that the shopper has completed: its URL and uuid.
    fn approved(&self) -> (String, String) {
        let client = open(&self.config());
        let order = include_str!("../../sandbox/examples/order.json");
        let order = Order::from_json(order).expect("an order");
        let order = client.start_solicitation(order).expect("it starts").order;
        let order = order.unwrap();
        let (url, uuid) = (order.url.unwrap(), order.uuid.unwrap());
        client.send_form(&url, "pp3", None).expect("the form goes");
        self.sequra.approve(&uuid).expect("the shopper is approved");
        (url, uuid)
    }

    /// Has a till call, do something at this point of it, and says what the till was told.
    fn harmed(&self, url: Option<&str>, point: &str, harm: impl Fn(&Path)) -> Value {
        let (here, told) = (self.folder.join("here"), self.folder.join("told"));
        let task = json!({"config": self.config(), "url": url, "told": told});
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "journal_file::till", "--nocapture"])
            .env(TASK, task.to_string())
            .env("SEQURA_POS_PAUSE_AT", format!("{point}:{}", here.display()))
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let mut child = Ended(child);
        let limit = Instant::now() + Duration::from_secs(60);
        while !here.exists() {
            assert!(Instant::now() < limit, "the till comes to {point}");
            assert!(
                child.0.try_wait().unwrap().is_none(),
                "the till lives until {point}"
            );
            std::thread::sleep(Duration::from_millis(2));
        }
        harm(&self.journal());
        // A point may be met more than once.
        let ended = loop {
            let _ = fs::remove_file(&here);
            if let Some(ended) = child.0.try_wait().unwrap() {
                break ended;
            }
            std::thread::sleep(Duration::from_millis(2));
        };
        assert!(ended.success());
        let text = fs::read_to_string(&told).unwrap();
        fs::remove_file(told).unwrap();
        serde_json::from_str(&text).unwrap()
    }

    fn sent(&self) -> u64 {
        self.sequra.stats().requests
    }

    /// The state of each unfinished order, and whether money is at risk.
    fn unfinished(&self) -> (Vec<Value>, bool) {
        let client = open(&self.config());
        let told: Result<Outcome, Error> = client.pending();
        let data = told.unwrap().data.unwrap();
        let orders = data["orders"].as_array().unwrap().iter();
        let states = orders.map(|order| order["state"].clone()).collect();
        (states, data["at_risk"] != json!({}))
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// A process that does not outlive its test.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn part(journal: &Path, suffix: &str) -> PathBuf {
    PathBuf::from(format!("{}{suffix}", journal.display()))
}

/// What is done to the files of a journal, in words and in deed.
type Done = (&'static str, fn(&Path));

/// Everything that can be done to the files so that all can be put back.
const HARMS: &[Done] = &[
    ("journal and companions deleted", |journal| {
        for suffix in ["", "-wal", "-shm"] {
            fs::remove_file(part(journal, suffix)).unwrap();
        }
    }),
    ("journal deleted", |journal| {
        fs::remove_file(journal).unwrap()
    }),
    ("companions deleted", |journal| {
        for suffix in ["-wal", "-shm"] {
            fs::remove_file(part(journal, suffix)).unwrap();
        }
    }),
    ("folder renamed", |journal| {
        let folder = journal.parent().unwrap();
        fs::rename(folder, folder.with_file_name("tidied")).unwrap();
    }),
];

fn codes(list: &Value) -> Vec<&str> {
    let codes = list.as_array().unwrap().iter();
    codes.map(|one| one["code"].as_str().unwrap()).collect()
}

#[test]
fn what_is_not_recorded_any_more_is_not_sent() {
    for (what, harm) in HARMS {
        for point in [
            "before_intent",
            "intent_written",
            "after_intent",
            "before_send",
        ] {
            let shop = Shop::new();
            let (url, uuid) = shop.approved();
            let before = shop.sent();
            let told = shop.harmed(Some(&url), point, harm);
            assert_eq!(told["status"], "SQ_JOURNAL", "{what} at {point}: {told:#}");
            assert_eq!(
                codes(&told["errors"]),
                ["journal_lost"],
                "{what} at {point}"
            );
            assert_eq!(told["http"], Value::Null);
            let message = told["errors"][0]["message"].as_str().unwrap();
            assert!(message.ends_with("Nothing was sent."), "{message}");
            assert_eq!(shop.sent(), before, "{what} at {point}");
            assert_eq!(shop.sequra.order(&uuid).unwrap().state, State::Approved);
            // Nobody sends it later either: the till was told that it was not.
            assert_eq!(
                shop.unfinished(),
                (vec![json!("form_sent")], false),
                "{what} at {point}"
            );
            let client = open(&shop.config());
            client.recover(None).expect("there is nothing to recover");
            assert_eq!(shop.sent(), before);
            client.confirm(&url, None).expect("the sale goes on");
        }
    }
}

#[test]
fn what_was_heard_is_told_and_kept() {
    for (what, harm) in HARMS {
        for point in [
            "after_send",
            "after_answer",
            "outcome_written",
            "after_outcome",
        ] {
            let shop = Shop::new();
            let (url, uuid) = shop.approved();
            let told = shop.harmed(Some(&url), point, harm);
            assert_eq!(told["status"], "SQ_OK", "{what} at {point}: {told:#}");
            assert_eq!(told["order"]["state"], "confirmed");
            assert_eq!(
                codes(&told["warnings"]),
                ["journal_lost"],
                "{what} at {point}"
            );
            assert_eq!(shop.sequra.order(&uuid).unwrap().state, State::Confirmed);
            assert_eq!(
                shop.unfinished(),
                (vec![json!("confirmed")], true),
                "{what} at {point}"
            );
        }
    }
}

/// What an earlier attempt may have done stays open.
#[test]
fn what_was_in_doubt_stays_in_doubt() {
    for (what, harm) in HARMS {
        let shop = Shop::new();
        let (url, uuid) = shop.approved();
        let lost = Fault::new(Harm::CloseAfter {});
        shop.sequra.fault(lost.method("PUT").state("confirmed"));
        open(&shop.config())
            .confirm(&url, None)
            .expect_err("no answer");
        let told = shop.harmed(Some(&url), "before_send", harm);
        assert_eq!(told["status"], "SQ_JOURNAL", "{what}");
        assert_eq!(
            shop.unfinished(),
            (vec![json!("confirming")], true),
            "{what}"
        );
        open(&shop.config())
            .recover(None)
            .expect("it is asked again");
        assert_eq!(shop.sequra.order(&uuid).unwrap().state, State::Confirmed);
        assert_eq!(shop.unfinished(), (vec![json!("confirmed")], true));
    }
}

#[test]
fn delivery_reports_go_the_same_way() {
    for (what, harm) in HARMS {
        for (point, arrives) in [
            ("intent_written", false),
            ("before_send", false),
            ("after_answer", true),
        ] {
            let shop = Shop::new();
            let told = shop.harmed(None, point, harm);
            let arrived = shop.sequra.delivery_reports().len();
            if arrives {
                assert_eq!(
                    (told["status"].as_str(), arrived),
                    (Some("SQ_OK"), 1),
                    "{what} at {point}"
                );
                assert_eq!(codes(&told["warnings"]), ["journal_lost"]);
            } else {
                assert_eq!(
                    (told["status"].as_str(), arrived),
                    (Some("SQ_JOURNAL"), 0),
                    "{what} at {point}"
                );
                assert_eq!(codes(&told["errors"]), ["journal_lost"]);
            }
            open(&shop.config())
                .send_delivery_report(None)
                .expect("the next one");
            assert_eq!(
                shop.sequra.delivery_reports().len(),
                arrived + 1,
                "{what} at {point}"
            );
        }
    }
}
