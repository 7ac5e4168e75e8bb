//! How right the stages are, on real pictures with known truth.
//!
//! The pictures lie beside the checkout, in `../shared/data`; their licences keep them out of it. Where they are absent
//! there is nothing to measure, and that is said.

mod bootstrap;
mod change;
mod compare;
mod corrections;
mod data;
mod failures;
mod peers;
mod railcars;
mod reach;
mod registration;
mod score;
mod sets;
mod strings;
pub mod table;
mod tracks;
mod warps;

use crate::project::Project;
use anyhow::{Result, bail};

/// What can be asked for.
pub const USAGE: &str = "usage: cargo xtask evaluate [registration|reach|railcars|compare|change|synthetic|corrections] [--estimate-gsd] [--true-transform] [--publish]";

/// How a run is set up.
#[derive(Debug, Clone, Copy)]
pub struct Setup {
    /// False: the tool is not told the ground sample distance and has to estimate it.
    pub tell_gsd: bool,
    /// True: the comparison starts from the true transform, so that its errors are its own.
    pub tell_transform: bool,
}

/// Prints the tables that were asked for; all of them without arguments.
pub fn run(project: &Project, arguments: &[String]) -> Result<()> {
    let Some(data) = data::Folder::beside(&project.root) else {
        println!("evaluate: skipped, there is no ../shared/data beside the checkout");
        return Ok(());
    };
    let (options, tables): (Vec<&str>, Vec<&str>) = arguments.iter().map(String::as_str).partition(|a| a.starts_with("--"));
    if let Some(unknown) = options.iter().find(|o| !["--estimate-gsd", "--true-transform", "--publish"].contains(o)) {
        bail!("{unknown} is not known; {USAGE}");
    }
    let setup = Setup { tell_gsd: !options.contains(&"--estimate-gsd"), tell_transform: options.contains(&"--true-transform") };
    let tables = if tables.is_empty() {
        vec!["registration", "reach", "railcars", "compare", "change", "synthetic", "corrections"]
    } else {
        tables
    };
    for table in tables {
        match table {
            "registration" => registration::print(&project.root, &data, options.contains(&"--publish"))?,
            "reach" => reach::print(&project.root, &data, options.contains(&"--publish"))?,
            "railcars" => railcars::print(&project.root, &data, setup, options.contains(&"--publish"))?,
            "compare" => compare::print(data.pairs()?, setup)?,
            "synthetic" => compare::print(data::drawn(1..7), setup)?,
            "change" => change::print(&data)?,
            "corrections" => corrections::print(&data)?,
            other => bail!("{other} is not known; {USAGE}"),
        }
        println!();
    }
    Ok(())
}
