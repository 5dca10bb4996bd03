//! A PostgreSQL in a temporary folder, which goes with the program that started it.

use std::fs;
use std::io::{self, Error};
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// So long it may take to start.
const STARTS_WITHIN: Duration = Duration::from_secs(60);
/// Where distributions keep what is not for the path.
const PLACES: [&str; 3] = [
    "/usr/lib/postgresql",
    "/usr/local/pgsql",
    "/opt/homebrew/opt/postgresql",
];
/// Runs until its input ends, however the program that holds the other end does. $1 is the folder.
const UNTIL_NOBODY_WAITS: &str = r#"folder=$1; shift
"$@" & cat > /dev/null; kill -INT $! 2>/dev/null; wait $!; rm -rf "$folder""#;

/// How it is set up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Reached through a socket in its folder alone.
    Private,
    /// Also on 127.0.0.1, on a port that was free, without a password: for tests.
    OnAPort,
}

/// One that runs.
pub struct Cluster {
    folder: PathBuf,
    programs: PathBuf,
    owner: Option<(u32, u32)>,
    kind: Kind,
    port: u16,
    server: Option<Child>,
}

impl Cluster {
    /// Makes one, and waits until it answers.
    pub fn start(kind: Kind) -> io::Result<Cluster> {
        let mut cluster = Cluster::prepare(kind)?;
        let data = cluster.data();
        let init = [
            "--no-locale",
            "--encoding=UTF8",
            "--username=office",
            "--auth=trust",
            "--no-sync",
            "--pgdata",
        ];
        cluster.run("initdb", &[&init[..], &[text(&data)?]].concat())?;
        cluster.go_on(&[])?;
        cluster.sql("postgres", "CREATE DATABASE office")?;
        Ok(cluster)
    }

