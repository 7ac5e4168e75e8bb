//! `cargo xtask test`: everything that is checked, on a fresh machine too.

use crate::project::{Project, run};
use crate::steps::Steps;
use crate::wasm::Care;
use crate::{browser, build, check, install, scale};
use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::path::Path;

/// Installs what is missing, then runs every check, whatever becomes of the ones before.
pub fn test(project: &Project) -> Result<()> {
    install::all(project)?;
    let mut steps = Steps::new("test");
    // The build of the page is one long thread; it fills the gaps that the other steps leave.
    std::thread::scope(|scope| {
        let build = scope.spawn(|| fresh(project));
        check::lints(project, &mut steps);
        steps.step("documentation", || {
            run(project.cargo().args(["doc", "--quiet", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "--deny=warnings"))
        });
        steps.step("licences", || licences(project));
        steps.step("tests", || tests(project));
        steps.step("examples in the documentation", || run(project.cargo().args(["test", "--workspace", "--doc"])));
        steps.step("pkg/ is fresh", || build.join().unwrap_or_else(|_| bail!("the build of the page broke down")));
        steps.step("pairs on a cluster that loses a worker", || scale::test(project));
        steps.step("the page, in a browser", || browser::tests(project));
    });
    steps.finish()
}

/// Unit, property, golden and wall tests: with nextest where it is installed, since it is quicker, else with cargo's own.
fn tests(project: &Project) -> Result<()> {
    if install::has_cargo_command(project, "nextest") {
        return run(project.cargo().args(["nextest", "run", "--workspace", "--no-fail-fast", "--status-level=fail"]));
    }
    println!("cargo-nextest isn't installed; cargo test does the same, slower");
    run(project.cargo().args(["test", "--workspace", "--lib", "--bins", "--tests", "--no-fail-fast"]))
}

/// The build refuses a licence that isn't on its list for what goes into the page; cargo-deny, where it is installed, looks at
/// the tools as well.
fn licences(project: &Project) -> Result<()> {
    if install::has_cargo_command(project, "deny") {
        return run(project.cargo().args(["deny", "check", "bans", "licenses", "sources"]));
    }
    println!("cargo-deny isn't installed; only what goes into the page is checked");
    crate::notices::text(project).map(drop)
}

/// Builds the page again and compares every byte with what is committed.
fn fresh(project: &Project) -> Result<()> {
    let again = project.web().join("again");
    build::build(project, &again, Care::Full)?;
    let differences = differences(&project.pkg(), &again)?;
    if !differences.is_empty() {
        bail!("pkg/ is not what its sources give: {}. Run `cargo xtask build` and commit pkg/", differences.join(", "));
    }
    println!("pkg/ is what its sources give, byte for byte");
    Ok(())
}

/// Names of files that one folder lacks or that differ.
fn differences(committed: &Path, built: &Path) -> Result<Vec<String>> {
    let (committed, built) = (files(committed)?, files(built)?);
    let mut names: Vec<&String> = committed.keys().chain(built.keys()).collect();
    names.sort();
    names.dedup();
    let describe = |name: &String| match (committed.get(name), built.get(name)) {
        (Some(old), Some(new)) if old == new => None,
        (Some(_), Some(_)) => Some(format!("{name} differs")),
        (None, _) => Some(format!("{name} is missing")),
        (_, None) => Some(format!("{name} is left over")),
    };
    Ok(names.into_iter().filter_map(describe).collect())
}

/// A flat folder's files; none when there is no folder.
fn files(folder: &Path) -> Result<BTreeMap<String, Vec<u8>>> {
    let mut files = BTreeMap::new();
    if folder.is_dir() {
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            let bytes = std::fs::read(entry.path()).with_context(|| format!("can't read {}", entry.path().display()))?;
            files.insert(entry.file_name().to_string_lossy().into_owned(), bytes);
        }
    }
    Ok(files)
}

#[cfg(test)]
mod unit {
    use super::*;

    #[test]
    fn every_kind_of_staleness_is_named() {
        let folders = [tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder")];
        let [committed, built] = folders.each_ref().map(tempfile::TempDir::path);
        std::fs::write(committed.join("same"), "1").expect("a file");
        std::fs::write(built.join("same"), "1").expect("a file");
        assert_eq!(differences(committed, built).expect("two folders"), Vec::<String>::new());
        std::fs::write(committed.join("old"), "1").expect("a file");
        std::fs::write(built.join("new"), "1").expect("a file");
        std::fs::write(built.join("same"), "2").expect("a file");
        let found = differences(committed, built).expect("two folders");
        assert_eq!(found, ["new is missing", "old is left over", "same differs"]);
        assert_eq!(differences(&committed.join("nowhere"), built).expect("two folders").len(), 2);
    }
}
