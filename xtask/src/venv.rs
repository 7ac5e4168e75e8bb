//! Python packages in an environment of their own under the target folder; the system's Python keeps what it has.

use crate::project::{Project, run, write};
use anyhow::{Context, Result};
use std::path::PathBuf;
use std::process::Command;

/// An environment, and the list of what it holds.
pub struct Environment {
    /// Its folder under the target folder.
    pub name: &'static str,
    /// The list, from the root of the project.
    pub requirements: &'static str,
}

impl Environment {
    /// Its python, where it was made.
    pub fn python(&self, project: &Project) -> PathBuf {
        project.target.join(self.name).join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" })
    }

    /// The list that the environment was made from lies in it.
    fn record(&self, project: &Project) -> PathBuf {
        project.target.join(self.name).join("made-from.txt")
    }

    /// Whether the environment is what the list says.
    pub fn is_made(&self, project: &Project) -> bool {
        let made_from = std::fs::read_to_string(self.record(project));
        matches!((made_from, project.read(self.requirements)), (Ok(made_from), Ok(wanted)) if made_from == wanted)
    }

    /// Makes it anew.
    pub fn make(&self, project: &Project) -> Result<()> {
        let system = if cfg!(windows) { "python" } else { "python3" };
        run(Command::new(system).args(["-m", "venv", "--clear"]).arg(project.target.join(self.name)))
            .context("Python 3.10 or newer with venv is needed")?;
        let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", self.requirements];
        run(project.command(self.python(project)).args(pip))?;
        write(&self.record(project), project.read(self.requirements)?)
    }
}
