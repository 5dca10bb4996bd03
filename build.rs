//! Generates the header from the sources of the C boundary, and names the shared library.

#[allow(dead_code)]
#[path = "tests/support/header.rs"]
mod header;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

fn main() {
    println!("cargo::rerun-if-changed=src/ffi");
    println!("cargo::rerun-if-changed=src/status.rs");
    println!("cargo::rerun-if-changed=cbindgen.toml");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=tests/support/header.rs");

    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let header = generated(&root);
    let path = out.join("sequra_pos.h");
    fs::write(&path, &header).expect("OUT_DIR is writable");
    fs::write(out.join("stdcall.rs"), stdcall(&header)).expect("OUT_DIR is writable");
    println!("cargo::rustc-env=SEQURA_POS_HEADER={}", path.display());

    let var = |name: &str| env::var(name).unwrap_or_default();
    println!("cargo::rustc-env=SEQURA_POS_TARGET={}", var("TARGET"));
    println!("cargo::rustc-env=SEQURA_POS_PROFILE={}", var("PROFILE"));
    let mut features: Vec<String> = env::vars()
        .filter_map(|(name, _)| name.strip_prefix("CARGO_FEATURE_").map(str::to_lowercase))
        .filter(|name| name != "default")
        .collect();
    features.sort();
    println!(
        "cargo::rustc-env=SEQURA_POS_FEATURES={}",
        features.join(",")
    );

    if var("CARGO_CFG_TARGET_OS") == "windows" {
        version_resource(
            &out,
            &var("CARGO_CFG_TARGET_ARCH"),
            &var("CARGO_PKG_VERSION"),
        );
    }
    if var("CARGO_CFG_TARGET_OS") == "linux" {
        println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,libsequra_pos.so.1");
        // A symbol that nobody has is an error here, not in a shop. (The fuzzer's and a sanitizer's are in
        // the programs.)
        let instrumented = ["CARGO_CFG_FUZZING", "CARGO_CFG_SANITIZE"]
            .iter()
            .any(|cfg| env::var_os(cfg).is_some());
        if !instrumented {
            println!("cargo::rustc-cdylib-link-arg=-Wl,-z,defs");
        }
        link_by_soname(&out);
        // Identical functions are kept once where nobody can tell; relocations are packed where the
        // C library of the build machine reads them so (glibc 2.36): a library built on an older
        // machine, or for one (scripts/linux.sh), keeps the old form.
        println!("cargo::rerun-if-env-changed=SEQURA_POS_FOR_OLD_GLIBC");
        let for_this_machine =
            var("TARGET") == var("HOST") && env::var_os("SEQURA_POS_FOR_OLD_GLIBC").is_none();
        if var("CARGO_CFG_TARGET_ENV") == "gnu" && for_this_machine && !instrumented {
            if var("CARGO_CFG_TARGET_ARCH") == "x86_64" {
                println!("cargo::rustc-cdylib-link-arg=-Wl,-O2,--icf=safe");
            }
            if glibc().is_some_and(|version| version >= (2, 36)) {
                println!("cargo::rustc-cdylib-link-arg=-Wl,-z,pack-relative-relocs");
            }
        }
    }
}

/// What the file's properties show on Windows. Without mingw's resource compiler there is none.
fn version_resource(out: &Path, arch: &str, version: &str) {
    let arch = if arch == "x86" { "i686" } else { arch };
    let numbers: Vec<&str> = version.split(['.', '-']).take(3).collect();
    let text = format!(
        r#"1 VERSIONINFO
FILEVERSION {numbers},0
PRODUCTVERSION {numbers},0
FILEFLAGSMASK 0x3f
FILEOS 0x40004
FILETYPE 2
BEGIN
  BLOCK "StringFileInfo"
  BEGIN
    BLOCK "040904b0"
    BEGIN
      VALUE "FileDescription", "Sell with seQura from a till"
      VALUE "FileVersion", "{version}"
      VALUE "InternalName", "sequra_pos"
      VALUE "LegalCopyright", "MIT OR Apache-2.0"
      VALUE "OriginalFilename", "sequra_pos.dll"
      VALUE "ProductName", "sequra-pos"
      VALUE "ProductVersion", "{version}"
    END
  END
  BLOCK "VarFileInfo"
  BEGIN
    VALUE "Translation", 0x409, 1200
  END
END
"#,
        numbers = numbers.join(",")
    );
    let source = out.join("version.rc");
    fs::write(&source, text).expect("OUT_DIR is writable");
    let object = out.join("version.o");
    let compiled = Command::new(format!("{arch}-w64-mingw32-windres"))
        .arg(&source)
        .arg(&object)
        .status();
    match compiled {
        Ok(status) if status.success() => {
            println!("cargo::rustc-cdylib-link-arg={}", object.display());
        }
        _ => println!(
            "cargo::warning=no {arch}-w64-mingw32-windres: the DLL has no version resource"
        ),
    }
}

