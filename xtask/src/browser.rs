//! Chromium, and the tests that drive the page in it.

use crate::npm;
use crate::project::{Project, run};
use anyhow::{Context, Result, ensure};
use std::path::PathBuf;

/// The Chromium that the tests drive: the one named in `CHROMIUM`, else one at its usual place.
pub fn find() -> Option<PathBuf> {
    let named = std::env::var_os("CHROMIUM").map(PathBuf::from);
    let usual = [
        "/usr/bin/chromium",
        "/usr/bin/chromium-browser",
        "/usr/bin/google-chrome",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
    ];
    named.into_iter().chain(usual.map(PathBuf::from)).find(|path| path.is_file())
}

/// The Firefox that one test drives: the one named in `FIREFOX`, else one at its usual place.
pub fn find_firefox() -> Option<PathBuf> {
    let named = std::env::var_os("FIREFOX").map(PathBuf::from);
    let usual = [
        "/usr/bin/firefox-esr",
        "/usr/bin/firefox",
        "/Applications/Firefox.app/Contents/MacOS/firefox",
        "C:\\Program Files\\Mozilla Firefox\\firefox.exe",
    ];
    named.into_iter().chain(usual.map(PathBuf::from)).find(|path| path.is_file())
}

/// Drives the committed page, from file://, with node's own test runner.
pub fn tests(project: &Project) -> Result<()> {
    drive(project, test_files(project)?, "chromium")
}

/// What a person does on the page, and its readers with what it hands out: the tests that Firefox is driven through as well. The others measure with what Chromium alone
/// tells of itself, or have a counterpart of their own for Firefox.
const JOURNEYS: [&str; 13] = [
    "bench",
    "corrections",
    "deeds",
    "element",
    "export",
    "faces",
    "locales",
    "looking",
    "page",
    "panels",
    "places",
    "series",
    "story",
];

/// The same in Firefox. Too long for every change: each journey takes there what it takes in Chromium, which has gone through it already.
pub fn journeys_in_firefox(project: &Project) -> Result<()> {
    let files = JOURNEYS.map(|name| project.root.join("tests/browser").join(name).with_extension("test.js"));
    drive(project, files.to_vec(), "firefox")
}

fn drive(project: &Project, files: Vec<PathBuf>, browser: &str) -> Result<()> {
    npm::ensure(project)?;
    let chromium = find().context("no Chromium: name one in CHROMIUM")?;
    example_images(project)?;
    let sidings = command_line(project)?;
    let firefox = find_firefox().map(|path| ("FIREFOX", path));
    // Much of a test is waiting: two files at a time take two thirds of the time.
    let runner = ["--test", "--test-concurrency=2", "--test-reporter=spec"];
    run(project
        .command("node")
        .args(runner)
        .args(files)
        .env("BROWSER", browser)
        .env("CHROMIUM", chromium)
        .env("SIDINGS", sidings)
        .envs(firefox))
}

/// Named one by one, since node's runner reads folders and patterns differently from version to version.
fn test_files(project: &Project) -> Result<Vec<PathBuf>> {
    let folder = project.root.join("tests/browser");
    let mut files = Vec::new();
    for entry in std::fs::read_dir(&folder).with_context(|| format!("can't read {}", folder.display()))? {
        let path = entry?.path();
        if path.to_string_lossy().ends_with(".test.js") {
            files.push(path);
        }
    }
    files.sort();
    ensure!(!files.is_empty(), "no tests in {}", folder.display());
    Ok(files)
}

/// The command line, which must give what the page gives.
pub fn command_line(project: &Project) -> Result<PathBuf> {
    run(project.cargo().args(["build", "--quiet", "--package=sidings", "--bin=sidings"]))?;
    Ok(project.target.join("debug").join(format!("sidings{}", std::env::consts::EXE_SUFFIX)))
}

/// Both dates of the synthetic yard, for the tests to drop on the page.
fn example_images(project: &Project) -> Result<()> {
    let folder = project.root.join("out/example");
    if folder.is_dir() {
        std::fs::remove_dir_all(&folder).with_context(|| format!("can't clear {}", folder.display()))?;
    }
    run(project.cargo().args(["run", "--quiet", "--example", "draw_example", "--", "out/example", "1"]))
}
