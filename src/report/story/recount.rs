//! Counts the pictures of a story again, by the same core and from nothing but the pictures and what the story says of their scale.

use super::Story;
use super::digests::figures;
use crate::decode;
use crate::error::{Error, Result};
use crate::limits::Limits;
use crate::pipeline::{self, Plan, Workbench};
use crate::report::json::{Changes, Detect, sha256_hex};
use serde_json::{Value, json};

/// Counts, and a hash over every car that was found; or why there is no count. Never an error but for cancelling: that these pictures
/// give no answer is an answer, too.
///
/// # Errors
/// `Cancelled`.
pub fn of(story: &Story, before_jpeg: &[u8], after_jpeg: &[u8]) -> Result<Value> {
    match count(story, before_jpeg, after_jpeg) {
        Ok(plan) => Ok(found(&plan)),
        Err(Error::Cancelled) => Err(Error::Cancelled),
        Err(error) => Ok(json!({ "error": { "code": error.code(), "message": error.message() } })),
    }
}

fn count(story: &Story, before_jpeg: &[u8], after_jpeg: &[u8]) -> Result<Plan> {
    let scene = |bytes: &[u8], name: &str| decode::scene(bytes, name, &Limits::default());
    let mut bench = Workbench::with(scene(before_jpeg, "before")?, scene(after_jpeg, "after")?);
    pipeline::run(story.request.clone(), &mut bench, &mut |_, _| Ok(()))
}

fn found(plan: &Plan) -> Value {
    let side = |detection: Option<&crate::yard::Detection>| {
        let document = detection.and_then(|d| serde_json::to_value(Detect::new(d, None)).ok()).unwrap_or(Value::Null);
        json!({ "count": document["count"], "railcars": document["railcars"] })
    };
    let changes = plan.comparison.as_ref().and_then(|c| serde_json::to_value(Changes::from(c)).ok()).unwrap_or(Value::Null);
    let all = json!({ "before": side(plan.before.as_ref()), "after": side(plan.after.as_ref()), "change": changes });
    let cars = json!([all["before"]["railcars"], all["after"]["railcars"], changes]);
    json!({ "figures": figures(&all), "cars_sha256": sha256_hex(cars.to_string().as_bytes()) })
}
