//! Compiles C programs against the library that Cargo built (or for another machine, against its own),
//! runs them, and talks to them.

use super::header;
use sequra_sandbox::{Fault, Sandbox};
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Mutex, OnceLock};
use std::thread::ThreadId;
use std::time::{Duration, Instant};
use std::{env, fs, thread};

/// A program that takes longer hangs. Generous: Valgrind on a machine that has much else to do.
const PATIENCE: Duration = Duration::from_secs(600);

/// What C programs are compiled for, and run on.
pub trait Machine: Sync {
    fn name(&self) -> &'static str;
    /// The C compiler, or the C++ one.
    fn compiler(&self, cpp: bool) -> Command;
    /// What the programs of tests/c are written in: C89, with what POSIX adds.
    fn standard(&self) -> &'static [&'static str] {
        &["-std=c89", "-D_XOPEN_SOURCE=600"]
    }
    /// The file name of a program.
    fn program(&self, name: &str) -> String;
    /// What links a program with the library; one in this folder finds it when it runs.
    fn link(&self, folder: &Path) -> Vec<String>;
    /// Runs a program in a folder.
    fn command(&self, program: &Path, folder: &Path) -> Command;
    /// A path as its programs write it.
    fn path(&self, path: &Path) -> String;
    /// An empty folder that its programs can reach.
    fn scratch(&self, name: &str) -> PathBuf;
}

/// The machine that the tests run on.
pub struct Here;

impl Machine for Here {
    fn name(&self) -> &'static str {
        "here"
    }

    fn compiler(&self, cpp: bool) -> Command {
        compiler(cpp)
    }

    fn program(&self, name: &str) -> String {
        name.to_owned()
    }

    fn link(&self, _folder: &Path) -> Vec<String> {
        vec![
            format!("-L{}", library_folder().display()),
            finds_library(),
            "-lsequra_pos".to_owned(),
            "-lpthread".to_owned(),
        ]
    }

    fn command(&self, program: &Path, folder: &Path) -> Command {
        let mut command = plain(program);
        command.current_dir(folder);
        command
    }

    fn path(&self, path: &Path) -> String {
        path.to_str().expect("the path is UTF-8").to_owned()
    }

    fn scratch(&self, name: &str) -> PathBuf {
        scratch(name)
    }
}

/// The shared library of this build.
pub fn library() -> PathBuf {
    let executable = env::current_exe().expect("a test knows where it is");
    let deps = executable.parent().expect("it is in a folder");
    // `cargo test` builds it beside the tests; `cargo build` links it one folder up.
    [Some(deps), deps.parent()]
        .into_iter()
        .flatten()
        .map(|folder| folder.join("libsequra_pos.so"))
        .find(|library| library.exists())
        .unwrap_or_else(|| panic!("no libsequra_pos.so in {} or above it", deps.display()))
}

/// A folder to link against and to load from: the library under both of its names.
pub fn library_folder() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let folder = scratch("lib");
        for name in ["libsequra_pos.so", "libsequra_pos.so.1"] {
            symlink(library(), folder.join(name)).expect("the folder is empty");
        }
        folder
    })
}

/// How a program finds that folder when it runs. In the old way (`DT_RPATH`), which comes before
/// `LD_LIBRARY_PATH`: Cargo sets that, and there may lie the library of some earlier build.
pub fn finds_library() -> String {
    let folder = library_folder().display();
    format!("-Wl,--disable-new-dtags,-rpath,{folder}")
}

/// An empty folder of this process's own, under Cargo's for tests. A name is one test's, which may ask again: another one
/// beside it would remove what it has made.
pub fn scratch(name: &str) -> PathBuf {
    static OWNERS: Mutex<BTreeMap<String, ThreadId>> = Mutex::new(BTreeMap::new());
    let here = thread::current().id();
    let owner = *OWNERS
        .lock()
        .expect("nobody panics with it")
        .entry(name.to_owned())
        .or_insert(here);
    assert_eq!(owner, here, "two tests have the folder {name}");
    let root = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let program = env::current_exe().expect("a test knows where it is");
    let folder = root
        .join(program.file_name().expect("and what it is called"))
        .join(name);
    // What the last run left; there may be nothing.
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("Cargo's folder for tests is writable");
    folder
}

