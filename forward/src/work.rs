//! Every journal of a configuration, each by a thread of its own: for ever, or until the office has what there is.

use crate::carrier::{Carrier, Step};
use crate::crash_point::reached;
use crate::exit;
use crate::log::Log;
use crate::office::Office;
use crate::pace::Pace;
use crate::secrets::Secrets;
use crate::settings::Settings;
use crate::trouble::{Kind, Trouble};
use sequra_pos::inside::journal::now_ms;
use sequra_pos::outbox::{Headway, Position};
use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Between two looks whether a till has written.
const LOOK: Duration = Duration::from_millis(200);
/// A journal that no till has open is let go of when nothing has happened for so long.
const ASLEEP: Duration = Duration::from_secs(10);
/// Notes that the office has are removed when nobody has written for so long, or when there are many.
const QUIET: Duration = Duration::from_secs(2);
const MANY: i64 = 20_000;
/// What a till shows of the forwarder's work is written no more often than this, and no less often than that.
const SHOWN_AGAIN: Duration = Duration::from_secs(2);
const SHOWN_AT_LEAST: Duration = Duration::from_secs(300);
/// A trouble that stays is said again, once in so long.
const SAID_AGAIN: Duration = Duration::from_secs(3600);
/// As often it is tried once, before the program ends.
const TRIES: u32 = 3;

/// Whether the program is to end.
#[derive(Debug, Default)]
pub struct Stop(AtomicBool);

impl Stop {
    pub const fn new() -> Stop {
        Stop(AtomicBool::new(false))
    }

    pub fn ask(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    pub fn is_asked(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

/// What all journals' threads work with.
#[derive(Debug)]
pub struct Work<'a> {
    pub settings: &'a Settings,
    pub office: &'a Office,
    pub secrets: &'a Secrets,
    pub log: &'a Log,
    pub stop: &'a Stop,
}

impl Work<'_> {
    /// Carries every journal until it is asked to stop.
    pub fn for_ever(&self) {
        std::thread::scope(|threads| {
            for path in &self.settings.journals {
                threads.spawn(move || {
                    while !self.stop.is_asked() {
                        // A bug of one journal's does not end the others, nor itself for long.
                        let done = std::panic::catch_unwind(AssertUnwindSafe(|| self.carry(path)));
                        if done.is_err() {
                            self.log
                                .say(path, "a bug of this program, caught. Please report it");
                            self.wait(Duration::from_secs(10), || false);
                        }
                    }
                });
            }
        });
    }

    fn carry(&self, path: &Path) {
        let mut duty = Duty::new(self, path);
        let mut pace = Pace::default();
        while !self.stop.is_asked() {
            match duty.go() {
                Ok(Step::More) => pace.done(),
                Ok(Step::Done) => {
                    pace.done();
                    self.wait(Duration::MAX, || duty.rest());
                }
                Err(trouble) => {
                    duty.tell(&trouble);
                    let pause = pace.pause(&trouble);
                    self.wait(pause, || duty.carrier.is_kept_anew());
                }
            }
        }
        duty.end();
    }

    /// Waits so long, or until something has happened, or the program is to end.
    fn wait(&self, most: Duration, mut has_happened: impl FnMut() -> bool) {
        let began = Instant::now();
        while !self.stop.is_asked() {
            let left = most.saturating_sub(began.elapsed());
            if left.is_zero() {
                return;
            }
            std::thread::sleep(left.min(LOOK));
            if has_happened() {
                return;
            }
        }
    }

    /// Carries what there is, journal by journal; the exit status that says how.
    pub fn once(&self) -> u8 {
        let ended = self.settings.journals.iter().map(|path| self.drain(path));
        ended.max().unwrap_or(exit::DONE)
    }

    fn drain(&self, path: &Path) -> u8 {
        let mut duty = Duty::new(self, path);
        let mut pace = Pace::default();
        let mut failed = 0;
        loop {
            let trouble = match duty.go() {
                Ok(Step::More) => {
                    failed = 0;
                    continue;
                }
                Ok(Step::Done) => {
                    duty.end();
                    return exit::DONE;
                }
                Err(trouble) => trouble,
            };
            failed += 1;
            let is_last = failed >= TRIES || trouble.after.is_some();
            if is_last || matches!(trouble.kind, Kind::Person | Kind::Busy | Kind::Here) {
                duty.tell(&trouble);
                return exit::of(trouble.kind);
            }
            std::thread::sleep(pace.pause(&trouble));
        }
    }
}

/// One journal's carrier, and what is said and tidied beside its work.
struct Duty<'a> {
    carrier: Carrier<'a>,
    log: &'a Log,
    /// What a till is shown, when it was, and whether there is something else to show.
    shown: Headway,
    shown_at: Option<Instant>,
    trouble: Option<(String, Instant)>,
    acknowledged_at: Option<i64>,
    tidied: Option<Position>,
    /// When something was last carried.
    worked_at: Instant,
}

