//! The lines that are done: printed, and kept in a file where the user wants to be able to go on later.

use crate::{load, write};
use serde_json::Value;
use sidings::error::Result;
use sidings::report::json::VERSION;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Where lines go, and what was there already.
pub struct Lines {
    file: Option<(PathBuf, File)>,
    finished: BTreeMap<String, String>,
}

impl Lines {
    /// Reads what an earlier run left in the file, and makes it ready to be added to. A last line that was torn by a kill is
    /// taken away. With `retry`, lines that tell of an error count as not done.
    pub fn open(path: Option<&Path>, retry: bool) -> Result<Self> {
        let Some(path) = path else { return Ok(Self { file: None, finished: BTreeMap::new() }) };
        let known = if path.exists() { load::read(path)? } else { Vec::new() };
        let whole = known.iter().rposition(|b| *b == b'\n').map_or(0, |end| end + 1);
        let text = String::from_utf8_lossy(&known[..whole]);
        let finished = text.lines().filter_map(|line| Some((key_of(line, retry)?, line.to_owned()))).collect();
        let prepare = || {
            let mut file = File::options().create(true).write(true).truncate(false).open(path)?;
            file.set_len(whole as u64)?;
            file.seek(SeekFrom::End(0))?;
            Ok(file)
        };
        let file = prepare().map_err(|e| write::not_writable(path, &e))?;
        Ok(Self { file: Some((path.to_owned(), file)), finished })
    }

    /// Whether the row of this key has its line.
    pub fn holds(&self, key: &str) -> bool {
        self.finished.contains_key(key)
    }

    /// Prints a line of an earlier run, so that what is printed is complete.
    pub fn repeat(&self, key: &str) {
        if let Some(line) = self.finished.get(key) {
            print(line);
        }
    }

    /// Keeps a line, down to the disk, and prints it.
    pub fn write(&mut self, line: &Value) -> Result<()> {
        let line = line.to_string();
        if let Some((path, file)) = &mut self.file {
            let kept = file.write_all(format!("{line}\n").as_bytes()).and_then(|()| file.sync_data());
            kept.map_err(|e| write::not_writable(path, &e))?;
        }
        print(&line);
        Ok(())
    }
}

/// A reader who closes the pipe early has what it wanted.
fn print(line: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

/// The key of a line that is whole, of this version, and not to be tried again.
fn key_of(line: &str, retry: bool) -> Option<String> {
    let value: Value = serde_json::from_str(line).ok()?;
    let ours = value["schema"] == "sidings/batch@1" && value["version"] == VERSION;
    let good = ours && (value["error"].is_null() || !retry);
    value["key"].as_str().filter(|_| good).map(str::to_owned)
}
