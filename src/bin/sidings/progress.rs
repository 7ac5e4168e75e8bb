//! Progress on stderr: a line for every step, and its share done where a person is watching.

use sidings::error::Result;
use std::io::{IsTerminal, Write};

/// Tells of steps as they go.
pub struct Progress {
    step: &'static str,
    percent: u32,
    watched: bool,
}

impl Progress {
    /// Nothing has begun.
    pub fn new() -> Self {
        Self { step: "", percent: 0, watched: std::io::stderr().is_terminal() }
    }

    /// Takes note of a step and the share of it that is done. Never cancels.
    pub fn tell(&mut self, step: &'static str, share: f64) -> Result<()> {
        let percent = (share.clamp(0.0, 1.0) * 100.0) as u32;
        let mut stderr = std::io::stderr();
        // A closed stderr is no reason to stop.
        if step != self.step {
            let _ = if self.watched { write!(stderr, "\r\x1b[K{step}") } else { writeln!(stderr, "{step}") };
        } else if self.watched && percent != self.percent {
            let _ = write!(stderr, "\r\x1b[K{step} {percent} %");
        }
        (self.step, self.percent) = (step, percent);
        Ok(())
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.watched && !self.step.is_empty() {
            let _ = write!(std::io::stderr(), "\r\x1b[K");
        }
    }
}
