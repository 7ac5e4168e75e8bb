//! The core in a story: the module and the worker's script of a page of ours, packed as that page carries them, so that a reader's browser can
//! count the pictures again.

use crate::error::{Error, Result};
use crate::report::base91;
use crate::report::json::sha256_hex;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::read::GzDecoder;
use serde::{Deserialize, Serialize};
use std::io::Read;

/// How a file packed by gzip without a name or a time begins.
const PACKED: [u8; 8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0];

/// How a WebAssembly module begins.
const MODULE: &[u8] = b"\0asm";

/// Letters of it, as it is written, that the bytes after it have no part in.
const BEGINNING: usize = 8;

/// Shortest text that is taken for something packed; a worker's script has thousands of letters.
const SHORTEST: usize = 1_000;

/// Most packed parts of a file that are looked at.
const PARTS_MAX: usize = 16;

/// The two parts, each packed by gzip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Engine {
    /// The module.
    pub module: Vec<u8>,
    /// The script that runs it in a worker.
    pub worker: Vec<u8>,
}

/// What a story says of the engine that it carries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stated {
    /// SHA-256 of the packed module.
    pub module_sha256: String,
    /// SHA-256 of the packed script.
    pub worker_sha256: String,
    /// What it adds to the file.
    pub bytes: usize,
}

/// Both parts as a page carries them: base64.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Carried<'a> {
    /// The module.
    pub module: &'a str,
    /// The script.
    pub worker: &'a str,
}

impl Engine {
    /// Takes the engine out of a page of ours: `sidings.html` or `sidings.js`, which carry it in 91 letters, or a story that has one, in base64.
    ///
    /// # Errors
    /// `no-engine` when there is none in it.
    pub fn of_page(bytes: &[u8], file: &str) -> Result<Self> {
        let text = String::from_utf8_lossy(bytes);
        let (mut module, mut worker) = (None, None);
        for packed in packed_parts(&text).take(PARTS_MAX) {
            let mut head = Vec::new();
            if GzDecoder::new(&packed[..]).take(MODULE.len() as u64).read_to_end(&mut head).is_err() {
                continue;
            }
            let place = if head == MODULE { &mut module } else { &mut worker };
            place.get_or_insert(packed);
        }
        module.zip(worker).map(|(module, worker)| Self { module, worker }).ok_or_else(|| {
            let message =
                "There is no engine in this file: sidings.html or sidings.js from the folder pkg was expected.".to_owned();
            Error::File { file: file.to_owned(), code: "no-engine", message }
        })
    }

    /// As a story carries it.
    pub(super) fn written(&self) -> [String; 2] {
        [&self.module, &self.worker].map(|part| STANDARD.encode(part))
    }

    /// What it adds to a file, and its hashes.
    pub fn stated(&self) -> Stated {
        let bytes = (self.module.len().div_ceil(3) + self.worker.len().div_ceil(3)) * 4;
        Stated { module_sha256: sha256_hex(&self.module), worker_sha256: sha256_hex(&self.worker), bytes }
    }
}

impl Carried<'_> {
    /// What is carried, unpacked from base64; `None` when it is damaged.
    pub(super) fn read(&self) -> Option<Engine> {
        Some(Engine { module: STANDARD.decode(self.module).ok()?, worker: STANDARD.decode(self.worker).ok()? })
    }
}

/// Everything in a text that is packed by gzip and written in base64 or in 91 letters, one way after the other.
fn packed_parts(text: &str) -> impl Iterator<Item = Vec<u8>> {
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte);
    written(text, STANDARD.encode(PACKED), is_base64, |part| STANDARD.decode(part).ok()).chain(written(
        text,
        base91::encode(&PACKED),
        base91::is_letter,
        base91::decode,
    ))
}

/// What begins like something packed, as long as its letters go on, read by `read`.
fn written<'a>(
    text: &'a str,
    beginning: String,
    is_letter: impl Fn(u8) -> bool + 'a,
    read: impl Fn(&str) -> Option<Vec<u8>> + 'a,
) -> impl Iterator<Item = Vec<u8>> + 'a {
    // The last letters also hold bits of what follows.
    let beginning = beginning[..BEGINNING].to_owned();
    let mut from = 0;
    std::iter::from_fn(move || {
        let start = from + text.get(from..)?.find(&beginning)?;
        let length = text[start..].bytes().position(|byte| !is_letter(byte)).unwrap_or(text.len() - start);
        from = start + length;
        Some(&text[start..from])
    })
    .filter(|part| part.len() >= SHORTEST)
    .filter_map(read)
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use std::io::Write;

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::none());
        encoder.write_all(bytes).expect("memory");
        encoder.finish().expect("memory")
    }

    #[test]
    fn module_and_script_are_found_in_either_order_and_nothing_else_is() {
        let engine = Engine { module: packed(&[MODULE, &[7; 2000]].concat()), worker: packed(&[b'x'; 2000]) };
        let [module, worker] = engine.written();
        for text in [format!("a=\"{module}\";b=\"{worker}\""), format!("{worker} H4sI {module}")] {
            assert_eq!(Engine::of_page(text.as_bytes(), "x").expect("both are there"), engine);
        }
        let [module_91, worker_91] = [&engine.module, &engine.worker].map(|part| base91::encode(part));
        let page = format!("bytes(\"{module_91}\");bytes(\"{worker_91}\")");
        assert_eq!(Engine::of_page(page.as_bytes(), "x").expect("both are there"), engine);
        assert_eq!(engine.stated().bytes, module.len() + worker.len());
        for text in [module.as_str(), &format!("\"H4sI{}\"", "A".repeat(4000)), ""] {
            assert_eq!(Engine::of_page(text.as_bytes(), "x.js").expect_err("not both").code(), "no-engine");
        }
    }
}
