//! How a journal gets to be known at the office. The token is drawn here and kept before it is asked for, with the code: an
//! answer that gets lost costs nothing, whoever asks again.

use crate::crash_point::reached;
use crate::journal::Open;
use crate::office::{No, Office};
use crate::secrets::{Enrolling, Kept, Secret, Secrets, drawn};
use crate::trouble::Trouble;
use sequra_frames::enrolment::Enrolment;
use sequra_frames::refusal::Code;
use sequra_frames::standing::Standing;

/// Bytes of a token, and of an incarnation.
const TOKEN: usize = 32;
const INCARNATION: usize = 16;

/// A life of a journal that nobody has yet.
pub fn new_incarnation() -> Result<String, Trouble> {
    drawn(INCARNATION)
}

/// Keeps that the journal is to be enrolled by this code; the same code again goes on with what was begun.
pub fn prepare(open: &Open, secrets: &Secrets, code: &str, machine: &str) -> Result<Kept, Trouble> {
    let code = Secret::of(code);
    let mut enrolling = Enrolling {
        token: Secret::of(&drawn(TOKEN)?),
        incarnation: match open.identity()? {
            Some(identity) => identity.incarnation,
            None => new_incarnation()?,
        },
        machine: machine.to_owned(),
        code,
    };
    let kept = secrets.change(&open.journal_id()?, |kept| {
        if kept.enrolling.as_ref().map(|begun| &begun.code) == Some(&enrolling.code) {
            return;
        }
        // It was answered, and whoever asked for it has not heard that.
        if let Some(token) = kept.token.clone()
            && kept.code.as_ref() == Some(&enrolling.code)
        {
            enrolling.token = token;
        }
        kept.enrolling = Some(enrolling);
    })?;
    reached("enrolment_kept");
    Ok(kept)
}

/// Asks for what is to be enrolled, and enrols the journal here; where the office stands.
pub fn finish(
    open: &Open,
    office: &Office,
    secrets: &Secrets,
    enrolling: Enrolling,
) -> Result<Standing, Trouble> {
    let journal_id = open.journal_id()?;
    let asked = Enrolment {
        code: enrolling.code.expose().to_owned(),
        token: enrolling.token.expose().to_owned(),
        journal_id: journal_id.clone(),
        incarnation: enrolling.incarnation.clone(),
        machine: enrolling.machine.clone(),
    };
    let standing = match office.enrol(&asked) {
        Ok(standing) => standing,
        Err(no) => {
            // A code that is none is not asked for again and again.
            if let No::Refused(refusal, _) = &no
                && refusal.code == Code::CodeRefused
            {
                secrets.change(&journal_id, |kept| {
                    if kept.enrolling.as_ref() == Some(&enrolling) {
                        kept.enrolling = None;
                    }
                })?;
            }
            return Err(no.into());
        }
    };
    reached("enrolment_answered");
    let is_known = open
        .identity()?
        .is_some_and(|identity| identity.incarnation == enrolling.incarnation);
    // An office that has nothing of it is told everything, also what another one was told already.
    if !is_known || standing.position.is_none() {
        open.outbox.enrol(&enrolling.incarnation, standing.epoch)?;
    }
    reached("journal_enrolled");
    secrets.change(&journal_id, |kept| {
        kept.token = Some(enrolling.token.clone());
        kept.code = Some(enrolling.code.clone());
        kept.next = None;
        if kept.enrolling.as_ref() == Some(&enrolling) {
            kept.enrolling = None;
        }
    })?;
    reached("enrolment_done");
    Ok(standing)
}

/// The name of this machine, for a person to recognise it by.
pub fn machine_name() -> String {
    let said = |name: &str| std::env::var(name).ok();
    let read = |path: &str| std::fs::read_to_string(path).ok();
    let name = match cfg!(windows) {
        true => said("COMPUTERNAME"),
        false => read("/proc/sys/kernel/hostname").or_else(|| read("/etc/hostname")),
    };
    let name = name.map(|name| name.trim().to_owned());
    name.filter(|name| !name.is_empty())
        .unwrap_or_else(|| "unknown".to_owned())
}
