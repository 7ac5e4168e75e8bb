//! The notices of other people's work that the page carries: what their licences ask for, in one text that ships with it.

use crate::project::{Project, read};
use crate::wasm;
use anyhow::{Context, Result, bail, ensure};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Licences that may go into the page, those we'd rather use first. `deny.toml` has the same list.
const LICENCES: [&str; 8] = ["MIT", "Apache-2.0", "BSD-3-Clause", "BSD-2-Clause", "ISC", "Zlib", "Unicode-3.0", "0BSD"];

/// Rust's standard library is in every wasm that rustc makes, and no package brings its licence along.
const STANDARD_LIBRARY: &str = "Copyright (c) The Rust Project Contributors\n\n";

/// Packages of npm whose code goes into the page.
const FROM_NPM: [&str; 7] = [
    "@formatjs/fast-memoize",
    "@formatjs/icu-messageformat-parser",
    "@formatjs/icu-skeleton-parser",
    "idb-keyval",
    "intl-messageformat",
    "leaflet",
    "lit-html",
];

/// What no registry brings: the work, its licence, and where the text of that lies.
const FROM_ELSEWHERE: [(&str, &str, &str); 1] = [("Noto Sans, a part of it", "OFL-1.1", "src/report/picture/OFL.txt")];

/// A piece of other people's work.
struct Work {
    name: String,
    /// SPDX expression, as its package states it.
    licence: String,
    folder: PathBuf,
}

/// The whole text. Equal licence texts stand once, under the names of all whose they are.
pub fn text(project: &Project) -> Result<String> {
    let mut works = crates(project)?;
    for name in FROM_NPM {
        works.push(from_npm(project, name)?);
    }
    let mut names_by_text: BTreeMap<String, Vec<String>> = BTreeMap::new();
    names_by_text
        .entry(format!("{STANDARD_LIBRARY}{MIT}"))
        .or_default()
        .push("the Rust standard library (MIT OR Apache-2.0)".to_owned());
    for work in works {
        let chosen = choose(&work.licence).with_context(|| format!("{}: {}", work.name, work.licence))?;
        for licence in chosen {
            let text = licence_text(&work, licence)?;
            names_by_text.entry(text).or_default().push(format!("{} ({})", work.name, work.licence));
        }
    }
    for (name, licence, text) in FROM_ELSEWHERE {
        names_by_text.entry(tidy(&project.read(text)?)).or_default().push(format!("{name} ({licence})"));
    }
    let mut groups: Vec<(Vec<String>, String)> = names_by_text.into_iter().map(|(text, names)| (names, text)).collect();
    groups.sort();
    let mut page =
        String::from("Sidings is built with the work of others. These are their names and the terms they ask us to pass on.\n");
    for (names, text) in groups {
        write!(page, "\n{}\n{}\n\n{text}", "=".repeat(100), names.join("\n"))?;
    }
    Ok(page)
}

/// The crates that cargo links into the wasm: no build tools, no procedural macros, no tests.
fn crates(project: &Project) -> Result<Vec<Work>> {
    let tree = project
        .cargo()
        .args(["tree", "--locked", "--package=sidings", "--no-default-features", "--target", wasm::TARGET])
        .args(["--edges=normal,no-proc-macro", "--prefix=none", "--format={p}"])
        .output()
        .context("cargo tree")?;
    ensure!(tree.status.success(), "cargo tree: {}", String::from_utf8_lossy(&tree.stderr));
    let mut linked: Vec<(String, String)> = String::from_utf8(tree.stdout)?.lines().filter_map(name_and_version).collect();
    linked.sort();
    linked.dedup();
    let metadata = wasm::metadata(project)?;
    let packages = metadata["packages"].as_array().context("cargo metadata lists no packages")?;
    let foreign = packages.iter().filter(|package| !package["source"].is_null());
    let mut works = Vec::new();
    for package in foreign {
        let field = |key: &str| package[key].as_str().unwrap_or_default().to_owned();
        let (name, version) = (field("name"), field("version"));
        if linked.contains(&(name.clone(), version.clone())) {
            let folder = Path::new(&field("manifest_path")).parent().context("a manifest lies in a folder")?.to_owned();
            works.push(Work { name: format!("{name} {version}"), licence: field("license").replace('/', " OR "), folder });
        }
    }
    works.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(works)
}

