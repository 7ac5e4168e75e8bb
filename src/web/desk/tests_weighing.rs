//! Images that are too large, without a browser.

use super::tests::{info, outcome};
use super::*;
use crate::align::Status;
use crate::decode::Header;
use crate::web::budget::Extent;
use crate::web::snapshot::Phase;

fn extent(side: u32) -> Extent {
    Extent::of(&Header { format: "tiff", width: side, height: side, bands: 1, bits: 8 }, 1000)
}

/// A desk with images on it whose headers have been read, and what has yet to be read of them.
fn looked_at(sides: &[(&str, u32)]) -> Desk {
    looked_at_by(1, sides)
}

fn looked_at_by(workers: usize, sides: &[(&str, u32)]) -> Desk {
    let mut desk = Desk::default();
    desk.set_workers(workers);
    let files: Vec<Dropped> =
        sides.iter().map(|(file, _)| Dropped { file: (*file).to_owned(), gsd_m: Some(0.5), ..Dropped::default() }).collect();
    desk.add(&files);
    let handed: Vec<(u32, Work)> = std::iter::from_fn(|| desk.next_work(0.0)).collect();
    assert_eq!(handed.len(), sides.len());
    for ((ticket, _), (file, side)) in handed.into_iter().zip(sides) {
        let large = extent(*side).need_bytes(1) > desk.at_once_bytes();
        let answer = if large { Answer::Large(extent(*side)) } else { Answer::Read(Box::new(info(file))) };
        desk.done(ticket, answer);
    }
    desk
}

fn read_one(desk: &mut Desk, sha256: &str) -> u32 {
    let (ticket, work) = desk.next_work(0.0).expect("something to read");
    let Work::Read { picture, .. } = work else { panic!("{work:?}") };
    assert!(desk.next_work(0.0).is_none(), "one large image at a time");
    desk.done(ticket, Answer::Read(Box::new(info(sha256))));
    picture
}

#[test]
fn two_large_images_that_fit_are_read_one_after_the_other() {
    let mut desk = looked_at(&[("a.tif", 9_000), ("b.tif", 9_000)]);
    assert_eq!(desk.snapshot(0.0).offer, None);
    let first = read_one(&mut desk, "a");
    assert_eq!(desk.picture(first).map(|p| (p.reduction, p.user_gsd_m)), Some((1, Some(0.5))));
    read_one(&mut desk, "b");
    let (_, job) = desk.next_work(0.0).expect("a job");
    assert!(matches!(job, Work::Job(_)) && desk.next_work(0.0).is_none(), "one job at a time");
}

/// What can be begun at once.
fn at_once(desk: &mut Desk) -> Vec<(u32, Work)> {
    std::iter::from_fn(|| desk.next_work(0.0)).collect()
}

#[test]
fn two_workers_take_one_large_image_each_until_both_are_needed() {
    let mut desk = looked_at_by(2, &[("a.tif", 9_000), ("b.tif", 9_000)]);
    let reads = at_once(&mut desk);
    assert_eq!(reads.len(), 2, "side by side");
    for ((ticket, _), file) in reads.into_iter().zip(["a.tif", "b.tif"]) {
        desk.done(ticket, Answer::Read(Box::new(info(file))));
    }
    let mut steps = Vec::new();
    loop {
        let jobs = at_once(&mut desk);
        let Some((_, Work::Job(first))) = jobs.first() else { break };
        assert_eq!(desk.one_each(), !steps.iter().any(|s: &Vec<&str>| s.len() == 1), "{steps:?}");
        if first.needs_both() {
            desk.join();
        }
        steps.push(jobs.iter().map(|(_, work)| work.step()).collect());
        for (ticket, work) in jobs {
            let Work::Job(job) = work else { panic!("everything is read") };
            desk.done(ticket, Answer::Done(Box::new(outcome(&job, Status::Pass))));
        }
    }
    assert_eq!(steps[0], ["detect-before", "detect-after"]);
    let rest: Vec<&str> = steps[1..].iter().flatten().copied().collect();
    assert!(steps[1..].iter().all(|jobs| jobs.len() == 1), "{steps:?}");
    assert_eq!(rest, ["align", "recheck-before", "recheck-after", "compare"]);
    assert_eq!(desk.snapshot(0.0).phase, Phase::Ready);
}

