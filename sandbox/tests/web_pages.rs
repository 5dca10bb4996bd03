//! A browser lets any web page send requests to this machine: none is obeyed.

mod common;
use common::*;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use sequra_sandbox::{Options, Sandbox};
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

/// Method and path of everything that the README says the control interface does.
fn controls() -> Vec<(String, String)> {
    let readme = include_str!("../README.md");
    let rows = readme.lines().filter_map(|line| line.strip_prefix("| "));
    let rows = rows.filter_map(|row| row.split_once(" `/_sandbox"));
    rows.flat_map(|(methods, rest)| {
        let path = rest.split('`').next().unwrap().replace("{uuid}", "some");
        let methods = methods.split(", ");
        methods.map(move |method| (method.to_owned(), format!("/_sandbox{path}")))
    })
    .collect()
}

/// A request over HTTP or HTTPS; its status and body.
fn ask(
    sandbox: &Sandbox,
    tls: bool,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
) -> (u16, String) {
    if !tls {
        let answer = call(sandbox, method, path, None, headers, b"").expect("an answer");
        return (answer.status, String::from_utf8(answer.body).unwrap());
    }
    let pem = std::fs::read(sandbox.ca_file()).unwrap();
    let authority = ureq::tls::Certificate::from_pem(&pem).unwrap();
    let roots = ureq::tls::RootCerts::new_with_certs(&[authority]);
    let config = ureq::Agent::config_builder()
        .tls_config(ureq::tls::TlsConfig::builder().root_certs(roots).build())
        .http_status_as_error(false);
    let mut request = ureq::http::Request::builder()
        .method(method)
        .uri(format!("{}{path}", sandbox.https_url()));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let agent: ureq::Agent = config.build().into();
    let mut answer = agent.run(request.body(()).unwrap()).unwrap();
    let body = answer.body_mut().read_to_string().unwrap();
    (answer.status().as_u16(), body)
}

/// What a browser sends for a page of somebody else's.
const FOREIGN: &[&[(&str, &str)]] = &[
    &[("Origin", "https://evil.example")],
    &[("Origin", "null")],
    // Another program's page on this machine.
    &[
        ("Origin", "http://127.0.0.1:3000"),
        ("Host", "127.0.0.1:8080"),
    ],
    &[
        ("Origin", "http://localhost.evil.example"),
        ("Host", "localhost"),
    ],
    // A name of its own that leads here by now.
    &[("Host", "evil.example")],
    &[
        ("Host", "evil.example:8080"),
        ("Origin", "http://evil.example:8080"),
    ],
    &[
        ("Host", "evil.example:8443"),
        ("Origin", "https://evil.example:8443"),
    ],
    &[("Host", "localhost.evil.example")],
    &[("Host", "localhost@evil.example")],
    &[("Host", "127.0.0.1.evil.example")],
    &[("Host", "192.0.2.1")],
    &[("Host", "0.0.0.0:8080")],
    &[("Host", "")],
];

#[test]
fn no_page_of_somebody_elses_is_obeyed_or_told_anything() {
    let sandbox = start();
    let uuid = solicited(&sandbox, &order());
    let controls = controls();
    assert!(controls.len() >= 20, "{controls:?}");
    assert!(controls.contains(&("POST".into(), "/_sandbox/shutdown".into())));
    for tls in [false, true] {
        for (method, path) in &controls {
            let path = path.replace("some", &uuid);
            for headers in FOREIGN {
                // ureq has no empty Host.
                if tls && headers.contains(&("Host", "")) {
                    continue;
                }
                let (status, body) = ask(&sandbox, tls, method, &path, headers);
                assert_eq!(status, 403, "{method} {path} {headers:?}: {body}");
                let said: serde_json::Value = serde_json::from_str(&body).unwrap();
                assert!(said["error"].is_string(), "{body}");
                assert!(!body.contains(&uuid) && !body.contains("shop_es"), "{body}");
            }
        }
    }
    // It runs, and nothing has happened.
    let ledger: Vec<_> = sandbox
        .ledger()
        .into_iter()
        .map(|entry| entry.event)
        .collect();
    assert_eq!(ledger, [sequra_sandbox::Event::Solicited]);
    assert_eq!(sandbox.stats().requests, 1);
    assert_eq!(get(&sandbox, "/deployments").status, 200);
}

