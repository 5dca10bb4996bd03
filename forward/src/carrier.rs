//! One journal's way to the office: where the office stands, what has changed since, and what it says to that.

use crate::crash_point::reached;
use crate::enrolment;
use crate::framing::{frame, here, leave_out_what_is_large};
use crate::journal::Place;
use crate::lock::Lock;
use crate::log::Log;
use crate::office::{Office, fits};
use crate::secrets::{Kept, Secret, Secrets};
use crate::trouble::{Kind, Trouble};
use sequra_frames::enrolment::Why;
use sequra_frames::frame::{Frame, Stream};
use sequra_frames::sealing::SealError;
use sequra_frames::standing::Standing;
use sequra_pos::outbox::{self, Identity, Outbox, Reading, Wanted};
use std::collections::HashSet;
use std::path::Path;
use std::time::{Duration, Instant, SystemTime};

/// Orders of one frame, and entries of the log.
const MOST: usize = 100;
/// Rows of one frame, about; bytes.
const MOST_BYTES: usize = 512 << 10;

/// What came of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Something went its way; there may be more.
    More,
    /// The office has everything.
    Done,
}

/// Carries one journal.
#[derive(Debug)]
pub struct Carrier<'a> {
    pub(crate) place: Place,
    pub(crate) office: &'a Office,
    secrets: &'a Secrets,
    pub(crate) log: &'a Log,
    ask_every: Duration,
    session: Option<Session>,
    /// As many orders go into one frame; fewer while the line is slow.
    pub(crate) share: usize,
}

/// What is known of the journal that is open.
#[derive(Debug)]
pub(crate) struct Session {
    journal_id: String,
    pub(crate) kept: Kept,
    kept_at: Option<SystemTime>,
    _lock: Lock,
    pub(crate) standing: Option<Standing>,
    pub(crate) asked_at: Option<Instant>,
    /// The office has nothing, and everything has been noted as changed for it.
    pub(crate) is_noted: bool,
    /// What was written into the journal already.
    pub(crate) fences: HashSet<String>,
    pub(crate) is_skewed: bool,
}

