//! A shop: a journal, its tills' books, and the simulated seQura it sells with.

use crate::book::{self, Call};
use crate::journal::Dump;
use crate::ledger::Item;
use crate::oracle::{Ledgers, Rest};
use crate::till::{Crash, Till};
use crate::world::{Clock, Deed};
use sequra_sandbox::{Options, RequestEntry, Sandbox};
use serde_json::{Value, json};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, Instant};

pub const MERCHANT: &str = "shop_es";
/// A sale of this name is another till's, with another journal: no business of the oracle's.
pub const ELSEWHERE: &str = "elsewhere";
pub const ELSEWHERE_BOOK: &str = "elsewhere.book";
/// The configuration of a till whose line is down: what it sends surely never left.
pub const REFUSED: &str = "refused.json";
/// The same journal by other names: through a link to it, through a link to its folder, and relative to
/// the configuration.
pub const BY_OTHER_NAMES: [&str; 3] = ["linked.json", "door.json", "relative.json"];
/// In a folder of its own, relative to the shop's.
pub const JOURNAL: &str = "journal/shop.journal";
const JOURNAL_FOLDER: &str = "journal";
/// Under the pauses between attempts to connect, which a test need not wait for.
const SHORT_MS: u32 = 240;

pub struct Shop {
    pub sandbox: Sandbox,
    folder: PathBuf,
    books: Vec<String>,
    /// That everything was shipped is the last step of each sale.
    ships_after_the_sale: bool,
    /// The tills' clock, as it was set.
    clock: Mutex<Clock>,
    /// What was done to the journal's files.
    deeds: Mutex<Vec<Deed>>,
}

impl Shop {
    pub fn open(folder: PathBuf) -> Shop {
        let mut options = Options::default();
        // The shopper fills in the form the moment it comes.
        options.rules.auto_approve_ms = Some(0);
        options.rules.hold_requires_review = false;
        let sandbox = Sandbox::start(options).expect("it can listen");
        let mut shop = Shop {
            sandbox,
            folder,
            books: Vec::new(),
            ships_after_the_sale: false,
            clock: Mutex::default(),
            deeds: Mutex::default(),
        };
        shop.start_afresh();
        shop
    }

    /// Another shop in the place of this one: nobody remembers anything.
    pub fn start_afresh(&mut self) {
        self.sandbox.reset();
        self.sandbox.rules(|rules| rules.clock_ahead_s = 0);
        self.books.clear();
        self.ships_after_the_sale = false;
        self.clock = Mutex::default();
        self.deeds = Mutex::default();
        // There may be nothing yet.
        let _ = fs::remove_dir_all(&self.folder);
        fs::create_dir_all(self.journal_folder()).expect("Cargo's folder for tests is writable");
        self.write_configs();
        let in_folder = |name: &str| self.folder.join(name);
        symlink(JOURNAL, in_folder("link.journal")).expect("the folder is empty");
        symlink(JOURNAL_FOLDER, in_folder("door")).expect("the folder is empty");
    }

    /// From now on that everything was shipped is the last step of each sale.
    pub fn ship_after_the_sale(&mut self) {
        self.ships_after_the_sale = true;
        self.write_configs();
    }

    fn write_configs(&self) {
        let in_folder = |name: &str| self.folder.join(name);
        self.write_config("config.json", &in_folder(JOURNAL), 5000);
        self.write_config("other.json", &in_folder("other.journal"), 5000);
        self.write_config(REFUSED, &in_folder(JOURNAL), SHORT_MS);
        self.write_config("hasty.json", &in_folder(JOURNAL), SHORT_MS);
        self.write_config("linked.json", &in_folder("link.journal"), 5000);
        self.write_config("door.json", &in_folder("door/shop.journal"), 5000);
        self.write_config("relative.json", Path::new(JOURNAL), 5000);
    }

