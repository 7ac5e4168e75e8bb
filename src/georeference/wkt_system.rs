//! The coordinate system that well-known text describes, WKT 1 as GDAL and Esri write it, and WKT 2.

use super::datum::{Datum, REGIONAL};
use super::definition::{Definition, Method};
use super::ellipsoid::{Ellipsoid, GRS80, WGS84};
use super::epsg;
use super::wkt::Node;
use std::f64::consts::PI;

/// What the text names, and what it means where that is understood.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct System {
    pub name: String,
    pub definition: Option<Definition>,
}

const PROJECTED: [&str; 4] = ["PROJCS", "PROJCRS", "PROJECTEDCRS", "BASEPROJCRS"];
const GEOGRAPHIC: [&str; 8] =
    ["GEOGCS", "GEOGCRS", "GEOGRAPHICCRS", "GEODCRS", "GEODETICCRS", "BASEGEOGCRS", "BASEGEODCRS", "BASEGEODETICCRS"];

/// Reads well-known text; `None` for text that isn't. Compound systems are taken by their horizontal part.
pub(super) fn read(text: &str) -> Option<System> {
    let tree = Node::parse(text)?;
    let projected = tree.find(&PROJECTED);
    let node = projected.or_else(|| tree.find(&GEOGRAPHIC)).unwrap_or(&tree);
    let known = node.epsg().and_then(epsg::definition);
    let name = match (node.epsg(), node.name()) {
        (Some(code), _) => format!("EPSG:{code}"),
        (None, "") => tree.name().to_owned(),
        (None, name) => name.to_owned(),
    };
    // A bound system brings the way to WGS84 with it.
    let shift = tree.find(&["ABRIDGEDTRANSFORMATION"]).and_then(abridged);
    let described = || match projected {
        Some(node) => projected_system(node, shift),
        None => geographic_system(node, shift),
    };
    Some(System { name, definition: known.or_else(described) })
}

fn geographic_system(node: &Node, shift: Option<[f64; 7]>) -> Option<Definition> {
    let (datum, prime_meridian, unit) = base(node, shift)?;
    Some(Definition { prime_meridian, unit, ..Definition::new(Method::Geographic, datum, 0.0, 0.0) })
}

/// Datum, prime meridian in degrees, and radians in the unit of angles, of a geographic system.
fn base(node: &Node, shift: Option<[f64; 7]>) -> Option<(Datum, f64, f64)> {
    let datum = node.child(&["DATUM", "GEODETICDATUM", "TRF", "ENSEMBLE"])?;
    let unit_of = |node: &Node| node.child(&["UNIT", "ANGLEUNIT"]).and_then(Node::number);
    let unit = unit_of(node).or_else(|| unit_of(node.child(&["CS"])?)).unwrap_or(PI / 180.0);
    let figure = datum.child(&["SPHEROID", "ELLIPSOID"])?;
    let &[semi_major_m, inverse_flattening, ..] = &figure.numbers[..] else { return None };
    let ellipsoid = Ellipsoid::new(semi_major_m, inverse_flattening);
    let own_shift = datum.child(&["TOWGS84"]).and_then(|n| <[f64; 7]>::try_from(n.numbers.clone()).ok()).or(shift);
    let known = node
        .epsg()
        .and_then(Datum::of_geographic)
        .or_else(|| Datum::of_name(datum.name()))
        .filter(|d| (d.ellipsoid.semi_major_m - semi_major_m).abs() < 1.0);
    let datum = match (known, own_shift) {
        (Some(known), _) => known,
        (None, Some(shift)) => {
            let zero = shift.iter().all(|v| *v == 0.0);
            Datum { ellipsoid, shift: (!zero).then_some(shift), within_m: 2.0 }
        }
        // The figure alone: everything newer is drawn on these two, and lies within metres of WGS84.
        (None, None) if is_modern(&ellipsoid) => REGIONAL,
        (None, None) => return None,
    };
    let meridian = node.child(&["PRIMEM", "PRIMEMERIDIAN"]);
    // WKT 1 gives it in degrees whatever the unit, as everybody writes it.
    let meridian_unit = meridian.and_then(|n| n.child(&["ANGLEUNIT", "UNIT"])).and_then(Node::number).unwrap_or(PI / 180.0);
    let prime_meridian = meridian.and_then(Node::number).map_or(0.0, |v| (v * meridian_unit).to_degrees());
    Some((datum, prime_meridian, unit))
}

/// Whether this is the figure of WGS84 or of GRS80.
pub(super) fn is_modern(ellipsoid: &Ellipsoid) -> bool {
    [WGS84, GRS80]
        .iter()
        .any(|e| (e.semi_major_m - ellipsoid.semi_major_m).abs() < 0.01 && (e.flattening - ellipsoid.flattening).abs() < 1e-9)
}