impl<'a> Carrier<'a> {
    pub fn new(
        path: &Path,
        office: &'a Office,
        secrets: &'a Secrets,
        log: &'a Log,
        ask_every: Duration,
    ) -> Carrier<'a> {
        Carrier {
            place: Place::new(path),
            office,
            secrets,
            log,
            ask_every,
            session: None,
            share: MOST,
        }
    }

    pub fn path(&self) -> &Path {
        self.place.path()
    }

    /// Whether a till has written to the journal, or what is kept of it was changed: there is something to do.
    pub fn has_work(&mut self) -> Result<bool, Trouble> {
        let is_other = self.is_kept_anew();
        let Some(session) = &self.session else {
            return Ok(true);
        };
        let is_due = session
            .asked_at
            .is_none_or(|asked| asked.elapsed() >= self.ask_every);
        Ok(self.place.has_changed()? || is_other || is_due)
    }

    /// Whether somebody has enrolled the journal anew.
    pub fn is_kept_anew(&self) -> bool {
        self.session
            .as_ref()
            .is_some_and(|session| self.secrets.changed(&session.journal_id) != session.kept_at)
    }

    /// Where the office stands, and the journal to say so to; none: nobody knows.
    pub fn acknowledged(&mut self) -> Option<(outbox::Position, &Outbox)> {
        let position = here(self.session.as_ref()?.standing.as_ref()?.position?);
        let outbox = &self.place.open().ok()?.outbox;
        Some((position, outbox))
    }

    /// The journal, as far as it can be had.
    pub fn outbox(&mut self) -> Option<&Outbox> {
        Some(&self.place.open().ok()?.outbox)
    }

    /// Lets go of the journal while no till has it open, until one opens it or the office is to be asked.
    pub fn sleep(&mut self) {
        self.place.sleep();
    }

    pub fn is_asleep(&self) -> bool {
        self.place.is_asleep()
    }

    /// Lets go of everything; the next step begins anew.
    pub fn forget(&mut self) {
        self.session = None;
        self.place.close();
    }

    /// Goes one step: at most one frame.
    pub fn step(&mut self) -> Result<Step, Trouble> {
        let done = self.try_step();
        if let Err(trouble) = &done
            && matches!(trouble.kind, Kind::Journal | Kind::Busy)
        {
            self.forget();
        }
        done
    }

    fn try_step(&mut self) -> Result<Step, Trouble> {
        self.begin()?;
        let (mut identity, token) = self.enrolled()?;
        if let Some(next) = self.session().kept.next.clone() {
            match next.parent == identity.incarnation {
                true => return self.begin_life(next),
                // It was begun, or is of a journal that is no more here.
                false => self.keep(|kept| kept.next = None)?,
            }
        }
        let stream = stream(&identity);
        let session = self.session();
        let is_due = session
            .asked_at
            .is_none_or(|asked| asked.elapsed() >= self.ask_every);
        if session.standing.is_none() || is_due {
            match self.office.standing(&token, &stream) {
                Ok(standing) => self.heard(standing, &mut identity)?,
                Err(no) => return self.refused(no, &identity),
            }
        }
        let standing = self.session().standing.clone();
        let standing = standing.expect("it was just heard");
        let wanted = Wanted {
            from: standing.position.map(here),
            entries_after: standing.entries,
            most: self.share,
            most_bytes: MOST_BYTES * self.share / MOST,
        };
        let changes = match self.place.open()?.outbox.changes(wanted)? {
            Reading::Nothing => return Ok(Step::Done),
            Reading::Elsewhere => return self.another_life(&identity, Why::Elsewhere),
            Reading::TooOld => return self.another_life(&identity, Why::TooOld),
            Reading::Changes(changes) => changes,
        };
        let Some(text) = self.framed(&stream, &standing, *changes)? else {
            return Ok(Step::More);
        };
        reached("before_frame");
        match self.office.send(&token, &text) {
            Ok(standing) => {
                reached("frame_answered");
                self.share = MOST.min(self.share * 2);
                self.heard(standing, &mut identity)?;
                Ok(Step::More)
            }
            Err(no) => self.refused(no, &identity),
        }
    }

    /// Opens the journal, and takes what is kept of it.
    fn begin(&mut self) -> Result<(), Trouble> {
        let journal_id = self.place.open()?.journal_id()?;
        let is_other = |session: &Session| session.journal_id != journal_id;
        if self.session.as_ref().is_some_and(is_other) || self.is_kept_anew() {
            self.session = None;
        }
        if self.session.is_none() {
            self.session = Some(Session {
                _lock: Lock::take(&self.secrets.lock_file(&journal_id, self.place.path()))?,
                kept_at: self.secrets.changed(&journal_id),
                kept: self.secrets.read(&journal_id)?,
                journal_id,
                standing: None,
                asked_at: None,
                is_noted: false,
                fences: HashSet::new(),
                is_skewed: false,
            });
        }
        if let Some(enrolling) = self.session().kept.enrolling.clone() {
            let open = self.place.open()?;
            let is_new = open.identity()?.is_none();
            let standing = enrolment::finish(open, self.office, self.secrets, enrolling)?;
            self.log.say(
                self.place.path(),
                &format!("enrolled, in the office's epoch {}", standing.epoch),
            );
            self.reread()?;
            self.session_mut().is_noted = is_new || standing.position.is_none();
        }
        Ok(())
    }

    pub(crate) fn session(&self) -> &Session {
        self.session.as_ref().expect("a step begins with one")
    }

    pub(crate) fn session_mut(&mut self) -> &mut Session {
        self.session.as_mut().expect("a step begins with one")
    }

    fn reread(&mut self) -> Result<(), Trouble> {
        let journal_id = self.session().journal_id.clone();
        let (changed, kept) = (
            self.secrets.changed(&journal_id),
            self.secrets.read(&journal_id)?,
        );
        let session = self.session_mut();
        (session.kept_at, session.kept) = (changed, kept);
        Ok(())
    }

    pub(crate) fn keep(&mut self, change: impl FnOnce(&mut Kept)) -> Result<(), Trouble> {
        let journal_id = self.session().journal_id.clone();
        self.secrets.change(&journal_id, change)?;
        self.reread()
    }

    /// Who the journal is at the office, and its token.
    pub(crate) fn enrolled(&mut self) -> Result<(Identity, Secret), Trouble> {
        let person = |what: &str| Trouble::plain(Kind::Person, what);
        let identity = self.place.open()?.identity()?;
        let identity = identity
            .ok_or_else(|| person("the journal is not enrolled: sequra-forward enrol does it"))?;
        let token = self.session().kept.token.clone();
        let token = token
            .ok_or_else(|| person("this machine has no token of the journal: enrol it again"))?;
        Ok((identity, token))
    }

    /// The frame's JSON; none: it is too large, and the next one will be smaller.
    fn framed(
        &mut self,
        stream: &Stream,
        standing: &Standing,
        mut changes: outbox::Changes,
    ) -> Result<Option<Vec<u8>>, Trouble> {
        let from = standing.position;
        let written = |changes: outbox::Changes| -> Result<Vec<u8>, Trouble> {
            let made: Frame = frame(stream, &standing.key, from, changes).map_err(no_key)?;
            Ok(serde_json::to_vec(&made).expect("a frame is JSON"))
        };
        if self.share > 1 {
            let text = written(changes)?;
            let is_one = fits(&text);
            if !is_one {
                self.share = 1;
            }
            return Ok(is_one.then_some(text));
        }
        let whole = written(changes.clone())?;
        if fits(&whole) {
            return Ok(Some(whole));
        }
        let left_out = leave_out_what_is_large(&mut changes);
        let what = format!("{left_out} values are too large to be sent, and were left out");
        self.log.say(self.place.path(), &what);
        written(changes).map(Some)
    }
}

fn stream(identity: &Identity) -> Stream {
    Stream {
        journal_id: identity.journal_id.clone(),
        incarnation: identity.incarnation.clone(),
    }
}

fn no_key(error: SealError) -> Trouble {
    let short = "the office's key cannot be used; nothing is sent without it";
    Trouble::new(Kind::Office, short, format!("{short}: {error}"))
}
