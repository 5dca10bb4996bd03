//! Telephone numbers, as far as it decides whether a message can reach them: what a number of a selling country looks
//! like, mobile and not. What is neither is left to seQura.

/// What a number is, seen from the country that sells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Number {
    /// A mobile of that country.
    Mobile,
    /// One of another country, where it is not known to be no mobile.
    Foreign,
    /// One that gets no messages.
    Landline,
    /// Nobody can tell.
    Unclear,
}

/// How numbers of a country are written, without its code.
struct Plan {
    /// ISO 3166, both ways.
    country: [&'static str; 2],
    code: &'static str,
    /// What a mobile begins with, and how many digits it has.
    mobile: (&'static [&'static str], &'static [usize]),
    /// The same of those that are no mobiles.
    landline: (&'static [&'static str], &'static [usize]),
    /// A zero before it is no part of it.
    has_trunk_zero: bool,
}

const PLANS: [Plan; 6] = [
    Plan {
        country: ["ES", "ESP"],
        code: "34",
        mobile: (&["6", "7"], &[9]),
        landline: (&["8", "9"], &[9]),
        has_trunk_zero: true,
    },
    Plan {
        country: ["FR", "FRA"],
        code: "33",
        mobile: (&["6", "7"], &[9]),
        landline: (&["1", "2", "3", "4", "5", "8", "9"], &[9]),
        has_trunk_zero: true,
    },
    Plan {
        country: ["IT", "ITA"],
        code: "39",
        mobile: (&["3"], &[9, 10]),
        landline: (&["0"], &[6, 7, 8, 9, 10, 11]),
        has_trunk_zero: false,
    },
    Plan {
        country: ["PT", "PRT"],
        code: "351",
        mobile: (&["9"], &[9]),
        landline: (&["2"], &[9]),
        has_trunk_zero: true,
    },
    Plan {
        country: ["CO", "COL"],
        code: "57",
        mobile: (&["3"], &[10]),
        landline: (&["60"], &[10]),
        has_trunk_zero: true,
    },
    Plan {
        country: ["PE", "PER"],
        code: "51",
        mobile: (&["9"], &[9]),
        landline: (&["1", "2", "3", "4", "5", "6", "7", "8"], &[8]),
        has_trunk_zero: true,
    },
];

impl Plan {
    fn of(country: Option<&str>) -> Option<&'static Plan> {
        let country = country?.trim();
        let is = |one: &&str| one.eq_ignore_ascii_case(country);
        PLANS.iter().find(|plan| plan.country.iter().any(is))
    }

    /// Whether a number without the country's code is a mobile; `None`: it is none of this country's.
    fn is_mobile(&self, national: &str) -> Option<bool> {
        let bare = match self.has_trunk_zero {
            true => national.strip_prefix('0').unwrap_or(national),
            false => national,
        };
        let fits = |(starts, lengths): (&[&str], &[usize])| {
            lengths.contains(&bare.len()) && starts.iter().any(|start| bare.starts_with(start))
        };
        match (fits(self.mobile), fits(self.landline)) {
            (true, _) => Some(true),
            (false, true) => Some(false),
            (false, false) => None,
        }
    }
}

/// What a number is to a shop that sells in this country.
pub(crate) fn kind(number: &str, country: Option<&str>) -> Number {
    let written: String = number
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '.' | '(' | ')' | '/'))
        .collect();
    let abroad = written
        .strip_prefix('+')
        .or_else(|| written.strip_prefix("00"));
    let digits = abroad.unwrap_or(&written);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Number::Unclear;
    }
    let home = Plan::of(country);
    let at_home = |is_mobile| match is_mobile {
        true => Number::Mobile,
        false => Number::Landline,
    };
    if abroad.is_none() {
        let Some(home) = home else {
            return Number::Unclear;
        };
        let with_code = || home.is_mobile(digits.strip_prefix(home.code)?);
        let is_mobile = home.is_mobile(digits).or_else(with_code);
        return is_mobile.map_or(Number::Unclear, at_home);
    }
    let plan = PLANS.iter().find(|plan| digits.starts_with(plan.code));
    let is_mobile = plan.and_then(|plan| plan.is_mobile(&digits[plan.code.len()..]));
    let is_home = plan.is_some_and(|plan| home.is_none_or(|home| home.code == plan.code));
    match (is_mobile, is_home) {
        (Some(true), false) | (None, false) => Number::Foreign,
        (Some(is_mobile), _) => at_home(is_mobile),
        (None, true) => Number::Unclear,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_a_mobile_at_home_or_abroad_or_none() {
        for (number, country, expected) in [
            ("666666666", "ES", Number::Mobile),
            ("+34 (0)666 666 666", "ESP", Number::Mobile),
            ("34666666666", "ES", Number::Mobile),
            ("0034-722.333/444", "es", Number::Mobile),
            ("933 033 033", "ES", Number::Landline),
            ("+34 933 033 033", "ES", Number::Landline),
            ("34 83303303 3", "ES", Number::Landline),
            ("(+34) 615.61.56.15", "ES", Number::Mobile),
            ("34 666 666 666", "ES", Number::Mobile),
            ("0034 (0) 666666666", "ES", Number::Mobile),
            ("+34\u{a0}666\u{a0}666\u{a0}666", "ES", Number::Mobile),
            ("34933033033", "ES", Number::Landline),
            ("346666666666", "ES", Number::Unclear),
            ("34 34 666666666", "ES", Number::Unclear),
            ("6156156155", "ES", Number::Unclear),
            ("+34 (0)933 033 033", "ES", Number::Landline),
            ("66666666", "ES", Number::Unclear),
            ("+34 66666666", "ES", Number::Unclear),
            ("anexo 12", "ES", Number::Unclear),
            ("", "ES", Number::Unclear),
            ("+33 6 12 34 56 78", "ES", Number::Foreign),
            ("+33 (0)1 42 68 53 00", "ES", Number::Landline),
            ("+44 7700 900123", "ES", Number::Foreign),
            ("+351 912 345 678", "ES", Number::Foreign),
            ("06 12 34 56 78", "FR", Number::Mobile),
            ("01 42 68 53 00", "FR", Number::Landline),
            ("+33 612345678", "FRA", Number::Mobile),
            ("+34 666666666", "FR", Number::Foreign),
            ("347 123 4567", "IT", Number::Mobile),
            ("06 6982", "IT", Number::Landline),
            ("+39 06 6982 1234", "IT", Number::Landline),
            ("912 345 678", "PT", Number::Mobile),
            ("212 345 678", "PT", Number::Landline),
            ("300 123 4567", "CO", Number::Mobile),
            ("601 123 4567", "CO", Number::Landline),
            ("912 345 678", "PE", Number::Mobile),
            ("(01) 234 5678", "PE", Number::Landline),
            ("666666666", "DE", Number::Unclear),
            ("+34 666666666", "DE", Number::Mobile),
            ("+34 933033033", "", Number::Landline),
        ] {
            assert_eq!(kind(number, Some(country)), expected, "{number} {country}");
        }
    }
}
