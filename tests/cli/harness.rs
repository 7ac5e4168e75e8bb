//! Runs the built binary and reads what it leaves behind.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// What a run left behind.
pub struct Run {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Run {
    /// All of stdout, which must be one JSON document and nothing else.
    pub fn json(&self) -> Value {
        let value: Value = serde_json::from_str(&self.stdout)
            .unwrap_or_else(|e| panic!("{e}\nstdout: {}\nstderr: {}", self.stdout, self.stderr));
        assert!(value["schema"].as_str().is_some_and(|s| s.starts_with("sidings/") && s.ends_with("@1")), "{value}");
        assert_eq!(value["version"], env!("CARGO_PKG_VERSION"));
        value
    }

    /// The document of a run that must have given an answer of this name.
    pub fn answer(&self, name: &str) -> Value {
        assert_eq!(self.code, 0, "stdout: {}\nstderr: {}", self.stdout, self.stderr);
        let value = self.json();
        assert_eq!(value["schema"], format!("sidings/{name}@1"));
        assert!(value.get("error").is_none(), "{value}");
        value
    }

    /// The error of a run that must have ended with this code.
    pub fn error(&self, code: i32) -> Value {
        assert_eq!(self.code, code, "stdout: {}\nstderr: {}", self.stdout, self.stderr);
        let error = self.json()["error"].clone();
        assert!(error["code"].is_string() && error["message"].as_str().is_some_and(|m| m.ends_with('.')), "{error}");
        error
    }
}

/// Runs the command line.
pub fn sidings<A: AsRef<std::ffi::OsStr>>(arguments: impl IntoIterator<Item = A>) -> Run {
    let Output { status, stdout, stderr } =
        Command::new(env!("CARGO_BIN_EXE_sidings")).args(arguments).output().expect("the binary runs");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    Run { code: status.code().expect("no signal"), stdout: text(stdout), stderr: text(stderr) }
}

/// A path as an argument.
pub fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

/// A folder of files, gone with the test.
pub struct Bench(tempfile::TempDir);

impl Bench {
    pub fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, bytes).expect("the folder can be written to");
        path
    }

    pub fn png(&self, name: &str, width: u32, height: u32, pixel: impl Fn(u32, u32) -> [u8; 3]) -> PathBuf {
        let path = self.path(name);
        image::RgbImage::from_fn(width, height, |x, y| image::Rgb(pixel(x, y))).save(&path).expect("PNG can be written");
        path
    }
}

/// A pixel of noise, the same in every run.
pub fn speckle(x: u32, y: u32) -> [u8; 3] {
    let mut v = (x.wrapping_mul(0x9E37_79B1) ^ y.wrapping_mul(0x85EB_CA77)).wrapping_add(0x1234_5678);
    v = (v ^ (v >> 15)).wrapping_mul(0x2C1B_3C6D);
    [(v >> 8) as u8, (v >> 16) as u8, (v >> 24) as u8]
}
