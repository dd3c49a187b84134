//! Small pictures of the photos, inside the page, for those who ask for them.

use std::io::Cursor;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use image::codecs::jpeg::JpegEncoder;

use super::row::{Row, Rows};
use crate::photo::{Photo, Source};
use crate::picture::decode;
use crate::values::digest;

const SIDE: u32 = 96;
const QUALITY: u8 = 75;

/// Adds a picture of every photo that is still the one that was judged. Returns for how many
/// pairs there is none.
pub fn add(rows: &mut Rows, folder: &Path) -> usize {
    let without = AtomicUsize::new(0);
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let share = rows.rows.len().div_ceil(threads).max(1);
    thread::scope(|scope| {
        for rows in rows.rows.chunks_mut(share) {
            scope.spawn(|| {
                for row in rows {
                    row.thumbnails = both(row, folder);
                    without.fetch_add(usize::from(row.thumbnails.is_none()), Ordering::Relaxed);
                }
            });
        }
    });
    without.into_inner()
}

fn both(row: &Row, folder: &Path) -> Option<[String; 2]> {
    let of = |place: usize| {
        let photo = Photo::read(&Source::Path(folder.join(&row.photos[place]))).ok()?;
        let bytes = photo.bytes().ok()?;
        let is_judged = row.sha256[place].as_deref() == Some(digest::hex(&bytes).as_str());
        if is_judged { small(&bytes) } else { None }
    };
    Some([of(0)?, of(1)?])
}

fn small(bytes: &Bytes) -> Option<String> {
    let picture = decode::upright(bytes).ok()?;
    let (width, height) = picture.dimensions();
    let scale = |side: u32| (side * SIDE / width.max(height)).max(1);
    let picture = image::imageops::thumbnail(&picture, scale(width), scale(height));
    let mut jpeg = Cursor::new(Vec::new());
    JpegEncoder::new_with_quality(&mut jpeg, QUALITY).encode_image(&picture).ok()?;
    Some(STANDARD.encode(jpeg.into_inner()))
}
