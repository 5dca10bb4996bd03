//! What seQura pays out, and how it shows it.

mod common;
use common::*;
use sequra_sandbox::{Disburse, DisbursementLine, Harm, Sandbox};
use serde_json::{Value, json};

const LIST: &str = "/merchants/shop_es/disbursements";

fn line(order_ref_1: &str, amount_with_tax: i64, maximum_amount_with_tax: i64) -> DisbursementLine {
    DisbursementLine {
        order_ref_1: order_ref_1.into(),
        amount_with_tax,
        maximum_amount_with_tax,
    }
}

/// Pays out to the one merchant that has sold anything; the lines.
fn paid(sandbox: &Sandbox, how: Disburse) -> Vec<DisbursementLine> {
    let mut made = sandbox.disburse(how).unwrap();
    assert!(made.len() <= 1, "{made:?}");
    made.pop().map_or_else(Vec::new, |made| {
        let sum: i64 = made.lines.iter().map(|line| line.amount_with_tax).sum();
        assert_eq!(made.disbursed_amount, sum);
        made.lines
    })
}

fn as_owed() -> Disburse {
    Disburse::default()
}

#[test]
fn each_payout_pays_what_the_earlier_ones_did_not() {
    let sandbox = start();
    assert_eq!(paid(&sandbox, as_owed()), []);
    let first = sold(&sandbox, "R-1");
    sold(&sandbox, "R-2");
    // Approved only, and confirmed without a reference: not paid.
    approved(&sandbox, &with_reference(order(), "R-3"));
    let nameless = approved(&sandbox, &order());
    assert_eq!(confirm(&sandbox, &nameless, &order()).status, 200);
    let both = [line("R-1", 8350, 8350), line("R-2", 8350, 8350)];
    assert_eq!(paid(&sandbox, as_owed()), both);
    assert_eq!(paid(&sandbox, as_owed()), [], "nothing is paid twice");
    assert_eq!(sandbox.order(&first).unwrap().paid, 8350);

    // The documentation's own example: one return before, one after the payout.
    updated(&sandbox, &now("R-1", &[], &[jacket()]));
    updated(&sandbox, &now("R-2", &[], &[]));
    let back = [line("R-1", -1250, 8350), line("R-2", -8350, 8350)];
    assert_eq!(paid(&sandbox, as_owed()), back);

    // Registered late, paid late.
    put(&sandbox, &nameless, &with_reference(order(), "R-4"));
    assert_eq!(paid(&sandbox, as_owed()), [line("R-4", 5097, 5097)]);
    // Cancelled by seQura itself: nothing is owed any more.
    sandbox.cancel(&first).unwrap();
    assert_eq!(paid(&sandbox, as_owed()), [line("R-1", -7100, 8350)]);
    let total: i64 = sandbox
        .disbursements()
        .iter()
        .map(|d| d.disbursed_amount)
        .sum();
    assert_eq!(total, 5097);
}

#[test]
fn a_payout_can_be_made_wrong() {
    let sandbox = start();
    for reference in ["R-1", "R-2", "R-3"] {
        sold(&sandbox, reference);
    }
    let wrong = as_owed()
        .merchant("shop_es")
        .adjust("R-1", -50)
        .unknown("X-9", 1234)
        .leave_out("R-3");
    assert_eq!(
        paid(&sandbox, wrong),
        [
            line("R-1", 8300, 8350),
            line("R-2", 8350, 8350),
            line("X-9", 1234, 1234)
        ]
    );
    // The next one makes up for it, unless it is wrong again.
    assert_eq!(
        paid(&sandbox, as_owed().adjust("R-2", 1)),
        [
            line("R-1", 50, 8350),
            line("R-2", 1, 8350),
            line("R-3", 8350, 8350)
        ]
    );
    assert_eq!(paid(&sandbox, as_owed()), [line("R-2", -1, 8350)]);
}

#[test]
fn what_cannot_be_paid_is_not_and_nothing_else_either() {
    let sandbox = start();
    sold(&sandbox, "R-1");
    let cases = [
        (
            as_owed().adjust("R-9", 1),
            "there is no confirmed order 'R-9'",
        ),
        (
            as_owed().leave_out("R-9"),
            "there is no confirmed order 'R-9'",
        ),
        (
            as_owed().merchant("shop_fr").adjust("R-1", 1),
            "there is no confirmed order 'R-1'",
        ),
        (
            as_owed().merchant("nobody"),
            "there is no merchant 'nobody'",
        ),
        (as_owed().unknown("X", 1), "unknown lines need a merchant"),
        (
            as_owed().merchant("shop_es").unknown("R-1", 1),
            "order 'R-1' is not unknown",
        ),
        (
            as_owed().issue_date("31.1.2026"),
            "'31.1.2026' is not a day like 2026-01-31",
        ),
        (
            as_owed().to_date("2026-02-30"),
            "'2026-02-30' is not a day like 2026-01-31",
        ),
        (
            as_owed().adjust("R-1", i64::MAX),
            "the amounts are too large",
        ),
        (
            as_owed().merchant("shop_es").unknown("X", i64::MAX),
            "the amounts are too large",
        ),
    ];
    for (how, text) in cases {
        assert_eq!(sandbox.disburse(how).unwrap_err().to_string(), text);
    }
    assert!(sandbox.disbursements().is_empty());
    assert_eq!(paid(&sandbox, as_owed()), [line("R-1", 8350, 8350)]);
    // What was overpaid to the brim can still be taken back.
    assert_eq!(
        paid(&sandbox, as_owed().adjust("R-1", i64::MAX - 8350)).len(),
        1
    );
    assert!(sandbox.disburse(as_owed().adjust("R-1", i64::MIN)).is_err());
    assert_eq!(
        paid(&sandbox, as_owed())[0].amount_with_tax,
        8350 - i64::MAX
    );
}

