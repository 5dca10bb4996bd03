//! Between which moments: as they are given, or as the host's local days begin and end.

use crate::ages::DAY_MS;
use crate::clock;
use crate::problem::Problem;
use crate::vocabulary::ErrorCode;

/// How many seconds local time is ahead of UTC at a moment, where somebody says so.
type Ahead = dyn Fn(i64) -> Option<i64>;

/// The moments that are meant; the second does not belong to what is between them.
pub(super) fn between(
    since: Option<&str>,
    until: Option<&str>,
    now: i64,
    ahead: &Ahead,
) -> Result<(i64, i64), Box<Problem>> {
    let since = since.map(|text| moment("since", text)).transpose()?;
    let until = until.map(|text| moment("until", text)).transpose()?;
    let end = until.unwrap_or_else(|| midnight(local_date(now, ahead) + 1, ahead));
    // The day in which it ends is that of the moment before.
    let begin = since.unwrap_or_else(|| midnight(local_date(end - 1, ahead), ahead));
    match begin <= end {
        true => Ok((begin, end)),
        false => Err(wrong(format!(
            "until ({}) is before since ({}).",
            clock::to_text(end),
            clock::to_text(begin)
        ))),
    }
}

/// A text names a moment where it says a time, and how far that is from UTC.
fn moment(name: &str, text: &str) -> Result<i64, Box<Problem>> {
    let time = text.split_once('T').map(|(_, time)| time);
    let has_offset = time.is_some_and(|time| time.contains(['Z', '+', '-']));
    let found = clock::from_text(text).filter(|_| has_offset);
    found.ok_or_else(|| {
        wrong(format!(
            "{name} is a date and a time with its offset, such as 2026-11-27T09:00:00+01:00."
        ))
    })
}

fn wrong(message: String) -> Box<Problem> {
    Box::new(Problem::new(ErrorCode::ArgumentOutOfRange, message))
}

/// The date there at a moment, in days since 1970.
fn local_date(at: i64, ahead: &Ahead) -> i64 {
    let ahead_ms = ahead(at).unwrap_or_default() * 1000;
    (at + ahead_ms).div_euclid(DAY_MS)
}

