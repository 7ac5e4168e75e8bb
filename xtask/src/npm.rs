//! The tools that come from npm: exactly those of `package-lock.json`, and none of their install scripts.

use crate::project::{Project, run, write};
use anyhow::{Context, Result};

/// Remembers, inside `node_modules`, which lock file it was installed from.
const RECORD: &str = "node_modules/.installed-from";

/// Installs when `node_modules` is missing or comes from another lock file.
pub fn ensure(project: &Project) -> Result<()> {
    if is_installed(project) {
        return Ok(());
    }
    println!("npm: installing what package-lock.json lists");
    run(project.command(npm()).args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]))
        .context("the page's tools come from npm: install Node.js 20 or newer, then try again")?;
    write(&project.root.join(RECORD), project.read("package-lock.json")?)
}

/// Whether `node_modules` is what the lock file says.
pub fn is_installed(project: &Project) -> bool {
    matches!((project.read(RECORD), project.read("package-lock.json")), (Ok(installed), Ok(lock)) if installed == lock)
}

fn npm() -> &'static str {
    if cfg!(windows) { "npm.cmd" } else { "npm" }
}
