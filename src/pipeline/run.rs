//! Runs a plan to its end, one job after the other.

use super::{Plan, Request, Side, Workbench, perform};
use crate::error::Result;

/// Runs a plan to its end, one job after the other, reporting the name of each step and the share of it that is done.
///
/// # Errors
/// As [`perform`]; `not-the-same-place` when the alignment fails.
pub fn run(request: Request, bench: &mut Workbench, progress: &mut dyn FnMut(&'static str, f64) -> Result<()>) -> Result<Plan> {
    let mut plan = Plan::new(request);
    plan.after_size_px = bench.get(Side::After).map(|scene| (scene.width(), scene.height()));
    while let Some(job) = plan.ready().into_iter().next() {
        let step = job.step();
        plan.accept(perform(&job, bench, &mut |share| progress(step, share))?);
        if let Some(refusal) = plan.refusal() {
            return Err(refusal);
        }
    }
    Ok(plan)
}
