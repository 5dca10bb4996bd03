//! Which order a call is about, and what the journal has of it.

use crate::journal::{JournalError, Record};
use crate::order::Written;
use crate::outcome::OrderView;
use crate::shop::Shop;

/// Which order a call is about.
pub(crate) enum Target {
    /// One that is being started.
    New,
    /// The one with this uuid.
    Known(String),
    /// One whose start has no answer yet, as the journal numbers it; with its fingerprint.
    Begun(i64, Vec<u8>),
    /// The settled one with this reference, which was sold with another journal.
    SoldElsewhere(String),
}

impl Target {
    pub(crate) fn uuid(&self) -> Option<&str> {
        match self {
            Target::Known(uuid) => Some(uuid),
            Target::New | Target::Begun(..) | Target::SoldElsewhere(_) => None,
        }
    }

    /// The order that the journal has.
    pub(crate) fn of(record: &Record) -> Target {
        match &record.uuid {
            Some(uuid) => Target::Known(uuid.clone()),
            None => Target::Begun(record.id, record.fingerprint.clone().unwrap_or_default()),
        }
    }

    /// What calls about the same order have in common: its uuid, or before it has one its content.
    pub(crate) fn turn(&self, given: Option<&Written>) -> String {
        match (self, given) {
            (Target::Known(uuid), _) => uuid.clone(),
            (Target::Begun(_, print), _) => format!("{print:?}"),
            (Target::SoldElsewhere(order_ref_1), _) => order_ref_1.clone(),
            (Target::New, Some(order)) => format!("{:?}", order.fingerprint()),
            (Target::New, None) => String::new(),
        }
    }
}

/// The order as the journal has it, for a call that goes no further.
pub(super) fn known_order(shop: &Shop, target: &Target) -> Option<OrderView> {
    let found = recorded(shop, target).ok().flatten();
    found.map(|record| shop.view(&record))
}

/// The order as the journal has it.
pub(crate) fn recorded(shop: &Shop, target: &Target) -> Result<Option<Record>, JournalError> {
    let journal = shop.journal();
    let endpoint = shop.endpoint().as_str();
    match target {
        Target::New => Ok(None),
        Target::Known(uuid) => journal.order(endpoint, uuid),
        Target::Begun(id, _) => journal.order_by_id(*id),
        Target::SoldElsewhere(order_ref_1) => {
            let found = journal.orders_by_ref(endpoint, order_ref_1)?;
            Ok(found.into_iter().find(|one| one.life.state.holds_ref()))
        }
    }
}
