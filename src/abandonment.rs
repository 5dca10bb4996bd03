//! Giving up what will not become a sale: the shopper left, or paid in another way.
//!
//! seQura has no way to withdraw a solicitation; one that nobody confirms comes to nothing. So giving
//! up happens in the journal alone: the order is asked nothing more, by the till or by recovery, and
//! its personal data goes. Only an order that seQura surely has not confirmed can be given up.

use crate::advice;
use crate::ages::Ages;
use crate::journal::{JournalError, Record};
use crate::lifecycle::{Life, State};
use crate::one_at_a_time::Turn;
use crate::outcome::Outcome;
use crate::pipeline::{self, Target};
use crate::problem::Problem;
use crate::shop::Shop;
use crate::status::Status;
use crate::vocabulary::{ErrorCode, Next};
use std::time::Instant;

const NAME: &str = "abandon";

/// Gives up one order, named as for [`pipeline::find`].
pub(crate) fn abandon(shop: &Shop, order: &str) -> Outcome {
    let deadline = shop.deadline();
    let named = (order, Next::RestartCheckout);
    let found = match pipeline::known(shop, NAME, named, Life::can_be_abandoned) {
        Ok(found) => found,
        Err(ended) => return *ended,
    };
    if found.goes_on_elsewhere() {
        return pipeline::taken_over(shop, NAME, &found);
    }
    let target = Target::of(&found);
    // A call about it that is going on decides first.
    let Some(_turn) = shop.turns().wait_for(&target.turn(None), deadline) else {
        return pipeline::busy(NAME, "Another call about this order is still going on.");
    };
    match give_up(shop, found.id, deadline) {
        Ok(outcome) => outcome,
        Err(error) => pipeline::journal_failed(NAME, &error),
    }
}

fn give_up(shop: &Shop, id: i64, deadline: Instant) -> Result<Outcome, JournalError> {
    let journal = shop.journal();
    let read = |outcome: Outcome| {
        let record = journal.order_by_id(id)?;
        let order = record.as_ref().map(|record| shop.view(record));
        Ok(Outcome { order, ..outcome })
    };
    let Some(record) = journal.order_by_id(id)? else {
        return read(Outcome::ok(NAME));
    };
    let life = record.life;
    if life.state == State::Abandoned {
        return read(Outcome::ok(NAME));
    }
    let open = record.open.as_ref();
    let said = |statuses: &[Status]| {
        let status = open.and_then(|open| open.status);
        status.is_some_and(|status| statuses.contains(&status))
    };
    // Nothing will come of it at seQura any more, whatever an earlier attempt has done; only a person
    // can look in the portal what that was.
    let is_gone = life.state == State::Confirming && said(&[Status::Gone]);
    // A change of a sold order that seQura, asked again, knows nothing of: it has cancelled the order
    // itself. The change is given up, and the order stays as it was.
    let is_lost =
        open.is_some_and(|open| open.step.is_change()) && said(&[Status::NotFound, Status::Gone]);
    if life.state == State::Settled && is_lost {
        return match journal.withdraw_step(&record, pipeline::patience(deadline))? {
            true => read(Outcome::ok(NAME)),
            false => read(pipeline::busy(
                NAME,
                "Another till is working on this order.",
            )),
        };
    }
    if !life.can_be_abandoned() && !is_gone {
        let because = match life.state {
            State::Confirming => "its confirmation has no answer yet, and seQura may have it",
            State::Cancelled => "it is cancelled",
            _ => "seQura has confirmed it",
        };
        let problem = Problem {
            actual: Some(life.state.as_str().into()),
            ..Problem::new(
                ErrorCode::WrongState,
                format!("Not possible in state {}: {because}.", life.state),
            )
        };
        return read(Outcome::failed(
            NAME,
            Status::WrongState,
            advice::next(&record),
            problem,
        ));
    }
    let until = pipeline::patience(deadline);
    match journal.abandon(&[record], shop.scrubs_at_once(), until)? {
        0 => read(pipeline::busy(
            NAME,
            "Another till is working on this order.",
        )),
        _ => read(Outcome::ok(NAME)),
    }
}

/// Gives up what nothing has happened to for `abandon_after_days`, so many orders at most: names and
/// addresses of shoppers who walked away must not stay for ever. Says whether some wait for the clock.
pub(crate) fn abandon_untouched(
    shop: &Shop,
    ages: &Ages,
    most: usize,
    until: Instant,
) -> Result<bool, JournalError> {
    let limit_days = shop.config().abandon_after_days;
    let (due, doubtful) = shop.journal().untouched(ages, limit_days)?;
    let can_be = |record: &Record| record.life.can_be_abandoned();
    // A call about it that is going on decides first.
    let in_turn = |record: Record| {
        let turn = Target::of(&record).turn(None);
        let turn = shop.turns().wait_for(&turn, Instant::now())?;
        Some((record, turn))
    };
    let due = due.into_iter().filter(can_be).take(most);
    let (due, _turns): (Vec<Record>, Vec<Turn>) = due.filter_map(in_turn).unzip();
    if !due.is_empty() {
        shop.journal().abandon(&due, shop.scrubs_at_once(), until)?;
    }
    Ok(doubtful.iter().any(can_be))
}
