//! The tools that come from npm: exactly those of `package-lock.json`, and none of their install scripts.

use crate::project::{Project, run, write};
use anyhow::{Context, Result};

/// Remembers, inside `node_modules`, which lock file it was installed from.
const RECORD: &str = "node_modules/.installed-from";

/// Installs when `node_modules` is missing or comes from another lock file.
pub fn ensure(project: &Project) -> Result<()> {
    ensure_in(project, ".")
}

/// The same in a folder that has a lock file of its own.
pub fn ensure_in(project: &Project, folder: &str) -> Result<()> {
    if is_installed_in(project, folder) {
        return Ok(());
    }
    println!("npm: installing what {folder}/package-lock.json lists");
    let quietly = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    run(project.command(npm()).args(quietly).current_dir(project.root.join(folder)))
        .context("the page's tools come from npm: install Node.js 20 or newer, then try again")?;
    write(&project.root.join(folder).join(RECORD), project.read(&format!("{folder}/package-lock.json"))?)
}

/// Whether `node_modules` is what the lock file says.
pub fn is_installed(project: &Project) -> bool {
    is_installed_in(project, ".")
}

fn is_installed_in(project: &Project, folder: &str) -> bool {
    let read = |file: &str| project.read(&format!("{folder}/{file}"));
    matches!((read(RECORD), read("package-lock.json")), (Ok(installed), Ok(lock)) if installed == lock)
}

fn npm() -> &'static str {
    if cfg!(windows) { "npm.cmd" } else { "npm" }
}
