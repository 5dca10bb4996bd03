//! What every call ends with: the result with all that is to be said of it, and what is no order's URL.

use super::Client;
use crate::api::endpoints::NotAnOrderUrl;
use crate::outcome::{Error, Outcome};
use crate::problem::Problem;
use crate::status::Status;
use crate::tidying;
use crate::vocabulary::{ErrorCode, Next};

impl Client {
    pub(super) fn explain(&self, outcome: Outcome) -> Outcome {
        self.told(tidying::concluded(&self.shop, outcome))
    }

    /// The same for a call that leaves the journal as it is.
    pub(super) fn told(&self, outcome: Outcome) -> Outcome {
        let outcome = outcome.warned(self.shop.journal().lost());
        outcome.explain(self.shop.config().language)
    }

    pub(super) fn explained(&self, outcome: Outcome) -> Error {
        Error(Box::new(self.explain(outcome)))
    }

    pub(super) fn uuid(
        &self,
        name: &'static str,
        order_url: &str,
    ) -> std::result::Result<String, Error> {
        self.shop.endpoint().order_uuid(order_url).map_err(|error| {
            let endpoint = self.shop.endpoint().as_str();
            let (status, next, problem) = match error {
                NotAnOrderUrl::NotAUrl => (
                    Status::InvalidArgument,
                    Next::FixOrder,
                    Problem::new(
                        ErrorCode::InvalidUrl,
                        "order_url is neither the URL that sq_start_solicitation gave nor a uuid.",
                    ),
                ),
                NotAnOrderUrl::Foreign => (
                    Status::ForeignUrl,
                    Next::FixConfiguration,
                    Problem::new(
                        ErrorCode::ForeignUrl,
                        format!("order_url is not an order of {endpoint}. Nothing was sent: credentials go to the configured endpoint only."),
                    ),
                ),
            };
            self.explained(Outcome::failed(name, status, next, problem))
        })
    }
}