#[test]
fn the_list_and_the_detail_are_as_documented() {
    let sandbox = start();
    assert_eq!(get(&sandbox, LIST).text(), "[]");
    sold(&sandbox, "R-1");
    let how = as_owed().issue_date("2024-12-02").to_date("2024-11-16");
    let made = sandbox.disburse(how).unwrap().remove(0);
    assert_eq!(
        (&*made.account, &*made.merchant_id),
        ("sandbox_key", "shop_es")
    );
    assert!(made.path.starts_with("/merchants/shop_es/disbursements/"));

    let answer = get(&sandbox, LIST);
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.header("Content-Type"),
        Some("application/json; charset=utf-8")
    );
    let head = format!(
        r#""issue_date":"2024-12-02","to_date":"2024-11-16","currency":"EUR","disbursed_amount":8350,"adjustments_with_tax":0,"adjustments":[],"reference":"0000000000001","path":"{}""#,
        made.path
    );
    assert_eq!(answer.text(), format!(r#"[{{"disbursement":{{{head}}}}}]"#));
    let detail = get(&sandbox, &made.path);
    assert_eq!(
        detail.text(),
        format!(
            r#"{{"disbursement":{{{head},"lines":[{{"order_ref_1":"R-1","amount_with_tax":8350,"maximum_amount_with_tax":8350}}]}}}}"#
        )
    );

    // Newest first, whatever was made last.
    updated(&sandbox, &now("R-1", &[], &[jacket()]));
    sandbox
        .disburse(as_owed().issue_date("2024-12-09"))
        .unwrap();
    updated(&sandbox, &now("R-1", &[], &[]));
    sandbox
        .disburse(as_owed().issue_date("2024-11-25"))
        .unwrap();
    let list = get(&sandbox, LIST).json();
    let amounts: Vec<_> = (0..3)
        .map(|i| &list[i]["disbursement"]["disbursed_amount"])
        .collect();
    assert_eq!(amounts, [-1250, 8350, -7100]);
    assert_eq!(list[0]["disbursement"]["to_date"], "2024-12-09");
    let today = sandbox.ledger()[0].at[..10].to_owned();
    sold(&sandbox, "R-2");
    assert!(sandbox.disburse(as_owed()).unwrap()[0].issue_date >= today);
}

#[test]
fn each_merchant_has_payouts_of_his_own() {
    let sandbox = start();
    let mut french = with_reference(order(), "R-1");
    french["merchant"]["id"] = "shop_fr".into();
    french["delivery_address"]["country_code"] = "FR".into();
    let uuid = approved(&sandbox, &french);
    assert_eq!(confirm(&sandbox, &uuid, &french).status, 200);
    sold(&sandbox, "R-1");
    let made = sandbox.disburse(as_owed().merchant("shop_fr")).unwrap();
    assert_eq!(made[0].lines, [line("R-1", 5097, 5097)]);
    assert_eq!(get(&sandbox, LIST).text(), "[]");
    assert_eq!(
        sandbox.disburse(as_owed()).unwrap()[0].lines,
        [line("R-1", 8350, 8350)]
    );

    let foreign = &made[0].path;
    let uuid = foreign.rsplit('/').next().unwrap();
    assert_eq!(get(&sandbox, foreign).status, 200);
    for unknown in [
        format!("{LIST}/{uuid}"),
        format!("{LIST}/00000000-0000-0000-0000-000000000000"),
        format!("{LIST}/%FF"),
        format!("{LIST}/{uuid}/lines"),
    ] {
        assert_eq!(get(&sandbox, &unknown).status, 404, "{unknown}");
    }
    let no_access = r#"{"errors":["You do not have access to this URL"]}"#;
    for path in [LIST, foreign] {
        let other = call(
            &sandbox,
            "GET",
            path,
            Some("other_key:other_secret"),
            &[],
            b"",
        )
        .unwrap();
        assert_eq!((other.status, other.text()), (403, no_access));
        assert_eq!(
            call(&sandbox, "GET", path, None, &[], b"").unwrap().status,
            401
        );
        let header = [("Sequra-Merchant-Id", "shop_it")];
        let bad = call(&sandbox, "GET", path, Some(CREDENTIALS), &header, b"").unwrap();
        assert_eq!(bad.errors(), ["Bad merchant id 'shop_it' for sandbox_key"]);
    }
    assert_eq!(
        get(&sandbox, "/merchants/nobody/disbursements").text(),
        no_access
    );
    assert_eq!(send(&sandbox, "POST", LIST, &json!({})).status, 404);
}

#[test]
fn payouts_are_made_and_shown_by_the_control_interface() {
    let sandbox = start();
    sold(&sandbox, "R-1");
    let pay = |body: &str| {
        call(
            &sandbox,
            "POST",
            "/_sandbox/disburse",
            None,
            &[],
            body.as_bytes(),
        )
        .unwrap()
    };
    let how = json!({
        "merchant": "shop_es", "issue_date": "2024-12-02", "to_date": "2024-11-16",
        "adjust": { "R-1": 10 }, "leave_out": [],
        "unknown": [{ "order_ref_1": "X", "amount_with_tax": 5, "maximum_amount_with_tax": 7 }]
    });
    let made = pay(&how.to_string()).json()["disbursements"].take();
    assert_eq!(made[0]["disbursed_amount"], 8365);
    assert_eq!(
        made[0]["lines"][1],
        json!({ "order_ref_1": "X", "amount_with_tax": 5, "maximum_amount_with_tax": 7 })
    );
    assert_eq!(pay("").json()["disbursements"][0]["disbursed_amount"], -10);
    assert_eq!(pay("{}").json(), json!({ "disbursements": [] }));
    let all = call(&sandbox, "GET", "/_sandbox/disbursements", None, &[], b"")
        .unwrap()
        .json();
    assert_eq!(all["disbursements"][1], made[0], "newest first");
    assert_eq!(sandbox.disbursements().len(), 2);

    for (body, status) in [
        ("{", 400),
        ("[]", 400),
        ("null", 400),
        (r#"{"leaveout":["R-1"]}"#, 400),
        (r#"{"adjust":{"R-1":1.5}}"#, 400),
        (r#"{"adjust":{"R-1":1e30}}"#, 400),
        (
            r#"{"unknown":[{"order_ref_1":"X"}],"merchant":"shop_es"}"#,
            400,
        ),
        (r#"{"merchant":"nobody"}"#, 409),
        ("\u{feff}{}", 400),
    ] {
        let answer = pay(body);
        assert_eq!(answer.status, status, "{body}");
        assert!(answer.json()["error"].is_string());
    }
    sandbox.reset();
    assert!(sandbox.disbursements().is_empty());
    assert_eq!(get(&sandbox, LIST).text(), "[]");
}

#[test]
fn faults_find_disbursements_and_the_log_has_them() {
    let sandbox = start();
    sandbox.fault(
        sequra_sandbox::Fault::new(Harm::BadJson {
            status: 200,
            body: "[{".into(),
            when: None,
        })
        .method("GET")
        .path("/disbursements"),
    );
    assert_eq!(get(&sandbox, "/deployments").status, 200);
    assert_eq!(get(&sandbox, LIST).text(), "[{");
    assert_eq!(get(&sandbox, LIST).text(), "[]");
    let log = sandbox.requests();
    assert_eq!(
        (&*log[1].path, log[1].fault.as_deref()),
        (LIST, Some("bad_json"))
    );
}

#[test]
fn disburse_shipped_only() {
    for (shipped_only, amounts) in [(false, [8350, 0, -1250]), (true, [0, 7100, 0])] {
        let sandbox = start();
        sandbox.rules(|rules| rules.disburse_shipped_only = shipped_only);
        sold(&sandbox, "R-1");
        let pay = || -> i64 {
            let lines = paid(&sandbox, as_owed());
            lines.iter().map(|line| line.amount_with_tax).sum()
        };
        let confirmed = pay();
        updated(&sandbox, &now("R-1", &[shirt()], &[jacket()]));
        let shipped = pay();
        updated(&sandbox, &now("R-1", &[], &[jacket()]));
        assert_eq!([confirmed, shipped, pay()], amounts);
    }
}

#[test]
fn disbursement_lines_field() {
    let sandbox = start();
    sold(&sandbox, "R-1");
    let path = sandbox.disburse(as_owed()).unwrap().remove(0).path;
    let names = |answer: Value| -> Vec<String> {
        let head = answer["disbursement"].as_object().unwrap();
        let lists = head
            .iter()
            .filter(|(_, v)| v.as_array().is_some_and(|l| !l.is_empty()));
        lists.map(|(name, _)| name.clone()).collect()
    };
    assert_eq!(names(get(&sandbox, &path).json()), ["lines"]);
    let mut rules = sandbox.current_rules();
    rules.set("disbursement_lines_field=orders").unwrap();
    sandbox.rules(|now| *now = rules.clone());
    assert_eq!(names(get(&sandbox, &path).json()), ["orders"]);
    for wrong in ["", "path", "adjustments"] {
        assert!(
            rules
                .merge(&json!({ "disbursement_lines_field": wrong }))
                .is_err()
        );
    }
}
