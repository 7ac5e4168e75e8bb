//! Where things lie in the checkout, and how a tool is started.

use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The checkout this `xtask` was started from.
pub struct Project {
    /// The folder of the workspace's `Cargo.toml`.
    pub root: PathBuf,
    /// Cargo's target folder, wherever the user has put it.
    pub target: PathBuf,
}

impl Project {
    /// Asks cargo, since both folders may have been moved by its settings.
    pub fn find() -> Result<Self> {
        let output = cargo().args(["metadata", "--format-version=1", "--no-deps"]).output().context("cargo metadata")?;
        if !output.status.success() {
            bail!("cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
        }
        let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).context("cargo metadata")?;
        let folder =
            |key: &str| metadata[key].as_str().map(PathBuf::from).with_context(|| format!("cargo metadata has no {key}"));
        Ok(Self { root: folder("workspace_root")?, target: folder("target_directory")? })
    }

    /// What the page is opened from; committed.
    pub fn pkg(&self) -> PathBuf {
        self.root.join("pkg")
    }

    /// A page to look at while working: never handed out, not in the repository.
    pub fn draft(&self) -> PathBuf {
        self.web().join("page")
    }

    /// Everything between the sources and `pkg/`; apart from other builds, whose flags differ.
    pub fn web(&self) -> PathBuf {
        self.target.join("web")
    }

    /// A file of the checkout, as text.
    pub fn read(&self, path: &str) -> Result<String> {
        read(&self.root.join(path))
    }

    /// A command that runs in the checkout.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root);
        command
    }

    /// Cargo, in the checkout.
    pub fn cargo(&self) -> Command {
        let mut command = cargo();
        command.current_dir(&self.root);
        command
    }

    /// A tool that npm has installed, run by node: the same on every system, and without its install script.
    pub fn node_tool(&self, path: &str) -> Command {
        let mut command = self.command("node");
        command.arg(self.root.join("node_modules").join(path));
        command
    }
}

/// Reads text, naming the file when that fails.
pub fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("can't read {}", path.display()))
}

/// Writes a file and the folders above it, naming it when that fails.
pub fn write(path: &Path, contents: impl AsRef<[u8]>) -> Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).with_context(|| format!("can't make {}", folder.display()))?;
    }
    std::fs::write(path, contents).with_context(|| format!("can't write {}", path.display()))
}

/// Runs a command to its end; its output goes where ours goes.
pub fn run(command: &mut Command) -> Result<()> {
    let name = spell(command);
    let status = command.status().with_context(|| format!("can't start {name}"))?;
    if !status.success() {
        bail!("{name}: {status}");
    }
    Ok(())
}

/// The command as one would type it, for messages.
pub fn spell(command: &Command) -> String {
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}

/// The cargo that started us, or else the one on the path.
fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}