    /// An empty folder, and who may use it. PostgreSQL does not run as root.
    pub fn prepare(kind: Kind) -> io::Result<Cluster> {
        let programs = programs()?;
        let name = format!("sequra-office-{}", crate::random::id());
        let folder = std::env::temp_dir().join(name);
        fs::create_dir(&folder)?;
        let is_root = fs::metadata("/proc/self").map(|me| me.uid()).unwrap_or(1) == 0;
        let owner = match is_root {
            true => Some(unprivileged()?),
            false => None,
        };
        if let Some((user, group)) = owner {
            chown(&folder, Some(user), Some(group))?;
        }
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o700);
        fs::set_permissions(&folder, mode)?;
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        Ok(Cluster {
            folder,
            programs,
            owner,
            kind,
            port,
            server: None,
        })
    }

    /// Starts the server, also again; with these settings beside its own.
    pub fn go_on(&mut self, settings: &[&str]) -> io::Result<()> {
        let addresses = match self.kind {
            Kind::Private => "listen_addresses=",
            Kind::OnAPort => "listen_addresses=127.0.0.1",
        };
        let (data, folder) = (self.data(), self.folder.clone());
        let log = fs::OpenOptions::new()
            .append(true)
            .create(true)
            .open(self.log())?;
        let mut shell = self.as_owner(Path::new("/bin/sh"));
        shell.args(["-c", UNTIL_NOBODY_WAITS, "sh"]).arg(&folder);
        shell
            .arg(self.programs.join("postgres"))
            .arg("-D")
            .arg(&data);
        shell
            .arg("-k")
            .arg(&folder)
            .arg("-p")
            .arg(self.port.to_string());
        for setting in [addresses, "max_connections=100"].iter().chain(settings) {
            shell.args(["-c", setting]);
        }
        shell
            .stdin(Stdio::piped())
            .stdout(log.try_clone()?)
            .stderr(log);
        // Its end is not the end of this terminal's other programs.
        self.server = Some(shell.process_group(0).spawn()?);
        self.wait()
    }

    fn wait(&mut self) -> io::Result<()> {
        let until = Instant::now() + STARTS_WITHIN;
        let port = self.port.to_string();
        let asked = ["-q", "-h", text(&self.folder)?, "-p", &port];
        while self.run("pg_isready", &asked).is_err() {
            let ended = self
                .server
                .as_mut()
                .map(Child::try_wait)
                .transpose()?
                .flatten();
            if ended.is_some() || Instant::now() > until {
                let log = fs::read_to_string(self.log()).unwrap_or_default();
                return Err(Error::other(format!("PostgreSQL does not start:\n{log}")));
            }
            std::thread::sleep(Duration::from_millis(30));
        }
        Ok(())
    }

    /// Where the server's files are.
    pub fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// What the server says.
    pub fn log(&self) -> PathBuf {
        self.folder.join("log")
    }

    /// Its folder, for more of its owner's files.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// A connection string for one of its databases.
    pub fn address(&self, database: &str) -> String {
        let host = match self.kind {
            Kind::Private => self.folder.display().to_string(),
            Kind::OnAPort => "127.0.0.1".into(),
        };
        format!(
            "host={host} port={} user=office dbname={database}",
            self.port
        )
    }

    /// Runs a statement by psql, and gives what it prints: rows in lines, columns between |.
    pub fn sql(&self, database: &str, statement: &str) -> io::Result<String> {
        let port = self.port.to_string();
        let folder = text(&self.folder)?;
        let how = [
            "-X",
            "-q",
            "-A",
            "-t",
            "-v",
            "ON_ERROR_STOP=1",
            "-U",
            "office",
        ];
        let what = ["-h", folder, "-p", &port, "-d", database, "-c", statement];
        let said = self.run("psql", &[how.as_slice(), &what].concat())?;
        Ok(String::from_utf8_lossy(&said.stdout).trim().to_owned())
    }

    /// Runs one of PostgreSQL's programs as the owner of the folder.
    pub fn run(&self, program: &str, arguments: &[&str]) -> io::Result<Output> {
        let mut command = self.as_owner(&self.programs.join(program));
        let said = command.args(arguments).stdin(Stdio::null()).output()?;
        match said.status.success() {
            true => Ok(said),
            false => {
                let text = String::from_utf8_lossy(&said.stderr);
                Err(Error::other(format!("{program}: {}", text.trim())))
            }
        }
    }

    fn as_owner(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        if let Some((user, group)) = self.owner {
            command.uid(user).gid(group);
        }
        command.current_dir(&self.folder).env("LC_ALL", "C");
        command
    }

    /// Ends the server at once, as a power cut would but for its files.
    pub fn kill(&mut self) -> io::Result<()> {
        self.signal("-KILL")?;
        // The shell sees to it that its children are gone, and removes the folder: not this time.
        self.end_shell()
    }

    /// Sends the server's first process a signal.
    pub fn signal(&self, signal: &str) -> io::Result<()> {
        let file = fs::read_to_string(self.data().join("postmaster.pid"))?;
        let number = file.lines().next().unwrap_or_default().to_owned();
        let sent = Command::new("kill").args([signal, &number]).status()?;
        match sent.success() {
            true => Ok(()),
            false => Err(Error::other("there is no such process")),
        }
    }

    fn end_shell(&mut self) -> io::Result<()> {
        let Some(mut shell) = self.server.take() else {
            return Ok(());
        };
        shell.kill()?;
        shell.wait().map(|_| ())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Some(mut shell) = self.server.take() {
            // Its input ends, and so does it.
            drop(shell.stdin.take());
            let _ = shell.wait();
        }
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn text(path: &Path) -> io::Result<&str> {
    path.to_str()
        .ok_or_else(|| Error::other("a folder's name is no UTF-8"))
}

/// The newest PostgreSQL that there is.
fn programs() -> io::Result<PathBuf> {
    let mut found = Vec::new();
    for place in PLACES {
        let versions = fs::read_dir(place).into_iter().flatten().flatten();
        found.extend(versions.map(|version| version.path().join("bin")));
        found.push(Path::new(place).join("bin"));
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    found.extend(std::env::split_paths(&path));
    let mut whole = found
        .into_iter()
        .filter(|folder| folder.join("initdb").exists());
    let version = |folder: &PathBuf| -> u32 {
        let name = folder.parent().and_then(Path::file_name);
        name.and_then(|name| name.to_str()?.parse().ok())
            .unwrap_or(0)
    };
    let first = whole.next();
    let newest = whole.chain(first).max_by_key(version);
    newest.ok_or_else(|| {
        Error::other("PostgreSQL is not installed here (Debian's package is `postgresql`)")
    })
}

/// Somebody who may do nothing else.
fn unprivileged() -> io::Result<(u32, u32)> {
    let users = fs::read_to_string("/etc/passwd")?;
    let of = |name: &str| {
        let line = users
            .lines()
            .find(|line| line.split(':').next() == Some(name))?;
        let mut fields = line.split(':').skip(2);
        Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
    };
    let found = of("postgres").or_else(|| of("nobody"));
    found.ok_or_else(|| {
        Error::other("PostgreSQL does not run as root, and there is no user `postgres` or `nobody`")
    })
}