/// For callers that know no other convention (VB6, VBA): each function once more, as `sqs_…`.
fn stdcall(header: &str) -> String {
    let mut text = String::new();
    for function in header::parse(header).functions {
        let prototype = function
            .prototype
            .replace("SQ_API ", "")
            .replace("SQ_CALL ", "");
        let (head, parameters) = prototype
            .split_once('(')
            .expect("a function has parameters");
        let result = head
            .strip_suffix(&function.name)
            .expect("its name comes before them");
        let parameters = parameters
            .trim_end_matches(';')
            .trim_end()
            .trim_end_matches(')');
        let parameters: Vec<(&str, &str)> = parameters
            .split(',')
            .map(str::trim)
            .filter(|parameter| *parameter != "void")
            .map(|parameter| {
                let name = parameter.rfind([' ', '*']).expect("a type before the name") + 1;
                (&parameter[name..], &parameter[..name])
            })
            .collect();
        let taken: Vec<String> = parameters
            .iter()
            .map(|(name, of_type)| format!("r#{name}: {}", rust_type(of_type)))
            .collect();
        let given: Vec<String> = parameters
            .iter()
            .map(|(name, _)| format!("r#{name}"))
            .collect();
        let returned = match result.trim() {
            "void" => String::new(),
            result => format!(" -> {}", rust_type(result)),
        };
        let name = &function.name;
        text += &format!(
            "#[unsafe(no_mangle)]\npub unsafe extern \"stdcall\" fn sqs_{}({}){returned} {{\n    unsafe {{ {name}({}) }}\n}}\n",
            name.trim_start_matches("sq_"),
            taken.join(", "),
            given.join(", "),
        );
    }
    text
}

/// A type of the header as Rust has it.
fn rust_type(text: &str) -> String {
    let text = text.trim();
    if let Some(target) = text.strip_suffix('*') {
        return match target.trim().strip_prefix("const ") {
            Some(target) => format!("*const {}", rust_type(target)),
            None => format!("*mut {}", rust_type(target)),
        };
    }
    match text {
        "char" => "c_char",
        "int32_t" => "i32",
        "uint32_t" => "u32",
        "int64_t" => "i64",
        other => other,
    }
    .to_owned()
}

/// This machine's glibc, if it has one.
fn glibc() -> Option<(u32, u32)> {
    let said = Command::new("getconf")
        .arg("GNU_LIBC_VERSION")
        .output()
        .ok()?;
    let text = String::from_utf8(said.stdout).ok()?;
    let (major, minor) = text.trim().strip_prefix("glibc ")?.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

/// A program linked against the library looks for it by its SONAME: the built one has that name
/// beside it, so that it is found where it was built, too.
fn link_by_soname(out: &Path) {
    #[cfg(unix)]
    // OUT_DIR is <target>/<profile>/build/<package>/out.
    if let Some(profile) = out.ancestors().nth(3) {
        let link = profile.join("libsequra_pos.so.1");
        if fs::symlink_metadata(&link).is_err() {
            // Another build may just have made it; a missing link is noticed by whoever needs it.
            let _ = std::os::unix::fs::symlink("libsequra_pos.so", link);
        }
    }
}

fn generated(root: &Path) -> String {
    let config = cbindgen::Config::from_file(root.join("cbindgen.toml")).expect("cbindgen.toml");
    let mut builder = cbindgen::Builder::new().with_config(config);
    for source in [
        "src/status.rs",
        "src/ffi/library.rs",
        "src/ffi/buffer.rs",
        "src/ffi/open_clients.rs",
        "src/ffi/client.rs",
        "src/ffi/checkout.rs",
        "src/ffi/after_sale.rs",
        "src/ffi/records.rs",
        "src/ffi/order_builder.rs",
    ] {
        builder = builder.with_src(root.join(source));
    }
    let mut text = Vec::new();
    builder
        .generate()
        .expect("the sources of the C boundary can be read")
        .write(&mut text);
    polish(&String::from_utf8(text).expect("a header is text"))
}

/// What cbindgen cannot say: the calling convention stands between type and name, the sections that
/// Rust programmers need are not for C, and C comments have no code marks.
fn polish(header: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut skipping = false;
    let mut in_example = false;
    // Where the arguments of the declaration at hand begin.
    let mut indent = None;
    for line in header.lines() {
        if line.trim() == "* # Safety" {
            skipping = true;
            // The blank comment line before it goes too.
            if lines.last().is_some_and(|last| last.trim() == "*") {
                lines.pop();
            }
            continue;
        }
        if skipping && line.trim_start().starts_with("*/") {
            skipping = false;
        }
        if skipping {
            continue;
        }
        if line.trim_start().starts_with("* ```") {
            in_example = !in_example;
            continue;
        }
        let mut line = line.replace("/**", "/*");
        if in_example && let Some(code) = line.strip_prefix(" * ") {
            line = format!(" *     {code}");
        }
        if lines.last().is_some_and(|last| last == "SQ_API") {
            // cbindgen breaks the line behind the prefix.
            lines.pop();
            line.insert_str(0, "SQ_API ");
        }
        if line.trim_start().starts_with('*') {
            line = line.replace('`', "").replace('…', "...");
        } else if line.starts_with("SQ_API")
            && let Some(end) = line.find('(')
            && let Some(name) = line[..end].rfind("sq_")
        {
            line.insert_str(name, "SQ_CALL ");
            indent = line.find('(').map(|at| at + 1);
        } else if let Some(columns) = indent.filter(|_| line.starts_with(' ')) {
            line = " ".repeat(columns) + line.trim_start();
        } else if let Some(at) = line.find("//") {
            // cbindgen's own, after #endif; C89 has no such comments.
            line.truncate(at);
        }
        lines.push(line.trim_end().to_owned());
    }
    lines.join("\n") + "\n"
}
