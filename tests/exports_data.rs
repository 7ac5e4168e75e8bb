//! GeoJSON, KML and tables are read back by other people's readers, placed and unplaced, with the worst texts a user can give.

#[path = "fixtures/answer.rs"]
#[allow(dead_code, reason = "each test file uses its own part of the fixtures")]
mod answer;

use answer::{context, plan, source};
use geojson::{GeoJson, GeometryValue};
use kml::Kml;
use sidings::geometry::Point;
use sidings::report::exhibit::{Edition, Exhibit, Status};
use sidings::report::json::{Context, Source, ToLonLat};
use sidings::report::{self, tables};

/// Markup, quotes, right-to-left text with an override, emoji, a formula, a control character.
const WORST: &str = "<script>alert('1')</script> ]]> \"x\" & \u{202e}שלום مرحبا\u{202c} 🚂\u{0} -->";

fn north_up(p: Point) -> Option<[f64; 2]> {
    Some([130.6 + p.x * 6e-6, 42.4 - p.y * 4.5e-6])
}

fn worst() -> Edition {
    let text = || Some(WORST.to_owned());
    Edition { credit: text(), licence: text(), caption: text(), place: Some(format!("={WORST}")), language: "en".to_owned() }
}

fn placed() -> Exhibit {
    let to_lonlat: ToLonLat<'_> = &north_up;
    let after = Source { to_lonlat: Some(to_lonlat), ..source("after.png", Some("2023-10-05")) };
    let before = source("=before<b>.png", Some("2023-09-14"));
    Exhibit::new(&plan(), &Context { before, after, ..context() }, worst().checked().expect("short")).expect("an answer")
}

fn unplaced() -> Exhibit {
    Exhibit::new(&plan(), &context(), Edition::default()).expect("an answer")
}

#[test]
fn geojson_is_read_by_another_reader_and_lies_in_one_frame() {
    let exhibit = placed();
    let text = report::geojson::railcars(&exhibit).to_string();
    let GeoJson::FeatureCollection(collection) = text.parse::<GeoJson>().expect("GeoJSON") else { panic!("a collection") };
    assert!(collection.foreign_members.expect("ours").get("crs").is_none(), "RFC 7946 knows one reference system");
    let rings: Vec<Vec<[f64; 2]>> = collection
        .features
        .iter()
        .map(|feature| {
            let GeometryValue::Polygon { coordinates } = &feature.geometry.as_ref().expect("a place").value else {
                panic!("a polygon")
            };
            coordinates[0].iter().map(|p| [p[0], p[1]]).collect()
        })
        .collect();
    assert_eq!(rings.len(), 4);
    for ring in &rings {
        assert_eq!((ring.len(), ring.first()), (5, ring.last()), "closed");
        let doubled: f64 = ring.windows(2).map(|w| w[0][0] * w[1][1] - w[1][0] * w[0][1]).sum();
        assert!(doubled > 0.0, "counterclockwise: {ring:?}");
        assert!(ring.iter().all(|p| (130.5..130.7).contains(&p[0]) && (42.3..42.5).contains(&p[1])));
    }
    assert_eq!(rings[0], rings[2], "10 px apart, brought together by the alignment");
    let status: Vec<_> =
        collection.features.iter().map(|f| f.property("status").and_then(|s| s.as_str()).expect("a state")).collect();
    assert_eq!(status, ["both", "outside", "both", "new"]);
}

#[test]
fn geojson_without_a_place_has_pixels_among_the_properties_only() {
    let text = report::geojson::railcars(&unplaced()).to_string();
    let GeoJson::FeatureCollection(collection) = text.parse::<GeoJson>().expect("GeoJSON") else { panic!("a collection") };
    for feature in &collection.features {
        assert!(feature.geometry.is_none());
        let outline = feature.property("polygon_px").and_then(|p| p.as_array()).expect("an outline");
        assert_eq!(outline.len(), 4);
    }
}

/// All elements of a kind, however deep.
fn all<'a>(node: &'a Kml, found: &mut Vec<&'a Kml>) {
    found.push(node);
    match node {
        Kml::KmlDocument(document) => document.elements.iter().for_each(|e| all(e, found)),
        Kml::Document { elements, .. } => elements.iter().for_each(|e| all(e, found)),
        Kml::Folder(folder) => folder.elements.iter().for_each(|e| all(e, found)),
        _ => {}
    }
}

