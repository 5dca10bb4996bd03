//! After the sale: update, ship, refund, cancel, each from the order's carts as they are to the
//! complete state that seQura is told.
//!
//! An order update never says what changed, but what is now: both carts, whole [D]. So a change that
//! has no answer yet is part of the next one, which is computed on top of it: nothing overtakes
//! anything. If seQura refuses the two together, the earlier one is still open, and recovery asks for
//! it alone.

pub mod input;

use crate::checkout::Operation;
use crate::client::Client;
use crate::journal::{Closing, JournalError, Record};
use crate::lifecycle::{Answer, Intent, Life, State, Step};
use crate::operation::{self, Target};
use crate::order::{Cart, Order, Pick, Rules, TwoCarts};
use crate::outcome::{Outcome, Problem};
use crate::recovery;
use crate::status::Status;
use crate::transaction_log;
use crate::vocabulary::{ErrorCode, Next};
use ring::digest::{SHA256, digest};
use serde_json::{Map, Value, json};

/// Why an order is cancelled, when the till does not say [C].
pub(crate) const UNSPECIFIED: &str = "unspecified";
/// What the shopper reads beside an amount that is paid back, when the till does not say.
const REFUND: &str = "Refund";
/// What is kept of an order besides its carts; nothing of the shopper.
const BASE: [&str; 4] = [
    "merchant",
    "merchant_reference",
    "platform",
    "delivery_method",
];

/// What a till asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Asked {
    /// Carts, addresses, the customer, trackings: what is given takes the place of what was.
    Update(Map<String, Value>),
    /// These were handed over or sent; `None`: all that is left.
    Ship(Option<Vec<Pick>>),
    /// These came back; `None`: all that was shipped.
    Refund(Option<Vec<Pick>>),
    /// So many cents are paid back, for this reason.
    RefundAmount(i64, Option<String>),
    /// Nothing of it takes place, for this reason.
    Cancel(String),
}

impl Asked {
    /// Which step it is.
    pub fn step(&self) -> Step {
        match self {
            Asked::Update(_) => Step::Update,
            Asked::Ship(_) => Step::Ship,
            Asked::Refund(_) | Asked::RefundAmount(..) => Step::Refund,
            Asked::Cancel(_) => Step::Cancel,
        }
    }

    /// Tells whether the same is asked again, and nothing else: it outlives what was asked.
    fn fingerprint(&self) -> String {
        let text = format!("{self:?}");
        let hash = digest(&SHA256, text.as_bytes());
        crate::transaction_log::hex(&hash.as_ref()[..16])
    }
}

/// A change, complete: what the journal keeps until seQura has answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Which step asked for it.
    pub step: Step,
    /// The fingerprint of what was asked.
    asked: String,
    /// What the order came to when it was confirmed, cents.
    approved: i64,
    /// [`BASE`].
    base: Map<String, Value>,
    /// What else is said: addresses, the customer, trackings, the reason of a cancellation.
    more: Map<String, Value>,
    /// The carts as they will be.
    carts: TwoCarts,
    /// Whether it, or the one before it, says that goods were shipped.
    pub(crate) ships: bool,
    /// Whether the journal has the order only because of it: it was sold with another.
    adopts: bool,
    /// The change before this one that had no answer; this one includes it.
    earlier: Option<Box<Change>>,
}

impl Change {
    /// As the journal keeps it.
    pub fn to_value(&self) -> Value {
        json!({
            "step": self.step.as_str(),
            "asked": self.asked,
            "approved": self.approved,
            "base": self.base,
            "more": self.more,
            "unshipped_cart": self.carts.unshipped.document(),
            "shipped_cart": self.carts.shipped.document(),
            "ships": self.ships,
            "adopts": self.adopts,
            "earlier": self.earlier.as_deref().map(Change::to_value),
        })
    }

    /// As the journal kept it.
    pub fn from_value(kept: &Value) -> Option<Change> {
        let object = |name: &str| kept.get(name)?.as_object().cloned();
        Some(Change {
            step: Step::from_word(kept.get("step")?.as_str()?)?,
            asked: kept.get("asked")?.as_str()?.to_owned(),
            approved: kept.get("approved")?.as_i64()?,
            base: object("base")?,
            more: object("more")?,
            carts: TwoCarts {
                unshipped: Cart::from_document(object("unshipped_cart")?),
                shipped: Cart::from_document(object("shipped_cart")?),
            },
            ships: kept.get("ships")?.as_bool()?,
            adopts: kept.get("adopts")?.as_bool()?,
            earlier: match kept.get("earlier")? {
                Value::Null => None,
                earlier => Some(Box::new(Change::from_value(earlier)?)),
            },
        })
    }

