//! Geodetic datums: which ellipsoid lies where, and how to come from there to WGS84.
//!
//! Shifts are the seven parameters of a Helmert transformation, in the position vector convention, from the EPSG registry (v12); each with
//! the accuracy stated there, or the one found against PROJ where it is worse. A datum that isn't listed is unknown, and what lies on it stays unplaced: shifts left out are
//! wrong by hundreds of metres.

use super::ellipsoid::{Ellipsoid, GRS80, WGS84};
use serde::{Deserialize, Serialize};

/// A datum.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) struct Datum {
    pub ellipsoid: Ellipsoid,
    /// Metres, seconds of arc and millionths that lead to WGS84; `None`: it is WGS84 but for a metre or two.
    pub shift: Option<[f64; 7]>,
    /// How well the shift is known, m.
    pub within_m: f64,
}

/// WGS84 itself.
pub(super) const WORLD: Datum = Datum { ellipsoid: WGS84, shift: None, within_m: 0.0 };

/// The newer regional systems: they differ from WGS84 by up to two metres, less than images are off by.
pub(super) const REGIONAL: Datum = Datum { ellipsoid: GRS80, shift: None, within_m: 2.0 };

const BESSEL: Ellipsoid = Ellipsoid::new(6_377_397.155, 299.152_812_8);
const KRASSOWSKY: Ellipsoid = Ellipsoid::new(6_378_245.0, 298.3);
const INTERNATIONAL: Ellipsoid = Ellipsoid::new(6_378_388.0, 297.0);
const CLARKE_1866: Ellipsoid = Ellipsoid::new(6_378_206.4, 294.978_698_213_9);
const CLARKE_1880_IGN: Ellipsoid = Ellipsoid::new(6_378_249.2, 293.466_021_293_6);
const GRS67: Ellipsoid = Ellipsoid::new(6_378_160.0, 298.247_167_427);
const EVEREST_1967: Ellipsoid = Ellipsoid::new(6_377_298.556, 300.8017);
const AIRY: Ellipsoid = Ellipsoid::new(6_377_563.396, 299.324_964_6);

const fn shifted(ellipsoid: Ellipsoid, shift: [f64; 7], within_m: f64) -> Datum {
    Datum { ellipsoid, shift: Some(shift), within_m }
}

/// Good to 3 m in Russia; elsewhere in the former Soviet Union it lies up to 3 m from the transformation for all of it, which is good
/// to 4.5 m.
pub(super) const PULKOVO_1942: Datum = shifted(KRASSOWSKY, [23.57, -140.95, -79.8, 0.0, 0.35, 0.79, -0.22], 5.0);
pub(super) const PULKOVO_1995: Datum = shifted(KRASSOWSKY, [24.47, -130.89, -81.56, 0.0, 0.0, 0.13, -0.22], 1.0);
pub(super) const TOKYO: Datum = shifted(BESSEL, [-146.414, 507.337, 680.507, 0.0, 0.0, 0.0, 0.0], 9.0);
pub(super) const KOREA_1985: Datum = shifted(BESSEL, [-115.8, 474.99, 674.11, 1.16, -2.31, -1.63, 6.43], 2.0);
pub(super) const OSGB36: Datum = shifted(AIRY, [446.448, -125.157, 542.06, 0.15, 0.247, 0.842, -20.489], 2.0);
pub(super) const CH1903: Datum = shifted(BESSEL, [674.374, 15.056, 405.346, 0.0, 0.0, 0.0, 0.0], 1.0);
pub(super) const AMERSFOORT: Datum = shifted(BESSEL, [565.2369, 50.0087, 465.658, -0.406_857, 0.350_733, -1.870_35, 4.0812], 1.0);
pub(super) const DHDN: Datum = shifted(BESSEL, [598.1, 73.7, 418.2, 0.202, 0.045, -2.455, 6.7], 3.0);
pub(super) const MGI: Datum = shifted(BESSEL, [577.326, 90.129, 463.919, 5.137, 1.474, 5.297, 2.4232], 1.5);
pub(super) const NTF: Datum = shifted(CLARKE_1880_IGN, [-168.0, -60.0, 320.0, 0.0, 0.0, 0.0, 0.0], 2.0);
pub(super) const BD72: Datum = shifted(INTERNATIONAL, [-106.8686, 52.2978, -103.7239, 0.3366, -0.457, 1.8422, -1.2747], 1.0);
pub(super) const ED50: Datum = shifted(INTERNATIONAL, [-87.0, -98.0, -121.0, 0.0, 0.0, 0.0, 0.0], 10.0);
pub(super) const NAD27: Datum = shifted(CLARKE_1866, [-8.0, 160.0, 176.0, 0.0, 0.0, 0.0, 0.0], 25.0);
pub(super) const HONG_KONG_1980: Datum =
    shifted(INTERNATIONAL, [-162.619, -276.959, -161.764, 0.067_753, -2.243_648, -1.158_828, -1.094_246], 1.0);

