//! The office's SQL has nothing in it that Citus, CockroachDB or YugabyteDB do not have: docs/office-sql.md says what that
//! is, and where it is said. None of them was run here.

use std::fs;
use std::path::Path;

/// What a text that is SQL begins with.
const VERBS: &[&str] = &[
    "ALTER", "BEGIN", "CREATE", "DELETE", "DROP", "EXPLAIN", "INSERT", "LOCK", "MERGE", "SELECT",
    "SET", "TRUNCATE", "UPDATE", "VALUES", "WITH", "DECLARE", "COPY", "LISTEN", "NOTIFY", "DO",
    "CALL", "PREPARE", "EXECUTE",
];

/// Words that stand next to each other, and are refused. One that ends in * begins so.
const REFUSED: &[&str] = &[
    // Numbers that somebody counts.
    "SERIAL",
    "BIGSERIAL",
    "SMALLSERIAL",
    "SERIAL4",
    "SERIAL8",
    "SEQUENCE",
    "NEXTVAL",
    "CURRVAL",
    "SETVAL",
    "GENERATED",
    "IDENTITY",
    // What ties tables together.
    "FOREIGN KEY",
    "REFERENCES",
    "EXCLUDE",
    "DEFERRABLE",
    "DEFERRED",
    "INHERITS",
    // What runs by itself, or in the database.
    "TRIGGER",
    "RULE",
    "CREATE FUNCTION",
    "CREATE OR REPLACE FUNCTION",
    "CREATE PROCEDURE",
    "DO $$",
    "PLPGSQL",
    "EVENT TRIGGER",
    "CALL",
    // What is one server's or one session's.
    "PG_ADVISORY*",
    "PG_TRY_ADVISORY*",
    "LISTEN",
    "UNLISTEN",
    "NOTIFY",
    "PG_NOTIFY",
    "TEMP",
    "TEMPORARY",
    "UNLOGGED",
    "PREPARE",
    "EXECUTE",
    "DEALLOCATE",
    "DECLARE",
    "CURSOR",
    "FETCH",
    "LOCK TABLE",
    "SET SESSION",
    "DISCARD",
    // Types.
    "JSON",
    "JSONB",
    "XML",
    "HSTORE",
    "MONEY",
    "TSVECTOR",
    "TSQUERY",
    "INT4RANGE",
    "INT8RANGE",
    "TSRANGE",
    "TSTZRANGE",
    "CREATE TYPE",
    "CREATE DOMAIN",
    "CREATE EXTENSION",
    "LO_*",
    "COLLATE",
    // Statements.
    "SKIP LOCKED",
    "NOWAIT",
    "FOR SHARE",
    "FOR NO KEY UPDATE",
    "FOR KEY SHARE",
    "TABLESAMPLE",
    "GROUPING SETS",
    "ROLLUP",
    "CUBE",
    "MERGE",
    "ON CONSTRAINT",
    "CREATE MATERIALIZED",
    "COPY",
    "CLUSTER",
    "VACUUM",
    "REINDEX",
    "TRUNCATE",
    "SET TRANSACTION SNAPSHOT",
    "SET CONSTRAINTS",
    "WHERE CURRENT OF",
    // What a row has in one server's files.
    "CTID",
    "XMIN",
    "XMAX",
    "TABLEOID",
    "PG_CURRENT_XACT_ID",
    "TXID_*",
];

/// A text of the sources, with where it stands.
struct Text {
    place: String,
    text: String,
}

fn sources(folder: &Path, all: &mut Vec<Text>) {
    let mut paths: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    for path in paths {
        let place = path.display().to_string();
        if path.is_dir() {
            sources(&path, all);
        } else if place.ends_with(".rs") {
            let code = fs::read_to_string(&path).unwrap();
            all.extend(statements(&code).into_iter().map(|text| Text {
                place: place.clone(),
                text,
            }));
        }
    }
}

/// The texts of a Rust file that are SQL, those of a `concat!` together.
fn statements(code: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut rest = code;
    let mut joins = false;
    while let Some(at) = rest.find(['"', '/', '\'']) {
        let (before, here) = rest.split_at(at);
        if before.contains("concat!") {
            joins = true;
            found.push(String::new());
        } else if before.contains(';') || before.contains('}') {
            joins = false;
        }
        if here.starts_with("//") {
            rest = here.split_once('\n').map_or("", |(_, rest)| rest);
            continue;
        }
        if !here.starts_with('"') {
            // A letter, or the name of a lifetime.
            rest = match here.as_bytes() {
                [b'\'', b'\\', _, b'\'', ..] => &here[4..],
                [b'\'', _, b'\'', ..] => &here[3..],
                _ => &here[1..],
            };
            continue;
        }
        let (text, after) = literal(&here[1..]);
        match (joins, found.last_mut()) {
            // What a macro is given stands between.
            (true, Some(last)) => *last = format!("{last} {text}"),
            _ => found.push(text),
        }
        rest = after;
    }
    let is_sql = |text: &String| {
        let first = text
            .trim_start()
            .split(|c: char| !c.is_ascii_alphabetic())
            .next();
        VERBS.contains(&first.unwrap_or_default()) && text.trim().contains(' ')
    };
    found.into_iter().filter(is_sql).collect()
}

/// A text up to its end, and what comes after it.
fn literal(code: &str) -> (String, &str) {
    let mut text = String::new();
    let mut letters = code.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return (text, &code[at + 1..]),
            '\\' => match letters.next() {
                Some((_, '\n')) => text.push(' '),
                Some((_, other)) => text.push(other),
                None => break,
            },
            other => text.push(other),
        }
    }
    (text, "")
}

