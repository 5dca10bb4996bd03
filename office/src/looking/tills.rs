//! Tills, a page of them at a time.

use super::{
    Bounds, FORK_FADES, Given, PAGE, SCHEMA, all, cents, counts, first, living, now::watched,
};
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Error, Row};

/// Which tills.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Only {
    /// All but the retired.
    All,
    /// Silent or revoked, with money at risk.
    Red,
    AtRisk,
    Silent,
    Lagging,
    Forked,
    Skewed,
    Outdated,
    Broken,
    SetAside,
    Revoked,
    Retired,
}

impl Only {
    pub const ALL: [Only; 12] = [
        Only::All,
        Only::Red,
        Only::AtRisk,
        Only::Silent,
        Only::Lagging,
        Only::Forked,
        Only::Skewed,
        Only::Outdated,
        Only::Broken,
        Only::SetAside,
        Only::Revoked,
        Only::Retired,
    ];

    /// As a page's address says it.
    pub fn word(self) -> &'static str {
        match self {
            Only::All => "all",
            Only::Red => "red",
            Only::AtRisk => "at_risk",
            Only::Silent => "silent",
            Only::Lagging => "lagging",
            Only::Forked => "forked",
            Only::Skewed => "skewed",
            Only::Outdated => "outdated",
            Only::Broken => "broken",
            Only::SetAside => "set_aside",
            Only::Revoked => "revoked",
            Only::Retired => "retired",
        }
    }

    pub fn from_word(word: &str) -> Option<Only> {
        Only::ALL.into_iter().find(|one| one.word() == word)
    }

    fn condition(self) -> &'static str {
        const AT_RISK: &str = concat!(
            "EXISTS (SELECT 1 FROM orders o WHERE o.journal_id = t.journal_id AND o.at_risk IS NOT NULL AND ",
            counts!(),
            ")"
        );
        const RED: &str = concat!(
            "(t.heard_at < $1 OR t.revoked_at IS NOT NULL) AND EXISTS (SELECT 1 FROM orders o \
             WHERE o.journal_id = t.journal_id AND o.at_risk IS NOT NULL AND ",
            counts!(),
            ")"
        );
        const LAGGING: &str = concat!(
            watched!(),
            " AND EXISTS (SELECT 1 FROM streams s WHERE s.journal_id = t.journal_id AND s.newest_seq > s.seq \
             AND s.moved_at < $2 AND ",
            living!(),
            ")"
        );
        const FORKED: &str = concat!(watched!(), " AND ", lives!(), " > 1");
        match self {
            Only::All => "t.retired_at IS NULL",
            Only::Red => RED,
            Only::AtRisk => AT_RISK,
            Only::Silent => concat!(watched!(), " AND t.heard_at < $1"),
            Only::Lagging => LAGGING,
            Only::Forked => FORKED,
            Only::Skewed => concat!(watched!(), " AND abs(t.skew_ms) > 300000"),
            Only::Outdated => concat!(watched!(), " AND t.schema < $4"),
            Only::Broken => {
                "EXISTS (SELECT 1 FROM streams s WHERE s.journal_id = t.journal_id AND s.chain_broken_at_entry IS NOT NULL)"
            }
            Only::SetAside => {
                "EXISTS (SELECT 1 FROM set_aside a WHERE a.journal_id = t.journal_id)"
            }
            Only::Revoked => "t.revoked_at IS NOT NULL AND t.retired_at IS NULL",
            Only::Retired => "t.retired_at IS NOT NULL",
        }
    }
}

/// How many lives of the till `t` go on.
macro_rules! lives {
    () => {
        concat!(
            "(SELECT count(*) FROM streams s WHERE s.journal_id = t.journal_id AND greatest(s.heard_at, s.moved_at) > $3 AND ",
            living!(),
            ")"
        )
    };
}
use lives;