/// The first moment of a date there. Clocks that are changed at midnight make one that does not show 00:00, and two that do.
fn midnight(date: i64, ahead: &Ahead) -> i64 {
    let utc = date * DAY_MS;
    let shown = |around: i64| utc - ahead(around).unwrap_or_default() * 1000;
    let around = [utc - DAY_MS, utc, utc + DAY_MS];
    let begins = |at: &i64| local_date(*at, ahead) >= date && local_date(at - 1, ahead) < date;
    around
        .map(shown)
        .into_iter()
        .filter(begins)
        .min()
        .unwrap_or(utc)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3600;

    fn ms(text: &str) -> i64 {
        clock::from_text(text).expect(text)
    }

    /// A place that is so many hours ahead, and at this moment has changed to so many.
    fn changing(before: i64, at: &'static str, after: i64) -> impl Fn(i64) -> Option<i64> {
        let at = ms(at);
        move |when| Some(HOUR * if when < at { before } else { after })
    }

    fn day_of(now: &str, ahead: &Ahead) -> (String, String, i64) {
        let (begin, end) = between(None, None, ms(now), ahead).expect("a day");
        (
            clock::to_text(begin),
            clock::to_text(end),
            (end - begin) / HOUR / 1000,
        )
    }

    #[test]
    fn a_local_day_has_23_24_or_25_hours() {
        let madrid = changing(1, "2027-03-28T01:00:00Z", 2);
        let autumn = changing(2, "2026-10-25T01:00:00Z", 1);
        // Where clocks go from 00:00 to 01:00, from 01:00 to 00:00, and from 24:00 to 23:00.
        let beirut = changing(2, "2027-03-27T22:00:00Z", 3);
        let havana = changing(-4, "2026-11-01T05:00:00Z", -5);
        let asuncion = changing(-3, "2024-03-24T03:00:00Z", -4);
        let fixed = |hours: i64| move |_| Some(HOUR * hours);
        for (now, ahead, begin, end, hours) in [
            (
                "2027-03-28T12:00:00Z",
                &madrid as &Ahead,
                "2027-03-27T23:00",
                "2027-03-28T22:00",
                23,
            ),
            (
                "2027-03-27T22:59:59Z",
                &madrid,
                "2027-03-26T23:00",
                "2027-03-27T23:00",
                24,
            ),
            (
                "2027-03-28T22:00:00Z",
                &madrid,
                "2027-03-28T22:00",
                "2027-03-29T22:00",
                24,
            ),
            (
                "2026-10-24T22:00:00Z",
                &autumn,
                "2026-10-24T22:00",
                "2026-10-25T23:00",
                25,
            ),
            (
                "2026-10-25T22:59:59Z",
                &autumn,
                "2026-10-24T22:00",
                "2026-10-25T23:00",
                25,
            ),
            (
                "2027-03-28T12:00:00Z",
                &beirut,
                "2027-03-27T22:00",
                "2027-03-28T21:00",
                23,
            ),
            (
                "2027-03-27T12:00:00Z",
                &beirut,
                "2027-03-26T22:00",
                "2027-03-27T22:00",
                24,
            ),
            (
                "2026-11-01T05:30:00Z",
                &havana,
                "2026-11-01T04:00",
                "2026-11-02T05:00",
                25,
            ),
            (
                "2024-03-24T03:30:00Z",
                &asuncion,
                "2024-03-23T03:00",
                "2024-03-24T04:00",
                25,
            ),
            (
                "2026-11-27T12:00:00Z",
                &fixed(14),
                "2026-11-27T10:00",
                "2026-11-28T10:00",
                24,
            ),
            (
                "2026-11-27T12:00:00Z",
                &fixed(-12),
                "2026-11-27T12:00",
                "2026-11-28T12:00",
                24,
            ),
            (
                "2026-11-27T12:00:00Z",
                &|_| None,
                "2026-11-27T00:00",
                "2026-11-28T00:00",
                24,
            ),
            (
                "1969-12-31T12:00:00Z",
                &fixed(1),
                "1969-12-30T23:00",
                "1969-12-31T23:00",
                24,
            ),
        ] {
            let seconds = ":00.000Z";
            let expected = (
                format!("{begin}{seconds}"),
                format!("{end}{seconds}"),
                hours,
            );
            assert_eq!(day_of(now, ahead), expected, "{now}");
        }
    }

    #[test]
    fn what_is_left_out_is_the_local_days() {
        let madrid = changing(1, "2027-03-28T01:00:00Z", 2);
        let now = ms("2027-03-28T12:00:00Z");
        let times = |since, until| {
            let (begin, end) = between(since, until, now, &madrid).ok()?;
            Some((clock::to_text(begin), clock::to_text(end)))
        };
        let expected =
            |begin: &str, end: &str| Some((format!("{begin}:00.000Z"), format!("{end}:00.000Z")));
        for (since, until, begin, end) in [
            (
                Some("2027-03-26T18:00:00+01:00"),
                None,
                "2027-03-26T17:00",
                "2027-03-28T22:00",
            ),
            (
                None,
                Some("2027-03-26T18:00:00+01:00"),
                "2027-03-25T23:00",
                "2027-03-26T17:00",
            ),
            // At its very end a day is not the next one.
            (
                None,
                Some("2027-03-27T00:00:00+01:00"),
                "2027-03-25T23:00",
                "2027-03-26T23:00",
            ),
            (
                Some("2027-03-26T18:00Z"),
                Some("2027-03-26T18:00Z"),
                "2027-03-26T18:00",
                "2027-03-26T18:00",
            ),
            (
                Some("2027-03-26T18:00-0530"),
                Some("2027-03-27T18:00+14"),
                "2027-03-26T23:30",
                "2027-03-27T04:00",
            ),
        ] {
            assert_eq!(
                times(since, until),
                expected(begin, end),
                "{since:?} {until:?}"
            );
        }
        assert_eq!(
            times(Some("2027-03-26T18:00:01Z"), Some("2027-03-26T18:00:00Z")),
            None
        );
        assert_eq!(
            times(Some("2027-03-29T18:00:00Z"), None),
            None,
            "after the end of today"
        );
    }

    #[test]
    fn a_moment_says_how_far_it_is_from_utc() {
        for text in [
            "",
            "now",
            "2027-03-26",
            "2027-03-26T18:00:00",
            "2027-03-26 18:00:00Z",
            "18:00Z",
            "2027-02-30T18:00:00Z",
        ] {
            let refused = between(Some(text), None, 0, &|_| None);
            let message = refused.expect_err(text).message;
            assert!(message.starts_with("since is"), "{message}");
            assert!(between(None, Some(text), 0, &|_| None).is_err(), "{text}");
        }
    }

    #[test]
    fn the_system_says_how_far_it_is_ahead() {
        let ahead = crate::system::ahead_of_utc(ms("2026-11-27T12:00:00Z")).expect("it does");
        assert!(ahead.abs() <= 15 * HOUR, "{ahead}");
        assert_eq!(ahead % 900, 0, "{ahead}");
        crate::system::ahead_of_utc(i64::MIN);
        crate::system::ahead_of_utc(i64::MAX);
    }
}
