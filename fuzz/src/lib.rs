//! The targets of `tests/hostile`, for libFuzzer: one definition of what must hold, two ways of thinking up bytes.

#[path = "../../tests/fixtures/memory.rs"]
mod memory;
#[path = "../../tests/hostile/targets.rs"]
mod targets;

pub use libfuzzer_sys;

/// Runs the target of this name.
pub fn run(name: &str, bytes: &[u8]) {
    let target = targets::TARGETS.iter().find(|target| target.name == name).expect("a target of this name");
    (target.run)(bytes);
}

/// The entry of a target.
#[macro_export]
macro_rules! fuzz {
    ($name:literal) => {
        $crate::libfuzzer_sys::fuzz_target!(|bytes: &[u8]| $crate::run($name, bytes));
    };
}
