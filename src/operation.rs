//! The checkout of the manual IPN workflow: what each step carries, sends, and takes for an answer.
//!
//! An [`Operation`] is a value. It says what differs from step to step and nothing else; the five
//! steps themselves are in [`crate::pipeline`], once.

use crate::api::answer::Answer;
use crate::api::endpoints::{Endpoint, Request};
use crate::api::location::Located;
use crate::changes::{Asked, Change};
use crate::lifecycle::Step;
use crate::order::{REFERENCE, Written, is_order_ref, is_reference};
use crate::problem::Problem;
use crate::status::Status;
use crate::vocabulary::{ErrorCode, words};
use serde_json::{Value, json};

words! {
    /// By which way the form goes to the shopper.
    Channel {
        /// As a message to the order's mobile number [D].
        Sms = "sms",
        /// As a mail to the customer's address [C].
        Email = "email",
    }
}

/// A step with what it carries beside the order's content. Its JSON form is what the journal keeps,
/// so that recovery can send it again.
#[derive(Clone, Debug, PartialEq)]
pub enum Operation {
    /// POST the order.
    StartSolicitation,
    /// Have the form's link sent to the shopper.
    SendForm {
        /// By which way.
        channel: Channel,
        /// seQura's product code, e.g. `pp3`.
        product_code: String,
        /// Campaign of the product; `pp5` needs one [D].
        campaign: Option<String>,
    },
    /// Acknowledge that the order is under review.
    Hold,
    /// Confirm that the order is being placed.
    Confirm,
    /// Register the shop's order reference.
    SetOrderRef {
        /// Unique for each merchant.
        order_ref_1: String,
        /// Free for the shop's use.
        order_ref_2: Option<String>,
    },
    /// Change a settled order: what is asked for.
    Ask(Asked),
    /// Change a settled order: what seQura is told.
    Change(Box<Change>),
}

impl Operation {
    /// Its name in the lifecycle.
    pub fn step(&self) -> Step {
        match self {
            Operation::StartSolicitation => Step::Start,
            Operation::SendForm { .. } => Step::SendForm,
            Operation::Hold => Step::Hold,
            Operation::Confirm => Step::Confirm,
            Operation::SetOrderRef { .. } => Step::SetOrderRef,
            Operation::Ask(asked) => asked.step(),
            Operation::Change(change) => change.step,
        }
    }

    /// The change that seQura is told of, where it is one.
    pub fn change(&self) -> Option<&Change> {
        match self {
            Operation::Change(change) => Some(change),
            _ => None,
        }
    }

    /// Whether seQura may refuse it because it has done it already. What a sold order has become may be
    /// told it twice, but where nothing is left of the order.
    pub fn can_echo(&self) -> bool {
        match self {
            Operation::Confirm | Operation::SetOrderRef { .. } => true,
            Operation::Change(change) => change.leaves_nothing(),
            Operation::StartSolicitation
            | Operation::SendForm { .. }
            | Operation::Hold
            | Operation::Ask(_) => false,
        }
    }

    /// As the journal keeps it.
    pub fn to_json(&self) -> String {
        let mut kept = match self {
            Operation::SendForm {
                channel,
                product_code,
                campaign,
            } => {
                json!({"channel": channel.as_str(), "product_code": product_code, "campaign": campaign})
            }
            Operation::SetOrderRef {
                order_ref_1,
                order_ref_2,
            } => json!({"order_ref_1": order_ref_1, "order_ref_2": order_ref_2}),
            Operation::StartSolicitation
            | Operation::Hold
            | Operation::Confirm
            | Operation::Ask(_) => json!({}),
            Operation::Change(change) => return change.to_json(),
        };
        kept["step"] = self.step().as_str().into();
        kept.to_string()
    }

    /// As the journal kept it; none: written by another version, or damaged.
    pub fn from_json(json: &str) -> Option<Operation> {
        let kept: Value = serde_json::from_str(json).ok()?;
        let text = |name: &str| Some(kept.get(name)?.as_str()?.to_owned());
        Some(match Step::from_word(&text("step")?)? {
            Step::Start => Operation::StartSolicitation,
            Step::SendForm => Operation::SendForm {
                // What was recorded before there was a choice went by SMS.
                channel: match kept.get("channel") {
                    None => Channel::Sms,
                    Some(word) => Channel::from_word(word.as_str()?)?,
                },
                product_code: text("product_code")?,
                campaign: text("campaign"),
            },
            Step::Hold => Operation::Hold,
            Step::Confirm => Operation::Confirm,
            Step::SetOrderRef => Operation::SetOrderRef {
                order_ref_1: text("order_ref_1")?,
                order_ref_2: text("order_ref_2"),
            },
            Step::Update | Step::Ship | Step::Refund | Step::Cancel => {
                Operation::Change(Box::new(Change::from_value(&kept)?))
            }
        })
    }

