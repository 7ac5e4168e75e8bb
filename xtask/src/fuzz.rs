//! `cargo xtask fuzz [target] [--seconds N]`: the parsers on bytes that libFuzzer thinks up, for as long as wanted; one target after the other.
//!
//! Where rustup has a nightly toolchain, with its address sanitizer; else with the project's own, which can look at coverage, too, when it is asked to
//! pass for one.

use crate::project::{Project, run};
use anyhow::{Context, Result, bail};
use std::path::Path;
use std::process::{Command, Stdio};

/// How libFuzzer sees which code was reached.
const COVERAGE: [&str; 6] = [
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Ccodegen-units=1",
];

/// For one target, unless told otherwise.
const SECONDS: &str = "60";

/// Files of many kinds that begin a corpus where they are there; they are never copied into the repository.
const FILES: &str = "../shared/data/formats";

/// Runs one target, or all.
pub fn fuzz(project: &Project, arguments: &[String]) -> Result<()> {
    let (mut wanted, mut seconds) = (None, SECONDS.to_owned());
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--seconds" => {
                seconds = words.next().filter(|n| n.parse::<u32>().is_ok()).context("--seconds needs a number")?.clone()
            }
            name if !name.starts_with('-') && wanted.is_none() => wanted = Some(name),
            _ => bail!("usage: cargo xtask fuzz [target] [--seconds N]"),
        }
    }
    let folder = project.root.join("fuzz");
    let targets: Vec<String> = targets(&folder)?.into_iter().filter(|name| wanted.is_none_or(|wanted| wanted == name)).collect();
    if targets.is_empty() {
        bail!("there is no target {}; fuzz/fuzz_targets lists them", wanted.unwrap_or_default());
    }
    let programs = built(project, &folder)?;
    run(Command::new(programs.join("seeds")).current_dir(&folder).args([Path::new("corpus"), &project.root.join(FILES)]))?;
    std::fs::create_dir_all(folder.join("artifacts"))?;
    let mut broken = Vec::new();
    for name in &targets {
        println!("\n── {name}, {seconds} s");
        if let Err(error) = run(&mut run_of(&programs, &folder, name, &seconds)) {
            eprintln!("{name}: {error:#}");
            broken.push(name.as_str());
        }
    }
    if !broken.is_empty() {
        bail!("{} broke; fuzz/artifacts has the bytes, for tests/hostile/found.rs once they are few", broken.join(", "));
    }
    Ok(())
}

fn targets(folder: &Path) -> Result<Vec<String>> {
    let entries = std::fs::read_dir(folder.join("fuzz_targets")).context("fuzz/fuzz_targets")?;
    let mut names: Vec<String> =
        entries.flatten().filter_map(|entry| Some(entry.path().file_stem()?.to_string_lossy().into_owned())).collect();
    names.sort();
    Ok(names)
}

/// Builds all targets and gives the folder they lie in.
fn built(project: &Project, folder: &Path) -> Result<std::path::PathBuf> {
    let mut probe = Command::new("rustup");
    probe.args(["run", "nightly", "rustc", "--version"]).stdout(Stdio::null()).stderr(Stdio::null());
    let nightly = probe.status().is_ok_and(|status| status.success());
    let host = host()?;
    let target = project.target.join("fuzz");
    let mut flags = COVERAGE.join(" ");
    let mut cargo = if nightly {
        flags += " -Zsanitizer=address";
        let mut cargo = Command::new("rustup");
        cargo.args(["run", "nightly", "cargo"]).env_remove("RUSTC").env_remove("RUSTUP_TOOLCHAIN");
        cargo
    } else {
        println!("no nightly toolchain (rustup toolchain install nightly): without the address sanitizer");
        let mut cargo = project.cargo();
        cargo.env("RUSTC_BOOTSTRAP", "1");
        cargo
    };
    cargo.current_dir(folder).env("RUSTFLAGS", flags).args(["build", "--release", "--locked", "--bins", "--target", &host]);
    run(cargo.arg("--target-dir").arg(&target))?;
    Ok(target.join(host).join("release"))
}

/// Named, so that what runs while building is built without the flags.
fn host() -> Result<String> {
    let output = Command::new("rustc").arg("-vV").output().context("rustc")?;
    let text = String::from_utf8_lossy(&output.stdout);
    let host = text.lines().find_map(|line| line.strip_prefix("host: ")).context("rustc names no host")?;
    Ok(host.to_owned())
}

/// A run that takes longer than 5 s hangs, and so much memory is beyond every budget.
fn run_of(programs: &Path, folder: &Path, name: &str, seconds: &str) -> Command {
    let mut command = Command::new(programs.join(name));
    command.current_dir(folder).args([
        format!("corpus/{name}"),
        format!("-max_total_time={seconds}"),
        format!("-artifact_prefix=artifacts/{name}-"),
        "-timeout=5".to_owned(),
        "-rss_limit_mb=2048".to_owned(),
        "-max_len=65536".to_owned(),
        "-print_final_stats=1".to_owned(),
        // A decoder of JPEG ends its threads when it likes. What is held at once, each target asserts by itself.
        "-detect_leaks=0".to_owned(),
    ]);
    command
}
