//! `cargo xtask bench`: how long the stages take, and the page. Values without verdicts; a clock has no place in a test.

use crate::browser;
use crate::project::{Project, run};
use anyhow::Result;

/// Prints the tables.
pub fn bench(project: &Project) -> Result<()> {
    run(project.cargo().args(["bench", "--package=sidings"]))?;
    println!();
    match browser::find() {
        Some(chromium) => browser::bench(project, &chromium),
        None => {
            println!("the page: skipped, there is no Chromium; name one in CHROMIUM");
            Ok(())
        }
    }
}
