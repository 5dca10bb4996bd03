//! Dates, moments and durations, which seQura wants in ISO 8601.
//!
//! jiff knows the calendar, and reads more spellings than seQura documents (`20240101`, a blank for
//! the `T`, `[Europe/Madrid]`); so the shape is looked at first, and then jiff says whether the day
//! exists.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::fmt::temporal::SpanParser;

/// `1980-01-20`
pub(super) fn is_date(text: &str) -> bool {
    has_date_shape(text.as_bytes()) && text.parse::<Date>().is_ok()
}

/// `2013-10-18T12:25:20+01:00`, or without the offset, or only the date "(and time, if available)".
pub(super) fn is_moment(text: &str) -> bool {
    let Some((date, time)) = text.split_once('T') else {
        return is_date(text);
    };
    is_date(date)
        && time
            .bytes()
            .all(|b| b.is_ascii_digit() || matches!(b, b':' | b'.' | b',' | b'+' | b'-' | b'Z'))
        && match time.contains(['Z', '+', '-']) {
            true => text.parse::<Timestamp>().is_ok(),
            false => text.parse::<DateTime>().is_ok(),
        }
}

/// `P3M15D`: longer than nothing, and forwards.
pub(super) fn is_duration(text: &str) -> bool {
    text.starts_with('P')
        && !text.contains(|c: char| c.is_ascii_lowercase())
        && SpanParser::new()
            .parse_span(text)
            .is_ok_and(|span| span.is_positive())
}

fn has_date_shape(text: &[u8]) -> bool {
    text.len() == 10
        && text.iter().enumerate().all(|(at, byte)| match at {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        })
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
            "", "P", "PT", "P0D", "-P1D", "3 months", "p3m", "P3X", "P3M ", "3M",
        ] {
            assert!(!is_duration(bad), "{bad}");
        }
    }
}
