//! Clocks that go back, forward and back again, explored: every sequence of so many nights, settings of
//! the clock, openings, answers, calls about one order, and recoveries.
//!
//! What is explored is `ages.rs` itself and the order's life, in a world that knows the truth: which day
//! it is, when the order was touched, and what seQura has. The promises:
//!
//! 1. What is given up because of its age is as old as the limit in truth, or the journal was used on
//!    more dates since than the limit has days, whatever the clock did.
//! 2. Once the clock is right, what nobody confirmed is given up when enough dates have passed that were
//!    not used before; without a line, all but what was touched "in the future".
//! 3. No date is counted twice.
//! 4. Whatever the clock did, what seQura may have confirmed is at risk in the journal.
//! 5. Recovery sends nothing that is more than a day old, where the clock was right when it was asked for
//!    and is right now.
//!
//! A date is the smallest unit here: a clock is right, or off by whole days. Within a date it is told
//! apart what came before the order was last touched and what after it.

use sequra_pos::inside::ages::{Age, Ages, DAY_MS, Day, date_of, number_today};
use sequra_pos::inside::lifecycle::{Begin, Content, Life, Meaning, State, Step};
use std::collections::HashSet;

/// What nobody confirmed is given up after so many days.
const LIMIT: i64 = 2;
/// What surely never left is sent again for so many.
const UNSENT_LIVES: i64 = 1;
/// The explored part of a world's history has so many moves.
const MOVES: usize = 8;
/// How far the clock is set wrong, in days.
const AHEAD: [i64; 3] = [-3, 0, 3];

