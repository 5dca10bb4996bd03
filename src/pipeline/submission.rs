//! What is sent to seQura and changes something there, as the five steps see it.

use crate::api::endpoints::Request;
use crate::api::transport::Exchange;
use crate::heard::Heard;
use crate::journal::{Entry, JournalError};
use crate::outcome::{OrderView, Outcome};
use crate::vocabulary::Next;
use std::time::{Duration, Instant};

/// A step of an order, or a merchant's delivery report. It says what differs from one to the other, and nothing
/// else: the five steps are in [`super::run`], once.
pub(crate) trait Submission {
    /// What may be recorded and sent.
    type Ready;
    /// The right to send what was recorded, and to record what comes of it.
    type Claim: Claim;
    /// What the answer leaves in the journal beside its log entry.
    type Closing;
    /// What is said of those who are in the way.
    const WORDS: Words;

    /// What results and the log call it.
    fn name(&self) -> &'static str;

    /// seQura's reference of the order, where it is about one that has it.
    fn uuid(&self) -> Option<&str> {
        None
    }

    /// What calls that must not go on side by side have in common.
    fn turn(&self) -> String;

    /// Step 1: whether it may be sent, and what exactly.
    fn validate(&mut self) -> Result<Self::Ready, Box<Outcome>>;

    /// Step 2: records it, and claims it for so long. One durable write.
    fn record_intent(
        &self,
        ready: &Self::Ready,
        claim_for: Duration,
        until: Instant,
    ) -> Result<Begun<Self::Claim>, JournalError>;

    /// Step 3: what is sent.
    fn request(&self, ready: &Self::Ready, claim: &Self::Claim) -> Request;

    /// What is sent after this answer, where seQura may have it at another address.
    fn other_request(&self, _claim: &Self::Claim, _exchange: &Exchange) -> Option<Request> {
        None
    }

    /// What the answer says.
    fn hear(&self, ready: &Self::Ready, exchange: &Exchange, deadline: Instant) -> Heard;

    /// What it comes to: for the journal, and for the till.
    fn conclude(
        &self,
        ready: &Self::Ready,
        claim: &Self::Claim,
        heard: Heard,
        exchange: &Exchange,
    ) -> Concluded<Self::Closing>;

    /// Step 4: records what came of it, and gives the claim back. One durable write.
    fn record_outcome(
        &self,
        ready: &Self::Ready,
        claim: &Self::Claim,
        entry: &Entry,
        closing: &Self::Closing,
        until: Instant,
    ) -> Result<Left, JournalError>;

    /// The order as it was sent, and where that led.
    fn as_sent(&self, _ready: &Self::Ready, _entry: &Entry) -> Option<OrderView> {
        None
    }
}

/// The right to send what was recorded.
pub(crate) trait Claim {
    /// No one else takes it over before.
    fn until(&self) -> Instant;

    /// Whether an earlier attempt may have sent it, and no till decides about it now.
    fn is_taken_up(&self) -> bool;
}

/// How an attempt to record an intent ended.
pub(crate) enum Begun<C> {
    /// Recorded, and claimed by this client.
    Ours(C),
    /// Another call changed what it is about since that was read.
    Changed,
    /// Another process is working on it.
    Busy,
    /// It is not sent.
    Ended(Box<Outcome>),
}

/// What an answer comes to.
pub(crate) struct Concluded<C> {
    /// For the log.
    pub(crate) entry: Entry,
    /// For the journal beside it.
    pub(crate) closing: C,
    /// For the till; what the journal then has of the order comes on top.
    pub(crate) outcome: Outcome,
}

/// What the journal has once an outcome is recorded.
pub(crate) struct Left {
    /// Where it is about an order.
    pub(crate) order: Option<OrderView>,
    /// The claim had run out, and another till has gone on: what is due as that till left it.
    pub(crate) overtaken: Option<Next>,
}

/// What is said of those who are in the way.
pub(crate) struct Words {
    /// Another call of this client is at it, and does not finish in time.
    pub(crate) busy_here: &'static str,
    /// The same of another till.
    pub(crate) busy_elsewhere: &'static str,
    /// Another till has gone on while this one was at it.
    pub(crate) overtaken: &'static str,
    /// seQura's answer is not in the journal; why follows.
    pub(crate) unrecorded: &'static str,
}
