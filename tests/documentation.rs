//! The documentation names everything, its links lead somewhere, its examples are compiled and run.
#![cfg(target_os = "linux")]

mod support;

use sequra_pos::lifecycle::State;
use sequra_pos::vocabulary::{ErrorCode, Next};
use sequra_pos::{Config, Status};
use sequra_sandbox::{Options, Sandbox};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use support::c::{compile, compiler, finds_library, library_folder, plain, root, scratch};
use support::header::{self, identifiers};

/// Every page: the README and docs/.
fn pages() -> Vec<(PathBuf, String)> {
    let mut paths = vec![root("README.md")];
    for folder in ["docs", "docs/functions"] {
        let entries = fs::read_dir(root(folder)).expect("a folder of pages");
        let entries = entries.map(|entry| entry.expect("a page").path());
        paths.extend(entries.filter(|path| path.extension().is_some_and(|kind| kind == "md")));
    }
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).expect("a page is text");
        (path, text)
    };
    paths.into_iter().map(read).collect()
}

/// What of these no page names.
fn missing(names: impl IntoIterator<Item = String>, text: &str) -> Vec<String> {
    let known: BTreeSet<&str> = identifiers(text).collect();
    let unknown = |name: &String| !known.contains(name.as_str());
    names.into_iter().filter(unknown).collect()
}

#[test]
fn everything_is_named() {
    let text: String = pages().into_iter().map(|(_, text)| text + "\n").collect();
    let header = header::read();
    let names =
        |words: Vec<&str>| -> Vec<String> { words.into_iter().map(str::to_owned).collect() };
    for (what, names) in [
        ("function", header.function_names().into_iter().collect()),
        (
            "status",
            names(Status::ALL.iter().map(|one| one.name()).collect()),
        ),
        (
            "error code",
            names(ErrorCode::ALL.iter().map(|one| one.as_str()).collect()),
        ),
        (
            "next",
            names(Next::ALL.iter().map(|one| one.as_str()).collect()),
        ),
        (
            "state",
            names(State::ALL.iter().map(|one| one.as_str()).collect()),
        ),
        ("configuration key", names(Config::keys().to_vec())),
    ] {
        assert!(!names.is_empty());
        let missing = missing(names, &text);
        assert!(missing.is_empty(), "no page names the {what} {missing:?}");
    }
    assert_eq!(missing(["sq_nonsense".to_owned()], &text), ["sq_nonsense"]);
}

