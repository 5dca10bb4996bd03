//! Each kind of bad luck, seen from the client's end of the wire.

mod common;
use common::*;
use sequra_sandbox::{Fault, Harm, Options, Page, Part, RequestId, Sandbox, State, When};
use serde_json::{Value, json};
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// An approved order and the request that confirms it.
fn about_to_confirm(sandbox: &Sandbox) -> (String, Vec<u8>) {
    let uuid = approved(sandbox, &order());
    let body = json!({ "order": with_state(order(), "confirmed") }).to_string();
    let path = format!("/orders/{uuid}");
    let request = request("PUT", &path, Some(CREDENTIALS), &[], body.as_bytes());
    (uuid, request)
}

/// Confirms under a fault: everything the client reads, how the connection ended, and
/// whether seQura took it.
fn confirm_under(harm: Harm) -> (Vec<u8>, std::io::Result<()>, bool) {
    let sandbox = start();
    let (uuid, request) = about_to_confirm(&sandbox);
    let kind = harm.kind();
    sandbox.fault(Fault::new(harm).method("PUT"));
    let mut stream = connect(&sandbox);
    stream.write_all(&request).unwrap();
    let (bytes, end) = read_to_end(&mut stream);
    let confirmed = sandbox.order(&uuid).unwrap().state == State::Confirmed;
    let entry = sandbox.requests().pop().unwrap();
    assert_eq!(entry.fault, Some(kind));
    assert_eq!(entry.processed, confirmed);
    assert!(sandbox.faults().is_empty());
    // The fault is over: the same request again, as if nothing had been.
    let again = exchange(&mut connect(&sandbox), &request).unwrap();
    assert_eq!(again.status, 200);
    (bytes, end, confirmed)
}

/// Confirms under a fault that leaves an answer to be read.
fn answer_under(harm: Harm) -> (Answer, bool) {
    let sandbox = start();
    let (uuid, request) = about_to_confirm(&sandbox);
    sandbox.fault(Fault::new(harm).method("PUT"));
    let answer = exchange(&mut connect(&sandbox), &request).expect("an answer");
    let confirmed = sandbox.order(&uuid).unwrap().state == State::Confirmed;
    let entry = sandbox.requests().pop().unwrap();
    assert_eq!(
        (entry.processed, entry.status),
        (confirmed, Some(answer.status))
    );
    (answer, confirmed)
}

#[test]
fn close_before() {
    let (bytes, end, confirmed) = confirm_under(Harm::CloseBefore {});
    assert!(bytes.is_empty() && end.is_ok() && !confirmed);
}

#[test]
fn close_after() {
    let (bytes, end, confirmed) = confirm_under(Harm::CloseAfter {});
    assert!(bytes.is_empty() && end.is_ok() && confirmed);
}

#[test]
fn reset() {
    for when in [When::Before, When::After] {
        let (bytes, end, confirmed) = confirm_under(Harm::Reset { when });
        assert!(bytes.is_empty());
        assert_eq!(end.unwrap_err().kind(), ErrorKind::ConnectionReset);
        assert_eq!(confirmed, when == When::After);
    }
}

#[test]
fn garbage() {
    for when in [When::Before, When::After] {
        let text = "SSH-2.0-nonsense\r\n".to_owned();
        let (bytes, end, confirmed) = confirm_under(Harm::Garbage {
            text,
            when,
            close_notify: false,
        });
        assert_eq!(bytes, b"SSH-2.0-nonsense\r\n");
        assert!(end.is_ok());
        assert_eq!(confirmed, when == When::After);
    }
}

