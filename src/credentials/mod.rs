//! Content credentials (C2PA) in image files: who says what about where the image came from. They are read and shown, and nothing of them is
//! verified: neither signature, nor certificate, nor the hash of the pixels.
//!
//! ```text
//! JPEG APP11 · PNG caBX · TIFF 52545 ─ container ─ jumbf (boxes) ─ manifest (CBOR) ─ signer (COSE, X.509)
//! ```
//!
//! After the C2PA Technical Specification 2.1, sections 11 (JUMBF), 10 (claims) and 14 (signatures). A file that lies about its sizes gives less, never a
//! panic.

mod container;
mod jumbf;
mod manifest;
mod signer;

use serde::{Deserialize, Serialize};

/// What the newest manifest of a file says.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Credentials {
    /// Program that made the claim.
    pub claim_generator: Option<String>,
    /// Title that it gave the image.
    pub title: Option<String>,
    /// Labels of what it asserts, e.g. `c2pa.actions.v2`.
    pub assertions: Vec<String>,
    /// What is said to have been done to the image, in order.
    pub actions: Vec<Action>,
    /// Who signed, after the certificate that came along.
    pub signed_by: Option<String>,
    /// Who issued that certificate, after itself.
    pub certificate_issuer: Option<String>,
    /// When it was signed, after the time stamp that came along; ISO 8601.
    pub signed_at: Option<String>,
    /// Manifests in the file: the newest, and those of what the image was made from.
    pub manifests: usize,
    /// False when what lies there can't be read as a manifest.
    pub readable: bool,
    /// Always false: neither signature nor hashes are checked here.
    pub signature_checked: bool,
}

/// One thing that is said to have been done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Action {
    /// E.g. `c2pa.edited`.
    pub action: String,
    /// When, as written.
    pub when: Option<String>,
    /// With what.
    pub software: Option<String>,
}

/// Reads what a file carries; `None` when it carries none.
pub fn read(bytes: &[u8]) -> Option<Credentials> {
    let store = container::store(bytes)?;
    Some(manifest::newest(&store).unwrap_or_default())
}

/// A stranger's text, fit to be shown: without control characters and of bounded length.
fn shown(text: &str) -> String {
    const LONGEST: usize = 300;
    text.chars().filter(|c| !c.is_control()).take(LONGEST).collect()
}

#[cfg(test)]
mod tests;
