//! Sums over amounts: one of what a journal should not hold can be more than SQLite counts, which breaks a query off.

/// A sum in two parts, millions of cents and the rest.
macro_rules! sum {
    ($($sign:literal $cents:literal),+) => {
        concat!("sum(0", $($sign, $cents, " / 1000000"),+, "), sum(0", $($sign, $cents, " % 1000000"),+, ")")
    };
}
/// The same as one number, and where that is more than can be counted the most that can: for what is no sum of sales.
macro_rules! most {
    ($cents:literal) => {
        concat!("CAST(total(", $cents, ") AS INTEGER)")
    };
}
pub(super) use {most, sum};

/// Both parts together; none: more than can be counted, or not known.
pub(super) fn together(millions: Option<i64>, rest: Option<i64>) -> Option<i64> {
    let (millions, rest) = millions.zip(rest)?;
    millions.checked_mul(1_000_000)?.checked_add(rest)
}
