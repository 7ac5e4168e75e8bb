//! `cargo xtask bench`: how long the stages, the page and what people would take instead need for the same pairs, and how that grows with the pixels.
//! Values without verdicts; a clock has no place in a test.

mod pair;
mod plot;
mod plots;
mod table;

use crate::project::{Project, write};
use crate::venv::Environment;
use crate::{browser, npm};
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Sides of the pairs, px: 1, 4 and 17 Mpx; `--large` adds 144.
const SIDES_PX: [u32; 3] = [1024, 2048, 4096];
const LARGE_PX: u32 = 12_000;

/// What a run leaves.
const KEPT: &str = "docs/benchmarks.json";

/// What OpenCV in Python needs.
const OPENCV: Environment = Environment { name: "opencv", requirements: "benches/opencv/requirements.txt" };

/// Measures, prints, and writes docs/benchmarks.json, and from it docs/benchmarks.md with its plots. `--plots-only` measures nothing and draws what the
/// last run has left.
pub fn bench(project: &Project, arguments: &[String]) -> Result<()> {
    let large = match arguments {
        [] => false,
        [one] if one == "--large" => true,
        [one] if one == "--plots-only" => return publish(project),
        _ => bail!("usage: cargo xtask bench [--large | --plots-only]"),
    };
    let Some(chromium) = browser::find() else { bail!("there is no Chromium to open the page in; name one in CHROMIUM") };
    npm::ensure(project)?;
    npm::ensure_in(project, "benches/opencv")?;
    if !OPENCV.is_made(project) {
        println!("pip: installing what {} lists", OPENCV.requirements);
        OPENCV.make(project)?;
    }
    let sides = SIDES_PX.into_iter().chain(large.then_some(LARGE_PX));
    let folder = project.root.join("out/bench");
    let pairs = sides.map(|side| pair::drawn(&folder, side)).collect::<Result<Vec<_>>>()?;
    println!("the stages, natively");
    let stages = natively(project, &pairs)?;
    println!("OpenCV in Python");
    let python = pairs.iter().map(|pair| by_python(project, pair)).collect::<Result<Vec<_>>>()?;
    println!("the page, and OpenCV.js");
    let mut node = project.command("node");
    node.arg("benches/page.js").args(pairs.iter().flatten()).env("CHROMIUM", chromium);
    let page = json(&mut node)?;
    let measured = table::Measured { machine: table::machine(), sizes: sizes(project)?, stages, python, page };
    write(&project.root.join(KEPT), serde_json::to_string_pretty(&measured)? + "\n")?;
    publish(project)
}

/// Writes the document and its plots from what the last run has left.
fn publish(project: &Project) -> Result<()> {
    let kept = std::fs::read(project.root.join(KEPT)).with_context(|| format!("{KEPT}: run `cargo xtask bench` first"))?;
    let measured: table::Measured = serde_json::from_slice(&kept).with_context(|| format!("{KEPT} is not what a run leaves"))?;
    let plots = plots::all(&measured);
    for (file, _, svg) in &plots {
        write(&project.root.join("docs").join(file), svg)?;
    }
    let text = table::text(&measured, &plots.map(|(file, told, _)| format!("![{told}]({file})")));
    println!("{text}");
    write(&project.root.join("docs/benchmarks.md"), text)
}

fn natively(project: &Project, pairs: &[[PathBuf; 2]]) -> Result<Vec<Value>> {
    let mut command = project.cargo();
    command.args(["bench", "--quiet", "--package=sidings", "--bench=stages", "--"]).args(pairs.iter().flatten());
    let output = command.stderr(Stdio::inherit()).output().context("cargo bench")?;
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).context("a line of the stages"))
        .collect()
}

fn by_python(project: &Project, pair: &[PathBuf; 2]) -> Result<Value> {
    json(project.command(OPENCV.python(project)).arg("benches/opencv/pipeline.py").args(pair))
}

/// What a command writes, as JSON.
fn json(command: &mut Command) -> Result<Value> {
    let output = command.stderr(Stdio::inherit()).output().with_context(|| format!("{command:?}"))?;
    if !output.status.success() {
        bail!("{command:?}: {}", output.status);
    }
    serde_json::from_slice(&output.stdout).with_context(|| format!("{command:?} wrote no JSON"))
}

/// Names and bytes of what the page consists of.
fn sizes(project: &Project) -> Result<Vec<(String, u64)>> {
    let mut sizes = Vec::new();
    for entry in std::fs::read_dir(project.pkg()).context("can't read pkg/")? {
        let entry = entry?;
        sizes.push((entry.file_name().to_string_lossy().into_owned(), entry.metadata()?.len()));
    }
    sizes.sort();
    Ok(sizes)
}