/// A till, and how it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Till {
    pub journal_id: String,
    pub shop: String,
    pub till: String,
    pub machine: String,
    pub enrolled_at: i64,
    pub revoked_at: Option<i64>,
    pub retired_at: Option<i64>,
    pub heard_at: Option<i64>,
    pub skew_ms: Option<i64>,
    pub schema: Option<i64>,
    pub forwarder: Option<String>,
    /// Lives that go on side by side.
    pub lives: i64,
    /// Since when the office has been without something that it knows the till to have.
    pub behind_since: Option<i64>,
    pub is_broken: bool,
    pub has_set_aside: bool,
    /// What is at risk: currency, cents, orders.
    pub at_risk: Vec<(String, i64, i64)>,
}

impl Till {
    pub fn is_watched(&self) -> bool {
        self.revoked_at.is_none() && self.retired_at.is_none()
    }

    pub fn is_silent(&self, bounds: &Bounds) -> bool {
        self.is_watched() && self.heard_at.is_none_or(|at| at < bounds.silent)
    }

    pub fn is_lagging(&self, bounds: &Bounds) -> bool {
        self.is_watched() && self.behind_since.is_some_and(|at| at < bounds.lagging)
    }

    /// Nothing is heard of it, and money is at risk.
    pub fn is_red(&self, bounds: &Bounds) -> bool {
        !self.at_risk.is_empty() && (self.revoked_at.is_some() || self.is_silent(bounds))
    }

    pub fn is_skewed(&self) -> bool {
        self.skew_ms
            .is_some_and(|skew| skew.unsigned_abs() > super::SKEW.unsigned_abs())
    }

    pub fn is_outdated(&self) -> bool {
        self.schema.is_some_and(|schema| schema < SCHEMA)
    }
}

macro_rules! columns {
    () => {
        concat!(
            "t.journal_id, t.shop, t.till, t.machine, t.enrolled_at, t.revoked_at, t.retired_at, t.heard_at, t.skew_ms, \
             t.schema, t.forwarder, ",
            lives!(),
            ", (SELECT min(s.moved_at) FROM streams s WHERE s.journal_id = t.journal_id AND s.newest_seq > s.seq AND ",
            living!(),
            "), EXISTS (SELECT 1 FROM streams s WHERE s.journal_id = t.journal_id AND s.chain_broken_at_entry IS NOT NULL), \
             EXISTS (SELECT 1 FROM set_aside a WHERE a.journal_id = t.journal_id)"
        )
    };
}

fn read(row: &Row) -> Result<Till, Error> {
    Ok(Till {
        journal_id: row.try_get(0)?,
        shop: row.try_get(1)?,
        till: row.try_get(2)?,
        machine: row.try_get(3)?,
        enrolled_at: row.try_get(4)?,
        revoked_at: row.try_get(5)?,
        retired_at: row.try_get(6)?,
        heard_at: row.try_get(7)?,
        skew_ms: row.try_get(8)?,
        schema: row.try_get(9)?,
        forwarder: row.try_get(10)?,
        lives: row.try_get(11)?,
        behind_since: row.try_get(12)?,
        is_broken: row.try_get(13)?,
        has_set_aside: row.try_get(14)?,
        at_risk: Vec::new(),
    })
}

/// Where a page of a list goes on: after a till, or before one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum From {
    Start,
    After(String),
    Before(String),
}

/// A page of tills, and whether there are more before and after.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    pub tills: Vec<Till>,
    pub is_more_before: bool,
    pub is_more_after: bool,
}

