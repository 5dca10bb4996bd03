//! Every operation, with every kind of answer, ended at every point it comes to: one case each.
//!
//! A first run of a case without an end writes down which points there are; so a new point is
//! covered as soon as the library has it.

use crate::oracle::{Rest, judge};
use crate::sale::Sale;
use crate::shop::Shop;
use crate::support;
use crate::till::{Answer, Crash, End, Till};
use sequra_sandbox::{Fault, Harm, Part, When};
use std::collections::BTreeSet;
use std::fs;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

const WORKERS: usize = 6;
/// Points of a recovery: the second kill of each case goes round them.
const POINTS_OF_RECOVERY: usize = 15;

/// What is ended, and what went before. Commands are words of [`command`].
struct Operation {
    name: &'static str,
    ref_in_order: bool,
    before: &'static [&'static str],
    /// A command whose process ended at this point, so that its step is open.
    left_open: Option<(&'static str, &'static str)>,
    act: &'static str,
    answers: Answers,
}

/// Which answers it makes sense to try.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Answers {
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
        act,
        answers,
    }
}

const fn with_ref(operation: Operation) -> Operation {
    Operation {
        ref_in_order: true,
        ..operation
    }
}

fn operations() -> Vec<Operation> {
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
            (names[0], "after_send:1", "recover", NoDenial),
            (names[0], "before_send:1", "recover", Denials),
            (names[1], "after_send:1", act, Few),
        ] {
            let left_open = Some((act, point));
            all.push(Operation {
                name,
                ref_in_order,
                before,
                left_open,
                act: again,
                answers,
            });
        }
    }
    all
}

/// What becomes of a request.
struct Fate {
    name: String,
    harm: Option<Harm>,
    /// The configuration under which the till meets it.
    config: &'static str,
}

