//! Turns the distance between two embeddings into a score out of 100.

/// Distances and their scores, with linear interpolation in between.
///
/// From 30 up, every 20 points reduce false accepts tenfold: 1 in 1,000 at 30, 1 in 10,000 at 50,
/// 1 in 100,000 at 70, 1 in a million at 90. Measured on Labeled Faces in the Wild; see
/// `docs/engine.md`.
const SCALE: [(f64, f64); 8] = [
    (0.000, 100.0),
    (0.600, 97.0),
    (0.850, 90.0),
    (1.032, 70.0),
    (1.073, 50.0),
    (1.125, 30.0),
    (1.200, 10.0),
    (1.450, 0.0),
];

/// The score for a distance, 0 to 100, in hundredths. Truncated, since rounding could lift it over
/// a threshold.
pub fn hundredths(distance: f32) -> u16 {
    (100.0 * score_exact(f64::from(distance))).floor() as u16
}

fn score_exact(distance: f64) -> f64 {
    for pair in SCALE.windows(2) {
        let ((near, high), (far, low)) = (pair[0], pair[1]);
        if distance <= far {
            return high + (distance - near) / (far - near) * (low - high);
        }
    }
    0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_match_the_points_of_the_scale() {
        for (distance, score) in SCALE {
            assert!((score_exact(distance) - score).abs() < 1e-9, "{distance}");
        }
        assert_eq!(hundredths(0.0), 10_000);
        assert_eq!(hundredths(1.45), 0);
        assert_eq!(hundredths(9.0), 0);
        assert_eq!(hundredths(f32::NAN), 0);
    }

    #[test]
    fn the_score_decreases_without_jumps() {
        let scores: Vec<f64> = (0..=2000).map(|d| score_exact(f64::from(d) / 1000.0)).collect();
        for pair in scores.windows(2) {
            assert!(pair[0] >= pair[1] && pair[0] - pair[1] < 0.5, "{pair:?}");
        }
    }

    #[test]
    fn scores_are_truncated_not_rounded() {
        // 29.9999: not Approved at a threshold of 30.
        assert_eq!(hundredths(1.125_000_6), 2_999);
        assert_eq!(hundredths(1.15), 2_333);
    }
}
