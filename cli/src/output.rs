//! What a command writes: its result to standard output or into a file, what people are told to standard error.

use crate::arguments::Common;
use crate::console::{Console, visible};
use crate::exit::{self, Ended, Stop};
use crate::out::Out;
use crate::till::Called;
use sequra_pos::inside::TextEncoding;
use sequra_pos::words::{Language, Voice};
use sequra_pos::{Config, Outcome, Status};
use serde_json::Value;
use std::cell::RefCell;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

/// Where results go.
pub struct Output<'a> {
    common: &'a Common,
    console: &'a Console,
    language: Language,
    config: Option<&'a Config>,
    out: RefCell<Option<Out>>,
}

impl<'a> Output<'a> {
    /// `config`: whose `text_encoding` results are written in; otherwise it is UTF-8. Before anything is asked: a file that
    /// cannot be written is known then.
    pub fn new(
        common: &'a Common,
        console: &'a Console,
        language: Language,
        config: Option<&'a Config>,
    ) -> Result<Output<'a>, Stop> {
        let out = common.out.as_deref();
        let out = out.map(|path| Out::to(path, &common.config)).transpose()?;
        Ok(Output {
            common,
            console,
            language,
            config,
            out: RefCell::new(out),
        })
    }

    /// Ends a command with the result of a call. `table`: how people see it, where they do not ask for JSON.
    pub fn end(&self, called: Called, table: Option<&dyn Fn(&Outcome) -> String>) -> Ended {
        let outcome = match called {
            Ok(outcome) => outcome,
            Err(Stop::Result(error)) => *error.0,
            Err(failed) => return Err(failed),
        };
        let outcome = match outcome.operator_message.is_empty() {
            true => outcome.explain(self.voice()),
            false => outcome,
        };
        let is_seen = table.is_some() && !self.is_json() && self.common.get.is_none();
        let is_table = outcome.data.is_some() || outcome.status == Status::Ok;
        let shown = table.map(|table| {
            || {
                if is_table {
                    table(&outcome)
                } else {
                    String::new()
                }
            }
        });
        let shown = shown.as_ref().map(|table| table as &dyn Fn() -> String);
        if let Err(why) = self.show(&outcome.to_json(), shown) {
            // It is done all the same: whoever called must learn of it.
            self.out.replace(None);
            let Stop::Failed(why) = why else {
                return Err(why);
            };
            if self.common.out.is_none() {
                return Err(Stop::Failed(why));
            }
            self.console.tell(&format!("sequra: {why}"));
            to_stdout(format!("{}\n", outcome.to_json()).as_bytes())?;
        }
        // For who supports a till: the reason, too.
        for error in outcome.errors.iter().filter(|_| is_seen && !is_table) {
            if error.message != outcome.operator_message {
                self.console.tell(&error.message);
            }
        }
        // What a table has no place for.
        for warning in outcome.warnings.iter().filter(|_| is_seen && is_table) {
            self.console.tell(&warning.message);
        }
        self.console.tell(&outcome.operator_message);
        Ok(ExitCode::from(exit::of(outcome.status)))
    }

    /// Shows what was found: as a table where there is one and nobody asks for JSON, or one value of it.
    pub fn show(&self, json: &str, table: Option<&dyn Fn() -> String>) -> Result<(), Stop> {
        match (&self.common.get, table) {
            (Some(pointer), _) => self.value(json, pointer),
            (None, Some(table)) if !self.is_json() => Ok(self.console.say(&table())?),
            _ => self.write(&match self.encoding() {
                Some(encoding) => encoding.encode_json(json),
                None => json.as_bytes().to_vec(),
            }),
        }
    }

    /// For programs, the till's. A terminal shows letters: bytes that are none it would refuse, or garble.
    fn encoding(&self) -> Option<TextEncoding> {
        let is_shown = self.console.is_terminal() && self.common.out.is_none();
        let config = self.config.filter(|_| !is_shown);
        config.map(|config| config.text_encoding)
    }

    fn is_json(&self) -> bool {
        self.common.json || self.common.out.is_some()
    }

    fn voice(&self) -> Voice {
        let configured = self.config.map(Config::voice);
        configured.unwrap_or_else(|| self.language.into())
    }

    /// One value, a text bare. One that is not there is nothing, so that a batch file can ask for what may be null.
    fn value(&self, json: &str, pointer: &str) -> Result<(), Stop> {
        let whole: Value = serde_json::from_str(json).unwrap_or_default();
        let text = match whole.pointer(pointer) {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
        };
        self.write(&match self.encoding() {
            Some(encoding) => encoding.encode_bare(&text),
            None => text.into_bytes(),
        })
    }

    /// Writes a line, or several, into the file that is asked for or to standard output.
    pub fn write(&self, text: &[u8]) -> Result<(), Stop> {
        let line = [text, b"\n"].concat();
        let path = self.common.out.as_deref().unwrap_or(Path::new("-"));
        match self.out.take() {
            Some(out) => out.write(&line).map_err(|error| Stop::at(path, error)),
            None => match (self.console.is_terminal(), std::str::from_utf8(&line)) {
                (true, Ok(text)) => Ok(to_stdout(visible(text).as_bytes())?),
                _ => Ok(to_stdout(&line)?),
            },
        }
    }
}

/// Writes to standard output. Whoever reads it may have had enough: that is no error.
pub fn to_stdout(bytes: &[u8]) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}
