//! Ten thousand damaged and forged photos: each is judged or refused, within time and memory limits.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use didit_face::picture::decode::upright;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::webp::WebPEncoder;
use image::{DynamicImage, ExtendedColorType, ImageEncoder, ImageFormat, RgbImage, imageops};

use crate::photos::{astronaut, crc32, encode, exif, jpeg, png, tiff};
use crate::support::{Photos, Tool};

const FILES: usize = 10_000;
/// The most memory of a run, in kilobytes.
const MOST_MEMORY: u64 = 500_000;
/// The longest that one file may take: twice the time limit of decoding.
const LONGEST: Duration = Duration::from_secs(20);

/// The same numbers in every run (Knuth's MMIX generator).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        let (a, c) = (6_364_136_223_846_793_005, 1_442_695_040_888_963_407);
        self.0 = self.0.wrapping_mul(a).wrapping_add(c);
        usize::try_from(self.0 >> 33).unwrap() % limit.max(1)
    }

    fn byte(&mut self) -> u8 {
        // The ends of the range break most.
        match self.below(4) {
            0 => 0xff,
            1 => 0,
            _ => self.below(256).to_le_bytes()[0],
        }
    }
}

/// A small face in every variant of every format.
fn seeds() -> Vec<Vec<u8>> {
    let face = imageops::crop_imm(&astronaut(), 150, 20, 150, 180).to_image();
    let face = test_pictures::resize(&face, 90, 108, imageops::FilterType::Triangle);
    let grey = DynamicImage::from(face.clone()).into_luma8();
    let deep = DynamicImage::from(face.clone()).into_rgb16();
    let clear = DynamicImage::from(face.clone()).into_rgba8();
    let mut turned = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut turned, 80);
    encoder.set_exif_metadata(exif(6)).unwrap();
    encoder.encode_image(&face).unwrap();
    let mut webp = Vec::new();
    let mut encoder = WebPEncoder::new_lossless(&mut webp);
    encoder.set_exif_metadata(exif(3)).unwrap();
    encoder.write_image(&face, 90, 108, ExtendedColorType::Rgb8).unwrap();
    vec![
        jpeg(&face, 85),
        turned,
        progressive(&face),
        encode(grey.clone(), ImageFormat::Jpeg),
        png(face.clone()),
        png(grey),
        png(deep),
        png(clear.clone()),
        webp,
        encode(clear, ImageFormat::WebP),
        encode(face.clone(), ImageFormat::Tiff),
        tiff((90, 108), face.as_raw(), 2, 6),
    ]
}

fn progressive(face: &RgbImage) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut file, 80);
    encoder.set_progressive(true);
    encoder.encode(face, 90, 108, jpeg_encoder::ColorType::Rgb).unwrap();
    file
}

/// `file` with parts changed, cut off, moved or doubled, mostly near its start, in the headers.
fn damaged(mut file: Vec<u8>, random: &mut Random) -> Vec<u8> {
    for _ in 0..=random.below(4) {
        let reach = if random.below(3) == 0 { file.len() } else { file.len().min(600) };
        let at = random.below(reach);
        match random.below(8) {
            0 => file.truncate(at.max(20)),
            1 => {
                let piece = file[at..file.len().min(at + 40)].to_vec();
                file.splice(at..at, piece);
            }
            2 => drop(file.drain(at..(at + 1 + random.below(20)).min(file.len()))),
            3 => file[at..].iter_mut().take(4).for_each(|byte| *byte = 0xff),
            _ => file[at] = random.byte(),
        }
    }
    if random.below(4) > 0 { mended(file) } else { file }
}

/// A PNG with correct checksums, so that changes reach the decoder.
fn mended(mut file: Vec<u8>) -> Vec<u8> {
    let mut at = 8;
    while file.starts_with(b"\x89PNG") && at + 12 <= file.len() {
        let length = u32::from_be_bytes([file[at], file[at + 1], file[at + 2], file[at + 3]]);
        let end = at + 8 + usize::try_from(length).unwrap();
        if end + 4 > file.len() {
            break;
        }
        let sum = crc32(&file[at + 4..end]).to_be_bytes();
        file[end..end + 4].copy_from_slice(&sum);
        at = end + 4;
    }
    file
}

fn corpus(files: usize) -> impl Iterator<Item = Vec<u8>> {
    let (seeds, mut random) = (seeds(), Random(7));
    (0..files).map(move |i| damaged(seeds[i % seeds.len()].clone(), &mut random))
}

/// The exit code, output and peak memory of `check` on a folder.
fn checked(folder: &Path) -> (i32, Vec<u8>, Vec<u8>, u64) {
    let mut command: Command = Tool::plain().args(["check", "--json"]).arg(folder).into_command();
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().unwrap();
    let status = format!("/proc/{}/status", child.id());
    let ended = thread::spawn(move || child.wait_with_output().unwrap());
    let mut most = 0;
    while !ended.is_finished() {
        let text = fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let value = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
        most = most.max(value.unwrap_or(0));
        thread::sleep(Duration::from_millis(20));
    }
    let output = ended.join().unwrap();
    (output.status.code().unwrap_or(-1), output.stdout, output.stderr, most)
}

#[test]
fn photos_are_decoded_or_refused_in_time() {
    through_decoder(FILES / 40);
}

#[test]
#[ignore = "takes minutes: .ci/hostile"]
fn all_photos_are_decoded_or_refused_in_time() {
    through_decoder(FILES);
}

fn through_decoder(files: usize) {
    for (i, file) in corpus(files).enumerate() {
        let file = file.into();
        let since = Instant::now();
        let _ = upright(&file);
        assert!(since.elapsed() < LONGEST, "file {i}: {:?}", since.elapsed());
    }
}

#[test]
fn photos_are_checked_in_little_memory() {
    through_check(FILES / 40);
}

#[test]
#[ignore = "takes minutes: .ci/hostile"]
fn all_photos_are_checked_in_little_memory() {
    through_check(FILES);
}

fn through_check(files: usize) {
    let photos = Photos::new();
    let folder = photos.folder().join("corpus");
    fs::create_dir(&folder).unwrap();
    for (i, file) in corpus(files).enumerate() {
        fs::write(folder.join(format!("{i:05}.jpg")), file).unwrap();
    }
    let (code, stdout, stderr, memory) = checked(&folder);
    assert_eq!((code, String::from_utf8_lossy(&stderr).as_ref()), (6, ""));
    assert!((1..MOST_MEMORY).contains(&memory), "{memory} kB");
    let reports: Vec<serde_json::Value> = serde_json::from_slice(&stdout).unwrap();
    let mut levels = BTreeMap::new();
    for report in &reports {
        *levels.entry(report["level"].as_str().unwrap()).or_insert(0) += 1;
    }
    assert_eq!(reports.len(), files);
    // Some are refused and some accepted: the corpus reaches past the decoders.
    let refused = levels["fails"];
    assert!((files / 10..files * 9 / 10).contains(&refused), "{levels:?}");
}
