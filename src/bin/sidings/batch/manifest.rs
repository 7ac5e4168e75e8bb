//! The table of pairs. A row that makes no sense is kept with its error, and the others go on.

use super::key;
use crate::{args, load};
use sidings::date::Date;
use sidings::error::{Error, Result};
use sidings::report::story::Choices;
use sidings::table::{self, Column, Table};
use std::path::Path;

/// Columns besides `before` and `after`; any of them may be absent.
const OPTIONAL: [&str; 16] = [
    "gsd",
    "before_date",
    "after_date",
    "tracks",
    "facility",
    "facilities",
    "record",
    "points",
    "corrections",
    "out",
    "engine",
    "credit",
    "licence",
    "caption",
    "place",
    "lang",
];

/// One pair.
pub struct Row {
    /// Line of the table, from 1.
    pub line: u64,
    /// What makes this row itself.
    pub key: String,
    /// As the table has it.
    pub before: String,
    /// As the table has it.
    pub after: String,
    /// What to do, or why it can't be.
    pub arguments: Result<Box<args::Compare>>,
}

/// Reads the table. Paths in it are relative to its own folder.
///
/// # Errors
/// When it can't be read, or has no columns `before` and `after`.
pub fn read(path: &Path, edition: &args::Edition) -> Result<Vec<Row>> {
    let name = load::name(path);
    let table = Table::read(&load::read(path)?, &name)?;
    let (before, after) = (table.column(&["before"])?, table.column(&["after"])?);
    let optional: Vec<(&str, Column)> = OPTIONAL.into_iter().filter_map(|n| Some((n, table.column(&[n]).ok()?))).collect();
    let folder = path.parent().unwrap_or(Path::new(""));
    let rows = table.rows().map(|row| {
        let text = |column| row.text(column).unwrap_or_default().to_owned();
        let mut cells = vec![("before".to_owned(), text(before)), ("after".to_owned(), text(after))];
        cells.extend(optional.iter().filter_map(|(n, c)| Some(((*n).to_owned(), row.text(*c)?.to_owned()))));
        let said = [&edition.credit, &edition.licence, &edition.caption, &edition.place];
        let choices = Some(edition.choices()).filter(|choices| *choices != Choices::default());
        cells.extend(choices.map(|choices| ("edition".to_owned(), format!("{choices:?}"))));
        let language = Some(&edition.lang).filter(|lang| *lang != "en");
        cells.extend(said.into_iter().flatten().chain(language).map(|text| ("edition".to_owned(), text.clone())));
        let arguments = compare(&row, &cells, folder, edition).map(Box::new);
        Row { line: row.line(), key: key(&cells), before: text(before), after: text(after), arguments }
    });
    Ok(rows.collect())
}

fn compare(row: &table::Row<'_>, cells: &[(String, String)], folder: &Path, edition: &args::Edition) -> Result<args::Compare> {
    let cell = |name: &str| cells.iter().find(|(n, text)| n == name && !text.is_empty()).map(|(_, text)| text.as_str());
    let path = |name: &str| cell(name).map(|text| folder.join(text));
    let needed = |name: &str| path(name).ok_or_else(|| row.error(&format!("has nothing under \"{name}\"")));
    let wrong = |name: &str, text: &str, why: String| row.error(&format!("has \"{text}\" under \"{name}\", but {why}"));
    let date = |name: &str| -> Result<Option<Date>> {
        cell(name).map(|text| args::date(text).map_err(|why| wrong(name, text, why))).transpose()
    };
    let gsd = cell("gsd").map(|text| args::gsd(&text.replace(',', ".")).map_err(|why| wrong("gsd", text, why))).transpose()?;
    let said = |name: &str, general: &Option<String>| cell(name).map(str::to_owned).or_else(|| general.clone());
    Ok(args::Compare {
        pair: args::Pair { before: needed("before")?, after: needed("after")? },
        gsd,
        before_date: date("before_date")?,
        after_date: date("after_date")?,
        tracks: path("tracks"),
        facility: cell("facility").map(str::to_owned),
        facilities: path("facilities"),
        record: path("record"),
        points: path("points"),
        corrections: path("corrections"),
        out: path("out"),
        engine: path("engine"),
        edition: args::Edition {
            credit: said("credit", &edition.credit),
            licence: said("licence", &edition.licence),
            caption: said("caption", &edition.caption),
            place: said("place", &edition.place),
            lang: cell("lang").map_or_else(|| Ok(edition.lang.clone()), |text| language(text, row))?,
            ..edition.clone()
        },
    })
}

fn language(text: &str, row: &table::Row<'_>) -> Result<String> {
    let known = args::LANGUAGES.contains(&text);
    let error =
        || -> Error { row.error(&format!("has \"{text}\" under \"lang\"; {} were expected", args::LANGUAGES.join(", "))) };
    if known { Ok(text.to_owned()) } else { Err(error()) }
}
