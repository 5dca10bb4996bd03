//! A till's forwarder, as the office sees it: what it sends is made here.

use super::office::Office;
use ring::digest::{SHA256, digest};
use sequra_frames::cell::{Cell, Row};
use sequra_frames::enrolment::{Enrolment, Incarnation, Why};
use sequra_frames::frame::{Entry, Frame, Head, Order, Position, Stream, TableRow};
use sequra_frames::refusal::Refusal;
use sequra_frames::sealing::{PublicKey, seal_entry, seal_order};
use sequra_frames::standing::Standing;
use sequra_office::random;
use serde::Serialize;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

/// The answer, or the status and what is said.
pub type Answer = Result<Standing, (u16, Refusal)>;

/// A till.
#[derive(Clone)]
pub struct Till {
    pub url: String,
    pub token: String,
    pub stream: Stream,
    pub key: PublicKey,
    pub position: Option<Position>,
    /// The log's last entry, and its hash.
    pub last: (i64, Vec<u8>),
    pub agent: ureq::Agent,
}

impl Till {
    /// One that the office does not know yet.
    pub fn new(url: &str, agent: ureq::Agent) -> Till {
        Till {
            url: url.to_owned(),
            token: random::hex(&random::bytes::<32>()),
            stream: Stream {
                journal_id: random::id(),
                incarnation: random::id(),
            },
            key: PublicKey {
                id: String::new(),
                public: String::new(),
            },
            position: None,
            last: (0, vec![0; 32]),
            agent,
        }
    }

    /// One that is enrolled.
    pub fn enrol(office: &Office, name: &str) -> Till {
        let mut till = Till::new(&office.url, agent(None));
        let standing = till.ask_in(&office.code(name)).expect("enrolled");
        assert_eq!(standing.position, None);
        till.key = standing.key;
        till
    }

    /// With this code.
    pub fn ask_in(&self, code: &str) -> Answer {
        let enrolment = Enrolment {
            code: code.to_owned(),
            token: self.token.clone(),
            journal_id: self.stream.journal_id.clone(),
            incarnation: self.stream.incarnation.clone(),
            machine: "CAJA-1".into(),
        };
        self.post("enrolments", &enrolment)
    }

    pub fn standing(&self) -> Answer {
        let Stream {
            journal_id,
            incarnation,
        } = &self.stream;
        let query = format!("standing?journal_id={journal_id}&incarnation={incarnation}");
        let url = format!("{}/api/1/{query}", self.url);
        let asked = self.agent.get(&url).header("Authorization", self.bearer());
        read(asked.call())
    }

    pub fn begin(&mut self, why: Why) -> Answer {
        let parent = std::mem::replace(&mut self.stream.incarnation, random::id());
        self.position = None;
        let asked = Incarnation {
            journal_id: self.stream.journal_id.clone(),
            incarnation: self.stream.incarnation.clone(),
            parent,
            why,
        };
        self.post("incarnations", &asked)
    }

    /// From where the till thinks that the office stands, so many changes further.
    pub fn frame(&mut self, orders: Vec<Order>, entries: Vec<Entry>) -> Frame {
        let seq = self.position.map_or(0, |position| position.seq);
        let nonce = i64::from_le_bytes(random::bytes());
        let to = Position {
            seq: seq + 1 + orders.len() as i64,
            nonce,
        };
        let (id, hash) = self.last.clone();
        Frame {
            stream: self.stream.clone(),
            from: self.position,
            to,
            newest: to,
            schema: 3,
            orders,
            entries,
            head: (id > 0).then_some(Head {
                id,
                hash: Cell::Bytes(hash),
            }),
            reanchored_until: None,
            sent_at: sequra_office::clock::now(),
        }
    }

    /// Sends it; the till goes on from where the office stands.
    pub fn send(&mut self, frame: &Frame) -> Answer {
        let answer = self.post("frames", frame);
        if let Ok(standing) = &answer {
            self.position = standing.position;
            self.key = standing.key.clone();
        }
        answer
    }

    /// Entries with these words, at the end of the log.
    pub fn log(&mut self, steps: &[&str]) -> Vec<Entry> {
        let entries = steps.iter().map(|step| self.write(step));
        entries.collect()
    }

    fn write(&mut self, step: &str) -> Entry {
        let (last, previous) = self.last.clone();
        let row = entry(last + 1, step, &previous);
        let Some(Cell::Bytes(hash)) = row.get("hash").cloned() else {
            panic!("an entry has a hash");
        };
        self.last = (last + 1, hash);
        seal_entry(&self.stream, &self.key, last + 1, row).expect("sealed")
    }

    /// The order, sealed for the office.
    pub fn sealed(&self, id: i64, rows: Vec<TableRow>) -> Order {
        seal_order(&self.stream, &self.key, id, rows).expect("sealed")
    }

    pub fn post(&self, path: &str, body: &impl Serialize) -> Answer {
        self.post_bytes(path, &serde_json::to_vec(body).expect("JSON"))
    }

