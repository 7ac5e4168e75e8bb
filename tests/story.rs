//! Stories: one file that asks for nothing, holds no markup of the user's, is small, and tells when it was tampered with.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use sha2::{Digest, Sha256};
use sidings::example;
use sidings::pipeline::{self, Request, Workbench};
use sidings::raster::{Raster, Samples, Scene};
use sidings::report::exhibit::{Edition, Exhibit};
use sidings::report::json::{Context, Input, Source};
use sidings::report::story::verify::{self, Part, Verdict};
use sidings::report::story::{self, Choices, Engine, Extras, Framing, MAX_BYTES, Size, Written};
use sidings::yard::GsdSource;
use std::sync::OnceLock;

const WORST: &str = "</script><script>alert(1)</script><!-- \"x\" 'y' & \u{202e}שלום مرحبا\u{202c} 🚂 두만강 \u{0}\u{7}]]>";

const OPENS: &str = "<script type=\"application/json\" id=\"story\">";

/// The two images of a piece of the synthetic yard, and what was found in them.
struct Case {
    exhibit: Exhibit,
    before: Raster<u8>,
    after: Raster<u8>,
}

fn cut(rgb: &Raster<u8>) -> Raster<u8> {
    let (left, top, width, height) = (rgb.width() / 2 - 200, rgb.height() / 2 - 150, 400, 300);
    let samples = (top..top + height).flat_map(|y| rgb.row(y)[left * 3..(left + width) * 3].to_vec()).collect();
    Raster::new(width, height, 3, samples).expect("a piece")
}

fn case() -> &'static Case {
    static CASE: OnceLock<Case> = OnceLock::new();
    CASE.get_or_init(|| {
        let example = example::draw(7);
        let (before, after) = (cut(&example.before.rgb), cut(&example.after.rgb));
        let scene = |rgb: &Raster<u8>| Scene { samples: Samples::U8(rgb.clone()), valid: None };
        let request = Request { before_gsd: Some((0.5, GsdSource::Given)), ..Request::default() };
        let mut bench = Workbench::with(scene(&before), scene(&after));
        let plan = pipeline::run(request, &mut bench, &mut |_, _| Ok(())).expect("a comparison");
        let source = |role: &str| {
            let mut input = Input::other(&format!("/home/somebody/secret/{role}.png"), role.as_bytes(), role);
            input.size_px = Some([400, 300]);
            Source { input, to_lonlat: None }
        };
        let context = Context {
            before: source("before"),
            after: source("after"),
            other_inputs: Vec::new(),
            facility: None,
            entries: &[],
            edits: Vec::new(),
            alignment_accepted: false,
            warnings: Vec::new(),
        };
        let exhibit = Exhibit::new(&plan, &context, Edition::default()).expect("an answer");
        Case { exhibit, before, after }
    })
}

fn write(edition: Edition) -> Written {
    let Case { exhibit, before, after } = case();
    let exhibit = Exhibit { edition: edition.checked().expect("within bounds"), ..exhibit.clone() };
    story::write(&exhibit, before, after, &Extras::default()).expect("a story")
}

fn full() -> Edition {
    let text = |t: &str| Some(t.to_owned());
    Edition {
        credit: text("Image © 2023 Somebody"),
        licence: text("CC BY 4.0"),
        caption: text("A caption"),
        place: text("A yard"),
        language: "en".to_owned(),
    }
}

fn plain() -> &'static Written {
    static PLAIN: OnceLock<Written> = OnceLock::new();
    PLAIN.get_or_init(|| write(full()))
}

fn check(html: &str) -> Verdict {
    verify::story(html.as_bytes(), "story.html", None).expect("a story")
}

fn parts(verdict: &Verdict) -> Vec<Part> {
    verdict.changed.iter().map(|c| c.what).collect()
}

/// What a browser would run or load, read by a parser of its own kind: every tag with its attributes.
fn tags(html: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        rest = &rest[start + 1..];
        let end = rest.find('>').expect("a tag ends");
        let tag = &rest[..end];
        let name: String = tag.chars().take_while(|c| c.is_ascii_alphanumeric() || "/!-".contains(*c)).collect();
        rest = &rest[end + 1..];
        if ["script", "style"].contains(&name.as_str()) {
            rest = &rest[rest.find(&format!("</{name}")).expect("it ends")..];
        }
        found.push((name, tag.to_owned()));
    }
    found
}

