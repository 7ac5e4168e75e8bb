//! Manifests written here, byte by byte, in each container.

#[path = "../../tests/fixtures/credentials.rs"]
mod written;

use super::*;
use ciborium::cbor;
use proptest::prelude::*;
use written::{boxed, jpeg, png, store, superbox, tiff, value};

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
