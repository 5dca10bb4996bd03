//! What the program around the till writes where a batch file reads it: in the code page of its console, whatever that
//! lacks.

use crate::machine::{BITS_64, Windows};
use crate::support::c::{Machine, root};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// As each code page has them: é, and the euro where it has one.
const PAGES: [(&str, &[u8], &[u8]); 4] = [
    ("437", b"\x82", b"EUR"),
    ("850", b"\x82", b"EUR"),
    ("1252", b"\xe9", b"\x80"),
    ("65001", "é".as_bytes(), "€".as_bytes()),
];

#[test]
#[ignore = "needs wine: make test-windows"]
fn the_program_is_legible_in_every_code_page() {
    let windows = &BITS_64;
    let folder = windows.scratch("console");
    fs::copy(windows.built("sequra.exe"), folder.join("sequra.exe")).expect("a program");
    let journal = root("tests/journals/v2.journal");
    fs::copy(journal, folder.join("v2.journal")).expect("a journal");
    for (page, e_acute, euro) in PAGES {
        for (language, word) in [("es", "Qué hacer"), ("fr", "État"), ("pt", "Há")] {
            let out = shown(windows, &folder, page, language);
            let whole = String::from_utf8_lossy(&out);
            let has = |wanted: &[u8]| out.windows(wanted.len()).any(|part| part == wanted);
            assert!(has(euro), "{page} {language}: {whole}");
            if let ("es", Some((begin, end))) = (language, word.split_once('é')) {
                let word = [begin.as_bytes(), e_acute, end.as_bytes()].concat();
                assert!(has(&word), "{page}: {whole}");
            }
            // No letter has become a command to the console, or the end of a file.
            let is_command = |byte: &u8| byte.is_ascii_control() && !b"\r\n".contains(byte);
            assert!(!out.iter().any(is_command), "{page} {language}: {whole}");
            assert!(!out.contains(&b'?'), "{page} {language}: {whole}");
            if page == "65001" {
                assert!(whole.contains(word), "{language}: {whole}");
            }
            let columns = |line: &str| line.find(['─', '-']).is_some();
            assert!(whole.lines().any(columns), "{page} {language}: {whole}");
        }
    }
}

/// What a batch file reads of `sequra pending`. It has a console only where its own input is a terminal.
fn shown(windows: &'static Windows, folder: &Path, page: &str, language: &str) -> Vec<u8> {
    let out = format!("{page}-{language}.txt");
    let batch = format!("{page}-{language}.bat");
    let lines = format!(
        "@chcp {page} >nul\r\n@sequra.exe pending --journal v2.journal --language {language} > {out} 2>&1\r\n"
    );
    fs::write(folder.join(&batch), lines).expect("a batch file");
    let mut script = Command::new("script");
    script
        .current_dir(folder)
        .arg("-qec")
        .arg(format!("/usr/lib/wine/wine64 cmd /c {batch}"))
        .arg("typescript")
        .stdin(Stdio::null())
        .stdout(Stdio::null());
    windows.serves(&mut script);
    assert!(script.status().expect("script runs").success(), "{batch}");
    fs::read(folder.join(&out)).expect("what it wrote")
}
