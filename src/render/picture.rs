//! Pictures in the terminal: detecting the graphics protocol, and encoding a picture for it.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use icy_sixel::{DiffusionMethod, MethodForLargest, MethodForRep, PixelFormat, Quality};
use image::imageops::thumbnail;
use image::{Rgb, RgbImage};

use super::annotate::png;
use crate::error::Result;

/// Queries kitty's graphics, then the primary device attributes (DEC). Every terminal answers the
/// latter, so once that answer arrives, no other will follow.
pub const QUESTION: &[u8] = b"\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\\x1b[c";

/// The maximum payload of an escape code (kitty's protocol).
const CHUNK: usize = 4096;
/// Pixels per column to send to a terminal that scales pictures itself; no screen shows more.
const COLUMN_PIXELS: u32 = 20;
/// Assumed for terminals that don't report their size in pixels.
const USUAL_COLUMN_PIXELS: u32 = 8;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// kitty, Ghostty, Konsole.
    Kitty,
    /// iTerm2, WezTerm, mintty.
    Iterm,
    /// DEC's sixels: xterm, foot, Windows Terminal, tmux and others.
    Sixel,
}

impl Protocol {
    /// The best protocol of a terminal that answers [`QUESTION`] with `answer`.
    pub fn of(answer: &[u8], is_iterm: bool) -> Option<Self> {
        let answer = String::from_utf8_lossy(answer);
        // 4 among the attributes: sixel graphics (VT340).
        let has_sixel = attributes(&answer)
            .is_some_and(|list| list.split(';').any(|attribute| attribute == "4"));
        if answer.contains("\x1b_Gi=31;OK") {
            Some(Self::Kitty)
        } else if is_iterm {
            Some(Self::Iterm)
        } else {
            has_sixel.then_some(Self::Sixel)
        }
    }
}

pub fn is_complete(answer: &[u8]) -> bool {
    attributes(&String::from_utf8_lossy(answer)).is_some()
}

/// The text between `ESC [ ?` and `c`.
fn attributes(answer: &str) -> Option<&str> {
    let (_, rest) = answer.rsplit_once("\x1b[?")?;
    let (list, _) = rest.split_once('c')?;
    list.bytes().all(|b| b.is_ascii_digit() || b == b';').then_some(list)
}

#[derive(Clone, Copy, Debug)]
pub struct Room {
    pub columns: u16,
    /// Two of them are left for text.
    pub rows: u16,
    /// The width of all columns; 0 if unknown.
    pub pixels: u16,
}

impl Room {
    /// The columns for a picture of this size, if characters are twice as high as wide.
    fn columns_for(self, (width, height): (u32, u32)) -> u32 {
        let rows = u32::from(self.rows.saturating_sub(2).max(4));
        let by_height = u64::from(2 * rows) * u64::from(width) / u64::from(height.max(1));
        u32::from(self.columns).min(by_height.try_into().unwrap_or(u32::MAX)).max(1)
    }
}

/// The escape codes that show `picture` at the cursor, and a newline.
pub fn escape_codes(picture: &RgbImage, protocol: Protocol, room: Room) -> Result<Vec<u8>> {
    let columns = room.columns_for(picture.dimensions());
    let mut codes = match protocol {
        Protocol::Kitty => for_kitty(&png(&narrowed(picture, columns * COLUMN_PIXELS))?, columns),
        Protocol::Iterm => for_iterm(&png(&narrowed(picture, columns * COLUMN_PIXELS))?, columns),
        Protocol::Sixel => {
            let of_all = u32::from(room.pixels) / u32::from(room.columns.max(1));
            let column = if of_all == 0 { USUAL_COLUMN_PIXELS } else { of_all };
            for_sixel(&narrowed(picture, columns * column))?
        }
    };
    codes.push('\n');
    Ok(codes.into_bytes())
}

/// Downscales `picture` to `width` if it is wider.
fn narrowed(picture: &RgbImage, width: u32) -> RgbImage {
    if picture.width() <= width {
        return picture.clone();
    }
    let height = u64::from(picture.height()) * u64::from(width) / u64::from(picture.width());
    thumbnail(picture, width, height.try_into().unwrap_or(u32::MAX).max(1))
}

