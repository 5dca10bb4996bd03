//! Reads the C header, as far as the tests and the bindings' declarations must understand it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// One function of the header.
#[derive(Clone, Debug)]
pub struct Function {
    pub name: String,
    /// The declaration up to its semicolon, in one line.
    pub prototype: String,
    /// The comment right before it, without its stars; empty where there is none.
    pub comment: String,
}

/// One macro of the header.
#[derive(Clone, Debug)]
pub struct Macro {
    pub name: String,
    pub value: String,
    pub comment: String,
}

/// The header, taken apart.
#[derive(Debug)]
pub struct Header {
    pub text: String,
    pub functions: Vec<Function>,
    pub macros: Vec<Macro>,
    /// Names of the types it declares.
    pub types: Vec<String>,
}

/// Where the header is that tills compile against.
pub fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("include/sequra_pos.h")
}

/// The header that tills compile against.
pub fn read() -> Header {
    parse(&fs::read_to_string(path()).expect("include/sequra_pos.h is there"))
}

/// Takes a header apart.
pub fn parse(text: &str) -> Header {
    let mut header = Header {
        text: text.to_owned(),
        functions: Vec::new(),
        macros: Vec::new(),
        types: Vec::new(),
    };
    let mut comment = String::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix("/*") {
            let (inside, after) = after.split_once("*/").expect("a comment ends");
            comment = plain(inside);
            rest = after;
        } else if rest.starts_with('#') {
            let (line, after) = rest.split_once('\n').unwrap_or((rest, ""));
            if let Some(definition) = line.strip_prefix("#define ") {
                let (name, value) = definition.split_once(' ').unwrap_or((definition, ""));
                header.macros.push(Macro {
                    name: name.to_owned(),
                    value: value.trim().to_owned(),
                    comment: std::mem::take(&mut comment),
                });
            }
            comment.clear();
            rest = after;
        } else {
            let end = rest.find([';', '{', '}']).map_or(rest.len(), |at| at + 1);
            let declaration = words(rest[..end].trim_end_matches(';'));
            rest = &rest[end..];
            let comment = std::mem::take(&mut comment);
            if let Some(of_type) = declaration.strip_prefix("typedef ") {
                header
                    .types
                    .extend(of_type.rsplit(' ').next().map(str::to_owned));
            } else if let Some((before, _)) = declaration.split_once('(') {
                header.functions.push(Function {
                    name: identifiers(before).last().unwrap_or_default().to_owned(),
                    prototype: declaration,
                    comment,
                });
            }
        }
        rest = rest.trim_start();
    }
    header
}

impl Header {
    /// The names of its functions.
    pub fn function_names(&self) -> BTreeSet<String> {
        self.functions.iter().map(|f| f.name.clone()).collect()
    }

    /// The macros that are status codes.
    pub fn statuses(&self) -> BTreeSet<String> {
        let is_status = |m: &&Macro| {
            m.name.starts_with("SQ_")
                && m.name != "SQ_ABI_VERSION"
                && m.value.parse::<i32>().is_ok()
        };
        let statuses = self.macros.iter().filter(is_status);
        statuses.map(|m| m.name.clone()).collect()
    }

    /// The statuses that a function's comment names, itself or by saying "as" another function.
    pub fn documented(&self, function: &str) -> BTreeSet<String> {
        let statuses = self.statuses();
        let mut found = BTreeSet::new();
        let mut known = BTreeSet::new();
        let mut due = vec![function.to_owned()];
        while let Some(name) = due.pop() {
            let Some(function) = self.functions.iter().find(|f| f.name == name) else {
                continue;
            };
            if !known.insert(name) {
                continue;
            }
            let words: Vec<&str> = identifiers(&function.comment).collect();
            found.extend(
                words
                    .iter()
                    .filter(|word| statuses.contains(**word))
                    .map(|word| (*word).to_owned()),
            );
            let pairs = words.windows(2);
            due.extend(
                pairs
                    .filter(|pair| pair[0] == "as" && pair[1].starts_with("sq_"))
                    .map(|pair| pair[1].to_owned()),
            );
        }
        found
    }
}

impl Function {
    /// The prototype without what only the compiler needs.
    pub fn bare(&self) -> String {
        let words = self.prototype.split(' ');
        words
            .filter(|word| !matches!(*word, "SQ_API" | "SQ_CALL"))
            .collect::<Vec<_>>()
            .join(" ")
            .replace("*SQ_CALL ", "*")
    }

    /// The type it returns, as written.
    pub fn returns(&self) -> String {
        let bare = self.bare();
        let before = bare.split_once('(').map_or(bare.as_str(), |parts| parts.0);
        before
            .strip_suffix(&self.name)
            .unwrap_or(before)
            .trim()
            .to_owned()
    }

    /// The types of its parameters, as written, without the names; none for `(void)`.
    pub fn parameters(&self) -> Vec<String> {
        let named = self.named_parameters().into_iter();
        named.map(|(of_type, _)| of_type).collect()
    }

    /// Type, as written, and name of each parameter; none for `(void)`.
    pub fn named_parameters(&self) -> Vec<(String, String)> {
        let bare = self.bare();
        let inside = bare.split_once('(').expect("a function has parentheses").1;
        let inside = inside.strip_suffix(')').expect("nothing follows them");
        if inside == "void" {
            return Vec::new();
        }
        let taken_apart = |parameter: &str| {
            let parameter = parameter.trim();
            let of_type =
                parameter.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || c == '_');
            let name = &parameter[of_type.len()..];
            (of_type.trim().to_owned(), name.to_owned())
        };
        inside.split(',').map(taken_apart).collect()
    }
}

/// C without comments and without the contents of strings.
pub fn without_comments(c: &str) -> String {
    let mut out = String::new();
    let mut rest = c;
    while let Some(at) = rest.find(['/', '"', '\'']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(after) = rest.strip_prefix("/*") {
            out.push(' ');
            rest = after.split_once("*/").map_or("", |parts| parts.1);
        } else if rest.starts_with('/') {
            out.push('/');
            rest = &rest[1..];
        } else {
            let quote = rest.as_bytes()[0];
            let mut end = 1;
            while end < rest.len() && rest.as_bytes()[end] != quote {
                end += if rest.as_bytes()[end] == b'\\' { 2 } else { 1 };
            }
            out.push_str(&rest[..1]);
            out.push_str(&rest[..1]);
            rest = rest.get(end + 1..).unwrap_or("");
        }
    }
    out + rest
}

/// The words of a text that could be C names.
pub fn identifiers(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty())
}

fn words(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.replace("( ", "(").replace(" )", ")")
}

/// The inside of a comment without its stars.
pub fn plain(comment: &str) -> String {
    let lines = comment.lines().map(|line| {
        let line = line.trim();
        line.strip_prefix('*').unwrap_or(line)
    });
    lines.collect::<Vec<_>>().join("\n").trim().to_owned()
}
