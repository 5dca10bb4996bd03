//! Linux on ARM, as qemu has it: programs of the cross compiler, with the library of the archive.

use crate::support::c::{self, Machine, root};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

pub static BITS_64: Arm = Arm::new("aarch64", "aarch64-linux-gnu", "qemu-aarch64");
pub static BITS_32: Arm = Arm::new("armv7", "arm-linux-gnueabihf", "qemu-arm");

pub struct Arm {
    name: &'static str,
    /// What the compiler's programs begin with, and the folder of the system's libraries has for a name.
    tools: &'static str,
    emulator: &'static str,
    /// The archive that `make dist-arm` has made, unpacked.
    prefix: OnceLock<PathBuf>,
}

impl Arm {
    const fn new(name: &'static str, tools: &'static str, emulator: &'static str) -> Arm {
        Arm {
            name,
            tools,
            emulator,
            prefix: OnceLock::new(),
        }
    }

    pub fn wide(&self) -> bool {
        self.name == "aarch64"
    }

    pub fn prefix(&self) -> &Path {
        self.prefix.get_or_init(|| {
            let name = format!(
                "sequra-pos-{}-linux-{}",
                env!("CARGO_PKG_VERSION"),
                self.name
            );
            let archive = root("dist-arm").join(format!("{name}.tar.gz"));
            let folder = self.scratch("archive");
            let unpacked = Command::new("tar")
                .arg("-xzf")
                .arg(&archive)
                .arg("-C")
                .arg(&folder)
                .status();
            let unpacked = unpacked.expect("tar starts");
            assert!(unpacked.success(), "{}: make dist-arm", archive.display());
            folder.join(name)
        })
    }

    pub fn library(&self) -> PathBuf {
        self.prefix().join("lib/libsequra_pos.so.1")
    }

    /// A program of the archive.
    pub fn packed(&self, program: &str, folder: &Path) -> Command {
        self.command(&self.prefix().join("bin").join(program), folder)
    }
}

impl Machine for Arm {
    fn name(&self) -> &'static str {
        self.name
    }

    fn compiler(&self, cpp: bool) -> Command {
        let compiler = if cpp { "g++" } else { "gcc" };
        Command::new(format!("{}-{compiler}", self.tools))
    }

    fn program(&self, name: &str) -> String {
        name.to_owned()
    }

    fn link(&self, _folder: &Path) -> Vec<String> {
        let libraries = self.prefix().join("lib");
        let libraries = libraries.display();
        vec![
            format!("-L{libraries}"),
            format!("-Wl,-rpath,{libraries}"),
            "-lsequra_pos".to_owned(),
            "-lpthread".to_owned(),
        ]
    }

    fn command(&self, program: &Path, folder: &Path) -> Command {
        let mut command = Command::new(self.emulator);
        command
            .args(["-L", &format!("/usr/{}", self.tools)])
            .arg(program)
            .current_dir(folder)
            // Cargo's, where libraries of this machine are.
            .env_remove("LD_LIBRARY_PATH");
        command
    }

    fn path(&self, path: &Path) -> String {
        path.to_str().expect("the path is UTF-8").to_owned()
    }

    fn scratch(&self, name: &str) -> PathBuf {
        c::scratch(&format!("{}/{name}", self.name))
    }
}
