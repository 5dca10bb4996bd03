//! How much seQura pays out, and for what.
//!
//! For each order the difference between what is owed now and what earlier payouts have
//! paid: nothing has to be remembered but that sum.

use crate::accounts::{Account, Merchant};
use crate::answers::Refusal;
use crate::disbursements::{Disburse, Disbursement, DisbursementLine};
use crate::ledger::now;
use crate::orders::{Order, State};
use crate::rules::Rules;
use crate::world::{ControlError, World, percent_encode};
use std::collections::BTreeMap;

impl World {
    /// All payouts, the newest first [D, in the sample].
    pub fn disbursements(&self) -> Vec<Disbursement> {
        let mut newest_first: Vec<_> = self.paid_out.iter().rev().cloned().collect();
        newest_first.sort_by(|a, b| b.issue_date.cmp(&a.issue_date));
        newest_first
    }

    /// Those to a merchant of the account's.
    pub fn disbursements_of(&self, account: &Account, merchant_id: &str) -> Vec<Disbursement> {
        let mut all = self.disbursements();
        all.retain(|d| d.account == account.key && d.merchant_id == merchant_id);
        all
    }

    /// The one that the list names by this path.
    pub fn disbursement(
        &self,
        account: &Account,
        merchant_id: &str,
        uuid: &str,
    ) -> Result<&Disbursement, Refusal> {
        let path = path(merchant_id, uuid);
        self.paid_out
            .iter()
            .find(|d| d.account == account.key && d.path == path)
            .ok_or(Refusal::NotFound)
    }

    /// Pays out: one disbursement for each merchant, and currency, with something to pay.
    /// Either all of them are made or none.
    pub fn disburse(
        &mut self,
        accounts: &[Account],
        how: &Disburse,
    ) -> Result<Vec<Disbursement>, ControlError> {
        let issue_date = match &how.issue_date {
            Some(date) => day(date)?,
            None => now().chars().take(10).collect(),
        };
        let to_date = match &how.to_date {
            Some(date) => day(date)?,
            None => issue_date.clone(),
        };
        let merchants: Vec<(&Account, &Merchant)> = accounts
            .iter()
            .flat_map(|account| account.merchants.iter().map(move |m| (account, m)))
            .filter(|(_, m)| how.merchant.as_ref().is_none_or(|wanted| *wanted == m.id))
            .collect();
        self.check(how, &merchants)?;

        let mut made = Vec::new();
        for (account, merchant) in merchants {
            for (currency, lines) in self.lines(account, merchant, how)? {
                let total = lines
                    .iter()
                    .try_fold(0_i64, |sum, line| sum.checked_add(line.amount_with_tax));
                let number = self.paid_out.len() + made.len() + 1;
                made.push(Disbursement {
                    account: account.key.clone(),
                    merchant_id: merchant.id.clone(),
                    issue_date: issue_date.clone(),
                    to_date: to_date.clone(),
                    currency,
                    disbursed_amount: total.ok_or_else(too_large)?,
                    reference: format!("{number:013}"),
                    path: path(&merchant.id, &uuid::Uuid::new_v4().to_string()),
                    lines,
                });
            }
        }
        for disbursement in &made {
            self.book(disbursement);
        }
        self.paid_out.extend(made.iter().cloned());
        Ok(made)
    }

    /// A misspelt wish would make a test pass for nothing.
    fn check(
        &self,
        how: &Disburse,
        merchants: &[(&Account, &Merchant)],
    ) -> Result<(), ControlError> {
        if let Some(wanted) = &how.merchant
            && merchants.is_empty()
        {
            return Err(not_possible(format!("there is no merchant '{wanted}'")));
        }
        if how.merchant.is_none() && !how.unknown.is_empty() {
            return Err(not_possible("unknown lines need a merchant"));
        }
        let sold = |reference: &str| {
            merchants.iter().any(|(account, merchant)| {
                self.payable(account, &merchant.id)
                    .any(|(_, known)| known == reference)
            })
        };
        if let Some(line) = how.unknown.iter().find(|line| sold(&line.order_ref_1)) {
            let reference = &line.order_ref_1;
            return Err(not_possible(format!("order '{reference}' is not unknown")));
        }
        for named in how.adjust.keys().chain(&how.leave_out) {
            if !sold(named) {
                return Err(not_possible(format!(
                    "there is no confirmed order '{named}'"
                )));
            }
        }
        Ok(())
    }

