//! Pictures in the terminal: detecting the graphics protocol, and encoding a picture for it.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use icy_sixel::{DiffusionMethod, MethodForLargest, MethodForRep, PixelFormat, Quality};
use image::imageops::thumbnail;
use image::{Rgb, RgbImage};

use super::annotate::png;
use crate::error::Result;

/// Queries kitty's graphics. tmux and screen would take it for the title of the window.
const KITTY_QUESTION: &str = "\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\";
/// Queries the primary device attributes (DEC). Every terminal answers, so once that answer arrives,
/// no other will follow.
const ATTRIBUTES_QUESTION: &str = "\x1b[c";

pub fn question(is_multiplexed: bool) -> String {
    format!("{}{ATTRIBUTES_QUESTION}", if is_multiplexed { "" } else { KITTY_QUESTION })
}

/// The maximum payload of an escape code (kitty's protocol).
const CHUNK: usize = 4096;
/// Pixels per column to send to a terminal that scales pictures itself; no screen shows more.
const COLUMN_PIXELS: u32 = 20;
/// Width and height of a character, assumed for terminals that don't report their size in pixels.
const USUAL_CELL: (u32, u32) = (8, 16);

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
    /// The best protocol of a terminal that answers [`question`] with `answer`.
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
    /// Width and height of the whole; 0 if unknown.
    pub pixels: (u16, u16),
}

impl Room {
    /// Width and height of a character in pixels.
    fn cell(self) -> (u32, u32) {
        let (width, height) = self.pixels;
        match (width.checked_div(self.columns), height.checked_div(self.rows)) {
            (Some(across @ 1..), Some(down @ 1..)) => (across.into(), down.into()),
            _ => USUAL_CELL,
        }
    }

    /// The columns and rows for a picture of this size. A terminal that is told only the columns may
    /// keep the picture's height, and stretch it (kitty before 2024, `WezTerm`).
    fn columns_and_rows(self, (width, height): (u32, u32)) -> (u32, u32) {
        let (across, down) = self.cell();
        // The picture's height, in rows, for each column of its width.
        let [wide, high] =
            [u64::from(width.max(1)) * u64::from(down), u64::from(height) * u64::from(across)];
        let most_rows = u64::from(self.rows.saturating_sub(2).max(4));
        let columns = (most_rows * wide / high.max(1)).clamp(1, u64::from(self.columns.max(1)));
        let rows = ((columns * high + wide / 2) / wide).clamp(1, most_rows);
        (columns.try_into().unwrap_or(1), rows.try_into().unwrap_or(1))
    }
}

/// The escape codes that show `picture` at the cursor, and a newline.
pub fn escape_codes(picture: &RgbImage, protocol: Protocol, room: Room) -> Result<Vec<u8>> {
    let (columns, rows) = room.columns_and_rows(picture.dimensions());
    let scaled = || png(&narrowed(picture, columns * COLUMN_PIXELS));
    let mut codes = match protocol {
        Protocol::Kitty => for_kitty(&scaled()?, columns, rows),
        Protocol::Iterm => for_iterm(&scaled()?, columns, rows),
        Protocol::Sixel => for_sixel(&narrowed(picture, columns * room.cell().0))?,
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
fn for_kitty(png: &[u8], columns: u32, rows: u32) -> String {
    let encoded = STANDARD.encode(png);
    let mut codes = String::new();
    let mut rest = encoded.as_str();
    let mut head = format!("a=T,f=100,q=2,c={columns},r={rows},");
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
fn for_iterm(png: &[u8], columns: u32, rows: u32) -> String {
    let encoded = STANDARD.encode(png);
    format!(
        "\x1b]1337;File=inline=1;size={};width={columns};height={rows}:{encoded}\x07",
        png.len()
    )
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

    const ROOM: Room = Room { columns: 80, rows: 24, pixels: (0, 0) };

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
        assert_eq!(ROOM.columns_and_rows((2000, 1000)), (80, 20));
        assert_eq!(ROOM.columns_and_rows((1000, 1000)), (44, 22));
        assert_eq!(ROOM.columns_and_rows((1, 100_000)), (1, 22));
        let square = Room { pixels: (800, 240), ..ROOM };
        assert_eq!(square.columns_and_rows((1000, 1000)), (22, 22));
        let small = Room { columns: 0, rows: 0, pixels: (0, 0) };
        assert_eq!(small.columns_and_rows((100, 100)), (1, 1));
    }

    #[test]
    fn kitty_gets_the_png_in_chunks() {
        let png: Vec<u8> = (0..10_000_u32).map(|i| (i * i % 251).to_le_bytes()[0]).collect();
        let codes = for_kitty(&png, 60, 20);
        let pieces: Vec<_> = codes.split_terminator("\x1b\\").collect();
        assert_eq!(pieces.len(), 4);
        assert!(pieces[0].starts_with("\x1b_Ga=T,f=100,q=2,c=60,r=20,m=1;"));
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
