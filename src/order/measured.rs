//! Goods that are weighed or measured: seQura's quantities are whole, so they are one piece, at what they come to, with
//! the measure in the name.

use super::cents::Cents;

/// Digits before the sign and after it; more are no scale's, but what a till's arithmetic made of it.
const MOST_DIGITS: (usize, usize) = (9, 6);
const ONE: i128 = 1_000_000;
const LONGEST_UNIT: usize = 20;

/// How much there is of something.
pub(super) struct Measured<'a> {
    whole: &'a str,
    /// As it was given, the last zeros too: they say how exact a scale is.
    fraction: &'a str,
    unit: &'a str,
}

impl<'a> Measured<'a> {
    /// `0.345` or `0,345`, and `kg`. Otherwise: what is wrong with it.
    pub(super) fn read(quantity: &'a str, unit: &'a str) -> Result<Measured<'a>, String> {
        let (quantity, unit) = (quantity.trim(), unit.trim());
        let (whole, fraction) = quantity.split_once(['.', ',']).unwrap_or((quantity, ""));
        let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let refused = |what: &str| {
            let shown: String = quantity.chars().take(40).collect();
            Err(format!("The quantity \"{shown}\" {what}"))
        };
        if quantity.is_empty() {
            return Err("The quantity is empty: write digits, such as 0.345.".to_owned());
        }
        if let Some(rest) = quantity.strip_prefix('-')
            && is_number(&rest.replace(['.', ','], ""))
        {
            return refused("is negative: of goods that come back the price is.");
        }
        if !is_number(whole) || !is_number(fraction) || whole.len() + fraction.len() == 0 {
            return refused(
                "is not a number: write digits with at most one point or comma, such as 0.345.",
            );
        }
        let whole = whole.trim_start_matches('0');
        if whole.len() > MOST_DIGITS.0 || fraction.len() > MOST_DIGITS.1 {
            return refused("has too many digits: at most 9 before the point and 6 after it.");
        }
        if whole.is_empty() && fraction.bytes().all(|digit| digit == b'0') {
            return refused("is nothing: leave the line out.");
        }
        if unit.is_empty()
            || unit.chars().count() > LONGEST_UNIT
            || unit.chars().any(char::is_control)
        {
            return Err("The unit must be a text of 1 to 20 characters, such as kg.".to_owned());
        }
        Ok(Measured {
            whole,
            fraction,
            unit,
        })
    }

    /// What it comes to at this price of one unit: to the nearest cent, a half going up (away from zero, so that goods
    /// that come back come to what they were sold for).
    pub(super) fn total(&self, price_with_tax: i64) -> Result<i64, String> {
        let digits = format!("{}{:0<6}", self.whole, self.fraction);
        let measure: i128 = digits.parse().unwrap_or_default();
        let exact = measure * i128::from(price_with_tax);
        let total = (exact.abs() + ONE / 2) / ONE * exact.signum();
        let total = i64::try_from(total).ok().map(Cents);
        match total.filter(|total| Cents(price_with_tax).is_sane() && total.is_sane()) {
            Some(total) => Ok(total.0),
            None => Err(format!(
                "The total, {}.{} at {price_with_tax} cents, is larger than any amount of a shop.",
                self.whole, self.fraction
            )),
        }
    }

    /// `Queso 0,345 kg`
    pub(super) fn name(&self, name: &str, decimal: char) -> String {
        let whole = if self.whole.is_empty() {
            "0"
        } else {
            self.whole
        };
        let (name, unit) = (name.trim(), self.unit);
        match self.fraction {
            "" => format!("{name} {whole} {unit}"),
            fraction => format!("{name} {whole}{decimal}{fraction} {unit}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_half_cent_goes_up_and_no_float_is_asked() {
        for (quantity, price, total) in [
            ("0.345", 1990, 687), // 686.55
            ("0,345", 1990, 687),
            ("1", 1990, 1990),
            ("0.5", 1, 1),
            ("0.49", 1, 0),
            ("1.005", 100, 101), // 100.5, which a float has as 100.499…
            ("2.675", 100, 268),
            ("0.000001", 500_000, 1),
            ("999999999.999999", 1, 1_000_000_000),
            ("0.345", -1990, -687),
            ("0.5", -1, -1),
            (".5", 100, 50),
            ("5.", 100, 500),
            (" 0.345 ", 1000, 345),
            ("000.1", 1000, 100),
            ("0.345", 0, 0),
        ] {
            let measured = Measured::read(quantity, "kg").expect(quantity);
            assert_eq!(measured.total(price), Ok(total), "{quantity} at {price}");
        }
    }

    #[test]
    fn the_name_carries_the_measure_as_the_scale_gave_it() {
        for (quantity, decimal, name) in [
            ("0.345", ',', "Queso 0,345 kg"),
            ("0,345", '.', "Queso 0.345 kg"),
            (".5", ',', "Queso 0,5 kg"),
            ("1.500", ',', "Queso 1,500 kg"),
            ("0002", ',', "Queso 2 kg"),
            ("3.", ',', "Queso 3 kg"),
        ] {
            let measured = Measured::read(quantity, " kg ").expect(quantity);
            assert_eq!(measured.name("Queso ", decimal), name);
        }
    }

    #[test]
    fn what_no_scale_says_is_refused_with_its_reason() {
        for (quantity, unit, why) in [
            ("", "kg", "is empty"),
            ("  ", "kg", "is empty"),
            ("-0.345", "kg", "is negative"),
            ("-1,5", "kg", "is negative"),
            ("1e3", "kg", "is not a number"),
            ("0x1", "kg", "is not a number"),
            ("0.345 kg", "kg", "is not a number"),
            ("1.234,5", "kg", "is not a number"),
            ("1 000", "kg", "is not a number"),
            ("+1", "kg", "is not a number"),
            ("NaN", "kg", "is not a number"),
            ("--1", "kg", "is not a number"),
            ("٣", "kg", "is not a number"),
            (".", "kg", "is not a number"),
            ("0.34499999999999997", "kg", "too many digits"),
            ("1234567890", "kg", "too many digits"),
            ("0", "kg", "is nothing"),
            ("0.000", "kg", "is nothing"),
            ("1", "", "The unit"),
            ("1", "k\ng", "The unit"),
            ("1", "kilogramos de queso curado", "The unit"),
        ] {
            let refused = Measured::read(quantity, unit).err().expect(quantity);
            assert!(refused.contains(why), "{refused}");
        }
        for (quantity, price) in [
            ("999999999", 1_000_000_000),
            ("1", i64::MAX),
            ("1", i64::MIN),
            ("2", 600_000_000_000),
        ] {
            let refused = Measured::read(quantity, "kg").unwrap().total(price);
            assert!(refused.unwrap_err().contains("larger than any amount"));
        }
    }
}
