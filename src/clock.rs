//! Time as the journal keeps it (ms since 1970 UTC) and as people read it (RFC 3339).

use std::time::{SystemTime, UNIX_EPOCH};

const DAY_MS: i64 = 86_400_000;

/// Now, in ms since 1970 UTC.
pub fn now_ms() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_millis() as i64)
}

/// `2026-11-21T03:15:00.123Z`
pub fn to_text(ms: i64) -> String {
    let (year, month, day) = civil(ms.div_euclid(DAY_MS));
    let rest = ms.rem_euclid(DAY_MS);
    let (hours, minutes) = (rest / 3_600_000, rest / 60_000 % 60);
    let (seconds, ms) = (rest / 1000 % 60, rest % 1000);
    format!("{year:04}-{month:02}-{day:02}T{hours:02}:{minutes:02}:{seconds:02}.{ms:03}Z")
}

/// Reads a date (its midnight UTC), or a date and time with or without offset (without: UTC), in a
/// form that [`crate::order`] takes for a moment.
pub fn from_text(text: &str) -> Option<i64> {
    if !crate::order::is_moment(text) {
        return None;
    }
    let (date, time) = text.split_once('T').unwrap_or((text, "00:00"));
    let numbers: Vec<i64> = date
        .split('-')
        .map(|part| part.parse().ok())
        .collect::<Option<_>>()?;
    let [year, month, day] = numbers[..] else {
        return None;
    };
    let (clock, offset) = match time.find(['Z', '+', '-']) {
        Some(at) => time.split_at(at),
        None => (time, "Z"),
    };
    let mut ms = days(year, month, day) * DAY_MS;
    let (clock, fraction) = clock.split_once(['.', ',']).unwrap_or((clock, ""));
    for (part, unit) in clock.split(':').zip([3_600_000, 60_000, 1000]) {
        ms += part.parse::<i64>().ok()? * unit;
    }
    ms += format!("{fraction:0<3}").get(..3)?.parse::<i64>().ok()?;
    let digits: String = offset.chars().filter(char::is_ascii_digit).collect();
    if !digits.is_empty() {
        let minutes = digits[..2].parse::<i64>().ok()? * 60
            + digits.get(2..4).map_or(Some(0), |m| m.parse().ok())?;
        ms -= minutes * 60_000 * if offset.starts_with('-') { -1 } else { 1 };
    }
    Some(ms)
}

/// Reads the date of an HTTP answer: `Sat, 21 Nov 2026 03:15:00 GMT`.
pub fn from_http_date(text: &str) -> Option<i64> {
    const MONTHS: &str = "JanFebMarAprMayJunJulAugSepOctNovDec";
    let words: Vec<&str> = text.split([' ', ':']).collect();
    let [_, day, month, year, hours, minutes, seconds, "GMT"] = words[..] else {
        return None;
    };
    let month = MONTHS.find(month).filter(|_| month.len() == 3)? as i64 / 3 + 1;
    let number = |text: &str| text.parse::<i64>().ok().filter(|number| *number >= 0);
    let time = number(hours)? * 3600 + number(minutes)? * 60 + number(seconds)?;
    Some(days(number(year)?, month, number(day)?) * DAY_MS + time * 1000)
}

/// Days since 1970 of a date, by counting from March in eras of 400 years.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, year) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year * 365 + year / 4 - year / 100 + day_of_year - 719_468
}

/// The date of a day since 1970.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day_of_year = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_and_read() {
        for (ms, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (1_709_210_096_007, "2024-02-29T12:34:56.007Z"),
            (1_795_230_900_123, "2026-11-21T03:15:00.123Z"),
            (4_107_542_399_999, "2100-02-28T23:59:59.999Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
        ] {
            assert_eq!(to_text(ms), text);
            assert_eq!(from_text(text), Some(ms));
        }
        for (text, same) in [
            ("2024-02-29", "2024-02-29T00:00:00Z"),
            ("2024-02-29T12:34", "2024-02-29T12:34:00.000Z"),
            ("2024-03-01T01:00:00+02:00", "2024-02-29T23:00:00Z"),
            ("2024-02-29T20:00:00-0430", "2024-03-01T00:30:00Z"),
            ("2024-02-29T20:00:00.5+01", "2024-02-29T19:00:00.500Z"),
        ] {
            assert_eq!(from_text(text), from_text(same), "{text}");
            assert!(from_text(text).is_some());
        }
        assert_eq!(from_text("yesterday"), None);
        assert_eq!(from_text("2023-02-29"), None);
    }

    #[test]
    fn the_date_of_an_answer_is_read() {
        assert_eq!(
            from_http_date("Sat, 21 Nov 2026 03:15:00 GMT"),
            from_text("2026-11-21T03:15:00Z")
        );
        assert_eq!(from_http_date("Thu, 01 Jan 1970 00:00:07 GMT"), Some(7000));
        for strange in [
            "",
            "now",
            "Sat, 21 Nov 2026 03:15:00 CET",
            "Sat, 21 ovD 2026 03:15:00",
            "Sat, -1 Nov 2026 03:15:00 GMT",
        ] {
            assert_eq!(from_http_date(strange), None, "{strange}");
        }
    }

    #[test]
    fn every_day_of_two_centuries_comes_back() {
        for day in days(1900, 1, 1)..days(2100, 1, 1) {
            let (year, month, date) = civil(day);
            assert_eq!(days(year, month, date), day);
        }
    }
}
