//! The control interface, the request log, TLS and the program itself.

mod common;
use common::*;
use sequra_sandbox::{BadTls, Options, Sandbox, State};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

fn control(sandbox: &Sandbox, method: &str, path: &str) -> Answer {
    call(sandbox, method, path, None, &[], b"").unwrap()
}

#[test]
fn orders_are_moved_and_shown() {
    let sandbox = start();
    let uuid = solicited(&sandbox, &with_reference(order(), "R-7"));
    let path = format!("/_sandbox/orders/{uuid}");
    let approved = control(&sandbox, "POST", &format!("{path}/approve"));
    assert_eq!(
        (approved.status, &approved.json()["state"]),
        (200, &json!("approved"))
    );
    let again = control(&sandbox, "POST", &format!("{path}/approve"));
    assert_eq!(again.status, 409);
    assert_eq!(
        again.json(),
        json!({ "error": "cannot approve an order that is approved" })
    );
    let list = control(&sandbox, "GET", "/_sandbox/orders").json();
    let listed = &list["orders"][0];
    assert_eq!(listed["uuid"], json!(uuid));
    assert_eq!(listed["order_ref_1"], "R-7");
    assert_eq!(listed["amount"], 5097);
    assert_eq!(listed["history"][1]["event"], "approved");
    assert!(
        listed.get("order").is_none(),
        "the list has no personal data"
    );
    let one = control(&sandbox, "GET", &path).json();
    assert_eq!(one["order"]["customer"]["surnames"], "Muñoz Ibáñez");

    for (turn, state) in [
        ("review", "needs_review"),
        ("reject", "rejected"),
        ("cancel", "cancelled"),
        ("expire", "expired"),
    ] {
        let uuid = solicited(&sandbox, &order());
        let moved = control(&sandbox, "POST", &format!("/_sandbox/orders/{uuid}/{turn}"));
        assert_eq!(moved.json()["state"], state);
    }
    for unknown in [
        control(&sandbox, "GET", "/_sandbox/orders/none"),
        control(&sandbox, "POST", "/_sandbox/orders/none/approve"),
        control(&sandbox, "POST", &format!("{path}/applaud")),
        control(&sandbox, "GET", "/_sandbox/secrets"),
    ] {
        assert_eq!(unknown.status, 404);
        assert!(unknown.json()["error"].is_string());
    }
    let ledger = control(&sandbox, "GET", "/_sandbox/ledger").json();
    assert_eq!(ledger["ledger"].as_array().unwrap().len(), 10);
    assert_eq!(ledger["ledger"][1]["event"], "approved");
    assert_eq!(ledger["ledger"][1]["request_id"], Value::Null);
}

#[test]
fn requests_are_logged_to_the_byte_but_without_the_secret() {
    let sandbox = start();
    let body = b"{\"order\":\"Mu\xf1oz\"}";
    let headers = [("Sequra-Merchant-Id", "shop_es"), ("User-Agent", "till/1")];
    call(
        &sandbox,
        "POST",
        "/orders?a=%20b",
        Some(CREDENTIALS),
        &headers,
        body,
    )
    .unwrap();
    let path = "/merchants/A14%2F1/payment_methods";
    call(&sandbox, "GET", path, Some(CREDENTIALS), &[], b"").unwrap();
    solicited(&sandbox, &order());

    let log = control(&sandbox, "GET", "/_sandbox/requests");
    assert!(!log.text().contains("sandbox_secret"));
    let secret = "c2FuZGJveF9rZXk6c2FuZGJveF9zZWNyZXQ="; // the same in base64
    assert!(!log.text().contains(secret));
    let log = log.json();
    let first = &log["requests"][0];
    assert_eq!(first["method"], "POST");
    assert_eq!(
        (&first["path"], &first["query"]),
        (&json!("/orders"), &json!("a=%20b"))
    );
    assert_eq!(first["headers"]["authorization"], "Basic sandbox_key:…");
    assert_eq!(first["headers"]["sequra-merchant-id"], "shop_es");
    assert_eq!(
        (&first["status"], &first["processed"]),
        (&json!(400), &json!(true))
    );
    assert_eq!(first["body"], Value::Null);
    assert_eq!(sandbox.requests()[0].body_bytes(), body);
    assert_eq!(log["requests"][1]["path"], path, "as received");
    let third = log["requests"][2]["body"].as_str().unwrap();
    assert!(third.contains("Muñoz Ibáñez"));
    assert!(log["requests"][2]["answered_at"].is_string());
}