/// The seven parameters of a bound system; other transformations aren't followed.
fn abridged(node: &Node) -> Option<[f64; 7]> {
    let values: Vec<f64> = node.children.iter().filter(|c| c.keyword == "PARAMETER").filter_map(Node::number).collect();
    let method = node.child(&["METHOD"])?.name().to_ascii_lowercase();
    match (method.contains("position vector"), method.contains("geocentric translation"), values.len()) {
        (true, _, 7) => values.try_into().ok(),
        (_, true, 3) => Some([values[0], values[1], values[2], 0.0, 0.0, 0.0, 0.0]),
        _ => None,
    }
}

fn projected_system(node: &Node, shift: Option<[f64; 7]>) -> Option<Definition> {
    let (datum, prime_meridian, angle_unit) = base(node.child(&GEOGRAPHIC)?, shift)?;
    let conversion = node.child(&["CONVERSION"]).unwrap_or(node);
    let method = conversion.child(&["PROJECTION", "METHOD"])?;
    let unit = node
        .child(&["UNIT", "LENGTHUNIT"])
        .or_else(|| node.children.iter().find_map(|c| (c.keyword == "AXIS").then(|| c.child(&["LENGTHUNIT"])).flatten()))
        .and_then(Node::number)
        .unwrap_or(1.0);
    let turned = node
        .children
        .iter()
        .filter(|c| c.keyword == "AXIS")
        .any(|axis| axis.children.iter().any(|c| matches!(c.keyword.as_str(), "WEST" | "SOUTH")));
    let (code, method_name) = (method.epsg(), method.name());
    let method = match extension(node) {
        Extension::None => method_of(code, method_name),
        Extension::Web => Some(Method::WebMercator),
        Extension::Other => None,
    };
    let method = match method? {
        // WKT 1 has one name for both; it gives axes, or Esri's own way of turning them.
        Method::KrovakSouthWest if east_north(node, conversion)? => Method::Krovak,
        method @ (Method::PolarStereographic | Method::KrovakSouthWest) => method,
        method => Some(method).filter(|_| !turned)?,
    };
    let mut definition = Definition { prime_meridian, unit, ..Definition::new(method, datum, 0.0, 0.0) };
    for parameter in conversion.children.iter().filter(|c| c.keyword == "PARAMETER") {
        let value = parameter.number()?;
        let own = |keyword| parameter.child(&[keyword, "UNIT"]).and_then(Node::number);
        let degrees = tidy((value * own("ANGLEUNIT").unwrap_or(angle_unit)).to_degrees());
        let length = own("LENGTHUNIT").map_or(value, |metres| value * metres / unit);
        match meaning(parameter.name())? {
            Meaning::Latitude => definition.lat = degrees,
            Meaning::Longitude => definition.lon = degrees,
            Meaning::First => definition.parallels[0] = Some(degrees),
            Meaning::Second => definition.parallels[1] = Some(degrees),
            Meaning::Scale => definition.scale = value,
            Meaning::Easting => definition.false_origin[0] = length,
            Meaning::Northing => definition.false_origin[1] = length,
            Meaning::Azimuth | Meaning::GridAngle if method == Method::Swiss && (degrees - 90.0).abs() < 1e-9 => {}
            Meaning::Azimuth if oblique(method) => definition.azimuth = Some(degrees),
            Meaning::GridAngle if matches!(method, Method::HotineNatural | Method::HotineCentre) => {
                definition.grid_angle = Some(degrees);
            }
            Meaning::GridAngle | Meaning::AxisScale if matches!(method, Method::Krovak | Method::KrovakSouthWest) => {}
            Meaning::Azimuth | Meaning::GridAngle | Meaning::AxisScale => return None,
            Meaning::Nothing if value == 0.0 => {}
            Meaning::Nothing => return None,
        }
    }
    if definition.method == Method::LambertTwo && definition.parallels[0].is_none() {
        definition.method = Method::LambertOne;
    }
    // Stereographic maps away from the poles come in two kinds that one name doesn't tell apart.
    let ambiguous = method_name.eq_ignore_ascii_case("Stereographic") && definition.lat.abs() < 90.0;
    definition.projection().filter(|_| !ambiguous).map(|_| definition)
}

/// Maps that lie along a line of some azimuth, or about an axis.
fn oblique(method: Method) -> bool {
    matches!(method, Method::HotineNatural | Method::HotineCentre | Method::Krovak | Method::KrovakSouthWest)
}

