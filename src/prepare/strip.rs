//! `--strip-metadata`: removes metadata and leaves every pixel as it was.
//!
//! Keeps only the parts that the picture is known to need. Everything else goes, including data
//! after the end of the picture, where phones put previews and videos with their own metadata.

use bytes::Bytes;
use img_parts::png::{Png, PngChunk};
use img_parts::riff::{RiffChunk, RiffContent};
use img_parts::webp::WebP;

use crate::error::{Error, Kind};
use crate::panics::caught;
use crate::photo::jpeg::Jpeg;
use crate::photo::orientation::{Orientation, exif_block};
use crate::photo::parts::{HAS_EXIF, HAS_XMP};
use crate::photo::{Format, Photo};

/// The photo without EXIF, XMP, IPTC and comments; its orientation is kept, where it was.
/// Fails for a TIFF, which mixes pixels and metadata, and for an orientation that programs read
/// differently, which can't be kept for all of them.
pub fn metadata(photo: &Photo) -> Result<Photo, Error> {
    let name = photo.name().to_owned();
    let bytes = photo.bytes();
    let damaged = |Damage(how): Damage| {
        let what = format!("can't strip the metadata of `{name}`: the file is damaged ({how})");
        Error::new(Kind::Input, what).hint("take or export it again")
    };
    let orientation = Orientation::of(&bytes);
    if orientation.is_disputed && photo.format() != Format::Tiff {
        return Err(refused(&name, "programs read differently which way up it is"));
    }
    let block = (orientation.value != 1).then(|| exif_block(orientation.value));
    let stripped = match photo.format() {
        Format::Jpeg => jpeg(&bytes, orientation),
        Format::Png => caught(|| png(bytes, block)).unwrap_or(Err(UNUSUAL)),
        Format::WebP => caught(|| webp(bytes, block)).unwrap_or(Err(UNUSUAL)),
        Format::Tiff => return Err(refused(&name, "it is a TIFF")),
    };
    Photo::new(name.clone(), stripped.map_err(damaged)?)
}

struct Damage(&'static str);

/// `img_parts` panicked.
const UNUSUAL: Damage = Damage("its parts don't fit together");

impl From<img_parts::Error> for Damage {
    fn from(error: img_parts::Error) -> Self {
        Self(match error {
            img_parts::Error::WrongSignature => "its header doesn't match its format",
            img_parts::Error::Truncated => "it is cut short",
            img_parts::Error::BadCRC => "a checksum in it is wrong",
        })
    }
}

fn refused(name: &str, why: &str) -> Error {
    let what = format!("can't strip the metadata of `{name}`: {why}");
    Error::new(Kind::Input, what).hint("add --fit to convert it to a JPEG without metadata")
}

fn jpeg(bytes: &[u8], Orientation { value, .. }: Orientation) -> Result<Bytes, Damage> {
    let jpeg = Jpeg::walk(bytes).filter(|jpeg| jpeg.scans().next().is_some());
    let jpeg = jpeg.ok_or(Damage("it has no pixels"))?;
    // A truncated file must stay truncated: an added end would hide the damage.
    Ok(jpeg.rebuilt((value != 1).then_some(value), jpeg.has_end).into())
}

fn png(bytes: Bytes, block: Option<Vec<u8>>) -> Result<Bytes, Damage> {
    /// The chunks that determine pixels, frames and colours (PNG 3, 5.6 and 11.3).
    const NEEDED: [&[u8; 4]; 19] = [
        b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB",
        b"cICP", b"mDCV", b"cLLI", b"bKGD", b"hIST", b"pHYs", b"acTL", b"fcTL", b"fdAT",
    ];
    let mut png = Png::from_bytes(bytes)?;
    // Decoders differ on a file without its end chunk.
    if png.chunk_by_type(*b"IEND").is_none() {
        return Err(Damage("its end is missing"));
    }
    let mut block = block.map(|block| PngChunk::new(*b"eXIf", block.into()));
    let chunks = std::mem::take(png.chunks_mut()).into_iter();
    *png.chunks_mut() = chunks
        .filter_map(|chunk| match &chunk.kind() {
            b"eXIf" => block.take(),
            kind => NEEDED.contains(&kind).then_some(chunk),
        })
        .collect();
    Ok(png.encoder().bytes())
}

fn webp(bytes: Bytes, block: Option<Vec<u8>>) -> Result<Bytes, Damage> {
    const NEEDED: [&[u8; 4]; 7] = [b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"];
    // A decoder that reads past the declared end would see another picture.
    let after_end = after_end(&bytes).windows(4);
    if after_end.take(10).any(|name| name == b"EXIF" || NEEDED.iter().any(|needed| *needed == name))
    {
        return Err(Damage("it has data after its end"));
    }
    let mut webp = WebP::from_bytes(bytes)?;
    webp.chunks_mut().retain(|chunk| NEEDED.contains(&&chunk.id()));
    set_flags(&mut webp, block.is_some());
    if let Some(block) = block {
        webp.chunks_mut().push(RiffChunk::new(*b"EXIF", RiffContent::Data(block.into())));
    }
    Ok(webp.encoder().bytes())
}

/// The data after the declared end of a RIFF file.
fn after_end(bytes: &[u8]) -> &[u8] {
    let rest = || {
        let (length, rest) = bytes.get(4..)?.split_first_chunk()?;
        rest.get(usize::try_from(u32::from_le_bytes(*length)).ok()?..)
    };
    rest().unwrap_or_default()
}

/// Updates the flags that say which metadata the file has.
fn set_flags(webp: &mut WebP, has_exif: bool) {
    for chunk in webp.chunks_mut().iter_mut().filter(|chunk| chunk.id() == *b"VP8X") {
        if let RiffContent::Data(data) = chunk.content_mut() {
            let mut header = data.to_vec();
            if let Some(flags) = header.first_mut() {
                *flags = *flags & !(HAS_EXIF | HAS_XMP) | if has_exif { HAS_EXIF } else { 0 };
            }
            *data = header.into();
        }
    }
}
