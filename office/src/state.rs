//! What every request has at hand.

use crate::database::{Database, Error};
use crate::settings::Settings;
use crate::taking_in::{Budget, Callers};
use std::sync::Arc;

/// Cheap to clone.
#[derive(Clone)]
pub struct State {
    /// For taking in.
    pub database: Database,
    /// For the pages: connections of their own, so that tills keep nobody from looking.
    pub pages: Database,
    pub settings: Arc<Settings>,
    /// Who has asked lately.
    pub callers: Arc<Callers>,
    /// What is being read at the moment.
    pub budget: Arc<Budget>,
}

impl State {
    /// Nothing is connected yet.
    pub fn new(settings: Settings) -> Result<State, Error> {
        Ok(State {
            database: Database::new(&settings, settings.connections)?,
            pages: Database::new(&settings, settings.page_connections)?,
            callers: Arc::default(),
            budget: Arc::new(Budget::new(settings.most_bytes_at_once)),
            settings: Arc::new(settings),
        })
    }
}