#[test]
fn the_page_asks_for_nothing_and_its_policy_knows_its_own_code() {
    let html = &plain().html;
    let policy = html.split("Content-Security-Policy\" content=\"").nth(1).and_then(|r| r.split('"').next()).expect("a policy");
    assert!(policy.starts_with("default-src 'none'; img-src data:;") && !policy.contains("unsafe"), "{policy}");
    for (opens, ends, directive) in [("<style>", "</style>", "style-src"), ("<script>", "</script>", "script-src")] {
        let code = html.split(opens).nth(1).and_then(|r| r.split(ends).next()).expect("code");
        let hash = STANDARD.encode(Sha256::digest(code.as_bytes()));
        assert!(policy.contains(&format!("{directive} 'sha256-{hash}'")), "{directive}");
    }
    for (name, tag) in tags(html) {
        for attribute in ["href=\"", "src=\"", "url("] {
            for value in tag.split(attribute).skip(1) {
                assert!(
                    value.starts_with("data:image/jpeg;base64,") || value.starts_with('#'),
                    "{name}: {}",
                    &value[..40.min(value.len())]
                );
            }
        }
        assert!(!tag.contains(" on") || !tag.contains("=\"javascript"), "{tag}");
        assert!(!tag.contains(" style=\""), "the policy forbids it: {name}");
    }
}

#[test]
fn the_viewer_and_the_page_are_small() {
    let viewer = include_str!("../www/story/story.js").len() + include_str!("../www/story/story.css").len();
    assert!(viewer <= 25_000, "{viewer}");
    assert!(plain().html.len() <= MAX_BYTES);
}

#[test]
fn no_text_becomes_markup_in_any_field_or_language() {
    let long = "5,000 letters ".repeat(357);
    let names = |html: &str| tags(html).into_iter().map(|(name, _)| name).collect::<Vec<_>>();
    let wanted = names(&plain().html);
    for language in ["en", "ko", "ru", "zh", "ja"] {
        let text = || Some(WORST.to_owned());
        let edition = Edition {
            credit: text(),
            licence: text(),
            caption: Some(format!("{WORST}{long}")),
            place: text(),
            language: language.to_owned(),
        };
        let written = write(edition);
        assert!(written.html.contains(&format!("<html lang=\"{language}\">")));
        assert_eq!(names(&written.html), wanted, "{language}: the same tags as with harmless texts");
        assert!(!written.html.contains('\u{0}') && written.html.contains("5,000 letters"));
        assert!(check(&written.html).reproduced, "{language}");
    }
}

#[test]
fn without_credit_and_licence_it_is_not_for_publication_on_its_face() {
    for edition in [Edition { credit: None, ..full() }, Edition { licence: None, ..full() }] {
        assert!(write(edition).html.contains("<p class=\"alarm\" role=\"note\">Not for publication"));
    }
    assert!(!plain().html.contains("Not for publication"));
}

#[test]
fn folders_of_the_editor_stay_at_home() {
    assert!(!plain().html.contains("secret") && plain().html.contains("<bdi>before.png</bdi>"));
}

#[test]
fn a_story_left_alone_is_reproduced() {
    let verdict = check(&plain().html);
    assert!(verdict.reproduced && verdict.changed.is_empty(), "{:?}", verdict.changed);
    assert_eq!(verdict.stated, verdict.recounted);
    assert!(verdict.recounted["figures"]["after"]["estimate"].as_u64().is_some_and(|n| n > 5), "{}", verdict.recounted);
    assert_eq!(
        verdict.published,
        serde_json::json!({
            "before": case().exhibit.report["before"]["count"], "after": case().exhibit.report["after"]["count"],
            "new": case().exhibit.report["change"]["new_count"], "gone": case().exhibit.report["change"]["gone_count"],
        })
    );
}

/// The page with another text in place of one that must be there.
fn with(from: &str, to: &str) -> String {
    let html = &plain().html;
    assert!(html.contains(from), "{from}");
    html.replace(from, to)
}

#[test]
fn whatever_was_changed_is_named() {
    let estimate = case().exhibit.report["after"]["count"]["estimate"].as_u64().expect("a count");
    let said = format!("about {estimate} railcars");
    assert_eq!(parts(&check(&with("A caption", "Another one"))), [Part::Text], "caption, in page and data");
    assert_eq!(
        parts(&check(&plain().html.replacen("A caption</p>", "Another one</p>", 1))),
        [Part::Text],
        "caption, in the page alone"
    );
    assert_eq!(parts(&check(&with(&said, "about 999 railcars"))), [Part::Text], "the count, in the page alone");
    let data = format!("\"count\":{{\"estimate\":{estimate},");
    assert!(parts(&check(&with(&data, "\"count\":{\"estimate\":999,"))).contains(&Part::Figures), "the count, in the data");
    let outline = plain().html.split("stroke\" d=\"M").nth(1).map(|r| format!(" d=\"M{}", &r[..14])).expect("an outline");
    assert_eq!(parts(&check(&with(&outline, " d=\"M0.0 0.0L"))), [Part::Cars], "an outline in the page");
    let new = case().exhibit.report["change"]["new"].to_string();
    assert!(parts(&check(&with(&format!("\"new\":{new}"), "\"new\":[]"))).contains(&Part::Cars), "cars in the data");
    assert_eq!(parts(&check(&with("\"use strict\";", "\"use strict\"; "))), [Part::Code]);
    assert_eq!(parts(&check(&with("\"quality\":", "\"quality\": "))), [Part::Data]);
}

