//! The world, shared between the listeners, the control interface and the tests.
//!
//! [`Sequra`] also knows how to wait: a review takes its time, and so does a shopper with
//! a phone.

use crate::accounts::Account;
use crate::disbursements::{Disburse, Disbursement};
use crate::orders::{Order, OrderView, State, Turn};
use crate::rules::Rules;
use crate::shopper::{self, TestShopper};
use crate::world::{ControlError, World};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;
use tokio::sync::watch;

/// The simulated seQura, shared by everything that touches it.
pub struct Sequra {
    world: Mutex<World>,
    pub accounts: Vec<Account>,
    initial_rules: Rules,
    pub log_requests: bool,
    /// Where it listens by HTTPS, and the file of the authority behind that; once it does.
    https: OnceLock<(String, String)>,
    runtime: tokio::runtime::Handle,
    stop: watch::Sender<bool>,
}

impl Sequra {
    pub fn new(
        accounts: Vec<Account>,
        rules: Rules,
        log_requests: bool,
        runtime: tokio::runtime::Handle,
    ) -> Arc<Sequra> {
        Arc::new(Sequra {
            world: Mutex::new(World::new(rules.clone())),
            accounts,
            initial_rules: rules,
            log_requests,
            https: OnceLock::new(),
            runtime,
            stop: watch::Sender::new(false),
        })
    }

    pub fn listens(&self, https: &str, ca_file: &Path) {
        let ca_file = std::path::absolute(ca_file).unwrap_or_else(|_| ca_file.to_owned());
        let place = (https.to_owned(), ca_file.display().to_string());
        // It starts to listen once.
        let _ = self.https.set(place);
    }

    pub fn https(&self) -> Option<(&str, &str)> {
        let place = self.https.get();
        place.map(|(https, ca_file)| (&**https, &**ca_file))
    }

    /// The one lock. A test that panicked while holding it must not hide its own message
    /// behind a second panic, so poisoning is passed over.
    pub fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets everything and returns to the rules of the start.
    pub fn reset(&self) {
        *self.world() = World::new(self.initial_rules.clone());
    }

    /// Pays out what is owed.
    pub fn disburse(&self, how: &Disburse) -> Result<Vec<Disbursement>, ControlError> {
        self.world().disburse(&self.accounts, how)
    }

    /// A person or a test takes the shopper's or seQura's part.
    pub fn play(self: &Arc<Self>, uuid: &str, turn: Turn) -> Result<OrderView, ControlError> {
        let first_answer = turn == Turn::Approve
            && self
                .world()
                .order(uuid)
                .is_some_and(|order| order.state == State::Solicited);
        if first_answer {
            self.complete_form(uuid)
        } else {
            self.world().turn(uuid, turn)
        }
    }

    /// The form is on its way: some shoppers need no one to play them.
    pub fn form_delivered(self: &Arc<Self>, uuid: &str) {
        let (named, auto_approve) = {
            let world = self.world();
            let named = world.order(uuid).and_then(|o| review_of(&world, o));
            (named, world.rules.auto_approve_ms)
        };
        let delay = match (named, auto_approve) {
            (_, Some(ms)) => ms,
            (Some(_), None) => 0,
            (None, None) => return,
        };
        self.later(uuid, delay, |sequra, uuid| {
            // A person may have been quicker.
            let _ = sequra.complete_form(uuid);
        });
    }

    /// The shopper completes the form: approved, or under review if the name says so.
    fn complete_form(self: &Arc<Self>, uuid: &str) -> Result<OrderView, ControlError> {
        let mut world = self.world();
        let order = world.order(uuid).ok_or(ControlError::UnknownOrder)?;
        let Some(review) = review_of(&world, order) else {
            return world.turn(uuid, Turn::Approve);
        };
        let view = world.turn(uuid, Turn::Review)?;
        let outcome = match review {
            TestShopper::ReviewApprove => Turn::Approve,
            TestShopper::ReviewCancel => Turn::Reject,
        };
        let delay = world.rules.review_ms;
        drop(world);
        self.later(uuid, delay, move |sequra, uuid| {
            // The order may have been decided otherwise, or forgotten, meanwhile.
            let _ = sequra.world().turn(uuid, outcome);
        });
        Ok(view)
    }

    /// Does something with an order after a while, or at once for no delay at all: then
    /// the answer to the request finds it done.
    fn later(
        self: &Arc<Self>,
        uuid: &str,
        ms: u64,
        act: impl FnOnce(&Arc<Sequra>, &str) + Send + 'static,
    ) {
        if ms == 0 {
            act(self, uuid);
            return;
        }
        let sequra = Arc::clone(self);
        let uuid = uuid.to_owned();
        self.runtime.spawn(async move {
            tokio::time::sleep(Duration::from_millis(ms)).await;
            act(&sequra, &uuid);
        });
    }

    pub fn request_stop(&self) {
        self.stop.send_replace(true);
    }

    /// Returns when somebody asked for the end.
    pub async fn stopped(&self) {
        let mut stop = self.stop.subscribe();
        // The sender lives as long as `self`; an error cannot come.
        let _ = stop.wait_for(|stop| *stop).await;
    }
}

fn review_of(world: &World, order: &Order) -> Option<TestShopper> {
    world
        .rules
        .test_shoppers
        .then(|| shopper::test_shopper(&order.latest))
        .flatten()
}