/// What of a date comes before the touch, is it, comes after it, and is now.
const BEFORE: i64 = 0;
const THE_TOUCH: i64 = 1;
const AFTER: i64 = 2;
const NOW: i64 = 3;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct World {
    /// The truth.
    day: i64,
    /// How far the clock is ahead of it.
    ahead: i64,
    /// The journal's.
    days: Vec<Day>,
    /// A client is open; how far ahead the clock was when seQura last said what time it is.
    client: Option<Option<i64>>,
    sale: Sale,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Sale {
    None,
    Order {
        life: Life,
        /// When it was last touched, by the clock and in truth.
        at: i64,
        day: i64,
        /// So many dates were used for the first time since.
        new_dates: i64,
        is_confirmed_there: bool,
    },
    GivenUp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Move {
    /// The machine is off; the clock goes on, or stands still.
    Night {
        clock_stands: bool,
    },
    /// A day goes by with everything running.
    NextDay,
    SetClock(i64),
    Open,
    /// seQura answers, and that is recorded or (the answer to a question) not.
    Meaning {
        recorded: bool,
    },
    /// The order is started; seQura answers.
    Start,
    /// Its confirmation: never leaves, or its answer is lost.
    Confirm {
        leaves: bool,
    },
    Recover,
}

const NIGHT: Move = Move::Night {
    clock_stands: false,
};

impl World {
    fn beginning() -> World {
        World {
            day: 0,
            ahead: 0,
            days: Vec::new(),
            client: None,
            sale: Sale::None,
        }
    }

    fn date(&self) -> i64 {
        self.day + self.ahead
    }

    fn is_clock_known_to_be_right(&self) -> bool {
        // What was heard goes on to be known: it is measured by a clock that nobody sets.
        self.ahead == 0 && self.client.is_some_and(|heard| heard.is_some())
    }

    fn is_clock_known_to_be_wrong(&self) -> bool {
        let heard = self.client.flatten();
        self.ahead != 0 && heard.is_some_and(|ahead| ahead != 0)
    }

    /// As `journal/days.rs` does it.
    fn note(&mut self) {
        let date = self.date();
        let own = self.days.iter().position(|day| day.date == date);
        let newest = self.days.iter().map(|day| day.number).max();
        let Some(number) = number_today(own.map(|at| self.days[at].number), newest) else {
            return;
        };
        let day = Day {
            date,
            number,
            confirmed_at: None,
        };
        match own {
            Some(at) => self.days[at] = day,
            None => {
                self.days.push(day);
                if let Sale::Order { new_dates, .. } = &mut self.sale {
                    *new_dates += 1;
                }
            }
        }
    }

    /// The same.
    fn note_verdict(&mut self) {
        let date = self.date();
        let after = matches!(self.sale, Sale::Order { at, .. } if date_of(at) == date);
        let moment = date * DAY_MS + if after { AFTER } else { BEFORE };
        let confirmed_at = match () {
            () if self.is_clock_known_to_be_right() => Some(moment),
            () if self.is_clock_known_to_be_wrong() => None,
            () => return,
        };
        let today = self.days.iter_mut().find(|day| day.date == date);
        today.expect("it was counted").confirmed_at = confirmed_at;
    }

    fn age(&self, limit: i64) -> Option<Age> {
        let Sale::Order { at, .. } = self.sale else {
            return None;
        };
        let now = self.date() * DAY_MS + NOW;
        let ages = Ages::new(self.days.clone(), now, self.is_clock_known_to_be_right());
        Some(ages.of(at, limit as u32))
    }

    /// The first promise and the fourth, of what is given up now.
    fn check_age(&self, limit: i64) {
        if let Sale::Order {
            day,
            new_dates,
            is_confirmed_there,
            ..
        } = self.sale
        {
            let is_old = self.day - day >= limit || new_dates > limit;
            assert!(is_old, "given up too early: {self:?}");
            assert!(!is_confirmed_there, "forgotten: {self:?}");
        }
    }

    /// As `tidying.rs` does it.
    fn tidy(&mut self) {
        let Sale::Order { life, .. } = self.sale else {
            return;
        };
        if life.can_be_abandoned() && self.age(LIMIT) == Some(Age::Due) {
            self.check_age(LIMIT);
            self.sale = Sale::GivenUp;
        }
    }

    /// Something happens to the order, and this is its life from now on.
    fn touch(&mut self, life: Life, is_confirmed_there: bool) {
        self.note();
        let date = self.date();
        for day in &mut self.days {
            if day.date == date {
                day.confirmed_at = day.confirmed_at.map(|_| date * DAY_MS + BEFORE);
            }
        }
        self.sale = Sale::Order {
            life,
            at: date * DAY_MS + THE_TOUCH,
            day: self.day,
            new_dates: 0,
            is_confirmed_there,
        };
        self.note_verdict();
    }

    /// As `recovery.rs` does it. None: nothing is open.
    fn recovered(&self) -> Option<World> {
        let mut next = self.clone();
        let Sale::Order {
            life,
            at,
            day,
            is_confirmed_there,
            ..
        } = self.sale
        else {
            return None;
        };
        let intent = life.intent?;
        if life.can_be_abandoned() {
            if next.age(UNSENT_LIVES) == Some(Age::Doubtful) {
                next.client = Some(Some(next.ahead));
            }
            match next.age(UNSENT_LIVES)? {
                Age::Doubtful => return Some(next),
                Age::Due => {
                    next.check_age(UNSENT_LIVES);
                    next.touch(life.withdrawn(), is_confirmed_there);
                    return Some(next);
                }
                Age::Young => {}
            }
            let was_right = date_of(at) == day;
            let is_old = self.day - day > UNSENT_LIVES;
            assert!(!(was_right && self.ahead == 0 && is_old), "sent: {self:?}");
        }
        let Begin::Send(begun) = life.begin(intent.step, Content::Same) else {
            panic!("what is open can be asked again: {self:?}");
        };
        next.client = Some(Some(next.ahead));
        next.touch(begun.answered(Meaning::Done, false), true);
        Some(next)
    }

    fn confirmed(&self, leaves: bool) -> Option<World> {
        let Sale::Order {
            life,
            is_confirmed_there,
            ..
        } = self.sale
        else {
            return None;
        };
        let Begin::Send(begun) = life.begin(Step::Confirm, Content::Same) else {
            return None;
        };
        let answer = match leaves {
            true => Meaning::Unknown,
            false => Meaning::NotSent,
        };
        let mut next = self.clone();
        next.touch(begun.answered(answer, false), is_confirmed_there || leaves);
        Some(next)
    }

    /// What comes of a move; none where it cannot be made.
    fn after(&self, one: Move) -> Option<World> {
        let mut next = self.clone();
        match one {
            Move::Night { clock_stands } => {
                next.day += 1;
                next.client = None;
                if clock_stands {
                    next.ahead -= 1;
                }
            }
            Move::NextDay => {
                self.client?;
                next.day += 1;
            }
            Move::SetClock(ahead) => {
                if ahead == self.ahead {
                    return None;
                }
                next.ahead = ahead;
            }
            Move::Open => {
                next.client = Some(None);
                next.note();
                next.tidy();
            }
            Move::Meaning { recorded } => {
                self.client?;
                next.client = Some(Some(self.ahead));
                if recorded {
                    next.note();
                    next.note_verdict();
                }
                next.tidy();
            }
            Move::Start => {
                self.client?;
                if self.sale != Sale::None {
                    return None;
                }
                next.client = Some(Some(self.ahead));
                next.touch(Life::SOLICITED, false);
            }
            Move::Confirm { leaves } => {
                self.client?;
                return self.confirmed(leaves);
            }
            Move::Recover => {
                self.client?;
                return self.recovered();
            }
        }
        Some(next)
    }

    fn moves() -> impl Iterator<Item = Move> {
        let set = AHEAD.into_iter().map(Move::SetClock);
        let others = [
            NIGHT,
            Move::Night { clock_stands: true },
            Move::NextDay,
            Move::Open,
            Move::Meaning { recorded: true },
            Move::Meaning { recorded: false },
            Move::Start,
            Move::Confirm { leaves: false },
            Move::Confirm { leaves: true },
            Move::Recover,
        ];
        set.chain(others)
    }
}

/// Every world that so many moves lead to.
fn explored() -> HashSet<World> {
    let mut found = HashSet::from([World::beginning()]);
    let mut last = vec![World::beginning()];
    for _ in 0..MOVES {
        let next = last.iter().flat_map(|world| {
            let moves = World::moves();
            moves.filter_map(|one| world.after(one))
        });
        last = next.filter(|world| found.insert(world.clone())).collect();
    }
    found
}

/// The promises that are about a world, and not about a move.
fn check(world: &World) {
    let greatest = world.days.iter().map(|day| day.number).max();
    let is_counted_once = greatest.unwrap_or(0) <= world.days.len() as i64;
    assert!(is_counted_once, "a date counted twice: {world:?}");

    if let Sale::Order {
        life,
        is_confirmed_there: true,
        ..
    } = world.sale
    {
        assert!(life.is_at_risk(), "forgotten: {world:?}");
        return;
    }
    let right = Move::SetClock(0);
    let with_a_line = [NIGHT, right, Move::Open, Move::Meaning { recorded: true }];
    for day in [&with_a_line[..], &with_a_line[..3]] {
        let mut later = world.clone();
        // Dates on which the journal was used before their time do not count once more.
        let used_ahead = world.days.iter().map(|used| used.date - world.day);
        for _ in 0..=used_ahead.max().unwrap_or(0).max(0) + 2 * LIMIT + 2 {
            for one in day {
                later = later.after(*one).unwrap_or(later);
            }
        }
        // Without a line, what is said to be touched in the future waits until seQura has spoken.
        let still_comes = |at| at > world.day * DAY_MS && day.len() < with_a_line.len();
        let is_left = matches!(later.sale, Sale::Order { at, .. } if !still_comes(at));
        assert!(!is_left, "for ever: {world:?}\n{later:?}");
    }
}

#[test]
fn nothing_is_taken_for_old_by_a_clock_that_is_wrong_and_nothing_stays_for_ever() {
    let worlds = explored();
    assert!(worlds.len() > 10_000, "only {} worlds", worlds.len());
    let somewhere = |what: &str, is: &dyn Fn(&World) -> bool| {
        assert!(worlds.iter().any(is), "never {what}");
    };
    somewhere("given up", &|world| world.sale == Sale::GivenUp);
    somewhere("in doubt", &|world| world.age(LIMIT) == Some(Age::Doubtful));
    let state = |world: &World| match world.sale {
        Sale::Order { life, .. } => Some(life.state),
        _ => None,
    };
    somewhere("confirmed", &|world| state(world) == Some(State::Confirmed));
    somewhere(
        "back before it was touched",
        &|world| matches!(world.sale, Sale::Order { at, day, .. } if date_of(at) > world.date() && world.day > day),
    );
    worlds.iter().for_each(check);
    eprintln!("{} worlds", worlds.len());
}

/// The same on long ways, of which there are too many to take all: always the same ones.
#[test]
fn nor_on_a_long_way() {
    const WAYS: u64 = 5000;
    const LENGTH: usize = 60;
    let settings = [-40, -5, -3, -1, 0, 0, 0, 1, 2, 3, 7, 40];
    let mut moves: Vec<Move> = World::moves().collect();
    moves.retain(|one| !matches!(one, Move::SetClock(_)));
    let mut random = 7_u64;
    let mut draw = |among: usize| {
        // Knuth's; the upper half is what looks like chance.
        random = random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) as usize % among
    };
    let mut given_up = 0;
    for _ in 0..WAYS {
        let mut world = World::beginning();
        for _ in 0..LENGTH {
            let one = match (draw(6), world.days.len()) {
                (0, _) => Move::SetClock(settings[draw(settings.len())]),
                // To a date that was there before.
                (1, used @ 1..) => Move::SetClock(world.days[draw(used)].date - world.day),
                _ => moves[draw(moves.len())],
            };
            world = world.after(one).unwrap_or(world);
            given_up += usize::from(world.sale == Sale::GivenUp);
        }
        check(&world);
    }
    assert!(given_up > 1000, "{given_up}");
}

/// Where these moves lead.
fn played(moves: &[Move]) -> World {
    moves.iter().fold(World::beginning(), |world, one| {
        world.after(*one).unwrap_or_else(|| panic!("{one:?}"))
    })
}

#[test]
fn a_date_that_comes_again_vouches_for_nothing() {
    let answer = Move::Meaning { recorded: true };
    let mut moves = vec![Move::Open, answer];
    moves.extend([NIGHT; 10]);
    // It is the 10th. The order is begun on "the 2nd"; then the first day, on which the clock was
    // known to be right, comes again.
    moves.extend([
        Move::SetClock(-8),
        Move::Open,
        Move::Start,
        Move::SetClock(-5),
        Move::Open,
        Move::SetClock(-10),
        Move::Open,
        Move::SetClock(0),
        Move::Open,
        answer,
    ]);
    let world = played(&moves);
    assert_eq!(world.age(LIMIT), Some(Age::Doubtful), "{world:?}");
}

#[test]
fn a_clock_that_begins_in_2010_every_morning_counts_one_day_a_day() {
    const MORNING: i64 = -5000;
    let mut moves = Vec::new();
    for day in 0..30 {
        let morning = Move::SetClock(MORNING - day);
        let answer = Move::Meaning { recorded: true };
        let touch = if day == 10 { Move::Start } else { Move::Open };
        moves.extend([morning, Move::Open, touch, Move::SetClock(0), answer, NIGHT]);
    }
    let world = played(&moves);
    let greatest = world.days.iter().map(|day| day.number).max();
    assert_eq!((world.days.len(), greatest), (31, Some(31)));
    // As long as it does so, nobody can tell from when what was touched in a morning is.
    assert_eq!(world.age(LIMIT), Some(Age::Doubtful), "{world:?}");
    // The battery is replaced.
    let mut later = world;
    for _ in 0..=LIMIT {
        later = [NIGHT, Move::Open]
            .iter()
            .fold(later, |world, one| world.after(*one).unwrap_or(world));
    }
    assert_eq!(later.sale, Sale::GivenUp);
}