#[test]
fn connections_are_kept_and_counted() {
    let sandbox = start();
    let mut stream = connect(&sandbox);
    let request = request("GET", "/deployments", None, &[], b"");
    for _ in 0..5 {
        assert_eq!(exchange(&mut stream, &request).unwrap().status, 200);
    }
    get(&sandbox, "/deployments");
    // Looking does not count.
    control(&sandbox, "GET", "/_sandbox/orders");
    let stats = control(&sandbox, "GET", "/_sandbox/stats").json();
    assert_eq!(stats, json!({ "connections": 2, "requests": 6 }));
    let log = sandbox.requests();
    assert!(log[..5].iter().all(|r| r.connection == log[0].connection));
    assert_ne!(log[5].connection, log[0].connection);
}

#[test]
fn rules_are_shown_and_changed() {
    let sandbox = start();
    let before = control(&sandbox, "GET", "/_sandbox/rules").json();
    assert_eq!(before["gift_required"], true);
    let change = json!({ "gift_required": false, "auto_approve_ms": 5 });
    let after = send(&sandbox, "PUT", "/_sandbox/rules", &change).json();
    assert_eq!(after["gift_required"], false);
    assert_eq!(after["names_required"], false);
    assert_eq!(sandbox.current_rules().auto_approve_ms, Some(5));
    let wrong = send(&sandbox, "PUT", "/_sandbox/rules", &json!({ "gifts": 1 }));
    assert_eq!(wrong.status, 400);
    assert_eq!(wrong.json(), json!({ "error": "there is no rule 'gifts'" }));
}

#[test]
fn reset_forgets_everything() {
    let sandbox = start();
    let uuid = solicited(&sandbox, &order());
    deliver_pp3(&sandbox, &uuid);
    sandbox.rules(|rules| rules.gift_required = false);
    sandbox.fault(sequra_sandbox::Harm::CloseAfter {});
    assert_eq!(control(&sandbox, "POST", "/_sandbox/reset").status, 200);
    assert!(sandbox.orders().is_empty() && sandbox.ledger().is_empty());
    assert!(sandbox.sms().is_empty() && sandbox.faults().is_empty());
    assert!(sandbox.requests().is_empty());
    assert_eq!(sandbox.stats(), Default::default());
    assert!(sandbox.current_rules().gift_required);
    assert_eq!(put(&sandbox, &uuid, &order()).status, 403);
}

fn agent(ca_file: &std::path::Path) -> ureq::Agent {
    let pem = std::fs::read(ca_file).unwrap();
    let authority = ureq::tls::Certificate::from_pem(&pem).unwrap();
    let roots = ureq::tls::RootCerts::new_with_certs(&[authority]);
    let tls = ureq::tls::TlsConfig::builder().root_certs(roots).build();
    ureq::Agent::config_builder().tls_config(tls).build().into()
}

#[test]
fn tls_is_right_where_it_should_be_and_wrong_where_it_should_be() {
    let sandbox = Sandbox::start(Options {
        bad_tls: true,
        ..Options::default()
    })
    .unwrap();
    let ask = |url: &str| {
        agent(sandbox.ca_file())
            .get(format!("{url}/deployments"))
            .call()
    };
    assert_eq!(ask(sandbox.https_url()).unwrap().status(), 200);
    let by_number = sandbox.https_url().replace("localhost", "127.0.0.1");
    assert_eq!(ask(&by_number).unwrap().status(), 200);
    for bad in BadTls::ALL {
        let error = ask(sandbox.bad_tls_url(bad).unwrap())
            .unwrap_err()
            .to_string();
        let reason = match bad {
            BadTls::Expired => "expired",
            BadTls::OtherHost => "not valid for name",
            BadTls::UnknownCa => "UnknownIssuer",
        };
        assert!(error.contains(reason), "{bad:?}: {error}");
    }
    // Location has the scheme and the host that the client used.
    let answer = agent(sandbox.ca_file())
        .post(format!("{}/orders", sandbox.https_url()))
        .header(
            "Authorization",
            "Basic c2FuZGJveF9rZXk6c2FuZGJveF9zZWNyZXQ=",
        )
        .header("Content-Type", "application/json")
        .send(json!({ "order": order() }).to_string())
        .unwrap();
    let location = answer.headers()["location"].to_str().unwrap();
    let orders = format!("{}/orders/", sandbox.https_url());
    assert!(location.starts_with(&orders), "{location}");

    let ca_file = sandbox.ca_file().to_owned();
    drop(sandbox);
    assert!(
        !ca_file.exists(),
        "the temporary file goes with the sandbox"
    );
}

