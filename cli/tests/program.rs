//! The program from outside: what it writes for shells and manuals, and how it ends where it was not called like that.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn sequra(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sequra"));
    command.args(arguments).env_remove("SEQURA_CONFIG");
    command.output().expect("the program runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

/// The commands that the program's own help lists.
fn commands() -> Vec<String> {
    let help = text(&sequra(&["--help"]).stdout);
    let (_, list) = help.split_once("Commands:\n").expect("a list of commands");
    let (list, _) = list.split_once("\n\n").expect("which ends");
    let names = list.lines().filter_map(|line| line.strip_prefix("  "));
    let names = names.filter(|line| !line.starts_with(' '));
    let name = |line: &str| line.split(' ').next().map(str::to_owned);
    names
        .filter_map(name)
        .filter(|name| name != "help")
        .collect()
}

#[test]
fn every_command_is_in_its_pages_and_is_completed() {
    let commands = commands();
    assert!(commands.len() > 25, "{commands:?}");
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let completions = text(&sequra(&["completions", shell]).stdout);
        for command in &commands {
            assert!(completions.contains(command.as_str()), "{shell}: {command}");
        }
    }
    let folder = std::env::temp_dir().join(format!("sequra-manual-{}", std::process::id()));
    let written = sequra(&["manual", &folder.to_string_lossy()]);
    assert!(written.status.success(), "{written:?}");
    for command in &commands {
        assert!(
            folder.join(format!("sequra-{command}.1")).is_file(),
            "{command}"
        );
    }
    std::fs::remove_dir_all(folder).expect("it was made here");
    for page in ["docs/sequra.md", "docs/sequra.es.md"] {
        let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(page);
        let page = std::fs::read_to_string(page).expect("a page");
        for command in &commands {
            let named = page.contains(&format!("`sequra {command}"));
            assert!(named, "{command} is not on the page");
        }
    }
}

#[test]
fn who_calls_it_wrongly_is_told_how_it_is_called() {
    for wrong in [
        &["sell"][..],
        &[],
        &["confirm"],
        &["restore", "copy.db"],
        &["ship", "R-1", "x", "--all"],
    ] {
        let output = sequra(wrong);
        assert_eq!(output.status.code(), Some(2), "{wrong:?}");
        assert!(text(&output.stderr).contains("Usage"), "{wrong:?}");
    }
    for asked in [
        &["--help"][..],
        &["--version"],
        &["help", "refund"],
        &["refund", "--help"],
    ] {
        assert!(sequra(asked).status.success(), "{asked:?}");
    }
}

#[test]
fn a_kept_journal_is_shown_and_left_as_it_is() {
    for version in 1..=2 {
        let kept: PathBuf = [env!("CARGO_MANIFEST_DIR"), "..", "tests", "journals"]
            .iter()
            .collect();
        let kept = kept.join(format!("v{version}.journal"));
        let before = std::fs::read(&kept).expect("a journal");
        let output = sequra(&["pending", "--json", "--journal", &kept.to_string_lossy()]);
        assert!(output.status.success(), "{output:?}");
        let result: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        assert_eq!(result["data"]["journal"]["version"], version);
        assert_eq!(std::fs::read(&kept).expect("a journal"), before);
    }
}
