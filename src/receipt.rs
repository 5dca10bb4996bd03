//! What a till prints for the shopper of a sale with seQura: lines for a receipt printer, and the same as fields. Made of
//! what stays of a sale, and so of nothing personal.

mod paper;
mod printable;

use crate::advice;
use crate::changes::SoldOrder;
use crate::journal::Record;
use crate::lifecycle::{State, Step};
use crate::messages::{Label, Voice};
use crate::order::{Item, ItemType};
use crate::outcome::Outcome;
use crate::pipeline;
use crate::problem::Problem;
use crate::shop::Shop;
use crate::status::Status;
use crate::vocabulary::{ErrorCode, Next};
use paper::Paper;
use serde_json::{Value, json};

const NAME: &str = "receipt";
/// What printers have, columns: 58 mm paper 32, 80 mm paper 48.
const LEAST_COLUMNS: i32 = 24;
const MOST_COLUMNS: i32 = 80;

/// `data` of `sq_receipt`.
pub(crate) fn receipt(shop: &Shop, order: &str, columns: i32) -> Outcome {
    if !(LEAST_COLUMNS..=MOST_COLUMNS).contains(&columns) {
        return outside(columns);
    }
    let record = match pipeline::known_sale(shop, NAME, order) {
        Ok(record) if record.goes_on_elsewhere() => {
            return pipeline::taken_over(shop, NAME, &record);
        }
        Ok(record) => record,
        Err(ended) => return *ended,
    };
    let state = record.life.state;
    let told = Outcome {
        order: Some(shop.view(&record)),
        next: advice::next(&record),
        ..Outcome::ok(NAME)
    };
    if !matches!(state, State::Settled | State::Confirmed) {
        let problem = Problem {
            actual: Some(state.as_str().into()),
            ..Problem::new(
                ErrorCode::WrongState,
                format!(
                    "There is a receipt of what is confirmed or settled; this order is {state}."
                ),
            )
        };
        return Outcome {
            status: Status::WrongState,
            errors: vec![problem],
            ..told
        };
    }
    let unseen = match state {
        State::Settled => pipeline::unseen(shop, &record),
        _ => Ok(None),
    };
    let told = match unseen {
        // It may have been paid back since.
        Ok(Some(unseen)) => to_clear(told, unseen),
        Ok(None) => match refused(&record).filter(|_| told.next == Next::ContactSequra) {
            Some(refused) => to_clear(told, refused),
            None => told,
        },
        Err(error) => return pipeline::journal_failed(NAME, &error),
    };
    let receipt = Receipt::of(shop.config().voice(), &record, !told.warnings.is_empty());
    let mut paper = Paper::new(columns as usize, shop.config().text_encoding);
    receipt.print(&mut paper);
    told.with_data(json!({
        "mode": shop.config().mode(),
        "lines": paper.into_lines(),
        "fields": receipt.fields(),
    }))
}

/// Somebody looks before the shopper gets it.
fn to_clear(told: Outcome, warning: Problem) -> Outcome {
    Outcome {
        next: Next::ContactSequra,
        warnings: vec![warning],
        ..told
    }
}

/// What seQura said no to last; it may have the sale no more.
fn refused(record: &Record) -> Option<Problem> {
    let refusal = record.refusal.as_ref()?;
    let code = refusal.errors.first()?.code;
    let message = format!(
        "seQura's last answer about this sale was no ({}, {}): look in its portal how the sale is before this is printed.",
        refusal.step.as_str(),
        refusal.status.name()
    );
    Some(Problem::new(code, message))
}

fn outside(columns: i32) -> Outcome {
    let message = format!(
        "columns: a receipt has {LEAST_COLUMNS} to {MOST_COLUMNS} columns; {columns} were asked for."
    );
    let problem = Problem {
        actual: Some(columns.into()),
        ..Problem::new(ErrorCode::ArgumentOutOfRange, message)
    };
    Outcome::failed(NAME, Status::InvalidArgument, Next::None, problem)
}

/// A sale as its receipt tells it.
struct Receipt<'a> {
    voice: Voice,
    record: &'a Record,
    /// What is left of what was sold, in its order.
    items: Vec<Item>,
    /// What it came to when it was confirmed, cents.
    approved: i64,
    /// What it comes to now.
    owed: i64,
    /// It may be otherwise by now.
    is_to_clear: bool,
}

