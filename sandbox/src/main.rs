//! The simulator as a program; see `--help`.

#![forbid(unsafe_code)]

use sequra_sandbox::{Options, Sandbox, options, remove_file, write_in_one_piece};
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};

fn main() -> ExitCode {
    match options::parse(std::env::args_os().skip(1)) {
        Ok(options::Command::Help) => say(&options::help()),
        Ok(options::Command::Version) => {
            say(concat!("sequra-sandbox ", env!("CARGO_PKG_VERSION"), "\n"))
        }
        Ok(options::Command::Run {
            options,
            ready_file,
            open,
        }) => match run(*options, ready_file, open) {
            Ok(()) => ExitCode::SUCCESS,
            Err(e) => fail(&e.to_string(), 1),
        },
        Err(text) => fail(&format!("{text}; see --help"), 2),
    }
}

fn run(
    options: Options,
    ready_file: Option<PathBuf>,
    open: bool,
) -> Result<(), Box<dyn std::error::Error>> {
    if let Some(file) = &ready_file {
        // One left over from an earlier run would send the waiting script to a dead port.
        remove_file(file);
    }
    let sandbox = Sandbox::start(options)?;
    let mut lines = format!(
        "http  {}\nhttps {}\nca    {}\n",
        sandbox.http_url(),
        sandbox.https_url(),
        sandbox.ca_file().display()
    );
    for (bad, url) in sandbox.bad_tls_urls() {
        lines += &format!("bad_tls {} {url}\n", bad.name());
    }
    lines += &format!("page  {}\n", sandbox.page_url());
    say(&lines);
    if let Some(file) = &ready_file {
        write_in_one_piece(file, &sandbox.ready_json())
            .map_err(|e| format!("{}: {e}", file.display()))?;
    }
    if open {
        open_in_browser(&sandbox.page_url());
    }
    sandbox.wait()?;
    Ok(())
}

/// The system's own way to open an address. Without a browser the simulator is none the worse.
fn open_in_browser(url: &str) {
    let (program, argument) = match std::env::consts::OS {
        "windows" => ("rundll32", Some("url.dll,FileProtocolHandler")),
        "macos" => ("open", None),
        _ => ("xdg-open", None),
    };
    let mut browser = Command::new(program);
    browser.args(argument).arg(url);
    browser.stdin(Stdio::null()).stdout(Stdio::null());
    match browser.stderr(Stdio::null()).spawn() {
        // Nobody waits for what a person looks at; that it has ended must be seen all the same.
        Ok(mut browser) => drop(std::thread::spawn(move || browser.wait())),
        Err(e) => {
            let text = "cannot open a browser with";
            let _ = writeln!(std::io::stderr(), "sequra-sandbox: {text} {program}: {e}");
        }
    }
}

/// Whoever started the program may have closed its output; that is no reason to stop.
fn say(text: &str) -> ExitCode {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    ExitCode::SUCCESS
}

fn fail(text: &str, status: u8) -> ExitCode {
    let _ = writeln!(std::io::stderr(), "sequra-sandbox: {text}");
    ExitCode::from(status)
}
