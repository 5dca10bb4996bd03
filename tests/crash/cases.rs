//! What can be ended: operations, and what becomes of their requests.

use crate::ledger::{Change, Pick};
use crate::sale::Sale;
use crate::shop::REFUSED;
use sequra_sandbox::{Harm, Part, When};

/// What is ended, and what went before. Commands are words of [`command`].
pub struct Operation {
    pub name: &'static str,
    pub ref_in_order: bool,
    pub before: &'static [&'static str],
    /// A command whose process ended at this point, so that its step is open.
    pub left_open: Option<(&'static str, &'static str)>,
    /// Another order of the shop got the reference after that.
    pub ref_taken: bool,
    pub act: &'static str,
    pub answers: Answers,
    /// Under a configuration by which the goods leave after the sale.
    pub ships_after_the_sale: bool,
}

/// Which answers it makes sense to try.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Answers {
    All,
    /// Not those by which seQura would deny what it has done already.
    NoDenial,
    /// Only those.
    Denials,
    /// A few that differ most.
    Few,
    /// seQura's own.
    Own,
}

const fn operation(
    name: &'static str,
    before: &'static [&'static str],
    act: &'static str,
    answers: Answers,
) -> Operation {
    Operation {
        name,
        ref_in_order: false,
        before,
        left_open: None,
        ref_taken: false,
        act,
        answers,
        ships_after_the_sale: false,
    }
}

const fn shipped_after(operation: Operation) -> Operation {
    Operation {
        ships_after_the_sale: true,
        ..operation
    }
}

const fn with_ref(operation: Operation) -> Operation {
    Operation {
        ref_in_order: true,
        ..operation
    }
}

const SOLD: &[&str] = &["start", "form", "confirm", "ref"];
const PARTLY: &[&str] = &["start", "form", "confirm", "ref", "ship some"];
const SHIPPED: &[&str] = &["start", "form", "confirm", "ref", "ship all"];

impl Operation {
    /// Whether it is of a sold order.
    pub fn is_change(&self) -> bool {
        self.before.starts_with(SOLD)
    }
}

