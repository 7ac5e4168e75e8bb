//! Places of the user's own, and the maps of where images lie.

use super::tests_correcting::ready;
use super::*;
use crate::web::place_views::Whereabouts;

/// The map that the page carries.
const MAP: &str = include_str!("../../../www/locator/locator.json");

fn add(desk: &mut Desk, name: &str, at: Option<&str>) -> Option<&'static str> {
    desk.command(Command::AddPlace { name: name.to_owned(), at: at.map(str::to_owned) });
    desk.snapshot(0.0).place.trouble
}

fn whereabouts(desk: &mut Desk) -> Whereabouts {
    desk.snapshot(0.0).place.whereabouts.expect("somewhere")
}

/// A desk whose images lie around a place, a thousandth of a degree to each side.
fn at([lon, lat]: [f64; 2]) -> Desk {
    let mut desk = ready();
    desk.set_locator(MAP.to_owned());
    for picture in &mut desk.pictures {
        let info = picture.info.as_mut().expect("read");
        let corners = [[-1.0, 1.0], [1.0, 1.0], [1.0, -1.0], [-1.0, -1.0]];
        info.georeference.corners_lonlat = Some(corners.map(|[x, y]| [lon + x * 0.001, lat + y * 0.001]));
    }
    desk
}

#[test]
fn a_place_is_taken_as_people_write_it_or_refused_with_the_reason() {
    let mut desk = Desk::default();
    assert_eq!(add(&mut desk, "Muttenz", Some("47.53 N 7.65 E")), None);
    assert_eq!(add(&mut desk, "  Muttenz ", Some("47.53, 7.65")), None);
    assert_eq!(add(&mut desk, "Muttenz", Some("32TLT 98395 64946")), None);
    assert_eq!(add(&mut desk, "Tumangang", Some("52T FM 31845 97842")), None);
    let known = desk.snapshot(0.0).place;
    let ids: Vec<&str> = known.own.iter().map(|place| place.id.as_str()).collect();
    // The same place twice is one; another of its name, and one named like a facility, are places of their own.
    assert_eq!(ids, ["muttenz", "muttenz-2", "tumangang-2"]);
    assert_eq!(known.own[0].at, "47.53000° N 7.65000° E · 32T LT 98385 64946");
    assert!(known.known.iter().any(|place| place.id == "muttenz-2"));
    assert_eq!(add(&mut desk, " ", Some("1, 2")), Some("unnamed"));
    assert_eq!(add(&mut desk, "x", Some("42,5 130,6")), Some("unreadable"));
    assert_eq!(add(&mut desk, "x", None), Some("nowhere"));
    assert_eq!(add(&mut desk, "두만강", Some("42.42, 130.6")), None);
    assert_eq!(desk.snapshot(0.0).place.own.last().map(|place| place.id.clone()).as_deref(), Some("두만강"));
    desk.command(Command::RemovePlace { id: "muttenz".to_owned() });
    desk.command(Command::Clear);
    assert_eq!(desk.snapshot(0.0).place.own.len(), 3, "clearing the desk leaves them");
    let text = desk.places_text();
    let mut again = Desk::default();
    again.set_places(&text);
    again.set_places(&text);
    again.set_places("[{\"id\":1}]");
    again.set_places(r#"[{"id":"x","name":"off the Earth","lat":91,"lon":0,"note":""}]"#);
    assert_eq!(again.places_text(), text);
}

#[test]
fn places_travel_in_the_project_and_meet_those_that_are_there() {
    let mut desk = at([7.65, 47.53]);
    assert_eq!(add(&mut desk, "Yard", None), None);
    assert_eq!(desk.snapshot(0.0).place.facility.map(|f| f.id).as_deref(), Some("yard"), "named at once");
    let bytes = desk.project(None).expect("a project").write(&[]).expect("bytes");
    let mut again = at([7.65, 47.53]);
    add(&mut again, "Yard", Some("1, 2"));
    again.open_project("p.sidings", &bytes);
    let place = again.snapshot(0.0).place;
    assert_eq!(place.own.len(), 2);
    assert_eq!(place.facility.map(|f| f.id).as_deref(), Some("yard-2"), "the project's, not the one that was here");
    again.command(Command::RemovePlace { id: "yard-2".to_owned() });
    assert_eq!(again.snapshot(0.0).place.facility, None);
}

#[test]
fn what_the_images_cover_is_the_middle_of_both_maps() {
    let mut desk = at([130.6026, 42.4217]);
    let it = whereabouts(&mut desk);
    assert!(it.placed && it.at.starts_with("42.42170° N 130.60260° E"), "{}", it.at);
    for map in &it.maps {
        assert!(
            map.images.iter().all(|image| image.small && image.path == "M116.5 76.5L123.5 76.5L123.5 83.5L116.5 83.5Z"),
            "{:?}",
            map.images
        );
        assert!(map.land.len() > 40 && !map.borders.is_empty());
    }
    let near: Vec<&str> = it.maps[1].places.iter().map(|place| place.id.as_str()).collect();
    assert_eq!(near, ["tumangang", "khasan", "hongui", "rajin"]);
    let named = |map: usize| it.maps[map].places.iter().filter(|place| place.label.is_some()).count();
    assert_eq!(named(1), 4);
    assert!(named(0) >= 2, "what is crowded from far is left out, never all of it");
    let mut labels = crate::web::labels::Labels::default();
    labels.places.insert("khasan".to_owned(), "Хасан".to_owned());
    desk.command(Command::SetLabels { labels: Box::new(labels) });
    assert!(whereabouts(&mut desk).maps[1].places.iter().any(|place| place.name == "Хасан"));
}

#[test]
fn names_lie_on_no_other_name_and_on_no_place() {
    let mut desk = at([130.6026, 42.4217]);
    for n in 0..20 {
        add(
            &mut desk,
            &format!("Place {n}"),
            Some(&format!("{}, {}", 42.3 + 0.006 * f64::from(n), 130.5 + 0.005 * f64::from(n * 7 % 20))),
        );
    }
    for map in whereabouts(&mut desk).maps {
        let rooms: Vec<[f64; 4]> = map
            .places
            .iter()
            .filter_map(|place| {
                let (anchor, x, y) = place.label?;
                let width = 4.9 * place.name.chars().count() as f64;
                let left = x - match anchor {
                    "start" => 0.0,
                    "end" => width,
                    _ => width / 2.0,
                };
                Some([left, y - 7.5, left + width, y + 2.5])
            })
            .collect();
        assert!(!rooms.is_empty());
        for (n, a) in rooms.iter().enumerate() {
            assert!(a[0] >= -1e-9 && a[2] <= map.width + 1e-9, "{a:?}");
            for b in &rooms[..n] {
                assert!(a[2] <= b[0] + 1e-9 || b[2] <= a[0] + 1e-9 || a[3] <= b[1] + 1e-9 || b[3] <= a[1] + 1e-9, "{a:?} {b:?}");
            }
        }
    }
}

#[test]
fn any_place_on_earth_has_a_map() {
    for (place, has_land) in [
        ([7.65, 47.53], true),
        ([-70.5, -33.0], true),
        ([179.9, -17.0], false),
        ([-179.9, 66.0], true),
        ([0.0, 89.9], false),
        ([-30.0, 0.0], false),
    ] {
        let it = whereabouts(&mut at(place));
        assert_eq!(it.maps.len(), 2, "{place:?}");
        assert!(it.maps.iter().all(|map| map.grid.len() > 10 && map.images.len() == 2), "{place:?}");
        assert!(!has_land || !it.maps[0].land.is_empty(), "{place:?}");
    }
    let mut desk = ready();
    assert_eq!(desk.snapshot(0.0).place.whereabouts, None, "images without a position, and no facility");
    desk.command(Command::SetFacility { id: Some("manpo".to_owned()) });
    assert!(!whereabouts(&mut desk).placed);
}
