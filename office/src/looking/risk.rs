//! Money at risk, as the library defines it (docs/office.md): of an order that seQura has confirmed, or may have, and that
//! is not settled. An order that several lives of one journal know counts once, and not at all where one of them knows it
//! settled.

use super::{all, cents, counts};
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Error};

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// Upper ends of the ages that are told apart, ms; what is older is the last.
pub const AGES: [i64; 3] = [HOUR, DAY, 7 * DAY];

/// What is at risk in one currency.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AtRisk {
    pub currency: String,
    /// Cents and orders by age: those of [`AGES`], and what is older.
    pub by_age: [(i64, i64); 4],
}

impl AtRisk {
    pub fn cents(&self) -> i64 {
        let sum = |sum: i64, (cents, _): &(i64, i64)| sum.saturating_add(*cents);
        self.by_age.iter().fold(0, sum)
    }

    pub fn orders(&self) -> i64 {
        self.by_age.iter().map(|(_, orders)| orders).sum()
    }
}

const BY_AGE: &str = concat!(
    "SELECT coalesce(o.currency, ''), CASE WHEN o.at_risk_since > $1 THEN 0 WHEN o.at_risk_since > $2 THEN 1 \
     WHEN o.at_risk_since > $3 THEN 2 ELSE 3 END, ",
    cents!(),
    ", count(*) FROM orders o WHERE o.at_risk IS NOT NULL AND ",
    counts!(),
    " GROUP BY 1, 2 ORDER BY 1, 2"
);

/// Everything that is at risk now, by currency and age.
pub async fn by_age(db: &Client, now: i64) -> Result<Vec<AtRisk>, Error> {
    let [hour, day, week] = AGES.map(|age| now - age);
    let given = [
        (&hour as _, Type::INT8),
        (&day as _, Type::INT8),
        (&week as _, Type::INT8),
    ];
    let parts = all(db, BY_AGE, &given, |row| {
        let currency: String = row.try_get(0)?;
        let age: i32 = row.try_get(1)?;
        Ok((currency, age, (row.try_get(2)?, row.try_get(3)?)))
    });
    let mut found: Vec<AtRisk> = Vec::new();
    for (currency, age, part) in parts.await? {
        if found.last().is_none_or(|last| last.currency != currency) {
            found.push(AtRisk {
                currency,
                ..AtRisk::default()
            });
        }
        if let (Some(last), Ok(age)) = (found.last_mut(), usize::try_from(age)) {
            last.by_age[age.min(3)] = part;
        }
    }
    Ok(found)
}

/// What was at risk on a day, at its highest hour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Day {
    /// Days since 1970 UTC.
    pub day: i64,
    pub currency: String,
    pub cents: i64,
}

/// The last days, the oldest first.
pub async fn days(db: &Client, now: i64, count: i64) -> Result<Vec<Day>, Error> {
    let since = now / DAY - count + 1;
    const DAYS: &str =
        "SELECT day, currency, cents FROM risk WHERE day >= $1 ORDER BY currency, day";
    all(db, DAYS, &[(&since, Type::INT8)], |row| {
        Ok(Day {
            day: row.try_get(0)?,
            currency: row.try_get(1)?,
            cents: row.try_get(2)?,
        })
    })
    .await
}

/// Notes what is at risk now for the chart: the highest of a day stands. Whichever office comes by does it.
pub async fn note(db: &Client, now: i64) -> Result<(), Error> {
    let today = now / DAY;
    let mut found = by_age(db, now).await?;
    // A day without anything at risk is one that was looked at.
    for day in days(db, now, 31).await? {
        if found.iter().all(|one| one.currency != day.currency) {
            found.push(AtRisk {
                currency: day.currency,
                ..AtRisk::default()
            });
        }
    }
    const NOTE: &str = "INSERT INTO risk (day, currency, cents, orders) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (day, currency) DO UPDATE SET cents = greatest(risk.cents, excluded.cents), \
         orders = greatest(risk.orders, excluded.orders)";
    for one in &found {
        let given = [
            (&today as _, Type::INT8),
            (&one.currency as _, Type::TEXT),
            (&one.cents() as _, Type::INT8),
            (&one.orders() as _, Type::INT8),
        ];
        db.execute_typed(NOTE, &given).await?;
    }
    Ok(())
}
