//! From the crate to the wasm that the page carries: cargo, wasm-bindgen, wasm-opt.

use crate::project::{Project, run, write};
use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use wasm_bindgen_cli_support::Bindgen;

/// The only target of the page.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// The two halves of the core as a page sees it.
pub struct Core {
    /// The module.
    pub module: PathBuf,
    /// The ES module that speaks with it.
    pub glue: PathBuf,
}

/// How much care goes into the core.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Care {
    /// What is handed out: optimised as a whole, the same bytes from the same sources.
    Full,
    /// What is looked at while working: a few times sooner built, slower, larger, not reproducible.
    Draft,
}

/// Builds the core for the page. Each step is skipped when what goes into it has not changed.
pub fn build(project: &Project, care: Care) -> Result<Core> {
    let compiled = compile(project, care)?;
    let bytes = std::fs::read(&compiled).with_context(|| format!("can't read {}", compiled.display()))?;
    let core = project.web().join(if care == Care::Full { "core" } else { "draft" });
    let made = Core { module: core.join("sidings.wasm"), glue: core.join("sidings.js") };
    let record = core.join("made-from");
    let recipe = recipe(project, &bytes)?;
    if made.module.is_file() && std::fs::read_to_string(&record).is_ok_and(|made_from| made_from == recipe) {
        return Ok(made);
    }
    println!("wasm-bindgen");
    bind(bytes, &core)?;
    let bound = core.join("sidings_bg.wasm");
    if care == Care::Full {
        println!("wasm-opt");
        optimise(project, &bound, &made.module)?;
    } else {
        std::fs::copy(&bound, &made.module).with_context(|| format!("can't copy {}", bound.display()))?;
    }
    write(&record, recipe)?;
    Ok(made)
}

/// Cargo, with every path of this machine replaced, so that the same sources give the same bytes in any folder.
fn compile(project: &Project, care: Care) -> Result<PathBuf> {
    println!("cargo: the core for {TARGET}");
    let profile = if care == Care::Full { "web" } else { "draft" };
    let mut flags = vec!["-Ctarget-feature=+simd128".to_owned()];
    flags.extend(remapped_prefixes(project)?.iter().map(|(from, to)| format!("--remap-path-prefix={from}={to}")));
    run(project
        .cargo()
        .args([
            "build",
            "--quiet",
            "--locked",
            "--package=sidings",
            "--lib",
            "--no-default-features",
            "--profile",
            profile,
            "--target",
            TARGET,
        ])
        .arg("--target-dir")
        .arg(project.web())
        .env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}")))?;
    Ok(project.web().join(TARGET).join(profile).join("sidings.wasm"))
}

/// Folders that differ from machine to machine, each with what stands for it in panic messages. The last match wins in rustc.
fn remapped_prefixes(project: &Project) -> Result<Vec<(String, &'static str)>> {
    let mut prefixes = vec![(project.root.display().to_string(), "sidings")];
    prefixes.extend(crate_folders(project)?.into_iter().map(|folder| (folder, "crates")));
    let sysroot = project.command("rustc").args(["--print", "sysroot"]).output().context("rustc --print sysroot")?;
    prefixes.push((String::from_utf8_lossy(&sysroot.stdout).trim().to_owned(), "rust"));
    Ok(prefixes)
}

/// The folders that hold the sources of our dependencies: one for each registry, or a vendored one.
fn crate_folders(project: &Project) -> Result<BTreeSet<String>> {
    let metadata = metadata(project)?;
    let packages = metadata["packages"].as_array().context("cargo metadata lists no packages")?;
    let manifests =
        packages.iter().filter(|package| !package["source"].is_null()).filter_map(|package| package["manifest_path"].as_str());
    Ok(manifests.filter_map(|manifest| Some(Path::new(manifest).parent()?.parent()?.display().to_string())).collect())
}

/// All packages that may go into the page.
pub fn metadata(project: &Project) -> Result<serde_json::Value> {
    let output = project
        .cargo()
        .args(["metadata", "--format-version=1", "--locked", "--no-default-features", "--filter-platform", TARGET])
        .output()
        .context("cargo metadata")?;
    if !output.status.success() {
        bail!("cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    }
    serde_json::from_slice(&output.stdout).context("cargo metadata")
}

/// Web target: ES modules, which esbuild then turns into classic scripts, once for the page and once for the workers.
fn bind(module: Vec<u8>, folder: &Path) -> Result<()> {
    if folder.is_dir() {
        std::fs::remove_dir_all(folder).with_context(|| format!("can't clear {}", folder.display()))?;
    }
    Bindgen::new()
        .input_bytes("sidings", module)
        .web(true)?
        .typescript(false)
        .remove_producers_section(true)
        .generate(folder)
        .context("wasm-bindgen")
}

/// wasm-opt knows from the module itself which features it may use. It may not inline all that is called from one place: the compiler has
/// kept the loops of the network apart so that browsers find registers for them. What the compiler made of one generic function for several types
/// comes to stand together by its name, where gzip sees that it is nearly the same: 1.5 % less to carry. The names themselves are left out.
fn optimise(project: &Project, from: &Path, to: &Path) -> Result<()> {
    run(project
        .node_tool("binaryen/bin/wasm-opt")
        .args(["-O2", "--one-caller-inline-max-function-size", "50", "--reorder-functions-by-name"])
        .arg(from)
        .arg("-o")
        .arg(to))
}

/// All that decides about the bytes after cargo: the compiled module, the tools' versions, the settings above.
fn recipe(project: &Project, module: &[u8]) -> Result<String> {
    let mut hash = Sha256::new();
    hash.update(module);
    hash.update(project.read("package-lock.json")?);
    hash.update(project.read("Cargo.lock")?);
    hash.update(include_str!("wasm.rs"));
    let mut text = String::new();
    for byte in hash.finalize() {
        write!(text, "{byte:02x}")?;
    }
    Ok(text)
}
