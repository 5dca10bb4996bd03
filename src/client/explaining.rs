//! What every call ends with: the result with all that is to be said of it.

use super::Client;
use crate::hints::with_hints;
use crate::outcome::Outcome;
use crate::tidying;

impl Client {
    pub(super) fn explain(&self, outcome: Outcome) -> Outcome {
        self.told(tidying::concluded(&self.shop, outcome))
    }

    /// The same for a call that leaves the journal as it is.
    pub(super) fn told(&self, outcome: Outcome) -> Outcome {
        let outcome = outcome.warned(self.shop.journal().lost());
        let outcome = with_hints(self.shop.config(), outcome);
        self.shop.trace().ends(&outcome);
        outcome.explain(self.shop.config().voice())
    }
}
