//! The slow way, for a frame of which the database refuses something that looked right: row by row, each behind a
//! savepoint, so that what cannot be stored is set aside and the rest is kept.

use super::frames::Work;
use super::prepared::Prepared;
use super::set_aside::Aside;
use super::{entries, orders};
use crate::database::{Error, Param, Transaction};
use std::collections::HashSet;
use tokio_postgres::Row;

const SAVE: &str = "SAVEPOINT one";
const KEEP: &str = "RELEASE SAVEPOINT one";
const UNDO: &str = "ROLLBACK TO SAVEPOINT one";

impl Work<'_> {
    /// Says which entries were new.
    pub(super) async fn one_by_one(
        &self,
        transaction: &Transaction,
        prepared: &mut Prepared,
    ) -> Result<Vec<Row>, Error> {
        let skew = self.frame.sent_at.saturating_sub(self.now);
        let mut seen = HashSet::new();
        for order in &self.frame.orders {
            let Ok(stored) = orders::Stored::of(order) else {
                continue;
            };
            if !seen.insert(order.id) {
                continue;
            }
            let mut one = orders::Columns::default();
            one.add(stored, self.now, skew);
            let mut params = self.of_orders();
            params.extend(one.params());
            if let Err(reason) = self.try_one(transaction, orders::REPLACE, &params).await? {
                prepared.orders.ids.retain(|id| *id != order.id);
                prepared.aside.push(Aside::order(order, reason));
            }
        }
        let mut new = Vec::new();
        seen.clear();
        for entry in &self.frame.entries {
            let Ok(stored) = entries::Stored::of(entry) else {
                continue;
            };
            if !seen.insert(entry.id) {
                continue;
            }
            let mut one = entries::Columns::default();
            one.add(stored);
            let mut params = self.of_stream([]);
            params.extend(one.params());
            match self.try_one(transaction, entries::APPEND, &params).await? {
                Ok(rows) => new.extend(rows),
                Err(reason) => prepared.aside.push(Aside::entry(entry, reason)),
            }
        }
        Ok(new)
    }

    async fn try_one(
        &self,
        transaction: &Transaction,
        statement: &str,
        params: &[Param<'_>],
    ) -> Result<Result<Vec<Row>, String>, Error> {
        let database = self.database;
        database.within(transaction.batch_execute(SAVE)).await?;
        match transaction.rows(statement, params).await {
            Ok(rows) => {
                database.within(transaction.batch_execute(KEEP)).await?;
                Ok(Ok(rows))
            }
            Err(error) if error.is_about_values() => {
                database.within(transaction.batch_execute(UNDO)).await?;
                Ok(Err(error.to_string()))
            }
            Err(error) => Err(error),
        }
    }
}
