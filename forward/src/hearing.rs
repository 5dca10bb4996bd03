//! What a journal's carrier does about the office's word: its standing, its fences, its refusals, and another life of the
//! journal where that is not where the office stands.

use crate::carrier::{Carrier, Step};
use crate::crash_point::reached;
use crate::enrolment;
use crate::office::No;
use crate::secrets::Next;
use crate::trouble::Trouble;
use sequra_frames::enrolment::{Incarnation, Why};
use sequra_frames::refusal::Code;
use sequra_frames::standing::{Fence, Standing};
use sequra_pos::inside::journal::now_ms;
use sequra_pos::outbox::{self, Identity};
use std::time::Instant;

/// A clock is wrong that is so far from the office's.
const SKEW_MS: u64 = 5 * 60 * 1000;

impl Carrier<'_> {
    /// Does what the office says, before anything else is done.
    pub(crate) fn heard(
        &mut self,
        standing: Standing,
        identity: &mut Identity,
    ) -> Result<(), Trouble> {
        self.fence(&standing.fences)?;
        let is_restored = standing.epoch > identity.epoch;
        let has_nothing = standing.position.is_none() && !self.session().is_noted;
        if is_restored || has_nothing {
            let epoch = standing.epoch.max(identity.epoch);
            let outbox = &self.place.open()?.outbox;
            outbox.enrol(&identity.incarnation, epoch)?;
            let what = match is_restored {
                true => format!("the office is in epoch {epoch} now; everything is said anew"),
                false => "the office has nothing; everything is said".to_owned(),
            };
            self.log.say(self.place.path(), &what);
            identity.epoch = epoch;
        }
        self.look_at_the_clock(standing.now);
        let session = self.session_mut();
        session.is_noted = standing.position.is_none();
        session.standing = Some(standing);
        session.asked_at = Some(Instant::now());
        reached("heard");
        Ok(())
    }

    /// What the office has taken over is the journal's knowledge before it hears anything else of it.
    fn fence(&mut self, fences: &[Fence]) -> Result<(), Trouble> {
        let known = &self.session().fences;
        let new: Vec<&Fence> = fences
            .iter()
            .filter(|fence| !known.contains(&name(fence)))
            .collect();
        if new.is_empty() {
            return Ok(());
        }
        let at = now_ms();
        let outbox = &self.place.open()?.outbox;
        let rows: Vec<_> = new.iter().map(|fence| written(fence, at)).collect();
        if outbox.fence(&rows).is_err() {
            // One that the journal cannot keep does not keep the others out.
            for row in &rows {
                outbox.fence(std::slice::from_ref(row))?;
            }
        }
        reached("fenced");
        let what = format!("the office has taken over {} orders", new.len());
        let names: Vec<String> = new.into_iter().map(name).collect();
        self.session_mut().fences.extend(names);
        self.log.say(self.place.path(), &what);
        Ok(())
    }

    fn look_at_the_clock(&mut self, office: i64) {
        let off = now_ms().abs_diff(office);
        let is_skewed = off > SKEW_MS;
        if is_skewed && !self.session().is_skewed {
            let what = format!("this machine's clock is {} s from the office's", off / 1000);
            self.log.say(self.place.path(), &what);
        }
        self.session_mut().is_skewed = is_skewed;
    }

    /// The office has said no, or nothing.
    pub(crate) fn refused(&mut self, no: No, identity: &Identity) -> Result<Step, Trouble> {
        self.session_mut().asked_at = None;
        match &no {
            No::Refused(refusal, _) => match (refusal.code, &refusal.standing) {
                (Code::UnknownIncarnation, _) => self.another_life(identity, Why::Unknown),
                (Code::Elsewhere, Some(standing)) => {
                    let mut identity = identity.clone();
                    self.heard(standing.clone(), &mut identity)?;
                    Ok(Step::More)
                }
                (Code::Unreadable, _) if self.share > 1 => {
                    self.share /= 4;
                    self.share = self.share.max(1);
                    Ok(Step::More)
                }
                _ => Err(no.into()),
            },
            No::TooSlow(_) => {
                self.share = (self.share / 4).max(1);
                Err(no.into())
            }
            No::Unanswered(_) => Err(no.into()),
        }
    }

    /// The journal is not where the office stands: from now on it is another one, and says everything anew.
    pub(crate) fn another_life(&mut self, identity: &Identity, why: Why) -> Result<Step, Trouble> {
        let next = Next {
            incarnation: enrolment::new_incarnation()?,
            parent: identity.incarnation.clone(),
            why,
        };
        self.keep(|kept| kept.next = Some(next.clone()))?;
        reached("life_kept");
        let said = match why {
            Why::Elsewhere => {
                "this disk has never been where the office stands: it was put back, copied or mended"
            }
            Why::TooOld => "what was noted since the office's position is no longer kept",
            Why::Unknown => "the office does not know this life of the journal",
        };
        let what = format!("{said}; another life begins, and everything is said anew");
        self.log.say(self.place.path(), &what);
        self.begin_life(next)
    }

    pub(crate) fn begin_life(&mut self, next: Next) -> Result<Step, Trouble> {
        let (mut identity, token) = self.enrolled()?;
        let asked = Incarnation {
            journal_id: identity.journal_id.clone(),
            incarnation: next.incarnation.clone(),
            parent: next.parent.clone(),
            why: next.why,
        };
        let standing = self.office.begin(&token, &asked).map_err(Trouble::from)?;
        reached("life_answered");
        let outbox = &self.place.open()?.outbox;
        outbox.enrol(&next.incarnation, standing.epoch)?;
        reached("life_begun");
        self.keep(|kept| kept.next = None)?;
        identity.incarnation = next.incarnation;
        identity.epoch = standing.epoch;
        self.session_mut().is_noted = true;
        self.heard(standing, &mut identity)?;
        Ok(Step::More)
    }
}

/// What tells one word of the office's on an order from another.
fn name(fence: &Fence) -> String {
    serde_json::to_string(fence).expect("a fence is JSON")
}

fn written(fence: &Fence, at: i64) -> (String, String, outbox::Fence) {
    let said = outbox::Fence {
        epoch: fence.epoch,
        taken_by: fence.taken_by.clone(),
        order_ref_1: fence.order_ref_1.clone(),
        at,
    };
    (fence.endpoint.clone(), fence.uuid.clone(), said)
}
