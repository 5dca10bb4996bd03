//! One order, the till's journal and seQura, explored together: every sequence of calls, every answer
//! and every loss of one, a crash at every point of a call, any number of recoveries.
//!
//! `tests/library/lifecycle.rs` holds single moves against the promises of `lifecycle.rs`. Here seQura is part
//! of what is explored, so that a promise can be about the truth: about what seQura has, what the
//! journal says of it, and what the till was told. The promises:
//!
//! 1. No confirmed order is ever forgotten: whatever seQura has confirmed and cannot pay yet, the
//!    journal lists as money at risk.
//! 2. No reference goes out before the confirmation.
//! 3. No sale is reported complete after a conflict: who was told that it is confirmed, for him
//!    seQura has confirmed it, with the content that he asked for.
//! 4. What the till was told never contradicts what the journal later says: confirmed stays
//!    confirmed, settled stays settled under the same reference, what was given up is never confirmed.
//! 5. Recovery always comes to rest: with a line that works, a few recoveries leave the journal as
//!    another one would leave it, and saying of the confirmation what seQura says. What seQura does not
//!    say is a person's to end, or a disbursement's, and stays at risk until then: of an order that may
//!    have been confirmed, that it is gone; or to the same request again, a 409 that may be our echo.
//! 6. Where the goods leave after the sale, a settled order is shipped at seQura, or its shipment is open here and
//!    recovery sends it: from the write that settles it on.

use sequra_pos::inside::lifecycle::{Begin, Content, Finding, Intent, Life, Meaning, State, Step};
use std::collections::{HashMap, VecDeque};

/// Which order is asked for: the one that the shopper saw, or a changed one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Cart {
    Approved,
    Changed,
}

/// The shop's references. seQura may know the first from another sale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Ref {
    MaybeTaken,
    Free,
}

/// What a call carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Carried {
    cart: Cart,
    order_ref: Option<Ref>,
}

/// seQura's side of the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Sequra {
    Nothing,
    Solicited,
    Approved,
    Confirmed {
        carried: Carried,
    },
    /// Cancelled after it was confirmed.
    Cancelled,
    /// Rejected, or lapsed: it will not be confirmed any more.
    Dead,
}

/// What seQura says to a confirmation or a reference that it has accepted before [I].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Echo {
    /// Yes, once more [C].
    Yes,
    /// 409: it has been confirmed already; or nobody knows why.
    Unexplained,
    /// 409: its reference is not unique, for it is this order's own.
    NotUnique,
}

impl Echo {
    fn answer(self, carried: Carried) -> Meaning {
        match self {
            Echo::Yes => Meaning::Done,
            Echo::NotUnique if carried.order_ref.is_some() => Meaning::DuplicateRef,
            Echo::Unexplained | Echo::NotUnique => Meaning::PossibleEcho,
        }
    }
}

/// What the till knows for certain, because a call returned it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
struct Told {
    confirmed: bool,
    settled: Option<Ref>,
    given_up: bool,
    cancelled: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct World {
    /// The journal's: none before the order is begun.
    life: Option<Life>,
    /// The journal's: the order as last recorded.
    recorded: Carried,
    sequra: Sequra,
    /// Another order has [`Ref::MaybeTaken`].
    taken: bool,
    echo: Echo,
    /// The configuration's: the shipment is a sale's last step.
    ends_by_shipping: bool,
    /// seQura knows that the goods were shipped.
    is_shipped: bool,
    /// A person has said what became of the shipment, or seQura has paid.
    is_a_persons: bool,
    told: Told,
}

impl World {
    fn beginning(taken: bool, echo: Echo, ends_by_shipping: bool) -> World {
        World {
            life: None,
            recorded: Carried {
                cart: Cart::Approved,
                order_ref: None,
            },
            sequra: Sequra::Nothing,
            taken,
            echo,
            ends_by_shipping,
            is_shipped: false,
            is_a_persons: false,
            told: Told::default(),
        }
    }

    /// The shipment is open here, and whatever says nothing of the order ends it not.
    fn has_to_ship(&self) -> bool {
        let open = self.life.and_then(|life| life.intent);
        self.ends_by_shipping && open.is_some_and(|open| open.step == Step::Ship)
    }

