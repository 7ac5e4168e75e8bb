//! Files that lie beside an image and say where and when: which they are, and which image they belong to.
//!
//! ```text
//! yard.tif   yard.tfw  yard.tifw  yard.prj  yard.aux.xml  yard.tif.aux.xml       by the image's stem or its whole name
//! yard.tif   yard.json  yard_metadata.json  yard.imd  yard.xml  DIM_yard.xml     what providers write
//! ```

/// A file beside an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sidecar<'a> {
    /// Its name.
    pub name: &'a str,
    /// All of it.
    pub bytes: &'a [u8],
}

/// What a sidecar is, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    World,
    Projection,
    Auxiliary,
    /// Metadata of a provider.
    Provider,
}

/// Longest sidecar that is read, bytes. Providers' metadata of a large scene stays below a megabyte.
pub const MAX_BYTES: u64 = 8 << 20;

/// Endings of images whose world files are called after them, first and last letter and a `w`: `.tfw`, `.jgw`, `.pgw`.
const WORLD: [&str; 20] = [
    "tfw", "tifw", "tiffw", "tfwx", "jgw", "jpw", "jpgw", "jpegw", "jgwx", "pgw", "pngw", "pgwx", "wpw", "webpw", "j2w", "jp2w",
    "jpxw", "wld", "bpw", "gfw",
];

/// Words that providers put before or behind the name of the image in the names of their metadata.
const AROUND: [&str; 13] =
    ["metadata", "meta", "mtd", "dim", "img", "analytic", "visual", "analyticms", "pansharpened", "ortho", "sr", "3b", "clip"];

/// Whether a file is a sidecar by its name; its bytes decide nothing.
pub fn is_sidecar(name: &str) -> bool {
    kind(name).is_some()
}

pub(super) fn kind(name: &str) -> Option<Kind> {
    let name = base(name).to_lowercase();
    if name.ends_with(".aux.xml") {
        return Some(Kind::Auxiliary);
    }
    match name.rsplit_once('.')?.1 {
        ending if WORLD.contains(&ending) => Some(Kind::World),
        "prj" => Some(Kind::Projection),
        "xml" | "json" | "imd" => Some(Kind::Provider),
        _ => None,
    }
}

/// Whether a sidecar belongs to an image, by their names; capitals and small letters are alike.
pub fn belongs(sidecar: &str, image: &str) -> bool {
    let (sidecar, image) = (base(sidecar).to_lowercase(), base(image).to_lowercase());
    let Some(kind) = kind(&sidecar) else { return false };
    let stem = image.rsplit_once('.').map_or(image.as_str(), |(stem, _)| stem);
    let own = match kind {
        Kind::Auxiliary => sidecar.strip_suffix(".aux.xml").unwrap_or(&sidecar),
        _ => sidecar.rsplit_once('.').map_or(sidecar.as_str(), |(stem, _)| stem),
    };
    let fits_ending = kind != Kind::World || world_fits(&sidecar, &image);
    if own == stem || own == image {
        return fits_ending;
    }
    let (own, stem) = (core(own), core(stem));
    let part = own.len() >= LONG_NAME && stem.strip_prefix(&own).is_some_and(|rest| rest.starts_with('_'));
    kind == Kind::Provider && (own == stem || part)
}

/// A provider's name for a scene is at least this long, so that images may be called by it and something more: a tile, a product.
const LONG_NAME: usize = 12;

/// `.jgw` speaks of a JPEG, not of the TIFF of the same stem; `.wld` of either.
fn world_fits(sidecar: &str, image: &str) -> bool {
    let ending = sidecar.rsplit_once('.').map_or("", |(_, e)| e);
    let of = image.rsplit_once('.').map_or("", |(_, e)| e);
    ending == "wld" || ending.chars().next() == of.chars().next()
}

/// A name without the words that providers put around it.
fn core(stem: &str) -> String {
    let words: Vec<&str> = stem.split(['_', '-', '.', ' ']).filter(|w| !w.is_empty() && !AROUND.contains(w)).collect();
    words.join("_")
}

fn base(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sidecars_are_paired_by_name() {
        for (sidecar, image) in [
            ("yard.tfw", "yard.tif"),
            ("YARD.TFW", "yard.TIF"),
            ("yard.tifw", "yard.tif"),
            ("yard.jgw", "yard.jpg"),
            ("yard.wld", "yard.png"),
            ("yard.prj", "yard.png"),
            ("yard.tif.aux.xml", "yard.tif"),
            ("yard.aux.xml", "yard.tif"),
            ("folder/yard.prj", "elsewhere/yard.tif"),
            ("20231005_012345_ssc4_u0001_metadata.json", "20231005_012345_ssc4_u0001_visual.tif"),
            ("23OCT05021551-M2AS-014321.IMD", "23OCT05021551-M2AS-014321.TIF"),
            ("DIM_PHR1A_PMS_202310050215134_ORT.XML", "IMG_PHR1A_PMS_202310050215134_ORT_R1C1.TIF"),
        ] {
            assert!(belongs(sidecar, image), "{sidecar} belongs to {image}");
        }
        for (sidecar, image) in [
            ("yard.jgw", "yard.tif"),
            ("yard2.prj", "yard.tif"),
            ("yard.tif", "yard.tif"),
            ("yard.txt", "yard.tif"),
            ("notes.json", "yard.tif"),
            ("yard.tif.aux.xml", "yard.png"),
        ] {
            assert!(!belongs(sidecar, image), "{sidecar} doesn't belong to {image}");
        }
    }
}
