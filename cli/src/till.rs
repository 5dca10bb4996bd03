//! The till that a configuration describes, opened; and the files that commands are given, in its encoding.

use crate::arguments::Common;
use crate::exit::Stop;
use crate::language;
use sequra_pos::words::{ErrorCode, Language, Next, Problem};
use sequra_pos::{Client, Config, Error, Outcome, Status};
use std::io::Read;
use std::path::Path;

/// What a command comes to.
pub type Called = Result<Outcome, Stop>;

/// More than the library takes of any text.
const MOST: u64 = 64 << 20;

/// A till.
pub struct Till {
    client: Client,
    opened: Vec<Problem>,
}

/// The configuration, in the language that is asked for.
pub fn configuration(common: &Common) -> Result<Config, Stop> {
    let read = Config::from_file(&common.config);
    let language = language::of(common);
    match read {
        Ok(config) => Ok(Config { language, ..config }),
        Err(problems) => Err(Error::from(not_configured(problems, language)).into()),
    }
}

fn not_configured(problems: Vec<Problem>, language: Language) -> Outcome {
    let mut outcome = Outcome::ok("client_open_file");
    outcome.status = Status::InvalidConfig;
    outcome.errors = problems;
    outcome.next = Next::FixConfiguration;
    outcome.explain(language.into())
}

impl Till {
    /// Opens it.
    pub fn open(common: &Common) -> Result<Till, Stop> {
        let (client, opened) = Client::open_with_outcome(configuration(common)?)?;
        Ok(Till {
            client,
            opened: opened.warnings,
        })
    }

    /// The library.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// A result, with what opening had to say.
    pub fn with_warnings(&self, called: Called) -> Called {
        let add = |mut outcome: Outcome| {
            outcome.warnings.splice(0..0, self.opened.iter().cloned());
            outcome
        };
        match called {
            Ok(outcome) => Ok(add(outcome)),
            Err(Stop::Result(error)) => Err(Error::from(add(*error.0)).into()),
            other => other,
        }
    }

    /// A file's text, in the till's encoding; `-`: standard input.
    pub fn text(&self, operation: &'static str, file: &Path) -> Result<String, Stop> {
        let bytes = read(file).map_err(|error| Stop::at(file, error))?;
        let encoding = self.client.config().text_encoding;
        let decoded = encoding.decode(&bytes).map(|text| text.into_owned());
        decoded.map_err(|bad| {
            let message = format!(
                "{} is not {} text: byte {} does not belong (counted from 0). If it is in another encoding, name that in text_encoding.",
                file.display(),
                encoding.name(),
                bad.offset
            );
            let problem = Problem {
                actual: Some(bad.offset.into()),
                ..Problem::new(ErrorCode::InvalidText, message)
            };
            let failed = Outcome::failed(operation, Status::InvalidText, Next::FixOrder, problem);
            Error::from(failed).into()
        })
    }
}

fn read(file: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    match file == Path::new("-") {
        true => std::io::stdin().take(MOST).read_to_end(&mut bytes)?,
        false => std::fs::File::open(file)?
            .take(MOST)
            .read_to_end(&mut bytes)?,
    };
    Ok(bytes)
}
