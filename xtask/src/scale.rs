//! The script that compares pairs on a cluster, tested on a cluster of two workers on this machine.

use crate::browser;
use crate::project::{Project, run};
use crate::venv::Environment;
use anyhow::Result;

/// What the script needs.
pub const ENVIRONMENT: Environment = Environment { name: "scale", requirements: "scale/requirements.txt" };

/// Runs the test; where the environment could not be made, says so.
pub fn test(project: &Project) -> Result<()> {
    if !ENVIRONMENT.is_made(project) {
        println!("skipped: there is no Python environment for it");
        return Ok(());
    }
    let sidings = browser::command_line(project)?;
    run(project.command(ENVIRONMENT.python(project)).args(["-m", "unittest", "discover", "-s", "scale"]).env("SIDINGS", sidings))
}
