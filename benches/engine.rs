//! Times each stage of the built-in engine on the sample photos.

use std::path::Path;

use bytes::Bytes;
use didit_face::engine::{Embedding, Engine, Rotation};
use didit_face::picture::decode;
use didit_face_engine::age::Age;
use didit_face_engine::detector::find_faces;
use didit_face_engine::pyramid::Pyramid;
use didit_face_engine::sface::Sface;
use didit_face_engine::yunet::Yunet;
use didit_face_engine::{attributes, rotation};
use divan::{Bencher, black_box};

const PHOTOS: [&str; 3] = ["astronaut.png", "astronaut_id_card.jpg", "grace_hopper.jpg"];

fn main() {
    divan::main();
}

fn photo(name: &str) -> Bytes {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/samples");
    std::fs::read(samples.join(name)).unwrap_or_default().into()
}

fn picture(name: &str) -> Pyramid {
    Pyramid::new(decode::upright(&photo(name)).unwrap_or_default())
}

fn landmarks(picture: &Pyramid) -> [[f32; 2]; 5] {
    let faces = find_faces(&Yunet::unloaded(), picture).unwrap_or_default();
    faces.first().map_or([[0.0; 2]; 5], |face| face.landmarks)
}

#[divan::bench_group]
mod load {
    use super::{Age, Bencher, Sface, Yunet};

    #[divan::bench]
    fn yunet(bencher: Bencher) {
        bencher.with_inputs(Yunet::unloaded).bench_refs(|network| network.load().is_ok());
    }

    #[divan::bench]
    fn sface(bencher: Bencher) {
        bencher.with_inputs(Sface::unloaded).bench_refs(|network| network.load().is_ok());
    }

    #[divan::bench]
    fn age_gender(bencher: Bencher) {
        bencher.with_inputs(Age::unloaded).bench_refs(|network| network.load().is_ok());
    }
}

#[divan::bench(args = PHOTOS)]
fn decode_photo(bencher: Bencher, name: &str) {
    let photo = photo(name);
    bencher.bench(|| decode::upright(black_box(&photo)));
}

#[divan::bench(args = PHOTOS)]
fn halve(bencher: Bencher, name: &str) {
    let picture = picture(name);
    bencher.with_inputs(|| picture.full().clone()).bench_values(Pyramid::new);
}

#[divan::bench(args = PHOTOS)]
fn detect(bencher: Bencher, name: &str) {
    let (network, picture) = (Yunet::unloaded(), picture(name));
    bencher.bench(|| find_faces(&network, black_box(&picture)));
}

#[divan::bench(args = PHOTOS)]
fn search_angle(bencher: Bencher, name: &str) {
    let (network, picture) = (Yunet::unloaded(), picture(name));
    bencher.bench(|| rotation::best_angle(&network, black_box(&picture)));
}

#[divan::bench(args = PHOTOS)]
fn embed(bencher: Bencher, name: &str) {
    let (network, picture) = (Sface::unloaded(), picture(name));
    let landmarks = landmarks(&picture);
    bencher.bench(|| Embedding::of(&network, &picture, black_box(&landmarks)));
}

#[divan::bench(args = PHOTOS)]
fn guess_attributes(bencher: Bencher, name: &str) {
    let (network, picture) = (Age::unloaded(), picture(name));
    let landmarks = landmarks(&picture);
    bencher.bench(|| attributes::guess(&network, &picture, black_box(&landmarks)));
}

#[divan::bench_group]
mod compare {
    use super::{Bencher, Engine, Rotation, photo};

    #[divan::bench]
    fn first(bencher: Bencher) {
        let photos = (photo("astronaut.png"), photo("grace_hopper.jpg"));
        let engine = Engine::new;
        bencher
            .with_inputs(engine)
            .bench_refs(|engine| engine.compare(&photos.0, &photos.1, Rotation::AsIs));
    }

    #[divan::bench]
    fn next(bencher: Bencher) {
        let photos = (photo("astronaut.png"), photo("grace_hopper.jpg"));
        let engine = Engine::new();
        bencher.bench(|| engine.compare(&photos.0, &photos.1, Rotation::AsIs));
    }
}
