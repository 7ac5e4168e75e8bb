use super::*;

fn read_text(text: &str) -> std::result::Result<Vec<Track>, String> {
    read(text.as_bytes(), "t", (100, 50), None).map_err(|e| e.message())
}

fn degrees(p: [f64; 2]) -> Option<Point> {
    Some(Point::new((p[0] - 7.0) * 100.0, (p[1] - 47.0) * 100.0 + 10.0))
}

fn track(name: Option<&str>, points: &[(f64, f64)]) -> Track {
    Track { name: name.map(str::to_owned), line_px: points.iter().map(|&(x, y)| Point::new(x, y)).collect() }
}

#[test]
fn pixels_as_they_stand_and_nothing_else_without_a_georeference() {
    let line = r#"{"type":"LineString","coordinates":[[1,2],[30.5,4,7]]"#;
    let marked = format!(r#"{line},"crs":"pixels"}}"#);
    assert_eq!(read_text(&marked), Ok(vec![track(None, &[(1.0, 2.0), (30.5, 4.0)])]));
    assert!(read_text(&format!("{line}}}")).is_err_and(|m| m.contains("georeference")));
}

#[test]
fn longitude_and_latitude_go_through_the_georeference() {
    let text = r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"7a"},"geometry":
        {"type":"MultiLineString","coordinates":[[[7.0,47.0],[7.5,47.0]],[[107,47],[108,47]]]}}]}"#;
    let found = read(text.as_bytes(), "t", (100, 50), Some(&degrees));
    assert_eq!(found, Ok(vec![track(Some("7a"), &[(0.0, 10.0), (50.0, 10.0)])]), "the second lies off the image");
}

#[test]
fn kml_is_read_with_names_in_folders_and_in_multi_geometries_with_or_without_its_namespace() {
    for space in ["", " xmlns=\"http://www.opengis.net/kml/2.2\""] {
        let text = format!(
            "\u{feff}<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<kml{space}><Document><name>Yard</name><Folder>
             <Placemark><name> Gleis 3 </name><MultiGeometry>
               <LineString><coordinates>\n 7.0,47.0,0 7.25,47.1,0\n </coordinates></LineString>
               <Point><coordinates>7.1,47</coordinates></Point>
               <LineString><coordinates>7.5,47.0 7.75,47.0</coordinates></LineString>
             </MultiGeometry></Placemark>
             <Placemark><LineString><tessellate>1</tessellate><coordinates>7.1,47.2 7.2,47.2 7.3,47.2</coordinates></LineString></Placemark>
             </Folder></Document></kml>"
        );
        let found = read(text.as_bytes(), "t", (100, 50), Some(&degrees)).expect("sound");
        assert_eq!(found.len(), 3);
        assert_eq!(
            (found[0].name.as_deref(), found[1].name.as_deref(), found[2].name.as_deref()),
            (Some("Gleis 3"), Some("Gleis 3"), None)
        );
        assert!(found[0].line_px[1].distance(Point::new(25.0, 20.0)) < 1e-9);
        assert_eq!(found[2].line_px.len(), 3);
    }
}

#[test]
fn what_holds_no_track_is_refused_with_what_was_found_and_expected() {
    for (text, word) in [
        ("", "empty"),
        ("hello", "neither JSON nor KML"),
        ("PK\u{3}\u{4}", "KMZ"),
        ("[]", "type"),
        (r#"{"type":"Point","coordinates":[1,2],"crs":"pixels"}"#, "no LineString"),
        (r#"{"type":"LineString","coordinates":[[1,2]],"crs":"pixels"}"#, "1 points"),
        (r#"{"type":"LineString","coordinates":[[1,2],["a",2]],"crs":"pixels"}"#, "pair of numbers"),
        (r#"{"type":"LineString","coordinates":[[500,2],[600,2]],"crs":"pixels"}"#, "No track lies"),
        ("<kml><Document/></kml>", "no LineString"),
        ("<svg><path/></svg>", "root element is <svg>"),
        ("<kml><Placemark>", "XML can't be read"),
        ("<kml><LineString><coordinates>1,2</coordinates></LineString></kml>", "1 points"),
        ("<kml><LineString><coordinates>1 2</coordinates></LineString></kml>", "longitude,latitude"),
        ("<kml><LineString><coordinates>7,97 8,47</coordinates></LineString></kml>", "longitude,latitude"),
        ("<kml><LineString><coordinates>7,47 8,47</coordinates></LineString></kml>", "georeference"),
    ] {
        assert!(read_text(text).is_err_and(|m| m.contains(word)), "{text}: {:?}", read_text(text));
    }
}

#[test]
fn names_of_files_with_tracks_are_known() {
    assert!(is_tracks_file("Yard.KML") && is_tracks_file("a.geojson"));
    assert!(!is_tracks_file("20231005_metadata.json") && !is_tracks_file("kml.png"));
}
