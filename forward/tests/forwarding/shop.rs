//! A shop in a folder of its own: a till, the simulated seQura it sells with, and the forwarder's program.

use crate::office::Office;
use rusqlite::types::Value as Cell;
use rusqlite::{Connection, OpenFlags};
use sequra_pos::{Client, Config, Order};
use sequra_sandbox::{Options, Sandbox};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

type Rows = Vec<BTreeMap<String, Cell>>;

/// Whose rows travel.
const TABLES: [&str; 7] = [
    "orders",
    "contents",
    "steps",
    "refusals",
    "unshipped",
    "reports",
    "log",
];

pub struct Shop {
    pub folder: PathBuf,
    pub office: Arc<Office>,
    pub sandbox: Sandbox,
    sold: AtomicU32,
}

impl Shop {
    pub fn open(name: &str) -> Shop {
        Shop::with(name, Office::start())
    }

    pub fn with(name: &str, office: Arc<Office>) -> Shop {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("forward-{name}"));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("Cargo's folder for tests is writable");
        let mut options = Options::default();
        options.rules.auto_approve_ms = Some(0);
        Shop {
            folder,
            office,
            sandbox: Sandbox::start(options).expect("it listens"),
            sold: AtomicU32::new(0),
        }
    }

    pub fn journal(&self) -> PathBuf {
        self.folder.join("till.journal")
    }

    pub fn till(&self) -> Client {
        self.till_of(&self.journal())
    }

    /// One that may not open.
    pub fn try_till(&self) -> Result<Client, sequra_pos::Error> {
        Client::open(self.config(&self.journal()))
    }

    pub fn till_of(&self, journal: &Path) -> Client {
        Client::open(self.config(journal)).expect("the till opens")
    }

    fn config(&self, journal: &Path) -> Config {
        let config = json!({
            "base_url": self.sandbox.http_url(),
            "account_key": "sandbox_key",
            "account_secret": "sandbox_secret",
            "merchants": {"ES": "shop_es"},
            "journal": journal.to_string_lossy(),
            "goods_leave": "later",
        });
        Config::from_value(config).expect("a configuration")
    }

    /// An order that seQura has confirmed; its address.
    pub fn confirmed(&self, till: &Client) -> String {
        let url = self.started(till);
        till.send_form(&url, "pp3", None).expect("the form comes");
        till.confirm(&url, None).expect("it is confirmed");
        url
    }

    pub fn started(&self, till: &Client) -> String {
        let outcome = till.start_solicitation(self.order()).expect("it starts");
        let order = outcome.order.expect("an order");
        order.url.expect("with its address")
    }

    /// A sale from beginning to end; its reference.
    pub fn sell(&self, till: &Client) -> String {
        let url = self.confirmed(till);
        let order_ref = format!("R-{}", self.sold.fetch_add(1, Ordering::SeqCst));
        till.set_order_ref(&url, &order_ref, None)
            .expect("its reference");
        order_ref
    }

    pub fn order(&self) -> Order {
        let text = include_str!("../../../bindings/c/order.json");
        let value: Value = serde_json::from_str(text).expect("JSON");
        Order::from_value(value).expect("an order")
    }

    /// The forwarder's program.
    pub fn forward(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sequra-forward"));
        command
            .arg("--config")
            .arg(self.folder.join("forward.json"));
        command.args(words).stdin(Stdio::null());
        for name in [
            "SEQURA_FORWARD_CONFIG",
            "https_proxy",
            "HTTPS_PROXY",
            "all_proxy",
        ] {
            command.env_remove(name);
        }
        command
    }

    pub fn called(&self, words: &[&str]) -> Output {
        self.forward(words).output().expect("the program runs")
    }

    /// Calls it, and says how it ended.
    pub fn ends(&self, words: &[&str]) -> (i32, String) {
        let output = self.called(words);
        let text = [output.stdout, output.stderr].concat();
        let code = output.status.code().expect("it ends by itself");
        (code, String::from_utf8_lossy(&text).into_owned())
    }

    pub fn enrol_words<'a>(&'a self, journal: &'a str, code: &'a str) -> [&'a str; 7] {
        let url = self.office.url.as_str();
        [
            "enrol",
            "--journal",
            journal,
            "--office",
            url,
            "--code",
            code,
        ]
    }

    /// Enrols the till's journal.
    pub fn enrol(&self) {
        let code = self.office.code("CODE-1");
        let journal = self.journal();
        let journal = journal.to_string_lossy();
        let (ended, said) = self.ends(&self.enrol_words(&journal, &code));
        assert_eq!(ended, 0, "{said}");
    }

    /// Carries what there is.
    pub fn once(&self) {
        let (ended, said) = self.ends(&["run", "--once"]);
        assert_eq!(ended, 0, "{said}");
    }

    /// Begins to carry for ever; its lines go to a file.
    pub fn running(&self) -> Running {
        self.running_with("forward.json")
    }

    /// The same with another configuration.
    pub fn running_with(&self, config: &str) -> Running {
        let config = self.folder.join(config);
        let log = self.folder.join("forward.log");
        let log = log.to_string_lossy();
        let mut command = Command::new(env!("CARGO_BIN_EXE_sequra-forward"));
        command
            .arg("--config")
            .arg(config)
            .args(["--log", &log, "run"]);
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        Running(child.expect("the program runs"))
    }

    /// Another journal is carried, too.
    pub fn carry_too(&self, journal: &Path) {
        self.configure(|config| {
            let journals = config["journals"].as_array_mut().expect("a list");
            journals.push(journal.to_string_lossy().into());
        });
    }

    /// How often a quiet till asks the office, s.
    pub fn ask_every(&self, seconds: u32) {
        self.configure(|config| config["ask_every_s"] = seconds.into());
    }

    fn configure(&self, change: impl FnOnce(&mut Value)) {
        let path = self.folder.join("forward.json");
        let text = fs::read_to_string(&path).expect("it is enrolled");
        let mut config = serde_json::from_str(&text).expect("JSON");
        change(&mut config);
        fs::write(&path, config.to_string()).expect("it is written");
    }

    /// Another configuration for the same journal, with what is kept in another folder.
    pub fn has_another_state(&self) {
        let path = self.folder.join("forward.json");
        let mut config: Value =
            serde_json::from_str(&fs::read_to_string(path).expect("it is enrolled")).expect("JSON");
        config["state"] = "other-state".into();
        let other = self.folder.join("other-state");
        fs::create_dir(&other).expect("a folder");
        for file in fs::read_dir(self.folder.join("state"))
            .expect("a folder")
            .flatten()
        {
            fs::copy(file.path(), other.join(file.file_name())).expect("it is copied");
        }
        fs::write(self.folder.join("other.json"), config.to_string()).expect("it is written");
    }

    /// The last order so many times, as of years.
    pub fn multiply(&self, times: u32) {
        let connection = Connection::open(self.journal()).expect("a journal");
        let columns = |table: &str, key: &str| {
            let query = format!(
                "SELECT group_concat(name) FROM pragma_table_info('{table}') WHERE name NOT IN ({key})"
            );
            connection
                .query_row(&query, [], |row| row.get::<_, String>(0))
                .expect("columns")
        };
        let orders = columns("orders", "'id','uuid','order_ref_1'");
        let contents = columns("contents", "'order_id'");
        let steps = columns("steps", "'id','order_id'");
        let many = format!(
            "WITH RECURSIVE n(n) AS (SELECT 1001 UNION ALL SELECT n + 1 FROM n WHERE n < {})",
            1000 + times
        );
        connection
            .execute_batch(&format!(
                "BEGIN; {many} INSERT INTO orders (id, uuid, order_ref_1, {orders}) SELECT n, 'u-' || n, 'M-' || n, {orders} FROM n, orders WHERE id = 1; \
                 {many} INSERT INTO contents (order_id, {contents}) SELECT n, {contents} FROM n, contents WHERE order_id = 1; \
                 {many} INSERT INTO steps (order_id, {steps}) SELECT n, {steps} FROM n, steps WHERE order_id = 1; COMMIT;"
            ))
            .expect("many orders");
    }

    /// Whether the office stands where the journal stands.
    pub fn is_caught_up(&self) -> bool {
        let newest = rows(&self.journal(), "SELECT max(seq) AS seq FROM changes");
        let position = self
            .office
            .streams()
            .pop()
            .and_then(|(_, kept)| kept.position);
        position.is_some_and(|there| newest[0]["seq"] == Cell::Integer(there.seq))
    }

    pub fn said(&self) -> String {
        fs::read_to_string(self.folder.join("forward.log")).unwrap_or_default()
    }

    /// The rows of a table in the till's journal.
    pub fn here(&self, table: &str) -> Vec<BTreeMap<String, Cell>> {
        rows(&self.journal(), &format!("SELECT * FROM {table}"))
    }

    /// The office has what the journal has, table by table.
    #[track_caller]
    pub fn assert_forwarded(&self) {
        for table in TABLES {
            let (here, there) = self.both(table);
            assert_eq!(here, there, "{table}");
        }
    }

    pub fn is_forwarded(&self) -> bool {
        TABLES.iter().all(|table| {
            let (here, there) = self.both(table);
            here == there
        })
    }

    fn both(&self, table: &str) -> (Rows, Rows) {
        let mut both = (self.here(table), as_sqlite(self.office.rows(table)));
        let key =
            |row: &BTreeMap<String, Cell>| format!("{:?} {:?}", row.get("order_id"), row.get("id"));
        both.0.sort_by_key(key);
        both.1.sort_by_key(key);
        both
    }
}