/// The older picture made darker in one corner, coded anew.
fn altered() -> String {
    let code = plain().html.split("href=\"data:image/jpeg;base64,").nth(1).and_then(|r| r.split('"').next()).expect("a picture");
    let mut image = image::load_from_memory(&STANDARD.decode(code).expect("base64")).expect("a JPEG").into_rgb8();
    image.enumerate_pixels_mut().filter(|(x, y, _)| *x > 60 && *y > 60).for_each(|(_, _, p)| p.0 = [90, 90, 90]);
    let mut bytes = std::io::Cursor::new(Vec::new());
    image.write_to(&mut bytes, image::ImageFormat::Jpeg).expect("written");
    plain().html.replace(code, &STANDARD.encode(bytes.into_inner()))
}

#[test]
fn a_picture_that_was_altered_is_named_and_counts_otherwise() {
    let verdict = check(&altered());
    assert_eq!(parts(&verdict), [Part::Pixels]);
    assert!(!verdict.reproduced && verdict.recounted != verdict.stated);
}

#[test]
fn a_forger_who_renews_the_fingerprints_is_caught_by_the_recount() {
    // The count that counting the pictures is said to have given, and everything that follows from it.
    let Case { exhibit, before, after } = case();
    let mut forged = exhibit.clone();
    forged.edition = full();
    forged.report["after"]["count"]["estimate"] = Value::from(999);
    let honest = story::write(&forged, before, after, &Extras::default()).expect("a story");
    // Written by the tool itself, from a report that was altered: the page and its fingerprints fit each other.
    let verdict = check(&honest.html);
    assert!(verdict.changed.is_empty() && !verdict.recount_equals_published, "the recount shows it beside the published count");
    assert!(honest.html.contains("These figures differ from those of the original images"));
    assert_ne!(verdict.fingerprint, check(&plain().html).fingerprint);
    // To hide that, the stated recount has to be altered, too, in the data, the page and the fingerprint; then counting gives something else.
    let html = &honest.html;
    let text = html.split(OPENS).nth(1).and_then(|r| r.split("</script>").next()).expect("data");
    let (stated, estimate) =
        (honest.story.recount["figures"]["after"].to_string(), &honest.story.recount["figures"]["after"]["estimate"]);
    let (report, recount) = text.rsplit_once("\"recount\":").expect("stated");
    let lie = format!(
        "{report}\"recount\":{}",
        recount.replace(&stated, &stated.replace(&format!("\"estimate\":{estimate}"), "\"estimate\":999"))
    );
    assert_ne!(lie, text);
    let hash = |text: &str| sidings::report::json::sha256_hex(text.as_bytes());
    let forged = html.replace(text, &lie).replace(&hash(text), &hash(&lie));
    let (page, account) = forged.split_once("<dt>Counted again").expect("the recount");
    let account = account.replacen(&format!("about {estimate} railcars"), "about 999 railcars", 1);
    let mut figures = honest.story.recount["figures"].clone();
    figures["after"]["estimate"] = Value::from(999);
    let (differs, same) = (account.find("These figures differ").expect("said"), "The same figures as on the original images.");
    let end = differs + account[differs..].find("</dd>").expect("it ends");
    let account =
        if figures == verdict.published { format!("{}{same}{}", &account[..differs], &account[end..]) } else { account };
    let verdict = check(&format!("{page}<dt>Counted again{account}"));
    assert_eq!(parts(&verdict), [Part::Figures], "{:?}", verdict.changed);
    assert!(verdict.changed[0].message.starts_with("Counting the pictures does not give"), "{:?}", verdict.changed);
}