/// `serde v1.0.229 (proc-macro)` → serde, 1.0.229.
fn name_and_version(line: &str) -> Option<(String, String)> {
    let mut words = line.split(' ');
    Some((words.next()?.to_owned(), words.next()?.strip_prefix('v')?.to_owned()))
}

fn from_npm(project: &Project, name: &str) -> Result<Work> {
    let folder = project.root.join("node_modules").join(name);
    let package: serde_json::Value = serde_json::from_str(&read(&folder.join("package.json"))?)?;
    let field = |key: &str| package[key].as_str().with_context(|| format!("{name}: package.json has no {key}"));
    Ok(Work { name: format!("{name} {}", field("version")?), licence: field("license")?.to_owned(), folder })
}

/// One licence for each part of an SPDX expression that is joined by AND: the first of [`LICENCES`] among its alternatives.
fn choose(expression: &str) -> Result<Vec<&'static str>> {
    expression
        .split(" AND ")
        .map(|part| {
            let offered: Vec<&str> = part.trim_matches(['(', ')']).split(" OR ").map(str::trim).collect();
            LICENCES
                .iter()
                .find(|licence| offered.contains(licence))
                .copied()
                .with_context(|| format!("none of {LICENCES:?} in {part:?}"))
        })
        .collect()
}

/// The licence as the package brings it along: the file named for it, else the one named for none. A package without any gets
/// the general text of the licence, when we have it.
fn licence_text(work: &Work, licence: &str) -> Result<String> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(&work.folder).with_context(|| format!("can't read {}", work.folder.display()))? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    names.sort();
    let family = licence.split('-').next().unwrap_or(licence).to_ascii_uppercase();
    let bare =
        |name: &str| ["LICENSE", "LICENSE.TXT", "LICENSE.MD", "LICENCE", "COPYING"].contains(&name.to_ascii_uppercase().as_str());
    let named = |name: &str| {
        let name = name.to_ascii_uppercase();
        (name.starts_with("LICEN") || name.starts_with("COPYING")) && name.contains(&family)
    };
    match names.iter().find(|name| named(name)).or_else(|| names.iter().find(|name| bare(name))) {
        Some(name) => Ok(tidy(&read(&work.folder.join(name))?)),
        None if licence == "MIT" => Ok(format!("Copyright (c) the authors of {}\n\n{MIT}", work.name)),
        None => bail!("{} brings no text of {licence} along", work.name),
    }
}

/// One kind of line end, no trailing blanks, so that equal texts are equal.
fn tidy(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.join("\n").trim_matches('\n').to_owned() + "\n"
}

const MIT: &str = "\
Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the \"Software\"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED \"AS IS\", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_of_an_expression_is_met() {
        assert_eq!(choose("MIT OR Apache-2.0").ok(), Some(vec!["MIT"]));
        assert_eq!(choose("BSD-3-Clause OR Apache-2.0").ok(), Some(vec!["Apache-2.0"]));
        assert_eq!(choose("(MIT OR Apache-2.0) AND Unicode-3.0").ok(), Some(vec!["MIT", "Unicode-3.0"]));
        assert!(choose("MIT AND GPL-3.0").is_err());
        assert!(choose("").is_err());
    }

    #[test]
    fn the_file_named_for_the_licence_is_taken() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("LICENSE"), "either\r\n").expect("a file");
        let work = Work { name: "thing 1.0.0".to_owned(), licence: "MIT".to_owned(), folder: folder.path().to_owned() };
        assert_eq!(licence_text(&work, "MIT").ok().as_deref(), Some("either\n"));
        std::fs::write(folder.path().join("LICENSE-MIT"), "this one  \n").expect("a file");
        assert_eq!(licence_text(&work, "MIT").ok().as_deref(), Some("this one\n"));
    }

    #[test]
    fn a_work_without_a_text_is_an_error_unless_we_know_the_text() {
        let folder = tempfile::tempdir().expect("a folder");
        let work = Work { name: "thing 1.0.0".to_owned(), licence: "Zlib".to_owned(), folder: folder.path().to_owned() };
        assert!(licence_text(&work, "Zlib").is_err());
        assert!(licence_text(&work, "MIT").is_ok_and(|text| text.contains("thing 1.0.0")));
    }
}