    /// Whether this is what is asked for, and nothing else.
    pub(crate) fn is_asked_again(&self, asked: &Asked) -> bool {
        self.asked == asked.fingerprint()
    }

    /// What seQura is told.
    pub fn order(&self) -> Order {
        let mut document = self.base.clone();
        document.extend(self.more.clone());
        let carts = [
            ("unshipped_cart", &self.carts.unshipped),
            ("shipped_cart", &self.carts.shipped),
        ];
        for (name, cart) in carts {
            document.insert(name.to_owned(), TwoCarts::for_sequra(cart));
        }
        Order::from_document(document)
    }

    /// Whether it says anything of the shopper.
    pub fn is_personal(&self) -> bool {
        let own = |name: &str| name == "cancellation_reason" || BASE.contains(&name);
        let earlier = self.earlier.as_deref().is_some_and(Change::is_personal);
        earlier || !self.more.keys().all(|name| own(name))
    }

    /// What the journal records of seQura's answer, and where that leaves the order.
    pub(crate) fn closing(&self, life: Life, answer: Answer) -> (Life, Closing) {
        let accepted = answer == Answer::Done;
        let spent = json!({"step": self.step.as_str(), "asked": self.asked}).to_string();
        let close = |accepted| Closing {
            step: self.step,
            request: spent.clone(),
            accepted,
        };
        if accepted {
            let kept = Present {
                approved: self.approved,
                base: self.base.clone(),
                carts: self.carts.clone(),
            };
            return (life, close(Some((kept.to_json(), self.carts.total().0))));
        }
        match &self.earlier {
            // There is no such order, whatever an earlier attempt came to.
            None if self.adopts && answer == Answer::Missing => (Life::ABANDONED, close(None)),
            _ if life.intent.is_some() => {
                let unchanged = Closing {
                    request: self.to_value().to_string(),
                    ..close(None)
                };
                (life, unchanged)
            }
            Some(earlier) => {
                let open = Life {
                    state: State::Settled,
                    intent: Some(Intent {
                        step: earlier.step,
                        before: State::Settled,
                        doubtful: true,
                    }),
                };
                let reopened = Closing {
                    step: earlier.step,
                    request: earlier.to_value().to_string(),
                    accepted: None,
                };
                (open, reopened)
            }
            None if self.adopts => (Life::ABANDONED, close(None)),
            None => (life, close(None)),
        }
    }
}

/// A settled order as it is, or as it will be when seQura has taken what is open.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Present {
    pub(crate) approved: i64,
    pub(crate) base: Map<String, Value>,
    pub(crate) carts: TwoCarts,
}

impl Present {
    /// What the journal has of an order that was confirmed.
    pub(crate) fn of(record: &Record) -> Option<Present> {
        let kept: Value = serde_json::from_str(record.carts.as_deref()?).ok()?;
        let kept = kept.as_object()?;
        let carts = TwoCarts::of_order(kept)?;
        let mut base = kept.clone();
        base.retain(|name, _| BASE.contains(&name.as_str()));
        if let Some(Value::Object(merchant)) = base.get_mut("merchant") {
            merchant.retain(|name, _| name == "id" || name == "store_ref");
        }
        Some(Present {
            approved: kept
                .get("approved")
                .and_then(Value::as_i64)
                .unwrap_or_else(|| carts.total().0),
            base,
            carts,
        })
    }

    fn to_json(&self) -> String {
        let mut kept = self.base.clone();
        kept.insert("approved".to_owned(), self.approved.into());
        let cart = |cart: &Cart| Value::Object(cart.document().clone());
        kept.insert("unshipped_cart".to_owned(), cart(&self.carts.unshipped));
        kept.insert("shipped_cart".to_owned(), cart(&self.carts.shipped));
        Value::Object(kept).to_string()
    }

    /// What was shipped, in a word.
    pub(crate) fn delivery(&self) -> &'static str {
        let none = |cart: &Cart| cart.items().is_empty();
        match (none(&self.carts.unshipped), none(&self.carts.shipped)) {
            (true, true) => "refunded",
            (true, false) => "shipped",
            (false, true) => "unshipped",
            (false, false) => "partly_shipped",
        }
    }

    /// The order's figures, cents.
    pub(crate) fn figures(&self) -> Value {
        let total = |cart: &Cart| cart.total().unwrap_or_default().0;
        let owed = self.carts.total().0;
        json!({
            "delivery": self.delivery(),
            "approved": self.approved,
            "unshipped": total(&self.carts.unshipped),
            "shipped": total(&self.carts.shipped),
            "refunded": (self.approved - owed).max(0),
            "owed": owed,
        })
    }
}

