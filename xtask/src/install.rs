//! What the checks need and a fresh machine may lack. It is said before it is installed.

use crate::project::{Project, run};
use crate::{browser, npm, scale, wasm};
use anyhow::{Context, Result, bail, ensure};

/// Says what will be installed, then installs it.
pub fn all(project: &Project) -> Result<()> {
    let missing_target = !wasm_target_is_installed(project);
    let missing_browser = browser::find().is_none();
    println!("cargo xtask test needs, besides Rust and Node.js:");
    say("the target wasm32-unknown-unknown", missing_target, "rustup");
    say("the npm packages of package-lock.json, in node_modules/", !npm::is_installed(project), "npm ci");
    let missing_firefox = browser::find_firefox().is_none();
    say("Chromium, for the tests of the page", missing_browser, "apt-get, as root");
    say("Firefox, for one test of the page", missing_firefox, "apt-get, as root");
    let missing_python = !scale::ENVIRONMENT.is_made(project);
    say("the Python packages of scale/requirements.txt, in target/scale, for one test", missing_python, "pip");
    if missing_target {
        run(project.command("rustup").args(["target", "add", wasm::TARGET])).context("rustup brings the wasm target")?;
    }
    npm::ensure(project)?;
    if missing_browser {
        install_browser(project, "Chromium", &["chromium", "fonts-dejavu-core"])?;
        ensure!(browser::find().is_some(), "apt-get installed no Chromium: install one, or name it in CHROMIUM, then try again");
    }
    if missing_firefox && let Err(error) = install_browser(project, "Firefox", &["firefox-esr"]) {
        println!("  the test in Firefox will be skipped: {error:#}");
    }
    if missing_python && let Err(error) = scale::ENVIRONMENT.make(project) {
        println!("  the test on a cluster will be skipped: {error:#}");
    }
    Ok(())
}

/// Whether `cargo NAME` exists.
pub fn has_cargo_command(project: &Project, name: &str) -> bool {
    project.cargo().args([name, "--version"]).output().is_ok_and(|output| output.status.success())
}

fn say(what: &str, missing: bool, with: &str) {
    let state = if missing { format!("missing, installed now with {with}") } else { "there".to_owned() };
    println!("  {what}: {state}");
}

fn wasm_target_is_installed(project: &Project) -> bool {
    let libdir = project.command("rustc").args(["--print", "target-libdir", "--target", wasm::TARGET]).output();
    libdir.is_ok_and(|output| std::path::Path::new(String::from_utf8_lossy(&output.stdout).trim()).is_dir())
}

/// Debian and its like, as root; elsewhere the user knows better.
fn install_browser(project: &Project, name: &str, packages: &[&str]) -> Result<()> {
    let advice = || format!("install {name}, or name one in {}, then try again", name.to_uppercase());
    if !project.command("apt-get").arg("--version").output().is_ok_and(|output| output.status.success()) {
        bail!("no {name} for the tests of the page: {}", advice());
    }
    let quiet = ["-o", "Dpkg::Use-Pty=0", "--quiet", "--yes"];
    let apt = || {
        let mut command = project.command("apt-get");
        command.args(quiet).env("DEBIAN_FRONTEND", "noninteractive");
        command
    };
    run(apt().arg("update")).with_context(advice)?;
    run(apt().args(["install", "--no-install-recommends"]).args(packages)).with_context(advice)
}
