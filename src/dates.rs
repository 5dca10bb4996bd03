//! Dates, moments and durations, which seQura wants in ISO 8601.
//!
//! Only the spellings seQura documents are taken, not all of ISO 8601 (`20240101`, a blank for the
//! `T`, `[Europe/Madrid]`).

/// `1980-01-20`
pub(super) fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let &[year, month, day] = parts.as_slice() else {
        return false;
    };
    let (Some(year), Some(month), Some(day)) = (digits(year, 4), digits(month, 2), digits(day, 2))
    else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u32::from(leap),
        _ => return false,
    };
    (1..=days).contains(&day)
}

/// `2026-07-01 10:00:00`, as a database writes it.
pub(crate) fn is_moment_with_a_blank(text: &str) -> bool {
    is_moment(&text.replacen(' ', "T", 1))
}

/// What a database writes that has no date: there is no such year, month or day.
pub(crate) fn is_no_date(text: &str) -> bool {
    matches!(text, "0000-00-00" | "0000-00-00 00:00:00")
}

/// `2013-10-18T12:25:20+01:00`, or without the offset, or only the date "(and time, if available)".
pub(crate) fn is_moment(text: &str) -> bool {
    let Some((date, time)) = text.split_once('T') else {
        return is_date(text);
    };
    let (time, offset) = match time.find(['Z', '+', '-']) {
        Some(at) => time.split_at(at),
        None => (time, "Z"),
    };
    is_date(date) && is_time(time) && is_offset(offset)
}

/// `12:25`, `12:25:20`, `12:25:20.123`; a leap second counts as a second.
fn is_time(text: &str) -> bool {
    let (clock, fraction) = text.split_once(['.', ',']).unwrap_or((text, "0"));
    let parts: Vec<&str> = clock.split(':').collect();
    let fine = match parts.as_slice() {
        [hour, minute] => below(hour, 24) && below(minute, 60) && clock == text,
        [hour, minute, second] => below(hour, 24) && below(minute, 60) && below(second, 61),
        _ => false,
    };
    fine && (1..=9).contains(&fraction.len()) && fraction.bytes().all(|b| b.is_ascii_digit())
}

/// `Z`, `+01:00`, `+0100`, `+01`
fn is_offset(text: &str) -> bool {
    if text == "Z" {
        return true;
    }
    let Some(rest) = text.strip_prefix(['+', '-']) else {
        return false;
    };
    match rest.split_once(':') {
        Some((hours, minutes)) => below(hours, 24) && below(minutes, 60),
        None => match rest.len() {
            4 if rest.is_ascii() => below(&rest[..2], 24) && below(&rest[2..], 60),
            _ => below(rest, 24),
        },
    }
}

/// `P3M15D`: longer than nothing, forwards, and its units in their order.
pub(super) fn is_duration(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('P') else {
        return false;
    };
    let (days, time) = match rest.split_once('T') {
        Some((days, time)) => (days, Some(time)),
        None => (rest, None),
    };
    // A `T` announces at least one unit of time.
    let (Some(days), Some(time)) = (
        amounts(days, "YMWD"),
        time.map_or(Some(Vec::new()), |time| amounts(time, "HMS")),
    ) else {
        return false;
    };
    !(rest.contains('T') && time.is_empty()) && days.iter().chain(&time).any(|&amount| amount > 0)
}

/// The numbers of a row such as `3M15D`; none when it is no such row.
fn amounts(text: &str, units: &str) -> Option<Vec<u32>> {
    let (mut rest, mut units, mut found) = (text, units, Vec::new());
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit())?;
        found.push(digits(&rest[..end], end)?);
        let at = units.find(&rest[end..end + rest[end..].chars().next()?.len_utf8()])?;
        units = &units[at + 1..];
        rest = &rest[end + 1..];
    }
    Some(found)
}

fn below(text: &str, limit: u32) -> bool {
    digits(text, 2).is_some_and(|number| number < limit)
}

/// A number written with exactly so many digits, of which there are 1 to 9.
fn digits(text: &str, count: usize) -> Option<u32> {
    let fine =
        text.len() == count && (1..=9).contains(&count) && text.bytes().all(|b| b.is_ascii_digit());
    fine.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates() {
        for good in ["1980-01-20", "2024-02-29"] {
            assert!(is_date(good), "{good}");
        }
        for bad in [
            "",
            "1980-1-20",
            "20/01/1980",
            "19800120",
            "2023-02-29",
            "2024-13-01",
            "2024-01-01T00:00:00Z",
        ] {
            assert!(!is_date(bad), "{bad}");
        }
    }

    #[test]
    fn moments() {
        for good in [
            "2013-10-18T12:25:20+01:00",
            "2013-10-18T12:25:20Z",
            "2013-10-18T12:25:20.123+0100",
            "2013-10-18T12:25:20",
            "2013-10-18T12:25",
            "2013-10-18T23:59:60-10",
            "2013-10-18",
        ] {
            assert!(is_moment(good), "{good}");
        }
        for bad in [
            "2013-10-18 12:25:20",
            "2013-10-18T25:00:00Z",
            "2013-02-30T12:25:20Z",
            "2013-10-18T12:25:20+01:00[Europe/Madrid]",
            "yesterday",
            "T",
            "2013-10-18T",
            "2013-10-18T12",
            "2013-10-18T12:25.5",
            "2013-10-18T12:25:20.",
            "2013-10-18T12:60:20",
            "2013-10-18T12:25:20+1:00",
            "2013-10-18T12:25:20+0ñ0",
            "2013-10-18T12:25:20ZZ",
        ] {
            assert!(!is_moment(bad), "{bad}");
        }
    }

    #[test]
    fn durations() {
        for good in ["P3M15D", "P1Y", "PT36H", "P2W", "P1Y2M3DT4H5M6S"] {
            assert!(is_duration(good), "{good}");
        }
        for bad in [
            "",
            "P",
            "PT",
            "P0D",
            "-P1D",
            "3 months",
            "p3m",
            "P3X",
            "P3M ",
            "3M",
            "P1D2M",
            "P1M1M",
            "P1DT",
            "PT1D",
            "P1",
            "PñD",
            "P1ñ",
            "P1234567890D",
            "P1.5D",
        ] {
            assert!(!is_duration(bad), "{bad}");
        }
    }
}
