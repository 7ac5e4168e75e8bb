//! `verify`: is a story what was published, and does counting its pictures again give what it says?

use crate::{Answer, args, load};
use serde::Serialize;
use sidings::error::{Error, Result};
use sidings::report::json::{Document, Failure};
use sidings::report::story::verify::{self, Verdict};

/// The verdict, and the error when it is not a good one.
#[derive(Serialize)]
struct Checked {
    #[serde(flatten)]
    verdict: Verdict,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Failure>,
}

/// Checks a story: 0 when it is reproduced, 4 when it is not.
pub fn run(arguments: &args::Verify) -> Result<Answer> {
    let bytes = load::read(&arguments.story)?;
    let known = arguments.engine.as_deref().map(load::engine).transpose()?;
    let verdict = verify::story(&bytes, &load::name(&arguments.story), known.as_ref())?;
    let other = arguments.fingerprint.as_deref().filter(|given| !given.trim().eq_ignore_ascii_case(&verdict.fingerprint));
    let refusal = if let Some(given) = other {
        let message =
            format!("This is another story than the one of the fingerprint {given}: its own is {}.", verdict.fingerprint);
        Some(Error::NoAnswer { code: "another-story", message })
    } else if verdict.changed.is_empty() {
        None
    } else {
        let said: Vec<&str> = verdict.changed.iter().map(|c| c.message.as_str()).collect();
        Some(Error::NoAnswer { code: "changed", message: said.join(" ") })
    };
    let document = Document::new("verify", Checked { verdict, error: refusal.as_ref().map(Failure::from) });
    Ok(match refusal {
        Some(error) => {
            eprintln!("sidings: {error}");
            Answer::with_error(&document, &error)
        }
        None => Answer::good(&document),
    })
}
