//! Words on the map, in the language of the page.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Words on the map; English until the shell hands over others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Labels {
    /// Tag of the language in which dates are said (BCP 47).
    pub language: String,
    /// Name of the divider.
    pub divider: String,
    /// Name of the first map.
    pub map: String,
    /// Name of the second map, side by side.
    pub second_map: String,
    /// Name of the map behind the empty page.
    pub locator: String,
    /// Name of the older date on the map.
    pub before: String,
    /// Name of the newer date on the map.
    pub after: String,
    /// Said of *after* where it is drawn on the grid of *before*.
    pub resampled: String,
    /// Title of the button that zooms in.
    pub zoom_in: String,
    /// Title of the button that zooms out.
    pub zoom_out: String,
    /// Name of the compass.
    pub north: String,
    /// Said where nobody knows where north is.
    pub north_unknown: String,
    /// Names of the facilities, by their ids.
    pub places: BTreeMap<String, String>,
}

impl Default for Labels {
    fn default() -> Self {
        let word = str::to_owned;
        Self {
            language: word("en-GB"),
            divider: word("Divider between before and after"),
            map: word("Map of both dates"),
            second_map: word("Map of the later date"),
            locator: word("Map of the region"),
            before: word("Before"),
            after: word("After"),
            resampled: word("resampled to the earlier image"),
            zoom_in: word("Zoom in"),
            zoom_out: word("Zoom out"),
            north: word("North"),
            north_unknown: word("North is not known"),
            places: BTreeMap::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_may_be_handed_over_in_part() {
        let labels: Labels = serde_json::from_str(r#"{"before":"이전"}"#).expect("a part is enough");
        assert_eq!((labels.before.as_str(), labels.after.as_str()), ("이전", "After"));
    }
}
