//! The tools that come from npm: exactly those of `package-lock.json`, and none of their install scripts.

use crate::project::{Project, run, write};
use anyhow::{Context, Result};

/// Remembers, inside `node_modules`, which lock file it was installed from.
const RECORD: &str = "node_modules/.installed-from";

/// Installs when `node_modules` is missing or comes from another lock file.
pub fn ensure(project: &Project) -> Result<()> {
    let lock = project.read("package-lock.json")?;
    if project.read(RECORD).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    println!("npm: installing what package-lock.json lists");
    run(project.command(npm()).args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]))
        .context("the page's tools come from npm: install Node.js 20 or newer, then try again")?;
    write(&project.root.join(RECORD), lock)
}

fn npm() -> &'static str {
    if cfg!(windows) { "npm.cmd" } else { "npm" }
}
