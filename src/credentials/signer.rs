//! Who signed and when, as the signature says of itself: the names in its certificate, and the time in its time stamp. Nothing is verified.

use super::manifest::get;
use super::shown;
use ciborium::Value;

/// What a signature says of itself.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Signature {
    /// Organisation, else name, of who signed.
    pub subject: Option<String>,
    /// Of who issued the certificate.
    pub issuer: Option<String>,
    /// When, ISO 8601.
    pub time: Option<String>,
}

/// Label of the chain of certificates in a COSE header (RFC 9360).
const X5CHAIN: i64 = 33;

/// Object identifiers of an organisation and of a common name (2.5.4.10, 2.5.4.3).
const ORGANISATION: &[u8] = &[0x55, 4, 10];
const COMMON_NAME: &[u8] = &[0x55, 4, 3];

/// Reads a `COSE_Sign1`: protected header, unprotected header, payload, signature.
pub fn of(value: &Value) -> Signature {
    let value = if let Value::Tag(_, inner) = value { inner } else { value };
    let Some(parts) = value.as_array() else { return Signature::default() };
    let protected = parts.first().and_then(Value::as_bytes).and_then(|b| super::manifest::cbor(b));
    let headers: Vec<&Value> = protected.iter().chain(parts.get(1)).collect();
    let certificate = headers.iter().find_map(|header| chain(header)).and_then(names);
    let (issuer, subject) = certificate.unwrap_or_default();
    Signature { subject, issuer, time: headers.iter().find_map(|header| time(header)) }
}

/// The signer's own certificate, first of its chain.
fn chain(header: &Value) -> Option<&[u8]> {
    let is_chain = |key: &Value| key.as_integer() == Some(X5CHAIN.into()) || key.as_text() == Some("x5chain");
    let value = header.as_map()?.iter().find(|(key, _)| is_chain(key)).map(|(_, value)| value)?;
    value.as_bytes().or_else(|| value.as_array()?.first()?.as_bytes()).map(Vec::as_slice)
}

/// The time of the first token of a time stamp (RFC 3161): the first GeneralizedTime in it, which is that of the stamp itself.
fn time(header: &Value) -> Option<String> {
    let stamp = get(header, "sigTst2").or_else(|| get(header, "sigTst"))?;
    let token = get(get(stamp, "tstTokens")?.as_array()?.first()?, "val")?.as_bytes()?;
    let found =
        token.windows(17).find(|w| w.starts_with(&[0x18, 15]) && w[2..16].iter().all(u8::is_ascii_digit) && w[16] == b'Z')?;
    let digits = std::str::from_utf8(&found[2..16]).ok()?;
    let part = |from: usize, to: usize| &digits[from..to];
    Some(format!("{}-{}-{}T{}:{}:{}Z", part(0, 4), part(4, 6), part(6, 8), part(8, 10), part(10, 12), part(12, 14)))
}

/// Issuer and subject of a certificate (X.509): the fourth and sixth part of what is signed in it, behind an optional version.
fn names(certificate: &[u8]) -> Option<(Option<String>, Option<String>)> {
    let (_, certificate, _) = der(certificate)?;
    let (_, mut rest, _) = der(certificate)?;
    let mut parts = Vec::new();
    while let Some((tag, contents, after)) = der(rest).filter(|_| parts.len() < 8) {
        // The version.
        if tag != 0xa0 {
            parts.push(contents);
        }
        rest = after;
    }
    Some((name(parts.get(2)?), name(parts.get(4)?)))
}

/// The organisation of a name, else its common name.
fn name(mut sets: &[u8]) -> Option<String> {
    let (mut organisation, mut common) = (None, None);
    while let Some((_, set, after)) = der(sets) {
        if let Some((oid, text)) = der(set).and_then(|(_, pair, _)| {
            let (_, oid, rest) = der(pair)?;
            der(rest).map(|(_, text, _)| (oid, shown(&String::from_utf8_lossy(text))))
        }) {
            match oid {
                ORGANISATION => organisation = Some(text),
                COMMON_NAME => common = Some(text),
                _ => {}
            }
        }
        sets = after;
    }
    organisation.or(common)
}

/// Tag and contents of the first DER value, and what follows it.
fn der(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, first) = (*bytes.first()?, usize::from(*bytes.get(1)?));
    let (head, length) = if first < 0x80 {
        (2, first)
    } else {
        let n = first & 0x7f;
        let length = bytes.get(2..2 + n).filter(|b| (1..=4).contains(&b.len()))?;
        (2 + n, length.iter().fold(0usize, |sum, &b| sum << 8 | usize::from(b)))
    };
    let end = head.checked_add(length)?;
    Some((tag, bytes.get(head..end)?, bytes.get(end..)?))
}
