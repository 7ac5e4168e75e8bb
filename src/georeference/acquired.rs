//! When an image was taken, by the metadata that its provider delivers beside it.
//!
//! | provider | file | field |
//! |---|---|---|
//! | Planet, and STAC items | `*_metadata.json` | `properties.acquired`, `properties.datetime` |
//! | Maxar | `.IMD`, `.XML` | `firstLineTime`, `TLCTime`, `earliestAcqTime` |
//! | Airbus (DIMAP) | `DIM_*.XML` | `IMAGING_DATE` and `IMAGING_TIME` |
//! | Sentinel-2 | `MTD_*.xml` | `DATATAKE_SENSING_START`, `SENSING_TIME`, `PRODUCT_START_TIME` |

use super::moment::{Moment, Time, of_provider};
use super::sidecar::{Kind, Sidecar, kind};
use super::sources::text;
use crate::markup;
use roxmltree::Node;

/// Names of fields that hold a moment, best first, in small letters.
const FIELDS: [&str; 7] = [
    "firstlinetime",
    "tlctime",
    "earliestacqtime",
    "datatake_sensing_start",
    "sensing_time",
    "product_start_time",
    "acquisition_date_time",
];

/// The moment that the first understood sidecar gives.
pub(super) fn find(sidecars: &[Sidecar<'_>]) -> Option<Moment> {
    sidecars.iter().filter(|s| kind(s.name) == Some(Kind::Provider)).find_map(|sidecar| {
        let text = text(sidecar.bytes);
        match text.trim_start().chars().next()? {
            '{' => json(&text),
            '<' => xml(&text),
            _ => lines(&text),
        }
    })
}

fn json(text: &str) -> Option<Moment> {
    let document: serde_json::Value = serde_json::from_str(text).ok()?;
    let properties = document.get("properties")?;
    ["acquired", "datetime", "start_datetime"].into_iter().find_map(|field| of_provider(properties.get(field)?.as_str()?))
}

fn xml(text: &str) -> Option<Moment> {
    let document = markup::parse(text).ok()?;
    let content = |name: &str| {
        let wanted = |n: &Node<'_, '_>| n.is_element() && n.tag_name().name().eq_ignore_ascii_case(name);
        document.descendants().find(wanted).and_then(|n| n.text()).map(str::trim)
    };
    if let Some(moment) = FIELDS.into_iter().find_map(|field| of_provider(content(field)?)) {
        return Some(moment);
    }
    let day = of_provider(content("IMAGING_DATE")?)?.day;
    Some(Moment { day, time: content("IMAGING_TIME").and_then(|t| Time::parse(t, true)) })
}

/// `firstLineTime = 2023-10-05T02:15:51.123456Z;`, a line each.
fn lines(text: &str) -> Option<Moment> {
    let fields: Vec<(String, &str)> = text
        .lines()
        .filter_map(|line| line.split_once('='))
        .map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim().trim_end_matches(';')))
        .collect();
    FIELDS.into_iter().find_map(|field| of_provider(fields.iter().find(|(name, _)| name == field)?.1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_provider_is_understood() {
        let cases = [
            ("a_metadata.json", r#"{"id":"a","properties":{"acquired":"2023-10-05T01:23:45.67Z","cloud_cover":0}}"#, "01:23:45Z"),
            (
                "a.IMD",
                "BEGIN_GROUP = IMAGE_1\n\tfirstLineTime = 2023-10-05T02:15:51.123456Z;\nEND_GROUP = IMAGE_1\n",
                "02:15:51Z",
            ),
            ("a.XML", "<isd><IMD><IMAGE><TLCTIME>2023-10-05T02:15:51.1Z</TLCTIME></IMAGE></IMD></isd>", "02:15:51Z"),
            (
                "DIM_a.XML",
                "<Dimap_Document><S><IMAGING_DATE>2023-10-05</IMAGING_DATE><IMAGING_TIME>02:15:13.4Z</IMAGING_TIME></S></Dimap_Document>",
                "02:15:13Z",
            ),
            (
                "MTD_MSIL1C.xml",
                "<n1:L1 xmlns:n1=\"x\"><PRODUCT_START_TIME>2023-10-05T02:15:51.024Z</PRODUCT_START_TIME></n1:L1>",
                "02:15:51Z",
            ),
        ];
        for (name, text, time) in cases {
            let moment = find(&[Sidecar { name, bytes: text.as_bytes() }]).expect(name);
            assert_eq!((moment.day.iso().as_str(), moment.time.map(Time::iso).as_deref()), ("2023-10-05", Some(time)), "{name}");
        }
        for text in ["{", "{}", "<a/>", "<a", "", "x = y", r#"{"properties":{"acquired":5}}"#] {
            assert_eq!(find(&[Sidecar { name: "a.json", bytes: text.as_bytes() }]), None, "{text}");
        }
    }
}
