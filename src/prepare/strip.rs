//! `--strip-metadata`: removes metadata and leaves every pixel as it was.
//!
//! Keeps only the parts that the picture is known to need. Everything else goes, including data
//! after the end of the picture, where phones put previews and videos with their own metadata.

use bytes::Bytes;
use img_parts::ImageEXIF;
use img_parts::png::Png;
use img_parts::riff::{RiffChunk, RiffContent};
use img_parts::webp::WebP;

use crate::error::{Error, Kind};
use crate::panics::caught;
use crate::photo::exif::{self, orientation};
use crate::photo::jpeg::Jpeg;
use crate::photo::{Format, Photo};

/// The photo without EXIF, XMP, IPTC and comments; its orientation is kept.
///
/// # Errors
/// [`Kind::Input`], naming the file: damaged, or a TIFF, which mixes pixels and metadata.
pub fn metadata(photo: &Photo) -> Result<Photo, Error> {
    let name = photo.name().to_owned();
    let bytes = photo.bytes();
    let damaged = |Damage(how): Damage| {
        let what = format!("can't strip the metadata of `{name}`: the file is damaged ({how})");
        Error::new(Kind::Input, what).hint("take or export it again")
    };
    let stripped = match photo.format() {
        Format::Jpeg => jpeg(&bytes),
        Format::Png => caught(|| png(bytes)).unwrap_or(Err(UNUSUAL)),
        Format::WebP => caught(|| webp(bytes)).unwrap_or(Err(UNUSUAL)),
        Format::Tiff => return Err(no_tiff(&name)),
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

/// A TIFF mixes pixels and metadata.
fn no_tiff(name: &str) -> Error {
    let hint = if cfg!(feature = "engine") {
        "add --fit to convert it to a JPEG without metadata"
    } else {
        "convert it to JPEG first"
    };
    let what = format!("can't strip the metadata of `{name}`: it is a TIFF");
    Error::new(Kind::Input, what).hint(hint)
}

fn jpeg(bytes: &[u8]) -> Result<Bytes, Damage> {
    let jpeg = Jpeg::walk(bytes).filter(|jpeg| jpeg.scans().next().is_some());
    let jpeg = jpeg.ok_or(Damage("it has no pixels"))?;
    // A truncated file must stay truncated: an added end would hide the damage.
    Ok(jpeg.rebuilt(jpeg.orientation(), jpeg.has_end).into())
}

fn png(bytes: Bytes) -> Result<Bytes, Damage> {
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
    let turned = png.exif().as_deref().and_then(orientation);
    png.chunks_mut().retain(|chunk| NEEDED.contains(&&chunk.kind()));
    png.set_exif(turned.map(|turned| exif::block(turned).into()));
    Ok(png.encoder().bytes())
}

fn webp(bytes: Bytes) -> Result<Bytes, Damage> {
    const NEEDED: [&[u8; 4]; 7] = [b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"];
    // A decoder that reads past the declared end would see another picture.
    let after_end = after_end(&bytes).windows(4);
    if after_end.take(10).any(|name| name == b"EXIF" || NEEDED.iter().any(|needed| *needed == name))
    {
        return Err(Damage("it has data after its end"));
    }
    let mut webp = WebP::from_bytes(bytes)?;
    let block = webp.chunks().iter().find(|chunk| chunk.id() == *b"EXIF");
    let block = block.and_then(|chunk| chunk.content().data());
    let turned = block.and_then(|b| orientation(b.strip_prefix(exif::PREFIX).unwrap_or(b)));
    webp.chunks_mut().retain(|chunk| NEEDED.contains(&&chunk.id()));
    set_flags(&mut webp, turned.is_some());
    if let Some(turned) = turned {
        webp.chunks_mut()
            .push(RiffChunk::new(*b"EXIF", RiffContent::Data(exif::block(turned).into())));
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
    const EXIF: u8 = 0x08;
    const XMP: u8 = 0x04;
    for chunk in webp.chunks_mut().iter_mut().filter(|chunk| chunk.id() == *b"VP8X") {
        if let RiffContent::Data(data) = chunk.content_mut() {
            let mut header = data.to_vec();
            if let Some(flags) = header.first_mut() {
                *flags = *flags & !(EXIF | XMP) | if has_exif { EXIF } else { 0 };
            }
            *data = header.into();
        }
    }
}
