//! Which way up a photo is: by the rule of Pillow and OpenCV, in every container, before and after
//! `--strip-metadata`. `tests/decoders` asks the two themselves.

use didit_face::photo::Photo;
use didit_face::photo::orientation::Orientation;
use didit_face::picture::decode::{header, upright};
use didit_face::prepare::strip;
use image::{ExtendedColorType, ImageEncoder, Rgb, RgbImage};
use proptest::prelude::*;

use crate::photos::{crc32, jpeg, png, tiff};

const JPEG_XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0<x tiff:Orientation=\"6\"/>";

/// Four quarters of different colours.
fn quarters() -> RgbImage {
    RgbImage::from_fn(32, 16, |x, y| match (x < 16, y < 8) {
        (true, true) => Rgb([230, 20, 20]),
        (false, true) => Rgb([20, 230, 20]),
        (true, false) => Rgb([20, 20, 230]),
        (false, false) => Rgb([230, 230, 230]),
    })
}

const SIX: Tag = Tag(0x112, 3, 1, [6, 0, 0, 0]);

/// A tag of an EXIF block: its number, type, count and value.
#[derive(Clone, Debug)]
struct Tag(u16, u16, u32, [u8; 4]);

fn block(is_little: bool, tags: &[Tag]) -> Vec<u8> {
    let short = |value: u16| if is_little { value.to_le_bytes() } else { value.to_be_bytes() };
    let long = |value: u32| if is_little { value.to_le_bytes() } else { value.to_be_bytes() };
    let mut block = if is_little { b"II\x2a\0".to_vec() } else { b"MM\0\x2a".to_vec() };
    block.extend(long(8));
    block.extend(short(u16::try_from(tags.len()).unwrap()));
    for Tag(tag, kind, count, value) in tags {
        block.extend([&short(*tag)[..], &short(*kind), &long(*count), value].concat());
    }
    block.extend([0; 4]);
    block
}

fn short(is_little: bool, value: u16) -> Vec<u8> {
    let [low, high] = value.to_le_bytes();
    let value = if is_little { [low, high, 0, 0] } else { [high, low, 0, 0] };
    block(is_little, &[Tag(0x112, 3, 1, value)])
}

fn jpeg_with(segments: &[Vec<u8>]) -> Vec<u8> {
    let plain = jpeg(&quarters(), 95);
    let segment = |contents: &Vec<u8>| {
        let length = u16::try_from(contents.len() + 2).unwrap().to_be_bytes();
        [&[0xff, 0xe1], &length[..], contents].concat()
    };
    let segments: Vec<u8> = segments.iter().flat_map(segment).collect();
    [&plain[..2], &segments, &plain[2..]].concat()
}

fn exif(block: &[u8]) -> Vec<u8> {
    [b"Exif\0\0", block].concat()
}

fn png_chunk(name: &[u8], contents: &[u8]) -> Vec<u8> {
    let length = u32::try_from(contents.len()).unwrap().to_be_bytes();
    let named = [name, contents].concat();
    [&length[..], &named, &crc32(&named).to_be_bytes()].concat()
}

fn png_with(before: &[Vec<u8>], after: &[Vec<u8>]) -> Vec<u8> {
    let plain = png(quarters());
    let chunk = |contents: &Vec<u8>| png_chunk(b"eXIf", contents);
    let (head, rest) = plain.split_at(33);
    let (pixels, end) = rest.split_at(rest.len() - 12);
    let [before, after] =
        [before, after].map(|list| list.iter().flat_map(chunk).collect::<Vec<_>>());
    [head, &before, pixels, &after, end].concat()
}

fn webp_with(block: &[u8], has_flag: bool) -> Vec<u8> {
    let mut photo = Vec::new();
    let mut encoder = image::codecs::webp::WebPEncoder::new_lossless(&mut photo);
    encoder.set_exif_metadata(block.to_vec()).unwrap();
    encoder.write_image(&quarters(), 32, 16, ExtendedColorType::Rgb8).unwrap();
    // An empty block needs no VP8X chunk.
    if let (Some(chunk), false) = (photo.windows(4).position(|name| name == b"VP8X"), has_flag) {
        photo[chunk + 8] &= !8;
    }
    photo
}

