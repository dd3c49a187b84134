//! Compares the engine with reference numbers: faces by OpenCV's YuNet, embeddings by onnxruntime from
//! the fp32 SFace of OpenCV's model zoo, age and gender by face-api.
//!
//! The tolerances are as between good implementations of scaling: box and landmarks 2 % of
//! the face's width, confidence 0.03, cosine of an embedding 0.99, distance 0.05, age 3 years.

#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

use didit_face::engine::score;
use didit_face::engine::{Embedding, Face, Portrait, Rotation};
use didit_face_engine::pyramid::Pyramid;
use didit_face_engine::sface::Sface;
use image::imageops;
use serde::Deserialize;

use crate::photos::{ENGINE, astronaut, hopper, png, sample};

#[derive(Deserialize)]
struct Golden {
    photos: Vec<Photo>,
    distance: f32,
}

#[derive(Deserialize)]
struct Photo {
    file: String,
    size: (u32, u32),
    confidence: f32,
    bbox: [f32; 4],
    landmarks: [[f32; 2]; 5],
    age: f32,
    gender: String,
    embedding: Vec<f32>,
}

fn golden() -> Golden {
    serde_json::from_str(include_str!("golden.json")).unwrap()
}

fn only_face(portrait: &Portrait) -> &Face {
    assert_eq!(portrait.faces.len(), 1);
    &portrait.faces[0]
}

fn check(face: &Face, golden: &Photo) {
    let seen = &face.detection;
    let within = 0.02 * (golden.bbox[2] - golden.bbox[0]);
    let pairs = seen.landmarks.as_flattened().iter().zip(golden.landmarks.as_flattened());
    for (value, expected) in seen.bbox.iter().zip(&golden.bbox).chain(pairs) {
        assert!((value - expected).abs() <= within, "{}: {value} for {expected}", golden.file);
    }
    assert!((seen.confidence - golden.confidence).abs() <= 0.03, "{}", seen.confidence);
}

#[test]
fn faces_and_attributes_match_the_references() {
    for golden in golden().photos {
        let portrait = ENGINE.inspect(&sample(&golden.file).into(), Rotation::AsIs).unwrap();
        assert_eq!(portrait.size, golden.size);
        assert_eq!(portrait.flaws, []);
        let face = only_face(&portrait);
        check(face, &golden);
        let attributes = face.attributes.unwrap();
        assert!((attributes.age - golden.age).abs() <= 3.0, "{}", attributes.age);
        assert_eq!(attributes.male >= 0.5, golden.gender == "male", "{}", attributes.male);
    }
}

#[test]
fn embeddings_match_the_references() {
    for (photo, golden) in [astronaut(), hopper()].into_iter().zip(golden().photos) {
        let picture = Pyramid::new(photo);
        let found = Embedding::of(&Sface::unloaded(), &picture, &golden.landmarks);
        let (found, _) = found.unwrap().unwrap();
        let expected = Embedding { raw: golden.embedding.try_into().unwrap() };
        let cosine = 1.0 - found.distance(&expected).powi(2) / 2.0;
        assert!(cosine > 0.99, "{}: {cosine}", golden.file);
        assert!((found.norm() / expected.norm() - 1.0).abs() < 0.05, "{}", found.norm());
    }
}

#[test]
fn two_people_have_the_reference_distance() {
    let (astronaut, hopper) = (sample("astronaut.png").into(), sample("grace_hopper.jpg").into());
    let comparison = ENGINE.compare(&astronaut, &hopper, Rotation::AsIs).unwrap();
    let distance = comparison.distance.unwrap();
    assert!((distance - golden().distance).abs() <= 0.05, "{distance}");
    assert!(comparison.score.unwrap().to_string().parse::<f32>().unwrap() < 30.0);
}

/// The nearest pairs of 500 people in Labeled Faces in the Wild, with one photo each.
#[derive(Deserialize)]
struct Distances {
    pairs: u32,
    nearest: Vec<f32>,
}