#[test]
fn what_credentials_say_is_shown_as_text_and_as_unchecked() {
    let Case { exhibit, before, after } = case();
    let mut exhibit = Exhibit { edition: full(), ..exhibit.clone() };
    let found = serde_json::json!({
        "claim_generator": WORST, "title": WORST, "assertions": [], "actions": [{ "action": "c2pa.edited", "when": null, "software": WORST }],
        "signed_by": WORST, "certificate_issuer": null, "signed_at": "2023-10-05T02:03:04Z", "manifests": 1, "readable": true, "signature_checked": false,
    });
    exhibit.report["provenance"]["inputs"][0]["content_credentials"] = found;
    let html = story::write(&exhibit, before, after, &Extras::default()).expect("a story").html;
    assert!(
        html.contains("the signature was not checked") && html.contains("2023-10-05T02:03:04Z") && html.contains("c2pa.edited, ")
    );
    let names = |html: &str| {
        tags(html).into_iter().map(|(name, _)| name).filter(|n| n != "bdi" && n != "/bdi" && n != "br").collect::<Vec<_>>()
    };
    assert_eq!(names(&html), names(&plain().html));
    assert!(check(&html).reproduced);
}

/// The same answer with so many cars on each date, all new and all gone.
fn crowded(cars: usize) -> Exhibit {
    let mut exhibit = case().exhibit.clone();
    for (side, list) in [("before", "gone"), ("after", "new")] {
        let car = exhibit.report["after"]["railcars"][0].clone();
        let all = (0..cars).map(|id| {
            let mut car = car.clone();
            car["id"] = Value::from(id);
            for corner in car["polygon_px"].as_array_mut().expect("corners") {
                *corner = serde_json::json!([(id % 100) as f64 * 3.71 + 5.05, (id / 100) as f64 * 2.93 + 7.07]);
            }
            car
        });
        exhibit.report[side]["railcars"] = all.collect();
        exhibit.report["change"][list] = (0..cars).collect();
    }
    exhibit.report["change"]["both"] = Value::Array(Vec::new());
    exhibit.edition = full();
    exhibit
}

#[test]
fn two_thousand_cars_a_date_fit_and_what_was_left_out_is_said() {
    let Case { before, after, .. } = case();
    let written = story::write(&crowded(2000), before, after, &Extras::default()).expect("a story");
    assert!(written.html.len() <= MAX_BYTES, "{}", written.html.len());
    assert!(written.html.contains("Left out for size: before.tracks"));
    assert_eq!(written.html.matches("Z\"/></defs>").count(), 2, "a path of all cars on each date");
    let error = story::write(&crowded(20_000), before, after, &Extras::default()).expect_err("forty thousand cars don't fit");
    assert_eq!(error.code(), "story-too-big");
}

#[test]
fn the_printed_report_shows_every_car_and_no_markup_of_the_users() {
    let Case { exhibit, before, after } = case();
    let page = |edition: Edition| {
        let exhibit = Exhibit { edition: edition.checked().expect("within bounds"), ..exhibit.clone() };
        story::printed::write(&exhibit, before, after).expect("a page")
    };
    let names = |html: &str| tags(html).into_iter().map(|(name, _)| name).collect::<Vec<_>>();
    let html = page(full());
    let cars = exhibit.before.marks.len() + exhibit.after.marks.len();
    assert_eq!(html.matches("href=\"data:image/jpeg;base64,").count(), cars);
    assert!(!names(&html).contains(&"script".to_owned()) && html.contains("default-src 'none'"));
    let text = || Some(WORST.to_owned());
    let worst = Edition { credit: text(), licence: text(), caption: text(), place: text(), language: "ja".to_owned() };
    assert_eq!(names(&page(worst)), names(&html));
    assert!(page(Edition::default()).contains("Not for publication"));
}

#[test]
fn what_is_no_story_is_refused_with_a_sentence() {
    for html in ["", "<html></html>", &format!("{OPENS}{{}}</script>"), &format!("{OPENS}{{")] {
        let error = verify::story(html.as_bytes(), "x.html", None).expect_err("no story");
        assert_eq!((error.code(), error.file()), ("not-a-story", Some("x.html")), "{html}");
    }
    let torn = &plain().html[..plain().html.len() / 2];
    assert!(verify::story(torn.as_bytes(), "x.html", None).is_err());
    let no_picture = plain().html.replace("data:image/jpeg;base64,", "data:image/jpeg;base64,!");
    assert!(verify::story(no_picture.as_bytes(), "x.html", None).is_err());
}

/// Something that is packed as an engine is, and runs nowhere.
fn engine() -> Engine {
    let packed = |bytes: Vec<u8>| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
        std::io::Write::write_all(&mut encoder, &bytes).expect("memory");
        encoder.finish().expect("memory")
    };
    Engine { module: packed([b"\0asm".to_vec(), vec![7; 2000]].concat()), worker: packed(vec![b' '; 2000]) }
}

