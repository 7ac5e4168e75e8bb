//! From `www/` to classic scripts and style sheets: esbuild, and the one page with everything inside.

use crate::csp::{Allowed, policy};
use crate::project::{Project, read, run, write};
use crate::wasm::Core;
use anyhow::{Context, Result, ensure};
use libdeflater::{CompressionLvl, Compressor};
use sidings::report::base91;
use std::path::Path;
use std::process::Command;

/// Browsers that run wasm SIMD and everything else the page needs.
const BROWSERS: &str = "--target=chrome120,firefox120,safari17.4";

/// For the script that tells older ones that they can't.
const OLD_BROWSERS: &str = "--target=es5";

/// Bundles into `pkg`: the scripts, the style sheets, Leaflet.
///
/// The page's modules import what is built under these names:
/// `sidings-core` (the glue), and packed by gzip, as `Uint8Array`s ([`base91`]), `sidings-wasm` (the module), `sidings-worker` (the worker's source), which together
/// are the engine that a story may carry, `sidings-notices` (the third-party notices), `sidings-land` (the locator's
/// coasts) and `sidings-words` (the catalogues).
pub fn scripts(project: &Project, core: &Core, notices: &Path, pkg: &Path) -> Result<()> {
    println!("esbuild");
    let worker = project.web().join("worker.txt");
    let glue = alias("sidings-core", &core.glue);
    run(script(project, "www/worker.js").arg(&glue).arg(outfile(&worker)))?;
    let words = project.web().join("words.json");
    words_of_all_languages(project, &words)?;
    let packed = |name: &str, from: &Path| -> Result<String> {
        let (gzip, module) = (project.web().join(format!("{name}.gz")), project.web().join(format!("{name}.js")));
        pack(from, &gzip)?;
        carried(&gzip, &project.root.join("www/base91.js"), &module)?;
        Ok(alias(&format!("sidings-{name}"), &module))
    };
    run(script(project, "www/boot.js")
        .args([
            glue,
            packed("wasm", &core.module)?,
            packed("worker", &worker)?,
            packed("notices", notices)?,
            packed("land", &project.root.join("www/locator/locator.json"))?,
            packed("words", &words)?,
        ])
        .arg(outfile(&pkg.join("sidings.js"))))?;
    run(script(project, "www/first.js").args([OLD_BROWSERS, &outfile(&pkg.join("first.js"))]))?;
    compare_element(project, &pkg.join(ELEMENT))?;
    run(style(project, "www/style.css").arg(outfile(&pkg.join("sidings.css"))))?;
    // Its pictures are of buttons and markers that this page has none of.
    run(style(project, "node_modules/leaflet/dist/leaflet.css")
        .arg("--loader:.png=empty")
        .arg(outfile(&pkg.join("leaflet.css"))))?;
    let leaflet = project.read("node_modules/leaflet/dist/leaflet.js")?;
    write(&pkg.join("leaflet.js"), without_source_map(&leaflet))
}

/// The custom element for other people's pages: a script of its own, which nothing of ours loads.
const ELEMENT: &str = "sidings-compare.js";

/// What an article may be asked to load for it, packed, bytes.
const ELEMENT_BYTES_MAX: u64 = 15_000;

fn compare_element(project: &Project, to: &Path) -> Result<()> {
    run(script(project, "www/element/compare.js").arg(outfile(to)))?;
    let packed = project.web().join("element.gz");
    pack(to, &packed)?;
    let bytes = std::fs::metadata(&packed).with_context(|| format!("can't read {}", packed.display()))?.len();
    ensure!(bytes <= ELEMENT_BYTES_MAX, "{ELEMENT} has {bytes} bytes packed; {ELEMENT_BYTES_MAX} is the most it may have");
    println!("{ELEMENT}: {bytes} bytes packed");
    Ok(())
}

/// The catalogues of all languages as lists in the order of one list of keys, as `www/locales/index.js` takes them up. With the keys said once
/// they are packed 15 % smaller.
fn words_of_all_languages(project: &Project, to: &Path) -> Result<()> {
    let mut words = serde_json::Map::new();
    let mut keys = Vec::new();
    for language in ["en", "ko", "ru", "zh", "ja"] {
        let catalogue = project.read(&format!("www/locales/{language}.json"))?;
        let mut said: serde_json::Map<_, _> = serde_json::from_str(&catalogue).with_context(|| format!("{language}.json"))?;
        if keys.is_empty() {
            keys = said.keys().cloned().collect();
            words.insert("keys".to_owned(), keys.clone().into());
        }
        let said: Option<Vec<_>> = keys.iter().map(|key| said.remove(key)).collect();
        words.insert(
            language.to_owned(),
            said.with_context(|| format!("{language}.json lacks a message that en.json has"))?.into(),
        );
    }
    write(to, serde_json::to_vec(&words)?)
}

