//! Where the sun stood, from file to railcars: a known direction of shadows saves half the look, and a wrong one is not believed.

use sidings::example;
use sidings::geometry::Point;
use sidings::georeference;
use sidings::railcars::{Options, detect};
use sidings::yard::{Detection, GsdSource};
use std::f64::consts::PI;

fn seen(shadow_rad: Option<f64>) -> Detection {
    let scene = example::draw(1).before;
    let options = Options { gsd: Some((scene.gsd_m, GsdSource::Given)), shadow_rad, ..Options::default() };
    detect(&scene.rgb, None, &options, &mut |_| Ok(())).expect("the example is an image")
}

#[test]
fn a_known_sun_changes_no_car_and_a_wrong_one_is_told() {
    let truth = example::draw(1).before.shadow_rad;
    let (unknown, right, wrong) = (seen(None), seen(Some(truth)), seen(Some(truth + PI)));
    assert!(unknown.railcars.len() > 10);
    let told = |d: &Detection| d.warnings.iter().any(|w| w.code == "sun-contradicted");
    assert!(!told(&unknown) && !told(&right) && told(&wrong), "{:?}", wrong.warnings);
    assert_eq!(right.railcars, unknown.railcars, "the image alone shows the same sun");
    assert_eq!(wrong.railcars, unknown.railcars, "the image is believed");
}

/// A GeoTIFF of 400 × 300 pixels of half a metre at Tumangang, with a Planet name that gives the second of its capture.
#[test]
fn shadows_fall_away_from_the_sun_in_the_image() {
    let world = "0.5\n0\n0\n-0.5\n632000\n4698000\n";
    let prj = r#"PROJCS["WGS 84 / UTM zone 52N",AUTHORITY["EPSG","32652"]]"#;
    let sidecars = [("20231005_021551_ssc1_u0001.tfw", world), ("20231005_021551_ssc1_u0001.prj", prj)]
        .map(|(name, text)| georeference::Sidecar { name, bytes: text.as_bytes() });
    let placed = georeference::read_with(b"", "20231005_021551_ssc1_u0001.tif", (400, 300), &sidecars);
    let sun = placed.sun((400, 300)).expect("time and place are known");
    let shadow_rad = placed.shadow_rad((400, 300)).expect("the sun is up");
    // On a map with north up, shadows fall opposite to the azimuth; the grid of this zone is turned against north by about a degree here.
    let expected = (sun.azimuth_deg + 90.0).to_radians();
    let off = (shadow_rad - expected).sin().abs();
    assert!(off < 0.03 && (shadow_rad - expected).cos() > 0.0, "{sun:?} {shadow_rad}");
    assert_eq!(placed.to_lonlat(Point::new(0.0, 0.0)).map(|p| p[0] > 130.0), Some(true));
}