#[test]
fn only_a_story_with_the_engine_may_run_one_and_the_engine_is_compared() {
    let Case { exhibit, before, after } = case();
    let exhibit = Exhibit { edition: full(), ..exhibit.clone() };
    let engine = engine();
    let html =
        story::write(&exhibit, before, after, &Extras { engine: Some(&engine), ..Extras::default() }).expect("a story").html;
    assert!(html.contains("'wasm-unsafe-eval'; worker-src blob:;") && html.contains("id=\"check\" hidden>Count again<"));
    assert!(
        !plain().html.contains("wasm-unsafe-eval")
            && !plain().html.contains("worker-src")
            && !plain().html.contains("Count again<")
    );
    let verdict = check(&html);
    assert!(verdict.reproduced, "{:?}", verdict.changed);
    let carries = |verdict: &Verdict| verdict.engine.as_ref().map(|e| e.same_as_given);
    assert_eq!((carries(&verdict), carries(&check(&plain().html))), (Some(None), None), "not compared with any; none");
    let known = |engine: &Engine| verify::story(html.as_bytes(), "x", Some(engine)).expect("a story");
    assert_eq!(carries(&known(&engine)), Some(Some(true)));
    let other = Engine { worker: engine.module.clone(), ..engine.clone() };
    assert_eq!((carries(&known(&other)), known(&other).reproduced), (Some(Some(false)), true));
    assert_eq!(Engine::of_page(html.as_bytes(), "x").expect("a story has it, too"), engine);
    // Another engine in its place, or none.
    let code = STANDARD.encode(&engine.worker);
    assert_eq!(parts(&check(&html.replace(&code, &STANDARD.encode(&engine.module)))), [Part::Code]);
    assert_eq!(parts(&check(&html.replace("id=\"engine-worker\"", "id=\"engine\""))), [Part::Code]);
}

#[test]
fn what_a_browser_shows_is_checked_as_a_file_is() {
    let html = &plain().html;
    let anew = verify::anew(html).expect("a story").expect("of this version");
    assert_eq!(&anew, html);
    assert!(verify::shown(html, Some(&anew)).expect("a story").reproduced);
    let caption = html.replacen("A caption</p>", "Another one</p>", 1);
    let anew = verify::anew(&caption).expect("a story").expect("of this version");
    assert_eq!(parts(&verify::shown(&caption, Some(&anew)).expect("a story")), [Part::Text]);
    let old = html.replace("\"version\":\"", "\"version\":\"0.0.");
    assert_eq!(verify::anew(&old).expect("a story"), None, "another version wrote it");
}

#[test]
fn a_story_is_as_large_as_was_measured_and_as_chosen() {
    let Case { exhibit, before, after } = case();
    let (exhibit, engine) = (Exhibit { edition: full(), ..exhibit.clone() }, engine());
    for (framing, size, engine) in
        [(Framing::Cars, Size::Usual, None), (Framing::Whole, Size::Small, None), (Framing::Whole, Size::Large, Some(&engine))]
    {
        let extras = Extras { engine, choices: Choices { framing, size }, ..Extras::default() };
        let measure = story::measure(&exhibit, before, after, &extras).expect("it fits");
        let written = story::write(&exhibit, before, after, &extras).expect("a story");
        assert!(measure.bytes.abs_diff(written.html.len()) < 12_000, "{measure:?} {}", written.html.len());
        assert!(written.html.len() <= size.bytes() + measure.engine_bytes + 10_000);
        assert_eq!((measure.size_px, measure.quality), (written.story.before.size_px, written.story.quality));
        if framing == Framing::Whole {
            assert_eq!(measure.size_px, [400, 300]);
        }
    }
}

#[test]
fn the_frame_of_an_article_may_run_scripts_and_nothing_else() {
    let edition = Edition { place: Some(WORST.to_owned()), ..full() }.checked().expect("within bounds");
    let snippet =
        story::embed::snippet(&Exhibit { edition, ..case().exhibit.clone() }, Framing::Cars, "https://x.example/a.html?b&c");
    let found = tags(&snippet);
    let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["div", "iframe", "/iframe", "/div"]);
    for part in [
        "sandbox=\"allow-scripts\"",
        "loading=\"lazy\"",
        "title=\"&lt;/script&gt;",
        "width=\"100%\"",
        "src=\"https://x.example/a.html?b&amp;c#embed\"",
    ] {
        assert!(found[1].1.contains(part), "{part}: {snippet}");
    }
}
