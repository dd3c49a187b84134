//! Tells whether sunglasses cover the eyes, or a mask the mouth.

use std::sync::LazyLock;

use serde::Deserialize;

use super::Embedding;
use super::align::Chip;

const FILE: &str = include_str!("../models/covered_mouth.json");

static MOUTH: LazyLock<Option<Linear>> = LazyLock::new(|| serde_json::from_str(FILE).ok());

/// A linear rule on the embedding, written by `benches/mask.py`.
#[derive(Deserialize)]
struct Linear {
    embedding: Vec<f32>,
    norm: f32,
    bias: f32,
}

/// Centre and radii of an ellipse on the embedder's chip.
type Ellipse = [f32; 4];

const EYES: [Ellipse; 2] = [[38.3, 51.7, 11.0, 7.0], [73.5, 51.5, 11.0, 7.0]];

/// Cheeks and forehead.
const SKIN: [Ellipse; 3] =
    [[36.0, 76.0, 9.0, 7.0], [76.0, 76.0, 9.0, 7.0], [56.0, 30.0, 16.0, 6.0]];

/// The brightness of the brighter eye relative to the skin: even dark eyes have white beside the
/// iris and skin above it, dark glasses don't.
pub fn eyes(chip: &Chip) -> f32 {
    let luma = chip.luma();
    let skin = percentile(greys(&luma, chip.side, &SKIN), 50);
    let eye = |ellipse| percentile(greys(&luma, chip.side, &[ellipse]), 80);
    let [left, right] = EYES.map(eye);
    if skin > 0.0 { left.max(right) / skin } else { 1.0 }
}

/// How much the embedding looks like that of a masked face; above 0, it is one.
pub fn mouth(embedding: &Embedding) -> f32 {
    let Some(rule) = MOUTH.as_ref() else { return f32::INFINITY };
    let products = rule.embedding.iter().zip(&embedding.raw).map(|(weight, v)| weight * v);
    products.sum::<f32>() + rule.norm * embedding.norm() + rule.bias
}

fn greys(luma: &[f32], side: usize, ellipses: &[Ellipse]) -> Vec<f32> {
    let is_inside = |x: f32, y: f32| {
        let within =
            |[cx, cy, rx, ry]: &Ellipse| ((x - cx) / rx).powi(2) + ((y - cy) / ry).powi(2) <= 1.0;
        ellipses.iter().any(within)
    };
    let at = luma.iter().enumerate();
    at.filter(|(i, _)| is_inside((i % side) as f32, (i / side) as f32)).map(|(_, g)| *g).collect()
}

fn percentile(mut values: Vec<f32>, percent: usize) -> f32 {
    values.sort_by(f32::total_cmp);
    values.get(values.len() * percent / 100).copied().unwrap_or_default()
}
