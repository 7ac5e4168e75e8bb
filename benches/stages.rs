//! How long each step takes on the synthetic yard: `cargo xtask bench`. Always the same picture, since its seed is fixed; the
//! median of a few runs, since the first one is colder.

use sidings::pipeline::{Request, Workbench, run};
use sidings::{decode, example, limits::Limits};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

const SEED: u64 = 1;
const RUNS: usize = 5;

type Times = BTreeMap<&'static str, Vec<Duration>>;

fn main() {
    let drawn = example::draw(SEED);
    let files = [&drawn.before, &drawn.after].map(|scene| (scene.file_name, scene.png().expect("an in-memory PNG")));
    let mut times = Times::new();
    for _ in 0..RUNS {
        once(&files, &mut times);
    }
    println!("{} × {} px, median of {RUNS} runs", drawn.before.rgb.width(), drawn.before.rgb.height());
    for (step, mut durations) in times {
        durations.sort();
        println!("{step:>16} {:>8.1} ms", durations[durations.len() / 2].as_secs_f64() * 1e3);
    }
}

fn once(files: &[(&str, Vec<u8>); 2], times: &mut Times) {
    let start = Instant::now();
    let [before, after] = files.each_ref().map(|(name, bytes)| decode::scene(bytes, name, &Limits::default()).expect("a PNG"));
    times.entry("decode").or_default().push(start.elapsed());
    let mut spent: BTreeMap<&'static str, Duration> = BTreeMap::new();
    let mut current: Option<(&'static str, Instant)> = None;
    let mut progress = |step: &'static str, _share: f64| {
        if current.is_none_or(|(name, _)| name != step) {
            close(&mut spent, current);
            current = Some((step, Instant::now()));
        }
        Ok(())
    };
    let plan = run(Request::default(), &mut Workbench::with(before, after), &mut progress).expect("the example has an answer");
    assert!(plan.comparison.is_some(), "the example reaches its end");
    close(&mut spent, current);
    for (step, duration) in spent {
        times.entry(step).or_default().push(duration);
    }
}

fn close(spent: &mut BTreeMap<&'static str, Duration>, step: Option<(&'static str, Instant)>) {
    if let Some((name, since)) = step {
        *spent.entry(name).or_default() += since.elapsed();
    }
}