pub fn operations() -> Vec<Operation> {
    use Answers::*;
    let mut all = vec![
        operation("open, the journal made", &[], "open", Own),
        operation("start", &[], "start", All),
        with_ref(operation("start with a reference", &[], "start", Few)),
        operation("form", &["start"], "form", All),
        operation("form again", &["start", "form"], "form", Few),
        operation("hold", &["start", "form"], "hold", All),
        operation("confirm", &["start", "form"], "confirm", All),
        with_ref(operation(
            "confirm with a reference",
            &["start", "form"],
            "confirm",
            All,
        )),
        operation("confirm too early", &["start"], "confirm", Own),
        operation(
            "confirm another cart",
            &["start", "form"],
            "confirm other",
            Own,
        ),
        operation(
            "confirm after a refusal",
            &["start", "confirm", "form"],
            "confirm whole",
            Few,
        ),
        operation(
            "confirm again",
            &["start", "form", "confirm"],
            "confirm",
            Few,
        ),
        operation("ref", &["start", "form", "confirm"], "ref", All),
        operation(
            "ref again",
            &["start", "form", "confirm", "ref"],
            "ref",
            Own,
        ),
        operation("ref too early", &["start", "form"], "ref", Own),
        operation(
            "ref that this till gave before",
            &["start", "form", "confirm"],
            "taken ref",
            Own,
        ),
        operation("ship", SOLD, "ship some", All),
        operation("ship everything", SOLD, "ship all", Own),
        operation("ship what is not there", SOLD, "ship too many", Own),
        operation(
            "ship too early",
            &["start", "form", "confirm"],
            "ship all",
            Own,
        ),
        operation("refund", SHIPPED, "refund some", Own),
        operation("refund an amount", SHIPPED, "refund amount", Few),
        operation("refund everything", SHIPPED, "refund all", Own),
        operation("cancel", SOLD, "cancel", Few),
        operation("cancel too late", SHIPPED, "cancel", Own),
        operation("update the cart", SOLD, "update -less", Own),
        operation("update what is left", PARTLY, "update -none", Own),
        operation("update the address", SOLD, "update -address", Few),
        operation("update for more", SOLD, "update -dear", Own),
        operation("abandon", &["start", "form"], "abandon", Own),
        operation(
            "abandon too late",
            &["start", "form", "confirm"],
            "abandon",
            Own,
        ),
        shipped_after(operation(
            "ref, and shipped after it",
            &["start", "form", "confirm"],
            "ref",
            All,
        )),
        shipped_after(with_ref(operation(
            "confirm with a reference, and shipped after it",
            &["start", "form"],
            "confirm",
            Few,
        ))),
        operation("pending", &["start", "form", "confirm"], "pending", Own),
        operation("log", &["start", "form", "confirm"], "log", Own),
        operation("close", &["start", "form", "confirm"], "close", Own),
    ];
    // What a kill left open, taken up by recovery, or by the till that asks again.
    for (names, ref_in_order, before, act) in [
        (["recover a start", "start over"], false, &[][..], "start"),
        (
            ["recover a form", "form over"],
            false,
            &["start"][..],
            "form",
        ),
        (
            ["recover a hold", "hold over"],
            false,
            &["start", "form"][..],
            "hold",
        ),
        (
            ["recover a confirmation", "confirm over"],
            false,
            &["start", "form"][..],
            "confirm",
        ),
        (
            [
                "recover a confirmation with a reference",
                "confirm with a reference over",
            ],
            true,
            &["start", "form"][..],
            "confirm",
        ),
        (
            ["recover a reference", "ref over"],
            false,
            &["start", "form", "confirm"][..],
            "ref",
        ),
    ] {
        for (name, point, again, answers) in [
            (names[0], "after_answer:1", "recover", NoDenial),
            (names[0], "before_send:1", "recover", Denials),
            (names[1], "after_answer:1", act, Few),
        ] {
            let left_open = Some((act, point));
            all.push(Operation {
                name,
                ref_in_order,
                before,
                left_open,
                ref_taken: false,
                act: again,
                answers,
                ships_after_the_sale: false,
            });
        }
    }
    // The same of a change, and another change on top of it.
    for (name, before, act, again, answers) in [
        ("recover a shipment", SOLD, "ship some", "recover", NoDenial),
        ("recover a refund", SHIPPED, "refund amount", "recover", Own),
        ("recover a cancellation", SOLD, "cancel", "recover", Few),
        (
            "recover an address",
            SOLD,
            "update -address",
            "recover",
            Own,
        ),
        ("recover a dear one", SOLD, "update -dear", "recover", Own),
        ("ship over", SOLD, "ship some", "ship some", Own),
        ("ship and ship", SOLD, "ship some", "ship other", All),
        ("ship and refund", SOLD, "ship some", "refund some", Own),
        ("ship and refund all", SOLD, "ship all", "refund all", Own),
        ("ship and raise", SOLD, "ship some", "update -dear", Few),
        ("raise and ship", SOLD, "update -dear", "ship some", Own),
        ("update and cancel", SOLD, "update -less", "cancel", Own),
        ("cancel and ship", SOLD, "cancel", "ship some", Own),
    ] {
        all.push(Operation {
            left_open: Some((act, "after_answer:1")),
            ..operation(name, before, again, answers)
        });
    }
    all.push(Operation {
        left_open: Some(("ship some", "before_send:1")),
        ..operation("recover what never left", SOLD, "recover", Denials)
    });
    // The shipment that ends a sale.
    for (name, point, again, answers) in [
        ("recover the last step", "before_shipment:1", "recover", All),
        ("ship the last step", "before_shipment:1", "ship all", Few),
        (
            "ref again, and its last step",
            "before_shipment:1",
            "ref",
            Few,
        ),
        ("recover both", "after_answer:1", "recover", Few),
        (
            "recover a shipment in doubt",
            "after_answer:2",
            "recover",
            NoDenial,
        ),
    ] {
        all.push(Operation {
            left_open: Some(("ref", point)),
            ..shipped_after(operation(
                name,
                &["start", "form", "confirm"],
                again,
                answers,
            ))
        });
    }
    // What was on its way with a reference that is another order's by now.
    for (name, before, act) in [
        ("recover a start, its reference taken", &[][..], "start"),
        (
            "recover a hold, its reference taken",
            &["start", "form"][..],
            "hold",
        ),
    ] {
        let left_open = Some((act, "after_answer:1"));
        all.push(Operation {
            name,
            left_open,
            ref_taken: true,
            ..with_ref(operation(name, before, "recover", Few))
        });
    }
    all
}

/// What becomes of a request.
pub struct Fate {
    pub name: String,
    pub harm: Option<Harm>,
    /// The configuration under which the till meets it.
    pub config: &'static str,
}