fn fates(operation: &Operation) -> Vec<Fate> {
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
            config: "refused.json",
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

fn command(sale: &Sale, word: &str) -> String {
    match word {
        "start" => sale.start(),
        "form" => sale.form(),
        "hold" => format!("hold {}", sale.name),
        "confirm" => sale.confirm(None),
        "confirm whole" => sale.confirm(Some(&sale.whole())),
        "confirm other" => sale.confirm(Some("-other")),
        "ref" => sale.set_ref(),
        "taken ref" => format!("ref {} R-s0", sale.name),
        other => other.to_owned(),
    }
}

/// One case. `n`: the point, counted from the operation's first, at which the process ends; none: it
/// comes to its end, and says which points it came to.
fn run(
    shop: &mut Shop,
    operation: &Operation,
    fate: &Fate,
    n: Option<usize>,
    second: usize,
) -> Result<Vec<String>, String> {
    shop.start_afresh();
    let mut sale = Sale::plain(shop, "s1", operation.ref_in_order);
    let alive = "the till died although nothing ended it";
    let go_on = |till: Till| match till.end() {
        End::Done => Ok(()),
        end => Err(format!("a till ended as {end:?}")),
    };

    if !operation.before.is_empty() {
        let mut till = shop.till("book", "config.json", Crash::default());
        till.call("open").ok_or(alive)?;
        if operation.act == "taken ref" {
            Sale::plain(shop, "s0", false).finish(&mut till, &shop.sandbox)?;
        }
        for word in operation.before {
            let command = command(&sale, word);
            if !sale.step(&mut till, &shop.sandbox, &command) {
                return Err(alive.to_owned());
            }
        }
        go_on(till)?;
    }
    if let Some((word, point)) = operation.left_open {
        let crash = Crash {
            at: Some(point),
            trace: None,
        };
        let mut till = shop.till("book", "config.json", crash);
        till.call("open").ok_or(alive)?;
        sale.step(&mut till, &shop.sandbox, &command(&sale, word));
        if till.end() != End::Killed {
            return Err(format!("{word} does not come to {point}"));
        }
        shop.wait_for_silence();
    }

    // The operation itself, and its end.
    if let Some(harm) = &fate.harm {
        shop.sandbox.fault(Fault::new(harm.clone()));
    }
    let trace = shop.folder().join("trace");
    let opening = match operation.act {
        "open" => 0,
        // Opening a journal that is there comes to the two points of any return.
        _ => 2 + usize::from(shop.journal().orders.is_empty() && operation.before.is_empty()),
    };
    let at = n.map(|n| format!("any:{}", opening + n));
    let crash = Crash {
        at: at.as_deref(),
        trace: n.is_none().then_some(&*trace),
    };
    let mut till = shop.till("book", fate.config, crash);
    if operation.act != "open" {
        till.call("open").ok_or("the till died when it opened")?;
    }
    let acted = command(&sale, operation.act);
    if matches!(
        operation.act,
        "open" | "recover" | "pending" | "log" | "close"
    ) {
        hear(&mut sale, till.call(&acted));
    } else {
        sale.step(&mut till, &shop.sandbox, &acted);
    }
    let end = till.end();
    let wanted = if n.is_some() { End::Killed } else { End::Done };
    if end != wanted {
        return Err(format!("{acted} at {at:?} ended as {end:?}"));
    }

    // The first recovery may die too; where it was the operation, it just did.
    if n.is_some() && operation.act != "recover" {
        let at = format!("any:{}", 1 + second % POINTS_OF_RECOVERY);
        let crash = Crash {
            at: Some(&at),
            trace: None,
        };
        let mut till = shop.till("book", "config.json", crash);
        if till.call("open").is_some() {
            hear(&mut sale, till.call("recover"));
        }
        if let End::Wrong(wrong) = till.end() {
            return Err(wrong);
        }
    }
    shop.sandbox.clear_faults();
    let mut till = shop.till("book", "config.json", Crash::default());
    till.call("open").ok_or(alive)?;
    recover_and_judge(shop, &mut till, std::slice::from_mut(&mut sale))?;
    sale.finish(&mut till, &shop.sandbox)?;
    for command in ["recover", "pending", "log", "close"] {
        till.call(command).ok_or(alive)?;
    }
    go_on(till)?;
    settle(shop, None)?;

    let traced = fs::read_to_string(&trace).unwrap_or_default();
    Ok(traced.lines().skip(opening).map(str::to_owned).collect())
}

fn hear(sale: &mut Sale, answer: Option<Answer>) {
    if let Some(answer) = answer {
        sale.hear(&answer);
    }
}

/// Recovers with nothing in the way, sees whether that comes to rest, and asks the oracle.
pub fn recover_and_judge(shop: &Shop, till: &mut Till, sales: &mut [Sale]) -> Result<(), String> {
    let alive = "the till died in a recovery that nothing ended";
    let first = till.call("recover").ok_or(alive)?;
    sales.iter_mut().for_each(|sale| sale.hear(&first));
    shop.wait_for_silence();
    let (before, requests) = (shop.journal(), shop.sandbox.stats().requests);
    let answer = till.call("recover").ok_or(alive)?;
    let rest = Rest {
        status: answer.told.map(|told| told.status).unwrap_or_default(),
        requests: shop.sandbox.stats().requests - requests,
        before,
        after: shop.journal(),
    };
    let pending = till.call("pending").ok_or(alive)?;
    sales.iter_mut().for_each(|sale| sale.hear(&pending));
    settle(shop, Some(rest))
}

/// Asks the oracle.
pub fn settle(shop: &Shop, rest: Option<Rest>) -> Result<(), String> {
    let violations = judge(&shop.ledgers(rest));
    let said: Vec<String> = violations.iter().map(ToString::to_string).collect();
    if said.is_empty() {
        Ok(())
    } else {
        Err(said.join("\n"))
    }
}

/// The points that the sources come to, by their words.
fn points_of_the_sources() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut folders = vec![support::c::root("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)
            .expect("the sources are there")
            .flatten()
        {
            if entry.path().is_dir() {
                folders.push(entry.path());
                continue;
            }
            let text = fs::read_to_string(entry.path()).unwrap_or_default();
            for after in text.split("reached(Point::").skip(1) {
                let name: String = after.chars().take_while(|c| c.is_alphanumeric()).collect();
                let words =
                    name.chars()
                        .enumerate()
                        .map(|(at, c)| match c.is_uppercase() && at > 0 {
                            true => format!("_{}", c.to_lowercase()),
                            false => c.to_lowercase().to_string(),
                        });
                names.insert(words.collect());
            }
        }
    }
    names
}

#[test]
fn a_till_may_die_at_every_point() {
    let started = Instant::now();
    let operations = operations();
    let cases: Vec<(&Operation, Fate)> = operations
        .iter()
        .flat_map(|operation| {
            fates(operation)
                .into_iter()
                .map(move |fate| (operation, fate))
        })
        .collect();
    let next = AtomicUsize::new(0);
    let kills = AtomicUsize::new(0);
    let wrong: Mutex<Vec<String>> = Mutex::default();
    let reached: Mutex<BTreeSet<String>> = Mutex::default();
    std::thread::scope(|scope| {
        for worker in 0..WORKERS {
            let (next, kills, wrong, reached, cases) = (&next, &kills, &wrong, &reached, &cases);
            scope.spawn(move || {
                let mut shop = Shop::open(support::c::scratch(&format!("every-point-{worker}")));
                while let Some((operation, fate)) = cases.get(next.fetch_add(1, Ordering::SeqCst)) {
                    let mut points = Vec::new();
                    let mut n = None;
                    while n.unwrap_or(0) <= points.len() {
                        match run(
                            &mut shop,
                            operation,
                            fate,
                            n,
                            n.unwrap_or(0) * 4 + points.len(),
                        ) {
                            Ok(traced) if n.is_none() => {
                                reached.lock().unwrap().extend(traced.iter().cloned());
                                points = traced;
                            }
                            Ok(_) => drop(kills.fetch_add(1, Ordering::SeqCst)),
                            Err(what) => {
                                let point = n.map_or("no", |n| &points[n - 1]);
                                wrong.lock().unwrap().push(format!(
                                    "{}, {}, ended at {point} point ({n:?}), see {}:\n{what}",
                                    operation.name,
                                    fate.name,
                                    shop.folder().display(),
                                ));
                                return;
                            }
                        }
                        n = Some(n.unwrap_or(0) + 1);
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    let reached = reached.into_inner().unwrap();
    // Only a journal of an older version is migrated.
    let missing: Vec<String> = points_of_the_sources()
        .into_iter()
        .filter(|point| !reached.contains(point) && point != "journal_migrated")
        .collect();
    assert!(missing.is_empty(), "no operation here comes to {missing:?}");
    println!(
        "{} operations with their answers, ended at {} points in {:.0} s",
        cases.len(),
        kills.into_inner(),
        started.elapsed().as_secs_f64()
    );
}
