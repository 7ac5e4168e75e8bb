//! Lines of KML 2.x: every LineString, wherever it stands, with the name of its Placemark. Elements are known by their local names, so that a file
//! without the namespace, as many tools write it, is read alike.

use super::{Line, Lines, Read};
use crate::markup;
use roxmltree::Node;

pub(super) fn lines(bytes: &[u8]) -> Read<Lines> {
    let text =
        std::str::from_utf8(bytes).map_err(|_| "The file looks like XML, but is not UTF-8 text. Save it as UTF-8.".to_owned())?;
    let document = markup::parse(text).map_err(|e| format!("The file looks like KML, but its XML can't be read: {e}."))?;
    let root = document.root_element();
    let mut lines = Vec::new();
    // Every element once, in the order of the file, with the name of the Placemark around it.
    let mut waiting = vec![(root, None)];
    while let Some((node, mut name)) = waiting.pop() {
        match node.tag_name().name() {
            "Placemark" => name = child_text(node, "name"),
            "LineString" => lines.push(line(node, name)?),
            _ => {}
        }
        waiting.extend(node.children().rev().filter(Node::is_element).map(|child| (child, name)));
    }
    let root = root.tag_name().name();
    if lines.is_empty() && root != "kml" {
        return Err(format!("The file is XML, but not KML: its root element is <{root}>, and <kml> was expected."));
    }
    Ok(Lines { lines, pixels: false })
}

fn line(node: Node<'_, '_>, name: Option<&str>) -> Read<Line> {
    let coordinates = child_text(node, "coordinates").unwrap_or_default();
    let points: Option<Vec<[f64; 2]>> = coordinates.split_whitespace().map(point).collect();
    let points = points.ok_or_else(|| {
        let whose = name.map(|name| format!(" of \"{}\"", super::shown(name))).unwrap_or_default();
        format!("A LineString{whose} holds what is no \"longitude,latitude\" in degrees.")
    })?;
    Ok(Line { name: name.map(super::shown), points })
}

fn child_text<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    let child = node.children().find(|n| n.tag_name().name() == name)?;
    child.text().map(str::trim).filter(|text| !text.is_empty())
}

/// `lon,lat` or `lon,lat,height`.
fn point(text: &str) -> Option<[f64; 2]> {
    let mut numbers = text.split(',').map(|number| number.trim().parse::<f64>().ok().filter(|v| v.is_finite()));
    let (lon, lat) = (numbers.next()??, numbers.next()??);
    (lon.abs() <= 360.0 && lat.abs() <= 90.0).then_some([lon, lat])
}
