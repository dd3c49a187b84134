//! How many scores are in each part of 0 to 100.

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 100")]
#[allow(clippy::cast_precision_loss, reason = "a few parts")]
pub fn histogram<const PARTS: usize>(scores: impl IntoIterator<Item = f32>) -> [u64; PARTS] {
    let mut parts = [0; PARTS];
    for score in scores {
        parts[((score * PARTS as f32 / 100.0) as usize).min(PARTS - 1)] += 1;
    }
    parts
}

/// A character for each ten points.
pub(super) fn sparks(scores: &[f32]) -> String {
    let parts: [u64; 10] = histogram(scores.iter().copied());
    let most = parts.iter().copied().max().unwrap_or(0).max(1);
    let spark = |n: u64| {
        let height = usize::try_from((n * 7).div_ceil(most)).unwrap_or(0);
        "▁▂▃▄▅▆▇█".chars().nth(height).unwrap_or('█')
    };
    parts.into_iter().map(spark).collect()
}
