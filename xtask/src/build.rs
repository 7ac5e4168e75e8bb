//! `cargo xtask build`: the page, from its sources.

use crate::project::{Project, write};
use crate::wasm::Care;
use crate::{bundle, notices, npm, wasm};
use anyhow::{Context, Result, ensure};
use sha2::{Digest, Sha256};
use std::path::Path;

/// The one-file page goes by mail and on old USB sticks; its promise is 3 MB.
const ONE_FILE_BYTES_MAX: usize = 3_000_000;

/// Builds into `pkg`, which is emptied first, so that nothing old stays behind.
pub fn build(project: &Project, pkg: &Path, care: Care) -> Result<()> {
    npm::ensure(project)?;
    let core = wasm::build(project, care)?;
    if pkg.is_dir() {
        std::fs::remove_dir_all(pkg).with_context(|| format!("can't clear {}", pkg.display()))?;
    }
    let notices_file = pkg.join("THIRD-PARTY.txt");
    write(&notices_file, notices::text(project)?)?;
    bundle::scripts(project, &core, &notices_file, pkg)?;
    let page = bundle::one_file(&project.read("index.html")?, pkg)?;
    ensure!(
        care == Care::Draft || page.len() <= ONE_FILE_BYTES_MAX,
        "sidings.html has {} bytes; {ONE_FILE_BYTES_MAX} is the most it may have",
        page.len()
    );
    write(&pkg.join("sidings.html"), &page)?;
    write(&pkg.join(SUMS), sums(pkg)?)?;
    println!("{}: sidings.html has {} kB", pkg.display(), page.len() / 1000);
    Ok(())
}

/// The hashes of what is handed out, as `sha256sum --check` reads them.
const SUMS: &str = "SHA256SUMS";

fn sums(pkg: &Path) -> Result<String> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(pkg).with_context(|| format!("can't read {}", pkg.display()))? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    let mut sums = String::new();
    for name in names.iter().filter(|name| *name != SUMS) {
        let bytes = std::fs::read(pkg.join(name)).with_context(|| format!("can't read {name}"))?;
        let hash: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        sums += &format!("{hash}  {name}\n");
    }
    Ok(sums)
}