/// kitty's graphics protocol: a PNG in chunks, displayed without a reply.
fn for_kitty(png: &[u8], columns: u32) -> String {
    let encoded = STANDARD.encode(png);
    let mut codes = String::new();
    let mut rest = encoded.as_str();
    let mut head = format!("a=T,f=100,q=2,c={columns},");
    loop {
        let (piece, left) = rest.split_at(rest.len().min(CHUNK));
        let more = u8::from(!left.is_empty());
        let _ = write!(codes, "\x1b_G{head}m={more};{piece}\x1b\\");
        if left.is_empty() {
            return codes;
        }
        (rest, head) = (left, String::new());
    }
}

/// iTerm2's inline images protocol.
fn for_iterm(png: &[u8], columns: u32) -> String {
    let encoded = STANDARD.encode(png);
    format!("\x1b]1337;File=inline=1;size={};width={columns}:{encoded}\x07", png.len())
}

fn for_sixel(picture: &RgbImage) -> Result<String> {
    let (width, height) = picture.dimensions();
    let pixels: Vec<u8> = picture.pixels().flat_map(|Rgb(rgb)| *rgb).collect();
    icy_sixel::sixel_string(
        &pixels,
        width.try_into()?,
        height.try_into()?,
        PixelFormat::RGB888,
        DiffusionMethod::FS,
        MethodForLargest::Auto,
        MethodForRep::Auto,
        Quality::HIGH,
    )
    .map_err(|e| anyhow::anyhow!("can't convert the picture to sixels: {e}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOM: Room = Room { columns: 80, rows: 24, pixels: 0 };

    #[test]
    fn the_answer_selects_the_protocol() {
        for (answer, is_iterm, protocol) in [
            ("\x1b_Gi=31;OK\x1b\\\x1b[?62;c", false, Some(Protocol::Kitty)),
            ("\x1b_Gi=31;ENOTSUPPORTED:x\x1b\\\x1b[?62;4;22c", false, Some(Protocol::Sixel)),
            ("\x1b[?62;4c", true, Some(Protocol::Iterm)),
            ("\x1b[?1;2c", false, None),
            ("\x1b[?64;14;44c", false, None),
            ("", false, None),
            ("", true, Some(Protocol::Iterm)),
        ] {
            assert_eq!(Protocol::of(answer.as_bytes(), is_iterm), protocol, "{answer:?}");
        }
        assert!(is_complete(b"\x1b[?1;2c") && is_complete(b"typed\x1b[?6c"));
        assert!(!is_complete(b"\x1b_Gi=31;OK\x1b\\\x1b[?62;4") && !is_complete(b"c"));
    }

    #[test]
    fn a_picture_fits_the_terminal() {
        assert_eq!(ROOM.columns_for((2000, 1000)), 80);
        assert_eq!(ROOM.columns_for((1000, 1000)), 44);
        assert_eq!(ROOM.columns_for((1, 100_000)), 1);
        let small = Room { columns: 0, rows: 0, pixels: 0 };
        assert_eq!(small.columns_for((100, 100)), 1);
    }

    #[test]
    fn kitty_gets_the_png_in_chunks() {
        let png: Vec<u8> = (0..10_000_u32).map(|i| (i * i % 251).to_le_bytes()[0]).collect();
        let codes = for_kitty(&png, 60);
        let pieces: Vec<_> = codes.split_terminator("\x1b\\").collect();
        assert_eq!(pieces.len(), 4);
        assert!(pieces[0].starts_with("\x1b_Ga=T,f=100,q=2,c=60,m=1;"));
        assert!(pieces[1].starts_with("\x1b_Gm=1;") && pieces[3].starts_with("\x1b_Gm=0;"));
        let data: String = pieces.iter().filter_map(|piece| piece.split(';').nth(1)).collect();
        assert_eq!(STANDARD.decode(data).unwrap(), png);
    }

    #[test]
    fn sixels_fit_a_terminal_that_does_not_report_pixels() {
        let picture =
            RgbImage::from_fn(1000, 700, |x, y| Rgb([x.to_le_bytes()[0], y.to_le_bytes()[0], 90]));
        let codes = escape_codes(&picture, Protocol::Sixel, ROOM).unwrap();
        // 62 columns of 8 pixels.
        assert!(String::from_utf8(codes).unwrap().contains(";496;347"));
    }
}
