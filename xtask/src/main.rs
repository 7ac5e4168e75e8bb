//! Every command the project has, in one place.
//!
//! ```text
//! cargo xtask build      the page: src/ and www/ to pkg/; with --draft a slower one to target/, sooner
//! cargo xtask run        the page, built if it is missing or older than its sources, in the system's browser
//! cargo xtask check      what is quick: formatting, lints, unit tests
//! cargo xtask test       everything, after saying what it installs for that; with --firefox what a person does on the page, in Firefox
//! cargo xtask fuzz       the parsers on bytes that a fuzzing engine thinks up; [target] [--seconds N]
//! cargo xtask bench      how long the stages, the page and others take; with --large for 144 megapixels too
//! cargo xtask evaluate   how right they are, on real data where it is present
//! ```

mod bench;
mod browser;
mod build;
mod bundle;
mod check;
mod csp;
mod evaluate;
mod fuzz;
mod install;
mod notices;
mod npm;
mod open;
mod project;
mod scale;
mod steps;
mod test;
mod venv;
mod wasm;

use project::Project;
use std::process::ExitCode;
use wasm::Care;

const USAGE: &str = "usage: cargo xtask build [--draft] | run | check | test [--firefox] | fuzz | bench | evaluate";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut words = arguments.iter().map(String::as_str);
    let outcome = Project::find().and_then(|project| match words.next() {
        Some("build") if words.next() == Some("--draft") => build::build(&project, &project.draft(), Care::Draft),
        Some("build") => build::build(&project, &project.pkg(), Care::Full),
        Some("run") => open::open(&project),
        Some("check") => check::check(&project),
        Some("test") if words.next() == Some("--firefox") => browser::journeys_in_firefox(&project),
        Some("test") => test::test(&project),
        Some("fuzz") => fuzz::fuzz(&project, &arguments[1..]),
        Some("bench") => bench::bench(&project, &arguments[1..]),
        Some("evaluate") => evaluate::run(&project, &arguments[1..]),
        _ => {
            eprintln!("{USAGE}");
            std::process::exit(2);
        }
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
