//! How far two embeddings are apart, and what that means out of 100.

use rust_decimal::Decimal;

use crate::verdict::Score;

/// Distance and score, falling linearly from each to the next.
///
/// 30, the default threshold, sits at 0.6, the distance that dlib documents as the limit of
/// one person; the service's bands keep their meaning (90 and more: at most 0.42).
const SCALE: [(f64, f64); 8] = [
    (0.00, 100.0),
    (0.30, 97.0),
    (0.42, 90.0),
    (0.50, 70.0),
    (0.55, 50.0),
    (0.60, 30.0),
    (0.72, 10.0),
    (1.10, 0.0),
];

/// The Euclidean distance of two embeddings.
pub fn distance(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(x, y)| (x - y) * (x - y)).sum::<f32>().sqrt()
}

/// The score of a distance: two decimals, the rest cut off, since rounding could lift a
/// score over a threshold.
pub fn score(distance: f32) -> Option<Score> {
    let hundredths = (100.0 * score_exact(f64::from(distance))).floor();
    Score::new(Decimal::new(hundredths as i64, 2))
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

    fn text(distance: f32) -> String {
        score(distance).unwrap().to_string()
    }

    #[test]
    fn the_scale_meets_its_points() {
        for (distance, score) in SCALE {
            assert!((score_exact(distance) - score).abs() < 1e-9, "{distance}");
        }
        assert_eq!(text(0.0), "100");
        assert_eq!(text(1.10), "0");
        assert_eq!(text(9.0), "0");
    }

    #[test]
    fn the_score_falls_and_never_jumps() {
        let scores: Vec<f64> = (0..=1500).map(|d| score_exact(f64::from(d) / 1000.0)).collect();
        for pair in scores.windows(2) {
            assert!(pair[0] >= pair[1] && pair[0] - pair[1] < 0.5, "{pair:?}");
        }
    }

    #[test]
    fn decimals_are_cut_off_not_rounded() {
        // 29.9999 in full: no Approved at the threshold 30.
        assert_eq!(text(0.600_000_6), "29.99");
        assert_eq!(text(0.676_301_4), "17.28");
    }

    #[test]
    fn a_distance_that_is_no_number_has_no_high_score() {
        assert_eq!(text(f32::NAN), "0");
    }

    #[test]
    fn distances_are_euclidean() {
        assert!((distance(&[0.0, 3.0], &[4.0, 0.0]) - 5.0).abs() < 1e-6);
    }
}