/// The words of a statement, without its remarks and what stands between quotes.
fn words(sql: &str) -> Vec<String> {
    let lines = sql
        .lines()
        .map(|line| line.split("--").next().unwrap_or_default());
    let bare: Vec<String> = lines.map(str::to_owned).collect();
    let bare = bare.join("\n");
    let parts: Vec<&str> = bare.split('\'').step_by(2).collect();
    let spaced: String = parts
        .join(" ? ")
        .chars()
        .flat_map(|c| match c {
            '(' | ')' | ',' | ';' => vec![' ', c, ' '],
            c => vec![c],
        })
        .collect();
    let words = spaced.split_whitespace().flat_map(|word| word.split("::"));
    words.map(str::to_ascii_uppercase).collect()
}

/// What of it those databases do not have.
fn refused(sql: &str) -> Option<String> {
    let words = words(sql);
    for refused in REFUSED {
        let wanted: Vec<&str> = refused.split(' ').collect();
        let fits = |window: &[String]| {
            window
                .iter()
                .zip(&wanted)
                .all(|(word, wanted)| match wanted.strip_suffix('*') {
                    Some(begin) => word.starts_with(begin),
                    None => word == wanted,
                })
        };
        if words.windows(wanted.len()).any(fits) {
            return Some((*refused).to_owned());
        }
    }
    // A part of a statement that has a name may only read.
    let changes = |word: &String| ["INSERT", "UPDATE", "DELETE"].contains(&word.as_str());
    if words.first().is_some_and(|word| word == "WITH") {
        let inside = words
            .windows(3)
            .any(|three| three[0] == "AS" && three[1] == "(" && changes(&three[2]));
        if inside {
            return Some("WITH … AS (INSERT, UPDATE or DELETE)".into());
        }
    }
    // ON CONFLICT (…) WHERE: an index of some rows only.
    let conflict = words
        .windows(2)
        .position(|two| two[0] == "ON" && two[1] == "CONFLICT");
    let target = conflict.map(|at| &words[at + 2..]);
    let behind =
        target.and_then(|words| Some(&words[words.iter().position(|word| word == ")")? + 1..]));
    if behind.is_some_and(|words| words.first().is_some_and(|word| word == "WHERE")) {
        return Some("ON CONFLICT on a partial index".into());
    }
    None
}

#[test]
fn the_offices_sql_is_what_distributed_databases_have() {
    let office = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut all = Vec::new();
    sources(&office.join("src"), &mut all);
    assert!(all.len() > 30, "only {} statements were found", all.len());
    for entry in fs::read_dir(office.join("migrations")).unwrap() {
        let path = entry.unwrap().path();
        let file = fs::read_to_string(&path).unwrap();
        let place = path.display().to_string();
        all.extend(file.split(';').map(|text| Text {
            place: place.clone(),
            text: text.into(),
        }));
    }
    let bad: Vec<String> = all
        .iter()
        .filter_map(|text| {
            Some(format!(
                "{}: {}: {}",
                text.place,
                refused(&text.text)?,
                text.text
            ))
        })
        .collect();
    assert!(bad.is_empty(), "{}", bad.join("\n\n"));
}

#[test]
fn what_they_do_not_have_is_found() {
    for bad in [
        "CREATE TABLE a (id bigserial PRIMARY KEY)",
        "CREATE TABLE a (id bigint GENERATED ALWAYS AS IDENTITY)",
        "CREATE TABLE a (b text REFERENCES c (d))",
        "SELECT nextval('a')",
        "SELECT pg_advisory_xact_lock($1)",
        "SELECT pg_try_advisory_lock(1)",
        "SELECT a FROM b FOR UPDATE SKIP LOCKED",
        "SELECT a::jsonb FROM b",
        "INSERT INTO a (b) VALUES ($1) ON CONFLICT (b) WHERE c IS NULL DO NOTHING",
        "WITH gone AS (DELETE FROM a RETURNING b) SELECT count(*) FROM gone",
        "CREATE TEMPORARY TABLE a (b text)",
        "LISTEN news",
        "SELECT pg_notify('a', 'b')",
        "CREATE TRIGGER a AFTER INSERT ON b EXECUTE FUNCTION c()",
        "LOCK TABLE a IN EXCLUSIVE MODE",
        "SELECT ctid FROM a",
    ] {
        assert!(refused(bad).is_some(), "{bad}");
    }
    for good in [
        "INSERT INTO a (b) SELECT c.b FROM unnest($1::text[]) AS c (b) ON CONFLICT (b) DO UPDATE SET b = excluded.b WHERE a.b <> 'jsonb'",
        "WITH newest AS (SELECT max(a) AS a FROM b) SELECT c.a FROM c JOIN newest ON c.a = newest.a",
        "CREATE INDEX a ON b (c) WHERE d IS NULL -- no sequence",
        "SELECT a FROM b WHERE c = $1 FOR UPDATE",
    ] {
        assert_eq!(refused(good), None, "{good}");
    }
    let code = "const A: &str = \"SELECT a \\\n     FROM b\"; // \"SELECT c FROM d\"\nconst B: &str = concat!(\"SELECT a\", w!(), \" FROM b FOR UPDATE SKIP LOCKED\");";
    assert_eq!(
        statements(code),
        [
            "SELECT a       FROM b",
            " SELECT a  FROM b FOR UPDATE SKIP LOCKED"
        ]
    );
}
