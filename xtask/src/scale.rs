//! The script that compares pairs on a cluster, tested on a cluster of two workers on this machine.

use crate::browser;
use crate::project::{Project, run};
use anyhow::{Context, Result};
use std::path::PathBuf;
use std::process::Command;

/// What the environment was made from.
const REQUIREMENTS: &str = "scale/requirements.txt";

/// The environment's python, where it has what the list says.
fn python(project: &Project) -> PathBuf {
    project.target.join("scale").join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" })
}

/// The list that the environment was made from lies in it.
fn record(project: &Project) -> PathBuf {
    project.target.join("scale/made-from.txt")
}

/// Whether the environment is what the list says.
pub fn is_installed(project: &Project) -> bool {
    let made_from = std::fs::read_to_string(record(project));
    matches!((made_from, project.read(REQUIREMENTS)), (Ok(made_from), Ok(wanted)) if made_from == wanted)
}

/// Makes an environment of its own under the target folder; the system's Python keeps what it has.
pub fn install(project: &Project) -> Result<()> {
    let folder = project.target.join("scale");
    let system = if cfg!(windows) { "python" } else { "python3" };
    run(Command::new(system).args(["-m", "venv", "--clear"]).arg(&folder)).context("Python 3.10 or newer with venv is needed")?;
    run(project.command(python(project)).args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "-r",
        REQUIREMENTS,
    ]))?;
    crate::project::write(&record(project), project.read(REQUIREMENTS)?)
}

/// Runs the test; where the environment could not be made, says so.
pub fn test(project: &Project) -> Result<()> {
    if !is_installed(project) {
        println!("skipped: there is no Python environment for it");
        return Ok(());
    }
    let sidings = browser::command_line(project)?;
    run(project.command(python(project)).args(["-m", "unittest", "discover", "-s", "scale"]).env("SIDINGS", sidings))
}