/// Whether Krovak's map is meant with easting and northing; `None` for axes of another kind.
fn east_north(node: &Node, conversion: &Node) -> Option<bool> {
    let esri = |name: &str| {
        let parameter = |c: &&Node| c.keyword == "PARAMETER" && c.name().eq_ignore_ascii_case(name);
        conversion.children.iter().find(parameter).and_then(Node::number)
    };
    match ["X_Scale", "Y_Scale", "XY_Plane_Rotation"].map(esri) {
        [None, None, None] => {
            let mut axes = node.children.iter().filter(|c| c.keyword == "AXIS").flat_map(|axis| &axis.children);
            Some(axes.any(|c| c.keyword == "EAST"))
        }
        [Some(-1.0), Some(1.0), Some(90.0)] => Some(true),
        [Some(1.0), Some(1.0), Some(0.0)] => Some(false),
        _ => None,
    }
}

/// Degrees as they were meant, before a unit of fifteen digits was multiplied with them.
fn tidy(degrees: f64) -> f64 {
    (degrees * 1e11).round() / 1e11
}

/// What GDAL adds where WKT 1 has no word for a map.
enum Extension {
    None,
    Web,
    /// Something that the text itself doesn't say.
    Other,
}

fn extension(node: &Node) -> Extension {
    match node.child(&["EXTENSION"]).and_then(|e| e.texts.get(1)) {
        None => Extension::None,
        Some(text) if text.contains("+proj=merc") && text.contains("+a=6378137 +b=6378137") => Extension::Web,
        Some(_) => Extension::Other,
    }
}

/// By number in the EPSG registry, else by the names that GDAL, Esri and the registry use.
fn method_of(code: Option<u32>, name: &str) -> Option<Method> {
    let plain: String = name.to_ascii_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
    Some(match (code, plain.as_str()) {
        (Some(9807), _) | (_, "transversemercator" | "gausskruger") => Method::TransverseMercator,
        (Some(1024), _) | (_, "mercatorauxiliarysphere" | "popularvisualisationpseudomercator") => Method::WebMercator,
        (Some(9804 | 9805), _) | (_, "mercator" | "mercator1sp" | "mercator2sp" | "mercatorvarianta" | "mercatorvariantb") => {
            Method::Mercator
        }
        (Some(9801), _) | (_, "lambertconformalconic1sp" | "lambertconicconformal1sp") => Method::LambertOne,
        (Some(9802), _) | (_, "lambertconformalconic" | "lambertconformalconic2sp" | "lambertconicconformal2sp") => {
            Method::LambertTwo
        }
        (Some(9822), _) | (_, "albers" | "albersconicequalarea" | "albersequalarea") => Method::Albers,
        (Some(9820), _) | (_, "lambertazimuthalequalarea") => Method::EqualArea,
        (Some(9810 | 9829), _)
        | (
            _,
            "polarstereographic"
            | "polarstereographicvarianta"
            | "polarstereographicvariantb"
            | "stereographic"
            | "stereographicnorthpole"
            | "stereographicsouthpole",
        ) => Method::PolarStereographic,
        (Some(9809), _) | (_, "obliquestereographic" | "doublestereographic") => Method::ObliqueStereographic,
        (_, "swissobliquecylindrical" | "swissobliquemercator") => Method::Swiss,
        (Some(9812), _)
        | (
            _,
            "hotineobliquemercator"
            | "hotineobliquemercatorvarianta"
            | "hotineobliquemercatorazimuthnaturalorigin"
            | "rectifiedskeworthomorphicnaturalorigin",
        ) => Method::HotineNatural,
        (Some(9815), _)
        | (_, "hotineobliquemercatorvariantb" | "hotineobliquemercatorazimuthcenter" | "rectifiedskeworthomorphiccenter") => {
            Method::HotineCentre
        }
        (Some(1041), _) | (_, "krovaknorthorientated" | "krovakeastnorth") => Method::Krovak,
        (Some(9819), _) | (_, "krovak") => Method::KrovakSouthWest,
        _ => return None,
    })
}

/// What a parameter stands for.
enum Meaning {
    Latitude,
    Longitude,
    First,
    Second,
    Scale,
    Easting,
    Northing,
    Azimuth,
    GridAngle,
    /// How Esri turns the axes of Krovak's map.
    AxisScale,
    /// Zero, or the map is another one.
    Nothing,
}