/// The settled order that is meant: by reference, URL or uuid.
fn find(client: &Client, name: &'static str, order: &str) -> Result<Record, Box<Outcome>> {
    let found = recovery::find(client, Some(order));
    let mut found = found.map_err(|error| Box::new(operation::journal_failed(name, &error)))?;
    // A reference may also be that of an order that was refused under it.
    if found.iter().any(|one| one.life.state.holds_ref()) {
        found.retain(|one| one.life.state.holds_ref());
    }
    if found.len() > 1 {
        let merchants: Vec<&str> = found.iter().map(|one| one.merchant_id.as_str()).collect();
        let message = format!(
            "{} orders have this reference (of {}); name the one that is meant by its URL or uuid.",
            found.len(),
            merchants.join(", ")
        );
        let problem = Problem::new(ErrorCode::ArgumentOutOfRange, message);
        return Err(Box::new(Outcome::failed(
            name,
            Status::InvalidArgument,
            Next::FixOrder,
            problem,
        )));
    }
    let found = found.pop();
    // Most likely its number was mistyped; the sale, wherever it is, must not begin again.
    found.ok_or_else(|| {
        Box::new(Outcome {
            next: Next::FixOrder,
            ..recovery::unknown(name, order)
        })
    })
}

/// Takes a change through the pipeline.
pub(crate) fn change(client: &Client, order: &str, asked: &Asked) -> Outcome {
    let name = asked.step().as_str();
    let deadline = client.deadline();
    let target = match find(client, name, order) {
        Ok(record) => Target::of(&record),
        Err(outcome)
            if outcome.status == Status::UnknownOrder
                && client.endpoint().order_uuid(order).is_err() =>
        {
            Target::SoldElsewhere(order.to_owned())
        }
        Err(outcome) => return *outcome,
    };
    let operation = Operation::Ask(asked.clone());
    let mut outcome = operation::run(client, &operation, &target, None, None, deadline);
    if let Ok(Some(record)) = operation::recorded(client, &target) {
        let amounts = Present::of(&record).map(|present| present.figures());
        outcome = outcome.with_data(json!({"amounts": amounts}));
        let open = record.open.as_ref().map(|open| open.step);
        if outcome.status.code() / 1000 == 2
            && let Some(open) = open
        {
            outcome.warnings.push(Problem::new(
                ErrorCode::OutcomeNotRecorded,
                format!("An earlier change of this order ({open}) has no answer yet; sq_recover sends it alone."),
            ));
        }
    }
    outcome
}

/// `data` of `sq_order_info`.
pub(crate) fn order_info(client: &Client, order: &str) -> Outcome {
    const NAME: &str = "order_info";
    let record = match find(client, NAME, order) {
        Ok(record) => record,
        Err(outcome) => return *outcome,
    };
    match info(client, &record) {
        Ok(data) => Outcome {
            order: Some(client.view(&record)),
            next: record.life.next(),
            ..Outcome::ok(NAME).with_data(data)
        },
        Err(error) => operation::journal_failed(NAME, &error),
    }
}

fn info(client: &Client, record: &Record) -> Result<Value, JournalError> {
    let present = match record.life.state.is_confirmed() || record.life.state == State::Cancelled {
        true => Present::of(record),
        false => None,
    };
    let mut amounts = present.as_ref().map(Present::figures);
    if let Some(amounts) = &mut amounts {
        amounts["paid"] = record.paid.into();
    }
    let carts = present.as_ref().map(|present| &present.carts);
    let form = client.journal().answered_step(record.id, Step::SendForm)?;
    let product = form.and_then(|form| {
        let kept: Value = serde_json::from_str(&form.request).ok()?;
        Some(json!({"product": kept.get("product_code"), "campaign": kept.get("campaign")}))
    });
    Ok(json!({
        "amounts": amounts,
        "needs_review": record.life.state == State::Held,
        "payment_method": product,
        "unshipped_cart": carts.map(|carts| TwoCarts::for_sequra(&carts.unshipped)),
        "shipped_cart": carts.map(|carts| TwoCarts::for_sequra(&carts.shipped)),
        "history": transaction_log::history(client, record.id)?,
    }))
}