#[test]
fn a_port_can_be_asked_for_and_is_free_afterwards() {
    let first = start();
    let port = first
        .http_url()
        .rsplit(':')
        .next()
        .unwrap()
        .parse()
        .unwrap();
    let same = || {
        Sandbox::start(Options {
            http: port,
            ..Options::default()
        })
    };
    let taken = same().err().expect("the port is taken").to_string();
    assert!(taken.starts_with(&format!("cannot listen on 127.0.0.1:{port}: ")));
    drop(first);
    let second = same().expect("the port is free again");
    assert_eq!(get(&second, "/deployments").status, 200);
}

/// The program; ended with the test, whatever happens.
struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sequra-sandbox"));
    command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// A folder of the test's own, removed with it.
struct Folder(std::path::PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join(format!("{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    fn file(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn ends_cleanly(mut program: Program) {
    let deadline = Instant::now() + Duration::from_secs(5);
    while Instant::now() < deadline {
        if let Some(status) = program.0.try_wait().unwrap() {
            assert_eq!(status.code(), Some(0));
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("the program goes on");
}

#[test]
fn the_program_says_where_it_listens_and_serves_its_accounts() {
    let folder = Folder::new("program");
    let accounts = folder.file("accounts.json");
    std::fs::write(
        &accounts,
        r#"{"accounts":[{"key":"k","secret":"s:s","merchants":[{"id":"m","country":"PT"}]}]}"#,
    )
    .unwrap();
    let (ready, ca) = (folder.file("ready.json"), folder.file("ca.pem"));
    let mut child = program(&[
        "--accounts",
        &accounts,
        "--ready-file",
        &ready,
        "--ca-file",
        &ca,
        "--rule",
        "gift_required=off",
        "--auto-approve",
        "70",
        "--bad-tls",
        "--quiet",
    ]);
    let mut child = Program(child.spawn().unwrap());
    let mut lines = BufReader::new(child.0.stdout.take().unwrap()).lines();
    let mut line = || lines.next().unwrap().unwrap();
    let http = line().strip_prefix("http  ").unwrap().to_owned();
    let https = line().strip_prefix("https ").unwrap().to_owned();
    assert!(http.starts_with("http://127.0.0.1:"));
    assert!(https.starts_with("https://localhost:"));
    assert_eq!(line(), format!("ca    {ca}"));
    assert!(line().starts_with("bad_tls expired https://localhost:"));

    eventually("ready file", || std::path::Path::new(&ready).exists());
    let ready: Value = serde_json::from_str(&std::fs::read_to_string(&ready).unwrap()).unwrap();
    assert_eq!(
        (&ready["http"], &ready["https"]),
        (&json!(http), &json!(https))
    );
    assert_eq!(
        (&ready["ca_file"], &ready["pid"]),
        (&json!(ca), &json!(child.0.id()))
    );
    assert!(ready["bad_tls"]["other_host"].is_string());

    let agent = agent(ca.as_ref());
    let mut answer = agent
        .get(format!("{https}/merchants/credentials"))
        .header("Authorization", "Basic azpzOnM=")
        .call()
        .unwrap();
    let merchants: Value =
        serde_json::from_str(&answer.body_mut().read_to_string().unwrap()).unwrap();
    assert_eq!(merchants[0]["ref"], "m");
    assert_eq!(merchants[0]["allowed_countries"], json!(["PT"]));
    let mut rules = agent.get(format!("{http}/_sandbox/rules")).call().unwrap();
    let rules: Value = serde_json::from_str(&rules.body_mut().read_to_string().unwrap()).unwrap();
    assert_eq!(
        (&rules["gift_required"], &rules["auto_approve_ms"]),
        (&json!(false), &json!(70))
    );

    let mut shutdown = agent
        .post(format!("{http}/_sandbox/shutdown"))
        .send_empty()
        .unwrap();
    assert_eq!(
        shutdown.body_mut().read_to_string().unwrap(),
        r#"{"shutdown":true}"#
    );
    ends_cleanly(child);
    assert!(
        std::path::Path::new(&ca).exists(),
        "the file asked for stays"
    );
}

#[cfg(unix)]
#[test]
fn the_program_ends_cleanly_when_told_to() {
    let folder = Folder::new("signals");
    for signal in ["TERM", "INT"] {
        let ready = folder.file(&format!("{signal}.json"));
        let child = Program(program(&["--ready-file", &ready]).spawn().unwrap());
        eventually("ready file", || std::path::Path::new(&ready).exists());
        let pid = child.0.id().to_string();
        let kill = Command::new("kill").args(["-s", signal, &pid]).status();
        assert!(kill.unwrap().success());
        ends_cleanly(child);
    }
}

#[test]
fn the_program_explains_itself() {
    let help = program(&["--help"]).output().unwrap();
    assert_eq!(help.status.code(), Some(0));
    assert_eq!(
        String::from_utf8(help.stdout).unwrap(),
        sequra_sandbox::options::help()
    );
    let version = program(&["--version"]).output().unwrap();
    assert!(version.stdout.starts_with(b"sequra-sandbox "));
    let wrong: [(&[&str], i32, &str); 6] = [
        (&["--nonsense"], 2, "--nonsense"),
        (&["--http", "99999"], 2, "99999"),
        (&["--rule", "x=1"], 2, "there is no rule 'x'"),
        (&["--accounts", "no-such-file.json"], 2, "no-such-file.json"),
        (
            &["--ca-file", "no-such-folder/ca.pem"],
            1,
            "no-such-folder/ca.pem",
        ),
        (&["--host", "192.0.2.1"], 1, "cannot listen on 192.0.2.1:0"),
    ];
    for (arguments, status, text) in wrong {
        let output = program(arguments).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(status), "{said}");
        assert!(
            said.starts_with("sequra-sandbox: ") && said.contains(text),
            "{said}"
        );
    }
}

#[test]
fn many_tills_at_once() {
    let sandbox = start();
    std::thread::scope(|scope| {
        for till in 0..8 {
            let sandbox = &sandbox;
            scope.spawn(move || {
                for sale in 0..5 {
                    let order = with_reference(order(), &format!("{till}-{sale}"));
                    let uuid = approved(sandbox, &order);
                    assert_eq!(confirm(sandbox, &uuid, &order).status, 200);
                }
            });
        }
    });
    let orders = sandbox.orders();
    assert_eq!(orders.len(), 40);
    assert!(orders.iter().all(|o| o.state == State::Confirmed));
    let seqs: Vec<u64> = sandbox.ledger().iter().map(|e| e.seq).collect();
    assert_eq!(seqs, (1..=120).collect::<Vec<_>>());
}

/// The sale by hand in the README, run as it stands there but for the port.
#[cfg(unix)]
#[test]
fn the_readme_sale_works() {
    let sandbox = start();
    let readme = include_str!("../README.md");
    let (_, after) = readme.split_once("<!-- walk-through -->\n```sh\n").unwrap();
    let (script, _) = after.split_once("```\n").unwrap();
    let script = script.replace("http://127.0.0.1:8080", sandbox.http_url());
    assert!(script.contains(sandbox.http_url()));
    let folder = Folder::new("walk-through");
    std::fs::create_dir(folder.0.join("examples")).unwrap();
    let sample = include_str!("../examples/order.json");
    std::fs::write(folder.0.join("examples/order.json"), sample).unwrap();
    let shipped = include_str!("../examples/shipped.json");
    std::fs::write(folder.0.join("examples/shipped.json"), shipped).unwrap();
    let mut run = Command::new("sh");
    run.arg("-euc").arg(script).current_dir(&folder.0);
    let output = run.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let events: Vec<_> = sandbox.ledger().iter().map(|e| e.event).collect();
    use sequra_sandbox::Event::*;
    assert_eq!(
        events,
        [
            Solicited,
            FormDelivered,
            Approved,
            Confirmed,
            ReferenceRegistered,
            Updated
        ]
    );
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("the order has not been approved yet"));
    assert_eq!(
        sandbox.orders()[0].order_ref_1.as_deref(),
        Some("R-100"),
        "{said}"
    );
    assert_eq!(sandbox.orders()[0].amount, 4597);
}

#[test]
#[cfg(unix)]
fn the_program_opens_its_page_and_prints_the_shoppers_links() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new("open");
    // Stands for the system's browser, and writes down where it was sent.
    let (browser, opened, ready) = (
        folder.file("xdg-open"),
        folder.file("opened"),
        folder.file("ready"),
    );
    std::fs::write(
        &browser,
        format!("#!/bin/sh\necho \"$*\" > '{opened}.part'\nmv '{opened}.part' '{opened}'\n"),
    )
    .unwrap();
    std::fs::set_permissions(&browser, PermissionsExt::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", folder.0.display(), std::env::var("PATH").unwrap());
    let mut started = program(&["--open", "--ready-file", &ready])
        .env("PATH", path)
        .spawn()
        .unwrap();
    let (said, log) = (
        started.stdout.take().unwrap(),
        started.stderr.take().unwrap(),
    );
    let running = Program(started);
    eventually("a page", || std::path::Path::new(&opened).exists());
    let page = std::fs::read_to_string(&opened).unwrap();
    let started: Value = serde_json::from_str(&std::fs::read_to_string(&ready).unwrap()).unwrap();
    assert_eq!(
        page.trim_end(),
        format!("{}/", started["http"].as_str().unwrap())
    );
    let lines: Vec<String> = BufReader::new(said)
        .lines()
        .take(4)
        .map(Result::unwrap)
        .collect();
    assert_eq!(lines[3], format!("page  {}", page.trim_end()));

    let host = started["http"]
        .as_str()
        .unwrap()
        .strip_prefix("http://")
        .unwrap();
    let ask = |path: &str, body: Value| {
        let mut stream = std::net::TcpStream::connect(host).unwrap();
        let body = body.to_string();
        let request = request(
            "POST",
            path,
            Some(CREDENTIALS),
            &[("Host", host)],
            body.as_bytes(),
        );
        exchange(&mut stream, &request).unwrap()
    };
    let uuid = ask("/orders", json!({"order": order()})).uuid();
    ask(
        &format!("/orders/{uuid}/form_deliveries"),
        json!({"channel": "sms", "product_code": "pp3"}),
    );
    let link = format!("  form  http://{host}/orders/{uuid}/pumbaa_form?product=pp3");
    let mut lines = BufReader::new(log).lines().map(Result::unwrap);
    assert!(lines.any(|line| line.ends_with(&link)));
    ask("/_sandbox/shutdown", json!({}));
    ends_cleanly(running);
}

/// Every path that is served is in the README, and nothing else is.
#[test]
fn the_readme_lists_the_paths() {
    let readme = include_str!("../README.md");
    // The names in braces are for the reader.
    let nameless = |path: &str| -> String {
        let parts = path.split('/');
        let parts = parts.map(|part| if part.starts_with('{') { "{}" } else { part });
        parts.collect::<Vec<_>>().join("/")
    };
    let mut listed: Vec<String> = readme
        .lines()
        .filter(|line| {
            line.starts_with("| POST") || line.starts_with("| PUT") || line.starts_with("| GET")
        })
        .flat_map(|line| line.split('|').nth(1).unwrap().split('`'))
        .filter(|code| code.starts_with('/'))
        .map(nameless)
        .collect();
    let sources = [
        include_str!("../src/endpoints.rs"),
        include_str!("../src/after_sale.rs"),
        include_str!("../src/control.rs"),
        include_str!("../src/face/mod.rs"),
    ];
    let mut served: Vec<String> = sources
        .iter()
        .flat_map(|source| source.split(".route(").skip(1))
        .map(|route| nameless(route.split('"').nth(1).unwrap()))
        .filter(|path| path != "/_sandbox/{}")
        // Behind the first page, for browsers alone.
        .filter(|path| !path.starts_with("/_sandbox/page") && !path.contains("icon."))
        .collect();
    // The turns of an order share a route.
    listed.retain(|path| !path.starts_with("/_sandbox/orders/{}/"));
    served.retain(|path| path != "/_sandbox/orders/{}/{}");
    listed.sort();
    served.sort();
    assert_eq!(listed, served);
}