/// The C compiler, or the C++ one, that Cargo would use.
pub fn compiler(cpp: bool) -> Command {
    let target = env!("SEQURA_POS_TARGET");
    let tool = cc::Build::new()
        .cpp(cpp)
        .target(target)
        .host(target)
        .opt_level(0)
        .cargo_metadata(false)
        .get_compiler();
    // Its flags are those for the library's own C code; the tests say theirs.
    let mut command = Command::new(tool.path());
    command.args(sanitizer().map(|name| format!("-fsanitize={name}")));
    command
}

/// A command as a Makefile has it.
pub fn as_words(command: &Command) -> String {
    let words = [command.get_program()]
        .into_iter()
        .chain(command.get_args());
    let words: Vec<_> = words.map(|word| word.to_string_lossy()).collect();
    words.join(" ")
}

/// What this build, and so every program that has its library, is watched by (scripts/sanitized.sh).
pub fn sanitizer() -> Option<&'static str> {
    static NAME: OnceLock<Option<String>> = OnceLock::new();
    NAME.get_or_init(|| env::var("SEQURA_POS_SANITIZER").ok())
        .as_deref()
}

/// Runs a compiler, which must have nothing to say.
pub fn compile(command: &mut Command) {
    let output = command.output().expect("the compiler starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && said.is_empty(),
        "{command:?}\n{said}"
    );
}

/// A folder of this repository.
pub fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Compiles C sources of tests/c into a program that finds the library.
pub fn program(name: &str, sources: &[&str], flags: &[&str]) -> PathBuf {
    program_for(&Here, name, sources, flags)
}

/// The same for any machine.
pub fn program_for(machine: &dyn Machine, name: &str, sources: &[&str], flags: &[&str]) -> PathBuf {
    // Several tests have the same program, each in a folder of its own: a test's thread has the test's name.
    let here = thread::current();
    let test = here.name().and_then(|test| test.rsplit("::").next());
    let folder = machine.scratch(&format!("{name}-{}", test.unwrap_or_default()));
    let link = machine.link(&folder);
    let link: Vec<&str> = link.iter().map(String::as_str).collect();
    compiled_for(
        machine,
        &folder.join(machine.program(name)),
        sources,
        flags,
        &link,
    )
}

/// Compiles C sources of tests/c into this program.
pub fn compiled_for(
    machine: &dyn Machine,
    program: &Path,
    sources: &[&str],
    flags: &[&str],
    link: &[&str],
) -> PathBuf {
    compile(
        machine
            .compiler(false)
            .args(["-pedantic", "-Wall", "-Wextra", "-Werror", "-g"])
            .args(flags)
            .arg("-I")
            .arg(root("include"))
            .arg("-I")
            .arg(root("tests/c"))
            .arg("-o")
            .arg(program)
            // A full path stays as it is.
            .args(sources.iter().map(|source| root("tests/c").join(source)))
            .args(link),
    );
    program.to_owned()
}

/// The value of a program's LD_PRELOAD that puts a library under it. What is under this process, such as another
/// clock, stays.
pub fn preloaded(library: impl Into<OsString>) -> OsString {
    let mut preloaded = library.into();
    if let Some(others) = env::var_os("LD_PRELOAD") {
        preloaded.push(":");
        preloaded.push(others);
    }
    preloaded
}

/// What takes a program's line down: the value of its LD_PRELOAD.
pub fn no_line() -> &'static OsStr {
    static PRELOADED: OnceLock<OsString> = OnceLock::new();
    PRELOADED.get_or_init(|| {
        let library = scratch("no-line").join("no_line.so");
        compile(
            compiler(false)
                .args(["-std=gnu89", "-pedantic", "-Wall", "-Wextra", "-Werror"])
                .args(["-shared", "-fPIC", "-o"])
                .arg(&library)
                .arg(root("tests/c/no_line.c")),
        );
        preloaded(library)
    })
}