/// `None` for a parameter that isn't understood: without it the map would be another one.
fn meaning(name: &str) -> Option<Meaning> {
    let plain: String = name.to_ascii_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
    Some(match plain.as_str() {
        "latitudeoforigin"
        | "latitudeofnaturalorigin"
        | "latitudeofcenter"
        | "latitudeofcentre"
        | "latitudeoffalseorigin"
        | "latitudeofprojectioncentre" => Meaning::Latitude,
        "centralmeridian"
        | "longitudeoforigin"
        | "longitudeofnaturalorigin"
        | "longitudeofcenter"
        | "longitudeofcentre"
        | "longitudeoffalseorigin"
        | "longitudeofprojectioncentre"
        | "straightverticallongitudefrompole" => Meaning::Longitude,
        "standardparallel1"
        | "latitudeof1ststandardparallel"
        | "latitudeofstandardparallel"
        | "pseudostandardparallel1"
        | "latitudeofpseudostandardparallel" => Meaning::First,
        "standardparallel2" | "latitudeof2ndstandardparallel" => Meaning::Second,
        "scalefactor"
        | "scalefactoratnaturalorigin"
        | "scalefactoratprojectioncentre"
        | "scalefactoroninitialline"
        | "scalefactoronpseudostandardparallel" => Meaning::Scale,
        "falseeasting" | "eastingatfalseorigin" | "eastingatprojectioncentre" => Meaning::Easting,
        "falsenorthing" | "northingatfalseorigin" | "northingatprojectioncentre" => Meaning::Northing,
        "azimuth" | "azimuthofinitialline" | "azimuthatprojectioncentre" | "colatitudeofconeaxis" => Meaning::Azimuth,
        "rectifiedgridangle" | "anglefromrectifiedtoskewgrid" | "xyplanerotation" => Meaning::GridAngle,
        "xscale" | "yscale" => Meaning::AxisScale,
        "auxiliaryspheretype" => Meaning::Nothing,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers in the registry, and the same systems as PROJ 9.8 writes them for GDAL, for Esri and as WKT 2, their numbers taken out.
    const WRITTEN: &str = include_str!("wkt_system.tsv");

    #[test]
    fn parameters_mean_what_the_number_means() {
        for line in WRITTEN.lines() {
            let (code, text) = line.split_once('\t').expect("a number and a text");
            let by_number = epsg::definition(code.parse().expect("a number")).and_then(|d| d.projection()).expect(code);
            let written = read(text).and_then(|s| s.definition).and_then(|d| d.projection()).expect(text);
            // Krovak's map begins far from where it holds: there Prague stands in.
            let [easting, northing] = by_number.false_origin;
            let middle = by_number.to_lonlat(easting + 1000.0, northing - 2000.0).unwrap_or([14.42, 50.09]);
            let near = if middle[1].abs() < 89.0 { middle } else { [middle[0], 70.0_f64.copysign(middle[1])] };
            let ((x, y), (u, v)) = (by_number.to_map(near), written.to_map(near));
            // The figures 1980 and 1984 differ by a tenth of a millimetre.
            assert!(libm::hypot(x - u, y - v) < 2e-3, "{code}: {x} {y} by its number, {u} {v} by {text}");
        }
    }

    #[test]
    fn numbers_go_before_words_and_strangers_are_named() {
        let system = read(r#"PROJCS["whatever",GEOGCS["x"],AUTHORITY["EPSG","5179"]]"#).expect("text");
        assert_eq!((system.name.as_str(), system.definition), ("EPSG:5179", epsg::definition(5179)));
        let geographic = r#"GEOGCS["a",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137,298.257223563]],PRIMEM["Greenwich",0],UNIT["Degree",0.0174532925199433]]"#;
        assert!(read(geographic).expect("text").definition.is_some());
        for stranger in [
            r#"LOCAL_CS["My yard",UNIT["m",1]]"#.to_owned(),
            format!(r#"PROJCS["Krovak",{geographic},PROJECTION["Krovak"],UNIT["m",1]]"#),
            format!(r#"PROJCS["No azimuth",{geographic},PROJECTION["Hotine_Oblique_Mercator"],PARAMETER["latitude_of_center",4],UNIT["m",1]]"#),
            format!(r#"PROJCS["Sphere?",{geographic},PROJECTION["Equirectangular"],UNIT["m",1]]"#),
            format!(r#"PROJCS["Odd",{geographic},PROJECTION["Transverse_Mercator"],PARAMETER["wobble",1],UNIT["m",1]]"#),
            format!(r#"PROJCS["Turned",{geographic},PROJECTION["Transverse_Mercator"],UNIT["m",1],AXIS["x",WEST],AXIS["y",SOUTH]]"#),
            format!(r#"PROJCS["Oblique",{geographic},PROJECTION["Stereographic"],PARAMETER["latitude_of_origin",52],UNIT["m",1]]"#),
            r#"GEOGCS["Beijing",DATUM["Beijing_1954",SPHEROID["Krassowsky",6378245,298.3]],PRIMEM["Greenwich",0],UNIT["degree",0.0174]]"#.to_owned(),
        ] {
            let system = read(&stranger).expect("text");
            assert_eq!(system.definition, None, "{stranger}");
            assert!(!system.name.is_empty());
        }
        assert_eq!(read("not well-known"), None);
    }
}
