//! What stands under the pictures: comparison, limits, place, credits, and how it all was made.

use super::Digests;
use super::check;
use super::digests::figures;
use super::page::Paper;
use crate::report::escape::markup;
use crate::report::phrase;
use crate::report::statements;
use serde_json::Value;
use std::fmt::Write as _;

/// Newest figures of the record that are listed; the report has all.
const RECORD_ROWS: usize = 60;

/// All sections.
pub fn write(out: &mut String, paper: &Paper<'_>, digests: &Digests) {
    without_pictures(out, paper);
    check::section(out, paper);
    let _ = writeln!(out, "<p class=\"more\"><a href=\"#all\">{}</a></p>", paper.say("embed.more", &[]));
    how(out, paper, digests);
}

/// The sections that speak of the images and not of the pictures of a page.
pub fn without_pictures(out: &mut String, paper: &Paper<'_>) {
    comparison(out, paper);
    limits(out, paper);
    notes(out, paper);
    place(out, paper);
    credits(out, paper);
}

/// How it was made, for a page without pictures to count: files, steps, edits.
pub fn made(out: &mut String, paper: &Paper<'_>) {
    let _ = write!(
        out,
        "<section><h2>{}</h2><p>{}</p><dl>",
        paper.say("how", &[]),
        paper.say("how.made", &[("version", &paper.story.version)])
    );
    inputs(out, paper, None);
    steps(out, paper);
    out.push_str("</dl></section>\n");
}

fn section(out: &mut String, paper: &Paper<'_>, key: &str, body: &str) {
    if !body.is_empty() {
        let _ = writeln!(out, "<section class=\"about-{key}\"><h2>{}</h2>{body}</section>", paper.say(key, &[]));
    }
}

/// Figures of any count, as a table with intervals.
fn table(paper: &Paper<'_>, counts: &Value) -> String {
    let mut body = format!(
        "<div class=\"wide\" tabindex=\"0\"><table><thead><tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th></tr></thead><tbody>",
        paper.say("what", &[]),
        paper.say("count", &[])
    );
    let named = |key: &str, side: &str| match key {
        "before" | "after" => paper.named(side),
        _ => paper.say(key, &[]),
    };
    for (key, side) in [("before", "before"), ("after", "after"), ("new", "after"), ("gone", "before")] {
        let _ = write!(
            body,
            "<tr><th scope=\"row\">{}</th><td>{}</td></tr>",
            named(key, side),
            markup(&phrase::count(&paper.words, &counts[key]))
        );
    }
    body + "</tbody></table></div>"
}

fn comparison(out: &mut String, paper: &Paper<'_>) {
    let mut body = table(paper, &figures(&paper.story.report));
    // The flowing text is English; other languages have the same figures in their own words.
    match paper.report_text("/statement/text").filter(|_| paper.words.language() == "en") {
        Some(text) => {
            let _ = write!(body, "<p>{}</p>", markup(text));
        }
        None => {
            let said = statements::write(&paper.story.report, paper.story.place.as_deref(), &paper.story.edition);
            let _ = write!(body, "<p dir=\"auto\">{}</p>", markup(&said.medium));
        }
    }
    let rows = paper.report("/record/rows").as_array().map_or(&[][..], Vec::as_slice);
    if !rows.is_empty() {
        let _ = write!(body, "<h3>{}</h3><div class=\"wide\" tabindex=\"0\"><table><thead><tr>", paper.say("record", &[]));
        for key in ["record.date", "count", "record.source"] {
            let _ = write!(body, "<th scope=\"col\">{}</th>", paper.say(key, &[]));
        }
        body.push_str("</tr></thead><tbody>");
        for row in &rows[rows.len().saturating_sub(RECORD_ROWS)..] {
            body.push_str(&record_row(paper, row));
        }
        body.push_str("</tbody></table></div>");
    }
    section(out, paper, "compare", &body);
}

fn record_row(paper: &Paper<'_>, row: &Value) -> String {
    let date = |key: &str| row[key].as_str().map(|d| markup(&paper.words.date(Some(d))));
    let period = [date("date"), date("until")].into_iter().flatten().collect::<Vec<_>>().join(" – ");
    let mut figure = row["count"].as_f64().map(|n| format!("{n}")).unwrap_or_default();
    if row["kind"] == "maximum" {
        figure = format!("≤ {figure}");
    }
    if let (Some(low), Some(high)) = (row["low"].as_f64(), row["high"].as_f64()) {
        figure = format!("{figure} ({low}–{high})");
    }
    if row["compared"] == true {
        figure = format!("{figure}, {}", paper.words.say("record.compared", &[]));
    }
    let said = [row["source"].as_str(), row["note"].as_str()].into_iter().flatten().collect::<Vec<_>>().join(". ");
    format!("<tr><td>{period}</td><td>{}</td><td dir=\"auto\">{}</td></tr>", markup(&figure), markup(&said))
}