#[track_caller]
fn is(photo: &[u8], value: u8, is_disputed: bool) {
    assert_eq!(Orientation::of(photo), Orientation { value, is_disputed });
    let header = header(&photo.to_vec().into()).unwrap();
    assert_eq!(header.orientation, value);
}

#[test]
fn jpegs_follow_pillow_and_opencv() {
    let of = |block: &[u8]| jpeg_with(&[exif(block)]);
    for (block, value, is_disputed) in [
        (short(false, 6), 6, false),
        (short(true, 3), 3, false),
        (short(true, 9), 1, false),
        // LONG, of which OpenCV reads the first half.
        (block(true, &[Tag(0x112, 4, 1, [6, 0, 0, 0])]), 6, false),
        (block(false, &[Tag(0x112, 4, 1, [0, 0, 0, 6])]), 6, true),
        // BYTE, which Pillow doesn't take for a number.
        (block(true, &[Tag(0x112, 1, 1, [6, 0, 0, 0])]), 6, true),
        (block(true, &[Tag(0x112, 3, 1, [1; 4]), Tag(0x112, 3, 1, [6, 0, 0, 0])]), 1, false),
        (block(true, &[Tag(0x10f, 3, 1, [6, 0, 0, 0])]), 1, false),
        // IFD, as LONG.
        (block(true, &[Tag(0x112, 13, 1, [6, 0, 0, 0])]), 6, false),
        (block(false, &[Tag(0x112, 13, 1, [0, 0, 0, 6])]), 6, true),
        // OpenCV stops at such a string, Pillow at such a fraction.
        (block(true, &[Tag(0x10f, 2, 9, [99, 0, 0, 0]), SIX]), 6, true),
        (block(true, &[Tag(0x10f, 5, 1, [99, 0, 0, 0]), SIX]), 6, true),
        (block(true, &[Tag(0x10f, 2, 9, [0; 4]), SIX]), 6, false),
        // As phones write it.
        (block(true, &[Tag(0x131, 2, 9, [0; 4]), Tag(0x11a, 5, 1, [8, 0, 0, 0]), SIX]), 6, false),
        // OpenCV takes it for a fraction.
        (block(true, &[Tag(0x11a, 3, 1, [99, 0, 0, 0]), SIX]), 6, true),
        // Pillow needs the two bytes after the value.
        (short(true, 6)[..20].to_vec(), 6, true),
        (short(true, 6)[..22].to_vec(), 6, false),
        (b"II\x2b\0".to_vec(), 1, true),
        (b"garbage".to_vec(), 1, true),
        ([b"IM", &short(false, 6)[2..]].concat(), 1, true),
        (exif(&short(false, 6)), 6, true),
    ] {
        is(&of(&block), value, is_disputed);
    }
    let [one, six, other] = [short(false, 1), short(false, 6), block(true, &[])].map(|b| exif(&b));
    for (segments, value, is_disputed) in [
        (vec![one.clone(), six.clone()], 1, false),
        (vec![six.clone(), one.clone()], 6, false),
        (vec![six.clone(), other.clone()], 6, false),
        (vec![exif(b""), six.clone()], 6, false),
        (vec![other, six.clone()], 6, true),
        (vec![JPEG_XMP.to_vec()], 6, true),
        (vec![JPEG_XMP.to_vec(), one], 1, false),
        (vec![JPEG_XMP.to_vec(), exif(b"garbage")], 1, true),
        (vec![b"Exif\0\xff".to_vec(), six], 6, false),
    ] {
        is(&jpeg_with(&segments), value, is_disputed);
    }
}