impl<'a> Duty<'a> {
    fn new(work: &Work<'a>, path: &Path) -> Duty<'a> {
        let ask_every = work.settings.ask_every;
        Duty {
            carrier: Carrier::new(path, work.office, work.secrets, work.log, ask_every),
            log: work.log,
            shown: Headway::default(),
            shown_at: None,
            trouble: None,
            acknowledged_at: None,
            tidied: None,
            worked_at: Instant::now(),
        }
    }

    fn go(&mut self) -> Result<Step, Trouble> {
        let step = self.carrier.step()?;
        if step == Step::More {
            self.worked_at = Instant::now();
        }
        self.acknowledged_at = Some(now_ms());
        if self.trouble.take().is_some() {
            self.log
                .say(self.carrier.path(), "the office answers again");
        }
        let many = self.untidied().is_some_and(|(_, notes)| notes >= MANY);
        if many {
            self.tidy()?;
        }
        self.show(step == Step::Done);
        Ok(step)
    }

    /// Whether there is something to do. What is no hurry is done here meanwhile.
    fn rest(&mut self) -> bool {
        match self.carrier.has_work() {
            Ok(false) => {}
            // What is wrong is said by the step that meets it.
            Ok(true) | Err(_) => return true,
        }
        if self.carrier.is_asleep() {
            return false;
        }
        if self.worked_at.elapsed() >= QUIET && self.untidied().is_some() {
            let _ = self.tidy();
        }
        self.show(true);
        if self.worked_at.elapsed() >= ASLEEP {
            self.carrier.sleep();
        }
        false
    }

    /// Up to where the office has everything, and how much of that the journal still has notes of.
    fn untidied(&mut self) -> Option<(Position, i64)> {
        let (position, _) = self.carrier.acknowledged()?;
        let before = self.tidied.map_or(0, |tidied| tidied.seq);
        (self.tidied != Some(position)).then_some((position, position.seq - before))
    }

    fn tidy(&mut self) -> Result<(), Trouble> {
        if let Some((position, outbox)) = self.carrier.acknowledged() {
            outbox.acknowledge(position)?;
            self.tidied = Some(position);
            reached("tidied");
        }
        Ok(())
    }

    /// Shows tills how far it is. Not each time: it is a file of its own, which has to be written.
    fn show(&mut self, is_news: bool) {
        let since = self.shown_at.map(|at| at.elapsed());
        let position = self.carrier.acknowledged().map(|(position, _)| position);
        let trouble = self.trouble.as_ref().map(|(short, _)| short.clone());
        let is_other = (position, &trouble) != (self.shown.acknowledged, &self.shown.trouble);
        let is_due = match since {
            None => true,
            Some(since) if is_other && is_news => since >= SHOWN_AGAIN,
            Some(since) if is_other => since >= 2 * SHOWN_AGAIN,
            Some(since) => since >= SHOWN_AT_LEAST,
        };
        if !is_due {
            return;
        }
        let headway = Headway {
            acknowledged: position.or(self.shown.acknowledged),
            acknowledged_at: self.acknowledged_at,
            seen_at: Some(now_ms()),
            trouble,
        };
        self.shown_at = Some(Instant::now());
        if let Some(outbox) = self.carrier.outbox()
            && outbox.show(&headway).is_ok()
        {
            self.shown = headway;
            reached("shown");
        }
    }

    /// Says what keeps it from its work, once.
    fn tell(&mut self, trouble: &Trouble) {
        let is_said = self
            .trouble
            .as_ref()
            .is_some_and(|(short, at)| *short == trouble.short && at.elapsed() < SAID_AGAIN);
        if !is_said {
            self.log.say(self.carrier.path(), &trouble.long);
            self.trouble = Some((trouble.short.clone(), Instant::now()));
        }
        // Of two forwarders the one that works says how far it is.
        if trouble.kind != Kind::Busy {
            self.show(true);
        }
    }

    /// Leaves everything in order.
    fn end(&mut self) {
        if self.untidied().is_some() {
            let _ = self.tidy();
        }
        self.shown_at = None;
        self.show(true);
    }
}