impl Receipt<'_> {
    fn of(voice: Voice, record: &Record, is_to_clear: bool) -> Receipt<'_> {
        let sold = SoldOrder::of(record);
        let owed = record.amount.unwrap_or_default();
        Receipt {
            voice,
            record,
            is_to_clear,
            approved: sold.as_ref().map_or(owed, |sold| sold.approved),
            owed: sold.as_ref().map_or(owed, |sold| sold.carts.total().0),
            items: sold.map_or_else(Vec::new, |sold| sold.carts.items()),
        }
    }

    fn refunded(&self) -> i64 {
        self.approved.saturating_sub(self.owed).max(0)
    }

    /// How it is paid: never with seQura what went back, nor what is not registered, nor what is only tried.
    fn payment(&self) -> String {
        let label = match self.record.life.state {
            State::Settled if self.owed <= 0 && self.refunded() > 0 => Label::NothingLeft,
            State::Settled => Label::Paid,
            _ => Label::Pending,
        };
        let said = self.voice.label(label);
        match self.voice.mark() {
            Some(mark) => format!("{mark}: {said}"),
            None => said.to_owned(),
        }
    }

    /// What happens next, for the shopper.
    fn next_steps(&self) -> Vec<&'static str> {
        let steps: &[Label] = match self.record.life.state {
            State::Settled if self.owed <= 0 => &[],
            State::Settled => &[Label::Conditions, Label::PayTo],
            _ => &[Label::ToRegister, Label::Conditions, Label::PayTo],
        };
        let change = self.record.open.as_ref().map(|open| open.step);
        let is_open = matches!(change, Some(Step::Refund | Step::Cancel | Step::Update));
        let first = [
            (self.is_to_clear, &Label::ToClear),
            (is_open, &Label::ChangeOpen),
        ];
        let first = first.into_iter().filter(|(is_so, _)| *is_so);
        let steps = first.map(|(_, label)| label).chain(steps);
        steps.map(|step| self.voice.label(*step)).collect()
    }

    fn amount(&self, cents: i64, with_currency: bool) -> String {
        let currency = self.record.currency.as_deref();
        self.voice.language.amount(cents, currency, with_currency)
    }

    fn print(&self, paper: &mut Paper) {
        let mark = self.voice.mark().map(|mark| format!("*** {mark} ***"));
        let mark = mark.as_deref();
        mark.inspect(|mark| paper.centred(mark));
        for item in &self.items {
            self.print_item(item, paper);
        }
        if !self.items.is_empty() {
            paper.rule();
        }
        let mut row = |label, cents| {
            paper.row(self.voice.label(label), &self.amount(cents, true));
        };
        if self.refunded() > 0 {
            row(Label::Sold, self.approved);
            row(Label::Refunded, -self.refunded());
        }
        row(Label::Total, self.owed);
        paper.row(&self.payment(), &self.amount(self.owed, true));
        if let Some(order_ref_1) = self.reference() {
            paper.row(self.voice.label(Label::Reference), order_ref_1);
        }
        paper.rule();
        for step in self.next_steps() {
            paper.text(step);
        }
        paper.centred(self.voice.label(Label::NotFiscal));
        // Paper is torn off at both ends.
        mark.inspect(|mark| paper.centred(mark));
    }

    /// The reference that seQura has; one of a confirmed order was refused, if there is any.
    fn reference(&self) -> Option<&str> {
        let order_ref_1 = self.record.order_ref_1.as_deref();
        order_ref_1.filter(|_| self.record.life.state == State::Settled)
    }

    /// What it is; below it how many there are, at which price, where that is what they come to.
    fn print_item(&self, item: &Item, paper: &mut Paper) {
        let named = [item.name().map(str::to_owned), item.reference()];
        let name = named.into_iter().flatten().find(|name| paper.prints(name));
        let name = name.unwrap_or_else(|| self.voice.label(Label::Fee).to_owned());
        let total = self.amount(total(item), false);
        let Some(count) = item.quantity().filter(|quantity| *quantity != 1) else {
            return paper.row(&name, &total);
        };
        paper.text(&name);
        let price = item.price();
        let is_their_price = price.and_then(|price| price.checked_mul(count)) == item.total();
        let each = price.filter(|_| is_their_price);
        let each = each.map_or_else(String::new, |price| self.amount(price.0, false));
        paper.row(&format!("{count} x {each}"), &total);
    }

    fn fields(&self) -> Value {
        let items = self.items.iter().map(|item| {
            json!({
                "type": item.item_type().map(ItemType::as_str),
                "reference": item.reference(),
                "name": item.name(),
                "quantity": item.quantity(),
                "price": item.price().map(|price| price.0),
                "total": total(item),
            })
        });
        json!({
            "test": self.voice.mark(),
            "items": items.collect::<Vec<Value>>(),
            "currency": self.record.currency,
            "sold": self.approved,
            "refunded": self.refunded(),
            "total": self.owed,
            "total_text": self.amount(self.owed, true),
            "payment": self.payment(),
            "order_ref_1": self.reference(),
            "next_steps": self.next_steps(),
            "not_fiscal": self.voice.label(Label::NotFiscal),
        })
    }
}

/// What a line comes to.
fn total(item: &Item) -> i64 {
    item.total().unwrap_or_default().0
}
