//! Pictures: marks where the cars are, original pixels inside them, and honest words under them.

#[path = "fixtures/answer.rs"]
#[allow(dead_code, reason = "each test file uses its own part of the fixtures")]
mod answer;

use answer::{context, plan, source};
use image::RgbImage;
use sidings::geometry::Point;
use sidings::pipeline::Side;
use sidings::raster::Raster;
use sidings::report::exhibit::{Edition, Exhibit, Status};
use sidings::report::json::{Context, Source, ToLonLat};
use sidings::report::picture::{self, Picture};

const ORANGE: [u8; 3] = [230, 159, 0];

fn exhibit(edition: Edition) -> Exhibit {
    Exhibit::new(&plan(), &context(), edition).expect("an answer")
}

fn full() -> Edition {
    Edition { credit: Some("Image © 2023 Somebody".to_owned()), licence: Some("CC BY 4.0".to_owned()), ..Edition::default() }
}

/// 200 by 100 pixels, each of its own colour; none of them is orange.
fn ground() -> Raster<u8> {
    Raster::new(200, 100, 3, (0..100u32).flat_map(|y| (0..200u32).flat_map(move |x| [x as u8, y as u8, 200])).collect())
        .expect("sixty thousand samples")
}

fn read(picture: &Picture) -> RgbImage {
    image::load_from_memory(&picture.png).expect("a PNG").into_rgb8()
}

fn count(image: &RgbImage, colour: [u8; 3]) -> usize {
    image.pixels().filter(|p| p.0 == colour).count()
}

/// Pixels that are red, also where the edge of a letter covers them in part.
fn red(image: &RgbImage) -> usize {
    let is_red = |[r, g, b]: [u8; 3]| i32::from(r) - i32::from(g) > 80 && i32::from(g).abs_diff(i32::from(b)) < 20;
    image.pixels().filter(|p| is_red(p.0)).count()
}

#[test]
fn a_new_car_is_outlined_and_the_pixels_inside_stay() {
    let exhibit = exhibit(full());
    let image = read(&picture::annotated(&exhibit, Side::After, &ground()).expect("a picture"));
    assert!(count(&image, ORANGE) > 200, "{}", count(&image, ORANGE));
    assert_eq!(red(&image), 0, "nothing to warn of");
    // The car's own middle, enlarged, has kept its colour.
    assert!(count(&image, [90, 40, 200]) >= 4);
    let before = read(&picture::annotated(&exhibit, Side::Before, &ground()).expect("a picture"));
    assert_eq!(count(&before, ORANGE), 0, "no car of before is new");
    let both = read(&picture::side_by_side(&exhibit, &ground(), &ground()).expect("a picture"));
    assert!(count(&both, ORANGE) > 200 && both.height() > 2 * 400);
}

#[test]
fn without_credit_or_licence_the_picture_says_so_on_its_face() {
    for edition in [Edition::default(), Edition { licence: None, ..full() }, Edition { credit: None, ..full() }] {
        let image = read(&picture::annotated(&exhibit(edition), Side::After, &ground()).expect("a picture"));
        assert!(red(&image) > 100);
    }
}

#[test]
fn a_script_that_the_font_lacks_is_left_to_the_story_and_told_of() {
    let edition = Edition {
        credit: Some("위성 영상 © 2023".to_owned()),
        place: Some("두만강".to_owned()),
        language: "ko".to_owned(),
        ..full()
    };
    let picture = picture::annotated(&exhibit(edition), Side::After, &ground()).expect("a picture");
    assert_eq!(picture.left_out, ["credit", "place"]);
    let russian = Edition { credit: Some("Снимок © 2023".to_owned()), language: "ru".to_owned(), ..full() };
    assert!(picture::annotated(&exhibit(russian), Side::After, &ground()).expect("a picture").left_out.is_empty());
}