/// By shop and till, those in whose names the words are found as they are written.
pub async fn page(
    db: &Client,
    bounds: &Bounds,
    only: Only,
    words: &str,
    from: &From,
) -> Result<Page, Error> {
    let (beyond, order, id) = match from {
        From::Start => ("", "", None),
        From::After(id) => (">", "", Some(id)),
        From::Before(id) => ("<", " DESC", Some(id)),
    };
    // The till may have gone from the list meanwhile, and never from the table.
    let place = match id {
        Some(id) => place(db, id).await?,
        None => None,
    };
    let beyond = match &place {
        Some(_) => format!(" AND (t.shop, t.till, t.journal_id) {beyond} ($7, $8, $9)"),
        None => String::new(),
    };
    let statement = format!(
        "SELECT {} FROM tills t WHERE {} AND ($5 = '' OR position($5 in lower(t.shop || ' ' || t.till || ' ' || \
         t.machine || ' ' || t.journal_id)) > 0) AND $1 + $2 + $3 + $4 IS NOT NULL{beyond} \
         ORDER BY t.shop{order}, t.till{order}, t.journal_id{order} LIMIT $6",
        columns!(),
        only.condition(),
    );
    let (words, fades) = (words.to_lowercase(), bounds.now - FORK_FADES);
    let most = PAGE as i64 + 1;
    let mut given: Vec<Given<'_>> = vec![
        (&bounds.silent, Type::INT8),
        (&bounds.lagging, Type::INT8),
        (&fades, Type::INT8),
        (&SCHEMA, Type::INT8),
        (&words, Type::TEXT),
        (&most, Type::INT8),
    ];
    if let Some(place) = &place {
        given.extend([(&place.0 as _, Type::TEXT), (&place.1 as _, Type::TEXT)]);
        given.push((&place.2 as _, Type::TEXT));
    }
    let mut tills = all(db, &statement, &given, read).await?;
    let is_more = tills.len() > PAGE;
    tills.truncate(PAGE);
    let is_back = matches!(from, From::Before(_)) && place.is_some();
    if is_back {
        tills.reverse();
    }
    add_risk(db, &mut tills).await?;
    Ok(Page {
        tills,
        is_more_before: if is_back { is_more } else { place.is_some() },
        is_more_after: if is_back { true } else { is_more },
    })
}

async fn place(db: &Client, id: &str) -> Result<Option<(String, String, String)>, Error> {
    const PLACE: &str = "SELECT shop, till, journal_id FROM tills WHERE journal_id = $1";
    first(db, PLACE, &[(&id, Type::TEXT)], |row| {
        Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?))
    })
    .await
}

const RISK: &str = concat!(
    "SELECT o.journal_id, coalesce(o.currency, ''), ",
    cents!(),
    ", count(*) FROM orders o WHERE o.journal_id = ANY($1) AND o.at_risk IS NOT NULL AND ",
    counts!(),
    " GROUP BY 1, 2 ORDER BY 1, 2"
);

async fn add_risk(db: &Client, tills: &mut [Till]) -> Result<(), Error> {
    let ids: Vec<&str> = tills.iter().map(|till| &*till.journal_id).collect();
    let risks = all(db, RISK, &[(&ids, Type::TEXT_ARRAY)], |row| {
        let id: String = row.try_get(0)?;
        Ok((id, (row.try_get(1)?, row.try_get(2)?, row.try_get(3)?)))
    })
    .await?;
    for (id, risk) in risks {
        if let Some(till) = tills.iter_mut().find(|till| till.journal_id == id) {
            till.at_risk.push(risk);
        }
    }
    Ok(())
}

/// One till; none: there is no such one.
pub async fn one(db: &Client, bounds: &Bounds, journal_id: &str) -> Result<Option<Till>, Error> {
    const ONE: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM tills t WHERE t.journal_id = $1 AND $2::bigint IS NOT NULL"
    );
    let fades = bounds.now - FORK_FADES;
    let given = [
        (&journal_id as _, Type::TEXT),
        (&bounds.now as _, Type::INT8),
        (&fades as _, Type::INT8),
    ];
    let Some(till) = first(db, ONE, &given, read).await? else {
        return Ok(None);
    };
    let mut tills = [till];
    add_risk(db, &mut tills).await?;
    let [till] = tills;
    Ok(Some(till))
}
