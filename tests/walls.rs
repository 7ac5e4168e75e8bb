//! The walls between the parts, held by reading the sources.
//!
//! The core knows no browser, clock, thread, file, global or unseeded randomness; stages are siblings; unsafe code has one
//! place. What a compiler can't hold is held here, and each wall is first shown to fall when somebody breaks it.

#[path = "walls/rules.rs"]
mod rules;
#[path = "walls/source.rs"]
mod source;

use rules::{Kind, forbidden, imports, kind, may_import};
use source::{test_modules, tokens};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The one module that may be unsafe, should SIMD ever need it: a file of this name, with its proof.
const UNSAFE_MODULE: &str = "simd";

/// A file this long has more than one idea in it. Reported, not refused: where to cut is a judgement.
const LONG_FILE_LINES: usize = 500;

/// A file of ours, as it lies below its folder.
struct File {
    path: String,
    text: String,
}

impl File {
    /// `align` for `align.rs`, `align/mod.rs` and `align/search.rs`.
    fn module(&self) -> &str {
        self.path.split('/').next().unwrap_or_default().trim_end_matches(".rs")
    }

    fn depth(&self) -> usize {
        let parts = self.path.split('/').count();
        if self.path.ends_with("/mod.rs") { parts - 1 } else { parts }
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// All files below a folder with this ending, in order of their names.
fn files(folder: &str, ending: &str) -> Vec<File> {
    let top = root().join(folder);
    let (mut waiting, mut found) = (vec![top.clone()], Vec::new());
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting.extend(std::fs::read_dir(&path).expect("a folder").map(|entry| entry.expect("an entry").path()));
        } else if path.extension().is_some_and(|e| e == ending) {
            let text = std::fs::read_to_string(&path).expect("a text file");
            let below = path.strip_prefix(&top).expect("it lies below");
            found.push(File { path: below.to_string_lossy().replace('\\', "/"), text });
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// The sources, without files that are compiled for tests only.
fn sources() -> Vec<File> {
    let all = files("src", "rs");
    let mut tests = BTreeSet::new();
    for file in &all {
        let path = Path::new(&file.path);
        let is_folder = ["mod.rs", "lib.rs"].iter().any(|name| path.ends_with(name));
        let folder = if is_folder { path.parent().unwrap_or(Path::new("")).to_owned() } else { path.with_extension("") };
        for module in test_modules(&file.text) {
            tests.insert(folder.join(format!("{module}.rs")));
            tests.insert(folder.join(module).join("mod.rs"));
        }
    }
    all.into_iter().filter(|file| !tests.contains(Path::new(&file.path))).collect()
}

fn core() -> impl Iterator<Item = File> {
    sources().into_iter().filter(|file| kind(file.module()) != Some(Kind::Edge))
}

fn hold(breaches: Vec<String>) {
    assert!(breaches.is_empty(), "\n{}\n", breaches.join("\n"));
}

#[test]
fn every_module_has_its_place() {
    hold(
        sources()
            .iter()
            .filter(|f| kind(f.module()).is_none())
            .map(|f| format!("src/{}: enter {:?} in tests/walls/rules.rs", f.path, f.module()))
            .collect(),
    );
}

#[test]
fn the_core_knows_no_machine() {
    let breaches = core().flat_map(|file| {
        let found = forbidden(&tokens(&file.text));
        found.into_iter().map(move |(line, why)| format!("src/{}:{line}: {why}", file.path))
    });
    hold(breaches.collect());
}

#[test]
fn stages_are_siblings() {
    let breaches = sources().into_iter().flat_map(|file| {
        let found = imports(&tokens(&file.text), file.depth());
        let breaches = found.into_iter().filter(|(_, to)| !may_import(file.module(), to));
        breaches.map(|(line, to)| format!("src/{}:{line}: {} may not import {to}", file.path, file.module())).collect::<Vec<_>>()
    });
    hold(breaches.collect());
}

#[test]
fn unsafe_code_has_one_place() {
    let users: Vec<String> = sources()
        .into_iter()
        .filter(|file| tokens(&file.text).iter().any(|t| t.text == "unsafe"))
        .map(|file| file.path)
        .collect();
    let allowed = |path: &String| Path::new(path).file_stem().is_some_and(|stem| stem == UNSAFE_MODULE);
    assert!(users.len() <= 1 && users.iter().all(allowed), "unsafe in {users:?}; only one file {UNSAFE_MODULE}.rs may have it");
}

/// What would let the page speak to somebody, or let a file's name become markup.
const FORBIDDEN_IN_SCRIPTS: [&str; 14] = [
    "fetch(",
    "XMLHttpRequest",
    "WebSocket(",
    "EventSource(",
    "sendBeacon",
    "importScripts",
    "eval(",
    "new Function",
    "innerHTML",
    "outerHTML",
    "insertAdjacentHTML",
    "document.write",
    "unsafeHTML",
    "serviceWorker",
];

fn breaches_in_script(text: &str) -> Vec<(usize, &'static str)> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"));
    lines
        .flat_map(|(at, line)| FORBIDDEN_IN_SCRIPTS.iter().filter(move |f| line.contains(**f)).map(move |f| (at + 1, *f)))
        .collect()
}

/// What a single file may name, and why: the rest of the wall holds for it, too.
const ALLOWED: [(&str, &str); 6] = [
    // Other people's pages load it, ours never does: it reads the data that such a page names.
    ("element/compare.js", "fetch("),
    // Reads the story as it is shown, to compare it; writes nothing by it.
    ("story/check.js", "outerHTML"),
    // Names them to delete them.
    ("shut.js", "XMLHttpRequest"),
    ("shut.js", "importScripts"),
    ("shut.js", "sendBeacon"),
    ("shut.js", "serviceWorker"),
];

#[test]
fn the_shell_opens_no_way_out() {
    let breaches = files("www", "js").into_iter().flat_map(|file| {
        let allowed = |what: &str| ALLOWED.contains(&(file.path.as_str(), what)) && !file.text.contains(&format!("{what} ="));
        let found = breaches_in_script(&file.text).into_iter().filter(|(_, what)| !allowed(what)).collect::<Vec<_>>();
        let found = found.into_iter();
        found.map(|(line, what)| format!("www/{}:{line}: {what}", file.path)).collect::<Vec<_>>()
    });
    hold(breaches.collect());
}

#[test]
fn long_files_are_named() {
    for (folder, ending) in [("src", "rs"), ("xtask/src", "rs"), ("www", "js"), ("tests", "rs")] {
        for file in files(folder, ending).iter().filter(|file| file.text.lines().count() > LONG_FILE_LINES) {
            println!("warning: {folder}/{} has {} lines; split it by idea", file.path, file.text.lines().count());
        }
    }
}

/// Each wall falls when it is broken.
mod can_fail {
    use super::*;

    fn reasons(source: &str) -> Vec<String> {
        forbidden(&tokens(source)).into_iter().map(|(line, why)| format!("{line} {why}")).collect()
    }

    fn imported(source: &str, depth: usize) -> Vec<String> {
        imports(&tokens(source), depth).into_iter().map(|(_, name)| name).collect()
    }

    #[test]
    fn what_the_core_may_not_name_is_found() {
        for source in [
            "use web_sys::Window;",
            "use gloo_timers::callback::Timeout;",
            "#[wasm_bindgen] pub fn f() {}",
            "let t = std::time::Instant::now();",
            "use std::{collections::BTreeMap, fs};",
            "use std::{io::{self, Read}, thread};",
            "static mut COUNT: u32 = 0;",
            "thread_local! { static A: u8 = 0; }",
            "let m = HashMap::new();",
            "let y = x.sin();",
            "let r: f32 = rand::random();",
        ] {
            assert!(!reasons(source).is_empty(), "{source}");
        }
        assert_eq!(reasons("\n\nuse std::fs;"), ["3 std::fs: files"]);
    }

    #[test]
    fn what_it_may_name_is_left_alone() {
        for source in [
            "// std::fs\n/* web_sys /* nested */ std::thread */",
            "/// Instant answers.\nfn f() {}",
            "let s = \"std::fs\"; let r = r#\"HashMap \"quoted\" \"#; let c = '\"'; let b = b\"rand\"; let l: &'static str = s;",
            "fn f<'a>(x: &'a str) -> char { 'r' }",
            "use std::collections::BTreeMap;",
            "let y = libm::sin(x); let z = x.sqrt().abs();",
            "let time = frame.rand;",
            "#[cfg(test)]\nmod tests { use std::fs; fn f() { std::thread::yield_now(); } }",
            "#[cfg(test)]\nuse std::time::Instant;\nfn f() {}",
        ] {
            assert_eq!(reasons(source), Vec::<String>::new(), "{source}");
        }
        assert_eq!(reasons("#[cfg(test)] mod t { fn f() {} }\nuse std::fs;").len(), 1);
    }

    #[test]
    fn imports_are_found_however_they_are_written() {
        assert_eq!(imported("use crate::align::Alignment;", 1), ["align"]);
        assert_eq!(
            imported("use crate::{railcars, yard::{Detection, Track}, align::estimate};", 1),
            ["railcars", "yard", "align"]
        );
        assert_eq!(imported("fn f() { crate::railcars::detect() }", 1), ["railcars"]);
        assert_eq!(imported("use super::align;", 1), ["align"]);
        assert_eq!(imported("use super::super::align;", 2), ["align"]);
        assert_eq!(imported("use super::{align, yard};", 1), ["align", "yard"]);
        assert_eq!(imported("use super::strips;", 2), Vec::<String>::new());
        assert_eq!(imported("use crate::Result;", 1), Vec::<String>::new());
    }

    #[test]
    fn a_stage_may_not_import_a_stage() {
        for (from, to) in [
            ("compare", "align"),
            ("align", "railcars"),
            ("railcars", "pipeline"),
            ("raster", "decode"),
            ("pipeline", "report"),
            ("report", "web"),
            ("align", "unheard_of"),
        ] {
            assert!(!may_import(from, to), "{from} → {to}");
        }
        for (from, to) in [
            ("compare", "yard"),
            ("align", "align"),
            ("raster", "geometry"),
            ("pipeline", "align"),
            ("report", "pipeline"),
            ("web", "pipeline"),
            ("lib", "align"),
        ] {
            assert!(may_import(from, to), "{from} → {to}");
        }
    }

    #[test]
    fn files_for_tests_only_are_known() {
        assert_eq!(test_modules("mod search;\n#[cfg(test)]\nmod tests;\n#[cfg(test)]\nmod inline { }"), ["tests"]);
    }

    #[test]
    fn ways_out_of_the_shell_are_found() {
        assert_eq!(breaches_in_script("a();\nfetch(url);"), [(2, "fetch(")]);
        assert!(breaches_in_script("// never fetch(url)").is_empty());
    }
}

/// Names of direct dependencies in a manifest of cargo: keys below any heading that ends in `dependencies]`.
fn crates_of(manifest: &str) -> BTreeSet<String> {
    let mut listed = false;
    let names = manifest.lines().filter_map(|line| {
        if line.starts_with('[') {
            listed = line.ends_with("dependencies]");
        }
        let name = line.split(['=', '.']).next().unwrap_or_default().trim();
        let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
        (listed && is_name && line.starts_with(name) && line.contains('=')).then(|| name.to_owned())
    });
    names.collect()
}

#[test]
fn every_dependency_has_its_reason_written_down() {
    let read = |path: &str| std::fs::read_to_string(root().join(path)).expect("a file of ours");
    assert_eq!(
        crates_of(
            "[package]\nname = \"a\"\n[dependencies]\nb = \"1\"\n# c = 2\nd-e = { version = \"1\", features = [\n    \"x\",\n] }\n"
        ),
        ["b", "d-e"].map(str::to_owned).into()
    );
    let mut used: BTreeSet<String> = ["Cargo.toml", "generator/Cargo.toml", "xtask/Cargo.toml", "fuzz/Cargo.toml"]
        .iter()
        .flat_map(|m| crates_of(&read(m)))
        .collect();
    used.retain(|name| !name.starts_with("sidings"));
    let package: serde_json::Value = serde_json::from_str(&read("package.json")).expect("JSON");
    for part in ["dependencies", "devDependencies"] {
        used.extend(package[part].as_object().expect("an object").keys().cloned());
    }
    let page = read("docs/dependencies.md");
    let unnamed: Vec<_> = used.iter().filter(|name| !page.contains(&format!("`{name}`"))).collect();
    assert!(unnamed.is_empty(), "docs/dependencies.md gives no reason for {unnamed:?}");
    // What begins a row is a dependency, and nothing else.
    let rows = page.lines().filter(|line| line.starts_with("| `"));
    let named = rows.flat_map(|line| line.split('|').nth(1).unwrap_or_default().split('`').skip(1).step_by(2).map(str::to_owned));
    let python = read("scale/requirements.txt");
    let unused: Vec<_> = named.filter(|name| !used.contains(name) && !python.contains(&format!("\n{name}=="))).collect();
    assert!(unused.is_empty(), "docs/dependencies.md names {unused:?}, which nothing uses");
}

#[test]
fn the_fuzzing_workspace_locks_what_the_core_needs() {
    let read = |path: &str| std::fs::read_to_string(root().join(path)).expect("a file of ours");
    let manifest = read("Cargo.toml");
    let needed = manifest.split("[dev-dependencies]").next().unwrap_or_default();
    let needed: String =
        needed.lines().filter(|line| !line.contains("optional = true")).map(|line| format!("{line}\n")).collect();
    let lock = read("fuzz/Cargo.lock");
    let core = lock.split("[[package]]").find(|package| package.contains("name = \"sidings\"\n")).expect("the core is locked");
    let missing: Vec<_> = crates_of(&needed).into_iter().filter(|name| !core.contains(&format!("\"{name}\""))).collect();
    assert!(missing.is_empty(), "fuzz/Cargo.lock lacks {missing:?}: run `cargo update --workspace` in fuzz/");
}
