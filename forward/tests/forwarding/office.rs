//! An office in the tests' own process: what the protocol says, in memory, and bad luck on demand.

use sequra_frames::cell::{Cell, Row};
use sequra_frames::enrolment::{Enrolment, Incarnation, Why};
use sequra_frames::frame::{Frame, Order, Position, Stream, TableRow};
use sequra_frames::refusal::{Code, Refusal};
use sequra_frames::sealing::{PublicKey, new_key, open_entry, open_order};
use sequra_frames::standing::{Fence, Standing};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// What goes wrong with one request.
#[derive(Clone, Copy, Debug)]
pub enum Fault {
    /// It is done, and the answer never leaves.
    LostAnswer,
    /// The connection ends before anything is done.
    HalfClosed,
    /// The answer takes so long, ms.
    Slow(u64),
    /// This status, with a page of somebody else's.
    Page(u16),
    /// 200 with JSON that is no standing.
    OtherJson,
    /// Sent elsewhere.
    Redirect,
    /// The office's own word that it cannot now, with `Retry-After`, s.
    Later(u64),
    /// The office's own word that it needs a newer forwarder.
    Upgrade,
}

/// What the office has of a stream.
#[derive(Clone, Debug, Default)]
pub struct Kept {
    pub position: Option<Position>,
    pub parent: Option<String>,
    pub why: Option<Why>,
    pub orders: BTreeMap<i64, Order>,
    pub entries: BTreeMap<i64, sequra_frames::frame::Entry>,
}

#[derive(Default)]
pub struct State {
    pub epoch: i64,
    pub codes: HashMap<String, Option<(String, String)>>,
    pub tokens: HashMap<String, String>,
    pub streams: HashMap<Stream, Kept>,
    pub fences: Vec<Fence>,
    pub faults: VecDeque<Fault>,
    /// Method and path of every request, and whether it had a token.
    pub heard: Vec<String>,
    pub frames: usize,
    pub largest: usize,
    pub ahead_ms: i64,
    pub machine: String,
}

pub struct Office {
    pub url: String,
    pub private: Vec<u8>,
    public: PublicKey,
    state: Mutex<State>,
}

impl Office {
    pub fn start() -> Arc<Office> {
        Office::listen(None)
    }

