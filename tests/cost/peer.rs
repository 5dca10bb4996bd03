//! Who plays seQura's part while calls are measured: an nginx of our own on this machine, which answers everybody alike
//! and costs next to nothing. It says yes to every step of a sale.

use crate::orders;
use crate::support::c;
use serde_json::json;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{fs, thread};

/// How long it may take to start.
const PATIENCE: Duration = Duration::from_secs(20);
/// The sale that it has paid for, and for how much.
pub const PAID: (&str, i64) = ("R0000000000001", orders::PRICE);

/// One that answers as long as this lives.
pub struct Peer {
    server: Child,
    url: String,
    folder: PathBuf,
}

impl Peer {
    /// One that listens where it can.
    pub fn start(folder: &Path) -> Peer {
        let port = free_port(0).expect("this machine has a port left");
        Peer::start_at(folder, port)
    }

    /// One that listens at this port, where an earlier one did.
    pub fn start_at(folder: &Path, port: u16) -> Peer {
        fs::create_dir_all(folder).expect("the folder is writable");
        fs::write(folder.join("nginx.conf"), configuration(port)).expect("the folder is writable");
        let mut command = Command::new(program());
        command
            .arg("-p")
            .arg(folder)
            .args(["-e", "error.log", "-c", "nginx.conf"])
            .stdin(Stdio::null());
        let mut server = command
            .spawn()
            .unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let until = Instant::now() + PATIENCE;
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            let ended = server.try_wait().expect("it is our child");
            assert!(
                ended.is_none() && Instant::now() < until,
                "nginx does not listen at port {port}: {}",
                fs::read_to_string(folder.join("error.log")).unwrap_or_default()
            );
            thread::sleep(Duration::from_millis(10));
        }
        let url = format!("http://127.0.0.1:{port}");
        let folder = folder.to_owned();
        Peer {
            server,
            url,
            folder,
        }
    }

    /// Where it is found.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Its folder, for whatever belongs to a contest that it is part of.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Writes the configuration of a till that sells with it.
    pub fn till(&self, journal: &Path) -> PathBuf {
        let configuration = json!({
            "base_url": self.url,
            "account_key": "sandbox_key",
            "account_secret": "sandbox_secret",
            "merchant_id": "shop_es",
            "journal": journal,
            // Journals to measure with are kept for long.
            "log_retention_days": 36500,
            "abandon_after_days": 36500,
        });
        let name = journal.file_name().expect("it is a file").display();
        let file = self.folder.join(format!("{name}.json"));
        fs::write(&file, configuration.to_string()).expect("the folder is writable");
        file
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // It has written nothing that anybody will read.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// This port if nobody listens there; 0: any.
pub fn free_port(port: u16) -> Option<u16> {
    let listener = TcpListener::bind(("127.0.0.1", port)).ok()?;
    Some(listener.local_addr().ok()?.port())
}

fn program() -> PathBuf {
    // scripts/setup.sh unpacks it there.
    let ours = c::root("target/tools/nginx/usr/sbin/nginx");
    match ours.exists() {
        true => ours,
        false => "nginx".into(),
    }
}

fn configuration(port: u16) -> String {
    let (paid, amount) = PAID;
    format!(
        r#"
daemon off;
master_process off;
pid nginx.pid;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    client_max_body_size 64m;
    client_body_buffer_size 4m;
    keepalive_requests 1000000000;
    keepalive_timeout 1h;
    default_type application/json;
    map $request_id $uuid {{
        "~^(?<a>.{{8}})(?<b>.{{4}})(?<c>.{{4}})(?<d>.{{4}})(?<e>.{{12}})$" "$a-$b-$c-$d-$e";
    }}
    server {{
        listen 127.0.0.1:{port};
        add_header X-Request-Id $uuid;
        location = /orders {{
            add_header X-Request-Id $uuid;
            add_header Location "http://$http_host/orders/$uuid";
            return 204;
        }}
        location ~ /form_deliveries$ {{ return 204; }}
        location ~ /disbursements$ {{
            return 200 '[{{"disbursement":{{"path":"/merchants/shop_es/disbursements/1","reference":"D-1","issue_date":"2026-01-31","currency":"EUR"}}}}]';
        }}
        location ~ /disbursements/1$ {{
            return 200 '{{"disbursement":{{"reference":"D-1","orders":[{{"order_ref_1":"{paid}","amount_with_tax":{amount}}}]}}}}';
        }}
        location / {{ return 200; }}
    }}
}}
"#
    )
}