/// What becomes of a call.
pub(crate) enum Resolved {
    /// This is to be sent.
    Send(Box<Change>),
    /// It is so already.
    Nothing,
    /// Not as the order is now: why.
    Refused(&'static str),
}

/// From what is asked, and what the journal has, to what seQura is told. On failure: everything that
/// is wrong with what was asked.
pub(crate) fn resolve(
    client: &Client,
    asked: &Asked,
    record: &Record,
    open: Option<Change>,
) -> Result<Resolved, Vec<Problem>> {
    if let Some(open) = &open
        && open.is_asked_again(asked)
    {
        // Asked again because there was no answer: it is the same goods, not as many again.
        return Ok(Resolved::Send(Box::new(open.clone())));
    }
    let Some(mut present) = Present::of(record) else {
        return Ok(Resolved::Refused("the journal has no carts of this order"));
    };
    let unshipped_yet = present.delivery() == "unshipped";
    let mut more = Map::new();
    if let Some(open) = &open {
        present.carts = open.carts.clone();
        present.base = open.base.clone();
        more = open.more.clone();
    }
    if !present.base.contains_key("platform")
        && let Some(platform) = client.config().order_defaults.get("platform")
    {
        present.base.insert("platform".to_owned(), platform.clone());
    }
    let nothing_open = open.is_none();
    let carts = &present.carts;
    let none_shipped = carts.shipped.items().is_empty();
    let none_left = carts.unshipped.items().is_empty();
    let carts = match asked {
        Asked::Ship(None) if none_left && nothing_open => return Ok(Resolved::Nothing),
        Asked::Ship(picks) => carts.ship(picks.as_deref())?,
        Asked::Refund(None) if none_shipped && none_left && nothing_open => {
            return Ok(Resolved::Nothing);
        }
        Asked::Refund(_) | Asked::RefundAmount(..) if none_shipped => {
            return Ok(Resolved::Refused(
                "nothing of it was shipped, so nothing can be paid back; sq_cancel ends it, sq_update_order changes what is to be shipped",
            ));
        }
        Asked::Refund(picks) => carts.give_back(picks.as_deref())?,
        Asked::RefundAmount(amount, reason) => {
            carts.give_back_amount(*amount, reason.as_deref().unwrap_or(REFUND))?
        }
        Asked::Cancel(_) if !none_shipped => {
            return Ok(Resolved::Refused(
                "a part of it was shipped; sq_refund pays back what comes back, sq_update_order takes out what will not be shipped",
            ));
        }
        Asked::Cancel(reason) => {
            more.insert("cancellation_reason".to_owned(), reason.as_str().into());
            carts.emptied().unwrap_or_else(|| carts.clone())
        }
        Asked::Update(update) => updated(&present, update, &mut more)?,
    };
    if unshipped_yet && !matches!(asked, Asked::Cancel(_)) && carts.is_empty() {
        // seQura, who knows of no shipment, would cancel the order, and the journal not know it [I].
        return Ok(Resolved::Refused(match nothing_open {
            true => {
                "it would leave nothing of an order of which nothing was shipped; sq_cancel ends it"
            }
            false => {
                "it would leave nothing of an order whose shipment has no answer yet; call sq_recover first"
            }
        }));
    }
    let ships = match asked {
        Asked::Ship(_) => true,
        Asked::Update(_) => {
            carts.shipped != present.carts.shipped && !carts.shipped.items().is_empty()
        }
        _ => false,
    };
    Ok(Resolved::Send(Box::new(Change {
        ships: ships || open.as_ref().is_some_and(|open| open.ships),
        adopts: open.as_ref().is_some_and(|open| open.adopts),
        step: asked.step(),
        asked: asked.fingerprint(),
        approved: present.approved,
        base: present.base,
        more,
        carts,
        earlier: open.map(Box::new),
    })))
}

/// An order that was sold with another journal, from an update that says all of it: both its carts.
/// `None`: it does not.
pub(crate) fn adopt(
    client: &Client,
    asked: &Asked,
    order_ref_1: &str,
) -> Option<Result<Change, Vec<Problem>>> {
    let Asked::Update(update) = asked else {
        return None;
    };
    if !["unshipped_cart", "shipped_cart"]
        .iter()
        .all(|name| update.contains_key(*name))
    {
        return None;
    }
    let given = Order::from_document(update.clone());
    let configured = client.configured_merchants();
    let merchant_id = match (given.merchant_id(), configured.as_slice()) {
        (Some(id), _) => id,
        (None, [one]) => one.clone(),
        (None, _) => {
            let message = "merchant.id is required: the configuration does not say who sold it.";
            let problem = Problem::at(ErrorCode::MissingField, "/merchant/id", message);
            return Some(Err(vec![problem]));
        }
    };
    let mut base = Map::new();
    base.insert("merchant".to_owned(), json!({"id": merchant_id}));
    base.insert(
        "merchant_reference".to_owned(),
        json!({"order_ref_1": order_ref_1}),
    );
    if let Some(platform) = client.config().order_defaults.get("platform") {
        base.insert("platform".to_owned(), platform.clone());
    }
    let carts = TwoCarts::of_order(update).ok_or_else(|| {
        let message = "unshipped_cart and shipped_cart must be carts: objects with currency, order_total_with_tax and items.";
        vec![Problem::at(ErrorCode::WrongType, "/unshipped_cart", message)]
    });
    let mut more = Map::new();
    let change = carts.and_then(|carts| {
        let present = Present {
            approved: carts.total().0,
            base,
            carts,
        };
        let carts = updated(&present, update, &mut more)?;
        Ok(Change {
            step: Step::Update,
            asked: asked.fingerprint(),
            approved: present.approved,
            base: present.base,
            more,
            ships: !carts.shipped.items().is_empty(),
            adopts: true,
            carts,
            earlier: None,
        })
    });
    Some(change)
}

/// The carts that an update leads to; what else it says goes to `more`.
fn updated(
    present: &Present,
    update: &Map<String, Value>,
    more: &mut Map<String, Value>,
) -> Result<TwoCarts, Vec<Problem>> {
    let mut problems = Vec::new();
    let reference = |block: &str, name: &str| {
        let given = update.get(block)?.get(name)?;
        let known = present.base.get(block)?.get(name)?;
        (given != known).then(|| (known.clone(), given.clone()))
    };
    for (block, name) in [("merchant", "id"), ("merchant_reference", "order_ref_1")] {
        if let Some((known, given)) = reference(block, name) {
            problems.push(Problem {
                expected: Some(known),
                actual: Some(given),
                ..Problem::at(
                    ErrorCode::InvalidValue,
                    format!("/{block}/{name}"),
                    format!("{block}.{name} is not the order's; an update cannot change it."),
                )
            });
        }
    }
    let cart = |name: &str| {
        let given = update.get(name)?.as_object()?;
        Some(Cart::from_document(given.clone()))
    };
    let (unshipped, shipped) = (cart("unshipped_cart"), cart("shipped_cart"));
    let currency = present.carts.unshipped.currency();
    for (name, cart) in [("unshipped_cart", &unshipped), ("shipped_cart", &shipped)] {
        if let Some(given) = cart.as_ref().and_then(Cart::currency)
            && Some(given) != currency
        {
            problems.push(Problem {
                expected: currency.map(Value::from),
                actual: Some(given.into()),
                ..Problem::at(
                    ErrorCode::CurrencyMismatch,
                    format!("/{name}/currency"),
                    "The order was sold in another currency, which an update cannot change.",
                )
            });
        }
    }
    let carts = present.carts.replaced(unshipped, shipped);
    problems.extend(wrong_blocks(present, carts.as_ref(), update));
    match (carts, problems.is_empty()) {
        (Some(carts), true) => {
            for (name, value) in update {
                if !name.ends_with("shipped_cart") && !BASE[..2].contains(&name.as_str()) {
                    more.insert(name.clone(), value.clone());
                }
            }
            Ok(carts)
        }
        _ => Err(problems),
    }
}

/// What is wrong with the blocks that an update gives: they are checked as those of an order are.
fn wrong_blocks(
    present: &Present,
    carts: Option<&TwoCarts>,
    update: &Map<String, Value>,
) -> Vec<Problem> {
    let mut document = update.clone();
    document.insert(
        "merchant".to_owned(),
        json!({"id": present.base.get("merchant").and_then(|merchant| merchant.get("id")),
               "options": {"uses_shipped_cart": true, "addresses_may_be_missing": true}}),
    );
    for name in ["unshipped_cart", "shipped_cart"] {
        let there = carts.map(|carts| match name {
            "shipped_cart" => TwoCarts::for_sequra(&carts.shipped),
            _ => TwoCarts::for_sequra(&carts.unshipped),
        });
        if let (false, Some(there)) = (document.contains_key(name), there) {
            document.insert(name.to_owned(), there);
        }
    }
    let empty = carts.is_some_and(|carts| carts.total().0 == 0);
    let mut problems = Order::from_document(document)
        .check(&Rules::default())
        .problems;
    problems.retain(|problem| {
        let pointer = problem.pointer.as_deref().unwrap_or_default();
        let block = pointer.split('/').nth(1).unwrap_or_default();
        let of_empty = empty && pointer == "/unshipped_cart/order_total_with_tax";
        block != "merchant" && update.contains_key(block) && !of_empty
    });
    problems
}
