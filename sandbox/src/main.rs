//! The simulator as a program; see `--help`.

#![forbid(unsafe_code)]

use sequra_sandbox::{Options, Sandbox, options, write_in_one_piece};
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    match options::parse(std::env::args_os().skip(1)) {
        Ok(options::Command::Help) => say(&options::help()),
        Ok(options::Command::Version) => {
            say(concat!("sequra-sandbox ", env!("CARGO_PKG_VERSION"), "\n"))
        }
        Ok(options::Command::Run {
            options,
            ready_file,
        }) => match run(*options, ready_file) {
            Ok(()) => ExitCode::SUCCESS,
            Err(e) => fail(&e.to_string(), 1),
        },
        Err(text) => fail(&format!("{text}; see --help"), 2),
    }
}

fn run(options: Options, ready_file: Option<PathBuf>) -> Result<(), Box<dyn std::error::Error>> {
    if let Some(file) = &ready_file {
        // One left over from an earlier run would send the waiting script to a dead port.
        let _ = std::fs::remove_file(file);
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
    say(&lines);
    if let Some(file) = &ready_file {
        write_in_one_piece(file, &sandbox.ready_json())
            .map_err(|e| format!("{}: {e}", file.display()))?;
    }
    sandbox.wait()?;
    Ok(())
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