#[test]
fn kml_is_read_by_another_reader_with_styles_and_dates() {
    let text = report::kml::railcars(&placed());
    let kml: Kml = text.parse().expect("KML");
    let mut nodes = Vec::new();
    all(&kml, &mut nodes);
    let placemarks: Vec<_> = nodes.iter().filter_map(|n| if let Kml::Placemark(p) = n { Some(p) } else { None }).collect();
    assert_eq!(placemarks.len(), 4);
    let styles: Vec<_> = nodes.iter().filter_map(|n| if let Kml::Style(s) = n { s.id.clone() } else { None }).collect();
    assert_eq!(styles, Status::ALL.map(|s| s.id().to_owned()));
    for placemark in placemarks {
        let style = placemark.style_url.as_deref().expect("a style").trim_start_matches('#');
        assert!(styles.iter().any(|s| s == style));
        let stamp = placemark.children.iter().find(|c| c.name == "TimeStamp").expect("a date");
        assert!(["2023-09-14", "2023-10-05"].contains(&stamp.children[0].content.as_deref().expect("a day")));
        let Some(kml::types::Geometry::Polygon(polygon)) = &placemark.geometry else { panic!("a polygon") };
        assert_eq!(polygon.outer.coords.len(), 5);
        assert!(polygon.outer.coords.iter().all(|c| (130.5..130.7).contains(&c.x) && (42.3..42.5).contains(&c.y)));
    }
    assert!(!text.contains("<script") && !text.contains('\u{0}'));
}

#[test]
fn kml_without_a_place_is_valid_says_so_and_invents_no_coordinates() {
    let text = report::kml::railcars(&unplaced());
    let document = roxmltree::Document::parse(&text).expect("XML");
    assert!(document.descendants().all(|n| !n.has_tag_name("coordinates") && !n.has_tag_name("Placemark")));
    let said = document.descendants().find(|n| n.tag_name().name() == "description").and_then(|n| n.text()).expect("said");
    assert!(said.contains("no georeference") && said.contains("not for publication"), "{said}");
    text.parse::<Kml>().expect("KML");
}

#[test]
fn tables_hold_every_count_with_its_interval_and_no_formula() {
    let exhibit = placed();
    for (bytes, rows) in [(tables::counts(&exhibit), 4), (tables::railcars(&exhibit), 4)] {
        let text = std::str::from_utf8(&bytes).expect("UTF-8").strip_prefix('\u{feff}').expect("Excel's mark");
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let header = reader.headers().expect("a header").clone();
        let records: Vec<_> = reader.records().map(|r| r.expect("a line")).collect();
        assert_eq!(records.len(), rows);
        for record in &records {
            for (name, cell) in header.iter().zip(record) {
                let number = cell.parse::<f64>().is_ok();
                assert!(number || !cell.trim_start().starts_with(['=', '+', '-', '@']), "{name}: {cell}");
            }
        }
        let at = |name: &str, row: usize| header.iter().position(|h| h == name).and_then(|k| records[row].get(k)).expect(name);
        if rows == 4 && header.iter().any(|h| h == "what") {
            assert_eq!((at("what", 1), at("count", 1), at("low", 1), at("high", 1)), ("after", "2", "0", "5"));
            assert_eq!((at("unit", 1), at("gsd_from", 1), at("date", 1)), ("individual", "estimated", "2023-10-05"));
            assert!(at("place", 0).starts_with("'=<script>"), "{}", at("place", 0));
        } else {
            assert_eq!((at("image", 3), at("status", 3), at("center_x_px", 3)), ("after", "new", "90.00"));
            assert!(at("lon", 3).parse::<f64>().is_ok_and(|v| (v - 130.60054).abs() < 1e-5), "{}", at("lon", 3));
        }
    }
}

#[test]
fn an_exhibit_travels_as_json_unchanged() {
    let exhibit = placed();
    let text = serde_json::to_string(&exhibit).expect("JSON");
    let back: Exhibit = serde_json::from_str(&text).expect("the same");
    assert_eq!(report::kml::railcars(&back), report::kml::railcars(&exhibit));
    assert_eq!(report::geojson::railcars(&back), report::geojson::railcars(&exhibit));
}
