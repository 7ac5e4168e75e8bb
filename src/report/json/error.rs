//! Why there is no answer.

use super::Document;
use crate::error::Error;
use serde::Serialize;

/// What a file or a pair did not allow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// Stable identifier in kebab-case.
    pub code: String,
    /// What was found, what was expected, what to do.
    pub message: String,
    /// The file it is about; `null` when it is about no file in particular.
    pub file: Option<String>,
}

impl From<&Error> for Failure {
    fn from(error: &Error) -> Self {
        Self { code: error.code().to_owned(), message: error.message(), file: error.file().map(str::to_owned) }
    }
}

/// The document of an answer that could not be given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ErrorBody {
    error: Failure,
}

/// `{"schema":"sidings/error@1",…,"error":{"code","message","file"}}`.
pub fn failure(error: &Error) -> Document<ErrorBody> {
    Document::new("error", ErrorBody { error: Failure::from(error) })
}
