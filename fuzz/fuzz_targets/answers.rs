//! Any bytes as seQura's answer to a confirmation: nothing but a whole 2xx is a sale, and what is not
//! certain stays open.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sequra_pos::inside::ffi::checkout::{sq_confirm, sq_start_solicitation};
use sequra_pos::inside::ffi::after_sale::sq_order_info;
use sequra_pos_fuzz::{ORDER, Till, c_text};
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock};

/// What is answered next to a confirmation.
static ANSWER: Mutex<Vec<u8>> = Mutex::new(Vec::new());
/// How many orders were started.
static STARTED: AtomicU64 = AtomicU64::new(0);

fn uuid() -> String {
    format!(
        "11111111-2222-3333-4444-{:012}",
        STARTED.load(Ordering::SeqCst)
    )
}

/// Reads a request with its body; false at the end of the connection.
fn reads_a_request(connection: &mut TcpStream, request: &mut Vec<u8>) -> bool {
    let mut some = [0; 4096];
    request.clear();
    loop {
        let Ok(count @ 1..) = connection.read(&mut some) else {
            return false;
        };
        request.extend(&some[..count]);
        let text = String::from_utf8_lossy(request).to_lowercase();
        let Some((head, _)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length:"));
        let length: usize = length
            .and_then(|length| length.trim().parse().ok())
            .unwrap_or(0);
        if request.len() >= head.len() + 4 + length {
            return true;
        }
    }
}

fn sequra(listener: TcpListener, base: String) {
    let mut request = Vec::new();
    for connection in listener.incoming() {
        let mut connection = connection.expect("a connection");
        while reads_a_request(&mut connection, &mut request) {
            if request.starts_with(b"POST /orders ") {
                STARTED.fetch_add(1, Ordering::SeqCst);
                let location = format!(
                    "HTTP/1.1 204 No Content\r\nLocation: {base}/orders/{}\r\n\r\n",
                    uuid()
                );
                let _ = connection.write_all(location.as_bytes());
            } else {
                let _ = connection.write_all(&ANSWER.lock().unwrap());
                let _ = connection.shutdown(Shutdown::Both);
                break;
            }
        }
    }
}

fn base_url() -> &'static str {
    static BASE: OnceLock<String> = OnceLock::new();
    BASE.get_or_init(|| {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let its_own = base.clone();
        std::thread::spawn(move || sequra(listener, its_own));
        base
    })
}

thread_local! {
    /// One for many answers: to open one takes longer than to ask it. Patient, as the machine may be busy.
    static TILL: Till =
        Till::open(base_url(), ":memory:", 60_000).unwrap_or_else(|told| panic!("{:#}", told.result));
}

fuzz_target!(|answer: &[u8]| TILL.with(|till| sells(till, answer)));

fn sells(till: &Till, answer: &[u8]) {
    // Each order is another: the same one would still be open.
    let number = STARTED.load(Ordering::SeqCst);
    let order = ORDER.replace(
        "\"Bicicleta plegable",
        &format!("\"{number} Bicicleta plegable"),
    );
    let order = c_text(order.as_bytes());
    assert_eq!(till.one(sq_start_solicitation, &order).status, 0);
    let uuid = c_text(uuid().as_bytes());
    *ANSWER.lock().unwrap() = answer.to_vec();
    let told = till.two(sq_confirm, &uuid, &order);
    // "HTTP/1.1 200": enough of a status line for any client.
    let said = |status: &str| {
        let mut lines = answer
            .windows(12)
            .filter(|line| line.starts_with(b"HTTP/1."));
        lines.any(|line| line[8..].starts_with(status.as_bytes()))
    };
    let state = told.text("/order/state").to_owned();
    match told.status {
        0 => assert!(said(" 2"), "{:#}", told.result),
        2409 | 2001 => assert!(said(" 409"), "{:#}", told.result),
        _ => {}
    }
    assert_eq!(told.status == 0, state == "confirmed", "{:#}", told.result);
    // What has no final answer stays open, and recovery is told so.
    if told.status == 3002 {
        assert_eq!(state, "confirming", "{:#}", told.result);
    }
    let info = till.one(sq_order_info, &uuid);
    assert_eq!(
        (info.status, info.text("/order/state")),
        (0, state.as_str()),
        "{:#}",
        info.result
    );
}
