//! Rejects detections that aren't human faces.
//!
//! The detector also finds faces in drawings, statues, animals and cars, and their embeddings are
//! all close together. A linear classifier on the embedding, its norm and the detector's confidence
//! tells them from faces; `models/README.md` explains how it was fitted.

use std::sync::LazyLock;

use serde::Deserialize;

use super::Embedding;
use super::sface::NUMBERS;

const FILE: &str = include_str!("../models/face_gate.json");

static GATE: LazyLock<Option<Gate>> = LazyLock::new(|| serde_json::from_str(FILE).ok());

/// The classifier, written by `benches/gate.py`.
#[derive(Deserialize)]
struct Gate {
    /// Weights of the embedding's components.
    embedding: Vec<f32>,
    /// Weight of the embedding's norm.
    norm: f32,
    confidence: f32,
    bias: f32,
    /// Detections that score lower are dropped.
    no_face_below: f32,
    /// Detections that score lower are kept with a warning.
    doubtful_below: f32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Likeness {
    Face,
    /// Possibly a drawing, a statue or an animal.
    Doubtful,
    None,
}

/// Classifies a face by its embedding and the detector's confidence.
pub fn judge(embedding: &Embedding, confidence: f32) -> Likeness {
    // Fails closed if the file is broken, which a test rules out.
    let Some(gate) = GATE.as_ref() else { return Likeness::None };
    match gate.sum(embedding, confidence) {
        sum if sum >= gate.doubtful_below => Likeness::Face,
        sum if sum >= gate.no_face_below => Likeness::Doubtful,
        // Including NaN.
        _ => Likeness::None,
    }
}

impl Gate {
    fn sum(&self, embedding: &Embedding, confidence: f32) -> f32 {
        debug_assert_eq!(self.embedding.len(), NUMBERS);
        let products = self.embedding.iter().zip(&embedding.raw).map(|(weight, v)| weight * v);
        let rest = self.norm * embedding.norm() + self.confidence * confidence;
        products.sum::<f32>() + rest + self.bias
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that fails may panic")]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_classifier_is_complete() {
        let gate: Gate = serde_json::from_str(FILE).unwrap();
        assert_eq!(gate.embedding.len(), NUMBERS);
        assert!(gate.no_face_below < gate.doubtful_below);
        assert!(gate.confidence > 0.0 && gate.norm > 0.0);
    }

    #[test]
    fn confidence_alone_is_not_a_face() {
        let nothing = Embedding { raw: [0.0; NUMBERS] };
        assert_eq!(judge(&nothing, 0.6), Likeness::None);
        assert_ne!(judge(&nothing, 0.99), Likeness::Face);
        assert_eq!(judge(&Embedding { raw: [f32::NAN; NUMBERS] }, 0.9), Likeness::None);
    }
}
