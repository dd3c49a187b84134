//! Pictures in the terminal: detecting the graphics protocol, and encoding a picture for it.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use icy_sixel::{DiffusionMethod, MethodForLargest, MethodForRep, PixelFormat, Quality};
use image::imageops::thumbnail;
use image::{Rgb, RgbImage};

use super::annotate::png;
use crate::error::Result;

/// Asks for kitty's graphics, unless tmux or screen would take it for the title of the window; then for
/// the primary device attributes (DEC): every terminal answers, and no other answer follows.
pub fn question(is_multiplexed: bool) -> &'static str {
    if is_multiplexed { "\x1b[c" } else { "\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\\x1b[c" }
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
    let codes = match protocol {
        Protocol::Kitty => for_kitty(&scaled()?, columns, rows),
        // iTerm2's inline images protocol.
        Protocol::Iterm => {
            let (png, mut codes) = (scaled()?, "\x1b]1337;File=inline=1".to_owned());
            let _ = write!(codes, ";size={};width={columns};height={rows}:", png.len());
            codes + &STANDARD.encode(png) + "\x07"
        }
        Protocol::Sixel => for_sixel(&narrowed(picture, columns * room.cell().0))?,
    };
    Ok((codes + "\n").into_bytes())
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
    let (mut codes, mut rest) = (String::new(), encoded.as_str());
    let mut head = format!("a=T,f=100,q=2,c={columns},r={rows},");
    while !rest.is_empty() {
        let (piece, left) = rest.split_at(rest.len().min(CHUNK));
        let more = u8::from(!left.is_empty());
        let _ = write!(codes, "\x1b_G{head}m={more};{piece}\x1b\\");
        (rest, head) = (left, String::new());
    }
    codes
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
    fn a_picture_fits_the_terminal() {
        assert_eq!(ROOM.columns_and_rows((2000, 1000)), (80, 20));
        assert_eq!(ROOM.columns_and_rows((1000, 1000)), (44, 22));
        assert_eq!(ROOM.columns_and_rows((1, 100_000)), (1, 22));
        let square = Room { pixels: (800, 240), ..ROOM };
        assert_eq!(square.columns_and_rows((1000, 1000)), (22, 22));
        let small = Room { columns: 0, rows: 0, pixels: (0, 0) };
        assert_eq!(small.columns_and_rows((100, 100)), (1, 1));
    }
}