#[test]
fn twenty_points_mean_ten_times_fewer_false_accepts() {
    let text = include_str!("data/lfw_distances.json");
    let recorded: Distances = serde_json::from_str(text).unwrap();
    let accepted = |threshold: f32| {
        let points = |distance| score(distance).unwrap().to_string().parse::<f32>().unwrap();
        let reached = recorded.nearest.iter().filter(|&&distance| points(distance) >= threshold);
        f64::from(u32::try_from(reached.count()).unwrap()) / f64::from(recorded.pairs)
    };
    // The farthest recorded pair isn't a match, so none is missing.
    assert!(accepted(30.0) < accepted(0.0));
    assert!((0.0005..0.002).contains(&accepted(30.0)), "{}", accepted(30.0));
    assert!((0.000_05..0.000_2).contains(&accepted(50.0)), "{}", accepted(50.0));
    assert!(accepted(70.0) < 0.000_02 && accepted(90.0) < 1e-9, "{}", accepted(70.0));
}

#[test]
fn one_person_is_recognised() {
    let (astronaut, card) =
        (sample("astronaut.png").into(), sample("astronaut_id_card.jpg").into());
    let comparison = ENGINE.compare(&astronaut, &card, Rotation::AsIs).unwrap();
    assert!(comparison.score.unwrap().to_string().parse::<f32>().unwrap() > 80.0);
    assert_eq!(comparison.reference.flaws, []);
}

#[test]
fn the_same_photo_scores_a_hundred() {
    let card = sample("astronaut_id_card.jpg").into();
    let comparison = ENGINE.compare(&card, &card, Rotation::Search).unwrap();
    assert_eq!(comparison.distance, Some(0.0));
    assert_eq!(comparison.score.unwrap().to_string(), "100");
    assert_eq!(comparison.user, comparison.reference);
}

#[test]
fn every_quarter_turn_is_undone() {
    for (photo, golden) in [astronaut(), hopper()].iter().zip(golden().photos) {
        let turns = [
            (0, photo.clone()),
            (270, imageops::rotate90(photo)),
            (180, imageops::rotate180(photo)),
            (90, imageops::rotate270(photo)),
        ];
        for (angle, turned) in turns {
            let portrait = ENGINE.inspect(&png(turned).into(), Rotation::Search).unwrap();
            assert_eq!(portrait.best_angle, angle, "{}", golden.file);
            assert_eq!(portrait.size, golden.size);
            check(only_face(&portrait), &golden);
        }
    }
}

#[test]
fn without_a_search_a_turned_photo_stays_turned() {
    let turned = png(imageops::rotate90(&hopper()));
    let portrait = ENGINE.inspect(&turned.into(), Rotation::AsIs).unwrap();
    assert_eq!((portrait.best_angle, portrait.size), (0, (600, 512)));
}

#[test]
fn large_small_and_distant_faces_are_found() {
    let golden = &golden().photos[0];
    // Four times as large, a third as large, and in the corner of a wide scene.
    let large = test_pictures::resize(&astronaut(), 2048, 2048, imageops::FilterType::CatmullRom);
    let small = test_pictures::resize(&astronaut(), 171, 171, imageops::FilterType::Triangle);
    let mut scene = image::RgbImage::from_pixel(2400, 1600, image::Rgb([90, 110, 130]));
    imageops::replace(&mut scene, &astronaut(), 1800, 1000);
    for (picture, scale, corner) in
        [(large, 4.0, [0.0, 0.0]), (small, 0.334, [0.0, 0.0]), (scene, 1.0, [1800.0, 1000.0])]
    {
        let portrait = ENGINE.inspect(&png(picture).into(), Rotation::AsIs).unwrap();
        let bbox = only_face(&portrait).detection.bbox;
        for i in 0..4 {
            let value = (bbox[i] - corner[i % 2]) / scale;
            assert!((value - golden.bbox[i]).abs() < 9.0, "{scale}: {value}");
        }
    }
}

#[test]
fn a_portrait_in_a_long_strip_is_found() {
    let portrait = test_pictures::resize(&hopper(), 341, 400, imageops::FilterType::Triangle);
    for (width, height, left, top) in [(6000, 400, 4100_u16, 0_u16), (400, 6000, 20, 3000)] {
        let mut strip = image::RgbImage::from_pixel(width, height, image::Rgb([90, 110, 130]));
        imageops::replace(&mut strip, &portrait, i64::from(left), i64::from(top));
        let portrait = ENGINE.inspect(&png(strip).into(), Rotation::AsIs).unwrap();
        let bbox = only_face(&portrait).detection.bbox;
        let scale = 400.0 / 600.0;
        let expected = f32::from(left) + scale * golden().photos[1].bbox[0];
        assert!((bbox[0] - expected).abs() < 9.0, "{bbox:?}");
    }
}