#[test]
fn without_a_scale_one_worker_gets_both_when_they_have_to_be_aligned() {
    let mut desk = looked_at_by(2, &[("a.tif", 9_000), ("b.tif", 9_000)]);
    for picture in &mut desk.pictures {
        picture.user_gsd_m = None;
    }
    for (ticket, _) in at_once(&mut desk) {
        desk.done(ticket, Answer::Read(Box::new(info(&ticket.to_string()))));
    }
    let mut seen = Vec::new();
    while let Some((ticket, Work::Job(job))) = desk.next_work(0.0) {
        assert!(desk.next_work(0.0).is_none(), "one at a time");
        if job.needs_both() {
            desk.join();
        }
        seen.push(job.step());
        desk.done(ticket, Answer::Done(Box::new(outcome(&job, Status::Pass))));
    }
    assert_eq!(seen, ["detect-before", "align", "detect-after", "recheck-before", "recheck-after", "compare"]);
}

#[test]
fn what_is_too_large_is_said_at_once_and_its_overview_offered() {
    let mut desk = looked_at(&[("huge.tif", 40_000), ("small.png", 400)]);
    let snapshot = desk.snapshot(0.0);
    assert_eq!(snapshot.phase, Phase::Refused);
    assert!(snapshot.images.before.is_some());
    let offer = snapshot.offer.expect("an overview");
    assert_eq!(offer.images.len(), 1);
    let image = &offer.images[0];
    assert_eq!((image.file.as_str(), image.by, image.overview_width), ("huge.tif", Some(4), Some(10_000)));
    let problem = &snapshot.problems[0];
    assert_eq!((problem.code.as_str(), problem.file.as_deref()), ("too-large", Some("huge.tif")));
    assert!(problem.message.contains("40000 × 40000") && problem.message.contains("Crop"), "{}", problem.message);

    desk.command(Command::OpenOverviews);
    assert_eq!(desk.snapshot(0.0).phase, Phase::Working);
    let huge = read_one(&mut desk, "huge");
    assert_eq!(desk.picture(huge).map(|p| (p.reduction, p.user_gsd_m)), Some((4, Some(2.0))), "the scale goes with it");
    let snapshot = desk.snapshot(0.0);
    assert!(snapshot.offer.is_none() && snapshot.problems.iter().all(|p| p.code != "too-large"), "{:?}", snapshot.problems);
    assert!(matches!(desk.next_work(0.0), Some((_, Work::Job(_)))));
}

#[test]
fn what_is_offered_smaller_has_the_day_that_its_name_says() {
    let desk = looked_at(&[("yard 2023-09-14.tif", 40_000), ("yard 2023-10-05.tif", 40_000)]);
    let days: Vec<_> = desk.pictures.iter().map(|p| p.captured().map(|captured| captured.date)).collect();
    assert_eq!(days, [Some("2023-09-14".to_owned()), Some("2023-10-05".to_owned())]);
}

#[test]
fn two_that_fit_are_compared_while_the_third_is_offered() {
    let mut desk = looked_at(&[("huge.tif", 40_000), ("a.png", 400), ("b.png", 500)]);
    let snapshot = desk.snapshot(0.0);
    assert_eq!(snapshot.phase, Phase::Working);
    assert!(snapshot.problems.iter().any(|p| p.code == "too-large"));
    assert!(matches!(desk.next_work(0.0), Some((_, Work::Job(_)))));
}

#[test]
fn a_pair_whose_sum_is_too_large_is_offered_smaller() {
    let mut desk = looked_at(&[("a.tif", 14_100), ("b.tif", 14_100)]);
    let offer = desk.snapshot(0.0).offer.expect("an overview");
    assert!(offer.images.iter().any(|image| image.by == Some(2)), "{offer:?}");
    desk.command(Command::OpenOverviews);
    read_one(&mut desk, "a");
    read_one(&mut desk, "b");
}

#[test]
fn an_offer_stays_when_the_other_image_comes_and_goes_with_the_desk() {
    let mut desk = looked_at(&[("huge.tif", 40_000)]);
    let snapshot = desk.snapshot(0.0);
    assert!(snapshot.offer.is_some() && snapshot.images.before.is_some_and(|image| image.file == "huge.tif"));
    desk.add(&[Dropped { file: "other.png".to_owned(), ..Dropped::default() }]);
    let (ticket, _) = desk.next_work(0.0).expect("the other one");
    desk.done(ticket, Answer::Read(Box::new(info("other"))));
    let snapshot = desk.snapshot(0.0);
    assert!(snapshot.offer.is_some() && snapshot.problems.iter().any(|p| p.code == "too-large"));
    desk.command(Command::Clear);
    assert_eq!(desk.snapshot(0.0).offer, None);
    desk.command(Command::OpenOverviews);
    assert!(desk.next_work(0.0).is_none());
}