#[test]
fn links_lead_somewhere() {
    let mut pages = pages();
    for path in [
        "bindings/c/README.md",
        "bindings/python/README.md",
        "sandbox/README.md",
    ] {
        pages.push((root(path), fs::read_to_string(root(path)).expect("a page")));
    }
    let mut broken = Vec::new();
    for (path, text) in pages {
        let folder = path.parent().expect("a folder");
        for link in text.split("](").skip(1) {
            let target = link.split([')', '#', ' ']).next().unwrap_or_default();
            if !target.is_empty() && !target.contains("://") && !folder.join(target).exists() {
                broken.push(format!("{}: {target}", path.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

/// The two guides say the same: as many headings, rows, points; the same calls and statuses in order.
#[test]
fn both_guides_say_the_same() {
    let shape = |language: &str| {
        let text = fs::read_to_string(root(&format!("docs/guide.{language}.md"))).expect("a guide");
        let names: Vec<String> = text
            .split('`')
            .skip(1)
            .step_by(2)
            .map(|code| code.replace(".es.", ".").replace(".en.", "."))
            .collect();
        let count = |begin: &str| text.lines().filter(|line| line.starts_with(begin)).count();
        (names, ["#", "|", "- ", "1", "2", "3"].map(count))
    };
    let (english, spanish) = (shape("en"), shape("es"));
    assert_eq!(english.1, spanish.1, "headings, rows, points");
    assert_eq!(english.0, spanish.0, "what stands in code marks");
}

#[test]
fn the_pictures_are_what_their_script_draws() {
    let folder = scratch("pictures");
    let script = folder.join("flow.py");
    fs::copy(root("docs/flow.py"), &script).expect("it can be copied");
    let drawn = Command::new("python3")
        .arg(&script)
        .status()
        .expect("python3");
    assert!(drawn.success());
    for name in ["flow.en.svg", "flow.es.svg"] {
        let read = |folder: &Path| fs::read_to_string(folder.join(name)).expect("a picture");
        assert_eq!(
            read(&folder),
            read(&root("docs")),
            "{name}: python3 docs/flow.py"
        );
    }
}

/// The examples of the function pages, one after the other, in a shop that has sold R-100 and R-101.
#[test]
fn the_examples_of_the_functions_run() {
    let header = header::read();
    let mut samples = Vec::new();
    for name in header.function_names() {
        let page = fs::read_to_string(root(&format!("docs/functions/{name}.md"))).expect("a page");
        // The first block is the prototype.
        for block in page.split("```c\n").skip(2) {
            let code = block.split("```").next().expect("it ends");
            samples.push((name.clone(), code.to_owned()));
        }
    }
    assert!(samples.len() >= 4, "{samples:?}");
    let mut source = String::from(
        "#include \"check.h\"\n#include <stdio.h>\n#include <string.h>\n\
         static int completed;\n\
         static void complete_the_sale(void) { completed++; }\n\
         static void show_operator(const char *text) { fprintf(stderr, \"%s\\n\", text); }\n",
    );
    for (number, (name, code)) in samples.iter().enumerate() {
        source += &format!(
            "/* {name} */\nstatic void sample_{number}(sq_client *client, const char *url, sq_buffer *out)\n{{\n\
             (void)client; (void)url; (void)out;\n{{\n{code}\n}}\n}}\n"
        );
    }
    source += "int main(int argc, char **argv)\n{\nsq_client *client = NULL;\nstatic char config[ROOM], order[ROOM], url[300];\n\
        const char *refs[] = {\"R-100\", \"R-101\", NULL};\nint i;\nif (argc != 3) return 2;\n\
        write_config(config, argv[1], argv[2], \"journal\", \"\");\n\
        ANSWER(SQ_OK, sq_client_open, (config, &client, &answer));\n\
        for (i = 0; i < 3; i++) {\nwrite_order(order, refs[i], \"CAM-01\");\n\
        ANSWER(SQ_OK, sq_start_solicitation, (client, order, &answer));\ncopy_value(url, sizeof url, \"/order/url\");\n\
        if (i < 2) ANSWER(SQ_OK, sq_confirm, (client, url, NULL, &answer));\n}\n";
    for number in 0..samples.len() {
        source += &format!("sample_{number}(client, url, answer);\n");
    }
    source += "CHECK(completed == 1);\n\
        ANSWER(SQ_OK, sq_order_info, (client, \"R-101\", &answer));\nVALUE_IS(\"/data/amounts/delivery\", \"partly_shipped\");\n\
        ANSWER(SQ_OK, sq_order_info, (client, \"R-100\", &answer));\nVALUE_IS(\"/data/amounts/delivery\", \"shipped\");\n\
        CALL(SQ_OK, sq_client_close, (client));\nreturn finish();\n}\n";
    let folder = scratch("examples");
    let file = folder.join("examples.c");
    fs::write(&file, source).expect("it can be written");
    let program = folder.join("examples");
    compile(
        compiler(false)
            .args(["-std=c99", "-Wall", "-Wextra", "-Werror", "-I"])
            .arg(root("include"))
            .arg("-I")
            .arg(root("tests/c"))
            .args([&file, &root("tests/c/check.c"), &root("tests/c/system.c")])
            .arg("-L")
            .arg(library_folder())
            .arg(finds_library())
            .args(["-lsequra_pos", "-o"])
            .arg(&program),
    );
    let sandbox = Sandbox::start(Options::default()).expect("a simulator");
    sandbox.rules(|rules| rules.confirm_requires_approval = false);
    let mut command = plain(&program);
    // What the examples print is for their reader.
    command
        .arg(sandbox.http_url())
        .arg(scratch("examples-journal"));
    let told = support::c::run(command, &sandbox);
    if let Err(wrong) = told {
        let only_url = wrong
            .lines()
            .filter(|line| line.contains("unexpected on stdout"))
            .all(|line| line.contains("/orders/"));
        assert!(wrong.contains("exit status: 0") && only_url, "{wrong}");
    }
}
