//! How old something is, when the clock may be wrong.
//!
//! An empty battery starts a till in 2010 every morning; a virtual machine goes on where it was
//! stopped; somebody sets the year instead of the hour. What is given up or removed because of its
//! age is gone for good, so it must be old by two measures that are wrong in different ways:
//!
//! - by the wall clock, and
//! - by the dates on which the journal was used since. Each counts once; one that comes again counts
//!   as the newest and not once more. So neither does a clock that starts in 2010 every morning count
//!   two days a day, nor does what was touched "in 2010" look old a day later.
//!
//! Instead of the second: the clock is known to be right (an answer of seQura's has said so), and it
//! was known to be right on some day at or after the moment in question that is long enough ago. Only
//! so is what was touched while the clock was wrong never taken for old. What was touched before
//! dates were counted (journals before version 3) is as old as a clock that is right says.
//!
//! One case is taken for what it is not: the clock stands still or goes back within one date while the
//! machine is off for longer than the limit, and what is touched then is touched without a line, so
//! that no answer shows the clock to be wrong.

use std::collections::HashMap;

/// A day, in ms.
pub const DAY_MS: i64 = 86_400_000;

/// A date on which the journal was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Day {
    /// Days since 1970 UTC, by this machine's clock.
    pub date: i64,
    /// Dates are numbered as they come; one that comes again gets the number of the newest.
    pub number: i64,
    /// Until when on it, since it has this number, the clock was known to be right, ms.
    pub confirmed_at: Option<i64>,
}

/// How old something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Age {
    /// Not old enough.
    Young,
    /// The wall clock and the days counted disagree, and nobody knows whether the clock is right.
    Doubtful,
    /// Old enough, surely.
    Due,
}

/// The date of a moment.
pub fn date_of(ms: i64) -> i64 {
    ms.div_euclid(DAY_MS)
}

/// The number that today's date gets, when it has this one and the newest date has that one; `None`: it
/// keeps its own.
pub fn number_today(own: Option<i64>, newest: Option<i64>) -> Option<i64> {
    match (own, newest) {
        (Some(own), Some(newest)) if own >= newest => None,
        (Some(_), newest) => newest,
        (None, newest) => Some(newest.unwrap_or(0).saturating_add(1)),
    }
}

/// What a journal and its clock know of the age of things, at one moment.
#[derive(Clone, Debug)]
pub struct Ages {
    now: i64,
    is_clock_right: bool,
    newest: i64,
    days: HashMap<i64, Day>,
    /// When the clock was known to be right, oldest first, with the number of that day.
    known: Vec<(i64, i64)>,
}

impl Ages {
    /// The dates counted, today's among them, and whether the clock is known to be right now.
    pub fn new(days: Vec<Day>, now: i64, is_clock_right: bool) -> Ages {
        let confirmed = |day: &Day| Some((day.confirmed_at?, day.number));
        let mut known: Vec<(i64, i64)> = days.iter().filter_map(confirmed).collect();
        known.sort_unstable();
        Ages {
            now,
            is_clock_right,
            newest: days.iter().map(|day| day.number).max().unwrap_or(0),
            days: days.into_iter().map(|day| (day.date, day)).collect(),
            known,
        }
    }

    /// How old what happened at this moment is, held against a limit. The one question that everything
    /// asks that is given up or removed because of its age. What may not be kept at all is due whatever
    /// the clock says.
    pub fn of(&self, at: i64, limit_days: u32) -> Age {
        let limit = i64::from(limit_days);
        let [long_ago, to_come] = self.bounds(limit_days);
        let is_old = at < long_ago;
        let is_to_come = at > to_come;
        let is_old_by_days = self.newest.saturating_sub(self.number_of(at)) > limit;
        let is_due = match () {
            () if limit == 0 => true,
            () if is_old => is_old_by_days || self.is_known_older(at, long_ago),
            () => is_to_come && is_old_by_days && self.is_clock_right,
        };
        match is_due {
            true => Age::Due,
            false if is_old || (is_to_come && is_old_by_days) => Age::Doubtful,
            false => Age::Young,
        }
    }

    /// What is not before the first of these moments and not after the second is young, whatever else
    /// is known.
    pub fn bounds(&self, limit_days: u32) -> [i64; 2] {
        match limit_days {
            0 => [i64::MAX, i64::MAX],
            days => [
                self.now.saturating_sub(i64::from(days) * DAY_MS),
                self.now.saturating_add(DAY_MS),
            ],
        }
    }

    /// The clock is right, and was before `long_ago`, when this had happened already.
    fn is_known_older(&self, at: i64, long_ago: i64) -> bool {
        if !self.is_clock_right {
            return false;
        }
        let before = self.known.partition_point(|(known, _)| *known < long_ago);
        let last = before.checked_sub(1).map(|last| self.known[last].1);
        let that_day = self.days.get(&date_of(at));
        let on_that_day = that_day.and_then(|day| day.confirmed_at);
        let number = self.number_of(at);
        number == 0
            || last.is_some_and(|last| last > number)
            || on_that_day.is_some_and(|known| at <= known && known < long_ago)
    }

