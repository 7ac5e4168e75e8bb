//! The command line: one JSON document on stdout and nothing else; progress and messages on stderr.
//!
//! Exit codes: 0 an answer, 2 wrong usage, 3 a file that can't be read, 4 valid input but no honest answer.

mod args;
mod batch;
mod change;
mod compare;
mod detect;
mod export;
mod inspect;
mod load;
mod progress;
mod register;
mod tracks;
mod verify;
mod write;

use args::{Arguments, Command};
use clap::Parser;
use sidings::error::{Error, Result};
use sidings::report::json::{Document, failure};
use std::io::Write;
use std::process::ExitCode;

/// What goes to stdout, nothing where it went there already, and the exit code.
struct Answer {
    json: String,
    code: u8,
}

impl Answer {
    /// An answer without reservations.
    fn good<T: serde::Serialize>(document: &Document<T>) -> Self {
        Self { json: document.to_json(), code: 0 }
    }

    /// A document that tells of an error besides what it could find out.
    fn with_error<T: serde::Serialize>(document: &Document<T>, error: &Error) -> Self {
        Self { json: document.to_json(), code: exit_code(error) }
    }
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let answer = answer(&arguments.command).unwrap_or_else(|error| {
        eprintln!("sidings: {error}");
        Answer { json: failure(&error).to_json(), code: exit_code(&error) }
    });
    // A reader who closes the pipe early has what it wanted.
    if !answer.json.is_empty() {
        let _ = writeln!(std::io::stdout(), "{}", answer.json);
    }
    ExitCode::from(answer.code)
}

fn answer(command: &Command) -> Result<Answer> {
    match command {
        Command::Inspect(arguments) => Ok(inspect::run(arguments)),
        Command::Register(arguments) => register::run(arguments),
        Command::Detect(arguments) => detect::run(arguments),
        Command::Compare(arguments) => compare::run(arguments),
        Command::Batch(arguments) => batch::run(arguments),
        Command::Verify(arguments) => verify::run(arguments),
        Command::Change(arguments) => change::run(arguments),
    }
}

fn exit_code(error: &Error) -> u8 {
    match error {
        Error::File { .. } => 3,
        Error::NoAnswer { .. } | Error::Cancelled => 4,
    }
}