pub fn rows(journal: &Path, query: &str) -> Vec<BTreeMap<String, Cell>> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE;
    let connection = Connection::open_with_flags(journal, flags).expect("a journal");
    connection
        .busy_timeout(Duration::from_secs(10))
        .expect("it waits");
    let mut statement = connection.prepare(query).expect("a query");
    let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let row = |row: &rusqlite::Row| {
        let cells = names.iter().enumerate();
        let cells = cells.map(|(at, name)| Ok((name.clone(), row.get(at)?)));
        cells.collect()
    };
    let found = statement.query_map([], row).expect("rows");
    found.collect::<Result<_, _>>().expect("rows")
}

fn as_sqlite(rows: Vec<sequra_frames::cell::Row>) -> Vec<BTreeMap<String, Cell>> {
    use sequra_frames::cell::Cell as There;
    let cell = |cell| match cell {
        There::Null => Cell::Null,
        There::Integer(number) => Cell::Integer(number),
        There::Text(text) => Cell::Text(text),
        There::Bytes(bytes) => Cell::Blob(bytes),
        There::Sealed(place) => panic!("{place} is still sealed"),
    };
    let row = |row: sequra_frames::cell::Row| {
        row.into_iter()
            .map(|(name, value)| (name, cell(value)))
            .collect()
    };
    rows.into_iter().map(row).collect()
}

/// A forwarder that is at work; killed when it goes.
pub struct Running(pub Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Waits until something is so.
#[track_caller]
pub fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(
            began.elapsed() < Duration::from_secs(60),
            "{what}: not in a minute"
        );
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Puts a journal in the place of another, as an image of a disk does: with everything that was done.
pub fn copied(from: &Path, to: &Path) {
    for suffix in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(format!("{}{suffix}", to.display()));
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE;
    let source = Connection::open_with_flags(from, flags).expect("a journal");
    let mut target = Connection::open(to).expect("a place for it");
    let backup = rusqlite::backup::Backup::new(&source, &mut target).expect("it is copied");
    backup.step(-1).expect("all of it");
    drop(backup);
    target
        .pragma_update(None, "journal_mode", "wal")
        .expect("as a till leaves it");
}
