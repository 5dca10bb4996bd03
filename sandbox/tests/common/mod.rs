//! What the tests share: a valid order, and an HTTP client that hides nothing.

#![allow(dead_code)] // each test program uses its own part

use base64::prelude::{BASE64_STANDARD, Engine};
use sequra_sandbox::{Options, Sandbox};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

pub const CREDENTIALS: &str = "sandbox_key:sandbox_secret";

pub fn start() -> Sandbox {
    Sandbox::start(Options::default()).expect("the sandbox starts")
}

/// The README's sample: 5097 cents, made of a product, shipping, and a discount.
pub fn order() -> Value {
    let sample: Value = serde_json::from_str(include_str!("../../examples/order.json")).unwrap();
    sample["order"].clone()
}

pub fn with_reference(mut order: Value, reference: &str) -> Value {
    order["merchant_reference"] = json!({ "order_ref_1": reference });
    order
}

pub fn with_state(mut order: Value, state: &str) -> Value {
    order["state"] = state.into();
    order
}

/// The same order with a line of so many cents more (or fewer).
pub fn changed_by(mut order: Value, cents: i64) -> Value {
    let total = order["cart"]["order_total_with_tax"].as_i64().unwrap() + cents;
    order["cart"]["order_total_with_tax"] = total.into();
    order["cart"]["items"].as_array_mut().unwrap().push(json!({
        "type": "handling", "reference": "X", "name": "Otro", "total_with_tax": cents,
    }));
    order
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    /// The status line and the headers as received, with their line ends.
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head
            .lines()
            .filter_map(|line| line.split_once(": "))
            .find(|(n, _)| n.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The texts of `{"errors": […]}`.
    pub fn errors(&self) -> Vec<String> {
        let body = self.json();
        let errors = body["errors"].as_array().expect("a list of errors");
        errors.iter().map(|e| e.as_str().unwrap().into()).collect()
    }

    pub fn uuid(&self) -> String {
        let location = self.header("Location").expect("a Location");
        location.rsplit('/').next().unwrap().to_owned()
    }
}

/// A request, as bytes.
pub fn request(
    method: &str,
    path: &str,
    credentials: Option<&str>,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Vec<u8> {
    // Whatever a till calls seQura; the control interface answers to its own names only.
    let control = path.starts_with("/_sandbox");
    let host = if control {
        "127.0.0.1"
    } else {
        "till.example:8443"
    };
    let mut text = format!("{method} {path} HTTP/1.1\r\n");
    if !headers.iter().any(|(name, _)| *name == "Host") {
        text += &format!("Host: {host}\r\n");
    }
    if let Some(credentials) = credentials {
        let encoded = BASE64_STANDARD.encode(credentials);
        text += &format!("Authorization: Basic {encoded}\r\n");
    }
    if !headers
        .iter()
        .any(|(name, _)| name.eq_ignore_ascii_case("content-type"))
        && !body.is_empty()
    {
        text += "Content-Type: application/json\r\n";
    }
    for (name, value) in headers {
        text += &format!("{name}: {value}\r\n");
    }
    text += &format!("Content-Length: {}\r\n\r\n", body.len());
    let mut bytes = text.into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

pub fn connect(sandbox: &Sandbox) -> TcpStream {
    let address = sandbox.http_url().strip_prefix("http://").unwrap();
    let stream = TcpStream::connect(address).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(10)))
        .unwrap();
    stream
}

/// All the bytes up to the end of the connection, and how it ended.
pub fn read_to_end(stream: &mut TcpStream) -> (Vec<u8>, std::io::Result<()>) {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        match stream.read(&mut buffer) {
            Ok(0) => return (bytes, Ok(())),
            Ok(n) => bytes.extend_from_slice(&buffer[..n]),
            Err(e) => return (bytes, Err(e)),
        }
    }
}

/// Sends and reads one answer, leaving the connection open. None: the connection ended
/// before there was a whole answer.
pub fn exchange(stream: &mut TcpStream, request: &[u8]) -> Option<Answer> {
    stream.write_all(request).ok()?;
    let mut bytes = Vec::new();
    let mut byte = [0];
    while !bytes.ends_with(b"\r\n\r\n") {
        match stream.read(&mut byte) {
            Ok(1) => bytes.push(byte[0]),
            _ => return None,
        }
    }
    let head = String::from_utf8(bytes).ok()?;
    let status = head.get(9..12)?.parse().ok()?;
    let mut answer = Answer {
        status,
        head,
        body: Vec::new(),
    };
    let length = answer
        .header("Content-Length")
        .map_or(0, |l| l.parse().unwrap());
    answer.body.resize(length, 0);
    stream.read_exact(&mut answer.body).ok()?;
    Some(answer)
}

