//! JUMBF (ISO/IEC 19566-5): boxes in boxes, each superbox with a label.

/// Superboxes in superboxes: the specification needs four.
const DEEPEST: usize = 8;

/// Boxes in one box.
const MOST: usize = 1_000;

/// A superbox.
#[derive(Debug, Default)]
pub struct Superbox<'a> {
    /// Its label, e.g. `c2pa.claim.v2`.
    pub label: String,
    /// Superboxes in it.
    pub inner: Vec<Superbox<'a>>,
    /// Contents in it, each with its type.
    pub contents: Vec<([u8; 4], &'a [u8])>,
}

impl<'a> Superbox<'a> {
    /// Opens the superbox that these bytes begin with.
    pub fn open(bytes: &'a [u8]) -> Option<Self> {
        let (kind, contents, _) = next(bytes)?;
        (kind == *b"jumb").then(|| Self::of(contents, 0))
    }

    fn of(mut bytes: &'a [u8], depth: usize) -> Self {
        let mut made = Self::default();
        for _ in 0..MOST {
            let Some((kind, contents, rest)) = next(bytes) else { break };
            match &kind {
                b"jumd" => made.label = label(contents).unwrap_or_default(),
                b"jumb" if depth < DEEPEST => made.inner.push(Self::of(contents, depth + 1)),
                _ => made.contents.push((kind, contents)),
            }
            bytes = rest;
        }
        made
    }

    /// The superbox in it whose label begins so.
    pub fn find(&self, label: &str) -> Option<&Self> {
        self.inner.iter().find(|inner| inner.label.starts_with(label))
    }

    /// Its first contents of CBOR.
    pub fn cbor(&self) -> Option<&'a [u8]> {
        self.contents.iter().find(|(kind, _)| kind == b"cbor").map(|(_, contents)| *contents)
    }
}

/// Type and contents of the first box, and what follows it.
fn next(bytes: &[u8]) -> Option<([u8; 4], &[u8], &[u8])> {
    let short = u32::from_be_bytes(bytes.get(..4)?.try_into().ok()?);
    let kind = bytes.get(4..8)?.try_into().ok()?;
    let (head, length) = match short {
        0 => (8, bytes.len()),
        1 => (16, usize::try_from(u64::from_be_bytes(bytes.get(8..16)?.try_into().ok()?)).ok()?),
        _ => (8, short as usize),
    };
    Some((kind, bytes.get(head..length)?, bytes.get(length..)?))
}

/// A description: 16 bytes of type, toggles, and, where bit 1 of these says so, a label up to a NUL.
fn label(description: &[u8]) -> Option<String> {
    let rest = description.get(17..).filter(|_| description[16] & 0b10 != 0)?;
    let end = rest.iter().position(|&b| b == 0)?;
    Some(super::shown(&String::from_utf8_lossy(&rest[..end])))
}