#[test]
fn pngs_webps_and_tiffs_follow_pillow_and_opencv() {
    let [one, six] = [short(false, 1), short(false, 6)];
    is(&png_with(&[], std::slice::from_ref(&six)), 6, false);
    is(&png_with(std::slice::from_ref(&six), &[]), 6, false);
    is(&png_with(std::slice::from_ref(&one), std::slice::from_ref(&six)), 6, true);
    is(&png_with(&[exif(&six)], &[]), 6, true);
    is(&png_with(&[b"garbage".to_vec()], &[]), 1, true);
    is(&[png(quarters()), png_chunk(b"eXIf", &six)].concat(), 1, false);
    let behind = [webp_with(&[], false), b"EXIF\x1a\0\0\0".to_vec(), six.clone()].concat();
    is(&behind, 1, false);
    for (name, text, value, is_disputed) in [
        (b"tEXt", "Raw profile type exif\0\n", 1, true),
        (b"iTXt", "Raw profile type exif\0\0\0\0\0\n", 1, true),
        (b"tEXt", "exif\0II", 1, true),
        (b"iTXt", "XML:com.adobe.xmp\0\0\0\0\0<x tiff:Orientation=\"6\"/>", 6, true),
        (b"iTXt", "XML:com.adobe.xmp\0\0\0\0\0<x/>", 1, false),
        (b"iTXt", "XML:com.adobe.xmp\0\x01\0\0\0...", 1, true),
        (b"zTXt", "XML:com.adobe.xmp\0\0...", 1, true),
        (b"tEXt", "Comment\0exif", 1, false),
    ] {
        let plain = png(quarters());
        let chunk = png_chunk(name, text.as_bytes());
        is(&[&plain[..33], &chunk, &plain[33..]].concat(), value, is_disputed);
    }
    is(&webp_with(&six, true), 6, false);
    is(&webp_with(&six, false), 1, false);
    is(&webp_with(&exif(&six), true), 6, true);
    is(&webp_with(&one, true), 1, false);
    let mut turned = tiff((32, 16), &quarters(), 2, 3);
    is(&turned, 3, false);
    let entry = turned.windows(4).position(|tag| tag == [18, 1, 3, 0]).unwrap();
    turned[entry + 4] = 2;
    assert!(Orientation::of(&turned).is_disputed);
    turned[entry + 2..entry + 5].copy_from_slice(&[1, 0, 1]);
    is(&turned, 3, true);
}

fn any_block() -> impl Strategy<Value = Vec<u8>> {
    let tag = (prop_oneof![4 => Just(0x112_u16), 1 => Just(0x10f)], 0..14_u16, 0..3_u32);
    let tag = (tag, prop_oneof![0..=9_u16, Just(0x106)], any::<bool>());
    let made = |is_little: bool, list: Vec<((u16, u16, u32), u16, bool)>| {
        let tags = list.into_iter().map(|((tag, kind, count), value, is_long)| {
            let [low, high] = value.to_le_bytes();
            let value = match (is_little, is_long) {
                (true, _) => [low, high, 0, 0],
                (false, false) => [high, low, 0, 0],
                (false, true) => [0, 0, high, low],
            };
            Tag(tag, kind, count, value)
        });
        block(is_little, &tags.collect::<Vec<_>>())
    };
    let block =
        (any::<bool>(), prop::collection::vec(tag, 0..3)).prop_map(move |(l, t)| made(l, t));
    prop_oneof![
        6 => (any::<bool>(), 1..=8_u16).prop_map(|(is_little, value)| short(is_little, value)),
        4 => block,
        1 => prop::collection::vec(any::<u8>(), 0..12),
    ]
}

fn any_photo() -> impl Strategy<Value = Vec<u8>> {
    let blocks = || prop::collection::vec(any_block(), 0..3);
    prop_oneof![
        (blocks(), any::<bool>()).prop_map(|(blocks, has_xmp)| {
            let mut segments: Vec<_> = blocks.iter().map(|block| exif(block)).collect();
            segments.extend(has_xmp.then(|| JPEG_XMP.to_vec()));
            jpeg_with(&segments)
        }),
        (blocks(), blocks()).prop_map(|(before, after)| png_with(&before, &after)),
        (any_block(), any::<bool>(), any::<bool>()).prop_map(|(block, has_flag, has_prefix)| {
            webp_with(&if has_prefix { exif(&block) } else { block }, has_flag)
        }),
    ]
}

proptest! {
    /// Refused if programs disagree; otherwise, every program sees what it saw before.
    #[test]
    fn stripping_never_turns_a_photo(photo in any_photo()) {
        let before = Orientation::of(&photo);
        let original = Photo::new("a photo".to_owned(), photo.clone().into()).unwrap();
        match strip::metadata(&original) {
            Err(_) => prop_assert!(before.is_disputed),
            Ok(stripped) => {
                prop_assert!(!before.is_disputed);
                prop_assert_eq!(Orientation::of(&stripped.bytes()), before);
                let [before, after] = [photo.into(), stripped.bytes()].map(|bytes| upright(&bytes));
                prop_assert!(before == after);
            }
        }
    }
}