    fn write_config(&self, name: &str, journal: &Path, total_ms: u32) {
        let config = json!({
            "base_url": self.sandbox.http_url(),
            "account_key": "sandbox_key",
            "account_secret": "sandbox_secret",
            "merchant_id": MERCHANT,
            "journal": journal,
            "proxy": "none",
            "goods_leave": if self.ships_after_the_sale { "after_the_sale" } else { "later" },
            "timeouts": {"connect_ms": total_ms, "total_ms": total_ms},
        });
        fs::write(self.folder.join(name), config.to_string()).expect("the folder is writable");
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    pub fn journal_folder(&self) -> PathBuf {
        self.folder.join(JOURNAL_FOLDER)
    }

    pub fn journal_path(&self) -> PathBuf {
        self.folder.join(JOURNAL)
    }

    /// Sets the tills' clock so many ms ahead, or behind.
    pub fn set_clock(&self, ahead_ms: i64) {
        let fresh = self.folder.join("clock.new");
        fs::write(&fresh, ahead_ms.to_string()).expect("the folder is writable");
        let place = self.folder.join("clock");
        let mut clock = self.clock.lock().unwrap();
        clock.set(ahead_ms, || fs::rename(fresh, place).expect("in one piece"));
    }

    /// Here and at seQura.
    pub fn let_a_day_pass(&self) {
        const DAY_S: i64 = 86_400;
        let mut passed = 0;
        self.sandbox.rules(|rules| {
            rules.clock_ahead_s += DAY_S;
            passed = rules.clock_ahead_s;
        });
        self.set_clock(passed * 1000);
    }

    /// Does something to the journal's files, and remembers it.
    pub fn meddle<T>(&self, what: &'static str, takes_locks: bool, deed: impl FnOnce() -> T) -> T {
        let from = crate::world::now();
        // Known before it is done: somebody may ask meanwhile.
        let at = {
            let mut deeds = self.deeds.lock().unwrap();
            deeds.push(Deed {
                what,
                takes_locks,
                from,
                to: f64::INFINITY,
            });
            deeds.len() - 1
        };
        let done = deed();
        self.deeds.lock().unwrap()[at].to = crate::world::now();
        done
    }

    /// A process of the till with this book, under one of the configurations.
    pub fn till(&mut self, book: &str, config: &str, crash: Crash) -> Till {
        self.know_book(book);
        self.till_of(book, config, crash)
    }

    /// The same, where the book is known already.
    pub fn till_of(&self, book: &str, config: &str, crash: Crash) -> Till {
        let has_line = config != REFUSED;
        Till::start(
            &self.folder.join(config),
            &self.folder.join(book),
            crash,
            has_line,
        )
    }

    /// A book that the oracle has to read.
    pub fn know_book(&mut self, book: &str) {
        if !self.books.iter().any(|known| known == book) {
            self.books.push(book.to_owned());
        }
    }

    /// The order of a sale as a file that tills are given. The sale's name is in its item, so that
    /// whoever sees the order knows whose it is; `variant` tells its files apart.
    pub fn write_order(&self, sale: &str, variant: &str, order_ref_1: Option<&str>, total: i64) {
        let order = order(sale, order_ref_1, cart(&goods(sale, total)));
        self.write(&order_file(sale, variant), &order);
    }

    /// A file that tills are given.
    pub fn write(&self, file: &str, content: &Value) {
        fs::write(self.folder.join(file), content.to_string()).expect("the folder is writable");
    }

    pub fn journal(&self) -> Dump {
        Dump::read(&self.journal_path())
    }

    /// Waits until the simulator has answered everything, also to those who no longer listen.
    pub fn wait_for_silence(&self) {
        let until = Instant::now() + Duration::from_secs(10);
        let mut last = u64::MAX;
        loop {
            let requests = self.sandbox.stats().requests;
            let log = self.sandbox.requests();
            let waiting = log.iter().any(|request| request.answered_at.is_none());
            if (requests == last && !waiting) || Instant::now() > until {
                return;
            }
            last = requests;
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// The same, when nobody has the journal open.
    pub fn closed_ledgers(&self) -> Ledgers {
        let mut bytes = String::new();
        let there = fs::read_dir(self.journal_folder());
        for entry in there.expect("it is there").flatten() {
            // What was held of a journal that was replaced is for a person, what was renamed is
            // that person's, and a till that dies while it puts the journal back leaves its copy.
            let name = entry.file_name().to_string_lossy().into_owned();
            let is_aside = [".held-", ".aside", "-copy-"]
                .iter()
                .any(|word| name.contains(word));
            if !is_aside {
                let read = fs::read(entry.path()).expect("it can be read");
                bytes += &String::from_utf8_lossy(&read);
            }
        }
        Ledgers {
            bytes: Some(bytes),
            ..self.ledgers(None)
        }
    }

    fn orders_elsewhere(&self) -> Vec<String> {
        let book = self.folder.join(ELSEWHERE_BOOK);
        if !book.exists() {
            return Vec::new();
        }
        let told = book::read(&book)
            .into_iter()
            .filter_map(|call| call.told?.1.uuid);
        told.collect()
    }

    /// What everybody knows now.
    pub fn ledgers(&self, rest: Option<Rest>) -> Ledgers {
        let calls: Vec<Vec<Call>> = self
            .books
            .iter()
            .filter(|book| self.folder.join(book).exists())
            .map(|name| book::read(&self.folder.join(name)))
            .collect();
        let elsewhere: Vec<String> = self.orders_elsewhere();
        let here = |uuid: &str| !elsewhere.iter().any(|other| uuid.contains(other.as_str()));
        let is_here = |request: &RequestEntry| {
            let body = request.body.as_deref().unwrap_or_default();
            here(&request.path) && !body.contains(ELSEWHERE)
        };
        let mut ledgers = Ledgers {
            orders: kept(self.sandbox.orders(), |order| here(&order.uuid)),
            events: kept(self.sandbox.ledger(), |event| here(&event.uuid)),
            requests: kept(self.sandbox.requests(), is_here),
            sms: kept(self.sandbox.sms(), |sms| here(&sms.uuid)),
            journal: self.journal(),
            calls: calls.into_iter().flatten().collect(),
            files: Default::default(),
            rest,
            bytes: None,
            is_evening: false,
            ships_after_the_sale: self.ships_after_the_sale,
            clock: self.clock.lock().unwrap().clone(),
            deeds: self.deeds.lock().unwrap().clone(),
        };
        for call in &ledgers.calls {
            let file = &call.argument;
            if file.ends_with(".json") && !ledgers.files.contains_key(file) {
                let text = fs::read_to_string(self.folder.join(file)).expect("it was asked with");
                let order = serde_json::from_str(&text).expect("it is JSON");
                ledgers.files.insert(file.clone(), order);
            }
        }
        ledgers
    }
}

fn kept<T>(mut all: Vec<T>, keep: impl Fn(&T) -> bool) -> Vec<T> {
    all.retain(|one| keep(one));
    all
}

pub fn order_file(sale: &str, variant: &str) -> String {
    format!("{sale}{variant}.json")
}

/// What of a sale is nobody's business but the shopper's; each sale has its own.
pub fn personal(sale: &str) -> [String; 7] {
    let digits: u64 = sale.bytes().fold(7, |sum, byte| {
        sum.wrapping_mul(31).wrapping_add(byte.into()) % 100_000_000
    });
    [
        format!("Nombre{sale}x"),
        format!("Apellidos{sale}x"),
        format!("Calle{sale}x 1"),
        format!("Ciudad{sale}x"),
        format!("6{digits:08}"),
        format!("correo{sale}x@example.es"),
        format!("nin{sale}x"),
    ]
}

/// What every sale sells: among it three pieces for a price that three do not divide, and a
/// reduction.
pub fn goods(sale: &str, total: i64) -> Vec<Item> {
    let item = |reference: &str, quantity, cents| Item {
        reference: reference.to_owned(),
        quantity,
        cents,
    };
    vec![
        item(sale, Some(3), total - 300),
        item("GORRA", Some(2), 301),
        item("ENVIO", None, 100),
        item("VALE", None, -101),
    ]
}

/// A cart of these lines: those without a quantity are fees and reductions.
pub fn cart(items: &[Item]) -> Value {
    let lines = items.iter().map(|item| match item.quantity {
        Some(quantity) => json!({
            "type": "product", "reference": item.reference, "name": "Camisa",
            "price_with_tax": item.cents / quantity, "quantity": quantity,
            "total_with_tax": item.cents, "downloadable": false,
        }),
        None => json!({
            "type": if item.cents < 0 { "discount" } else { "handling" },
            "reference": item.reference, "name": "Otros", "total_with_tax": item.cents,
        }),
    });
    let total: i64 = items.iter().map(|item| item.cents).sum();
    json!({
        "currency": "EUR", "gift": false, "order_total_with_tax": total,
        "items": Value::from_iter(lines),
    })
}

/// An order; its shopper is the sale's own.
pub fn order(sale: &str, order_ref_1: Option<&str>, cart: Value) -> Value {
    let [given_names, surnames, street, city, phone, email, nin] = personal(sale);
    let address = json!({
        "given_names": given_names, "surnames": surnames, "company": "",
        "address_line_1": street, "address_line_2": "", "postal_code": "28001", "city": city,
        "country_code": "ES", "mobile_phone": phone,
    });
    let mut order = json!({
        "merchant": {"id": MERCHANT},
        "cart": cart,
        "delivery_method": {"name": "tienda"},
        "delivery_address": address,
        "invoice_address": address,
        "customer": {
            "given_names": given_names, "surnames": surnames, "email": email, "nin": nin,
            "logged_in": "unknown", "language_code": "es-ES", "ip_number": "127.0.0.1",
            "user_agent": null,
        },
        "gui": {"layout": "desktop"},
        "platform": {"name": "till", "version": "1", "uname": "linux", "db_name": "none",
            "db_version": "0"},
    });
    if let Some(order_ref_1) = order_ref_1 {
        order["merchant_reference"] = json!({"order_ref_1": order_ref_1});
    }
    json!({"order": order})
}
