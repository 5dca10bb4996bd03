//! Walks every place in an order's life that any sequence of calls, answers and crashes can reach,
//! and holds each move against the promises of `lifecycle.rs`.

use sequra_pos::inside::lifecycle::{Begin, Content, Finding, Intent, Life, Meaning, State, Step};
use sequra_pos::words::Next;
use std::collections::HashSet;

/// One move: what was begun where, what came of it.
struct Move {
    from: Life,
    step: Step,
    /// As recorded before anything was sent.
    recorded: Life,
    /// None: the till died before the answer was recorded.
    answer: Option<Meaning>,
    to: Life,
}

/// Every move that can be made from anywhere that can be reached.
fn every_move() -> Vec<Move> {
    let mut moves = Vec::new();
    let mut seen = HashSet::new();
    let mut waiting = vec![Life::NEW, Life::SOLICITED];
    while let Some(from) = waiting.pop() {
        if !seen.insert(from) {
            continue;
        }
        for &step in Step::ALL {
            for content in [Content::Same, Content::Other] {
                let Begin::Send(recorded) = from.begin(step, content) else {
                    continue;
                };
                // The journal has the cautious value until the outcome is recorded.
                let crashed = Life {
                    intent: recorded.intent.map(|intent| Intent {
                        doubtful: true,
                        ..intent
                    }),
                    ..recorded
                };
                moves.push(Move {
                    from,
                    step,
                    recorded,
                    answer: None,
                    to: crashed,
                });
                for &answer in Meaning::ALL {
                    for with_ref in [false, true] {
                        let to = recorded.answered(answer, with_ref);
                        // The shipment may be what ends the sale.
                        let settles = from.state != State::Settled;
                        let ends = settles.then(|| to.still_to_ship());
                        for to in [to].into_iter().chain(ends) {
                            moves.push(Move {
                                from,
                                step,
                                recorded,
                                answer: Some(answer),
                                to,
                            });
                        }
                    }
                }
            }
        }
        waiting.extend(
            moves
                .iter()
                .map(|one| one.to)
                .filter(|to| !seen.contains(to)),
        );
    }
    moves
}

fn check(promise: &str, keeps: impl Fn(&Move) -> bool) {
    let moves = every_move();
    assert!(
        moves.len() > 300,
        "the walk found only {} moves",
        moves.len()
    );
    for one in &moves {
        assert!(
            keeps(one),
            "{promise}: {:?} --{:?}--> {:?} --{:?}--> {:?}",
            one.from,
            one.step,
            one.recorded,
            one.answer,
            one.to
        );
    }
}

#[test]
fn no_confirmed_order_is_ever_forgotten() {
    check("a confirmed order stays confirmed", |one| {
        let cancelled = one.step == Step::Cancel && one.to.state == State::Cancelled;
        !one.from.state.is_confirmed() || one.to.state.is_confirmed() || cancelled
    });
    check(
        "a confirmation that may have been processed stays open until seQura has spoken of it",
        |one| {
            let doubtful =
                one.from.state == State::Confirming && one.from.intent.is_some_and(|i| i.doubtful);
            let spoken = matches!(one.answer, Some(Meaning::Done | Meaning::Conflict));
            !doubtful || spoken || (one.to.state == State::Confirming && one.to.is_at_risk())
        },
    );
    check(
        "what may be confirmed and is not settled is money at risk",
        |one| {
            let lost =
                one.step == Step::Confirm && matches!(one.answer, None | Some(Meaning::Unknown));
            !lost || one.to.is_at_risk()
        },
    );
}

#[test]
fn no_reference_goes_out_before_the_confirmation() {
    check("a reference needs a confirmed order", |one| {
        one.step != Step::SetOrderRef || one.from.state.is_confirmed()
    });
}

#[test]
fn no_sale_is_reported_complete_after_a_conflict() {
    check("a 409 to a confirmation is no confirmation", |one| {
        let refused = matches!(
            one.answer,
            Some(Meaning::Conflict | Meaning::PossibleEcho | Meaning::DuplicateRef)
        );
        let refused = one.step == Step::Confirm && refused;
        !refused || matches!(one.to.state, State::Conflicted | State::Confirming)
    });
    check("only a complete yes confirms", |one| {
        one.from.state.is_confirmed()
            || !one.to.state.is_confirmed()
            || (one.step == Step::Confirm && one.answer == Some(Meaning::Done))
    });
}

#[test]
fn what_may_be_the_echo_of_our_own_attempt_ends_nothing() {
    let may_be_echo =
        |answer| matches!(answer, Some(Meaning::PossibleEcho | Meaning::DuplicateRef));
    check("after doubt it leaves the step as it was", |one| {
        let doubtful = one.recorded.intent.is_some_and(|intent| intent.doubtful);
        !(may_be_echo(one.answer) && doubtful && one.step.moves_money()) || one.to == one.recorded
    });
    check("without doubt it is a no", |one| {
        let doubtful = one.recorded.intent.is_none_or(|intent| intent.doubtful);
        !may_be_echo(one.answer) || doubtful || one.to.intent.is_none()
    });
    check("a cause that cannot be an echo ends the step", |one| {
        one.answer != Some(Meaning::Conflict) || one.to.intent.is_none()
    });
}

#[test]
fn a_person_ends_what_is_in_doubt_and_nothing_else() {
    let ended = |life: Life| {
        let findings = [Finding::Confirmed, Finding::NotConfirmed];
        findings.map(|finding| [false, true].map(|with_ref| life.resolved(finding, with_ref)))
    };
    check("what surely was not processed is no question", |one| {
        let is_doubtful = one.to.intent.is_some_and(|intent| intent.doubtful);
        is_doubtful || ended(one.to).concat().iter().all(|&life| life == one.to)
    });
    check("nor is what no money hangs on", |one| {
        let moves_money = one
            .to
            .intent
            .is_some_and(|intent| intent.step.moves_money());
        moves_money || ended(one.to).concat().iter().all(|&life| life == one.to)
    });
    check("what was confirmed stays so", |one| {
        let stays = |life: &Life| life.state.is_confirmed() || life.state == State::Cancelled;
        !one.to.state.is_confirmed() || ended(one.to).concat().iter().all(stays)
    });
    check("the doubt is over", |one| {
        let is_over = |life: &Life| life.intent.is_none();
        !one.to.can_be_resolved() || ended(one.to).concat().iter().all(is_over)
    });
    check("what seQura has paid for is settled", |one| {
        let paid = one.to.paid();
        paid == one.to || paid == Life::SETTLED
    });
}

#[test]
fn only_what_needs_nothing_more_is_finished() {
    check("an unfinished order says what is due", |one| {
        one.to.is_finished() || one.to.next() != Next::None
    });
    check(
        "only a change can be open of an order that was finished",
        |one| {
            let change = one.to.intent.is_none_or(|intent| intent.step.is_change());
            !one.to.state.is_finished() || change
        },
    );
    check("settled means that seQura said yes", |one| {
        let was = one.from.state == State::Settled;
        one.to.state != State::Settled || was || one.answer == Some(Meaning::Done)
    });
}

#[test]
fn every_state_is_reached() {
    let reached: HashSet<State> = every_move()
        .iter()
        .flat_map(|one| [one.recorded.state, one.to.state])
        .collect();
    for &state in State::ALL {
        assert!(reached.contains(&state), "{state}");
    }
}

#[test]
fn asking_again_with_the_same_content_always_leads_on() {
    check("an open step may be asked again", |one| {
        match one.to.intent {
            Some(intent) => matches!(one.to.begin(intent.step, Content::Same), Begin::Send(_)),
            None => true,
        }
    });
}