    /// Where a step leaves the order, with the last step of the sale.
    fn with_last_step(&self, life: Life, step: Step, answer: Option<Meaning>) -> Life {
        let is_settled_now = life == Life::SETTLED && state(*self) != Some(State::Settled);
        let is_still_due =
            self.has_to_ship() && step == Step::Ship && answer == Some(Meaning::Refused);
        match self.ends_by_shipping && (is_settled_now || is_still_due) {
            true => life.still_to_ship(),
            false => life,
        }
    }

    /// What seQura does with a request that reaches it.
    fn process(&mut self, step: Step, carried: Carried) -> Meaning {
        let is_taken = carried.order_ref == Some(Ref::MaybeTaken) && self.taken;
        match (step, self.sequra) {
            (Step::Start, Sequra::Nothing) => {
                self.sequra = Sequra::Solicited;
                Meaning::Done
            }
            // A second solicitation of the same cart; the first is used by nobody.
            (Step::Start, _) => Meaning::Done,
            (_, Sequra::Nothing) => Meaning::Missing,
            (_, Sequra::Dead) => Meaning::Gone,
            // Documented for changes; what it says to a confirmation of such an order is not.
            (_, Sequra::Cancelled) => Meaning::Missing,
            (Step::SendForm | Step::Hold, _) => Meaning::Done,
            (Step::Confirm, Sequra::Solicited) => Meaning::Conflict,
            (Step::Confirm, Sequra::Approved) => match carried.cart {
                Cart::Changed => Meaning::Conflict,
                Cart::Approved if is_taken => Meaning::DuplicateRef,
                Cart::Approved => {
                    self.sequra = Sequra::Confirmed { carried };
                    Meaning::Done
                }
            },
            (Step::Confirm, Sequra::Confirmed { carried: first }) => match carried == first {
                true => self.echo.answer(carried),
                false if carried.cart == first.cart => Meaning::PossibleEcho,
                false => Meaning::Conflict,
            },
            (Step::SetOrderRef, Sequra::Confirmed { carried: first }) => match first.order_ref {
                _ if is_taken => Meaning::DuplicateRef,
                None => {
                    self.sequra = Sequra::Confirmed { carried };
                    Meaning::Done
                }
                own if own == carried.order_ref => self.echo.answer(carried),
                _ => Meaning::DuplicateRef,
            },
            (
                Step::Update | Step::Ship | Step::Refund | Step::Cancel,
                Sequra::Confirmed { carried },
            ) if carried.order_ref.is_some() => {
                if step == Step::Cancel {
                    self.sequra = Sequra::Cancelled;
                }
                self.is_shipped |= step == Step::Ship;
                Meaning::Done
            }
            (Step::Update | Step::Ship | Step::Refund | Step::Cancel, _) => {
                panic!("an order was changed that seQura does not know by its reference: {self:?}")
            }
            // Promise 2 forbids it.
            (Step::SetOrderRef, _) => {
                panic!("a reference went out before the confirmation: {self:?}")
            }
        }
    }
}

/// How one call can go.
#[derive(Clone, Copy, Debug)]
enum Course {
    /// The process ends when the intent is durable, and nothing was sent.
    CrashBeforeSending,
    /// The process ends when seQura has processed it.
    CrashAfterProcessing,
    /// The process ends when the outcome is durable, and before the till knows it.
    CrashBeforeReturn,
    /// Nothing left this machine.
    NotSent,
    /// It was lost on its way, or somebody in between has answered it.
    LostThere,
    /// The answer was lost on its way, or is not seQura's.
    LostBack,
    /// Refused by seQura for a reason that is not the order's: a password was changed.
    Refused,
    /// As it should.
    Well,
}

const COURSES: [Course; 8] = [
    Course::CrashBeforeSending,
    Course::CrashAfterProcessing,
    Course::CrashBeforeReturn,
    Course::NotSent,
    Course::LostThere,
    Course::LostBack,
    Course::Refused,
    Course::Well,
];

/// One call of the till's, as `operation.rs` takes it. None: it is refused or answered from the
/// journal, and changes nothing.
fn call(world: World, step: Step, asked: Option<Carried>, course: Course) -> Option<World> {
    let life = world.life.unwrap_or(Life::NEW);
    if world.life.is_none() && step != Step::Start {
        return None;
    }
    // What is shipped, or about to be, is paid back and not cancelled.
    if world.ends_by_shipping && step == Step::Cancel {
        return None;
    }
    let carried = asked.unwrap_or(world.recorded);
    let confirmed = life.state.is_confirmed();
    let same = match (step, asked) {
        (_, None) => true,
        (Step::SetOrderRef, Some(asked)) => asked.order_ref == world.recorded.order_ref,
        (_, Some(asked)) => {
            asked.cart == world.recorded.cart
                && (asked.order_ref == world.recorded.order_ref
                    || (confirmed && asked.order_ref.is_none()))
        }
    };
    let content = match same {
        true => Content::Same,
        false => Content::Other,
    };
    let Begin::Send(begun) = life.begin(step, content) else {
        return None;
    };
    let mut next = world;
    next.recorded = carried;
    // As the journal has it until the outcome is recorded.
    next.life = Some(Life {
        intent: begun.intent.map(|intent| Intent {
            doubtful: true,
            ..intent
        }),
        ..begun
    });
    let answer = match course {
        Course::CrashBeforeSending => return Some(next),
        Course::CrashAfterProcessing => {
            next.process(step, carried);
            return Some(next);
        }
        Course::NotSent => Meaning::NotSent,
        Course::LostThere => Meaning::Unknown,
        Course::LostBack => {
            next.process(step, carried);
            Meaning::Unknown
        }
        Course::Refused => Meaning::Refused,
        Course::Well | Course::CrashBeforeReturn => next.process(step, carried),
    };
    let after = begun.answered(answer, carried.order_ref.is_some());
    let after = world.with_last_step(after, step, Some(answer));
    next.life = Some(after);
    if !matches!(course, Course::CrashBeforeReturn) && answer == Meaning::Done {
        match after.state {
            State::Confirmed => next.told.confirmed = true,
            State::Settled => {
                next.told.confirmed = true;
                next.told.settled = carried.order_ref;
            }
            State::Cancelled => next.told.cancelled = true,
            _ => {}
        }
    }
    Some(next)
}

/// What `sq_recover` does about the order. None: nothing.
fn recover(world: World, course: Course) -> Option<World> {
    let life = world.life?;
    let open = life.intent?;
    if open.step == Step::SendForm {
        return Some(World {
            life: Some(life.withdrawn()),
            ..world
        });
    }
    call(world, open.step, None, course)
}

/// What a person sees in seQura's portal of the step that has no answer; the portal shows no shipment.
fn portal(world: World) -> Vec<Finding> {
    let Some(life) = world.life.filter(|life| life.can_be_resolved()) else {
        return Vec::new();
    };
    let is_done = match life.intent.expect("something is open").step {
        Step::Confirm | Step::SetOrderRef => {
            matches!(world.sequra, Sequra::Confirmed { carried } if carried == world.recorded)
        }
        Step::Cancel => world.sequra == Sequra::Cancelled,
        _ => return vec![Finding::Confirmed, Finding::NotConfirmed],
    };
    match is_done {
        true => vec![Finding::Confirmed],
        false => vec![Finding::NotConfirmed],
    }
}

/// `sq_resolve`, by a person who says what is there.
fn resolve(world: World, finding: Finding) -> World {
    let life = world.life.expect("something is open");
    let step = life.intent.expect("something is open").step;
    let life = life.resolved(finding, world.recorded.order_ref.is_some());
    let life = world.with_last_step(life, step, None);
    let told = Told {
        confirmed: world.told.confirmed || life.state.is_confirmed(),
        settled: match life.state {
            State::Settled => world.recorded.order_ref,
            _ => world.told.settled,
        },
        cancelled: world.told.cancelled || life.state == State::Cancelled,
        ..world.told
    };
    World {
        life: Some(life),
        told,
        is_a_persons: world.is_a_persons || step == Step::Ship,
        ..world
    }
}

/// `sq_reconcile`, when seQura has paid for the order. None: it has not, or there is nothing in doubt.
fn paid(world: World) -> Option<World> {
    let life = world.life?;
    let open = life.intent.filter(|open| open.doubtful)?;
    let asked = matches!(open.step, Step::Confirm | Step::SetOrderRef);
    let is_paid = matches!(world.sequra, Sequra::Confirmed { carried }
        if carried.order_ref.is_some() && carried.order_ref == world.recorded.order_ref);
    (asked && is_paid).then_some(World {
        life: Some(life.paid()),
        is_a_persons: true,
        ..world
    })
}

/// Everything that can happen next, with a name for it.
fn successors(world: World) -> Vec<(String, World)> {
    let mut found = Vec::new();
    let mut add = |name: String, next: Option<World>| found.extend(next.map(|next| (name, next)));
    let carts = [Cart::Approved, Cart::Changed];
    for course in COURSES {
        let steps = [
            Step::Start,
            Step::SendForm,
            Step::Hold,
            Step::Confirm,
            Step::Ship,
            Step::Cancel,
        ];
        for step in steps {
            add(
                format!("{step} as before, {course:?}"),
                call(world, step, None, course),
            );
        }
        for cart in carts {
            for order_ref in [None, Some(Ref::MaybeTaken), Some(Ref::Free)] {
                let asked = Carried { cart, order_ref };
                let next = call(world, Step::Confirm, Some(asked), course);
                add(format!("confirm {asked:?}, {course:?}"), next);
            }
        }
        for order_ref in [Ref::MaybeTaken, Ref::Free] {
            let asked = Carried {
                order_ref: Some(order_ref),
                ..world.recorded
            };
            let next = call(world, Step::SetOrderRef, Some(asked), course);
            add(format!("set_order_ref {order_ref:?}, {course:?}"), next);
        }
        add(format!("recover, {course:?}"), recover(world, course));
    }
    if let Some(life) = world.life {
        let given_up = World {
            life: Some(Life::ABANDONED),
            told: Told {
                given_up: true,
                ..world.told
            },
            ..world
        };
        add(
            "abandon".to_owned(),
            life.can_be_abandoned().then_some(given_up),
        );
        // A person has looked in the portal, and gives up what seQura says is gone.
        let gone = world.sequra == Sequra::Dead && life.state == State::Confirming;
        add("abandon what is gone".to_owned(), gone.then_some(given_up));
        for finding in portal(world) {
            add(format!("resolve {finding}"), Some(resolve(world, finding)));
        }
        add("paid".to_owned(), paid(world));
        // Recovery a day later.
        let withdrawn = World {
            life: Some(life.withdrawn()),
            ..world
        };
        let old = life.intent.is_some() && life.can_be_abandoned();
        add("recover a day later".to_owned(), old.then_some(withdrawn));
    }
    let moved = |sequra| Some(World { sequra, ..world });
    match world.sequra {
        Sequra::Solicited => {
            add(
                "the shopper is approved".to_owned(),
                moved(Sequra::Approved),
            );
            add("the shopper is rejected".to_owned(), moved(Sequra::Dead));
        }
        Sequra::Approved => add("it lapses".to_owned(), moved(Sequra::Dead)),
        _ => {}
    }
    found
}

/// Every world that can be reached, with the shortest way to it.
struct Explored {
    ways: HashMap<World, Option<(World, String)>>,
}

impl Explored {
    fn everything() -> Explored {
        let mut ways = HashMap::new();
        let mut waiting = VecDeque::new();
        for taken in [false, true] {
            for echo in [Echo::Yes, Echo::Unexplained, Echo::NotUnique] {
                for ends_by_shipping in [false, true] {
                    let beginning = World::beginning(taken, echo, ends_by_shipping);
                    ways.insert(beginning, None);
                    waiting.push_back(beginning);
                }
            }
        }
        while let Some(world) = waiting.pop_front() {
            for (name, next) in successors(world) {
                ways.entry(next).or_insert_with(|| {
                    waiting.push_back(next);
                    Some((world, name))
                });
            }
        }
        assert!(ways.len() > 500, "only {} worlds were found", ways.len());
        Explored { ways }
    }