/// A program as it is, but for a bound on its memory: a library that reads without end must not take
/// the machine with it. Sanitizers lay claim to far more than they use.
pub fn plain(program: &Path) -> Command {
    if sanitizer().is_some() {
        return Command::new(program);
    }
    let mut command = Command::new("sh");
    command.args(["-c", "ulimit -v 2000000 && exec \"$0\" \"$@\""]);
    command.arg(program);
    command
}

/// Valgrind in front of a program; none where it is not installed and not required, nor where a sanitizer
/// does its work.
pub fn valgrind() -> Option<Command> {
    if sanitizer().is_some() {
        return None;
    }
    static THERE: OnceLock<bool> = OnceLock::new();
    let there = *THERE.get_or_init(|| {
        let version = Command::new("valgrind").arg("--version").output();
        let there = version.is_ok_and(|output| output.status.success());
        if !there {
            eprintln!("Valgrind is not installed: memory errors and leaks are not looked for.");
        }
        there
    });
    let required = env::var("SEQURA_POS_REQUIRE_VALGRIND").is_ok_and(|value| value == "1");
    assert!(
        there || !required,
        "Valgrind is required (SEQURA_POS_REQUIRE_VALGRIND=1) and not installed"
    );
    let mut command = Command::new("valgrind");
    command.args([
        "-q",
        "--error-exitcode=99",
        "--leak-check=full",
        "--show-leak-kinds=definite,indirect,possible",
        "--errors-for-leak-kinds=definite,indirect,possible",
        // Threads take turns, so that a waiting one is not starved by a busy one.
        "--fair-sched=try",
        "--num-callers=25",
    ]);
    command.arg(format!(
        "--suppressions={}",
        root("tests/c/valgrind.supp").display()
    ));
    there.then_some(command)
}

/// What a program told while it ran.
#[derive(Debug, Default)]
pub struct Told {
    /// Function and name of a status it returned.
    pub returned: BTreeSet<(String, String)>,
    /// What it says it has covered.
    pub covered: BTreeSet<String>,
}

/// Runs a program plain, and then under Valgrind. `arguments` is asked for each run, with a word
/// for what is unlike in them; each run has a simulator of its own, changed by `prepare`.
pub fn run_twice(
    program: &Path,
    prepare: &dyn Fn(&Sandbox),
    arguments: &dyn Fn(&str, &Sandbox) -> Vec<String>,
) -> Told {
    let start = || {
        let sandbox = Sandbox::start(sequra_sandbox::Options::default()).expect("it can listen");
        prepare(&sandbox);
        sandbox
    };
    let sandbox = start();
    let mut command = plain(program);
    command.args(arguments("plain", &sandbox));
    let told = run(command, &sandbox).unwrap_or_else(|wrong| panic!("{wrong}"));
    if let Some(mut command) = valgrind() {
        let sandbox = start();
        command.arg(program).args(arguments("valgrind", &sandbox));
        run(command, &sandbox).unwrap_or_else(|wrong| panic!("{wrong}"));
    }
    told
}