fn limits(out: &mut String, paper: &Paper<'_>) {
    let activity = paper.report("/after/count/kind") == "activity" || paper.report("/before/count/kind") == "activity";
    let any_both = paper.report("/change/both").as_array().is_some_and(|both| !both.is_empty());
    let shown = [("limit.activity", activity), ("limit.cargo", true), ("limit.same", any_both), ("limit.times", true)];
    let items: String =
        shown.into_iter().filter(|(_, on)| *on).map(|(key, _)| format!("<li>{}</li>", paper.say(key, &[]))).collect();
    section(out, paper, "limits", &format!("<ul>{items}</ul>"));
}

/// The report's own warnings, each once.
pub fn warnings<'a>(paper: &'a Paper<'_>) -> Vec<&'a str> {
    let mut said: Vec<&str> = Vec::new();
    for pointer in ["/warnings", "/before/warnings", "/after/warnings"] {
        let messages = paper.report(pointer).as_array().into_iter().flatten().filter_map(|w| w["message"].as_str());
        for message in messages {
            if !said.contains(&message) {
                said.push(message);
            }
        }
    }
    said
}

/// The same, in their own language.
fn notes(out: &mut String, paper: &Paper<'_>) {
    let said = warnings(paper);
    let items: String = said.iter().map(|message| format!("<li dir=\"auto\">{}</li>", markup(message))).collect();
    section(out, paper, "notes", &if items.is_empty() { items } else { format!("<ul lang=\"en\">{items}</ul>") });
}

fn place(out: &mut String, paper: &Paper<'_>) {
    let Some(locator) = &paper.story.locator else { return };
    let [lon, lat] = locator.here;
    let body = format!(
        "<svg class=\"locator\" viewBox=\"0 0 240 160\" role=\"img\" aria-label=\"{}: {lat:.2}, {lon:.2}\"><path class=\"land\" d=\"{}\"/>\
         <path class=\"river\" d=\"{}\"/><path class=\"railway\" d=\"{}\"/><path class=\"border\" d=\"{}\"/><circle class=\"here\" cx=\"120\" cy=\"80\" r=\"5\"/></svg>\
         <p class=\"small\">{}</p>",
        paper.say("locator", &[]),
        markup(&locator.land),
        markup(&locator.rivers),
        markup(&locator.railways),
        markup(&locator.borders),
        paper.say("locator.credit", &[])
    );
    section(out, paper, "locator", &body);
}

fn credits(out: &mut String, paper: &Paper<'_>) {
    let edition = &paper.story.edition;
    let mut body = String::from("<dl>");
    for (key, text) in [("credit", &edition.credit), ("licence", &edition.licence)] {
        if let Some(text) = text {
            let _ = write!(body, "<dt>{}</dt><dd dir=\"auto\">{}</dd>", paper.say(key, &[]), markup(text));
        }
    }
    body.push_str("</dl>");
    if !edition.is_publishable() {
        let _ = write!(body, "<p class=\"alarm\">{}</p>", paper.say("unpublishable", &[]));
    }
    section(out, paper, "credits", &body);
}

/// Steps, versions, hashes, edits, the recount, and how to check all of it.
fn how(out: &mut String, paper: &Paper<'_>, digests: &Digests) {
    let story = paper.story;
    let _ = write!(
        out,
        "<details><summary><h2>{}</h2></summary><p>{}</p>",
        paper.say("how", &[]),
        paper.say("how.made", &[("version", &story.version)])
    );
    let size = |[width, height]: [u32; 2]| format!("{width} × {height}");
    let percent = 100.0 * f64::from(story.before.size_px[0]) / f64::from(story.before.crop.width.max(1));
    let sizes =
        [("quality", story.quality.to_string()), ("before", size(story.before.size_px)), ("after", size(story.after.size_px))];
    let sizes: Vec<(&str, &str)> = sizes.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let _ = write!(
        out,
        "<p>{} {}",
        paper.say("how.pixels", &sizes),
        paper.say("how.scale", &[("percent", &format!("{percent:.0}"))])
    );
    if story.resampled {
        let _ = write!(out, " {}", paper.say("pixels.resampled", &[]));
    }
    if !story.left_out.is_empty() {
        let _ = write!(out, " {}", paper.say("left.out", &[("what", &story.left_out.join(", "))]));
    }
    out.push_str("</p><dl>");
    inputs(out, paper, Some(digests));
    recount(out, paper);
    steps(out, paper);
    let _ = writeln!(
        out,
        "<dt>{}</dt><dd><code>{}</code></dd></dl><p>{}</p></details>",
        paper.say("fingerprint", &[]),
        digests.story,
        paper.say("verify", &[])
    );
}

