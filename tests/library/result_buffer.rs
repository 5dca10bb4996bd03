//! Real results against the published schema, and the schema against the closed lists.

use sequra_pos::Outcome;
use sequra_pos::words::State;
use sequra_pos::words::{ErrorCode, Next};
use sequra_pos::{Client, Config, Order, Status};
use sequra_sandbox::{Fault, Harm, Options, Sandbox};
use serde_json::{Value, json};

fn schema() -> Value {
    serde_json::from_str(include_str!("../../docs/result-buffer.schema.json"))
        .expect("the schema is JSON")
}

fn words(list: &Value) -> Vec<&str> {
    list.as_array()
        .unwrap()
        .iter()
        .map(|word| word.as_str().unwrap())
        .collect()
}

#[test]
fn the_schema_knows_every_word() {
    let schema = schema();
    let codes: Vec<_> = ErrorCode::ALL.iter().map(|word| word.as_str()).collect();
    assert_eq!(
        words(&schema["$defs"]["problem"]["properties"]["code"]["enum"]),
        codes
    );
    let next: Vec<_> = Next::ALL.iter().map(|word| word.as_str()).collect();
    assert_eq!(words(&schema["properties"]["next"]["enum"]), next);
    let states: Vec<_> = State::ALL.iter().map(|word| word.as_str()).collect();
    assert_eq!(
        words(&schema["$defs"]["order"]["properties"]["state"]["enum"]),
        states
    );
    let statuses: Vec<_> = Status::ALL.iter().map(|status| status.name()).collect();
    assert_eq!(words(&schema["properties"]["status"]["enum"]), statuses);
    for (pair, status) in schema["oneOf"].as_array().unwrap().iter().zip(Status::ALL) {
        assert_eq!(pair["properties"]["status"]["const"], status.name());
        assert_eq!(pair["properties"]["code"]["const"], status.code());
    }
}

/// Which `data` an operation has, typed languages know from the schema: each has its own, and what the pages show fits it.
#[test]
fn the_results_on_the_pages_fit_the_schema() {
    let validator = jsonschema::validator_for(&schema()).expect("the schema is a schema");
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/results");
    let mut with_data = 0;
    for entry in std::fs::read_dir(folder).expect("results") {
        let path = entry.expect("a file").path();
        let text = std::fs::read_to_string(&path).expect("a result");
        let mut buffer: Value = serde_json::from_str(&text).expect("JSON");
        // sq_order_json gives an order, and no result.
        if buffer.get("operation").is_none() {
            continue;
        }
        let problems: Vec<String> = validator
            .iter_errors(&buffer)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(problems.is_empty(), "{}: {problems:?}", path.display());
        with_data += usize::from(buffer["data"].is_object());
        // What the schema does not know of this operation does not fit.
        buffer["data"] = json!({"its_name": 1});
        assert!(!validator.is_valid(&buffer), "{}", path.display());
    }
    assert!(with_data > 15, "{with_data}");
}

#[test]
fn real_results_fit_the_schema() {
    let validator = jsonschema::validator_for(&schema()).expect("the schema is a schema");
    let mut checked = Vec::new();
    let mut check = |result: Result<Outcome, sequra_pos::Error>| -> Outcome {
        let outcome = result.unwrap_or_else(|error| *error.0);
        let buffer: Value = serde_json::from_str(&outcome.to_json()).unwrap();
        let problems: Vec<String> = validator
            .iter_errors(&buffer)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(problems.is_empty(), "{problems:?} in {buffer:#}");
        checked.push(outcome.status);
        outcome
    };

    let sandbox = Sandbox::start(Options::default()).unwrap();
    let config = json!({
        "base_url": sandbox.http_url(), "account_key": "sandbox_key", "account_secret": "sandbox_secret",
        "merchant_id": "shop_es", "journal": ":memory:", "timeouts": {"total_ms": 5000},
    });
    let client = Client::open(Config::from_value(config).unwrap()).unwrap();
    let order = || Order::from_json(include_str!("../../sandbox/examples/order.json")).unwrap();

    check(client.check_credentials());
    check(client.payment_methods(None));
    check(client.start_solicitation(Order::from_json("{}").unwrap()));
    let started = check(client.start_solicitation(order()));
    let url = started.order.unwrap().url.unwrap();
    let uuid = started
        .data
        .is_none()
        .then(|| url.rsplit('/').next().unwrap().to_owned())
        .unwrap();
    check(client.payment_methods(Some(&url)));
    check(client.send_form(&url, "pp3", None));
    check(client.confirm(&url, None));
    sandbox.approve(&uuid).unwrap();
    sandbox.fault(Fault::new(Harm::CloseAfter {}).method("PUT"));
    let lost = check(client.confirm(&url, None));
    assert_eq!(lost.status, Status::OutcomeUnknown);
    check(client.pending());
    check(client.confirm(&url, None));
    check(client.set_order_ref(&url, "R-1", Some("Z-1")));
    check(client.set_order_ref(&url, "R-1", None));
    check(client.set_order_ref("https://elsewhere.example/orders/1", "R-1", None));
    check(client.confirm("no order", None));
    check(client.credit_agreements(None, 0, None));
    check(client.receipt("R-1", 32));
    check(client.day(None, None));
    check(client.confirm("00000000-0000-4000-8000-000000000000", None));
    check(client.hold(&url, None));
    drop(sandbox);
    check(client.check_credentials());

    for status in [
        Status::Ok,
        Status::Conflict,
        Status::OutcomeUnknown,
        Status::InvalidOrder,
        Status::ForeignUrl,
        Status::InvalidArgument,
        Status::UnknownOrder,
        Status::WrongState,
        Status::Unreachable,
    ] {
        assert!(
            checked.contains(&status),
            "{status} was not produced: {checked:?}"
        );
    }
}