/// Runs a program to its end and does what it asks for. It must succeed and leave stderr alone;
/// otherwise the error says what was wrong.
pub fn run(mut command: Command, sandbox: &Sandbox) -> Result<Told, String> {
    let started = Instant::now();
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let mut stdin = child.stdin.take().expect("it was piped");
    let stdout = BufReader::new(child.stdout.take().expect("it was piped"));
    let mut stderr = child.stderr.take().expect("it was piped");
    let errors = thread::spawn(move || {
        let mut said = Vec::new();
        // What was read before an error is shown all the same.
        let _ = stderr.read_to_end(&mut said);
        String::from_utf8_lossy(&said).into_owned()
    });
    let (sender, lines) = mpsc::channel();
    thread::spawn(move || {
        for line in stdout.split(b'\n').map_while(Result::ok) {
            // Windows ends its lines with both.
            let line = String::from_utf8_lossy(&line);
            if sender.send(line.trim_end_matches('\r').to_owned()).is_err() {
                break;
            }
        }
    });

    let mut told = Told::default();
    let mut wrong = Vec::new();
    loop {
        let line = match lines.recv_timeout(PATIENCE.saturating_sub(started.elapsed())) {
            Ok(line) => line,
            Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) => {
                wrong.push(format!("it was stopped after {PATIENCE:?}"));
                let _ = child.kill();
                break;
            }
        };
        match line.split_once(' ').unwrap_or((&line, "")) {
            ("returned", pair) => {
                let (function, status) = pair.split_once(' ').unwrap_or((pair, ""));
                told.returned.insert((function.into(), status.into()));
            }
            ("covered", function) => {
                told.covered.insert(function.into());
            }
            (command, argument) => match obey(sandbox, command, argument) {
                // A program that has ended meanwhile is noticed below.
                Ok(reply) => drop(writeln!(stdin, "ok {reply}")),
                Err(why) => {
                    wrong.push(why);
                    drop(writeln!(stdin, "no"));
                }
            },
        }
    }
    drop(stdin);
    let status = child.wait().expect("it is our child");
    let said = errors.join().expect("it only reads");
    match status.success() && said.is_empty() && wrong.is_empty() {
        true => Ok(told),
        false => Err(format!(
            "{command:?}: {status}\n{}\n{said}",
            wrong.join("\n")
        )),
    }
}

/// One line of the protocol, see tests/c/check.h.
fn obey(sandbox: &Sandbox, command: &str, argument: &str) -> Result<String, String> {
    let turned = |result: Result<_, sequra_sandbox::ControlError>| {
        result
            .map(|_: sequra_sandbox::OrderView| String::new())
            .map_err(|error| format!("{command} {argument}: {error:?}"))
    };
    match (command, argument.split_once(' ').unwrap_or((argument, ""))) {
        ("approve", (uuid, _)) => turned(sandbox.approve(uuid)),
        ("review", (uuid, _)) => turned(sandbox.review(uuid)),
        ("expire", (uuid, _)) => turned(sandbox.expire(uuid)),
        ("fault", _) => {
            let fault: Fault = serde_json::from_str(argument)
                .map_err(|error| format!("the simulator has no such fault: {error}: {argument}"))?;
            sandbox.fault(fault);
            Ok(String::new())
        }
        ("requests", ("", _)) => Ok(sandbox.stats().requests.to_string()),
        // How many were about this order.
        ("requests", ("about", uuid)) => {
            let requests = sandbox.requests();
            let about = requests.iter().filter(|entry| entry.path.contains(uuid));
            Ok(about.count().to_string())
        }
        // Waits until so many are being answered at once.
        ("requests", ("reach", count)) => {
            let wanted: usize = count.parse().map_err(|_| format!("{count} is no number"))?;
            let until = Instant::now() + PATIENCE;
            while Instant::now() < until {
                let requests = sandbox.requests();
                let open = requests.iter().filter(|entry| entry.answered_at.is_none());
                if open.count() >= wanted {
                    return Ok(String::new());
                }
                thread::sleep(Duration::from_millis(5));
            }
            Err(format!("there were never {wanted} requests at once"))
        }
        ("events", (uuid, _)) => {
            let ledger = sandbox.ledger();
            let events = ledger
                .iter()
                .filter(|entry| entry.uuid == uuid)
                .map(|entry| {
                    let name = serde_json::to_value(entry.event).unwrap_or_default();
                    name.as_str().unwrap_or_default().to_owned()
                });
            Ok(events.collect::<Vec<_>>().join(","))
        }
        ("wire", _) => {
            let requests = sandbox.requests();
            let body = requests.last().and_then(|entry| entry.body.clone());
            Ok(body.unwrap_or_default().replace('\n', " "))
        }
        _ => Err(format!("unexpected on stdout: {command} {argument}")),
    }
}

/// Every status that came must be one that the function's comment in the header names.
pub fn check_documented(told: &Told) {
    let header = header::read();
    let undocumented: Vec<String> = told
        .returned
        .iter()
        .filter(|(function, status)| !header.documented(function).contains(status))
        .map(|(function, status)| format!("{function} returned {status}"))
        .collect();
    assert!(
        undocumented.is_empty(),
        "not in the header's comments:\n{}",
        undocumented.join("\n")
    );
}
