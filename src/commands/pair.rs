//! What `match` and `batch` share before a pair is judged.

use crate::api::FaceMatch;
use crate::cli::options::{PairOptions, SentOptions};
use crate::photo::Photo;
use crate::prepare::Remark;
use crate::render::Console;
use crate::values::tag::RequestTag;

/// Said before a credit is spent.
pub(super) const SAME_FILE: &str =
    "both photos are the same picture (the same file), so a match would prove nothing";

pub(super) fn request(user: Photo, reference: Photo, options: &SentOptions) -> FaceMatch {
    FaceMatch {
        user_image: user,
        ref_image: reference,
        threshold: options.threshold,
        rotate: options.rotate,
        save: !options.no_save,
        vendor_data: options.vendor_data.clone().filter(|data| !data.is_empty()),
        metadata: options.metadata.clone(),
        tag: (!options.no_tag).then(RequestTag::random),
    }
}

/// Scores are 0 to 100: a threshold of 0.6 approves everybody.
pub(super) fn warn_of_fractions(options: &PairOptions, console: &Console) {
    let limits =
        [("--threshold", Some(options.sent.threshold)), ("--review-below", options.review_below)];
    for (name, limit) in limits {
        if let Some(limit) = limit.filter(|limit| limit.is_fraction()) {
            console.warn(&format!("{name} {limit} is out of 100: scores are 0 to 100, not 0 to 1"));
        }
    }
}

pub(super) fn tell(remark: &Remark, console: &Console) {
    match remark {
        Remark::Note(text) => console.note(text),
        Remark::Warning(text) => console.warn(text),
    }
}