/// A request on a connection of its own.
pub fn call(
    sandbox: &Sandbox,
    method: &str,
    path: &str,
    credentials: Option<&str>,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Option<Answer> {
    let request = request(method, path, credentials, headers, body);
    exchange(&mut connect(sandbox), &request)
}

pub fn get(sandbox: &Sandbox, path: &str) -> Answer {
    call(sandbox, "GET", path, Some(CREDENTIALS), &[], b"").expect("an answer")
}

pub fn send(sandbox: &Sandbox, method: &str, path: &str, body: &Value) -> Answer {
    try_send(sandbox, method, path, body).expect("an answer")
}

pub fn try_send(sandbox: &Sandbox, method: &str, path: &str, body: &Value) -> Option<Answer> {
    let body = body.to_string();
    call(
        sandbox,
        method,
        path,
        Some(CREDENTIALS),
        &[],
        body.as_bytes(),
    )
}

pub fn solicit(sandbox: &Sandbox, order: &Value) -> Answer {
    send(sandbox, "POST", "/orders", &json!({ "order": order }))
}

/// Solicits what is expected to be accepted.
pub fn solicited(sandbox: &Sandbox, order: &Value) -> String {
    let answer = solicit(sandbox, order);
    assert_eq!(answer.status, 204, "{}", answer.text());
    answer.uuid()
}

/// Solicits and approves.
pub fn approved(sandbox: &Sandbox, order: &Value) -> String {
    let uuid = solicited(sandbox, order);
    sandbox.approve(&uuid).unwrap();
    uuid
}

pub fn put(sandbox: &Sandbox, uuid: &str, order: &Value) -> Answer {
    let path = format!("/orders/{uuid}");
    send(sandbox, "PUT", &path, &json!({ "order": order }))
}

pub fn confirm(sandbox: &Sandbox, uuid: &str, order: &Value) -> Answer {
    put(sandbox, uuid, &with_state(order.clone(), "confirmed"))
}

pub fn deliver(sandbox: &Sandbox, uuid: &str, delivery: &Value) -> Answer {
    let path = format!("/orders/{uuid}/form_deliveries");
    send(sandbox, "POST", &path, delivery)
}

pub fn deliver_pp3(sandbox: &Sandbox, uuid: &str) -> Answer {
    deliver(
        sandbox,
        uuid,
        &json!({ "channel": "sms", "product_code": "pp3" }),
    )
}

/// Waits for something that happens by itself.
pub fn eventually(what: &str, mut happened: impl FnMut() -> bool) {
    for _ in 0..200 {
        if happened() {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("{what}: did not happen within two seconds");
}

/// The status and the errors of an answer, the one that matters here.
pub fn verdict(answer: &Answer) -> (u16, Vec<String>) {
    let errors = if answer.status < 400 || answer.body.is_empty() {
        Vec::new()
    } else {
        answer.errors()
    };
    (answer.status, errors)
}

pub fn rule(sandbox: &Sandbox, name: &str, value: Value) {
    let answer = send(sandbox, "PUT", "/_sandbox/rules", &json!({ name: value }));
    assert_eq!(answer.status, 200, "{}", answer.text());
}

/// With the rule at its default and then at `other`.
pub fn switched(
    name: &str,
    other: Value,
    act: impl Fn(&Sandbox) -> Answer,
) -> [(u16, Vec<String>); 2] {
    let sandbox = start();
    let default = verdict(&act(&sandbox));
    sandbox.reset();
    rule(&sandbox, name, other);
    [default, verdict(&act(&sandbox))]
}

pub fn refused(status: u16, text: &str) -> (u16, Vec<String>) {
    (status, vec![format!("Invalid data: {text}")])
}

pub const FINE: (u16, Vec<String>) = (200, Vec::new());
pub const STARTED: (u16, Vec<String>) = (204, Vec::new());

pub fn shirt() -> Value {
    json!({ "type": "product", "reference": "S1", "name": "Camisa", "price_with_tax": 1250,
            "quantity": 1, "total_with_tax": 1250, "downloadable": false })
}

pub fn jacket() -> Value {
    json!({ "type": "product", "reference": "J1", "name": "Chaqueta", "price_with_tax": 7100,
            "quantity": 1, "total_with_tax": 7100, "downloadable": false })
}

/// A cart of an order update: whose total is right.
pub fn cart(items: &[Value]) -> Value {
    let total: i64 = items
        .iter()
        .map(|item| item["total_with_tax"].as_i64().unwrap())
        .sum();
    json!({ "currency": "EUR", "order_total_with_tax": total, "items": items })
}

/// A confirmed order of a shirt and a jacket: 8350 cents.
pub fn sold(sandbox: &Sandbox, reference: &str) -> String {
    let mut order = with_reference(order(), reference);
    order["cart"] = cart(&[shirt(), jacket()]);
    order["cart"]["gift"] = false.into();
    let uuid = approved(sandbox, &order);
    assert_eq!(confirm(sandbox, &uuid, &order).status, 200);
    uuid
}

/// The content of an order update.
pub fn now(reference: &str, unshipped: &[Value], shipped: &[Value]) -> Value {
    json!({
        "merchant": { "id": "shop_es" }, "merchant_reference": { "order_ref_1": reference },
        "unshipped_cart": cart(unshipped), "shipped_cart": cart(shipped),
    })
}

/// Sends an order update to the path that its content names.
pub fn update(sandbox: &Sandbox, order: &Value) -> Answer {
    let reference = order["merchant_reference"]["order_ref_1"].as_str().unwrap();
    let path = format!("/merchants/shop_es/orders/{reference}");
    send(sandbox, "PUT", &path, &json!({ "order": order }))
}

/// Sends an order update that is expected to be accepted.
pub fn updated(sandbox: &Sandbox, order: &Value) {
    let answer = update(sandbox, order);
    assert_eq!(answer.status, 204, "{}", answer.text());
}
