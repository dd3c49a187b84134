//! What `match` and `batch` do alike: a pair made ready to be sent, and its answer judged.

use crate::api::FaceMatch;
use crate::error::Result;
use crate::options::PairOptions;
use crate::photo::Photo;
use crate::verdict::Verdict;

/// The request to compare two photos.
pub(super) fn request(user: Photo, reference: Photo, options: &PairOptions) -> FaceMatch {
    FaceMatch {
        user_image: user,
        ref_image: reference,
        threshold: options.threshold,
        rotate: options.rotate,
        save: !options.no_save,
        vendor_data: options.vendor_data.clone(),
        metadata: options.metadata.clone(),
    }
}

/// The verdict of an answer: of a `200`, or of the built-in engine.
pub(super) fn judge(body: &[u8], options: &PairOptions) -> Result<Verdict> {
    let verdict = Verdict::read(body, options.threshold);
    // Only a 200 comes here, and every 200 costs a credit.
    Ok(verdict.map_err(|e| {
        if options.local {
            e
        } else {
            e.http_status(200)
                .maybe_billed()
                .hint("there is no verdict, but every answer with HTTP 200 costs a credit")
        }
    })?)
}

/// The verdict as `--review-below` reports it.
pub(super) fn hold_back(verdict: Verdict, options: &PairOptions) -> Verdict {
    match options.review_below {
        Some(limit) => verdict.review_below(limit),
        None => verdict,
    }
}
