//! Time as the journal keeps it (ms since 1970 UTC) and as people read it (RFC 3339); and what seQura's
//! clock says of this machine's.
//!
//! Only what is written down, shown or sent asks this clock. How long something takes, and when a call
//! must have ended, is measured with `Instant`: that clock is never set.
//!
//! A library built with the feature `crash-points` lets the test suite set this clock alone, at any
//! moment: it adds to each look at it the ms (an integer, perhaps negative) that stand in the file
//! `SEQURA_POS_CLOCK` names. No such file, or an empty one: nothing. Other builds know nothing of it.

use crate::ages::DAY_MS;
use std::sync::{Mutex, PoisonError};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// Now, in ms since 1970 UTC.
pub fn now_ms() -> i64 {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_millis() as i64);
    #[cfg(feature = "crash-points")]
    let now = now.saturating_add(set_by_tests());
    now
}

#[cfg(feature = "crash-points")]
fn set_by_tests() -> i64 {
    let Some(file) = std::env::var_os("SEQURA_POS_CLOCK") else {
        return 0;
    };
    let ahead = std::fs::read_to_string(file).unwrap_or_default();
    match ahead.trim() {
        "" => 0,
        ahead => ahead
            .parse()
            .expect("the file of SEQURA_POS_CLOCK holds ms"),
    }
}

/// What seQura's clock, as an answer's `Date` shows it, says of this machine's.
#[derive(Debug, Default)]
pub struct SequrasClock(Mutex<Option<Seen>>);

/// Both clocks at the moment the last answer came.
#[derive(Clone, Copy, Debug)]
struct Seen {
    here: i64,
    there: i64,
    at: Instant,
}

/// Of this machine's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nobody has said anything, or what was said is no longer so.
    Unknown,
    /// Within a day of seQura's.
    Right,
    /// So many seconds fast (negative: slow), more than a day.
    Wrong(i64),
}

impl SequrasClock {
    /// An answer of seQura's says that it is this time.
    pub fn hear(&self, there: i64) {
        let seen = Seen {
            here: now_ms(),
            there,
            at: Instant::now(),
        };
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(seen);
    }

    /// What is to be thought of this machine's clock when it shows this. A clock that was right is not
    /// any more when it has jumped since; whether it was the clock that jumped, or the machine that
    /// slept, only the next answer tells.
    pub fn verdict(&self, now: i64) -> Verdict {
        let seen = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(Seen { here, there, at }) = seen else {
            return Verdict::Unknown;
        };
        let passed = at.elapsed().as_millis() as i64;
        if is_within_a_day(now, there.saturating_add(passed)) {
            Verdict::Right
        } else if !is_within_a_day(here, there) {
            Verdict::Wrong((here - there) / 1000)
        } else {
            Verdict::Unknown
        }
    }
}

fn is_within_a_day(one: i64, other: i64) -> bool {
    one.abs_diff(other) <= DAY_MS as u64
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
    if !crate::dates::is_moment(text) {
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
    let number = |text: &str, most: i64| {
        let number = text.parse::<i64>().ok();
        number.filter(|number| (0..=most).contains(number))
    };
    let time = number(hours, 23)? * 3600 + number(minutes, 59)? * 60 + number(seconds, 60)?;
    Some(days(number(year, 9999)?, month, number(day, 31)?) * DAY_MS + time * 1000)
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
            "Sat, 21 Nov 2026 24:15:00 GMT",
            "Sat, 21 Nov 9223372036854775807 03:15:00 GMT",
        ] {
            assert_eq!(from_http_date(strange), None, "{strange}");
        }
    }

    #[test]
    fn the_clock_of_sequra_is_a_witness_for_this_one() {
        let sequras_clock = SequrasClock::default();
        let now = now_ms();
        assert_eq!(sequras_clock.verdict(now), Verdict::Unknown);
        sequras_clock.hear(now - DAY_MS + 60_000);
        assert_eq!(sequras_clock.verdict(now), Verdict::Right);
        // The clock was set since, or this machine slept.
        assert_eq!(sequras_clock.verdict(now + DAY_MS), Verdict::Unknown);
        assert_eq!(sequras_clock.verdict(now - 3 * DAY_MS), Verdict::Unknown);
        for days in [-4000, -2, 2, 4000] {
            sequras_clock.hear(now - days * DAY_MS);
            let Verdict::Wrong(fast) = sequras_clock.verdict(now) else {
                panic!("{days} days off");
            };
            assert!((fast - days * 86_400).abs() < 60, "{fast}");
            // It was set right.
            assert_eq!(sequras_clock.verdict(now - days * DAY_MS), Verdict::Right);
        }
        sequras_clock.hear(i64::MAX);
        sequras_clock.verdict(now);
    }

    #[test]
    fn every_day_of_two_centuries_comes_back() {
        for day in days(1900, 1, 1)..days(2100, 1, 1) {
            let (year, month, date) = civil(day);
            assert_eq!(days(year, month, date), day);
        }
    }
}
