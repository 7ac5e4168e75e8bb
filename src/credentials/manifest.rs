//! The newest manifest of a store: its claim, its assertions, its signature.

use super::jumbf::Superbox;
use super::{Action, Credentials, shown, signer};
use ciborium::Value;

/// Values in values: claims need five or so.
const DEEPEST: usize = 24;

/// Assertions and actions that are listed.
const MOST: usize = 64;

/// Reads the manifest that is the last in its store, as the specification has it.
pub fn newest(store: &[u8]) -> Option<Credentials> {
    let store = Superbox::open(store).filter(|store| store.label == "c2pa")?;
    let manifest = store.inner.last()?;
    let claim = cbor(manifest.find("c2pa.claim")?.cbor()?)?;
    let assertions = manifest.find("c2pa.assertions");
    let signature = manifest.find("c2pa.signature").and_then(Superbox::cbor).and_then(cbor);
    let signature = signature.map(|value| signer::of(&value)).unwrap_or_default();
    let actions = assertions.and_then(|a| a.find("c2pa.actions")).and_then(Superbox::cbor).and_then(cbor);
    Some(Credentials {
        claim_generator: generator(&claim),
        title: text(get(&claim, "dc:title")),
        assertions: assertions.into_iter().flat_map(|a| &a.inner).map(|a| a.label.clone()).take(MOST).collect(),
        actions: actions.as_ref().map(listed).unwrap_or_default(),
        signed_by: signature.subject,
        certificate_issuer: signature.issuer,
        signed_at: signature.time,
        manifests: store.inner.len(),
        readable: true,
        signature_checked: false,
    })
}

/// Any CBOR, within bounds.
pub fn cbor(bytes: &[u8]) -> Option<Value> {
    ciborium::de::from_reader_with_recursion_limit(bytes, DEEPEST).ok()
}

/// The value under a key of a map.
pub fn get<'a>(map: &'a Value, key: &str) -> Option<&'a Value> {
    map.as_map()?.iter().find(|(k, _)| k.as_text() == Some(key)).map(|(_, value)| value)
}

/// A text, or a time in its tag.
fn text(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::Text(text) => Some(shown(text)),
        Value::Tag(_, inner) => inner.as_text().map(shown),
        _ => None,
    }
}

/// "Name version" of the structured form, one or a list of them; else the older form, one text.
fn generator(claim: &Value) -> Option<String> {
    let info = get(claim, "claim_generator_info");
    let info = info.and_then(|info| info.as_array().and_then(|list| list.first()).or(Some(info)));
    info.and_then(named).or_else(|| text(get(claim, "claim_generator")))
}

/// "Name version" of a program.
fn named(program: &Value) -> Option<String> {
    let name = text(get(program, "name"))?;
    Some(text(get(program, "version")).map_or(name.clone(), |version| format!("{name} {version}")))
}

fn listed(assertion: &Value) -> Vec<Action> {
    let all = get(assertion, "actions").and_then(Value::as_array).into_iter().flatten();
    let action = |value: &Value| {
        let software = get(value, "softwareAgent");
        Some(Action {
            action: text(get(value, "action"))?,
            when: text(get(value, "when")),
            software: text(software).or_else(|| software.and_then(named)),
        })
    };
    all.filter_map(action).take(MOST).collect()
}
