//! Writes files whole or not at all: to a temporary name first, which is given its own only when every byte lies on the disk.

use crate::load;
use sidings::error::{Error, Result};
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Writes a file of an answer, in place of one of that name.
pub fn file(path: &Path, bytes: &[u8]) -> Result<()> {
    let temporary = temporary(path);
    let written = File::create(&temporary).and_then(|file| fill(file, bytes)).and_then(|()| fs::rename(&temporary, path));
    written.map_err(|e| {
        // What is left of it is of no use; if it can't be removed either, the first trouble is the one to tell of.
        let _ = fs::remove_file(&temporary);
        not_writable(path, &e)
    })
}

/// All bytes, down to the disk.
fn fill(mut file: File, bytes: &[u8]) -> io::Result<()> {
    file.write_all(bytes)?;
    file.sync_all()
}

/// Beside the file, so that renaming it stays on one disk; with the process in its name, so that two runs don't meet.
fn temporary(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{}.part", std::process::id()))
}

/// Why a file can't be written, in a sentence.
pub fn not_writable(path: &Path, error: &io::Error) -> Error {
    let message = match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            "The disk is full, and nothing of this file was kept. Make room, or choose another folder.".to_owned()
        }
        ErrorKind::PermissionDenied => "Writing here is not permitted. Choose another folder.".to_owned(),
        _ => format!("The file can't be written: {error}."),
    };
    Error::File { file: load::name(path), code: "not-writable", message }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_there_whole_and_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.txt");
        file(&path, b"old").expect("written");
        file(&path, b"new").expect("written over");
        assert_eq!(fs::read(&path).expect("there"), b"new");
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1, "no temporary file is left");
    }

    #[test]
    fn what_cannot_be_written_leaves_the_old_file_and_no_other() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.txt");
        fs::create_dir(&path).expect("a folder in its way");
        let error = file(&path, b"new").expect_err("a folder is no file");
        assert_eq!((error.code(), fs::read_dir(folder.path()).expect("a folder").count()), ("not-writable", 1));
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_full_disk_is_a_sentence() {
        // The kernel's own full disk.
        let full = File::options().write(true).open("/dev/full").expect("Linux has it");
        let error = fill(full, b"bytes").expect_err("full");
        let error = not_writable(Path::new("story.html"), &error);
        assert!(error.message().contains("disk is full"), "{error}");
    }
}
