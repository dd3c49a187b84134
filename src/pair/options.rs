//! How a pair is judged: the options of `match`, and of every row of a `batch`.

use clap::Args;

use crate::prepare::PrepareOptions;
use crate::values::ids::RequestTag;
use crate::verdict::{Strictness, Threshold};

/// How a pair is judged. The comments are help texts, shown as they are.
#[derive(Args, Clone, Debug)]
pub struct PairOptions {
    /// What is sent with the photos.
    #[command(flatten)]
    pub sent: SentOptions,

    /// Report an Approved below SCORE as In Review (exit 3)
    #[arg(long, value_name = "SCORE", allow_negative_numbers = true)]
    pub review_below: Option<Threshold>,

    /// Report an Approved as In Review (exit 3) unless each photo shows exactly one face
    #[arg(long)]
    pub one_face: bool,

    /// Report an Approved as In Review (exit 3) unless both faces look at least 12 years old
    #[arg(long)]
    pub review_young: bool,

    /// Report an Approved as In Review (exit 3) if both photos are the same picture
    #[arg(long)]
    pub different_photos: bool,

    /// How the photos are prepared.
    #[command(flatten)]
    pub prepare: PrepareOptions,

    /// Compare with the built-in engine on this machine; nothing is sent
    #[arg(long)]
    pub local: bool,

    /// Print what would be sent, but send nothing
    #[arg(long)]
    pub dry_run: bool,
}

impl PairOptions {
    /// What is probably meant otherwise: scores are 0 to 100, so a threshold of 0.6 approves everybody.
    pub fn fractions(&self) -> impl Iterator<Item = String> {
        let limits =
            [("--threshold", Some(self.sent.threshold)), ("--review-below", self.review_below)];
        limits.into_iter().filter_map(|(name, limit)| {
            let limit = limit.filter(|limit| limit.is_fraction())?;
            Some(format!("{name} {limit} is out of 100: scores are 0 to 100, not 0 to 1"))
        })
    }

    /// How much stricter to be than the judge.
    pub fn strictness(&self) -> Strictness {
        Strictness {
            review_below: self.review_below,
            one_face: self.one_face,
            review_young: self.review_young,
            different_photos: self.different_photos,
        }
    }
}

/// What is sent with the photos.
#[derive(Args, Clone, Debug)]
pub struct SentOptions {
    /// Decline below SCORE, 0 to 100, decimals allowed
    #[arg(short, long, value_name = "SCORE", default_value_t, allow_negative_numbers = true)]
    pub threshold: Threshold,

    /// Also try both photos rotated by 90, 180 and 270 degrees
    #[arg(short, long)]
    pub rotate: bool,

    /// Ask the service to store nothing; the request can't be looked up later
    #[arg(long)]
    pub no_save: bool,

    /// Your own identifier, returned in the answer
    #[arg(long, value_name = "ID", value_parser = trimmed)]
    pub vendor_data: Option<String>,

    /// JSON object, returned in the answer
    #[arg(long, value_name = "JSON", value_parser = json_object)]
    pub metadata: Option<String>,

    /// Don't add didit_face_request, which ties the answer to the request, to the metadata
    #[arg(long)]
    pub no_tag: bool,
}

/// As the service does.
#[expect(clippy::unnecessary_wraps, reason = "clap wants a result")]
fn trimmed(text: &str) -> Result<String, String> {
    Ok(text.trim().to_owned())
}

fn json_object(text: &str) -> Result<String, String> {
    let object = crate::values::json::Object::parse(text)
        .map_err(|e| format!("must be a JSON object{e}"))?;
    match object.get(RequestTag::KEY) {
        Some(_) => Err(format!("must not have `{}`, which is added to it", RequestTag::KEY)),
        None => Ok(text.to_owned()),
    }
}
