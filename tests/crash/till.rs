//! One process of a till: it is told what to do line by line, and may end at any moment.

use crate::book::{Line, Saw, Told};
use crate::support;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::OnceLock;

const SIGKILL: i32 = 9;
const SIGBUS: i32 = 7;

/// What a call gave, and the lists that came with it.
#[derive(Clone, Debug)]
pub struct Answer {
    /// None: the till did not know the order's URL, and called nothing.
    pub told: Option<Told>,
    /// The sale that this was so of.
    pub skipped: Option<String>,
    pub saw: Vec<Saw>,
}

/// How a process ended.
#[derive(Debug, PartialEq, Eq)]
pub enum End {
    Done,
    Killed,
    /// Neither: a crash of the library's own, or a till that was not content.
    Wrong(String),
}

/// Where the process is to be ended, and whether to write down what points it came to.
#[derive(Clone, Copy, Default)]
pub struct Crash<'a> {
    /// `point:n` or `any:n`.
    pub at: Option<&'a str>,
    pub trace: Option<&'a Path>,
}

pub struct Till {
    child: Child,
    /// Its host has opened and closed the file in which SQLite keeps the memory that tills share. Another
    /// till that opens the journal takes that for a dead one's, and cuts it: whoever is at it then ends.
    index_was_closed: bool,
    stdin: Option<ChildStdin>,
    stdout: BufReader<ChildStdout>,
}

impl Till {
    /// The program, compiled once for all tests of this process.
    fn program() -> &'static Path {
        static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
        PROGRAM.get_or_init(|| {
            let posix = &["-std=c89", "-D_XOPEN_SOURCE=600"];
            support::c::program("crash_till", &["crash_till.c"], posix)
        })
    }

    /// Orders are named relative to the configuration's folder.
    pub fn start(config: &Path, book: &Path, crash: Crash, has_line: bool) -> Till {
        let mut command = Command::new(Till::program());
        let folder = config.parent().expect("a configuration is in a folder");
        command
            .args([config, book])
            .current_dir(folder)
            .env("SEQURA_POS_CLOCK", folder.join("clock"))
            .env_remove("SEQURA_POS_CRASH_AT")
            .env_remove("SEQURA_POS_CRASH_TRACE")
            .envs(crash.at.map(|at| ("SEQURA_POS_CRASH_AT", at)))
            .envs(crash.trace.map(|file| ("SEQURA_POS_CRASH_TRACE", file)))
            .envs((!has_line).then(|| ("LD_PRELOAD", support::c::no_line())))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command
            .spawn()
            .unwrap_or_else(|error| panic!("{command:?}: {error}"));
        Till {
            index_was_closed: false,
            stdin: child.stdin.take(),
            stdout: BufReader::new(child.stdout.take().expect("it was piped")),
            child,
        }
    }

    /// Gives a command, and waits for nothing. A till that is dead does not listen.
    pub fn say(&mut self, command: &str) {
        self.index_was_closed |= command.starts_with("query ")
            || (command.starts_with("peek ") && command.ends_with("-shm"));
        if let Some(stdin) = &mut self.stdin {
            let _ = writeln!(stdin, "{command}");
        }
    }

    /// What came of the command; none: the till is dead.
    pub fn hear(&mut self) -> Option<Answer> {
        let mut saw = Vec::new();
        loop {
            let mut line = String::new();
            let read = self.stdout.read_line(&mut line).unwrap_or(0);
            if read == 0 || !line.ends_with('\n') {
                return None;
            }
            match Line::read(line.trim_end()) {
                Some(Line::Saw(order)) => saw.push(order),
                Some(Line::Told(told)) => {
                    return Some(Answer {
                        told: Some(told),
                        skipped: None,
                        saw,
                    });
                }
                Some(Line::Skipped(name)) => {
                    return Some(Answer {
                        told: None,
                        skipped: Some(name),
                        saw,
                    });
                }
                Some(Line::Known { .. }) => {
                    return Some(Answer {
                        told: None,
                        skipped: None,
                        saw,
                    });
                }
                _ => {}
            }
        }
    }

    pub fn call(&mut self, command: &str) -> Option<Answer> {
        self.say(command);
        self.hear()
    }

    /// From outside, at whatever moment this is.
    pub fn kill(&mut self) {
        // It may be dead already.
        let _ = self.child.kill();
    }

    /// Lets it come to its end, unless that was before.
    pub fn end(mut self) -> End {
        drop(self.stdin.take());
        let mut said = String::new();
        if let Some(stderr) = &mut self.child.stderr {
            // What was read before an error is shown all the same.
            let _ = stderr.read_to_string(&mut said);
        }
        let status = self.child.wait().expect("it is our child");
        match (status.success() && said.is_empty(), status.signal()) {
            (true, _) => End::Done,
            (_, Some(SIGKILL)) if said.is_empty() => End::Killed,
            (_, Some(SIGBUS)) if said.is_empty() && self.index_was_closed => End::Killed,
            _ => End::Wrong(format!("{status}\n{said}")),
        }
    }
}