    /// One with a certificate of its own; and that, as a PEM file has it.
    pub fn start_with_tls() -> (Arc<Office>, String) {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("one");
        let key = rustls::pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der());
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key.expect("a key"));
        let config = Arc::new(config.expect("it fits"));
        (Office::listen(Some(config)), made.cert.pem())
    }

    fn listen(tls: Option<Arc<rustls::ServerConfig>>) -> Arc<Office> {
        use base64::Engine;
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("it listens");
        let (private, public) = new_key();
        let office = Arc::new(Office {
            url: match tls {
                Some(_) => format!("https://localhost:{}/", address.port()),
                None => format!("http://{address}/"),
            },
            private: private.to_vec(),
            public: PublicKey {
                id: "2026-48".to_owned(),
                public: base64::prelude::BASE64_STANDARD.encode(public),
            },
            state: Mutex::new(State {
                epoch: 1,
                ..State::default()
            }),
        });
        let serving = Arc::clone(&office);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (serving, tls) = (Arc::clone(&serving), tls.clone());
                std::thread::spawn(move || match tls {
                    None => serving.serve(stream),
                    Some(config) => {
                        let connection = rustls::ServerConnection::new(config).expect("one");
                        serving.serve(rustls::StreamOwned::new(connection, stream));
                    }
                });
            }
        });
        office
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(|error| error.into_inner())
    }

    pub fn code(&self, code: &str) -> String {
        self.state().codes.insert(code.to_owned(), None);
        code.to_owned()
    }

    pub fn fault(&self, fault: Fault) {
        self.state().faults.push_back(fault);
    }

    pub fn faults_left(&self) -> usize {
        self.state().faults.len()
    }

    /// The streams of a journal, the oldest first.
    pub fn streams(&self) -> Vec<(Stream, Kept)> {
        let state = self.state();
        let of = |parent: &Option<String>| {
            state
                .streams
                .iter()
                .filter(|(_, kept)| kept.parent == *parent)
                .map(|(stream, kept)| (stream.clone(), kept.clone()))
                .collect::<Vec<_>>()
        };
        let mut all = of(&None);
        let mut at = 0;
        while at < all.len() {
            let children = of(&Some(all[at].0.incarnation.clone()));
            all.extend(children);
            at += 1;
        }
        all
    }

    /// The same, whether their first lives are known or not.
    pub fn streams_anyhow(&self) -> Vec<(Stream, Kept)> {
        let state = self.state();
        let all = state.streams.iter();
        all.map(|(stream, kept)| (stream.clone(), kept.clone()))
            .collect()
    }

    /// The rows of a table as the office has them, opened; the newest life.
    pub fn rows(&self, table: &str) -> Vec<Row> {
        let (stream, kept) = self.streams().pop().expect("a journal is enrolled");
        self.rows_of(&stream, &kept, table)
    }

    pub fn rows_of(&self, stream: &Stream, kept: &Kept, table: &str) -> Vec<Row> {
        if table == "log" {
            let entries = kept.entries.values();
            let opened = entries.map(|one| open_entry(stream, &self.private, one).expect("ours"));
            return opened.collect();
        }
        let mut rows = Vec::new();
        for order in kept.orders.values() {
            let opened = open_order(stream, &self.private, order).expect("ours");
            let of_table = opened.into_iter().filter(|row| row.table == table);
            rows.extend(of_table.map(|TableRow { row, .. }| row));
        }
        rows
    }

    fn serve(&self, stream: impl Read + Write) {
        let mut reader = BufReader::new(stream);
        while let Some((line, token, body)) = request(&mut reader) {
            let fault = {
                let mut state = self.state();
                state.heard.push(line.clone());
                state.faults.pop_front()
            };
            if let Some(Fault::HalfClosed) = fault {
                return;
            }
            let answer = match fault {
                Some(Fault::Page(status)) => {
                    page(status, "text/html", "<html>Please log in</html>", "")
                }
                Some(Fault::OtherJson) => page(200, "application/json", "{\"ok\":true}", ""),
                Some(Fault::Redirect) => page(
                    302,
                    "text/html",
                    "",
                    &format!("Location: {}elsewhere\r\n", self.url),
                ),
                Some(Fault::Later(seconds)) => {
                    let more = format!("Retry-After: {seconds}\r\n");
                    refusal(503, Code::Later, None, &more)
                }
                Some(Fault::Upgrade) => refusal(426, Code::Upgrade, None, ""),
                _ => self.answer(&line, token.as_deref(), &body),
            };
            match fault {
                Some(Fault::LostAnswer) => {
                    return;
                }
                Some(Fault::Slow(ms)) => std::thread::sleep(Duration::from_millis(ms)),
                _ => {}
            }
            if reader.get_mut().write_all(answer.as_bytes()).is_err() {
                return;
            }
        }
    }

    fn answer(&self, line: &str, token: Option<&str>, body: &[u8]) -> String {
        let mut state = self.state();
        let state = &mut *state;
        let (path, query) = line
            .split(' ')
            .nth(1)
            .map(|path| path.split_once('?').unwrap_or((path, "")))
            .expect("a path");
        if path == "/api/1/enrolments" {
            return match serde_json::from_slice(body) {
                Ok(enrolment) => self.enrol(state, enrolment),
                Err(_) => refusal(400, Code::Unreadable, None, ""),
            };
        }
        let Some(journal) = token.and_then(|token| state.tokens.get(token)).cloned() else {
            return refusal(401, Code::NotEnrolled, None, "");
        };
        match path {
            "/api/1/standing" => {
                let value = |name: &str| {
                    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
                    let mut found = pairs.filter(|(key, _)| *key == name);
                    found.next().map(|(_, value)| value.to_owned())
                };
                let stream = Stream {
                    journal_id: value("journal_id").unwrap_or_default(),
                    incarnation: value("incarnation").unwrap_or_default(),
                };
                self.of(state, &stream, &journal)
            }
            "/api/1/incarnations" => {
                let asked: Incarnation = serde_json::from_slice(body).expect("an incarnation");
                let stream = Stream {
                    journal_id: asked.journal_id,
                    incarnation: asked.incarnation,
                };
                let kept = state.streams.entry(stream.clone()).or_default();
                (kept.parent, kept.why) = (Some(asked.parent), Some(asked.why));
                self.of(state, &stream, &journal)
            }
            "/api/1/frames" => {
                let frame: Frame = serde_json::from_slice(body).expect("a frame");
                state.largest = state.largest.max(body.len());
                self.take_in(state, frame, &journal)
            }
            _ => page(404, "text/html", "nothing here", ""),
        }
    }

    fn enrol(&self, state: &mut State, asked: Enrolment) -> String {
        let given = (asked.token.clone(), asked.journal_id.clone());
        match state.codes.get_mut(&asked.code) {
            Some(used) if used.as_ref().is_none_or(|used| *used == given) => *used = Some(given),
            _ => return refusal(403, Code::CodeRefused, None, ""),
        }
        state.machine = asked.machine;
        state
            .tokens
            .retain(|_, journal| *journal != asked.journal_id);
        state.tokens.insert(asked.token, asked.journal_id.clone());
        let stream = Stream {
            journal_id: asked.journal_id.clone(),
            incarnation: asked.incarnation,
        };
        state.streams.entry(stream.clone()).or_default();
        self.of(state, &stream, &asked.journal_id)
    }

    fn of(&self, state: &State, stream: &Stream, journal: &str) -> String {
        if stream.journal_id != journal {
            return refusal(403, Code::NotYours, None, "");
        }
        match self.standing(state, stream) {
            Some(standing) => ok(&standing),
            None => refusal(404, Code::UnknownIncarnation, None, ""),
        }
    }

    fn standing(&self, state: &State, stream: &Stream) -> Option<Standing> {
        let kept = state.streams.get(stream)?;
        let is_acknowledged = |fence: &Fence| {
            let rows = kept.orders.values().flat_map(|order| &order.rows);
            rows.filter(|row| row.table == "taken_over").any(|row| {
                row.row.get("uuid") == Some(&Cell::Text(fence.uuid.clone()))
                    && row.row.get("epoch") == Some(&Cell::Integer(fence.epoch))
            })
        };
        let open = state.fences.iter().filter(|fence| !is_acknowledged(fence));
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("later");
        Some(Standing {
            epoch: state.epoch,
            position: kept.position,
            entries: kept.entries.keys().next_back().copied().unwrap_or(0),
            key: self.public.clone(),
            fences: open.cloned().collect(),
            now: now.as_millis() as i64 + state.ahead_ms,
        })
    }

    fn take_in(&self, state: &mut State, frame: Frame, journal: &str) -> String {
        let stream = frame.stream.clone();
        if !state.streams.contains_key(&stream) || stream.journal_id != journal {
            return self.of(state, &stream, journal);
        }
        let kept = state.streams.get_mut(&stream).expect("it is there");
        if kept.position == frame.from {
            for entry in frame.entries {
                kept.entries.insert(entry.id, entry);
            }
            for order in frame.orders {
                kept.orders.insert(order.id, order);
            }
            kept.position = Some(frame.to);
            state.frames += 1;
        } else if kept.position != Some(frame.to) {
            let standing = self.standing(state, &stream);
            return refusal(409, Code::Elsewhere, standing, "");
        }
        self.of(state, &stream, journal)
    }
}

/// First line, token, body.
fn request(reader: &mut impl BufRead) -> Option<(String, Option<String>, Vec<u8>)> {
    let (mut first, mut token, mut length) = (String::new(), None, 0);
    reader.read_line(&mut first).ok().filter(|read| *read > 0)?;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
        let Some((name, value)) = line.trim().split_once(": ") else {
            break;
        };
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.parse().ok()?,
            "authorization" => token = value.strip_prefix("Bearer ").map(str::to_owned),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some((first.trim().to_owned(), token, body))
}

fn page(status: u16, kind: &str, body: &str, more: &str) -> String {
    format!(
        "HTTP/1.1 {status} x\r\nContent-Type: {kind}\r\n{more}Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

fn ok(standing: &Standing) -> String {
    let body = serde_json::to_string(standing).expect("JSON");
    page(200, "application/json", &body, "")
}

fn refusal(status: u16, code: Code, standing: Option<Standing>, more: &str) -> String {
    let refusal = Refusal {
        code,
        message: "no".to_owned(),
        standing,
    };
    let body: Value = serde_json::to_value(refusal).expect("JSON");
    page(status, "application/json", &body.to_string(), more)
}
