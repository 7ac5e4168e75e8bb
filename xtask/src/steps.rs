//! A list of checks that are all done, whatever becomes of each, and told at the end.

use anyhow::{Result, bail};
use std::time::{Duration, Instant};

/// What has been checked so far.
pub struct Steps {
    command: &'static str,
    done: Vec<Step>,
}

struct Step {
    name: &'static str,
    took: Duration,
    error: Option<String>,
}

impl Steps {
    /// For `cargo xtask COMMAND`.
    pub fn new(command: &'static str) -> Self {
        Self { command, done: Vec::new() }
    }

    /// Does one step, announced by its name, and keeps what became of it.
    pub fn step(&mut self, name: &'static str, action: impl FnOnce() -> Result<()>) {
        println!("\n── {name}");
        let start = Instant::now();
        let error = action().err().map(|error| format!("{error:#}"));
        if let Some(error) = &error {
            eprintln!("{name}: {error}");
        }
        self.done.push(Step { name, took: start.elapsed(), error });
    }

    /// The table, and an error when any step failed.
    pub fn finish(self) -> Result<()> {
        println!("\n{}", self.table());
        let failed = self.failed();
        if failed > 0 {
            bail!("{failed} of {} steps failed", self.done.len());
        }
        Ok(())
    }

    fn failed(&self) -> usize {
        self.done.iter().filter(|step| step.error.is_some()).count()
    }

    fn table(&self) -> String {
        let mut table = String::new();
        for step in &self.done {
            let (mark, why) = match &step.error {
                None => ("ok    ", String::new()),
                Some(error) => ("FAILED", format!("  {}", error.lines().next().unwrap_or_default())),
            };
            table += &format!("{mark} {:>5} s  {}{why}\n", step.took.as_secs(), step.name);
        }
        let total: Duration = self.done.iter().map(|step| step.took).sum();
        let (failed, all) = (self.failed(), self.done.len());
        table + &format!("cargo xtask {}: {} steps passed, {failed} failed, {} s", self.command, all - failed, total.as_secs())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_failure_fails_the_whole_and_stops_nothing() {
        let mut steps = Steps::new("test");
        steps.step("first", || bail!("broken\nwith details"));
        let mut reached = false;
        steps.step("second", || {
            reached = true;
            Ok(())
        });
        assert!(reached);
        let table = steps.table();
        assert!(table.contains("FAILED     0 s  first  broken\n"), "{table}");
        assert!(table.ends_with("cargo xtask test: 1 steps passed, 1 failed, 0 s"), "{table}");
        assert!(steps.finish().is_err());
    }
}
