//! `batch`: many pairs from a table, one JSON line for each. A bad row is a line with its error; a run that was cut off goes on
//! where it stopped.

use crate::{Answer, args, compare, load};
use serde_json::{Value, json};
use sidings::error::{Error, Result};
use sidings::report::json::{VERSION, failure, sha256_hex};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

mod budget;
mod lines;
mod manifest;

use budget::Budget;
use lines::Lines;
use manifest::Row;

/// How the rows stand.
#[derive(Default)]
struct Tally {
    done: usize,
    with_error: usize,
}

/// Compares every pair and writes its line. The lines themselves are the answer, so nothing is left to print.
pub fn run(arguments: &args::Batch) -> Result<Answer> {
    let rows = manifest::read(&arguments.manifest, &arguments.edition)?;
    let lines = Lines::open(arguments.out_lines.as_deref(), arguments.retry)?;
    let (finished, open): (Vec<Row>, Vec<Row>) = rows.into_iter().partition(|row| lines.holds(&row.key));
    finished.iter().for_each(|row| lines.repeat(&row.key));
    let total = finished.len() + open.len();
    if !finished.is_empty() {
        eprintln!("{} of {total} pairs were done before and are not done again", finished.len());
    }
    let jobs = arguments.jobs.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from)).max(1);
    let budget = Budget::new(arguments.memory);
    let tally = Mutex::new(Tally { done: finished.len(), with_error: 0 });
    let (queue, lines) = (Mutex::new(open.into_iter()), Mutex::new(lines));
    let trouble: Mutex<Option<Error>> = Mutex::new(None);
    std::thread::scope(|scope| {
        for _ in 0..jobs {
            scope.spawn(|| {
                loop {
                    if held(&trouble).is_some() {
                        return;
                    }
                    // A statement of its own, so that the lock is not held while the pair is compared.
                    let next = held(&queue).next();
                    let Some(row) = next else { return };
                    let line = answer(&row, &budget);
                    let written = held(&lines).write(&line);
                    match written {
                        Ok(()) => tell(&row, &line, &mut held(&tally), total),
                        // Without a place for the lines, going on would be work for nothing.
                        Err(error) => {
                            held(&trouble).get_or_insert(error);
                        }
                    }
                }
            });
        }
    });
    match held(&trouble).take() {
        Some(error) => Err(error),
        None => Ok(Answer { json: String::new(), code: 0 }),
    }
}

/// What a lock holds, also when a thread ended badly while it held it: every change under these locks is a single step.
fn held<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The line of one row.
fn answer(row: &Row, budget: &Budget) -> Value {
    let outcome = row.arguments.as_ref().map_err(Clone::clone).and_then(|arguments| {
        let _share = budget.take(memory(&arguments.pair.before) + memory(&arguments.pair.after))?;
        let compared = catch_unwind(AssertUnwindSafe(|| compare::answer(arguments, &mut |_, _| Ok(()))));
        compared.unwrap_or_else(|_| {
            let message = "The comparison ended by a fault of the program; the other pairs go on. Please report it.".to_owned();
            Err(Error::NoAnswer { code: "internal", message })
        })
    });
    let (compared, error) = match outcome {
        Ok(document) => (serde_json::to_value(&document).unwrap_or(Value::Null), Value::Null),
        Err(error) => {
            let document = serde_json::to_value(failure(&error)).unwrap_or(Value::Null);
            (Value::Null, document["error"].clone())
        }
    };
    json!({
        "schema": "sidings/batch@1", "version": VERSION,
        "line": row.line, "key": row.key, "before": row.before, "after": row.after,
        "compare": compared, "error": error,
    })
}

/// Memory that a file will take, by its header; none where it can't be read, which the comparison will tell of.
fn memory(path: &Path) -> u64 {
    let header = || {
        let bytes = load::read(path).ok()?;
        sidings::decode::header(&bytes, "", &sidings::limits::Limits::default()).ok()
    };
    header().map_or(0, |header| budget::bytes_of(&header))
}

fn tell(row: &Row, line: &Value, tally: &mut Tally, total: usize) {
    tally.done += 1;
    let trouble = line["error"]["message"].as_str();
    tally.with_error += usize::from(trouble.is_some());
    let errors = if tally.with_error > 0 { format!(", {} with an error", tally.with_error) } else { String::new() };
    eprintln!("{} of {total} pairs{errors}; line {}: {}", tally.done, row.line, trouble.unwrap_or("compared"));
}

/// What makes a row itself: its cells and the version that answers it.
fn key(cells: &[(String, String)]) -> String {
    sha256_hex(json!({ "version": VERSION, "cells": cells }).to_string().as_bytes())
}