pub fn fates(operation: &Operation) -> Vec<Fate> {
    let fate = |name: &str, harm| Fate {
        name: name.to_owned(),
        harm,
        config: "config.json",
    };
    let foreign = |status: u16, after: bool| {
        let (body, content_type) = (String::new(), "text/html".to_owned());
        let headers = Default::default();
        match after {
            true => Harm::StatusAfter {
                status,
                body,
                content_type,
                headers,
            },
            false => Harm::Status {
                status,
                body,
                content_type,
                headers,
            },
        }
    };
    let denial = |text: &str| {
        fate(
            text,
            Some(Harm::Conflict {
                errors: vec![text.to_owned()],
            }),
        )
    };
    let mut denials = vec![
        denial("Invalid data: order_ref_1 'R-s1' is already in use for merchant 'shop_es'"),
        denial(
            "Invalid data: items' total_with_tax add up to 5 (5) but order_total_with_tax is 4. The diff is -1.",
        ),
        denial("Something that nobody has seen before"),
    ];
    let few = vec![
        fate("done", None),
        fate("closed after processing", Some(Harm::CloseAfter {})),
        fate("500", Some(foreign(500, false))),
    ];
    let mut others: Vec<Fate> = [401, 404, 410, 429]
        .into_iter()
        .map(|status| fate(&status.to_string(), Some(foreign(status, false))))
        .collect();
    others.extend([
        fate("closed before processing", Some(Harm::CloseBefore {})),
        fate(
            "truncated",
            Some(Harm::Truncate {
                bytes: 20,
                of: Part::Answer,
            }),
        ),
        Fate {
            name: "refused connection".into(),
            harm: None,
            config: REFUSED,
        },
    ]);
    if matches!(operation.act, "confirm" | "ref") {
        // Where the money is, everything else that is told apart.
        denials.push(denial("Invalid data: the order has not been approved yet"));
        denials.push(denial(
            "Invalid data: the cart has changed since it was approved",
        ));
        others.extend([
            fate("403", Some(foreign(403, false))),
            fate("503", Some(foreign(503, false))),
            fate("502 after processing", Some(foreign(502, true))),
            fate(
                "reset after processing",
                Some(Harm::Reset { when: When::After }),
            ),
            fate(
                "not HTTP",
                Some(Harm::Garbage {
                    text: "\u{1}\r\n\r\n".into(),
                    when: When::After,
                    close_notify: false,
                }),
            ),
            Fate {
                name: "too late".into(),
                harm: Some(Harm::Delay {
                    ms: 400,
                    when: When::After,
                }),
                config: "hasty.json",
            },
        ]);
    }
    if operation.act == "start" {
        let url = "https://elsewhere.example/orders/{uuid}".to_owned();
        others.push(fate("no Location", Some(Harm::NoLocation {})));
        others.push(fate(
            "foreign Location",
            Some(Harm::ForeignLocation { url }),
        ));
    }
    match operation.answers {
        Answers::Own => vec![fate("done", None)],
        Answers::Few => few,
        Answers::Denials => denials,
        Answers::NoDenial => few.into_iter().chain(others).collect(),
        Answers::All => few.into_iter().chain(others).chain(denials).collect(),
    }
}

pub fn command(sale: &Sale, word: &str) -> String {
    let one = |reference: &str, pieces| Some(vec![Pick::pieces(reference, pieces)]);
    match word {
        "start" => sale.start(),
        "form" => sale.form(),
        "hold" => format!("hold {}", sale.name),
        "abandon" => format!("abandon {}", sale.name),
        "confirm" => sale.confirm(None),
        "confirm whole" => sale.confirm(Some(&sale.whole())),
        "confirm other" => sale.confirm(Some("-other")),
        "ref" => sale.set_ref(),
        "taken ref" => format!("ref {} R-s0", sale.name),
        "ship some" => sale.change(&Change::Ship(one(&sale.name, 1))),
        "ship other" => sale.change(&Change::Ship(one("GORRA", 1))),
        "ship too many" => sale.change(&Change::Ship(one(&sale.name, 4))),
        "ship all" => sale.change(&Change::Ship(None)),
        "refund some" => sale.change(&Change::Refund(one(&sale.name, 1))),
        "refund amount" => sale.change(&Change::RefundAmount(150)),
        "refund all" => sale.change(&Change::Refund(None)),
        "cancel" => sale.change(&Change::Cancel),
        word if word.starts_with("update ") => sale.update(&word["update ".len()..]),
        other => other.to_owned(),
    }
}