    /// Orders that are paid: the confirmed ones that have a reference [D].
    fn payable(
        &self,
        account: &Account,
        merchant_id: &str,
    ) -> impl Iterator<Item = (&Order, &str)> {
        self.orders_of(account, merchant_id)
            .filter(|order| order.was_confirmed)
            .filter_map(|order| Some((order, order.order_ref_1.as_deref()?)))
    }

    /// What is to be paid to a merchant, by currency.
    fn lines(
        &self,
        account: &Account,
        merchant: &Merchant,
        how: &Disburse,
    ) -> Result<BTreeMap<String, Vec<DisbursementLine>>, ControlError> {
        let mut lines = BTreeMap::<String, Vec<DisbursementLine>>::new();
        for (order, reference) in self.payable(account, &merchant.id) {
            if how.leave_out.contains(reference) {
                continue;
            }
            let adjustment = how.adjust.get(reference).copied().unwrap_or_default();
            let amount = owed(order, &self.rules)
                .checked_sub(order.paid)
                .and_then(|amount| amount.checked_add(adjustment))
                // What has been paid in all must remain a number, too.
                .filter(|amount| order.paid.checked_add(*amount).is_some())
                .ok_or_else(too_large)?;
            if amount != 0 {
                let line = DisbursementLine {
                    order_ref_1: reference.to_owned(),
                    amount_with_tax: amount,
                    maximum_amount_with_tax: order
                        .sale
                        .as_ref()
                        .map_or(order.amount, |sale| sale.confirmed_amount),
                };
                lines.entry(order.currency.clone()).or_default().push(line);
            }
        }
        if !how.unknown.is_empty() {
            let unknown = how.unknown.iter().cloned();
            let own = lines.entry(merchant.currency.clone()).or_default();
            own.extend(unknown);
        }
        Ok(lines)
    }

    /// Remembers with each order what it has been paid.
    fn book(&mut self, paid: &Disbursement) {
        for order in self.orders_mut() {
            let of_this = order.was_confirmed
                && order.account == paid.account
                && order.merchant_id == paid.merchant_id
                && order.currency == paid.currency;
            let line = paid
                .lines
                .iter()
                .find(|line| of_this && order.order_ref_1.as_deref() == Some(&line.order_ref_1));
            if let Some(line) = line {
                order.paid = order.paid.saturating_add(line.amount_with_tax);
            }
        }
    }
}

/// What seQura owes the shop for an order. The documentation has it both ways: payouts are
/// for confirmed orders, and its sample pays what was shipped.
fn owed(order: &Order, rules: &Rules) -> i64 {
    match &order.sale {
        _ if order.state == State::Cancelled => 0,
        Some(sale) if rules.disburse_shipped_only => sale.totals().1,
        _ => order.amount,
    }
}

fn path(merchant_id: &str, uuid: &str) -> String {
    format!(
        "/merchants/{}/disbursements/{uuid}",
        percent_encode(merchant_id)
    )
}

/// A day as the API writes it.
fn day(text: &str) -> Result<String, ControlError> {
    text.parse::<jiff::civil::Date>()
        .ok()
        .map(|date| date.to_string())
        .filter(|date| date == text)
        .ok_or_else(|| not_possible(format!("'{text}' is not a day like 2026-01-31")))
}

fn not_possible(text: impl Into<String>) -> ControlError {
    ControlError::NotPossible(text.into())
}

fn too_large() -> ControlError {
    not_possible("the amounts are too large")
}
