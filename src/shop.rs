//! What every operation works with: who sells, where seQura is, how it is reached, and the journal.

use crate::api::endpoints::Endpoint;
use crate::api::transport::Wire;
use crate::config::{Config, PersonalData};
use crate::journal::{Journal, JournalError};
use crate::one_at_a_time::Turns;
use crate::problem::Problem;
use crate::trace::Trace;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

/// One shop's till, opened. May be used by many threads at once.
#[derive(Debug)]
pub(crate) struct Shop {
    config: Config,
    endpoint: Endpoint,
    wire: Wire,
    journal: Journal,
    turns: Turns,
    trace: Trace,
    tidying_waits: AtomicBool,
}

/// Why it could not be opened.
#[derive(Debug)]
pub(crate) enum NotOpened {
    /// The configuration cannot be used on this machine.
    Configuration(Vec<Problem>),
    /// Nor its journal.
    Journal(JournalError),
}

impl Shop {
    /// Prepares connections (none is made yet), and opens the journal or makes it.
    pub(crate) fn open(config: Config) -> Result<Shop, NotOpened> {
        let wire = Wire::new(&config).map_err(NotOpened::Configuration)?;
        let journal = Journal::open(&config.journal).map_err(NotOpened::Journal)?;
        Ok(Shop::of(config, wire, journal))
    }

    /// One whose journal is only looked at: nothing can be recorded, so nothing is sent.
    pub(crate) fn looking(config: Config, journal: Journal) -> Result<Shop, NotOpened> {
        let wire = Wire::new(&config).map_err(NotOpened::Configuration)?;
        Ok(Shop::of(config, wire, journal))
    }

    fn of(config: Config, wire: Wire, journal: Journal) -> Shop {
        let trace = Trace::of(&config, journal.path());
        Shop {
            endpoint: Endpoint::new(config.base_url.clone(), config.environment),
            journal: journal.with_sequras_clock(wire.sequras_clock()),
            config,
            wire: wire.traced(&trace),
            trace,
            turns: Turns::default(),
            tidying_waits: AtomicBool::default(),
        }
    }

    pub(crate) fn config(&self) -> &Config {
        &self.config
    }

    pub(crate) fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    pub(crate) fn wire(&self) -> &Wire {
        &self.wire
    }

    pub(crate) fn journal(&self) -> &Journal {
        &self.journal
    }

    pub(crate) fn turns(&self) -> &Turns {
        &self.turns
    }

    pub(crate) fn trace(&self) -> &Trace {
        &self.trace
    }

    /// Something is left to tidy for after the first answer that shows the clock to be right.
    pub(crate) fn tidying_waits(&self) -> &AtomicBool {
        &self.tidying_waits
    }

    /// Whether an order's personal data goes as soon as the order is finished.
    pub(crate) fn scrubs_at_once(&self) -> bool {
        matches!(
            self.config.personal_data,
            PersonalData::ScrubWhenSettled | PersonalData::KeepDays(0)
        )
    }

    /// When a call that begins now must have ended.
    pub(crate) fn deadline(&self) -> Instant {
        Instant::now() + self.config.total_timeout
    }
}