/// Gzip at its best, without name or time, so that the same bytes give the same bytes. The page is a third as long for it, and every browser that
/// runs it unpacks it. libdeflate packs the module 4 % smaller than zlib at its best.
fn pack(from: &Path, to: &Path) -> Result<()> {
    let bytes = std::fs::read(from).with_context(|| format!("can't read {}", from.display()))?;
    let mut compressor = Compressor::new(CompressionLvl::best());
    let mut packed = vec![0; compressor.gzip_compress_bound(bytes.len())];
    let length = compressor.gzip_compress(&bytes, &mut packed).context("libdeflate")?;
    packed.truncate(length);
    write(to, packed)
}

/// Writes a module whose default export are the bytes of a packed file.
fn carried(from: &Path, decoder: &Path, to: &Path) -> Result<()> {
    let bytes = std::fs::read(from).with_context(|| format!("can't read {}", from.display()))?;
    let decoder = decoder.display().to_string();
    write(to, format!("import {{ bytes }} from {decoder:?};\nexport default bytes(\"{}\");\n", base91::encode(&bytes)))
}

fn esbuild(project: &Project, entry: &str) -> Command {
    let mut command = project.node_tool("esbuild/bin/esbuild");
    command.args([entry, "--bundle", "--log-level=warning", "--charset=utf8", BROWSERS]);
    command
}

/// A classic script. White space goes, names stay: whoever checks what the page does can still read it.
fn script(project: &Project, entry: &str) -> Command {
    let mut command = esbuild(project, entry);
    command.args(["--format=iife", "--minify-whitespace", "--minify-syntax"]);
    command.args(["--loader:.txt=text", "--loader:.svg=text", "--loader:.geojson=json"]);
    command
}

/// A style sheet with its pictures inside.
fn style(project: &Project, entry: &str) -> Command {
    let mut command = esbuild(project, entry);
    command.args(["--minify", "--loader:.svg=dataurl", "--loader:.png=dataurl"]);
    command
}

fn alias(name: &str, path: &Path) -> String {
    format!("--alias:{name}={}", path.display())
}

fn outfile(path: &Path) -> String {
    format!("--outfile={}", path.display())
}

fn without_source_map(script: &str) -> String {
    script.lines().filter(|line| !line.starts_with("//# sourceMappingURL")).map(|line| format!("{line}\n")).collect()
}

/// `index.html` with its scripts and style sheets inside, under a policy that names them by hash.
pub fn one_file(index: &str, pkg: &Path) -> Result<String> {
    let beside = policy(&Allowed::Beside);
    ensure!(index.contains(&beside), "index.html must carry this Content-Security-Policy:\n{beside}");
    let (mut scripts, mut styles) = (Vec::new(), Vec::new());
    let mut page = String::new();
    for line in index.lines() {
        let (indent, tag) = line.split_at(line.len() - line.trim_start().len());
        if let Some(name) = between(tag, "<script src=\"pkg/", "\"></script>") {
            scripts.push(inner(&pkg.join(name), "script")?);
            page += &format!("{indent}<script>{}</script>\n", scripts[scripts.len() - 1]);
        } else if let Some(name) = between(tag, "<link rel=\"stylesheet\" href=\"pkg/", "\">") {
            styles.push(inner(&pkg.join(name), "style")?);
            page += &format!("{indent}<style>{}</style>\n", styles[styles.len() - 1]);
        } else {
            ensure!(
                !tag.contains("\"pkg/"),
                "index.html: {tag:?} can't go into the one file; write <script src=\"pkg/NAME\"></script> at the end of the \
                 body, or <link rel=\"stylesheet\" href=\"pkg/NAME\">, on a line of its own"
            );
            page += &format!("{line}\n");
        }
    }
    Ok(page.replace(&beside, &policy(&Allowed::Inside { scripts: &scripts, styles: &styles })))
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    text.strip_prefix(start)?.strip_suffix(end)
}

/// A file's text, when it can stand inside its element as it is.
fn inner(path: &Path, element: &str) -> Result<String> {
    let text = read(path).context("index.html names it")?;
    for fatal in [format!("</{element}"), format!("<{element}"), "\r".to_owned(), "\0".to_owned()] {
        ensure!(
            !text.to_ascii_lowercase().contains(&fatal),
            "{} contains {fatal:?} and can't stand inside a page",
            path.display()
        );
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(body: &str) -> String {
        format!("<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n{body}\n", policy(&Allowed::Beside))
    }

    fn folder(name: &str, text: &str) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join(name), text).expect("a file");
        folder
    }

    #[test]
    fn scripts_and_styles_go_inside_with_their_hashes() {
        let pkg = folder("a.js", "alert(1)");
        let page = one_file(&index("  <script src=\"pkg/a.js\"></script>"), pkg.path()).expect("a page");
        assert!(page.contains("  <script>alert(1)</script>\n"), "{page}");
        assert!(page.contains("script-src 'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='"), "{page}");
        assert!(!page.contains("script-src 'self'"), "{page}");
    }

    #[test]
    fn what_can_not_go_inside_is_refused() {
        let pkg = folder("a.js", "'</SCRIPT>'");
        for body in ["<script src=\"pkg/a.js\"></script>", "<script defer src=\"pkg/a.js\"></script>", "<img src=\"pkg/a.png\">"]
        {
            assert!(one_file(&index(body), pkg.path()).is_err(), "{body}");
        }
        assert!(one_file("<p>no policy</p>", pkg.path()).is_err());
    }
}
