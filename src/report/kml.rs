//! Railcars as KML 2.2, for Google Earth and its like: a folder and a style for each state, a time stamp for each car.
//!
//! KML knows longitude and latitude only. Without a georeference the file is valid, says so, and holds no coordinates.

use super::escape::markup;
use super::exhibit::{Exhibit, Mark, Status};
use crate::pipeline::Side;
use std::fmt::Write as _;

/// How a state is drawn: KML has no dashes, so states differ by fill and by width as well as by colour, and each has its folder.
struct Style {
    name: &'static str,
    /// Alpha, blue, green, red.
    line: &'static str,
    fill: &'static str,
    width: f64,
}

fn style(status: Status) -> Style {
    match status {
        Status::New => Style { name: "New", line: "ff009fe6", fill: "99009fe6", width: 3.0 },
        Status::Gone => Style { name: "Gone", line: "ffb27200", fill: "00b27200", width: 3.0 },
        Status::Both => Style { name: "On both dates", line: "ff999999", fill: "40999999", width: 1.5 },
        Status::Undecided => Style { name: "Undecided", line: "ffffffff", fill: "00ffffff", width: 1.0 },
        Status::Outside => Style { name: "Not compared", line: "ff999999", fill: "00999999", width: 1.0 },
    }
}

/// The whole document.
pub fn railcars(exhibit: &Exhibit) -> String {
    let mut out =
        String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<kml xmlns=\"http://www.opengis.net/kml/2.2\">\n<Document>\n");
    let place = exhibit.place().unwrap_or_else(|| "Railcars".to_owned());
    let _ = writeln!(out, "<name>{}</name>\n<description>{}</description>", markup(&place), markup(&description(exhibit)));
    if exhibit.is_placed() {
        for status in Status::ALL {
            styles(&mut out, status);
        }
        for status in Status::ALL {
            folder(&mut out, exhibit, status);
        }
    }
    out.push_str("</Document>\n</kml>\n");
    out
}

fn description(exhibit: &Exhibit) -> String {
    let mut parts = Vec::new();
    if !exhibit.is_placed() {
        parts.push(
            "The images have no georeference, so the railcars have no place on Earth and none is given here. \
             Their outlines in pixels are in railcars.geojson."
                .to_owned(),
        );
    }
    let text = exhibit.report.pointer("/statement/text").and_then(serde_json::Value::as_str);
    parts.extend(text.map(str::to_owned));
    parts.extend(exhibit.edition.credit.clone());
    parts.extend(exhibit.edition.licence.clone());
    if !exhibit.edition.is_publishable() {
        parts.push("Credit or licence of the images is missing: not for publication.".to_owned());
    }
    parts.join("\n\n")
}

fn styles(out: &mut String, status: Status) {
    let Style { line, fill, width, .. } = style(status);
    let _ = writeln!(
        out,
        "<Style id=\"{}\"><LineStyle><color>{line}</color><width>{width}</width></LineStyle>\
         <PolyStyle><color>{fill}</color></PolyStyle></Style>",
        status.id()
    );
}

fn folder(out: &mut String, exhibit: &Exhibit, status: Status) {
    let cars: Vec<(Side, &Mark)> = exhibit.marks().filter(|(_, mark)| mark.status == status).collect();
    if cars.is_empty() {
        return;
    }
    let name = style(status).name;
    let _ = writeln!(out, "<Folder><name>{name} ({})</name>", cars.len());
    for (side, mark) in cars {
        placemark(out, exhibit, side, mark, name);
    }
    out.push_str("</Folder>\n");
}

/// Children in the order that the schema of KML demands.
fn placemark(out: &mut String, exhibit: &Exhibit, side: Side, mark: &Mark, state: &str) {
    let Some(ring) = &mark.ring_lonlat else { return };
    let image = if side == Side::Before { "before" } else { "after" };
    let look = exhibit.look(side);
    let _ = write!(out, "<Placemark><name>{state}, {image} {}</name>", mark.id);
    if let Some(date) = &look.date {
        let _ = write!(out, "<TimeStamp><when>{}</when></TimeStamp>", markup(date));
    }
    let _ = write!(out, "<styleUrl>#{}</styleUrl><ExtendedData>", mark.status.id());
    let data = [
        ("image", image.to_owned()),
        ("status", mark.status.id().to_owned()),
        ("length_m", format!("{:.1}", mark.length_m)),
        ("width_m", format!("{:.1}", mark.width_m)),
        ("confidence", format!("{:.2}", mark.confidence)),
    ];
    for (name, value) in data {
        let _ = write!(out, "<Data name=\"{name}\"><value>{value}</value></Data>");
    }
    out.push_str("</ExtendedData><Polygon><outerBoundaryIs><LinearRing><coordinates>");
    for [lon, lat] in ring {
        let _ = write!(out, "{lon},{lat} ");
    }
    out.push_str("</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>\n");
}
