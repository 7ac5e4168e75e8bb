//! `.aux.xml`: what GDAL keeps beside an image (its Persistent Auxiliary Metadata): system, grid, control points, nodata.

use super::control_points;
use super::grid::Tie;
use crate::geometry::{Point, Transform};
use crate::markup;
use roxmltree::Node;

/// What such a file says.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Pam {
    /// Well-known text.
    pub system: Option<String>,
    pub tie: Tie,
    /// The same for all bands.
    pub nodata: Option<f64>,
}

/// Reads the file; `None` for another kind of XML.
pub(super) fn read(text: &str) -> Option<Pam> {
    let document = markup::parse(text).ok()?;
    let root = document.root_element();
    if root.tag_name().name() != "PAMDataset" {
        return None;
    }
    let child = |name: &str| root.children().find(|n| n.tag_name().name() == name);
    let text_of = |name: &str| child(name).and_then(|n| n.text()).map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned);
    let points = child("GCPList");
    let tie = match (text_of("GeoTransform").as_deref().and_then(grid), points) {
        (Some(transform), _) => Tie::Affine(transform),
        (None, Some(list)) => fitted(&list),
        (None, None) => Tie::None,
    };
    let of_points = || points?.attribute("Projection").filter(|t| !t.is_empty()).map(str::to_owned);
    Some(Pam { system: text_of("SRS").or_else(of_points), tie, nodata: nodata(&root) })
}

/// GDAL's six numbers: x = c₀ + c₁·column + c₂·row, from the outer corner of the first pixel.
fn grid(text: &str) -> Option<Transform> {
    let numbers: Option<Vec<f64>> = text.split(',').map(|v| v.trim().parse().ok().filter(|v: &f64| v.is_finite())).collect();
    let &[x, a, b, y, d, e] = &numbers?[..] else { return None };
    Some(Transform([[a, b, x], [d, e, y], [0.0, 0.0, 1.0]]))
}

fn fitted(list: &Node<'_, '_>) -> Tie {
    let number = |n: &Node<'_, '_>, name: &str| n.attribute(name).and_then(|v| v.parse::<f64>().ok());
    let points: Vec<(Point, [f64; 2])> = list
        .children()
        .filter(|n| n.tag_name().name() == "GCP")
        .filter_map(|n| Some((Point::new(number(&n, "Pixel")?, number(&n, "Line")?), [number(&n, "X")?, number(&n, "Y")?])))
        .collect();
    control_points::fit(&points).map_or(Tie::Unused("ground control points that are too few or lie on a line"), Tie::Fitted)
}

/// Bands that disagree have none in common.
fn nodata(root: &Node<'_, '_>) -> Option<f64> {
    let mut found = None;
    for band in root.children().filter(|n| n.tag_name().name() == "PAMRasterBand") {
        let value = band.children().find(|n| n.tag_name().name() == "NoDataValue").and_then(|n| n.text());
        let value: f64 = value?.trim().parse().ok()?;
        if found.is_some_and(|other: f64| other.to_bits() != value.to_bits()) {
            return None;
        }
        found = Some(value);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn system_grid_and_nodata() {
        let text = r#"<PAMDataset>
            <SRS dataAxisToSRSAxisMapping="2,1">GEOGCS["WGS 84"]</SRS>
            <GeoTransform>  7.5, 1e-5, 0.0, 47.5, 0.0, -1e-5</GeoTransform>
            <PAMRasterBand band="1"><NoDataValue>0</NoDataValue></PAMRasterBand>
            <PAMRasterBand band="2"><NoDataValue>0</NoDataValue></PAMRasterBand>
        </PAMDataset>"#;
        let pam = read(text).expect("sound");
        assert_eq!((pam.system.as_deref(), pam.nodata), (Some("GEOGCS[\"WGS 84\"]"), Some(0.0)));
        assert!(matches!(pam.tie, Tie::Affine(t) if t.apply(Point::new(0.0, 0.0)) == Point::new(7.5, 47.5)));
        assert_eq!(read("<kml/>"), None);
        assert_eq!(read("<PAMDataset>"), None);
        assert_eq!(read("<PAMDataset/>").map(|p| (p.system, p.tie, p.nodata)), Some((None, Tie::None, None)));
    }

    #[test]
    fn control_points_are_fitted() {
        let point = |pixel: u32, line: u32| {
            format!(r#"<GCP Id="" Pixel="{pixel}" Line="{line}" X="{}" Y="{}"/>"#, 500_000 + pixel, 4_000_000 - line)
        };
        let points: String = [(0, 0), (100, 0), (0, 100), (100, 100)].map(|(x, y)| point(x, y)).concat();
        let text = format!(r#"<PAMDataset><GCPList Projection="PROJCS[]">{points}</GCPList></PAMDataset>"#);
        let pam = read(&text).expect("sound");
        assert_eq!(pam.system.as_deref(), Some("PROJCS[]"));
        assert!(matches!(pam.tie, Tie::Fitted(fit) if fit.residual_px.is_some_and(|(_, most)| most < 1e-6)));
    }
}