/// Somebody in between, with and without a request id, before or after seQura has acted.
#[test]
fn block_page() {
    let begins = [
        (Page::Html, "<!DOCTYPE html>"),
        (Page::Text, "Access blocked"),
        (Page::Json, r#"{"error":{"#),
        (Page::Blank, ""),
    ];
    let ids = [
        (RequestId::None, 0),
        (RequestId::Hex, 32),
        (RequestId::Uuid, 36),
    ];
    for when in [When::Before, When::After] {
        for (page, start_of_body) in begins {
            for (request_id, length) in ids {
                let sandbox = start();
                let uuid = approved(&sandbox, &order());
                sandbox.fault(Harm::BlockPage {
                    status: 451,
                    page,
                    request_id,
                    when,
                });
                let answer = confirm(&sandbox, &uuid, &order());
                assert_eq!(answer.status, 451);
                assert!(answer.text().starts_with(start_of_body), "{page:?}");
                assert_eq!(answer.text().is_empty(), page == Page::Blank);
                let id = answer.header("X-Request-Id").map_or(0, str::len);
                assert_eq!(id, length, "{request_id:?}");
                assert_eq!(answer.header("X-Runtime"), None, "not seQura's headers");
                let confirmed = sandbox.order(&uuid).unwrap().state == State::Confirmed;
                assert_eq!(confirmed, when == When::After);
            }
        }
    }
}

#[test]
fn truncate_a_head() {
    for of in [Part::Answer, Part::Body] {
        // The answer to a confirm has no body, so there is only a head to cut.
        let (bytes, end, confirmed) = confirm_under(Harm::Truncate { bytes: 20, of });
        assert_eq!(bytes, b"HTTP/1.1 200 OK\r\nX-R");
        assert!(end.is_ok() && confirmed);
    }
    let nothing = Harm::Truncate {
        bytes: 0,
        of: Part::Answer,
    };
    let (bytes, _, confirmed) = confirm_under(nothing);
    assert!(bytes.is_empty() && confirmed);
}

#[test]
fn truncate_a_body() {
    let sandbox = start();
    let whole = get(&sandbox, "/deployments");
    sandbox.fault(Harm::Truncate {
        bytes: 10,
        of: Part::Body,
    });
    let mut stream = connect(&sandbox);
    let request = request("GET", "/deployments", None, &[], b"");
    stream.write_all(&request).unwrap();
    let (bytes, end) = read_to_end(&mut stream);
    assert!(end.is_ok());
    let text = String::from_utf8(bytes).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    assert!(head.contains(&format!("Content-Length: {}", whole.body.len())));
    assert_eq!(body.as_bytes(), &whole.body[..10]);
}

#[test]
fn delay() {
    for when in [When::Before, When::After] {
        let sandbox = start();
        let (uuid, request) = about_to_confirm(&sandbox);
        sandbox.fault(Harm::Delay { ms: 300, when });
        let started = Instant::now();
        let mut stream = connect(&sandbox);
        stream.write_all(&request).unwrap();
        std::thread::sleep(Duration::from_millis(100));
        let meanwhile = sandbox.order(&uuid).unwrap().state;
        assert_eq!(meanwhile == State::Confirmed, when == When::After);
        assert_eq!(
            sandbox.requests().pop().unwrap().status,
            None,
            "not yet answered"
        );
        assert_eq!(exchange(&mut stream, b"").unwrap().status, 200);
        assert!(started.elapsed() >= Duration::from_millis(300));
    }
}

#[test]
fn a_request_is_processed_even_if_nobody_waits_for_the_answer() {
    let sandbox = start();
    let (uuid, request) = about_to_confirm(&sandbox);
    sandbox.fault(Harm::Delay {
        ms: 150,
        when: When::Before,
    });
    let mut stream = connect(&sandbox);
    stream.write_all(&request).unwrap();
    std::thread::sleep(Duration::from_millis(50));
    drop(stream);
    eventually("confirmation", || {
        sandbox.order(&uuid).unwrap().state == State::Confirmed
    });
}

#[test]
fn a_request_that_did_not_arrive_whole_is_not_processed() {
    let sandbox = start();
    let (uuid, request) = about_to_confirm(&sandbox);
    let received = sandbox.stats().requests;
    let mut stream = connect(&sandbox);
    stream.write_all(&request[..request.len() - 1]).unwrap();
    drop(stream);
    std::thread::sleep(Duration::from_millis(100));
    assert_eq!(sandbox.order(&uuid).unwrap().state, State::Approved);
    assert_eq!(sandbox.stats().requests, received);
}

#[test]
fn status_before_and_after() {
    let body = "<h1>Bad Gateway</h1>".to_owned();
    let content_type = "text/html".to_owned();
    let headers = [("Retry-After".to_owned(), "3".to_owned())].into();
    let (answer, confirmed) = answer_under(Harm::Status {
        status: 503,
        body: body.clone(),
        content_type: content_type.clone(),
        headers,
    });
    assert_eq!(
        (answer.status, answer.text(), confirmed),
        (503, &*body, false)
    );
    assert_eq!(answer.header("Retry-After"), Some("3"));
    assert_eq!(answer.header("X-Request-Id"), None, "seQura never saw it");
    let (answer, confirmed) = answer_under(Harm::StatusAfter {
        status: 502,
        body: body.clone(),
        content_type,
        headers: Default::default(),
    });
    assert_eq!(
        (answer.status, answer.text(), confirmed),
        (502, &*body, true)
    );
}

#[test]
fn conflict() {
    let errors = vec!["Invalid data: whatever".to_owned(), "añadido".to_owned()];
    let (answer, confirmed) = answer_under(Harm::Conflict { errors });
    assert_eq!((answer.status, confirmed), (409, false));
    assert_eq!(
        answer.text(),
        r#"{"errors":["Invalid data: whatever","añadido"]}"#
    );
    assert!(answer.header("X-Request-Id").is_some());
}

#[test]
fn redirect() {
    let (answer, confirmed) = answer_under(Harm::Redirect {
        location: "http://elsewhere.example/".into(),
        status: 307,
    });
    assert_eq!((answer.status, confirmed), (307, false));
    assert_eq!(answer.header("Location"), Some("http://elsewhere.example/"));
}

#[test]
fn bad_json() {
    for (status, processed) in [(200, true), (409, false)] {
        let (answer, confirmed) = answer_under(Harm::BadJson {
            status,
            body: "{\"errors\":[".into(),
            when: None,
        });
        assert_eq!((answer.status, confirmed), (status, processed));
        assert_eq!(answer.text(), "{\"errors\":[");
        assert_eq!(
            answer.header("Content-Type"),
            Some("application/json; charset=utf-8")
        );
    }
}

#[test]
fn huge() {
    let huge = |chunked| Harm::Huge {
        bytes: 3_000_000,
        status: 200,
        chunked,
        when: When::After,
    };
    let (answer, confirmed) = answer_under(huge(false));
    assert_eq!((answer.body.len(), confirmed), (3_000_000, true));

    let sandbox = start();
    sandbox.fault(huge(true));
    let mut stream = connect(&sandbox);
    let close = [("Connection", "close")];
    let request = request("GET", "/deployments", None, &close, b"");
    stream.write_all(&request).unwrap();
    let (bytes, end) = read_to_end(&mut stream);
    assert!(end.is_ok() && bytes.len() > 3_000_000);
    let head = String::from_utf8_lossy(&bytes[..400]).into_owned();
    assert!(head.contains("Transfer-Encoding: chunked"), "{head}");
    assert!(!head.contains("Content-Length"));
}

#[test]
fn no_location_and_foreign_location() {
    let sandbox = start();
    sandbox.fault(Harm::NoLocation {});
    let answer = solicit(&sandbox, &order());
    assert_eq!((answer.status, answer.header("Location")), (204, None));
    assert_eq!(sandbox.orders().len(), 1);

    sandbox.fault(Harm::ForeignLocation {
        url: "https://elsewhere.example/orders/{uuid}".into(),
    });
    let answer = solicit(&sandbox, &order());
    let uuid = &sandbox.orders()[1].uuid;
    let url = format!("https://elsewhere.example/orders/{uuid}");
    assert_eq!(answer.header("Location"), Some(&*url));
}

#[test]
fn drip() {
    let sandbox = start();
    let whole = get(&sandbox, "/deployments").body.len();
    sandbox.fault(Harm::Drip {
        bytes_per_s: 1500,
        of: Part::Body,
    });
    let mut stream = connect(&sandbox);
    let started = Instant::now();
    let answer = exchange(&mut stream, &request("GET", "/deployments", None, &[], b"")).unwrap();
    assert_eq!(answer.body.len(), whole);
    let least = Duration::from_secs_f64(whole as f64 / 1500.0 * 0.6);
    assert!(started.elapsed() > least, "{:?}", started.elapsed());

    // An answer without a body drips from its first byte.
    let (_, request) = about_to_confirm(&sandbox);
    sandbox.fault(Harm::Drip {
        bytes_per_s: 400,
        of: Part::Body,
    });
    let started = Instant::now();
    assert_eq!(exchange(&mut stream, &request).unwrap().status, 200);
    assert!(started.elapsed() > Duration::from_millis(200));
    // And the connection is good for another request, at full speed.
    let started = Instant::now();
    assert_eq!(exchange(&mut stream, &request).unwrap().status, 200);
    assert!(started.elapsed() < Duration::from_millis(200));
}

#[test]
fn faults_find_their_requests() {
    let sandbox = start();
    let uuid = approved(&sandbox, &order());
    let gone = || Harm::Status {
        status: 503,
        body: String::new(),
        content_type: "text/plain".into(),
        headers: Default::default(),
    };
    // The registration, not the confirm; the second of them; twice; this order only.
    sandbox.fault(
        Fault::new(gone())
            .method("put")
            .path(&uuid)
            .state("")
            .skip(1)
            .times(2),
    );
    let reference = with_reference(order(), "R-1");
    assert_eq!(solicit(&sandbox, &order()).status, 204);
    assert_eq!(confirm(&sandbox, &uuid, &order()).status, 200);
    let statuses: Vec<u16> = (0..4)
        .map(|_| put(&sandbox, &uuid, &reference).status)
        .collect();
    assert_eq!(statuses, [200, 503, 503, 200]);

    // Without an end, until it is taken away.
    sandbox.fault(Fault::new(gone()).times(0));
    for _ in 0..3 {
        assert_eq!(get(&sandbox, "/deployments").status, 503);
    }
    assert_eq!(sandbox.faults().len(), 1);
    sandbox.clear_faults();
    assert_eq!(get(&sandbox, "/deployments").status, 200);
}

#[test]
fn faults_over_http() {
    let sandbox = start();
    let add = |fault: Value| send(&sandbox, "POST", "/_sandbox/faults", &fault);
    let minimal = [
        json!({ "kind": "delay", "ms": 1 }),
        json!({ "kind": "close_before" }),
        json!({ "kind": "close_after" }),
        json!({ "kind": "reset" }),
        json!({ "kind": "status", "status": 500 }),
        json!({ "kind": "status_after", "status": 502 }),
        json!({ "kind": "conflict", "errors": ["x"] }),
        json!({ "kind": "truncate", "bytes": 1 }),
        json!({ "kind": "redirect", "location": "http://x.example/" }),
        json!({ "kind": "garbage" }),
        json!({ "kind": "huge", "bytes": 1 }),
        json!({ "kind": "no_location" }),
        json!({ "kind": "foreign_location", "url": "http://x.example/" }),
        json!({ "kind": "drip", "bytes_per_s": 1 }),
        json!({ "kind": "bad_json" }),
    ];
    for fault in &minimal {
        let mut aimed = fault.clone();
        aimed["method"] = "PUT".into();
        aimed["path"] = "/orders/".into();
        aimed["state"] = "confirmed".into();
        aimed["times"] = 2.into();
        assert_eq!(add(aimed).status, 200, "{fault}");
    }
    let waiting = get(&sandbox, "/_sandbox/faults").json();
    assert_eq!(waiting["faults"].as_array().unwrap().len(), minimal.len());
    // What is shown can be queued again, all at once.
    assert_eq!(add(waiting["faults"].clone()).status, 200);
    assert_eq!(sandbox.faults().len(), 2 * minimal.len());
    let cleared = send(&sandbox, "DELETE", "/_sandbox/faults", &Value::Null);
    assert_eq!((cleared.status, sandbox.faults().len()), (200, 0));

    for wrong in [
        json!({ "kind": "close_befor" }),
        json!({ "kind": "close_before", "tims": 2 }),
        json!({ "kind": "delay" }),
        json!({ "kind": "delay", "ms": -1 }),
        json!({ "kind": "status", "status": 99 }),
        json!("close_before"),
    ] {
        let answer = add(wrong.clone());
        assert_eq!(answer.status, 400, "{wrong}");
        assert!(answer.json()["error"].is_string());
    }
    assert!(sandbox.faults().is_empty());
}

/// A body without a length ends with the connection: over TLS only a close_notify says that it is whole.
#[test]
fn an_end_with_and_without_close_notify() {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    for close_notify in [true, false] {
        sandbox.fault(Harm::Garbage {
            text: "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nall of it".into(),
            when: When::After,
            close_notify,
        });
        let (text, end) = read_below_tls(&sandbox, "GET /deployments HTTP/1.1\r\nHost: x\r\n\r\n");
        assert!(text.ends_with("all of it"), "{text}");
        assert_eq!(end.is_ok(), close_notify);
        let cut = end.err().map(|error| error.kind());
        assert_eq!(cut, (!close_notify).then_some(ErrorKind::UnexpectedEof));
    }
}

#[test]
fn faults_below_tls() {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let agent = tls_agent(&sandbox);
    let url = format!("{}/deployments", sandbox.https_url());
    for harm in [
        Harm::CloseBefore {},
        Harm::Reset { when: When::After },
        Harm::Garbage {
            text: "nonsense\r\n\r\n".into(),
            when: When::After,
            close_notify: false,
        },
        Harm::Truncate {
            bytes: 5,
            of: Part::Body,
        },
    ] {
        // Each on a fresh connection: on one that was open already, a client may take
        // the fault for a keep-alive that ran out, and ask again.
        let agent_for_once = tls_agent(&sandbox);
        sandbox.fault(harm.clone());
        let answer = agent_for_once
            .get(&url)
            .call()
            .and_then(|mut answer| answer.body_mut().read_to_string());
        assert!(answer.is_err(), "{harm:?}: {answer:?}");
    }
    assert!(agent.get(&url).call().is_ok());
}

/// All that comes over TLS until the connection ends, and how it ended.
fn read_below_tls(sandbox: &Sandbox, request: &str) -> (String, std::io::Result<usize>) {
    use rustls::pki_types::{CertificateDer, pem::PemObject};
    let mut roots = rustls::RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_file(sandbox.ca_file()).unwrap())
        .unwrap();
    let config = rustls::ClientConfig::builder()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = "localhost".try_into().unwrap();
    let connection = rustls::ClientConnection::new(Arc::new(config), name).unwrap();
    let address = sandbox
        .https_url()
        .strip_prefix("https://")
        .unwrap()
        .to_owned();
    let mut stream = rustls::StreamOwned::new(connection, TcpStream::connect(address).unwrap());
    stream.write_all(request.as_bytes()).unwrap();
    let mut bytes = Vec::new();
    let end = stream.read_to_end(&mut bytes);
    (String::from_utf8(bytes).unwrap(), end)
}

fn tls_agent(sandbox: &Sandbox) -> ureq::Agent {
    let pem = std::fs::read(sandbox.ca_file()).unwrap();
    let authority = ureq::tls::Certificate::from_pem(&pem).unwrap();
    let roots = ureq::tls::RootCerts::new_with_certs(&[authority]);
    let tls = ureq::tls::TlsConfig::builder().root_certs(roots).build();
    ureq::Agent::config_builder().tls_config(tls).build().into()
}