/// Czechia's transformation. Slovakia's own lies up to 3 m from it there, and the one of 6 m for both countries up to 15 m from either.
pub(super) const S_JTSK: Datum = shifted(BESSEL, [572.213, 85.334, 461.94, 4.9732, 1.529, 5.2484, 3.5378], 4.0);
pub(super) const S_JTSK_03: Datum = shifted(BESSEL, [485.021, 169.465, 483.839, 7.786_342, 4.397_554, 4.102_655, 0.0], 1.0);
pub(super) const HD72: Datum = shifted(GRS67, [52.17, -71.82, -14.9, 0.0, 0.0, 0.0, 0.0], 1.0);
/// The transformation for all of Colombia, stated as 10 m; the ones of 1 m for its regions lie up to 18 m from it.
pub(super) const BOGOTA_1975: Datum = shifted(INTERNATIONAL, [307.0, 304.0, -318.0, 0.0, 0.0, 0.0, 0.0], 18.0);
pub(super) const TIMBALAI_1948: Datum = shifted(EVEREST_1967, [-679.0, 669.0, -48.0, 0.0, 0.0, 0.0, 0.0], 19.0);

/// Numbers of the datum and of its geographic system in the EPSG registry, names by which files call it, the datum.
type Row = (u32, u32, &'static [&'static str], Datum);

const KNOWN: [Row; 47] = [
    (6326, 4326, &["wgs84", "wgs1984", "worldgeodeticsystem1984", "worldgeodeticsystem1984ensemble"], WORLD),
    (6326, 4979, &[], WORLD),
    (1156, 9057, &["wgs1984g1762", "worldgeodeticsystem1984g1762"], WORLD),
    (6269, 4269, &["nad83", "northamerican1983", "northamericandatum1983"], REGIONAL),
    (
        1116,
        6318,
        &["nad832011", "nad831983nationalspatialreferencesystem2011", "nad1983nationalspatialreferencesystem2011"],
        REGIONAL,
    ),
    (6152, 4152, &["nad83harn", "northamerican1983harn", "nad83highaccuracyreferencenetwork"], REGIONAL),
    (6759, 4759, &["nad83nsrs2007", "nad1983nsrs2007", "nad83nationalspatialreferencesystem2007"], REGIONAL),
    (6140, 4617, &["nad83canadianspatialreferencesystem", "northamerican1983csrs", "nad83csrs"], REGIONAL),
    (
        6258,
        4258,
        &["etrs89", "etrs1989", "europeanterrestrialreferencesystem1989", "europeanterrestrialreferencesystem1989ensemble"],
        REGIONAL,
    ),
    (
        1043,
        4490,
        &["cgcs2000", "china2000", "chinageodeticcoordinatesystem2000", "chinesegeodeticcoordinatesystem2000"],
        REGIONAL,
    ),
    (6612, 4612, &["jgd2000", "japanesegeodeticdatum2000"], REGIONAL),
    (1128, 6668, &["jgd2011", "japanesegeodeticdatum2011"], REGIONAL),
    (6737, 4737, &["korea2000", "geocentricdatumofkorea", "korea2000geocentricdatum"], REGIONAL),
    (6283, 4283, &["gda94", "gda1994", "geocentricdatumofaustralia1994"], REGIONAL),
    (1168, 7844, &["gda2020", "geocentricdatumofaustralia2020"], REGIONAL),
    (6167, 4167, &["nzgd2000", "newzealandgeodeticdatum2000"], REGIONAL),
    (6674, 4674, &["sirgas2000", "sistemadereferenciageocentricoparalasamericas2000"], REGIONAL),
    (6171, 4171, &["rgf93", "rgf1993", "reseaugeodesiquefrancais1993", "rgf93v1"], REGIONAL),
    (6619, 4619, &["sweref99"], REGIONAL),
    (6148, 4148, &["hartebeesthoek94", "hartebeesthoek1994"], REGIONAL),
    (1026, 3824, &["twd97", "taiwandatum1997"], REGIONAL),
    (6180, 4180, &["est97", "estonia1997"], REGIONAL),
    (1165, 7789, &["itrf2014", "internationalterrestrialreferenceframe2014"], REGIONAL),
    (6284, 4284, &["pulkovo1942"], PULKOVO_1942),
    (6200, 4200, &["pulkovo1995"], PULKOVO_1995),
    (6301, 4301, &["tokyo", "tokyo1918"], TOKYO),
    (6162, 4162, &["korean1985", "koreandatum1985"], KOREA_1985),
    (6277, 4277, &["osgb36", "osgb1936", "ordnancesurveyofgreatbritain1936"], OSGB36),
    (6149, 4149, &["ch1903"], CH1903),
    (6150, 4150, &["ch1903+", "ch1903plus"], CH1903),
    (6289, 4289, &["amersfoort"], AMERSFOORT),
    (6314, 4314, &["dhdn", "deutscheshauptdreiecksnetz"], DHDN),
    (6312, 4312, &["mgi", "militargeographischeinstitut", "militargeographischesinstitut"], MGI),
    (6313, 4313, &["bd72", "reseaunationalbelge1972", "belge1972"], BD72),
    (6230, 4230, &["ed50", "europeandatum1950", "european1950"], ED50),
    (6267, 4267, &["nad27", "northamerican1927", "northamericandatum1927"], NAD27),
    (6275, 4275, &["ntf", "nouvelletriangulationfrancaise", "nouvelletriangulationfrancaiseparis"], NTF),
    (6611, 4611, &["hongkong1980"], HONG_KONG_1980),
    (1117, 6322, &["nad83pa11", "nad831983nationalspatialreferencesystempa11", "nad1983pa11"], REGIONAL),
    (1133, 6783, &["nad83cors96", "nad83continuouslyoperatingreferencestation1996", "nad1983cors96"], REGIONAL),
    (6742, 4742, &["gdm2000", "geodeticdatumofmalaysia2000"], REGIONAL),
    (1056, 5246, &["gdbd2009", "geocentricdatumbruneidarussalam2009"], REGIONAL),
    (6218, 4218, &["bogota1975", "bogota"], BOGOTA_1975),
    (6237, 4237, &["hd72", "hungarian1972", "hungariandatum1972"], HD72),
    (6298, 4298, &["timbalai1948"], TIMBALAI_1948),
    (
        6156,
        4156,
        &[
            "sjtsk",
            "sjtskferro",
            "systemoftheunifiedtrigonometricalcadastralnetwork",
            "systemoftheunifiedtrigonometricalcadastralnetworkferro",
        ],
        S_JTSK,
    ),
    (1201, 8351, &["sjtskjtsk03", "sjtsk03", "systemoftheunifiedtrigonometricalcadastralnetworkjtsk03"], S_JTSK_03),
];

