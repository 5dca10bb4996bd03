//! What an answer points to in the configuration, which alone knows it: said beside seQura's own words, not in their
//! place, and nowhere kept.

use crate::config::{Config, Environment};
use crate::outcome::Outcome;
use crate::problem::Problem;
use crate::vocabulary::ErrorCode;

/// The result with what to look at.
pub(crate) fn with_hints(config: &Config, mut outcome: Outcome) -> Outcome {
    for hint in hints(config, &outcome.errors) {
        if !outcome.errors.contains(&hint) {
            outcome.errors.push(hint);
        }
    }
    let busy = |error: &&mut Problem| error.code == ErrorCode::OrderBusy;
    for late in outcome.errors.iter_mut().filter(busy) {
        let waits = config.total_timeout.as_millis();
        late.message.push_str(&format!(
            " A call waits for {waits} ms (timeouts.total_ms)."
        ));
    }
    outcome
}

/// What these errors point to.
pub(crate) fn hints(config: &Config, errors: &[Problem]) -> Vec<Problem> {
    let has = |code: &ErrorCode| errors.iter().any(|error| error.code == *code);
    let mut hints = Vec::new();
    if has(&ErrorCode::AccessDenied) {
        hints.push(keys_not_taken(config));
    }
    let elsewhere = [
        ErrorCode::NotFound,
        ErrorCode::NotSequrasAnswer,
        ErrorCode::UnreadableAnswer,
        ErrorCode::UnexpectedStatus,
        ErrorCode::MissingLocation,
        ErrorCode::Redirected,
    ];
    if let Some(code) = elsewhere.into_iter().find(|code| has(code)) {
        hints.extend(strange_path(config, code));
    }
    hints
}

/// Which key, where, and what may be wrong with it; of the secret nothing.
fn keys_not_taken(config: &Config) -> Problem {
    let place = match config.environment {
        Some(Environment::Live) => "seQura's live system, as environment says",
        Some(Environment::Sandbox) => "seQura's sandbox, as environment says",
        None => "the place that base_url names",
    };
    let message = format!(
        "{} does not take account_key {:?} with the secret that the configuration gives (account_secret, account_secret_file or account_secret_env). Check that both are for {place}, that they belong together, and that the secret is whole.",
        config.base_url, config.account_key
    );
    Problem {
        actual: Some(config.account_key.as_str().into()),
        ..Problem::at(ErrorCode::AccessDenied, "/account_key", message)
    }
}

/// That the address has a path, where what was asked for is not there.
fn strange_path(config: &Config, code: ErrorCode) -> Option<Problem> {
    let path = config.base_url.path();
    let message = format!(
        "base_url has the path {path}, so that everything was asked for below it. seQura's API begins at the address itself: leave the path out, unless it is that of a gateway of the shop's."
    );
    (path != "/").then(|| Problem {
        actual: Some(config.base_url.to_string().into()),
        ..Problem::at(code, "/base_url", message)
    })
}
