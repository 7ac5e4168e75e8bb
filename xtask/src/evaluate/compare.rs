//! How right "new" and "gone" are on two dates.

use super::data::{Car, Pair, Yard};
use super::score::{Score, finds};
use super::{Setup, railcars};
use anyhow::Result;
use sidings::align::{Alignment, Model, Residual, Status};
use sidings::compare::Comparison;
use sidings::pipeline::{Outcome, Plan, Request, Workbench, perform, run};
use sidings::yard::{Count, Detection, GsdSource};
use std::time::Instant;

/// Prints the table.
pub fn print(pairs: Vec<Pair>, setup: Setup) -> Result<()> {
    println!("compare                                new cars                                                      gone cars");
    let (mut news, mut fine_news, mut gone, mut cars) = (Score::default(), Score::default(), Score::default(), Score::default());
    let (mut false_new_on_same, mut false_gone_on_same, mut held, mut counts) = (0, 0, 0, 0);
    for pair in pairs {
        let start = Instant::now();
        let plan = match compare(&pair, setup) {
            Ok(plan) => plan,
            Err(error) => {
                println!("{:32} {error:#}", pair.name);
                let all: Score = Score { missed: pair.new.len(), ..Score::default() };
                news += all;
                continue;
            }
        };
        let (Some(before), Some(after), Some(comparison)) = (&plan.before, &plan.after, &plan.comparison) else {
            println!("{:32} no comparison", pair.name);
            continue;
        };
        let seconds = start.elapsed().as_secs_f64();
        let new_score = listed(&pair.after, after, &comparison.new, &pair.new);
        let gone_score = listed(&pair.before, before, &comparison.gone, &pair.gone);
        cars += railcars::score(&pair.before, before);
        cars += railcars::score(&pair.after, after);
        if pair.is_same() {
            false_new_on_same += new_score.wrong;
            false_gone_on_same += gone_score.wrong;
        } else {
            news += new_score;
            gone += gone_score;
            if pair.before.gsd_m < 0.6 {
                fine_news += new_score;
            }
        }
        counts += 2;
        held += usize::from(holds(&comparison.new_count, pair.new.len()));
        held += usize::from(holds(&comparison.gone_count, pair.gone.len()));
        println!(
            "{:28} {new_score} {}  | {gone_score} {}  {}  {seconds:5.1} s",
            pair.name,
            shown(&comparison.new_count),
            shown(&comparison.gone_count),
            rest(comparison)
        );
    }
    println!("new, pairs at 0.3 and 0.5 m with news: {fine_news}");
    println!("new, all pairs with news:              {news}");
    println!("gone, all pairs with news:             {gone}");
    println!("all cars of all pairs:                 {cars}");
    println!("on the pairs where nothing changed:    {false_new_on_same} false new, {false_gone_on_same} false gone");
    println!("intervals that hold the truth:         {held} of {counts}");
    Ok(())
}

pub fn compare(pair: &Pair, setup: Setup) -> Result<Plan> {
    let request = Request { before_gsd: setup.tell_gsd.then_some((pair.before.gsd_m, GsdSource::Given)), ..Request::default() };
    let mut bench = Workbench::with(pair.before.scene.clone(), pair.after.scene.clone());
    if !setup.tell_transform {
        return Ok(run(request, &mut bench, &mut |_, _| Ok(()))?);
    }
    let mut plan = Plan::new(request);
    plan.accept(Outcome::Aligned(Box::new(Alignment {
        status: Status::Pass,
        reasons: Vec::new(),
        model: Model::Similarity,
        after_to_before: Some(pair.after_to_before),
        residual_px: Residual { median: None, p95: None, held_out: true, points: 0 },
        coverage: 1.0,
        tie_points: Vec::new(),
    })));
    while let Some(job) = plan.ready().first() {
        plan.accept(perform(job, &mut bench, &mut |_| Ok(()))?);
    }
    Ok(plan)
}

/// Scores the cars whose ids are listed against the labels with the ids `truth`.
fn listed(yard: &Yard, detection: &Detection, ids: &[u32], truth: &[u64]) -> Score {
    let found: Vec<_> = detection.railcars.iter().filter(|c| ids.contains(&c.id)).map(|c| c.rect_px).collect();
    let wanted: Vec<&Car> = yard.cars.iter().filter(|c| c.fully_inside && truth.contains(&c.id)).collect();
    let cut: Vec<&Car> = yard.cars.iter().filter(|c| !c.fully_inside).collect();
    finds(&found, &wanted, &cut, yard.gsd_m)
}

fn holds(count: &Count, truth: usize) -> bool {
    (count.low..=count.high).contains(&(truth as f64))
}

fn shown(count: &Count) -> String {
    format!("{} ({}–{})", count.estimate, count.low, count.high)
}

fn rest(comparison: &Comparison) -> String {
    let (u, o) = (&comparison.undecided, &comparison.outside);
    format!(
        "both {} undecided {}+{} outside {}+{}",
        comparison.both.len(),
        u.before.len(),
        u.after.len(),
        o.before.len(),
        o.after.len()
    )
}