fn inputs(out: &mut String, paper: &Paper<'_>, digests: Option<&Digests>) {
    for input in paper.report("/provenance/inputs").as_array().into_iter().flatten() {
        let (role, file) = (input["role"].as_str().unwrap_or_default(), input["file"].as_str().unwrap_or_default());
        let _ = write!(
            out,
            "<dt>{} <bdi>{}</bdi></dt><dd>{}: <code>{}</code>",
            paper.say("file", &[]),
            markup(file),
            paper.say("hash", &[]),
            markup(input["sha256"].as_str().unwrap_or_default())
        );
        let picture = match role {
            "before" => digests.map(|d| &d.before),
            "after" => digests.map(|d| &d.after),
            _ => None,
        };
        if let Some(hash) = picture {
            let _ = write!(out, "<br>{}: <code>{hash}</code>", paper.say("hash.picture", &[]));
        }
        if let Some(gsd_m) = paper.report(&format!("/{role}/gsd_m")).as_f64() {
            let from = paper.report_text(&format!("/{role}/gsd_from")).unwrap_or("none");
            let value = paper.say("scale.value", &[("value", &format!("{gsd_m:.3}"))]);
            let _ = write!(out, "<br>{}: {value} ({})", paper.say("scale", &[]), paper.say(&format!("scale.{from}"), &[]));
        }
        credentials(out, paper, &input["content_credentials"]);
        out.push_str("</dd>");
    }
}

/// What a file's content credentials say; that nothing of it was verified comes first.
fn credentials(out: &mut String, paper: &Paper<'_>, found: &Value) {
    if found.is_null() {
        return;
    }
    let state = if found["readable"] == true { "credentials.unchecked" } else { "credentials.unreadable" };
    let _ = write!(out, "<br>{} {}", paper.say("credentials", &[]), paper.say(state, &[]));
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let together = |parts: [&Value; 2]| parts.into_iter().filter_map(text).collect::<Vec<_>>().join(", ");
    let actions = found["actions"].as_array().into_iter().flatten().map(|a| together([&a["action"], &a["software"]]));
    let said = [
        ("generator", text(&found["claim_generator"]).unwrap_or_default()),
        ("title", text(&found["title"]).unwrap_or_default()),
        ("signed", together([&found["signed_by"], &found["signed_at"]])),
        ("issuer", text(&found["certificate_issuer"]).unwrap_or_default()),
        ("actions", actions.collect::<Vec<_>>().join("; ")),
    ];
    for (key, value) in said.into_iter().filter(|(_, value)| !value.is_empty()) {
        let _ = write!(out, " {} <bdi>{}</bdi>", paper.say(&format!("credentials.{key}"), &[]), markup(&value));
    }
}

/// What the pictures here give when they are counted, beside what the originals gave.
fn recount(out: &mut String, paper: &Paper<'_>) {
    let recount = &paper.story.recount;
    let _ = write!(out, "<dt>{}</dt><dd>", paper.say("recount", &[]));
    if let Some(reason) = recount.pointer("/error/message").and_then(Value::as_str) {
        out.push_str(&paper.say("recount.failed", &[("reason", reason)]));
    } else {
        let same = recount["figures"] == figures(&paper.story.report);
        out.push_str(&table(paper, &recount["figures"]));
        out.push_str(&paper.say(if same { "recount.same" } else { "recount.differs" }, &[]));
    }
    out.push_str("</dd>");
}

fn steps(out: &mut String, paper: &Paper<'_>) {
    let _ = write!(out, "<dt>{}</dt><dd><ul>", paper.say("steps", &[]));
    for step in paper.report("/provenance/steps").as_array().into_iter().flatten() {
        let (name, version) = (step["step"].as_str().unwrap_or_default(), step["version"].as_str().unwrap_or_default());
        let _ =
            write!(out, "<li><code>{} {} {}</code></li>", markup(name), markup(version), markup(&step["parameters"].to_string()));
    }
    let _ = write!(out, "</ul></dd><dt>{}</dt><dd>", paper.say("edits", &[]));
    let edits = paper.report("/provenance/edits").as_array().map_or(&[][..], Vec::as_slice);
    if edits.is_empty() {
        out.push_str(&paper.say("edits.none", &[]));
    }
    for edit in edits {
        let _ = write!(out, "<p><code>{}</code></p>", markup(&edit.to_string()));
    }
    out.push_str("</dd>");
}
