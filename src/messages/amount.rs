//! Money as people of a language write it.
//!
//! The wire has cents; the person at the till compares a number on the screen with the one on the
//! ticket, so it must look the same: decimal comma or point, thousands apart, the euro sign on the
//! side where it is used to be.
//!
//! Only characters of Windows-1252 and ISO 8859-15 are used, because the tills of that age have no
//! others: so the French thousands are set apart by the ordinary no-break space, not by the narrow
//! one, and a negative amount has the hyphen for a minus.

/// How a language writes amounts.
pub(super) struct Money {
    /// Between units and cents.
    pub decimal: char,
    /// Between thousands.
    pub group: char,
    /// Where the currency goes.
    pub currency: Currency,
}

pub(super) enum Currency {
    /// `€50.97`, `USD 50.97`.
    Before,
    /// `50,97 €`, with this between them.
    After(char),
}

/// The amount in words of the till, or nothing when the currency is not one. Where none is known
/// (an order that was refused before it got that far) the number stands alone: both amounts of "the
/// total is … and the items add up to …" are from one order, and the wire's unit is the cent.
pub(super) fn format(money: &Money, minor: i64, currency: Option<&str>) -> Option<String> {
    let currency = currency.unwrap_or_default();
    let is_code = currency.len() == 3 && currency.bytes().all(|byte| byte.is_ascii_uppercase());
    if !is_code && !currency.is_empty() {
        return None;
    }
    let sign = if minor < 0 { "-" } else { "" };
    let number = bare(money, minor, Some(currency));
    let number = number.trim_start_matches('-');
    Some(match (&money.currency, currency) {
        (_, "") => format!("{sign}{number}"),
        (Currency::Before, "EUR") => format!("{sign}€{number}"),
        (Currency::Before, code) => format!("{sign}{code} {number}"),
        (Currency::After(space), "EUR") => format!("{sign}{number}{space}€"),
        (Currency::After(space), code) => format!("{sign}{number}{space}{code}"),
    })
}

/// The same as a column of figures has it: without its currency.
pub(super) fn bare(money: &Money, minor: i64, currency: Option<&str>) -> String {
    let sign = if minor < 0 { "-" } else { "" };
    let digits = minor_digits(currency.unwrap_or_default());
    format!("{sign}{}", number(money, minor.unsigned_abs(), digits))
}

fn number(money: &Money, minor: u64, digits: u32) -> String {
    let unit = 10u64.pow(digits);
    let units = (minor / unit).to_string();
    let mut text = String::with_capacity(units.len() * 2);
    for (index, digit) in units.chars().enumerate() {
        if index > 0 && (units.len() - index).is_multiple_of(3) {
            text.push(money.group);
        }
        text.push(digit);
    }
    if digits > 0 {
        text.push(money.decimal);
        text.push_str(&format!(
            "{:0width$}",
            minor % unit,
            width = digits as usize
        ));
    }
    text
}

/// ISO 4217's minor digits; 2 for all that are not listed.
fn minor_digits(currency: &str) -> u32 {
    match currency {
        "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX"
        | "VND" | "VUV" | "XAF" | "XOF" | "XPF" => 0,
        "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
        _ => 2,
    }
}
