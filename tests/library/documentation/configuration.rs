//! The page on configuration: every key, its default, what is taken.

use super::{in_code, page, rows};
use sequra_pos::Config;
use sequra_pos::words::Language;
use sequra_pos::words::Problem;
use serde_json::{Value, json};

/// A till's configuration with these keys, beside the few that must be there.
fn configured(key: &str, value: Value) -> Result<Config, Vec<Problem>> {
    let mut config = json!({
        "environment": "sandbox", "account_key": "k", "account_secret": "s", "journal": ":memory:",
    });
    config[key] = value;
    Config::from_value(config)
}

/// Each key has a row in the page on configuration, with the default that it has, and the range that is taken.
#[test]
fn the_configuration_is_what_its_page_says() {
    let text = page("docs/configuration.md");
    let rows: Vec<Vec<&str>> = rows(&text).filter(|row| row.len() == 4).collect();
    let row = |key: &str| {
        let name = format!("`{key}`");
        let found = rows.iter().find(|row| row[0] == name);
        found.unwrap_or_else(|| panic!("docs/configuration.md has no row for {key}"))
    };
    for key in Config::keys() {
        row(key);
    }
    let config = configured("language", Value::Null).expect("it is enough");
    let ms = |time: std::time::Duration| time.as_millis();
    for (key, default) in [
        ("abandon_after_days", config.abandon_after_days.to_string()),
        ("log_retention_days", config.log_retention_days.to_string()),
        ("refusal_days", config.refusal_days.to_string()),
        ("language", config.language.tag().to_owned()),
        ("text_encoding", config.text_encoding.name().to_lowercase()),
        (
            "timeouts",
            format!(
                "{{\"connect_ms\": {}, \"total_ms\": {}}}",
                ms(config.connect_timeout),
                ms(config.total_timeout)
            ),
        ),
    ] {
        assert_eq!(row(key)[2], format!("`{default}`"), "the default of {key}");
    }
    for key in ["abandon_after_days", "log_retention_days", "refusal_days"] {
        let (low, high) = row(key)[1].split_once(" to ").expect("a range");
        let number = |text: &str| -> i64 {
            let digits = text.trim_end_matches(" days").replace(',', "");
            digits.parse().expect("a number")
        };
        let (low, high) = (number(low), number(high));
        for (days, is_taken) in [
            (low - 1, false),
            (low, true),
            (high, true),
            (high + 1, false),
        ] {
            assert_eq!(
                configured(key, days.into()).is_ok(),
                is_taken,
                "{key}: {days}"
            );
        }
    }
    for language in Language::ALL {
        let tag = language.tag();
        assert!(
            configured("language", tag.into()).is_ok(),
            "src/config/read.rs does not take {tag}"
        );
        assert!(
            in_code(row("language")[1]).any(|named| named == tag),
            "{tag} has no place"
        );
    }
    // Whoever adds one says it where people decide, and where the next one is told how.
    const COUNTED: [(&str, &str); 8] = [
        ("one", "second"),
        ("two", "third"),
        ("three", "fourth"),
        ("four", "fifth"),
        ("five", "sixth"),
        ("six", "seventh"),
        ("seven", "eighth"),
        ("eight", "ninth"),
    ];
    let (there, next) = COUNTED[Language::ALL.len() - 1];
    for (path, said) in [
        ("README.md", format!("in {there} languages")),
        ("CONTRIBUTING.md", format!("a {next} language")),
    ] {
        assert!(page(path).contains(&said), "{path} does not say {said}");
    }
}
