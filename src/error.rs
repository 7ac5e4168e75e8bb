//! What can go wrong, sorted by who can do something about it.

use serde::Serialize;

/// Shorthand for results of the core.
pub type Result<T> = std::result::Result<T, Error>;

/// An error of the core. Every message names what was found, what was expected and what to do.
///
/// The exit codes of the command line follow from the variant: [`Error::File`] is 3, [`Error::NoAnswer`] is 4.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A file that can't be read: not an image, truncated, too big, an unknown codec.
    #[error("{file}: {message}")]
    File {
        /// Name of the file as the user gave it.
        file: String,
        /// Stable identifier in kebab-case, e.g. `not-an-image`, `truncated`, `too-big`.
        code: &'static str,
        /// One or two sentences: what was found, what was expected, what to do.
        message: String,
    },
    /// Valid input, but no honest answer: not the same place, no overlap, too coarse.
    #[error("{message}")]
    NoAnswer {
        /// Stable identifier in kebab-case, e.g. `not-the-same-place`, `too-coarse`.
        code: &'static str,
        /// One or two sentences: what was found and what would help.
        message: String,
    },
    /// The user asked to stop.
    #[error("cancelled")]
    Cancelled,
}

impl Error {
    /// The stable identifier that crosses to JSON and to the page.
    pub fn code(&self) -> &'static str {
        match self {
            Error::File { code, .. } | Error::NoAnswer { code, .. } => code,
            Error::Cancelled => "cancelled",
        }
    }

    /// The file the error is about, where there is one.
    pub fn file(&self) -> Option<&str> {
        match self {
            Error::File { file, .. } => Some(file),
            _ => None,
        }
    }

    /// The sentence for the user, without the file's name in front.
    pub fn message(&self) -> String {
        match self {
            Error::File { message, .. } | Error::NoAnswer { message, .. } => message.clone(),
            Error::Cancelled => "Cancelled.".to_owned(),
        }
    }
}

/// Partial trouble that reaches the screen and the JSON, but stops nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, serde::Deserialize)]
pub struct Warning {
    /// Stable identifier in kebab-case, e.g. `gsd-estimated`.
    pub code: String,
    /// One sentence for the user.
    pub message: String,
}

impl Warning {
    /// A warning with its stable code and its sentence.
    pub fn new(code: &str, message: impl Into<String>) -> Self {
        Self { code: code.to_owned(), message: message.into() }
    }
}

/// Called by long stages between tiles with the share done, 0 to 1; an `Err(Error::Cancelled)` from it stops the stage.
pub type Tick<'a> = dyn FnMut(f64) -> Result<()> + 'a;
