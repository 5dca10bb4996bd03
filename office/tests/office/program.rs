//! The program, as a person uses it.

use crate::support::{Till, agent_that_trusts, order};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const OFFICE: &str = env!("CARGO_BIN_EXE_sequra-office");

/// `sequra-office try`, while it runs.
struct Trial {
    process: Child,
    url: String,
    certificate: PathBuf,
    settings: PathBuf,
    password: String,
}

impl Trial {
    fn start(folder: &Path) -> Trial {
        let ready = folder.join("ready");
        let mut command = Command::new(OFFICE);
        command
            .args(["try", "--port", "0", "--ready-file"])
            .arg(&ready);
        let process = command.stdout(Stdio::null()).spawn().unwrap();
        let end = Instant::now() + Duration::from_secs(90);
        while !ready.exists() {
            assert!(Instant::now() < end, "it does not start");
            std::thread::sleep(Duration::from_millis(50));
        }
        let told = fs::read_to_string(&ready).unwrap();
        let [url, certificate, settings, user, password]: [&str; 5] =
            told.lines().collect::<Vec<_>>().try_into().unwrap();
        assert_eq!(user, "admin");
        Trial {
            process,
            url: url.into(),
            certificate: certificate.into(),
            settings: settings.into(),
            password: password.into(),
        }
    }

    /// What one of the other commands says, and whether it is content.
    fn run(&self, arguments: &[&str], input: &str) -> (bool, String) {
        let mut command = Command::new(OFFICE);
        command
            .arg("--settings")
            .arg(&self.settings)
            .args(arguments);
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut process = command.spawn().unwrap();
        process
            .stdin
            .take()
            .unwrap()
            .write_all(input.as_bytes())
            .unwrap();
        let said = process.wait_with_output().unwrap();
        let text = String::from_utf8_lossy(&[said.stdout, said.stderr].concat()).into_owned();
        (said.status.success(), text)
    }

    fn signal(&self, signal: &str) {
        let number = self.process.id().to_string();
        assert!(
            Command::new("kill")
                .args([signal, &number])
                .status()
                .unwrap()
                .success()
        );
    }
}

impl Drop for Trial {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn it_is_tried_out_by_one_command() {
    let folder = tempfile::tempdir().unwrap();
    let mut trial = Trial::start(folder.path());
    assert!(trial.url.starts_with("https://127.0.0.1:") && trial.password.len() == 32);

    let (good, code) = trial.run(&["code", "--shop", "Gran Vía", "--till", "1"], "");
    assert!(good, "{code}");
    let old = fs::read_to_string(&trial.certificate).unwrap();
    let mut till = Till::new(&trial.url, agent_that_trusts(&old));
    till.key = till.ask_in(code.trim()).unwrap().key;
    let frame = till.frame(
        vec![till.sealed(7, order(7, "confirmed", None))],
        Vec::new(),
    );
    till.send(&frame).unwrap();

    commands(&trial, &till);

    // Another certificate, without an end.
    let pair = rcgen::KeyPair::generate().unwrap();
    let params = rcgen::CertificateParams::new(vec!["127.0.0.1".into()]).unwrap();
    let fresh = params.self_signed(&pair).unwrap().pem();
    fs::write(
        trial.certificate.with_extension("key"),
        pair.serialize_pem(),
    )
    .unwrap();
    fs::write(&trial.certificate, &fresh).unwrap();
    trial.signal("-HUP");
    let end = Instant::now() + Duration::from_secs(20);
    let agent = agent_that_trusts(&fresh);
    while agent
        .get(format!("{}/api/1/standing", trial.url))
        .call()
        .is_err()
    {
        assert!(Instant::now() < end, "the certificate is the old one still");
        std::thread::sleep(Duration::from_millis(50));
    }
    let stranger = agent_that_trusts(&old);
    assert!(
        stranger
            .get(format!("{}/api/1/standing", trial.url))
            .call()
            .is_err()
    );

    trial.signal("-TERM");
    let end = Instant::now() + Duration::from_secs(30);
    let status = loop {
        if let Some(status) = trial.process.try_wait().unwrap() {
            break status;
        }
        assert!(Instant::now() < end, "it does not stop");
        std::thread::sleep(Duration::from_millis(50));
    };
    assert!(status.success());
    assert!(!trial.settings.exists());
}

fn commands(trial: &Trial, till: &Till) {
    let good = |arguments: &[&str], input: &str| {
        let (is_good, said) = trial.run(arguments, input);
        assert!(is_good, "{arguments:?}: {said}");
        said
    };
    let bad = |arguments: &[&str], input: &str, why: &str| {
        let (is_good, said) = trial.run(arguments, input);
        assert!(!is_good && said.contains(why), "{arguments:?}: {said}");
    };
    assert!(good(&["migrate"], "").contains("already"));
    let checked = good(&["check-config"], "");
    assert!(
        checked.contains("waits for no standby") && checked.contains(&till.key.id),
        "{checked}"
    );
    assert!(good(&["keys", "list"], "").contains("in use"));
    let fresh = good(&["keys", "new"], "");
    assert!(good(&["keys", "destroy", &till.key.id], "").contains("1 sealed to the newest key"));
    bad(&["keys", "destroy", fresh.trim()], "", "no other key");
    bad(&["keys", "destroy", "none"], "", "none.key");

    let maria = ["user", "add", "maria", "--role", "look"];
    bad(&maria, "short\n", "no password");
    good(&maria, "correct horse battery\n");
    bad(&maria, "correct horse battery\n", "already");
    good(&["user", "password", "maria"], "another horse battery\n");
    good(&["user", "disable", "maria"], "");
    bad(&["user", "disable", "nobody"], "", "nobody of this name");

    // A disk that is gone.
    let out = trial.settings.with_file_name("again.journal");
    let journal = [
        "journal",
        &till.stream.journal_id,
        "--out",
        out.to_str().unwrap(),
    ];
    let said = good(&journal, "");
    assert!(
        said.contains("0 orders") && said.contains("left out: order 7"),
        "{said}"
    );
    assert!(out.exists());
    bad(&journal, "", "");

    let epoch = till.standing().unwrap().epoch;
    good(&["raise-epoch"], "");
    let raised = till.standing().unwrap().epoch;
    good(&["raise-epoch"], "");
    assert!(epoch < raised && raised < till.standing().unwrap().epoch);
    good(&["revoke", &till.stream.journal_id], "");
    bad(&["revoke", &till.stream.journal_id], "", "revoked before");
    assert_eq!(till.standing().unwrap_err().0, 401);
}