impl Datum {
    /// By the number of the geographic system on it.
    pub fn of_geographic(code: u32) -> Option<Self> {
        KNOWN.iter().find(|row| row.1 == code).map(|row| row.3)
    }

    /// By its own number.
    pub fn of_code(code: u32) -> Option<Self> {
        KNOWN.iter().find(|row| row.0 == code).map(|row| row.3)
    }

    /// By a name as files write it: `D_WGS_1984`, `World Geodetic System 1984`, `WGS 84 / …` not.
    pub fn of_name(name: &str) -> Option<Self> {
        let name = name.strip_prefix("D_").unwrap_or(name).to_lowercase();
        let plain: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '+').collect();
        let stem = plain.strip_suffix("ensemble").unwrap_or(&plain);
        KNOWN.iter().find(|row| row.2.contains(&plain.as_str()) || row.2.contains(&stem)).map(|row| row.3)
    }

    /// Longitude and latitude in radians on this datum to WGS84.
    pub fn to_world(self, lon: f64, lat: f64) -> (f64, f64) {
        match &self.shift {
            None => (lon, lat),
            Some(shift) => WGS84.lonlat_at(moved(shift, self.ellipsoid.to_centre(lon, lat))),
        }
    }

    /// Longitude and latitude in radians on WGS84 to this datum.
    pub fn lonlat_of_world(self, lon: f64, lat: f64) -> (f64, f64) {
        let Some(shift) = &self.shift else { return (lon, lat) };
        let target = WGS84.to_centre(lon, lat);
        let mut at = target;
        // What the shift changes with place is a millionth of it: each round gains four digits or more.
        for _ in 0..4 {
            let reached = moved(shift, at);
            (0..3).for_each(|k| at[k] += target[k] - reached[k]);
        }
        self.ellipsoid.lonlat_at(at)
    }
}

/// A Helmert transformation by the position vector convention (EPSG method 9606).
fn moved(&[tx, ty, tz, rx, ry, rz, ppm]: &[f64; 7], [x, y, z]: [f64; 3]) -> [f64; 3] {
    let seconds = |s: f64| (s / 3600.0).to_radians();
    let (rx, ry, rz, scale) = (seconds(rx), seconds(ry), seconds(rz), 1.0 + ppm * 1e-6);
    [tx + scale * (x - rz * y + ry * z), ty + scale * (rz * x + y - rx * z), tz + scale * (-ry * x + rx * y + z)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_as_files_write_them() {
        for (name, datum) in [
            ("D_WGS_1984", WORLD),
            ("World Geodetic System 1984", WORLD),
            ("World Geodetic System 1984 ensemble", WORLD),
            ("D_Korea_2000", REGIONAL),
            ("CH1903+", CH1903),
            ("Pulkovo_1942", PULKOVO_1942),
        ] {
            assert_eq!(Datum::of_name(name), Some(datum), "{name}");
        }
        assert_eq!(Datum::of_name("Beijing 1954"), None, "no parameters are published for all of China");
    }

    #[test]
    fn shifts_go_there_and_back() {
        for (_, code, _, datum) in KNOWN {
            let (lon, lat) = datum.lonlat_of_world(2.2, 0.74);
            let (back_lon, back_lat) = datum.to_world(lon, lat);
            assert!((back_lon - 2.2).abs() < 1e-7 && (back_lat - 0.74).abs() < 1e-7, "{code}");
            assert!((lon - 2.2).abs() < 3e-4 && (lat - 0.74).abs() < 3e-4, "{code}: a shift is some hundred metres");
        }
    }
}