#[test]
fn long_texts_and_two_thousand_cars_fit() {
    let long = Edition { credit: Some("Very long credit ".repeat(29)), place: Some("x".repeat(500)), ..full() };
    let mut exhibit = exhibit(long.checked().expect("within bounds"));
    let car = exhibit.after.marks[1].clone();
    exhibit.after.marks = (0..2000)
        .map(|k| {
            let (dx, dy) = (f64::from(k % 50) * 3.0 - 80.0, f64::from(k / 50) * 2.0 - 40.0);
            let corners_px = car.corners_px.map(|p| Point::new(p.x + dx, p.y + dy));
            sidings::report::exhibit::Mark { id: k, status: Status::New, corners_px, ..car.clone() }
        })
        .collect();
    read(&picture::annotated(&exhibit, Side::After, &ground()).expect("a picture"));
}

#[test]
fn of_a_huge_image_the_part_with_the_cars_is_shown() {
    let mut exhibit = exhibit(full());
    (exhibit.before.size_px, exhibit.after.size_px) = ([12_000, 12_000], [12_000, 12_000]);
    let huge = Raster::filled(12_000, 12_000, 3, 0);
    let image = read(&picture::annotated(&exhibit, Side::After, &huge).expect("a picture"));
    assert!(image.width() < 2_600 && image.height() < 2_600, "{:?}", image.dimensions());
    // Cars from one end to the other: all of it, at a lesser resolution.
    exhibit.after.marks[0].corners_px = exhibit.after.marks[0].corners_px.map(|p| Point::new(p.x + 11_900.0, p.y + 11_900.0));
    let image = read(&picture::annotated(&exhibit, Side::After, &huge).expect("a picture"));
    assert!((2_400..2_600).contains(&image.width()), "{:?}", image.dimensions());
}

#[test]
fn where_the_place_is_known_an_arrow_points_north() {
    let north_up: ToLonLat<'_> = &|p: Point| Some([7.0 + p.x * 1e-5, 47.0 - p.y * 1e-5]);
    let before = Source { to_lonlat: Some(north_up), ..source("before.png", None) };
    let placed = Exhibit::new(&plan(), &Context { before, ..context() }, full()).expect("an answer");
    assert!(
        placed.after.north_rad.is_some_and(|rad| (rad + std::f64::consts::FRAC_PI_2).abs() < 1e-6),
        "{:?}",
        placed.after.north_rad
    );
    let mut without = placed.clone();
    without.after.north_rad = None;
    let [with, without] = [&placed, &without].map(|e| read(&picture::annotated(e, Side::After, &ground()).expect("a picture")));
    let differ: Vec<(u32, u32)> =
        with.enumerate_pixels().filter(|(x, y, p)| without.get_pixel(*x, *y) != *p).map(|(x, y, _)| (x, y)).collect();
    assert!(
        differ.len() > 50 && differ.iter().all(|&(_, y)| y > 400),
        "an arrow and its letter under the image: {}",
        differ.len()
    );
}

#[test]
fn a_card_has_the_networks_size_and_a_gif_shows_both_dates() {
    for edition in
        [full(), Edition::default(), Edition { credit: Some("위성".to_owned()), place: Some("긴 이름".repeat(100)), ..full() }]
    {
        let publishable = edition.is_publishable();
        let exhibit = exhibit(edition);
        let card = image::load_from_memory(&picture::card(&exhibit, &ground()).expect("a card")).expect("a PNG").into_rgb8();
        assert_eq!(card.dimensions(), (1200, 630));
        assert!(count(&card, ORANGE) > 100 && (red(&card) > 100) != publishable);
        let gif = picture::in_turn(&exhibit, &ground(), &ground()).expect("a GIF");
        let decoder = image::codecs::gif::GifDecoder::new(std::io::Cursor::new(gif)).expect("a GIF");
        let frames = image::AnimationDecoder::into_frames(decoder).collect_frames().expect("frames");
        assert_eq!(frames.len(), 2);
        assert!(frames.iter().all(|f| f.delay().numer_denom_ms().0 >= 1000), "nothing flashes");
        assert_ne!(frames[0].buffer(), frames[1].buffer());
    }
}