    /// The number of the date of a moment; 0: it was before dates were counted.
    fn number_of(&self, at: i64) -> i64 {
        self.days.get(&date_of(at)).map_or(0, |day| day.number)
    }

    /// The newest moment on another date than today's, of those on which the clock was last known to be
    /// right and those counted since; `None`: there is none.
    pub fn last_used(&self) -> Option<i64> {
        let today = date_of(self.now);
        let confirmed = self.days.values().filter(|day| day.confirmed_at.is_some());
        let since = confirmed.map(|day| day.number).max().unwrap_or(0);
        let moment = |day: &Day| match day.confirmed_at {
            Some(known) => (day.number >= since).then_some(known),
            None => (day.number > since).then_some(day.date.saturating_mul(DAY_MS)),
        };
        let others = self.days.values().filter(|day| day.date != today);
        others.filter_map(moment).max()
    }

    /// By this machine's clock, ms.
    pub fn now(&self) -> i64 {
        self.now
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1000 * DAY_MS + 5000;

    fn day(date: i64, number: i64, confirmed_at: Option<i64>) -> Day {
        Day {
            date,
            number,
            confirmed_at,
        }
    }

    fn ago(days: i64) -> i64 {
        NOW - days * DAY_MS
    }

    /// Counted on each of the last days, and never confirmed.
    fn every_day(count: i64) -> Vec<Day> {
        let dates = 1000 - count + 1..=1000;
        dates
            .enumerate()
            .map(|(at, date)| day(date, at as i64 + 1, None))
            .collect()
    }

    #[test]
    fn old_is_what_both_measures_call_old() {
        let ages = Ages::new(every_day(20), NOW, false);
        for (at, limit, age) in [
            (ago(3), 3, Age::Young),
            (ago(3) - 1, 3, Age::Doubtful),
            (ago(4), 3, Age::Due),
            (ago(4) + 1, 3, Age::Due),
            (ago(19), 18, Age::Due),
            // Before dates were counted.
            (ago(400), 19, Age::Due),
            (ago(400), 20, Age::Doubtful),
            (ago(0), 3, Age::Young),
            (NOW + DAY_MS, 3, Age::Young),
            // In the future: on no date that was counted, so before any was.
            (NOW + DAY_MS + 1, 3, Age::Doubtful),
            (NOW + DAY_MS + 1, 20, Age::Young),
            (i64::MAX, 3, Age::Doubtful),
            (i64::MIN, 3, Age::Due),
        ] {
            assert_eq!(ages.of(at, limit), age, "{at} {limit}");
        }
        // What may not be kept at all.
        for at in [i64::MIN, 0, NOW, NOW + 1, i64::MAX - 1] {
            assert_eq!(Ages::new(Vec::new(), NOW, false).of(at, 0), Age::Due);
            let [before, after] = ages.bounds(0);
            assert!(at < before || at > after);
        }
    }

    #[test]
    fn a_clock_that_is_right_is_believed_from_when_it_was_known_to_be() {
        // Used on two days, ten apart; right on both.
        let known = ago(10) + 60;
        let days = vec![day(990, 1, Some(known)), day(1000, 2, Some(NOW))];
        let right = Ages::new(days.clone(), NOW, true);
        assert_eq!(right.of(known, 9), Age::Due);
        assert_eq!(right.of(known, 10), Age::Young);
        assert_eq!(right.of(known + 1, 9), Age::Doubtful, "after it was known");
        assert_eq!(right.of(ago(10), 9), Age::Due, "before, on that day");
        assert_eq!(right.of(ago(11), 9), Age::Due, "not counted");
        let unknown = Ages::new(days, NOW, false);
        for at in [known, known + 1, ago(10), ago(11)] {
            assert_eq!(unknown.of(at, 9), Age::Doubtful);
        }
        // In the future, and counted: written by a clock that was wrong, so long ago.
        let mut days = every_day(20);
        days.push(day(3000, 2, None));
        let at = 3000 * DAY_MS;
        assert_eq!(Ages::new(days.clone(), NOW, true).of(at, 17), Age::Due);
        assert_eq!(Ages::new(days.clone(), NOW, true).of(at, 18), Age::Young);
        assert_eq!(Ages::new(days, NOW, false).of(at, 17), Age::Doubtful);
    }

    #[test]
    fn when_the_journal_was_last_used_is_said_by_what_is_not_disproved() {
        let last = |days: &[Day]| Ages::new(days.to_vec(), NOW, false).last_used();
        assert_eq!(last(&[]), None);
        assert_eq!(last(&[day(1000, 1, None)]), None);
        assert_eq!(last(&every_day(3)), Some(999 * DAY_MS));
        let ahead = [
            day(999, 1, Some(ago(1))),
            day(3000, 2, None),
            day(1000, 3, None),
        ];
        assert_eq!(last(&ahead), Some(3000 * DAY_MS));
        // The clock is known to have been right since.
        let disproved = [ahead[0], ahead[1], day(1000, 3, Some(NOW))];
        assert_eq!(last(&disproved), None);
        // It starts in 2010 every morning.
        let morning = [
            day(998, 4, Some(ago(2))),
            day(999, 5, Some(ago(1))),
            day(20, 5, None),
        ];
        assert_eq!(last(&morning), Some(ago(1)));
    }
}
