//! The trace that support can ask for: one line for each step of a call, in a file of its own. What is in it: times,
//! statuses, seQura's request ids, orders by uuid; nothing of the shopper, no ticket number, nothing secret, and no word
//! that anybody else wrote. What goes wrong with it is nobody's trouble: the line is not written.

mod file;
mod line;

use crate::address::is_uuid;
use crate::config::Config;
use crate::outcome::Outcome;
use crate::problem::Problem;
use crate::vocabulary::ErrorCode;
use file::TraceFile;
use line::Line;
use std::cell::Cell;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

/// The last call that was begun in this process.
static LAST: AtomicU64 = AtomicU64::new(0);

thread_local! {
    /// The call that this thread is at.
    static CALL: Cell<Option<Call>> = const { Cell::new(None) };
}

#[derive(Clone, Copy)]
struct Call {
    number: u64,
    began: Instant,
}

impl Call {
    fn begin() -> Call {
        let call = Call {
            number: LAST.fetch_add(1, Ordering::Relaxed) + 1,
            began: Instant::now(),
        };
        CALL.set(Some(call));
        call
    }
}

/// Where a client traces its calls; most do not.
#[derive(Clone, Debug, Default)]
pub(crate) struct Trace(Option<Arc<TraceFile>>);

/// What came of an attempt to get an answer.
pub(crate) struct Attempt<'a> {
    /// `GET`, `POST` or `PUT`.
    pub(crate) method: &'a str,
    /// Of the request's address; told of it is no more than an order's uuid.
    pub(crate) path: &'a str,
    /// Which of the call's attempts to send this request.
    pub(crate) number: u32,
    /// HTTP status, where at least that came.
    pub(crate) status: Option<u16>,
    /// As the answer had it.
    pub(crate) request_id: Option<&'a str>,
    /// Why there is no answer.
    pub(crate) failed: Option<ErrorCode>,
}

impl Trace {
    /// As the configuration says; a new file is for those who may have the journal.
    pub(crate) fn of(config: &Config, journal: Option<&Path>) -> Trace {
        Trace(config.trace.as_ref().map(|settings| {
            Arc::new(TraceFile {
                path: settings.file.clone(),
                most: settings.max_bytes,
                rights: journal.map(Path::to_owned),
                ..TraceFile::default()
            })
        }))
    }

    /// When something that is traced begins; none where nothing is.
    pub(crate) fn now(&self) -> Option<Instant> {
        self.0.as_ref().map(|_| Instant::now())
    }

    /// A client was opened, which took so long: by which version, and for where. What is wrong where that cannot be
    /// written.
    pub(crate) fn opened(&self, config: &Config, began: Option<Instant>) -> Option<Problem> {
        let file = self.0.as_ref()?;
        let mut line = self.line("opened", began)?;
        CALL.set(None);
        line.text("version", Some(env!("CARGO_PKG_VERSION")));
        line.text("base_url", Some(&config.base_url.to_string()));
        let why = file.append(&line.end()).err()?;
        let message = format!(
            "{} cannot be written, and nothing is traced: {why}.",
            file.path.display()
        );
        Some(Problem::at(
            ErrorCode::DoubtfulSetting,
            "/trace/file",
            message,
        ))
    }

    /// A call begins.
    pub(crate) fn begins(&self, operation: &str) {
        if self.0.is_some() {
            Call::begin();
            self.write("begins", None, &|line| {
                line.text("operation", Some(operation))
            });
        }
    }

    /// What is to be done stands in the journal.
    pub(crate) fn intended(&self, step: &str, uuid: Option<&str>, began: Option<Instant>) {
        self.write("intended", began, &|line| {
            line.text("what", Some(step));
            line.text("order", uuid);
        });
    }

    /// An attempt to get an answer has ended.
    pub(crate) fn attempted(&self, attempt: &Attempt, began: Instant) {
        // What stands below a merchant is named by the shop's own number, whatever it looks like.
        let is_by_uuid = !attempt.path.contains("/merchants/");
        let uuid = attempt.path.split('/').find(|segment| is_uuid(segment));
        let uuid = uuid.filter(|_| is_by_uuid);
        // Somebody in between may have put anything into it.
        let request_id = attempt.request_id.filter(|id| is_uuid(id));
        self.write("attempted", Some(began), &|line| {
            line.text("method", Some(attempt.method));
            line.text("order", uuid);
            line.number("attempt", Some(attempt.number.into()));
            line.number("http", attempt.status.map(u64::from));
            line.text("request_id", request_id);
            line.text("failed", attempt.failed.map(ErrorCode::as_str));
        });
    }

    /// What came of it stands in the journal, or does not.
    pub(crate) fn recorded(&self, uuid: Option<&str>, is_recorded: bool, began: Option<Instant>) {
        self.write("recorded", began, &|line| {
            line.text("order", uuid);
            line.flag("well", is_recorded);
        });
    }

    /// The call ends with this result.
    pub(crate) fn ends(&self, outcome: &Outcome) {
        if self.0.is_none() {
            return;
        }
        let began = CALL.get().map(|call| call.began);
        let order = outcome.order.as_ref();
        self.write("ends", began, &|line| {
            line.text("operation", Some(outcome.operation));
            line.text("order", order.and_then(|order| order.uuid.as_deref()));
            line.text("state", order.map(|order| order.state.as_str()));
            line.text("status", Some(outcome.status.name()));
            line.text("next", Some(outcome.next.as_str()));
            line.words(
                "errors",
                outcome.errors.iter().map(|error| error.code.as_str()),
            );
        });
        CALL.set(None);
    }

    /// The same where nobody has said yet how it ends.
    pub(crate) fn ends_if_begun(&self, outcome: &Outcome) {
        if self.0.is_some() && CALL.get().is_some() {
            self.ends(outcome);
        }
    }

    fn write(&self, step: &str, began: Option<Instant>, say: &dyn Fn(&mut Line)) {
        if let (Some(file), Some(mut line)) = (&self.0, self.line(step, began)) {
            say(&mut line);
            // A sale goes on without its trace.
            let _ = file.append(&line.end());
        }
    }

    fn line(&self, step: &str, began: Option<Instant>) -> Option<Line> {
        self.0.as_ref()?;
        let call = CALL.get().unwrap_or_else(Call::begin);
        let mut line = Line::of(call.number, step);
        line.time("ms", began);
        line.time("since_ms", Some(call.began));
        Some(line)
    }
}
