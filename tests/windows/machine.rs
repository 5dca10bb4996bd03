//! Windows, as wine has it: 64-bit on this system, 32-bit in an i386 tree of its own.

use crate::C89;
use crate::support::c::{self, Machine, root};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

pub static BITS_64: Windows = Windows::new("windows-64");
pub static BITS_32: Windows = Windows::new("windows-32");

pub struct Windows {
    name: &'static str,
    /// A program that waits for its input to end, as long as the tests run: the first program of a
    /// session starts wine's own, which would keep that one's output open.
    session: OnceLock<Child>,
}

impl Windows {
    const fn new(name: &'static str) -> Windows {
        Windows {
            name,
            session: OnceLock::new(),
        }
    }

    pub fn wide(&self) -> bool {
        self.name == "windows-64"
    }

    /// What its compiler's programs begin with.
    pub fn tools(&self) -> &'static str {
        match self.wide() {
            true => "x86_64-w64-mingw32",
            false => "i686-w64-mingw32",
        }
    }

    /// What `make windows` has built.
    pub fn built(&self, file: &str) -> PathBuf {
        let target = match self.wide() {
            true => "x86_64-win7-windows-gnu",
            false => "i686-win7-windows-gnu",
        };
        let path = root("target/windows").join(target).join(file);
        assert!(path.exists(), "no {}: make windows", path.display());
        path
    }

    /// A module definition of stdcall functions: 32-bit names carry how many bytes their arguments have.
    pub fn definition(&self, dll: &str, functions: &[(&str, u32)]) -> String {
        let mut text = format!("LIBRARY {dll}\nEXPORTS\n");
        for (name, bytes) in functions {
            text += &match self.wide() {
                true => format!("    {name}\n"),
                false => format!("    {name}@{bytes}\n"),
            };
        }
        text
    }

    /// What of this system's files it sees as its own root.
    fn tree(&self) -> PathBuf {
        match self.wide() {
            true => PathBuf::from("/"),
            false => root("target/wine32"),
        }
    }

    /// wine, in a folder of this system's.
    fn wine(&self, folder: &Path) -> Command {
        let mut command;
        if self.wide() {
            command = Command::new("/usr/lib/wine/wine64");
            command.current_dir(folder);
        } else {
            let inside = folder.strip_prefix(self.tree()).expect("below the tree");
            command = Command::new(root("scripts/enter.sh"));
            command.arg(self.tree()).arg(Path::new("/").join(inside));
            command.arg("/usr/lib/wine/wine").env("HOME", "/root");
        }
        self.environment(&mut command);
        command
    }

    /// What wine needs to be told.
    fn environment(&self, command: &mut Command) {
        let prefix = match self.wide() {
            true => root("target/wine64"),
            false => PathBuf::from("/prefix"),
        };
        command
            .env("WINEPREFIX", prefix)
            .env("WINEDEBUG", "-all")
            // Or a new prefix asks for what no test needs.
            .env("WINEDLLOVERRIDES", "mscoree,mshtml=")
            // Without a locale file names are ASCII.
            .env("LC_ALL", "C.UTF-8");
    }

    /// For a program of this system that runs wine itself.
    pub fn serves(&self, command: &mut Command) {
        self.start();
        self.environment(command);
    }

    /// Makes sure that wine is up.
    fn start(&self) {
        self.session.get_or_init(|| {
            let shell = |words: &[&str]| {
                let mut command = self.wine(&self.tree());
                command.args(["cmd", "/c"]).args(words);
                command.stdout(Stdio::null()).stderr(Stdio::null());
                command
            };
            let first = shell(&["exit", "7"]).stdin(Stdio::null()).status();
            let code = first.expect("wine starts").code();
            assert_eq!(code, Some(7), "{}: wine does not run", self.name);
            let waiting = shell(&["set", "/p", "x="]).stdin(Stdio::piped()).spawn();
            waiting.expect("wine starts")
        });
    }
}

impl Machine for Windows {
    fn name(&self) -> &'static str {
        self.name
    }

    fn compiler(&self, cpp: bool) -> Command {
        let compiler = if cpp { "g++" } else { "gcc" };
        let mut command = Command::new(format!("{}-{compiler}-posix", self.tools()));
        command.arg("-static");
        command
    }

    fn standard(&self) -> &'static [&'static str] {
        C89
    }

    fn program(&self, name: &str) -> String {
        format!("{name}.exe")
    }

    fn link(&self, folder: &Path) -> Vec<String> {
        // Windows looks for a DLL in the program's own folder first.
        fs::copy(self.built("sequra_pos.dll"), folder.join("sequra_pos.dll")).expect("a DLL");
        let library = self.built("libsequra_pos.dll.a");
        vec![library.display().to_string(), "-lpsapi".to_owned()]
    }

    fn command(&self, program: &Path, folder: &Path) -> Command {
        self.start();
        let mut command = self.wine(folder);
        command.arg(self.path(program));
        command
    }

    fn path(&self, path: &Path) -> String {
        let inside = path.strip_prefix(self.tree()).expect("below the tree");
        format!("Z:/{}", inside.to_str().expect("the path is UTF-8"))
    }

    fn scratch(&self, name: &str) -> PathBuf {
        if self.wide() {
            return c::scratch(&format!("64/{name}"));
        }
        let folder = self.tree().join("tests").join(name);
        // What the last run left; there may be nothing.
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("the tree is writable");
        folder
    }
}
