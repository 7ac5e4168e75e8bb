//! `cargo xtask run`: the page, for whoever wants to see it.

use crate::build;
use crate::project::Project;
use crate::wasm::Care;
use anyhow::{Context, Result};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, SystemTime};

/// A checkout writes files in any order, within moments; what is newer by more than this was edited.
const CHECKOUT_TAKES: Duration = Duration::from_secs(60);

/// Where the page's sources lie.
const SOURCES: [&str; 6] = ["src", "www", "Cargo.toml", "Cargo.lock", "package-lock.json", "index.html"];

/// Opens the page with the example in the system's browser, built first where that is needed. Says the path in any case.
pub fn open(project: &Project) -> Result<()> {
    if is_stale(project)? {
        build::build(project, &project.pkg(), Care::Full)?;
    }
    let page = project.root.join("index.html");
    println!("{}", page.display());
    let address = format!("{}#example", file_url(&page));
    let opener = if cfg!(target_os = "macos") {
        project.command("open").arg(&address).stdin(Stdio::null()).status()
    } else if cfg!(windows) {
        project.command("cmd").args(["/C", "start", "", &address]).stdin(Stdio::null()).status()
    } else {
        project.command("xdg-open").arg(&address).stdin(Stdio::null()).stderr(Stdio::null()).status()
    };
    if !opener.is_ok_and(|status| status.success()) {
        println!("no browser could be started from here; open {address} in one");
    }
    Ok(())
}

/// Spaces and the like must not end an address.
fn file_url(path: &Path) -> String {
    let text = path.display().to_string().replace('\\', "/");
    let mut url = if text.starts_with('/') { "file://".to_owned() } else { "file:///".to_owned() };
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"/:._-~".contains(&byte) {
            url.push(char::from(byte));
        } else {
            url += &format!("%{byte:02X}");
        }
    }
    url
}

/// Whether the page is missing, or older than what it is made from.
fn is_stale(project: &Project) -> Result<bool> {
    let built = ["first.js", "sidings.js", "sidings.css", "leaflet.js", "leaflet.css", "sidings.html"]
        .map(|name| project.pkg().join(name));
    let Some(oldest) = built.iter().map(|path| modified(path)).min().flatten() else { return Ok(true) };
    let mut newest = SystemTime::UNIX_EPOCH;
    for source in SOURCES {
        newest = newest.max(newest_under(&project.root.join(source))?);
    }
    Ok(newest > oldest + CHECKOUT_TAKES)
}

fn modified(path: &Path) -> Option<SystemTime> {
    path.metadata().and_then(|metadata| metadata.modified()).ok()
}

fn newest_under(path: &Path) -> Result<SystemTime> {
    if !path.is_dir() {
        return modified(path).with_context(|| format!("{} is missing", path.display()));
    }
    let mut newest = SystemTime::UNIX_EPOCH;
    for entry in std::fs::read_dir(path).with_context(|| format!("can't read {}", path.display()))? {
        newest = newest.max(newest_under(&entry?.path())?);
    }
    Ok(newest)
}

#[cfg(test)]
mod unit {
    use super::*;

    #[test]
    fn an_address_keeps_what_would_end_it() {
        assert_eq!(file_url(Path::new("/home/a b/#1/index.html")), "file:///home/a%20b/%231/index.html");
        assert_eq!(file_url(Path::new("C:\\x\\index.html")), "file:///C:/x/index.html");
    }

    #[test]
    fn the_page_is_stale_when_missing_or_older_than_its_sources() {
        let folder = tempfile::tempdir().expect("a folder");
        let project = Project { root: folder.path().to_owned(), target: folder.path().join("target") };
        let make = |name: &str, age_s: u64| {
            let path = project.root.join(name);
            crate::project::write(&path, "").expect("a file");
            let file = std::fs::File::options().append(true).open(&path).expect("the file");
            file.set_modified(SystemTime::now() - Duration::from_secs(age_s)).expect("a time");
        };
        for source in ["src/lib.rs", "www/boot.js", "Cargo.toml", "Cargo.lock", "package-lock.json", "index.html"] {
            make(source, 500);
        }
        assert!(is_stale(&project).expect("an answer"));
        for built in ["first.js", "sidings.js", "sidings.css", "leaflet.js", "leaflet.css", "sidings.html"] {
            make(&format!("pkg/{built}"), 510);
        }
        assert!(!is_stale(&project).expect("an answer"));
        make("src/web/map.rs", 10);
        assert!(is_stale(&project).expect("an answer"));
    }
}
