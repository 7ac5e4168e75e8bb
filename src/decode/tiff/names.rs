//! Names for what TIFF writes as numbers, for refusals that a person can act on.

use super::fax::Fax;

/// What the pixel values stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Photometric {
    WhiteIsZero,
    BlackIsZero,
    Rgb,
    Palette,
    YCbCr,
    /// Inks of a print.
    Cmyk,
    /// Where another image of the file holds.
    Mask,
}

impl Photometric {
    /// From the tag; `Err` names a kind that is not read.
    pub fn from_tag(value: u64) -> Result<Self, String> {
        match value {
            0 => Ok(Self::WhiteIsZero),
            1 => Ok(Self::BlackIsZero),
            2 => Ok(Self::Rgb),
            3 => Ok(Self::Palette),
            4 => Ok(Self::Mask),
            6 => Ok(Self::YCbCr),
            5 => Ok(Self::Cmyk),
            8 => Err("CIE Lab colours".to_owned()),
            9 => Err("ICC Lab colours".to_owned()),
            10 => Err("ITU Lab colours".to_owned()),
            32803 | 34892 => Err("raw camera data (a colour filter array)".to_owned()),
            32844 => Err("LogL luminance".to_owned()),
            32845 => Err("LogLuv colours".to_owned()),
            other => Err(format!("an unknown kind of colours (photometric interpretation {other})")),
        }
    }
}

/// How the pixels are packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Packing {
    None,
    Lzw,
    Deflate,
    PackBits,
    Zstd,
    Fax(Fax),
    /// JPEG pieces.
    Jpeg,
    /// WebP pieces.
    Webp,
}

impl Packing {
    /// From the compression tag and the options of Group 3; `Err` names one that is not read.
    pub fn from_tag(value: u64, group3_options: u64) -> Result<Self, String> {
        match value {
            1 => Ok(Self::None),
            2 => Ok(Self::Fax(Fax::RunLength)),
            3 => Ok(Self::Fax(Fax::Group3 { two_dimensional: group3_options & 1 == 1 })),
            4 => Ok(Self::Fax(Fax::Group4)),
            5 => Ok(Self::Lzw),
            7 => Ok(Self::Jpeg),
            8 | 32946 => Ok(Self::Deflate),
            32773 => Ok(Self::PackBits),
            50000 => Ok(Self::Zstd),
            50001 => Ok(Self::Webp),
            6 => Err("old-style JPEG compression".to_owned()),
            9 | 10 => Err("JBIG compression".to_owned()),
            32766 | 32771 | 32809 => Err("NeXT, CCITT word or ThunderScan compression".to_owned()),
            32908 | 32909 => Err("Pixar compression".to_owned()),
            33003 | 33004 | 33005 | 34712 => Err("JPEG 2000 compression".to_owned()),
            34676 | 34677 => Err("SGI Log compression".to_owned()),
            34887 => Err("LERC compression".to_owned()),
            34925 => Err("LZMA compression".to_owned()),
            34933 | 34934 => Err("PNG or JPEG XR compression".to_owned()),
            50002 | 52546 => Err("JPEG XL compression".to_owned()),
            other => Err(format!("an unknown compression (number {other})")),
        }
    }
}
