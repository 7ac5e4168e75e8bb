//! What `--out` writes: the core makes the bytes, here they become files.

use crate::write;
use sidings::error::{Error, Result};
use sidings::pipeline::{Side, Workbench};
use sidings::report::exhibit::Exhibit;
use sidings::report::json::{Compare, Document, sha256_hex};
use sidings::report::story::{Choices, Engine, Extras};
use sidings::report::{geojson, kml, picture, statements, story, tables};
use std::path::Path;

/// The map of the region that comes along, for the locator of a story.
const MAP: &str = include_str!("../../../www/locator/locator.json");

fn map() -> Option<serde_json::Value> {
    serde_json::from_str(MAP).ok()
}

/// The statement in three lengths, one paragraph each.
fn statement(exhibit: &Exhibit) -> String {
    let said = statements::write(&exhibit.report, exhibit.place().as_deref(), &exhibit.edition);
    format!("{}\n\n{}\n\n{}\n", said.short, said.medium, said.long)
}

/// How the story is made.
pub struct Making<'a> {
    /// That it carries.
    pub engine: Option<&'a Engine>,
    /// What it shows, and how large it may get.
    pub choices: Choices,
}

/// Makes every export, then writes them one by one. What can't be written leaves those before it whole and nothing half.
pub fn write_all(
    exhibit: &Exhibit,
    document: &Document<Compare>,
    bench: &Workbench,
    Making { engine, choices }: Making<'_>,
    folder: &Path,
) -> Result<()> {
    if let Some(engine) = engine {
        eprintln!("sidings: the engine adds {} kB to story.html", engine.stated().bytes.div_ceil(1000));
    }
    let (before, after) = (bench.scene(Side::Before)?.rgb8(), bench.scene(Side::After)?.rgb8());
    let pictures = [
        ("annotated-before.png", picture::annotated(exhibit, Side::Before, &before)?),
        ("annotated-after.png", picture::annotated(exhibit, Side::After, &after)?),
        ("side-by-side.png", picture::side_by_side(exhibit, &before, &after)?),
    ];
    if let Some((name, picture)) = pictures.iter().find(|(_, picture)| !picture.left_out.is_empty()) {
        eprintln!(
            "sidings: {name}: the pictures can't show the script of: {}. It stands in story.html.",
            picture.left_out.join(", ")
        );
    }
    let mut files: Vec<(&str, Vec<u8>)> = vec![
        ("report.json", document.to_json().into_bytes()),
        ("railcars.geojson", geojson::railcars(exhibit).to_string().into_bytes()),
        ("railcars.kml", kml::railcars(exhibit).into_bytes()),
        ("railcars.csv", tables::railcars(exhibit)),
        ("counts.csv", tables::counts(exhibit)),
        ("report.html", story::printed::write(exhibit, &before, &after)?.into_bytes()),
        ("statement.txt", statement(exhibit).into_bytes()),
        ("card.png", picture::card(exhibit, &after)?),
        ("before-after.gif", picture::in_turn(exhibit, &before, &after)?),
    ];
    let map = map();
    match story::write(exhibit, &before, &after, &Extras { map: map.as_ref(), engine, choices }) {
        Ok(written) => {
            files.push((story::embed::ADDRESS, written.html.into_bytes()));
            files.push(("embed.html", story::embed::file(exhibit, choices.framing).into_bytes()));
        }
        // What was found is worth more than the page about it: everything else is written.
        Err(error @ Error::NoAnswer { .. }) => eprintln!("sidings: no story.html was written: {error}"),
        Err(error) => return Err(error),
    }
    files.extend(pictures.into_iter().map(|(name, picture)| (name, picture.png)));
    let sums: String = files.iter().map(|(name, bytes)| format!("{}  {name}\n", sha256_hex(bytes))).collect();
    files.push(("SHA256SUMS", sums.into_bytes()));
    files.into_iter().try_for_each(|(name, bytes)| write::file(&folder.join(name), &bytes))
}
