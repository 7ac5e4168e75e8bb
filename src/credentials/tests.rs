//! Manifests written here, byte by byte, in each container.

use super::*;
use ciborium::{Value, cbor};
use proptest::prelude::*;

fn boxed(kind: &[u8; 4], contents: &[u8]) -> Vec<u8> {
    [&(contents.len() as u32 + 8).to_be_bytes(), &kind[..], contents].concat()
}

fn superbox(label: &str, inner: &[Vec<u8>]) -> Vec<u8> {
    let description = [&[0u8; 16][..], &[0b11], label.as_bytes(), &[0]].concat();
    boxed(b"jumb", &[boxed(b"jumd", &description), inner.concat()].concat())
}

fn value(label: &str, value: Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    ciborium::into_writer(&value, &mut bytes).expect("memory");
    superbox(label, &[boxed(b"cbor", &bytes)])
}

fn der(tag: u8, contents: &[u8]) -> Vec<u8> {
    [&[tag, 0x82, (contents.len() >> 8) as u8, contents.len() as u8], contents].concat()
}

/// A name of an organisation and a common name.
fn name(organisation: &str) -> Vec<u8> {
    let part = |oid: u8, text: &str| der(0x31, &der(0x30, &[der(6, &[0x55, 4, oid]), der(0x0c, text.as_bytes())].concat()));
    der(0x30, &[part(3, "common"), part(10, organisation)].concat())
}

fn certificate() -> Vec<u8> {
    let integer = || der(2, &[1]);
    let parts = [der(0xa0, &integer()), integer(), der(0x30, &[]), name("Issuing Authority"), der(0x30, &[]), name("A Newsroom")]
        .concat();
    der(0x30, &der(0x30, &parts))
}

fn store() -> Vec<u8> {
    let claim = cbor!({
        "claim_generator_info" => { "name" => "Some\u{7} Editor", "version" => "3.1" }, "dc:title" => "yard.jpg", "signature" => "self#jumbf=c2pa.signature"
    });
    let actions = cbor!({ "actions" => [
        { "action" => "c2pa.created", "when" => "2023-10-05T01:02:03Z", "softwareAgent" => "Camera" },
        { "action" => "c2pa.cropped", "softwareAgent" => { "name" => "Editor" } },
        { "when" => "no action at all" },
    ] });
    let mut protected = Vec::new();
    ciborium::into_writer(&Value::Map(vec![(33.into(), Value::Bytes(certificate()))]), &mut protected).expect("memory");
    let stamp = Value::Bytes([b"..\x18\x0f20231005020304Z".to_vec(), vec![0; 9]].concat());
    let token = Value::Map(vec![("val".into(), stamp)]);
    let unprotected = Value::Map(vec![("sigTst".into(), Value::Map(vec![("tstTokens".into(), Value::Array(vec![token]))]))]);
    let signature = Value::Tag(
        18,
        Box::new(Value::Array(vec![Value::Bytes(protected), unprotected, Value::Null, Value::Bytes(vec![0; 64])])),
    );
    let assertions = superbox(
        "c2pa.assertions",
        &[
            value("c2pa.actions.v2", actions.expect("a value")),
            value("c2pa.hash.data", cbor!({ "alg" => "sha256" }).expect("a value")),
        ],
    );
    let newest = [assertions, value("c2pa.claim.v2", claim.expect("a value")), value("c2pa.signature", signature)];
    superbox("c2pa", &[superbox("urn:c2pa:older", &[]), superbox("urn:c2pa:newest", &newest)])
}

fn png(store: &[u8]) -> Vec<u8> {
    let chunk = |kind: &[u8; 4], data: &[u8]| [&(data.len() as u32).to_be_bytes()[..], kind, data, &[0; 4]].concat();
    [b"\x89PNG\r\n\x1a\n".to_vec(), chunk(b"IHDR", &[0; 13]), chunk(b"caBX", store), chunk(b"IEND", &[])].concat()
}