    /// What is wrong with the operation itself.
    pub fn check(&self) -> Vec<Problem> {
        match self {
            Operation::SetOrderRef {
                order_ref_1,
                order_ref_2,
            } => {
                let given = [
                    ("order_ref_1", is_order_ref(order_ref_1)),
                    (
                        "order_ref_2",
                        order_ref_2.as_deref().is_none_or(is_reference),
                    ),
                ];
                let wrong = given.into_iter().filter(|(_, is_good)| !is_good);
                wrong
                    .map(|(name, _)| {
                        let pointer = format!("/merchant_reference/{name}");
                        Problem::at(
                            ErrorCode::InvalidValue,
                            pointer,
                            format!("{name} {REFERENCE}"),
                        )
                    })
                    .collect()
            }
            _ => Vec::new(),
        }
    }

    /// The order with what this operation adds to it; `None`: nothing.
    pub fn content(&self, order: &Written) -> Option<Written> {
        match self {
            Operation::SetOrderRef {
                order_ref_1,
                order_ref_2,
            } => Some(order.with_references(order_ref_1, order_ref_2.as_deref())),
            _ => None,
        }
    }

    /// The request, complete. `uuid` is none only for a start.
    pub fn request(&self, endpoint: &Endpoint, uuid: Option<&str>, order: &Written) -> Request {
        let uuid = uuid.unwrap_or_default();
        match self {
            Operation::StartSolicitation => endpoint.start(order),
            Operation::SendForm {
                channel,
                product_code,
                campaign,
            } => endpoint.form_delivery(
                uuid,
                order.facts().merchant_id.as_deref().unwrap_or_default(),
                channel.as_str(),
                product_code,
                campaign.as_deref(),
            ),
            Operation::Hold => endpoint.put_order(uuid, order, "on_hold"),
            Operation::Confirm => endpoint.put_order(uuid, order, "confirmed"),
            Operation::SetOrderRef { .. } => endpoint.put_order(uuid, order, ""),
            Operation::Ask(_) | Operation::Change(_) => endpoint.update_order(order),
        }
    }

    /// Reads seQura's yes: where the order is, where the answer carries that, or what is wrong with the answer.
    pub fn read_success(
        &self,
        endpoint: &Endpoint,
        answer: &Answer,
    ) -> Result<Option<Located>, (Status, Problem)> {
        if *self != Operation::StartSolicitation {
            return Ok(None);
        }
        let Some(location) = &answer.location else {
            return Err((
                Status::BadResponse,
                Problem::new(
                    ErrorCode::MissingLocation,
                    format!(
                        "seQura took the order (HTTP {}) and did not say its URL.",
                        answer.status
                    ),
                ),
            ));
        };
        match endpoint.located(location) {
            Some(located) => Ok(Some(located)),
            None => Err((
                Status::BadResponse,
                Problem::new(
                    ErrorCode::ForeignLocation,
                    format!(
                        "seQura took the order on {} and gave what is not the URL of an order: {location}. Nothing is ever sent there.",
                        endpoint.as_str()
                    ),
                ),
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_journal_keeps_is_what_was_asked() {
        let text = |text: &str| text.to_owned();
        for operation in [
            Operation::StartSolicitation,
            Operation::SendForm {
                channel: Channel::Sms,
                product_code: text("pp3"),
                campaign: None,
            },
            Operation::SendForm {
                channel: Channel::Email,
                product_code: text("pp5"),
                campaign: Some(text("verano")),
            },
            Operation::Hold,
            Operation::Confirm,
            Operation::SetOrderRef {
                order_ref_1: text("R/1 \"ñ\""),
                order_ref_2: None,
            },
            Operation::SetOrderRef {
                order_ref_1: text("R-1"),
                order_ref_2: Some(text("Z-1")),
            },
        ] {
            assert_eq!(Operation::from_json(&operation.to_json()), Some(operation));
        }
        for strange in [
            "",
            "{}",
            r#"{"step":"teleport"}"#,
            r#"{"step":"set_order_ref"}"#,
            r#"{"step":"send_form","channel":"pigeon","product_code":"pp3"}"#,
            r#"{"step":"send_form","channel":1,"product_code":"pp3"}"#,
        ] {
            assert_eq!(Operation::from_json(strange), None);
        }
    }

    #[test]
    fn a_form_recorded_before_there_was_a_choice_goes_by_sms() {
        let kept = r#"{"step":"send_form","product_code":"pp3","campaign":null}"#;
        let by_sms = Operation::SendForm {
            channel: Channel::Sms,
            product_code: "pp3".to_owned(),
            campaign: None,
        };
        assert_eq!(Operation::from_json(kept), Some(by_sms));
    }
}
