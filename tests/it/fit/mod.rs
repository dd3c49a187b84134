//! `--fit`, `--check`, `--strip-metadata`: what is sent, reported and refused.

mod check;
mod formats;
mod size;
mod strip;

use image::{RgbImage, imageops};
use test_pictures::noisy;

use crate::photos::{jpeg, sample};
use crate::support::{Outcome, Photos, Service, Tool};

/// `match` of two photos with `options`, and the photos that the service received.
fn sent(user: &[u8], reference: &[u8], options: &[&str]) -> (Outcome, Vec<Vec<u8>>) {
    let service = Service::approving();
    let photos = Photos::of(user, reference);
    let outcome = Tool::matching(&service, &photos).args(options).run();
    let requests = service.requests();
    let parts = requests.iter().flat_map(crate::support::message::Request::parts);
    let images = parts.filter(|part| part.file_name.is_some()).map(|part| part.bytes);
    (outcome, images.collect())
}

/// The first photo as the service received it.
#[track_caller]
fn sent_one(user: &[u8], options: &[&str]) -> (Outcome, Vec<u8>) {
    let (outcome, mut images) = sent(user, &fine(), options);
    outcome.exits(0);
    assert_eq!(images.len(), 2);
    (outcome, images.remove(0))
}

#[track_caller]
fn refused(user: &[u8], options: &[&str]) -> Outcome {
    let (outcome, images) = sent(user, &fine(), options);
    assert_eq!(images.len(), 0);
    outcome.fails(6).stderr_has("selfie.jpg");
    outcome
}

fn fine() -> Vec<u8> {
    sample("grace_hopper.jpg")
}

fn decoded(bytes: &[u8]) -> RgbImage {
    image::load_from_memory(bytes).unwrap().into_rgb8()
}

/// An EXIF block with an orientation and a GPS position (Exif 2.32, 4.6.6).
fn with_gps(orientation: u16) -> Vec<u8> {
    let mut block = b"MM\0\x2a\0\0\0\x08\0\x02".to_vec();
    block.extend(b"\x01\x12\0\x03\0\0\0\x01");
    block.extend(orientation.to_be_bytes());
    block.extend([0, 0]);
    block.extend(b"\x88\x25\0\x04\0\0\0\x01\0\0\0\x26\0\0\0\0");
    block.extend(b"\0\x02\0\x01\0\x02\0\0\0\x02N\0\0\0\0\x02\0\x05\0\0\0\x03\0\0\0\x44\0\0\0\0");
    block.extend(b"\0\0\0\x30\0\0\0\x01\0\0\0\x0c\0\0\0\x01\0\0\0\x22\0\0\0\x01GPS-48-12-34");
    block
}

const SECRETS: [&str; 4] = ["GPS-48-12-34", "xmp-secret", "iptc-secret", "comment-secret"];

#[track_caller]
fn has_no_secret(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for secret in SECRETS {
        assert!(!text.contains(secret), "{secret}");
    }
}

fn segment(marker: u8, contents: &[u8]) -> Vec<u8> {
    let length = u16::try_from(contents.len() + 2).unwrap().to_be_bytes();
    [&[0xff, marker], length.as_slice(), contents].concat()
}

/// A JPEG with the metadata of a phone, an editor and an agency, and a preview after its end, with
/// its own GPS position.
fn talkative_jpeg(picture: &RgbImage, orientation: u16) -> Vec<u8> {
    let plain = jpeg(picture, 90);
    let gps = [b"Exif\0\0".as_slice(), &with_gps(orientation)].concat();
    [
        &plain[..2],
        &segment(0xe1, &gps),
        &segment(0xe1, b"http://ns.adobe.com/xap/1.0/\0xmp-secret"),
        &segment(0xe2, b"MPF\0GPS-48-12-34"),
        &segment(0xed, b"Photoshop 3.0\08BIM iptc-secret"),
        &segment(0xfe, b"comment-secret"),
        &plain[2..],
        &plain[..2],
        &segment(0xe1, &gps),
        &plain[2..],
    ]
    .concat()
}

fn orientation(bytes: &[u8]) -> u8 {
    didit_face::picture::decode::header(&bytes.to_vec().into()).unwrap().orientation
}
