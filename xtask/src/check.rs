//! `cargo xtask check`: what is quick enough to run before every commit. `test` begins with the same steps.

use crate::project::{Project, run};
use crate::steps::Steps;
use crate::wasm;
use anyhow::Result;

/// Formatting, lints for both targets, and the tests inside the library.
pub fn check(project: &Project) -> Result<()> {
    let mut steps = Steps::new("check");
    lints(project, &mut steps);
    steps.step("unit tests", || run(project.cargo().args(["test", "--quiet", "--workspace", "--lib", "--bins"])));
    steps.finish()
}

/// Formatting and lints; a warning is an error here, and only here.
pub fn lints(project: &Project, steps: &mut Steps) {
    steps.step("formatting", || run(project.cargo().args(["fmt", "--all", "--check"])));
    steps.step("lints, native", || {
        run(project.cargo().args(["clippy", "--quiet", "--workspace", "--all-targets", "--", "--deny=warnings"]))
    });
    steps.step("lints, wasm", || {
        let core = ["--package=sidings", "--lib", "--no-default-features", "--target", wasm::TARGET];
        run(project.cargo().args(["clippy", "--quiet"]).args(core).args(["--", "--deny=warnings"]))
    });
}
