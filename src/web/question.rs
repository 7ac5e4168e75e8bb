//! What a story asks of the engine that it carries, and what the engine finds. A story has no module of its own to write letters with, so these cross as plain
//! objects, each in the place of the value in a letter: `[ticket, { verify: { html, anew } }, []]`.

use super::errand;
use super::snapshot::Problem;
use crate::report::story::verify;
use js_sys::Array;
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;

/// What `www/story/check.js` asks.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Question {
    /// Write a story anew from the data of one that a browser shows.
    Rewrite {
        /// The page as shown.
        html: String,
    },
    /// Check a story that a browser shows.
    Verify {
        /// The page as shown.
        html: String,
        /// The page written anew, as the same browser shows it.
        anew: Option<String>,
    },
}

/// What it is told.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Finding {
    /// A story written anew; `null` where another version wrote it.
    Written(Option<String>),
    /// What was found in a story, as JSON.
    Verified(String),
    /// It could not be done.
    Failed(Problem),
}

impl Question {
    /// The question in a letter, if a story wrote it.
    pub fn of(letter: &JsValue) -> Option<Self> {
        let value = Array::from(letter).get(1);
        serde_wasm_bindgen::from_value(value).ok()
    }

    /// Looks into the story.
    pub fn answer(&self) -> Finding {
        self.found().unwrap_or_else(Finding::Failed)
    }

    fn found(&self) -> Result<Finding, Problem> {
        match self {
            Question::Rewrite { html } => verify::anew(html).map(Finding::Written).map_err(|e| Problem::from(&e)),
            Question::Verify { html, anew } => {
                let verdict = verify::shown(html, anew.as_deref()).map_err(|e| Problem::from(&e))?;
                serde_json::to_string(&verdict).map(Finding::Verified).map_err(|e| errand::crash(format!("{e}.")))
            }
        }
    }
}

impl Finding {
    /// The letter that takes it to the story.
    ///
    /// # Errors
    /// None that is known.
    pub fn letter(&self, ticket: u32) -> Result<JsValue, JsValue> {
        let value = self.serialize(&serde_wasm_bindgen::Serializer::json_compatible())?;
        Ok(Array::of2(&ticket.into(), &value).into())
    }
}