/// The store in pieces of at most `piece` bytes, the head of its box before each.
fn jpeg(store: &[u8], piece: usize) -> Vec<u8> {
    let mut bytes = b"\xff\xd8\xff\xe0\x00\x04AB\xff\xff\xe1\x00\x03C".to_vec();
    for (index, part) in store[8..].chunks(piece).enumerate() {
        let data = [b"JP\x00\x01", &(index as u32 + 1).to_be_bytes()[..], &store[..8], part].concat();
        bytes.extend([&[0xff, 0xeb], &(data.len() as u16 + 2).to_be_bytes()[..], &data].concat());
    }
    [bytes, b"\xff\xda\x00\x02pixels\xff\xd9".to_vec()].concat()
}

fn tiff(store: &[u8]) -> Vec<u8> {
    let entry =
        [&52_545u16.to_le_bytes()[..], &7u16.to_le_bytes(), &(store.len() as u32).to_le_bytes(), &26u32.to_le_bytes()].concat();
    [&b"II\x2a\0\x08\0\0\0\x01\0"[..], &entry, &[0; 4], store].concat()
}

#[test]
fn the_newest_manifest_is_read_from_every_container() {
    let text = |t: &str| Some(t.to_owned());
    let action = |action: &str, when: Option<&str>, software: &str| Action {
        action: action.to_owned(),
        when: when.map(str::to_owned),
        software: text(software),
    };
    let wanted = Credentials {
        claim_generator: text("Some Editor 3.1"),
        title: text("yard.jpg"),
        assertions: vec!["c2pa.actions.v2".to_owned(), "c2pa.hash.data".to_owned()],
        actions: vec![action("c2pa.created", Some("2023-10-05T01:02:03Z"), "Camera"), action("c2pa.cropped", None, "Editor")],
        signed_by: text("A Newsroom"),
        certificate_issuer: text("Issuing Authority"),
        signed_at: text("2023-10-05T02:03:04Z"),
        manifests: 2,
        readable: true,
        signature_checked: false,
    };
    let store = store();
    for file in [png(&store), jpeg(&store, 60_000), jpeg(&store, 100), tiff(&store)] {
        assert_eq!(read(&file).as_ref(), Some(&wanted));
    }
}

#[test]
fn files_without_credentials_have_none_and_damaged_ones_are_said_to_be_so() {
    for file in [&b""[..], b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xda", b"II\x2a\0\x08\0\0\0\0\0", b"RIFF....WEBP"] {
        assert_eq!(read(file), None);
    }
    assert_eq!(read(&jpeg(&superbox("jumbf of somebody else", &[]), 100)), None);
    let damaged = read(&png(b"c2pa, but no box")).expect("it is there");
    assert_eq!((damaged.readable, damaged), (false, Credentials::default()));
    let old = value("c2pa.claim", cbor!({ "claim_generator" => "make_test_images/0.1" }).expect("a value"));
    let old = read(&png(&superbox("c2pa", &[superbox("urn:uuid:1", &[old])]))).expect("it is there");
    assert_eq!((old.claim_generator.as_deref(), old.signed_by), (Some("make_test_images/0.1"), None));
}

#[test]
fn texts_are_bounded() {
    let claim = value("c2pa.claim", cbor!({ "dc:title" => "x".repeat(100_000) }).expect("a value"));
    let found = read(&png(&superbox("c2pa", &[superbox("urn:uuid:1", &[claim])]))).expect("it is there");
    assert_eq!(found.title.map(|t| t.len()), Some(300));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn no_byte_changed_and_no_end_torn_off_makes_it_panic(at in 0usize..2000, by in 1u8..=255, end in 0usize..2000, kind in 0usize..3) {
        let store = store();
        let mut file = [png(&store), jpeg(&store, 300), tiff(&store)][kind].clone();
        let (at, end) = (at % file.len(), end % file.len());
        file[at] ^= by;
        let _ = (read(&file), read(&file[..end]));
    }

    #[test]
    fn strange_boxes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = (read(&png(&bytes)), read(&tiff(&bytes)), manifest::newest(&bytes), manifest::newest(&superbox("c2pa", &[superbox("x", std::slice::from_ref(&bytes))])));
        let claim = superbox("c2pa.claim", &[boxed(b"cbor", &bytes)]);
        let signature = superbox("c2pa.signature", &[boxed(b"cbor", &bytes)]);
        let _ = manifest::newest(&superbox("c2pa", &[superbox("x", &[claim, signature])]));
    }
}
