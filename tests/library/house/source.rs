//! Rust sources as the tests of the house read them: words and marks, without comments, texts and what is only there
//! for tests.

use std::fs;
use std::path::{Path, PathBuf};

/// A source file of the library.
#[derive(Clone)]
pub struct Source {
    /// From `src`: `order/mod.rs`
    pub file: String,
    /// What it is called in paths: `["order"]`; none for `lib.rs`.
    pub module: Vec<String>,
    pub tokens: Vec<Token>,
}

/// A function, from its `fn` to its closing brace.
pub struct Function {
    pub name: String,
    pub lines: usize,
}

/// A name, a number or one mark; a text is one mark, `"`.
#[derive(Clone, Debug, PartialEq)]
pub struct Token {
    pub text: String,
    pub line: usize,
}

impl Source {
    pub fn new(file: &str, text: &str) -> Source {
        let way = file.trim_end_matches(".rs").trim_end_matches("/mod");
        let module = match way {
            "lib" => Vec::new(),
            way => way.split('/').map(str::to_owned).collect(),
        };
        Source {
            file: file.to_owned(),
            module,
            tokens: without_tests(tokens(text)),
        }
    }

    /// How many lines it has, without those of tests and what says what the file is for.
    pub fn lines(&self) -> usize {
        match (self.tokens.first(), self.tokens.last()) {
            (Some(first), Some(last)) => last.line + 1 - first.line,
            _ => 0,
        }
    }

    pub fn functions(&self) -> Vec<Function> {
        let tokens = &self.tokens;
        let text = |at: usize| tokens.get(at).map_or("", |token| token.text.as_str());
        let begins = (0..tokens.len()).filter(|at| text(*at) == "fn" && is_name(text(at + 1)));
        let function = |at| Function {
            name: text(at + 1).to_owned(),
            lines: tokens[after_item(tokens, at) - 1].line + 1 - tokens[at].line,
        };
        begins.map(function).collect()
    }

    /// Every source file of the library, but for those of tests and of programs.
    pub fn all() -> Vec<Source> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut paths = Vec::new();
        collect(&root, &mut paths);
        let read = |path: &PathBuf| {
            let inside = path.strip_prefix(&root).unwrap_or(path);
            let file = inside.to_str().expect("names are text").replace('\\', "/");
            let of_tests = |part: &str| part == "tests" || part.ends_with("_tests");
            let is_read = !file.trim_end_matches(".rs").split('/').any(of_tests);
            let text = fs::read_to_string(path).expect("it is text");
            (is_read && !file.starts_with("bin/")).then(|| Source::new(&file, &text))
        };
        let mut sources: Vec<Source> = paths.iter().filter_map(read).collect();
        sources.sort_by(|one, other| one.file.cmp(&other.file));
        assert!(sources.len() > 100, "only {} files", sources.len());
        sources
    }
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the sources are there") {
        let path = entry.expect("they can be listed").path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

pub fn tokens(source: &str) -> Vec<Token> {
    let text: Vec<char> = source.chars().collect();
    let of_name = |one: char| one.is_alphanumeric() || one == '_';
    let (mut found, mut at, mut line) = (Vec::new(), 0, 1);
    while at < text.len() {
        let begin = at;
        let is_token = match text[at] {
            '/' if text.get(at + 1) == Some(&'/') => {
                at = end(&text, at, |at| text[at] == '\n');
                false
            }
            // `r"…"`, `br#"…"#`
            'r' | 'b' if raw(&text, at).is_some() => {
                at = raw(&text, at).expect("just seen");
                found.push(token("\"", line));
                false
            }
            '"' => {
                at += 1;
                while at < text.len() && text[at] != '"' {
                    at += if text[at] == '\\' { 2 } else { 1 };
                }
                at += 1;
                found.push(token("\"", line));
                false
            }
            '\'' if text.get(at + 1) == Some(&'\\') => {
                at = end(&text, at + 3, |at| text[at] == '\'') + 1;
                false
            }
            '\'' if text.get(at + 2) == Some(&'\'') => {
                at += 3;
                false
            }
            one if of_name(one) => {
                at = end(&text, at, |at| !of_name(text[at]));
                true
            }
            one => {
                at += 1;
                !one.is_whitespace()
            }
        };
        let read: String = text[begin..at.min(text.len())].iter().collect();
        if is_token {
            found.push(token(&read, line));
        }
        line += read.matches('\n').count();
    }
    found
}

/// Whether a token is a name, or a word of the language.
pub fn is_name(text: &str) -> bool {
    text.starts_with(|one: char| one.is_alphabetic() || one == '_')
}

fn token(text: &str, line: usize) -> Token {
    Token {
        text: text.to_owned(),
        line,
    }
}

fn end(text: &[char], from: usize, is_end: impl Fn(usize) -> bool) -> usize {
    (from..text.len())
        .find(|at| is_end(*at))
        .unwrap_or(text.len())
}

/// Where a raw text ends that begins here, if one does.
fn raw(text: &[char], at: usize) -> Option<usize> {
    let at = if text[at] == 'b' { at + 1 } else { at };
    let quote = end(text, at + 1, |at| text[at] != '#');
    if text.get(at) != Some(&'r') || text.get(quote) != Some(&'"') {
        return None;
    }
    let marks = quote - at - 1;
    let closes = |at: usize| {
        text[at] == '"' && text[at + 1..].iter().take_while(|one| **one == '#').count() >= marks
    };
    Some(end(text, quote + 1, closes) + 1 + marks)
}

/// The place after the item, the block or the list that begins here.
pub fn after_item(tokens: &[Token], from: usize) -> usize {
    let mut depth = 0;
    for (at, token) in tokens.iter().enumerate().skip(from) {
        match token.text.as_str() {
            "{" | "(" | "[" => depth += 1,
            "}" | ")" | "]" => {
                depth -= 1;
                if depth == 0 && token.text == "}" {
                    return at + 1;
                }
            }
            ";" if depth == 0 => return at + 1,
            _ => {}
        }
    }
    tokens.len()
}

fn without_tests(tokens: Vec<Token>) -> Vec<Token> {
    let texts: Vec<&str> = tokens.iter().map(|token| token.text.as_str()).collect();
    let only_tests = |at: usize| {
        texts[at..].starts_with(&["#", "[", "cfg", "(", "test", ")", "]"])
            || texts[at..].starts_with(&["#", "[", "cfg", "(", "all", "(", "test"])
    };
    let (mut kept, mut at) = (Vec::new(), 0);
    while at < tokens.len() {
        if only_tests(at) {
            let attribute = texts[at..].iter().position(|text| *text == "]");
            at = after_item(&tokens, at + attribute.expect("it is closed") + 1);
        } else {
            kept.push(tokens[at].clone());
            at += 1;
        }
    }
    kept
}
