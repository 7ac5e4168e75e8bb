//! Hostile files: every parser on bytes that were cut, flipped, inflated and spliced by a seeded draw, and on what once broke it.
//!
//! A short run of what `cargo xtask fuzz` does for as long as wanted, with the same invariants ([`targets`]).

#[path = "fixtures/answer.rs"]
mod answer;
#[path = "fixtures/credentials.rs"]
mod credentials;
mod fixtures;
#[path = "hostile/found.rs"]
mod found;
#[path = "fixtures/jpeg2000.rs"]
mod jpeg2000;
#[path = "fixtures/memory.rs"]
mod memory;
#[path = "hostile/mutate.rs"]
mod mutate;
#[path = "fixtures/patience.rs"]
mod patience;
#[path = "hostile/seeds.rs"]
mod seeds;
#[path = "hostile/targets.rs"]
mod targets;

use sidings::random::Random;
use std::panic::catch_unwind;
use targets::{TARGETS, Target};

/// Runs of each target in the tests: about a second of most. A story is a hundred kilobytes.
const ROUNDS: usize = 30_000;
const ROUNDS_OF_TABLES: usize = 8_000;
const ROUNDS_OF_STORIES: usize = 3_000;

/// Fails with the bytes that did it, in a form that can be put into `hostile/found.rs`.
fn hold(target: &Target, bytes: &[u8], from: &str) {
    if catch_unwind(|| (target.run)(bytes)).is_err() {
        let shown = &bytes[..bytes.len().min(4096)];
        panic!("{} fails on {from}, {} bytes: b\"{}\"", target.name, bytes.len(), shown.escape_ascii());
    }
}

fn target(name: &str) -> &'static Target {
    TARGETS.iter().find(|target| target.name == name).expect("a target of this name")
}

fn short_run(name: &str, rounds: usize) {
    let (target, seeds) = (target(name), seeds::of(name));
    assert!(seeds.len() > 1, "{name} needs seeds");
    for (n, seed) in seeds.iter().enumerate() {
        hold(target, seed, &format!("seed {n}"));
    }
    let mut random = Random::new(name.bytes().fold(7, |sum, byte| sum * 31 + u64::from(byte)));
    for round in 0..rounds {
        let seed = &seeds[round % seeds.len()];
        let other = &seeds[random.below(seeds.len())];
        let bytes = mutate::mutate(seed, other, &mut random);
        hold(target, &bytes, &format!("round {round}"));
    }
}

/// The seeds are what they are meant to be: a target whose seeds are refused at the door tests the door.
#[test]
fn seeds_reach_their_parsers() {
    for name in ["tiff", "png", "jpeg", "jpeg2000", "webp"] {
        for (n, seed) in seeds::of(name).iter().enumerate() {
            let limits = sidings::limits::Limits { min_side_px: 1, ..Default::default() };
            let found = sidings::decode::header(seed, "f", &limits).unwrap_or_else(|e| panic!("seed {n} of {name}: {e}"));
            assert_eq!(found.format, name);
            sidings::decode::scene(seed, "f", &limits).unwrap_or_else(|e| panic!("seed {n} of {name}: {e}"));
        }
    }
    assert!(seeds::of("credentials").iter().all(|seed| sidings::credentials::read(seed).is_some_and(|c| c.readable)));
    assert!(seeds::of("project").iter().all(|seed| sidings::web::project_file::read(seed, "f").is_ok()));
    assert!(seeds::of("tracks").iter().any(|seed| sidings::tracks_file::read(seed, "f", (640, 480), None).is_ok()));
    let story = String::from_utf8(seeds::of("story").remove(0)).expect("text");
    assert!(sidings::report::story::verify::anew(&story).expect("a story").is_some());
    for target in &TARGETS {
        assert!(seeds::of(target.name).len() > 1, "{}", target.name);
    }
}

#[test]
fn what_once_broke_a_parser_no_longer_does() {
    for (name, bytes) in found::found() {
        hold(target(name), &bytes, "an old finding");
    }
}

/// Files of a few megabytes that once kept a parser for minutes or hours, because it compared everything in them with everything else.
#[test]
fn no_file_takes_longer_than_its_length() {
    const MANY: usize = 200_000;
    let numbered = |piece: &dyn Fn(usize) -> String| (0..MANY).map(piece).collect::<String>();
    let lines = "<LineString><coordinates>7.01,47.9 7.02,47.9</coordinates></LineString>".repeat(MANY);
    let files: [(&str, String); 8] = [
        ("tracks", format!("<kml><Placemark>{lines}</Placemark></kml>")),
        ("tracks", "<LineString>".repeat(MANY) + &"</LineString>".repeat(MANY)),
        ("tracks", format!("<kml {}/>", numbered(&|n| format!("xmlns:a{n}='b{n}' ")))),
        ("tracks", format!("<kml>{}</kml>", numbered(&|n| format!("<a xmlns:b='c{n}'/>")))),
        ("sidecar", format!("\u{2}<PAMDataset {}/>", numbered(&|n| format!("a{n}='' ")))),
        ("sidecar", format!("\u{1}PROJCS{}", "[\"a\",B".repeat(MANY))),
        ("table", format!("date,count\n{}{}", "#\n".repeat(MANY), "2020-01-01,2\n".repeat(30_000))),
        ("name", "2023 oct 5 ".repeat(MANY)),
    ];
    for (n, (name, text)) in files.into_iter().enumerate() {
        patience::ends(&format!("file {n} ({name})"), move || hold(target(name), text.as_bytes(), "a long file"));
    }
}

/// A test of its own for each, so that they run beside each other.
macro_rules! short_runs {
    ($($name:ident $rounds:expr;)*) => {
        mod run {
            $(#[test]
            fn $name() {
                super::short_run(stringify!($name), $rounds);
            })*
        }

        #[test]
        fn every_target_is_run() {
            let run = [$(stringify!($name)),*];
            assert!(TARGETS.iter().all(|target| run.contains(&target.name)));
        }
    };
}

short_runs! {
    tiff super::ROUNDS;
    png super::ROUNDS;
    jpeg super::ROUNDS;
    jpeg2000 super::ROUNDS;
    webp super::ROUNDS;
    place super::ROUNDS;
    sidecar super::ROUNDS;
    name super::ROUNDS;
    credentials super::ROUNDS;
    table super::ROUNDS_OF_TABLES;
    tracks super::ROUNDS;
    corrections super::ROUNDS;
    project super::ROUNDS;
    state super::ROUNDS;
    story super::ROUNDS_OF_STORIES;
}