#[test]
fn its_own_page_and_programs_are() {
    let sandbox = start();
    let http = sandbox.http_url().to_owned();
    let address = http.strip_prefix("http://").unwrap();
    let by_name = address.replace("127.0.0.1", "LocalHost");
    let https = sandbox.https_url().to_owned();
    let secure = https.strip_prefix("https://").unwrap();
    for (tls, headers) in [
        (false, vec![("Host", address)]),
        (false, vec![("Host", address), ("Origin", &*http)]),
        (false, vec![("Host", &*by_name)]),
        (
            false,
            vec![("Host", "[::1]:8080"), ("Origin", "http://[::1]:8080")],
        ),
        (true, vec![]),
        (true, vec![("Host", secure), ("Origin", &*https)]),
    ] {
        let uuid = solicited(&sandbox, &order());
        let path = format!("/_sandbox/orders/{uuid}/approve");
        assert_eq!(
            ask(&sandbox, tls, "POST", &path, &headers).0,
            200,
            "{headers:?}"
        );
        assert_eq!(
            ask(&sandbox, tls, "GET", "/_sandbox/requests", &headers).0,
            200,
            "{headers:?}"
        );
    }
    // Neither scheme is the other's page.
    let headers = [
        ("Host", address),
        ("Origin", &*http.replace("http:", "https:")),
    ];
    assert_eq!(
        ask(&sandbox, false, "GET", "/_sandbox/orders", &headers).0,
        403
    );
    // A program that is older than Host.
    let mut stream = connect(&sandbox);
    let old = exchange(&mut stream, b"GET /_sandbox/stats HTTP/1.0\r\n\r\n");
    assert_eq!(old.expect("an answer").status, 200);
}

/// The API itself: what a till calls it is the till's affair, but no till has pages.
#[test]
fn sequras_api_is_for_tills() {
    let sandbox = start();
    let body = serde_json::json!({ "order": order() }).to_string();
    for headers in FOREIGN
        .iter()
        .filter(|headers| headers.iter().any(|(name, _)| *name == "Origin"))
    {
        let answer = call(
            &sandbox,
            "POST",
            "/orders",
            Some(CREDENTIALS),
            headers,
            body.as_bytes(),
        )
        .unwrap();
        assert_eq!(answer.status, 403, "{headers:?}");
    }
    assert!(sandbox.ledger().is_empty());
    solicited(&sandbox, &order());
}

#[test]
fn who_listens_elsewhere_says_by_which_names() {
    let sandbox = Sandbox::start(Options {
        host: IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        names: vec!["sandbox.shop".into()],
        ..Options::default()
    })
    .unwrap();
    let port = sandbox.http_url().rsplit(':').next().unwrap().to_owned();
    let asked = |host: &str| {
        let mut stream = std::net::TcpStream::connect(format!("127.0.0.1:{port}")).unwrap();
        let request = request("GET", "/_sandbox/orders", None, &[("Host", host)], b"");
        exchange(&mut stream, &request).expect("an answer").status
    };
    // No other machine's name can be made to be a number.
    for host in [
        "sandbox.shop",
        "Sandbox.Shop:8080",
        "192.0.2.7",
        "localhost",
    ] {
        assert_eq!(asked(host), 200, "{host}");
    }
    for host in ["other.shop", "sandbox.shop.evil.example", "[2001:db8::1]"] {
        assert_eq!(asked(host), 403, "{host}");
    }
    // Its certificate is for them, too.
    assert!(trusted_as("sandbox.shop", &sandbox));
    assert!(!trusted_as("other.shop", &sandbox));
}

/// Does a client that looks for this name take the certificate?
fn trusted_as(name: &'static str, sandbox: &Sandbox) -> bool {
    let mut roots = rustls::RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_file(sandbox.ca_file()).unwrap())
        .unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = name.try_into().unwrap();
    let mut client = rustls::ClientConnection::new(Arc::new(config), name).unwrap();
    let port = sandbox.https_url().rsplit(':').next().unwrap();
    let mut stream = std::net::TcpStream::connect(format!("127.0.0.1:{port}")).unwrap();
    client.complete_io(&mut stream).is_ok()
}