    pub fn post_bytes(&self, path: &str, body: &[u8]) -> Answer {
        let url = format!("{}/api/1/{path}", self.url);
        let asked = self.agent.post(&url).header("Authorization", self.bearer());
        read(
            asked
                .header("User-Agent", "sequra-forward/0.1.0")
                .send(body),
        )
    }

    fn bearer(&self) -> String {
        format!("Bearer {}", self.token)
    }
}

/// Over HTTPS it trusts whoever has this certificate, and nobody else.
pub fn agent_that_trusts(pem: &str) -> ureq::Agent {
    agent(Some(pem))
}

fn agent(pem: Option<&str>) -> ureq::Agent {
    let mut config = ureq::Agent::config_builder().http_status_as_error(false);
    if let Some(pem) = pem {
        let certificate = Certificate::from_pem(pem.as_bytes()).expect("a certificate");
        let roots = RootCerts::new_with_certs(&[certificate]);
        config = config.tls_config(TlsConfig::builder().root_certs(roots).build());
    }
    config.build().into()
}

fn read(answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Answer {
    let mut answer = answer.expect("an answer");
    let status = answer.status().as_u16();
    let body = answer.body_mut().read_to_vec().expect("a body");
    match status {
        200 => Ok(serde_json::from_slice(&body).expect("a standing")),
        _ => {
            let text = String::from_utf8_lossy(&body).into_owned();
            Err((status, serde_json::from_slice(&body).expect(&text)))
        }
    }
}

/// The rows of an order in this state, with a step that is open or not.
pub fn order(id: i64, state: &str, open: Option<&str>) -> Vec<TableRow> {
    let text = |text: &str| Cell::Text(text.into());
    let row = |table: &str, cells: &[(&str, Cell)]| TableRow {
        table: table.into(),
        row: cells
            .iter()
            .map(|(name, cell)| ((*name).to_owned(), cell.clone()))
            .collect(),
    };
    let mut rows = vec![
        row(
            "orders",
            &[
                ("id", Cell::Integer(id)),
                ("endpoint", text("https://sandbox.sequrapi.com")),
                ("merchant_id", text("shop_es")),
                ("uuid", text(&format!("uuid-{id}"))),
                ("state", text(state)),
                ("order_ref_1", text(&format!("T-{id}"))),
                ("amount", Cell::Integer(12_345)),
                ("currency", text("EUR")),
                ("created_at", Cell::Integer(1_700_000_000_000)),
                ("updated_at", Cell::Integer(1_700_000_001_000)),
                ("finished", Cell::Integer(i64::from(state == "settled"))),
            ],
        ),
        row(
            "contents",
            &[
                ("order_id", Cell::Integer(id)),
                (
                    "content",
                    text(
                        "{\"nin\":\"12345678Z\",\"name\":\"Carmen Montoya\",\"email\":\"carmen@example.com\"}",
                    ),
                ),
            ],
        ),
    ];
    if let Some(step) = open {
        rows.push(row(
            "steps",
            &[
                ("id", Cell::Integer(id)),
                ("order_id", Cell::Integer(id)),
                ("step", text(step)),
                ("request", text("{\"given_names\":\"Carmen\"}")),
                ("doubtful", Cell::Integer(1)),
                ("answered_at", Cell::Null),
            ],
        ));
    }
    rows
}

/// An entry as the library writes it.
pub fn entry(id: i64, step: &str, previous: &[u8]) -> Row {
    let at = 1_700_000_000_000 + id;
    let covered = serde_json::json!([
        id,
        at,
        7,
        "uuid-7",
        "shop_es",
        "T-7",
        12_345,
        "EUR",
        step,
        "confirmed",
        0,
        200,
        null,
        31,
        null
    ]);
    let hashed = [previous, covered.to_string().as_bytes()].concat();
    let hash = digest(&SHA256, &hashed).as_ref().to_vec();
    let text = |text: &str| Cell::Text(text.into());
    let cells = [
        ("id", Cell::Integer(id)),
        ("at", Cell::Integer(at)),
        ("order_id", Cell::Integer(7)),
        ("uuid", text("uuid-7")),
        ("merchant_id", text("shop_es")),
        ("order_ref_1", text("T-7")),
        ("amount", Cell::Integer(12_345)),
        ("currency", text("EUR")),
        ("step", text(step)),
        ("state", text("confirmed")),
        ("status", Cell::Integer(0)),
        ("http_status", Cell::Integer(200)),
        ("request_id", Cell::Null),
        ("elapsed_ms", Cell::Integer(31)),
        ("description", Cell::Null),
        ("previous_hash", Cell::Bytes(previous.to_vec())),
        ("hash", Cell::Bytes(hash)),
    ];
    cells
        .into_iter()
        .map(|(name, cell)| (name.to_owned(), cell))
        .collect()
}