    fn way_to(&self, world: World) -> String {
        let mut steps = vec![format!("{world:?}")];
        let mut at = world;
        while let Some(Some((before, name))) = self.ways.get(&at) {
            steps.push(name.clone());
            at = *before;
        }
        steps.reverse();
        steps.join("\n  ")
    }

    fn check(&self, promise: &str, keeps: impl Fn(World) -> bool) {
        for &world in self.ways.keys() {
            assert!(keeps(world), "{promise}:\n  {}", self.way_to(world));
        }
    }

    fn check_moves(&self, promise: &str, keeps: impl Fn(World, World) -> bool) {
        for &world in self.ways.keys() {
            for (name, next) in successors(world) {
                assert!(
                    keeps(world, next),
                    "{promise}:\n  {}\n  {name}\n  {next:?}",
                    self.way_to(world)
                );
            }
        }
    }
}

/// Cancelled at seQura, and here too, or asked for and without an answer.
fn is_being_cancelled(world: World) -> bool {
    let asked = world.life.and_then(|life| life.intent);
    let here = state(world) == Some(State::Cancelled)
        || asked.is_some_and(|intent| intent.step.is_change() && intent.doubtful);
    world.sequra == Sequra::Cancelled && here
}

fn state(world: World) -> Option<State> {
    world.life.map(|life| life.state)
}

#[test]
fn no_confirmed_order_is_ever_forgotten() {
    let explored = Explored::everything();
    explored.check(
        "what seQura has confirmed is settled under seQura's reference, or money at risk",
        |world| match world.sequra {
            Sequra::Confirmed { carried } => {
                let at_risk = world.life.is_some_and(Life::is_at_risk);
                let settled = state(world) == Some(State::Settled);
                at_risk || (settled && carried.order_ref == world.recorded.order_ref)
            }
            _ => true,
        },
    );
    explored.check("settled means that seQura has the reference", |world| {
        let has = matches!(world.sequra, Sequra::Confirmed { carried }
            if carried.order_ref.is_some() && carried.order_ref == world.recorded.order_ref);
        state(world) != Some(State::Settled) || has || is_being_cancelled(world)
    });
}

#[test]
fn no_sale_is_reported_complete_after_a_conflict() {
    let explored = Explored::everything();
    explored.check("told confirmed is confirmed at seQura", |world| {
        let confirmed = matches!(world.sequra, Sequra::Confirmed { .. } | Sequra::Cancelled);
        !world.told.confirmed || confirmed
    });
    explored.check(
        "the journal says confirmed only of what seQura has confirmed, as it was asked for",
        |world| {
            let confirmed = world.life.is_some_and(|life| life.state.is_confirmed());
            let as_asked = matches!(world.sequra, Sequra::Confirmed { carried }
                if carried.cart == world.recorded.cart);
            !confirmed || as_asked || is_being_cancelled(world)
        },
    );
}

#[test]
fn what_the_till_was_told_never_contradicts_what_the_journal_later_says() {
    let explored = Explored::everything();
    explored.check("told confirmed stays confirmed", |world| {
        let confirmed = world.life.is_some_and(|life| life.state.is_confirmed());
        !world.told.confirmed || confirmed || is_being_cancelled(world)
    });
    explored.check("told settled stays settled", |world| {
        world.told.settled.is_none()
            || (matches!(state(world), Some(State::Settled | State::Cancelled))
                && world.told.settled == world.recorded.order_ref)
    });
    explored.check("told cancelled is cancelled at seQura", |world| {
        !world.told.cancelled
            || (state(world) == Some(State::Cancelled) && world.sequra == Sequra::Cancelled)
    });
    explored.check("what was given up is never confirmed", |world| {
        !world.told.given_up
            || (state(world) == Some(State::Abandoned)
                && !matches!(world.sequra, Sequra::Confirmed { .. }))
    });
    explored.check_moves(
        "a finished order moves by a change of it only",
        |from, to| {
            let finished = from.life.is_some_and(Life::is_finished);
            let changed = state(from) == Some(State::Settled)
                && matches!(state(to), Some(State::Settled | State::Cancelled));
            !finished || from.life == to.life || changed
        },
    );
}

#[test]
fn recovery_always_comes_to_rest_and_then_the_journal_is_right() {
    let explored = Explored::everything();
    let after_three = |world: World| {
        let again = |world| recover(world, Course::Well).unwrap_or(world);
        again(again(again(world)))
    };
    // seQura says that it is gone, or what may be our echo.
    let is_a_persons = |world: World| {
        let unsaid = world.sequra == Sequra::Dead || world.echo != Echo::Yes;
        // Another order has the reference: so much the refusal says of an echo, too.
        let taken = world.taken && world.recorded.order_ref == Some(Ref::MaybeTaken);
        (unsaid || taken)
            && world
                .life
                .is_some_and(|life| life.can_be_resolved() && life.is_at_risk())
    };
    explored.check("a fourth recovery changes nothing", |world| {
        let rest = after_three(world);
        recover(rest, Course::Well).is_none_or(|next| next.life == rest.life)
    });
    let agree = |rest: World| {
        let here = rest.life.is_some_and(|life| life.state.is_confirmed());
        here == matches!(rest.sequra, Sequra::Confirmed { .. })
    };
    explored.check("then the journal says what seQura says", |world| {
        let rest = after_three(world);
        agree(rest) || is_a_persons(rest)
    });
    explored.check("or a person says it, or a disbursement", |world| {
        let rest = after_three(world);
        let ended = portal(rest)
            .into_iter()
            .map(|finding| resolve(rest, finding));
        let ended: Vec<World> = ended.chain(paid(rest)).collect();
        let is_over = |world: &World| {
            let open = world.life.and_then(|life| life.intent);
            (open.is_none() || world.has_to_ship()) && agree(*world)
        };
        !is_a_persons(rest) || (!ended.is_empty() && ended.iter().all(is_over))
    });
    explored.check(
        "a reference that seQura has is the journal's, or still open there",
        |world| {
            let rest = after_three(world);
            let Sequra::Confirmed { carried } = rest.sequra else {
                return true;
            };
            let settled =
                state(rest) == Some(State::Settled) && carried.order_ref == rest.recorded.order_ref;
            let open = rest.life.is_some_and(|life| life.intent.is_some());
            carried.order_ref.is_none() || settled || open
        },
    );
    explored.check(
        "and nothing is open that the till could still send",
        |world| {
            let rest = after_three(world);
            let open = rest.life.and_then(|life| life.intent);
            // A reference that is asked for again is seQura's to judge: it stays open where it says no.
            let refused_ref = open.is_some_and(|open| open.step == Step::SetOrderRef);
            open.is_none() || refused_ref || is_a_persons(rest)
        },
    );
}

#[test]
fn a_sale_that_ends_with_its_shipment_is_shipped() {
    let explored = Explored::everything();
    let is_due = |world: World| {
        world.ends_by_shipping && state(world) == Some(State::Settled) && !world.is_a_persons
    };
    explored.check("what is settled is shipped, or still to be", |world| {
        !is_due(world) || world.is_shipped || world.has_to_ship()
    });
    explored.check("what is still to be shipped is listed", |world| {
        !world.has_to_ship() || world.life.is_some_and(|life| !life.is_finished())
    });
    explored.check("and recovery sends it", |world| {
        let well = |world| recover(world, Course::Well).unwrap_or(world);
        let rest = well(well(world));
        !is_due(rest) || rest.is_shipped
    });
}

/// The promises are worth something only if the exploration comes to where they could be broken.
#[test]
fn the_exploration_comes_everywhere() {
    let explored = Explored::everything();
    let somewhere = |what: &str, is: &dyn Fn(World) -> bool| {
        assert!(explored.ways.keys().any(|world| is(*world)), "never {what}");
    };
    for &wanted in State::ALL {
        somewhere(wanted.as_str(), &|world| state(world) == Some(wanted));
    }
    let confirmed = |world: World| matches!(world.sequra, Sequra::Confirmed { .. });
    somewhere("confirmed there and unknown here", &|world| {
        confirmed(world) && state(world) == Some(State::Confirming)
    });
    somewhere("a reference that is there and open here", &|world| {
        matches!(world.sequra, Sequra::Confirmed { carried } if carried.order_ref.is_some())
            && state(world) == Some(State::Referencing)
    });
    somewhere("told nothing of what is settled", &|world| {
        state(world) == Some(State::Settled) && !world.told.confirmed
    });
    somewhere("cancelled there and open here", &|world| {
        is_being_cancelled(world) && state(world) == Some(State::Settled)
    });
    somewhere("given up, and confirmed elsewhere", &|world| {
        world.told.given_up
    });
    for echo in [Echo::Unexplained, Echo::NotUnique] {
        let left = |state_here: State| {
            move |world: World| {
                let again = recover(world, Course::Well);
                world.echo == echo
                    && confirmed(world)
                    && state(world) == Some(state_here)
                    && again.is_some_and(|again| again.life == world.life)
            }
        };
        somewhere(
            "a confirmation that only a person ends",
            &left(State::Confirming),
        );
        somewhere(
            "a reference that only a person ends",
            &left(State::Referencing),
        );
    }
    somewhere("settled, and nothing of its shipment sent", &|world| {
        world.life == Some(Life::TO_SHIP) && !world.is_shipped
    });
    somewhere("shipped there and open here", &|world| {
        world.is_shipped && world.has_to_ship()
    });
    somewhere("paid while it was in doubt", &|world| paid(world).is_some());
    eprintln!("{} worlds", explored.ways.len());
}
