//! What overviews say of large images, and that it goes no further than the screen.

use super::tests::{add, info, outcome};
use super::*;
use crate::align::Status;
use crate::pipeline::Job;
use crate::web::picture::ImageInfo;
use crate::web::snapshot::{Phase, Preliminary};

/// A desk with two images of `side_px`², read and not counted yet.
fn read(side_px: u32) -> Desk {
    let mut desk = Desk::default();
    add(&mut desk, &["before.png", "after.png"]);
    for _ in 0..2 {
        let Some((ticket, Work::Read { file, .. })) = desk.next_work(0.0) else { panic!("files are read first") };
        let info = ImageInfo { width: side_px, height: side_px, ..info(&file) };
        desk.done(ticket, Answer::Read(Box::new(info)));
        let picture = desk.pictures.iter().find(|p| p.file == file).map(|p| p.id);
        desk.picture_mut(picture.expect("it lies there")).expect("it lies there").user_gsd_m = Some(0.5);
    }
    desk.start(false);
    desk
}

/// Does jobs until one begins with `stop`; gives its name.
fn until(desk: &mut Desk, stop: &str) -> &'static str {
    for _ in 0..20 {
        let Some((ticket, Work::Job(job))) = desk.next_work(0.0) else { panic!("nothing is left before {stop}") };
        if job.step().starts_with(stop) {
            return job.step();
        }
        desk.done(ticket, Answer::Done(Box::new(outcome(&job, Status::Pass))));
    }
    panic!("no end in sight");
}

fn told(desk: &mut Desk) -> [Option<f64>; 2] {
    let Preliminary { before, after, .. } = desk.snapshot(0.0).preliminary;
    [before, after].map(|count| count.map(|count| count.estimate))
}

#[test]
fn large_images_are_looked_over_first_and_small_ones_are_not() {
    let steps =
        |desk: &mut Desk| -> Vec<&str> { std::iter::from_fn(|| desk.next_work(0.0)).map(|(_, work)| work.step()).collect() };
    assert_eq!(steps(&mut read(4096)), ["overview-before", "overview-after", "align"]);
    assert_eq!(steps(&mut read(1024)), ["align", "detect-before", "detect-after"]);
}

#[test]
fn an_overview_is_shown_until_the_answer_and_is_in_no_report() {
    let mut desk = read(4096);
    assert!(desk.snapshot(0.0).preliminary.awaited);
    until(&mut desk, "detect-before");
    assert_eq!(told(&mut desk), [Some(7.0), Some(7.0)]);
    let snapshot = desk.snapshot(0.0);
    assert!(!snapshot.preliminary.awaited && snapshot.phase == Phase::Working);
    assert!(snapshot.counts.after.is_none() && snapshot.images.after.is_some_and(|image| image.count.is_none()), "no count");
    assert!(desk.report().is_none() && desk.answer().is_none());

    let mut desk = read(4096);
    let last = until(&mut desk, "compare");
    assert_eq!(last, "compare");
    assert_eq!(told(&mut desk), [Some(7.0), Some(7.0)], "counted by now, and not for good");
    let Some(Work::Job(job)) = desk.ledger.last() else { panic!("the comparison is under way") };
    desk.done(desk.ledger.last_ticket, Answer::Done(Box::new(outcome(&job, Status::Pass))));
    assert_eq!(desk.snapshot(0.0).phase, Phase::Ready);
    assert_eq!(told(&mut desk), [None, None]);
}

#[test]
fn a_stop_takes_the_overview_with_it() {
    let mut desk = read(4096);
    until(&mut desk, "detect-before");
    desk.command(Command::Cancel);
    assert!(desk.take_stop(), "whoever is at it has to stop");
    assert_eq!(told(&mut desk), [None, None]);
    assert_eq!(desk.snapshot(0.0).phase, Phase::Refused);
}

#[test]
fn what_a_person_says_is_counted_without_another_overview() {
    let mut desk = read(4096);
    while let Some((ticket, Work::Job(job))) = desk.next_work(0.0) {
        desk.done(ticket, Answer::Done(Box::new(outcome(&job, Status::Pass))));
    }
    desk.command(Command::RejectCar { key: "a3".to_owned(), at: None });
    desk.command(Command::CountAgain);
    let steps: Vec<&str> = std::iter::from_fn(|| desk.next_work(0.0)).map(|(_, work)| work.step()).collect();
    assert_eq!(steps, ["detect-before", "detect-after"]);
    assert_eq!(told(&mut desk), [None, None]);
    let job = Job::Overview { side: Side::Before, gsd: None };
    assert_eq!(job.side(), Some(Side::Before));
}
